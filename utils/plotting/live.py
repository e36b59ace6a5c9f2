"""Loss curves that grow while a model trains."""

from utils.core.showing import in_notebook
from utils.ml.history import History
from utils.ml.options import check_count
from utils.plotting.history import draw_curves

__all__ = ["LiveCurves", "live_curves"]


def live_curves(epochs: int) -> "LiveCurves":
    """Return curves for a training of at most `epochs` epochs.

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
        """Display empty axes, so that what is printed meanwhile stands below the figure."""
        self.update(History())

    def update(self, history: History) -> None:
        """Show what a history holds by now; the first call displays the figure."""
        if not in_notebook():
            return
        from IPython.display import display

        figure = draw_curves(history, max(self._epochs, len(history)))
        if self._handle is None:
            self._handle = display(figure, display_id=True)
        else:
            self._handle.update(figure)

    def finish(self, history: History) -> None:
        """Show the whole history on axes of its own length, after early stopping or an interruption."""
        self._epochs = max(1, len(history))
        self.update(history)
