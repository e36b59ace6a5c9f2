"""The networks' channels, strides and sizes: the only place where the figures' numbers are written.

`tests/figs/test_networks.py` compares every entry with torchvision's networks, so that drawing needs no torch.
"""

from dataclasses import dataclass

__all__ = [
    "CENTRE_CHANNELS",
    "DECODER",
    "EFFICIENTNET_B0",
    "ENCODER",
    "FEATURE_CHANNELS",
    "IMAGENET_CLASSES",
    "IMAGENET_IMAGES",
    "IMAGENET_SIDE",
    "ISIC_IMAGES",
    "PARAMETERS",
    "RESNET18",
    "SIDE",
    "UNET_WIDTHS",
    "Level",
    "Part",
    "SmartUp",
    "Stage",
    "millions",
    "side_after",
]

SIDE = 64  # pixels: height and width of the course's images
IMAGENET_SIDE = 224  # pixels: what EfficientNet-B0 was trained on
IMAGENET_CLASSES = 1000
IMAGENET_IMAGES = "1.28 million"
ISIC_IMAGES = 900
UNET_WIDTHS = tuple(64 * 2**level for level in range(5))


@dataclass(frozen=True)
class Stage:
    """One entry of `efficientnet_b0().features`; `expansion` is None for a plain convolution."""

    kernel: int
    stride: int
    channels: int
    repeats: int
    expansion: int | None = None

    @property
    def name(self) -> str:
        """What the stage is made of, as in the paper: MBConv6 widens its channels sixfold inside."""
        return "Conv" if self.expansion is None else f"MBConv{self.expansion}"


EFFICIENTNET_B0 = (
    Stage(kernel=3, stride=2, channels=32, repeats=1),
    Stage(kernel=3, stride=1, channels=16, repeats=1, expansion=1),
    Stage(kernel=3, stride=2, channels=24, repeats=2, expansion=6),
    Stage(kernel=5, stride=2, channels=40, repeats=2, expansion=6),
    Stage(kernel=3, stride=2, channels=80, repeats=3, expansion=6),
    Stage(kernel=5, stride=1, channels=112, repeats=3, expansion=6),
    Stage(kernel=5, stride=2, channels=192, repeats=4, expansion=6),
    Stage(kernel=3, stride=1, channels=320, repeats=1, expansion=6),
    Stage(kernel=1, stride=1, channels=1280, repeats=1),
)
FEATURE_CHANNELS = EFFICIENTNET_B0[-1].channels
CENTRE_CHANNELS = 512


def side_after(index: int, image_side: int) -> int:
    """Return the height and width after `features[index]` for an image of `image_side` pixels."""
    for stage in EFFICIENTNET_B0[: index + 1]:
        image_side = -(-image_side // stage.stride)
    return image_side


@dataclass(frozen=True)
class Level:
    """A part of the U-Net's encoder: the stages `first` to `last` of EfficientNet-B0, both included."""

    name: str
    first: int
    last: int

    @property
    def channels(self) -> int:
        """Channels it hands on."""
        return EFFICIENTNET_B0[self.last].channels

    @property
    def features(self) -> str:
        """Where to find it in torchvision's model."""
        return f"features[{self.first}]" if self.first == self.last else f"features[{self.first}:{self.last + 1}]"

    def side(self, image_side: int = SIDE) -> int:
        """Return the height and width of its maps for an image of `image_side` pixels."""
        return side_after(self.last, image_side)


ENCODER = (
    Level("inc", 0, 1),
    Level("down1", 2, 2),
    Level("down2", 3, 3),
    Level("down3", 4, 4),
    Level("down4", 5, 7),
)


@dataclass(frozen=True)
class SmartUp:
    """A decoder step: channels from below, channels of the skip, channels handed on."""

    name: str
    below: int
    skip: int
    out: int


def _decoder() -> tuple[SmartUp, ...]:
    """Derive the decoder: each step takes what came before and the next higher skip, and keeps the skip's channels."""
    steps, below = [], CENTRE_CHANNELS
    for number, level in enumerate(reversed(ENCODER[:-1]), start=1):
        steps.append(SmartUp(f"up{number}", below, level.channels, level.channels))
        below = level.channels
    return tuple(steps)


DECODER = _decoder()
PARAMETERS = {"encoder": 3_595_388, "decoder": 4_258_545}  # of U-Net on EfficientNet-B0: frozen, trained


def millions(part: str) -> str:
    """Return the parameters of "encoder" or "decoder" in words, as "3.6 million"."""
    return f"{PARAMETERS[part] / 1e6:.1f} million"


@dataclass(frozen=True)
class Part:
    """A part of ResNet-18 that can learn: its attribute, channels it hands on, stride since the image, parameters."""

    name: str
    channels: int
    stride: int
    parameters: int


RESNET18 = (
    Part("conv1, bn1", 64, 2, 9_536),
    Part("layer1", 64, 4, 147_968),
    Part("layer2", 128, 8, 525_568),
    Part("layer3", 256, 16, 2_099_712),
    Part("layer4", 512, 32, 8_393_728),
)
"""With the stem for colours; the head comes on top, with 512 weights and a bias for each class."""
