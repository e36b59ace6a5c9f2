"""Loss curves that grow while a model trains."""

from matplotlib.figure import Figure

from utils.core.showing import in_notebook
from utils.ml.history import History
from utils.ml.options import check_count
from utils.plotting.figures import GREY, NotebookFigure, light_style
from utils.plotting.history import plot_history

__all__ = ["LiveCurves", "live_curves"]


def live_curves(epochs: int) -> "LiveCurves":
    """Return curves for a training of at most `epochs` epochs.

    Parameters
    ----------
    epochs : int
        At least 1.

    Examples
    --------
    Outside a notebook nothing is drawn:

    >>> curves = live_curves(5)
    >>> curves.update(History([0.9], [0.8], [1.0]))
    """
    return LiveCurves(check_count("epochs", epochs))


class LiveCurves:
    """One figure in a cell's output, drawn anew after each epoch; does nothing outside a notebook.

    No widget is needed: the output itself is replaced, so that the saved notebook holds the last figure.
    """

    def __init__(self, epochs: int):
        self._epochs, self._handle = epochs, None

    def start(self) -> None:
        """Display an empty figure, so that what is printed meanwhile stands below it."""
        self._show(_waiting())

    def update(self, history: History) -> None:
        """Show what a history holds by now, with room for the epochs to come."""
        if len(history):
            figure = plot_history(history)
            for axes in figure.axes:
                axes.set_xlim(0.5, max(self._epochs, len(history)) + 0.5)
            self._show(figure)

    def finish(self, history: History) -> None:
        """Show the whole history without room for more, after early stopping or an interruption, too."""
        self._epochs = len(history)
        self.update(history)

    def _show(self, figure: Figure) -> None:
        if not in_notebook():
            return
        from IPython.display import display

        if self._handle is None:
            self._handle = display(figure, display_id=True)
        else:
            self._handle.update(figure)


def _waiting() -> Figure:
    with light_style():
        figure = NotebookFigure(6.5, 3.6)
        figure.text(0.5, 0.5, "The loss curves begin after the first epoch.", ha="center", color=GREY)
    return figure
