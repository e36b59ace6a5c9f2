"""A file that has begun to arrive: how much of it is there, and of which version."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Part", "Version"]


@dataclass(frozen=True)
class Version:
    """What an answer says about the file behind an address.

    Parameters
    ----------
    address : str
        Where it lies. Mirrors may name versions differently, so nothing is carried from one to the other.
    validator : str
        The entity tag or, without a strong one, the time of the last change; empty if the server states neither.
    total_bytes : int or None
        How large the whole file is; None if the server does not say.
    """

    address: str
    validator: str
    total_bytes: int | None

    @classmethod
    def of(cls, address: str, headers: Mapping[str, str]) -> "Version":
        """Read the version from an answer's headers, whether it brings the whole file or a part of it."""
        if "Content-Encoding" in headers:  # then neither lengths nor ranges are those of the file
            return cls(address, "", None)
        tag = headers.get("ETag", "")
        validator = headers.get("Last-Modified", "") if tag.startswith("W/") or not tag else tag
        length = re.fullmatch(r"bytes \d+-\d+/(\d+)", headers.get("Content-Range", ""))
        length = length[1] if length else headers.get("Content-Length", "")
        return cls(address, validator, int(length) if length.isdigit() else None)


class Part:
    """The bytes of a download so far. They are worth something only together, and only after verification.

    Parameters
    ----------
    path : Path
        Where they lie; what is known about them lies beside it, with the ending `.note`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.note_path = path.with_name(path.name + ".note")

    @property
    def size(self) -> int:
        """Number of bytes that are there."""
        return self.path.stat().st_size if self.path.is_file() else 0

    def version(self) -> Version | None:
        """Say of which version the bytes are, or None if that is not known."""
        try:
            return Version(**json.loads(self.note_path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def can_grow(self, address: str) -> bool:
        """Whether the rest may be asked for at this address."""
        version = self.version()
        if version is None or version.address != address or self.size == 0:
            return False
        return bool(version.total_bytes) and self.size <= version.total_bytes

    def is_whole(self, address: str) -> bool:
        """Whether as many bytes are there as the server promised."""
        return self.can_grow(address) and self.size == self.version().total_bytes

    def request_headers(self, address: str) -> dict[str, str]:
        """Ask for the rest of the very same version, or for all of it if that has changed (RFC 9110, 13.1.5)."""
        headers = {"Accept-Encoding": "identity"}
        if self.can_grow(address):
            headers["Range"] = f"bytes={self.size}-"
            if self.version().validator:
                headers["If-Range"] = self.version().validator
        return headers

    def fits(self, version: Version, content_range: str) -> bool:
        """Whether an answer goes on exactly where these bytes end; it need not name its version again."""
        known = self.version()
        same = known is not None and version.total_bytes == known.total_bytes
        return same and version.validator in ("", known.validator) and content_range.startswith(f"bytes {self.size}-")

    def start_over(self, version: Version) -> None:
        """Throw away the bytes, before those of another version come in."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_bytes(b"")  # first, so that no bytes ever stand beside another version's note
        self.note_path.write_text(json.dumps(vars(version)), encoding="utf-8")

    def discard(self) -> None:
        """Leave nothing behind."""
        self.path.unlink(missing_ok=True)
        self.note_path.unlink(missing_ok=True)
