"""What a class's results say, as numbers."""

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from utils.grading.report.roster import Row
from utils.grading.results import ClassResults

__all__ = [
    "OUTCOMES",
    "CriterionStatistics",
    "ExerciseStatistics",
    "Misconception",
    "exercise_statistics",
    "histogram",
    "misconceptions",
]

OUTCOMES = ("passed", "partly", "failed", "crashed", "not attempted", "not judged")
"""How an exercise came out; ``partly`` is failed with points."""


@dataclass(frozen=True)
class CriterionStatistics:
    """One criterion over the class.

    Attributes
    ----------
    claim : str
    max_score : float
    attempted, passed : int
        Students.
    messages : tuple of (str, int)
        What most of those who failed were told, and how many were.
    """

    claim: str
    max_score: float
    attempted: int
    passed: int
    messages: tuple[tuple[str, int], ...]

    @property
    def failed(self) -> int:
        """Students who attempted the exercise and do not meet the claim."""
        return self.attempted - self.passed


@dataclass(frozen=True)
class ExerciseStatistics:
    """One exercise over the class.

    Attributes
    ----------
    number : int
    title : str
    max_score, mean_score : float
        The mean over everybody who was graded.
    outcomes : dict of str to int
        Students, by `OUTCOMES`.
    criteria : tuple of CriterionStatistics
    seconds : float
        Median of what its check took.
    """

    number: int
    title: str
    max_score: float
    mean_score: float
    outcomes: dict[str, int]
    criteria: tuple[CriterionStatistics, ...]
    seconds: float

    @property
    def graded(self) -> int:
        """Students."""
        return sum(self.outcomes.values())


@dataclass(frozen=True)
class Misconception:
    """A claim that many who tried do not meet."""

    exercise: ExerciseStatistics
    criterion: CriterionStatistics

    @property
    def share(self) -> float:
        """Share of those who attempted the exercise, from 0 to 1."""
        return self.criterion.failed / self.criterion.attempted


def exercise_statistics(results: ClassResults, rows: Sequence[Row]) -> list[ExerciseStatistics]:
    """Describe each exercise over everybody who was graded."""
    graded = [row.result.exercises for row in rows if row.result.graded]
    return [
        _exercise(number, most, [each[number] for each in graded if number in each])
        for number, most in results.points.items()
    ]


def _exercise(number: int, most: float, found: Sequence) -> ExerciseStatistics:
    counts = Counter("partly" if each.outcome == "failed" and each.score > 0 else each.outcome for each in found)
    attempts = [each for each in found if each.outcome not in ("not attempted", "not judged")]
    names = {criterion.name: criterion for each in found for criterion in each.criteria if criterion.max_score > 0}
    return ExerciseStatistics(
        number=number,
        title=next((each.title for each in found), f"Exercise {number}"),
        max_score=most,
        mean_score=statistics.fmean([each.score for each in found]) if found else 0.0,
        outcomes={outcome: counts[outcome] for outcome in OUTCOMES},
        criteria=tuple(_criterion(name, criterion, attempts) for name, criterion in names.items()),
        seconds=statistics.median([each.seconds for each in found]) if found else 0.0,
    )


def _criterion(name: str, example, attempts: Sequence) -> CriterionStatistics:
    judged = [
        criterion
        for each in attempts
        for criterion in each.criteria
        if criterion.name == name and criterion.outcome != "not judged"
    ]
    messages = Counter(criterion.message for criterion in judged if criterion.outcome != "passed" and criterion.message)
    passed = sum(criterion.outcome == "passed" for criterion in judged)
    return CriterionStatistics(example.claim, example.max_score, len(judged), passed, tuple(messages.most_common(3)))


def misconceptions(exercises: Sequence[ExerciseStatistics], most: int = 8) -> list[Misconception]:
    """List the claims that most students miss among those who attempted the exercise; at least two students each."""
    found = [
        Misconception(exercise, criterion)
        for exercise in exercises
        for criterion in exercise.criteria
        if criterion.failed >= 2
    ]
    return sorted(found, key=lambda each: (-each.criterion.failed, each.exercise.number))[:most]


def histogram(scores: Sequence[float], most: float, bins: int = 20) -> list[tuple[float, float, int]]:
    """Count scores in ranges of equal width from 0 to the most points; full marks belong to the last range.

    Returns
    -------
    list of (float, float, int)
        From, to, students.
    """
    width = most / bins
    counts = Counter(min(int(score / width), bins - 1) for score in scores)
    return [(place * width, (place + 1) * width, counts[place]) for place in range(bins)]
