"""Solution notebook -> student notebook, exactly as ``nbgrader generate_assignment`` writes it."""

from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearHiddenTests,
    ClearOutput,
    ComputeChecksums,
    LockCells,
    SaveCells,
)
from traitlets.config import Config

from utils.course.preprocessors import ClearRegions, ClearStatements

__all__ = ["RELEASE_PREPROCESSORS", "student_notebook"]

RELEASE_PREPROCESSORS = [
    LockCells,
    ClearStatements,
    ClearRegions,
    ClearOutput,
    CheckCellMetadata,
    ComputeChecksums,
    SaveCells,
    ClearHiddenTests,  # after SaveCells, so that the gradebook keeps the tests; checksums once more, because it edits
    ComputeChecksums,
    CheckCellMetadata,
]
"""What nbgrader_config.py gives ``nbgrader generate_assignment``."""


def student_notebook(solution: NotebookNode) -> str:
    """Return the text of the student notebook.

    Parameters
    ----------
    solution : NotebookNode
        As `utils.course.solution.solution_notebook` makes it.

    Returns
    -------
    str
        The file's content, ending in a line break. No database is touched.
    """
    exporter = NotebookExporter(config=Config({"Exporter": {"default_preprocessors": []}}))
    for preprocessor in RELEASE_PREPROCESSORS:
        if preprocessor is not SaveCells:
            exporter.register_preprocessor(preprocessor, enabled=True)
    text, _ = exporter.from_notebook_node(solution)
    return text
