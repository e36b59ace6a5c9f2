"""Small copies of large pictures, made once, so that no epoch spends its time decoding what is then thrown away."""

import hashlib
import json
import os
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import NamedTuple

from utils.data.errors import DatasetOptionError, PairingError, StorageError
from utils.data.locking import exclusively
from utils.data.notices import tell
from utils.data.progress import progress_bar
from utils.data.shrinking import shrink_pair, size_of
from utils.data.store import unfinished_folder

__all__ = ["PreparedFolders", "prepare_images"]

VERSION = "1"  # raise it when pictures come out differently, so that those prepared before are prepared again
WORTH_IT = 2  # pictures up to so many times the wanted size are quick to read as they are
STAMP = "prepared.json"
UNTOUCHED = "Nothing was changed."


class PreparedFolders(NamedTuple):
    """Where the small copies lie."""

    images: Path
    masks: Path


class _Pair(NamedTuple):
    image: Path
    mask: Path


def prepare_images(image_dir: str | Path, mask_dir: str | Path, *, longest_side: int = 256) -> PreparedFolders:
    """Decode and shrink all images and masks once, and return the folders of the small copies.

    The copies lie beside the originals, which stay as they are, and have their names. Later calls return them at once;
    they are made anew when an original or `longest_side` has changed. An interrupted call leaves nothing behind.

    Parameters
    ----------
    image_dir : str or Path
        Folder of `*.jpg` images; or that of their small copies, which stands for the originals.
    mask_dir : str or Path
        Folder of their masks: `<name>_Segmentation.png` belongs to `<name>.jpg`. Masks without an image are left out.
    longest_side : int, default 256
        How high or wide a copy is at most, in pixels. Masks are sampled (nearest neighbour): 0 and 255 stay 0 and 255.

    Returns
    -------
    PreparedFolders
        `images` and `masks`. If no image is larger than twice `longest_side`, there is nothing to gain, and these are
        the folders that were passed in.

    Raises
    ------
    DatasetOptionError
        If a folder or `longest_side` means nothing.
    PairingError
        If an image has no mask, or one of another size.
    DamagedPictureError
        If a picture cannot be read.
    StorageError
        If the copies cannot be written.
    """
    if isinstance(longest_side, bool) or not isinstance(longest_side, int) or longest_side < 1:
        raise DatasetOptionError(f"longest_side is a whole number of pixels; got {longest_side!r}. {UNTOUCHED}")
    images, masks = _originals(_folder("image_dir", image_dir), _folder("mask_dir", mask_dir))
    home = images.parent / f"{images.name}_{longest_side}px"
    try:
        pairs = _find_pairs(images, masks)
        stamp = _describe(images, masks, pairs, longest_side)
        if not _is_complete(home, stamp, pairs):
            largest = max(max(size_of(pair.image)) for pair in pairs)
            if largest <= WORTH_IT * longest_side:
                tell(f"{images}: {largest} pixels at most, small enough to be used as they are.")
                return PreparedFolders(images, masks)
            if home.exists() and not (home / STAMP).is_file():
                raise StorageError(f"{home} is in the way, and not ours to replace. Rename or delete it. {UNTOUCHED}")
            with exclusively(home):
                if not _is_complete(home, stamp, pairs):  # another notebook may have been faster
                    _make(home, stamp, pairs, longest_side)
            tell(f"{home}: small copies of {len(pairs)} pairs, {longest_side} pixels at most. The originals stay.")
    except OSError as error:
        if isinstance(error, StorageError):
            raise
        raise StorageError.while_writing(home, error) from error
    return PreparedFolders(home / "images", home / "masks")


def _folder(option: str, value: str | Path) -> Path:
    if not isinstance(value, str | os.PathLike) or not str(value) or not Path(value).is_dir():
        raise DatasetOptionError(f"{option} {str(value)!r} is no folder. {UNTOUCHED}")
    return Path(value)


def _originals(images: Path, masks: Path) -> _Pair:
    """Go back from prepared folders to what they were made from, so that the cell can be run twice."""
    stamp = _read_stamp(images.parent)
    if stamp and images.parent == masks.parent and (images.name, masks.name) == ("images", "masks"):
        sources = _Pair(*(images.parent / stamp.get(each, "?") for each in ("images", "masks")))
        if sources.image.is_dir() and sources.mask.is_dir():
            return _Pair(*(Path(os.path.normpath(source)) for source in sources))
    return _Pair(images, masks)


def _find_pairs(images: Path, masks: Path) -> list[_Pair]:
    pairs = [_Pair(image, masks / f"{image.stem}_Segmentation.png") for image in sorted(images.glob("*.jpg"))]
    if not pairs:
        raise DatasetOptionError(f"There are no *.jpg images in {str(images)!r}. {UNTOUCHED}")
    missing = [pair.image.name for pair in pairs if not pair.mask.is_file()]
    if missing:
        raise PairingError(
            f"{len(missing)} of {len(pairs)} images in {str(images)!r} have no mask in {str(masks)!r}, {missing[0]} "
            f"first. Are these the two folders of one download? {UNTOUCHED}"
        )
    return pairs


def _describe(images: Path, masks: Path, pairs: list[_Pair], longest_side: int) -> dict[str, str | int]:
    """Sum up what the copies depend on: settings, and name, size and time of each original."""
    digest = hashlib.sha256()
    for path in (path for pair in pairs for path in pair):
        status = path.stat()
        digest.update(f"{path.name} {status.st_size} {status.st_mtime_ns}\n".encode())
    home = images.parent / "any"  # folders are remembered relative to that of the copies: all of it may be moved
    return {
        "version": VERSION,
        "longest_side": longest_side,
        "images": os.path.relpath(images, home),
        "masks": os.path.relpath(masks, home),
        "originals": digest.hexdigest(),
    }


def _read_stamp(home: Path) -> dict:
    try:
        stamp = json.loads((home / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def _is_complete(home: Path, stamp: dict, pairs: list[_Pair]) -> bool:
    """Whether the copies there are of these originals, and as they were written."""
    written = _read_stamp(home)
    sizes = written.pop("sizes", None)
    return written == stamp and sizes == _sizes(home, pairs)


def _sizes(home: Path, pairs: list[_Pair]) -> dict[str, int]:
    copies = [
        home / folder / path.name for pair in pairs for folder, path in zip(PreparedFolders._fields, pair, strict=True)
    ]
    return {path.name: path.stat().st_size for path in copies if path.is_file()}


def _make(home: Path, stamp: dict, pairs: list[_Pair], longest_side: int) -> None:
    with unfinished_folder(home.parent) as unfinished:
        new, old = unfinished / "new", unfinished / "old"
        for folder in PreparedFolders._fields:
            (new / folder).mkdir(parents=True)
        _shrink_all(pairs, new, longest_side)
        (new / STAMP).write_text(json.dumps(stamp | {"sizes": _sizes(new, pairs)}, indent=1), encoding="utf-8")
        if home.exists():
            os.replace(home, old)
        os.replace(new, home)


def _shrink_all(pairs: list[_Pair], target: Path, longest_side: int) -> None:
    # Threads will do: Pillow decodes, resizes and encodes without holding Python's lock, and processes started from a
    # notebook hang or fail on some systems.
    workers = ThreadPoolExecutor(os.cpu_count())
    try:
        jobs = [
            workers.submit(
                shrink_pair, *pair, target / "images" / pair.image.name, target / "masks" / pair.mask.name, longest_side
            )
            for pair in pairs
        ]
        with progress_bar("Shrinking once for all epochs", len(jobs), "pairs") as bar:
            for job in as_completed(jobs):
                job.result()
                bar.update()
            bar.leave = True
    finally:
        workers.shutdown(cancel_futures=True)  # before the folder they write to goes
