"""A class's results as text for the terminal."""

from collections.abc import Iterator

from utils.core.report import name_exercises
from utils.grading.results import ClassResults, StudentResult

__all__ = ["as_table"]

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


def _row(result: StudentResult, numbers: list[int]) -> list[str]:
    name = result.student if len(result.student) <= NAME_WIDTH else result.student[: NAME_WIDTH - 1] + "…"
    if not result.graded:
        return [name, *("-" for _ in numbers), "not graded"]
    whole = any(flag.exercise is None for flag in result.flags)
    marks = {number: "*" if number in result.flagged else "" for number in numbers}
    scores = [_short(result.scores[number]) + marks[number] if number in result.scores else "-" for number in numbers]
    return [name, *scores, _short(result.score) + ("*" if whole else "")]


def _line(row: list[str], widths: list[int]) -> str:
    padded = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
    return "  ".join([row[0].ljust(widths[0]), *padded]).rstrip()


def _flag_lines(result: StudentResult) -> Iterator[str]:
    """Yield one line for each sentence, with the exercises it is about."""
    for sentence in dict.fromkeys(flag.sentence for flag in result.flags):
        about = {flag.exercise for flag in result.flags if flag.sentence == sentence} - {None}
        where = f", {name_exercises(sorted(about))}" if about else ""
        yield f"* {result.student}{where}: {sentence}"


def _short(score: float) -> str:
    return f"{score:.2f}".rstrip("0").rstrip(".")
