"""A small pair of masks to compute a Dice score by hand; used in quizzes/SE05.json, which a test compares with it."""

import numpy as np
from matplotlib.figure import Figure

from figs.blocks import Box, label
from figs.dice_overlap import Overlap
from figs.grids import cells, frame, outline
from figs.style import FROZEN, NEW, SKIP, blank

__all__ = ["PAIR", "draw"]

SIDE = 7  # pixels
TRUTH, PREDICTION, BOTH = "t", "p", "b"
DRAWING = (
    ".......",
    ".......",
    "..tbb..",
    "..tbbp.",
    "...tb..",
    ".......",
    ".......",
)


def _pixels(*marks: str) -> np.ndarray:
    return np.array([[mark in marks for mark in row] for row in DRAWING])


PAIR = Overlap(truth=_pixels(TRUTH, BOTH), prediction=_pixels(PREDICTION, BOTH))


def draw() -> Figure:
    """Draw both masks on a grid whose pixels can be counted, and the key to their lines."""
    figure, axes = blank(350)
    box = Box(150, 25, 450, 325)
    frame(axes, box, SIDE)
    cells(axes, box, _pixels(TRUTH), FROZEN.fill)
    cells(axes, box, _pixels(PREDICTION), NEW.fill)
    cells(axes, box, _pixels(BOTH), SKIP.fill)
    outline(axes, box, PAIR.truth, FROZEN.edge, width=3.4)
    outline(axes, box, PAIR.prediction, NEW.edge, width=3.4, dashed=True)
    one = np.ones((1, 1), dtype=bool)
    rows = (("the expert's mask", FROZEN, False), ("the prediction", NEW, True), ("in both", SKIP, None))
    for row, (text, tone, dashed) in enumerate(rows):
        y = 130 + 45 * row
        swatch = Box(500, y - 13, 526, y + 13)
        cells(axes, swatch, one, tone.fill)
        if dashed is not None:
            outline(axes, swatch, one, tone.edge, width=2.6, dashed=dashed)
        label(axes, (544, y), text, size="strong", align="left")
    return figure
