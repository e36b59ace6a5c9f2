"""The archives that can be downloaded: the one place that knows their names, addresses and contents."""

import difflib
import re
from dataclasses import dataclass

from utils.data.errors import UnknownDatasetError

__all__ = ["ARCHIVES", "Archive", "find_archive", "partner_of"]

MAIN = "https://isic-archive.s3.amazonaws.com/challenges/2016/"  # since September 2025
MIRROR = "https://isic-challenge-data.s3.amazonaws.com/2016/"  # before it
IMAGE_PATTERN = r"ISIC_(\d{7})\.jpg"
MASK_PATTERN = r"ISIC_(\d{7})_Segmentation\.png"
CITATION = (
    "Gutman et al. (2016), Skin Lesion Analysis toward Melanoma Detection: A Challenge at the International "
    "Symposium on Biomedical Imaging (ISBI) 2016, arXiv:1605.01397"
)


@dataclass(frozen=True)
class Archive:
    """One zip archive, and what it must hold to be trusted.

    Parameters
    ----------
    name : str
        What students type.
    file_name : str
        Name of the zip file.
    addresses : tuple of str
        Where it can be had, the first one first.
    size_megabytes : int
        About how large the zip file is.
    member_count : int
        Number of images or masks in it.
    member_pattern : str
        Regular expression for the names of these; its one group is the number that image and mask share.
    split : {"training", "test"}
        Which part of the data set.
    content : {"images", "masks"}
        Which half of each pair.
    licence, citation : str
        Terms of use, and whom to thank.
    """

    name: str
    file_name: str
    addresses: tuple[str, ...]
    size_megabytes: int
    member_count: int
    member_pattern: str
    split: str
    content: str
    licence: str = "CC-0"
    citation: str = CITATION

    @property
    def stem(self) -> str:
        """The file name without its ending; names the folder of the extracted files."""
        return self.file_name.removesuffix(".zip")

    def number_of(self, member_name: str) -> str | None:
        """Read the number that pairs image and mask from a file name; None if it is none of the wanted files."""
        found = re.fullmatch(self.member_pattern, member_name)
        return found.group(1) if found else None


def _isic(name: str, part: str, size_megabytes: int, member_count: int, split: str, content: str) -> Archive:
    file_name = f"ISBI2016_ISIC_Part1_{part}.zip"
    return Archive(
        name=name,
        file_name=file_name,
        addresses=(MAIN + file_name, MIRROR + file_name),
        size_megabytes=size_megabytes,
        member_count=member_count,
        member_pattern=IMAGE_PATTERN if content == "images" else MASK_PATTERN,
        split=split,
        content=content,
    )


ARCHIVES = (
    _isic("skin lesions", "Training_Data", 602, 900, "training", "images"),
    _isic("skin lesions masks", "Training_GroundTruth", 6, 900, "training", "masks"),
    _isic("skin lesions test", "Test_Data", 232, 379, "test", "images"),
    _isic("skin lesions test masks", "Test_GroundTruth", 2, 379, "test", "masks"),
)


def find_archive(name: str) -> Archive:
    """Find an archive by the name students type.

    Parameters
    ----------
    name : str
        Upper and lower case, and spaces around it, do not matter.

    Returns
    -------
    Archive
        Its record.

    Raises
    ------
    UnknownDatasetError
        If there is none of that name; the message suggests the nearest.

    Examples
    --------
    >>> find_archive("skin lesions masks").member_count
    900
    """
    by_name = {archive.name: archive for archive in ARCHIVES}
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
    """Find the record of the other half of the pairs: the masks to some images, or the images to some masks."""
    return next(each for each in ARCHIVES if each.split == archive.split and each.content != archive.content)
