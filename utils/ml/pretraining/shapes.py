"""The shapes of the source task: each is a field that is positive inside, 0 on the outline, negative outside."""

import math

import torch
from torch import Tensor

from utils.ml.pretraining.chance import Chance

__all__ = ["SHAPES", "draw_shapes"]

TURN = 2 * math.pi


def draw_shapes(chance: Chance, kinds: Tensor, sizes: Tensor, side: int) -> Tensor:
    """Draw how much of each pixel one shape covers, for each entry of `kinds`.

    Parameters
    ----------
    chance : Chance
    kinds : Tensor, shape (N,), int64
        Positions in `SHAPES`.
    sizes : Tensor, shape (N,)
        Radii in half pictures.
    side : int
        In pixels.

    Returns
    -------
    Tensor, shape (N, side, side), values from 0 to 1
        Sharp outlines and fuzzy ones, regular ones and crumpled ones.
    """
    count, sizes = len(kinds), sizes[:, None, None]
    axis = torch.linspace(-1, 1, side, device=chance.device)
    angle, squeeze = chance.between(0, TURN, count, 1, 1), chance.between(0.7, 1.0, count, 1, 1)
    crumple = chance.happens(0.6, count, 1, 1) * chance.between(0.02, 0.2, count, 1, 1) * sizes
    room = (1 - 0.75 * sizes).clamp_min(0.05)
    x = axis - room * chance.between(-1, 1, count, 1, 1) + crumple * chance.noise(count, side, 4)
    y = axis[:, None] - room * chance.between(-1, 1, count, 1, 1) + crumple * chance.noise(count, side, 4)
    across = (angle.cos() * x + angle.sin() * y) / sizes
    along = (angle.cos() * y - angle.sin() * x) / (sizes * squeeze)
    field = torch.empty(count, side, side, device=chance.device)
    for kind, draw in enumerate(SHAPES.values()):
        where = (kinds == kind).nonzero()[:, 0]
        if len(where):
            field[where] = draw(chance, across[where], along[where])
    blur = torch.exp(chance.between(math.log(1 / side), math.log(0.12), count, 1, 1))
    return torch.sigmoid(2.5 * field * sizes / blur)


def _number(chance: Chance, x: Tensor, low: float, high: float) -> Tensor:
    return chance.between(low, high, len(x), 1, 1)


def _sector(x: Tensor, y: Tensor, corners: Tensor | int) -> Tensor:
    """Return the angle to the middle of the sector, from -pi / corners to pi / corners."""
    width = TURN / corners
    return torch.remainder(torch.atan2(y, x), width) - width / 2


def _polygon(x, y, corners):
    middle = math.cos(math.pi / corners)
    return middle - torch.hypot(x, y) * _sector(x, y, corners).cos()


def _ellipse(chance, x, y):
    return 1 - torch.hypot(x, y)


def _triangle(chance, x, y):
    return _polygon(x, y, 3)


def _square(chance, x, y):
    return _polygon(x, y, 4)


def _hexagon(chance, x, y):
    return _polygon(x, y, 6)


def _star(chance, x, y):
    rays = 4.0 + chance.pick(4, len(x), 1, 1)
    depth = _number(chance, x, 0.4, 0.6)
    return 1 - depth * (1 - _sector(x, y, rays).abs() * rays / math.pi) - torch.hypot(x, y)


def _flower(chance, x, y):
    petals = 3.0 + chance.pick(4, len(x), 1, 1)
    depth = _number(chance, x, 0.15, 0.3)
    return 1 - depth + depth * (petals * torch.atan2(y, x)).cos() - torch.hypot(x, y)


def _cross(chance, x, y):
    arm = _number(chance, x, 0.2, 0.4)
    return torch.maximum(
        torch.minimum(arm - x.abs(), 1 - y.abs()),
        torch.minimum(arm - y.abs(), 1 - x.abs()),
    )


def _ring(chance, x, y):
    width = _number(chance, x, 0.12, 0.28)
    return width - (torch.hypot(x, y) - 1 + width).abs()


def _crescent(chance, x, y):
    offset = _number(chance, x, 0.35, 0.6)
    return torch.minimum(1 - torch.hypot(x, y), torch.hypot(x - offset, y) - 0.75)


def _bar(chance, x, y):
    width = _number(chance, x, 0.15, 0.35)
    return torch.minimum(width - x.abs(), 1 - y.abs())


def _half(chance, x, y):
    return torch.minimum(1 - torch.hypot(x, y), y + 0.1)


SHAPES = {
    "ellipse": _ellipse,
    "triangle": _triangle,
    "square": _square,
    "hexagon": _hexagon,
    "star": _star,
    "flower": _flower,
    "cross": _cross,
    "ring": _ring,
    "crescent": _crescent,
    "bar": _bar,
    "half disc": _half,
}
