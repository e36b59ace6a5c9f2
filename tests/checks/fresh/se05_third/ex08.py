"""Exercise 8: answers from the exercise text, by a third reader."""

from tests.checks.fresh import edit

PLAIN = """
class Up(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.up = nn.ConvTranspose2d(in_channels, in_channels // 2, kernel_size=2, stride=2)
        self.conv = DoubleConv(in_channels, out_channels)

    def forward(self, x1, x2):
        x1 = self.up(x1)
        dh = x2.shape[2] - x1.shape[2]
        dw = x2.shape[3] - x1.shape[3]
        x1 = F.pad(x1, [dw // 2, dw - dw // 2, dh // 2, dh - dh // 2])
        return self.conv(torch.cat([x2, x1], dim=1))
"""

PAD = "x1 = F.pad(x1, [dw // 2, dw - dw // 2, dh // 2, dh - dh // 2])"
CAT = "torch.cat([x2, x1], dim=1)"

VERBOSE = '''
from typing import List


class Up(nn.Module):
    """One step of the decoder.

    Parameters
    ----------
    in_channels
        Channels of the map from below.
    out_channels
        Channels of the result.
    """

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        if in_channels % 2 != 0:
            raise ValueError("in_channels has to be even")
        self.skip_channels = in_channels // 2
        self.upsample = nn.ConvTranspose2d(
            in_channels=in_channels,
            out_channels=self.skip_channels,
            kernel_size=(2, 2),
            stride=(2, 2),
        )
        self.fuse = DoubleConv(in_channels, out_channels)

    @staticmethod
    def _padding(small: torch.Tensor, large: torch.Tensor) -> List[int]:
        """Return how much is missing, last dimension first."""
        padding: List[int] = []
        for dimension in (-1, -2):
            missing = large.size(dimension) - small.size(dimension)
            if missing < 0:
                raise ValueError("larger than the skip connection")
            padding += [missing - missing // 2, missing // 2]
        return padding

    def _match(self, small: torch.Tensor, large: torch.Tensor) -> torch.Tensor:
        """Fill the small map up with zeros."""
        return torch.nn.functional.pad(small, pad=self._padding(small, large), mode="constant", value=0.0)

    def forward(self, x1: torch.Tensor, x2: torch.Tensor) -> torch.Tensor:
        assert x2.shape[1] == self.skip_channels, "wrong skip connection"
        upsampled = self._match(self.upsample(x1), x2)
        assert upsampled.shape[-2:] == x2.shape[-2:]
        return self.fuse(torch.cat((upsampled, x2), dim=1))
'''

TERSE = """
class Up(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.a, self.b = nn.ConvTranspose2d(in_channels, in_channels >> 1, 2, 2), DoubleConv(in_channels, out_channels)

    def forward(self, x1, x2):
        y, (h, w) = self.a(x1), x2.shape[-2:]
        return self.b(torch.hstack((x2, F.pad(y, (0, w - y.shape[-1], 0, h - y.shape[-2])))))
"""

CANVAS = """
class Up(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.up = nn.ConvTranspose2d(in_channels, in_channels // 2, 2, stride=2)
        self.conv = DoubleConv(in_channels, out_channels)

    def forward(self, x1, x2):
        x1 = self.up(x1)
        h, w = x1.shape[-2:]
        canvas = torch.zeros_like(x2)
        canvas[..., :h, :w] = x1
        return self.conv(torch.cat([canvas, x2], dim=-3))
"""


def plain(*pairs):
    """Return the plain answer with changes."""
    return edit(PLAIN, *pairs)


ANSWERS = [
    ("plain", PLAIN, True),
    ("verbose-checked", VERBOSE, True),
    ("terse-hstack", TERSE, True),
    (
        "padded-at-top-and-left-by-a-module",
        plain((PAD, "x1 = nn.ZeroPad2d((dw, 0, dh, 0))(x1)"), (CAT, "torch.concat((x1, x2), 1)")),
        True,
    ),
    (
        "padded-only-when-something-is-missing",
        plain((PAD, "if dh or dw:\n            x1 = F.pad(x1, (dw, 0, 0, dh))")),
        True,
    ),
    (
        "padded-by-the-reversed-differences",
        plain(
            (
                PAD,
                "missing = [b - a for a, b in zip(x1.shape, x2.shape)]\n        x1 = F.pad(x1, [n for m in reversed(missing) for n in (0, m)])",
            )
        ),
        True,
    ),
    (
        "functional-transposed-convolution",
        """
class Up(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        half = in_channels // 2
        self.weight = nn.Parameter(nn.init.kaiming_uniform_(torch.empty(in_channels, half, 2, 2), a=5**0.5))
        self.bias = nn.Parameter(torch.zeros(half))
        self.conv = DoubleConv(in_channels, out_channels)

    def forward(self, x1, x2):
        x1 = F.conv_transpose2d(x1, self.weight, self.bias, stride=2)
        (h, w), (height, width) = x1.shape[2:], x2.shape[2:]
        match (height - h, width - w):
            case (0, 0):
                pass
            case (rows, columns):
                x1 = F.pad(x1, (0, columns, 0, rows))
        return self.conv(torch.cat((x1, x2), dim=1))
""",
        True,
    ),
    (
        "no-bias-in-the-transposed-convolution",
        edit(TERSE, ("in_channels >> 1, 2, 2)", "in_channels >> 1, 2, 2, bias=False)")),
        True,
    ),
    (
        "subclass-of-double-convolution",
        """
class Up(DoubleConv):
    def __init__(self, in_channels, out_channels):
        super().__init__(in_channels, out_channels)
        self.enlarge = nn.ConvTranspose2d(in_channels, in_channels // 2, 2, 2)

    def forward(self, x1, x2):
        x1 = self.enlarge(x1)
        x1 = F.pad(x1, (0, x2.size(3) - x1.size(3)))
        x1 = F.pad(x1, (0, 0, x2.size(2) - x1.size(2), 0))
        return super().forward(torch.cat([x2, x1], 1))
""",
        True,
    ),
    (
        "row-by-row-until-it-fits",
        plain(
            (
                PAD,
                "while x1.shape[2] < x2.shape[2]:\n            x1 = F.pad(x1, (0, 0, 0, 1))\n        while x1.shape[3] < x2.shape[3]:\n            x1 = F.pad(x1, (0, 1))",
            )
        ),
        True,
    ),
    (
        "output-size-in-place-of-padding",
        plain(("x1 = self.up(x1)", "x1 = self.up(x1, output_size=x2.shape[-2:])")),
        False,
    ),
    (
        "canvas-filled-with-the-mean-of-the-skip",
        edit(CANVAS, ("torch.zeros_like(x2)", "torch.full_like(x2, x2.mean().item())")),
        False,
    ),
    (
        "canvas-kept-from-the-last-call",
        edit(
            CANVAS,
            (
                "        canvas = torch.zeros_like(x2)\n",
                """        n, c, height, width = x2.shape
        if self.buffer is None or any(have < need for have, need in zip(self.buffer.shape, x2.shape)):
            self.buffer = x2.new_zeros(n, c, height, width)
        canvas = self.buffer[:n, :c, :height, :width].clone()
""",
            ),
            (
                "[..., :h, :w] = x1\n",
                "[..., :h, :w] = x1\n        self.buffer[:n, :c, :height, :width] = canvas.detach()\n",
            ),
            ("        self.conv =", "        self.buffer = None\n        self.conv ="),
        ),
        False,
    ),
    ("only-when-both-sides-differ", plain((PAD, "if dh and dw:\n            " + PAD)), False),
    ("one-row-or-column-at-most", plain((PAD, "x1 = F.pad(x1, [0, min(dw, 1), 0, min(dh, 1)])")), False),
    (
        "missing-amount-taken-for-odd-sides",
        plain((PAD, "x1 = F.pad(x1, [0, x2.shape[3] % 2, 0, x2.shape[2] % 2])")),
        False,
    ),
    (
        "half-of-the-difference-on-both-sides",
        plain((PAD, "x1 = F.pad(x1, [dw // 2, dw // 2, dh // 2, dh // 2])")),
        False,
    ),
    ("height-before-width", plain((PAD, "x1 = F.pad(x1, [dh // 2, dh - dh // 2, dw // 2, dw - dw // 2])")), False),
    (
        "square-difference-for-both",
        plain((PAD, "x1 = F.pad(x1, [dh // 2, dh - dh // 2, dh // 2, dh - dh // 2])")),
        False,
    ),
    ("replicated-border", plain((PAD, PAD[:-1] + ', mode="replicate")')), False),
    ("padded-with-the-mean", edit(VERBOSE, ("value=0.0", "value=small.mean().item()")), False),
    ("skip-cropped-instead", plain((PAD, "x2 = x2[..., : x1.shape[2], : x1.shape[3]]")), False),
    (
        "padded-before-upsampling",
        plain(
            (
                "        x1 = self.up(x1)\n        dh = x2.shape[2] - x1.shape[2]\n        dw = x2.shape[3] - x1.shape[3]\n",
                "        dh = -(-x2.shape[2] // 2) - x1.shape[2]\n        dw = -(-x2.shape[3] // 2) - x1.shape[3]\n",
            ),
            (PAD, PAD + "\n        x1 = self.up(x1)[..., : x2.shape[2], : x2.shape[3]]"),
        ),
        False,
    ),
    (
        "halves-its-channels-whatever-is-asked",
        plain(("DoubleConv(in_channels, out_channels)", "DoubleConv(in_channels, in_channels // 2)")),
        False,
    ),
    ("skip-detached", plain((CAT, "torch.cat([x2.detach(), x1], dim=1)")), False),
    (
        "skip-left-out-in-evaluation",
        plain((CAT, "torch.cat([x2 if self.training else torch.zeros_like(x2), x1], dim=1)")),
        False,
    ),
    (
        "skip-normalised-by-its-largest",
        plain((CAT, "torch.cat([x2 / x2.abs().max().clamp(min=1.0), x1], dim=1)")),
        False,
    ),
    (
        "skip-averaged-over-the-batch",
        edit(TERSE, ("torch.hstack((x2, ", "torch.hstack((x2.mean(0, keepdim=True).expand_as(x2), ")),
        False,
    ),
    (
        "relu-after-upsampling",
        edit(VERBOSE, ("self._match(self.upsample(x1), x2)", "self._match(self.upsample(x1).relu(), x2)")),
        False,
    ),
    ("x1-changed-in-place", plain(("x1 = self.up(x1)", "x1 = self.up(x1.mul_(1.0 if self.training else 0.5))")), False),
    (
        "skip-rectified-in-place",
        plain((CAT, "torch.cat([F.relu_(x2) if not x2.requires_grad else F.relu(x2), x1], dim=1)")),
        False,
    ),
    ("kernel-four-padding-one", plain(("kernel_size=2, stride=2)", "kernel_size=4, stride=2, padding=1)")), False),
    (
        "nearest-and-a-convolution",
        plain(
            (
                "nn.ConvTranspose2d(in_channels, in_channels // 2, kernel_size=2, stride=2)",
                "nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(in_channels, in_channels // 2, 1))",
            )
        ),
        False,
    ),
    (
        "grouped-transposed-convolution",
        plain(("kernel_size=2, stride=2)", "kernel_size=2, stride=2, groups=2 if in_channels % 4 == 0 else 1)")),
        False,
    ),
    ("added-and-doubled", plain((CAT, "(x1 + x2).repeat(1, 2, 1, 1)")), False),
    (
        "upsampling-shared-among-instances",
        plain(
            ("    def __init__", "    made = {}\n\n    def __init__"),
            (
                "self.up = nn.ConvTranspose2d(in_channels, in_channels // 2, kernel_size=2, stride=2)",
                "self.up = Up.made.setdefault(in_channels, nn.ConvTranspose2d(in_channels, in_channels // 2, kernel_size=2, stride=2))",
            ),
        ),
        False,
    ),
    ("dropout-on-the-joined-maps", plain((CAT, "F.dropout(torch.cat([x2, x1], dim=1), 0.1, self.training)")), False),
    ("interpolated-to-the-skip", plain((PAD, "x1 = F.interpolate(x1, size=x2.shape[2:], mode='nearest')")), False),
]
