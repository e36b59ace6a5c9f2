"""`mend`: from the bytes that came back to a notebook that can be executed."""

from nbformat import NotebookNode

from utils.grading.doctor.answers import Answer, find_answers
from utils.grading.doctor.assembly import assemble
from utils.grading.doctor.diagnosis import OK, REPAIRED, Diagnosis, Findings, HopelessError
from utils.grading.doctor.reading import read_cells
from utils.grading.doctor.recognition import Recognised, recognise
from utils.grading.doctor.structure import Slot, Structure

__all__ = ["mend"]


def mend(raw: bytes, release: NotebookNode) -> Diagnosis:
    """Repair a notebook that came back.

    Whatever the bytes are, this returns. A notebook without a fault comes out with the student's text unchanged and
    without a remark.

    Parameters
    ----------
    raw : bytes
        The file's content.
    release : NotebookNode
        The student notebook as it was released, with nbgrader's metadata.

    Returns
    -------
    Diagnosis
        Its notebook has every cell of the release once, in its order and with its metadata; checks and setup are the
        release's, answers and edited cells the student's, and cells that the student added stand where they stood.
        There are no outputs.
    """
    findings = Findings()
    structure = Structure(release)
    try:
        known = recognise(read_cells(raw, findings), structure)
    except HopelessError as error:
        return Diagnosis(None, (*findings.remarks, str(error)), error.status)
    answers = find_answers(known, structure, findings)
    _tell_identity(known, answers, structure, findings)
    for number in known.merged:
        findings.about(number, "cells had been merged; they were taken apart.")
    notebook = assemble(release, known, structure, answers, findings)
    return Diagnosis(notebook, findings.remarks, REPAIRED if findings.remarks else OK)


def _tell_identity(known: Recognised, answers: dict[Slot, Answer], structure: Structure, findings: Findings) -> None:
    """Say where an answer was recognised by its first line."""
    found = {slot: answer for slot, answer in answers.items() if answer.cells}
    bare = [slot for slot, answer in found.items() if not any({c.grade_id, c.cell_id} & slot.ids for c in answer.cells)]
    titled = [slot for slot in bare if structure.titled(answers[slot].cells[0].source, strictly=False)]
    if titled and not any(cell.grade_id for cell in known.cells):
        findings.say("The cells' metadata was gone; exercises were recognised by their first lines.")
        return
    for slot in titled:
        findings.about(slot.number, "recognised by the first line, because the cell's metadata was gone.")
