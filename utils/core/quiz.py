"""The quizzes as students meet them: show one, answer it, read the feedback, see the score."""

import sys
from dataclasses import dataclass
from pathlib import Path

from utils.core.errors import QuizAnswerError, QuizNotFoundError, SessionNotFoundError
from utils.core.quiz_content import Question, Quiz, load_quizzes
from utils.core.quiz_render import Card, feedback_card, quiz_card

__all__ = ["Feedback", "QuizManager", "QuizScore", "give_feedback"]

SCORED_TRIES = 2
_QUIZZES = Path(__file__).resolve().parents[2] / "quizzes"


@dataclass(frozen=True)
class Feedback:
    """What to tell about the last of the options tried.

    Attributes
    ----------
    letter : str
        The option answered last.
    right : bool
        Whether that option is the correct one.
    explains : bool
        Whether every option is explained now: the answer was right, or both tries are used up.
    """

    letter: str
    right: bool
    explains: bool


@dataclass(frozen=True)
class QuizScore:
    """How many questions were answered right within two tries, and how many there are."""

    right: int
    answered: int
    total: int

    def __str__(self) -> str:
        return f"{self.right} of {self.total} questions right ({self.answered} answered so far)."

    __repr__ = __str__


class QuizManager:
    """The quizzes of one session and the answers given in this kernel.

    Parameters
    ----------
    session : str
        Name of the session, as in ``"SE05"``.
    directory : Path, optional
        Where the quiz files are; the course's own folder ``quizzes`` by default.

    Raises
    ------
    SessionNotFoundError
        If there are no quizzes for the session.
    QuizFormatError
        If the session's quiz file breaks the format.
    """

    def __init__(self, session: str, *, directory: Path = _QUIZZES):
        sessions = sorted(path.stem for path in directory.glob("*.json"))
        if session not in sessions:
            raise SessionNotFoundError(f"There are no quizzes for {session!r}; there are for {', '.join(sessions)}.")
        self._quizzes = {quiz.number: quiz for quiz in load_quizzes(directory / f"{session}.json")}
        self._tries: dict[str, list[str]] = {}

    def run_quiz(self, number: int, *, answer: str | None = None, question: int = 1) -> None:
        """Show a quiz or, with an answer, the feedback to it. Returns at once and waits for nothing.

        Parameters
        ----------
        number : int
            Number of the quiz, from 1.
        answer : str, optional
            Letter of an option; upper or lower case.
        question : int, default 1
            Which question of the quiz is answered, from 1.

        Raises
        ------
        QuizNotFoundError
            If there is no quiz, or no question, of that number.
        QuizAnswerError
            If the answer is not the letter of an option.
        """
        quiz = self._find_quiz(number)
        if answer is None:
            _show(quiz_card(quiz))
            return
        item = _find_question(quiz, question)
        feedback = self._answer(item, _read_letter(item, answer))
        _show(feedback_card(quiz, question, feedback, self.score()))

    def score(self) -> QuizScore:
        """Count the questions whose correct option was among the first two tried."""
        questions = {item.id: item for quiz in self._quizzes.values() for item in quiz.questions}
        right = sum(questions[key].correct_letter in tries[:SCORED_TRIES] for key, tries in self._tries.items())
        return QuizScore(right=right, answered=len(self._tries), total=len(questions))

    def _answer(self, question: Question, letter: str) -> Feedback:
        tries = self._tries.setdefault(question.id, [])
        if letter not in tries:  # running a cell again is no further try
            tries.append(letter)
        return give_feedback(question, letter, wrong_count=sum(not question.option(item).correct for item in tries))

    def _find_quiz(self, number: int) -> Quiz:
        if number not in self._quizzes:
            numbers = ", ".join(map(str, self._quizzes))
            raise QuizNotFoundError(f"There is no quiz {number!r}; this session has {numbers}.")
        return self._quizzes[number]


def give_feedback(question: Question, letter: str, *, wrong_count: int) -> Feedback:
    """Judge an answer to a question.

    Parameters
    ----------
    question : Question
        The question answered.
    letter : str
        The option chosen.
    wrong_count : int
        How many different wrong options were chosen so far, this one included.

    Returns
    -------
    Feedback
        Every option is explained once the answer is right or two were wrong.
    """
    right = question.option(letter).correct
    return Feedback(letter=letter, right=right, explains=right or wrong_count >= SCORED_TRIES)


def _find_question(quiz: Quiz, number: int) -> Question:
    if number not in range(1, len(quiz.questions) + 1):
        numbers = ", ".join(str(n) for n in range(1, len(quiz.questions) + 1))
        raise QuizNotFoundError(f"Quiz {quiz.number} has no question {number!r}; it has {numbers}.")
    return quiz.questions[number - 1]


def _read_letter(question: Question, answer: str) -> str:
    letter = answer.strip().lower() if isinstance(answer, str) else answer
    if letter not in tuple(question.letters):
        letters = ", ".join(repr(item) for item in question.letters)
        raise QuizAnswerError(f"The answer {answer!r} is none of the options; choose one of {letters}.")
    return letter


def _show(card: Card) -> None:
    # Plain Python has no display; then text is printed, and IPython is never imported for it.
    ipython = sys.modules.get("IPython")
    if ipython is not None and ipython.get_ipython() is not None:
        from IPython.display import display

        display(card)
    else:
        print(card)  # noqa: T201
