"""A toy session that needs no torch, and submissions to it, each with one peculiarity."""

from collections.abc import Callable
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from tests.course.toy import SOURCE, load, make_course
from utils.course.build import write_notebooks
from utils.course.layout import NotebookFiles
from utils.grading.demo_class import fill_in

# The toy's checks are no part of the workshop, so its notebook brings its own checker.
CHECKER = """\
class Checker:
    def check_exercise(self, number, answers):
        if number == 2:
            return 1.5 * ((answers["answer"], answers["high"]) == (42, 2))
        try:
            return 1.0 + (answers["add"](2, 3) == 5)
        except NotImplementedError:
            return 0.0

checker = Checker()
"""
ADD = "# Exercise 1: Add two numbers\ndef add(first, second):\n    return {}"


def make_toy_course(root: Path) -> NotebookFiles:
    source = SOURCE.replace("from utils.core import ExerciseChecker\n\n", "")
    files = make_course(root, source.replace('checker = ExerciseChecker("SE99")', CHECKER))
    write_notebooks(root, load=load)
    return files


def perfect(number, text):
    return text


def half_right(number, text):
    return ADD.format("first - second") if number == 1 else text


def untouched(number, text):
    return None


def raising(number, text):
    return f"raise RuntimeError({number})"


def leaving_none(number, text):
    return f"{text}\nchecker.check_exercise = lambda number, answers: None"


def leaving_too_much(number, text):
    return f"{text}\nchecker.check_exercise = lambda number, answers: 99.0"


def relying_on_the_environment(number, text):
    sample = "os.environ['WORKSHOP_DATA'] == 'sample' and os.environ['WORKSHOP_FAST'] == '1'"
    return f"import os, utils.settings\n{ADD.format(f'5 if {sample} else 0')}" if number == 1 else text


def warning_while_checked(number, text):
    return "import warnings\n" + ADD.format('warnings.warn("!") or first + second') if number == 1 else text


def killing_the_kernel(number, text):
    return "import os\nos._exit(1)"


SUBMISSIONS: dict[str, Callable] = {
    each.__name__: each
    for each in (
        perfect,
        half_right,
        untouched,
        raising,
        leaving_none,
        leaving_too_much,
        relying_on_the_environment,
        warning_while_checked,
        killing_the_kernel,
    )
}


def write_submission(folder: Path, student: str, files: NotebookFiles, notebook: NotebookNode) -> Path:
    path = folder / student / files.session / files.student.name
    path.parent.mkdir(parents=True)
    nbformat.write(notebook, path)
    return path


def submission(files: NotebookFiles, write: Callable) -> NotebookNode:
    return fill_in(files, lambda place, number, text: write(number, text))


def without_first_check(files: NotebookFiles) -> NotebookNode:
    notebook = submission(files, perfect)
    notebook.cells = [cell for cell in notebook.cells if cell.id != "ex01-check"]
    return notebook


def with_own_first_check(files: NotebookFiles) -> NotebookNode:
    notebook = submission(files, untouched)
    next(cell for cell in notebook.cells if cell.id == "ex01-check").source = "2.0"
    return notebook
