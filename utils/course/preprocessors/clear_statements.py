"""Turn ``name = expression  # SOLUTION: task`` into ``name = ...  # YOUR CODE HERE: task``."""

from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor

from utils.course.statements import clear_statements

__all__ = ["ClearStatements"]


class ClearStatements(NbGraderPreprocessor):
    """Clear the one-statement answers of solution cells; runs before `ClearRegions`."""

    def preprocess_cell(self, cell, resources, cell_index):
        """Replace the answers of one cell, in place."""
        if cell.cell_type == "code" and utils.is_solution(cell):
            cell.source = clear_statements(cell.source)
        return cell, resources
