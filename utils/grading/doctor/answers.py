"""One answer for each exercise: pieces joined, copies compared, stubs passed over."""

from collections.abc import Sequence
from dataclasses import dataclass

from utils.grading.doctor.cells import Cell, bound_names, same, tree_of, used_names
from utils.grading.doctor.diagnosis import Findings
from utils.grading.doctor.recognition import Recognised
from utils.grading.doctor.structure import Role, Slot, Structure

__all__ = ["Answer", "find_answers"]


@dataclass(frozen=True)
class Answer:
    """What is executed in an exercise's place.

    Attributes
    ----------
    text : str
    cells : tuple of Cell
        The student's cells it is made of; empty where the stub stands in.
    before : tuple of Cell
        Earlier versions that define what this one uses.
    """

    text: str
    cells: tuple[Cell, ...] = ()
    before: tuple[Cell, ...] = ()


def find_answers(known: Recognised, structure: Structure, findings: Findings) -> dict[Slot, Answer]:
    """Return each exercise's answer.

    Parameters
    ----------
    known : Recognised
        Cells that an answer takes over are no longer among `Recognised.added` afterwards.
    structure : Structure
    findings : Findings
        Told what had to be repaired.
    """
    return {slot: _answer(slot, known, structure, findings) for slot in structure.answers.values()}


def _answer(slot: Slot, known: Recognised, structure: Structure, findings: Findings) -> Answer:
    cells = known.found.get(slot, [])
    if not cells:
        cells = _by_names(slot, known, structure)
        if cells:
            findings.about(
                slot.number, "recognised by what the cell defines, because its first line and its metadata were gone."
            )
            for cell in cells:
                known.assign(cell, slot)
    versions = _versions(slot, list(cells), known, structure)
    for cell in [cell for cell in known.found.get(slot, []) if not any(cell in version for version in versions)]:
        known.release(cell)
    worked_on = [version for version in versions if not _untouched(version, slot)]
    if not worked_on:
        return _stub(slot, versions, findings)
    chosen = worked_on[-1]
    text = _text_of(chosen)
    _tell(slot, chosen, versions, findings)
    earlier = [cell for version in worked_on[:-1] for cell in version]
    return Answer(text, tuple(chosen), tuple(_still_needed(earlier, text, slot, structure)))


def _versions(slot: Slot, cells: Sequence[Cell], known: Recognised, structure: Structure) -> list[list[Cell]]:
    """Group an exercise's cells: a first line begins a version, pieces without one go on with it while it is incomplete."""
    versions: list[list[Cell]] = []
    for cell in cells:
        if any(cell in version for version in versions):
            continue
        if versions and not _begins(cell, slot, structure) and not _complete(versions[-1], slot):
            versions[-1].append(cell)
        else:
            versions.append([cell])
        _go_on(versions[-1], slot, known, structure)
    titled = [version for version in versions if _begins(version[0], slot, structure)]
    # A cell that was copied for its metadata and then filled with something else is no version of the answer.
    return [version for version in versions if version in titled or _defines(version, slot) or not titled]


def _begins(cell: Cell, slot: Slot, structure: Structure) -> bool:
    return structure.titled(cell.source, strictly=False) == slot.number


def _complete(version: Sequence[Cell], slot: Slot) -> bool:
    text = _joined(version)
    return tree_of(text) is not None and slot.names <= bound_names(text)


def _defines(version: Sequence[Cell], slot: Slot) -> bool:
    return bool(slot.names & bound_names(_joined(version)))


def _go_on(version: list[Cell], slot: Slot, known: Recognised, structure: Structure) -> None:
    """Add the cells right below that an answer was split into."""
    while (place := known.cells.index(version[-1]) + 1) < len(known.cells):
        below = known.cells[place]
        is_free = known.slot_of.get(below, slot) is slot and not _begins(below, slot, structure)
        if not (is_free and below.is_code and _goes_on(version, below, slot)):
            return
        if below not in known.slot_of:
            known.assign(below, slot)
        version.append(below)


def _goes_on(version: Sequence[Cell], below: Cell, slot: Slot) -> bool:
    if tree_of(_joined(version)) is None or _indented(below):
        return tree_of(_joined([*version, below])) is not None
    return bool((slot.names - bound_names(_joined(version))) & bound_names(below.source))


def _indented(cell: Cell) -> bool:
    """Say whether a cell begins inside of something: IPython would run a method as a function of its own."""
    first = next((line for line in cell.source.split("\n") if line.strip()), "")
    return first.startswith((" ", "\t"))


def _joined(version: Sequence[Cell]) -> str:
    return "\n".join(cell.source.strip("\n") for cell in version)


def _text_of(version: Sequence[Cell]) -> str:
    return _joined(version) if len(version) > 1 else version[0].source


def _untouched(version: Sequence[Cell], slot: Slot) -> bool:
    text = _joined(version)
    body = "\n".join(line for line in text.split("\n") if not line.lstrip().startswith("#"))
    return not body.strip() or same(text, slot.text)


def _stub(slot: Slot, versions: list[list[Cell]], findings: Findings) -> Answer:
    cells = tuple(cell for version in versions for cell in version)
    unchanged = [version for version in versions if same(_joined(version), slot.text)]
    if not versions:
        findings.about(slot.number, "no answer was found; the empty exercise stands in its place.")
    elif not unchanged:
        findings.about(slot.number, "the cell was empty; the exercise's own text stands in its place.")
    return Answer(_text_of(unchanged[-1]) if unchanged else slot.text, cells)


def _by_names(slot: Slot, known: Recognised, structure: Structure) -> list[Cell]:
    """Find an answer whose first line and metadata are gone by the names it defines; the last such cell."""
    others = {name for each in structure.slots if each is not slot for name in each.names}
    wanted = slot.names - others or slot.names
    makers = [cell for cell in known.added if cell.kind != "raw" and wanted & bound_names(cell.source)]
    most = max((len(wanted & bound_names(cell.source)) for cell in makers), default=0)
    return [cell for cell in makers if 2 * len(wanted & bound_names(cell.source)) >= most][-1:] if most else []


def _still_needed(earlier: Sequence[Cell], text: str, slot: Slot, structure: Structure) -> list[Cell]:
    """Return the earlier versions that define something which the chosen one uses and nothing else defines."""
    given = {name for each in structure.slots if each.role is not Role.CHECK for name in each.names}
    wanted = used_names(text) - bound_names(text) - given
    return [cell for cell in earlier if wanted & bound_names(cell.source)]


def _tell(slot: Slot, chosen: Sequence[Cell], versions: Sequence[Sequence[Cell]], findings: Findings) -> None:
    number = slot.number
    if len(chosen) > 1:
        findings.about(number, "the answer was split over several cells, which were joined.")
    if any(not cell.is_code for cell in chosen):
        findings.about(number, "the answer had become a text cell; it was run as code.")
    if len(versions) > 1:
        places = [str(version[0].place) for version in versions]
        findings.say(
            f"Exercise {number} stands in cells {', '.join(places[:-1])} and {places[-1]} of your notebook; cell "
            f"{chosen[0].place} counts, the last one that was worked on."
        )
