"""Match a source's exercise cells and check cells with the session's checks."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from utils.core.exercise import Exercise
from utils.course.cells import SourceCell
from utils.course.check_cells import check_number, check_problems
from utils.course.errors import Problem
from utils.course.markers import regions
from utils.course.statements import StatementError, find_statements

__all__ = ["ExerciseCells", "exercise_number", "exercise_problems", "match_exercises"]

TITLE_LINE = re.compile(r"# Exercise (?P<number>[1-9]\d*): (?P<title>\S.*)")
LOOSE_TITLE_LINE = re.compile(r"#+\s*exercise\b", re.IGNORECASE)


@dataclass(frozen=True)
class ExerciseCells:
    """One exercise with its two cells."""

    exercise: Exercise
    solution: SourceCell
    check: SourceCell


def match_exercises(cells: Sequence[SourceCell], exercises: Sequence[Exercise]) -> list[ExerciseCells]:
    """Pair each exercise with its cells; the source must be free of `exercise_problems`."""
    solutions = {exercise_number(cell): cell for cell in cells if exercise_number(cell)}
    checks = {check_number(cell): cell for cell in cells if check_number(cell)}
    return [ExerciseCells(each, solutions[each.number], checks[each.number]) for each in exercises]


def exercise_number(cell: SourceCell) -> int | None:
    """Return the number of the exercise whose answer a cell holds, or None."""
    match = _title(cell)
    return int(match["number"]) if match else None


def exercise_problems(cells: Sequence[SourceCell], exercises: Sequence[Exercise]) -> list[Problem]:
    """List what is wrong with a source's exercises as a whole.

    Parameters
    ----------
    cells : sequence of SourceCell
    exercises : sequence of Exercise
        What the checks know: number, title, answers.

    Returns
    -------
    list of Problem
        Misspelt first lines, duplicate, unknown and missing numbers, titles that differ, exercises without an
        answer or a check, checks without an exercise, badly formed check calls.
    """
    known = {exercise.number: exercise for exercise in exercises}
    return [
        *(problem for cell in cells for problem in _answer_problems(cell, known)),
        *(problem for cell in cells for problem in check_problems(cell, known)),
        *_pairing_problems(cells, known),
    ]


def _title(cell: SourceCell) -> re.Match | None:
    return TITLE_LINE.fullmatch(cell.lines[0].rstrip()) if cell.is_code else None


def _answer_problems(cell: SourceCell, known: dict[int, Exercise]) -> Iterator[Problem]:
    if not cell.is_code:
        return
    try:
        statements = find_statements(cell.text)
    except StatementError as error:
        yield cell.problem(error.row, str(error))
        return
    rows = [begin for begin, _ in regions(cell.text)] + [statement.first for statement in statements]
    match = _title(cell)
    if match is None:
        yield from (cell.problem(row, "an answer outside an exercise's cell; nbgrader refuses it.") for row in rows)
        if LOOSE_TITLE_LINE.match(cell.lines[0]):
            yield cell.problem(1, f"{cell.lines[0]!r} is not quite '# Exercise N: Title'.")
        return
    number, title = int(match["number"]), match["title"]
    if not rows:
        yield cell.problem(
            1, f"exercise {number} has no answer: mark a region, or a statement with '# SOLUTION: text'."
        )
    if number in known and title != known[number].title:
        yield cell.problem(1, f"the checks call exercise {number} {known[number].title!r}, not {title!r}.")


def _pairing_problems(cells: Sequence[SourceCell], known: dict[int, Exercise]) -> Iterator[Problem]:
    answers = [(exercise_number(cell), cell) for cell in cells if exercise_number(cell)]
    checks = [(check_number(cell), cell) for cell in cells if check_number(cell)]
    yield from _duplicates(answers, "answer")
    yield from _duplicates(checks, "check")
    answered, checked = dict(reversed(answers)), dict(reversed(checks))
    for number, cell in answered.items():
        if number not in known:
            yield cell.problem(1, f"the checks know no exercise {number}; they know {_listed(known)}.")
        if number not in checked:
            yield cell.problem(1, f"exercise {number} has no check cell with checker.check_exercise({number}, ...).")
    for number, cell in checked.items():
        if number not in answered:
            yield cell.problem(1, f"a check of exercise {number}, but no cell begins with '# Exercise {number}: ...'.")
        elif cell.number < answered[number].number:
            yield cell.problem(1, f"the check of exercise {number} stands before its answer.")
    missing = sorted(set(known) - set(answered))
    yield from (Problem(0, 0, f"exercise {number} of the checks is missing here.") for number in missing)


def _duplicates(found: list[tuple[int, SourceCell]], what: str) -> Iterator[Problem]:
    first: dict[int, SourceCell] = {}
    for number, cell in found:
        if number in first:
            yield cell.problem(1, f"a second {what} of exercise {number}; the first is cell {first[number].number}.")
        first.setdefault(number, cell)


def _listed(known: dict[int, Exercise]) -> str:
    return ", ".join(str(number) for number in sorted(known)) or "none"
