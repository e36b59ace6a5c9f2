"""What the student reads while data is fetched; all of it on standard output, because red text frightens."""

import sys
import textwrap

from utils.data.entries import Entry
from utils.data.registry import DATASETS
from utils.data.store import Store

__all__ = ["credit_once", "tell", "warn_of_sample"]

WIDTH = 78


def tell(text: str) -> None:
    """Write one line to standard output."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def credit_once(store: Store) -> None:
    """Name the authors of the data and its licence, unless something of theirs was recorded in the folder before."""
    entry = store.entry
    theirs = [each for each in (*DATASETS, entry) if each.citation == entry.citation]
    if any(next(store.root.glob(f"{each.stem}*.json"), None) for each in theirs):
        return
    tell(f"Please cite: {entry.citation}. Licence: {entry.licence}.")


def warn_of_sample(entry: Entry, asked: str, served: str, reason: str, remedy: str) -> None:
    """Say in a box that the pictures are drawn, why, and how to get the real ones.

    Parameters
    ----------
    entry : Entry
        What was asked for.
    asked, served : str
        What that would have been, and what comes in its place; phrases such as "100 images".
    reason, remedy : str
        Full sentences.
    """
    lines = [
        "SAMPLE: DRAWN PICTURES, NOT PATIENTS",
        "",
        f"You asked for {entry.name!r} ({asked}). {reason} You get {served} drawn by a program instead. They let every "
        "exercise run, and say nothing about real patients.",
        "",
        remedy,
    ]
    tell(_box(lines))


def _box(paragraphs: list[str]) -> str:
    wrapped = [line for each in paragraphs for line in (textwrap.wrap(each, WIDTH, break_on_hyphens=False) or [""])]
    rule = "═" * (WIDTH + 2)
    return "\n".join([f"╔{rule}╗", *(f"║ {line:<{WIDTH}} ║" for line in wrapped), f"╚{rule}╝"])
