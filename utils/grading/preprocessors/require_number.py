"""Give zero, and say so, where a check cell leaves no number: nbgrader would give full credit."""

from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor

__all__ = ["FLAG", "RequireNumber"]

FLAG = "workshop_flag"
"""Key of a cell's metadata under which the sentence about it is kept."""


class RequireNumber(NbGraderPreprocessor):
    """Flag check cells whose outcome is no number from 0 to the cell's points.

    Runs between Execute and SaveAutoGrades.
    """

    def preprocess_cell(self, cell, resources, cell_index):
        """Judge one cell's outputs, in place."""
        if cell.cell_type != "code" or not utils.is_grade(cell) or utils.is_solution(cell):
            return cell, resources
        stopped = _stopped(cell)
        if stopped:
            cell.metadata[FLAG] = f"{stopped}: 0 points."
        elif not _is_score(cell):
            cell.metadata[FLAG] = "The check left no number: 0 points."
            cell.outputs.insert(0, _zero(cell))
        return cell, resources


def _stopped(cell: NotebookNode) -> str | None:
    """Return why nbgrader gives zero of its own accord, or None."""
    for output in cell.outputs:
        if output.output_type == "error":
            return f"The check stopped with {output.ename}"
        if output.output_type == "stream" and output.name == "stderr":
            return "Something wrote to stderr while the check ran"
        if output.output_type == "execute_result":
            return None
    return None


def _is_score(cell: NotebookNode) -> bool:
    results = [output for output in cell.outputs if output.output_type == "execute_result"]
    try:
        score = float(results[0].data["text/plain"])
    except (IndexError, KeyError, ValueError):
        return False
    return 0 <= score <= float(cell.metadata.nbgrader["points"])


def _zero(cell: NotebookNode) -> NotebookNode:
    data = {"text/plain": "0.0", "text/html": f"<p><strong>{cell.metadata[FLAG]}</strong></p>"}
    return new_output("execute_result", data=data, execution_count=cell.execution_count)
