"""Whether a file is what the registry says it is."""

from pathlib import Path

from utils.data.archives import verify_archive
from utils.data.entries import Archive, DataFile, Entry
from utils.data.errors import CorruptArchiveError
from utils.data.store import file_hash

__all__ = ["verify_file"]


def verify_file(path: Path, entry: Entry) -> None:
    """Make sure that a file is the one an entry describes.

    Parameters
    ----------
    path : Path
        The file.
    entry : Entry
        What it should be.

    Raises
    ------
    CorruptArchiveError
        If it is damaged, incomplete or another file; the message is a phrase, not a sentence.
    """
    if isinstance(entry, Archive):
        verify_archive(path, entry)
    elif isinstance(entry, DataFile):
        found = file_hash(path, "md5")
        if found != entry.md5:
            raise CorruptArchiveError(
                f"its MD5 is {found}, after {path.stat().st_size / 1e6:.1f} MB; expected {entry.md5}"
            )
    else:
        raise TypeError(f"Nothing is known about verifying a {type(entry).__name__}.")
