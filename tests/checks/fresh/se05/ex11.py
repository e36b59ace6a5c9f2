"""Exercise 11: 30 answers from the exercise text."""

from tests.checks.fresh import edit

SMART = """
import torch.nn.functional as F
from torchvision.models import EfficientNet_B0_Weights, efficientnet_b0

class SmartUp(nn.Module):
    def __init__(self, in_channels, skip_channels, out_channels):
        super().__init__()
        self.up = nn.ConvTranspose2d(in_channels, skip_channels, kernel_size=2, stride=2)
        self.conv = DoubleConv(2 * skip_channels, out_channels)

    def forward(self, x1, x2):
        x1 = self.up(x1)
        if x1.shape[-2:] != x2.shape[-2:]:
            x1 = F.interpolate(x1, size=x2.shape[-2:], mode="bilinear", align_corners=False)
        return self.conv(torch.cat([x2, x1], dim=1))
"""
NET = """
class UNetEfficient(nn.Module):
    def __init__(self, in_channels=3, out_channels=1):
        super().__init__()
        features = efficientnet_b0(weights=EfficientNet_B0_Weights.DEFAULT).features
        self.inc = nn.Sequential(*features[0:2])
        self.down1 = features[2]
        self.down2 = features[3]
        self.down3 = features[4]
        self.down4 = nn.Sequential(*features[5:8])
        for part in (self.inc, self.down1, self.down2, self.down3, self.down4):
            for p in part.parameters():
                p.requires_grad = False
        self.center = DoubleConv(320, 512)
        self.up1 = SmartUp(512, 80, 80)
        self.up2 = SmartUp(80, 40, 40)
        self.up3 = SmartUp(40, 24, 24)
        self.up4 = SmartUp(24, 16, 16)
        self.outc = nn.Conv2d(16, out_channels, kernel_size=1)

    def forward(self, x):
        size = x.shape[-2:]
        x1 = self.inc(x)
        x2 = self.down1(x1)
        x3 = self.down2(x2)
        x4 = self.down3(x3)
        x5 = self.down4(x4)
        x = self.center(x5)
        x = self.up1(x, x4)
        x = self.up2(x, x3)
        x = self.up3(x, x2)
        x = self.up4(x, x1)
        x = self.outc(x)
        x = F.interpolate(x, size=size, mode="bilinear", align_corners=False)
        return torch.sigmoid(x)
"""
BASE = SMART + NET
LISTS = (
    SMART
    + """
class UNetEfficient(nn.Module):
    def __init__(self, in_channels=3, out_channels=1):
        super().__init__()
        f = efficientnet_b0(weights="IMAGENET1K_V1").features
        self.encoder = nn.ModuleList([f[:2], f[2], f[3], f[4], f[5:8]]).requires_grad_(False)
        self.center = DoubleConv(320, 512)
        self.decoder = nn.ModuleList([SmartUp(i, s, s) for i, s in ((512, 80), (80, 40), (40, 24), (24, 16))])
        self.outc = nn.Conv2d(16, out_channels, 1)

    def train(self, mode=True):
        super().train(mode)
        self.encoder.eval()
        return self

    def forward(self, images):
        x, skips = images, []
        for stage in self.encoder:
            x = stage(x)
            skips.append(x)
        x = self.center(skips.pop())
        for up in self.decoder:
            x = up(x, skips.pop())
        return F.interpolate(self.outc(x).sigmoid(), size=images.shape[2:], mode="bilinear")
"""
)
LOAD = "efficientnet_b0(weights=EfficientNet_B0_Weights.DEFAULT).features"
FREEZE = """        for part in (self.inc, self.down1, self.down2, self.down3, self.down4):
            for p in part.parameters():
                p.requires_grad = False
"""
RESIZE = '        x = F.interpolate(x, size=size, mode="bilinear", align_corners=False)\n'
MEET = 'F.interpolate(x1, size=x2.shape[-2:], mode="bilinear", align_corners=False)'
IF = "if x1.shape[-2:] != x2.shape[-2:]:\n            x1 = " + MEET
CAT = "torch.cat([x2, x1], dim=1)"

RIGHT = [
    ("attributes", BASE),
    ("lists_and_eval_encoder", LISTS),
    (
        "features_frozen_first",
        edit(
            BASE,
            (FREEZE, ""),
            (LOAD, LOAD + "\n        for p in features.parameters():\n            p.requires_grad_(False)"),
        ),
    ),
    ("weights_by_name", edit(BASE, ("weights=EfficientNet_B0_Weights.DEFAULT", 'weights="DEFAULT"'))),
    (
        "get_model",
        edit(
            BASE,
            (
                "efficientnet_b0(weights=EfficientNet_B0_Weights.DEFAULT)",
                'torchvision.models.get_model("efficientnet_b0", weights="DEFAULT")',
            ),
            ("import torch.nn.functional as F", "import torch.nn.functional as F\nimport torchvision"),
        ),
    ),
    (
        "sigmoid_before_resize",
        edit(BASE, ("x = self.outc(x)", "x = torch.sigmoid(self.outc(x))"), ("return torch.sigmoid(x)", "return x")),
    ),
    (
        "nearest_and_upsampled_first",
        edit(BASE, (MEET, "F.interpolate(x1, size=x2.shape[-2:])"), (CAT, "torch.cat((x1, x2), 1)")),
    ),
    ("always_interpolated", edit(BASE, (IF, "x1 = " + MEET))),
    (
        "upsample_module",
        edit(
            BASE,
            (MEET, 'nn.Upsample(size=x2.shape[-2:], mode="bilinear", align_corners=True)(x1)'),
            (RESIZE, '        x = nn.Upsample(size=tuple(size), mode="bicubic")(x)\n'),
        ),
    ),
    (
        "one_by_one_slices",
        edit(
            BASE,
            ("nn.Sequential(*features[0:2])", "nn.Sequential(features[0], features[1])"),
            ("nn.Sequential(*features[5:8])", "nn.Sequential(features[5], features[6], features[7])"),
        ),
    ),
    (
        "state_dict_loaded",
        edit(
            BASE,
            (
                LOAD,
                "efficientnet_b0(weights=None)\n"
                "        features.load_state_dict(EfficientNet_B0_Weights.IMAGENET1K_V1.get_state_dict(progress=False))\n"
                "        features = features.features",
            ),
        ),
    ),
    (
        "encode_method",
        edit(
            BASE,
            (
                """        x1 = self.inc(x)
        x2 = self.down1(x1)
        x3 = self.down2(x2)
        x4 = self.down3(x3)
        x5 = self.down4(x4)
""",
                "        x1, x2, x3, x4, x5 = self.encode(x)\n",
            ),
            (
                "    def forward(self, x):\n        size",
                """    def encode(self, x):
        maps = []
        for stage in (self.inc, self.down1, self.down2, self.down3, self.down4):
            x = stage(x)
            maps.append(x)
        return maps

    def forward(self, x):
        size""",
            ),
        ),
    ),
]
WRONG = [
    ("no_weights", edit(BASE, ("weights=EfficientNet_B0_Weights.DEFAULT", "weights=None"))),
    ("not_frozen", edit(BASE, (FREEZE, ""))),
    ("deepest_stage_not_frozen", edit(BASE, ("self.down3, self.down4):", "self.down3):"))),
    (
        "only_weights_frozen",
        edit(
            BASE,
            (
                "for p in part.parameters():\n                p.requires_grad = False",
                'for name, p in part.named_parameters():\n                p.requires_grad = "weight" not in name',
            ),
        ),
    ),
    (
        "only_convolutions_frozen",
        edit(
            BASE,
            (
                "for p in part.parameters():\n                p.requires_grad = False",
                "for m in part.modules():\n                if isinstance(m, nn.Conv2d):\n                    m.requires_grad_(False)",
            ),
        ),
    ),
    ("typing_mistake_in_freezing", edit(BASE, ("p.requires_grad = False", "p.require_grad = False"))),
    (
        "everything_frozen",
        edit(
            BASE,
            (FREEZE, ""),
            (
                "    def forward(self, x):\n        size",
                "        self.requires_grad_(False)\n\n    def forward(self, x):\n        size",
            ),
        ),
    ),
    (
        "no_grad_instead",
        edit(
            BASE,
            (FREEZE, ""),
            (
                "        x5 = self.down4(x4)\n",
                "        x5 = self.down4(x4)\n"
                "        x1, x2, x3, x4, x5 = (v.detach() for v in (x1, x2, x3, x4, x5))\n",
            ),
        ),
    ),
    (
        "initialised_again",
        edit(
            BASE,
            (
                "    def forward(self, x):\n        size",
                "        for m in self.modules():\n            if isinstance(m, nn.Conv2d):\n"
                "                nn.init.kaiming_normal_(m.weight)\n\n    def forward(self, x):\n        size",
            ),
        ),
    ),
    (
        "efficientnet_b1",
        edit(
            BASE,
            ("EfficientNet_B0_Weights, efficientnet_b0", "EfficientNet_B1_Weights, efficientnet_b1"),
            ("efficientnet_b0(weights=EfficientNet_B0_Weights.DEFAULT)", "efficientnet_b1(weights=None)"),
        ),
    ),
    ("no_sigmoid", edit(BASE, ("return torch.sigmoid(x)", "return x"))),
    ("sigmoid_twice", edit(BASE, ("return torch.sigmoid(x)", "return torch.sigmoid(torch.sigmoid(x))"))),
    ("half_size", edit(BASE, (RESIZE, ""))),
    ("always_64", edit(BASE, ("size=size", "size=(64, 64)"))),
    ("doubled_not_resized", edit(BASE, ("size=size,", "scale_factor=2,"))),
    ("one_channel_always", edit(BASE, ("Conv2d(16, out_channels", "Conv2d(16, 1"))),
    ("skip_not_used", edit(BASE, (CAT, "torch.cat([x1, x1], dim=1)"))),
    ("skip_averaged_in", edit(BASE, (CAT, "torch.cat([x1 + x2, x1 + x2], dim=1)"))),
    ("first_skip_zero", edit(BASE, ("self.up4(x, x1)", "self.up4(x, x1 * 0)"))),
    ("deep_path_zero", edit(BASE, ("self.up1(x, x4)", "self.up1(x * 0, x4)"))),
    ("center_left_out", edit(BASE, ("self.center = DoubleConv(320, 512)", "self.center = nn.Conv2d(320, 512, 1)"))),
    (
        "padded_not_interpolated",
        edit(BASE, (MEET, "F.pad(x1, (0, x2.size(3) - x1.size(3), 0, x2.size(2) - x1.size(2)))")),
    ),
    ("no_meeting_of_sizes", edit(BASE, (IF + "\n        ", ""))),
    (
        "no_transposed_convolution",
        edit(
            BASE,
            (
                "nn.ConvTranspose2d(in_channels, skip_channels, kernel_size=2, stride=2)",
                "nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(in_channels, skip_channels, 1))",
            ),
        ),
    ),
    (
        "half_the_channels_as_in_up",
        edit(
            BASE,
            ("nn.ConvTranspose2d(in_channels, skip_channels,", "nn.ConvTranspose2d(in_channels, in_channels // 2,"),
            ("DoubleConv(2 * skip_channels,", "DoubleConv(in_channels // 2 + skip_channels,"),
        ),
    ),
    (
        "single_convolution",
        edit(
            BASE,
            (
                "DoubleConv(2 * skip_channels, out_channels)",
                "nn.Sequential(nn.Conv2d(2 * skip_channels, out_channels, 3, padding=1), nn.BatchNorm2d(out_channels), nn.ReLU())",
            ),
        ),
    ),
    (
        "stages_shifted",
        edit(
            BASE,
            ("features[0:2]", "features[0:1]"),
            ("features[2]\n", "features[1:3]\n"),
            ("self.up4 = SmartUp(24, 16, 16)", "self.up4 = SmartUp(24, 32, 16)"),
        ),
    ),
    (
        "stage_6_skipped",
        edit(BASE, ("nn.Sequential(*features[5:8])", "nn.Sequential(features[5], nn.Conv2d(112, 320, 1, stride=2))")),
    ),
]
ANSWERS = [(n, c, True) for n, c in RIGHT] + [(n, c, False) for n, c in WRONG]
