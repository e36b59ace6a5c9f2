"""Exercise 7: augmentation for chest X-rays."""

import numpy as np
import torch

from utils.checks.greycards import RING_LEVELS, flat_levels, measure_tones, ramp, transformed, watch_discs
from utils.core.exercise import Exercise, criterion
from utils.core.expect import Mismatch, expect

DRAWS, TONE_DRAWS, FLAT_DRAWS = 250, 120, 64
SQUARE, LARGE, UPRIGHT = (64, 64), (90, 120), (100, 80)  # height and width of the pictures that go in
LOST = 0.05  # share of draws that is put up with
FLIP_SHARE, SHARE_MARGIN = 0.5, 0.14  # 4.4 standard deviations of a share of 0.5 in 250 draws
LARGEST_ANGLE, ANGLE_MARGIN = 10.0, 1.0  # degrees
SMALL_ANGLE, LEAST_ANGLE, LEAST_RANGE = 0.8, 3.0, 3.0  # degrees
FEW = 10  # rotations, which chance alone may have made alike
LEAST_SHARE = 0.03  # of the draws; a tenth is asked for, and small angles go unnoticed
MOST_SHIFTED = 1.5  # 64ths of the picture
LIMITS, FACTOR_MARGIN = (0.8, 1.2), 0.05
LEAST_SPREAD = 0.012  # standard deviation of a factor; rounding makes 0.002
LEVEL_GAP = 11.0  # grey levels between the mean of many draws and the card's own; 4.5 standard deviations at 0.8 to 1.2
BRIGHT, LEAST_BRIGHT, BRIGHT_DRAWS = 245.0, 147.0, 24  # grey levels; 0.8 times 0.8 of the first is more than the second
EVEN_GAP = 4.0  # grey levels that remain when one factor explains the others
SMALLEST, LARGEST = 0.97, 1.03  # times the size of the picture; measuring makes 0.988 to 1.010
SHEARED = 0.3  # of the angles; measuring makes 0.06
LONGEST_TURN = 8  # draws after which a flip that comes in turn begins again
EXACT = 0.6  # grey levels between an even picture and what comes out
MEAN_GAP, LARGEST_GAP = 0.03, 0.3  # in normalised units
ALMOST_BLACK, WHITE = 1, 255  # grey levels
REPEATS = 12  # a step with probability 0.5 goes unnoticed once in 4096 times


def geometry(train_transform, mean, std, SIDE):
    """Draw often from the training transform and measure how the picture is turned and shifted."""
    return watch_discs(train_transform, *_statistics(mean, std), DRAWS, SIDE, "train_transform")


def tones(train_transform, mean, std, SIDE):
    """Draw often from the training transform and measure its grey levels."""
    return measure_tones(train_transform, *_statistics(mean, std), TONE_DRAWS, SIDE, "train_transform")


@criterion(
    points=2,
    hints=(
        "Send one image through the transform and look at type, shape and range of what comes out.",
        "`v2.ToDtype(torch.float32, scale=True)` divides by 255; `v2.Normalize([mean], [std])` comes last.",
    ),
)
def train_puts_out_normalised_tensors(train_transform, mean, std, SIDE):
    """`train_transform` turns any grey image into a float tensor (1, SIDE, SIDE), normalised with `mean` and `std`."""
    for size in (LARGE, UPRIGHT, SQUARE):
        transformed(train_transform, ramp(*size), SIDE, "train_transform")
    _expect_untouched(train_transform, "train_transform")
    levels = flat_levels(train_transform, *_statistics(mean, std), FLAT_DRAWS, SIDE, "train_transform").mean(axis=1)
    card = np.array(RING_LEVELS)
    factor = np.clip(levels @ card / (card @ card), *LIMITS)  # a brightness that is drawn from 0.8 to 1 moves the mean
    expect(
        np.abs(levels - card).max() < LEVEL_GAP or np.abs(levels - factor * card).max() < EVEN_GAP,
        "Undoing the normalisation with `mean` and `std` does not bring the grey levels back: "
        f"{_list(RING_LEVELS)} come out as {_list(levels)}.{_guess_levels(levels, *_statistics(mean, std))}",
    )


@criterion(
    points=3,
    hints=(
        "Left and right may change places, up and down may not. Which transform does the one and not the other?",
        "`v2.RandomHorizontalFlip(p=0.5)`, and no vertical flip.",
    ),
)
def train_flips_sideways_only(geometry):
    """`train_transform` flips half of the images left to right, and never turns one upside down."""
    measured, *_ = geometry
    expect(
        measured.lost < LOST,
        f"In {measured.lost:.0%} of {DRAWS} draws part of the picture is cut off, covered, deformed or inverted; a flip and a "
        "rotation by up to 10 degrees keep nearly all of it.",
    )
    expect(len(measured.flips), f"In {DRAWS} draws every picture was turned by a quarter.")
    sideways, upside_down = measured.flips.mean(axis=0)
    expect(
        upside_down == 0,
        f"{upside_down:.0%} of {DRAWS} draws are upside down; no patient's stomach lies above the lungs.",
    )
    expect(sideways > 0, f"Out of {DRAWS} draws none was flipped left to right.")
    expect(
        abs(sideways - FLIP_SHARE) <= SHARE_MARGIN,
        f"{sideways:.0%} of {DRAWS} draws were flipped left to right; with probability 0.5 it is about half of them.",
    )
    flipped = measured.flips[:, 0]
    regular = [gap for gap in range(1, LONGEST_TURN + 1) if (flipped[gap:] == flipped[:-gap]).all()]
    expect(
        not regular,
        f"The flips come in turn, the same again after every {(regular or [0])[0]} draws; whether a picture is flipped has to "
        "be drawn anew each time.",
    )


@criterion(
    points=2,
    hints=(
        "How far from straight does a patient stand before the detector?",
        "`v2.RandomRotation(10)` draws an angle from -10 to 10 degrees; nothing else is to move.",
    ),
)
def train_rotates_a_little(geometry):
    """`train_transform` rotates by varying angles of up to 10 degrees to either side; it neither shifts nor enlarges."""
    measured, shift, scales = geometry
    sizes = np.abs(measured.angles)
    largest = sizes.max() if len(sizes) else 0.0
    share = np.mean(sizes > SMALL_ANGLE) if len(sizes) else 0.0
    expect(share > 0, f"Out of {DRAWS} draws none was rotated.")
    expect(
        largest <= LARGEST_ANGLE + ANGLE_MARGIN,
        f"The largest rotation in {DRAWS} draws is {largest:.0f} degrees; at most {LARGEST_ANGLE:g} are asked for.",
    )
    expect(
        largest >= LEAST_ANGLE and share >= LEAST_SHARE,
        f"{share:.0%} of {DRAWS} draws were rotated, by {largest:.1f} degrees at most; it should reach beyond "
        f"{LEAST_ANGLE:g} degrees and happen in every tenth image at least.",
    )
    expect(
        measured.sheared < SHEARED,
        "The picture is sheared, not rotated: its sides no longer stand at right angles.",
    )
    turned = measured.turned[np.abs(measured.turned) > SMALL_ANGLE]  # a flip would turn their direction round
    too_few = len(turned) < FEW
    expect(
        too_few or np.ptp(turned) > LEAST_RANGE,
        f"Every rotation is by the same angle, {np.abs(turned).mean() if len(turned) else 0:.0f} degrees; it should vary.",
    )
    expect(
        too_few or turned.min() < 0 < turned.max(),
        "Every rotation goes the same way round; within 10 degrees means to either side.",
    )
    expect(
        shift < MOST_SHIFTED,
        f"The picture is shifted by up to {shift / 64:.0%} of its side; only flips and rotations are asked for.",
    )
    least, most = np.quantile(scales, (0.02, 0.98)) if len(scales) else (1.0, 1.0)
    expect(
        least > SMALLEST and most < LARGEST,
        f"The picture comes out {least:.2f} to {most:.2f} times as large; only flips and rotations are asked for.",
    )


@criterion(
    points=2,
    hints=(
        "Two properties of a grey image are to vary slightly; which of them does your transform name?",
        "`v2.ColorJitter(brightness=0.2, contrast=0.2)` draws both factors between 0.8 and 1.2.",
    ),
)
def train_varies_brightness_and_contrast(train_transform, mean, std, SIDE, tones):
    """`train_transform` changes brightness and contrast by random factors between 0.8 and 1.2."""
    for name, factors in (("brightness", tones.brightness), ("contrast", tones.contrast)):
        expect(np.std(factors) > LEAST_SPREAD, f"In {TONE_DRAWS} draws the {name} does not vary.")
        low, high = factors.min(), factors.max()
        expect(
            low >= LIMITS[0] - FACTOR_MARGIN and high <= LIMITS[1] + FACTOR_MARGIN,
            f"The {name} changes by factors from {low:.2f} to {high:.2f}; slightly means {LIMITS[0]:g} to {LIMITS[1]:g}.",
        )
    settings = (*_statistics(mean, std), BRIGHT_DRAWS, SIDE, "train_transform")
    darkest = flat_levels(train_transform, *settings, levels=[BRIGHT]).min()
    expect(
        darkest > LEAST_BRIGHT,
        f"An evenly bright picture, of grey level {BRIGHT:g}, comes out as dark as {darkest:.0f}: what gets brighter than "
        "255 has to stay white; `uint8` begins again at 0.",
    )


@criterion(
    points=3,
    hints=(
        "Validation images are to be measured, not varied: which steps are left?",
        "Resize to SIDE x SIDE pixels, scale to floats, normalise with `mean` and `std`; nothing random.",
    ),
)
def valid_only_resizes_and_normalises(valid_transform, mean, std, SIDE):
    """`valid_transform` resizes to SIDE x SIDE pixels and normalises with `mean` and `std`; nothing is random."""
    mean, std = _statistics(mean, std)
    for size in (LARGE, UPRIGHT, SQUARE):
        transformed(valid_transform, ramp(*size), SIDE, "valid_transform")
    first = transformed(valid_transform, ramp(), SIDE, "valid_transform")
    same = all(
        torch.equal(transformed(valid_transform, ramp(), SIDE, "valid_transform"), first) for _ in range(REPEATS)
    )
    expect(same, "`valid_transform` gives another result each time; validation must not be random.")
    other = transformed(valid_transform, 255 - ramp(), SIDE, "valid_transform")
    expect(not torch.equal(first, other), "`valid_transform` makes the same of two different images.")
    _expect_untouched(valid_transform, "valid_transform")
    plain = ramp().double() / 255
    expected = (plain - mean) / std
    gap = (first - expected).abs()
    if not (gap.mean() <= MEAN_GAP and gap.max() <= LARGEST_GAP):
        raise Mismatch(
            f"`valid_transform` turns an image with values from 0 to 255 into one with values from "
            f"{_extremes(first)}; normalised they go from {_extremes(expected)}.{_guess(first, plain, mean, std)}"
        )
    levels = flat_levels(valid_transform, mean, std, 1, SIDE, "valid_transform", levels=(ALMOST_BLACK, WHITE))[:, 0]
    expect(
        np.abs(levels - (ALMOST_BLACK, WHITE)).max() < EXACT,
        f"Undoing the normalisation, evenly grey pictures of levels {ALMOST_BLACK} and {WHITE} come out with levels "
        f"{levels[0]:.4g} and {levels[1]:.4g}: every picture is divided by the same number, 255, whatever is in it.",
    )
    for size in (LARGE, UPRIGHT):
        found = transformed(valid_transform, ramp(*size), SIDE, "valid_transform")
        expect(
            (found - expected).abs().mean() <= 3 * MEAN_GAP,
            f"A picture of {size[0]}x{size[1]} pixels does not come out as a whole: it is cut or padded, not resized.",
        )


def _expect_untouched(transform, of) -> None:
    """Fail if a transform writes into the image that it gets."""
    image = ramp()
    for _ in range(REPEATS):
        transform(image)
        expect(
            torch.equal(image, ramp()),
            f"`{of}` writes into the image that it gets, so the data change from epoch to epoch; work on a copy.",
        )


def _statistics(mean, std) -> tuple[float, float]:
    values = [float(torch.as_tensor(each).double().mean()) for each in (mean, std)]
    expect(
        0 < values[0] < 1 and 0 < values[1] < 1,
        "`mean` and `std` lie between 0 and 1; run the cell that computes them.",
    )
    return values[0], values[1]


def _guesses(plain, mean, std) -> dict[str, object]:
    """Return what comes out of the usual mistakes, for values from 0 to 1."""
    once = (plain - mean) / std
    return {
        " It is not normalised, only divided by 255.": plain,
        " It is not divided by 255 before it is normalised.": (255 * plain - mean) / std,
        " It is neither divided by 255 nor normalised.": 255 * plain,
        " It is divided by 255 twice.": (plain / 255 - mean) / std,
        " `mean` and `std` are swapped.": (plain - std) / mean,
        " It is normalised with 0.5 and 0.5, not with `mean` and `std`.": (plain - 0.5) / 0.5,
        " It is normalised with ImageNet's statistics, not with `mean` and `std`.": (plain - 0.485) / 0.229,
        " It is normalised twice.": (once - mean) / std,
        " That is divided by the variance instead of the standard deviation.": (plain - mean) / std**2,
        " The mean is subtracted, but nothing is divided by `std`.": plain - mean,
        " Black and white are exchanged.": -once,
        " It is flipped or turned.": once.flip(-1) if isinstance(once, torch.Tensor) else once,
    }


def _guess(found, plain, mean, std) -> str:
    guesses = _guesses(plain, mean, std).items()
    return next((text for text, value in guesses if (found - value).abs().mean() < MEAN_GAP), "")


def _guess_levels(levels, mean, std) -> str:
    found, plain = (levels / 255 - mean) / std, np.array(RING_LEVELS) / 255
    for text, value in _guesses(plain, mean, std).items():
        if np.abs(found - value).max() < 0.12 * np.abs(np.ptp(value)) + 0.01:
            return text
    return ""


def _extremes(tensor) -> str:
    return f"{tensor.min().item():.3g} to {tensor.max().item():.3g}"


def _list(levels) -> str:
    return " and ".join(f"{level:.0f}" for level in levels)


EXERCISE = Exercise(
    number=7,
    title="Augmentation for X-rays",
    answers=("train_transform", "valid_transform", "mean", "std", "SIDE"),
    fixtures=(geometry, tones),
    criteria=(
        train_puts_out_normalised_tensors,
        train_flips_sideways_only,
        train_rotates_a_little,
        train_varies_brightness_and_contrast,
        valid_only_resizes_and_normalises,
    ),
)
