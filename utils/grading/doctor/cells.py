"""A cell of a student's, and what can be told from its text."""

import ast
import symtable
from dataclasses import dataclass

from utils.course.cells import python_of

__all__ = ["Cell", "bound_names", "same", "tidy", "tree_of", "used_names"]


@dataclass(frozen=True, eq=False)
class Cell:
    """A student's cell, or a part of one that was taken apart.

    Attributes
    ----------
    kind : str
        ``code``, ``markdown`` or ``raw``.
    source : str
    place : int
        The cell's number in the student's notebook, from 1.
    grade_id, cell_id : str
        nbgrader's and nbformat's ids; empty where there are none.
    """

    kind: str
    source: str
    place: int
    grade_id: str = ""
    cell_id: str = ""

    @property
    def is_code(self) -> bool:
        """Whether it is executed."""
        return self.kind == "code"


def tidy(text: str) -> str:
    """Return a text without what editors change on their own: trailing blanks, blank lines at the ends."""
    return "\n".join(line.rstrip() for line in text.strip("\n").split("\n")).strip("\n")


def same(first: str, second: str) -> bool:
    """Say whether two cells hold the same code, whatever their blanks and comments."""
    if tidy(first) == tidy(second):
        return True
    trees = tree_of(first), tree_of(second)
    return None not in trees and ast.dump(trees[0]) == ast.dump(trees[1])


def tree_of(text: str) -> ast.Module | None:
    """Parse a cell, magics made harmless; None where it is no Python."""
    try:
        return ast.parse(python_of(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # the last two: expressions nested without end
        return None


def bound_names(text: str, *, imports: bool = True) -> set[str]:
    """Return the names that a cell defines at its top level: functions, classes, assignments and, if asked, imports."""
    tree = tree_of(text)
    names: set[str] = set()
    waiting = list(tree.body) if tree else []
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names.update((alias.asname or alias.name).split(".")[0] for alias in node.names if imports)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif not isinstance(node, ast.Lambda):
            waiting.extend(ast.iter_child_nodes(node))
    return names


def used_names(text: str) -> set[str]:
    """Return the names that a cell needs from outside or reads at its top level; local variables are none of them."""
    try:
        waiting = [symtable.symtable(python_of(text), "cell", "exec")]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    names: set[str] = set()
    while waiting:
        table = waiting.pop()
        is_cell = table.get_type() == "module"
        names |= {
            symbol.get_name()
            for symbol in table.get_symbols()
            if symbol.is_referenced() and (is_cell or symbol.is_global())
        }
        waiting += table.get_children()
    return names
