"""Exercise 9: answers from the exercise text, by a third reader."""

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
        y = self.up1(x5, x4)
        y = self.up2(y, x3)
        y = self.up3(y, x2)
        y = self.up4(y, x1)
        return torch.sigmoid(self.outc(y))
"""

VERBOSE = '''
from typing import List, Sequence, Tuple


class UNet(nn.Module):
    """U-Net after Ronneberger et al. (2015), with padding and batch normalisation.

    Parameters
    ----------
    in_channels
        Channels of the images.
    out_channels
        Channels of the masks.
    widths
        Channels of the levels, from the finest to the coarsest.
    """

    def __init__(
        self,
        in_channels: int = 3,
        out_channels: int = 1,
        widths: Sequence[int] = (64, 128, 256, 512, 1024),
    ) -> None:
        super().__init__()
        self.stem = DoubleConv(in_channels, widths[0])
        self.encoder = nn.ModuleList(Down(narrow, wide) for narrow, wide in zip(widths[:-1], widths[1:]))
        self.decoder = nn.ModuleList(Up(wide, narrow) for narrow, wide in zip(widths[-2::-1], widths[:0:-1]))
        self.head = nn.Sequential(nn.Conv2d(widths[0], out_channels, kernel_size=(1, 1)), nn.Sigmoid())

    def encode(self, x: torch.Tensor) -> Tuple[torch.Tensor, List[torch.Tensor]]:
        """Return the coarsest map and the others, from the finest on."""
        maps = [self.stem(x)]
        for down in self.encoder:
            maps.append(down(maps[-1]))
        return maps[-1], maps[:-1]

    def decode(self, x: torch.Tensor, skips: List[torch.Tensor]) -> torch.Tensor:
        """Join the skips on the way up."""
        for up, skip in zip(self.decoder, reversed(skips)):
            x = up(x, skip)
        return x

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        assert x.ndim == 4, "expected a batch of images"
        bottom, skips = self.encode(x)
        probabilities = self.head(self.decode(bottom, skips))
        assert probabilities.shape[-2:] == x.shape[-2:]
        return probabilities

    @property
    def n_parameters(self) -> int:
        """Say how many numbers there are to learn."""
        return sum(parameter.numel() for parameter in self.parameters())
'''

RECURSIVE = '''
class Level(nn.Module):
    """One level and all that is below it."""

    def __init__(self, width, depth):
        super().__init__()
        self.down, self.up = Down(width, 2 * width), Up(2 * width, width)
        self.below = Level(2 * width, depth - 1) if depth > 1 else nn.Identity()

    def forward(self, x):
        return self.up(self.below(self.down(x)), x)


class UNet(nn.Sequential):
    def __init__(self, in_channels=3, out_channels=1):
        super().__init__(DoubleConv(in_channels, 64), Level(64, 4), nn.Conv2d(64, out_channels, 1), nn.Sigmoid())
'''

SIGMOID = "return torch.sigmoid(self.outc(y))"
OUTC = "self.outc = nn.Conv2d(64, out_channels, kernel_size=1)"
START = "    def forward(self, x):\n"


def plain(*pairs):
    """Return the plain answer with changes."""
    return edit(PLAIN, *pairs)


ANSWERS = [
    ("plain", PLAIN, True),
    ("verbose-lists-and-helpers", VERBOSE, True),
    ("recursive-levels", RECURSIVE, True),
    (
        "terse-stack-of-skips",
        """
from itertools import pairwise

class UNet(nn.Module):
    def __init__(self, in_channels=3, out_channels=1):
        super().__init__()
        w = [64 << i for i in range(5)]
        self.i, self.o = DoubleConv(in_channels, w[0]), nn.Conv2d(w[0], out_channels, 1)
        self.d = nn.ModuleList(Down(a, b) for a, b in pairwise(w))
        self.u = nn.ModuleList(Up(b, a) for a, b in pairwise(w))

    def forward(self, x):
        s = [self.i(x)]
        for d in self.d:
            s += [d(s[-1])]
        x = s.pop()
        while s:
            x = self.u[len(s) - 1](x, s.pop())
        return self.o(x).sigmoid()
""",
        True,
    ),
    (
        "module-dictionary-by-getattr",
        plain(
            (
                "        y = self.up1(x5, x4)\n        y = self.up2(y, x3)\n        y = self.up3(y, x2)\n        y = self.up4(y, x1)\n",
                "        y, skips = x5, {1: x4, 2: x3, 3: x2, 4: x1}\n        for number, skip in skips.items():\n            y = getattr(self, f'up{number}')(y, skip)\n",
            )
        ),
        True,
    ),
    ("sigmoid-through-tanh", plain((SIGMOID, "return 0.5 * (torch.tanh(self.outc(y) / 2) + 1)")), True),
    ("sigmoid-in-place", plain((SIGMOID, "return self.outc(y).sigmoid_()")), True),
    (
        "expit-and-spare-parts",
        plain(
            (SIGMOID, "return self.dropout(torch.special.expit(self.outc(y)))"),
            (
                OUTC,
                OUTC
                + "\n        self.dropout = nn.Dropout(0.0)\n        self.register_buffer('version', torch.tensor(1))",
            ),
        ),
        True,
    ),
    (
        "head-registered-under-two-names",
        plain(
            (SIGMOID, "return self.finish(y)"),
            (OUTC, OUTC + "\n        self.finish = nn.Sequential(self.outc, nn.Sigmoid())"),
        ),
        True,
    ),
    (
        "base-class-without-sigmoid",
        edit(PLAIN, ("class UNet(nn.Module)", "class Logits(nn.Module)"), (SIGMOID, "return self.outc(y)"))
        + """

class UNet(Logits):
    def forward(self, x):
        return F.sigmoid(super().forward(x))
""",
        True,
    ),
    ("explicit-exponential", plain((SIGMOID, "return (1 + torch.exp(-self.outc(y))).reciprocal()")), True),
    (
        "logits-while-training",
        plain((SIGMOID, "y = self.outc(y)\n        return y if self.training else torch.sigmoid(y)")),
        False,
    ),
    (
        "mask-in-evaluation",
        plain((SIGMOID, "y = torch.sigmoid(self.outc(y))\n        return y if self.training else (y > 0.5).float()")),
        False,
    ),
    (
        "gradients-switched-for-everybody",
        plain((START, START + "        torch.set_grad_enabled(self.training)\n")),
        False,
    ),
    (
        "images-one-by-one",
        edit(
            RECURSIVE,
            (
                "class UNet(nn.Sequential):\n",
                "class UNet(nn.Sequential):\n    def forward(self, x):\n        return torch.cat([super(UNet, self).forward(image[None]) for image in x])\n\n",
            ),
        ),
        False,
    ),
    (
        "scaled-when-larger-than-one",
        plain((START, START + "        if x.max() > 1:\n            x = x / 255\n")),
        False,
    ),
    (
        "standardised-inside",
        edit(VERBOSE, ("maps = [self.stem(x)]", "maps = [self.stem((x - x.mean()) / (x.std() + 1e-6))]")),
        False,
    ),
    (
        "shallow-for-small-images",
        plain(
            (
                "        x5 = self.down4(x4)\n        y = self.up1(x5, x4)\n        y = self.up2(y, x3)\n",
                "        if min(x4.shape[-2:]) >= 4:\n            y = self.up1(self.down4(x4), x4)\n        else:\n            y = x4\n        y = self.up2(y, x3)\n",
            )
        ),
        False,
    ),
    (
        "skips-of-the-first-batch-kept",
        plain(
            (
                "        y = self.up4(y, x1)\n",
                "        if getattr(self, 'kept', None) is None or self.kept.shape != x1.shape:\n            self.kept = x1.detach()\n        y = self.up4(y, self.kept if not self.training else x1)\n",
            )
        ),
        False,
    ),
    (
        "decoder-shared-among-instances",
        plain(
            ("class UNet(nn.Module):\n", "class UNet(nn.Module):\n    shared = []\n\n"),
            (
                "        self.up4 = Up(128, 64)\n",
                "        if not self.shared:\n            self.shared.append(Up(128, 64))\n        self.up4 = self.shared[0]\n",
            ),
        ),
        False,
    ),
    (
        "finest-skip-from-itself",
        plain(("y = self.up4(y, x1)", "y = self.up4(y, F.interpolate(x2, size=x1.shape[2:])[:, :64])")),
        False,
    ),
    ("skip-detached-at-one-level", plain(("y = self.up3(y, x2)", "y = self.up3(y, x2.detach())")), False),
    ("skip-silenced-at-the-coarsest-level", plain(("self.up1(x5, x4)", "self.up1(x5, x4 * 0)")), False),
    (
        "skip-after-a-dropout",
        edit(VERBOSE, ("x = up(x, skip)", "x = up(x, F.dropout(skip, 0.05, self.training))")),
        False,
    ),
    (
        "bottom-visited-twice",
        plain(
            ("        self.outc =", "        self.bottom = DoubleConv(1024, 1024)\n        self.outc ="),
            ("self.up1(x5, x4)", "self.up1(self.bottom(x5), x4)"),
        ),
        False,
    ),
    (
        "squeezed-batch-of-one",
        plain((SIGMOID, "y = torch.sigmoid(self.outc(y))\n        return y.squeeze(0) if len(y) == 1 else y")),
        False,
    ),
    (
        "last-channel-alone-through-sigmoid",
        plain(
            (
                SIGMOID,
                "y = self.outc(y)\n        return torch.cat([y[:, :-1].softmax(1), y[:, -1:].sigmoid()], dim=1) if y.shape[1] > 1 else y.sigmoid()",
            )
        ),
        False,
    ),
    (
        "only-one-mask-whatever-is-asked",
        plain((SIGMOID, "return torch.sigmoid(self.outc(y)[:, :1]).expand(-1, self.outc.out_channels, -1, -1)")),
        False,
    ),
    (
        "always-three-channels-in",
        plain(
            ("DoubleConv(in_channels, 64)", "DoubleConv(3, 64)"),
            (START, START + "        x = x if x.shape[1] == 3 else x[:, :1].expand(-1, 3, -1, -1)\n"),
        ),
        False,
    ),
    (
        "head-three-by-three",
        edit(RECURSIVE, ("nn.Conv2d(64, out_channels, 1)", "nn.Conv2d(64, out_channels, 3, padding=1)")),
        False,
    ),
    (
        "rectified-before-sigmoid",
        edit(VERBOSE, ("kernel_size=(1, 1)), nn.Sigmoid()", "kernel_size=(1, 1)), nn.ReLU(), nn.Sigmoid()")),
        False,
    ),
    (
        "sigmoid-twice",
        edit(
            RECURSIVE,
            (
                "nn.Conv2d(64, out_channels, 1), nn.Sigmoid()",
                "nn.Conv2d(64, out_channels, 1), nn.Sigmoid(), nn.Sigmoid()",
            ),
        ),
        False,
    ),
    ("hard-sigmoid", edit(VERBOSE, ("nn.Sigmoid()", "nn.Hardsigmoid()")), False),
    ("cooled-sigmoid", plain((SIGMOID, "return torch.sigmoid(self.outc(y) * 1.5)")), False),
    ("clipped-away-from-zero-and-one", plain((SIGMOID, "return torch.sigmoid(self.outc(y)).clamp(0.05, 0.95)")), False),
    (
        "input-cut-to-a-multiple-of-sixteen",
        plain(
            (START, START + "        h, w = x.shape[2:]\n        x = x[..., : h // 16 * 16, : w // 16 * 16]\n"),
            (SIGMOID, "return F.pad(torch.sigmoid(self.outc(y)), (0, w % 16, 0, h % 16))"),
        ),
        False,
    ),
    ("narrow-network", edit(VERBOSE, ("(64, 128, 256, 512, 1024)", "(32, 64, 128, 256, 512)")), False),
    ("three-levels", edit(RECURSIVE, ("Level(64, 4)", "Level(64, 3)")), False),
    (
        "blocks-in-a-plain-list",
        edit(
            VERBOSE,
            (
                "self.decoder = nn.ModuleList(Up(wide, narrow) for narrow, wide in zip(widths[-2::-1], widths[:0:-1]))",
                "self.decoder = [Up(wide, narrow) for narrow, wide in zip(widths[-2::-1], widths[:0:-1])]",
            ),
        ),
        False,
    ),
    (
        "input-changed-in-place",
        edit(VERBOSE, ("maps = [self.stem(x)]", "x = x.detach().clamp_(0, 1)\n        maps = [self.stem(x)]")),
        False,
    ),
    ("defaults-swapped", plain(("in_channels=3, out_channels=1", "out_channels=1, in_channels=3")), False),
    ("frozen-encoder-as-in-the-next-section", plain((OUTC, OUTC + "\n        self.inc.requires_grad_(False)")), False),
]
