"""One grading run from submissions to files and table."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from utils.course.layout import REPOSITORY
from utils.grading.course_folder import CourseFolder, make_course_folder, notebook_of
from utils.grading.engine import grade
from utils.grading.results import ClassResults, read_results
from utils.grading.submissions import find_submissions
from utils.grading.tables import as_table, write_grades

__all__ = ["GradedClass", "grade_class"]


@dataclass(frozen=True)
class GradedClass:
    """The results and where everything lies."""

    folder: CourseFolder
    results: ClassResults

    def summary(self) -> str:
        """Return the table and where grades and feedback lie."""
        lines = [as_table(self.results), "", f"Grades:   {_shown(self.folder.grades)}"]
        lines.append(f"Feedback: {_shown(self.folder.feedback('<student>'))}")
        failed = [each.student for each in self.results.students if not each.graded]
        if failed:
            lines.append(f"Not graded: {', '.join(failed)}. The reason is in {_shown(self.folder.log)}.")
        return "\n".join(lines)


def grade_class(
    session: str, *, submitted: Path, out: Path, say: Callable[[str], None] = print, root: Path = REPOSITORY
) -> GradedClass:
    """Grade every submission of one session.

    Writes ``out``: a course folder with gradebook, executed notebooks, ``feedback/<student>/...html`` and
    ``grades.csv``.

    Parameters
    ----------
    session : str
    submitted : Path
        Holds ``<student>/<session>/<notebook>.ipynb``.
    out : Path
        Empty, new, or left by an earlier run, which is replaced.
    say : callable, optional
        Told how far it is.
    root : Path, optional
        The repository whose session it is.

    Raises
    ------
    GradingError
        If there is nothing to grade, or `out` holds other things.
    """
    files = notebook_of(session, root)
    submissions = find_submissions(submitted, session, files.name)
    folder = make_course_folder(out, files, submissions)
    students = [submission.student for submission in submissions]
    say(f"Grading {len(students)} submissions of {session}, one after the other.")
    grade(folder, students, report=lambda student, seconds: say(f"  {student} ({seconds:.0f} s)"))
    results = read_results(folder, students)
    write_grades(results, folder.grades)
    return GradedClass(folder, results)


def _shown(path: Path) -> Path:
    """Return a path as short as it can be told from here."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
