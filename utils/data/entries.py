"""What the registry knows about a dataset, whichever form it comes in."""

import re
from dataclasses import dataclass
from pathlib import PurePath

__all__ = ["Archive", "DataFile", "Entry"]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One file that can be downloaded.

    Parameters
    ----------
    name : str
        What students type.
    file_name : str
        Under which name it is kept.
    addresses : tuple of str
        Where it can be had, the first one first.
    size_megabytes : int
        About how large it is. Decides how much free disk is asked for, and what is too large to be the file.
    licence, citation : str
        Terms of use, and whom to thank.
    """

    name: str
    file_name: str
    addresses: tuple[str, ...]
    size_megabytes: int
    licence: str
    citation: str

    @property
    def stem(self) -> str:
        """The file name without its ending; names what is kept beside the file."""
        return PurePath(self.file_name).stem


@dataclass(frozen=True, kw_only=True)
class Archive(Entry):
    """A zip archive of images or masks, and what it must hold to be trusted.

    Parameters
    ----------
    member_count : int
        Number of images or masks in it.
    member_pattern : str
        Regular expression for the names of these; its one group is the number that image and mask share.
    split : {"training", "test"}
        Which part of the data set.
    content : {"images", "masks"}
        Which half of each pair.
    """

    member_count: int
    member_pattern: str
    split: str
    content: str

    def number_of(self, member_name: str) -> str | None:
        """Read the number that pairs image and mask from a file name; None if it is none of the wanted files."""
        found = re.fullmatch(self.member_pattern, member_name)
        return found.group(1) if found else None


@dataclass(frozen=True, kw_only=True)
class DataFile(Entry):
    """A single file that is used as it comes, such as an `.npz` file of arrays.

    Parameters
    ----------
    md5 : str
        Its checksum as the publisher states it, 32 hexadecimal digits.
    sample : str, optional
        What draws a file to serve in its place where nothing can be downloaded, as ``"package.module:function"``. The
        function is called with the entry and the path to write; the module's ``DRAWING`` is a text that changes
        whenever the drawing does. Without it, nothing takes the file's place.
    """

    md5: str
    sample: str = ""
