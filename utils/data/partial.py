"""Fetch only the first pairs of an archive, for slow connections."""

import shutil
from pathlib import Path

from utils.data.archives import extract_members
from utils.data.entries import Archive
from utils.data.errors import CorruptArchiveError, DownloadError, StorageError
from utils.data.failures import summarise_failures
from utils.data.http import Timeouts, reach
from utils.data.locking import exclusively
from utils.data.notices import credit_once, tell
from utils.data.pairing import check_pairing
from utils.data.remote import open_remote
from utils.data.store import Store, unfinished_folder

__all__ = ["fetch_first"]


def fetch_first(archive: Archive, dest_path: str | Path, limit: int, *, timeouts: Timeouts | None = None) -> Path:
    """Read the first images or masks, by name, out of an archive without downloading the rest.

    What lies in `dest_path` already is used; otherwise they come by range requests from the archive's addresses.

    Parameters
    ----------
    archive : Archive
        What to fetch, and from where.
    dest_path : str or Path
        Folder to keep datasets in.
    limit : int
        How many, from 1 to below the number in the archive.
    timeouts : Timeouts, optional
        How long to wait for servers.

    Returns
    -------
    Path
        A folder of exactly these files, beside that of the whole set.

    Raises
    ------
    DatasetError
        As in `download_dataset`. Whatever goes wrong, nothing is left that a later call would trust.
    """
    store = Store(Path(dest_path), archive, limit)
    try:
        if not store.has_folder():
            with exclusively(store.folder), unfinished_folder(store.root) as unfinished:
                extracted = unfinished / store.folder.name
                extracted.mkdir()
                address = _fill(store, extracted, timeouts or Timeouts())
                store.take_in(extracted)
                credit_once(store)
                store.write_record(address)
                tell(
                    f"{archive.file_name}: the first {limit} of {archive.member_count} {archive.content}, all checked."
                )
    except StorageError:
        raise
    except OSError as error:
        raise StorageError.while_writing(store.root, error) from error
    return store.folder


def _fill(store: Store, folder: Path, timeouts: Timeouts) -> str:
    """Put the files into a folder; return where they came from."""
    whole = Store(store.root, store.entry)
    if whole.has_folder():
        names = sorted(name for name in map(_name, whole.folder.iterdir()) if store.entry.number_of(name))
        for name in names[: store.limit]:
            shutil.copyfile(whole.folder / name, folder / name)
        return "found in place"
    if whole.has_file():
        extract_members(whole.file_path, store.entry, folder, store.limit)
        return "found in place"
    failures: dict[str, DownloadError | CorruptArchiveError] = {}
    for address in store.entry.addresses:
        try:
            reach(address, timeouts)
            with open_remote(address, timeouts) as remote:
                extract_members(remote, store.entry, folder, store.limit, doing="Fetching")
            check_pairing(store, folder)
            return address
        except (DownloadError, CorruptArchiveError) as error:
            failures[address] = error
            for path in folder.iterdir():
                path.unlink()
    raise summarise_failures(store.entry, failures)


def _name(path: Path) -> str:
    return path.name
