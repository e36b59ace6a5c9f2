"""List every file under a folder or in a zip, zips in zips included; nothing is unpacked to disk."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from utils.grading.errors import SubmissionError
from utils.grading.intake.submission import LARGEST, Content, Status

__all__ = ["Entry", "list_files"]

DEEPEST = 3
"""How many zips may lie in each other."""
MOST = 20_000
"""How many files one zip may hold."""
JUNK_FOLDERS = {"__MACOSX", "__pycache__"}
JUNK_FILES = {"thumbs.db", "desktop.ini", "icon\r"}


@dataclass(frozen=True)
class Entry:
    """One file, or a folder that is not looked into.

    Attributes
    ----------
    parts : tuple of str
        Its path below what was handed over; a zip counts as a folder.
    content : Content or None
        None where it cannot be read.
    status : Status or None
        Set where the file's fate is already decided.
    remark : str
        Why.
    """

    parts: tuple[str, ...]
    content: Content | None = None
    status: Status | None = None
    remark: str = ""

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.parts[-1]


def list_files(path: Path) -> list[Entry]:
    """List what lies at a path, in order of name.

    Parameters
    ----------
    path : Path
        A folder, a zip or a single notebook.

    Raises
    ------
    SubmissionError
        If nothing is there, or it cannot be listed.
    """
    if path.is_dir():
        return list(_in_folder(path, ()))
    if not path.is_file():
        raise SubmissionError(f"There is no folder or zip {path}; nothing was graded.")
    if path.suffix.lower() == ".ipynb":
        return [Entry((path.name,), Content(path))]
    if not zipfile.is_zipfile(path):
        raise SubmissionError(f"{path} is neither a folder, a zip nor a notebook; nothing was graded.")
    return list(_in_zip(Content(path), (), 1))


def _in_folder(folder: Path, parents: tuple[str, ...]) -> Iterator[Entry]:
    try:
        found = sorted(folder.iterdir(), key=lambda path: path.name)
    except OSError as error:
        yield Entry(parents or (folder.name,), None, Status.UNREADABLE, f"The folder cannot be read: {error.strerror}.")
        return
    if not found and parents:
        yield Entry(parents, None, Status.NOTHING, "The folder is empty.")
    for path in found:
        parts = (*parents, path.name)
        junk = _junk(parts)
        if junk:
            yield junk
        elif path.is_symlink():
            yield Entry(parts, None, Status.UNSAFE, "It is a link to another place; links are not followed.")
        elif path.is_dir():
            yield from _in_folder(path, parts)
        elif path.is_file():
            yield from _file(Content(path), parts, path.stat().st_size, 0)
        else:
            yield Entry(parts, None, Status.UNREADABLE, "It is neither a file nor a folder.")


def _in_zip(zipped: Content, parents: tuple[str, ...], depth: int) -> Iterator[Entry]:
    here = parents or (zipped.path.name,)
    if depth > DEEPEST:
        yield Entry(
            here, None, Status.UNREADABLE, f"Zips lie in each other more than {DEEPEST} deep; it was not opened."
        )
        return
    try:
        # What lies on disk is read piece by piece, what lies in another zip has to be in memory.
        source = io.BytesIO(zipped.read()) if zipped.members else zipped.path
        with zipfile.ZipFile(source) as archive:
            infos = archive.infolist()
    except (SubmissionError, OSError, zipfile.BadZipFile, ValueError) as error:
        yield Entry(here, None, Status.UNREADABLE, f"The zip cannot be opened: {str(error).rstrip('.')}.")
        return
    if len(infos) > MOST:
        yield Entry(here, None, Status.UNREADABLE, f"The zip holds {len(infos):,} files, more than {MOST:,}.")
        return
    told = set()
    for info in sorted(infos, key=lambda info: info.filename):
        for entry in _member(zipped, info, parents, depth):
            if entry.parts not in told or entry.status is not Status.IGNORED:
                told.add(entry.parts)
                yield entry


def _member(zipped: Content, info: zipfile.ZipInfo, parents: tuple[str, ...], depth: int) -> Iterator[Entry]:
    name = _decoded(info)
    inside = PurePosixPath(name.replace("\\", "/"))
    if inside.is_absolute() or ".." in inside.parts or ":" in (inside.parts or ("",))[0]:
        parts = (*parents, name.replace("/", "∕"))  # no separators: what is shown leads nowhere, either
        yield Entry(parts, None, Status.UNSAFE, "Its path leads out of the zip; it was not opened.")
        return
    parts = (*parents, *inside.parts)
    junk = _junk(parts)
    if junk:
        yield junk
    elif info.flag_bits & 1 and not info.is_dir():
        yield Entry(parts, None, Status.UNREADABLE, "It is protected by a password.")
    elif not info.is_dir():
        yield from _file(Content(zipped.path, (*zipped.members, info.filename)), parts, info.file_size, depth)


def _file(content: Content, parts: tuple[str, ...], size: int, depth: int) -> Iterator[Entry]:
    if size > LARGEST:
        remark = f"It has {size / 2**20:,.0f} MB; files up to {LARGEST // 2**20} MB are read."
        yield Entry(parts, None, Status.TOO_LARGE, remark)
    elif parts[-1].lower().endswith(".zip"):
        yield from _in_zip(content, parts, depth + 1)
    else:
        yield Entry(parts, content)


def _junk(parts: tuple[str, ...]) -> Entry | None:
    """Return the row for what systems leave behind; a whole folder of it is one row."""
    for place, part in enumerate(parts, 1):
        is_folder = place < len(parts)
        if part in JUNK_FOLDERS or part.startswith(".") or (not is_folder and part.lower() in JUNK_FILES):
            return Entry(parts[:place], None, Status.IGNORED, "Left behind by a system or an editor; no submission.")
    return None


def _decoded(info: zipfile.ZipInfo) -> str:
    """Return a member's name; macOS writes UTF-8 without saying so, and zipfile then reads it as cp437."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename
