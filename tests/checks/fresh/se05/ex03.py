"""Exercise 3: 30 answers from the exercise text."""

from tests.checks.fresh import edit

BASE = """
import albumentations as A
from albumentations.pytorch import ToTensorV2
train_img_ts = A.Compose([
    A.Resize(64, 64),
    A.HorizontalFlip(p=0.5),
    A.VerticalFlip(p=0.5),
    A.Rotate(limit=10, p=0.5),
    A.ColorJitter(brightness=0.2, contrast=0.2, saturation=0.2, hue=0.1, p=0.5),
    A.Normalize(mean=mean.tolist(), std=std.tolist()),
    ToTensorV2(),
])
valid_img_ts = A.Compose([
    A.Resize(height=64, width=64), A.Normalize(mean=mean.tolist(), std=std.tolist()), ToTensorV2()
])
"""
VALID = """valid_img_ts = A.Compose([
    A.Resize(height=64, width=64), A.Normalize(mean=mean.tolist(), std=std.tolist()), ToTensorV2()
])
"""
TAIL = """
import albumentations as A
from albumentations.pytorch import ToTensorV2
SIZE = 64
m, s = tuple(float(v) for v in mean), tuple(float(v) for v in std)
tail = [A.Normalize(mean=m, std=s, max_pixel_value=255.0), ToTensorV2()]
geometry = A.Compose([A.HorizontalFlip(), A.VerticalFlip(), A.Affine(rotate=(-10, 10), p=0.5)])
colour = A.Compose([A.RandomBrightnessContrast(p=0.5), A.HueSaturationValue(10, 20, 10, p=0.5)])
train_img_ts = A.Compose([geometry, colour, A.Resize(SIZE, SIZE), *tail])
valid_img_ts = A.Compose([A.Resize(SIZE, SIZE)] + tail)
"""
JITTER = "    A.ColorJitter(brightness=0.2, contrast=0.2, saturation=0.2, hue=0.1, p=0.5),\n"
NORM = "    A.Normalize(mean=mean.tolist(), std=std.tolist()),\n"
ROTATE = "    A.Rotate(limit=10, p=0.5),\n"
RESIZE = "    A.Resize(64, 64),\n"

RIGHT = [
    ("plain", BASE),
    ("safe_rotate", edit(BASE, ("A.Rotate(limit=10", "A.SafeRotate(limit=(-10, 10)"))),
    ("nested_affine_two_colours", TAIL),
    ("resize_after_colour", edit(BASE, (RESIZE, ""), (NORM, RESIZE + NORM))),
    ("resize_after_normalize", edit(BASE, (RESIZE, ""), (NORM, NORM + RESIZE))),
    ("colour_first_always", edit(BASE, (JITTER, ""), (RESIZE, JITTER.replace("p=0.5", "p=1.0") + RESIZE))),
    ("colour_seldom", edit(BASE, ("hue=0.1, p=0.5", "hue=0.05, p=0.3"))),
    (
        "jitter_ranges",
        edit(
            BASE,
            (
                "brightness=0.2, contrast=0.2, saturation=0.2, hue=0.1",
                "brightness=(0.8, 1.2), contrast=(0.8, 1.2), saturation=(0.7, 1.3), hue=(-0.1, 0.1)",
            ),
        ),
    ),
    (
        "to_float_first",
        edit(
            BASE,
            (
                NORM,
                "    A.ToFloat(max_value=255),\n"
                "    A.Normalize(mean=mean.tolist(), std=std.tolist(), max_pixel_value=1.0),\n",
            ),
        ),
    ),
    ("one_of_two_rotations", edit(BASE, (ROTATE, "    A.OneOf([A.Rotate(10, p=1), A.SafeRotate(10, p=1)], p=0.5),\n"))),
    (
        "sequential_and_numpy_means",
        edit(
            BASE,
            (
                "    A.HorizontalFlip(p=0.5),\n    A.VerticalFlip(p=0.5),\n",
                "    A.Sequential([A.HorizontalFlip(p=0.5), A.VerticalFlip(p=0.5)], p=1),\n",
            ),
            ("mean=mean.tolist()", "mean=tuple(mean.numpy().tolist())"),
        ),
    ),
    (
        "reflecting_border_seeded",
        edit(
            BASE,
            ("limit=10, p=0.5", "limit=10, border_mode=2, p=0.5"),
            ("    ToTensorV2(),\n])", "    ToTensorV2(),\n], seed=101)"),
        ),
    ),
]
WRONG = [
    ("no_vertical_flip", edit(BASE, ("    A.VerticalFlip(p=0.5),\n", ""))),
    ("flip_twice_the_same", edit(BASE, ("A.VerticalFlip", "A.HorizontalFlip"))),
    (
        "one_of_the_flips",
        edit(
            BASE,
            (
                "    A.HorizontalFlip(p=0.5),\n    A.VerticalFlip(p=0.5),\n",
                "    A.OneOf([A.HorizontalFlip(p=1), A.VerticalFlip(p=1)], p=0.5),\n",
            ),
        ),
    ),
    ("always_flipped", edit(BASE, ("A.HorizontalFlip(p=0.5)", "A.HorizontalFlip(p=1.0)"))),
    ("no_rotation", edit(BASE, (ROTATE, ""))),
    ("rotation_of_90", edit(BASE, ("A.Rotate(limit=10, p=0.5)", "A.Rotate(p=0.5)"))),
    ("rotation_of_30", edit(BASE, ("A.Rotate(limit=10, p=0.5)", "A.Rotate(limit=30, p=0.5)"))),
    ("always_rotated", edit(BASE, ("A.Rotate(limit=10, p=0.5)", "A.Rotate(limit=10, p=1.0)"))),
    (
        "symmetries_of_the_square",
        edit(BASE, ("    A.HorizontalFlip(p=0.5),\n    A.VerticalFlip(p=0.5),\n", "    A.SquareSymmetry(p=1),\n")),
    ),
    ("brightness_and_contrast_only", edit(BASE, (JITTER, "    A.RandomBrightnessContrast(p=0.5),\n"))),
    ("hue_fixed", edit(BASE, ("hue=0.1", "hue=0"))),
    ("saturation_fixed", edit(BASE, ("saturation=0.2", "saturation=0"))),
    ("contrast_fixed", edit(BASE, ("contrast=0.2", "contrast=(1.0, 1.0)"))),
    ("imagenet_statistics", edit(BASE, ("A.Normalize(mean=mean.tolist(), std=std.tolist())", "A.Normalize()"))),
    (
        "mean_and_std_swapped",
        edit(BASE, ("mean=mean.tolist(), std=std.tolist()", "mean=std.tolist(), std=mean.tolist()")),
    ),
    ("uint8_taken_for_floats", edit(BASE, ("std=std.tolist()", "std=std.tolist(), max_pixel_value=1.0"))),
    ("colour_after_normalize", edit(BASE, (JITTER, ""), (NORM, NORM + JITTER))),
    ("no_tensor", edit(BASE, ("    ToTensorV2(),\n", ""))),
    (
        "validation_flips",
        edit(BASE, ("A.Resize(height=64, width=64), ", "A.Resize(height=64, width=64), A.HorizontalFlip(p=0.5), ")),
    ),
    ("validation_is_train", edit(BASE, (VALID, "valid_img_ts = train_img_ts\n"))),
    (
        "validation_not_normalized",
        edit(BASE, ("width=64), A.Normalize(mean=mean.tolist(), std=std.tolist())", "width=64), A.ToFloat()")),
    ),
    (
        "validation_random_crop",
        edit(BASE, ("A.Resize(height=64, width=64)", "A.RandomCrop(height=64, width=64, pad_if_needed=True)")),
    ),
    (
        "size_128",
        edit(BASE, ("A.Resize(64, 64)", "A.Resize(128, 128)"), ("height=64, width=64", "height=128, width=128")),
    ),
    ("whole_pipeline_at_half", edit(BASE, ("    ToTensorV2(),\n])", "    ToTensorV2(),\n], p=0.5)"))),
    (
        "torchvision",
        """
norm = transforms.Normalize(mean, std)
train_img_ts = transforms.Compose([
    transforms.Resize((64, 64)), transforms.RandomHorizontalFlip(), transforms.RandomVerticalFlip(),
    transforms.RandomApply([transforms.RandomRotation(10)]), transforms.ColorJitter(0.2, 0.2, 0.2, 0.1),
    transforms.ToTensor(), norm])
valid_img_ts = transforms.Compose([transforms.Resize((64, 64)), transforms.ToTensor(), norm])
""",
    ),
    ("normalized_per_image", edit(BASE, ("std=std.tolist()", 'std=std.tolist(), normalization="image_per_channel"'))),
]
ANSWERS = [(n, c, True) for n, c in RIGHT] + [(n, c, False) for n, c in WRONG]
