"""What each cell of the release is for."""

import re
from dataclasses import dataclass, replace
from enum import Enum

from nbformat import NotebookNode
from rapidfuzz import fuzz

from utils.grading.doctor.cells import bound_names, tidy, used_names

__all__ = ["Role", "Slot", "Structure"]

TITLE = re.compile(r"#\s*exercise\s+0*(?P<number>[1-9]\d*)\b[\s:.–-]*(?P<title>.*)", re.IGNORECASE)
ALIKE = 80
"""Likeness, from 0 to 100, from which a title is the release's in spite of a slip of the keyboard."""


class Role(Enum):
    """What a cell of the release is for."""

    ANSWER = "answer"
    CHECK = "check"
    SETUP = "setup"
    GIVEN = "given"
    TEXT = "text"


@dataclass(frozen=True, eq=False)
class Slot:
    """A place in the release.

    Attributes
    ----------
    index : int
    role : Role
    cell : NotebookNode
    number : int
        The exercise's, for answers and checks; else 0.
    title : str
        An answer's first line; else empty.
    names : frozenset of str
        What the cell defines; for an answer, what the student has to define; for a given cell, what later ones need.
    """

    index: int
    role: Role
    cell: NotebookNode
    number: int
    title: str
    names: frozenset[str]

    @property
    def text(self) -> str:
        """The release's own text."""
        return self.cell.source

    @property
    def ids(self) -> set[str]:
        """The ids by which its cell is known."""
        grade_id = self.cell.metadata.get("nbgrader", {}).get("grade_id", "")
        return {self.cell.get("id", ""), grade_id} - {""}


class Structure:
    """The release as a sequence of slots."""

    def __init__(self, release: NotebookNode):
        self.slots = _with_needed_names([_slot(index, cell) for index, cell in enumerate(release.cells)])
        self.answers = {slot.number: slot for slot in self.slots if slot.role is Role.ANSWER}
        self.checks = {slot.number: slot for slot in self.slots if slot.role is Role.CHECK}

    def titled(self, text: str, *, strictly: bool) -> int | None:
        """Return the number of the exercise that a text's first line names, or None.

        Parameters
        ----------
        text : str
        strictly : bool
            Whether the title must be the release's; another session's exercises have numbers, too.
        """
        lines = text.strip().split("\n", 1)
        match = TITLE.fullmatch(lines[0].strip())
        slot = self.answers.get(int(match["number"])) if match else None
        if slot is None:
            return None
        alike = fuzz.ratio(lines[0].strip().lower(), slot.title.lower()) >= ALIKE
        return slot.number if alike or not strictly else None

    def is_answer(self, text: str) -> bool:
        """Say whether a text that is no code cell is an answer all the same: a heading of that name is none."""
        number = self.titled(text, strictly=True)
        return number is not None and bool(self.answers[number].names & bound_names(text))


def _with_needed_names(slots: list[Slot]) -> list[Slot]:
    """Keep of what a given cell defines only what another cell of the release uses later."""
    later: set[str] = set()
    kept = []
    for slot in reversed(slots):
        kept.append(replace(slot, names=slot.names & later) if slot.role is Role.GIVEN else slot)
        later |= used_names(slot.text) if slot.role is not Role.TEXT else set()
    return kept[::-1]


def _slot(index: int, cell: NotebookNode) -> Slot:
    graded = cell.metadata.get("nbgrader", {})
    number = int(match[1]) if (match := re.match(r"ex0*(\d+)-", graded.get("grade_id", ""))) else 0
    role = Role.GIVEN
    if cell.cell_type != "code":
        role = Role.TEXT
    elif graded.get("solution") and number:
        role = Role.ANSWER
    elif graded.get("grade") and number:
        role = Role.CHECK
    elif "ExerciseChecker(" in cell.source or graded.get("locked"):
        role = Role.SETUP
    title = tidy(cell.source).split("\n")[0] if role is Role.ANSWER else ""
    names = bound_names(cell.source, imports=role is not Role.ANSWER) if role is not Role.TEXT else ()
    return Slot(index, role, cell, number, title, frozenset(names))
