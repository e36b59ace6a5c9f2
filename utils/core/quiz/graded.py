"""A quiz that counts: its questions become the criteria of an exercise.

An instructor adds ``quiz_exercise("SE05", 6, number=13)`` to the session's exercises, a cell
``quiz_answers = [...]  # SOLUTION: your answers to quiz 6`` and a check cell for it to the source; everything else (stub,
points, card, nbgrader) is as for any exercise. Students click through the quiz, and ``quizzer.answers(6)`` gives them
the list to put into the cell: what is graded has to stand in the notebook, because clicks do not survive it.
"""

import inspect
from collections.abc import Mapping
from pathlib import Path

from utils.core.errors import QuizAnswerError, QuizNotFoundError
from utils.core.exercise import Criterion, Exercise
from utils.core.expect import Mismatch
from utils.core.quiz.question import Question
from utils.core.quiz.quiz_file import QUIZZES, load_quizzes

__all__ = ["quiz_exercise"]


def quiz_exercise(
    session: str,
    quiz: int,
    *,
    number: int,
    answer: str = "quiz_answers",
    points: float = 1.0,
    directory: Path = QUIZZES,
) -> Exercise:
    """Make an exercise out of a quiz.

    Parameters
    ----------
    session : str
        Name of the session whose quiz file it is in.
    quiz : int
        Number of the quiz.
    number : int
        The exercise's number.
    answer : str, default "quiz_answers"
        The name that holds the answers: a list in the order of the questions, or a dict from question id to answer.
    points : float, default 1.0
        For each question.
    directory : Path, optional
        Where the quiz files are; the course's own folder ``quizzes`` by default.

    Raises
    ------
    QuizNotFoundError
        If the session has no such quiz.
    QuizFormatError
        If the quiz file breaks the format.
    """
    quizzes = {each.number: each for each in load_quizzes(directory / f"{session}.json")}
    if quiz not in quizzes:
        raise QuizNotFoundError(f"There is no quiz {quiz!r}; {session} has {', '.join(map(str, quizzes))}.")
    chosen = quizzes[quiz]
    criteria = [_criterion(quiz, place, each, answer, points) for place, each in enumerate(chosen.questions, 1)]
    return Exercise(number=number, title=f"Quiz {quiz}: {chosen.title}", answers=(answer,), criteria=tuple(criteria))


def _criterion(quiz: int, place: int, question: Question, name: str, points: float) -> Criterion:
    def check(answers):
        given = _pick(answers, place, question, name)
        try:
            judgement = question.judge(question.read(given))
        except QuizAnswerError as error:
            raise Mismatch(str(error)) from None
        if not judgement.right:
            raise Mismatch(f"the answer {given!r} is not right yet. Answer it in the quiz to read why.")

    # The checker hands an answer to the parameter of its name.
    check.__signature__ = inspect.Signature([inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD)])
    hints = (
        f"Go back to quiz {quiz} and read the feedback to question {place}.",
        f"`quizzer.answers({quiz})` lists what you answered last in the quiz.",
    )
    return Criterion(question.id.replace("-", "_"), f"Question {place}: {question.prompt}", points, hints, check)


def _pick(answers: object, place: int, question: Question, name: str) -> object:
    """Return the answer to one question; `Mismatch` if there is none."""
    if isinstance(answers, Mapping):
        given = answers.get(question.id)
    elif isinstance(answers, (list, tuple)):
        given = answers[place - 1] if len(answers) >= place else None
    else:
        raise Mismatch(f"`{name}` is a {type(answers).__name__}; write a list with an answer to each question.")
    if given is None or given is ...:
        raise Mismatch(f"question {place} has no answer yet.")
    return given
