"""Notebooks mangled in every way that has been seen: what is executed is the release with the student's answers."""

import copy
import json
import random
import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.nbgraderformat import MetadataValidator

from tests.grading.mangling import (
    added,
    all_ids_the_same,
    all_of,
    answer_of,
    as_colab_saves_it,
    as_format_3,
    check_of,
    copied,
    edited,
    given_of,
    merged,
    place_of,
    retyped,
    shuffled,
    split,
    tagged,
    to_bytes,
    to_code,
    with_large_outputs,
    without,
    without_metadata,
)
from utils.grading.course_folder import notebook_of
from utils.grading.demo_class import fill_in
from utils.grading.doctor import mend

SE05 = notebook_of("SE05")
RELEASE = nbformat.read(SE05.student, as_version=4)
WORKED = fill_in(SE05, lambda place, number, text: text)
SETUP = RELEASE.cells[2].source
ANSWERS = {number: answer_of(WORKED, number).source for number in range(1, 13)}
SIX, END = WORKED.cells.index(answer_of(WORKED, 6)) + 1, len(WORKED.cells) + 1  # cells, counted from 1
STUBS = {number: answer_of(RELEASE, number).source for number in range(1, 13)}
CODE = [cell.source for cell in WORKED.cells if cell.cell_type == "code"]

setup, dataset = (lambda nb: given_of(nb, "ExerciseChecker(")), (lambda nb: given_of(nb, "dataset_path ="))
view_sizes = lambda nb: given_of(nb, "if checker.ready(1):")  # noqa: E731
answer = lambda number: lambda nb: answer_of(nb, number)  # noqa: E731
check = lambda number: lambda nb: check_of(nb, number)  # noqa: E731
text_above = lambda number: lambda nb: nb.cells[place_of(nb, answer_of(nb, number)) - 1]  # noqa: E731


def mended(mangle, start=WORKED):
    notebook = copy.deepcopy(start)
    raw = mangle(notebook)
    return mend(raw if isinstance(raw, bytes) else to_bytes(notebook), RELEASE)


def code_of(diagnosis):
    return [cell.source for cell in diagnosis.notebook.cells if cell.cell_type == "code"]


def compact(sources):
    """Leave out blank lines, which are lost where a cell is split and joined."""
    return ["\n".join(line for line in source.split("\n") if line.strip()) for source in sources]


def is_whole(notebook):
    """Say whether a notebook is the release, cell for cell, apart from cells that were added and answers' texts."""
    nbformat.validate(notebook)
    MetadataValidator().validate_nb(copy.deepcopy(notebook))
    ids = [cell.id for cell in RELEASE.cells]
    kept = [cell for cell in notebook.cells if cell.id in ids]
    same_ids = [cell.id for cell in kept] == ids
    same_metadata = [cell.metadata for cell in kept] == [cell.metadata for cell in RELEASE.cells]
    checks = all(check_of(notebook, number).source == check_of(RELEASE, number).source for number in ANSWERS)
    bare = all(cell.metadata == {} for cell in notebook.cells if cell.id not in ids)
    no_outputs = not any(cell.get("outputs") for cell in notebook.cells)
    return same_ids and same_metadata and checks and bare and no_outputs and notebook.metadata == RELEASE.metadata


# Mangled, and yet what is executed is cell for cell what the student had: mangling, a remark (none: not worth one)
RESTORED = {
    "as it was": (lambda nb: None, None),
    "as Colab saves it": (as_colab_saves_it, None),
    "format 4.2 without ids": (lambda nb: [c.pop("id") for c in nb.cells] and nb.update(nbformat_minor=2) and None, None),
    "a format of the future": (lambda nb: nb.update(nbformat_minor=9), None),
    "format 3": (as_format_3, r"old format \(before 4\)"),
    "metadata gone": (without_metadata, r"metadata was gone; exercises were recognised by their first lines"),
    "metadata of one cell gone": (
        lambda nb: answer_of(nb, 6).update(id="x", metadata={}),
        r"^Exercise 6: recognised by the first line",
    ),
    "ids doubled": (all_ids_the_same, None),
    "tags that keep cells from running": (tagged, None),
    "wrong kernel": (
        lambda nb: nb.metadata.kernelspec.update(name="ir"),
        r"asked for the kernel “ir”; it was run with python3",
    ),
    "no kernel": (lambda nb: nb.metadata.pop("kernelspec") and None, None),
    "saved outputs of 50 MB": (with_large_outputs, r"The file had 5[01] MB; saved outputs were left out"),
    "checks deleted": (without(check(3), check(4)), r"^Exercises 3 and 4: the check was missing and was put back"),
    "given cell deleted": (without(dataset), r"Code cells of the course's notebook were missing"),
    "texts deleted": (lambda nb: nb.update(cells=[c for c in nb.cells if c.cell_type == "code"]), None),
    "everything but answers deleted": (
        lambda nb: nb.update(cells=[answer_of(nb, number) for number in ANSWERS]),
        r"^Exercises 1 to 12: the check was missing",
    ),
    "check edited": (edited(check(7), "8.0"), r"^Exercise 7: the check had been edited; the original was run"),
    "check edited without metadata": (
        all_of(edited(check(7), 'checker.check_exercise(7, {"Down": object})'), without_metadata),
        r"^Exercise 7: the check had been edited",
    ),
    "check weakened by a semicolon": (edited(check(2), lambda text: text + ";"), None),
    "cells shuffled": (shuffled, r"Cells stood in another order"),
    "an answer moved to the top": (lambda nb: nb.cells.insert(0, nb.cells.pop(49)), r"another order"),
    "cells shuffled and metadata gone": (all_of(shuffled, without_metadata), r"another order"),
    "answer became text": (retyped(5, "markdown"), r"^Exercise 5: the answer had become a text cell"),
    "answer became raw": (retyped(5, "raw"), r"^Exercise 5: the answer had become a text cell"),
    "answers became text and metadata gone": (
        all_of(retyped(5, "markdown"), retyped(9, "markdown"), without_metadata),
        r"^Exercises 5 and 9: the answer had become a text cell",
    ),
    "text became code": (to_code, None),
    "split in the middle of a class": (
        split(6, "def forward", keeps_metadata=False),
        r"^Exercise 6: the answer was split over several cells, which were joined",
    ),
    "split, both parts with the metadata": (split(1, "ds = ", keeps_metadata=True), r"^Exercise 1: the answer was split"),
    "split in three": (
        all_of(split(11, "class UNetEfficient", keeps_metadata=True), split(11, "def forward", keeps_metadata=False)),
        r"^Exercise 11: the answer was split",
    ),
    "split and metadata gone": (
        all_of(split(11, "class UNetEfficient", keeps_metadata=True), without_metadata),
        r"^Exercise 11: the answer was split",
    ),
    "answer merged with its check": (merged(answer(8), check(8)), r"^Exercise 8: cells had been merged"),
    "text, answer and check merged": (merged(text_above(8), check(8)), r"^Exercise 8: cells had been merged"),
    "check and the cell below merged": (merged(check(1), view_sizes), r"^Exercise 1: cells had been merged"),
    "four exercises merged": (merged(answer(6), check(9)), r"^Exercises 6 to 9: cells had been merged"),
    "merged and metadata gone": (all_of(merged(answer(6), check(7)), without_metadata), r"cells had been merged"),
    "copied": (copied(6), rf"^Exercise 6 stands in cells {SIX} and {SIX + 1} of your notebook; cell {SIX + 1} counts"),
    "an empty copy below": (copied(6, change=lambda text: STUBS[6]), rf"cell {SIX} counts, the last one that was worked on"),
    "worked on in the copy": (copied(6, first_becomes=STUBS[6]), rf"cell {SIX + 1} counts"),
    "worked on in a copy at the end": (copied(6, first_becomes=STUBS[6], to_end=True), rf"cells {SIX} and {END} .* cell {END} counts"),
    "first attempt above": (
        copied(6, first_becomes=STUBS[6].replace("raise NotImplementedError()", "pass", 1)),
        rf"^Exercise 6 stands in cells {SIX} and {SIX + 1} of your notebook; cell {SIX + 1} counts, the last one that was worked on",
    ),
    "check copied": (lambda nb: nb.cells.append(copy.deepcopy(check_of(nb, 2))), r"there more than once"),
    "setup edited": (edited(setup, lambda text: text.replace("import random\n", "")), r"setup cell had been edited; the original was run\.$"),
    "title misspelt": (edited(answer(6), lambda text: text.replace("Double convolution", "Duble convolution", 1)), "text"),
    "byte order mark": (lambda nb: b"\xef\xbb\xbf" + to_bytes(nb), r"began with a byte order mark"),
    "Windows line ends in the file": (lambda nb: to_bytes(nb).replace(b"\n", b"\r\n"), None),
    "Windows line ends in the cells": (
        lambda nb: [c.update(source=c.source.replace("\n", "\r\n")) for c in nb.cells] and None,
        r"line ends of Windows",
    ),
    "UTF-16": (lambda nb: to_bytes(nb).decode().encode("utf-16"), r"saved as UTF-16"),
    "UTF-16 without a mark": (lambda nb: to_bytes(nb).decode().encode("utf-16-le"), r"saved as UTF-16-LE"),
    "comma behind the last cell": (lambda nb: re.sub(rb"\}\s*\],\s*\"metadata\"", b'},],"metadata"', to_bytes(nb)), f"damaged; {END - 1} whole"),
    "brace at the end lost": (lambda nb: to_bytes(nb)[:-2], rf"The file is damaged; {END - 1} whole cells were recovered"),
}  # fmt: skip


@pytest.mark.parametrize("name", RESTORED)
def test_what_is_executed_is_what_the_student_had(name):
    mangle, remark = RESTORED[name]
    diagnosis = mended(mangle)
    assert is_whole(diagnosis.notebook)
    if remark == "text":  # only the title differs, and it is the student's
        assert [tree for tree in code_of(diagnosis) if tree not in CODE] == [answer_of(diagnosis.notebook, 6).source]
        return
    assert compact(code_of(diagnosis)) == compact(CODE)
    if remark is None:
        assert diagnosis.remarks == ()
        assert diagnosis.status == "ok"
    else:
        assert any(re.search(remark, said) for said in diagnosis.remarks), diagnosis.remarks
        assert diagnosis.status == "repaired"


def test_a_sound_notebook_passes_to_the_byte():
    raw = nbformat.writes(WORKED).encode()
    assert nbformat.writes(mend(raw, RELEASE).notebook).encode() == raw


def test_an_untouched_notebook_is_sound():
    raw = nbformat.writes(RELEASE).encode()
    diagnosis = mend(raw, RELEASE)
    assert (diagnosis.status, diagnosis.remarks) == ("ok", ())
    assert nbformat.writes(diagnosis.notebook).encode() == raw


def test_what_a_student_added_and_edited_stays_where_it_was():
    mangle = all_of(
        added(answer(6), "import math", "block = DoubleConv(3, 8)\nblock(torch.rand(1, 3, 8, 8)).shape", ""),
        added(check(9), "Why is this so slow?", kind="markdown"),
        edited(lambda nb: given_of(nb, "quizzer.run_quiz(1)"), 'quizzer.run_quiz(1, question=1, answer="b")'),
        edited(lambda nb: given_of(nb, "num_epochs=2"), lambda text: text.replace("num_epochs=2", "num_epochs=20")),
        edited(text_above(6), lambda text: text + "\n\nMy note."),
    )
    notebook = copy.deepcopy(WORKED)
    mangle(notebook)
    diagnosis = mend(to_bytes(notebook), RELEASE)
    assert (diagnosis.status, diagnosis.remarks) == ("ok", ())
    assert [cell.source for cell in diagnosis.notebook.cells] == [cell.source for cell in notebook.cells]
    assert [cell.cell_type for cell in diagnosis.notebook.cells] == [cell.cell_type for cell in notebook.cells]


# mangling: exercises whose stub stands in, and what is said
LOST = {
    "answers deleted": (without(answer(2), answer(11)), {2, 11}, r"^Exercises 2 and 11: no answer was found"),
    "answer emptied": (edited(answer(4), "\n"), {4}, r"^Exercise 4: the cell was empty"),
    "cut off in the middle": (lambda nb: to_bytes(nb)[: to_bytes(nb).index(b"class Down(nn")], set(range(7, 13)), f"damaged; {WORKED.cells.index(answer_of(WORKED, 7))} whole"),
    "two versions merged by git": (
        lambda nb: to_bytes(nb).replace(b'   "source": "# Exercise 3', b'<<<<<<< HEAD\n   "source": "# Exercise 3').replace(
            b'"source": "# Exercise 3', b'<<<<<<< HEAD\n   "source": "# Exercise 3'
        ),
        {3},
        f"damaged; {END - 2} whole",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LOST)
def test_what_is_lost_is_told_and_costs_no_other_exercise(name):
    mangle, lost, remark = LOST[name]
    diagnosis = mended(mangle)
    assert is_whole(diagnosis.notebook)
    found = {number: answer_of(diagnosis.notebook, number).source for number in ANSWERS}
    assert found == {number: STUBS[number] if number in lost else ANSWERS[number] for number in ANSWERS}
    assert any(re.search(remark, said) for said in diagnosis.remarks), diagnosis.remarks


def pretend_pdf(nb):
    return b"%PDF-1.7\n..."


def other_session(nb):
    """A notebook of another session: the same numbers, quizzes and check ids, other exercises."""
    cells = [
        new_markdown_cell("# Classification"),
        new_code_cell("quizzer.run_quiz(1)"),
        new_code_cell("quizzer.run_quiz(2)"),
    ]
    for number in (1, 2, 3):
        cells.append(new_code_cell(f"# Exercise {number}: Something quite different\nhead_{number} = {number}"))
        cells.append(copy.deepcopy(check_of(nb, number)))
        cells[-1].source = f'checker.check_exercise({number}, {{"head_{number}": head_{number}}})'
    return to_bytes(new_notebook(cells=cells))


# mangling, status, reason
HOPELESS = {
    "nothing": (lambda nb: b"", "empty", r"The file is empty \(0 bytes\)"),
    "blanks": (lambda nb: b"\xef\xbb\xbf \n\0\0", "empty", "nothing arrived"),
    "no cells": (lambda nb: to_bytes(new_notebook()), "empty", "has no cells"),
    "a PDF": (pretend_pdf, "not a notebook", "The file is a PDF"),
    "a zip": (lambda nb: b"PK\x03\x04....", "not a notebook", "zip or an Office document"),
    "a web page": (lambda nb: b"<!DOCTYPE html><html>Sign in</html>", "not a notebook", "a web page"),
    "a list": (lambda nb: b"[1, 2, 3]", "not a notebook", "it has no cells"),
    "cells that are no list": (lambda nb: b'{"cells": 3}', "empty", "has no cells"),
    "noise": (lambda nb: random.Random(1).randbytes(5000), "broken", "no whole cell"),
    "cut off at once": (lambda nb: to_bytes(nb)[:60], "broken", "no whole cell"),
    "nested without end": (lambda nb: b'{"cells":' + b"[" * 200_000, "broken", "no whole cell"),
    "another session": (other_session, "another notebook", "It begins with “Classification”"),
    "quite another notebook": (
        lambda nb: to_bytes(new_notebook(cells=[new_code_cell("import pandas as pd\npd.DataFrame()")])),
        "another notebook",
        "none of the session's exercises",
    ),
    "a hundred thousand cells": (
        lambda nb: json.dumps({"cells": [{"cell_type": "code", "source": "1"}] * 100_000}).encode(),
        "too large",
        "100,000 cells",
    ),
}


@pytest.mark.parametrize("name", HOPELESS)
def test_what_cannot_be_graded_says_why(name):
    mangle, status, reason = HOPELESS[name]
    diagnosis = mended(mangle)
    assert diagnosis.notebook is None
    assert diagnosis.status == status
    assert re.search(reason, diagnosis.remarks[-1])


def test_answers_are_found_by_what_they_define_when_nothing_else_is_left():
    def mangle(nb):
        for number in (6, 10):
            cell = answer_of(nb, number)
            cell.source = cell.source.split("\n", 1)[1]
        without_metadata(nb)

    diagnosis = mended(mangle)
    assert is_whole(diagnosis.notebook)
    assert answer_of(diagnosis.notebook, 6).source == ANSWERS[6].split("\n", 1)[1]
    assert answer_of(diagnosis.notebook, 10).source == ANSWERS[10].split("\n", 1)[1]
    assert any("Exercises 6 and 10: recognised by what the cell defines" in said for said in diagnosis.remarks)


def test_lines_added_to_the_setup_cell_run_after_the_original():
    diagnosis = mended(edited(setup, lambda text: f"import math\n{text}\nSPEED = 3"))
    code = code_of(diagnosis)
    assert code[:2] == [SETUP, "import math\nSPEED = 3"]
    assert code[2:] == CODE[1:]


def test_a_given_cell_that_lost_what_later_ones_need_runs_as_it_was_first():
    diagnosis = mended(edited(dataset, "print('my own code')"))
    assert [CODE[2], "print('my own code')"] == code_of(diagnosis)[2:4]
    assert any("no longer defined what they need" in said for said in diagnosis.remarks)


def test_an_earlier_version_stays_if_the_chosen_one_needs_it():
    first = "# Exercise 10: Dice loss\ndef overlap(a, b):\n    return (a * b).sum()\n\n\nclass DiceLoss: pass"
    last = "# Exercise 10: Dice loss\nclass DiceLoss(nn.Module):\n    def forward(self, a, b):\n        return overlap(a, b)"
    diagnosis = mended(copied(10, change=lambda text: last, first_becomes=first))
    code = code_of(diagnosis)
    assert code[code.index(last) - 1] == first
    assert is_whole(diagnosis.notebook)


def test_what_an_answer_uses_comes_first_where_the_order_was_lost():
    helper = "def conv(a, b):\n    return nn.Conv2d(a, b, KERNEL)"
    deeper = "KERNEL = 3"
    double = (
        "# Exercise 6: Double convolution\nclass DoubleConv(nn.Module):\n    def f(self):\n        return conv(1, 2)"
    )

    def mangle(nb):
        answer_of(nb, 6).source = double
        nb.cells += [new_code_cell(helper), new_code_cell(deeper)]
        nb.cells.append(nb.cells.pop(49))

    code = code_of(mended(mangle))
    assert code[code.index(double) - 2 : code.index(double)] == [deeper, helper]


def test_a_copy_that_was_filled_with_something_else_is_no_version():
    scratch = "DoubleConv(3, 8)(torch.rand(1, 3, 16, 16)).shape"
    diagnosis = mended(copied(6, change=lambda text: scratch))
    code = code_of(diagnosis)
    assert code[code.index(scratch) - 1] == ANSWERS[6]
    assert diagnosis.remarks == ()


def test_a_heading_called_like_an_exercise_is_no_answer():
    diagnosis = mended(added(answer(6), "# Exercise 6: Double convolution\n\nThis was hard.", kind="markdown"))
    assert (diagnosis.status, code_of(diagnosis)) == ("ok", CODE)


def test_half_a_surrogate_pair_can_be_written_afterwards():
    def mangle(nb):
        return to_bytes(nb).replace(b"class DoubleConv", b"# \\ud83d\\nclass DoubleConv", 1)

    assert nbformat.writes(mended(mangle).notebook).encode("utf-8")


def test_old_letters_are_read_and_told():
    diagnosis = mended(lambda nb: to_bytes(nb).decode().replace("→", "-").encode("cp1252", "replace"))
    assert diagnosis.notebook is not None
    assert any("Windows-1252" in said for said in diagnosis.remarks)


@pytest.mark.parametrize("seed", range(30))
def test_whatever_happens_to_the_bytes_there_is_a_diagnosis(seed):
    draw = random.Random(seed)
    raw = bytearray(to_bytes(WORKED))
    for _ in range(draw.choice([1, 5, 200])):
        place = draw.randrange(len(raw))
        if draw.random() < 0.5:
            raw[place] = draw.randrange(256)
        else:
            del raw[place : place + draw.randrange(2000)]
    diagnosis = mend(bytes(raw), RELEASE)
    assert diagnosis.remarks or code_of(diagnosis)
    assert diagnosis.notebook is None or is_whole(diagnosis.notebook)


def test_the_release_itself_is_not_changed():
    before = copy.deepcopy(RELEASE)
    mended(shuffled)
    assert before == RELEASE
