"""Exercise 6: 30 answers from the exercise text."""

from tests.checks.fresh import edit

BASE = """
class DoubleConv(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, kernel_size=3, padding=1)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, kernel_size=3, padding=1)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x):
        x = self.relu(self.bn1(self.conv1(x)))
        x = self.relu(self.bn2(self.conv2(x)))
        return x
"""
SEQUENTIAL = """
class DoubleConv(nn.Module):
    def __init__(self, in_channels: int, out_channels: int):
        super(DoubleConv, self).__init__()
        self.double_conv = nn.Sequential(
            nn.Conv2d(in_channels, out_channels, 3, padding=1),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(inplace=True),
            nn.Conv2d(out_channels, out_channels, 3, padding=1),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(inplace=True),
        )

    def forward(self, x):
        return self.double_conv(x)
"""
SUBCLASS = """
class DoubleConv(nn.Sequential):
    def __init__(self, in_channels, out_channels):
        def step(i, o):
            return [nn.Conv2d(i, o, 3, 1, 1, bias=False), nn.BatchNorm2d(o), nn.ReLU()]
        super().__init__(*step(in_channels, out_channels), *step(out_channels, out_channels))
"""
LOOP = """
class DoubleConv(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.convs, self.norms = nn.ModuleList(), nn.ModuleList()
        for c in (in_channels, out_channels):
            self.convs.append(nn.Conv2d(c, out_channels, 3, padding="same"))
            self.norms.append(nn.BatchNorm2d(out_channels))

    def forward(self, x):
        for conv, norm in zip(self.convs, self.norms):
            x = F.relu(norm(conv(x)))
        return x
"""
BLOCKS = """
class ConvBlock(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.add_module("c", nn.Conv2d(i, o, (3, 3), stride=1, padding=(1, 1)))
        self.add_module("n", nn.BatchNorm2d(o))
    def forward(self, x):
        return torch.relu(self.n(self.c(x)))

class DoubleConv(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.first = ConvBlock(in_channels, out_channels)
        self.second = ConvBlock(out_channels, out_channels)
    def forward(self, x):
        return self.second(self.first(x))
"""
FIRST = "x = self.relu(self.bn1(self.conv1(x)))"
SECOND = "x = self.relu(self.bn2(self.conv2(x)))"

RIGHT = [
    ("attributes", BASE),
    ("sequential", SEQUENTIAL),
    ("subclass_of_sequential", SUBCLASS),
    ("module_lists", LOOP),
    ("two_blocks", BLOCKS),
    ("no_bias", edit(BASE, ("padding=1)", "padding=1, bias=False)"))),
    ("functional_relu", edit(BASE, ("self.relu(", "F.relu("), ("        self.relu = nn.ReLU(inplace=True)\n", ""))),
    ("clamp_method", edit(BASE, (SECOND, "x = self.bn2(self.conv2(x)).clamp(min=0)"))),
    (
        "one_expression",
        edit(
            BASE,
            (
                f"        {FIRST}\n        {SECOND}\n        return x",
                "        return self.relu(self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x))))))",
            ),
        ),
    ),
    (
        "kaiming",
        edit(
            SEQUENTIAL,
            (
                "    def forward",
                """
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, nonlinearity="relu")

    def forward""",
            ),
        ),
    ),
    (
        "padded_by_hand",
        edit(
            BASE,
            ("kernel_size=3, padding=1", "kernel_size=3"),
            ("self.conv1(x)", "self.conv1(F.pad(x, (1, 1, 1, 1)))"),
            ("self.conv2(x)", "self.conv2(F.pad(x, (1, 1, 1, 1)))"),
        ),
    ),
    ("unpacked_list", edit(SEQUENTIAL, ("nn.Sequential(\n", "nn.Sequential(*[\n"), ("        )\n", "        ])\n"))),
]
WRONG = [
    ("one_convolution", edit(BASE, (f"        {SECOND}\n", ""))),
    ("no_norm", edit(BASE, ("self.bn1(self.conv1(x))", "self.conv1(x)"), ("self.bn2(self.conv2(x))", "self.conv2(x)"))),
    ("second_norm_forgotten", edit(BASE, ("self.bn2(self.conv2(x))", "self.conv2(x)"))),
    ("first_norm_twice", edit(BASE, ("self.bn2(self.conv2(x))", "self.bn1(self.conv2(x))"))),
    (
        "relu_before_norm",
        edit(
            BASE,
            ("self.relu(self.bn1(self.conv1(x)))", "self.bn1(self.relu(self.conv1(x)))"),
            ("self.relu(self.bn2(self.conv2(x)))", "self.bn2(self.relu(self.conv2(x)))"),
        ),
    ),
    ("no_last_relu", edit(BASE, (SECOND, "x = self.bn2(self.conv2(x))"))),
    ("no_relu_between", edit(BASE, (FIRST, "x = self.bn1(self.conv1(x))"))),
    ("leaky", edit(BASE, ("nn.ReLU(inplace=True)", "nn.LeakyReLU(0.01, inplace=True)"))),
    ("gelu", edit(BASE, ("nn.ReLU(inplace=True)", "nn.GELU()"))),
    ("relu6", edit(BASE, ("nn.ReLU(inplace=True)", "nn.ReLU6(inplace=True)"))),
    ("no_padding", edit(BASE, (", padding=1", ""))),
    ("kernel_5", edit(BASE, ("kernel_size=3, padding=1", "kernel_size=5, padding=2"))),
    ("kernel_1", edit(BASE, ("kernel_size=3, padding=1", "kernel_size=1"))),
    ("dilated", edit(BASE, ("kernel_size=3, padding=1", "kernel_size=3, padding=2, dilation=2"))),
    (
        "second_reads_input",
        edit(
            BASE,
            (FIRST, "y = self.relu(self.bn1(self.conv1(x)))"),
            ("self.conv2 = nn.Conv2d(out_channels,", "self.conv2 = nn.Conv2d(in_channels,"),
        ),
    ),
    ("residual", edit(BASE, (FIRST, FIRST + "\n        skip = x"), ("return x", "return x + skip"))),
    (
        "stride_2",
        edit(
            BASE,
            (
                "self.conv2 = nn.Conv2d(out_channels, out_channels, kernel_size=3",
                "self.conv2 = nn.Conv2d(out_channels, out_channels, kernel_size=3, stride=2",
            ),
        ),
    ),
    ("instance_norm", edit(BASE, ("nn.BatchNorm2d", "nn.InstanceNorm2d"))),
    ("group_norm", edit(BASE, ("nn.BatchNorm2d(out_channels)", "nn.GroupNorm(1, out_channels)"))),
    ("nothing_returned", edit(BASE, ("        return x\n", ""))),
    (
        "sixty_four",
        edit(
            BASE,
            ("out_channels, kernel_size", "64, kernel_size"),
            ("Conv2d(out_channels", "Conv2d(64"),
            ("BatchNorm2d(out_channels)", "BatchNorm2d(64)"),
        ),
    ),
    ("no_super", edit(BASE, ("        super().__init__()\n", ""))),
    ("dropout_too", edit(BASE, ("return x", "return F.dropout(x, 0.2, self.training)"))),
    (
        "made_in_forward",
        edit(
            BASE,
            (
                SECOND,
                "conv = nn.Conv2d(x.shape[1], x.shape[1], 3, padding=1)\n        x = self.relu(self.bn2(conv(x)))",
            ),
        ),
    ),
    ("detached_between", edit(BASE, (FIRST, FIRST + ".detach()"))),
    ("third_convolution", edit(BASE, ("return x", "return self.relu(self.bn2(self.conv2(x)))"))),
]
ANSWERS = [(n, c, True) for n, c in RIGHT] + [(n, c, False) for n, c in WRONG]
