"""Tables for spreadsheets and learning platforms.

A cell that begins like a formula is run by spreadsheets when the file is opened, and students choose their own names:
such cells get an apostrophe in front (OWASP, CSV injection).

Moodle takes grades from an assignment's grading worksheet, which needs the columns Identifier, Grade and Last modified
(grade) and knows students by ``Participant <number>``; the number is the one in the names of Moodle's download
(mod/assign/feedback/offline). Canvas takes a gradebook whose first columns are Student, ID, SIS User ID, SIS Login ID and
Section and whose second row may hold the points possible; it knows students by ID, then by SIS IDs, then by name
(gradebook_importer.rb). Students without a score are left out of both, so that no grade entered by hand is cleared.
"""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from utils.grading.intake import Submission
from utils.grading.report.roster import Row
from utils.grading.results import ClassResults

__all__ = ["harmless", "plain_number", "write_canvas", "write_files", "write_grades", "write_moodle"]

FORMULA_STARTS = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "＝",
    "＋",
    "－",
    "＠",
)  # the last four: full-width, for Excel in Japan


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    Examples
    --------
    >>> harmless("=1+1")
    "'=1+1"
    """
    return f"'{text}" if text.startswith(FORMULA_STARTS) or text.lstrip().startswith(FORMULA_STARTS) else text


def plain_number(value: float | None) -> str:
    """Write points without needless zeros; nothing for None.

    Examples
    --------
    >>> plain_number(7.50), plain_number(8.0), plain_number(1 / 3), plain_number(None)
    ('7.5', '8', '0.3333', '')
    """
    return "" if value is None else f"{round(value, 4) + 0.0:.4f}".rstrip("0").rstrip(".")


def write_grades(path: Path, results: ClassResults, rows: Sequence[Row]) -> None:
    """Write one row for each student: id, session, score, max_score, exercises, questions, status, flags, lateness.

    ``score`` is what counts, after what being late costs; it stays empty where nothing was run. The column of a question
    stays empty until its answer is marked.
    """
    exercises = {number: f"ex{number:02}" for number in results.points}
    questions = {question.number: f"q{question.number:02}" for question in results.questions}
    header = [
        "student_id",
        "session",
        "score",
        "max_score",
        *exercises.values(),
        *questions.values(),
        "status",
        "flags",
        "late_penalty",
        "full_name",
    ]
    _write(path, header, (_grades(row, results) for row in rows))


def _grades(row: Row, results: ClassResults) -> list[str]:
    scores = [plain_number(row.result.scores.get(number)) for number in results.points]
    given = {number: mark.score for number, mark in row.marks.items()}
    scores += [plain_number(given.get(question.number)) for question in results.questions]
    penalty = plain_number(row.penalty) if row.penalty else ""
    numbers = [plain_number(row.score), plain_number(results.most), *scores]
    return [row.student, results.session, *numbers, row.result.status, flag_text(row), penalty, row.full_name]


def flag_text(row: Row) -> str:
    """Return everything a person should look at, in one line."""
    said = [
        f"Exercise {flag.exercise}: {flag.sentence}" if flag.exercise else flag.sentence for flag in row.result.flags
    ]
    if row.result.error:
        said.append(row.result.error["sentence"])
    said += [f"The answer to question {number} waits to be marked." for number in row.waiting]
    if row.late_mark:
        said.append("Canvas marked it as late; by how much, its download does not tell.")
    if row.seconds_late:
        said.append(f"{row.seconds_late / 3600:.1f} hours late.")
    return " | ".join(" ".join(each.split()) for each in said)


def write_files(path: Path, files: Sequence[Submission]) -> None:
    """Write one row for each file that was handed in, with what became of it."""
    header = ["file", "student_id", "status", "remarks"]
    _write(
        path, header, ([each.source.as_posix(), each.student, each.status, " ".join(each.remarks)] for each in files)
    )


def write_moodle(path: Path, results: ClassResults, rows: Sequence[Row]) -> None:
    """Write Moodle's grading worksheet; for a class that did not come from Moodle, a table for its gradebook import."""
    graded = list(_complete(rows))
    if any(row.layout == "moodle" for row in rows):
        header = ["Identifier", "Full name", "Grade", "Maximum Grade", "Last modified (grade)"]
        most = plain_number(results.most)
        lines = [[f"Participant {r.lms_id}", r.full_name, plain_number(r.score), most, ""] for r in graded if r.lms_id]
    else:
        header = ["Username", "Full name", results.session]
        lines = [[row.student, row.full_name, plain_number(row.score)] for row in graded]
    _write(path, header, lines)


def write_canvas(path: Path, results: ClassResults, rows: Sequence[Row]) -> None:
    """Write a gradebook for Canvas: known by Canvas's own number where the download has it, else by login."""
    header = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", results.session]
    lines = [["    Points Possible", "", "", "", "", plain_number(results.most)]]
    for row in _complete(rows):
        number = row.lms_id if row.layout == "canvas" and row.lms_id.isdigit() else ""
        login = "" if row.layout in ("canvas", "moodle") else row.student
        lines.append([row.full_name, number, "", login, "", plain_number(row.score)])
    _write(path, header, lines)


def _complete(rows: Sequence[Row]) -> Iterable[Row]:
    """Return the students whose grade may be told: run, and nothing waits to be marked."""
    return (row for row in rows if row.score is not None and not row.waiting)


def _write(path: Path, header: Sequence[str], lines: Iterable[Sequence[str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([harmless(str(cell)) for cell in line] for line in lines)
