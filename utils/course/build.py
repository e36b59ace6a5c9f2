"""Build a notebook from its source, and compare what is committed with what its source gives."""

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat

from utils.core.exercise import Session, load_session
from utils.course.errors import SourceError
from utils.course.exercises import match_exercises
from utils.course.layout import REPOSITORY, NotebookFiles, find_notebooks
from utils.course.leaks import leak_problems
from utils.course.placeholders import load_placeholders
from utils.course.problems import find_problems
from utils.course.questions import match_questions
from utils.course.release import student_notebook
from utils.course.solution import solution_notebook
from utils.course.source import read_source

__all__ = ["Built", "Stale", "build_notebook", "find_stale", "write_notebooks"]

SHOWN_LINES, SHOWN_WIDTH = 12, 110


@dataclass(frozen=True)
class Built:
    """What a source gives: the text of each generated file."""

    files: NotebookFiles
    solution: str
    student: str

    @property
    def texts(self) -> dict[Path, str]:
        """File and content."""
        return {self.files.solution: self.solution, self.files.student: self.student}


@dataclass(frozen=True)
class Stale:
    """A committed notebook that is not what its source gives, with the first lines that differ."""

    name: str
    difference: str


def build_notebook(files: NotebookFiles, session: Session) -> Built:
    """Build both notebooks of one source in memory.

    Parameters
    ----------
    files : NotebookFiles
    session : Session
        The checks' exercises, from which ids and points come.

    Raises
    ------
    SourceError
        With everything that is wrong in the source.
    """
    name = files.relative(files.source)
    cells = read_source(files.source, name=name)
    placeholders = load_placeholders(files)
    known = {"questions": session.questions, "root": files.root, "placeholders": placeholders}
    _refuse(name, find_problems(cells, session.exercises, **known))
    matched, asked = match_exercises(cells, session.exercises), match_questions(cells, session.questions)
    solution = solution_notebook(cells, matched, asked, root=files.root, placeholders=placeholders)
    student = student_notebook(solution)
    _refuse(name, leak_problems(cells, matched, nbformat.reads(student, as_version=4), asked))
    return Built(files, nbformat.writes(solution) + "\n", student)


def write_notebooks(root: Path = REPOSITORY, *, load: Callable[[str], Session] = load_session) -> list[str]:
    """Build every notebook and write those that changed.

    All sources are built before the first file is written.

    Returns
    -------
    list of str
        Names of the files that changed, relative to the root.
    """
    changed = []
    for built in _build_all(root, load):
        for path, text in built.texts.items():
            if _text_of(path) != text:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text.encode("utf-8"))
                changed.append(built.files.relative(path))
    return changed


def find_stale(root: Path = REPOSITORY, *, load: Callable[[str], Session] = load_session) -> list[Stale]:
    """List the notebooks that are not what their sources give; nothing is written."""
    return [
        Stale(built.files.relative(path), _difference(_text_of(path), text))
        for built in _build_all(root, load)
        for path, text in built.texts.items()
        if _text_of(path) != text
    ]


def _build_all(root: Path, load: Callable[[str], Session]) -> list[Built]:
    return [build_notebook(files, load(files.session)) for files in find_notebooks(root)]


def _refuse(name: str, problems: list) -> None:
    if problems:
        raise SourceError(name, problems)


def _text_of(path: Path) -> str | None:
    return path.read_bytes().decode("utf-8", "replace") if path.is_file() else None


def _difference(committed: str | None, built: str) -> str:
    if committed is None:
        return "    the file is missing"
    lines = difflib.unified_diff(committed.splitlines(), built.splitlines(), "committed", "built", n=0, lineterm="")
    shown = [line[:SHOWN_WIDTH] for line in list(lines)[2:]]
    more = [f"... and {len(shown) - SHOWN_LINES} more lines"] if len(shown) > SHOWN_LINES else []
    return "\n".join(f"    {line}" for line in [*shown[:SHOWN_LINES], *more])
