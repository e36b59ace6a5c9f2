"""The figure that stands in for an explorer where nothing can be moved."""

from collections.abc import Sequence
from textwrap import wrap

from matplotlib.figure import Figure

from utils.plotting.explorers.views import SIDE, View
from utils.plotting.figures import GREY, INK, NotebookFigure, light_style

__all__ = ["draw_rows"]

# In pixels at 100 dots per inch, as a notebook shows it.
MARGIN, GAP, TITLE, CAPTION, SENTENCE = 14, 12, 34, 32, 44
CAPTION_LETTERS, LETTER_WIDTH = 34, 6.6


def draw_rows(title: str, views: Sequence[View]) -> Figure:
    """Draw views one below the other, each with its captions and its sentence.

    Everything is placed by hand on a single pair of axes: laying out dozens of them takes matplotlib seconds.
    """
    columns = max(len(view.tiles) for view in views)
    width = 2 * MARGIN + columns * SIDE + (columns - 1) * GAP
    height = MARGIN + TITLE + len(views) * (CAPTION + SIDE + SENTENCE)
    with light_style():
        figure = NotebookFigure(width / 100, height / 100)
        figure.set_layout_engine("none")
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, width), ylim=(height, 0))
        axes.axis("off")
        axes.text(MARGIN, MARGIN, title, va="top", fontsize=12, fontweight="bold", color=INK)
        for row, view in enumerate(views):
            top = MARGIN + TITLE + row * (CAPTION + SIDE + SENTENCE)
            _draw_row(axes, top, view, int((width - 2 * MARGIN) / LETTER_WIDTH))
    return figure


def _draw_row(axes, top: float, view: View, letters: int) -> None:
    for column, tile in enumerate(view.tiles):
        left, upper = MARGIN + column * (SIDE + GAP), top + CAPTION
        caption = "\n".join(wrap(tile.caption, CAPTION_LETTERS))
        axes.text(left, upper - 4, caption, va="bottom", fontsize=8.5, linespacing=1.15, color=GREY)
        axes.imshow(tile.pixels, extent=(left, left + SIDE, upper + SIDE, upper), aspect="auto", interpolation="none")
    sentence = "\n".join(wrap(view.says, letters))
    axes.text(MARGIN, top + CAPTION + SIDE + 6, sentence, va="top", fontsize=9.5, linespacing=1.2, color=INK)
