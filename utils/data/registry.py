"""The datasets that can be downloaded: the one place that knows their names, addresses and contents."""

import difflib

from utils.data.entries import Archive, DataFile, Entry
from utils.data.errors import UnknownDatasetError

__all__ = ["CHEST_XRAYS", "DATASETS", "SKIN_LESIONS", "find_dataset", "partner_of"]

MAIN = "https://isic-archive.s3.amazonaws.com/challenges/2016/"  # since September 2025
MIRROR = "https://isic-challenge-data.s3.amazonaws.com/2016/"  # before it
ZENODO = "https://zenodo.org/records/10519652/files/"  # MedMNIST v2, version of January 2024
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


def _pneumonia(side: int, size_megabytes: int, md5: str) -> DataFile:
    file_name = f"pneumoniamnist_{side}.npz" if side != 28 else "pneumoniamnist.npz"
    return DataFile(
        name=f"chest x-rays {side}",
        file_name=file_name,
        addresses=(f"{ZENODO}{file_name}?download=1",),
        size_megabytes=size_megabytes,
        licence="CC BY 4.0",
        citation=(
            "Yang et al. (2023), MedMNIST v2, Scientific Data 10, 41, doi:10.1038/s41597-022-01721-8; "
            "Kermany et al. (2018), Cell 172(5), 1122-1131"
        ),
        md5=md5,
        sample="utils.data.xrays:draw_xrays",
    )


# Sizes are those of the images uncompressed, which the files do not exceed; MD5 as Zenodo states them.
CHEST_XRAYS = (
    _pneumonia(28, 5, "28209eda62fecd6e6a2d98b1501bb15f"),
    _pneumonia(64, 24, "8f4eceb4ccffa70c672198ea285246c6"),
    _pneumonia(128, 96, "05b46931834c231683c68f40c47b2971"),
    _pneumonia(224, 294, "d6a3c71de1b945ea11211b03746c1fe1"),
)

DATASETS: tuple[Entry, ...] = (*SKIN_LESIONS, *CHEST_XRAYS)


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
