"""What a quiz consists of, and how it is read from its file.

Every rule is checked when the file is read, so that a fault in a quiz is found by its author and never by a student.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from utils.core.errors import QuizFormatError

__all__ = ["LETTERS", "Option", "Question", "Quiz", "load_quizzes"]

LETTERS = "abcdef"


@dataclass(frozen=True)
class Option:
    """One possible answer and the feedback to it."""

    text: str
    correct: bool
    why: str


@dataclass(frozen=True)
class Question:
    """A prompt with two to six options, of which exactly one is correct."""

    id: str
    prompt: str
    options: tuple[Option, ...]

    @property
    def letters(self) -> str:
        """The letters of the options in order, as in ``"abcd"``."""
        return LETTERS[: len(self.options)]

    @property
    def correct_letter(self) -> str:
        """The letter of the correct option."""
        return next(letter for letter in self.letters if self.option(letter).correct)

    def option(self, letter: str) -> Option:
        """Return the option of this letter."""
        return self.options[self.letters.index(letter)]


@dataclass(frozen=True)
class Quiz:
    """A numbered, titled group of questions."""

    number: int
    title: str
    questions: tuple[Question, ...]


def load_quizzes(path: Path) -> tuple[Quiz, ...]:
    """Read and validate the quizzes of one session.

    Parameters
    ----------
    path : Path
        A JSON file named after the session: ``{"session": ..., "quizzes": [{"number", "title", "questions":
        [{"id", "prompt", "options": [{"text", "correct", "why"}]}]}]}``. No other keys are allowed.

    Returns
    -------
    tuple of Quiz
        In the file's order, numbered 1, 2, 3 and so on.

    Raises
    ------
    QuizFormatError
        If anything is missing, unknown, empty, of the wrong type or there twice; the message names file and place.
    """
    place = _Place(path.name)
    content = place.fields(_read_json(path), session=str, quizzes=list)
    if content["session"] != path.stem:
        raise place.error(f"the session is {content['session']!r}; expected {path.stem!r}, as the file's name")
    quizzes = tuple(_quiz(_Place(path.name, f"quiz {n}"), n, entry) for n, entry in enumerate(content["quizzes"], 1))
    ids = [question.id for quiz in quizzes for question in quiz.questions]
    place.check_unique("question id", ids)
    return quizzes


def _read_json(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:  # not JSON, or not UTF-8
        raise _Place(path.name).error(f"this is not valid JSON: {error}") from error


def _quiz(place: "_Place", number: int, entry: object) -> Quiz:
    values = place.fields(entry, number=int, title=str, questions=list)
    if values["number"] != number:
        raise place.error(f"its number is {values['number']}; quizzes are numbered 1, 2, 3 ... in the file's order")
    if not values["questions"]:
        raise place.error("it has no questions")
    questions = tuple(_question(place.inside(n), item) for n, item in enumerate(values["questions"], 1))
    return Quiz(number, values["title"], questions)


def _question(place: "_Place", entry: object) -> Question:
    label = entry.get("id") if isinstance(entry, dict) else None
    place = _Place(f"{place} ({label})") if isinstance(label, str) else place
    values = place.fields(entry, id=str, prompt=str, options=list)
    options = tuple(Option(**place.fields(item, text=str, correct=bool, why=str)) for item in values["options"])
    if not 2 <= len(options) <= len(LETTERS):
        raise place.error(f"it has {len(options)} options; expected 2 to {len(LETTERS)}")
    correct_count = sum(option.correct for option in options)
    if correct_count != 1:
        raise place.error(f"{correct_count} options are marked correct; expected exactly one")
    place.check_unique("option", [option.text for option in options])
    return Question(values["id"], values["prompt"], options)


class _Place:
    """Where in a quiz file we are; words its faults."""

    def __init__(self, *steps: str):
        self._path = ", ".join(steps)

    def __str__(self) -> str:
        return self._path

    def inside(self, question_number: int) -> "_Place":
        return _Place(self._path, f"question {question_number}")

    def error(self, fault: str) -> QuizFormatError:
        return QuizFormatError(f"{self}: {fault}.")

    def fields(self, entry: object, **kinds: type) -> dict:
        """Return the entry if it holds exactly these keys, with values of these types and no empty text."""
        if not isinstance(entry, dict):
            raise self.error(f"expected an object with {', '.join(kinds)}; got {entry!r}")
        for kind_of_fault, keys in (("missing", kinds.keys() - entry.keys()), ("unknown", entry.keys() - kinds.keys())):
            if keys:
                raise self.error(f"{kind_of_fault}: {', '.join(sorted(keys))}; expected {', '.join(kinds)}")
        for key, kind in kinds.items():
            if type(entry[key]) is not kind:  # not isinstance: True is an int
                raise self.error(f"{key} needs to be of type {kind.__name__}; got {entry[key]!r}")
            if kind is str and not entry[key].strip():
                raise self.error(f"{key} is empty")
        return entry

    def check_unique(self, what: str, values: Iterable[str]) -> None:
        seen = set()
        for value in values:
            if value in seen:
                raise self.error(f"the {what} {value!r} is there twice")
            seen.add(value)
