"""Where an archive and its files lie on disk, and whether what lies there can be trusted."""

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from utils.data.registry import Archive

__all__ = ["Store", "unfinished_folder"]

ABANDONED_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Store:
    """The files of one archive below a folder.

    Parameters
    ----------
    root : Path
        The student's `dest_path`.
    archive : Archive
        Whose files.
    """

    root: Path
    archive: Archive

    @property
    def zip_path(self) -> Path:
        """The compressed archive."""
        return self.root / self.archive.file_name

    @property
    def folder(self) -> Path:
        """The extracted files; only ever moved here complete."""
        return self.root / self.archive.stem

    @property
    def record_path(self) -> Path:
        """What was verified: written once an archive has been found good."""
        return self.root / f"{self.archive.stem}.json"

    def record(self) -> dict:
        """Read what was verified; empty if nothing was."""
        try:
            record = json.loads(self.record_path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return record if isinstance(record, dict) else {}

    def write_record(self, address: str) -> dict:
        """Remember the verified archive at `zip_path`: its size, hash and number of files, and where it came from."""
        record = {
            "file_name": self.archive.file_name,
            "address": address,
            "size_bytes": self.zip_path.stat().st_size,
            "sha256": _sha256(self.zip_path),
            "member_count": self.archive.member_count,
        }
        with unfinished_folder(self.root) as unfinished:
            draft = unfinished / self.record_path.name
            draft.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
            os.replace(draft, self.record_path)
        return record

    def has_archive(self) -> bool:
        """Whether the compressed archive is there, as it was verified."""
        return self.zip_path.is_file() and self.zip_path.stat().st_size == self.record().get("size_bytes")

    def has_files(self) -> bool:
        """Whether all extracted files are there."""
        return self.folder.is_dir() and len(self.numbers_in(self.folder)) == self.record().get("member_count")

    def numbers_in(self, folder: Path) -> set[str]:
        """Read the numbers of the images or masks in a folder."""
        found = (self.archive.number_of(name) for name in os.listdir(folder))
        return {number for number in found if number is not None}

    def take_in(self, extracted: Path) -> None:
        """Move a folder of extracted files into place; files of the student's own that lie there stay."""
        if not self.folder.exists():
            os.replace(extracted, self.folder)
            return
        for path in sorted(extracted.iterdir()):
            os.replace(path, self.folder / path.name)


@contextmanager
def unfinished_folder(root: Path) -> Iterator[Path]:
    """Lend a temporary folder on the disk of `root`; it is removed whatever happens.

    What a killed kernel left behind is removed once it is a day old.
    """
    root.mkdir(parents=True, exist_ok=True)
    for old in root.glob(".unfinished-*"):
        if time.time() - old.stat().st_mtime > ABANDONED_SECONDS:
            shutil.rmtree(old, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=".unfinished-", dir=root) as folder:
        yield Path(folder)


def _sha256(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
