"""Loss curves."""

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from utils.ml.errors import OptionError
from utils.ml.history import History
from utils.ml.options import check_answers
from utils.plotting.figures import GREY, INK, NotebookFigure, light_style

__all__ = ["draw_curves", "plot_history"]


def plot_history(history) -> Figure:
    """Plot training and validation loss over the epochs, the best epoch marked.

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
    return draw_curves(history, len(history))


def draw_curves(history: History, epochs: int) -> Figure:
    """Draw what a history holds so far, on axes with room for `epochs` epochs."""
    done = range(1, len(history) + 1)
    with light_style():
        figure = NotebookFigure(6.5, 3.6)
        axes = figure.subplots()
        axes.plot(done, history.train_loss, "o--", color="#b35900", markersize=4, label="training")
        axes.plot(done, history.val_loss, "s-", color="#0a5fd8", markersize=4, label="validation")
        if done:
            best = history.best_epoch
            axes.axvline(best, color=GREY, linestyle=":", zorder=0, label=f"best epoch: {best}")
        axes.set(xlabel="epoch", ylabel="mean loss per image", title="Loss of training and validation")
        axes.set_xlim(0.5, epochs + 0.5)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        axes.grid(axis="y", color="#e3e3e3")
        axes.tick_params(colors=INK)  # ticks are made when drawn, by the style of that moment
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False, loc="upper right")
    return figure
