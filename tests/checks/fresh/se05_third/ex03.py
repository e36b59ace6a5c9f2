"""Exercise 3: answers from the exercise text, by a third reader."""

from tests.checks.fresh import edit

HEAD = """
import albumentations as A
import cv2
from albumentations.pytorch import ToTensorV2
"""

PLAIN = (
    HEAD
    + """
train_img_ts = A.Compose(
    [
        A.Resize(64, 64),
        A.HorizontalFlip(p=0.5),
        A.VerticalFlip(p=0.5),
        A.Rotate(limit=10, p=0.5),
        A.ColorJitter(brightness=0.2, contrast=0.2, saturation=0.2, hue=0.05, p=0.5),
        A.Normalize(mean=mean.tolist(), std=std.tolist()),
        ToTensorV2(),
    ]
)
valid_img_ts = A.Compose(
    [
        A.Resize(64, 64),
        A.Normalize(mean=mean.tolist(), std=std.tolist()),
        ToTensorV2(),
    ]
)
"""
)

VERBOSE = (
    HEAD
    + '''
from typing import List, Sequence, Tuple

IMAGE_SIZE: Tuple[int, int] = (64, 64)
MAX_ANGLE: float = 10.0


def as_floats(values: torch.Tensor) -> Tuple[float, ...]:
    """Turn a tensor into plain numbers, which albumentations wants."""
    return tuple(float(value) for value in values.flatten())


def geometric_transforms() -> List[A.BasicTransform]:
    """Return what moves pixels, in the image and the mask alike."""
    return [
        A.HorizontalFlip(p=0.5),
        A.VerticalFlip(p=0.5),
        A.Rotate(limit=(-MAX_ANGLE, MAX_ANGLE), border_mode=cv2.BORDER_REFLECT_101, p=0.5),
    ]


def colour_transforms() -> List[A.BasicTransform]:
    """Return what changes colours."""
    return [
        A.RandomBrightnessContrast(brightness_limit=0.15, contrast_limit=0.15, p=0.6),
        A.HueSaturationValue(hue_shift_limit=8, sat_shift_limit=20, val_shift_limit=0, p=0.6),
    ]


def common_transforms(average: Sequence[float], spread: Sequence[float]) -> List[A.BasicTransform]:
    """Return what every pipeline ends with."""
    return [A.Normalize(mean=average, std=spread, max_pixel_value=255.0), ToTensorV2()]


def build_pipeline(augment: bool, seed: int = 101) -> A.Compose:
    """Build one pipeline.

    Parameters
    ----------
    augment
        Whether to vary the images at random.
    seed
        For the choices to be repeatable.
    """
    steps = [A.Resize(height=IMAGE_SIZE[0], width=IMAGE_SIZE[1], interpolation=cv2.INTER_AREA)]
    if augment:
        steps.extend(geometric_transforms())
        steps.extend(colour_transforms())
    steps.extend(common_transforms(as_floats(mean), as_floats(std)))
    return A.Compose(steps, seed=seed)


train_img_ts = build_pipeline(augment=True)
valid_img_ts = build_pipeline(augment=False)
'''
)

TERSE = (
    HEAD
    + """
end = lambda: [A.Normalize([*map(float, mean)], [*map(float, std)]), A.ToTensorV2()]
train_img_ts = A.Compose([A.Resize(64, 64), A.HorizontalFlip(), A.VerticalFlip(), A.SafeRotate(10), A.ColorJitter(), *end()])
valid_img_ts = A.Compose([A.Resize(64, 64), *end()])
"""
)

NORMALISE = "A.Normalize(mean=mean.tolist(), std=std.tolist())"
ROTATE = "A.Rotate(limit=10, p=0.5)"
FLIPS = "A.HorizontalFlip(p=0.5),\n        A.VerticalFlip(p=0.5),"
COLOUR = "A.ColorJitter(brightness=0.2, contrast=0.2, saturation=0.2, hue=0.05, p=0.5)"


def edit_last(base: str, old: str, new: str) -> str:
    """Replace only the last `old`, which is the validation pipeline's."""
    before, found, after = base.rpartition(old)
    assert found, old
    return before + new + after


def edit_first(base: str, old: str, new: str) -> str:
    """Replace only the first `old`, which is the training pipeline's."""
    assert old in base, old
    return base.replace(old, new, 1)


ANSWERS = [
    ("plain", PLAIN, True),
    ("verbose-builders", VERBOSE, True),
    ("terse-defaults-and-safe-rotate", TERSE, True),
    (
        "numbers-on-the-scale-of-255",
        edit(PLAIN, (NORMALISE, "A.Normalize((mean * 255).tolist(), (std * 255).tolist(), max_pixel_value=1.0)")),
        True,
    ),
    (
        "to-float-first",
        edit(
            PLAIN,
            (NORMALISE, "A.ToFloat(max_value=255.0), A.Normalize(mean.tolist(), std.tolist(), max_pixel_value=1.0)"),
        ),
        True,
    ),
    ("affine-that-only-rotates", edit(PLAIN, (ROTATE, "A.Affine(rotate=(-10, 10), p=0.5)")), True),
    (
        "nested-pipelines",
        HEAD
        + """
flips = A.Sequential([A.HorizontalFlip(p=0.5), A.VerticalFlip(p=0.5)], p=1.0)
turn = A.OneOf([A.Rotate(limit=10, p=1.0)], p=0.5)
colours = A.Compose([A.RandomBrightnessContrast(p=1.0), A.ColorJitter(0, 0, 0.3, 0.1, p=1.0)], p=0.8)
finish = A.Compose([A.Resize(64, 64), A.Normalize(mean=tuple(mean.tolist()), std=tuple(std.tolist())), ToTensorV2()])
train_img_ts = A.Compose([flips, turn, colours, finish])
valid_img_ts = A.Compose([finish])
""",
        True,
    ),
    (
        "flips-as-certain-transforms-in-groups-with-p",
        edit(
            PLAIN,
            (FLIPS, "A.Compose([A.HorizontalFlip(p=1)], p=0.5),\n        A.Compose([A.VerticalFlip(p=1)], p=0.5),"),
        ),
        True,
    ),
    ("rotation-or-nothing", edit(PLAIN, (ROTATE, "A.OneOrOther(A.Rotate(limit=10, p=1), A.NoOp(p=1), p=0.5)")), True),
    (
        "own-normalisation-by-lambda",
        edit(
            PLAIN,
            (
                "train_img_ts = ",
                "centre, spread = mean.numpy().astype('float32'), std.numpy().astype('float32')\n\n"
                "def z_score(image, **_):\n    return (image.astype('float32') / 255 - centre) / spread\n\n"
                "train_img_ts = ",
            ),
            (NORMALISE, "A.Lambda(image=z_score, name='z_score')"),
        ),
        True,
    ),
    (
        "colours-before-resizing-and-flips-last",
        edit(
            PLAIN,
            (
                "        A.Resize(64, 64),\n        A.HorizontalFlip",
                f"        {COLOUR},\n        A.Resize(64, 64),\n        A.HorizontalFlip",
            ),
            (f"        A.Rotate(limit=10, p=0.5),\n        {COLOUR},\n", "        A.Rotate(limit=10, p=0.5),\n"),
        ),
        True,
    ),
    (
        "normalised-before-the-flips",
        HEAD
        + """
scale = A.Normalize(mean=mean.tolist(), std=std.tolist())
train_img_ts = A.Compose([
    A.Resize(64, 64),
    A.ColorJitter(brightness=0.1, contrast=0.1, saturation=0.1, hue=0.03, p=1.0),
    scale,
    A.HorizontalFlip(p=0.5),
    A.VerticalFlip(p=0.5),
    A.Rotate(10, p=0.5),
    ToTensorV2(p=1),
])
valid_img_ts = A.Compose([A.Resize(64, 64), scale, ToTensorV2(p=1)])
""",
        True,
    ),
    (
        "each-colour-property-on-its-own",
        edit(
            PLAIN,
            (
                COLOUR,
                "*(\n            A.ColorJitter(**{**dict(brightness=0, contrast=0, saturation=0, hue=0), name: 0.1}, p=0.5)\n"
                "            for name in ('brightness', 'contrast', 'saturation', 'hue')\n        )",
            ),
        ),
        True,
    ),
    ("rotation-to-one-side-only", edit(PLAIN, (ROTATE, "A.Rotate(limit=(0, 10), p=0.5)")), False),
    ("two-rotations-add-up", edit(PLAIN, (ROTATE, f"{ROTATE},\n        A.SafeRotate(limit=10, p=0.5)")), False),
    (
        "quarter-turns-as-well",
        edit(
            VERBOSE,
            ("        A.VerticalFlip(p=0.5),\n", "        A.VerticalFlip(p=0.5),\n        A.RandomRotate90(p=0.5),\n"),
        ),
        False,
    ),
    (
        "one-flip-out-of-two",
        edit(PLAIN, (FLIPS, "A.OneOf([A.HorizontalFlip(p=1), A.VerticalFlip(p=1)], p=0.5),")),
        False,
    ),
    (
        "whole-pipeline-half-of-the-time",
        edit_first(PLAIN, "        ToTensorV2(),\n    ]\n)", "        ToTensorV2(),\n    ],\n    p=0.5,\n)"),
        False,
    ),
    (
        "normalised-half-of-the-time",
        edit_first(PLAIN, NORMALISE, "A.Normalize(mean=mean.tolist(), std=std.tolist(), p=0.5)"),
        False,
    ),
    (
        "colours-after-normalising",
        edit(PLAIN, (f"        {COLOUR},\n", "")).replace(f"{NORMALISE},", f"{NORMALISE},\n        {COLOUR},", 1),
        False,
    ),
    ("hue-left-out-of-two-transforms", edit(VERBOSE, ("hue_shift_limit=8", "hue_shift_limit=0")), False),
    ("contrast-left-out-of-two-transforms", edit(VERBOSE, ("contrast_limit=0.15", "contrast_limit=0")), False),
    ("colours-never-applied", edit(PLAIN, ("hue=0.05, p=0.5", "hue=0.05, p=0.0")), False),
    (
        "validation-flipped-for-certain",
        edit_last(
            PLAIN, "        A.Resize(64, 64),\n", "        A.Resize(64, 64),\n        A.HorizontalFlip(p=1.0),\n"
        ),
        False,
    ),
    (
        "validation-random-with-a-seed",
        edit_last(
            PLAIN, "        A.Resize(64, 64),\n", "        A.Resize(64, 64),\n        A.VerticalFlip(p=0.5),\n"
        ).replace("        ToTensorV2(),\n    ]\n)\n", "        ToTensorV2(),\n    ],\n    seed=0,\n)\n"),
        False,
    ),
    (
        "validation-crops-the-centre",
        edit_last(PLAIN, "A.Resize(64, 64)", "A.SmallestMaxSize(64), A.CenterCrop(64, 64)"),
        False,
    ),
    (
        "validation-with-imagenet-s-numbers",
        edit_last(
            VERBOSE,
            "valid_img_ts = build_pipeline(augment=False)",
            "valid_img_ts = A.Compose([A.Resize(64, 64), A.Normalize(), ToTensorV2()])",
        ),
        False,
    ),
    ("variance-in-place-of-std", edit(TERSE, ("[*map(float, std)]", "[*map(float, std**2)]")), False),
    (
        "normalised-twice-by-nesting",
        edit_first(
            PLAIN,
            f"{NORMALISE},",
            f"{NORMALISE},\n        A.Normalize(mean=mean.tolist(), std=std.tolist(), max_pixel_value=1.0),",
        ),
        False,
    ),
    (
        "flip-of-the-image-alone-by-lambda",
        edit(
            PLAIN,
            (
                "train_img_ts = ",
                "def mirror(image, **_):\n    return np.ascontiguousarray(image[:, ::-1])\n\ntrain_img_ts = ",
            ),
            ("A.HorizontalFlip(p=0.5)", "A.Lambda(image=mirror, p=0.5)"),
        ),
        False,
    ),
    ("transpose-as-vertical-flip", edit(PLAIN, ("A.VerticalFlip(p=0.5)", "A.Transpose(p=0.5)")), False),
    (
        "training-statistics-reversed",
        edit_first(PLAIN, NORMALISE, "A.Normalize(mean=mean.tolist()[::-1], std=std.tolist()[::-1])"),
        False,
    ),
    (
        "max-pixel-value-one-for-whole-numbers",
        edit(PLAIN, (NORMALISE, "A.Normalize(mean=mean.tolist(), std=std.tolist(), max_pixel_value=1.0)")),
        False,
    ),
    ("validation-without-tensor", edit_last(PLAIN, "        ToTensorV2(),\n", ""), False),
    ("rotation-in-radians", edit(PLAIN, (ROTATE, "A.Rotate(limit=10 * np.pi / 180, p=0.5)")), False),
    ("per-image-normalisation", edit(PLAIN, (NORMALISE, 'A.Normalize(normalization="image_per_channel")')), False),
]
