"""Exercise 8: answers from the exercise text, by a second reader."""

from tests.checks.fresh import edit

PLAIN = """
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
JOIN = "torch.cat([x2, x1], dim=1)"
TRANSPOSED = "nn.ConvTranspose2d(in_channels, in_channels // 2, kernel_size=2, stride=2)"


def padded(new: str) -> str:
    """Return the plain answer with another expression in place of the padding."""
    return edit(PLAIN, (PAD, new))


def joined(new: str) -> str:
    """Return the plain answer with another expression in place of the concatenation."""
    return edit(PLAIN, (JOIN, new))


def enlarged(new: str) -> str:
    """Return the plain answer with another layer in place of the transposed convolution."""
    return edit(PLAIN, (TRANSPOSED, new))


ANSWERS = [
    ("plain", PLAIN, True),
    (
        "right-and-bottom-and-upsampled-first",
        edit(PLAIN, (PAD, "F.pad(x1, (0, dx, 0, dy))"), (JOIN, "torch.hstack((x1, x2))")),
        True,
    ),
    ("left-and-top-by-zero-pad-module", padded("nn.ZeroPad2d((dx, 0, dy, 0))(x1)"), True),
    ("channels-counted-from-the-end", joined("torch.concatenate((x1, x2), axis=-3)"), True),
    (
        "inherits-from-double-conv",
        """
class Up(DoubleConv):
    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__(in_channels, out_channels)
        self.enlarge = nn.ConvTranspose2d(in_channels, in_channels // 2, 2, 2)

    def forward(self, x1: torch.Tensor, x2: torch.Tensor) -> torch.Tensor:
        below = self.enlarge(x1)
        missing = [p for side in (-1, -2) for p in (0, x2.shape[side] - below.shape[side])]
        return super().forward(torch.cat((x2, F.pad(below, missing)), 1))
""",
        True,
    ),
    (
        "own-parameters-and-functional-transposed-convolution",
        """
class Up(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        half = in_channels // 2
        self.kernel = nn.Parameter(torch.randn(in_channels, half, 2, 2) / in_channels**0.5)
        self.offset = nn.Parameter(torch.zeros(half))
        self.twice = DoubleConv(2 * half, out_channels)

    def forward(self, x1, x2):
        big = F.conv_transpose2d(x1, self.kernel, self.offset, stride=2)
        if big.shape[-2:] != x2.shape[-2:]:
            big = F.pad(big, (0, x2.size(-1) - big.size(-1), 0, x2.size(-2) - big.size(-2)), mode="constant", value=0.0)
        return self.twice(torch.cat([big, x2], 1))
""",
        True,
    ),
    (
        "bilinear-option-switched-off-by-default",
        """
class Up(nn.Module):
    def __init__(self, in_channels, out_channels, bilinear=False):
        super().__init__()
        if bilinear:
            self.up = nn.Sequential(
                nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True),
                nn.Conv2d(in_channels, in_channels // 2, 1),
            )
        else:
            self.up = nn.ConvTranspose2d(in_channels, in_channels // 2, kernel_size=2, stride=2)
        self.conv = DoubleConv(in_channels, out_channels)

    def forward(self, x1, x2):
        x1 = self.up(x1)
        diffY = x2.size()[2] - x1.size()[2]
        diffX = x2.size()[3] - x1.size()[3]
        x1 = F.pad(x1, [diffX // 2, diffX - diffX // 2, diffY // 2, diffY - diffY // 2])
        return self.conv(torch.cat([x2, x1], dim=1))
""",
        True,
    ),
    (
        "width-and-height-padded-one-after-the-other",
        padded("F.pad(F.pad(x1, (0, dx)), (0, 0, dy, 0))"),
        True,
    ),
    (
        "walrus-and-static-helper",
        """
class Up(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.layers = nn.ModuleDict({
            "twice": DoubleConv(in_channels, out_channels),
            "transposed": nn.ConvTranspose2d(in_channels, in_channels >> 1, (2, 2), (2, 2)),
        })

    @staticmethod
    def fit(small, like):
        if any(missing := [b - s for s, b in zip(small.shape[:1:-1], like.shape[:1:-1])]):
            small = F.pad(small, [part for m in missing for part in (m // 2, m - m // 2)])
        return small

    def forward(self, x1, x2):
        return self.layers["twice"](torch.cat([self.fit(self.layers["transposed"](x1), x2), x2], dim=1))
""",
        True,
    ),
    (
        "joined-in-a-new-tensor-after-padding",
        joined(
            "x1.new_empty(x1.size(0), 2 * x1.size(1), *x2.shape[2:])\n"
            "        x[:, : x1.size(1)] = x1\n        x[:, x1.size(1) :] = x2"
        ),
        True,
    ),
    (
        "joined-by-stack-and-flatten",
        joined("torch.stack([x1, x2], dim=1).flatten(1, 2)"),
        True,
    ),
    (
        "padding-in-four-pairs",
        padded("F.pad(x1, (0, dx, 0, dy, 0, 0, 0, 0))"),
        True,
    ),
    (
        "sequential-holder-and-kaiming",
        """
class Up(nn.Module):
    def __init__(self, in_channels, out_channels, **kwargs):
        super().__init__()
        self.net = nn.Sequential(nn.ConvTranspose2d(in_channels, in_channels // 2, 2, stride=2), DoubleConv(in_channels, out_channels))
        nn.init.kaiming_normal_(self.net[0].weight)

    def forward(self, x1, x2):
        up, double = self.net
        x1 = up(x1)
        (_, _, h1, w1), (_, _, h2, w2) = x1.shape, x2.shape
        return double(torch.cat([F.pad(x1, (0, w2 - w1, 0, h2 - h1)), x2], dim=1))
""",
        True,
    ),
    (
        "forward-methods-called-directly",
        edit(
            PLAIN,
            ("x1 = self.up(x1)", "x1 = self.up.forward(x1)"),
            ("return self.conv(x)", "return self.conv.forward(x)"),
            (PAD, "nn.functional.pad(x1, pad=(0, dx, dy, 0))"),
        ),
        True,
    ),
    (
        "padding-in-a-loop-over-both-sides",
        """
class Up(nn.Module):
    \"\"\"Up, with a padding that knows nothing of height and width.\"\"\"

    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.double_conv = DoubleConv(in_channels, out_channels)
        self.transposed = nn.ConvTranspose2d(in_channels, in_channels // 2, 2, 2)

    def forward(self, x1, x2):
        x1 = self.transposed(x1)
        while x1.shape[2:] != x2.shape[2:]:
            x1 = F.pad(x1, (0, int(x1.shape[3] < x2.shape[3]), 0, int(x1.shape[2] < x2.shape[2])))
        return self.double_conv(torch.cat(tensors=(x2, x1), dim=1))
""",
        True,
    ),
    # wrong from here on
    ("height-and-width-exchanged-in-pad", padded("F.pad(x1, [0, dy, 0, dx])"), False),
    (
        "larger-output-instead-of-zeros",
        edit(
            PLAIN,
            (
                "x1 = self.up(x1)",
                "x1 = self.up(x1, output_size=[min(2 * a + 1, b) for a, b in zip(x1.shape[2:], x2.shape[2:])])",
            ),
        ),
        False,
    ),
    ("only-one-missing-row-and-column", padded("F.pad(x1, [0, dx % 2, 0, dy % 2])"), False),
    ("only-when-the-height-differs", padded("F.pad(x1, [0, dx, 0, dy]) if dy else x1"), False),
    (
        "interpolates-when-more-than-one-is-missing",
        padded("F.pad(x1, [0, dx, 0, dy]) if max(dx, dy) < 2 else F.interpolate(x1, size=x2.shape[2:])"),
        False,
    ),
    ("repeats-the-border", padded("F.pad(x1, [0, dx, 0, dy], mode='replicate')"), False),
    ("mirrors-the-border", padded("F.pad(x1, [0, dx, 0, dy], mode='reflect')"), False),
    ("pads-with-the-mean", padded("F.pad(x1, [0, dx, 0, dy], value=float(x1.mean()))"), False),
    ("pads-with-a-little", padded("F.pad(x1, [0, dx, 0, dy], value=0.1)"), False),
    (
        "pads-before-enlarging",
        edit(
            PLAIN,
            (
                "x1 = self.up(x1)",
                "x1 = F.pad(x1, [0, (x2.size(3) + 1) // 2 - x1.size(3), 0, (x2.size(2) + 1) // 2 - x1.size(2)])\n        x1 = self.up(x1)",
            ),
            (PAD, "x1[..., : x2.size(2), : x2.size(3)]"),
        ),
        False,
    ),
    (
        "skip-cropped-and-result-padded",
        edit(
            PLAIN,
            (f"        x1 = {PAD}\n", "        x2 = x2[..., : x1.size(2), : x1.size(3)]\n"),
            ("return self.conv(x)", "return F.pad(self.conv(x), (0, dx, 0, dy))"),
        ),
        False,
    ),
    ("rolled-after-padding", padded("F.pad(x1, [0, dx, 0, dy]).roll(1, dims=-1)"), False),
    ("always-interpolates-to-the-nearest", padded("F.interpolate(x1, size=x2.shape[2:], mode='nearest')"), False),
    ("skip-from-the-neighbour-in-the-batch", joined("torch.cat([x2.flip(0), x1], dim=1)"), False),
    ("skip-of-the-first-image-for-all", joined("torch.cat([x2[:1].expand_as(x2), x1], dim=1)"), False),
    ("skip-detached", joined("torch.cat([x2.detach(), x1], dim=1)"), False),
    ("below-detached", edit(PLAIN, ("self.up(x1)", "self.up(x1.detach())")), False),
    (
        "upsampling-without-gradient",
        edit(PLAIN, ("        x1 = self.up(x1)", "        with torch.no_grad():\n            x1 = self.up(x1)")),
        False,
    ),
    ("skip-gated-by-the-upsampled", joined("torch.cat([x2 * torch.sigmoid(x1), x1], dim=1)"), False),
    ("skip-without-its-negatives", joined("torch.cat([x2.relu(), x1], dim=1)"), False),
    ("upsampled-without-its-negatives", joined("torch.cat([x2, x1.relu()], dim=1)"), False),
    ("sum-next-to-the-skip", joined("torch.cat([x2, x1 + x2], dim=1)"), False),
    ("skip-added-in-place", joined("torch.cat([x2.add_(x1), x1], dim=1)"), False),
    (
        "upsampled-transposed-when-square",
        joined("torch.cat([x2, x1.mT if x1.size(2) == x1.size(3) else x1], dim=1)"),
        False,
    ),
    ("dropout-on-the-skip", joined("torch.cat([F.dropout(x2, 0.1, self.training), x1], dim=1)"), False),
    (
        "half-of-the-skip-twice",
        joined("torch.cat([x2[:, : x2.size(1) // 2], x2[:, : x2.size(1) - x2.size(1) // 2], x1], dim=1)"),
        False,
    ),
    (
        "skip-used-only-in-training",
        joined("torch.cat([x2 if self.training else torch.zeros_like(x2), x1], dim=1)"),
        False,
    ),
    (
        "kernel-four-with-padding",
        enlarged("nn.ConvTranspose2d(in_channels, in_channels // 2, 4, stride=2, padding=1)"),
        False,
    ),
    (
        "kernel-three-with-output-padding",
        enlarged("nn.ConvTranspose2d(in_channels, in_channels // 2, 3, stride=2, padding=1, output_padding=1)"),
        False,
    ),
    (
        "grouped-transposed-convolution",
        enlarged("nn.ConvTranspose2d(in_channels, in_channels // 2, 2, stride=2, groups=in_channels // 2)"),
        False,
    ),
    (
        "nearest-neighbour-and-one-by-one",
        enlarged("nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(in_channels, in_channels // 2, 1))"),
        False,
    ),
    (
        "norm-and-relu-after-the-transposed-convolution",
        enlarged(f"nn.Sequential({TRANSPOSED}, nn.BatchNorm2d(in_channels // 2), nn.ReLU())"),
        False,
    ),
    (
        "one-by-one-after-the-transposed-convolution",
        enlarged(f"nn.Sequential({TRANSPOSED}, nn.Conv2d(in_channels // 2, in_channels // 2, 1))"),
        False,
    ),
    (
        "bilinear-by-default",
        enlarged(
            "nn.Sequential(nn.Upsample(scale_factor=2, mode='bilinear', align_corners=True), nn.Conv2d(in_channels, in_channels // 2, 3, padding=1))"
        ),
        False,
    ),
    ("arguments-exchanged", edit(PLAIN, ("forward(self, x1, x2)", "forward(self, x2, x1)")), False),
    (
        "one-transposed-convolution-for-the-class",
        edit(
            PLAIN,
            ("class Up(nn.Module):\n", "class Up(nn.Module):\n    layers = {}\n\n"),
            (f"self.up = {TRANSPOSED}", f"self.up = self.layers.setdefault(in_channels, {TRANSPOSED})"),
        ),
        False,
    ),
    (
        "norm-over-both-before-the-double-conv",
        edit(
            PLAIN,
            ("    def forward(", "        self.norm = nn.BatchNorm2d(in_channels)\n\n    def forward("),
            ("return self.conv(x)", "return self.conv(self.norm(x))"),
        ),
        False,
    ),
    (
        "frozen-transposed-convolution",
        edit(PLAIN, ("    def forward(", "        self.up.weight.requires_grad_(False)\n\n    def forward(")),
        False,
    ),
]
