"""Take the place of nbgrader's Execute: the notebook ran already, in a sandbox, and its verdicts are tied to the checker."""

from pathlib import Path

import nbformat
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Unicode

__all__ = ["PlaceVerdicts"]


class PlaceVerdicts(NbGraderPreprocessor):
    """Put the outputs of the executed notebook into the one that is entered into the gradebook."""

    executed = Unicode(help="The folder that holds the executed notebooks.").tag(config=True)

    def preprocess(self, nb, resources):
        """Copy outputs and execution counts cell by cell.

        Raises
        ------
        ValueError
            If the two notebooks are not the same: then the grades would belong to another text.
        """
        student = resources["nbgrader"]["student"]
        executed = nbformat.read(Path(self.executed) / f"{student}.ipynb", as_version=4)
        if [cell.source for cell in nb.cells] != [cell.source for cell in executed.cells]:
            raise ValueError(f"The executed notebook of {student} is not the one that was handed in.")
        for cell, ran in zip(nb.cells, executed.cells, strict=True):
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = ran.outputs, ran.execution_count
        return nb, resources
