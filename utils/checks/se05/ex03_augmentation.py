"""Exercise 3: augmentation for training, none for validation."""

import copy

import albumentations as A
import numpy as np

from utils.checks.augmentation import SIDE, draw_views, measure_colours, measure_geometry
from utils.core.exercise import Exercise, criterion
from utils.core.expect import Mismatch, describe, expect, expect_close, expect_shape, plain_tensor

DRAWS = 600
FLIP_SHARE = 0.5
SHARE_MARGIN = 0.09  # 4.4 standard deviations of a share of 0.5 in 600 draws
LARGEST_ANGLE, SMALL_ANGLE, ANGLE_MARGIN = 10.0, 0.7, 1.5  # degrees; the margin is what 64 pixels resolve
TONE_SPREAD, HUE_SPREAD, SATURATION_SPREAD = 0.01, 0.8, 2.2  # rounding to 8 bits makes 0.003, 0.1 and 1.3


def views(train_img_ts, mean, std):
    """Draw from the training transform often enough to estimate shares."""
    _expect_compose(train_img_ts, "train_img_ts")
    return draw_views(train_img_ts, *_statistics(mean, std), DRAWS)


def geometry(views):
    """Measure flips and rotations."""
    return measure_geometry(views)


def colours(views):
    """Measure colour changes."""
    return measure_colours(views)


@criterion(
    points=1,
    hints=(
        "Send one image through the transform and look at type, shape and range of what comes out.",
        "Resize to 64x64, normalise with `mean` and `std`, and turn the result into a tensor, in this order.",
    ),
)
def train_puts_out_normalised_tensors(train_img_ts, mean, std):
    """`train_img_ts` turns any image into a 64x64 tensor, normalised with the computed `mean` and `std`."""
    _expect_compose(train_img_ts, "train_img_ts")
    mean, std = _statistics(mean, std)
    transform = copy.deepcopy(train_img_ts)
    for height, width in ((80, 100), (50, 40)):
        _transformed(transform, np.full((height, width, 3), 128, np.uint8), "train_img_ts")
    measured = measure_colours(draw_views(train_img_ts, mean, std, 60))
    expect(
        measured.grey_gap < 6 and 0.5 < measured.level < 1.6,
        "Undoing the normalisation with your `mean` and `std` does not bring grey back to grey: the images are not "
        "normalised with them (or not on a scale of 0 to 1).",
    )


@criterion(
    points=2,
    hints=(
        "Which two flips are asked for, and how often does each happen?",
        "A horizontal and a vertical flip, each on its own with probability 0.5.",
    ),
)
def train_flips_both_ways(geometry):
    """`train_img_ts` flips half of the images horizontally and half of them vertically, independently."""
    _expect_geometry(geometry)
    for name, share in (("horizontally", geometry.horizontal), ("vertically", geometry.vertical)):
        expect(share > 0, f"Out of {DRAWS} draws none was flipped {name}.")
        expect(
            abs(share - FLIP_SHARE) <= SHARE_MARGIN,
            f"{share:.0%} of {DRAWS} draws were flipped {name}; with probability 0.5 it is about half of them.",
        )


@criterion(
    points=1,
    hints=(
        "How far may a lesion be turned at most, and how often is it turned at all?",
        "The limit is given in degrees: 10 to either side, with probability 0.5.",
    ),
)
def train_rotates_a_little(geometry):
    """`train_img_ts` rotates about half of the images, by up to 10 degrees."""
    _expect_geometry(geometry)
    angles = np.abs(geometry.angles)
    largest, share = angles.max(), np.mean(angles > SMALL_ANGLE)
    expect(share > 0.02, f"Out of {DRAWS} draws none was rotated.")
    expect(
        largest <= LARGEST_ANGLE + ANGLE_MARGIN,
        f"The largest rotation in {DRAWS} draws is {largest:.0f} degrees; at most {LARGEST_ANGLE:g} are asked for.",
    )
    expect(
        largest >= LARGEST_ANGLE - 2,
        f"The largest rotation in {DRAWS} draws is {largest:.1f} degrees; up to {LARGEST_ANGLE:g} are asked for.",
    )
    # A rotation by less than what is measured counts as none, hence the wider margin below.
    expect(
        FLIP_SHARE - SHARE_MARGIN - 0.06 <= share <= FLIP_SHARE + SHARE_MARGIN,
        f"{share:.0%} of {DRAWS} draws were rotated; with probability 0.5 it is about half of them.",
    )


@criterion(
    points=2,
    hints=(
        "Four properties of colour are to vary; which of them does your transform name?",
        "`A.ColorJitter` has an argument for each: brightness, contrast, saturation and hue, none of them 0.",
    ),
)
def train_varies_the_colours(colours):
    """`train_img_ts` varies brightness, contrast, saturation and hue."""
    expect(
        colours.count >= DRAWS // 10,
        "The colours are changed so much that most images are clipped to black or white; vary them less.",
    )
    expect(
        colours.tone > TONE_SPREAD,
        "Brightness and contrast do not both vary: between dark and bright areas only one of them changes, or none.",
    )
    expect(colours.saturation > SATURATION_SPREAD, "The saturation does not vary.")
    expect(colours.hue > HUE_SPREAD, "The hue does not vary.")


@criterion(
    points=2,
    hints=(
        "Validation images are to be measured, not varied: which steps are left?",
        "Resize to 64x64, normalise with `mean` and `std`, tensor; nothing random.",
    ),
)
def valid_only_resizes_and_normalises(valid_img_ts, mean, std):
    """`valid_img_ts` resizes to 64x64, normalises with `mean` and `std` and puts out tensors; nothing is random."""
    _expect_compose(valid_img_ts, "valid_img_ts")
    mean, std = _statistics(mean, std)
    transform, rng = copy.deepcopy(valid_img_ts), np.random.default_rng(3)
    exact = rng.integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8)
    first = _transformed(transform, exact, "valid_img_ts")
    for _ in range(12):
        again = _transformed(transform, exact, "valid_img_ts")
        expect(again.equal(first), "`valid_img_ts` gives another result each time; validation must not be random.")
    _expect_normalised(first, exact, mean, std, 0.03, "A 64x64 image")
    slope = _slope(90, 120)
    _expect_normalised(_transformed(transform, slope, "valid_img_ts"), _slope(SIDE, SIDE), mean, std, 0.25, "A larger image")


def _expect_compose(transform, name) -> None:
    expect(isinstance(transform, A.Compose), f"`{name}` is {describe(transform)}, not an `albumentations.Compose`.")


def _expect_geometry(geometry) -> None:
    expect(
        geometry.lost < 0.05,
        f"In {geometry.lost:.0%} of the draws part of the image is lost or deformed; flips and rotations up to 10 degrees "
        "keep nearly all of it.",
    )


def _statistics(mean, std):
    mean, std = plain_tensor(mean, "`mean`"), plain_tensor(std, "`std`")
    expect(mean.numel() == 3 and std.numel() == 3, "`mean` and `std` need three numbers each; do exercise 2 first.")
    return mean, std


def _transformed(transform, image, name):
    result = transform(image=image.copy())["image"]
    of = f"what `{name}` makes of an image of shape {image.shape}"
    tensor = plain_tensor(result, of)
    expect_shape(tensor, (3, SIDE, SIDE), of)
    expect(tensor.is_floating_point(), f"{of} holds {str(tensor.dtype).removeprefix('torch.')}; normalised values are floats.")
    return tensor


def _expect_normalised(tensor, image, mean, std, atol, what) -> None:
    import torch

    plain = torch.from_numpy(image).double().permute(2, 0, 1) / 255
    shape = (3, 1, 1)
    expected = (plain - mean.double().view(shape)) / std.double().view(shape)
    try:
        expect_close(tensor, expected, f"{what} after `valid_img_ts`", atol)
    except Mismatch as mismatch:
        raise Mismatch(f"{mismatch}{_guess(tensor, plain)}") from None


def _guess(tensor, plain) -> str:
    import torch

    imagenet = torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1), torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1)
    guesses = {
        " It is not normalised.": plain,
        " It is still on a scale of 0 to 255.": 255 * plain,
        " It is normalised with ImageNet's statistics, not the computed ones.": (plain - imagenet[0]) / imagenet[1],
        " Its channels are swapped.": None,
    }
    close = lambda other: other is not None and (tensor.double() - other).abs().max() < 0.1  # noqa: E731
    return next((text for text, other in guesses.items() if close(other)), "")


def _slope(height, width):
    """Draw a picture that looks the same at any size: a slope in each channel."""
    across, down = np.meshgrid((np.arange(width) + 0.5) / width, (np.arange(height) + 0.5) / height)
    return (255 * np.stack([across, down, 1 - across], axis=-1)).astype(np.uint8)


EXERCISE = Exercise(
    number=3,
    title="Augmentation",
    answers=("train_img_ts", "valid_img_ts", "mean", "std"),
    fixtures=(views, geometry, colours),
    criteria=(
        train_puts_out_normalised_tensors,
        train_flips_both_ways,
        train_rotates_a_little,
        train_varies_the_colours,
        valid_only_resizes_and_normalises,
    ),
)
