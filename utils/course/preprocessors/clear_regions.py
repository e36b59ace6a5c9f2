"""nbgrader's ClearSolutions, for cells that may hold one-statement answers and for stubs that never stop a notebook."""

import re

from nbgrader import utils
from nbgrader.preprocessors import ClearSolutions

__all__ = ["ClearRegions"]


class ClearRegions(ClearSolutions):
    """Replace solution regions by stubs.

    nbgrader empties a solution cell without a region; here its answers are statements, already cleared. A region at
    the left margin leaves no ``raise``, so that "Run all" goes on past an exercise that is not attempted.
    """

    def preprocess_cell(self, cell, resources, cell_index):
        """Replace the regions of one cell, in place."""
        if utils.is_solution(cell) and self.begin_solution_delimeter not in cell.source:
            return cell, resources
        cell, resources = super().preprocess_cell(cell, resources, cell_index)
        comment, _, statement = self.code_stub[resources["language"]].partition("\n")
        stub = rf"(?m)^{re.escape(comment)}\n{re.escape(statement)}$"
        cell.source = re.sub(stub, comment.replace("\\", r"\\"), cell.source)
        return cell, resources
