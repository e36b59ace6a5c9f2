"""What the layers of a pretrained network respond to, in small pictures: edges, textures, parts of objects."""

import numpy as np
from matplotlib.axes import Axes

from figs.blocks import Box, arrow, label, picture, tag
from figs.style import FROZEN

__all__ = ["BLOCKS", "body", "patches"]

SIDE = 40  # pixels of a patch, height and width
BLOCKS = ("edges\nand colours", "textures\nand shapes", "parts\nof objects")
WARM, COLD = np.array([214, 111, 52]), np.array([52, 122, 168])


def _coordinates() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return x, y, distance from the middle and angle of every pixel; x and y run from -1 to 1."""
    ticks = (np.arange(SIDE) + 0.5) / SIDE * 2 - 1
    x, y = np.meshgrid(ticks, ticks)
    return x, y, np.hypot(x, y), np.arctan2(y, x)


def _grey(values: np.ndarray) -> np.ndarray:
    """Return values from -1 to 1 as grey pixels, uint8 (SIDE, SIDE, 3), in few shades."""
    shades = np.round((values.clip(-1, 1) * 100 + 140) / 8) * 8
    return np.repeat(shades.astype(np.uint8)[..., None], 3, axis=2)


def _blend(share: np.ndarray) -> np.ndarray:
    """Return pixels from cold (0) to warm (1), in few shades."""
    steps = np.round(share.clip(0, 1) * 12)[..., None] / 12
    return (COLD + steps * (WARM - COLD)).astype(np.uint8)


def patches() -> tuple[tuple[np.ndarray, ...], ...]:
    """Return three patches, uint8 (40, 40, 3), for each of `BLOCKS`."""
    x, y, radius, angle = _coordinates()
    window = np.exp(-2 * radius**2)
    edges = (
        _grey(window * np.cos(5 * (x * 0.8 + y * 0.6))),
        _grey(window * np.sin(5 * (x * 0.9 - y * 0.44))),
        _blend(0.5 + 1.6 * x - 0.5 * y),
    )
    textures = (
        _grey(np.cos(9 * x) * np.cos(9 * y) * 1.4),
        _grey(np.sin(9 * y + 1.6 * np.sin(5 * x))),
        _grey(2 * np.cos(10 * radius)),
    )
    almond = np.abs(y) < 0.52 * np.cos(np.clip(x * 1.75, -1.57, 1.57))
    eye = np.where(radius < 0.2, -1, np.where(radius < 0.42, -0.1, 1.0))
    rim = (radius > 0.68) & (radius < 0.9)
    spokes = (np.abs(np.sin(3 * angle)) < 0.3 * 0.5 / radius.clip(0.2)) & (radius < 0.7)
    petals = radius < 0.55 + 0.33 * np.cos(6 * angle)
    parts = (
        _grey(np.where(almond, eye, 0.25)),
        _grey(np.where(rim | spokes, -0.9, 0.8)),
        np.where((radius < 0.22)[..., None], COLD, np.where(petals[..., None], WARM, 225)).astype(np.uint8),
    )
    return edges, textures, parts


def body(axes: Axes, left: float, middle: float, *, width: float = 105, gap: float = 30) -> list[Box]:
    """Draw a pretrained network's three groups of layers from left to right; return their boxes."""
    boxes = []
    for number, (name, trio) in enumerate(zip(BLOCKS, patches(), strict=True)):
        start = left + number * (width + gap)
        box = tag(axes, Box(start, middle - 44, start + width, middle + 44), tone=FROZEN)
        for column, pixels in enumerate(trio):
            x = box.centre[0] - 42.5 + 30 * column
            picture(axes, Box(x, middle - 35, x + 25, middle - 10), pixels, edge=FROZEN.edge, width=0.7)
        label(axes, (box.centre[0], middle + 18), name, size="small")
        if boxes:
            arrow(axes, [boxes[-1].east, box.west])
        boxes.append(box)
    return boxes
