"""Put the notebook together that is executed."""

import copy
import hashlib
import re
from collections import defaultdict
from collections.abc import Mapping
from difflib import SequenceMatcher

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell

from utils.grading.doctor.answers import Answer
from utils.grading.doctor.cells import Cell, bound_names, same, tidy, tree_of, used_names
from utils.grading.doctor.diagnosis import Findings
from utils.grading.doctor.recognition import Recognised
from utils.grading.doctor.structure import Role, Slot, Structure

__all__ = ["assemble"]

MAKE = {"code": new_code_cell, "markdown": new_markdown_cell, "raw": new_raw_cell}


def assemble(
    release: NotebookNode, known: Recognised, structure: Structure, answers: Mapping[Slot, Answer], findings: Findings
) -> NotebookNode:
    """Return the release with the student's cells in it.

    Every cell of the release is there once, in its order, with its own ids and metadata. Checks and setup have the
    release's text. Cells that the student added stand behind the cell they stood behind.

    Parameters
    ----------
    release : NotebookNode
        Is not changed.
    known : Recognised
    structure : Structure
    answers : mapping of Slot to Answer
    findings : Findings
        Told what had to be repaired.
    """
    notebook = copy.deepcopy(release)
    texts: dict[Slot, str] = {}
    behind: dict[int, list[Cell]] = defaultdict(list)
    for slot in structure.slots:
        texts[slot], extra = _text(slot, known, answers, findings)
        behind[slot.index] += extra
    ahead = {slot.index: answer.before for slot, answer in answers.items()}
    _place_added(known, answers, behind)
    if not _in_order({slot: cells[0] for slot, cells in known.found.items() if cells}, known):
        findings.say("Cells stood in another order than in the course's notebook; they were run in its order.")
    chosen = {slot: answer.cells[0] for slot, answer in answers.items() if answer.cells}
    if not _in_order({slot: cells[0] for slot, cells in known.found.items() if cells} | chosen, known):
        _bring_forward(structure, texts, behind, ahead)
    used = {cell.id for cell in notebook.cells}
    cells = [_made(cell, used) for cell in behind.get(-1, [])]
    for slot, cell in zip(structure.slots, notebook.cells, strict=True):
        cells += [_made(each, used) for each in ahead.get(slot.index, ())]
        cell.source = texts[slot]
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        cells += [cell, *(_made(each, used) for each in behind[slot.index])]
    notebook.cells = cells
    return notebook


def _text(slot: Slot, known: Recognised, answers: Mapping[Slot, Answer], findings: Findings) -> tuple[str, list[Cell]]:
    """Return what stands at a slot, and what follows it because it cannot stand in its place."""
    cells = known.found.get(slot, [])
    if slot.role is Role.ANSWER:
        return answers[slot].text, []
    if slot.role is Role.TEXT:
        return (cells[0].source if cells else slot.text), []
    if not cells:
        _tell_missing(slot, findings)
        return slot.text, []
    if len(cells) > 1:
        findings.say("Some cells of the course's notebook were there more than once; the copies were left out.")
    if not cells[0].is_code:
        findings.say("Some code cells had become text; they were run as code.")
    if slot.role is Role.CHECK:
        if not any(same(cell.source, slot.text) for cell in cells):
            findings.about(slot.number, "the check had been edited; the original was run.")
        return slot.text, []
    return _given(slot, cells[0], findings)


def _given(slot: Slot, cell: Cell, findings: Findings) -> tuple[str, list[Cell]]:
    if tidy(cell.source) == tidy(slot.text):
        return slot.text, []
    if slot.role is Role.SETUP:
        added = _added_lines(slot.text, cell)
        rest = " The lines you had added ran right after it." if added else ""
        findings.say(f"The setup cell had been edited; the original was run.{rest}")
        return slot.text, added
    if tree_of(cell.source) is not None and slot.names <= bound_names(cell.source):
        return cell.source, []  # given cells are there to be played with
    findings.say("A cell that later cells build on no longer defined what they need; the original was run before it.")
    return slot.text, [cell] if tree_of(cell.source) is not None and cell.source.strip() else []


def _added_lines(original: str, cell: Cell) -> list[Cell]:
    """Return what a student added to the setup cell, such as an import, if it can stand on its own."""
    old, new = original.split("\n"), cell.source.split("\n")
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    lines = [line for tag, _, _, low, high in codes if tag in ("insert", "replace") for line in new[low:high]]
    text = "\n".join(lines).strip("\n")
    whole = text.strip() and not any(line.startswith((" ", "\t")) for line in lines[:1]) and tree_of(text) is not None
    return [Cell("code", text, cell.place)] if whole else []


def _tell_missing(slot: Slot, findings: Findings) -> None:
    if slot.role is Role.CHECK:
        findings.about(slot.number, "the check was missing and was put back.")
    else:
        findings.say("Code cells of the course's notebook were missing and were put back.")


def _place_added(known: Recognised, answers: Mapping[Slot, Answer], behind: dict[int, list[Cell]]) -> None:
    taken = {cell for answer in answers.values() for cell in (*answer.cells, *answer.before)}
    anchor = -1
    for cell in known.cells:
        slot = known.slot_of.get(cell)
        if slot is not None:
            anchor = slot.index
        elif cell not in taken:
            behind[anchor].append(cell)


def _in_order(cells: Mapping[Slot, Cell], known: Recognised) -> bool:
    """Say whether code cells stand in the release's order."""
    places = {cell: place for place, cell in enumerate(known.cells)}
    code = sorted((slot for slot in cells if slot.role is not Role.TEXT), key=lambda slot: slot.index)
    found = [places[cells[slot]] for slot in code]
    return found == sorted(found)


def _bring_forward(structure: Structure, texts: Mapping, behind: dict[int, list[Cell]], ahead: dict) -> None:
    """Where the order was lost, let what an answer uses run before it."""
    defined: set[str] = {name for cell in behind.get(-1, []) for name in bound_names(cell.source)}
    for slot in structure.slots:
        if slot.role is Role.ANSWER:
            ahead[slot.index] = (*ahead.get(slot.index, ()), *_needed(texts[slot], slot, defined, behind))
        for text in (*(cell.source for cell in ahead.get(slot.index, ())), texts[slot]):
            defined |= bound_names(text) if slot.role is not Role.TEXT else set()
        defined |= {name for cell in behind[slot.index] for name in bound_names(cell.source)}


def _needed(text: str, slot: Slot, defined: set[str], behind: dict[int, list[Cell]]) -> list[Cell]:
    wanted = used_names(text) - bound_names(text) - defined
    found: list[Cell] = []
    for index in sorted(behind):
        for cell in [each for each in behind[index] if index >= slot.index and each.is_code]:
            if cell in behind[index] and wanted & bound_names(cell.source):
                behind[index].remove(cell)
                found += [*_needed(cell.source, slot, defined, behind), cell]
    return found


def _made(cell: Cell, used: set[str]) -> NotebookNode:
    """Return a cell that a student added, without metadata: tags can keep a cell from being run."""
    made = MAKE[cell.kind](cell.source)
    made.id = cell.cell_id
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", cell.cell_id) or cell.cell_id in used:
        digest = hashlib.sha256(f"{cell.place}\n{cell.source}".encode()).hexdigest()[:12]
        made.id = f"added-{len(used)}-{digest}"
    used.add(made.id)
    return made
