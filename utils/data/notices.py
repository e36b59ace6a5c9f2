"""What the student reads while data is fetched; all of it on standard output, because red text frightens."""

import sys
import textwrap

from utils.data.registry import Archive

__all__ = ["credit", "tell", "warn_of_sample"]

WIDTH = 78


def tell(text: str) -> None:
    """Write one line to standard output."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def credit(archive: Archive) -> None:
    """Name the authors of the data and its licence."""
    tell(f"Please cite: {archive.citation}. Licence: {archive.licence}.")


def warn_of_sample(archive: Archive, count: int, reason: str, remedy: str) -> None:
    """Say in a box that the pictures are drawn, why, and how to get the real ones.

    Parameters
    ----------
    archive : Archive
        What was asked for.
    count : int
        Number of files served in its place.
    reason, remedy : str
        Full sentences.
    """
    lines = [
        "SAMPLE: DRAWN PICTURES, NOT PATIENTS",
        "",
        f"You asked for {archive.name!r} ({archive.member_count} files). {reason} You get {count} {archive.content} "
        "drawn by a program instead. They let every exercise run, and say nothing about real skin.",
        "",
        remedy,
    ]
    tell(_box(lines))


def _box(paragraphs: list[str]) -> str:
    wrapped = [line for each in paragraphs for line in (textwrap.wrap(each, WIDTH, break_on_hyphens=False) or [""])]
    rule = "═" * (WIDTH + 2)
    return "\n".join([f"╔{rule}╗", *(f"║ {line:<{WIDTH}} ║" for line in wrapped), f"╚{rule}╝"])
