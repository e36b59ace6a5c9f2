"""One piece of a mask, made smaller by averaging and by nearest neighbour; used in quizzes/SE05.json."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figs.blocks import Box, arrow, label
from figs.grids import cells, frame
from figs.style import INK, PAPER, blank, mix

__all__ = ["AVERAGED", "NEAREST", "ORIGINAL", "draw"]

ORIGINAL = np.array([[column >= border for column in range(8)] for border in (7, 6, 6, 5, 3, 3, 2, 1)])
AVERAGED = ORIGINAL.reshape(4, 2, 4, 2).mean(axis=(1, 3))
NEAREST = ORIGINAL[1::2, 1::2].astype(float)
DARK = "#2C3E50"


def draw() -> Figure:
    """Draw the piece as the expert drew it, then the two smaller ones with the values of their pixels."""
    figure, axes = blank(300)
    top, side = 56, 208
    panels = ((40, "left", AVERAGED), (346, "as the expert drew it", ORIGINAL.astype(float)), (652, "right", NEAREST))
    for left, name, values in panels:
        box = Box(left, top, left + side, top + side)
        label(axes, (box.centre[0], 32), name, size="strong", bold=True)
        _values(axes, box, values)
    for start, end in ((336, 258), (564, 642)):
        arrow(axes, [(start, top + side / 2), (end, top + side / 2)])
    return figure


def _values(axes: Axes, box: Box, values: np.ndarray) -> None:
    """Shade each pixel by its value and, where there is room, write the value into it."""
    frame(axes, box, len(values))
    for value in np.unique(values):
        cells(axes, box, values == value, mix("#FFFFFF", DARK, float(value)))
    step = (box.right - box.left) / len(values)
    if step < 40:
        return
    for (row, column), value in np.ndenumerate(values):
        at = (box.left + (column + 0.5) * step, box.top + (row + 0.5) * step)
        label(axes, at, f"{value:g}", colour=PAPER if value > 0.5 else INK)
