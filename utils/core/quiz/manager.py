"""The quizzes as students meet them: show one, answer it, read the feedback, see the score."""

from pathlib import Path

from utils.core.errors import QuizNotFoundError, SessionNotFoundError
from utils.core.quiz.attempts import Attempts, QuizScore
from utils.core.quiz.cards import feedback_card, quiz_card
from utils.core.quiz.question import Quiz
from utils.core.quiz.quiz_file import QUIZZES, load_quizzes
from utils.core.showing import can_show_widgets, show, show_widget

__all__ = ["QuizManager"]


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

    def __init__(self, session: str, *, directory: Path = QUIZZES):
        sessions = sorted(path.stem for path in directory.glob("*.json"))
        if session not in sessions:
            raise SessionNotFoundError(f"There are no quizzes for {session!r}; there are for {', '.join(sessions)}.")
        self._quizzes = {quiz.number: quiz for quiz in load_quizzes(directory / f"{session}.json")}
        self._attempts = {
            question.id: Attempts(question) for quiz in self._quizzes.values() for question in quiz.questions
        }
        self._widgets: dict[int, object] = {}

    def run_quiz(self, number: int, *, answer: str | float | list | None = None, question: int = 1) -> None:
        """Show a quiz to click or, with an answer, the feedback to it. Returns at once and waits for nothing.

        What was answered before is still there when a quiz is shown again. Where no widgets can be shown, a card says
        how to answer by a call.

        Parameters
        ----------
        number : int
            Number of the quiz, from 1.
        answer : str, float or list, optional
            ``"b"`` for one option, ``"ac"`` for several, ``0.5`` for a number, ``"cab"`` for an order; letters in upper
            or lower case, or in a list.
        question : int, default 1
            Which question of the quiz is answered, from 1.

        Raises
        ------
        QuizNotFoundError
            If there is no quiz, or no question, of that number.
        QuizAnswerError
            If the answer does not fit the question; that costs no try.
        """
        quiz = self._find_quiz(number)
        if answer is not None:
            self._answer(quiz, question, answer)
        elif can_show_widgets():
            show_widget(self._widget(quiz).root, quiz_card(quiz))
        else:
            show(quiz_card(quiz))

    def answers(self, number: int) -> list:
        """Return the last answer to each question of a quiz, None where there is none.

        As a list it can be put into a cell of its own, for quizzes that count.

        Raises
        ------
        QuizNotFoundError
            If there is no quiz of that number.
        """
        attempts = [self._attempts[question.id] for question in self._find_quiz(number).questions]
        return [each.answers[-1] if each.answers else None for each in attempts]

    def score(self) -> QuizScore:
        """Count the questions that were answered right within the first two tries."""
        attempts = self._attempts.values()
        return QuizScore(
            right=sum(each.is_right for each in attempts),
            answered=sum(bool(each.answers) for each in attempts),
            total=len(attempts),
        )

    def _answer(self, quiz: Quiz, number: int, answer: object) -> None:
        if number not in range(1, len(quiz.questions) + 1):
            numbers = ", ".join(str(n) for n in range(1, len(quiz.questions) + 1))
            raise QuizNotFoundError(f"Quiz {quiz.number} has no question {number!r}; it has {numbers}.")
        attempts = self._attempts[quiz.questions[number - 1].id]
        read = attempts.question.read(answer)
        attempts.add(read)
        show(feedback_card(quiz, number, read, attempts, self.score()))
        if quiz.number in self._widgets:
            self._widgets[quiz.number].refresh()

    def _widget(self, quiz: Quiz):
        """Return the quiz's widget, always the same one, so that what was clicked is there when a cell runs again."""
        if quiz.number not in self._widgets:
            from utils.core.quiz.widget import QuizWidget

            self._widgets[quiz.number] = QuizWidget(quiz, [self._attempts[each.id] for each in quiz.questions])
        return self._widgets[quiz.number]

    def _find_quiz(self, number: int) -> Quiz:
        if number not in self._quizzes or isinstance(number, bool):
            numbers = ", ".join(map(str, self._quizzes))
            raise QuizNotFoundError(f"There is no quiz {number!r}; this session has {numbers}.")
        return self._quizzes[number]
