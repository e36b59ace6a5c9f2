"""The edge of `utils.ml`: showing how a training goes, the one thing that needs plotting.

Plotting builds on the metrics here, so nothing here may need plotting to load. The import below runs only when a
notebook asked for curves; without it, training works in full.
"""

from utils.core.showing import in_notebook
from utils.ml.history import History

__all__ = ["open_curves"]


def open_curves(wanted: bool, num_epochs: int):
    """Return what shows a training's curves: a figure in a notebook if wanted, nothing otherwise.

    It has the methods ``start()``, and ``update(history)`` and ``finish(history)``.
    """
    if not wanted or not in_notebook():
        return _NoCurves()
    from utils.plotting import live_curves

    return live_curves(num_epochs)


class _NoCurves:
    """Shows nothing."""

    def start(self) -> None:
        pass

    def update(self, history: History) -> None:
        pass

    finish = update
