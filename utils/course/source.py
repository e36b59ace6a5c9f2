"""Read a py:percent source as cells that remember their lines."""

import re
from pathlib import Path

import jupytext

from utils.course.cells import SourceCell
from utils.course.errors import Problem, SourceError

__all__ = ["KNOWN_KEYS", "read_source"]

KNOWN_KEYS = frozenset({"tags", "jupyter", "cellView"})
"""Cell metadata that a source may carry; everything nbgrader needs is added by the build."""

CELL_MARKER = re.compile(r"# ?%%(?!%)")


def read_source(path: Path, *, name: str | None = None) -> tuple[SourceCell, ...]:
    """Read a source.

    Parameters
    ----------
    path : Path
        A jupytext py:percent file, UTF-8.
    name : str, optional
        What errors call the file; `path` unless given.

    Returns
    -------
    tuple of SourceCell
        In order.

    Raises
    ------
    SourceError
        If text stands before the first cell, or a string holds a line that looks like the start of a cell.
    """
    name = name or str(path)
    text = path.read_text(encoding="utf-8")
    notebook = jupytext.reads(text, fmt="py:percent")
    lines = text.split("\n")
    starts = [row for row, line in enumerate(lines, 1) if CELL_MARKER.match(line)]
    if len(starts) != len(notebook.cells):
        raise SourceError(name, [_miscounted(lines, starts, len(notebook.cells))])
    return tuple(
        SourceCell(number, cell.cell_type, cell.source, _first_line(lines, start, cell.source), _metadata(cell))
        for number, (cell, start) in enumerate(zip(notebook.cells, starts, strict=True), 1)
    )


def _metadata(cell) -> dict:
    # jupytext notes for its own round trip how many blank lines followed a cell.
    return {key: value for key, value in cell.metadata.items() if key != "lines_to_next_cell"}


def _first_line(lines: list[str], start: int, text: str) -> int:
    """Return the line, from 1, on which a cell's text begins: after the marker, blank lines and opening quotes."""
    row = start + 1
    wanted = text.split("\n")[0].strip()
    for offset, line in enumerate(lines[start:]):
        bare = line.strip().removeprefix("#").strip().strip('"')
        if bare and wanted and (bare in wanted or wanted in bare):
            return row + offset
        if offset > 3:
            break
    return row


def _miscounted(lines: list[str], starts: list[int], count: int) -> Problem:
    if count > len(starts):
        return Problem(1, 1, "text stands before the first '# %%' line; put it into a cell.")
    return Problem(
        0, starts[-1] if starts else 1, f"{len(starts)} lines begin with '# %%' but {count} cells were read."
    )
