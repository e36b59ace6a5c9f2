"""The Dice score as counted pixels: every number is computed from the masks that are drawn."""

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figs.blocks import Box, label, line
from figs.grids import cells, frame, outline
from figs.lesion import draw_lesion
from figs.style import FROZEN, LINE, MUTED, NEW, SKIP, Tone, blank

__all__ = ["EXAMPLES", "MAIN", "Overlap", "draw"]

HEIGHT = 548
SIDE = 22  # pixels of the masks, height and width


@dataclass(frozen=True)
class Overlap:
    """A true mask and a predicted one, bool (side, side), and what comes of counting their pixels."""

    truth: np.ndarray
    prediction: np.ndarray

    @property
    def counts(self) -> tuple[int, int, int]:
        """Pixels of the truth, of the prediction and of both."""
        both = self.truth & self.prediction
        return int(self.truth.sum()), int(self.prediction.sum()), int(both.sum())

    @property
    def dice(self) -> float:
        """Twice the overlap over the sum of both areas."""
        truth, prediction, both = self.counts
        return 2 * both / (truth + prediction)

    @property
    def jaccard(self) -> float:
        """The overlap over the area of the union."""
        truth, prediction, both = self.counts
        return both / (truth + prediction - both)


def _pair(shift: tuple[float, float], scale: float = 1.0) -> Overlap:
    """Return a lesion's mask and a prediction moved by `shift` (in image sides) and `scale` times as wide."""
    centre, radius = (0.41, 0.46), 0.31
    moved = (centre[0] + shift[0], centre[1] + shift[1])
    truth = draw_lesion(side=SIDE, centre=centre, radius=radius).mask
    return Overlap(truth, draw_lesion(side=SIDE, centre=moved, radius=radius * scale).mask)


MAIN = _pair((0.16, 0.08), 0.96)
EXAMPLES = (
    _pair((0.44, 0.36), 0.42),
    _pair((0.30, 0.20), 0.70),
    _pair((0.13, 0.02)),
    _pair((0.04, -0.02)),
    _pair((0, 0)),
)


def draw() -> Figure:
    """Draw one overlap with its counts, the formula in pictures and five examples from worst to best."""
    figure, axes = blank(HEIGHT)
    _main(axes, Box(24, 24, 324, 324))
    _key(axes)
    _formula(axes)
    _row(axes)
    return figure


def _overlap(axes: Axes, box: Box, pair: Overlap, *, width: float = 2.2) -> None:
    """Draw both masks on one grid: what only one has is pale, what both have is green."""
    frame(axes, box, SIDE)
    cells(axes, box, pair.truth & ~pair.prediction, FROZEN.fill)
    cells(axes, box, pair.prediction & ~pair.truth, NEW.fill)
    cells(axes, box, pair.truth & pair.prediction, SKIP.fill)
    outline(axes, box, pair.truth, FROZEN.edge, width=width)
    outline(axes, box, pair.prediction, NEW.edge, width=width, dashed=True)


def _main(axes: Axes, box: Box) -> None:
    """Draw the large example with each area named in its roomiest place."""
    _overlap(axes, box, MAIN)
    truth, prediction = MAIN.truth, MAIN.prediction
    for area, name in (
        (truth & ~prediction, "only\nA"),
        (prediction & ~truth, "only\nB"),
        (truth & prediction, "A ∩ B"),
    ):
        row, column = _roomiest(area)
        pixel = (box.right - box.left) / SIDE
        at = (box.left + (column + 0.5) * pixel, box.top + (row + 0.5) * pixel)
        label(axes, at, name, bold=True)


def _roomiest(mask: np.ndarray) -> tuple[int, int]:
    """Return the pixel (row, column) of the mask that lies farthest from everything outside it."""
    inside, outside = np.argwhere(mask), np.argwhere(~mask)
    distances = ((inside[:, None] - outside[None]) ** 2).sum(axis=2).min(axis=1)
    row, column = inside[distances.argmax()].tolist()
    return row, column


def _key(axes: Axes) -> None:
    """Name the areas and count them."""
    truth, prediction, both = MAIN.counts
    entries = (
        ("A", f"true mask, inside the solid line: {truth} pixels", FROZEN),
        ("B", f"predicted mask, inside the dashed line: {prediction} pixels", NEW),
        ("A ∩ B", f"in both masks: {both} pixels", SKIP),
    )
    for row, (name, text, tone) in enumerate(entries):
        y = 46 + 30 * row
        swatch, pixel = Box(360, y - 9, 378, y + 9), np.ones((1, 1), dtype=bool)
        cells(axes, swatch, pixel, tone.fill)
        if tone is not SKIP:
            outline(axes, swatch, pixel, tone.edge, width=2.2, dashed=tone is NEW)
        label(axes, (392, y), name, size="strong", bold=True, align="left")
        label(axes, (450, y), text, size="strong", align="left")


def _formula(axes: Axes) -> None:
    """Write the score as a fraction of pictures, then of numbers."""
    bar, (truth, prediction, both) = 224, MAIN.counts
    label(axes, (360, bar), "Dice  =", size="heading", bold=True, align="left")
    _fraction(axes, 438, 642, bar)
    label(axes, (498, bar - 40), "2 ×", size="heading")
    _miniature(axes, (560, bar - 40), MAIN.truth & MAIN.prediction, SKIP)
    _miniature(axes, (486, bar + 42), MAIN.truth, FROZEN)
    label(axes, (540, bar + 42), "+", size="heading")
    _miniature(axes, (594, bar + 42), MAIN.prediction, NEW)
    label(axes, (664, bar), "=", size="heading")
    _fraction(axes, 686, 794, bar)
    label(axes, (740, bar - 18), f"2 × {both}", size="heading")
    label(axes, (740, bar + 18), f"{truth} + {prediction}", size="heading")
    label(axes, (812, bar), f"=  {MAIN.dice:.2f}", size="heading", bold=True, align="left")
    label(axes, (360, 314), f"Dice loss  =  1 − Dice  =  {1 - MAIN.dice:.2f}", size="strong", align="left")
    union = truth + prediction - both
    text = f"Jaccard  =  {both} / {union}  =  {MAIN.jaccard:.2f}"
    label(axes, (884, 314), text, size="strong", align="right", colour=MUTED)


def _fraction(axes: Axes, left: float, right: float, y: float) -> None:
    """Draw a fraction's bar."""
    line(axes, [(left, y), (right, y)], width=1.6)


def _miniature(axes: Axes, at: tuple[float, float], mask: np.ndarray, tone: Tone) -> None:
    """Draw one area alone, about 70 pixels high, its middle at `at`."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    part = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    height, width = (4.6 * length / 2 for length in part.shape)
    box = Box(at[0] - width, at[1] - height, at[0] + width, at[1] + height)
    cells(axes, box, part, tone.fill)
    outline(axes, box, part, tone.edge, dashed=tone is NEW)


def _row(axes: Axes) -> None:
    """Draw the examples from no overlap to full overlap."""
    line(axes, [(24, 352), (884, 352)], colour=LINE, width=0.8)
    for number, pair in enumerate(EXAMPLES):
        box = Box(36 + 180 * number, 376, 144 + 180 * number, 484)
        _overlap(axes, box, pair, width=1.4)
        label(axes, (box.centre[0], box.bottom + 18), f"Dice {pair.dice:.2f}", size="strong", bold=True)
        label(axes, (box.centre[0], box.bottom + 38), f"Jaccard {pair.jaccard:.2f}", colour=MUTED)
