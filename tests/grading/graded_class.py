"""A class of results, as the grader writes them, with one student for each thing that a page has to show."""

from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from utils.grading.course_folder import CourseFolder
from utils.grading.intake import Status, Submission
from utils.grading.results import ClassResults, CriterionResult, ExerciseResult, Flag, StudentResult

SCRIPT = "<script>alert('x')</script>"
FORMULA = "=HYPERLINK(0)"
STUB = "# Exercise 2: Sums\ndef add(first, second):\n    raise NotImplementedError()"
ADD = "# Exercise 2: Sums\ndef add(first, second):\n    return first + second"
LONG = """# Exercise 1: Means
def mean(values):
    total, count = 0.0, 0
    for value in values:
        if value is None or value != value:
            continue
        total += float(value)
        count += 1
    if count == 0:
        raise ValueError('there is no number in it')
    return round(total / count, 6)
"""
USUAL = """# Exercise 1: Means
def mean(values):
    values = [float(value) for value in values if value is not None]
    if len(values) == 0:
        raise ValueError('nothing there')
    values = [value for value in values if value == value]
    return sum(values) / len(values)
"""


def criteria(*outcomes):
    claims = ("`mean` skips what is missing.", "The mean of 1 and 3 is 2.")
    said = {
        "failed": "`mean` gave 1.5; expected 2.",
        "crashed": "Line 2 of your code raised ValueError.",
        "not attempted": "",
    }
    return tuple(
        CriterionResult(f"criterion_{place}", claim, 2.0, outcome, said.get(outcome, ""), "Count what you add." if outcome == "failed" else "")
        for place, (claim, outcome) in enumerate(zip(claims, outcomes, strict=True))
    )  # fmt: skip


def means(*outcomes, outcome):
    score = 2.0 * outcomes.count("passed")
    advice = CriterionResult("is_short", "It is short.", 0.0, "failed", "a sum would do.")
    return ExerciseResult("Means", score, 4.0, outcome, 0.25, (*criteria(*outcomes), advice))


def sums(outcome):
    score = 1.5 if outcome == "passed" else 0.0
    return ExerciseResult("Sums", score, 1.5, outcome, 0.1, (CriterionResult("adds", "2 and 3 is 5.", 1.5, outcome),))


PASSED = {1: means("passed", "passed", outcome="passed"), 2: sums("passed")}
PARTLY = {1: means("passed", "failed", outcome="failed"), 2: sums("passed")}
WRONG = {1: means("failed", "failed", outcome="failed"), 2: sums("not attempted")}
CRASHED = {1: means("crashed", "crashed", outcome="crashed"), 2: sums("passed")}
BLANK = {1: means("not attempted", "not attempted", outcome="not attempted"), 2: sums("not attempted")}
PATCHED = Flag(1, "patched", True, "`math.isclose` was replaced.", ("math.isclose: built-in -> <lambda> of cell 14",))

# student: (status, exercises, further fields, full name, answers)
STUDENTS = {
    "ada": ("graded", PASSED, {}, "Ada Lovelace", {1: LONG, 2: ADD}),
    "bob": ("graded", PARTLY, {}, FORMULA, {1: LONG.replace("total", "summe").replace("count", "n"), 2: ADD}),
    "carol": ("repaired", WRONG, {"remarks": ("Exercise 1: cells had been merged; they were taken apart.",)}, SCRIPT, {1: SCRIPT, 2: STUB}),
    "dan": ("graded", CRASHED, {"flags": (PATCHED,)}, "Dan O'Neil", {1: USUAL, 2: ADD}),
    "eve": ("graded", BLANK, {}, "Eve", {1: USUAL + "# eve", 2: STUB}),
    "fay": ("incomplete", PARTLY, {"error": {"kind": "timeout", "sentence": "Cell 9 ran for 300 s."}}, "Fay", {1: USUAL, 2: ADD}),
    "gus": ("broken", {}, {"remarks": ("The file is damaged.",)}, "Gus", {}),
}  # fmt: skip
MORE = 13
"""Students beside them who passed everything, with the usual answers."""


def make_class(root: Path, *, layout="moodle") -> tuple[CourseFolder, ClassResults, list[Submission]]:
    """Lay out a grading run's folder and return what the grader hands to the pages."""
    folder = CourseFolder(root, "SE99", "toy")
    release = folder.root / "notebooks" / "SE99" / "toy.ipynb"
    _write(release, {1: "# Exercise 1: Means\ndef mean(values):\n    raise NotImplementedError()", 2: STUB})
    more = {f"usual{count}": ("graded", PASSED, {}, f"Usual {count}", {1: USUAL, 2: ADD}) for count in range(MORE)}
    students, files = [], []
    for number, (student, (status, exercises, fields, name, answers)) in enumerate((STUDENTS | more).items(), 100):
        seconds = {"start": 0.5, "cells": 3.0, "checks": 0.35, "total": 4.0 + number / 100} if exercises else {}
        students.append(StudentResult(student, "SE99", "toy", status, exercises, seconds=seconds, **fields))
        handed_in = Path("class.zip", student, "toy.ipynb")
        files.append(Submission(student, handed_in, Status.TAKEN, full_name=name, lms_id=str(number), layout=layout))
        _write(folder.submitted(student), answers)
    files.append(
        Submission("ada", Path("class.zip/ada/notes.pdf"), Status.NOT_A_NOTEBOOK, ("A .pdf file is no notebook.",))
    )
    files.append(Submission("", Path("class.zip/__MACOSX"), Status.IGNORED, ("Left behind.",)))
    return folder, ClassResults("SE99", "toy", {1: 4.0, 2: 1.5}, tuple(students)), files


def _write(path: Path, answers: dict[int, str]) -> None:
    path.parent.mkdir(parents=True)
    cells = [
        new_code_cell(answer, metadata={"nbgrader": {"grade_id": f"ex{number:02}-exercise"}})
        for number, answer in answers.items()
    ]
    nbformat.write(new_notebook(cells=cells), path)
