"""The lesion: a border that is never a circle, and what dermatologists look for inside it."""

import math
from dataclasses import dataclass

import numpy as np

from utils.data.sample.canvas import Canvas, smoothstep
from utils.data.sample.skin import Tissue

__all__ = ["Lesion", "add_lesion", "draw_border", "veiled"]

SMALLEST, LARGEST = 0.02, 0.55  # part of the picture that the lesion covers


@dataclass(frozen=True)
class Lesion:
    """A border, drawn but not yet filled.

    Parameters
    ----------
    level : ndarray, shape (H, W), float32
        0 in the middle, 1 on the border, more outside.
    inside : ndarray, shape (H, W), float32
        How much of the lesion's pigment is there: 1 inside, 0 outside, a third on the border; the fuzzier
        the border, the slower it falls.
    """

    level: np.ndarray
    inside: np.ndarray

    @property
    def mask(self) -> np.ndarray:
        """What an expert would outline: shape (H, W), bool."""
        return self.level < 1


def draw_border(canvas: Canvas) -> Lesion:
    """Draw where the lesion lies: a warped, lobed ellipse of a chosen area with a border of varying sharpness."""
    covered = SMALLEST + (LARGEST - SMALLEST) * float(canvas.rng.beta(1.15, 2.85))
    distance, angle = _warped_polar(canvas, covered)
    level = distance / _radius(canvas, angle)
    level /= np.quantile(level, covered).astype(np.float32)
    softness = np.exp(canvas.normal(math.log(0.055), 0.55) + 0.7 * canvas.noise(2.5))
    slope = (1 - level) / np.clip(softness, 0.015, 0.3) - 0.9  # experts outline the faint outer rim, not the half
    return Lesion(level=level, inside=1 / (1 + np.exp(-np.clip(slope, -12, 12))))


def _radius(canvas: Canvas, angle: np.ndarray) -> np.ndarray:
    """How far the border is from the centre in each direction: a circle with a few lobes and notches."""
    turns = np.linspace(-np.pi, np.pi, 361)
    lobes = sum(
        canvas.normal(0, 0.16 / order) * np.cos(order * turns + canvas.between(0, 2 * np.pi)) for order in range(2, 8)
    )
    return np.interp(angle, turns, np.exp(lobes)).astype(np.float32)


def _warped_polar(canvas: Canvas, covered: float) -> tuple[np.ndarray, np.ndarray]:
    """Distance and angle from the lesion's centre, on a sheet that was squeezed, turned and crumpled."""
    x, y = canvas.grid
    reach_x, reach_y = canvas.extent
    room = 0.34 * (1 - covered)
    turn, squeeze = canvas.between(0, math.pi), canvas.between(1.0, 1.28)
    size = math.sqrt(covered)
    x = x - reach_x * canvas.between(-room, room) + size * (0.10 * canvas.noise(3.5) + 0.035 * canvas.noise(9, 3))
    y = y - reach_y * canvas.between(-room, room) + size * (0.10 * canvas.noise(3.5) + 0.035 * canvas.noise(9, 3))
    along = (math.cos(turn) * x + math.sin(turn) * y) / squeeze
    across = (math.cos(turn) * y - math.sin(turn) * x) * squeeze
    return np.hypot(along, across), np.arctan2(across, along)


def add_lesion(canvas: Canvas, tissue: Tissue, lesion: Lesion) -> None:
    """Fill the border: change `tissue` in place, with pigment in several shades and structures, and redness."""
    contrast = _contrast(canvas)
    shade = 0.75 + 0.26 * canvas.noise(4, octaves=4) + canvas.between(-0.15, 0.35) * (1 - lesion.level)
    for structure, probability in ((_blotches, 0.5), (_network, 0.6), (_globules, 0.45), (_streaks, 0.25)):
        if canvas.chance(probability):
            shade = shade + structure(canvas, lesion)
    if canvas.chance(0.3):  # regression: pigment that the body has cleared, paler than the rest
        shade = shade * (1 - canvas.between(0.3, 0.75) * smoothstep(canvas.noise(3.5, 4), 0.1, 1.3))
    tissue.melanin = tissue.melanin + contrast * lesion.inside * np.maximum(shade, 0.12)
    halo = np.exp(-3.5 * np.maximum(lesion.level - 1, 0))
    tissue.blood = tissue.blood + halo * canvas.between(-0.03, 0.22) + lesion.inside * canvas.between(0.0, 0.45)


def _contrast(canvas: Canvas) -> float:
    """Melanin of the lesion: one in four is so pale that only its structure gives it away."""
    if canvas.chance(0.25):
        return canvas.between(0.26, 0.42)
    return canvas.between(0.4, 1.5)


def _blotches(canvas: Canvas, lesion: Lesion) -> np.ndarray:
    """Dark patches without structure, off the centre."""
    return canvas.between(0.3, 0.9) * smoothstep(canvas.noise(canvas.between(2.5, 5), 4), 0.1, 1.1)


def _network(canvas: Canvas, lesion: Lesion) -> np.ndarray:
    """Draw the honeycomb of a mole: dark lines around pale holes, strongest towards the border."""
    x, y = canvas.grid
    frequency = 2 * np.pi * canvas.between(24, 38)
    x, y = x + 0.022 * canvas.noise(8, 2), y + 0.022 * canvas.noise(8, 2)
    start = canvas.between(0, np.pi)
    waves = sum(
        np.cos(frequency * (math.cos(start + turn) * x + math.sin(start + turn) * y)) for turn in (0, 2.0944, 4.1888)
    )
    lines = 1 - smoothstep(waves, -1.2, 1.4)  # 3 in a hole, -1.5 on a line
    where = smoothstep(lesion.level + 0.5 * canvas.noise(2.5), 0.2, 0.9)
    return canvas.between(0.25, 0.65) * where * (lines - 0.45)


def _globules(canvas: Canvas, lesion: Lesion) -> np.ndarray:
    """Round dark dots of several sizes."""
    sheet, pen = canvas.strokes()
    reach_x, reach_y = canvas.extent
    count = int(canvas.rng.integers(60, 240))
    centres = canvas.to_sheet(
        canvas.rng.uniform(-reach_x, reach_x, count), canvas.rng.uniform(-reach_y, reach_y, count)
    )
    radii = canvas.rng.uniform(0.004, 0.013, count) * sheet.height
    for (across, down), radius in zip(centres, radii, strict=True):
        pen.ellipse((across - radius, down - 0.85 * radius, across + radius, down + 0.85 * radius), fill=255)
    return canvas.between(0.35, 0.8) * canvas.coverage(sheet) * smoothstep(canvas.noise(2.5), -0.5, 0.4)


def _streaks(canvas: Canvas, lesion: Lesion) -> np.ndarray:
    """Dark fingers that point outwards at the border."""
    spokes = np.maximum(canvas.noise(22), 0)
    return canvas.between(0.3, 0.8) * spokes * smoothstep(lesion.level, 0.65, 0.95)


def veiled(canvas: Canvas, colours: np.ndarray, lesion: Lesion) -> np.ndarray:
    """Lay a blue-white veil over part of the lesion: pigment so deep that its brown turns to blue."""
    veil = np.array([0.46, 0.50, 0.58], np.float32) * canvas.between(0.75, 1.1)
    dense = smoothstep(0.55 - colours[..., 1], 0.0, 0.25)
    where = smoothstep(canvas.noise(2.5, 4) + 0.8 - lesion.level, 0.1, 1.3) * lesion.inside * dense
    return colours + (canvas.between(0.3, 0.58) * where)[..., None] * (veil - colours)
