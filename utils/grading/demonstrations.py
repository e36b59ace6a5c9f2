"""Cells of the release on which no point depends: trainings, plots, comparisons, and quizzes to click.

They take most of a notebook's time. What marks them is that they wait for answers (``if checker.ready(...)``) or for
clicks (``quizzer.run_quiz(1)``) or only define functions, that the student left them as they were, and that no cell which
is judged, or which the student wrote, names what they make.
"""

import ast
import re
import symtable

from nbformat import NotebookNode

from utils.course.cells import python_of

__all__ = ["SKIPPED", "demonstrations"]

SKIPPED = "Not run while grading: no point depends on this cell.\n"
"""What such a cell shows instead."""

_WORDS = re.compile(r"\w+")
_BY_ANY_NAME = re.compile(r"\b(globals|locals|vars|eval|exec|get_ipython|__main__|user_ns)\b")


def demonstrations(notebook: NotebookNode, release: frozenset[str]) -> frozenset[int]:
    """Return the indices of the cells that need not run.

    Parameters
    ----------
    notebook : NotebookNode
        The mended submission.
    release : frozenset of str
        The texts of the release's cells.
    """
    found, needed = set(), set()
    for index in reversed(range(len(notebook.cells))):
        cell = notebook.cells[index]
        if cell.cell_type != "code":
            continue
        if cell.source in release and "nbgrader" not in cell.metadata and _can_wait(cell.source):
            if not _made(cell.source) & needed:
                found.add(index)
                continue
        elif cell.source not in release and _BY_ANY_NAME.search(cell.source):
            return frozenset()  # this cell may mean anything by it
        needed |= _used(cell.source)
    return frozenset(found)


def _used(source: str) -> set[str]:
    """Return the global names that a cell looks up; where its text is no Python, every word of it."""
    try:
        tables = [symtable.symtable(python_of(source), "cell", "exec")]
    except (SyntaxError, ValueError, RecursionError):
        return set(_WORDS.findall(source))
    used = {symbol.get_name() for symbol in tables[0].get_symbols() if symbol.is_referenced()}
    while tables:
        table = tables.pop()
        tables += table.get_children()
        used |= {symbol.get_name() for symbol in table.get_symbols() if symbol.is_global()}
    return used


def _can_wait(source: str) -> bool:
    """Say whether a cell waits for answers, or is nothing but quizzes that wait for clicks and functions to be called."""
    body = ast.parse(python_of(source)).body
    idle = [isinstance(node, ast.FunctionDef) or _is_quiz(node) for node in body]
    ready = [isinstance(node, ast.If) and _calls(node.test, "ready") for node in body]
    return any(ready) or (bool(body) and all(idle))


def _is_quiz(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and _calls(node.value, "run_quiz")


def _calls(node: ast.AST, method: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == method


def _made(source: str) -> set[str]:
    """Return the names that a cell binds, wherever in it."""
    made = set()
    for node in ast.walk(ast.parse(python_of(source))):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            made.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            made.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            made.update((alias.asname or alias.name).split(".")[0] for alias in node.names)
    return made
