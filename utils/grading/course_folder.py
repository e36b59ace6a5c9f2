"""The folder in which one grading run happens: an nbgrader course of its own."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from traitlets.config import Config, PyFileConfigLoader

from utils.course.layout import REPOSITORY, NotebookFiles, find_notebooks
from utils.grading.errors import GradingError
from utils.grading.submissions import Submission

__all__ = ["CourseFolder", "make_course_folder", "notebook_of"]

MARK = ".grading-run"
"""A file that says: this folder was made here and may be emptied."""


class CourseFolder:
    """An nbgrader course root with one session.

    Parameters
    ----------
    root : Path
    session : str
    name : str
        The notebook's name, without ``.ipynb``.
    """

    def __init__(self, root: Path, session: str, name: str):
        self.root, self.session, self.name = root.resolve(), session, name

    @property
    def log(self) -> Path:
        """What nbgrader had to say."""
        return self.root / "nbgrader.log"

    @property
    def grades(self) -> Path:
        """The table of grades."""
        return self.root / "grades.csv"

    @property
    def database(self) -> str:
        """The gradebook's address."""
        return f"sqlite:///{self.root / 'gradebook.db'}"

    def submitted(self, student: str) -> Path:
        """Return where a student's submission lies."""
        return self.root / "submitted" / student / self.session / f"{self.name}.ipynb"

    def autograded(self, student: str) -> Path:
        """Return where the executed submission lies."""
        return self.root / "autograded" / student / self.session / f"{self.name}.ipynb"

    def feedback(self, student: str) -> Path:
        """Return where the student's feedback lies."""
        return self.root / "feedback" / student / self.session / f"{self.name}.html"

    def config(self) -> Config:
        """Return nbgrader_config.py's settings, for this folder."""
        config = PyFileConfigLoader("nbgrader_config.py", path=str(REPOSITORY)).load_config()
        config.CourseDirectory.root = str(self.root)
        return config


def notebook_of(session: str, root: Path = REPOSITORY) -> NotebookFiles:
    """Return the notebook of a session.

    Raises
    ------
    GradingError
        If there is no such session.
    """
    notebooks = {files.session: files for files in find_notebooks(root)}
    if session not in notebooks:
        raise GradingError(f"There is no session {session!r}; the sessions are {', '.join(sorted(notebooks))}.")
    return notebooks[session]


def make_course_folder(out: Path, files: NotebookFiles, submissions: Sequence[Submission]) -> CourseFolder:
    """Lay out a course folder: the solution notebook and the submissions, and nothing else of the students'.

    An earlier run's folder is emptied first.

    Raises
    ------
    GradingError
        If the folder holds anything that no earlier run left there.
    """
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / MARK).is_file())):
        raise GradingError(f"{out} holds other things; give a folder that is empty or new. Nothing was graded.")
    if any(submission.notebook.resolve().is_relative_to(out.resolve()) for submission in submissions):
        raise GradingError(f"The submissions lie inside {out}, which is emptied; give another folder.")
    if out.exists():
        shutil.rmtree(out)
    out.mkdir(parents=True)
    (out / MARK).touch()
    folder = CourseFolder(out, files.session, files.name)
    _copy(files.solution, folder.root / "solutions" / files.session / files.solution.name)
    for submission in submissions:
        _copy(submission.notebook, folder.submitted(submission.student))
    return folder


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
