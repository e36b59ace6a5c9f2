"""Mend a notebook that came back mangled: what is executed is the release's structure with the student's cells in it.

reading     the file: encodings, broken JSON, old formats
structure   what each of the release's cells is for
recognition which of the student's cells is which of the release's
merged      cells that were merged are taken apart again
answers     one answer for each exercise, from split cells, copies and stubs
assembly    the notebook that is executed
"""

from utils.grading.doctor.diagnosis import Diagnosis
from utils.grading.doctor.mending import mend

__all__ = ["Diagnosis", "mend"]
