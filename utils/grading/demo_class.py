"""Five submissions made from the release and the solution."""

import re
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from utils.course.layout import NotebookFiles
from utils.grading.mistakes import MISTAKES

__all__ = ["STUDENTS", "fill_in", "write_class"]

STUDENTS = ("perfect", "half-done", "untouched", "typical-mistakes", "raises-everywhere")

Answer = Callable[[int, int, str], str | None]
"""Takes an exercise's place (from 0), its number and its solution; returns the cell's text, or None for the stub."""


def write_class(files: NotebookFiles, folder: Path) -> None:
    """Write the submissions of `STUDENTS` as nbgrader lays them out.

    Parameters
    ----------
    files : NotebookFiles
        The session's notebooks.
    folder : Path
        Gets ``<student>/<session>/<notebook>.ipynb``.
    """
    count = len(_exercise_cells(nbformat.read(files.solution, as_version=4)))
    mistakes = MISTAKES.get(files.session, {})
    answers: dict[str, Answer] = {
        "perfect": lambda place, number, text: text,
        "half-done": lambda place, number, text: text if place < count // 2 else None,
        "untouched": lambda place, number, text: None,
        "typical-mistakes": lambda place, number, text: _wrong(text, mistakes.get(number)),
        "raises-everywhere": lambda place, number, text: _raising(text, number),
    }
    for student in STUDENTS:
        path = folder / student / files.session / files.student.name
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(fill_in(files, answers[student]), path)


def fill_in(files: NotebookFiles, answer: Answer) -> NotebookNode:
    """Return the student notebook with answers written into its exercise cells."""
    student = nbformat.read(files.student, as_version=4)
    solutions = _exercise_cells(nbformat.read(files.solution, as_version=4))
    stubs = _exercise_cells(student)
    for place, (grade_id, stub) in enumerate(stubs.items()):
        text = answer(place, _number(grade_id), _without_markers(solutions[grade_id].source))
        if text is not None:
            stub.source = text
    return student


def _exercise_cells(notebook: NotebookNode) -> dict[str, NotebookNode]:
    graded = ((cell, cell.metadata.get("nbgrader", {})) for cell in notebook.cells)
    # Written answers are markdown, and nobody in this class wrote one.
    return {m["grade_id"]: cell for cell, m in graded if m.get("solution") and cell.cell_type == "code"}


def _number(grade_id: str) -> int:
    return int(grade_id.removeprefix("ex").split("-")[0])


def _without_markers(text: str) -> str:
    """Return a solution as a student would have written it."""
    return re.sub(r"(?m)^ *### (BEGIN|END) SOLUTION\n?| +# SOLUTION: .*$", "", text).rstrip("\n")


def _wrong(text: str, mistake: str | None) -> str:
    """Return a wrong answer below the cell's first line and imports, which later cells need."""
    if mistake is None:
        return text
    title, *lines = text.splitlines()
    imports = [line for line in lines if line.startswith(("import ", "from "))]
    return "\n".join([title, *imports, mistake])


def _raising(text: str, number: int) -> str:
    return f'{text.splitlines()[0]}\nraise RuntimeError("Exercise {number} does not work yet.")'
