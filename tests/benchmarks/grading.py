"""Grading a class: ours against plain ``nbgrader autograde``, on the same notebooks and machine."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import nbformat

from tests.benchmarks.table import Row
from utils.course.layout import REPOSITORY
from utils.grading.course_folder import notebook_of
from utils.grading.demo_class import STUDENTS, write_class
from utils.grading.run import grade_class

CLASS = 24
PLAIN = 5
"""Submissions that plain nbgrader runs: it takes them one after the other, so that five tell what 24 take."""


def rows() -> Iterable[Row]:
    """Time a class of 24, five different submissions in turn, and what a submission costs beside its checks."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        files = notebook_of("SE05")
        write_class(files, root / "five")
        for number in range(CLASS):
            kind = STUDENTS[number % len(STUDENTS)]
            target = root / "class" / f"{kind}-{number}" / "SE05" / files.student.name
            target.parent.mkdir(parents=True)
            notebook = nbformat.read(root / "five" / kind / "SE05" / files.student.name, as_version=4)
            notebook.metadata["number"] = number
            nbformat.write(notebook, target)
        start = time.perf_counter()
        graded = grade_class("SE05", submitted=root / "class", out=root / "out", say=lambda text: None)
        ours = time.perf_counter() - start
        plain = _plain_seconds(root) * CLASS / PLAIN
        note = f"{os.cpu_count()} processors; nbgrader's time from {PLAIN} submissions"
        yield Row(f"A class of {CLASS}, SE05", ours, "nbgrader autograde", plain, goal="at most 0.1", note=note)
        beside = sorted(_beside_the_checks(each) for each in graded.results.students)[CLASS // 2]
        yield Row("What a submission costs beside its cells and checks", beside, "limit", 1.0, goal="at most 1")


def _beside_the_checks(result) -> float:
    """Return the seconds that starting, forking and ending a kernel took."""
    judged = sum(each.seconds for each in result.exercises.values())
    return result.seconds["total"] - result.seconds["cells"] - judged


def _plain_seconds(root: Path) -> float:
    """Time nbgrader's own command on five submissions, after its release."""
    course = root / "plain"
    course.mkdir()
    shutil.copy(REPOSITORY / "nbgrader_config.py", course)
    (course / "solutions").symlink_to(REPOSITORY / "solutions")
    shutil.copytree(root / "five", course / "submitted")
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    run = [sys.executable, "-W", "ignore", "-m", "nbgrader"]
    settings = {"cwd": course, "env": environment, "check": True, "capture_output": True}
    subprocess.run([*run, "generate_assignment", "SE05"], **settings)
    start = time.perf_counter()
    subprocess.run([*run, "autograde", "SE05"], **settings)
    return time.perf_counter() - start
