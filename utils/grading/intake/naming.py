"""Ids that are safe as names of folders, on any file system and in nbgrader."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable

__all__ = ["safe_id", "unique_ids"]

LONGEST = 64


def safe_id(name: str, lms_id: str = "") -> str:
    """Turn a student's name into an id of letters, digits, dots, hyphens and underscores.

    Parameters
    ----------
    name : str
    lms_id : str, optional
        The platform's number; it tells two students of one name apart.

    Examples
    --------
    >>> safe_id("Zoë O'Neil", "4711")
    'Zoe-O-Neil-4711'
    >>> safe_id("../../etc")
    'etc'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", plain).strip("-._")[:LONGEST].strip("-._")
    if not plain:  # a name in another script
        plain = "student" if lms_id else f"student-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
    return f"{plain}-{lms_id}" if lms_id else plain


def unique_ids(wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Give each student (name, platform's number) an id; where two would share one, the later gets a number.

    Ids that differ in case only count as shared, because some file systems cannot tell them apart.
    """
    given: dict[tuple[str, str], str] = {}
    taken: set[str] = set()
    for student in sorted(set(wanted)):
        base, count = safe_id(*student), 1
        chosen = base
        while chosen.casefold() in taken:
            count += 1
            chosen = f"{base}-{count}"
        taken.add(chosen.casefold())
        given[student] = chosen
    return given
