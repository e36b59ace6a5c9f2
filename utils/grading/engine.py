"""Run nbgrader's steps on a course folder, one student after the other."""

import logging
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.converters.base import BaseConverter, NbGraderException
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import SAWarning
from traitlets.log import get_logger

from utils.grading.course_folder import CourseFolder
from utils.grading.errors import GradingError

__all__ = ["grade"]


def grade(folder: CourseFolder, students: Sequence[str], *, report: Callable[[str, float], None]) -> None:
    """Release the session, then execute and grade each student's submission and write the feedback.

    A submission that nbgrader cannot grade stays without an autograded notebook; the others go on.

    Parameters
    ----------
    folder : CourseFolder
        Its gradebook, ``autograded`` and ``feedback`` are written.
    students : sequence of str
    report : callable
        Called after each student with the name and the seconds it took.

    Raises
    ------
    GradingError
        If the session itself cannot be released.
    """
    with _logged(folder):
        try:
            _converter(GenerateAssignment, folder).start()
        except NbGraderException as error:
            raise GradingError(f"nbgrader cannot release {folder.session}: {error} See {folder.log}.") from error
        for student in students:
            start = time.monotonic()
            _grade_one(folder, student)
            report(student, time.monotonic() - start)


def _grade_one(folder: CourseFolder, student: str) -> None:
    try:
        _converter(Autograde, folder, student).start()
        _converter(GenerateFeedback, folder, student).start()
    except (NbGraderException, SystemExit):
        folder.autograded(student).unlink(missing_ok=True)  # what is left of it is no result


def _converter(kind: type[BaseConverter], folder: CourseFolder, student: str = "*") -> BaseConverter:
    config = folder.config()
    config.CourseDirectory.student_id = student
    config.CourseDirectory.assignment_id = folder.session
    return kind(coursedir=CourseDirectory(config=config), config=config)


@contextmanager
def _logged(folder: CourseFolder) -> Iterator[None]:
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
