"""Draw often from a student's augmentation and measure what it does to shape.

A test card with four discs goes through it, together with a mask that labels the discs. Where the discs end up tells
flips and rotation; which colours they have tells the rest (`utils.checks.colouring`).
"""

import functools
from dataclasses import dataclass

import cv2
import numpy as np

from utils.checks.pipelines import reseeded
from utils.core.expect import Mismatch, plain_tensor

__all__ = ["COLOURS", "SIDE", "Geometry", "Views", "draw_card", "draw_views", "measure_geometry"]

SIDE = 64
CENTRES = np.array(
    [(-14.0, -9.0), (13.0, -11.0), (-8.0, 14.0), (12.0, 9.0)]
)  # (across, down) from the middle, in 64ths
COLOURS = np.array([(50, 50, 50), (150, 150, 150), (150, 55, 55), (75, 28, 28)], dtype=float)
_LABELS = (60, 110, 170, 230)  # far apart: a mask that is interpolated between them shows none of the others
_RADIUS = 6.0
_DOUBTFUL = 45.0  # degrees; a quarter turn can be told as a flip and another quarter turn
_CLEAR = 2.0  # degrees; smaller angles do not tell a shear from a rotation
_CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (5, 5))
_MARGIN, _SQUARE = 4, np.ones((7, 7), np.uint8)
_DITHER = 2  # grey levels; many values to round make the mean of a disc exact to a small part of a level


@dataclass(frozen=True)
class Views:
    """What came out of many draws.

    Attributes
    ----------
    centres : ndarray, shape (draws, 4, 2)
        Where each disc is, from the middle, in 64ths of the picture's width and height; NaN where a disc is lost.
    colours : ndarray, shape (draws, 4, 3)
        Mean colour of each disc, on 0 to 255 after undoing the normalisation; NaN where it could not be measured.
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
    flips : ndarray of bool, shape (draws, 2)
        Whether a draw is flipped horizontally, and vertically; only of draws where rotation leaves no doubt about it.
    angles : ndarray, shape (draws,)
        Rotation beside the flips, in degrees; clockwise is positive.
    turned : ndarray, shape (draws,)
        Rotation in draws without a flip.
    enlarged : float
        By how much the picture is stretched beyond its frame, in the direction where it is most; 1 if it just fits.
    sheared : float
        How much of the angles is the work of shearing: 0 if right angles stay right angles, 1 if one axis stays in place.
    """

    lost: float
    flips: np.ndarray
    angles: np.ndarray
    turned: np.ndarray
    enlarged: float
    sheared: float


def draw_card(height: int = SIDE, width: int = SIDE) -> tuple[np.ndarray, np.ndarray]:
    """Draw the card, shape (height, width, 3), uint8, and the mask that labels its discs, shape (height, width)."""
    across, down = _grid(height, width)
    card, labels = np.full((height, width, 3), 110.0), np.zeros((height, width), np.uint8)
    dither = np.random.default_rng(7).integers(-_DITHER, _DITHER + 1, (height, width, 1))
    for centre, colour, label in zip(CENTRES, COLOURS, _LABELS, strict=True):
        disc = (across - centre[0]) ** 2 + (down - centre[1]) ** 2 <= _RADIUS**2
        card[disc] = colour * (1 + dither[disc] / colour.max())  # brighter or darker, of one hue and saturation
        labels[disc] = label
    return card.round().astype(np.uint8), labels


def draw_views(transform, mean, std, draws: int, *, size: tuple[int, int] = (SIDE, SIDE)) -> Views:
    """Send the test card through a copy of a transform many times.

    Parameters
    ----------
    transform : callable
        Takes ``image`` and ``mask`` by name and returns a dict, as `albumentations.Compose` does.
    mean, std : Tensor, shape (3,)
        What the images are normalised with.
    draws : int
    size : tuple of int, default (64, 64)
        Height and width of the card.
    """
    transform = reseeded(transform)
    card, labels = draw_card(*size)
    mean, std = (plain_tensor(each).double().numpy().reshape(3) for each in (mean, std))
    centres, colours = np.full((draws, 4, 2), np.nan), np.full((draws, 4, 3), np.nan)
    for draw in range(draws):
        result = transform(image=card.copy(), mask=labels.copy())
        mask, image = _as_map(result["mask"]), _as_picture(result["image"])
        if image is None or image.shape[:2] != mask.shape:
            image = np.full((*mask.shape, 3), np.nan)
        _measure_discs(image, mask, centres[draw], colours[draw])
    colours = 255 * (colours * std + mean)
    return Views(centres, colours)


def measure_geometry(views: Views) -> Geometry:
    """Fit each draw's linear map and split it into flips and a rotation."""
    matrices = [linear_map(centres) for centres in views.centres]
    kept = [matrix for matrix in matrices if matrix is not None]
    parts = np.array([_split(matrix) for matrix in kept]).reshape(-1, 3)
    flips, angles = parts[:, :2].astype(bool), parts[:, 2]
    upright = np.abs(angles) < _DOUBTFUL
    turned = angles[upright & ~flips.any(axis=1)]
    enlarged = np.median([np.linalg.svd(matrix, compute_uv=False)[0] for matrix in kept]) if kept else np.inf
    return Geometry(
        1 - len(kept) / len(matrices), flips[upright], angles, turned, float(enlarged), _shear(kept, angles)
    )


def linear_map(centres: np.ndarray) -> np.ndarray | None:
    """Return the 2x2 matrix that moved the discs there, or None if discs are lost or no such matrix fits."""
    if not np.isfinite(centres).all():
        return None
    moved, original = centres - centres.mean(axis=0), CENTRES - CENTRES.mean(axis=0)
    matrix, *_ = np.linalg.lstsq(original, moved, rcond=None)
    residual = np.abs(original @ matrix - moved).max()
    scales = np.linalg.svd(matrix, compute_uv=False)
    return matrix.T if residual < 1.5 and scales[1] > 0.6 and scales[0] < 1.6 else None


def _shear(matrices, angles) -> float:
    """Compare by how much draws are deformed with how far they are turned."""
    told = [
        (np.linalg.cond(matrix) - 1) / (2 * np.tan(np.radians(abs(angle))))
        for matrix, angle in zip(matrices, angles, strict=True)
        if _CLEAR < abs(angle) < _DOUBTFUL
    ]
    return float(np.median(told)) if told else 0.0


@functools.lru_cache(maxsize=4)
def _grid(height: int, width: int) -> list[np.ndarray]:
    """Return how far each pixel is across and down from the middle, in 64ths."""
    axes = [((np.arange(size) + 0.5) / size - 0.5) * SIDE for size in (width, height)]
    return np.meshgrid(*axes)


def _as_map(mask) -> np.ndarray:
    array = np.asarray(mask).squeeze()
    if array.ndim != 2:
        raise Mismatch(f"The transform turns a mask of shape (H, W) into one of shape {np.asarray(mask).shape}.")
    return array


def _as_picture(image) -> np.ndarray | None:
    """Return the image as (H, W, 3), or None if it is no tensor of channels first."""
    array = np.asarray(image, dtype=float)
    return array.transpose(1, 2, 0) if array.ndim == 3 and array.shape[0] == 3 else None


def _measure_discs(image, labels, centres, colours) -> None:
    across, down = _grid(*labels.shape)
    for number, label in enumerate(_LABELS):
        disc = (labels == label).astype(np.uint8)
        left, top, width, height = cv2.boundingRect(disc)
        window = (
            slice(max(top - _MARGIN, 0), top + height + _MARGIN),
            slice(max(left - _MARGIN, 0), left + width + _MARGIN),
        )
        disc, picture = disc[window], image[window]
        if disc.sum() < 0.15 * np.pi * _RADIUS**2 * labels.size / SIDE**2:
            continue
        weights = _weights(picture, disc)
        weights /= weights.sum()
        centres[number] = (across[window] * weights).sum(), (down[window] * weights).sum()
        # Interpolation mixes the disc's border with the background.
        inner = cv2.erode(disc, _CROSS).astype(bool)
        if inner.any():
            colours[number] = picture[inner].mean(axis=0)


def _weights(image, disc) -> np.ndarray:
    """Tell how much of a disc is in each pixel.

    Masks are moved by whole pixels, so that a small rotation does not show in them; it does in the image.
    """
    around = cv2.dilate(disc, _SQUARE).astype(bool)
    border = around & ~cv2.dilate(disc, _SQUARE[1:-1, 1:-1]).astype(bool)
    contrast = np.abs(image - np.median(image[border], axis=0)).sum(axis=2) * around
    contrast[contrast < 0.2 * contrast.max()] = 0  # noise
    return contrast if contrast.sum() > 0 else disc.astype(float)


def _split(matrix) -> tuple[bool, bool, float]:
    """Split a map into horizontal flip, vertical flip and the smallest rotation that explains it."""
    mirrored = np.linalg.det(matrix) < 0
    rotation = matrix @ np.diag([-1.0, 1.0]) if mirrored else matrix
    angle = np.degrees(np.arctan2(rotation[1, 0] - rotation[0, 1], rotation[0, 0] + rotation[1, 1]))
    upside_down = abs(angle) > 90
    if upside_down:
        angle -= np.copysign(180, angle)
    return bool(mirrored != upside_down), bool(upside_down), float(angle)
