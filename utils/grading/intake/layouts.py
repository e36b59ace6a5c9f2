"""Tell whose a file is from where it lies.

nbgrader  <student>/<session>/<notebook>.ipynb
folders   <student>/<notebook>.ipynb
flat      <student>_<anything>.ipynb
moodle    Full Name_123456_assignsubmission_file_/<file>, or without folders Full Name_123456_assignsubmission_file_<file>
canvas    lastfirst_LATE_1234_5678_<file>: user 1234, attachment 5678; LATE only where it was

Moodle's and Canvas's forms are those of their sources: mod/assign's download of all submissions, and content_zipper.rb.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from utils.grading.intake.files import Entry
from utils.grading.intake.submission import Status

__all__ = ["Owner", "find_owner", "is_canvas"]

MOODLE = re.compile(r"(?P<name>.+)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)_?(?P<file>.*)")
CANVAS = re.compile(
    r"(?P<name>[^\W_]\w*?)(?P<late>_LATE)?_(?P<id>\d+|anon_[^\W_]+)_(?:(?P<attachment>\d+)_.+|(?:text|link)\.html)"
)
SESSION = re.compile(r"([A-Za-z]+)[ _-]?0*(\d+)")
COPY = re.compile(r"(?:copy|copia|copie|kopie)[ _](?:of|de|von)?[ _]?", re.IGNORECASE)


@dataclass(frozen=True)
class Owner:
    """Whose a file is.

    Attributes
    ----------
    name : str
        As written; empty where nobody can be told.
    layout : str
    lms_id : str
    late_mark : bool
    attachment : int
        Canvas's number of the upload, which grows; 0 elsewhere.
    status : Status or None
        Set where the file belongs to another session.
    remark : str
        What is unusual about its place.
    """

    name: str
    layout: str
    lms_id: str = ""
    late_mark: bool = False
    attachment: int = 0
    status: Status | None = None
    remark: str = ""


def is_canvas(entries: Sequence[Entry]) -> bool:
    """Say whether a class's files come from Canvas: one name alone could be a flat folder's, most of them are not."""
    names = [entry.parts for entry in entries if entry.status is not Status.IGNORED]
    return bool(names) and 2 * sum(any(map(CANVAS.fullmatch, parts)) for parts in names) >= len(names)


def find_owner(entry: Entry, session: str, name: str, *, canvas: bool) -> Owner:
    """Tell whose a file is.

    Parameters
    ----------
    entry : Entry
    session : str
    name : str
        The notebook's name, without ``.ipynb``.
    canvas : bool
        Whether the class's files come from Canvas (see `is_canvas`).
    """
    for part in entry.parts:
        if match := MOODLE.fullmatch(part):
            return Owner(match["name"].strip(), "moodle", match["id"])
        if canvas and (match := CANVAS.fullmatch(part)):
            late, attachment = bool(match["late"]), int(match["attachment"] or 0)
            return Owner(match["name"], "canvas", match["id"], late, attachment)
    return _nbgrader(entry, session) or _in_own_folder(entry, name) or _flat(entry, name)


def _nbgrader(entry: Entry, session: str) -> Owner | None:
    for place in range(1, len(entry.parts)):
        folder, student = entry.parts[place], entry.parts[place - 1]
        is_folder = place < len(entry.parts) - 1 or entry.status is Status.NOTHING
        if not is_folder or not _key(folder) or _key(folder)[0] != _key(session)[0]:
            continue
        if _key(folder) != _key(session):
            return Owner(student, "nbgrader", status=Status.ANOTHER_SESSION, remark=f"It belongs to {folder}.")
        remark = "" if folder == session else f"Its folder is called {folder}; it was taken for {session}."
        return Owner(student, "nbgrader", remark=remark)
    return None


def _key(session: str) -> tuple[str, int] | None:
    """Return what two spellings of a session share: SE05, se5 and SE-05 are one."""
    match = SESSION.fullmatch(session)
    return (match[1].casefold(), int(match[2])) if match else None


def _in_own_folder(entry: Entry, name: str) -> Owner | None:
    """Recognise a student's own folder: it holds a notebook whose name names nobody."""
    folders = [part for part in entry.parts[:-1] if not part.lower().endswith(".zip")]
    if entry.status is Status.NOTHING:
        folders = list(entry.parts)
    if not folders or (_flat_name(entry.name, name) and entry.name.lower().endswith(".ipynb")):
        return None
    return Owner(folders[-1], "folders")


def _flat(entry: Entry, name: str) -> Owner:
    # A student's zip in a flat folder names the student, not what is in it.
    zips = [part for part in entry.parts[:-1] if part.lower().endswith(".zip")]
    who = _flat_name(entry.name, name) or (_flat_name(zips[-1], name) if len(zips) > 1 or len(entry.parts) > 1 else "")
    return Owner(who, "flat") if who else Owner("", "flat", status=Status.NO_NAME, remark=_whose(name))


def _flat_name(file: str, name: str) -> str:
    """Return the student's name from ``<student>_<anything>.ipynb``, or nothing."""
    stem = file[: file.rindex(".")] if "." in file else file
    wanted = re.escape(name)
    if re.match(rf"(?:{COPY.pattern})*{wanted}(?![^\W_])", stem, re.IGNORECASE):
        return ""
    if match := re.match(rf"(?P<who>.+?)[ _-]+(?:{COPY.pattern})?{wanted}(?![^\W_])", stem, re.IGNORECASE):
        return match["who"]
    return stem.split("_")[0].strip() if "_" in stem or " " not in stem else ""


def _whose(name: str) -> str:
    return f"Its name tells no student; call it <student>_{name}.ipynb, or put it into a folder of the student's."
