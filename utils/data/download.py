"""Datasets as students ask for them: real where it can be had, drawn where it cannot, never half of one."""

import os
from pathlib import Path

from utils import settings
from utils.data.entries import DataFile, Entry
from utils.data.errors import DatasetOptionError, UnreachableError
from utils.data.fetching import fetch
from utils.data.http import Timeouts
from utils.data.partial import fetch_first
from utils.data.registry import DATASETS, find_dataset
from utils.data.stand_in import has_sample, serve_sample

__all__ = ["download_dataset", "provide"]


def download_dataset(
    name: str,
    dest_path: str | Path = "data",
    extract: bool = True,
    remove_compressed: bool = False,
    *,
    limit: int | None = None,
) -> Path:
    """Download a dataset, unless it is there already, and return the folder that holds its files.

    Where no server can be reached, or if the environment variable ``WORKSHOP_DATA`` is ``sample``, pictures drawn by
    code are served from `dest_path`/sample instead, and a box on standard output says so. Real and drawn
    pictures are never mixed: once real data is in `dest_path`, only the variable brings up the sample.

    Parameters
    ----------
    name : {"skin lesions", "skin lesions masks", "skin lesions test", "skin lesions test masks"}
        Which dataset.
    dest_path : str or Path, default "data"
        Folder to keep datasets in; made if it is missing.
    extract : bool, default True
        Whether to unpack the archive.
    remove_compressed : bool, default False
        Whether to delete the archive once it is unpacked.
    limit : int, optional
        Only the first pairs, as many as this, by name; for slow connections. They are read out of the archive without
        downloading the rest, into a folder of their own. Give images and masks the same limit.

    Returns
    -------
    Path
        The folder that directly holds the `ISIC_*.jpg` images or the `ISIC_*_Segmentation.png` masks; with
        ``extract=False``, the zip archive.

    Raises
    ------
    UnknownDatasetError
        If there is no dataset of that name.
    DatasetOptionError
        If an option is of the wrong type, or contradicts another one.
    DownloadError
        If servers answer but do not hand over the file.
    UnreachableError
        If no server can be reached, and ``extract=False`` or real data is in `dest_path`.
    CorruptArchiveError
        If what arrives is damaged or is not the archive.
    PairingError
        If images and masks do not belong together.
    StorageError
        If `dest_path` cannot be written, or has too little space.
    """
    return provide(find_dataset(name), dest_path, extract=extract, remove_compressed=remove_compressed, limit=limit)


def provide(
    entry: Entry,
    dest_path: str | Path = "data",
    *,
    extract: bool = True,
    remove_compressed: bool = False,
    limit: int | None = None,
    timeouts: Timeouts | None = None,
) -> Path:
    """Fetch a dataset by its entry, or serve the sample in its place; see `download_dataset`."""
    root = _checked(entry, dest_path, extract=extract, remove_compressed=remove_compressed, limit=limit)
    if limit is not None and limit >= entry.member_count:
        limit = None
    if settings.use_sample():
        remedy = "For the real pictures: unset WORKSHOP_DATA and run the cell again."
        return serve_sample(
            entry, root, extract=extract, limit=limit, reason="But WORKSHOP_DATA is set to 'sample'.", remedy=remedy
        )
    try:
        if limit is not None:
            return fetch_first(entry, root, limit, timeouts=timeouts)
        return fetch(entry, root, extract=extract, remove_compressed=remove_compressed, timeouts=timeouts)
    except UnreachableError as error:
        if not (extract and has_sample(entry)):
            raise
        if _holds_real_data(root):
            raise UnreachableError(
                f"{error}\nReal data is in {str(root)!r} already; drawn pictures are mixed in only on request."
            ) from error
        home = entry.addresses[0]
        remedy = (
            "For the real pictures: connect to the internet and run all download cells again. Or copy "
            f"{entry.file_name} from elsewhere into {str(root)!r}; it comes from {home}"
        )
        return serve_sample(
            entry, root, extract=True, limit=limit, reason="But no server could be reached.", remedy=remedy
        )


def _checked(entry: Entry, dest_path: str | Path, *, extract: bool, remove_compressed: bool, limit: int | None) -> Path:
    for option, value in (("extract", extract), ("remove_compressed", remove_compressed)):
        if not isinstance(value, bool):
            raise DatasetOptionError(f"{option} is True or False; got {value!r}. Nothing was downloaded or changed.")
    if remove_compressed and not extract:
        raise DatasetOptionError(
            "remove_compressed=True with extract=False would delete the archive that was asked for; leave one of them "
            "out. Nothing was downloaded or changed."
        )
    if remove_compressed and isinstance(entry, DataFile):
        raise DatasetOptionError(
            f"{entry.name!r} is a single file that is used as it comes, and remove_compressed=True would delete it; "
            "leave the option out. Nothing was downloaded or changed."
        )
    if limit is not None:
        _check_limit(entry, limit, extract=extract, remove_compressed=remove_compressed)
    if not isinstance(dest_path, str | os.PathLike) or not str(dest_path):
        raise DatasetOptionError(f"dest_path is the name of a folder; got {dest_path!r}. Nothing was changed.")
    root = Path(dest_path).expanduser()
    if root.exists() and not root.is_dir():
        raise DatasetOptionError(
            f"dest_path {str(root)!r} is a file, not a folder; choose another. Nothing was changed."
        )
    return root


def _check_limit(entry: Entry, limit: int, *, extract: bool, remove_compressed: bool) -> None:
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
        raise DatasetOptionError(
            f"limit is a whole number of pictures, 1 or more; got {limit!r}. Nothing was downloaded or changed."
        )
    if isinstance(entry, DataFile):
        raise DatasetOptionError(
            f"{entry.name!r} is a single file that comes as a whole; leave limit= out. Nothing was downloaded or changed."
        )
    if remove_compressed or not extract:
        raise DatasetOptionError(
            "With limit= no archive is kept: leave out extract= and remove_compressed=. Nothing was downloaded or "
            "changed."
        )


def _holds_real_data(root: Path) -> bool:
    return any(next(root.glob(f"{entry.stem}*.json"), None) for entry in DATASETS)
