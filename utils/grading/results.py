"""A class's results: one JSON file for each student, the only state of a grading run."""

import contextlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from utils.core.exercise import WrittenQuestion
from utils.grading.errors import StorageError

__all__ = [
    "ClassResults",
    "CriterionResult",
    "ExerciseResult",
    "Flag",
    "StudentResult",
    "read_class",
    "read_student",
    "result_from",
    "write_student",
    "write_whole",
]

FORMAT = 1


@dataclass(frozen=True)
class CriterionResult:
    """One criterion's outcome.

    Attributes
    ----------
    name, claim : str
    max_score : float
        0 marks advice.
    outcome : str
        ``passed``, ``failed``, ``not attempted``, ``crashed`` or ``not judged``.
    message, hint : str
        What the student is told; empty where it passed.
    """

    name: str
    claim: str
    max_score: float
    outcome: str
    message: str = ""
    hint: str = ""


@dataclass(frozen=True)
class ExerciseResult:
    """One exercise's score and how it came about."""

    title: str
    score: float
    max_score: float
    outcome: str
    seconds: float
    criteria: tuple[CriterionResult, ...]


@dataclass(frozen=True)
class Flag:
    """Something a person should look at.

    Attributes
    ----------
    exercise : int or None
        None where it is about the whole submission.
    kind : str
        A short word that stays the same.
    certain : bool
        Whether it can only be tampering; then the exercise earned nothing.
    sentence : str
        Fit for the student, too.
    evidence : tuple of str
        For the instructor.
    """

    exercise: int | None
    kind: str
    certain: bool
    sentence: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class StudentResult:
    """One student's result.

    Attributes
    ----------
    student, session, notebook : str
    status : str
        ``graded``, ``repaired``, ``incomplete``, or why nothing was run.
    exercises : dict of int to ExerciseResult
        Empty if nothing was run.
    flags : tuple of Flag
    remarks : tuple of str
        What was found and repaired on the way in.
    submitted_at : str or None
        ISO time.
    fingerprint : str
        Of what was graded, and by what.
    seconds : dict of str to float
    error : dict or None
        With ``kind`` and ``sentence``, where the run ended early.
    """

    student: str
    session: str
    notebook: str
    status: str
    exercises: dict[int, ExerciseResult] = field(default_factory=dict)
    flags: tuple[Flag, ...] = ()
    remarks: tuple[str, ...] = ()
    submitted_at: str | None = None
    fingerprint: str = ""
    seconds: dict[str, float] = field(default_factory=dict)
    error: dict[str, str] | None = None

    @property
    def graded(self) -> bool:
        """Whether there is a score."""
        return bool(self.exercises)

    @property
    def scores(self) -> dict[int, float]:
        """The score of each exercise."""
        return {number: each.score for number, each in self.exercises.items()}

    @property
    def score(self) -> float | None:
        """The sum over the exercises, or None if nothing was run."""
        return sum(self.scores.values()) if self.graded else None

    @property
    def flagged(self) -> dict[int, str]:
        """The first flag of each exercise."""
        return {each.exercise: each.sentence for each in reversed(self.flags) if each.exercise is not None}


@dataclass(frozen=True)
class ClassResults:
    """A class's results in one session.

    Attributes
    ----------
    session : str
    name : str
        The notebook's, without ``.ipynb``.
    points : dict of int to float
        What each exercise is worth.
    students : tuple of StudentResult
    questions : tuple of WrittenQuestion
        What a person marks.
    """

    session: str
    name: str
    points: dict[int, float]
    students: tuple[StudentResult, ...]
    questions: tuple[WrittenQuestion, ...] = ()

    @property
    def max_score(self) -> float:
        """The most that the checks give: the sum over the exercises' points."""
        return sum(self.points.values())

    @property
    def most(self) -> float:
        """The most that can be earned, answers in words included."""
        return self.max_score + sum(question.points for question in self.questions)

    def of(self, student: str) -> StudentResult:
        """Return one student's result."""
        return next(each for each in self.students if each.student == student)


def write_student(result: StudentResult, folder: Path) -> None:
    """Write ``<student>.json``: after a crash at any moment there is the whole file or none.

    Raises
    ------
    StorageError
        If it cannot be written; earlier results are as they were.
    """
    data = {"format": FORMAT, **asdict(result), "score": result.score, "max_score": None}
    if result.graded:
        data["max_score"] = sum(each.max_score for each in result.exercises.values())
    write_whole(folder / f"{result.student}.json", json.dumps(data, indent=1, ensure_ascii=False))


def write_whole(path: Path, text: str) -> None:
    """Write a file so that there is never half of it.

    Raises
    ------
    StorageError
        If it cannot be written.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
        raise StorageError(
            f"{path} cannot be written: {error.strerror}. What lies there is whole; make room or give the right to write, then "
            "run the same command again, and it goes on from there."
        ) from error


def read_student(path: Path) -> StudentResult | None:
    """Read one student's file; None if it is not there or not of this format."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data.pop("format") != FORMAT:
            return None
        del data["score"], data["max_score"]
        data["exercises"] = {int(number): _exercise(each) for number, each in data["exercises"].items()}
        data["flags"] = tuple(map(_flag, data["flags"]))
        return StudentResult(**{**data, "remarks": tuple(data["remarks"])})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def result_from(frame: StudentResult, data: dict) -> StudentResult:
    """Return a result with what a worker sent back, as data, put in.

    Parameters
    ----------
    frame : StudentResult
        Who, and what was found on the way in.
    data : dict
        ``exercises``, ``flags``, ``seconds`` and ``error``.
    """
    return replace(
        frame,
        status="incomplete" if data["error"] else frame.status,
        exercises={int(number): _exercise(each) for number, each in data["exercises"].items()},
        flags=tuple(_flag(each) for each in data["flags"]),
        seconds=data["seconds"],
        error=data["error"],
    )


def read_class(
    folder: Path, session: str, name: str, points: dict[int, float], students: Sequence[str], questions=()
) -> ClassResults:
    """Read the students' files of a folder, in the order of `students`; those without a file are left out."""
    results = (read_student(folder / f"{student}.json") for student in students)
    return ClassResults(session, name, points, tuple(each for each in results if each is not None), tuple(questions))


def _flag(data: dict) -> Flag:
    return Flag(**{**data, "evidence": tuple(data["evidence"])})


def _exercise(data: dict) -> ExerciseResult:
    return ExerciseResult(**{**data, "criteria": tuple(CriterionResult(**each) for each in data["criteria"])})
