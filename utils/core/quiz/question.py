"""What every question can do, whichever kind it is (the kinds are in `utils.core.quiz.kinds`).

A question is pure data. `read` turns what a student typed or clicked into one canonical form, `judge` says what to tell
about it without giving the right answer away, `solution` and `remarks` tell everything once the question is settled.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

__all__ = ["LETTERS", "Judgement", "Picture", "Question", "Quiz", "Remark", "listed"]

LETTERS = "abcdef"


@dataclass(frozen=True)
class Picture:
    """A PNG file that belongs to a question, and what it shows in words."""

    path: Path
    alt: str


@dataclass(frozen=True)
class Judgement:
    """Whether an answer is right, and what to tell at once; nothing of it tells the right answer."""

    right: bool
    says: tuple[str, ...]


@dataclass(frozen=True)
class Remark:
    """One line of the explanation: whether it belongs to the answer, what it is about, and the reason."""

    correct: bool
    text: str
    why: str


@dataclass(frozen=True)
class Question:
    """What all kinds share.

    Attributes
    ----------
    id : str
    prompt : str
        What is asked.
    explanation : str
        The idea behind the answer, shown once the question is settled.
    picture : Picture, optional
    """

    id: str
    prompt: str
    explanation: str
    picture: Picture | None

    kind: ClassVar[str]

    def read(self, answer: object):
        """Return the answer in its canonical form.

        Raises
        ------
        QuizAnswerError
            If it is no possible answer to this question.
        """
        raise NotImplementedError

    def judge(self, answer) -> Judgement:
        """Judge an answer that `read` returned."""
        raise NotImplementedError

    @property
    def solution(self):
        """The right answer, in the form that `read` returns."""
        raise NotImplementedError

    @property
    def solution_words(self) -> str:
        """The right answer as a sentence names it."""
        return listed(self.solution)

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """What to tell about each option, item or typical mistake once the question is settled."""
        raise NotImplementedError

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """Letter and text of everything there is to choose from or to sort; empty for numbers."""
        return ()

    @property
    def instruction(self) -> str:
        """One short sentence on how to answer."""
        raise NotImplementedError

    @property
    def sample_answer(self) -> str:
        """An answer of the right form, as Python text; not the right one."""
        raise NotImplementedError


@dataclass(frozen=True)
class Quiz:
    """A numbered, titled group of questions."""

    number: int
    title: str
    questions: tuple[Question, ...]


def listed(letters: str) -> str:
    """Write a, a and b, or a, b and c."""
    return letters if len(letters) < 2 else f"{', '.join(letters[:-1])} and {letters[-1]}"
