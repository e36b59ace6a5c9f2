"""Pictures about classifiers of grey images."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from torch import Tensor

from utils.ml.errors import OptionError
from utils.plotting.figures import GREY, INK, NotebookFigure, light_style

__all__ = ["plot_confusion", "plot_fractions", "show_grey_images"]

ACROSS = 6
COLOURS = ("#66727E", "#00527F", "#B35C00", "#00694D")  # Okabe and Ito's, darkened: told apart by any eyes
MARKERS = ("o", "s", "^", "D")


def show_grey_images(images: Tensor, titles: Sequence[str] = (), maps: Tensor | None = None) -> Figure:
    """Show grey images in rows of six, with titles, and with a map laid over each if there is one.

    Parameters
    ----------
    images : Tensor, shape (N, 1, H, W) or (N, H, W)
        Stretched to black and white image by image.
    titles : sequence of str, optional
        One for each image.
    maps : Tensor, shape (N, 1, h, w) or (N, h, w), optional
        Shown in colour where they are above 0, the more the stronger; enlarged to the images' size.

    Raises
    ------
    OptionError
        If there is no image, or the numbers differ.
    """
    pictures = images.detach().cpu().float().reshape(-1, *images.shape[-2:]).numpy()
    if not len(pictures) or len(titles) not in (0, len(pictures)) or (maps is not None and len(maps) != len(pictures)):
        raise OptionError(f"{len(pictures)} images need as many titles and maps; got {len(titles)} titles.")
    rows = -(-len(pictures) // ACROSS)
    with light_style():
        figure = NotebookFigure(12, 2.3 * rows)
        axes = np.ravel(figure.subplots(rows, ACROSS, squeeze=False))
        for axis in axes:
            axis.axis("off")
        for place, (axis, picture) in enumerate(zip(axes, pictures, strict=False)):
            axis.imshow(picture, cmap="gray", extent=(0, 1, 0, 1))
            if maps is not None:
                _overlay(axis, maps[place])
            axis.set_title(titles[place] if titles else "", fontsize=9)
    return figure


def plot_confusion(confusion: Tensor, names: Sequence[str]) -> Figure:
    """Draw a confusion matrix: true classes down, predicted ones across, numbers of images in the cells."""
    counts = np.asarray(confusion)
    with light_style():
        figure = NotebookFigure(4.2, 3.6)
        axis = figure.subplots()
        axis.imshow(counts, cmap="Blues", vmin=0, vmax=max(counts.max(), 1) * 1.6)  # so that ink stays readable
        axis.set_xticks(range(len(names)), names)
        axis.set_yticks(range(len(names)), names, rotation=90, va="center")
        axis.set_xlabel("predicted")
        axis.set_ylabel("true")
        for row, column in np.ndindex(counts.shape):
            axis.text(column, row, str(counts[row, column]), ha="center", va="center", fontsize=16, color=INK)
    return figure


def plot_fractions(results: Mapping[str, Mapping[float, Sequence[float]]], chance: float = 0.5) -> Figure:
    """Draw AUC against the share of the training data: mean over seeds as a line, each seed a dot.

    Parameters
    ----------
    results : mapping
        Strategy to share of the data (0 to 1) to one AUC for each seed.
    chance : float, default 0.5
        Where guessing lies; drawn as a dashed line.
    """
    with light_style():
        figure = NotebookFigure(8, 4.5)
        axis = figure.subplots()
        axis.axhline(chance, color=GREY, linestyle="--", linewidth=1)
        for place, (name, by_share) in enumerate(results.items()):
            shares = sorted(by_share)
            looks = {"color": COLOURS[place % 4], "marker": MARKERS[place % 4]}
            axis.plot(shares, [np.mean(by_share[share]) for share in shares], label=name, linewidth=2, **looks)
            dots = [(share, score) for share in shares for score in by_share[share]]
            axis.scatter(*zip(*dots, strict=True), alpha=0.35, s=22, **looks)
        axis.set_xscale("log")
        ticks = sorted({share for by_share in results.values() for share in by_share})
        axis.set_xticks(ticks, [f"{share:.0%}" for share in ticks])
        axis.minorticks_off()
        axis.set_xlabel("share of the training images (logarithmic)")
        axis.set_ylabel("AUC on the test images")
        axis.legend(frameon=False, loc="best")
    return figure


def _overlay(axis, heat: Tensor) -> None:
    heat = heat.detach().cpu().float().reshape(heat.shape[-2:]).clamp(min=0).numpy()
    strength = heat / heat.max() if heat.max() > 0 else heat
    axis.imshow(strength, cmap="inferno", alpha=0.6 * strength, extent=(0, 1, 0, 1), interpolation="bilinear")
