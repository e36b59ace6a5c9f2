"""A class of more than a hundred: right, half right, blank, odd, mangled and dishonest submissions to the toy session."""

import copy
import json

import nbformat

from tests.grading.attacks import ATTACKS
from tests.grading.checked_class import RIGHT_ADD, RIGHT_NUMBERS, answered
from tests.grading.honest import HONEST
from tests.grading.mangling import (
    all_ids_the_same,
    all_of,
    as_colab_saves_it,
    as_format_3,
    check_of,
    copied,
    edited,
    merged,
    retyped,
    shuffled,
    split,
    tagged,
    to_bytes,
    with_large_outputs,
    without,
    without_metadata,
)

__all__ = ["DESERVED", "name_of", "write_whole_class"]

TITLE = "# Exercise 1: Add two numbers\n"
HALF = TITLE + "def add(first, second):\n    return first + second if isinstance(first, int) else first"
PLAIN = {
    "perfect": ((RIGHT_ADD, RIGHT_NUMBERS), {1: 2.0, 2: 1.5}),
    "half": ((HALF, RIGHT_NUMBERS), {1: 1.0, 2: 1.5}),
    "first only": ((RIGHT_ADD,), {1: 2.0, 2: 0.0}),
    "second only": ((None, RIGHT_NUMBERS), {1: 0.0, 2: 1.5}),
    "blank": ((), {1: 0.0, 2: 0.0}),
    "not defined": (("raise RuntimeError", RIGHT_NUMBERS), {1: 0.0, 2: 1.5}),
}
"""Answers, and what they deserve."""

FULL = {1: 2.0, 2: 1.5}
MANGLED = {
    "as Colab saves it": as_colab_saves_it,
    "format 3": as_format_3,
    "metadata gone": without_metadata,
    "ids doubled": all_ids_the_same,
    "tagged": tagged,
    "outputs of 50 MB": with_large_outputs,
    "wrong kernel": lambda notebook: notebook.metadata.kernelspec.update(name="ir"),
    "check deleted": without(lambda notebook: check_of(notebook, 1)),
    "check edited": edited(lambda notebook: check_of(notebook, 1), "2.0"),
    "cells shuffled": shuffled,
    "answer became text": retyped(1, "markdown"),
    "answer copied": copied(1),
    "answer split": split(1, "    return", keeps_metadata=True),
    "answer and check merged": merged(lambda nb: nb.cells[-4], lambda nb: nb.cells[-4]),
    "shuffled and metadata gone": all_of(shuffled, without_metadata),
}
"""Perfect submissions that came back other than they went out; each still earns everything."""

BEYOND_REPAIR = {
    "empty": b"",
    "cut off": b'{"cells": [{"cell_type": "code", "source": "def add',
    "no notebook": b"\x89PNG\r\n\x1a\n not a notebook",
    "another notebook": json.dumps(
        nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("import pandas")])
    ).encode(),
}

DESERVED: dict[str, dict[int, float] | None] = {
    **{name: deserved for name, (_, deserved) in PLAIN.items()},
    **{f"odd: {name}": {1: float(first), 2: 1.5} for name, (_, first) in HONEST.items()},
    **{f"mangled: {name}": FULL for name in MANGLED},
    **{f"lost: {name}": {} for name in BEYOND_REPAIR},
    **{f"attack: {name}": None for name in ATTACKS},
}
"""By student: the scores; {} where nothing can be run, None where nothing is earned or a flag says why."""


def name_of(student: str) -> str:
    """Return a student's folder."""
    return "".join(each if each.isalnum() else "-" for each in student)


def write_whole_class(folder, files) -> None:
    """Write every submission of `DESERVED` as nbgrader lays them out."""
    perfect = answered(files, RIGHT_ADD, RIGHT_NUMBERS)
    for name, (answers, _) in PLAIN.items():
        _write(folder, files, name, to_bytes(answered(files, *answers)))
    for name, (code, _) in HONEST.items():
        _write(folder, files, f"odd: {name}", to_bytes(answered(files, TITLE + code, RIGHT_NUMBERS)))
    for name, mangle in MANGLED.items():
        notebook = copy.deepcopy(perfect)
        raw = mangle(notebook)
        _write(folder, files, f"mangled: {name}", raw if isinstance(raw, bytes) else to_bytes(notebook))
    for name, raw in BEYOND_REPAIR.items():
        _write(folder, files, f"lost: {name}", raw)
    for name, code in ATTACKS.items():
        _write(folder, files, f"attack: {name}", to_bytes(answered(files, TITLE + code)))


def _write(folder, files, student, raw) -> None:
    path = folder / name_of(student) / files.session / files.student.name
    path.parent.mkdir(parents=True)
    path.write_bytes(raw)
