"""Progress bars on standard output: red text frightens, and a bar on stderr would cost a graded cell its points."""

import sys

from tqdm.std import tqdm  # not tqdm.auto: the plain bar needs no widgets, and can be told to stay off stderr

__all__ = ["progress_bar", "say_above"]

WIDTH = 100


def progress_bar(description: str, total: int | None, unit: str, *, initial: int = 0) -> tqdm:
    """Start a bar with counts, speed and time left; it is wiped out on closing unless its `leave` is set to True.

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
    return tqdm(
        desc=description,
        total=total,
        initial=initial,
        unit=unit if unit == "B" else f" {unit}",
        unit_scale=unit == "B",
        file=sys.stdout,
        ncols=WIDTH,
        mininterval=0.5,
        leave=False,
        ascii=sys.platform == "win32",  # consoles there may lack the block signs
    )


def say_above(text: str) -> None:
    """Write a line to standard output without tearing a bar."""
    tqdm.write(text, file=sys.stdout)
