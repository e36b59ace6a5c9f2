"""Everything that can be wrong with a source, found before a notebook is written."""

import ast
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

from utils.core.exercise import Exercise, WrittenQuestion
from utils.course.cells import SourceCell, python_of
from utils.course.errors import Problem
from utils.course.exercises import exercise_problems
from utils.course.figures import figure_problems
from utils.course.markers import marker_problems
from utils.course.placeholders import placeholder_problems
from utils.course.questions import question_problems
from utils.course.source import KNOWN_KEYS

__all__ = ["find_problems"]


def find_problems(
    cells: Sequence[SourceCell],
    exercises: Sequence[Exercise],
    *,
    root: Path,
    placeholders: dict[str, str],
    questions: Sequence[WrittenQuestion] = (),
) -> list[Problem]:
    """List every problem of a source.

    Parameters
    ----------
    cells : sequence of SourceCell
    exercises : sequence of Exercise
        What the checks know.
    root : Path
        The repository's folder, where figures lie.
    placeholders : dict
        The known placeholders and what they stand for.
    questions : sequence of WrittenQuestion, optional
        What is answered in words.
    """
    problems = [problem for cell in cells for problem in _cell_problems(cell, root, placeholders)]
    # Pairing cells with a file whose markers or syntax are broken would only repeat the same problem in other words.
    return problems or [*exercise_problems(cells, exercises), *question_problems(cells, questions)]


def _cell_problems(cell: SourceCell, root: Path, placeholders: dict[str, str]) -> list[Problem]:
    syntax = list(_syntax_problems(cell))
    return [
        *_metadata_problems(cell),
        *syntax,
        *([] if syntax else marker_problems(cell)),
        *placeholder_problems(cell, placeholders),
        *figure_problems(cell, root),
    ]


def _metadata_problems(cell: SourceCell) -> Iterator[Problem]:
    for key in sorted(set(cell.metadata) - KNOWN_KEYS):
        if key == "nbgrader":
            yield cell.problem(0, "the source carries no nbgrader metadata; the build adds it from the checks.")
        else:
            yield cell.problem(0, f"cell key {key!r} is unknown; a cell can carry {', '.join(sorted(KNOWN_KEYS))}.")


def _syntax_problems(cell: SourceCell) -> Iterator[Problem]:
    if not cell.is_code:
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            ast.parse(python_of(cell.text))
    except SyntaxError as error:
        yield cell.problem(error.lineno or 1, f"no valid Python: {error.msg}.")
