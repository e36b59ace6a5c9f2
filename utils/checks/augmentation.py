"""Draw often from a student's augmentation and measure what it does to shape and colour.

A test card with four discs goes through it, together with a mask that labels the discs. Where the discs end up tells
flips and rotation; which colours they have tells brightness, contrast, saturation and hue.
"""

import copy
from dataclasses import dataclass

import numpy as np

from utils.core.expect import expect, expect_shape, plain_tensor

__all__ = ["SIDE", "Colours", "Geometry", "Views", "draw_card", "draw_views", "measure_colours", "measure_geometry"]

SIDE = 64
_CENTRES = np.array([(-14.0, -9.0), (13.0, -11.0), (-8.0, 14.0), (12.0, 9.0)])  # (across, down) from the middle, pixels
_COLOURS = np.array([(50, 50, 50), (150, 150, 150), (150, 55, 55), (75, 28, 28)], dtype=float)
_RADIUS = 6.0
_DARKEST, _BRIGHTEST = 3.0, 250.0  # beyond, values may have been clipped and measure nothing


@dataclass(frozen=True)
class Views:
    """What came out of many draws.

    Attributes
    ----------
    centres : ndarray, shape (draws, 4, 2)
        Where each disc is, in pixels from the middle; NaN where a disc is lost.
    colours : ndarray, shape (draws, 4, 3)
        Mean colour of each disc, on 0 to 255 after undoing the normalisation.
    """

    centres: np.ndarray
    colours: np.ndarray


@dataclass(frozen=True)
class Geometry:
    """How often and how far the card was turned.

    Attributes
    ----------
    lost : float
        Share of draws in which a disc is lost or the card is deformed.
    horizontal, vertical : float
        Share of draws that are flipped that way.
    angles : ndarray, shape (draws,)
        Rotation beside the flips, in degrees.
    """

    lost: float
    horizontal: float
    vertical: float
    angles: np.ndarray


@dataclass(frozen=True)
class Colours:
    """How much the colours vary.

    Attributes
    ----------
    count : int
        Draws that could be measured.
    grey_gap : float
        Median difference between the channels of the grey discs, on 0 to 255; near 0 if the normalisation fits.
    level : float
        Median brightness of the grey discs relative to the card's.
    tone : float
        Spread of brightness and contrast in the direction in which they vary least; 0 if only one of them varies.
    hue : float
        Spread of the hue in degrees.
    saturation : float
        Spread of the saturation.
    """

    count: int
    grey_gap: float
    level: float
    tone: float
    hue: float
    saturation: float


def draw_card() -> tuple[np.ndarray, np.ndarray]:
    """Draw the card, shape (64, 64, 3), uint8, and the labels of its discs 1 to 4, shape (64, 64)."""
    axis = np.arange(SIDE) - (SIDE - 1) / 2
    card, labels = np.full((SIDE, SIDE, 3), 110, np.uint8), np.zeros((SIDE, SIDE), np.uint8)
    for number, ((across, down), colour) in enumerate(zip(_CENTRES, _COLOURS, strict=True), 1):
        disc = (axis[None, :] - across) ** 2 + (axis[:, None] - down) ** 2 <= _RADIUS**2
        card[disc], labels[disc] = colour, number
    return card, labels



def draw_views(transform, mean, std, draws: int, seed: int = 0) -> Views:
    """Send the test card through a copy of a transform many times.

    Parameters
    ----------
    transform : callable
        Takes ``image`` and ``mask`` by name and returns a dict, as `albumentations.Compose` does.
    mean, std : Tensor, shape (3,)
        What the images are normalised with.
    draws : int
    seed : int, default 0
        Makes the draws repeatable, where the transform can be seeded.
    """
    transform = copy.deepcopy(transform)
    if hasattr(transform, "set_random_seed"):
        transform.set_random_seed(seed)
    card, labels = draw_card()
    mean, std = (plain_tensor(each).double().numpy().reshape(3) for each in (mean, std))
    centres, colours = np.full((draws, 4, 2), np.nan), np.full((draws, 4, 3), np.nan)
    for draw in range(draws):
        result = transform(image=card.copy(), mask=labels.copy())
        image = plain_tensor(result["image"], "the transformed image")
        expect_shape(image, (3, SIDE, SIDE), "the transformed image")
        image = 255 * (image.double().numpy().transpose(1, 2, 0) * std + mean)
        _measure_discs(image, np.asarray(result["mask"]).reshape(SIDE, SIDE), centres[draw], colours[draw])
    return Views(centres, colours)


def measure_geometry(views: Views) -> Geometry:
    """Fit each draw's linear map and split it into flips and a rotation."""
    flips, angles, lost = [], [], 0
    for centres in views.centres:
        matrix = _linear_map(centres)
        if matrix is None:
            lost += 1
            continue
        horizontal, vertical, angle = _split(matrix)
        flips.append((horizontal, vertical))
        angles.append(angle)
    expect(flips, "The transformed masks no longer show what the mask held.")
    horizontal, vertical = np.mean(flips, axis=0)
    return Geometry(lost / len(views.centres), horizontal, vertical, np.array(angles))


def measure_colours(views: Views) -> Colours:
    """Measure how much brightness and contrast, hue and saturation vary from draw to draw."""
    colours = views.colours[np.isfinite(views.colours).all(axis=(1, 2))]
    inside = ((colours > _DARKEST) & (colours < _BRIGHTEST)).all(axis=(1, 2))
    gap = float(np.median(np.ptp(colours[:, :2], axis=2))) if len(colours) else np.inf
    level = float(np.median(colours[:, :2].mean(axis=2) / _COLOURS[:2, 0])) if len(colours) else 0.0
    colours = colours[inside]
    if len(colours) < 2:
        return Colours(len(colours), gap, level, 0.0, 0.0, 0.0)
    # Between grey levels every change of brightness or contrast is g -> scale * g + shift.
    dark, bright = colours[:, 0].mean(axis=1), colours[:, 1].mean(axis=1)
    scale = (bright - dark) / (_COLOURS[1, 0] - _COLOURS[0, 0])
    shift = dark - scale * _COLOURS[0, 0]
    tones = np.stack([scale, shift / 128], axis=1)
    tone = np.sqrt(np.linalg.eigvalsh(np.cov(tones.T))[0].clip(0))
    return Colours(len(colours), gap, level, float(tone), _hue_spread(colours[:, 2]), _saturation_spread(colours, scale))


def _measure_discs(image, labels, centres, colours) -> None:
    for number in range(4):
        disc = labels == number + 1
        if disc.sum() < 20:
            continue
        rows, columns = np.nonzero(disc)
        centres[number] = columns.mean() - (SIDE - 1) / 2, rows.mean() - (SIDE - 1) / 2
        inner = disc.copy()  # interpolation mixes the disc's border with the background
        for axis, step in ((0, 1), (0, -1), (1, 1), (1, -1)):
            inner &= np.roll(disc, step, axis) & np.roll(disc, 2 * step, axis)
        if inner.any():
            colours[number] = np.median(image[inner], axis=0)


def _linear_map(centres) -> np.ndarray | None:
    if not np.isfinite(centres).all():
        return None
    moved, original = centres - centres.mean(axis=0), _CENTRES - _CENTRES.mean(axis=0)
    matrix, *_ = np.linalg.lstsq(original, moved, rcond=None)
    residual = np.abs(original @ matrix - moved).max()
    scales = np.linalg.svd(matrix, compute_uv=False)
    return matrix.T if residual < 1.5 and 0.6 < scales[1] and scales[0] < 1.6 else None


def _split(matrix) -> tuple[bool, bool, float]:
    """Split a map into horizontal flip, vertical flip and the smallest rotation that explains it."""
    mirrored = np.linalg.det(matrix) < 0
    rotation = matrix @ np.diag([-1.0, 1.0]) if mirrored else matrix
    angle = np.degrees(np.arctan2(rotation[1, 0] - rotation[0, 1], rotation[0, 0] + rotation[1, 1]))
    upside_down = abs(angle) > 90
    if upside_down:
        angle -= np.copysign(180, angle)
    return bool(mirrored != upside_down), bool(upside_down), float(angle)


def _hue_spread(colours) -> float:
    red, green, blue = colours.T
    # Angle around the grey axis; brightness, contrast and saturation move along it or towards it, never around.
    hue = np.arctan2(np.sqrt(3) * (green - blue), 2 * red - green - blue)
    resultant = np.abs(np.exp(1j * hue).mean())
    return float(np.degrees(np.sqrt(max(-2 * np.log(max(resultant, 1e-9)), 0))))


def _saturation_spread(colours, scale) -> float:
    # A shift of HSV's value scales chroma as well. It would explain both reddish discs by one and the same shift; a
    # change of saturation would need two different ones, and their difference is what is measured.
    shifts = []
    for number in (2, 3):
        chroma = np.ptp(colours[:, number], axis=1)
        expected = scale * np.ptp(_COLOURS[number])
        shifts.append(colours[:, number].max(axis=1) * (1 - expected / chroma.clip(1)))
    return float(np.std(shifts[0] - shifts[1]))
