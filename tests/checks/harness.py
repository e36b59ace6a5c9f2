"""Judge answers the way a notebook does: run code in a namespace that holds the earlier answers, then check."""

import contextlib
import functools
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
from utils.core.exercise import load_session

SOURCE = Path(__file__).resolve().parents[2] / "solutions" / "SE05" / "segmentation.py"
SESSION = load_session("SE05")


@functools.cache
def solution(number: int) -> str:
    """Return the solution's code for an exercise, as its source cell holds it."""
    cells = re.split(r"^# %%.*$", SOURCE.read_text(), flags=re.MULTILINE)
    return next(cell.strip() for cell in cells if cell.strip().startswith(f"# Exercise {number}:"))


def judge(number: int, code: str | None = None, **names: object) -> Score:
    """Run an answer after the solutions of the exercises before it, and check it.

    Parameters
    ----------
    number : int
    code : str, optional
        The student's cell; the solution's own if left out. Exercise 1 may leave out `ds`, exercise 2 `dl`, and so on:
        what the code does not define comes from the solution.
    **names : object
        Put into the namespace first.
    """
    with contextlib.redirect_stdout(io.StringIO()):
        return ExerciseChecker("SE05").check_exercise(number, answers_of(number, code, **names))


def answers_of(number: int, code: str | None = None, **names: object) -> dict[str, object]:
    """Run an answer, as `judge` does, and return what the check cell would hand over."""
    namespace = dict(state_before(number)) | names
    for name in SESSION.exercise(number).answers:
        if name not in namespace and code is not None:
            namespace[name] = state_after(number)[name]
    run(solution(number) if code is None else code, namespace)
    return {name: namespace[name] for name in SESSION.exercise(number).answers}


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


def state_before(number: int) -> dict:
    """Return the notebook's names before an exercise."""
    return _setup() if number == 1 else state_after(number - 1)


@functools.cache
def state_after(number: int) -> dict:
    """Return the notebook's names after the solution of an exercise."""
    torch.manual_seed(101)
    return run(solution(number), dict(state_before(number)))


@functools.cache
def _setup() -> dict:
    os.environ["WORKSHOP_DATA"] = "sample"
    folder = os.environ.get("WORKSHOP_TEST_SAMPLE") or tempfile.mkdtemp(prefix="workshop-sample-")
    with contextlib.redirect_stdout(io.StringIO()):
        paths = {
            "dataset_path": utils.data.download_dataset("skin lesions", dest_path=folder),
            "mask_path": utils.data.download_dataset("skin lesions masks", dest_path=folder),
        }
    modules = {"Path": Path, "random": random, "np": np, "torch": torch, "Image": Image, "transforms": transforms}
    namespace = {"__name__": "__main__", "utils": utils, "device": torch.device("cpu"), "SEED": 101, **modules, **paths}
    for cell in _import_cells():
        run(cell, namespace)
    return namespace


def _import_cells() -> list[str]:
    # What the notebook imports outside exercise cells counts as given, wherever it stands.
    lines = [
        line for line in SOURCE.read_text().splitlines() if re.match(r"(from|import) (torch|albumentations)", line)
    ]
    return ["\n".join(lines)]
