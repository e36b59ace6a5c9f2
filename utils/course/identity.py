"""Names of cells that are the same on every build."""

import hashlib
import re
import unicodedata
from collections import Counter

__all__ = ["CellNames", "check_id", "question_id", "solution_id"]


def solution_id(number: int, title: str) -> str:
    """Return the grade id of an exercise's answer.

    Examples
    --------
    >>> solution_id(6, "Double convolution")
    'ex06-double-convolution'
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return f"ex{number:02}-{slug}"[:64].rstrip("-")


def check_id(number: int) -> str:
    """Return the grade id of an exercise's check."""
    return f"ex{number:02}-check"


def question_id(number: int) -> str:
    """Return the grade id of a written answer."""
    return f"q{number:02}-answer"


class CellNames:
    """Give cells that are no exercises an id from their text; equal texts are counted."""

    def __init__(self):
        self._seen: Counter[str] = Counter()

    def name(self, kind: str, text: str) -> str:
        """Return the id of the next cell of this kind and text."""
        digest = hashlib.sha256(f"{kind}\n{text}".encode()).hexdigest()[:12]
        self._seen[digest] += 1
        count = self._seen[digest]
        return digest if count == 1 else f"{digest}-{count}"
