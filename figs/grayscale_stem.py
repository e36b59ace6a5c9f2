"""From three colour sheets to a grey one: the mean of a filter's weights, and what it does to the response."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figs.blocks import Box, arrow, label, panel, picture, tag
from figs.chest import draw_xray
from figs.style import FROZEN, NEUTRAL, SKIP, blank

__all__ = ["THIRD", "draw", "filter_sheets", "response"]

HEIGHT = 388
KERNEL = 7
TINTS = {"red": (0.86, 0.27, 0.20), "green": (0.16, 0.62, 0.40), "blue": (0.16, 0.42, 0.80)}
SHADES = 12
THIRD = 1 / 3
ROWS = (100, 286)  # y of the old stem and of the new one


def filter_sheets() -> np.ndarray:
    """Return the weights of one filter for red, green and blue, shape (3, 7, 7): an edge, not alike in all colours."""
    ticks = np.linspace(-1, 1, KERNEL)
    x, y = np.meshgrid(ticks, ticks)
    edge = np.exp(-1.2 * (x**2 + y**2)) * np.sin(3.2 * (0.85 * x + 0.5 * y))
    return np.stack([1.3 * edge, 1.0 * edge, 0.7 * edge])


def response(kernel: np.ndarray) -> np.ndarray:
    """Return the convolution of the X-ray with a kernel, shape (58, 58)."""
    windows = np.lib.stride_tricks.sliding_window_view(draw_xray() / 255 - 0.4, (KERNEL, KERNEL))
    return np.einsum("ijkl,kl->ij", windows, kernel)


def draw() -> Figure:
    """Draw the old stem above and the new one below."""
    figure, axes = blank(HEIGHT)
    sheets = filter_sheets()
    old, new = response(sheets.sum(axis=0)), response(sheets.mean(axis=0))
    scale = np.abs(old).max()
    for y, name, tone in zip(ROWS, ("Three channels", "One channel"), (FROZEN, SKIP), strict=True):
        panel(axes, Box(16, y - 84, 884, y + 86), tone=tone)
        label(axes, (34, y - 62), name, size="heading", bold=True, colour=tone.text, align="left")
    _row(axes, ROWS[0], [(TINTS[name], sheet) for name, sheet in zip(TINTS, sheets, strict=True)], _shade(old, scale))
    _row(axes, ROWS[1], [(None, sheets.mean(axis=0))], _shade(new, scale))
    label(axes, (810, ROWS[0] - 62), "response", size="small")
    label(axes, (810, ROWS[1] - 62), "a third of it", size="small")
    return figure


def _row(axes: Axes, y: float, kernels: list, pixels: np.ndarray) -> None:
    """Draw image, filter and response from left to right."""
    several = len(kernels) > 1
    for offset in (12, 6, 0) if several else (0,):
        picture(axes, Box(58 + offset, y - 30 - offset, 148 + offset, y + 60 - offset), draw_xray(), above=0.1)
    x = 250 if several else 398
    boxes = []
    for tint, kernel in kernels:
        boxes.append(picture(axes, Box(x, y - 30, x + 88, y + 58), _tinted(kernel, tint)))
        x += 118
    for box in boxes[1:]:
        label(axes, (box.left - 15, y + 14), "+", size="heading", bold=True)
    names = ("red", "green", "blue") if several else ("mean of the three sheets",)
    for name, box in zip(names, boxes, strict=True):
        label(axes, (box.centre[0], box.bottom + 14), name, size="small")
    out = picture(axes, Box(762, y - 36, 858, y + 60), pixels)
    arrow(axes, [(170, y + 14), (boxes[0].left - 8, y + 14)])
    step = tag(axes, Box(640, y - 2, 716, y + 30), "sum" if several else "as it is", tone=NEUTRAL)
    arrow(axes, [(boxes[-1].right + 4, y + 14), step.west])
    arrow(axes, [step.east, (out.left - 4, y + 14)])


def _tinted(kernel: np.ndarray, tint) -> np.ndarray:
    """Return a kernel as pixels: 0 is white and positive the tint; without one, 0 is grey and positive white."""
    share = np.clip(kernel, -1, 1)[..., None]
    if tint is None:
        return np.kron((128 + 110 * share).astype(np.uint8).repeat(3, axis=2), np.ones((8, 8, 1), np.uint8))
    white, colour, dark = np.ones(3), np.array(tint), np.full(3, 0.12)
    pixels = np.where(share >= 0, white + share * (colour - white), white - share * (dark - white) * 0.8)
    return np.kron((255 * pixels).astype(np.uint8), np.ones((8, 8, 1), np.uint8))


def _shade(values: np.ndarray, scale: float) -> np.ndarray:
    """Return a response as grey pixels: middle grey is 0."""
    steps = np.round(np.clip(values / scale, -1, 1) * SHADES) / SHADES
    return (128 + 120 * steps).astype(np.uint8)
