"""Exercise 3: augmentation pipelines, right and wrong."""

from tests.checks.answers import Wrong

IMPORTS = """
import warnings, cv2
warnings.simplefilter("ignore")
import albumentations as A
from albumentations.pytorch import ToTensorV2
m, s = mean.tolist(), std.tolist()
"""

TRAIN = {
    "resize": "A.Resize(64, 64)",
    "horizontal": "A.HorizontalFlip(p=0.5)",
    "vertical": "A.VerticalFlip(p=0.5)",
    "rotate": "A.Rotate(limit=10, p=0.5)",
    "colours": "A.ColorJitter(brightness=0.2, contrast=0.2, saturation=0.2, hue=0.1, p=0.5)",
    "normalise": "A.Normalize(mean=m, std=s)",
    "tensor": "ToTensorV2()",
}
VALID = {name: TRAIN[name] for name in ("resize", "normalise", "tensor")}


def pipeline(name: str, steps: dict[str, str], options: str = "") -> str:
    """Return the definition of a pipeline; a step that is empty is left out."""
    return f"{name} = A.Compose([{', '.join(step for step in steps.values() if step)}]{options})\n"


def train(order: tuple[str, ...] = tuple(TRAIN), options: str = "", **changes: str) -> str:
    """Return an answer whose training pipeline has other steps."""
    assert changes.keys() <= set(order) | set(TRAIN)
    steps = {name: {**TRAIN, **changes}[name] for name in order}
    return IMPORTS + pipeline("train_img_ts", steps, options) + pipeline("valid_img_ts", VALID)


def valid(options: str = "", first: str = "", **changes: str) -> str:
    """Return an answer whose validation pipeline has other steps."""
    steps = {"first": first, **VALID, **changes}
    return IMPORTS + pipeline("train_img_ts", TRAIN) + pipeline("valid_img_ts", steps, options)


def rotate(step: str) -> str:
    return train(rotate=step)


def colours(*steps: str) -> str:
    return train(colours=", ".join(steps))


RESIZED_LAST = ("horizontal", "vertical", "rotate", "colours", "resize", "normalise", "tensor")
COLOURS_FIRST = ("colours", "resize", "rotate", "vertical", "horizontal", "normalise", "tensor")

RIGHT = {
    "plain": train(),
    "resized last": train(RESIZED_LAST),
    "colours first": train(COLOURS_FIRST),
    "seeded": train(options=", seed=101"),
    "area interpolation, options spelt out": train(
        resize="A.Resize(height=64, width=64, interpolation=cv2.INTER_AREA, p=1.0)", options=", p=1.0"
    ),
    "default probabilities": train(
        horizontal="A.HorizontalFlip()", vertical="A.VerticalFlip()", rotate="A.Rotate(limit=10)"
    ),
    "limits as pairs": rotate("A.Rotate(limit=(-10, 10), border_mode=cv2.BORDER_REFLECT_101, p=0.5)"),
    "white corners": rotate("A.Rotate(limit=10, fill=255, fill_mask=0, p=0.5)"),
    "SafeRotate": rotate("A.SafeRotate(limit=10, p=0.5)"),
    "Affine": rotate("A.Affine(rotate=(-10, 10), p=0.5)"),
    "Affine that keeps the corners": rotate("A.Affine(rotate=(-10, 10), fit_output=True, p=0.5)")
    .replace("A.Compose([A.Resize(64, 64), A.Hor", "A.Compose([A.Hor")
    .replace(
        "A.Normalize(mean=m, std=s), ToTensorV2()])\nvalid",
        "A.Resize(64, 64), A.Normalize(mean=m, std=s), ToTensorV2()])\nvalid",
    ),
    "ShiftScaleRotate without the rest": rotate(
        "A.ShiftScaleRotate(shift_limit=0, scale_limit=0, rotate_limit=10, p=0.5)"
    ),
    "ShiftScaleRotate": rotate("A.ShiftScaleRotate(rotate_limit=10, p=0.5)"),
    "rotated, or not": rotate("A.OneOrOther(A.Rotate(limit=10, p=1.0), A.NoOp(p=1.0), p=0.5)"),
    "one of two rotations": rotate("A.OneOf([A.Rotate(limit=10, p=1), A.SafeRotate(limit=10, p=1)], p=0.5)"),
    "two colour transforms": colours(
        "A.RandomBrightnessContrast(brightness_limit=0.2, contrast_limit=0.2, p=0.5)",
        "A.HueSaturationValue(hue_shift_limit=10, sat_shift_limit=20, val_shift_limit=10, p=0.5)",
    ),
    "two colour transforms, no shift of the value": colours(
        "A.RandomBrightnessContrast(p=0.3)", "A.HueSaturationValue(val_shift_limit=0, p=0.3)"
    ),
    "one of two colour transforms": colours(
        "A.OneOf([A.RandomBrightnessContrast(p=1), A.HueSaturationValue(p=1)], p=0.8)"
    ),
    "four colour transforms": colours(
        "A.ColorJitter(brightness=0.2, contrast=0, saturation=0, hue=0)",
        "A.ColorJitter(brightness=0, contrast=0.2, saturation=0, hue=0)",
        "A.ColorJitter(brightness=0, contrast=0, saturation=0.2, hue=0)",
        "A.ColorJitter(brightness=0, contrast=0, saturation=0, hue=0.1)",
    ),
    "default ColorJitter": colours("A.ColorJitter()"),
    "always recoloured": colours("A.ColorJitter(0.1, 0.1, 0.1, 0.02, p=1)"),
    "seldom and little recoloured": colours("A.ColorJitter(0.1, 0.1, 0.1, 0.05, p=0.2)"),
    "strongly recoloured": colours("A.ColorJitter(0.4, 0.4, 0.4, 0.2, p=0.8)"),
    "brighter only": colours("A.ColorJitter((1.0, 1.3), (1.0, 1.3), (1.0, 1.3), (0.0, 0.1), p=0.5)"),
    "always tinted": colours("A.RandomBrightnessContrast(p=1)", "A.HueSaturationValue(20, 30, 20, p=1)"),
    "nested": IMPORTS
    + "shape = A.Compose([A.HorizontalFlip(p=0.5), A.VerticalFlip(p=0.5), A.Rotate(10, p=0.5)])\n"
    + "colour = A.Sequential([A.ColorJitter(0.2, 0.2, 0.2, 0.1, p=0.5)], p=1.0)\n"
    + "end = [A.Resize(64, 64), A.Normalize(m, s), ToTensorV2()]\n"
    + "train_img_ts, valid_img_ts = A.Compose([shape, colour, *end]), A.Compose(end)\n",
    "floats first": train(
        ("resize", "horizontal", "vertical", "rotate", "colours", "normalise", "tensor"),
        normalise="A.ToFloat(max_value=255), A.Normalize(mean=m, std=s, max_pixel_value=1.0)",
    ),
    "validation in floats": valid(
        normalise="A.ToFloat(max_value=255), A.Normalize(mean=m, std=s, max_pixel_value=1.0)"
    ),
    "validation normalised before it is resized": IMPORTS
    + pipeline("train_img_ts", TRAIN)
    + "valid_img_ts = A.Compose([A.Normalize(m, s), A.Resize(64, 64), ToTensorV2()])\n",
    "validation in two steps": valid(resize="A.Resize(256, 256), A.Resize(64, 64, interpolation=cv2.INTER_AREA)"),
    "validation that keeps proportions": valid(
        resize="A.LongestMaxSize(max_size=64), A.PadIfNeeded(min_height=64, min_width=64)"
    ),
    "other interpolations": valid(resize="A.Resize(64, 64, interpolation=cv2.INTER_CUBIC)"),
    "a little noise as well": colours(TRAIN["colours"], "A.GaussNoise(std_range=(0.01, 0.02), p=0.2)"),
    "a little blur as well": colours(TRAIN["colours"], "A.GaussianBlur(blur_limit=3, p=0.1)"),
    "statistics as tuples of floats": train(
        normalise="A.Normalize(mean=tuple(float(v) for v in mean), std=tuple(float(v) for v in std), max_pixel_value=255.0)"
    ),
    "normalised by hand": train(
        normalise="A.Lambda(image=lambda image, **_: ((image / 255 - m) / s).astype(np.float32), p=1)"
    ),
    "with another target": train(options=", additional_targets={'image2': 'image'}"),
    "replayable": train().replace("train_img_ts = A.Compose", "train_img_ts = A.ReplayCompose"),
}

PUTS, FLIPS, ROTATES, COLOURS, VALIDATES = (
    "train_puts_out_normalised_tensors",
    "train_flips_both_ways",
    "train_rotates_a_little",
    "train_varies_the_colours",
    "valid_only_resizes_and_normalises",
)


def wrong_train(fails: str, says: str, *args, **changes: str) -> Wrong:
    return Wrong(train(*args, **changes), fails, says)


WRONG = {
    # What the training pipeline puts out
    "not resized": wrong_train(PUTS, "has shape (3, 90, 120); expected (3, 64, 64)", resize=""),
    "another size": wrong_train(PUTS, "has shape (3, 128, 128)", resize="A.Resize(128, 128)"),
    "cropped": wrong_train(PUTS, "is cut off or deformed", resize="A.RandomCrop(64, 64, pad_if_needed=True)"),
    "cropped in the middle": wrong_train(PUTS, "is cut off", resize="A.CenterCrop(64, 64, pad_if_needed=True)"),
    "cropped and resized": wrong_train(PUTS, "is cut off", resize="A.RandomResizedCrop((64, 64), scale=(0.1, 0.4))"),
    "no tensor": wrong_train(PUTS, "its channels are still last", tensor=""),
    "not normalised": wrong_train(PUTS, "holds uint8 from", normalise=""),
    "divided by 255 only": wrong_train(PUTS, "only divided by 255", normalise="A.ToFloat(max_value=255)"),
    "floats on 0 to 255": wrong_train(
        PUTS, "still on a scale of 0 to 255", normalise="A.Lambda(image=lambda image, **_: image.astype(np.float32))"
    ),
    "ImageNet's statistics": wrong_train(PUTS, "These are ImageNet's", normalise="A.Normalize()"),
    "one half for each": wrong_train(
        PUTS, "looks normalised with mean 0.5", normalise="A.Normalize((0.5,) * 3, (0.5,) * 3)"
    ),
    "statistics on 0 to 255": wrong_train(
        PUTS, "but not only one of them", normalise="A.Normalize(mean=m, std=s, max_pixel_value=1.0)"
    ),
    "divided by 255 twice": wrong_train(
        PUTS, "divided by 255 twice", normalise="A.ToFloat(255), A.Normalize(mean=m, std=s)"
    ),
    "variance for std": wrong_train(
        PUTS, "variance instead of the standard deviation", normalise="A.Normalize(mean=m, std=[v * v for v in s])"
    ),
    "mean and std swapped": wrong_train(PUTS, "`mean` and `std` are swapped", normalise="A.Normalize(mean=s, std=m)"),
    "blue, green, red": wrong_train(
        PUTS, "The channels are swapped", normalise="A.Normalize(mean=m[::-1], std=s[::-1])"
    ),
    "normalised half of the time": wrong_train(PUTS, "holds uint8", normalise="A.Normalize(mean=m, std=s, p=0.5)"),
    "normalised image by image": wrong_train(
        PUTS, "is not normalised with them", normalise="A.Normalize(normalization='image')"
    ),
    "all of it half of the time": wrong_train(PUTS, "a numpy array", options=", p=0.5"),
    "colours after normalising": wrong_train(
        PUTS,
        "does something change the values after they are normalised?",
        ("resize", "horizontal", "vertical", "rotate", "normalise", "colours", "tensor"),
    ),
    "torchvision's Compose": Wrong(
        IMPORTS
        + "train_img_ts = transforms.Compose([transforms.Resize((64, 64)), transforms.ToTensor(), transforms.Normalize(m, s)])\n"
        + pipeline("valid_img_ts", VALID),
        PUTS,
        "a Compose of torchvision, not an `albumentations.Compose`",
    ),
    "a list of transforms": Wrong(
        train() + "train_img_ts = list(train_img_ts.transforms)\n",
        PUTS,
        "a list of 7 items, not an `albumentations.Compose`",
    ),
    "says it is a Compose": Wrong(
        train() + "class Liar:\n    __class__ = A.Compose\n    def __call__(self, image, mask=None):\n"
        "        return {'image': torch.zeros(3, 64, 64), 'mask': mask}\ntrain_img_ts = Liar()\n",
        PUTS,
        "not an `albumentations.Compose`",
    ),
    "a Compose that does something else": Wrong(
        train() + "class Fixed(A.Compose):\n    def __call__(self, *args, **data):\n"
        "        return {'image': torch.zeros(3, 64, 64), 'mask': torch.zeros(64, 64)}\n"
        "train_img_ts = Fixed(train_img_ts.transforms)\n",
        PUTS,
        "In 100% of the draws part of a picture",
    ),
    # Flips
    "no horizontal flip": wrong_train(FLIPS, "none was flipped horizontally", horizontal=""),
    "no vertical flip": wrong_train(FLIPS, "none was flipped vertically", vertical=""),
    "horizontal twice": wrong_train(FLIPS, "none was flipped vertically", vertical="A.HorizontalFlip(p=0.5)"),
    "always flipped": wrong_train(
        FLIPS, "100% of 600 draws were flipped horizontally", horizontal="A.HorizontalFlip(p=1.0)"
    ),
    "seldom flipped": wrong_train(
        FLIPS, "were flipped vertically; with probability 0.5", vertical="A.VerticalFlip(p=0.2)"
    ),
    "flipped with probability 0": wrong_train(
        FLIPS, "none was flipped horizontally", horizontal="A.HorizontalFlip(p=0)"
    ),
    "one flip or the other": wrong_train(
        FLIPS,
        "0% of 600 draws were flipped both ways",
        horizontal="A.OneOf([A.HorizontalFlip(p=1), A.VerticalFlip(p=1)], p=1)",
        vertical="",
    ),
    "one flip or the other, sometimes": wrong_train(
        FLIPS,
        "were flipped horizontally; with",
        horizontal="A.OneOf([A.HorizontalFlip(), A.VerticalFlip()], p=0.5)",
        vertical="",
    ),
    "both flips at once": wrong_train(
        FLIPS,
        "were flipped both ways; if each flip is drawn on its own",
        horizontal="A.Sequential([A.HorizontalFlip(p=1), A.VerticalFlip(p=1)], p=0.5)",
        vertical="",
    ),
    "flips in a group that seldom runs": wrong_train(
        FLIPS,
        "were flipped horizontally; with",
        horizontal="A.Compose([A.HorizontalFlip(), A.VerticalFlip()], p=0.5)",
        vertical="",
    ),
    "transposed instead": wrong_train(FLIPS, "none was flipped vertically", vertical="A.Transpose(p=0.5)"),
    # Rotation
    "no rotation": wrong_train(ROTATES, "none was rotated", rotate=""),
    "by up to 90 degrees": wrong_train(ROTATES, "at most 10 are asked for", rotate="A.Rotate(limit=90, p=0.5)"),
    "by up to 45 degrees": wrong_train(ROTATES, "at most 10 are asked for", rotate="A.Rotate(limit=45, p=0.5)"),
    "default rotation": wrong_train(ROTATES, "at most 10 are asked for", rotate="A.Rotate(p=0.5)"),
    "by up to 20 degrees": wrong_train(
        ROTATES, "The largest rotation in 600 draws is 20 degrees", rotate="A.Rotate(limit=20, p=0.5)"
    ),
    "by right angles": wrong_train(ROTATES, "is 90 degrees; at most 10", rotate="A.RandomRotate90(p=0.5)"),
    "D4 for flips and rotation": wrong_train(
        ROTATES, "is 90 degrees; at most 10", horizontal="A.D4(p=1)", vertical="", rotate=""
    ),
    "by up to 2 degrees": wrong_train(ROTATES, "up to 10 are asked for", rotate="A.Rotate(limit=2, p=0.5)"),
    "in radians": wrong_train(ROTATES, "none was rotated", rotate="A.Rotate(limit=np.deg2rad(10), p=0.5)"),
    "always rotated": wrong_train(ROTATES, "were rotated; with probability 0.5", rotate="A.Rotate(limit=10, p=1.0)"),
    "seldom rotated": wrong_train(ROTATES, "were rotated; with probability 0.5", rotate="A.Rotate(limit=10, p=0.1)"),
    "always by the same angle": wrong_train(
        ROTATES, "by the same angle, 10 degrees", rotate="A.Affine(rotate=10, p=0.5)"
    ),
    "one way round": wrong_train(ROTATES, "goes the same way round", rotate="A.Rotate(limit=(0, 10), p=0.5)"),
    "default ShiftScaleRotate": wrong_train(ROTATES, "at most 10 are asked for", rotate="A.ShiftScaleRotate(p=0.5)"),
    # Colours
    "no colours": wrong_train(COLOURS, "none of the four varies", colours=""),
    "brightness and contrast only": wrong_train(
        COLOURS, "The saturation does not vary", colours="A.RandomBrightnessContrast(p=0.5)"
    ),
    "hue, saturation and value only": wrong_train(
        COLOURS, "Brightness and contrast do not both vary", colours="A.HueSaturationValue(p=0.5)"
    ),
    "no brightness": wrong_train(
        COLOURS, "Brightness and contrast do not both", colours="A.ColorJitter(0, 0.2, 0.2, 0.1)"
    ),
    "no contrast": wrong_train(
        COLOURS, "Brightness and contrast do not both", colours="A.ColorJitter(0.2, 0, 0.2, 0.1)"
    ),
    "no saturation": wrong_train(COLOURS, "The saturation does not vary", colours="A.ColorJitter(0.2, 0.2, 0, 0.1)"),
    "no hue": wrong_train(COLOURS, "The hue does not vary", colours="A.ColorJitter(0.2, 0.2, 0.2, 0)"),
    "no hue in two transforms": wrong_train(
        COLOURS,
        "The hue does not vary",
        colours="A.RandomBrightnessContrast(), A.HueSaturationValue(hue_shift_limit=0)",
    ),
    "no saturation in two transforms": wrong_train(
        COLOURS,
        "The saturation does not vary",
        colours="A.RandomBrightnessContrast(), A.HueSaturationValue(sat_shift_limit=0)",
    ),
    "no contrast in two transforms": wrong_train(
        COLOURS,
        "Brightness and contrast do not both",
        colours="A.RandomBrightnessContrast(contrast_limit=0), A.HueSaturationValue()",
    ),
    "never recoloured": wrong_train(
        COLOURS, "none of the four varies", colours="A.ColorJitter(0.2, 0.2, 0.2, 0.1, p=0)"
    ),
    "a fixed change of colour": wrong_train(
        COLOURS,
        "Brightness and contrast do not both",
        colours="A.ColorJitter((1.2, 1.2), (1.2, 1.2), (1.2, 1.2), (0.05, 0.05), p=1)",
    ),
    "shades of grey": wrong_train(COLOURS, "Brightness and contrast do not both", colours="A.ToGray(p=0.5)"),
    "gamma only": wrong_train(COLOURS, "Brightness and contrast do not both", colours="A.RandomGamma(p=0.5)"),
    # Validation
    "validation augmented": Wrong(valid() + "valid_img_ts = train_img_ts\n", VALIDATES, "another result each time"),
    "validation flipped": Wrong(valid(first="A.HorizontalFlip(p=0.5)"), VALIDATES, "another result each time"),
    "validation always flipped": Wrong(valid(first="A.VerticalFlip(p=1)"), VALIDATES, "flips or rotates the image"),
    "validation rotated": Wrong(valid(first="A.Rotate(limit=(5, 5), p=1)"), VALIDATES, "flips or rotates the image"),
    "validation recoloured": Wrong(valid(first="A.ColorJitter(p=0.3)"), VALIDATES, "another result each time"),
    "validation not normalised": Wrong(valid(normalise=""), VALIDATES, "holds uint8 from"),
    "validation divided by 255 only": Wrong(
        valid(normalise="A.ToFloat(max_value=255)"), VALIDATES, "only divided by 255"
    ),
    "validation with ImageNet's statistics": Wrong(valid(normalise="A.Normalize()"), VALIDATES, "These are ImageNet's"),
    "validation normalised twice": Wrong(
        valid(normalise="A.Normalize(mean=m, std=s), A.Normalize(mean=m, std=s)"),
        VALIDATES,
        "It looks normalised with mean",
    ),
    "validation without tensor": Wrong(valid(tensor=""), VALIDATES, "a numpy array of shape (64, 64, 3), not a tensor"),
    "validation not resized": Wrong(valid(resize=""), VALIDATES, "has shape (3, 90, 120); expected (3, 64, 64)"),
    "validation of another size": Wrong(valid(resize="A.Resize(224, 224)"), VALIDATES, "has shape (3, 224, 224)"),
    "validation cropped": Wrong(valid(resize="A.CenterCrop(64, 64)"), VALIDATES, "is cut off or deformed"),
    "validation shrunk and cropped": Wrong(
        valid(resize="A.SmallestMaxSize(64), A.RandomCrop(64, 64)"), VALIDATES, "1.3 times too large"
    ),
    "validation still a stub": Wrong(valid() + "valid_img_ts = ...\n", VALIDATES, "still the stub's"),
    "validation is torchvision's": Wrong(
        valid() + "valid_img_ts = transforms.Compose([transforms.Resize((64, 64)), transforms.ToTensor()])\n",
        VALIDATES,
        "not an `albumentations.Compose`",
    ),
    "validation swaps the channels": Wrong(valid(first="A.ChannelShuffle(p=1)"), VALIDATES, "another result each time"),
    "validation half of the time": Wrong(valid(options=", p=0.5"), VALIDATES, "not a tensor"),
    "masks of another shape": Wrong(
        train(tensor="ToTensorV2(), A.Lambda(mask=lambda m, **k: torch.stack([m, m]))"),
        PUTS,
        "turns a mask of shape (H, W)",
    ),
    "always a quarter turn": wrong_train(
        FLIPS, "every picture was turned by a quarter", rotate="A.Rotate(limit=(90, 90), p=1)"
    ),
    "a single mean": Wrong(train() + "mean = torch.tensor([0.5])\n", PUTS, "need three numbers each"),
    "divided by zero": wrong_train(
        PUTS, "contains NaN", normalise="A.Normalize(mean=m, std=s), A.Lambda(image=lambda i, **k: i / np.float32(0))"
    ),
    "cropped now and then": Wrong(
        train(resize="A.Resize(64, 64), A.RandomSizedCrop((40, 40), size=(64, 64), p=0.2)"),
        PUTS,
        "is cut off",
        also=(FLIPS, ROTATES),
    ),
    "random crops": Wrong(
        train(resize="A.Resize(96, 96), A.RandomCrop(64, 64)"), PUTS, "is cut off", also=(FLIPS, ROTATES)
    ),
    "sheared": wrong_train(ROTATES, "is sheared, not rotated", rotate="A.Affine(shear=(-10, 10), p=0.5)"),
    "validation flips now and then": Wrong(
        valid(first="A.VerticalFlip(p=0.1)"), VALIDATES, "gives another result each time"
    ),
    "validation blurs": Wrong(
        valid(first="A.Blur(blur_limit=(7, 7), p=1)"), VALIDATES, "changes borders within the image"
    ),
    "grey now and then instead of another hue": Wrong(
        train(colours="A.RandomBrightnessContrast(), A.ToGray(p=0.3)"), COLOURS, "The hue does not vary"
    ),
}
