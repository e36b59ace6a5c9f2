"""Fetch one dataset by its entry: find it in place or download it, verify it, unpack it if it is an archive."""

import os
import shutil
from pathlib import Path

from utils.data.archives import extract_members
from utils.data.entries import Archive, Entry
from utils.data.errors import CorruptArchiveError, DownloadError, PairingError, StorageError, UnreachableError
from utils.data.notices import credit, tell
from utils.data.registry import DATASETS, partner_of
from utils.data.store import Store, unfinished_folder
from utils.data.transfer import Timeouts, reach, transfer
from utils.data.verification import verify_file

__all__ = ["fetch"]

HOW_TO_SAMPLE = 'To work with drawn sample pictures meanwhile: import os; os.environ["WORKSHOP_DATA"] = "sample"'
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
        As in `download_dataset`. Whatever goes wrong, no unfinished file is left to be trusted later.
    """
    store = Store(Path(dest_path), entry)
    extract = extract and isinstance(entry, Archive)
    try:
        if not (extract and store.has_folder()):
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


def _obtain(store: Store, timeouts: Timeouts) -> None:
    """Make sure that the verified file is in place: as it lies there, or downloaded."""
    if store.has_file():
        return
    damage = _damage(store)
    if store.file_path.is_file() and damage is None:  # someone copied a good file into the folder
        store.write_record("found in place")
        return
    known = store.record()
    with unfinished_folder(store.root) as unfinished:
        arrived = unfinished / store.entry.file_name
        address = _download(store, arrived, timeouts, damage)
        os.replace(arrived, store.file_path)
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


def _make_room(store: Store) -> None:
    copies = 2 if isinstance(store.entry, Archive) else 1  # compressed and unpacked; pictures hardly compress
    needed = copies * store.entry.size_megabytes
    free = shutil.disk_usage(store.root).free / 1e6
    if free < needed:
        raise StorageError(
            f"{store.entry.name!r} needs {needed} MB below {str(store.root)!r}; {free:.0f} MB are free. Free some "
            f"space or choose another dest_path, then run the cell again. {SAFE}"
        )


def _download(store: Store, target: Path, timeouts: Timeouts, damage: str | None) -> str:
    """Try each address until a good file has arrived at `target`; return the address it came from."""
    failures: dict[str, DownloadError | CorruptArchiveError] = {}
    for address in store.entry.addresses:
        try:
            reach(address, timeouts)
            _make_room(store)
            transfer(address, target, timeouts)
            verify_file(target, store.entry)
        except (DownloadError, CorruptArchiveError) as error:
            failures[address] = error
        else:
            return address
    raise _verdict(store.entry, failures, damage)


def _verdict(
    entry: Entry, failures: dict[str, DownloadError | CorruptArchiveError], damage: str | None
) -> DownloadError | CorruptArchiveError:
    """Sum up why no address worked; only a network that reaches none of them counts as unreachable."""
    reasons = "".join(f"\n- {address}: {error}." for address, error in failures.items())
    if damage:
        reasons += f"\n- the copy of {entry.file_name} that was there: {damage}."
    advice = f"\nRun the cell again in a few minutes. {HOW_TO_SAMPLE}\nUnfinished files were removed. {SAFE}"
    if damage or any(isinstance(error, CorruptArchiveError) for error in failures.values()):
        return CorruptArchiveError(f"There is no good copy of {entry.name!r}:{reasons}{advice}")
    if all(isinstance(error, UnreachableError) for error in failures.values()):
        return UnreachableError(f"No server that holds {entry.name!r} can be reached:{reasons}{advice}")
    return DownloadError(f"{entry.name!r} could not be downloaded:{reasons}{advice}")


def _report(store: Store, known: dict, record: dict) -> None:
    """Tell what arrived; thank the authors when it is their first file in this folder."""
    entry = store.entry
    held = f"{entry.member_count} {entry.content}, all" if isinstance(entry, Archive) else "complete, and"
    tell(f"{entry.file_name}: {held} checked.")
    others = [each for each in DATASETS if each.citation == entry.citation and each.file_name != entry.file_name]
    if not known and not any(Store(store.root, each).record() for each in others):
        credit(entry)
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
        except CorruptArchiveError as error:
            raise CorruptArchiveError(
                f"{store.file_path} cannot be unpacked: {error}. Delete it and run the cell again. {SAFE}"
            ) from error
        _check_pairing(store, extracted)
        store.take_in(extracted)


def _check_pairing(store: Store, extracted: Path) -> None:
    """Make sure that each image has its mask and each mask its image, if both are there."""
    partner = Store(store.root, partner_of(store.entry))
    if not partner.has_folder():
        return
    alone = sorted(store.numbers_in(extracted) ^ partner.numbers_in(partner.folder))
    if alone:
        raise PairingError(
            f"{len(alone)} pictures of {store.entry.name!r} and {partner.entry.name!r} have no counterpart, "
            f"ISIC_{alone[0]} first. Delete {partner.folder}, {partner.file_path} and {store.file_path}, then run both "
            f"download cells again. {SAFE}"
        )
