"""Exercise 11: answers from the exercise text, by a third reader."""

from tests.checks.fresh import edit

IMPORT = """
from torchvision.models import EfficientNet_B0_Weights, efficientnet_b0
"""

SMART = """
class SmartUp(nn.Module):
    def __init__(self, in_channels, skip_channels, out_channels):
        super().__init__()
        self.up = nn.ConvTranspose2d(in_channels, skip_channels, kernel_size=2, stride=2)
        self.conv = DoubleConv(2 * skip_channels, out_channels)

    def forward(self, x1, x2):
        x1 = self.up(x1)
        if x1.shape[2:] != x2.shape[2:]:
            x1 = F.interpolate(x1, size=x2.shape[2:], mode="bilinear", align_corners=False)
        return self.conv(torch.cat([x2, x1], dim=1))
"""

NET = """
class UNetEfficient(nn.Module):
    def __init__(self, in_channels=3, out_channels=1):
        super().__init__()
        features = efficientnet_b0(weights=EfficientNet_B0_Weights.DEFAULT).features
        self.inc = features[0:2]
        self.down1 = features[2]
        self.down2 = features[3]
        self.down3 = features[4]
        self.down4 = features[5:8]
        for parameter in self.parameters():
            parameter.requires_grad = False
        self.center = DoubleConv(320, 512)
        self.up1 = SmartUp(512, 80, 80)
        self.up2 = SmartUp(80, 40, 40)
        self.up3 = SmartUp(40, 24, 24)
        self.up4 = SmartUp(24, 16, 16)
        self.outc = nn.Conv2d(16, out_channels, kernel_size=1)

    def forward(self, x):
        size = x.shape[2:]
        x1 = self.inc(x)
        x2 = self.down1(x1)
        x3 = self.down2(x2)
        x4 = self.down3(x3)
        x5 = self.center(self.down4(x4))
        y = self.up1(x5, x4)
        y = self.up2(y, x3)
        y = self.up3(y, x2)
        y = self.up4(y, x1)
        y = F.interpolate(self.outc(y), size=size, mode="bilinear", align_corners=False)
        return torch.sigmoid(y)
"""

PLAIN = IMPORT + SMART + NET

VERBOSE = (
    IMPORT
    + '''
from typing import Dict, List, Tuple


class SmartUp(nn.Module):
    """Upsample to the skip connection's size, join, double convolution.

    Args:
        in_channels: channels from below.
        skip_channels: channels of the skip connection.
        out_channels: channels of the result.
    """

    def __init__(self, in_channels: int, skip_channels: int, out_channels: int, mode: str = "bilinear") -> None:
        super().__init__()
        self.mode = mode
        self.upsample = nn.ConvTranspose2d(in_channels, skip_channels, kernel_size=2, stride=2)
        self.fuse = DoubleConv(skip_channels + skip_channels, out_channels)

    def _resize_like(self, small: torch.Tensor, reference: torch.Tensor) -> torch.Tensor:
        """Give a map the size of another."""
        if small.shape[-2:] == reference.shape[-2:]:
            return small
        options: Dict = {} if self.mode == "nearest" else {"align_corners": False}
        return F.interpolate(small, size=tuple(reference.shape[-2:]), mode=self.mode, **options)

    def forward(self, x1: torch.Tensor, x2: torch.Tensor) -> torch.Tensor:
        upsampled = self._resize_like(self.upsample(x1), x2)
        return self.fuse(torch.cat([upsampled, x2], dim=1))


class FrozenStages(nn.Sequential):
    """Stages in evaluation mode, whatever mode the model is in, until they are unfrozen."""

    def __init__(self, *stages: nn.Module) -> None:
        super().__init__(*stages)
        self.requires_grad_(False)
        self.eval()

    def train(self, mode: bool = True) -> "FrozenStages":
        frozen = not any(parameter.requires_grad for parameter in self.parameters())
        return super().train(mode and not frozen)


class UNetEfficient(nn.Module):
    """U-Net on a frozen EfficientNet-B0."""

    CENTRE: Tuple[int, int] = (320, 512)
    DECODER: List[Tuple[int, int, int]] = [(512, 80, 80), (80, 40, 40), (40, 24, 24), (24, 16, 16)]

    def __init__(self, in_channels: int = 3, out_channels: int = 1) -> None:
        super().__init__()
        backbone = efficientnet_b0(weights=EfficientNet_B0_Weights.IMAGENET1K_V1)
        stages = list(backbone.features.children())
        self.encoder = nn.ModuleDict(
            {
                "inc": FrozenStages(*stages[:2]),
                "down1": FrozenStages(stages[2]),
                "down2": FrozenStages(stages[3]),
                "down3": FrozenStages(stages[4]),
                "down4": FrozenStages(*stages[5:8]),
            }
        )
        self.center = DoubleConv(*self.CENTRE)
        self.decoder = nn.ModuleList([SmartUp(*channels) for channels in self.DECODER])
        self.head = nn.Conv2d(self.DECODER[-1][-1], out_channels, kernel_size=1)

    def _encode(self, x: torch.Tensor) -> Tuple[torch.Tensor, List[torch.Tensor]]:
        """Return the coarsest map and the skips, the coarsest first."""
        maps: List[torch.Tensor] = []
        for stage in self.encoder.values():
            x = stage(x)
            maps.append(x)
        return maps[-1], maps[-2::-1]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        height, width = x.shape[-2:]
        bottom, skips = self._encode(x)
        y = self.center(bottom)
        for up, skip in zip(self.decoder, skips):
            y = up(y, skip)
        probabilities = torch.sigmoid(self.head(y))
        return F.interpolate(probabilities, size=(height, width), mode="bilinear", align_corners=False)
'''
)

TERSE = (
    IMPORT
    + """
class SmartUp(nn.Module):
    def __init__(self, in_channels, skip_channels, out_channels):
        super().__init__()
        self.t = nn.ConvTranspose2d(in_channels, skip_channels, 2, 2)
        self.c = DoubleConv(skip_channels * 2, out_channels)

    def forward(self, x1, x2):
        return self.c(torch.hstack((F.interpolate(self.t(x1), x2.shape[-2:]), x2)))


class UNetEfficient(nn.Module):
    def __init__(self, in_channels=3, out_channels=1):
        super().__init__()
        f = efficientnet_b0(weights="DEFAULT").features[:8].requires_grad_(False)
        self.enc = nn.ModuleList(f[a:b] for a, b in ((0, 2), (2, 3), (3, 4), (4, 5), (5, 8)))
        self.mid = DoubleConv(320, 512)
        self.dec = nn.ModuleList(SmartUp(a, b, b) for a, b in ((512, 80), (80, 40), (40, 24), (24, 16)))
        self.out = nn.Conv2d(16, out_channels, 1)

    def train(self, mode=True):
        super().train(mode)
        self.enc.eval()
        return self

    def forward(self, x):
        y, s = x, []
        for e in self.enc:
            s.append(y := e(y))
        y = self.mid(s.pop())
        for d in self.dec:
            y = d(y, s.pop())
        return F.interpolate(self.out(y).sigmoid(), x.shape[-2:])
"""
)

RETURN = """        y = F.interpolate(self.outc(y), size=size, mode="bilinear", align_corners=False)
        return torch.sigmoid(y)
"""
FREEZE = """        for parameter in self.parameters():
            parameter.requires_grad = False
"""
RESIZE = """        if x1.shape[2:] != x2.shape[2:]:
            x1 = F.interpolate(x1, size=x2.shape[2:], mode="bilinear", align_corners=False)
"""
TRAIN = """
    def train(self, mode=True):
        super().train(mode)
        for part in (self.inc, self.down1, self.down2, self.down3, self.down4):
            part.eval()
        return self
"""
OUTC = "        self.outc = nn.Conv2d(16, out_channels, kernel_size=1)\n"


def plain(*pairs):
    """Return the plain answer with changes."""
    return edit(PLAIN, *pairs)


ANSWERS = [
    ("plain", PLAIN, True),
    ("verbose-with-frozen-stages", VERBOSE, True),
    ("terse-nearest", TERSE, True),
    ("train-overridden-in-the-model", PLAIN.rstrip("\n") + "\n" + TRAIN, True),
    (
        "smart-up-from-up-and-functional-layers",
        edit(
            PLAIN,
            (
                SMART,
                """
class SmartUp(Up):
    def __init__(self, in_channels, skip_channels, out_channels):
        super().__init__(2 * skip_channels, out_channels)
        for name, part in list(self.named_children()):
            if isinstance(part, nn.ConvTranspose2d):
                delattr(self, name)
        self.enlarge = nn.ConvTranspose2d(in_channels, skip_channels, 2, 2)
        self.mix = DoubleConv(2 * skip_channels, out_channels)
        for name, part in list(self.named_children()):
            if part not in (self.enlarge, self.mix):
                delattr(self, name)

    def forward(self, x1, x2):
        x1 = F.interpolate(self.enlarge(x1), size=x2.shape[-2:], mode="bicubic")
        return self.mix(torch.cat((x1, x2), 1))
""",
            ),
        ),
        True,
    ),
    (
        "encoder-class-that-yields",
        edit(
            PLAIN,
            (
                NET,
                """
class Encoder(nn.Module):
    CUTS = {"inc": slice(0, 2), "down1": slice(2, 3), "down2": slice(3, 4), "down3": slice(4, 5), "down4": slice(5, 8)}

    def __init__(self):
        super().__init__()
        features = efficientnet_b0(weights=EfficientNet_B0_Weights.DEFAULT).features
        for name, cut in self.CUTS.items():
            self.add_module(name, features[cut])
        for parameter in self.parameters():
            parameter.requires_grad_(False)

    def train(self, mode=True):
        return super().train(mode and any(p.requires_grad for p in self.parameters()))

    def forward(self, x):
        for name in self.CUTS:
            x = getattr(self, name)(x)
            yield x


class UNetEfficient(nn.Module):
    def __init__(self, in_channels=3, out_channels=1):
        super().__init__()
        self.encoder, self.center = Encoder(), DoubleConv(320, 512)
        self.up1, self.up2 = SmartUp(512, 80, 80), SmartUp(80, 40, 40)
        self.up3, self.up4 = SmartUp(40, 24, 24), SmartUp(24, 16, 16)
        self.outc = nn.Conv2d(16, out_channels, 1)

    def forward(self, x):
        inc, d1, d2, d3, d4 = self.encoder(x)
        y = self.up4(self.up3(self.up2(self.up1(self.center(d4), d3), d2), d1), inc)
        return F.interpolate(torch.sigmoid(self.outc(y)), size=x.shape[2:], mode="bilinear")
""",
            ),
        ),
        True,
    ),
    (
        "feature-extractor-of-torchvision",
        edit(
            PLAIN,
            (
                """        self.inc = features[0:2]
        self.down1 = features[2]
        self.down2 = features[3]
        self.down3 = features[4]
        self.down4 = features[5:8]
""",
                """        from torchvision.models._utils import IntermediateLayerGetter

        self.taps = IntermediateLayerGetter(features, {"1": "inc", "2": "d1", "3": "d2", "4": "d3", "7": "d4"})
""",
            ),
            (
                """        x1 = self.inc(x)
        x2 = self.down1(x1)
        x3 = self.down2(x2)
        x4 = self.down3(x3)
        x5 = self.center(self.down4(x4))
""",
                """        x1, x2, x3, x4, x5 = self.taps(x).values()
        x5 = self.center(x5)
""",
            ),
        ),
        True,
    ),
    (
        "frozen-after-all-by-membership",
        plain(
            (FREEZE, ""),
            (
                OUTC,
                OUTC
                + "        encoder = [self.inc, self.down1, self.down2, self.down3, self.down4]\n        ids = {id(p) for part in encoder for p in part.parameters()}\n        for parameter in self.parameters():\n            parameter.requires_grad = id(parameter) not in ids\n",
            ),
        ),
        True,
    ),
    (
        "decoder-initialised-by-hand",
        plain(
            (
                OUTC,
                OUTC
                + "        for part in (self.center, self.up1, self.up2, self.up3, self.up4, self.outc):\n            for layer in part.modules():\n                if isinstance(layer, nn.Conv2d):\n                    nn.init.kaiming_normal_(layer.weight, nonlinearity='relu')\n",
            )
        ),
        True,
    ),
    (
        "upsample-module-built-on-the-way",
        plain(
            (RESIZE, "        x1 = nn.Upsample(size=tuple(x2.shape[-2:]), mode='bilinear', align_corners=True)(x1)\n")
        ),
        True,
    ),
    (
        "every-module-initialised-afterwards",
        plain(
            (
                OUTC,
                OUTC
                + "        for layer in self.modules():\n            if isinstance(layer, nn.Conv2d):\n                nn.init.kaiming_normal_(layer.weight, nonlinearity='relu')\n",
            )
        ),
        False,
    ),
    (
        "normalisation-of-the-encoder-reset",
        plain(
            (
                OUTC,
                OUTC
                + "        for layer in self.modules():\n            if isinstance(layer, nn.BatchNorm2d):\n                layer.reset_running_stats()\n",
            )
        ),
        False,
    ),
    (
        "everything-always-in-evaluation-mode",
        edit(
            PLAIN.rstrip("\n") + "\n" + TRAIN,
            (
                "        super().train(mode)\n        for part in (self.inc, self.down1, self.down2, self.down3, self.down4):\n            part.eval()\n        return self\n",
                "        return super().train(False)\n",
            ),
        ),
        False,
    ),
    (
        "only-convolutions-frozen",
        plain(
            (
                FREEZE,
                "        for layer in self.modules():\n            if isinstance(layer, nn.Conv2d):\n                layer.requires_grad_(False)\n",
            )
        ),
        False,
    ),
    (
        "last-part-of-the-encoder-left-free",
        plain((FREEZE, ""), ("        self.down4 = features[5:8]\n", FREEZE + "        self.down4 = features[5:8]\n")),
        False,
    ),
    (
        "frozen-together-with-the-centre",
        plain(
            (FREEZE, ""),
            ("        self.center = DoubleConv(320, 512)\n", "        self.center = DoubleConv(320, 512)\n" + FREEZE),
        ),
        False,
    ),
    (
        "frozen-only-by-no-grad",
        plain(
            (FREEZE, ""),
            (
                "        x1 = self.inc(x)\n        x2 = self.down1(x1)\n        x3 = self.down2(x2)\n        x4 = self.down3(x3)\n        x5 = self.center(self.down4(x4))\n",
                "        with torch.no_grad():\n            x1 = self.inc(x)\n            x2 = self.down1(x1)\n            x3 = self.down2(x2)\n            x4 = self.down3(x3)\n            x5 = self.down4(x4)\n        x5 = self.center(x5)\n",
            ),
        ),
        False,
    ),
    (
        "unfrozen-by-the-first-train",
        PLAIN.rstrip("\n")
        + "\n"
        + edit(TRAIN, ("            part.eval()\n", "            part.eval().requires_grad_(mode)\n")),
        False,
    ),
    ("no-weights", edit(TERSE, ('weights="DEFAULT"', "weights=None")), False),
    (
        "weights-of-another-seed-for-the-first-stage",
        plain(("        self.inc = features[0:2]\n", "        self.inc = efficientnet_b0().features[0:2]\n")),
        False,
    ),
    (
        "one-block-for-stage-six",
        plain(("self.center(self.down4(x4))", "self.center(self.down4[2](self.down4[1][0](self.down4[0](x4))))")),
        False,
    ),
    (
        "cropped-instead-of-interpolated",
        plain(
            (RESIZE, "        h, w = x2.shape[2:]\n        x1 = F.pad(x1, (0, w - x1.shape[3], 0, h - x1.shape[2]))\n")
        ),
        False,
    ),
    (
        "interpolated-only-when-both-sides-differ",
        plain(
            (
                RESIZE,
                "        if x1.shape[2] != x2.shape[2] and x1.shape[3] != x2.shape[3]:\n            x1 = F.interpolate(x1, size=x2.shape[2:])\n",
            )
        ),
        False,
    ),
    (
        "interpolated-only-when-too-small",
        edit(
            VERBOSE,
            (
                "        if small.shape[-2:] == reference.shape[-2:]:\n            return small\n",
                "        if small.shape[-2] >= reference.shape[-2] and small.shape[-1] >= reference.shape[-1]:\n            return small[..., : reference.shape[-2], : reference.shape[-1]]\n",
            ),
        ),
        False,
    ),
    (
        "skip-interpolated-to-the-map-and-back",
        plain(
            (
                "        return self.conv(torch.cat([x2, x1], dim=1))",
                "        small = F.interpolate(x2, size=x1.shape[2:])\n        return F.interpolate(self.conv(torch.cat([small, x1], dim=1)), size=x2.shape[2:])",
            ),
            (RESIZE, ""),
        ),
        False,
    ),
    (
        "interpolated-before-the-transposed-convolution",
        plain(
            (
                "        x1 = self.up(x1)\n" + RESIZE,
                "        x1 = F.interpolate(x1, size=[-(-side // 2) for side in x2.shape[2:]])\n        x1 = self.up(x1)[..., : x2.shape[2], : x2.shape[3]]\n",
            )
        ),
        False,
    ),
    (
        "skip-detached-and-scaled-in-evaluation",
        edit(
            TERSE,
            (
                "F.interpolate(self.t(x1), x2.shape[-2:]), x2)",
                "F.interpolate(self.t(x1), x2.shape[-2:]), x2 if self.training else x2 * 0.9)",
            ),
        ),
        False,
    ),
    ("fixed-size-of-the-answer", plain((RETURN, edit(RETURN, ("size=size", "size=(64, 64)")))), False),
    ("twice-the-finest-map", plain((RETURN, edit(RETURN, ("size=size", "scale_factor=2")))), False),
    ("width-and-height-swapped", plain((RETURN, edit(RETURN, ("size=size", "size=(size[1], size[0])")))), False),
    ("square-from-the-height", plain((RETURN, edit(RETURN, ("size=size", "size=(size[0], size[0])")))), False),
    (
        "softmax-for-several-masks",
        plain(
            (
                RETURN,
                edit(
                    RETURN,
                    ("return torch.sigmoid(y)", "return torch.sigmoid(y) if y.shape[1] == 1 else y.softmax(dim=1)"),
                ),
            )
        ),
        False,
    ),
    (
        "logits-in-training",
        edit(
            VERBOSE, ("torch.sigmoid(self.head(y))", "self.head(y) if self.training else torch.sigmoid(self.head(y))")
        ),
        False,
    ),
    (
        "decoder-cached-between-instances",
        plain(
            (
                NET,
                "from functools import lru_cache\n\nsmart_up = lru_cache(SmartUp)\n"
                + edit(NET, ("SmartUp(", "smart_up(")),
            )
        ),
        False,
    ),
    (
        "centre-with-dropout",
        edit(VERBOSE, ("y = self.center(bottom)", "y = F.dropout2d(self.center(bottom), 0.2, self.training)")),
        False,
    ),
    (
        "centre-left-out-of-the-gradient",
        plain(("self.center(self.down4(x4))", "self.center(self.down4(x4)).detach()")),
        False,
    ),
    ("finest-skip-silenced", plain(("y = self.up4(y, x1)", "y = self.up4(y, torch.zeros_like(x1))")), False),
    ("relu-after-the-transposed-convolution", plain(("x1 = self.up(x1)", "x1 = self.up(x1).relu()")), False),
    ("single-mask-only", edit(VERBOSE, ("out_channels, kernel_size=1)", "1, kernel_size=1)")), False),
]
