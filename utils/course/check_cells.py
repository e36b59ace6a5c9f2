"""Find check cells, and what would make nbgrader misjudge them."""

import ast
from collections.abc import Iterator

from utils.core.exercise import Exercise
from utils.course.cells import SourceCell, python_of
from utils.course.errors import Problem

__all__ = ["check_number", "check_problems"]


def check_number(cell: SourceCell) -> int | None:
    """Return the number of the exercise that a cell checks, or None."""
    calls = _check_calls(cell)
    first = calls[0].args[0] if calls and calls[0].args else None
    return first.value if isinstance(first, ast.Constant) and type(first.value) is int else None


def check_problems(cell: SourceCell, known: dict[int, Exercise]) -> Iterator[Problem]:
    """Yield what is wrong with one check cell: its call's place, its number and the answers it hands over."""
    calls = _check_calls(cell)
    if not calls:
        return
    number = check_number(cell)
    if number is None:
        message = "the first argument of check_exercise is the exercise's number, written out."
        yield cell.problem(calls[0].lineno, message)
    if len(calls) > 1:
        yield cell.problem(calls[1].lineno, "a second check in one cell; nbgrader grades a cell by its last value.")
    yield from _place_problems(cell, calls[0])
    if number in known:
        yield from _answer_problems(cell, calls[0], known[number])


def _place_problems(cell: SourceCell, call: ast.Call) -> Iterator[Problem]:
    last = ast.parse(python_of(cell.text)).body[-1]
    rest = cell.lines[last.end_lineno - 1].encode()[last.end_col_offset :].decode().strip()
    if not (isinstance(last, ast.Expr) and _is_check(last.value)):
        yield cell.problem(call.lineno, "the check must be the cell's last expression, or nbgrader gives full credit.")
    elif rest.startswith(";"):
        yield cell.problem(last.end_lineno, "the semicolon hides the score, and nbgrader gives full credit; delete it.")


def _answer_problems(cell: SourceCell, call: ast.Call, exercise: Exercise) -> Iterator[Problem]:
    wanted = ", ".join(exercise.answers)
    answers = call.args[1] if len(call.args) == 2 and not call.keywords else None
    if not isinstance(answers, ast.Dict) or not all(isinstance(key, ast.Constant) for key in answers.keys):
        yield cell.problem(call.lineno, f"check_exercise needs a dict written out, with the names {wanted}.")
        return
    names = [str(key.value) for key in answers.keys]
    if sorted(names) != sorted(exercise.answers):
        handed = ", ".join(names) or "nothing"
        yield cell.problem(call.lineno, f"exercise {exercise.number} is judged by {wanted}; this hands over {handed}.")
    for name, value in zip(names, answers.values, strict=True):
        if not (isinstance(value, ast.Name) and value.id == name):
            yield cell.problem(value.lineno, f"hand over the student's own object: {name!r}: {name}.")


def _check_calls(cell: SourceCell) -> list[ast.Call]:
    if not cell.is_code or "check_exercise" not in cell.text:
        return []
    try:
        tree = ast.parse(python_of(cell.text))
    except SyntaxError:
        return []  # reported with the cell's other syntax errors
    return sorted((node for node in ast.walk(tree) if _is_check(node)), key=lambda call: call.lineno)


def _is_check(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return name == "check_exercise"
