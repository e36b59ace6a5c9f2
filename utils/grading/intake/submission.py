"""One file that was handed in, and what became of it."""

import io
import zipfile
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from utils.grading.errors import SubmissionError

__all__ = ["LARGEST", "Content", "Status", "Submission"]

LARGEST = 250 * 2**20
"""Bytes up to which a file is read; a notebook with 50 MB of saved outputs is well below."""


class Status(StrEnum):
    """What became of a file. Only `TAKEN` is graded, and each student has at most one of these."""

    TAKEN = "taken"
    ANOTHER_COUNTS = "another one counts"
    IDENTICAL = "identical copy"
    ANOTHER_SESSION = "another session"
    NOT_A_NOTEBOOK = "not a notebook"
    NOTHING = "no notebook"
    NO_NAME = "no student"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too large"
    UNSAFE = "unsafe path"
    IGNORED = "ignored"
    USED = "used"


@dataclass(frozen=True)
class Content:
    """Where bytes lie: a file, or a member of a zip, which may itself lie in a zip."""

    path: Path
    members: tuple[str, ...] = ()

    def read(self) -> bytes:
        """Return the bytes.

        Raises
        ------
        SubmissionError
            If they cannot be read: no permission, damaged, protected by a password, larger than `LARGEST`.
        """
        try:
            if not self.members:
                with self.path.open("rb") as file:
                    return _limited(file)
            return _member(zipfile.ZipFile(self.path), self.members)
        except RuntimeError as error:  # how zipfile says that it needs a password
            raise SubmissionError(f"It cannot be read: {error}.") from error
        except (OSError, zipfile.BadZipFile, NotImplementedError, EOFError, KeyError, ValueError) as error:
            raise SubmissionError(f"It cannot be read: {_told(error)}.") from error


def _member(archive: zipfile.ZipFile, members: tuple[str, ...]) -> bytes:
    first, *rest = members
    with archive, archive.open(first) as file:
        data = _limited(file)
    return _member(zipfile.ZipFile(io.BytesIO(data)), tuple(rest)) if rest else data


def _limited(file) -> bytes:
    data = file.read(LARGEST + 1)  # headers may lie about sizes
    if len(data) > LARGEST:
        raise SubmissionError(f"It is larger than {LARGEST // 2**20} MB.")
    return data


def _told(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error).rstrip(".") or type(error).__name__


@dataclass(frozen=True)
class Submission:
    """One file that was handed in.

    Attributes
    ----------
    student : str
        An id that is safe as a folder's name; empty where nobody can be told.
    source : Path
        Where it came from, as a person is told it; a zip's members are written as if it were a folder.
    status : Status
    remarks : tuple of str
        What to know about it, in sentences.
    submitted_at : datetime or None
        When it was handed in (UTC), where the layout tells.
    full_name : str
        The student's name as the folder or the learning platform writes it.
    lms_id : str
        Moodle's number of the participant, Canvas's number of the user; empty elsewhere.
    layout : str
        ``nbgrader``, ``folders``, ``flat``, ``moodle`` or ``canvas``.
    late_mark : bool
        Whether Canvas marked it as late.
    digest : str
        SHA-256 of its bytes; empty unless it is `Status.TAKEN`.
    content : Content or None
        Where its bytes lie.
    """

    student: str
    source: Path
    status: Status
    remarks: tuple[str, ...] = ()
    submitted_at: datetime | None = None
    full_name: str = ""
    lms_id: str = ""
    layout: str = ""
    late_mark: bool = False
    digest: str = ""
    content: Content | None = None

    @property
    def gradable(self) -> bool:
        """Whether it is this student's notebook."""
        return self.status is Status.TAKEN

    @property
    def notebook(self) -> bytes | None:
        """The notebook's bytes, read anew each time, because a class's would not fit into memory.

        Raises
        ------
        SubmissionError
            If the file has become unreadable since it was taken in.
        """
        return self.content.read() if self.gradable and self.content else None
