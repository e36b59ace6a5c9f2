"""From a file's bytes to the student's cells, whatever state the file is in."""

import json
from collections.abc import Iterator

from utils.grading.doctor.cells import Cell
from utils.grading.doctor.diagnosis import Findings, HopelessError
from utils.grading.doctor.recovery import recover_cells

__all__ = ["LARGE", "MOST_CELLS", "read_cells"]

LARGE = 20 * 2**20
"""Bytes from which saved outputs are worth a remark; a notebook full of plots has a tenth of it."""
MOST_CELLS = 3000
"""More cells than any student writes; matching them would take minutes."""
STARTS = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a zip or an Office document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
}


def read_cells(raw: bytes, findings: Findings) -> list[Cell]:
    """Read a notebook's cells; outputs and everything else about it are left out.

    Parameters
    ----------
    raw : bytes
        The file's content.
    findings : Findings
        Told what had to be repaired.

    Raises
    ------
    HopelessError
        If there are no cells in it.
    """
    if not raw.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise HopelessError("empty", f"The file is empty ({len(raw)} bytes): nothing arrived. Please hand it in again.")
    text = _text(raw, findings)
    notebook = _parsed(text, findings)
    cells = list(_cells(notebook, findings))
    if not cells:
        raise HopelessError("empty", "The notebook has no cells.")
    if len(cells) > MOST_CELLS:
        raise HopelessError("too large", f"The notebook has {len(cells):,} cells; up to {MOST_CELLS:,} are graded.")
    if len(raw) > LARGE:
        findings.say(f"The file had {len(raw) / 2**20:.0f} MB; saved outputs were left out, they are made anew.")
    return cells


def _text(raw: bytes, findings: Findings) -> str:
    for start, kind in STARTS.items():
        if raw.startswith(start):
            raise HopelessError("not a notebook", f"The file is {kind}, not a notebook.")
    encoding = json.detect_encoding(raw)
    if encoding == "utf-8-sig":
        findings.say("The file began with a byte order mark, which was removed.")
    elif encoding != "utf-8":
        findings.say(f"The file was saved as {encoding.upper()}; it was read as such.")
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        findings.say("The file is not in UTF-8; it was read as Windows-1252, so some letters may have changed.")
        return raw.decode("cp1252", errors="replace")


def _parsed(text: str, findings: Findings) -> dict:
    try:
        notebook = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        start = text.lstrip()[:200].lower()
        if start.startswith(("<!doctype", "<html", "<?xml")):
            raise HopelessError("not a notebook", "The file is a web page, not a notebook.") from None
        cells = recover_cells(text)
        if not cells:
            raise HopelessError("broken", "The file is damaged: there is no whole cell left in it.") from None
        findings.say(
            f"The file is damaged; {len(cells)} whole cells were recovered, and what came after or between is lost."
        )
        return {"cells": cells}
    if not isinstance(notebook, dict) or not ({"cells", "worksheets"} & set(notebook)):
        raise HopelessError("not a notebook", "The file is no notebook: it has no cells.")
    return notebook


def _cells(notebook: dict, findings: Findings) -> Iterator[Cell]:
    """Yield the cells of format 4 and of the older ones, whose cells lie in worksheets and call their text input."""
    listed = notebook.get("cells")
    if not isinstance(listed, list):
        sheets = notebook.get("worksheets")
        sheets = sheets if isinstance(sheets, list) else []
        listed = [cell for sheet in sheets if isinstance(sheet, dict) for cell in _list(sheet.get("cells"))]
        if listed:
            findings.say("The notebook was saved in an old format (before 4); it was converted.")
    _note_kernel(notebook, findings)
    for place, cell in enumerate(listed, 1):
        if not isinstance(cell, dict):
            findings.say(f"Cell {place} is damaged and was left out.")
            continue
        yield _cell(cell, place, findings)


def _cell(cell: dict, place: int, findings: Findings) -> Cell:
    source = cell.get("source", cell.get("input", ""))
    source = "".join(map(str, source)) if isinstance(source, list) else str(source)
    if "\r" in source:
        source = source.replace("\r\n", "\n").replace("\r", "\n")
        findings.say("Cells had line ends of Windows, which were converted.")
    # Half of a surrogate pair is valid JSON, and yet no text that could be written anywhere.
    source = source.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    metadata = _dict(cell.get("metadata"))
    grade_id = _dict(metadata.get("nbgrader")).get("grade_id", "")
    kind = cell.get("cell_type")
    kind = kind if kind in ("code", "raw") else "markdown"  # format 3 has headings, too
    cell_id = cell.get("id", "")
    return Cell(
        kind, source, place, grade_id if isinstance(grade_id, str) else "", cell_id if isinstance(cell_id, str) else ""
    )


def _note_kernel(notebook: dict, findings: Findings) -> None:
    kernel = _dict(_dict(notebook.get("metadata")).get("kernelspec"))
    name = str(kernel.get("name", "python3"))[:40]
    if name not in ("python3", "python"):
        findings.say(f"The notebook asked for the kernel “{name}”; it was run with python3.")


def _dict(value: object) -> dict:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list:
    return value if isinstance(value, list) else []
