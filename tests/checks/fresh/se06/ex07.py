"""Exercise 7: answers from the exercise text alone."""

from tests.checks.fresh import edit

BASE = """
train_transform = v2.Compose([
    v2.Resize((SIDE, SIDE)),
    v2.RandomHorizontalFlip(p=0.5),
    v2.RandomRotation(10),
    v2.ColorJitter(brightness=0.2, contrast=0.2),
    v2.ToDtype(torch.float32, scale=True),
    v2.Normalize([mean], [std]),
])
valid_transform = v2.Compose([
    v2.Resize((SIDE, SIDE)),
    v2.ToDtype(torch.float32, scale=True),
    v2.Normalize([mean], [std]),
])
"""

RESIZE = "    v2.Resize((SIDE, SIDE)),\n"
FLIP = "    v2.RandomHorizontalFlip(p=0.5),\n"
ROTATE = "    v2.RandomRotation(10),\n"
TONES = "    v2.ColorJitter(brightness=0.2, contrast=0.2),\n"
FLOAT = "    v2.ToDtype(torch.float32, scale=True),\n"
NORMALISE = "    v2.Normalize([mean], [std]),\n"
TRAIN, VALID = BASE[: BASE.index("valid_transform")], BASE[BASE.index("valid_transform") :]


def train(*pairs: tuple[str, str]) -> str:
    """Return the plain answer, with the transform for training changed."""
    return edit(TRAIN, *pairs) + VALID


def valid(*pairs: tuple[str, str]) -> str:
    """Return the plain answer, with the transform for validation changed."""
    return TRAIN + edit(VALID, *pairs)


def extra(line: str) -> str:
    """Return the plain answer with one more transform for training, before the values become floats."""
    return train((FLOAT, f"    {line},\n{FLOAT}"))


BY_HAND = """
import random


def _common(x):
    x = x.float() / 255
    x = F.interpolate(x[None], size=(SIDE, SIDE), mode="bilinear", align_corners=False, antialias=True)[0]
    return x


def _rotate(x, degrees):
    return v2.functional.rotate(x, degrees, interpolation=v2.InterpolationMode.BILINEAR)


def train_transform(x):
    x = _common(x)
    if random.random() < 0.5:
        x = x.flip(-1)
    x = _rotate(x, random.uniform(-10, 10))
    x = x * random.uniform(0.8, 1.2)
    grey = x.mean()
    x = (x - grey) * random.uniform(0.8, 1.2) + grey
    return (x.clamp(0, 1) - mean) / std


def valid_transform(x):
    return (_common(x) - mean) / std
"""

ANSWERS = [
    ("plain", BASE, True),
    ("by-hand", BY_HAND, True),
    ("by-hand-without-clamping", edit(BY_HAND, (".clamp(0, 1)", "")), True),
    (
        "floats-first-bilinear-shared-tail",
        """
tail = [v2.Normalize(mean=[mean], std=[std])]
head = [v2.ToDtype(torch.float32, scale=True), v2.Resize([SIDE, SIDE], antialias=True)]
train_transform = v2.Compose(head + [
    v2.ColorJitter(brightness=(0.85, 1.15), contrast=(0.85, 1.15)),
    v2.RandomAffine(degrees=8, interpolation=v2.InterpolationMode.BILINEAR),
    v2.RandomHorizontalFlip(),
] + tail)
valid_transform = v2.Compose(head + tail)
""",
        True,
    ),
    (
        "sequential-and-random-apply",
        """
train_transform = nn.Sequential(
    v2.RandomApply([v2.RandomRotation((-10, 10), interpolation=v2.InterpolationMode.BILINEAR, fill=0)], p=0.3),
    v2.Resize(size=(SIDE, SIDE), interpolation=v2.InterpolationMode.BICUBIC),
    v2.RandomHorizontalFlip(0.5),
    v2.ColorJitter(0.2, 0.2),
    v2.ConvertImageDtype(torch.float32),
    v2.Normalize((mean,), (std,)),
)
valid_transform = nn.Sequential(
    v2.Resize(size=(SIDE, SIDE), interpolation=v2.InterpolationMode.BICUBIC),
    v2.ConvertImageDtype(torch.float32),
    v2.Normalize((mean,), (std,)),
)
""",
        True,
    ),
    (
        "class-with-a-flag",
        """
from dataclasses import dataclass


@dataclass(frozen=True)
class Transform:
    augment: bool
    side: int = SIDE
    degrees: float = 10.0
    tone: float = 0.2

    def __call__(self, image):
        image = v2.functional.resize(image, [self.side, self.side])
        if self.augment:
            if torch.rand(()) < 0.5:
                image = v2.functional.horizontal_flip(image)
            image = v2.functional.rotate(image, float(torch.empty(()).uniform_(-self.degrees, self.degrees)))
            low, high = 1 - self.tone, 1 + self.tone
            image = v2.functional.adjust_brightness(image, float(torch.empty(()).uniform_(low, high)))
            image = v2.functional.adjust_contrast(image, float(torch.empty(()).uniform_(low, high)))
        image = v2.functional.to_dtype(image, torch.float32, scale=True)
        return v2.functional.normalize(image, [mean], [std])


train_transform, valid_transform = Transform(True), Transform(False)
""",
        True,
    ),
    (
        "old-transforms",
        """
from torchvision import transforms as T

train_transform = T.Compose([
    T.Resize((SIDE, SIDE)),
    T.RandomHorizontalFlip(),
    T.RandomRotation(degrees=10),
    T.ColorJitter(brightness=0.15, contrast=0.15),
    T.ConvertImageDtype(torch.float),
    T.Normalize(mean=(mean,), std=(std,)),
])
valid_transform = T.Compose([T.Resize((SIDE, SIDE)), T.ConvertImageDtype(torch.float), T.Normalize((mean,), (std,))])
""",
        True,
    ),
    (
        "shared-base-composed",
        """
prepare = v2.Compose([v2.Resize((SIDE, SIDE)), v2.ToDtype(torch.float32, scale=True)])
normalise = v2.Normalize([mean], [std])
augment = v2.RandomOrder([
    v2.RandomHorizontalFlip(0.5), v2.RandomRotation(5), v2.ColorJitter(brightness=0.1), v2.ColorJitter(contrast=0.1),
])
train_transform = lambda image: normalise(augment(prepare(image)))
valid_transform = lambda image: normalise(prepare(image))
""",
        True,
    ),
    (
        "choice-between-flip-and-identity",
        train((FLIP, "    v2.RandomChoice([v2.Identity(), v2.RandomHorizontalFlip(1)]),\n")),
        True,
    ),
    ("rotation-around-360", train(("RandomRotation(10)", "RandomRotation((350, 370))")), True),
    ("saturation-and-hue-do-nothing-to-grey", train((TONES, "    v2.ColorJitter(0.2, 0.2, 0.2, 0.05),\n")), True),
    ("old-to-dtype-and-lambda", train((FLOAT, "    v2.Lambda(lambda t: t.to(torch.float32) / 255.0),\n")), True),
    (
        "numpy-rotation-grid",
        """
rng = np.random.default_rng()


def _resize(image):
    return F.interpolate(image[None].float(), (SIDE, SIDE), mode="bilinear") / 255


def _standard(batch):
    return batch.sub(mean).div(std)[0]


def train_transform(image):
    batch = _resize(image)
    angle = np.deg2rad(rng.uniform(-10, 10))
    mirror = rng.choice([-1.0, 1.0])
    c, s = float(np.cos(angle)), float(np.sin(angle))
    theta = torch.tensor([[[c * mirror, -s, 0], [s * mirror, c, 0]]], dtype=torch.float32)
    batch = F.grid_sample(batch, F.affine_grid(theta, batch.shape, align_corners=False), align_corners=False)
    brightness, contrast = rng.uniform(0.8, 1.2, size=2)
    batch = (batch * float(brightness)).clamp(0, 1)
    batch = ((batch - batch.mean()) * float(contrast) + batch.mean()).clamp(0, 1)
    return _standard(batch)


def valid_transform(image):
    return _standard(_resize(image))
""",
        True,
    ),
    (
        "contrast-around-the-middle-grey",
        edit(BY_HAND, ("    grey = x.mean()\n", "    grey = 0.5\n")),
        True,
    ),
    (
        "subclassed-transform-with-forward",
        """
class Tones(v2.Transform):
    def make_params(self, flat_inputs):
        return {"b": random.uniform(0.8, 1.2), "c": random.uniform(0.8, 1.2)}

    def transform(self, inpt, params):
        inpt = v2.functional.adjust_contrast(inpt, params["c"])
        return v2.functional.adjust_brightness(inpt, params["b"])


def pipeline(*random_parts):
    return v2.Compose([v2.Resize((SIDE, SIDE)), *random_parts, v2.ToDtype(torch.float32, scale=True),
                       v2.Normalize([mean], [std])])


train_transform = pipeline(v2.RandomHorizontalFlip(), v2.RandomRotation(10, expand=False), Tones())
valid_transform = pipeline()
""",
        True,
    ),
    ("no-flip", train((FLIP, "")), False),
    ("always-flips", train(("p=0.5", "p=1.0")), False),
    ("flips-seldom", train(("p=0.5", "p=0.2")), False),
    ("flips-often", train(("p=0.5", "p=0.8")), False),
    (
        "flips-twice-the-same-way-always",
        train((FLIP, "    v2.RandomHorizontalFlip(1.0),\n    v2.RandomHorizontalFlip(1.0),\n")),
        False,
    ),
    ("upside-down-instead", train(("RandomHorizontalFlip", "RandomVerticalFlip")), False),
    ("upside-down-too", extra("v2.RandomVerticalFlip(0.5)")),
    ("upside-down-one-in-ten", extra("v2.RandomVerticalFlip(0.1)")),
    ("transposed-now-and-then", extra("v2.RandomApply([v2.Lambda(lambda t: t.transpose(-1, -2))], p=0.5)")),
    ("no-rotation", train((ROTATE, ""))),
    ("rotation-up-to-15", train(("RandomRotation(10)", "RandomRotation(15)"))),
    ("rotation-up-to-45", train(("RandomRotation(10)", "RandomRotation(45)"))),
    ("rotation-up-to-180", train(("RandomRotation(10)", "RandomRotation(180)"))),
    ("rotation-to-one-side", train(("RandomRotation(10)", "RandomRotation((0, 10))"))),
    ("rotation-to-the-other-side", train(("RandomRotation(10)", "RandomRotation((-10, 0))"))),
    ("rotation-up-to-two", train(("RandomRotation(10)", "RandomRotation(2)"))),
    ("rotation-always-ten", train(("RandomRotation(10)", "RandomRotation((10, 10))"))),
    ("rotation-one-in-a-hundred", train((ROTATE, "    v2.RandomApply([v2.RandomRotation(10)], p=0.01),\n"))),
    ("rotation-by-radians", edit(BY_HAND, ("random.uniform(-10, 10))", "random.uniform(-10, 10) * np.pi / 180)"))),
    ("rotation-around-a-corner", train(("RandomRotation(10)", "RandomRotation(10, center=(0, 0))"))),
    (
        "rotation-drawn-once",
        train((ROTATE, "    v2.Lambda(lambda t, a=random.uniform(4, 10): v2.functional.rotate(t, a)),\n")),
    ),
    (
        "rotation-by-quarter-turns",
        train((ROTATE, "    v2.Lambda(lambda t: t.rot90(random.randrange(4), (-2, -1))),\n")),
    ),
    ("rotated-twice", train((ROTATE, ROTATE + ROTATE))),
    ("affine-with-shift", train((ROTATE, "    v2.RandomAffine(10, translate=(0.1, 0.1)),\n"))),
    ("affine-with-scale", train((ROTATE, "    v2.RandomAffine(10, scale=(0.9, 1.1)),\n"))),
    ("affine-with-shear", train((ROTATE, "    v2.RandomAffine(10, shear=10),\n"))),
    ("perspective", extra("v2.RandomPerspective(0.3)")),
    ("random-resized-crop", train((RESIZE, "    v2.RandomResizedCrop((SIDE, SIDE)),\n"))),
    ("gentle-random-resized-crop", train((RESIZE, "    v2.RandomResizedCrop((SIDE, SIDE), scale=(0.8, 1.0)),\n"))),
    ("padded-random-crop", extra("v2.RandomCrop(SIDE, padding=4)")),
    ("erasing", extra("v2.RandomErasing(p=0.5)")),
    ("no-tones", train((TONES, ""))),
    ("strong-tones", train(("brightness=0.2, contrast=0.2", "brightness=0.5, contrast=0.5"))),
    ("strong-brightness", train(("brightness=0.2", "brightness=0.4"))),
    ("strong-contrast", train(("contrast=0.2", "contrast=0.4"))),
    ("brightness-only", train((", contrast=0.2", ""))),
    ("contrast-only", train(("brightness=0.2, ", ""))),
    ("tones-hardly-vary", train(("brightness=0.2, contrast=0.2", "brightness=0.002, contrast=0.002"))),
    ("tones-drawn-once", train((TONES, "    v2.ColorJitter((1.1, 1.1), (0.9, 0.9)),\n"))),
    ("tones-on-normalised-values", train((TONES, ""), (NORMALISE, NORMALISE + TONES))),
    ("saturation-and-hue-instead", train((TONES, "    v2.ColorJitter(saturation=0.2, hue=0.05),\n"))),
    ("inverts-now-and-then", extra("v2.RandomInvert(0.2)")),
    ("equalises-now-and-then", extra("v2.RandomEqualize(0.5)")),
    ("trivial-augment", train((ROTATE + TONES, "    v2.TrivialAugmentWide(),\n"))),
    ("normalised-like-imagenet", edit(BASE, ("[mean], [std]", "[0.485], [0.229]"))),
    ("normalised-to-plus-minus-one", edit(BASE, ("[mean], [std]", "[0.5], [0.5]"))),
    ("mean-and-std-swapped", edit(BASE, ("[mean], [std]", "[std], [mean]"))),
    ("variance-instead-of-std", edit(BASE, ("[mean], [std]", "[mean], [std**2]"))),
    ("normalised-by-255", edit(BASE, ("[mean], [std]", "[mean * 255], [std * 255]"))),
    ("not-normalised", edit(BASE, (NORMALISE, ""))),
    ("training-not-normalised", train((NORMALISE, ""))),
    ("validation-not-normalised", valid((NORMALISE, ""))),
    ("training-normalised-twice", train((NORMALISE, NORMALISE + NORMALISE))),
    ("not-scaled", edit(BASE, ("scale=True", "scale=False"))),
    ("scaled-twice", edit(BASE, (FLOAT, FLOAT + "    v2.Lambda(lambda t: t / 255),\n"))),
    ("divided-by-the-largest", edit(BASE, (FLOAT, "    v2.Lambda(lambda t: t.float() / t.max()),\n"))),
    ("divided-by-250", edit(BASE, (FLOAT, "    v2.Lambda(lambda t: t.float() / 250),\n"))),
    (
        "each-image-by-its-own-statistics",
        edit(BASE, (NORMALISE, "    v2.Lambda(lambda t: (t - t.mean()) / (t.std() + 1e-6)),\n")),
    ),
    ("stays-bytes", edit(BASE, (FLOAT + NORMALISE, ""))),
    ("aspect-ratio-kept", edit(BASE, ("v2.Resize((SIDE, SIDE))", "v2.Resize(SIDE)"))),
    ("resized-then-cropped-to-the-middle", edit(BASE, (RESIZE, "    v2.Resize(SIDE),\n    v2.CenterCrop(SIDE),\n"))),
    ("validation-cropped-to-the-middle", valid((RESIZE, "    v2.CenterCrop(SIDE),\n"))),
    (
        "enlarged-and-cropped",
        edit(BASE, (RESIZE, "    v2.Resize((SIDE + 16, SIDE + 16)),\n    v2.CenterCrop(SIDE),\n")),
    ),
    ("training-not-resized", train((RESIZE, ""))),
    ("validation-not-resized", valid((RESIZE, ""))),
    ("half-the-side", edit(BASE, ("(SIDE, SIDE)", "(SIDE // 2, SIDE // 2)"))),
    (
        "padded-to-square",
        edit(
            BASE,
            (
                RESIZE,
                """    v2.Lambda(lambda t: F.pad(
        t, (0, max(t.shape[1] - t.shape[2], 0), 0, max(t.shape[2] - t.shape[1], 0)))),
    v2.Resize((SIDE, SIDE)),
""",
            ),
        ),
    ),
    ("axes-swapped", edit(BASE, (RESIZE, RESIZE + "    v2.Lambda(lambda t: t.transpose(1, 2)),\n"))),
    (
        "three-channels",
        edit(
            BASE,
            (RESIZE, RESIZE + "    v2.Lambda(lambda t: t.expand(3, -1, -1)),\n"),
            ("[mean], [std]", "[mean] * 3, [std] * 3"),
        ),
    ),
    ("without-the-channel", edit(BASE, (NORMALISE, NORMALISE + "    v2.Lambda(lambda t: t[0]),\n"))),
    ("with-a-batch-axis", edit(BASE, (NORMALISE, NORMALISE + "    v2.Lambda(lambda t: t[None]),\n"))),
    ("validation-is-training", TRAIN + "valid_transform = train_transform\n"),
    ("validation-flips", valid((RESIZE, RESIZE + FLIP))),
    ("validation-always-flips", valid((RESIZE, RESIZE + "    v2.RandomHorizontalFlip(1.0),\n"))),
    ("validation-turns-a-little", valid((RESIZE, RESIZE + "    v2.RandomRotation((5, 5)),\n"))),
    ("validation-jitters", valid((RESIZE, RESIZE + TONES))),
    ("validation-sharpens-now-and-then", valid((RESIZE, RESIZE + "    v2.RandomAutocontrast(0.1),\n"))),
    ("training-is-validation", VALID + "train_transform = valid_transform\n"),
    ("train-and-valid-swapped", BASE + "train_transform, valid_transform = valid_transform, train_transform\n"),
    (
        "flips-the-image-in-place",
        train(
            (FLIP, "    v2.Lambda(lambda t: t.copy_(t.flip(-1)) if random.random() < 0.5 else t),\n"),
            (RESIZE, ""),
            (FLOAT, RESIZE + FLOAT),
        ),
    ),
    (
        "same-seed-each-time",
        edit(BY_HAND, ("def train_transform(x):\n", "def train_transform(x):\n    random.seed(0)\n")),
    ),
    ("left-out", "train_transform = ...\nvalid_transform = ...\n"),
    ("lists-instead-of-compose", edit(BASE, ("v2.Compose([", "(["))),
    (
        "brightness-and-contrast-by-the-same-factor-of-one",
        train((TONES, "    v2.ColorJitter(brightness=(1, 1), contrast=(1, 1)),\n")),
    ),
    ("rotation-every-tenth", train((ROTATE, "    v2.RandomApply([v2.RandomRotation(10)], p=0.1),\n")), True),
    ("rotation-up-to-four", train(("RandomRotation(10)", "RandomRotation(4)")), True),
    ("rotation-after-normalising", train((ROTATE, ""), (NORMALISE, NORMALISE + "    v2.RandomRotation(10),\n")), True),
    ("flip-after-normalising", train((FLIP, ""), (NORMALISE, NORMALISE + FLIP)), True),
    ("resize-last-but-floats", train((RESIZE, ""), (FLOAT, FLOAT + RESIZE)), True),
    (
        "nearest-without-antialias",
        edit(BASE, ("(SIDE, SIDE)", "(SIDE, SIDE), interpolation=v2.InterpolationMode.NEAREST_EXACT, antialias=False")),
        True,
    ),
    (
        "through-tv-tensors",
        edit(BASE, (RESIZE, "    v2.ToImage(),\n" + RESIZE), (NORMALISE, NORMALISE + "    v2.ToPureTensor(),\n")),
        True,
    ),
    ("stays-a-tv-tensor", edit(BASE, (RESIZE, "    v2.ToImage(),\n" + RESIZE)), True),
    (
        "pillow",
        """
import random

from PIL import Image, ImageEnhance, ImageOps


def _open(tensor):
    return Image.fromarray(tensor[0].numpy()).resize((SIDE, SIDE), Image.BILINEAR)


def _close(picture):
    array = np.asarray(picture, dtype=np.float32) / 255
    return torch.from_numpy((array - np.float32(mean)) / np.float32(std))[None]


def train_transform(tensor):
    picture = _open(tensor)
    if random.getrandbits(1):
        picture = ImageOps.mirror(picture)
    picture = picture.rotate(random.triangular(-10, 10), resample=Image.BILINEAR)
    for enhance in (ImageEnhance.Brightness, ImageEnhance.Contrast):
        picture = enhance(picture).enhance(random.uniform(0.8, 1.2))
    return _close(picture)


def valid_transform(tensor):
    return _close(_open(tensor))
""",
        True,
    ),
    (
        "whole-degrees-and-reduce",
        """
import random
from functools import partial, reduce

f = v2.functional
chain = lambda *steps: lambda image: reduce(lambda x, step: step(x), steps, image)
common = [partial(f.resize, size=[SIDE, SIDE]), partial(f.to_dtype, dtype=torch.float32, scale=True)]
last = partial(f.normalize, mean=[mean], std=[std])
train_transform = chain(
    *common,
    lambda x: random.choice([x, f.horizontal_flip(x)]),
    lambda x: f.rotate(x, random.choice(range(-10, 11))),
    lambda x: f.adjust_contrast(x, random.uniform(0.8, 1.2)),
    lambda x: f.adjust_brightness(x, random.uniform(0.8, 1.2)),
    last,
)
valid_transform = chain(*common, last)
""",
        True,
    ),
    (
        "gaussian-angle-kept-within-ten",
        edit(BY_HAND, ("random.uniform(-10, 10))", "max(-10.0, min(10.0, random.gauss(0, 4))))")),
        True,
    ),
    ("by-hand-flips-upside-down", edit(BY_HAND, ("x.flip(-1)", "x.flip(-2)"))),
    ("by-hand-flips-both-ways", edit(BY_HAND, ("x.flip(-1)", "x.flip((-2, -1))"))),
    ("by-hand-flips-unless", edit(BY_HAND, ("random.random() < 0.5", "random.random() < 5"))),
    (
        "brightness-overflows",
        train(
            (
                TONES,
                """    v2.ColorJitter(contrast=0.2),
    v2.Lambda(lambda t: (t.float() * random.uniform(0.8, 1.2)).to(torch.int64).remainder(256).to(torch.uint8)),
""",
            )
        ),
    ),
    ("whole-numbers-after-division", edit(BASE, (FLOAT, "    v2.Lambda(lambda t: (t // 255).float()),\n"))),
    ("contrast-much-up", train(("contrast=0.2", "contrast=(0.9, 1.6)"))),
    ("much-darker", train(("brightness=0.2", "brightness=(0.5, 1.0)"))),
    ("contrast-around-zero-is-brightness", edit(BY_HAND, ("    grey = x.mean()\n", "    grey = 0.0\n"))),
    (
        "gamma-instead-of-contrast",
        edit(
            BY_HAND, ("x = (x - grey) * random.uniform(0.8, 1.2) + grey", "x = x.clamp(0, 1) ** random.uniform(0.3, 3)")
        ),
    ),
    ("validation-reshaped", valid((RESIZE, "    v2.Lambda(lambda t: t.reshape(1, SIDE, SIDE)),\n"))),
    (
        "validation-reshaped-by-flattening",
        valid(
            (
                RESIZE,
                "    v2.Lambda(lambda t: t.flatten().repeat(SIDE * SIDE)[: SIDE * SIDE].reshape(1, SIDE, SIDE)),\n",
            )
        ),
    ),
    ("upper-left-corner", edit(BASE, (RESIZE, "    v2.Lambda(lambda t: v2.functional.crop(t, 0, 0, SIDE, SIDE)),\n"))),
    ("shrunk-and-padded", extra("v2.RandomApply([v2.Resize(SIDE - 8), v2.Pad(4)], p=0.5)")),
    ("rolled-sideways", extra("v2.Lambda(lambda t: t.roll(random.randint(-6, 6), -1))")),
    ("zoomed-now-and-then", extra("v2.RandomApply([v2.CenterCrop(SIDE * 3 // 4), v2.Resize((SIDE, SIDE))], p=0.3)")),
    ("training-constant", BASE + "train_transform = lambda image: torch.zeros(1, SIDE, SIDE)\n"),
    ("validation-constant", BASE + "valid_transform = lambda image: torch.zeros(1, SIDE, SIDE)\n"),
    (
        "validation-remembers-the-first-image",
        BASE
        + """
FIRST = []
_real = valid_transform


def valid_transform(image):
    if not FIRST:
        FIRST.append(_real(image))
    return FIRST[0]
""",
    ),
    ("scaled-to-minus-one-to-one", edit(BASE, (FLOAT, FLOAT + "    v2.Lambda(lambda t: 2 * t - 1),\n"))),
    ("only-small-angles-in-most-images", train((ROTATE, "    v2.RandomApply([v2.RandomRotation(30)], p=0.1),\n"))),
    (
        "only-darker-and-more-contrast",
        train((TONES, "    v2.ColorJitter(brightness=(0.8, 1.0), contrast=(1.0, 1.2)),\n")),
        True,
    ),
    ("brighter-by-a-tenth", train(("brightness=0.2, contrast=0.2", "brightness=(1.0, 1.1), contrast=0.1")), True),
]
ANSWERS = [answer if len(answer) == 3 else (*answer, False) for answer in ANSWERS]
