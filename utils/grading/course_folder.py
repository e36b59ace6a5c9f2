"""The folder in which a class is graded: an nbgrader course of its own, and the state from which a stopped run goes on."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from traitlets.config import Config, PyFileConfigLoader

from utils.course.layout import REPOSITORY, NotebookFiles, find_notebooks
from utils.grading.errors import GradingError, StorageError
from utils.grading.results import write_whole

__all__ = ["CourseFolder", "notebook_of", "open_course_folder"]

MARK = ".grading-run"
"""A file that says: this folder was made here, and for which session."""


FORMGRADER = """\
# So that JupyterLab, started in this folder, opens it in nbgrader's Formgrader.
from pathlib import Path

c = get_config()  # noqa: F821
c.CourseDirectory.course_id = "transfer-learning-workshop"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
# Nothing is handed out or collected through it; without one Formgrader complains.
c.Exchange.root = str(Path(__file__).parent / ".state" / "exchange")
"""


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
    def results(self) -> Path:
        """The folder of one JSON file for each student."""
        return self.root / "results"

    @property
    def executed(self) -> Path:
        """The folder of the notebooks as they came out of the sandbox."""
        return self.root / "executed"

    @property
    def state(self) -> Path:
        """The folder of what a later run has to know."""
        return self.root / ".state"

    @property
    def database(self) -> str:
        """The gradebook's address."""
        return f"sqlite:///{self.root / 'gradebook.db'}"

    @property
    def solution(self) -> Path:
        """Where the solution notebook lies."""
        return self.root / "solutions" / self.session / f"{self.name}.ipynb"

    def submitted(self, student: str) -> Path:
        """Return where a student's mended submission lies."""
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

    def hand_in(self, student: str, notebook: str, submitted_at: datetime | None) -> None:
        """Write a student's mended notebook where nbgrader looks for it; nothing if it lies there already."""
        path = self.submitted(student)
        if not path.is_file() or path.read_text(encoding="utf-8") != notebook:
            write_whole(path, notebook)
        stamp = path.with_name("timestamp.txt")
        if submitted_at is not None:
            write_whole(stamp, submitted_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC"))
        else:
            stamp.unlink(missing_ok=True)

    def forget(self, student: str) -> None:
        """Remove what was made of a student's submission; marks given by hand stay in the gradebook."""
        for path in (
            self.results / f"{student}.json",
            self.executed / f"{student}.ipynb",
            self.state / "entered" / student,
        ):
            path.unlink(missing_ok=True)


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


@contextmanager
def open_course_folder(out: Path, files: NotebookFiles) -> Iterator[CourseFolder]:
    """Lay out a course folder, or open the one of an earlier run, for as long as the context lasts.

    Raises
    ------
    GradingError
        If the folder holds anything that no earlier run left there, belongs to another session, or is in use.
    StorageError
        If it cannot be written.
    """
    mark = out / MARK
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not mark.is_file())):
        raise GradingError(f"{out} holds other things; give a folder that is empty or new. Nothing was graded.")
    try:
        out.mkdir(parents=True, exist_ok=True)
        with mark.open("a+", encoding="utf-8") as lock:
            _take(lock, out, files.session)
            folder = CourseFolder(out, files.session, files.name)
            folder.solution.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(files.solution, folder.solution)
            (folder.state / "exchange").mkdir(parents=True, exist_ok=True)
            write_whole(folder.root / "nbgrader_config.py", FORMGRADER)
            yield folder
    except OSError as error:
        if isinstance(error, GradingError):
            raise
        raise StorageError(
            f"{error.filename or out} cannot be written: {error.strerror or error}. What lies in {out} is safe; run the same "
            "command again when there is room."
        ) from error


def _take(lock, out: Path, session: str) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise GradingError(f"Another run is grading into {out}; wait for it, or give another folder.") from None
    lock.seek(0)
    before = lock.read().strip()
    if before and before != session:
        raise GradingError(
            f"{out} holds the grades of {before}; give another folder for {session}. Nothing was graded."
        )
    if not before:
        lock.write(session)
        lock.flush()
