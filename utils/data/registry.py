"""The datasets that can be downloaded: the one place that knows their names, addresses and contents."""

import difflib

from utils.data.entries import Archive, Entry
from utils.data.errors import UnknownDatasetError

__all__ = ["DATASETS", "SKIN_LESIONS", "find_dataset", "partner_of"]

MAIN = "https://isic-archive.s3.amazonaws.com/challenges/2016/"  # since September 2025
MIRROR = "https://isic-challenge-data.s3.amazonaws.com/2016/"  # before it
IMAGE_PATTERN = r"ISIC_(\d{7})\.jpg"
MASK_PATTERN = r"ISIC_(\d{7})_Segmentation\.png"
CITATION = (
    "Gutman et al. (2016), Skin Lesion Analysis toward Melanoma Detection: A Challenge at the International "
    "Symposium on Biomedical Imaging (ISBI) 2016, arXiv:1605.01397"
)


def _isic(name: str, part: str, size_megabytes: int, member_count: int, split: str, content: str) -> Archive:
    file_name = f"ISBI2016_ISIC_Part1_{part}.zip"
    return Archive(
        name=name,
        file_name=file_name,
        addresses=(MAIN + file_name, MIRROR + file_name),
        size_megabytes=size_megabytes,
        licence="CC-0",
        citation=CITATION,
        member_count=member_count,
        member_pattern=IMAGE_PATTERN if content == "images" else MASK_PATTERN,
        split=split,
        content=content,
    )


SKIN_LESIONS = (
    _isic("skin lesions", "Training_Data", 602, 900, "training", "images"),
    _isic("skin lesions masks", "Training_GroundTruth", 6, 900, "training", "masks"),
    _isic("skin lesions test", "Test_Data", 232, 379, "test", "images"),
    _isic("skin lesions test masks", "Test_GroundTruth", 2, 379, "test", "masks"),
)

DATASETS: tuple[Entry, ...] = SKIN_LESIONS


def find_dataset(name: str) -> Entry:
    """Find a dataset by the name students type.

    Parameters
    ----------
    name : str
        Upper and lower case, and spaces around it, do not matter.

    Returns
    -------
    Entry
        What is known about it.

    Raises
    ------
    UnknownDatasetError
        If there is none of that name; the message suggests the nearest.

    Examples
    --------
    >>> find_dataset("skin lesions masks").member_count
    900
    """
    by_name = {entry.name: entry for entry in DATASETS}
    wanted = " ".join(name.lower().split()) if isinstance(name, str) else name
    if isinstance(wanted, str) and wanted in by_name:
        return by_name[wanted]
    near = difflib.get_close_matches(str(wanted), by_name, n=1)
    suggestion = f" Did you mean {near[0]!r}?" if near else ""
    names = ", ".join(repr(known) for known in by_name)
    raise UnknownDatasetError(
        f"There is no dataset {name!r}.{suggestion} The names are {names}. Nothing was downloaded or changed."
    )


def partner_of(archive: Archive) -> Archive:
    """Find the other half of the pairs: the masks to some images, or the images to some masks."""
    return next(each for each in SKIN_LESIONS if each.split == archive.split and each.content != archive.content)
