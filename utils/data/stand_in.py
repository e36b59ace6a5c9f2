"""The embedded sample, served in a dataset's place."""

import os
import zipfile
from pathlib import Path

from utils.data.errors import StorageError
from utils.data.notices import warn_of_sample
from utils.data.registry import Archive
from utils.data.sample import draw_sample
from utils.data.store import unfinished_folder

__all__ = ["serve_sample"]

DRAWN_AT = (2016, 1, 1, 0, 0, 0)  # a fixed date, so that the same pictures make the same zip file


def serve_sample(archive: Archive, root: Path, *, extract: bool, reason: str, remedy: str) -> Path:
    """Draw the sample below `root`/sample, away from anything real, and say so in a box on standard output.

    Parameters
    ----------
    archive : Archive
        What was asked for.
    root : Path
        The student's `dest_path`.
    extract : bool
        Whether the folder is wanted, or a zip file of it.
    reason, remedy : str
        Why, and how to get the real pictures; full sentences.

    Returns
    -------
    Path
        Folder of the drawn images or masks, or a zip file named as the archive is.

    Raises
    ------
    StorageError
        If the sample cannot be written.
    """
    home = root / "sample"
    folder = getattr(draw_sample(home / archive.split, archive.split), archive.content)
    files = sorted(path for path in folder.iterdir() if archive.number_of(path.name))
    warn_of_sample(archive, len(files), reason, remedy)
    if extract:
        return folder
    try:
        return _zipped(files, home, archive)
    except OSError as error:
        raise StorageError.while_writing(home, error) from error


def _zipped(files: list[Path], home: Path, archive: Archive) -> Path:
    with unfinished_folder(home) as unfinished:
        draft = unfinished / archive.file_name
        with zipfile.ZipFile(draft, "w") as opened:
            for path in files:
                opened.writestr(zipfile.ZipInfo(f"{archive.stem}/{path.name}", DRAWN_AT), path.read_bytes())
        os.replace(draft, home / archive.file_name)
    return home / archive.file_name
