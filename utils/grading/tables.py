"""A class's results as text for the terminal and as a CSV file."""

import csv
from collections.abc import Iterator
from pathlib import Path

from utils.grading.results import ClassResults, StudentResult

__all__ = ["as_table", "write_grades"]

NAME_WIDTH = 24


def as_table(results: ClassResults) -> str:
    """Return a table of students and exercises, then a line for each kind of flag.

    A flagged score carries an asterisk.
    """
    numbers = list(results.points)
    header = ["student", *(f"ex{number:02}" for number in numbers), "total"]
    worth = ["points", *(_short(points) for points in results.points.values()), _short(results.max_score)]
    rows = [_row(result, numbers) for result in results.students]
    widths = [max(len(row[column]) for row in (header, worth, *rows)) for column in range(len(header))]
    lines = [_line(row, widths) for row in (header, worth)]
    lines += ["-" * len(lines[0]), *(_line(row, widths) for row in rows)]
    flags = [line for result in results.students for line in _flag_lines(result)]
    return "\n".join(lines + (["", *flags] if flags else []))


def write_grades(results: ClassResults, path: Path) -> None:
    """Write one row for each student: id, session, score, max_score and each exercise's score.

    Scores stay empty for a submission that could not be graded.
    """
    exercises = {number: f"ex{number:02}" for number in results.points}
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["student_id", "session", "score", "max_score", *exercises.values()])
        for each in results.students:
            scores = [each.scores.get(number, "") for number in exercises]
            total = each.score if each.graded else ""
            writer.writerow([each.student, results.session, total, results.max_score, *scores])


def _row(result: StudentResult, numbers: list[int]) -> list[str]:
    name = result.student if len(result.student) <= NAME_WIDTH else result.student[: NAME_WIDTH - 1] + "…"
    if not result.graded:
        return [name, *("-" for _ in numbers), "not graded"]
    marks = {number: "*" if number in result.flags else "" for number in numbers}
    return [name, *(_short(result.scores[number]) + marks[number] for number in numbers), _short(result.score)]


def _line(row: list[str], widths: list[int]) -> str:
    padded = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
    return "  ".join([row[0].ljust(widths[0]), *padded]).rstrip()


def _flag_lines(result: StudentResult) -> Iterator[str]:
    """Yield one line for each sentence, with the exercises it is about."""
    for sentence in dict.fromkeys(result.flags.values()):
        numbers = [str(number) for number, each in result.flags.items() if each == sentence]
        noun = "exercise" if len(numbers) == 1 else "exercises"
        yield f"* {result.student}, {noun} {', '.join(numbers)}: {sentence}"


def _short(score: float) -> str:
    return f"{score:.2f}".rstrip("0").rstrip(".")
