"""Mask outlines that stay apart without colour: truth solid, prediction dashed."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patheffects import Normal, Stroke
from torch import Tensor

__all__ = ["PREDICTION", "TRUTH", "draw_outline", "legend_line"]

# Blue and yellow stay apart in every common form of colour blindness, and in grey: one is dark, one is light.
TRUTH = {"color": "#0a5fd8", "linestyle": "solid", "halo": "#ffffff"}
PREDICTION = {"color": "#ffd60a", "linestyle": (0, (2.5, 1.5)), "halo": "#000000"}
WIDTH_POINTS, HALO_POINTS = 1.8, 3.4


def draw_outline(axes: Axes, mask: Tensor, look: dict, level: float = 0.5) -> None:
    """Draw where `mask`, shape (H, W), crosses `level`; nothing for an empty mask."""
    framed = np.pad(np.nan_to_num(mask.numpy().astype(float)), 1)  # closes outlines at the image's edge
    if not (framed > level).any():
        return  # contour would warn
    rows, columns = (np.arange(-1, side - 1) for side in framed.shape)
    axes.contour(
        columns,
        rows,
        framed,
        levels=[level],
        colors=[look["color"]],
        linestyles=[look["linestyle"]],
        linewidths=[WIDTH_POINTS],
    ).set_path_effects(_halo(look))


def legend_line(look: dict, label: str) -> Line2D:
    """Return the legend's sample of an outline."""
    return Line2D(
        [], [], color=look["color"], linestyle=look["linestyle"], lw=WIDTH_POINTS, label=label, path_effects=_halo(look)
    )


def _halo(look: dict) -> list:
    return [Stroke(linewidth=HALO_POINTS, foreground=look["halo"]), Normal()]
