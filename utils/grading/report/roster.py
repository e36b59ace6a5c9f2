"""A class's results with what intake and gradebook know about each student."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook, MissingEntry

from utils.grading.course_folder import CourseFolder
from utils.grading.intake import Submission, one_each
from utils.grading.report.written import Mark, marks_of, written_answers
from utils.grading.results import ClassResults, StudentResult

__all__ = ["Row", "answers_in", "read_roster"]

ANSWER_ID = re.compile(r"ex0*(?P<number>\d+)-(?!check$)")


@dataclass(frozen=True)
class Row:
    """One student.

    Attributes
    ----------
    result : StudentResult
    full_name : str
        As the platform writes it, else the id.
    lms_id, layout : str
        See `utils.grading.intake.Submission`.
    late_mark : bool
        Whether Canvas marked the work as late.
    penalty : float
        Points that being late costs.
    seconds_late : float
    answers : dict of int to str
        The answer that was run, by exercise.
    marks : dict of int to Mark
        What a person gave, by question.
    written : dict of int to str
        The answer in words, by question.
    """

    result: StudentResult
    full_name: str
    lms_id: str = ""
    layout: str = ""
    late_mark: bool = False
    penalty: float = 0.0
    seconds_late: float = 0.0
    answers: dict[int, str] = field(default_factory=dict)
    marks: dict[int, Mark] = field(default_factory=dict)
    written: dict[int, str] = field(default_factory=dict)

    @property
    def student(self) -> str:
        """The student's id."""
        return self.result.student

    @property
    def is_late(self) -> bool:
        """Whether the work came late, by how much ever."""
        return self.late_mark or self.seconds_late > 0

    @property
    def score(self) -> float | None:
        """The points that count: what was earned less what being late costs; None if nothing was run.

        Answers in words count from when they are marked.
        """
        if self.result.score is None:
            return None
        marked = sum(mark.score or 0.0 for mark in self.marks.values())
        return max(self.result.score + marked - self.penalty, 0.0)

    @property
    def waiting(self) -> list[int]:
        """The questions whose answers wait to be marked."""
        return [number for number, mark in self.marks.items() if mark.score is None]


def read_roster(folder: CourseFolder, results: ClassResults, files: Sequence[Submission] = ()) -> list[Row]:
    """Put together what is known about each student.

    Parameters
    ----------
    folder : CourseFolder
        Its gradebook tells what being late costs, its submissions hold the answers. What is missing there stays empty.
    results : ClassResults
    files : sequence of Submission, optional
        As `utils.grading.intake.take_in` lists them.
    """
    known = {each.student: each for each in one_each(files)}
    entries = _entries(folder, results)
    rows = []
    for result in results.students:
        handed_in = known.get(result.student)
        penalty, seconds, marks = entries.get(result.student, (0.0, 0.0, {}))
        rows.append(
            Row(
                result=result,
                full_name=(handed_in.full_name if handed_in else "") or result.student,
                lms_id=handed_in.lms_id if handed_in else "",
                layout=handed_in.layout if handed_in else "",
                late_mark=handed_in.late_mark if handed_in else False,
                penalty=penalty,
                seconds_late=seconds,
                answers=answers_in(folder.submitted(result.student)) if result.graded else {},
                marks=marks if result.graded else {},
                written=written_answers(folder.submitted(result.student), results.questions) if result.graded else {},
            )
        )
    return rows


def answers_in(path: Path) -> dict[int, str]:
    """Read the answers of a notebook that has nbgrader's ids; none if there is no such notebook."""
    if not path.is_file():
        return {}
    ids = (
        (cell, cell.metadata.get("nbgrader", {}).get("grade_id", ""))
        for cell in nbformat.read(path, as_version=4).cells
    )
    return {int(match["number"]): cell.source for cell, grade_id in ids if (match := ANSWER_ID.match(grade_id))}


def _entries(folder: CourseFolder, results: ClassResults) -> dict[str, tuple[float, float, dict[int, Mark]]]:
    """Return each student's penalty in points, seconds of being late and marks, from the gradebook."""
    if not (folder.root / "gradebook.db").is_file():
        return {}
    with Gradebook(folder.database) as gradebook:
        try:
            submissions = gradebook.assignment_submissions(folder.session)
        except MissingEntry:
            return {}
        found = {}
        for each in submissions:
            marks = next((marks_of(n, results.questions) for n in each.notebooks if n.name == folder.name), {})
            late = max(each.total_seconds_late, 0.0)
            found[each.student.id] = (each.late_submission_penalty or 0.0, late, marks)
        return found
