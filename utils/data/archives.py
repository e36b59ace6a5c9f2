"""Zip archives: whether one can be trusted, and how its files come out without straying."""

import itertools
import os
import shutil
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import BinaryIO

from PIL import Image, UnidentifiedImageError

from utils.data.entries import Archive
from utils.data.errors import CorruptArchiveError
from utils.data.progress import progress_bar

__all__ = ["extract_members", "picture_size", "verify_archive"]

DAMAGES = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, UnicodeError, ValueError)
UNPACKED_FACTOR = 4  # pictures hardly compress; what unpacks to many times its size is no archive of pictures


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
        If it does not open, a member's checksum (CRC) is wrong, a member would leave the folder or is a link, it would
        unpack to far more than expected, the number of images or masks is not the expected one, or one is no picture.
    """
    try:
        with zipfile.ZipFile(path) as opened:
            members = _members(opened, archive)
            damaged = opened.testzip()
            if damaged is not None:
                raise CorruptArchiveError(f"{damaged!r} in it is damaged: its checksum is wrong")
            _check_count(members, archive)
            for file_name, member in members.items():
                with opened.open(member) as packed:
                    picture_size(packed, file_name)
    except DAMAGES as error:
        raise CorruptArchiveError(_not_a_zip(path, error)) from error


def extract_members(
    source: Path | BinaryIO, archive: Archive, folder: Path, limit: int | None = None, *, doing: str = "Unpacking"
) -> None:
    """Write the images or masks of an archive side by side into a folder, however they are nested.

    Parameters
    ----------
    source : Path or binary file
        The zip archive: verified before, or not (then a damaged member is noticed when its turn comes).
    archive : Archive
        Which of its members are wanted.
    folder : Path
        Exists, and is empty.
    limit : int, optional
        Only this many, the first ones by name.
    doing : str, default "Unpacking"
        What the progress bar says.

    Raises
    ------
    CorruptArchiveError
        If a member cannot be read or would leave the folder, or the archive is not the expected one.
    """
    try:
        with zipfile.ZipFile(source) as opened:
            members = _members(opened, archive)
            _check_count(members, archive)
            wanted = itertools.islice(sorted(members.items()), limit)
            with progress_bar(f"{doing} {archive.name}", limit or len(members), archive.content) as bar:
                for file_name, member in wanted:
                    with opened.open(member) as packed, open(folder / file_name, "wb") as target:
                        shutil.copyfileobj(packed, target, 1 << 20)
                    bar.update()
                bar.leave = True
    except DAMAGES as error:
        raise CorruptArchiveError(_not_a_zip(source, error)) from error


def picture_size(file: Path | BinaryIO, file_name: str) -> tuple[int, int]:
    """Read width and height of a picture in pixels from its first bytes, without decoding it.

    Parameters
    ----------
    file : Path or binary file
        The picture.
    file_name : str
        What to call it.

    Raises
    ------
    CorruptArchiveError
        If it is no picture.
    """
    try:
        with Image.open(file) as picture:
            return picture.size
    except (UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise CorruptArchiveError(f"{file_name!r} in it is no picture that can be read") from error


def _members(opened: zipfile.ZipFile, archive: Archive) -> dict[str, zipfile.ZipInfo]:
    """Find the wanted members by file name; refuse an archive that is out to do harm."""
    wanted: dict[str, zipfile.ZipInfo] = {}
    megabytes = sum(member.file_size for member in opened.infolist()) / 1e6  # zipfile never unpacks more than stated
    if megabytes > UNPACKED_FACTOR * archive.size_megabytes:
        raise CorruptArchiveError(f"it would unpack to {megabytes:.0f} MB; expected about {archive.size_megabytes}")
    for member in opened.infolist():
        path = PurePosixPath(member.filename)
        if _strays(member.filename):
            raise CorruptArchiveError(f"its member {member.filename!r} would be written outside the folder")
        if stat.S_ISLNK(member.external_attr >> 16):
            raise CorruptArchiveError(f"its member {member.filename!r} is a link to another file")
        if member.is_dir() or archive.number_of(path.name) is None:
            continue
        if path.name in wanted:
            raise CorruptArchiveError(f"it holds {path.name!r} twice")
        wanted[path.name] = member
    return wanted


def _check_count(members: dict[str, zipfile.ZipInfo], archive: Archive) -> None:
    if len(members) != archive.member_count:
        raise CorruptArchiveError(f"it holds {len(members)} {archive.content}; expected {archive.member_count}")


def _strays(member_name: str) -> bool:
    """Whether a member's name climbs or starts at a root, read as a Unix or as a Windows path."""
    posix, windows = PurePosixPath(member_name), PureWindowsPath(member_name)
    return ".." in posix.parts or ".." in windows.parts or posix.is_absolute() or bool(windows.anchor)


def _not_a_zip(source: Path | BinaryIO, error: Exception) -> str:
    if not isinstance(source, Path):
        return f"it cannot be read as a zip file ({error})"
    with open(source, "rb") as file:
        start = file.read(64).lstrip().lower()
    if start.startswith((b"<!doctype", b"<html")):
        return "a web page arrived instead of a zip file, perhaps the login page of your network"
    size = os.path.getsize(source) / 1e6
    return f"it cannot be read as a zip file, after {size:.1f} MB ({error})"
