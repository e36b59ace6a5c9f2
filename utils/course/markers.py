"""Find solution markers that nbgrader would misread, drop or not see, before it does.

nbgrader looks for the words "BEGIN SOLUTION" and "END SOLUTION" in any line, drops a stray end without a word, and
does not see a misspelt marker at all.
"""

import ast
import re
from difflib import SequenceMatcher

from utils.course.cells import SourceCell
from utils.course.errors import Problem
from utils.course.statements import SOLUTION

__all__ = ["BEGIN", "END", "marker_problems", "regions"]

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"

ANSWER = "**Your answer to question "
"""How a markdown cell begins that may hold a region; what follows is judged by `utils.course.questions`."""

COMMENT = re.compile(r"#+\s*(?P<words>[A-Za-z_:-]+(?: [A-Za-z_:-]+)?)")
LOOKALIKE = 0.8
"""Likeness, from 0 to 1, from which a capitalised comment counts as a misspelt marker."""


def regions(text: str) -> list[tuple[int, int]]:
    """List a cell's regions as rows (from 1) of their begin and end markers; only whole pairs."""
    pairs, begin = [], None
    for row, line in enumerate(text.split("\n"), 1):
        if line.strip() == BEGIN:
            begin = row
        elif line.strip() == END and begin is not None:
            pairs.append((begin, row))
            begin = None
    return pairs


def marker_problems(cell: SourceCell) -> list[Problem]:
    """List what is wrong with the solution markers of one cell.

    Returns
    -------
    list of Problem
        Misspelt, unbalanced, nested, empty or badly placed markers; empty if all is well.
    """
    if not cell.is_code and cell.lines[0].startswith(ANSWER):
        return _unbalanced(cell)
    if not cell.is_code:
        rows = [row for row, line in enumerate(cell.lines, 1) if _has_nbgrader_words(line)]
        return [cell.problem(row, "nbgrader takes these words for a marker, in text as well.") for row in rows]
    problems = [*_misspelt(cell), *_unbalanced(cell)]
    return problems or _misplaced(cell)


def _has_nbgrader_words(line: str) -> bool:
    return "BEGIN SOLUTION" in line or "END SOLUTION" in line


def _misspelt(cell: SourceCell) -> list[Problem]:
    problems = []
    for row, line in enumerate(cell.lines, 1):
        if line.strip() in (BEGIN, END) or SOLUTION.search(line):
            continue
        meant = _meant(line)
        if meant:
            problems.append(cell.problem(row, f"{line.strip()!r} is not quite a marker; write {meant!r}."))
    return problems


def _meant(line: str) -> str | None:
    """Return the marker that a line is nearly, or None."""
    if _has_nbgrader_words(line):
        return BEGIN if "BEGIN" in line else END
    comment = line[line.find("#") :] if "#" in line else ""
    match = COMMENT.match(comment)
    if not match:
        return None
    words = match["words"]
    loud = comment.startswith("##") or words.isupper() or ":" in words
    first = words.split()[0]
    if loud and _alike_pair(words, "BEGIN"):
        return BEGIN
    if loud and _alike_pair(words, "END"):
        return END
    if first[0] in "Ss" and _alike(first.rstrip(":"), "SOLUTION") and (loud or first.isupper()):
        return "# SOLUTION: what to write"
    return None


def _alike_pair(words: str, verb: str) -> bool:
    parts = re.split(r"[ _-]+", words)
    if len(parts) == 1:
        return words[0].upper() == verb[0] and _alike(words, f"{verb}SOLUTION")
    return _alike(parts[0], verb) and _alike(parts[1], "SOLUTION")


def _alike(word: str, wanted: str) -> bool:
    return SequenceMatcher(None, word.upper(), wanted).ratio() >= LOOKALIKE


def _unbalanced(cell: SourceCell) -> list[Problem]:
    problems, begin = [], 0
    for row, line in enumerate(cell.lines, 1):
        if line.strip() == BEGIN:
            if begin:
                problems.append(cell.problem(row, f"a second '{BEGIN}' before the end of the first."))
            begin = row
        elif line.strip() == END:
            if not begin:
                problems.append(cell.problem(row, f"'{END}' without a beginning."))
            begin = 0
    if begin:
        problems.append(cell.problem(begin, f"'{BEGIN}' without '{END}'."))
    return problems


def _misplaced(cell: SourceCell) -> list[Problem]:
    pairs = regions(cell.text)
    if not pairs:
        return []
    try:
        tree = ast.parse(cell.text)
    except SyntaxError as error:
        return [cell.problem(error.lineno or 1, f"the cell is no valid Python: {error.msg}.")]
    problems, seen = [], set()
    for begin, end in pairs:
        function = _function_around(tree, begin)
        message = _region_message(cell.lines[begin - 1 : end], function, seen)
        if message:
            problems.append(cell.problem(begin, message))
        seen.add(function)
    return problems


def _function_around(tree: ast.Module, row: int) -> ast.AST | None:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    around = [n for n in ast.walk(tree) if isinstance(n, functions) and n.lineno < row <= n.end_lineno]
    return max(around, key=lambda node: node.lineno, default=None)


def _region_message(lines: list[str], function: ast.AST | None, seen: set) -> str | None:
    indents = {len(line) - len(line.lstrip()) for line in (lines[0], lines[-1])}
    inner = [line for line in lines[1:-1] if line.strip()]
    if not any(not line.strip().startswith("#") for line in inner):
        return "the region holds no code."
    if len(indents) > 1 or any(len(line) - len(line.lstrip()) < min(indents) for line in inner):
        return "the two markers and the code between them need the same indent or more."
    if indents != {0} and function is None:
        return "a region stands either at the left margin or inside a function; its stub would stop the cell here."
    if function is not None and function in seen:
        return "a second region in one function: the first stub raises, so students never reach what follows."
    return None
