"""What the doctor found, and the sentences about it."""

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
    """Collect remarks; what is true of several exercises is told once, with all their numbers."""

    def __init__(self):
        self._said: dict[str, None] = {}
        self._exercises: dict[str, set[int]] = {}

    def say(self, sentence: str) -> None:
        """Add a sentence; the same one counts once."""
        self._said[sentence] = None

    def about(self, number: int, sentence: str) -> None:
        """Add a sentence that is true of an exercise."""
        self._exercises.setdefault(sentence, set()).add(number)

    @property
    def remarks(self) -> tuple[str, ...]:
        """Every sentence, those about the file first."""
        grouped = (f"{name_exercises(sorted(numbers))}: {sentence}" for sentence, numbers in self._exercises.items())
        return (*self._said, *(sentence[:1].upper() + sentence[1:] for sentence in grouped))
