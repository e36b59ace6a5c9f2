"""What a check found, as data: outcomes, results, the report, and the score that carries it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from utils.core.exercise import Criterion, Exercise

__all__ = ["Outcome", "Report", "Result", "Score", "name_exercises"]


class Outcome(Enum):
    """How a criterion, or an exercise, came out."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_ATTEMPTED = "not attempted"
    CRASHED = "your code raised an error"


@dataclass(frozen=True)
class Result:
    """One criterion's outcome and, unless it passed, a message for the student."""

    criterion: Criterion
    outcome: Outcome
    message: str = ""

    @property
    def passed(self) -> bool:
        """Whether the claim holds."""
        return self.outcome is Outcome.PASSED

    @property
    def points(self) -> float:
        """What was earned."""
        return self.criterion.points if self.passed else 0.0


@dataclass(frozen=True)
class Report:
    """Everything one check of one exercise found.

    Attributes
    ----------
    exercise : Exercise
    results : tuple of Result
        One for each criterion, in the exercise's order.
    hint_count : int
        How many hints of the first failed criterion are open.
    unsolved : tuple of int
        Exercises that this one builds on and that were checked without being passed.
    earned, possible : float
        Points of the whole session so far, this check counted in.
    """

    exercise: Exercise
    results: tuple[Result, ...]
    hint_count: int = 1
    unsolved: tuple[int, ...] = ()
    earned: float = 0.0
    possible: float = 0.0

    @property
    def points(self) -> float:
        """What was earned in this exercise."""
        return sum(result.points for result in self.results)

    @property
    def outcome(self) -> Outcome:
        """The exercise's outcome; advice has no say, and no results never pass."""
        outcomes = [result.outcome for result in self.results if not result.criterion.is_advice]
        if outcomes and all(outcome is Outcome.PASSED for outcome in outcomes):
            return Outcome.PASSED
        if all(outcome is Outcome.NOT_ATTEMPTED for outcome in outcomes):
            return Outcome.NOT_ATTEMPTED
        first = next(outcome for outcome in outcomes if outcome is not Outcome.PASSED)
        return Outcome.CRASHED if first is Outcome.CRASHED else Outcome.FAILED

    @property
    def first_failure(self) -> Result | None:
        """The first criterion with points that did not pass."""
        return next((r for r in self.results if not r.passed and not r.criterion.is_advice), None)

    @property
    def hints(self) -> tuple[str, ...]:
        """The open hints of the first failure; none before the exercise was attempted."""
        failure = self.first_failure
        if failure is None or failure.outcome is Outcome.NOT_ATTEMPTED:
            return ()
        return failure.criterion.hints[: self.hint_count]

    @property
    def warning(self) -> str:
        """A sentence if the failure may come from an earlier exercise, else nothing."""
        if not self.unsolved or self.first_failure is None or self.outcome is Outcome.NOT_ATTEMPTED:
            return ""
        return (
            f"This exercise builds on {name_exercises(self.unsolved)}, not passed yet: begin there, "
            "the mistake may be the same one."
        )

    @property
    def advice(self) -> tuple[Result, ...]:
        """Advice that does not hold for this answer; shown once everything with points passes."""
        return tuple(r for r in self.results if r.criterion.is_advice and r.outcome is Outcome.FAILED)


def name_exercises(numbers: Sequence[int]) -> str:
    """Write exercise 3, exercises 3 and 5, exercises 3 to 12."""
    numbers = list(numbers)
    if len(numbers) == 1:
        return f"exercise {numbers[0]}"
    if len(numbers) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1)):
        return f"exercises {numbers[0]} to {numbers[-1]}"
    return f"exercises {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


class Score(float):
    """Points earned in one exercise: a float for nbgrader, a card for the student.

    ``repr`` is the plain float, because nbgrader reads partial credit from it; ``str`` is the report as text, and a
    notebook shows the report as a card.

    Attributes
    ----------
    report : Report
    points : float
        The most that can be earned.
    passed : bool
        Whether every criterion with points holds.
    """

    def __new__(cls, report: Report):  # noqa: D102 - the class says what it is made of
        score = super().__new__(cls, min(max(report.points, 0.0), report.exercise.points))
        score.report = report
        return score

    __repr__ = float.__repr__

    def __str__(self) -> str:
        from utils.core.text import as_text

        return as_text(self.report)

    def __reduce__(self):
        return float, (float(self),)

    @property
    def points(self) -> float:
        """The most that can be earned."""
        return float(self.report.exercise.points)

    @property
    def passed(self) -> bool:
        """Whether every criterion with points holds."""
        return self.report.outcome is Outcome.PASSED

    def _repr_html_(self) -> str:
        from utils.core.card import as_html

        return as_html(self.report)
