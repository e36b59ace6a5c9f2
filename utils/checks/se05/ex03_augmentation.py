"""Exercise 3: augmentation for training, none for validation."""

import albumentations as A
import numpy as np
import torch

from utils.checks.augmentation import COLOURS, SIDE, draw_views, measure_geometry
from utils.checks.colouring import measure_colours
from utils.checks.pipelines import reseeded
from utils.core.exercise import Exercise, criterion
from utils.core.expect import Mismatch, describe, expect, expect_finite, expect_shape, plain_tensor

DRAWS = 600
FLIP_SHARE, BOTH_SHARE = 0.5, 0.25
SHARE_MARGIN = 0.09  # 4.4 standard deviations of a share of 0.5 in 600 draws
LARGEST_ANGLE, SMALL_ANGLE, ANGLE_MARGIN = 10.0, 0.4, 1.0  # degrees; rotations are measured to 0.1
LEAST_ANGLE = 3.0  # degrees; "within 10" leaves the limit open, but less than this hardly is a rotation
LEAST_RANGE = 3.0  # degrees between the largest and the smallest rotation to one side; a fixed angle spreads over 0.2
TONE_SPREAD, HUE_SPREAD = 0.01, 0.3  # rounding to 8 bits makes 0.008 and 0.1
SATURATION_SPREAD, SATURATION_NOISE = 1.15, 4.2  # rounding makes 1.1, and more where brightness and contrast vary much
LARGE, UPRIGHT = (90, 120), (100, 80)  # height and width of pictures that have to be resized
LARGE_PICTURE = "a picture of 90x120 pixels"
MOST_ENLARGED, BARELY_ENLARGED = 1.2, 1.05  # 1.33 if a picture of these proportions is cut to a square
REPEATS = 40  # a step with probability 0.1 goes unnoticed twice in 10,000 times
BLURRED = 0.045  # of 1; resizing to 256x256 and back makes 0.02, a Gaussian blur of one pixel 0.06
SHEARED = 0.5
LOST, FLAT = 0.05, 0.1  # shares of draws that are put up with
LARGEST_GAP, MEAN_GAP = 0.25, 0.03  # in normalised units; interpolating twice makes less
GREY_GAP = 6.0  # grey levels; other statistics than the images' own leave more
DARK_LEVELS, BRIGHT_LEVELS = (0.55, 1.8), (0.65, 1.5)  # how far colour changes move the median brightness at most


def views(train_img_ts, mean, std):
    """Draw from the training transform often enough to estimate shares."""
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
    transform = reseeded(train_img_ts)
    for size in (LARGE, UPRIGHT, LARGE, UPRIGHT):
        _transformed(transform, np.full((*size, 3), 128, np.uint8), "train_img_ts")
    views = draw_views(train_img_ts, mean, std, 60, size=LARGE)
    _expect_whole(measure_geometry(views), LARGE_PICTURE, MOST_ENLARGED)
    measured = measure_colours(views)
    fits = all(
        low < level < high for level, (low, high) in zip(measured.levels, (DARK_LEVELS, BRIGHT_LEVELS), strict=True)
    )
    expect(
        fits and measured.grey_gap < GREY_GAP,
        f"Undoing the normalisation with your `mean` and `std` does not bring grey back to grey: what `train_img_ts` puts "
        f"out is not normalised with them.{_guess(views, mean, std)}",
    )
    expect(
        measured.flat < FLAT,
        f"In {measured.flat:.0%} of the draws dark and bright areas come out alike: does something change the values after they "
        "are normalised?",
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
    _expect_whole(geometry, "the picture")
    expect(len(geometry.flips), f"In {DRAWS} draws every picture was turned by a quarter.")
    for name, share in zip(("horizontally", "vertically"), geometry.flips.mean(axis=0), strict=True):
        expect(share > 0, f"Out of {DRAWS} draws none was flipped {name}.")
        expect(
            abs(share - FLIP_SHARE) <= SHARE_MARGIN,
            f"{share:.0%} of {DRAWS} draws were flipped {name}; with probability 0.5 it is about half of them.",
        )
    both = geometry.flips.all(axis=1).mean()
    expect(
        abs(both - BOTH_SHARE) <= SHARE_MARGIN,
        f"{both:.0%} of {DRAWS} draws were flipped both ways; if each flip is drawn on its own, it is about a quarter.",
    )


@criterion(
    points=1,
    hints=(
        "How far may a lesion be turned at most, and how often is it turned at all?",
        "The limit is given in degrees: 10 to either side, with probability 0.5.",
    ),
)
def train_rotates_a_little(geometry):
    """`train_img_ts` rotates about half of the images, by varying angles of up to 10 degrees to either side."""
    sizes = np.abs(geometry.angles)
    largest, share = sizes.max(initial=0.0), np.sum(sizes > SMALL_ANGLE) / max(len(sizes), 1)
    expect(share > 0.02, f"Out of {DRAWS} draws none was rotated.")
    expect(
        largest <= LARGEST_ANGLE + ANGLE_MARGIN,
        f"The largest rotation in {DRAWS} draws is {largest:.0f} degrees; at most {LARGEST_ANGLE:g} are asked for.",
    )
    expect(
        largest >= LEAST_ANGLE,
        f"The largest rotation in {DRAWS} draws is {largest:.1f} degrees; up to {LARGEST_ANGLE:g} are asked for.",
    )
    expect(
        geometry.sheared < SHEARED,
        "The picture is sheared, not rotated: its sides no longer stand at right angles, which changes a lesion's shape.",
    )
    turned = geometry.turned[np.abs(geometry.turned) > SMALL_ANGLE]  # a flip would turn their direction round
    expect(
        not len(turned) or np.ptp(turned) > LEAST_RANGE,
        f"Every rotation is by the same angle, {np.abs(turned).mean():.0f} degrees; it should vary within "
        f"{LARGEST_ANGLE:g} degrees.",
    )
    expect(
        not len(turned) or turned.min() < 0 < turned.max(),
        f"Every rotation goes the same way round; within {LARGEST_ANGLE:g} degrees means to either side.",
    )
    unnoticed = SMALL_ANGLE / LARGEST_ANGLE  # share of the rotations that are too small to be measured
    expect(
        abs(share / (1 - unnoticed) - FLIP_SHARE) <= SHARE_MARGIN,
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
        colours.count >= DRAWS // 50,
        f"The colours changed in {colours.count} of {DRAWS} draws: none of the four varies.",
    )
    expect(
        colours.tone > TONE_SPREAD,
        "Brightness and contrast do not both vary: between dark and bright areas only one of them changes, or none.",
    )
    expect(colours.saturation > SATURATION_SPREAD + SATURATION_NOISE * colours.tone, "The saturation does not vary.")
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
    transform = reseeded(valid_img_ts)
    for size in (LARGE, UPRIGHT):
        _transformed(transform, np.full((*size, 3), 128, np.uint8), "valid_img_ts")
    first, plain = _slope_through(transform, "valid_img_ts")
    views = draw_views(valid_img_ts, mean, std, REPEATS, size=LARGE)
    geometry = measure_geometry(views)
    _expect_whole(geometry, LARGE_PICTURE, BARELY_ENLARGED)
    blocks = _blocks()
    shown = _transformed(transform, blocks, "valid_img_ts")
    same = all(_transformed(transform, blocks, "valid_img_ts").equal(shown) for _ in range(REPEATS))
    same = same and np.array_equal(views.centres, np.broadcast_to(views.centres[0], views.centres.shape))
    expect(same, "`valid_img_ts` gives another result each time; validation must not be random.")
    expect(
        not geometry.flips.any() and np.abs(geometry.angles).max() < SMALL_ANGLE,
        "`valid_img_ts` flips or rotates the image; validation images stay as they are.",
    )
    expected = (plain - mean.double().view(3, 1, 1)) / std.double().view(3, 1, 1)
    gap = (first - expected).abs()
    expect(
        gap.mean() <= MEAN_GAP and gap.max() <= LARGEST_GAP,
        f"`valid_img_ts` turns a 64x64 image with values from 0 to 255 into one with values from {_extremes(first)}; "
        f"normalised with your `mean` and `std` they go from {_extremes(expected)}.{_guess(views, mean, std)}",
    )
    undone = shown * std.double().view(3, 1, 1) + mean.double().view(3, 1, 1)
    expect(
        (undone - torch.from_numpy(blocks / 255.0).permute(2, 0, 1)).abs().mean() <= BLURRED,
        "`valid_img_ts` changes borders within the image, as blurring or sharpening does; validation images are only resized "
        "and normalised.",
    )


def _expect_compose(transform, name) -> None:
    library = type(transform).__module__.split(".")[0]
    origin = f" of {library}" if type(transform).__name__ == "Compose" else ""
    right = issubclass(type(transform), A.Compose)
    expect(right, f"`{name}` is {describe(transform)}{origin}, not an `albumentations.Compose`.")


def _expect_whole(geometry, what, enlarged=np.inf) -> None:
    expect(
        geometry.lost < LOST,
        f"In {geometry.lost:.0%} of the draws part of {what} is cut off or deformed; resizing, flips and rotations up to "
        "10 degrees keep nearly all of it.",
    )
    expect(
        geometry.enlarged < enlarged,
        f"Part of {what} is cut off: in one direction it comes out {geometry.enlarged:.2g} times too large. Resizing to 64x64 "
        "keeps all of it.",
    )


def _statistics(mean, std):
    mean, std = plain_tensor(mean, "`mean`"), plain_tensor(std, "`std`")
    expect(mean.numel() == 3 and std.numel() == 3, "`mean` and `std` need three numbers each; do exercise 2 first.")
    return mean, std


def _transformed(transform, image, name):
    result = transform(image=image.copy(), mask=np.zeros(image.shape[:2], np.uint8))["image"]
    of = f"what `{name}` makes of an image of shape {image.shape}"
    if isinstance(result, np.ndarray):
        channels = "; its channels are still last" if result.ndim == 3 else ""
        raise Mismatch(f"{of} is a numpy array of shape {result.shape}, not a tensor{channels}.")
    tensor = plain_tensor(result, of)
    expect_shape(tensor, (3, SIDE, SIDE), of)
    dtype = str(tensor.dtype).removeprefix("torch.")
    expect(tensor.is_floating_point(), f"{of} holds {dtype} from {_extremes(tensor)}; normalised values are floats.")
    expect_finite(tensor, of)
    return tensor.double()


def _slope_through(transform, name):
    """Transform a picture that looks the same at any size, a slope in each channel; return it with the original."""
    ramp = (np.arange(SIDE) + 0.5) / SIDE
    across, down = np.meshgrid(ramp, ramp)
    image = (255 * np.stack([across, down, 1 - across], axis=-1)).round().astype(np.uint8)
    return _transformed(transform, image, name), torch.from_numpy(image).double().permute(2, 0, 1) / 255


def _blocks():
    """Draw a pattern that shows whatever changes borders or is random: blocks of 8x8 pixels, dark or bright."""
    return np.random.default_rng(5).choice([40, 215], (8, 8, 3)).astype(np.uint8).repeat(8, axis=0).repeat(8, axis=1)


def _extremes(tensor) -> str:
    return f"{tensor.min().item():.3g} to {tensor.max().item():.3g}"


def _guess(views, mean, std) -> str:
    """Name the statistics with which the grey discs look normalised, and the mistake behind them."""
    mean, std = (each.double().numpy().reshape(3) for each in (mean, std))
    dark, bright = (np.median(views.colours[:, disc], axis=0) / 255 for disc in (0, 1))
    dark, bright = ((level - mean) / std for level in (dark, bright))
    with np.errstate(all="ignore"):
        used_std = (COLOURS[1] - COLOURS[0]) / 255 / (bright - dark)
        used_mean = COLOURS[0] / 255 - dark * used_std
    if not (np.isfinite(used_mean).all() and (used_std > 0).all() and (used_std < 1e3).all()):
        return " Does something change the values after they are normalised?"
    close = lambda m, s: np.allclose(used_mean, m, rtol=0.1, atol=0.04) and np.allclose(used_std, s, rtol=0.15)  # noqa: E731
    mistakes = {
        " It is not normalised, only divided by 255.": (0, 1),
        " It is not normalised and still on a scale of 0 to 255.": (0, 1 / 255),
        " These are ImageNet's statistics, not the computed ones.": ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
        " The statistics have to be divided, or the image, by 255, but not only one of them.": (mean / 255, std / 255),
        " The values are divided by 255 twice.": (mean * 255, std * 255),
        " That is the variance instead of the standard deviation.": (mean, std**2),
        " `mean` and `std` are swapped.": (std, mean),
        " The channels are swapped.": (mean[::-1], std[::-1]),
    }
    text = next((text for text, (m, s) in mistakes.items() if close(m, s)), "")
    shown = [", ".join(f"{value:.3g}" for value in values) for values in (used_mean, used_std)]
    return f" It looks normalised with mean {shown[0]} and std {shown[1]}.{text}"


EXERCISE = Exercise(
    number=3,
    title="Augmentation",
    answers=("train_img_ts", "valid_img_ts", "mean", "std"),
    builds_on=(2,),
    fixtures=(views, geometry, colours),
    criteria=(
        train_puts_out_normalised_tensors,
        train_flips_both_ways,
        train_rotates_a_little,
        train_varies_the_colours,
        valid_only_resizes_and_normalises,
    ),
)
