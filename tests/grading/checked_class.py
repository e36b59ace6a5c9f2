"""The toy session with its real checks, and kernels for it."""

from pathlib import Path

import nbformat
from nbformat import NotebookNode

from tests.course.toy import SOURCE, make_course
from utils.course.build import write_notebooks
from utils.course.layout import REPOSITORY, NotebookFiles
from utils.grading.demo_class import fill_in
from utils.grading.execution import Execution, Plan, execute
from utils.grading.isolation.nursery import Nursery
from utils.grading.isolation.sandbox import Limits
from utils.grading.run import Options

CHECKS = "tests.grading.toy_checks"
RIGHT_ADD = "# Exercise 1: Add two numbers\ndef add(first, second):\n    return first + second"
WRONG_ADD = "# Exercise 1: Add two numbers\ndef add(first, second):\n    return first * second + 1"
RIGHT_NUMBERS = "# Exercise 2: Name the numbers\nanswer, low, high = 42, 1, 2"
SMALL = Limits(
    cell_seconds=20,
    notebook_seconds=90,
    memory_bytes=1 << 30,
    processes=64,
    scratch_bytes=64 << 20,
    file_bytes=32 << 20,
)


def make_checked_course(root: Path) -> NotebookFiles:
    """Write a repository that holds nothing but the toy session, to be judged by real checks."""
    from tests.grading.toy_checks import SESSION

    files = make_course(root, SOURCE)
    write_notebooks(root, load=lambda name: SESSION)
    return files


def answered(files: NotebookFiles, *answers: str | None) -> NotebookNode:
    """Return the student notebook with these texts in its exercise cells; None leaves the stub."""
    return fill_in(files, lambda place, number, text: answers[place] if place < len(answers) else None)


def options(**changes) -> Options:
    """Return how toy classes are graded."""
    return Options(**{"workers": 2, "checks": CHECKS, "limits": SMALL, "check_seconds": 5.0, **changes})


def nursery(**settings) -> Nursery:
    """Return a zygote for the toy session."""
    return Nursery(REPOSITORY, "SE99", CHECKS, **settings)


def run(nursery: Nursery, notebook: NotebookNode, **limits) -> Execution:
    """Run one notebook."""
    plan = Plan(nursery.socket, nursery.session, limits=Limits(**{**SMALL.as_dict(), **limits}), check_seconds=5.0)
    return execute(notebook, plan)


def scores(execution: Execution) -> dict[int, float]:
    """Return the score of each exercise."""
    return {number: verdict.result().score for number, verdict in execution.verdicts.items()}


def flags(execution: Execution) -> list:
    """Return every flag."""
    return [*execution.flags, *(flag for verdict in execution.verdicts.values() for flag in verdict.flags)]


def write(folder: Path, student: str, files: NotebookFiles, notebook: NotebookNode) -> Path:
    """Hand a notebook in."""
    path = folder / student / files.session / files.student.name
    path.parent.mkdir(parents=True)
    nbformat.write(notebook, path)
    return path
