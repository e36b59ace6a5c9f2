"""The sample on disk: which pictures it holds, and how they get there all or not at all."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from utils.data.errors import StorageError, UnknownDatasetError
from utils.data.sample.picture import draw_pair

__all__ = ["SAMPLE_COUNTS", "SampleFolders", "draw_sample", "sample_numbers"]

SAMPLE_COUNTS = {"training": 100, "test": 30}
DRAWING = "1"  # raise it when pictures change, so that folders drawn before are drawn again
FIRST_NUMBER, LAST_NUMBER = 9_000_000, 9_000_799  # far from the numbers of any real picture in the archive
JPEG_QUALITY = 92
STAMP = "drawn.txt"


class SampleFolders(NamedTuple):
    """Where the drawn pictures of one split lie."""

    images: Path
    masks: Path


def sample_numbers(split: str) -> list[int]:
    """List the numbers of a split's pictures, rising and with gaps, as in the archive.

    Parameters
    ----------
    split : {"training", "test"}
        Which part of the sample.

    Returns
    -------
    list of int
        No number is in both splits.

    Raises
    ------
    UnknownDatasetError
        If there is no such split.
    """
    if split not in SAMPLE_COUNTS:
        raise UnknownDatasetError(f"There is no split {split!r} of the sample; there are {', '.join(SAMPLE_COUNTS)}.")
    everyone = np.random.default_rng(2016).choice(
        np.arange(FIRST_NUMBER, LAST_NUMBER + 1), sum(SAMPLE_COUNTS.values()), replace=False
    )
    training, test = np.split(everyone, [SAMPLE_COUNTS["training"]])
    return sorted({"training": training, "test": test}[split].tolist())


def draw_sample(folder: str | Path, split: str) -> SampleFolders:
    """Draw one split of the embedded sample into a folder; return at once if it is there, complete.

    The pictures are drawn by code and show no patient. An interrupted call leaves no folder behind. The same
    machine draws the same bytes each time.

    Parameters
    ----------
    folder : str or Path
        Where `images/` and `masks/` go. Belongs to the sample: what else it holds is replaced when it is incomplete.
    split : {"training", "test"}
        100 or 30 pairs of `ISIC_<7 digits>.jpg` (RGB) and `ISIC_<7 digits>_Segmentation.png` (L, 0 or 255).

    Returns
    -------
    SampleFolders
        `images` and `masks`.

    Raises
    ------
    UnknownDatasetError
        If there is no such split.
    StorageError
        If the folder cannot be written.
    """
    numbers = sample_numbers(split)
    folder = Path(folder)
    folders = SampleFolders(folder / "images", folder / "masks")
    if not _is_complete(folder, numbers):
        try:
            _draw_all(folder, numbers)
        except OSError as error:
            raise StorageError.while_writing(folder, error) from error
    return folders


def _is_complete(folder: Path, numbers: list[int]) -> bool:
    stamp = folder / STAMP
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != DRAWING:
        return False
    return all((folder / name).is_file() for number in numbers for name in _names(number))


def _names(number: int) -> Iterator[str]:
    yield f"images/ISIC_{number:07d}.jpg"
    yield f"masks/ISIC_{number:07d}_Segmentation.png"


def _draw_all(folder: Path, numbers: list[int]) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".unfinished-", dir=folder.parent) as unfinished:
        drawn = Path(unfinished) / "new"
        (drawn / "images").mkdir(parents=True)
        (drawn / "masks").mkdir()
        for number in numbers:
            image, mask = draw_pair(number)
            image_name, mask_name = _names(number)
            image.save(drawn / image_name, quality=JPEG_QUALITY)
            mask.save(drawn / mask_name)
        (drawn / STAMP).write_text(DRAWING, encoding="utf-8")
        if not _is_complete(folder, numbers):  # another kernel may have been faster
            _move_into_place(drawn, folder, Path(unfinished) / "old")


def _move_into_place(drawn: Path, folder: Path, outdated: Path) -> None:
    """Rename, so that no moment shows half a folder; what was there before goes with the temporary folder."""
    if folder.exists():
        os.replace(folder, outdated)
    os.replace(drawn, folder)
