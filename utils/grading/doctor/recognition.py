"""Tell which of the student's cells is which of the release's.

An exercise's cell is known by its grade id, unless its first line names another exercise, then by its first line
``# Exercise N:``. Any other cell is known by its ids or its text. What is left are cells the student added.
"""

import ast
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from utils.grading.doctor.cells import Cell, same, tidy, tree_of
from utils.grading.doctor.diagnosis import HopelessError
from utils.grading.doctor.merged import take_apart
from utils.grading.doctor.structure import Role, Slot, Structure

__all__ = ["Recognised", "recognise"]

ALIKE = 60
"""Likeness, from 0 to 100, from which an edited cell between two known ones is the release's cell between them."""
EVIDENCE = 60
"""Characters from which a cell's text can be no coincidence; ``quizzer.run_quiz(1)`` stands in every session."""
ENOUGH = 3
"""How many such cells tell that this is the session's notebook, though no exercise is left in it."""


@dataclass
class Recognised:
    """The student's cells, sorted.

    Attributes
    ----------
    cells : list of Cell
        All of them, in the student's order, merged ones taken apart.
    slot_of : dict of Cell to Slot
        What each is; cells the student added are missing.
    found : dict of Slot to list of Cell
        The same the other way round.
    merged : set of int
        Exercises whose cells had been merged with others.
    """

    cells: list[Cell]
    slot_of: dict[Cell, Slot] = field(default_factory=dict)
    found: dict[Slot, list[Cell]] = field(default_factory=lambda: defaultdict(list))
    merged: set[int] = field(default_factory=set)

    def assign(self, cell: Cell, slot: Slot) -> None:
        """Note that a cell is the release's cell at a slot."""
        self.slot_of[cell] = slot
        self.found[slot].append(cell)

    def release(self, cell: Cell) -> None:
        """Note that a cell is none of the release's after all."""
        self.found[self.slot_of.pop(cell)].remove(cell)

    @property
    def added(self) -> list[Cell]:
        """The cells that are none of the release's."""
        return [cell for cell in self.cells if cell not in self.slot_of]


def recognise(cells: Sequence[Cell], structure: Structure) -> Recognised:
    """Sort the student's cells.

    Raises
    ------
    HopelessError
        If this is another notebook.
    """
    whole = _match(cells, structure)
    missing = [slot for slot in structure.slots if slot.role is not Role.TEXT and slot not in whole.found]
    parts = [(cell, take_apart(cell, structure, missing)) for cell in cells]
    known = _match([part for _, made in parts for part in made], structure)
    taken_apart = [part for _, made in parts if len(made) > 1 for part in made]
    known.merged = {known.slot_of[part].number for part in taken_apart if part in known.slot_of} - {0}
    if not _is_this_notebook(known, structure):
        raise HopelessError("another notebook", _other(cells))
    _match_between(known, structure)
    return known


def _match(cells: Sequence[Cell], structure: Structure) -> Recognised:
    known = Recognised(list(cells))
    by_id = {each: slot for slot in structure.slots for each in slot.ids}
    by_text = defaultdict(list)
    for slot in structure.slots:
        by_text[tidy(slot.text)].append(slot)
    for cell in cells:
        slot = _slot_of(cell, structure, by_id, by_text, known)
        if slot:
            known.assign(cell, slot)
    return known


def _slot_of(cell: Cell, structure: Structure, by_id: dict, by_text: dict, known: Recognised) -> Slot | None:
    strict = structure.titled(cell.source, strictly=True)
    if strict and (cell.is_code or structure.is_answer(cell.source)):
        return structure.answers[strict]
    by_grade_id = by_id.get(cell.grade_id)
    if by_grade_id and by_grade_id.role in (Role.ANSWER, Role.CHECK):
        return by_grade_id
    equal = by_text.get(tidy(cell.source), []) if cell.source.strip() else []
    if equal:
        return next((slot for slot in equal if slot not in known.found), equal[-1])
    slot = by_id.get(cell.cell_id)
    if slot and slot not in known.found and (slot.role is Role.TEXT) <= (not cell.is_code):
        return slot
    number = _checked(cell, structure) or (structure.titled(cell.source, strictly=False) if cell.is_code else None)
    if number:
        return structure.checks[number] if _checked(cell, structure) else structure.answers[number]
    return None


def _checked(cell: Cell, structure: Structure) -> int | None:
    """Return the exercise that a cell checks and does nothing else."""
    tree = tree_of(cell.source) if cell.is_code and "check_exercise" in cell.source else None
    call = tree.body[0].value if tree and len(tree.body) == 1 and isinstance(tree.body[0], ast.Expr) else None
    if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "check_exercise"):
        return None
    number = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else None
    return number if isinstance(number, int) and number in structure.checks else None


def _is_this_notebook(known: Recognised, structure: Structure) -> bool:
    ids = {each for slot in structure.answers.values() for each in slot.ids}
    for cell in known.cells:
        if structure.titled(cell.source, strictly=True) or cell.grade_id in ids or cell.cell_id in ids:
            return True
    same_text = {
        slot for cell, slot in known.slot_of.items() if len(slot.text) >= EVIDENCE and same(cell.source, slot.text)
    }
    return len(same_text) >= ENOUGH


def _other(cells: Sequence[Cell]) -> str:
    lines = (line.strip("# ").strip() for cell in cells for line in cell.source.split("\n"))
    first = next((line for line in lines if line and not line.startswith("![")), "")
    begins = f" It begins with “{first[:60]}”." if first else ""
    return f"This is another notebook: none of the session's exercises is in it.{begins}"


def _match_between(known: Recognised, structure: Structure) -> None:
    """Match edited cells without ids: between two cells that are known, the one that is most like a missing one."""
    before: Slot | None = None
    for place, cell in enumerate(known.cells):
        if cell in known.slot_of:
            before = known.slot_of[cell]
            continue
        after = next((known.slot_of[each] for each in known.cells[place + 1 :] if each in known.slot_of), None)
        low, high = before.index if before else -1, after.index if after else len(structure.slots)
        free = [slot for slot in structure.slots[low + 1 : max(high, low + 1)] if slot not in known.found]
        alike = [(fuzz.ratio(cell.source, slot.text), slot) for slot in free if _may_be(cell, slot)]
        likeness, slot = max(alike, key=lambda pair: pair[0], default=(0, None))
        if likeness >= ALIKE:
            known.assign(cell, slot)
            before = slot


def _may_be(cell: Cell, slot: Slot) -> bool:
    return (slot.role in (Role.GIVEN, Role.SETUP) and cell.is_code) or (slot.role is Role.TEXT and not cell.is_code)
