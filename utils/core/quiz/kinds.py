"""The kinds of questions: single and multiple choice, a number, an order."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from utils.core.errors import QuizAnswerError
from utils.core.quiz.question import LETTERS, Judgement, Question, Remark, listed

__all__ = ["Item", "MultipleChoice", "NumberQuestion", "Option", "OrderQuestion", "SingleChoice"]


@dataclass(frozen=True)
class Option:
    """One possible answer and the feedback to it."""

    text: str
    correct: bool
    why: str


@dataclass(frozen=True)
class Item:
    """One thing to be put in order, and why it stands where it stands."""

    text: str
    why: str


@dataclass(frozen=True)
class SingleChoice(Question):
    """Two to six options, exactly one of them correct."""

    options: tuple[Option, ...]

    kind = "single"
    instruction = "Choose one."
    sample_answer = '"a"'

    def read(self, answer: object) -> str:  # noqa: D102 - as in Question
        return _read_letters(answer, self.choices, "the letter of one option", lambda letters: len(letters) == 1)

    def judge(self, answer: str) -> Judgement:  # noqa: D102
        option = self.options[LETTERS.index(answer)]
        return Judgement(option.correct, (f"{answer}) {option.text}", option.why))

    @property
    def solution(self) -> str:  # noqa: D102
        return _correct_letters(self.options)

    @property
    def remarks(self) -> tuple[Remark, ...]:  # noqa: D102
        return _option_remarks(self.options)

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:  # noqa: D102
        return _lettered(option.text for option in self.options)


@dataclass(frozen=True)
class MultipleChoice(Question):
    """Three to six options; the right answer is all correct ones and no other."""

    options: tuple[Option, ...]

    kind = "multiple"
    instruction = "One or more are right."
    sample_answer = '"ab"'

    def read(self, answer: object) -> str:  # noqa: D102
        return "".join(sorted(_read_letters(answer, self.choices, "the letters of one or more options", bool)))

    def judge(self, answer: str) -> Judgement:  # noqa: D102
        wrong = [letter for letter in answer if letter not in self.solution]
        if wrong:
            option = self.options[LETTERS.index(wrong[0])]
            return Judgement(False, (f"{wrong[0]}) does not belong: {option.text}", option.why))
        if answer != self.solution:
            return Judgement(False, ("Everything you ticked belongs, but something is still missing.",))
        return Judgement(True, (f"{listed(answer)}: these, and no other.",))

    @property
    def solution(self) -> str:  # noqa: D102
        return _correct_letters(self.options)

    @property
    def remarks(self) -> tuple[Remark, ...]:  # noqa: D102
        return _option_remarks(self.options)

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:  # noqa: D102
        return _lettered(option.text for option in self.options)


@dataclass(frozen=True)
class NumberQuestion(Question):
    """A number, right within an absolute tolerance; typical mistakes have feedback of their own.

    Attributes
    ----------
    answer, tolerance : float
    unit : str
        Shown behind the field; may be empty.
    mistakes : tuple of (float, str)
        A wrong number and the feedback to it.
    otherwise : str
        Feedback to any other wrong number.
    """

    answer: float
    tolerance: float
    unit: str
    mistakes: tuple[tuple[float, str], ...]
    otherwise: str

    kind = "number"
    sample_answer = "0.5"

    @property
    def instruction(self) -> str:  # noqa: D102
        return f"Type a number{f' ({self.unit})' if self.unit else ''}."

    def read(self, answer: object) -> float:  # noqa: D102
        try:
            number = math.nan if isinstance(answer, bool) else float(answer)
        except (TypeError, ValueError):
            number = math.nan
        if not math.isfinite(number):
            raise QuizAnswerError(f"The answer {answer!r} is no number; write it like 0.5, with a point and no unit.")
        return number

    def judge(self, answer: float) -> Judgement:  # noqa: D102
        if self._is_near(answer, self.answer):
            return Judgement(True, (self._words(answer),))
        near = next((why for value, why in self.mistakes if self._is_near(answer, value)), self.otherwise)
        return Judgement(False, (self._words(answer), near))

    @property
    def solution(self) -> float:  # noqa: D102
        return self.answer

    @property
    def remarks(self) -> tuple[Remark, ...]:  # noqa: D102
        return tuple(Remark(False, self._words(value), why) for value, why in self.mistakes)

    @property
    def solution_words(self) -> str:  # noqa: D102
        return self._words(self.answer)

    def _words(self, number: float) -> str:
        return f"{number:,.10g} {self.unit}".rstrip()

    def _is_near(self, number: float, target: float) -> bool:
        # The last term forgives rounding in binary, so that 0.1 + 0.2 is 0.3 at tolerance 0.
        return abs(number - target) <= self.tolerance + 1e-9 * max(1.0, abs(target))


@dataclass(frozen=True)
class OrderQuestion(Question):
    """Three to six items to be put in order; kept in the right order, shown shuffled."""

    items: tuple[Item, ...]

    kind = "order"

    @property
    def instruction(self) -> str:  # noqa: D102
        return "Put these in order, the first at the top."

    @property
    def sample_answer(self) -> str:  # noqa: D102
        return f'"{LETTERS[: len(self.items)]}"'

    @property
    def shown(self) -> tuple[int, ...]:
        """The item shown at each place; the same for a question on every computer, and never the right order."""
        right = list(range(len(self.items)))
        generator = random.Random(self.id)  # of its own: the notebook's random state is the student's
        order = right[:]
        while order == right:
            generator.shuffle(order)
        return tuple(order)

    def read(self, answer: object) -> str:  # noqa: D102
        wanted = f"each of the letters {listed(LETTERS[: len(self.items)])} once, in your order"
        return _read_letters(answer, self.choices, wanted, lambda letters: len(letters) == len(self.items))

    def judge(self, answer: str) -> Judgement:  # noqa: D102
        if answer == self.solution:
            return Judgement(True, ("Each one is in its place.",))
        placed = next(n for n, (mine, right) in enumerate(zip(answer, self.solution, strict=True)) if mine != right)
        wrong = dict(self.choices)[answer[placed]]
        start = {0: "", 1: "The first one is right. "}.get(placed, f"The first {placed} are right. ")
        return Judgement(False, (f"{start}This one comes too early: {wrong}",))

    @property
    def solution(self) -> str:  # noqa: D102
        return "".join(LETTERS[self.shown.index(n)] for n in range(len(self.items)))

    @property
    def solution_words(self) -> str:  # noqa: D102
        return ", ".join(self.solution)

    @property
    def remarks(self) -> tuple[Remark, ...]:  # noqa: D102
        letters = zip(self.solution, self.items, strict=True)
        return tuple(Remark(True, f"{letter}) {item.text}", item.why) for letter, item in letters)

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:  # noqa: D102
        return _lettered(self.items[n].text for n in self.shown)


def _lettered(texts) -> tuple[tuple[str, str], ...]:
    return tuple(zip(LETTERS, texts, strict=False))


def _correct_letters(options: Sequence[Option]) -> str:
    return "".join(letter for letter, option in zip(LETTERS, options, strict=False) if option.correct)


def _option_remarks(options: Sequence[Option]) -> tuple[Remark, ...]:
    lettered = zip(LETTERS, options, strict=False)
    return tuple(Remark(option.correct, f"{letter}) {option.text}", option.why) for letter, option in lettered)


def _read_letters(answer: object, choices, wanted: str, is_enough) -> str:
    """Read "b", "ac", "a, c" or ["a", "c"] as letters, each at most once."""
    parts = list(answer) if isinstance(answer, (list, tuple, set, frozenset)) else answer
    if isinstance(parts, list) and all(isinstance(part, str) for part in parts):
        parts = " ".join(sorted(parts) if isinstance(answer, (set, frozenset)) else parts)
    letters = [each for each in parts.lower() if each not in " ,;"] if isinstance(parts, str) else []
    known = [letter for letter, _ in choices]
    if not is_enough(letters) or len(set(letters)) != len(letters) or not set(letters) <= set(known):
        raise QuizAnswerError(f"The answer {answer!r} does not fit; give {wanted}: {', '.join(map(repr, known))}.")
    return "".join(letters)
