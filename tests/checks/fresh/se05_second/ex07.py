"""Exercise 7: answers from the exercise text, by a second reader."""

from tests.checks.fresh import edit

PLAIN = """
class Down(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.conv = DoubleConv(in_channels, out_channels)

    def forward(self, x):
        x = F.max_pool2d(x, 2)
        return self.conv(x)
"""
POOL = "F.max_pool2d(x, 2)"


def pooled(new: str) -> str:
    """Return the plain answer with another expression in place of the pooling."""
    return edit(PLAIN, (POOL, new))


ANSWERS = [
    (
        "sequential-subclass",
        """
class Down(nn.Sequential):
    def __init__(self, in_channels, out_channels):
        super().__init__(nn.MaxPool2d(kernel_size=2, stride=2), DoubleConv(in_channels, out_channels))
""",
        True,
    ),
    (
        "inherits-from-double-conv",
        """
class Down(DoubleConv):
    \"\"\"A DoubleConv that looks at a map of half the size.\"\"\"

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return super().forward(nn.functional.max_pool2d(x, kernel_size=(2, 2)))
""",
        True,
    ),
    (
        "strided-slices-and-maximum",
        edit(
            PLAIN,
            (
                "x = F.max_pool2d(x, 2)",
                "h, w = (side // 2 * 2 for side in x.shape[-2:])\n"
                "        x = x[..., :h, :w]\n"
                "        x = torch.maximum(x[..., ::2, :], x[..., 1::2, :])\n"
                "        x = torch.maximum(x[..., ::2], x[..., 1::2])",
            ),
        ),
        True,
    ),
    ("windows-by-tensor-unfold", pooled("x.unfold(-2, 2, 2).unfold(-2, 2, 2).amax((-2, -1))"), True),
    (
        "windows-by-functional-unfold",
        pooled(
            "F.unfold(x, 2, stride=2).reshape(*x.shape[:2], 4, -1).max(dim=2).values"
            ".reshape(*x.shape[:2], x.shape[2] // 2, x.shape[3] // 2)"
        ),
        True,
    ),
    ("one-side-after-the-other", pooled("F.max_pool2d(F.max_pool2d(x, (2, 1)), (1, 2))"), True),
    ("pooling-in-three-dimensions", pooled("F.max_pool3d(x, (1, 2, 2))"), True),
    ("pooling-with-indices-thrown-away", pooled("nn.MaxPool2d(2, return_indices=True)(x)[0]"), True),
    (
        "module-list-and-extra-options",
        """
class Down(nn.Module):
    def __init__(self, in_channels, out_channels, *, factor=2, pool=nn.MaxPool2d):
        super().__init__()
        self.steps = nn.ModuleList([pool(factor), DoubleConv(in_channels, out_channels), nn.Identity()])
        self.config = {"in_channels": in_channels, "out_channels": out_channels}

    def forward(self, x):
        for step in self.steps:
            x = step(x)
        return x
""",
        True,
    ),
    (
        "match-on-the-number-of-dimensions",
        """
class Down(nn.Module):
    __slots__ = ()

    def __init__(self, in_channels: int, out_channels: int):
        super().__init__()
        self.add_module("twice", DoubleConv(in_channels, out_channels))
        self.register_module("pool", nn.MaxPool2d(2, ceil_mode=False))

    def forward(self, x):
        match x.dim():
            case 4:
                return self.twice(self.pool(x))
            case 3:
                return self.forward(x[None])[0]
            case n:
                raise ValueError(f"three or four dimensions, not {n}")
""",
        True,
    ),
    (
        "attributes-registered-in-the-opposite-order",
        """
class Down(nn.Module):
    def __init__(self, in_channels, out_channels):
        super(Down, self).__init__()
        self.blocks = nn.ModuleDict({"conv": DoubleConv(in_channels, out_channels), "pool": nn.MaxPool2d(2)})

    def forward(self, inp):
        return self.blocks["conv"](self.blocks["pool"](inp))
""",
        True,
    ),
    ("channel-by-channel", pooled("torch.stack([F.max_pool2d(channel, 2) for channel in x.unbind(1)], dim=1)"), True),
    (
        "own-layers-left-to-the-double-conv-and-forward-called-directly",
        edit(PLAIN, ("return self.conv(x)", "return self.conv.forward(x)"), (POOL, "torch.max_pool2d(x, [2, 2])")),
        True,
    ),
    # wrong from here on
    ("adaptive-pooling", pooled("F.adaptive_max_pool2d(x, (x.shape[2] // 2, x.shape[3] // 2))"), False),
    ("pool-rounds-up", pooled("F.max_pool2d(x, 2, ceil_mode=True)"), False),
    ("overlapping-windows-of-three", pooled("F.max_pool2d(x, 3, stride=2, padding=1)"), False),
    (
        "overlapping-windows-of-three-cropped-to-half",
        pooled("F.max_pool2d(x, 3, stride=2, padding=1)[..., : x.shape[2] // 2, : x.shape[3] // 2]"),
        False,
    ),
    (
        "windows-of-three-rows",
        pooled("F.max_pool2d(F.pad(x, (0, 0, 0, 1)), (3, 2), stride=2)[..., : x.shape[2] // 2, :]"),
        False,
    ),
    ("largest-absolute-value", pooled("F.max_pool2d(x.abs(), 2)"), False),
    ("negative-responses-cut-off", pooled("F.max_pool2d(x, 2).relu()"), False),
    ("negative-responses-cut-off-before", pooled("F.max_pool2d(F.relu(x), 2)"), False),
    ("root-of-the-largest-square", pooled("F.max_pool2d(x.square(), 2).sqrt()"), False),
    ("power-pooling-nearly-the-maximum", pooled("F.lp_pool2d(x.clamp(min=1e-6), norm_type=16, kernel_size=2)"), False),
    (
        "log-sum-exp-nearly-the-maximum",
        pooled("x.unfold(-2, 2, 2).unfold(-2, 2, 2).flatten(-2).mul(50).logsumexp(-1).div(50)"),
        False,
    ),
    ("smallest-value", pooled("-F.max_pool2d(-x, 2)"), False),
    ("second-largest-value", pooled("x.unfold(-2, 2, 2).unfold(-2, 2, 2).flatten(-2).topk(2).values[..., 1]"), False),
    ("every-second-pixel", pooled("x[..., : x.shape[2] // 2 * 2 : 2, : x.shape[3] // 2 * 2 : 2]"), False),
    (
        "maximum-of-the-diagonal",
        pooled("torch.maximum(x[..., : x.shape[2] // 2 * 2 : 2, : x.shape[3] // 2 * 2 : 2], x[..., 1::2, 1::2])"),
        False,
    ),
    ("maximum-over-columns-mean-over-rows", pooled("F.avg_pool2d(F.max_pool2d(x, (1, 2)), (2, 1))"), False),
    ("average-in-evaluation", pooled("F.max_pool2d(x, 2) if self.training else F.avg_pool2d(x, 2)"), False),
    (
        "windows-taken-from-columns-apart",
        pooled(
            "x[..., : x.shape[2] // 2 * 2, : x.shape[3] // 2 * 2]"
            ".reshape(*x.shape[:2], x.shape[2] // 2, 2, 2, x.shape[3] // 2).amax((3, 4))"
        ),
        False,
    ),
    (
        "maximum-over-the-whole-batch",
        pooled("F.max_pool2d(x, 2).amax(0, keepdim=True).expand(len(x), -1, -1, -1)"),
        False,
    ),
    ("rows-only", pooled("F.max_pool2d(x, (2, 1))"), False),
    (
        "pools-twice-and-enlarges",
        pooled("F.interpolate(F.max_pool2d(x, 4), size=(x.shape[2] // 2, x.shape[3] // 2))"),
        False,
    ),
    ("unpooled-when-small", pooled("F.max_pool2d(x, 2) if min(x.shape[2:]) > 4 else x"), False),
    (
        "no-gradient-through-the-pooling",
        edit(
            PLAIN,
            ("        x = F.max_pool2d(x, 2)", "        with torch.no_grad():\n            x = F.max_pool2d(x, 2)"),
        ),
        False,
    ),
    (
        "pools-the-callers-tensor",
        edit(PLAIN, ("        x = F.max_pool2d(x, 2)", "        x.relu_()\n        x = F.max_pool2d(x, 2)")),
        False,
    ),
    (
        "pools-at-the-end",
        edit(PLAIN, ("        x = F.max_pool2d(x, 2)\n", ""), ("self.conv(x)", "F.max_pool2d(self.conv(x), 2)")),
        False,
    ),
    (
        "cached-double-conv-shared-by-equal-widths",
        """
from functools import lru_cache

make = lru_cache(maxsize=None)(DoubleConv)


class Down(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.net = nn.Sequential(nn.MaxPool2d(2), make(in_channels, out_channels))

    def forward(self, x):
        return self.net(x)
""",
        False,
    ),
    (
        "double-conv-widens-late",
        edit(
            PLAIN,
            (
                "DoubleConv(in_channels, out_channels)",
                "nn.Sequential(DoubleConv(in_channels, in_channels), nn.Conv2d(in_channels, out_channels, 1))",
            ),
        ),
        False,
    ),
    (
        "double-conv-twice",
        edit(
            PLAIN,
            (
                "DoubleConv(in_channels, out_channels)",
                "nn.Sequential(DoubleConv(in_channels, out_channels), DoubleConv(out_channels, out_channels))",
            ),
        ),
        False,
    ),
    (
        "same-double-conv-again-when-it-fits",
        edit(
            PLAIN,
            ("return self.conv(x)", "y = self.conv(x)\n        return self.conv(y) if y.shape == x.shape else y"),
        ),
        False,
    ),
    (
        "single-convolution-instead",
        edit(
            PLAIN,
            (
                "DoubleConv(in_channels, out_channels)",
                "nn.Sequential(nn.Conv2d(in_channels, out_channels, 3, padding=1), nn.BatchNorm2d(out_channels), nn.ReLU())",
            ),
        ),
        False,
    ),
    (
        "double-conv-in-a-tuple",
        edit(
            PLAIN,
            ("DoubleConv(in_channels, out_channels)", "(DoubleConv(in_channels, out_channels),)"),
            ("self.conv(x)", "self.conv[0](x)"),
        ),
        False,
    ),
    ("dropout-after-pooling", edit(PLAIN, ("self.conv(x)", "self.conv(F.dropout(x, 0.25, self.training))")), False),
    (
        "strided-convolution-and-pool-for-show",
        edit(
            PLAIN,
            (
                "        self.conv =",
                "        self.pool = nn.MaxPool2d(2)\n        self.shrink = nn.Conv2d(in_channels, in_channels, 2, stride=2)\n        self.conv =",
            ),
            (POOL, "self.shrink(x)"),
        ),
        False,
    ),
    (
        "extra-norm-after-pooling",
        edit(
            PLAIN,
            ("        self.conv =", "        self.norm = nn.BatchNorm2d(in_channels)\n        self.conv ="),
            (POOL, "self.norm(F.max_pool2d(x, 2))"),
        ),
        False,
    ),
]
