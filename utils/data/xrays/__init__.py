"""The embedded sample of chest X-rays: drawn by code, for when nothing outside can be reached.

numpy and Pillow are all it needs. The pictures show no patient; results on them say nothing about real lungs.
"""

from pathlib import Path

import numpy as np

from utils.data.entries import DataFile
from utils.data.xrays.picture import draw_chest

__all__ = ["DRAWING", "SAMPLE_COUNTS", "SICK_SHARE", "draw_chest", "draw_split", "draw_xrays", "side_of"]

DRAWING = "1"  # raise it when pictures change, so that a file drawn before is drawn again
SAMPLE_COUNTS = {"train": 400, "val": 60, "test": 120}
SICK_SHARE = 0.6  # in PneumoniaMNIST it is 0.74 of the training and 0.63 of the test images
SEED = 2018
ORIGINAL_SIDE = 28  # pixels, of the file whose name does not say it


def draw_xrays(entry: DataFile, path: Path) -> None:
    """Draw the sample in the form of a MedMNIST file.

    Parameters
    ----------
    entry : DataFile
        What was asked for; its file's name says how large the pictures are.
    path : Path
        Written: an ``.npz`` file with `train_images`, `train_labels` and so on for `val` and `test`; images are uint8
        (N, side, side), labels uint8 (N, 1), 0 normal and 1 pneumonia.
    """
    arrays = {}
    for split in SAMPLE_COUNTS:
        arrays[f"{split}_images"], arrays[f"{split}_labels"] = draw_split(split, side_of(entry))
    with path.open("wb") as file:
        np.savez_compressed(file, **arrays)


def draw_split(split: str, side: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw the pictures of one split and their labels; the same ones on every call.

    Parameters
    ----------
    split : {"train", "val", "test"}
    side : int
        Height and width in pixels.

    Returns
    -------
    images : ndarray, shape (N, side, side), uint8
    labels : ndarray, shape (N, 1), uint8
    """
    count, place = SAMPLE_COUNTS[split], list(SAMPLE_COUNTS).index(split)
    labels = np.zeros(count, np.uint8)
    labels[: round(SICK_SHARE * count)] = 1
    np.random.default_rng([SEED, place]).shuffle(labels)
    images = [
        draw_chest(np.random.default_rng([SEED, place, number]), side, sick=bool(label))
        for number, label in enumerate(labels)
    ]
    return np.stack(images), labels[:, None]


def side_of(entry: DataFile) -> int:
    """Read the pictures' side in pixels from a file's name, such as ``pneumoniamnist_64.npz``."""
    number = entry.stem.rpartition("_")[2]
    return int(number) if number.isdigit() else ORIGINAL_SIDE
