"""Answers of one statement: ``name = expression  # SOLUTION: what to write``.

The student sees ``name = ...  # YOUR CODE HERE: what to write``. The statement is found by ``ast``, so that it may
span lines; the comment stands on its first or its last line.
"""

import ast
import io
import re
import tokenize
from dataclasses import dataclass

__all__ = ["SOLUTION", "Statement", "StatementError", "clear_statements", "find_statements"]

SOLUTION = re.compile(r"# SOLUTION: (?P<task>\S.*)$")


class StatementError(ValueError):
    """A one-statement answer cannot be cleared.

    Attributes
    ----------
    row : int
        Line of the cell, from 1.
    """

    def __init__(self, row: int, message: str):
        self.row = row
        super().__init__(message)


@dataclass(frozen=True)
class Statement:
    """One answer: lines `first` to `last` of a cell (from 1), what replaces them, and the text to be kept secret."""

    first: int
    last: int
    stub: str
    answer: str


def clear_statements(text: str) -> str:
    """Replace every one-statement answer of a cell by its stub.

    Raises
    ------
    StatementError
        If one cannot be cleared.
    """
    lines = text.split("\n")
    for statement in reversed(find_statements(text)):
        lines[statement.first - 1 : statement.last] = [statement.stub]
    return "\n".join(lines)


def find_statements(text: str) -> list[Statement]:
    """List the one-statement answers of a cell, in order.

    Parameters
    ----------
    text : str
        A code cell, valid Python.

    Raises
    ------
    StatementError
        If the cell is no valid Python or a marked statement is no assignment that stands alone on its lines.
    """
    if "SOLUTION:" not in text:
        return []
    try:
        tree = ast.parse(text)
        comments = [t for t in tokenize.generate_tokens(io.StringIO(text).readline) if t.type == tokenize.COMMENT]
    except (SyntaxError, tokenize.TokenError) as error:
        raise StatementError(getattr(error, "lineno", None) or 1, f"the cell is no valid Python: {error}.") from None
    marked = [(comment.start[0], SOLUTION.match(comment.string)) for comment in comments]
    return [_statement(text, tree, row, match["task"]) for row, match in marked if match]


def _statement(text: str, tree: ast.Module, row: int, task: str) -> Statement:
    around = [node for node in ast.walk(tree) if isinstance(node, ast.stmt) and row in (node.lineno, node.end_lineno)]
    if not around:
        raise StatementError(row, "'# SOLUTION:' stands on no statement's first or last line.")
    node = max(around, key=lambda stmt: (stmt.lineno, stmt.col_offset))
    left, dots = _left_side(text, node, row)
    indent = _stands_alone(text, node)
    stub = f"{indent}{left} = {dots}  # YOUR CODE HERE: {task}"
    return Statement(node.lineno, node.end_lineno, stub, ast.get_source_segment(text, node.value))


def _left_side(text: str, node: ast.stmt, row: int) -> tuple[str, str]:
    """Return an assignment's left side as written, and as many dots as it takes."""
    if isinstance(node, ast.Assign):
        left = " = ".join(ast.get_source_segment(text, target) for target in node.targets)
        return left, _dots(node.targets[-1])
    if isinstance(node, ast.AnnAssign) and node.value is not None:
        parts = (ast.get_source_segment(text, part) for part in (node.target, node.annotation))
        return ": ".join(parts), "..."
    raise StatementError(row, "only an assignment can be an answer of one statement; use a region for the rest.")


def _dots(target: ast.expr) -> str:
    if not isinstance(target, ast.Tuple | ast.List):
        return "..."
    inner = (f"({_dots(each)})" if isinstance(each, ast.Tuple | ast.List) else "..." for each in target.elts)
    return ", ".join(inner)


def _stands_alone(text: str, node: ast.stmt) -> str:
    """Return the statement's indent; refuse one that shares its lines with other code."""
    lines = [line.encode() for line in text.split("\n")]  # ast counts columns in bytes
    before = lines[node.lineno - 1][: node.col_offset].decode()
    after = lines[node.end_lineno - 1][node.end_col_offset :].decode().strip()
    if before.strip() or (after and not after.startswith("#")):
        raise StatementError(node.lineno, "an answer of one statement shares its line with other code.")
    return before
