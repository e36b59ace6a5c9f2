"""A file on a server, read here and there by range requests, so that zipfile can open an archive without fetching it.

The small library for this, remotezip, is neither on Colab nor does it try again, wait as told or notice that the file
changed between two reads; on top of zipfile and requests the whole of it is this page.
"""

import io
from typing import BinaryIO

from utils.data.errors import CorruptArchiveError, DownloadError
from utils.data.http import PassingError, Timeouts, failure_of, http_libraries, wait_before_next_try
from utils.data.part import Version
from utils.data.progress import say_above

__all__ = ["open_remote"]

BLOCK_BYTES = 1 << 20  # read ahead: neighbours in an archive come with one request


def open_remote(address: str, timeouts: Timeouts) -> BinaryIO:
    """Open the file at an address for reading and seeking; close it to end the connection.

    Parameters
    ----------
    address : str
        An http or https address.
    timeouts : Timeouts
        How long to wait for bytes, and between tries.

    Raises
    ------
    DownloadError
        If the server answers with an error or does not send parts of files; reading raises it, too, also when the
        connection breaks off again and again or the file changes meanwhile. The message is a phrase, not a sentence.
    """
    raw = _RangeReader(address, timeouts)
    try:
        raw.measure()
    except BaseException:
        raw.close()
        raise
    return io.BufferedReader(raw, BLOCK_BYTES)


class _RangeReader(io.RawIOBase):
    """Bytes of one version of a remote file; `BufferedReader` makes a comfortable file of it."""

    def __init__(self, address: str, timeouts: Timeouts) -> None:
        _, requests = http_libraries()
        self._session = requests.Session()  # keeps the connection between reads
        self._address, self._timeouts = address, timeouts
        self._version: Version | None = None
        self._position = 0

    def measure(self) -> None:
        """Learn size and version from a first byte."""
        self._ask(0, 1)

    def readable(self) -> bool:
        """Say yes."""
        return True

    def seekable(self) -> bool:
        """Say yes."""
        return True

    def tell(self) -> int:
        """Return the position of the next read."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move the position of the next read."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._version.total_bytes}[whence]
        if base + offset < 0:
            raise ValueError(f"cannot seek to {base + offset}")
        self._position = base + offset
        return self._position

    def readinto(self, buffer: bytearray) -> int:
        """Fill the buffer from the server as far as the file reaches."""
        end = min(self._position + len(buffer), self._version.total_bytes)
        if end <= self._position:
            return 0
        content = self._ask(self._position, end)
        buffer[: len(content)] = content
        self._position = end
        return len(content)

    def close(self) -> None:
        """End the connection."""
        self._session.close()
        super().close()

    def _ask(self, start: int, end: int) -> bytes:
        tries = 0
        while True:
            tries += 1
            try:
                return self._ask_once(start, end)
            except PassingError as error:
                wait_before_next_try(error, tries, self._timeouts, say_above)

    def _ask_once(self, start: int, end: int) -> bytes:
        _, requests = http_libraries()
        headers = {"Range": f"bytes={start}-{end - 1}", "Accept-Encoding": "identity"}
        waits = (self._timeouts.reach_seconds, self._timeouts.silence_seconds)
        try:
            with self._session.get(self._address, headers=headers, timeout=waits, stream=True) as answer:
                answer.raise_for_status()
                self._check(answer, start)
                content = answer.content
        except requests.RequestException as error:
            raise failure_of(error, 0) from error
        if len(content) != end - start:
            raise PassingError(f"the server sent {len(content)} bytes instead of {end - start}")
        return content

    def _check(self, answer, start: int) -> None:
        """Refuse whole files before their body is read, and parts of another version."""
        version = Version.of(self._address, answer.headers)
        content_range = answer.headers.get("Content-Range", "")
        if answer.status_code != 206 or version.total_bytes is None:
            raise DownloadError("the server sends only whole files; leave limit= out to download all of it")
        if not content_range.startswith(f"bytes {start}-"):
            raise PassingError("the server sent another part than was asked for")
        self._version = self._version or version
        if version != self._version:
            raise CorruptArchiveError("the file changed on the server while it was read")
