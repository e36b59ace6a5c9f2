"""Exercise 7: 30 answers from the exercise text."""

from tests.checks.fresh import edit

BASE = """
class Down(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.pool = nn.MaxPool2d(2)
        self.conv = DoubleConv(in_channels, out_channels)

    def forward(self, x):
        x = self.pool(x)
        return self.conv(x)
"""
INLINE = """
class Down(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        layers = [nn.MaxPool2d((2, 2))]
        for c in (in_channels, out_channels):
            layers += [nn.Conv2d(c, out_channels, 3, padding=1), nn.BatchNorm2d(out_channels), nn.ReLU()]
        self.step = nn.Sequential(*layers)

    def forward(self, x):
        return self.step(x)
"""
INHERITS = """
class Down(DoubleConv):
    def forward(self, x):
        return super().forward(F.max_pool2d(x, 2))
"""
SUBCLASS = """
class Down(nn.Sequential):
    def __init__(self, in_channels, out_channels):
        super().__init__(nn.MaxPool2d(2), DoubleConv(in_channels, out_channels))
"""
POOL = "self.pool = nn.MaxPool2d(2)"
CONV = "self.conv = DoubleConv(in_channels, out_channels)"

RIGHT = [
    ("attributes", BASE),
    (
        "sequential",
        edit(
            BASE,
            (
                POOL + "\n        " + CONV,
                "self.maxpool_conv = nn.Sequential(nn.MaxPool2d(2), DoubleConv(in_channels, out_channels))",
            ),
            ("        x = self.pool(x)\n        return self.conv(x)", "        return self.maxpool_conv(x)"),
        ),
    ),
    ("subclass_of_sequential", SUBCLASS),
    ("inherits_double_conv", INHERITS),
    ("inlined", INLINE),
    (
        "functional",
        edit(BASE, ("self.pool(x)", "F.max_pool2d(x, kernel_size=2, stride=2)"), ("        " + POOL + "\n", "")),
    ),
    (
        "keywords",
        edit(
            BASE,
            ("nn.MaxPool2d(2)", "nn.MaxPool2d(kernel_size=2, stride=2, padding=0)"),
            ("DoubleConv(in_channels, out_channels)", "DoubleConv(in_channels=in_channels, out_channels=out_channels)"),
        ),
    ),
    ("torch_max_pool", edit(BASE, ("self.pool(x)", "torch.max_pool2d(x, 2)"))),
    (
        "maximum_of_four",
        edit(
            BASE,
            (
                "self.pool(x)",
                "x[..., : x.size(2) // 2 * 2, : x.size(3) // 2 * 2]\n"
                "        x = torch.max(torch.max(x[..., ::2, ::2], x[..., 1::2, ::2]), torch.max(x[..., ::2, 1::2], x[..., 1::2, 1::2]))",
            ),
        ),
    ),
    ("unfold_amax", edit(BASE, ("self.pool(x)", "x.unfold(2, 2, 2).unfold(3, 2, 2).amax(dim=(-2, -1))"))),
    (
        "helper_method",
        edit(
            BASE,
            (
                "    def forward(self, x):\n        x = self.pool(x)\n",
                "    def halve(self, x):\n        return self.pool(x)\n\n"
                "    def forward(self, x):\n        x = self.halve(x)\n",
            ),
        ),
    ),
    (
        "module_dict",
        edit(
            BASE,
            (
                POOL + "\n        " + CONV,
                'self.parts = nn.ModuleDict({"pool": nn.MaxPool2d(2), "conv": DoubleConv(in_channels, out_channels)})',
            ),
            ("self.pool(x)", 'self.parts["pool"](x)'),
            ("self.conv(x)", 'self.parts["conv"](x)'),
        ),
    ),
]
WRONG = [
    ("average", edit(BASE, ("MaxPool2d", "AvgPool2d"))),
    ("lp_pool", edit(BASE, ("nn.MaxPool2d(2)", "nn.LPPool2d(8, 2)"))),
    ("minimum", edit(BASE, ("self.pool(x)", "-self.pool(-x)"))),
    ("maximum_of_magnitudes", edit(BASE, ("self.pool(x)", "self.pool(x.abs())"))),
    (
        "convolution_first",
        edit(BASE, ("        x = self.pool(x)\n        return self.conv(x)", "        return self.pool(self.conv(x))")),
    ),
    ("strided_convolution", edit(BASE, ("nn.MaxPool2d(2)", "nn.Conv2d(in_channels, in_channels, 2, stride=2)"))),
    ("pool_4", edit(BASE, ("MaxPool2d(2)", "MaxPool2d(4)"))),
    ("pool_3_stride_2", edit(BASE, ("MaxPool2d(2)", "MaxPool2d(3, stride=2, padding=1)"))),
    ("stride_1", edit(BASE, ("MaxPool2d(2)", "MaxPool2d(2, stride=1)"))),
    ("one_axis", edit(BASE, ("MaxPool2d(2)", "MaxPool2d((2, 1))"))),
    ("no_pool", edit(BASE, ("        x = self.pool(x)\n", ""))),
    ("pool_twice", edit(BASE, ("x = self.pool(x)", "x = self.pool(self.pool(x))"))),
    ("every_second_pixel", edit(BASE, ("self.pool(x)", "x[:, :, ::2, ::2]"))),
    ("interpolated", edit(BASE, ("self.pool(x)", 'F.interpolate(x, scale_factor=0.5, mode="bilinear")'))),
    (
        "channels_swapped",
        edit(BASE, ("DoubleConv(in_channels, out_channels)", "DoubleConv(out_channels, in_channels)")),
    ),
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
    (
        "two_double_convs",
        edit(
            BASE,
            (
                "DoubleConv(in_channels, out_channels)",
                "nn.Sequential(DoubleConv(in_channels, out_channels), DoubleConv(out_channels, out_channels))",
            ),
        ),
    ),
    (
        "doubles_by_itself",
        edit(BASE, ("DoubleConv(in_channels, out_channels)", "DoubleConv(in_channels, 2 * in_channels)")),
    ),
    ("nothing_returned", edit(BASE, ("return self.conv(x)", "self.conv(x)"))),
    ("two_returned", edit(BASE, ("return self.conv(x)", "return self.conv(x), x"))),
    ("dropout_too", edit(BASE, ("self.conv(x)", "F.dropout(self.conv(x), 0.3, self.training)"))),
    (
        "made_in_forward",
        edit(
            BASE,
            ("        " + CONV + "\n", "        self.sizes = in_channels, out_channels\n"),
            ("self.conv(x)", "DoubleConv(*self.sizes)(x)"),
        ),
    ),
    ("detached", edit(BASE, ("self.pool(x)", "self.pool(x).detach()"))),
]
ANSWERS = [(n, c, True) for n, c in RIGHT] + [(n, c, False) for n, c in WRONG]
