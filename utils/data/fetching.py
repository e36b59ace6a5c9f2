"""Fetch one dataset by its entry: find it in place or download it, verify it, unpack it if it is an archive."""

import os
import shutil
from pathlib import Path

from utils.data.archives import extract_members
from utils.data.entries import Archive, Entry
from utils.data.errors import CorruptArchiveError, DownloadError, StorageError
from utils.data.failures import summarise_failures
from utils.data.http import Timeouts, reach
from utils.data.locking import exclusively
from utils.data.notices import credit_once, tell
from utils.data.pairing import check_pairing
from utils.data.part import Part
from utils.data.store import Store, unfinished_folder
from utils.data.transfer import transfer
from utils.data.verification import verify_file

__all__ = ["fetch"]

TOO_LARGE = 2  # times the size in the registry
SAFE = "What was there before is untouched."


def fetch(
    entry: Entry,
    dest_path: str | Path,
    *,
    extract: bool = True,
    remove_compressed: bool = False,
    timeouts: Timeouts | None = None,
) -> Path:
    """Download, verify and unpack a dataset by its entry; never serves the sample.

    Parameters
    ----------
    entry : Entry
        What to fetch, and from where.
    dest_path : str or Path
        Folder to keep datasets in.
    extract, remove_compressed : bool
        As in `download_dataset`, which validates them.
    timeouts : Timeouts, optional
        How long to wait for servers.

    Returns
    -------
    Path
        The folder of the files; the file itself for an archive with ``extract=False`` and for what is no archive.

    Raises
    ------
    DatasetError
        As in `download_dataset`. Whatever goes wrong, nothing is left that a later call would trust: an unfinished
        download keeps the ending `.part`, and is verified as a whole once the rest has come.
    """
    store = Store(Path(dest_path), entry)
    extract = extract and isinstance(entry, Archive)
    try:
        if not _is_there(store, extract):
            with exclusively(store.file_path):
                if not (extract and store.has_folder()):  # another notebook may have been faster
                    _obtain(store, timeouts or Timeouts())
                    if extract:
                        _unpack(store)
        if extract and remove_compressed:
            store.file_path.unlink(missing_ok=True)
    except StorageError:
        raise
    except OSError as error:
        raise StorageError.while_writing(store.root, error) from error
    return store.folder if extract else store.file_path


def _is_there(store: Store, extract: bool) -> bool:
    return store.has_folder() if extract else store.has_file()


def _obtain(store: Store, timeouts: Timeouts) -> None:
    """Make sure that the verified file is in place: as it lies there, or downloaded."""
    if store.has_file():
        return
    damage = _damage(store)
    known, address = store.record(), "found in place"
    if damage is not None or not store.file_path.is_file():  # else someone copied a good file into the folder
        part = Part(store.part_path)
        address = _download(store, part, timeouts, damage)
        os.replace(part.path, store.file_path)
        part.discard()
    credit_once(store)
    _report(store, known, store.write_record(address))


def _damage(store: Store) -> str | None:
    """Say what is wrong with the file that lies there, if there is one."""
    if not store.file_path.is_file():
        return None
    try:
        verify_file(store.file_path, store.entry)
    except CorruptArchiveError as error:
        tell(f"{store.file_path} cannot be used: {error}. Downloading it anew.")
        return str(error)
    return None


def _make_room(store: Store, arrived_bytes: int) -> None:
    copies = 2 if isinstance(store.entry, Archive) else 1  # compressed and unpacked; pictures hardly compress
    needed = copies * store.entry.size_megabytes - arrived_bytes / 1e6
    free = shutil.disk_usage(store.root).free / 1e6
    if free < needed:
        raise StorageError(
            f"{store.entry.name!r} needs {needed:.0f} MB below {str(store.root)!r}; {free:.0f} MB are free. Free some "
            f"space or choose another dest_path, then run the cell again. {SAFE}"
        )


def _download(store: Store, part: Part, timeouts: Timeouts, damage: str | None) -> str:
    """Try each address until all of a good file has arrived; return the address it came from."""
    failures: dict[str, DownloadError | CorruptArchiveError] = {}
    store.root.mkdir(parents=True, exist_ok=True)
    for address in sorted(store.entry.addresses, key=part.can_grow, reverse=True):  # where we stopped, first
        try:
            reach(address, timeouts)
            _make_room(store, part.size)
            _bring(store.entry, address, part, timeouts)
        except (DownloadError, CorruptArchiveError) as error:
            failures[address] = error
        else:
            return address
    raise summarise_failures(store.entry, failures, damage=damage, kept_bytes=part.size)


def _bring(entry: Entry, address: str, part: Part, timeouts: Timeouts) -> None:
    """Transfer and verify. Pieces that do not make a good file are thrown away, and the whole is asked for once."""
    most_bytes = int(TOO_LARGE * entry.size_megabytes * 1e6)
    for last in (False, True):
        pieced = False
        try:
            pieced = transfer(address, part, timeouts, name=f"Downloading {entry.name}", most_bytes=most_bytes)
            verify_file(part.path, entry)
            return
        except CorruptArchiveError:
            part.discard()
            if last or not pieced:
                raise


def _report(store: Store, known: dict, record: dict) -> None:
    """Tell what is there now, and what is remarkable about it."""
    entry = store.entry
    held = f"{entry.member_count} {entry.content}, all" if isinstance(entry, Archive) else "complete, and"
    tell(f"{entry.file_name}: {held} checked.")
    if known and known.get("sha256") != record["sha256"]:
        tell("Note: the file differs from the one downloaded here before; results may differ, too.")
    if (store.root / "sample").exists():
        tell("Note: drawn pictures were served here before; run all download cells again, so that none is mixed in.")


def _unpack(store: Store) -> None:
    with unfinished_folder(store.root) as unfinished:
        extracted = unfinished / store.folder.name
        extracted.mkdir()
        try:
            extract_members(store.file_path, store.entry, extracted)
            check_pairing(store, extracted)
        except CorruptArchiveError as error:
            raise CorruptArchiveError(
                f"{store.file_path} cannot be unpacked: {error}. Delete it and run the cell again. {SAFE}"
            ) from error
        store.take_in(extracted)
