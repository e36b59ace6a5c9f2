"""Source cells -> solution notebook: ids, nbgrader's metadata, figures and addresses."""

from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

from utils.course.cells import SourceCell
from utils.course.exercises import ExerciseCells
from utils.course.figures import embed_figures
from utils.course.identity import CellNames, check_id, question_id, solution_id
from utils.course.placeholders import fill_placeholders
from utils.course.questions import QuestionCell

__all__ = ["solution_notebook"]

NOTEBOOK_METADATA = {
    "accelerator": "GPU",  # Colab: start on a machine with one
    "colab": {"gpuType": "T4", "provenance": []},
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
NEW_CELL = {"code": new_code_cell, "markdown": new_markdown_cell, "raw": new_raw_cell}


def solution_notebook(
    cells: Sequence[SourceCell],
    matched: Sequence[ExerciseCells],
    asked: Sequence[QuestionCell] = (),
    *,
    root: Path,
    placeholders: dict[str, str],
) -> NotebookNode:
    """Turn a source without problems into the notebook that holds the answers.

    Parameters
    ----------
    cells : sequence of SourceCell
    matched : sequence of ExerciseCells
    asked : sequence of QuestionCell, optional
    root : Path
        The repository's folder, where figures lie.
    placeholders : dict

    Returns
    -------
    NotebookNode
        Valid nbformat 4.5, without outputs, the same for the same source.
    """
    grading = _grading(matched, asked)
    names = CellNames()
    notebook = new_notebook(metadata=NOTEBOOK_METADATA)
    for cell in cells:
        metadata = grading.get(cell.number)
        text = fill_placeholders(cell.text, placeholders)
        node = NEW_CELL[cell.kind](embed_figures(text, root) if cell.kind == "markdown" else text)
        node.metadata.update(cell.metadata)
        if metadata:
            node.metadata["nbgrader"] = metadata
        node.id = metadata["grade_id"] if metadata else names.name(cell.kind, cell.text)
        notebook.cells.append(node)
    notebook.nbformat_minor = 5
    nbformat.validate(notebook)
    return notebook


def _grading(matched: Sequence[ExerciseCells], asked: Sequence[QuestionCell]) -> dict[int, dict]:
    """Return nbgrader's metadata by cell number; cells without any are the student's to scribble in."""
    grading = {}
    for each in matched:
        number, title, points = each.exercise.number, each.exercise.title, each.exercise.points
        grading[each.solution.number] = _metadata(solution_id(number, title), solution=True)
        grading[each.check.number] = _metadata(check_id(number), grade=True, locked=True, points=points)
    for each in asked:  # nbgrader's way of saying: written by the student, marked by a person
        name, points = question_id(each.question.number), each.question.points
        grading[each.answer.number] = _metadata(name, grade=True, solution=True, points=points)
    return grading


def _metadata(grade_id: str, **flags) -> dict:
    plain = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
    return {**plain, "grade_id": grade_id, **flags}
