"""Loss curves."""

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from utils.ml.errors import OptionError
from utils.ml.history import History
from utils.ml.options import check_answers
from utils.plotting.figures import GREY, INK, NotebookFigure, light_style

__all__ = ["plot_history"]

LINES = (("o--", "#b35900"), ("s-", "#0a5fd8"), ("^-.", "#1b7f4b"), ("D-", "#8e3aa8"), ("v--", "#444444"))


def plot_history(history) -> Figure:
    """Plot training and validation loss over the epochs, and the metrics if there are any; the best epoch is marked.

    Parameters
    ----------
    history : History or Module
        What ``train_model`` recorded, or the model it returned.

    Returns
    -------
    Figure
        Not shown yet: make it the last expression of a cell.

    Raises
    ------
    MissingAnswerError, OptionError
        If it is still ``...``, holds no epoch, or is no history.
    """
    check_answers(history=history)
    history = getattr(history, "history", history)
    if not isinstance(history, History) or not len(history):
        raise OptionError("There is no history of a finished epoch here; `train_model` leaves one at `model.history`.")
    with light_style():
        figure = NotebookFigure(10 if history.metrics else 6.5, 3.6)
        panels = figure.subplots(1, 2 if history.metrics else 1, squeeze=False)[0]
        losses = {"training": history.train_loss, "validation": history.val_loss}
        _draw(panels[0], history, losses, LINES[:2], "Loss of training and validation", "mean loss per image")
        if history.metrics:
            _draw(panels[1], history, history.metrics, LINES[2:], "Metrics on the validation set", "score")
    return figure


def _draw(axes, history: History, curves: dict[str, list[float]], lines, title: str, unit: str) -> None:
    epochs = range(1, len(history) + 1)
    for index, (name, values) in enumerate(curves.items()):
        line, colour = lines[index % len(lines)]
        axes.plot(epochs, values, line, color=colour, markersize=4, label=name)
    axes.axvline(history.best_epoch, color=GREY, linestyle=":", zorder=0, label=f"best epoch: {history.best_epoch}")
    axes.set(xlabel="epoch", ylabel=unit, title=title)
    axes.set_xlim(0.5, len(history) + 0.5)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axes.grid(axis="y", color="#e3e3e3")
    axes.tick_params(colors=INK)  # ticks are made when drawn, by the style of that moment
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False)
