"""Judge answers the way a notebook does: run code in a namespace that holds the earlier answers, then check."""

import contextlib
import functools
import importlib
import io
import linecache
import os
import random
import re
import tempfile
import textwrap
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torchvision import transforms

import utils
from utils.core import ExerciseChecker, Score
from utils.core.exercise import SESSIONS, load_session
from utils.course.layout import find_notebooks

FIRST = SESSIONS[0]
"""The session that is meant where none is named."""

EXERCISES = [(session, exercise.number) for session in SESSIONS for exercise in load_session(session).exercises]
"""Every exercise of the course, by session and number."""


def table_of(session: str, number: int):
    """Return the module that holds the right and wrong answers to an exercise."""
    return importlib.import_module(f"tests.checks.tables.{session.lower()}.ex{number:02d}")


@functools.cache
def source(session: str) -> str:
    """Return the text of a session's source notebook."""
    return next(files.source for files in find_notebooks() if files.session == session).read_text()


@functools.cache
def solution(number: int, session: str = FIRST) -> str:
    """Return the solution's code for an exercise, as its source cell holds it."""
    cells = re.split(r"^# %%.*$", source(session), flags=re.MULTILINE)
    return next(cell.strip() for cell in cells if cell.strip().startswith(f"# Exercise {number}:"))


def judge(number: int, code: str | None = None, *, session: str = FIRST, **names: object) -> Score:
    """Run an answer after the solutions of the exercises before it, and check it.

    Parameters
    ----------
    number : int
    code : str, optional
        The student's cell; the solution's own if left out. Exercise 1 may leave out `ds`, exercise 2 `dl`, and so on:
        what the code does not define comes from the solution.
    session : str
    **names : object
        Put into the namespace first.
    """
    with contextlib.redirect_stdout(io.StringIO()):
        return ExerciseChecker(session).check_exercise(number, answers_of(number, code, session=session, **names))


def answers_of(number: int, code: str | None = None, *, session: str = FIRST, **names: object) -> dict[str, object]:
    """Run an answer, as `judge` does, and return what the check cell would hand over."""
    wanted = load_session(session).exercise(number).answers
    namespace = dict(state_before(number, session)) | names
    for name in wanted:
        if name not in namespace and code is not None:
            namespace[name] = state_after(number, session)[name]
    run(solution(number, session) if code is None else code, namespace)
    return {name: namespace[name] for name in wanted}


def failed(score: Score) -> set[str]:
    """Name the criteria with points that did not pass."""
    return {r.criterion.name for r in score.report.results if not r.passed and not r.criterion.is_advice}


def message(score: Score) -> str:
    """Return what the student reads first."""
    return score.report.first_failure.message if score.report.first_failure else ""


def run(code: str, namespace: dict) -> dict:
    """Execute a cell; its lines show up in messages as in a notebook."""
    code = textwrap.dedent(code)
    name = f"<cell {abs(hash(code))}>"
    linecache.cache[name] = (len(code), None, code.splitlines(keepends=True), name)
    exec(compile(code, name, "exec"), namespace)
    return namespace


def state_before(number: int, session: str = FIRST) -> dict:
    """Return the notebook's names before an exercise."""
    return _setup(session) if number == 1 else state_after(number - 1, session)


@functools.cache
def state_after(number: int, session: str = FIRST) -> dict:
    """Return the notebook's names after the solution of an exercise."""
    torch.manual_seed(101)
    return run(solution(number, session), dict(state_before(number, session)))


@functools.cache
def _setup(session: str) -> dict:
    modules = {"Path": Path, "random": random, "np": np, "torch": torch, "Image": Image, "transforms": transforms}
    namespace = {"__name__": "__main__", "utils": utils, "device": torch.device("cpu"), "SEED": 101, **modules}
    # What the notebook imports outside exercise cells counts as given, wherever it stands.
    imports = re.findall(r"^(?:from|import) (?:copy|torch|albumentations).*$", source(session), flags=re.MULTILINE)
    run("\n".join(imports), namespace)
    return namespace | GIVEN[session]()


def _skin_folders() -> dict:
    os.environ["WORKSHOP_DATA"] = "sample"
    folder = os.environ.get("WORKSHOP_TEST_SAMPLE") or tempfile.mkdtemp(prefix="workshop-sample-")
    with contextlib.redirect_stdout(io.StringIO()):
        return {
            "dataset_path": utils.data.download_dataset("skin lesions", dest_path=folder),
            "mask_path": utils.data.download_dataset("skin lesions masks", dest_path=folder),
        }


def _xray_statistics() -> dict:
    return {"mean": 0.44, "std": 0.23, "SIDE": 64}


GIVEN = {"SE05": _skin_folders, "SE06": _xray_statistics}
"""What the cells between the exercises of a session make that answers need."""
