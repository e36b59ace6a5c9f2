"""Take apart cells that were merged: an answer with its check, two answers, a text with the code below it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from utils.grading.doctor.cells import Cell, tidy
from utils.grading.doctor.structure import Role, Slot, Structure

__all__ = ["take_apart"]


def take_apart(cell: Cell, structure: Structure, missing: Sequence[Slot]) -> list[Cell]:
    """Split a cell where an answer begins, and around the text of release cells that are missing elsewhere.

    Parameters
    ----------
    cell : Cell
    structure : Structure
    missing : sequence of Slot
        Code cells of the release that no cell of the student's is.

    Returns
    -------
    list of Cell
        The cell itself if there is nothing to take apart. A part keeps the ids if it begins the answer that they name.
    """
    lines = cell.source.split("\n")
    blocks = [tidy(slot.text).split("\n") for slot in missing]
    parts = [part for part in _parts(lines, structure, blocks) if "".join(part).strip()]
    if len(parts) < 2:
        return [cell]
    made = [_part(cell, "\n".join(part).strip("\n"), structure, blocks) for part in parts]
    if not any(part.is_code for part in made):
        return [cell]
    return _with_ids(cell, made, structure)


def _parts(lines: list[str], structure: Structure, blocks: list[list[str]]) -> Iterator[list[str]]:
    part: list[str] = []
    row = 0
    while row < len(lines):
        block = next(
            (block for block in blocks if [line.rstrip() for line in lines[row : row + len(block)]] == block), None
        )
        if block:
            yield part
            yield block
            part, row = [], row + len(block)
            continue
        if _begins_answer(lines[row], structure):
            yield part
            part = []
        part.append(lines[row])
        row += 1
    yield part


def _begins_answer(line: str, structure: Structure) -> bool:
    return line.startswith("#") and any(line.rstrip() == slot.title for slot in structure.answers.values())


def _part(cell: Cell, text: str, structure: Structure, blocks: list[list[str]]) -> Cell:
    is_code = cell.is_code or structure.is_answer(text) or tidy(text).split("\n") in blocks
    prose = {tidy(slot.text) for slot in structure.slots if slot.role is Role.TEXT}
    kind = "markdown" if tidy(text) in prose else "code" if is_code else cell.kind
    return Cell(kind, text, cell.place)


def _with_ids(cell: Cell, parts: list[Cell], structure: Structure) -> list[Cell]:
    """Give the ids to the part that they name, else to the first part that is no answer of its own."""
    named = [
        part
        for part in parts
        if (number := structure.titled(part.source, strictly=True)) and cell.grade_id in structure.answers[number].ids
    ]
    free = [part for part in parts if structure.titled(part.source, strictly=True) is None]
    heir = (named or (free if not cell.grade_id else []) or [None])[0]
    return [replace(part, grade_id=cell.grade_id, cell_id=cell.cell_id) if part is heir else part for part in parts]
