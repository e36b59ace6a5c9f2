"""Exercise 9: answers from the exercise text, by a second reader."""

from tests.checks.fresh import edit

PLAIN = """
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
LISTS = """
class UNet(nn.Module):
    def __init__(self, in_channels=3, out_channels=1):
        super().__init__()
        widths = [64, 128, 256, 512, 1024]
        self.first = DoubleConv(in_channels, widths[0])
        self.downs = nn.ModuleList([Down(a, b) for a, b in zip(widths, widths[1:])])
        self.ups = nn.ModuleList([Up(b, a) for a, b in reversed(list(zip(widths, widths[1:])))])
        self.last = nn.Sequential(nn.Conv2d(widths[0], out_channels, 1), nn.Sigmoid())

    def forward(self, x):
        maps = [self.first(x)]
        for down in self.downs:
            maps.append(down(maps[-1]))
        x = maps.pop()
        for up in self.ups:
            x = up(x, maps.pop())
        return self.last(x)
"""
OUT = "torch.sigmoid(self.outc(x))"


def ended(new: str) -> str:
    """Return the plain answer with another last expression."""
    return edit(PLAIN, (OUT, new))


ANSWERS = [
    ("lists-and-a-stack", LISTS, True),
    (
        "recursive-levels",
        """
class Level(nn.Module):
    def __init__(self, width, deepest=1024):
        super().__init__()
        self.down = Down(width, 2 * width)
        self.inner = Level(2 * width, deepest) if 2 * width < deepest else nn.Identity()
        self.up = Up(2 * width, width)

    def forward(self, skip):
        return self.up(self.inner(self.down(skip)), skip)


class UNet(nn.Sequential):
    def __init__(self, in_channels=3, out_channels=1):
        super().__init__(DoubleConv(in_channels, 64), Level(64), nn.Conv2d(64, out_channels, 1), nn.Sigmoid())
""",
        True,
    ),
    (
        "accumulate-and-reduce",
        """
from functools import reduce
from itertools import accumulate, pairwise


class UNet(nn.Module):
    WIDTHS = tuple(64 << level for level in range(5))

    def __init__(self, in_channels: int = 3, out_channels: int = 1) -> None:
        super().__init__()
        pairs = list(pairwise(self.WIDTHS))
        self.encoder = nn.ModuleList([DoubleConv(in_channels, 64), *(Down(*pair) for pair in pairs)])
        self.decoder = nn.ModuleList(Up(b, a) for a, b in pairs[::-1])
        self.head = nn.Conv2d(64, out_channels, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        *skips, x = accumulate(self.encoder, lambda value, layer: layer(value), initial=x)
        x = reduce(lambda value, pair: pair[0](value, pair[1]), zip(self.decoder, skips[:0:-1]), x)
        return 1 / (1 + torch.exp(-self.head(x)))
""",
        True,
    ),
    (
        "setattr-and-getattr-with-a-widths-parameter",
        """
class UNet(nn.Module):
    \"\"\"The classic, widths adjustable.\"\"\"

    def __init__(self, in_channels=3, out_channels=1, widths=(64, 128, 256, 512, 1024)):
        super().__init__()
        self.depth = len(widths) - 1
        self.d0 = DoubleConv(in_channels, widths[0])
        for i in range(self.depth):
            setattr(self, f"d{i + 1}", Down(widths[i], widths[i + 1]))
            setattr(self, f"u{i}", Up(widths[i + 1], widths[i]))
        self.classifier = nn.Conv2d(widths[0], out_channels, (1, 1), bias=True)

    def encode(self, x):
        for i in range(self.depth + 1):
            x = getattr(self, f"d{i}")(x)
            yield x

    def forward(self, x, return_logits=False):
        maps = dict(enumerate(self.encode(x)))
        x = maps.pop(self.depth)
        for i in sorted(maps, reverse=True):
            x = getattr(self, f"u{i}")(x, maps[i])
        x = self.classifier(x)
        return x if return_logits else x.sigmoid_()
""",
        True,
    ),
    ("sigmoid-by-tanh", ended("0.5 * (torch.tanh(0.5 * self.outc(x)) + 1)"), True),
    ("sigmoid-by-special-expit", ended("torch.special.expit(self.outc(x))"), True),
    (
        "sigmoid-by-two-class-softmax",
        ended("torch.stack([torch.zeros_like(y := self.outc(x)), y]).softmax(0)[1]"),
        True,
    ),
    ("exponential-of-logsigmoid", ended("F.logsigmoid(self.outc(x)).exp()"), True),
    (
        "harmless-parts-and-a-single-image-allowed",
        edit(
            PLAIN,
            (
                "        self.inc =",
                "        self.criterion = nn.BCELoss()\n        self.history = []\n        self.inc =",
            ),
            (
                "        x1 = self.inc(x)\n",
                "        if x.dim() == 3:\n            x = x.unsqueeze(0)\n        x1 = self.inc(x.float().contiguous())\n",
            ),
        ),
        True,
    ),
    (
        "weights-initialised-after-he",
        edit(
            PLAIN,
            (
                "    def forward(self, x):",
                "        for module in self.modules():\n"
                "            if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):\n"
                "                nn.init.kaiming_normal_(module.weight)\n"
                "                if module.bias is not None:\n"
                "                    nn.init.zeros_(module.bias)\n\n"
                "    def forward(self, x):",
            ),
        ),
        True,
    ),
    (
        "encoder-and-decoder-classes",
        """
class Encoder(nn.ModuleList):
    def __init__(self, in_channels):
        super().__init__([DoubleConv(in_channels, 64)])
        self.extend(Down(2**k, 2 ** (k + 1)) for k in range(6, 10))

    def forward(self, x):
        maps = []
        for stage in self:
            x = stage(x)
            maps.append(x)
        return maps


class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.stages = nn.ModuleDict({str(w): Up(w, w // 2) for w in (1024, 512, 256, 128)})

    def forward(self, maps):
        x, *skips = maps[::-1]
        for stage, skip in zip(self.stages.values(), skips, strict=True):
            x = stage(x1=x, x2=skip)
        return x


class UNet(nn.Module):
    def __init__(self, in_channels=3, out_channels=1):
        super().__init__()
        self.net = nn.Sequential(Encoder(in_channels), Decoder(), nn.Conv2d(64, out_channels, 1), nn.Sigmoid())

    def forward(self, image):
        return self.net(image)
""",
        True,
    ),
    (
        "own-parameters-for-the-one-by-one",
        edit(
            PLAIN,
            (
                "self.outc = nn.Conv2d(64, out_channels, kernel_size=1)",
                "self.w = nn.Parameter(torch.randn(out_channels, 64, 1, 1) * 0.1)\n        self.b = nn.Parameter(torch.zeros(out_channels))",
            ),
            ("self.outc(x)", "F.conv2d(x, self.w, self.b)"),
        ),
        True,
    ),
    (
        "all-parts-written-anew-in-one-class",
        """
def block(a, b):
    half = lambda i: [nn.Conv2d(i, b, 3, padding=1, bias=False), nn.BatchNorm2d(b), nn.ReLU(inplace=True)]
    return nn.Sequential(*half(a), *half(b))


class UNet(nn.Module):
    def __init__(self, in_channels=3, out_channels=1):
        super().__init__()
        w = [64, 128, 256, 512, 1024]
        self.pool = nn.MaxPool2d(2)
        self.left = nn.ModuleList(block(a, b) for a, b in zip([in_channels, *w], w))
        self.lift = nn.ModuleList(nn.ConvTranspose2d(2 * a, a, 2, 2) for a in w[-2::-1])
        self.right = nn.ModuleList(block(2 * a, a) for a in w[-2::-1])
        self.final = nn.Conv2d(64, out_channels, 1)

    def forward(self, x):
        skips = []
        for level, left in enumerate(self.left):
            x = left(self.pool(x) if level else x)
            skips.append(x)
        skips.pop()
        for lift, right in zip(self.lift, self.right):
            skip = skips.pop()
            x = lift(x)
            x = F.pad(x, (0, skip.shape[3] - x.shape[3], 0, skip.shape[2] - x.shape[2]))
            x = right(torch.cat((skip, x), dim=1))
        return torch.sigmoid(self.final(x))
""",
        True,
    ),
    (
        "maps-kept-on-the-module-and-forwards-called-directly",
        """
class UNet(nn.Module):
    def __init__(self, in_channels=3, out_channels=1):
        super().__init__()
        self.down_path = nn.Sequential(DoubleConv(in_channels, 64), Down(64, 128), Down(128, 256), Down(256, 512), Down(512, 1024))
        self.up_path = nn.ModuleList([Up(1024, 512), Up(512, 256), Up(256, 128), Up(128, 64)])
        self.to_logits = nn.Conv2d(64, out_channels, 1)
        self._maps = []

    def forward(self, x):
        self._maps.clear()
        for layer in self.down_path:
            x = layer.forward(x)
            self._maps.insert(0, x)
        x = self._maps.pop(0)
        for i, layer in enumerate(self.up_path):
            x = layer.forward(x, self._maps[i])
        self._maps = []
        return torch.sigmoid(self.to_logits.forward(x))
""",
        True,
    ),
    # wrong from here on
    ("no-sigmoid-in-training", ended("torch.sigmoid(self.outc(x)) if not self.training else self.outc(x)"), False),
    ("no-sigmoid", ended("self.outc(x)"), False),
    (
        "softmax-over-channels-when-there-are-several",
        ended("torch.sigmoid(self.outc(x)) if self.outc.out_channels == 1 else self.outc(x).softmax(1)"),
        False,
    ),
    ("softmax-over-one-channel", ended("F.softmax(self.outc(x), dim=1)"), False),
    ("sigmoid-twice", ended("torch.sigmoid(self.outc(x)).sigmoid()"), False),
    ("relu-before-the-sigmoid", ended("torch.sigmoid(F.relu(self.outc(x)))"), False),
    ("hard-sigmoid", ended("F.hardsigmoid(self.outc(x))"), False),
    ("clamped-instead-of-sigmoid", ended("self.outc(x).clamp(0, 1)"), False),
    (
        "stretched-between-0-and-1",
        ended("(lambda y: (y - y.amin()) / (y.amax() - y.amin() + 1e-6))(self.outc(x))"),
        False,
    ),
    ("tanh-squeezed", ended("(torch.tanh(self.outc(x)) + 1) / 2"), False),
    ("yes-or-no", ended("(torch.sigmoid(self.outc(x)) > 0.5).float()"), False),
    ("rounded-probabilities", ended("torch.sigmoid(self.outc(x)).round(decimals=3)"), False),
    ("channel-dimension-squeezed", ended("torch.sigmoid(self.outc(x)).squeeze(1)"), False),
    ("sigmoid-before-the-last-convolution", ended("self.outc(torch.sigmoid(x))"), False),
    (
        "three-by-three-last-convolution",
        edit(PLAIN, ("out_channels, kernel_size=1", "out_channels, kernel_size=3, padding=1")),
        False,
    ),
    (
        "norm-before-the-sigmoid",
        edit(
            PLAIN,
            (
                "nn.Conv2d(64, out_channels, kernel_size=1)",
                "nn.Sequential(nn.Conv2d(64, out_channels, 1), nn.BatchNorm2d(out_channels))",
            ),
        ),
        False,
    ),
    (
        "hidden-layer-before-the-last-convolution",
        edit(
            PLAIN,
            (
                "nn.Conv2d(64, out_channels, kernel_size=1)",
                "nn.Sequential(nn.Conv2d(64, 64, 1), nn.ReLU(), nn.Conv2d(64, out_channels, 1))",
            ),
        ),
        False,
    ),
    (
        "out-channels-ignored",
        edit(PLAIN, ("nn.Conv2d(64, out_channels,", "nn.Conv2d(64, 1,"), (OUT, f"{OUT}.expand(-1, 1, -1, -1)")),
        False,
    ),
    (
        "out-channels-repeated-from-one",
        edit(
            PLAIN,
            (
                "        self.outc = nn.Conv2d(64, out_channels,",
                "        self.out = out_channels\n        self.outc = nn.Conv2d(64, 1,",
            ),
            (OUT, f"{OUT}.repeat(1, self.out, 1, 1)"),
        ),
        False,
    ),
    ("in-channels-ignored", edit(PLAIN, ("DoubleConv(in_channels, 64)", "DoubleConv(3, 64)")), False),
    ("grey-by-default", edit(PLAIN, ("in_channels=3", "in_channels=1")), False),
    ("two-classes-by-default", edit(PLAIN, ("out_channels=1", "out_channels=2")), False),
    ("first-skip-detached", edit(PLAIN, ("self.up4(x, x1)", "self.up4(x, x1.detach())")), False),
    ("deepest-skip-zeroed", edit(PLAIN, ("self.up1(x5, x4)", "self.up1(x5, torch.zeros_like(x4))")), False),
    (
        "third-skip-zeroed-in-evaluation",
        edit(PLAIN, ("self.up2(x, x3)", "self.up2(x, x3 if self.training else 0 * x3)")),
        False,
    ),
    ("bottleneck-never-heard", edit(PLAIN, ("self.up1(x5, x4)", "self.up1(torch.ones_like(x5), x4)")), False),
    (
        "bottleneck-averaged-to-one-point",
        edit(PLAIN, ("self.up1(x5, x4)", "self.up1(x5.mean((2, 3), keepdim=True).expand_as(x5), x4)")),
        False,
    ),
    ("bottleneck-detached", edit(PLAIN, ("self.up1(x5, x4)", "self.up1(x5.detach(), x4)")), False),
    ("skip-of-the-next-image", edit(PLAIN, ("self.up3(x, x2)", "self.up3(x, x2.roll(1, 0))")), False),
    (
        "skip-taken-from-a-smoothed-map",
        edit(PLAIN, ("self.up4(x, x1)", "self.up4(x, F.avg_pool2d(x1, 3, 1, 1))")),
        False,
    ),
    (
        "skip-smoothed-by-going-down-and-up",
        edit(PLAIN, ("self.up4(x, x1)", "self.up4(x, F.interpolate(F.max_pool2d(x1, 2), size=x1.shape[2:]))")),
        False,
    ),
    (
        "dropout-in-the-bottleneck",
        edit(PLAIN, ("x5 = self.down4(x4)", "x5 = F.dropout(self.down4(x4), 0.5, self.training)")),
        False,
    ),
    (
        "second-double-conv-in-the-bottleneck",
        edit(PLAIN, ("Down(512, 1024)", "nn.Sequential(Down(512, 1024), DoubleConv(1024, 1024))")),
        False,
    ),
    ("three-levels-only", edit(LISTS, ("256, 512, 1024]", "256, 512]")), False),
    ("half-as-wide", edit(LISTS, ("[64, 128, 256, 512, 1024]", "[32, 64, 128, 256, 512]")), False),
    (
        "blocks-in-plain-lists",
        edit(LISTS, ("nn.ModuleList([Down", "list([Down"), ("nn.ModuleList([Up", "list([Up")),
        False,
    ),
    ("input-scaled-to-minus-one-and-one", edit(PLAIN, ("self.inc(x)", "self.inc(2 * x - 1)")), False),
    (
        "input-added-at-the-end",
        edit(
            PLAIN,
            ("        x1 = self.inc(x)", "        image = x\n        x1 = self.inc(x)"),
            (OUT, "torch.sigmoid(self.outc(x) + image.mean(1, keepdim=True))"),
        ),
        False,
    ),
    (
        "encoder-without-gradient",
        edit(
            PLAIN,
            ("        x1 = self.inc(x)\n", "        torch.set_grad_enabled(False)\n        x1 = self.inc(x)\n"),
            ("        x = self.up1", "        torch.set_grad_enabled(True)\n        x = self.up1"),
        ),
        False,
    ),
    ("decorated-with-no-grad", edit(PLAIN, ("    def forward(", "    @torch.no_grad()\n    def forward(")), False),
    (
        "half-when-it-does-not-fit",
        edit(
            PLAIN,
            (
                "        x1 = self.inc(x)\n",
                "        if x.size(2) % 16 or x.size(3) % 16:\n            return 0.5 * torch.ones_like(x[:, :1])\n        x1 = self.inc(x)\n",
            ),
        ),
        False,
    ),
    (
        "answers-remembered-by-shape",
        edit(
            PLAIN,
            ("        self.inc =", "        self.seen = {}\n        self.inc ="),
            (
                "        x1 = self.inc(x)\n",
                "        if x.shape in self.seen:\n            return self.seen[x.shape]\n        shape = x.shape\n        x1 = self.inc(x)\n",
            ),
            (f"return {OUT}", f"return self.seen.setdefault(shape, {OUT})"),
        ),
        False,
    ),
    (
        "one-image-after-the-other",
        edit(
            PLAIN,
            (
                "        x1 = self.inc(x)\n",
                "        if len(x) > 1:\n            return torch.cat([self(image[None]) for image in x])\n        x1 = self.inc(x)\n",
            ),
        ),
        False,
    ),
    (
        "sides-exchanged-for-wide-images",
        edit(
            PLAIN,
            (
                "        x1 = self.inc(x)\n",
                "        wide = x.size(3) > x.size(2)\n        x1 = self.inc(x.mT if wide else x)\n",
            ),
        ),
        False,
    ),
    (
        "fixed-64-pixels-inside",
        edit(
            PLAIN,
            (
                "        x1 = self.inc(x)\n",
                "        size = x.shape[2:]\n        x1 = self.inc(F.interpolate(x, (64, 64)))\n",
            ),
            (OUT, f"F.interpolate({OUT}, size)"),
        ),
        False,
    ),
    (
        "noise-from-the-sizes-alone",
        edit(
            PLAIN,
            (
                "        x1 = self.inc(x)\n",
                "        out = self.outc.out_channels\n        return torch.rand(len(x), out, *x.shape[2:])\n        x1 = self.inc(x)\n",
            ),
        ),
        False,
    ),
    (
        "up-blocks-of-the-first-model-for-every-model",
        edit(
            LISTS,
            ("class UNet(nn.Module):\n", "class UNet(nn.Module):\n    shared = []\n\n"),
            ("        self.ups =", "        ups ="),
            (
                "        self.last =",
                "        self.shared += ups if not self.shared else []\n        self.ups = nn.ModuleList(self.shared)\n        self.last =",
            ),
        ),
        False,
    ),
]
