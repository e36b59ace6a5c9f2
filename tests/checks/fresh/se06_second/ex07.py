"""Exercise 7: answers from the exercise text, by a second reader."""

from tests.checks.fresh import edit

VALID = """
valid_transform = v2.Compose([
    v2.Resize((SIDE, SIDE), antialias=True), v2.ToDtype(torch.float32, scale=True), v2.Normalize([mean], [std]),
])
"""

COMPOSE = (
    """
train_transform = v2.Compose([
    v2.Resize((SIDE, SIDE)),
    v2.RandomHorizontalFlip(p=0.5),
    v2.RandomRotation(degrees=10, interpolation=v2.InterpolationMode.BILINEAR),
    v2.ColorJitter(brightness=0.2, contrast=0.2),
    v2.ToDtype(torch.float32, scale=True),
    v2.Normalize(mean=[mean], std=[std]),
])
"""
    + VALID
)

FACTORY = '''
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

logger = logging.getLogger("augmentation")
logger.addHandler(logging.NullHandler())


@dataclass(frozen=True)
class Policy:
    """How far an X-ray may vary without changing its answer."""

    flip: float = 0.5
    degrees: float = 10.0
    brightness: float = 0.2
    contrast: float = 0.2

    def __post_init__(self) -> None:
        """Refuse what would invent patients."""
        if not 0 <= self.flip <= 1:
            raise ValueError("flip is a probability")
        if not 0 <= self.degrees <= 10:
            raise ValueError("nobody is X-rayed at that angle")

    def steps(self) -> list[nn.Module]:
        """Return the random part of the pipeline."""
        return [
            v2.RandomHorizontalFlip(self.flip),
            v2.RandomRotation((-self.degrees, self.degrees), interpolation=v2.InterpolationMode.BILINEAR, fill=0),
            v2.ColorJitter(brightness=self.brightness, contrast=self.contrast),
        ]


def _geometry(side: int) -> Sequence[nn.Module]:
    """Bring the whole image to a square."""
    return (v2.Resize(size=(side, side), antialias=True),)


def _numbers(average: float, spread: float) -> Sequence[nn.Module]:
    """Turn grey values into normalised floats."""
    return (v2.ToDtype(torch.float32, scale=True), v2.Normalize(mean=[average], std=[spread]))


def build_transform(policy: Policy | None) -> Callable[[torch.Tensor], torch.Tensor]:
    """Build a pipeline; without a policy nothing in it is random.

    Args:
        policy: the augmentation, or None.

    Returns:
        A function from (1, H, W) in uint8 to (1, SIDE, SIDE) in float.
    """
    random_steps = [] if policy is None else policy.steps()
    pipeline = v2.Compose([*_geometry(SIDE), *random_steps, *_numbers(mean, std)])
    logger.debug("pipeline: %s", pipeline)
    return pipeline


train_transform = build_transform(Policy())
valid_transform = build_transform(None)
'''

BY_HAND = '''
import math


class ToSquare:
    """The deterministic part: a square of floats from 0 to 1, then normalised."""

    def __init__(self, side, mean, std):
        self.side, self.mean, self.std = side, mean, std

    def square(self, image):
        image = image[None].to(torch.float32) / 255.0
        size = (self.side, self.side)
        return F.interpolate(image, size=size, mode="bilinear", align_corners=False, antialias=True).clamp(0, 1)

    def vary(self, image):
        """Nothing varies here."""
        return image

    def __call__(self, image):
        return ((self.vary(self.square(image)) - self.mean) / self.std)[0]


class Augmented(ToSquare):
    """The same with a random flip, a random rotation, and random tones."""

    def vary(self, image):
        if torch.rand(()) < 0.5:
            image = image.flip(-1)
        image = self.rotate(image, torch.empty(()).uniform_(-9, 9).item())
        bright, contrast = torch.empty(2).uniform_(0.8, 1.2).tolist()
        image = (image * bright).clamp(0, 1)
        level = image.mean()
        return (level + (image - level) * contrast).clamp(0, 1)

    @staticmethod
    def rotate(image, degrees):
        c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        matrix = torch.tensor([[[c, -s, 0.0], [s, c, 0.0]]])
        grid = F.affine_grid(matrix, list(image.shape), align_corners=False)
        return F.grid_sample(image, grid, mode="bilinear", padding_mode="zeros", align_corners=False)


train_transform, valid_transform = Augmented(SIDE, mean, std), ToSquare(SIDE, mean, std)
'''

FUNCTIONAL = """
import random
import torchvision.transforms.v2.functional as TF

def valid_transform(image):
    image = TF.resize(image, [SIDE, SIDE], antialias=True)
    return TF.normalize(TF.to_dtype(image, torch.float32, scale=True), [mean], [std])

def train_transform(image, p=0.5, angle=10, tone=0.2):
    image = TF.resize(image, [SIDE, SIDE], antialias=True)
    if random.random() < p:
        image = TF.horizontal_flip(image)
    image = TF.rotate(image, random.uniform(-angle, angle), interpolation=TF.InterpolationMode.BILINEAR)
    image = TF.adjust_contrast(image, random.uniform(1 - tone, 1 + tone))
    image = TF.adjust_brightness(image, random.uniform(1 - tone, 1 + tone))
    return valid_transform(image)
"""

SEQUENTIAL = """
common = [v2.ToDtype(torch.float32, scale=True), v2.Normalize([mean], [std])]
size = v2.Resize([SIDE] * 2)
train_transform = nn.Sequential(
    size,
    v2.RandomApply([v2.RandomAffine(degrees=(-8, 8))], p=0.7),
    v2.ColorJitter(contrast=(0.85, 1.15)),
    v2.ColorJitter(brightness=(0.85, 1.15)),
    v2.RandomHorizontalFlip(),
    *common,
)
valid_transform = nn.Sequential(size, *common)
"""

ANSWERS = [
    ("composed", COMPOSE, True),
    ("policy-and-factory", FACTORY, True),
    ("classes-by-hand-with-a-grid", BY_HAND, True),
    ("functions-with-python-random", FUNCTIONAL, True),
    ("sequential-with-a-rotation-in-some", SEQUENTIAL, True),
    (
        "normalised-on-the-old-scale",
        """
steps = lambda *more: v2.Compose([v2.Resize((SIDE, SIDE)), *more, v2.ToDtype(torch.float32), v2.Normalize([255 * mean], [255 * std])])
train_transform = steps(v2.RandomHorizontalFlip(), v2.RandomRotation(7), v2.ColorJitter(0.15, 0.15))
valid_transform = steps()
""",
        True,
    ),
    (
        "old-transforms-through-pil",
        """
from torchvision import transforms as T

base = [T.ToTensor(), T.Normalize((mean,), (std,))]
train_transform = T.Compose([
    T.ToPILImage(),
    T.Resize((SIDE, SIDE)),
    T.RandomHorizontalFlip(),
    T.RandomRotation(10),
    T.ColorJitter(brightness=0.2, contrast=0.2),
    *base,
])
valid_transform = T.Compose([T.ToPILImage(), T.Resize((SIDE, SIDE)), *base])
""",
        True,
    ),
    (
        "floats-first-then-random-order-of-tones",
        """
train_transform = v2.Compose([
    v2.ToDtype(torch.float32, scale=True),
    v2.Resize(size=(SIDE, SIDE), antialias=True),
    v2.RandomOrder([
        v2.ColorJitter(brightness=(0.8, 1.2)),
        v2.ColorJitter(contrast=(0.8, 1.2)),
        v2.RandomChoice([v2.RandomHorizontalFlip(1.0), nn.Identity()], p=[0.5, 0.5]),
    ]),
    v2.RandomRotation([-10, 10], interpolation=v2.InterpolationMode.BILINEAR),
    v2.Lambda(lambda x: (x - mean) / std),
])
valid_transform = lambda image: (F.interpolate(image[None] / 255, (SIDE, SIDE), mode="bilinear", antialias=True)[0] - mean) / std
""",
        True,
    ),
    (
        "own-transforms-derived-from-v2",
        '''
from typing import Any


class RandomTones(v2.Transform):
    """Change brightness and contrast by one random factor each."""

    def __init__(self, low: float = 0.8, high: float = 1.2) -> None:
        super().__init__()
        assert 0 < low <= 1 <= high
        self.low = low
        self.high = high

    def make_params(self, flat_inputs: list[Any]) -> dict[str, float]:
        """Draw the two factors."""
        brightness, contrast = torch.empty(2).uniform_(self.low, self.high).tolist()
        return {"brightness": brightness, "contrast": contrast}

    def transform(self, inpt: Any, params: dict[str, float]) -> Any:
        """Apply them, brightness first."""
        inpt = v2.functional.adjust_brightness(inpt, params["brightness"])
        return v2.functional.adjust_contrast(inpt, params["contrast"])


class SmallRotation(v2.Transform):
    """Rotate by a few degrees to either side."""

    def __init__(self, degrees: float = 10.0) -> None:
        super().__init__()
        self.degrees = degrees

    def make_params(self, flat_inputs: list[Any]) -> dict[str, float]:
        """Draw an angle."""
        return {"angle": (2 * torch.rand(()).item() - 1) * self.degrees}

    def transform(self, inpt: Any, params: dict[str, float]) -> Any:
        """Rotate around the middle; what comes in from outside is black."""
        return v2.functional.rotate(inpt, params["angle"], interpolation=v2.InterpolationMode.BILINEAR)


to_square = v2.Resize((SIDE, SIDE), antialias=True)
to_numbers = v2.Compose([v2.ToDtype(torch.float32, scale=True), v2.Normalize([mean], [std])])

train_transform = v2.Compose([to_square, v2.RandomHorizontalFlip(), SmallRotation(), RandomTones(), to_numbers])
valid_transform = v2.Compose([to_square, to_numbers])
''',
        True,
    ),
    (
        "generator-of-its-own-and-partial",
        """
from functools import partial, reduce
import torchvision.transforms.v2.functional as TF

rng = np.random.default_rng()
square = partial(TF.resize, size=[SIDE, SIDE])
finish = lambda x: (x.float() / 255).sub(mean).div(std)
chain = lambda *fs: lambda x: reduce(lambda y, f: f(y), fs, x)
train_transform = chain(
    square,
    lambda x: x.flip(2) if rng.integers(2) else x,
    lambda x: TF.affine(x, angle=rng.uniform(-10, 10), translate=[0, 0], scale=1.0, shear=[0.0, 0.0]),
    lambda x: TF.adjust_brightness(x, rng.uniform(0.8, 1.2)),
    lambda x: TF.adjust_contrast(x, rng.uniform(0.8, 1.2)),
    finish,
)
valid_transform = chain(square, finish)
""",
        True,
    ),
    # wrong
    (
        "flip-half-of-a-half",
        edit(COMPOSE, ("v2.RandomHorizontalFlip(p=0.5)", "v2.RandomApply([v2.RandomHorizontalFlip()], p=0.5)")),
        False,
    ),
    (
        "flips-in-turn",
        edit(
            FUNCTIONAL,
            ("import random\n", "import random\nfrom itertools import cycle\n\nturns = cycle((0.0, 1.0))\n"),
            ("random.random() < p", "next(turns) < p"),
        ),
        False,
    ),
    (
        "angle-drawn-at-definition",
        edit(
            FUNCTIONAL,
            (
                "def train_transform(image, p=0.5, angle=10, tone=0.2)",
                "def train_transform(image, p=0.5, angle=random.uniform(4, 10), tone=0.2)",
            ),
            ("random.uniform(-angle, angle)", "angle"),
        ),
        False,
    ),
    (
        "flip-decided-at-definition",
        edit(
            FACTORY,
            (
                "            v2.RandomHorizontalFlip(self.flip),\n",
                "            v2.RandomHorizontalFlip(float(torch.rand(()) < self.flip)),\n",
            ),
        ),
        False,
    ),
    (
        "tones-drawn-at-definition",
        edit(
            FACTORY,
            (
                "brightness=self.brightness, contrast=self.contrast)",
                "brightness=(b := 0.85 + 0.3 * torch.rand(()).item(), b), contrast=self.contrast)",
            ),
        ),
        False,
    ),
    (
        "seeded-in-every-call",
        edit(
            FUNCTIONAL,
            (
                "    image = TF.resize(image, [SIDE, SIDE], antialias=True)\n    if random",
                "    image = TF.resize(image, [SIDE, SIDE], antialias=True)\n    random.seed(42)\n    if random",
            ),
        ),
        False,
    ),
    (
        "results-kept-by-image",
        edit(
            FACTORY,
            (
                "train_transform = build_transform(Policy())",
                "class Cached:\n    def __init__(self, pipeline):\n        self.pipeline, self.kept = pipeline, {}\n\n    def __call__(self, image):\n        key = image.numpy().tobytes()\n        if key not in self.kept:\n            self.kept[key] = self.pipeline(image)\n        return self.kept[key]\n\n\ntrain_transform = Cached(build_transform(Policy()))",
            ),
        ),
        False,
    ),
    ("contrast-around-black", edit(BY_HAND, ("level = image.mean()", "level = 0")), False),
    ("brightness-added", edit(BY_HAND, ("(image * bright).clamp", "(image + bright - 1).clamp")), False),
    (
        "tones-twice",
        edit(
            COMPOSE,
            (
                "    v2.ColorJitter(brightness=0.2, contrast=0.2),\n",
                "    *2 * (v2.ColorJitter(brightness=0.2, contrast=0.2),),\n",
            ),
        ),
        False,
    ),
    (
        "rotation-twice",
        edit(
            FACTORY,
            ("            v2.ColorJitter(", "            v2.RandomAffine(self.degrees),\n            v2.ColorJitter("),
        ),
        False,
    ),
    ("rotation-around-the-corner", edit(COMPOSE, ("degrees=10,", "degrees=10, center=(0, 0),")), False),
    (
        "rotation-grows-the-canvas",
        edit(
            COMPOSE,
            ("    v2.Resize((SIDE, SIDE)),\n    v2.RandomH", "    v2.RandomH"),
            (
                "interpolation=v2.InterpolationMode.BILINEAR),\n    v2.Color",
                "expand=True),\n    v2.Resize((SIDE, SIDE)),\n    v2.Color",
            ),
        ),
        False,
    ),
    (
        "zoom-along-with-the-rotation",
        edit(SEQUENTIAL, ("degrees=(-8, 8)", "degrees=(-8, 8), scale=(0.93, 1.07)")),
        False,
    ),
    (
        "degrees-taken-for-radians",
        edit(
            BY_HAND,
            (
                "math.cos(math.radians(degrees)), math.sin(math.radians(degrees))",
                "math.cos(degrees), math.sin(degrees)",
            ),
        ),
        False,
    ),
    ("shear-in-a-grid", edit(BY_HAND, ("[[[c, -s, 0.0], [s, c, 0.0]]]", "[[[c, -s, 0.0], [0.0, c, 0.0]]]")), False),
    ("rotation-to-one-side", edit(BY_HAND, ("uniform_(-9, 9)", "uniform_(0, 9)")), False),
    ("rotation-too-rare", edit(SEQUENTIAL, ("p=0.7", "p=0.03")), False),
    ("rotation-hardly-at-all", edit(BY_HAND, ("uniform_(-9, 9)", "uniform_(-2, 2)")), False),
    (
        "whole-numbers-overflow",
        edit(
            FUNCTIONAL,
            (
                "TF.adjust_brightness(image, random.uniform(1 - tone, 1 + tone))",
                "(image.float() * random.uniform(1 - tone, 1 + tone)).to(torch.int64).to(torch.uint8)",
            ),
        ),
        False,
    ),
    ("scaled-by-the-brightest-pixel", edit(BY_HAND, ("/ 255.0", "/ image.max().clamp(min=1)")), False),
    (
        "scaled-only-if-it-looks-necessary",
        edit(
            BY_HAND,
            (
                "        image = image[None].to(torch.float32) / 255.0\n",
                "        image = image[None].to(torch.float32)\n        if image.max() > 1:\n            image = image / 255.0\n",
            ),
        ),
        False,
    ),
    (
        "divided-by-256",
        edit(
            FUNCTIONAL,
            ("TF.normalize(TF.to_dtype(image, torch.float32, scale=True),", "TF.normalize(image.float() / 256,"),
        ),
        False,
    ),
    (
        "statistics-of-the-image-itself",
        edit(
            BY_HAND,
            (
                "        return ((self.vary(self.square(image)) - self.mean) / self.std)[0]",
                "        image = self.vary(self.square(image))\n        return ((image - image.mean()) / image.std().clamp(min=1e-6))[0]",
            ),
        ),
        False,
    ),
    (
        "image-flipped-in-place",
        edit(
            FUNCTIONAL,
            (
                "        image = TF.horizontal_flip(image)",
                "        image = image.copy_(TF.horizontal_flip(image).clone())",
            ),
        ),
        False,
    ),
    (
        "original-flipped-in-place",
        edit(
            FUNCTIONAL,
            (
                "    image = TF.resize(image, [SIDE, SIDE], antialias=True)\n    if random.random() < p:\n        image = TF.horizontal_flip(image)",
                "    if random.random() < p:\n        image.copy_(image.flip(-1).clone())\n    image = TF.resize(image, [SIDE, SIDE], antialias=True)",
            ),
        ),
        False,
    ),
    (
        "shorter-side-then-middle",
        edit(
            FACTORY,
            (
                "return (v2.Resize(size=(side, side), antialias=True),)",
                "return (v2.Resize(size=side, antialias=True), v2.CenterCrop(side))",
            ),
        ),
        False,
    ),
    (
        "evaluation-mode-taken-for-no-augmentation",
        COMPOSE.split("valid_transform")[0] + "valid_transform = copy.deepcopy(train_transform).eval()\n",
        False,
    ),
    ("flip-in-the-batch-of-one", edit(BY_HAND, ("image.flip(-1)", "image.flip(-2)")), False),
    ("batch-axis-kept", edit(BY_HAND, ("/ self.std)[0]", "/ self.std)")), False),
    (
        "erasing-after-normalising",
        edit(
            COMPOSE,
            (
                "    v2.Normalize(mean=[mean], std=[std]),\n",
                "    v2.Normalize(mean=[mean], std=[std]),\n    v2.RandomErasing(p=0.25, scale=(0.02, 0.05)),\n",
            ),
        ),
        False,
    ),
    (
        "equalised-now-and-then",
        edit(
            SEQUENTIAL,
            ("    v2.RandomHorizontalFlip(),\n", "    v2.RandomHorizontalFlip(),\n    v2.RandomAutocontrast(0.3),\n"),
        ),
        False,
    ),
    (
        "cropped-to-a-square-at-full-scale",
        edit(
            FACTORY,
            (
                "(v2.Resize(size=(side, side), antialias=True),)",
                "(v2.RandomResizedCrop(side, scale=(1.0, 1.0), ratio=(1.0, 1.0), antialias=True),)",
            ),
        ),
        False,
    ),
    (
        "tones-after-normalising",
        edit(
            COMPOSE,
            (
                "    v2.ColorJitter(brightness=0.2, contrast=0.2),\n    v2.ToDtype(torch.float32, scale=True),\n    v2.Normalize(mean=[mean], std=[std]),\n",
                "    v2.ToDtype(torch.float32, scale=True),\n    v2.Normalize(mean=[mean], std=[std]),\n    v2.ColorJitter(brightness=0.2, contrast=0.2),\n",
            ),
        ),
        False,
    ),
    (
        "brightness-for-each-pixel",
        edit(BY_HAND, ("(image * bright).clamp", "(image * torch.empty_like(image).uniform_(0.8, 1.2)).clamp")),
        False,
    ),
    ("gamma-for-contrast", edit(FUNCTIONAL, ("TF.adjust_contrast(", "TF.adjust_gamma(")), False),
    (
        "upside-down-now-and-then",
        edit(
            COMPOSE,
            (
                "    v2.RandomHorizontalFlip(p=0.5),\n",
                "    v2.RandomHorizontalFlip(p=0.5),\n    v2.RandomVerticalFlip(p=0.05),\n",
            ),
        ),
        False,
    ),
    (
        "large-rotation-now-and-then",
        edit(
            FACTORY,
            (
                "            v2.ColorJitter(",
                "            v2.RandomApply([v2.RandomRotation(30)], p=0.05),\n            v2.ColorJitter(",
            ),
        ),
        False,
    ),
    (
        "angles-of-a-normal-distribution",
        edit(FUNCTIONAL, ("random.uniform(-angle, angle)", "random.gauss(0, angle / 2)")),
        False,
    ),
    (
        "to-image-as-in-the-tutorials",
        """
train_transform = v2.Compose([
    v2.ToImage(),
    v2.Resize(size=(SIDE, SIDE), antialias=True),
    v2.RandomHorizontalFlip(p=0.5),
    v2.RandomAffine(degrees=10, translate=(0, 0), scale=(1, 1)),
    v2.ColorJitter(brightness=0.1, contrast=0.1),
    v2.ToDtype(torch.float32, scale=True),
    v2.Normalize(mean=(mean,), std=(std,)),
])
valid_transform = v2.Compose([train_transform.transforms[i] for i in (0, 1, -2, -1)])
""",
        True,
    ),
    (
        "pil-and-image-enhance",
        """
import random
from PIL import Image, ImageEnhance


def _finish(picture):
    return ((torch.from_numpy(np.array(picture, dtype=np.float32) / 255) - mean) / std).unsqueeze(0)


def _start(image):
    return Image.fromarray(image.squeeze(0).numpy()).resize((SIDE, SIDE), Image.Resampling.BILINEAR)


def train_transform(image):
    picture = _start(image)
    if random.getrandbits(1):
        picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    picture = picture.rotate(random.triangular(-10, 10), resample=Image.Resampling.BILINEAR)
    for enhance in (ImageEnhance.Brightness, ImageEnhance.Contrast):
        picture = enhance(picture).enhance(random.uniform(0.8, 1.2))
    return _finish(picture)


def valid_transform(image):
    return _finish(_start(image))
""",
        True,
    ),
    (
        "choice-of-angles-to-either-side",
        """
turn = v2.RandomChoice([v2.RandomRotation((-10, -4)), v2.RandomRotation((4, 10)), nn.Identity()])
ends = v2.Resize((SIDE, SIDE)), v2.Compose([v2.ToDtype(torch.float32, scale=True), v2.Normalize([mean], [std])])
train_transform = v2.Compose([ends[0], v2.ColorJitter(0.2, 0.2), turn, v2.RandomHorizontalFlip(), ends[1]])
valid_transform = v2.Compose(ends)
""",
        True,
    ),
]
