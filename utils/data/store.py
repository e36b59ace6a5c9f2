"""Where a dataset lies on disk, and whether what lies there can be trusted."""

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

from utils.data.entries import Archive, Entry

__all__ = ["Store", "file_hash", "unfinished_folder"]

ABANDONED_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Store:
    """The files of one dataset below a folder.

    Parameters
    ----------
    root : Path
        The student's `dest_path`.
    entry : Entry
        Whose files.
    limit : int, optional
        Only the first pictures of an archive, as many as this; they have a folder of their own.
    """

    root: Path
    entry: Entry
    limit: int | None = None

    @property
    def file_path(self) -> Path:
        """The file as it is downloaded; only ever moved here complete and verified."""
        return self.root / self.entry.file_name

    @property
    def part_path(self) -> Path:
        """What has arrived of the file so far."""
        return self.root / f"{self.entry.file_name}.part"

    @property
    def folder(self) -> Path:
        """The extracted files of an archive; only ever moved here complete."""
        return self.root / self._stem

    @property
    def record_path(self) -> Path:
        """What was verified: written once a file has been found good."""
        return self.root / f"{self._stem}.json"

    @property
    def _stem(self) -> str:
        return self.entry.stem if self.limit is None else f"{self.entry.stem}_first_{self.limit}"

    def record(self) -> dict:
        """Read what was verified; empty if nothing was."""
        try:
            record = json.loads(self.record_path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return record if isinstance(record, dict) else {}

    def write_record(self, address: str) -> dict:
        """Remember what was verified: where it came from, size and hash of the file, what an archive holds."""
        record = {"file_name": self.entry.file_name, "address": address}
        if self.limit is None:
            record |= {"size_bytes": self.file_path.stat().st_size, "sha256": file_hash(self.file_path, "sha256")}
        if isinstance(self.entry, Archive):
            record["member_count"] = self.limit or self.entry.member_count
        with unfinished_folder(self.root) as unfinished:
            draft = unfinished / self.record_path.name
            draft.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
            os.replace(draft, self.record_path)
        return record

    def has_file(self) -> bool:
        """Whether the downloaded file is there, as it was verified."""
        return self.file_path.is_file() and self.file_path.stat().st_size == self.record().get("size_bytes")

    def has_folder(self) -> bool:
        """Whether all files of an archive are there, extracted."""
        return self.folder.is_dir() and len(self.numbers_in(self.folder)) == self.record().get("member_count")

    def numbers_in(self, folder: Path) -> set[str]:
        """Read the numbers of the images or masks in a folder."""
        found = (self.entry.number_of(name) for name in os.listdir(folder))
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


def file_hash(path: Path, algorithm: str) -> str:
    """Compute the hash of a file, in hexadecimal digits."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, algorithm).hexdigest()
