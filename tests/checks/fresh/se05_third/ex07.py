"""Exercise 7: answers from the exercise text, by a third reader."""

from tests.checks.fresh import edit

PLAIN = """
class Down(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.pool = nn.MaxPool2d(2)
        self.conv = DoubleConv(in_channels, out_channels)

    def forward(self, x):
        return self.conv(self.pool(x))
"""

FUNCTION = """
class Down(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.conv = DoubleConv(in_channels, out_channels)

    def forward(self, x):
        x = F.max_pool2d(x, kernel_size=2, stride=2)
        x = self.conv(x)
        return x
"""

VERBOSE = '''
from typing import Tuple


class Down(nn.Module):
    """One step of the encoder.

    Parameters
    ----------
    in_channels
        Channels that come in.
    out_channels
        Channels that go out.
    """

    POOL_SIZE: int = 2

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.in_channels: int = in_channels
        self.out_channels: int = out_channels
        self.downsample: nn.Module = self._make_pool()
        self.extract: nn.Module = self._make_convolutions()

    def _make_pool(self) -> nn.Module:
        """Return what halves height and width."""
        return nn.MaxPool2d(kernel_size=self.POOL_SIZE, stride=self.POOL_SIZE, padding=0, ceil_mode=False)

    def _make_convolutions(self) -> nn.Module:
        """Return the double convolution."""
        return DoubleConv(self.in_channels, self.out_channels)

    @staticmethod
    def output_size(height: int, width: int) -> Tuple[int, int]:
        """Say how large the result is."""
        return height // 2, width // 2

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        expected = self.output_size(*x.shape[-2:])
        smaller = self.downsample(x)
        features = self.extract(smaller)
        if tuple(features.shape[-2:]) != expected:
            raise RuntimeError(f"expected {expected}, got {tuple(features.shape[-2:])}")
        return features
'''

POOL = "x = F.max_pool2d(x, kernel_size=2, stride=2)"


def pooled(new: str) -> str:
    """Return an answer that pools in another way."""
    return edit(FUNCTION, (POOL, new))


ANSWERS = [
    ("plain", PLAIN, True),
    ("function", FUNCTION, True),
    ("verbose-checked", VERBOSE, True),
    (
        "sequential-subclass",
        """
class Down(nn.Sequential):
    def __init__(self, in_channels, out_channels):
        super().__init__(nn.MaxPool2d((2, 2)), DoubleConv(in_channels, out_channels))
""",
        True,
    ),
    (
        "double-convolution-subclass",
        """
class Down(DoubleConv):
    def __init__(self, in_channels, out_channels):
        super().__init__(in_channels, out_channels)

    def forward(self, x):
        return super().forward(F.max_pool2d(x, 2))
""",
        True,
    ),
    (
        "largest-of-four-views",
        pooled(
            "h, w = x.shape[-2] // 2 * 2, x.shape[-1] // 2 * 2\n        x = torch.stack([x[..., i:h:2, j:w:2] for i in (0, 1) for j in (0, 1)]).amax(dim=0)"
        ),
        True,
    ),
    ("unfold-twice", pooled("x = x.unfold(2, 2, 2).unfold(3, 2, 2).amax(dim=(-2, -1))"), True),
    (
        "reshape-after-cropping",
        pooled(
            "n, c, h, w = x.shape\n        x = x[:, :, : h - h % 2, : w - w % 2].reshape(n, c, h // 2, 2, w // 2, 2).max(dim=5).values.max(dim=3).values"
        ),
        True,
    ),
    ("three-dimensional-pool", edit(PLAIN, ("nn.MaxPool2d(2)", "nn.MaxPool3d(kernel_size=(1, 2, 2))")), True),
    ("pool-with-indices-thrown-away", pooled("x, _indices = F.max_pool2d(x, 2, return_indices=True)"), True),
    (
        "rows-then-columns",
        edit(PLAIN, ("nn.MaxPool2d(2)", "nn.Sequential(nn.MaxPool2d((2, 1)), nn.MaxPool2d((1, 2)))")),
        True,
    ),
    (
        "adaptive-to-half-of-an-even-crop",
        pooled(
            "h, w = (side // 2 for side in x.shape[-2:])\n        x = F.adaptive_max_pool2d(x[..., : 2 * h, : 2 * w], (h, w))"
        ),
        True,
    ),
    ("minus-the-smallest-of-minus", "from operator import neg\n" + pooled("x = neg(F.max_pool2d(x, 2).neg())"), True),
    (
        "adaptive-to-half-of-an-odd-side",
        pooled("x = F.adaptive_max_pool2d(x, (x.shape[-2] // 2, x.shape[-1] // 2))"),
        False,
    ),
    (
        "rounded-up",
        edit(
            VERBOSE,
            ("ceil_mode=False", "ceil_mode=True"),
            ("height // 2, width // 2", "-(-height // 2), -(-width // 2)"),
        ),
        False,
    ),
    (
        "odd-sides-filled-with-zeros-then-cut",
        pooled(
            "h, w = x.shape[-2:]\n        x = F.max_pool2d(F.pad(x, (w % 2, 0, h % 2, 0)), 2)[..., : h // 2, : w // 2]"
        ),
        False,
    ),
    ("window-of-three", edit(PLAIN, ("nn.MaxPool2d(2)", "nn.MaxPool2d(3, stride=2, padding=1)")), False),
    ("strongest-in-absolute-value", pooled("x = F.max_pool2d(x.abs(), 2)"), False),
    ("rectified-before-pooling", pooled("x = F.max_pool2d(x.relu(), 2)"), False),
    (
        "average-in-evaluation",
        edit(PLAIN, ("self.conv(self.pool(x))", "self.conv(self.pool(x) if self.training else F.avg_pool2d(x, 2))")),
        False,
    ),
    ("power-mean-near-the-maximum", pooled("x = F.lp_pool2d(x, norm_type=8, kernel_size=2)"), False),
    (
        "log-sum-exp-as-maximum",
        pooled("x = x.unfold(2, 2, 2).unfold(3, 2, 2).flatten(-2).mul(20).logsumexp(-1).div(20)"),
        False,
    ),
    ("half-precision-while-pooling", pooled("x = F.max_pool2d(x.bfloat16(), 2).to(x.dtype)"), False),
    (
        "no-pooling-of-small-maps",
        pooled(
            "x = F.max_pool2d(x, 2) if min(x.shape[-2:]) >= 4 else x[..., ::2, ::2][..., : x.shape[-2] // 2, : x.shape[-1] // 2]"
        ),
        False,
    ),
    (
        "pooled-after-the-convolutions",
        edit(
            VERBOSE,
            (
                "        smaller = self.downsample(x)\n        features = self.extract(smaller)\n",
                "        features = self.downsample(self.extract(x))\n",
            ),
        ),
        False,
    ),
    (
        "convolutions-shared-among-instances",
        edit(
            PLAIN,
            ("    def __init__", "    blocks = {}\n\n    def __init__"),
            (
                "self.conv = DoubleConv(in_channels, out_channels)",
                "self.conv = self.blocks.setdefault((in_channels, out_channels), DoubleConv(in_channels, out_channels))",
            ),
        ),
        False,
    ),
    (
        "two-double-convolutions",
        edit(
            PLAIN,
            (
                "self.conv = DoubleConv(in_channels, out_channels)",
                "self.conv = nn.Sequential(DoubleConv(in_channels, out_channels), DoubleConv(out_channels, out_channels))",
            ),
        ),
        False,
    ),
    (
        "dropout-after-pooling",
        edit(PLAIN, ("nn.MaxPool2d(2)", "nn.Sequential(nn.MaxPool2d(2), nn.Dropout(0.05))")),
        False,
    ),
    ("gradient-only-to-the-weights", pooled("x = F.max_pool2d(x.data, 2)"), False),
    ("input-changed-in-place", pooled("x[x < 0] = 0\n        x = F.max_pool2d(x, 2)"), False),
    (
        "input-centred-in-place",
        pooled("y = F.max_pool2d(x, 2)\n        with torch.no_grad():\n            x -= x.mean()\n        x = y"),
        False,
    ),
    (
        "returns-skip-and-result",
        edit(PLAIN, ("return self.conv(self.pool(x))", "return self.conv(self.pool(x)), x")),
        False,
    ),
    (
        "single-convolution-block",
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
        "doubles-its-channels-whatever-is-asked",
        edit(
            VERBOSE,
            ("DoubleConv(self.in_channels, self.out_channels)", "DoubleConv(self.in_channels, 2 * self.in_channels)"),
        ),
        False,
    ),
    (
        "frozen-block",
        edit(
            PLAIN,
            ("DoubleConv(in_channels, out_channels)", "DoubleConv(in_channels, out_channels).requires_grad_(False)"),
        ),
        False,
    ),
    (
        "stays-in-training-mode",
        edit(
            PLAIN,
            (
                "    def forward(self, x):\n",
                "    def train(self, mode=True):\n        return super().train(True)\n\n    def forward(self, x):\n",
            ),
        ),
        False,
    ),
]
