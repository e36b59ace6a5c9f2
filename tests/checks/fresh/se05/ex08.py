"""Exercise 8: 30 answers from the exercise text."""

from tests.checks.fresh import edit

BASE = """
import torch.nn.functional as F

class Up(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.up = nn.ConvTranspose2d(in_channels, in_channels // 2, kernel_size=2, stride=2)
        self.conv = DoubleConv(in_channels, out_channels)

    def forward(self, x1, x2):
        x1 = self.up(x1)
        dy = x2.size(2) - x1.size(2)
        dx = x2.size(3) - x1.size(3)
        x1 = F.pad(x1, [dx // 2, dx - dx // 2, dy // 2, dy - dy // 2])
        x = torch.cat([x2, x1], dim=1)
        return self.conv(x)
"""
PAD = "F.pad(x1, [dx // 2, dx - dx // 2, dy // 2, dy - dy // 2])"
CAT = "torch.cat([x2, x1], dim=1)"
UP = "nn.ConvTranspose2d(in_channels, in_channels // 2, kernel_size=2, stride=2)"

RIGHT = [
    ("centred", BASE),
    ("upsampled_half_first", edit(BASE, (CAT, "torch.cat((x1, x2), 1)"))),
    ("right_and_bottom", edit(BASE, (PAD, "F.pad(x1, (0, dx, 0, dy))"))),
    ("left_and_top", edit(BASE, (PAD, "nn.functional.pad(x1, (dx, 0, dy, 0))"))),
    (
        "only_if_needed",
        edit(
            BASE,
            (
                "x1 = " + PAD,
                f'if x1.shape[-2:] != x2.shape[-2:]:\n            x1 = {PAD[:-1]}, mode="constant", value=0)',
            ),
        ),
    ),
    ("zero_pad_module", edit(BASE, (PAD, "nn.ZeroPad2d((0, dx, 0, dy))(x1)"))),
    (
        "canvas_of_zeros",
        edit(
            BASE,
            (
                "x1 = " + PAD,
                "canvas = x1.new_zeros(x1.shape[0], x1.shape[1], *x2.shape[-2:])\n"
                "        canvas[:, :, : x1.shape[2], : x1.shape[3]] = x1\n        x1 = canvas",
            ),
        ),
    ),
    ("hstack", edit(BASE, (CAT, "torch.hstack((x2, x1))"))),
    ("no_bias", edit(BASE, ("stride=2)", "stride=2, bias=False)"))),
    (
        "sequential_conv_inlined",
        edit(
            BASE,
            (
                "DoubleConv(in_channels, out_channels)",
                """nn.Sequential(
            nn.Conv2d(in_channels, out_channels, 3, padding=1), nn.BatchNorm2d(out_channels), nn.ReLU(inplace=True),
            nn.Conv2d(out_channels, out_channels, 3, padding=1), nn.BatchNorm2d(out_channels), nn.ReLU(inplace=True))""",
            ),
        ),
    ),
    (
        "helper_for_padding",
        edit(
            BASE,
            (
                "    def forward",
                "    @staticmethod\n    def pad_to(x, size):\n"
                "        gaps = [b - a for a, b in zip(x.shape[-2:], size)]\n"
                "        return F.pad(x, (0, gaps[1], 0, gaps[0]))\n\n    def forward",
            ),
            ("x1 = " + PAD, "x1 = self.pad_to(x1, x2.shape[-2:])"),
        ),
    ),
]
WRONG = [
    # First labelled right, for it fills up with zeros where one row or column is missing, as in the U-Net. But the text
    # asks for the skip's size whatever the difference, and a transposed convolution refuses larger ones.
    (
        "output_size_without_bias",
        edit(BASE, ("stride=2)", "stride=2, bias=False)"), ("self.up(x1)", "self.up(x1, output_size=x2.shape[-2:])")),
    ),
    ("skip_cropped", edit(BASE, ("x1 = " + PAD, "x2 = x2[:, :, : x1.size(2), : x1.size(3)]"))),
    ("interpolated", edit(BASE, (PAD, 'F.interpolate(x1, size=x2.shape[-2:], mode="bilinear")'))),
    ("nearest_after_up", edit(BASE, (PAD, "F.interpolate(x1, size=x2.shape[-2:])"))),
    ("border_repeated", edit(BASE, (PAD, PAD[:-1] + ', mode="replicate")'))),
    ("padded_with_ones", edit(BASE, (PAD, PAD[:-1] + ", value=1.0)"))),
    ("no_padding", edit(BASE, ("        x1 = " + PAD + "\n", ""))),
    ("axes_swapped", edit(BASE, (PAD, "F.pad(x1, [dy // 2, dy - dy // 2, dx // 2, dx - dx // 2])"))),
    ("only_the_height", edit(BASE, (PAD, "F.pad(x1, [0, 0, 0, dy])"))),
    ("half_on_each_side", edit(BASE, (PAD, "F.pad(x1, [dx // 2, dx // 2, dy // 2, dy // 2])"))),
    ("always_one", edit(BASE, (PAD, "F.pad(x1, [0, 1, 0, 1])"))),
    ("skip_not_used", edit(BASE, (CAT, "torch.cat([x1, x1], dim=1)"))),
    ("skip_times_zero", edit(BASE, (CAT, "torch.cat([x2 * 0, x1], dim=1)"))),
    ("below_not_used", edit(BASE, (CAT, "torch.cat([x2, x2], dim=1)"))),
    ("added", edit(BASE, (CAT, "x2 + x1"), ("DoubleConv(in_channels,", "DoubleConv(in_channels // 2,"))),
    ("added_twice", edit(BASE, (CAT, "torch.cat([x1 + x2, x1 + x2], dim=1)"))),
    (
        "bilinear_upsampling",
        edit(
            BASE,
            (
                UP,
                'nn.Sequential(nn.Upsample(scale_factor=2, mode="bilinear"), nn.Conv2d(in_channels, in_channels // 2, 1))',
            ),
        ),
    ),
    (
        "nearest_then_conv",
        edit(
            BASE,
            (UP, "nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(in_channels, in_channels // 2, 3, padding=1))"),
        ),
    ),
    (
        "all_channels_up",
        edit(
            BASE,
            ("in_channels // 2,", "in_channels,"),
            ("DoubleConv(in_channels,", "DoubleConv(in_channels + in_channels // 2,"),
        ),
    ),
    ("kernel_4", edit(BASE, ("kernel_size=2, stride=2", "kernel_size=4, stride=2, padding=1"))),
    ("kernel_3", edit(BASE, ("kernel_size=2, stride=2", "kernel_size=3, stride=2, padding=1, output_padding=1"))),
    ("arguments_swapped", edit(BASE, ("def forward(self, x1, x2)", "def forward(self, x2, x1)"))),
    (
        "single_convolution",
        edit(
            BASE,
            (
                "DoubleConv(in_channels, out_channels)",
                "nn.Sequential(nn.Conv2d(in_channels, out_channels, 3, padding=1), nn.BatchNorm2d(out_channels), nn.ReLU())",
            ),
        ),
    ),
    ("skip_detached", edit(BASE, ("[x2, x1]", "[x2.detach(), x1]"))),
    ("below_detached", edit(BASE, ("self.up(x1)", "self.up(x1).detach()"))),
    ("relu_after_up", edit(BASE, ("self.up(x1)", "F.relu(self.up(x1))"))),
    ("without_convolution", edit(BASE, ("return self.conv(x)", "return x[:, : self.conv(x).shape[1]]"))),
    ("joined_on_the_batch", edit(BASE, ("dim=1", "dim=0"))),
]
ANSWERS = [(n, c, True) for n, c in RIGHT] + [(n, c, False) for n, c in WRONG]
