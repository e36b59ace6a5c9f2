"""Exercise 3: answers from the exercise text, by a second reader."""

from tests.checks.fresh import edit

IMPORTS = """
import albumentations as A
import cv2
from albumentations.pytorch import ToTensorV2
"""

BASE = (
    IMPORTS
    + """
train_img_ts = A.Compose([
    A.Resize(64, 64),
    A.HorizontalFlip(p=0.5),
    A.VerticalFlip(p=0.5),
    A.Rotate(limit=10, p=0.5),
    A.ColorJitter(brightness=0.2, contrast=0.2, saturation=0.2, hue=0.05, p=0.5),
    A.Normalize(mean=mean.tolist(), std=std.tolist()),
    ToTensorV2(),
])
valid_img_ts = A.Compose([
    A.Resize(height=64, width=64),
    A.Normalize(mean=mean.tolist(), std=std.tolist(), max_pixel_value=255.0),
    ToTensorV2(),
])
"""
)
FLIPS = "    A.HorizontalFlip(p=0.5),\n    A.VerticalFlip(p=0.5),\n"
ROTATE = "    A.Rotate(limit=10, p=0.5),\n"
JITTER = "    A.ColorJitter(brightness=0.2, contrast=0.2, saturation=0.2, hue=0.05, p=0.5),\n"
NORM = "    A.Normalize(mean=mean.tolist(), std=std.tolist()),\n"
VALID_NORM = "    A.Normalize(mean=mean.tolist(), std=std.tolist(), max_pixel_value=255.0),\n"
VALID_SIZE = "    A.Resize(height=64, width=64),\n"

SHARED = (
    IMPORTS
    + """
size = A.Resize(64, 64, interpolation=cv2.INTER_AREA)
finish = [A.Normalize(tuple(mean.tolist()), tuple(std.tolist())), ToTensorV2()]
augment = [
    A.OneOf([A.HorizontalFlip(p=1), A.NoOp(p=1)], p=1),
    A.OneOf([A.VerticalFlip(p=1), A.NoOp(p=1)], p=1),
    A.OneOf([A.Rotate(10)], p=0.5),
    A.SomeOf([A.RandomBrightnessContrast(p=1), A.HueSaturationValue(p=1)], n=2, p=0.6),
]
train_img_ts, valid_img_ts = A.Compose([size, *augment, *finish], seed=101), A.Compose([size, *finish])
"""
)

DEFAULTS = (
    IMPORTS
    + """
stats = dict(zip(("mean", "std"), (tuple(map(float, t)) for t in (mean, std))))


def pipeline(*augmentations, side=64):
    return A.Compose([*augmentations, A.Resize(side, side), A.Normalize(**stats), ToTensorV2()])


train_img_ts = pipeline(
    A.HorizontalFlip(), A.VerticalFlip(), A.SafeRotate(limit=(-10, 10)), A.ColorJitter(0.1, 0.1, 0.1, 0.02),
)
valid_img_ts = pipeline()
"""
)

OWN_CLASS = (
    IMPORTS
    + """
class Pipeline(A.Compose):
    \"\"\"Resize first, normalise last, whatever comes in between.\"\"\"

    def __init__(self, *between):
        ending = (A.Normalize(mean=mean.numpy().tolist(), std=std.numpy().tolist()), ToTensorV2())
        super().__init__([A.Resize(64, 64), *between, *ending])


train_img_ts = Pipeline(
    A.Compose([A.HorizontalFlip(p=0.5), A.VerticalFlip(p=0.5)]),
    A.Affine(rotate=(-10, 10), p=0.5),
    A.Compose([A.RandomBrightnessContrast(0.15, 0.15, p=0.7), A.HueSaturationValue(6, 15, 0, p=0.7)]),
)
valid_img_ts = Pipeline()
"""
)

LAMBDA = edit(
    BASE,
    (NORM, "    normalise,\n"),
    (VALID_NORM, "    normalise,\n"),
    (
        "\ntrain_img_ts",
        """
m, s = mean.float().numpy(), std.float().numpy()


def zscore(image, **kwargs):
    return ((image.astype(np.float32) / 255 - m) / s).astype(np.float32)


normalise = A.Lambda(name="z-score", image=zscore, p=1)
train_img_ts""",
    ),
)

FILTERED = edit(
    BASE,
    (
        BASE[BASE.index("valid_img_ts") :],
        "valid_img_ts = A.Compose([t for t in train_img_ts.transforms\n"
        "                          if isinstance(t, (A.Resize, A.Normalize, ToTensorV2))])\n",
    ),
)

ANSWERS = [
    ("shared-parts-one-of-no-op", SHARED, True),
    ("factory-with-default-probabilities", DEFAULTS, True),
    ("own-subclass-of-compose-affine", OWN_CLASS, True),
    ("normalised-by-a-lambda", LAMBDA, True),
    ("valid-filtered-from-train", FILTERED, True),
    (
        "scaled-to-one-first-then-normalised",
        edit(
            BASE,
            (
                NORM,
                "    A.ToFloat(max_value=255),\n" + NORM.replace("std.tolist()", "std.tolist(), max_pixel_value=1.0"),
            ),
            (VALID_NORM, "    A.ToFloat(255),\n" + VALID_NORM.replace("255.0", "1")),
        ),
        True,
    ),
    (
        "colours-then-normalised-then-moved",
        edit(
            BASE,
            (
                "    A.Resize(64, 64),\n" + FLIPS + ROTATE + JITTER + NORM,
                JITTER + NORM + "    A.Resize(64, 64),\n" + FLIPS + ROTATE,
            ),
        ),
        True,
    ),
    (
        "statistics-in-grey-levels",
        edit(
            BASE,
            (NORM, "    A.Normalize((mean * 255).tolist(), (std * 255).tolist(), max_pixel_value=1),\n"),
            (VALID_NORM, "    A.Normalize((mean * 255).tolist(), (std * 255).tolist(), max_pixel_value=1),\n"),
        ),
        True,
    ),
    (
        "turned-by-shift-scale-rotate",
        edit(
            "import warnings\n\nwarnings.filterwarnings('ignore', 'ShiftScaleRotate')\n" + BASE,
            (ROTATE, "    A.ShiftScaleRotate(shift_limit=0, scale_limit=0, rotate_limit=10, p=0.5),\n"),
        ),
        True,
    ),
    (
        "replay-compose",
        edit(BASE, ("train_img_ts = A.Compose", "train_img_ts = A.ReplayCompose")),
        True,
    ),
    (
        "two-jitters-each-for-two-properties",
        edit(
            BASE,
            (
                JITTER,
                "    A.ColorJitter((0.9, 1.1), (0.9, 1.1), (1, 1), (0, 0), p=1),\n"
                "    A.ColorJitter((1, 1), (1, 1), (0.9, 1.1), (-0.03, 0.03), p=1),\n",
            ),
        ),
        True,
    ),
    (
        "rotation-with-mirrored-border-and-more-targets",
        edit(
            BASE,
            (
                ROTATE,
                "    A.Rotate((-10.0, 10.0), interpolation=cv2.INTER_CUBIC, border_mode=cv2.BORDER_REFLECT_101),\n",
            ),
            (
                "    ToTensorV2(),\n])\nvalid",
                "    ToTensorV2(transpose_mask=True),\n], additional_targets={'mask2': 'mask'})\nvalid",
            ),
        ),
        True,
    ),
    (
        "one-of-several-colour-changes",
        edit(
            BASE,
            (
                JITTER,
                "    A.OneOf([A.RandomBrightnessContrast(p=1), A.HueSaturationValue(10, 20, 10, p=1)], p=0.8),\n",
            ),
        ),
        True,
    ),
    # wrong: size and shape
    (
        "longest-side-only",
        edit(BASE, (VALID_SIZE, "    A.LongestMaxSize(64),\n"), ("A.Resize(64, 64)", "A.LongestMaxSize(max_size=64)")),
        False,
    ),
    (
        "sides-of-128",
        edit(BASE, ("A.Resize(64, 64)", "A.Resize(128, 128)"), ("height=64, width=64", "height=128, width=128")),
        False,
    ),
    ("valid-of-another-size", edit(BASE, ("height=64, width=64", "height=64, width=96")), False),
    (
        "random-crop-for-validation",
        edit(BASE, (VALID_SIZE, "    A.RandomResizedCrop((64, 64), scale=(0.8, 1.0)),\n")),
        False,
    ),
    ("resize-half-the-time", edit(BASE, ("A.Resize(64, 64)", "A.Resize(64, 64, p=0.5)")), False),
    # wrong: moves
    ("always-flipped", edit(BASE, ("A.HorizontalFlip(p=0.5)", "A.HorizontalFlip(p=1)")), False),
    ("flip-with-a-quarter", edit(BASE, ("A.VerticalFlip(p=0.5)", "A.VerticalFlip(p=0.25)")), False),
    (
        "one-of-the-flips",
        edit(BASE, (FLIPS, "    A.OneOf([A.HorizontalFlip(p=0.5), A.VerticalFlip(p=0.5)], p=0.5),\n")),
        False,
    ),
    ("horizontal-flip-twice", edit(BASE, ("A.VerticalFlip(p=0.5)", "A.HorizontalFlip(p=0.5)")), False),
    (
        "flips-tied-together",
        edit(BASE, (FLIPS, "    A.Compose([A.HorizontalFlip(p=1), A.VerticalFlip(p=1)], p=0.5),\n")),
        False,
    ),
    ("transposed-instead-of-flipped", edit(BASE, ("A.VerticalFlip(p=0.5)", "A.Transpose(p=0.5)")), False),
    ("eight-symmetries-instead-of-flips", edit(BASE, (FLIPS, "    A.D4(p=1),\n")), False),
    (
        "moves-in-a-sequential-of-one-half",
        edit(BASE, (FLIPS + ROTATE, "    A.Sequential([\n" + FLIPS + ROTATE + "    ]),\n")),
        False,
    ),
    (
        "moves-in-a-compose-of-one-half",
        edit(BASE, (FLIPS + ROTATE, "    A.Compose([\n" + FLIPS + ROTATE + "    ], p=0.5),\n")),
        False,
    ),
    ("rotation-any-angle", edit(BASE, ("A.Rotate(limit=10, p=0.5)", "A.Rotate(p=0.5)")), False),
    ("rotation-always-ten-degrees", edit(BASE, (ROTATE, "    A.Affine(rotate=10, p=0.5),\n")), False),
    ("rotation-one-way", edit(BASE, ("limit=10", "limit=(0, 10)")), False),
    ("rotation-up-to-thirty", edit(BASE, ("limit=10", "limit=30")), False),
    ("rotation-in-radians", edit(BASE, ("limit=10", "limit=np.pi / 18")), False),
    ("rotation-in-every-image", edit(BASE, ("A.Rotate(limit=10, p=0.5)", "A.Rotate(limit=10, p=1)")), False),
    ("right-angles-instead-of-degrees", edit(BASE, (ROTATE, "    A.RandomRotate90(p=0.5),\n")), False),
    ("shear-instead-of-rotation", edit(BASE, (ROTATE, "    A.Affine(shear=(-10, 10), p=0.5),\n")), False),
    # wrong: colours
    ("hue-left-alone", edit(BASE, ("hue=0.05", "hue=0")), False),
    ("saturation-fixed-at-one", edit(BASE, ("saturation=0.2", "saturation=(1, 1)")), False),
    (
        "contrast-left-alone",
        edit(BASE, (JITTER, "    A.RandomBrightnessContrast(contrast_limit=0),\n    A.HueSaturationValue(),\n")),
        False,
    ),
    ("hue-changed-once-and-for-all", edit(BASE, ("hue=0.05", "hue=(0.05, 0.05)")), False),
    ("jitter-with-probability-zero", edit(BASE, ("hue=0.05, p=0.5", "hue=0.05, p=0")), False),
    (
        "grey-instead-of-colours",
        edit(BASE, (JITTER, "    A.RandomBrightnessContrast(),\n    A.ToGray(p=0.3),\n")),
        False,
    ),
    ("gamma-and-noise-instead-of-colours", edit(BASE, (JITTER, "    A.RandomGamma(),\n    A.GaussNoise(),\n")), False),
    ("jitter-after-normalisation", edit(BASE, (JITTER + NORM, NORM + JITTER)), False),
    # wrong: values
    ("normalised-half-the-time", edit(BASE, ("std=std.tolist()),", "std=std.tolist(), p=0.5),")), False),
    ("imagenet-by-default", edit(BASE, (NORM, "    A.Normalize(),\n"), (VALID_NORM, "    A.Normalize(),\n")), False),
    ("valid-with-imagenet", edit(BASE, (VALID_NORM, "    A.Normalize(),\n")), False),
    ("variance-for-std", edit(BASE, ("std=std.tolist()", "std=(std**2).tolist()")), False),
    (
        "std-and-mean-swapped",
        edit(
            BASE,
            (NORM, "    A.Normalize(std.tolist(), mean.tolist()),\n"),
            (VALID_NORM, "    A.Normalize(std.tolist(), mean.tolist()),\n"),
        ),
        False,
    ),
    (
        "colours-of-statistics-backwards",
        edit(BASE, ("mean.tolist()", "mean.flip(0).tolist()"), ("std.tolist()", "std.flip(0).tolist()")),
        False,
    ),
    ("one-mean-for-three-channels", edit(BASE, ("mean.tolist()", "[mean.mean().item()] * 3")), False),
    (
        "each-image-by-itself",
        edit(BASE, ("mean=mean.tolist(), std=std.tolist()", "normalization='image_per_channel'")),
        False,
    ),
    (
        "grey-levels-taken-for-one",
        edit(
            BASE,
            ("std=std.tolist()),", "std=std.tolist(), max_pixel_value=1.0),"),
            ("max_pixel_value=255.0", "max_pixel_value=1.0"),
        ),
        False,
    ),
    (
        "divided-by-255-twice",
        edit(BASE, (NORM, "    A.ToFloat(255),\n" + NORM), (VALID_NORM, "    A.ToFloat(255),\n" + VALID_NORM)),
        False,
    ),
    ("only-scaled-to-one", edit(BASE, (NORM, "    A.ToFloat(255),\n"), (VALID_NORM, "    A.ToFloat(255),\n")), False),
    (
        "normalised-twice-in-training",
        edit(BASE, (NORM, NORM + NORM.replace("()),", "(), max_pixel_value=1.0),"))),
        False,
    ),
    (
        "statistics-with-one-digit",
        edit(
            BASE,
            ("mean.tolist()", "[round(v, 1) for v in mean.tolist()]"),
            ("std.tolist()", "[round(v, 1) for v in std.tolist()]"),
        ),
        False,
    ),
    ("mean-zero-std-one", edit(BASE, ("mean.tolist()", "[0.0, 0.0, 0.0]"), ("std.tolist()", "[1.0, 1.0, 1.0]")), False),
    # wrong: validation
    ("valid-always-mirrored", edit(BASE, (VALID_SIZE, VALID_SIZE + "    A.HorizontalFlip(p=1),\n")), False),
    ("valid-always-transposed", edit(BASE, (VALID_SIZE, VALID_SIZE + "    A.Transpose(p=1),\n")), False),
    (
        "valid-always-brighter",
        edit(BASE, (VALID_SIZE, VALID_SIZE + "    A.ColorJitter((1.3, 1.3), (1, 1), (1, 1), (0, 0), p=1),\n")),
        False,
    ),
    ("valid-equalised", edit(BASE, (VALID_SIZE, VALID_SIZE + "    A.Equalize(p=1),\n")), False),
    ("valid-flipped-now-and-then", edit(BASE, (VALID_SIZE, VALID_SIZE + "    A.VerticalFlip(p=0.1),\n")), False),
    (
        "valid-augmented-with-a-seed",
        edit(
            BASE,
            (VALID_SIZE, VALID_SIZE + FLIPS),
            ("255.0),\n    ToTensorV2(),\n]", "255.0),\n    ToTensorV2(),\n], seed=101"),
        ),
        False,
    ),
    ("valid-blurred", edit(BASE, (VALID_SIZE, VALID_SIZE + "    A.Blur(blur_limit=(7, 7), p=1),\n")), False),
    ("valid-is-train", BASE + "valid_img_ts = train_img_ts\n", False),
    ("train-is-valid", BASE + "train_img_ts = valid_img_ts\n", False),
    ("names-swapped", BASE + "train_img_ts, valid_img_ts = valid_img_ts, train_img_ts\n", False),
    # wrong: kind and ending
    ("tensor-forgotten-in-validation", edit(BASE, (VALID_NORM + "    ToTensorV2(),\n", VALID_NORM)), False),
    (
        "channels-last-tensor",
        edit(
            BASE,
            (
                "    ToTensorV2(),\n])\nvalid",
                "    A.Lambda(image=as_tensor),\n])\nvalid",
            ),
            ("\ntrain_img_ts", "\ndef as_tensor(x, **k):\n    return torch.from_numpy(x.copy())\n\n\ntrain_img_ts"),
        ),
        False,
    ),
    (
        "sequential-instead-of-compose",
        edit(
            BASE,
            ("train_img_ts = A.Compose([", "train_img_ts = A.Sequential(["),
            ("    ToTensorV2(),\n])\nvalid", "    ToTensorV2(),\n], p=1)\nvalid"),
        ),
        False,
    ),
    (
        "function-instead-of-compose",
        BASE + "inner = valid_img_ts\n\n\ndef valid_img_ts(**data):\n    return inner(**data)\n",
        False,
    ),
    (
        "torchvision-pipelines",
        IMPORTS
        + """
train_img_ts = transforms.Compose([
    transforms.ToPILImage(), transforms.Resize((64, 64)), transforms.RandomHorizontalFlip(),
    transforms.RandomVerticalFlip(), transforms.ColorJitter(0.2, 0.2, 0.2, 0.05),
    transforms.ToTensor(), transforms.Normalize(mean, std),
])
valid_img_ts = transforms.Compose([
    transforms.ToPILImage(), transforms.Resize((64, 64)), transforms.ToTensor(), transforms.Normalize(mean, std),
])
""",
        False,
    ),
    (
        "whole-pipeline-half-the-time",
        edit(BASE, ("    ToTensorV2(),\n])\nvalid", "    ToTensorV2(),\n], p=0.5)\nvalid")),
        False,
    ),
]
