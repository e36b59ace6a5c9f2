"""Figures that look the same in a light and in a dark notebook, and leave pyplot alone."""

from io import BytesIO

import matplotlib
from matplotlib.figure import Figure

__all__ = ["GREY", "INK", "PAPER", "NotebookFigure", "light_style"]

INK, GREY, PAPER = "#1a1a1a", "#5f6368", "#ffffff"

# Every colour that a dark style sheet or theme would turn.
_STYLE = {
    "text.color": INK,
    "axes.facecolor": PAPER,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "legend.facecolor": PAPER,
    "legend.edgecolor": PAPER,
    "font.family": ["DejaVu Sans"],  # ships with matplotlib
    "font.size": 10,
}


class NotebookFigure(Figure):
    """A figure that pyplot does not know of, so that a notebook shows it once: where it is the last expression."""

    def __init__(self, width: float, height: float) -> None:
        super().__init__(figsize=(width, height), layout="constrained", facecolor=PAPER)

    def _repr_png_(self) -> bytes:
        # IPython asks for this only while the inline backend has not registered a formatter of its own.
        buffer = BytesIO()
        self.savefig(buffer, format="png", facecolor=PAPER, dpi=100)
        return buffer.getvalue()


def light_style():
    """Return a context in which new artists take the workshop's colours; rcParams are as before after it."""
    return matplotlib.rc_context(_STYLE)
