"""What gets between the camera and the skin: hairs, gel bubbles, rulers, plasters, ink, and dark corners."""

import math
from itertools import pairwise

import numpy as np

from utils.data.sample.canvas import Canvas, smoothstep

__all__ = ["add_artefacts"]

HAIRS = ((0.13, 0.08, 0.06), (0.24, 0.15, 0.10), (0.07, 0.06, 0.06), (0.58, 0.42, 0.30))
HAIR_CHANCES = (0.4, 0.25, 0.2, 0.15)
PLASTERS = ((0.22, 0.42, 0.62), (0.28, 0.55, 0.40), (0.86, 0.70, 0.28), (0.80, 0.42, 0.30))


def add_artefacts(canvas: Canvas, colours: np.ndarray) -> np.ndarray:
    """Lay some of the usual artefacts over a picture.

    Parameters
    ----------
    canvas : Canvas
        The sheet.
    colours : ndarray, shape (H, W, 3), float32, 0 to 1
        The picture so far; left as it is.

    Returns
    -------
    ndarray, shape (H, W, 3), float32
        The picture with artefacts.
    """
    for artefact, probability in ((_ink, 0.07), (_plaster, 0.08), (_ruler, 0.10), (_bubbles, 0.25), (_hairs, 0.6)):
        if canvas.chance(probability):
            colours = artefact(canvas, colours)
    return colours


def _painted(colours: np.ndarray, colour: tuple[float, float, float], coverage: np.ndarray) -> np.ndarray:
    return colours + coverage[..., None] * (np.array(colour, np.float32) - colours)


def _hairs(canvas: Canvas, colours: np.ndarray) -> np.ndarray:
    """Curved hairs, mostly combed one way; each tapers to its tip."""
    sheet, pen = canvas.strokes()
    combed = canvas.between(0, np.pi)
    thickness = canvas.between(0.005, 0.012) * sheet.height
    for _ in range(int(min(2 + canvas.rng.exponential(9), 40))):
        points = canvas.to_sheet(*_curve(canvas, combed + canvas.normal(0, 0.45)))
        width = thickness * canvas.between(0.6, 1.0)
        for step, (start, end) in enumerate(pairwise(points)):
            pen.line((start, end), fill=255, width=max(1, round(width * (1 - 0.75 * step / len(points)))))
    colour = HAIRS[canvas.rng.choice(len(HAIRS), p=HAIR_CHANCES)]
    return _painted(colours, colour, canvas.between(0.65, 0.95) * canvas.coverage(sheet))


def _curve(canvas: Canvas, heading: float) -> tuple[np.ndarray, np.ndarray]:
    """Points of a hair that starts anywhere and bends as it goes."""
    reach_x, reach_y = canvas.extent
    steps = 14
    bend = canvas.normal(0, 0.9)
    direction = heading + np.linspace(-bend / 2, bend / 2, steps)
    stride = canvas.between(0.3, 1.1) / steps
    x = canvas.between(-reach_x, reach_x) + np.cumsum(np.cos(direction)) * stride
    y = canvas.between(-reach_y, reach_y) + np.cumsum(np.sin(direction)) * stride
    return x, y


def _bubbles(canvas: Canvas, colours: np.ndarray) -> np.ndarray:
    """Air in the contact gel: thin rings, brighter on the side of the lamp."""
    x, y = canvas.grid
    reach_x, reach_y = canvas.extent
    for _ in range(int(canvas.rng.integers(1, 9))):
        radius = canvas.between(0.012, 0.055)
        dx = (x - canvas.between(-reach_x, reach_x)) / radius
        dy = (y - canvas.between(-reach_y, reach_y)) / radius
        distance = np.sqrt(dx * dx + dy * dy)
        ring = np.exp(-(((distance - 0.9) / 0.16) ** 2)) * (0.55 - 0.45 * (dx + dy) / np.maximum(distance, 0.3))
        spark = np.exp(-((dx + 0.4) ** 2 + (dy + 0.4) ** 2) / 0.03)
        colours = colours + (0.28 * ring + 0.5 * spark)[..., None]
    return colours


def _ruler(canvas: Canvas, colours: np.ndarray) -> np.ndarray:
    """Draw a millimetre scale along one side."""
    sheet, pen = canvas.strokes()
    spacing = canvas.between(0.04, 0.07) * sheet.height
    margin = canvas.between(0.03, 0.07) * sheet.height
    upright = canvas.chance(0.4)
    for tick in range(int((sheet.height if upright else sheet.width) / spacing) + 1):
        along, length = tick * spacing, (0.055 if tick % 5 == 0 else 0.03) * sheet.height
        ends = ((along, sheet.height - margin), (along, sheet.height - margin - length))
        if upright:
            ends = tuple((down - sheet.height + margin + length + margin, across) for across, down in ends)
        pen.line(ends, fill=255, width=max(2, round(0.006 * sheet.height)))
    return _painted(colours, (0.10, 0.10, 0.12), 0.85 * canvas.coverage(sheet))


def _plaster(canvas: Canvas, colours: np.ndarray) -> np.ndarray:
    """Let the rim of a coloured round plaster reach into the picture."""
    x, y = canvas.grid
    reach = float(np.hypot(*canvas.extent))
    angle, radius = canvas.between(0, 2 * np.pi), canvas.between(0.22, 0.40)
    away = reach * canvas.between(0.92, 1.05)
    distance = np.hypot(x - away * math.cos(angle), y - away * math.sin(angle)) + 0.008 * canvas.noise(9)
    weave = 1 + 0.06 * canvas.noise(45)
    body = 1 - smoothstep(distance, radius - 0.012, radius + 0.012)
    colour = PLASTERS[canvas.rng.integers(len(PLASTERS))]
    return _painted(colours, colour, body) * np.where(body > 0.5, weave, 1)[..., None]


def _ink(canvas: Canvas, colours: np.ndarray) -> np.ndarray:
    """Strokes of a violet surgical pen near the rim."""
    sheet, pen = canvas.strokes()
    reach_x, reach_y = canvas.extent
    for _ in range(int(canvas.rng.integers(1, 4))):
        angle = canvas.between(0, 2 * np.pi)
        centre = np.array([np.cos(angle) * reach_x, np.sin(angle) * reach_y]) * canvas.between(0.75, 0.95)
        along = np.linspace(-0.14, 0.14, 9)
        tilt = canvas.between(0, np.pi)
        points = canvas.to_sheet(centre[0] + along * np.cos(tilt), centre[1] + along * np.sin(tilt))
        pen.line(points, fill=255, width=round(canvas.between(0.02, 0.035) * sheet.height), joint="curve")
    patchy = 0.62 + 0.18 * canvas.noise(14, 2)
    return _painted(colours, (0.32, 0.22, 0.50), np.clip(patchy, 0, 0.9) * canvas.coverage(sheet))
