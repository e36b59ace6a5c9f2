"""The edge of `utils.ml`: showing a history, the one thing that needs plotting.

Plotting builds on the metrics here, so nothing here may need plotting to load. The import below runs only when a
notebook asked for the figure; without it, training works in full.
"""

import sys

from utils.ml.history import History

__all__ = ["display_history"]


def display_history(history: History) -> None:
    """Display the loss curves in a notebook; do nothing elsewhere or before the first epoch has ended."""
    if not len(history) or not _in_notebook():
        return
    from IPython.display import display

    from utils.plotting import plot_history

    display(plot_history(history))


def _in_notebook() -> bool:
    if "IPython" not in sys.modules:
        return False
    shell = sys.modules["IPython"].get_ipython()
    return shell is not None and hasattr(shell, "kernel")
