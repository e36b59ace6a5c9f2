"""The embedded samples, served in a dataset's place."""

import os
import shutil
import zipfile
from importlib import import_module
from pathlib import Path

from utils.data.entries import Archive, DataFile, Entry
from utils.data.errors import DatasetError, StorageError
from utils.data.notices import warn_of_sample
from utils.data.sample import draw_sample
from utils.data.store import unfinished_folder

__all__ = ["has_sample", "serve_sample"]

DRAWN_AT = (2016, 1, 1, 0, 0, 0)  # a fixed date, so that the same pictures make the same zip file


def has_sample(entry: Entry) -> bool:
    """Whether something drawn can take a dataset's place."""
    return not isinstance(entry, DataFile) or bool(entry.sample)


def serve_sample(
    entry: Entry, root: Path, *, extract: bool, reason: str, remedy: str, limit: int | None = None
) -> Path:
    """Draw the sample below `root`/sample, away from anything real, and say so in a box on standard output.

    Parameters
    ----------
    entry : Entry
        What was asked for.
    root : Path
        The student's `dest_path`.
    extract : bool
        Whether the folder is wanted, or a zip file of it; means nothing for what is no archive.
    reason, remedy : str
        Why, and how to get the real pictures; full sentences.
    limit : int, optional
        Only the first pictures, as many as this.

    Returns
    -------
    Path
        Folder of the drawn images or masks, or a file named as the real one is.

    Raises
    ------
    StorageError
        If the sample cannot be written.
    DatasetError
        If there is no sample of this dataset.
    """
    home = root / "sample"
    try:
        if isinstance(entry, DataFile):
            return _serve_file(entry, home, reason, remedy)
        return _serve_pictures(entry, home, extract=extract, limit=limit, reason=reason, remedy=remedy)
    except StorageError:
        raise
    except OSError as error:
        raise StorageError.while_writing(home, error) from error


def _serve_pictures(
    archive: Archive, home: Path, *, extract: bool, limit: int | None, reason: str, remedy: str
) -> Path:
    folder = getattr(draw_sample(home / archive.split, archive.split), archive.content)
    files = sorted(path for path in folder.iterdir() if archive.number_of(path.name))[:limit]
    served = f"{len(files)} {archive.content}"
    warn_of_sample(archive, f"{archive.member_count} files", served, reason, remedy)
    if not extract:
        return _zipped(files, home, archive)
    return folder if limit is None else _copied(files, home / f"{archive.split}_first_{limit}", archive.content)


def _copied(files: list[Path], home: Path, content: str) -> Path:
    """Put the files into a folder of their own, anew each time: they are few and small."""
    with unfinished_folder(home) as unfinished:
        draft, old = unfinished / "new", unfinished / "old"
        draft.mkdir()
        for path in files:
            shutil.copyfile(path, draft / path.name)
        if (home / content).exists():
            os.replace(home / content, old)
        os.replace(draft, home / content)
    return home / content


def _zipped(files: list[Path], home: Path, archive: Archive) -> Path:
    with unfinished_folder(home) as unfinished:
        draft = unfinished / archive.file_name
        with zipfile.ZipFile(draft, "w") as opened:
            for path in files:
                opened.writestr(zipfile.ZipInfo(f"{archive.stem}/{path.name}", DRAWN_AT), path.read_bytes())
        os.replace(draft, home / archive.file_name)
    return home / archive.file_name


def _serve_file(entry: DataFile, home: Path, reason: str, remedy: str) -> Path:
    """Draw the file unless it is there, drawn by the present version of the drawing."""
    if not entry.sample:
        raise DatasetError(f"There is no drawn sample of {entry.name!r}. {reason} {remedy}")
    module_name, function = entry.sample.split(":")
    module = import_module(module_name)
    path, stamp = home / entry.file_name, home / f"{entry.stem}.drawn.txt"
    if not (path.is_file() and stamp.is_file() and stamp.read_text(encoding="utf-8") == module.DRAWING):
        with unfinished_folder(home) as unfinished:
            draft, new_stamp = unfinished / entry.file_name, unfinished / stamp.name
            getattr(module, function)(entry, draft)
            new_stamp.write_text(module.DRAWING, encoding="utf-8")
            stamp.unlink(missing_ok=True)  # before the file changes: a stamp never stands beside an older drawing
            os.replace(draft, path)
            os.replace(new_stamp, stamp)
    warn_of_sample(entry, f"about {entry.size_megabytes} MB", "pictures", reason, remedy)
    return path
