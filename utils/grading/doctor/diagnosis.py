"""What the doctor found, and the sentences about it."""

from collections.abc import Callable
from dataclasses import dataclass

from nbformat import NotebookNode

from utils.core.report import name_exercises

__all__ = ["OK", "REPAIRED", "Diagnosis", "Findings", "HopelessError"]

OK, REPAIRED = "ok", "repaired"


@dataclass(frozen=True)
class Diagnosis:
    """A notebook that can be executed, or the reason why there is none.

    Attributes
    ----------
    notebook : NotebookNode or None
    remarks : tuple of str
        What was repaired, or why nothing could be; sentences for the student.
    status : str
        ``"ok"``, ``"repaired"``, or, without a notebook, what the file is in two or three words.
    """

    notebook: NotebookNode | None
    remarks: tuple[str, ...]
    status: str


class HopelessError(Exception):
    """There is nothing in the file that could be graded.

    Attributes
    ----------
    status : str
        What the file is, in two or three words.
    """

    def __init__(self, status: str, reason: str):
        super().__init__(reason)
        self.status = status


class Findings:
    """Collect remarks; those about exercises are told once, with all their numbers."""

    def __init__(self):
        self._said: dict[str, None] = {}
        self._exercises: dict[str, tuple[Callable[[str], str], list[int]]] = {}

    def say(self, sentence: str) -> None:
        """Add a sentence; the same one counts once."""
        self._said[sentence] = None

    def about(self, kind: str, number: int, sentence: Callable[[str], str]) -> None:
        """Add an exercise to a sentence that gets all exercises' names, such as ``exercises 3 and 5``."""
        self._exercises.setdefault(kind, (sentence, []))[1].append(number)

    @property
    def remarks(self) -> tuple[str, ...]:
        """Every sentence, those about the file first."""
        grouped = (make(name_exercises(sorted(set(numbers)))) for make, numbers in self._exercises.values())
        return (*self._said, *(sentence[:1].upper() + sentence[1:] for sentence in grouped))
