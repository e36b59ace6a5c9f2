"""Progress bars, never on stderr: red text frightens, and a line there would cost a graded cell its points."""

import sys

from tqdm.std import tqdm  # not tqdm.auto: the plain bar needs no widgets, and can be told where to go

__all__ = ["progress_bar", "say_above"]

WIDTH = 90


def progress_bar(description: str, total: int | None, unit: str, *, initial: int = 0) -> tqdm:
    """Start a bar with counts, speed and time left: in a notebook an output of its own, elsewhere on standard output.

    On closing it is wiped out unless its `leave` is set to True; in a notebook it stays as it stands.

    Parameters
    ----------
    description : str
        What is going on.
    total : int or None
        Where it ends; None if that is not known.
    unit : str
        What is counted; `B` is shown in kB, MB and GB.
    initial : int, default 0
        Where it begins.
    """
    in_notebook = _in_notebook()
    return tqdm(
        desc=description,
        total=total,
        initial=initial,
        unit=unit if unit == "B" else f" {unit}",
        unit_scale=unit == "B",
        file=_Output() if in_notebook else sys.stdout,
        ncols=WIDTH,
        mininterval=0.5,
        leave=False,
        ascii=sys.platform == "win32" and not in_notebook,  # consoles there may lack the block signs
    )


def say_above(text: str) -> None:
    """Write a line to standard output without tearing a bar."""
    tqdm.write(text, file=sys.stdout)


def _in_notebook() -> bool:
    """Whether a kernel runs this; IPython in a terminal has none."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return getattr(shell, "kernel", None) is not None


class _Output:
    """One output of a cell, updated in place: a saved or exported notebook holds its last state, not hundreds."""

    encoding = "utf-8"

    def __init__(self) -> None:
        self._handle = None

    def write(self, text: str) -> None:
        """Show a bar; what wipes it out or ends its line has nothing to show."""
        line = {"text/plain": text.strip()}
        if not line["text/plain"]:
            return
        if self._handle is None:
            from IPython.display import display

            self._handle = display(line, raw=True, display_id=True)
        else:
            self._handle.update(line, raw=True)

    def flush(self) -> None:
        """Do nothing: an update is shown when it is made."""
