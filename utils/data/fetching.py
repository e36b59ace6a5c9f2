"""Fetch one archive by its record: find it in place or download it, verify it, unpack it."""

import os
import shutil
from pathlib import Path

from utils.data.archives import extract_members, verify_archive
from utils.data.errors import CorruptArchiveError, DownloadError, PairingError, StorageError, UnreachableError
from utils.data.notices import credit, tell
from utils.data.registry import ARCHIVES, Archive, partner_of
from utils.data.store import Store, unfinished_folder
from utils.data.transfer import Timeouts, reach, transfer

__all__ = ["fetch"]

HOW_TO_SAMPLE = 'To work with drawn sample pictures meanwhile: import os; os.environ["WORKSHOP_DATA"] = "sample"'
SAFE = "What was there before is untouched."


def fetch(
    archive: Archive,
    dest_path: str | Path,
    *,
    extract: bool = True,
    remove_compressed: bool = False,
    timeouts: Timeouts | None = None,
) -> Path:
    """Download, verify and unpack an archive by its record; never serves the sample.

    Parameters
    ----------
    archive : Archive
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
        The folder of the files, or the archive with ``extract=False``.

    Raises
    ------
    DatasetError
        As in `download_dataset`. Whatever goes wrong, no unfinished file is left to be trusted later.
    """
    store = Store(Path(dest_path), archive)
    try:
        if not (extract and store.has_files()):
            _obtain(store, timeouts or Timeouts())
            if extract:
                _unpack(store)
        if extract and remove_compressed:
            store.zip_path.unlink(missing_ok=True)
    except StorageError:
        raise
    except OSError as error:
        raise StorageError.while_writing(store.root, error) from error
    return store.folder if extract else store.zip_path


def _obtain(store: Store, timeouts: Timeouts) -> None:
    """Make sure that the verified archive is in place: as it lies there, or downloaded."""
    if store.has_archive():
        return
    damage = _damage(store)
    if store.zip_path.is_file() and damage is None:  # someone copied a good archive into the folder
        store.write_record("found in place")
        return
    known = store.record()
    with unfinished_folder(store.root) as unfinished:
        arrived = unfinished / store.archive.file_name
        address = _download(store, arrived, timeouts, damage)
        os.replace(arrived, store.zip_path)
    _report(store, known, store.write_record(address))


def _damage(store: Store) -> str | None:
    """Say what is wrong with the archive that lies there, if there is one."""
    if not store.zip_path.is_file():
        return None
    try:
        verify_archive(store.zip_path, store.archive)
    except CorruptArchiveError as error:
        tell(f"{store.zip_path} cannot be used: {error}. Downloading it anew.")
        return str(error)
    return None


def _make_room(store: Store) -> None:
    needed = 2 * store.archive.size_megabytes  # compressed and unpacked; pictures hardly compress
    free = shutil.disk_usage(store.root).free / 1e6
    if free < needed:
        raise StorageError(
            f"{store.archive.name!r} needs {needed} MB below {str(store.root)!r}; {free:.0f} MB are free. Free some "
            f"space or choose another dest_path, then run the cell again. {SAFE}"
        )


def _download(store: Store, target: Path, timeouts: Timeouts, damage: str | None) -> str:
    """Try each address until a good archive has arrived at `target`; return the address it came from."""
    failures: dict[str, DownloadError | CorruptArchiveError] = {}
    for address in store.archive.addresses:
        try:
            reach(address, timeouts)
            _make_room(store)
            transfer(address, target, timeouts)
            verify_archive(target, store.archive)
        except (DownloadError, CorruptArchiveError) as error:
            failures[address] = error
        else:
            return address
    raise _verdict(store.archive, failures, damage)


def _verdict(
    archive: Archive, failures: dict[str, DownloadError | CorruptArchiveError], damage: str | None
) -> DownloadError | CorruptArchiveError:
    """Sum up why no address worked; only a network that reaches none of them counts as unreachable."""
    reasons = "".join(f"\n- {address}: {error}." for address, error in failures.items())
    if damage:
        reasons += f"\n- the copy of {archive.file_name} that was there: {damage}."
    advice = f"\nRun the cell again in a few minutes. {HOW_TO_SAMPLE}\nUnfinished files were removed. {SAFE}"
    if damage or any(isinstance(error, CorruptArchiveError) for error in failures.values()):
        return CorruptArchiveError(f"There is no good copy of {archive.name!r}:{reasons}{advice}")
    if all(isinstance(error, UnreachableError) for error in failures.values()):
        return UnreachableError(f"No server that holds {archive.name!r} can be reached:{reasons}{advice}")
    return DownloadError(f"{archive.name!r} could not be downloaded:{reasons}{advice}")


def _report(store: Store, known: dict, record: dict) -> None:
    """Tell what arrived; thank the authors when it is the first archive in this folder."""
    tell(f"{store.archive.file_name}: {record['member_count']} {store.archive.content}, all checked.")
    others = [archive for archive in ARCHIVES if archive.file_name != store.archive.file_name]
    if not known and not any(Store(store.root, archive).record() for archive in others):
        credit(store.archive)
    if known and known.get("sha256") != record["sha256"]:
        tell("Note: the archive differs from the one downloaded here before; results may differ, too.")
    if (store.root / "sample").exists():
        tell("Note: drawn pictures were served here before; run all download cells again, so that none is mixed in.")


def _unpack(store: Store) -> None:
    with unfinished_folder(store.root) as unfinished:
        extracted = unfinished / store.folder.name
        extracted.mkdir()
        try:
            extract_members(store.zip_path, store.archive, extracted)
        except CorruptArchiveError as error:
            raise CorruptArchiveError(
                f"{store.zip_path} cannot be unpacked: {error}. Delete it and run the cell again. {SAFE}"
            ) from error
        _check_pairing(store, extracted)
        store.take_in(extracted)


def _check_pairing(store: Store, extracted: Path) -> None:
    """Make sure that each image has its mask and each mask its image, if both are there."""
    partner = Store(store.root, partner_of(store.archive))
    if not partner.has_files():
        return
    alone = sorted(store.numbers_in(extracted) ^ partner.numbers_in(partner.folder))
    if alone:
        raise PairingError(
            f"{len(alone)} pictures of {store.archive.name!r} and {partner.archive.name!r} have no counterpart, "
            f"ISIC_{alone[0]} first. Delete {partner.folder}, {partner.zip_path} and {store.zip_path}, then run both "
            f"download cells again. {SAFE}"
        )
