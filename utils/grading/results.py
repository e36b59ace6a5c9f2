"""Read a class's results from the gradebook and the executed notebooks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import nbformat
from nbgrader.api import Gradebook

from utils.grading.course_folder import CourseFolder
from utils.grading.preprocessors.require_number import FLAG

__all__ = ["ClassResults", "StudentResult", "read_results"]

CHECK_ID = re.compile(r"ex(?P<number>\d+)-check")


@dataclass(frozen=True)
class StudentResult:
    """One student's scores.

    Attributes
    ----------
    student : str
    scores : dict of int to float
        By exercise; empty if the submission could not be graded.
    flags : dict of int to str
        What an instructor should look at, by exercise.
    """

    student: str
    scores: dict[int, float]
    flags: dict[int, str]

    @property
    def graded(self) -> bool:
        """Whether nbgrader could grade the submission."""
        return bool(self.scores)

    @property
    def score(self) -> float:
        """The sum over the exercises."""
        return sum(self.scores.values())


@dataclass(frozen=True)
class ClassResults:
    """A class's scores in one session.

    Attributes
    ----------
    session : str
    points : dict of int to float
        What each exercise is worth.
    students : tuple of StudentResult
    """

    session: str
    points: dict[int, float]
    students: tuple[StudentResult, ...]

    @property
    def max_score(self) -> float:
        """The sum over the exercises' points."""
        return sum(self.points.values())

    def of(self, student: str) -> StudentResult:
        """Return one student's result."""
        return next(each for each in self.students if each.student == student)


def read_results(folder: CourseFolder, students: Sequence[str]) -> ClassResults:
    """Read what `utils.grading.engine.grade` left behind."""
    with Gradebook(folder.database) as gradebook:
        cells = gradebook.find_notebook(folder.name, folder.session).grade_cells
        # What a person marks is no check; nbgrader keeps it, formgrader shows it.
        points = {number_of(cell.name): cell.max_score for cell in cells if CHECK_ID.fullmatch(cell.name)}
        results = tuple(_student_result(folder, gradebook, student) for student in students)
    return ClassResults(folder.session, dict(sorted(points.items())), results)


def number_of(grade_id: str) -> int:
    """Return the exercise that a check cell's grade id belongs to.

    Examples
    --------
    >>> number_of("ex06-check")
    6
    """
    return int(CHECK_ID.fullmatch(grade_id)["number"])


def _student_result(folder: CourseFolder, gradebook: Gradebook, student: str) -> StudentResult:
    if not folder.autograded(student).is_file():
        return StudentResult(student, {}, {})
    grades = gradebook.find_submission_notebook(folder.name, folder.session, student).grades
    scores = {number_of(grade.name): grade.score for grade in grades if CHECK_ID.fullmatch(grade.name)}
    return StudentResult(student, dict(sorted(scores.items())), _flags(folder, student, scores))


def _flags(folder: CourseFolder, student: str, scores: dict[int, float]) -> dict[int, str]:
    notebook = nbformat.read(folder.autograded(student), as_version=4)
    ids = ((cell, cell.metadata.get("nbgrader", {}).get("grade_id", "")) for cell in notebook.cells)
    checks = {int(match["number"]): cell for cell, grade_id in ids if (match := CHECK_ID.fullmatch(grade_id))}
    missing = {number: "The check cell is missing: 0 points." for number in scores if number not in checks}
    flagged = {number: cell.metadata[FLAG] for number, cell in checks.items() if FLAG in cell.metadata}
    return dict(sorted({**missing, **flagged}.items()))
