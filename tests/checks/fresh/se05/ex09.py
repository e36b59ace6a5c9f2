"""Exercise 9: 30 answers from the exercise text."""

from tests.checks.fresh import edit

BASE = """
class UNet(nn.Module):
    def __init__(self, in_channels=3, out_channels=1):
        super().__init__()
        self.inc = DoubleConv(in_channels, 64)
        self.down1 = Down(64, 128)
        self.down2 = Down(128, 256)
        self.down3 = Down(256, 512)
        self.down4 = Down(512, 1024)
        self.up1 = Up(1024, 512)
        self.up2 = Up(512, 256)
        self.up3 = Up(256, 128)
        self.up4 = Up(128, 64)
        self.outc = nn.Conv2d(64, out_channels, kernel_size=1)

    def forward(self, x):
        x1 = self.inc(x)
        x2 = self.down1(x1)
        x3 = self.down2(x2)
        x4 = self.down3(x3)
        x5 = self.down4(x4)
        x = self.up1(x5, x4)
        x = self.up2(x, x3)
        x = self.up3(x, x2)
        x = self.up4(x, x1)
        return torch.sigmoid(self.outc(x))
"""
LOOP = """
class UNet(nn.Module):
    WIDTHS = (64, 128, 256, 512, 1024)

    def __init__(self, in_channels=3, out_channels=1):
        super().__init__()
        w = self.WIDTHS
        self.stem = DoubleConv(in_channels, w[0])
        self.downs = nn.ModuleList([Down(a, b) for a, b in zip(w, w[1:])])
        self.ups = nn.ModuleList([Up(b, a) for a, b in reversed(list(zip(w, w[1:])))])
        self.head = nn.Sequential(nn.Conv2d(w[0], out_channels, 1), nn.Sigmoid())

    def forward(self, x):
        skips = [self.stem(x)]
        for down in self.downs:
            skips.append(down(skips[-1]))
        x = skips.pop()
        for up in self.ups:
            x = up(x, skips.pop())
        return self.head(x)
"""
SCRATCH = """
def double(i, o):
    return nn.Sequential(nn.Conv2d(i, o, 3, padding=1), nn.BatchNorm2d(o), nn.ReLU(),
                         nn.Conv2d(o, o, 3, padding=1), nn.BatchNorm2d(o), nn.ReLU())

class UNet(nn.Module):
    def __init__(self, in_channels=3, out_channels=1):
        super().__init__()
        c = [in_channels, 64, 128, 256, 512, 1024]
        self.enc = nn.ModuleList(double(c[i], c[i + 1]) for i in range(5))
        self.tr = nn.ModuleList(nn.ConvTranspose2d(c[i + 1], c[i], 2, stride=2) for i in range(4, 0, -1))
        self.dec = nn.ModuleList(double(c[i + 1], c[i]) for i in range(4, 0, -1))
        self.out = nn.Conv2d(64, out_channels, 1)

    def forward(self, x):
        kept = []
        for i, block in enumerate(self.enc):
            x = block(x if i == 0 else F.max_pool2d(x, 2))
            kept.append(x)
        for tr, dec, skip in zip(self.tr, self.dec, reversed(kept[:-1])):
            x = tr(x)
            x = F.pad(x, (0, skip.shape[3] - x.shape[3], 0, skip.shape[2] - x.shape[2]))
            x = dec(torch.cat((x, skip), 1))
        return self.out(x).sigmoid()
"""
RECURSIVE = """
class Level(nn.Module):
    def __init__(self, width, deepest):
        super().__init__()
        self.down = Down(width, 2 * width)
        self.inner = Level(2 * width, deepest) if 2 * width < deepest else nn.Identity()
        self.up = Up(2 * width, width)

    def forward(self, x):
        return self.up(self.inner(self.down(x)), x)

class UNet(nn.Module):
    def __init__(self, in_channels=3, out_channels=1):
        super().__init__()
        self.net = nn.Sequential(DoubleConv(in_channels, 64), Level(64, 1024), nn.Conv2d(64, out_channels, 1), nn.Sigmoid())

    def forward(self, x):
        return self.net(x)
"""
METHODS = edit(
    BASE,
    (
        """    def forward(self, x):
        x1 = self.inc(x)
""",
        """    def forward(self, x):
        return self.decode(*self.encode(x))

    def encode(self, x):
        x1 = self.inc(x)
""",
    ),
    (
        """        x = self.up1(x5, x4)
""",
        """        return x1, x2, x3, x4, x5

    def decode(self, x1, x2, x3, x4, x5):
        x = self.up1(x5, x4)
""",
    ),
)
SIGMOID = "torch.sigmoid(self.outc(x))"

RIGHT = [
    ("attributes", BASE),
    ("lists_and_loops", LOOP),
    ("from_scratch", SCRATCH),
    ("recursive", RECURSIVE),
    ("encode_decode_methods", METHODS),
    (
        "sigmoid_module",
        edit(
            BASE,
            ("kernel_size=1)", "kernel_size=1)\n        self.act = nn.Sigmoid()"),
            (SIGMOID, "self.act(self.outc(x))"),
        ),
    ),
    ("sigmoid_by_formula", edit(BASE, (SIGMOID, "1 / (1 + torch.exp(-self.outc(x)))"))),
    (
        "functional_sigmoid_other_names",
        edit(BASE, (SIGMOID, "F.sigmoid(self.outc(x))"), ("self.outc", "self.final_conv")),
    ),
    ("expit", edit(BASE, (SIGMOID, "torch.special.expit(self.outc(x))"))),
    (
        "nested_calls",
        edit(
            BASE,
            (
                """        x = self.up1(x5, x4)
        x = self.up2(x, x3)
        x = self.up3(x, x2)
        x = self.up4(x, x1)
""",
                "        x = self.up4(self.up3(self.up2(self.up1(x5, x4), x3), x2), x1)\n",
            ),
        ),
    ),
    (
        "old_super_extra_attribute",
        edit(BASE, ("super().__init__()", "super(UNet, self).__init__()\n        self.n_classes = out_channels")),
    ),
    (
        "kaiming",
        edit(
            BASE,
            (
                "    def forward",
                "        for m in self.modules():\n            if isinstance(m, nn.Conv2d):\n"
                '                nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")\n\n    def forward',
            ),
        ),
    ),
]
WRONG = [
    ("no_sigmoid", edit(BASE, (SIGMOID, "self.outc(x)"))),
    ("sigmoid_twice", edit(BASE, (SIGMOID, "torch.sigmoid(torch.sigmoid(self.outc(x)))"))),
    ("softmax_of_one_channel", edit(BASE, (SIGMOID, "torch.softmax(self.outc(x), dim=1)"))),
    ("tanh", edit(BASE, (SIGMOID, "torch.tanh(self.outc(x))"))),
    ("clamped_instead", edit(BASE, (SIGMOID, "self.outc(x).clamp(0, 1)"))),
    ("rounded", edit(BASE, (SIGMOID, "(torch.sigmoid(self.outc(x)) > 0.5).float()"))),
    ("half_the_widths", edit(LOOP, ("(64, 128, 256, 512, 1024)", "(32, 64, 128, 256, 512)"))),
    ("three_levels", edit(LOOP, ("(64, 128, 256, 512, 1024)", "(64, 128, 256, 512)"))),
    ("five_levels_thin", edit(LOOP, ("(64, 128, 256, 512, 1024)", "(16, 32, 64, 128, 256, 512)"))),
    ("always_one_channel_out", edit(BASE, ("Conv2d(64, out_channels", "Conv2d(64, 1"))),
    ("always_three_channels_in", edit(BASE, ("DoubleConv(in_channels,", "DoubleConv(3,"))),
    ("top_skip_zero", edit(BASE, ("self.up4(x, x1)", "self.up4(x, torch.zeros_like(x1))"))),
    ("deep_skip_zero", edit(BASE, ("self.up1(x5, x4)", "self.up1(x5, x4 * 0)"))),
    ("skips_detached", edit(BASE, ("self.up2(x, x3)", "self.up2(x, x3.detach())"))),
    ("bottleneck_not_used", edit(BASE, ("self.up1(x5, x4)", "self.up1(torch.zeros_like(x5), x4)"))),
    ("deep_path_not_used", edit(BASE, ("self.up4(x, x1)", "self.up4(torch.zeros_like(x), x1)"))),
    (
        "skips_in_wrong_order",
        edit(BASE, ("self.up1(x5, x4)", "self.up1(x5, x1)"), ("self.up4(x, x1)", "self.up4(x, x4)")),
    ),
    ("kernel_3_head", edit(BASE, ("kernel_size=1)", "kernel_size=3, padding=1)"))),
    ("relu_before_sigmoid", edit(BASE, (SIGMOID, "torch.sigmoid(F.relu(self.outc(x)))"))),
    ("half_resolution", edit(BASE, (SIGMOID, "torch.sigmoid(F.max_pool2d(self.outc(x), 2))"))),
    (
        "cropped_to_sixteen",
        edit(
            BASE,
            (
                "x1 = self.inc(x)",
                "x = x[:, :, : x.size(2) // 16 * 16, : x.size(3) // 16 * 16]\n        x1 = self.inc(x)",
            ),
        ),
    ),
    ("without_gradients", edit(BASE, ("    def forward", "    @torch.no_grad()\n    def forward"))),
    ("two_returned", edit(BASE, ("return " + SIGMOID, "return " + SIGMOID + ", x5"))),
    ("channel_squeezed", edit(BASE, (SIGMOID, SIGMOID + ".squeeze(1)"))),
    ("head_of_the_first_level", edit(BASE, ("x = self.up4(x, x1)", "x = x1"))),
    ("nothing_but_names", edit(BASE, ("return " + SIGMOID, "return torch.sigmoid(self.outc(x1))"))),
    (
        "one_decoder_step_missing",
        edit(BASE, ("x = self.up2(x, x3)", "x = F.interpolate(x[:, :256] + x[:, 256:], size=x3.shape[-2:])")),
    ),
]
ANSWERS = [(n, c, True) for n, c in RIGHT] + [(n, c, False) for n, c in WRONG]
