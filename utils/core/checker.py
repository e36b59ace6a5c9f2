"""`ExerciseChecker`: what students call under each exercise."""

from collections.abc import Mapping
from dataclasses import replace

from utils.core import attempt_log
from utils.core.evaluation import evaluate
from utils.core.exercise import load_session
from utils.core.progress import Progress
from utils.core.report import Outcome, Report, Score, name_exercises
from utils.core.showing import in_notebook

__all__ = ["ExerciseChecker"]


class ExerciseChecker:
    """Judge the answers of one session and remember how far the student is.

    Parameters
    ----------
    session : str
        Name of the session, such as ``"SE05"``.

    Raises
    ------
    SessionNotFoundError
        If there is no such session.

    Examples
    --------
    >>> checker = ExerciseChecker("SE05")
    >>> float(checker.check_exercise(6, {"DoubleConv": ...}))
    0.0
    """

    def __init__(self, session: str):
        self.session = load_session(session)
        self._reports: dict[int, Report] = {}
        self._failed_again: dict[tuple[int, str], int] = {}

    def check_exercise(self, number: int, answers: Mapping[str, object]) -> Score:
        """Judge one exercise.

        Parameters
        ----------
        number : int
            The exercise's number.
        answers : mapping of str to object
            The student's own objects under the names that the exercise asks for; others are ignored.

        Returns
        -------
        Score
            The points earned, a float that shows itself as a card. As the last expression of a cell it serves the
            student and nbgrader.

        Raises
        ------
        ExerciseNotFoundError
            If the session has no such exercise. Nothing that the student's code does is raised.
        TypeError
            If `answers` is no mapping.
        """
        exercise = self.session.exercise(number)
        if not isinstance(answers, Mapping):
            raise TypeError(
                f'answers is a {type(answers).__name__}; pass a dict such as {{"{exercise.answers[0]}": …}}.'
            )
        report = Report(exercise, evaluate(exercise, answers))
        report = self._remember(report)
        attempt_log.record(self.session.name, report)
        score = Score(report)
        if not in_notebook():
            print(score)  # noqa: T201 - a terminal shows no card
        return score

    def ready(self, *numbers: int) -> bool:
        """Say whether exercises were attempted, so that a cell that builds on them can run.

        Prints one sentence if not; nothing is raised, so that "Run all" goes on.
        """
        waiting = [n for n in numbers if not self._attempted(self.session.exercise(n).number)]
        if waiting:
            print(f"This cell waits for {name_exercises(waiting)}: write the answer, run its check, then come back.")  # noqa: T201
        return not waiting

    def hint(self, number: int) -> None:
        """Print the next hint for the first thing that is not right yet in an exercise."""
        report = self._reports.get(self.session.exercise(number).number)
        if report is None:
            print(f"Run the check of exercise {number} first; hints belong to what it finds.")  # noqa: T201
        elif report.first_failure is None:
            print(f"Exercise {number} is passed; there is nothing to hint at.")  # noqa: T201
        elif report.outcome is Outcome.NOT_ATTEMPTED:
            print(f"Exercise {number} is not attempted yet; write something and run its check, hints build on it.")  # noqa: T201
        else:
            report = self._reports[number] = replace(report, hint_count=report.hint_count + 1)
            self._failed_again[number, report.first_failure.criterion.name] = len(report.hints)
            print("\n".join(f"Hint {i}: {hint}" for i, hint in enumerate(report.hints, 1)))  # noqa: T201

    def progress(self) -> Progress:
        """Return the session at a glance: each exercise with its outcome and points."""
        return Progress(self.session, dict(self._reports))

    def _attempted(self, number: int) -> bool:
        report = self._reports.get(number)
        return report is not None and report.outcome is not Outcome.NOT_ATTEMPTED

    def _is_unsolved(self, number: int) -> bool:
        return number in self._reports and self._reports[number].outcome is not Outcome.PASSED

    def _remember(self, report: Report) -> Report:
        number, failure = report.exercise.number, report.first_failure
        hint_count = 0
        if failure is not None and failure.outcome is not Outcome.NOT_ATTEMPTED:
            key = number, failure.criterion.name
            hint_count = self._failed_again[key] = self._failed_again.get(key, 0) + 1
        self._reports[number] = report
        earned = sum(each.points for each in self._reports.values())
        unsolved = tuple(n for n in report.exercise.builds_on if self._is_unsolved(n))
        report = replace(report, hint_count=hint_count, unsolved=unsolved, earned=earned, possible=self.session.points)
        self._reports[number] = report
        return report
