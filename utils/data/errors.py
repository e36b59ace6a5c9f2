"""Errors raised while a dataset is fetched.

WorkshopError
└── DatasetError
    ├── UnknownDatasetError   there is no dataset of that name
    ├── DatasetOptionError    an option means nothing, or contradicts another
    ├── DownloadError         the servers answered, but did not hand over the file
    │   └── UnreachableError  no server could be reached
    ├── CorruptArchiveError   an archive is damaged, or holds what it should not
    ├── DamagedPictureError   a picture cannot be read
    ├── PairingError          images and masks do not belong together
    └── StorageError          the disk is full, or the folder cannot be written
"""

from pathlib import Path

from utils.core.errors import WorkshopError

__all__ = [
    "CorruptArchiveError",
    "DamagedPictureError",
    "DatasetError",
    "DatasetOptionError",
    "DownloadError",
    "PairingError",
    "StorageError",
    "UnknownDatasetError",
    "UnreachableError",
]


class DatasetError(WorkshopError):
    """Base of every error on the way to a dataset."""

    def _render_traceback_(self) -> list[str]:  # notebooks show this, not the lines of ours that led here
        return [f"{type(self).__name__}: {self}"]


class UnknownDatasetError(DatasetError, LookupError):
    """There is no dataset of that name; the message suggests the nearest one."""


class DatasetOptionError(DatasetError, ValueError):
    """An option has a value that means nothing, or contradicts another option."""


class DownloadError(DatasetError):
    """Servers were reached, but none handed over the file."""


class UnreachableError(DownloadError):
    """No server could be reached: there is no network, or something blocks it."""


class CorruptArchiveError(DatasetError):
    """An archive is damaged, incomplete, or holds members it should not."""


class DamagedPictureError(DatasetError):
    """A picture cannot be read."""


class PairingError(DatasetError):
    """Images and masks do not belong together."""


class StorageError(DatasetError, OSError):
    """A folder cannot be written."""

    @classmethod
    def while_writing(cls, path: Path, error: OSError) -> "StorageError":
        """Word the failure of writing `path`."""
        return cls(
            f"Writing below {str(path)!r} failed: {error.strerror or error}. Free some space or choose another "
            "dest_path, then run the cell again. What was there before is untouched."
        )
