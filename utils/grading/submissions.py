"""Find what a class handed in."""

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from utils.grading.errors import SubmissionError

__all__ = ["Submission", "find_submissions"]


@dataclass(frozen=True)
class Submission:
    """One student's notebook."""

    student: str
    notebook: Path


def find_submissions(folder: Path, session: str, name: str) -> list[Submission]:
    """List the submissions of one session, in order of student.

    Parameters
    ----------
    folder : Path
        Laid out as nbgrader has it: ``<student>/<session>/<name>.ipynb``. A student without a folder for the session
        handed nothing in; other files are ignored.
    session : str
    name : str
        The notebook's name, without ``.ipynb``.

    Raises
    ------
    SubmissionError
        If the folder is missing or holds no submission, or a student's session or notebook has another name. All
        students with such a fault are named at once.
    """
    wanted = f"<student>/{session}/{name}.ipynb"
    if not folder.is_dir():
        raise SubmissionError(f"There is no folder {folder}. Give one that holds {wanted}; nothing was graded.")
    students = sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    faults = [fault for student in students if (fault := _fault(student, session, name))]
    if faults:
        listed = "\n".join(f"  {fault}" for fault in faults)
        raise SubmissionError(f"In {folder}, which should hold {wanted}:\n{listed}\nNothing was graded.")
    notebooks = [(student.name, student / session / f"{name}.ipynb") for student in students]
    found = [Submission(student, notebook) for student, notebook in notebooks if notebook.is_file()]
    if not found:
        present = ", ".join(path.name for path in students[:5]) or "no folder at all"
        raise SubmissionError(f"{folder} holds no {wanted} (it holds {present}); nothing was graded.")
    return found


def _fault(student: Path, session: str, name: str) -> str | None:
    folder = student / session
    notebook = folder / f"{name}.ipynb"
    if notebook.is_file():
        return None
    if folder.is_dir():
        others = ", ".join(sorted(path.name for path in folder.glob("*.ipynb"))) or "no notebook"
        return f"{student.name}/{session} holds {others} instead of {name}.ipynb."
    names = [path.name for path in student.iterdir() if path.is_dir()]
    close = get_close_matches(session.lower(), [each.lower() for each in names], cutoff=0.7)
    meant = next((each for each in names if each.lower() in close and not _is_session(each, session)), None)
    if meant:
        return f"{student.name}/{meant} should be called {student.name}/{session}."
    if (student / f"{name}.ipynb").is_file():
        return f"{student.name}/{name}.ipynb belongs into {student.name}/{session}/."
    return None


def _is_session(name: str, wanted: str) -> bool:
    """Say whether a folder belongs to another session: the same form of name with another number."""
    return len(name) == len(wanted) and name[:-2] == wanted[:-2] and name[-2:].isdigit()
