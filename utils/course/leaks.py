"""Find answers that survive into the student notebook."""

import ast
from collections.abc import Iterator, Sequence

from nbformat import NotebookNode

from utils.course.cells import SourceCell, python_of
from utils.course.errors import Problem
from utils.course.exercises import ExerciseCells
from utils.course.markers import regions
from utils.course.questions import QuestionCell
from utils.course.statements import find_statements

__all__ = ["leak_problems"]

TELLING_LENGTH = 25
"""Shortest line, in characters without repeated blanks, that tells an answer; shorter ones recur by chance."""


def leak_problems(
    cells: Sequence[SourceCell],
    matched: Sequence[ExerciseCells],
    student: NotebookNode,
    asked: Sequence[QuestionCell] = (),
) -> list[Problem]:
    """List the cells of the student notebook that still hold an answer or a solution marker, or are broken stubs.

    Parameters
    ----------
    cells : sequence of SourceCell
        One for each cell of `student`, in order.
    matched : sequence of ExerciseCells
    student : NotebookNode
        As released.
    asked : sequence of QuestionCell, optional
    """
    answers = [(f"exercise {each.exercise.number}", line) for each in matched for line in _telling_lines(each.solution)]
    answers += [(f"question {each.question.number}", line) for each in asked for line in _telling_lines(each.answer)]
    problems = []
    for cell, released in zip(cells, student.cells, strict=True):
        problems.extend(_cell_leaks(cell, released.source, answers))
        if cell.is_code:
            problems.extend(_broken_stub(cell, released.source))
    return problems


def _telling_lines(cell: SourceCell) -> Iterator[str]:
    rows = {row for begin, end in regions(cell.text) for row in range(begin + 1, end)}
    lines = [cell.lines[row - 1] for row in sorted(rows)]
    if cell.is_code:
        lines += [line for each in find_statements(cell.text) for line in each.answer.split("\n")]
    for line in map(_squeezed, lines):
        if len(line) >= TELLING_LENGTH and not line.startswith(("#", "import ", "from ", '"""', "def ", "class ")):
            yield line


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _cell_leaks(cell: SourceCell, released: str, answers: Sequence[tuple[str, str]]) -> Iterator[Problem]:
    text = _squeezed(released)
    if "SOLUTION" in text:
        yield cell.problem(1, "the word SOLUTION survives into the student notebook.")
    for name, line in answers:
        if line in text:
            row = next((row for row, each in enumerate(cell.lines, 1) if line in _squeezed(each)), 1)
            yield cell.problem(row, f"the answer to {name} survives into the student notebook: {line!r}.")


def _broken_stub(cell: SourceCell, released: str) -> Iterator[Problem]:
    try:
        ast.parse(python_of(released))
    except SyntaxError as error:
        yield cell.problem(1, f"what remains for the student is no valid Python: {error.msg}.")
