"""One file over HTTP, from one address, with as many tries as help: a try goes on where the one before broke off."""

from types import TracebackType

from utils.data.errors import CorruptArchiveError
from utils.data.http import PassingError, Timeouts, failure_of, http_libraries, wait_before_next_try
from utils.data.part import Part, Version
from utils.data.progress import progress_bar, say_above

__all__ = ["transfer"]

CHUNK_BYTES = 1 << 16  # what is lost at most when a connection breaks


def transfer(address: str, part: Part, timeouts: Timeouts, *, name: str, most_bytes: int) -> bool:
    """Download what is missing of a file, with a progress bar on standard output.

    Parameters
    ----------
    address : str
        An http or https address.
    part : Part
        What has arrived so far; grows. On an error, what has arrived stays, for the next call to go on from.
    timeouts : Timeouts
        How long to wait for bytes, and between tries.
    name : str
        What to call the file on the bar.
    most_bytes : int
        What would be more cannot be the file.

    Returns
    -------
    bool
        Whether the file was put together from more than one answer.

    Raises
    ------
    DownloadError
        If the server answers with an error, or the transfer breaks off again and again; its message is a phrase, not a
        sentence.
    CorruptArchiveError
        If the server sends more than the file can be.
    """
    resumed, answers, tries = part.can_grow(address), 0, 0
    furthest = part.size if resumed else 0
    with _Sink(address, part, name, most_bytes) as sink:
        while not part.is_whole(address):
            answers += 1
            try:
                _fetch_rest(address, sink, timeouts)
                break
            except PassingError as error:
                tries = 1 if part.size > furthest else tries + 1
                furthest = max(furthest, part.size)
                wait_before_next_try(error, tries, timeouts, say_above)
        sink.finish()
    return resumed or answers > 1


def _fetch_rest(address: str, sink: "_Sink", timeouts: Timeouts) -> None:
    pooch, requests = http_libraries()
    download = pooch.HTTPDownloader(
        chunk_size=CHUNK_BYTES,
        timeout=(timeouts.reach_seconds, timeouts.silence_seconds),
        headers=sink.part.request_headers(address),
        hooks={"response": sink.begin},  # pooch itself never looks whether the whole file comes, or the rest of it
    )
    try:
        download(address, sink, None)
    except requests.HTTPError as error:
        if error.response.status_code == 416:  # the file is shorter than what we have of it
            sink.part.discard()
            raise PassingError("the server holds less than it promised before") from error
        raise failure_of(error, sink.part.size) from error
    except requests.RequestException as error:
        raise failure_of(error, sink.part.size) from error
    finally:
        sink.end()
    expected = sink.part.version().total_bytes
    if expected is not None and sink.part.size < expected:
        raise PassingError(f"the transfer broke off after {sink.part.size / 1e6:.1f} MB")


class _Sink:
    """What pooch writes into: the growing file and its bar."""

    def __init__(self, address: str, part: Part, name: str, most_bytes: int) -> None:
        self.address, self.part, self.name, self.most_bytes = address, part, name, most_bytes
        self._bar = self._file = self._response = None

    def begin(self, response, **_) -> None:
        """Look at an answer before its body is read: it goes on where we stopped, or starts at the beginning."""
        self._response = response
        if response.is_redirect or not response.ok:
            return  # followed by requests, or raised by pooch
        version = Version.of(self.address, response.headers)
        if (version.total_bytes or 0) > self.most_bytes:
            raise CorruptArchiveError(self._too_large(version.total_bytes))
        if response.status_code != 206:
            self.part.start_over(version)
        elif not self.part.fits(version, response.headers.get("Content-Range", "")):
            self.part.discard()
            raise PassingError("the server sent another part than was asked for")
        self._file = open(self.part.path, "ab")  # noqa: SIM115 - closed by `end`
        self._show(version.total_bytes)

    def write(self, chunk: bytes) -> None:
        """Take in some bytes."""
        if self._file.tell() + len(chunk) > self.most_bytes:
            raise CorruptArchiveError(self._too_large(self._file.tell() + len(chunk)))
        self._file.write(chunk)
        self._bar.update(len(chunk))

    def flush(self) -> None:
        """Do nothing: what counts is on disk when the answer ends."""

    def end(self) -> None:
        """Close file and connection; pooch leaves the latter open when it is interrupted."""
        for each in (self._file, self._response):
            if each is not None:
                each.close()
        self._file = self._response = None

    def finish(self) -> None:
        """Leave the full bar standing."""
        if self._bar is not None:
            self._bar.leave = True

    def _show(self, total: int | None) -> None:
        if self._bar is None:
            self._bar = progress_bar(self.name, total, "B", initial=self.part.size)
        else:
            self._bar.total, self._bar.n = total, self.part.size

    def _too_large(self, found: int) -> str:
        return f"what it sends has {found / 1e6:.0f} MB or more; at most {self.most_bytes / 1e6:.0f} MB were expected"

    def __enter__(self) -> "_Sink":
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.end()
        if self._bar is not None:
            self._bar.close()
