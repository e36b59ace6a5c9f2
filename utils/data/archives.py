"""Zip archives: whether one can be trusted, and how its files come out without straying."""

import os
import shutil
import zipfile
import zlib
from pathlib import Path, PurePosixPath, PureWindowsPath

from utils.data.entries import Archive
from utils.data.errors import CorruptArchiveError

__all__ = ["extract_members", "verify_archive"]

DAMAGES = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, UnicodeError)


def verify_archive(path: Path, archive: Archive) -> None:
    """Make sure that a file is the zip archive it should be.

    Parameters
    ----------
    path : Path
        The file.
    archive : Archive
        What it should hold.

    Raises
    ------
    CorruptArchiveError
        If it does not open, a member's checksum (CRC) is wrong, a member would leave the folder, or the number of
        images or masks is not the expected one.
    """
    try:
        with zipfile.ZipFile(path) as opened:
            members = _members(opened, archive)
            damaged = opened.testzip()
    except DAMAGES as error:
        raise CorruptArchiveError(_not_a_zip(path, error)) from error
    if damaged is not None:
        raise CorruptArchiveError(f"{damaged!r} in it is damaged: its checksum is wrong")
    if len(members) != archive.member_count:
        raise CorruptArchiveError(f"it holds {len(members)} {archive.content}; expected {archive.member_count}")


def extract_members(path: Path, archive: Archive, folder: Path) -> None:
    """Write the images or masks of a verified archive side by side into a folder, however they are nested.

    Parameters
    ----------
    path : Path
        The zip archive.
    archive : Archive
        Which of its members are wanted.
    folder : Path
        Exists, and is empty.

    Raises
    ------
    CorruptArchiveError
        If a member cannot be read, or would leave the folder.
    """
    try:
        with zipfile.ZipFile(path) as opened:
            for file_name, member in _members(opened, archive).items():
                with opened.open(member) as source, open(folder / file_name, "wb") as target:
                    shutil.copyfileobj(source, target, 1 << 20)
    except DAMAGES as error:
        raise CorruptArchiveError(_not_a_zip(path, error)) from error


def _members(opened: zipfile.ZipFile, archive: Archive) -> dict[str, zipfile.ZipInfo]:
    """Find the wanted members by file name; refuse an archive in which any member points outside."""
    wanted: dict[str, zipfile.ZipInfo] = {}
    for member in opened.infolist():
        path = PurePosixPath(member.filename)
        if _strays(member.filename):
            raise CorruptArchiveError(f"its member {member.filename!r} would be written outside the folder")
        if member.is_dir() or archive.number_of(path.name) is None:
            continue
        if path.name in wanted:
            raise CorruptArchiveError(f"it holds {path.name!r} twice")
        wanted[path.name] = member
    return wanted


def _strays(member_name: str) -> bool:
    """Whether a member's name climbs or starts at a root, read as a Unix or as a Windows path."""
    posix, windows = PurePosixPath(member_name), PureWindowsPath(member_name)
    return ".." in posix.parts or ".." in windows.parts or posix.is_absolute() or bool(windows.anchor)


def _not_a_zip(path: Path, error: Exception) -> str:
    with open(path, "rb") as file:
        start = file.read(64).lstrip().lower()
    if start.startswith((b"<!doctype", b"<html")):
        return "a web page arrived instead of a zip file, perhaps the login page of your network"
    size = os.path.getsize(path) / 1e6
    return f"it cannot be read as a zip file, after {size:.1f} MB ({error})"
