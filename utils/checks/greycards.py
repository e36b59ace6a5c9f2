"""Draw often from a student's augmentation of grey images and measure what it does to a picture's shape and tones.

Two test cards go through it: four discs of different size, whose centres tell flips and rotations, and rings that look
the same however they are turned, whose levels tell brightness and contrast.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
import torch
import torch.nn.functional as F

from utils.checks.augmentation import CENTRES, SIDE, Views, linear_map, measure_geometry
from utils.core.expect import expect, expect_finite, expect_shape, plain_tensor

__all__ = ["RING_LEVELS", "Tones", "flat_levels", "measure_tones", "ramp", "transformed", "watch_discs"]

RADII = (4.0, 5.5, 7.0, 8.5)  # of the discs at CENTRES, in 64ths of the picture
BACKGROUND, DISC = 60, 190
RING_LEVELS = (80.0, 170.0)
_RING_ZONES = ((0.0, 9.0), (15.0, 21.0))  # radii between which a level is measured, away from its borders
_AROUND = 128
_DITHER = 2  # grey levels; many values to round make a mean exact to a small part of a level


@dataclass(frozen=True)
class Tones:
    """By what factors brightness and contrast were changed, draw by draw."""

    brightness: np.ndarray
    contrast: np.ndarray


def watch_discs(transform: Callable, mean: float, std: float, draws: int, side: int, of: str):
    """Send the card of discs through a transform many times.

    Parameters
    ----------
    transform : callable
        Takes a uint8 tensor (1, H, W), gives a float tensor (1, side, side).
    mean, std : float
        What it normalises with.
    draws : int
    side : int
        In pixels.
    of : str
        What the student calls the transform.

    Returns
    -------
    Geometry
        As `utils.checks.augmentation.measure_geometry` gives it.
    float
        By how many 64ths the picture was shifted, at most.
    ndarray, shape (draws that kept the picture,)
        How many times as large it came out.
    """
    centres = np.full((draws, 4, 2), np.nan)
    for draw, picture in enumerate(_draws(transform, _draw_discs(), draws, mean, std, side, of)):
        centres[draw] = _find_discs(picture)
    maps = [(linear_map(each), each.mean(axis=0)) for each in centres]
    shifts = [np.abs(middle - matrix @ CENTRES.mean(axis=0)).max() for matrix, middle in maps if matrix is not None]
    sizes = np.array([abs(np.linalg.det(matrix)) ** 0.5 for matrix, _ in maps if matrix is not None])
    return measure_geometry(Views(centres, np.full((draws, 4, 3), np.nan))), max(shifts, default=0.0), sizes


def measure_tones(transform: Callable, mean: float, std: float, draws: int, side: int, of: str) -> Tones:
    """Send the card of rings through a transform many times and measure its two levels.

    Brightness is the factor by which the picture's middle grey changes, contrast the one by which levels move apart.
    """
    card = _draw_rings()
    middle, (dark, bright) = card.float().mean().item(), RING_LEVELS
    found = np.array([_ring_means(picture) for picture in _draws(transform, card, draws, mean, std, side, of)])
    scale = (found[:, 1] - found[:, 0]) / (bright - dark)
    brightness = (found[:, 0] + scale * (middle - dark)) / middle
    return Tones(brightness, scale / np.where(np.abs(brightness) < 1e-6, 1e-6, brightness))


def flat_levels(
    transform: Callable, mean: float, std: float, draws: int, side: int, of: str, levels: Iterable[float] = RING_LEVELS
) -> np.ndarray:
    """Send evenly grey pictures through a transform; return the levels that come out, shape (levels, draws).

    However such a picture is turned, cut or stretched, and whatever is done to its contrast, it stays as it is.
    """
    cards = [torch.full((1, SIDE, SIDE), int(level), dtype=torch.uint8) for level in levels]
    return np.array(
        [[np.median(picture) for picture in _draws(transform, card, draws, mean, std, side, of)] for card in cards]
    )


def transformed(transform: Callable, picture: torch.Tensor, side: int, of: str) -> torch.Tensor:
    """Send a uint8 picture (1, H, W) through a transform; fail unless a float tensor (1, side, side) comes out.

    It is returned with 64 pixels a side, whatever `side` is, as float64.
    """
    expect(callable(transform), f"`{of}` cannot be called with an image.")
    result, what = transform(picture.clone()), f"what `{of}` makes of an image of shape {tuple(picture.shape)}"
    tensor = plain_tensor(result, what)
    one = (
        "`v2.Resize` with one number keeps the proportions; (SIDE, SIDE) sets both." if side in tensor.shape[1:] else ""
    )
    expect_shape(tensor, (1, side, side), what, one if tensor.ndim == 3 and tensor.shape[1] != tensor.shape[2] else "")
    dtype = str(tensor.dtype).removeprefix("torch.")
    expect(
        tensor.is_floating_point(),
        f"{what} holds {dtype} from {tensor.min().item()} to {tensor.max().item()}; normalised values are floats.",
    )
    expect_finite(tensor, what)
    if side == SIDE:
        return tensor.double()
    return F.interpolate(tensor.double()[None], size=(SIDE, SIDE), mode="bilinear", antialias=True)[0]


def _draw_discs(height: int = SIDE, width: int = SIDE) -> torch.Tensor:
    """Draw the card of discs: uint8, shape (1, height, width)."""
    across, down = _grid(height, width)
    card = np.full((height, width), float(BACKGROUND))
    for centre, radius in zip(CENTRES, RADII, strict=True):
        card[(across - centre[0]) ** 2 + (down - centre[1]) ** 2 <= radius**2] = DISC
    return torch.from_numpy(card.astype(np.uint8))[None]


def _draw_rings() -> torch.Tensor:
    """Draw the card of rings: uint8, shape (1, 64, 64)."""
    distance = np.hypot(*_grid(SIDE, SIDE))
    card = np.full((SIDE, SIDE), float(_AROUND))
    card[distance < 24], card[distance < 12] = RING_LEVELS[1], RING_LEVELS[0]
    dither = np.random.default_rng(7).integers(-_DITHER, _DITHER + 1, card.shape)
    return torch.from_numpy((card + dither).astype(np.uint8))[None]


def ramp(height: int = SIDE, width: int = SIDE) -> torch.Tensor:
    """Draw a slope from black to white across and down that looks the same at any size: uint8, (1, height, width)."""
    across, down = _grid(height, width)
    slope = 255 * ((across + 2 * down) / (3 * SIDE) + 0.5)
    return torch.from_numpy(slope.round().astype(np.uint8))[None]


def _draws(transform, card, draws, mean, std, side, of) -> Iterator[np.ndarray]:
    for _ in range(draws):
        yield 255 * (transformed(transform, card, side, of)[0].numpy() * std + mean)


def _find_discs(picture: np.ndarray) -> np.ndarray:
    """Return the centres of the four discs, in 64ths from the middle; NaN where there are not four."""
    threshold = (np.median(picture) + picture.max()) / 2
    _, labels, stats, _ = cv2.connectedComponentsWithStats((picture > threshold).astype(np.uint8))
    # Where a rotated picture leaves a corner empty, any grey may stand; no disc reaches that far.
    corners = {labels[row, column] for row in (0, -1) for column in (0, -1)}
    bright = [label for label in range(1, len(stats)) if label not in corners]
    if len(bright) != 4 or picture.max() - np.median(picture) < 10:
        return np.full((4, 2), np.nan)
    across, down = _grid(SIDE, SIDE)
    centres = []
    for label in sorted(bright, key=lambda label: stats[label, cv2.CC_STAT_AREA]):
        weights = (picture - threshold) * (labels == label)
        centres.append(((across * weights).sum() / weights.sum(), (down * weights).sum() / weights.sum()))
    return np.array(centres)


def _ring_means(picture: np.ndarray) -> list[float]:
    distance = np.hypot(*_grid(SIDE, SIDE))
    return [float(picture[(distance >= low) & (distance < high)].mean()) for low, high in _RING_ZONES]


@cache
def _grid(height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Return how far each pixel is across and down from the middle, in 64ths of the picture."""
    axes = [((np.arange(size) + 0.5) / size - 0.5) * SIDE for size in (width, height)]
    across, down = np.meshgrid(*axes)
    return across, down
