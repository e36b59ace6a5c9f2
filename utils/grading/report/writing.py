"""Write everything that an instructor and students get to see."""

from collections.abc import Sequence
from pathlib import Path

from utils.grading.course_folder import CourseFolder
from utils.grading.errors import StorageError
from utils.grading.intake import Submission
from utils.grading.report.pages import class_page, feedback_page
from utils.grading.report.roster import Row, answers_in, read_roster
from utils.grading.report.similarity import find_pairs
from utils.grading.report.spreadsheets import write_canvas, write_files, write_grades, write_moodle
from utils.grading.results import ClassResults

__all__ = ["write_outputs"]


def write_outputs(folder: CourseFolder, results: ClassResults, files: Sequence[Submission] = ()) -> list[Row]:
    """Write tables, feedback and the class's page into a grading run's folder.

    Writes ``grades.csv``, ``files.csv``, ``moodle.csv``, ``canvas.csv``, ``report.html`` and, for each student,
    ``folder.feedback(student)``; what is there of an earlier run is replaced. The same results give the same bytes.

    Parameters
    ----------
    folder : CourseFolder
        Its ``submitted`` holds the notebooks that were run, its gradebook what being late costs, its ``notebooks`` the
        release; whatever of it is missing is left out.
    results : ClassResults
    files : sequence of Submission, optional
        As `utils.grading.intake.take_in` lists them: names, numbers of the platforms, and files that were not graded.

    Returns
    -------
    list of Row
        What is known about each student.

    Raises
    ------
    StorageError
        If a file cannot be written. The results themselves are not touched.
    """
    rows = read_roster(folder, results, files)
    stubs = answers_in(folder.root / "notebooks" / folder.session / f"{folder.name}.ipynb")
    try:
        write_grades(folder.grades, results, rows)
        write_files(folder.root / "files.csv", files)
        write_moodle(folder.root / "moodle.csv", results, rows)
        write_canvas(folder.root / "canvas.csv", results, rows)
        for row in rows:
            _write(folder.feedback(row.student), feedback_page(results, row))
        pairs = find_pairs(rows, stubs)
        links = {row.student: folder.feedback(row.student).relative_to(folder.root) for row in rows}
        _write(folder.root / "report.html", class_page(results, rows, files, pairs, links))
    except OSError as error:
        raise StorageError(
            f"{error.filename or folder.root} cannot be written: {error.strerror}. Every grade is safe; make room or give the "
            "right to write, then run the same command again."
        ) from error
    return rows


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
