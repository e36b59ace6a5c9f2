"""Where in a quiz file we are: reads entries strictly and words their faults."""

import math
from collections.abc import Iterable

from utils.core.errors import QuizFormatError
from utils.core.quiz.question import LETTERS

__all__ = ["Place"]


class Place:
    """A place in a quiz file."""

    def __init__(self, *steps: str):
        self._path = ", ".join(steps)

    def __str__(self) -> str:
        return self._path

    def inside(self, question_number: int) -> "Place":
        """Return the place of a question in this quiz."""
        return Place(self._path, f"question {question_number}")

    def error(self, fault: str) -> QuizFormatError:
        """Word a fault of this place."""
        return QuizFormatError(f"{self}: {fault}.")

    def fields(self, entry: object, optional: dict[str, type] | None = None, **kinds: type) -> dict:
        """Return the entry if it holds exactly these keys, with values of these types and no empty text.

        Keys of `optional` may be missing. A float may be written as a whole number.
        """
        optional = optional or {}
        if not isinstance(entry, dict):
            raise self.error(f"expected an object with {', '.join(kinds)}; got {entry!r}")
        faults = {"missing": kinds.keys() - entry.keys(), "unknown": entry.keys() - kinds.keys() - optional.keys()}
        for fault, keys in faults.items():
            if keys:
                raise self.error(f"{fault}: {', '.join(sorted(keys))}; expected {', '.join([*kinds, *optional])}")
        return {key: self._value(key, entry[key], {**kinds, **optional}[key]) for key in entry}

    def _value(self, key: str, value: object, kind: type) -> object:
        if kind is float and type(value) is int:
            value = float(value)
        if type(value) is not kind:  # not isinstance: True is an int
            raise self.error(f"{key} needs to be of type {kind.__name__}; got {value!r}")
        if kind is float and not math.isfinite(value):
            raise self.error(f"{key} needs to be a finite number; got {value!r}")
        if kind is str and not value.strip():
            raise self.error(f"{key} is empty")
        return value

    def check_count(self, what: str, count: int, least: int) -> None:
        """Refuse fewer than `least` and more than there are letters for."""
        if not least <= count <= len(LETTERS):
            raise self.error(f"it has {count} {what}; expected {least} to {len(LETTERS)}")

    def check_unique(self, what: str, values: Iterable[object]) -> None:
        """Refuse a value that is there twice."""
        seen = set()
        for value in values:
            if value in seen:
                raise self.error(f"the {what} {value!r} is there twice")
            seen.add(value)
