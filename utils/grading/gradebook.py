"""Enter results into nbgrader's gradebook with nbgrader's own converters; one process does it, so that nothing is locked."""

import hashlib
import logging
import re
import sqlite3
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.converters.base import BaseConverter, NbGraderException
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import OperationalError, SAWarning
from traitlets.log import get_logger

from utils.grading.course_folder import CourseFolder
from utils.grading.errors import GradingError, StorageError
from utils.grading.results import StudentResult, write_whole

__all__ = ["enter", "logged", "name_students", "points_of", "release"]

CHECK_ID = re.compile(r"ex(?P<number>\d+)-check")


def release(folder: CourseFolder, due: datetime | None) -> None:
    """Make the assignment known to the gradebook, unless it is: what was marked by hand there stays.

    Raises
    ------
    GradingError
        If the session cannot be released.
    """
    folder.config()  # puts nbgrader's own programs on the path, which a new gradebook calls
    stamp = folder.state / "released"
    digest = hashlib.sha256(folder.solution.read_bytes()).hexdigest()
    with _storage(folder):
        if not (_knows_assignment(folder) and stamp.is_file() and stamp.read_text() == digest):
            try:
                _converter(GenerateAssignment, folder).start()
            except NbGraderException as error:
                raise GradingError(f"nbgrader cannot release {folder.session}: {error} See {folder.log}.") from error
            write_whole(stamp, digest)
        with Gradebook(folder.database) as gradebook:
            naive = due.astimezone(UTC).replace(tzinfo=None) if due else None  # as nbgrader keeps times
            gradebook.update_or_create_assignment(folder.session, duedate=naive)


def enter(folder: CourseFolder, result: StudentResult) -> None:
    """Enter one student's result, unless it is entered already.

    Raises
    ------
    StorageError
        If the gradebook cannot be written; the result itself is safe in its file.
    GradingError
        If nbgrader refuses the notebook.
    """
    stamp = folder.state / "entered" / result.student
    digest = hashlib.sha256((folder.results / f"{result.student}.json").read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == digest and folder.autograded(result.student).is_file():
        return
    with _storage(folder):
        try:
            _converter(Autograde, folder, result.student).start()
        except (NbGraderException, SystemExit) as error:
            raise GradingError(f"nbgrader cannot enter {result.student}: {error} See {folder.log}.") from error
    write_whole(stamp, digest)


def name_students(folder: CourseFolder, names: Mapping[str, str]) -> None:
    """Tell the gradebook the names that the learning platform gives; a name that stands there is kept.

    Parameters
    ----------
    folder : CourseFolder
    names : mapping of str to str
        By student, as the platform writes them; empty where it is not known.
    """
    with _storage(folder), Gradebook(folder.database) as gradebook:
        for student in gradebook.students:
            first, _, last = names.get(student.id, "").rpartition(" ")
            if last and not (student.first_name or student.last_name):
                gradebook.update_or_create_student(student.id, first_name=first, last_name=last)


def points_of(folder: CourseFolder) -> dict[int, float]:
    """Return what each exercise is worth, as the gradebook has it."""
    with _storage(folder), Gradebook(folder.database) as gradebook:
        cells = gradebook.find_notebook(folder.name, folder.session).grade_cells
        found = {match["number"]: cell.max_score for cell in cells if (match := CHECK_ID.fullmatch(cell.name))}
    return {int(number): points for number, points in sorted(found.items(), key=lambda each: int(each[0]))}


def _knows_assignment(folder: CourseFolder) -> bool:
    with Gradebook(folder.database) as gradebook:
        try:
            gradebook.find_notebook(folder.name, folder.session)
        except MissingEntry:
            return False
    return True


def _converter(kind: type[BaseConverter], folder: CourseFolder, student: str = "*") -> BaseConverter:
    from utils.grading.preprocessors import PlaceVerdicts

    config = folder.config()
    config.CourseDirectory.student_id = student
    config.CourseDirectory.assignment_id = folder.session
    steps = [
        each
        for each in config.Autograde.autograde_preprocessors
        if each.__name__ not in ("ExecuteOnSample", "RequireNumber")
    ]
    config.Autograde.autograde_preprocessors = [PlaceVerdicts, *steps]
    config.Autograde.force = True
    config.PlaceVerdicts.executed = str(folder.executed)
    return kind(coursedir=CourseDirectory(config=config), config=config)


@contextmanager
def _storage(folder: CourseFolder) -> Iterator[None]:
    """Say what is safe where the gradebook or the disk is not to be written."""
    try:
        yield
    except (OperationalError, sqlite3.OperationalError, OSError) as error:
        if isinstance(error, StorageError):
            raise
        reason = str(getattr(error, "orig", error))
        raise StorageError(
            f"The gradebook {folder.root / 'gradebook.db'} cannot be written: {reason}. Every result so far is safe in "
            f"{folder.results}. Close what holds it (formgrader, another run), or make room, then run the same command again."
        ) from error


@contextmanager
def logged(folder: CourseFolder) -> Iterator[None]:
    """Send nbgrader's log to a file, and keep the terminal quiet."""
    logger = get_logger()
    before = logger.handlers[:], logger.level, logger.propagate
    handler = logging.FileHandler(folder.log, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logger.handlers, logger.propagate = [handler], False
    logger.setLevel(logging.INFO)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SAWarning)  # nbgrader's own queries cause a dozen
            yield
    finally:
        handler.close()
        logger.handlers, level, logger.propagate = before
        logger.setLevel(level)
