"""One file over HTTP, from one address.

pooch is there for its HTTPDownloader: streaming to a file with a progress bar, proxies and certificates as requests
has them; Colab ships it.
"""

import sys
import threading
import warnings
from dataclasses import dataclass
from pathlib import Path

from tqdm.std import tqdm  # not tqdm.auto: the plain bar needs no widgets, and can be told to stay off stderr

from utils.data.errors import DownloadError, UnreachableError

__all__ = ["Timeouts", "reach", "transfer"]

CHUNK_BYTES = 1 << 18


@dataclass(frozen=True)
class Timeouts:
    """How long to wait, in seconds.

    Parameters
    ----------
    reach_seconds : float, default 5
        For a server to answer at all: name look-up, connection and first answer together.
    silence_seconds : float, default 30
        For the next bytes, once a download runs.
    """

    reach_seconds: float = 5.0
    silence_seconds: float = 30.0


def reach(address: str, timeouts: Timeouts) -> None:
    """Make sure that a server answers, whatever it answers.

    Asks in a thread: the time-outs of sockets cover neither the look-up of a name nor a name with many unreachable
    numbers, and either can hold an offline laptop for a minute.

    Parameters
    ----------
    address : str
        An http or https address.
    timeouts : Timeouts
        When to give up.

    Raises
    ------
    UnreachableError
        If it does not answer within `timeouts.reach_seconds`; the message is a phrase, not a sentence.
    """
    pooch, requests = _http()
    seconds = timeouts.reach_seconds
    failures = [f"no answer within {seconds:g} seconds"]

    def ask() -> None:
        try:
            pooch.HTTPDownloader(timeout=seconds)(address, None, None, check_only=True)
            failures.clear()
        except requests.Timeout:
            pass
        except Exception as error:  # noqa: BLE001 - what a thread does not catch lands on stderr
            failures[:] = [_cause(error)]

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(seconds)
    for failure in list(failures):  # a copy: the thread may still answer
        raise UnreachableError(failure)


def transfer(address: str, target: Path, timeouts: Timeouts) -> None:
    """Download `address` to `target`, with a progress bar on standard output.

    Parameters
    ----------
    address : str
        An http or https address.
    target : Path
        Written; what it holds is worth nothing if an error is raised.
    timeouts : Timeouts
        When to give up.

    Raises
    ------
    DownloadError
        If the server answers with an error, or the transfer breaks off; its message is a phrase, not a sentence.
    """
    pooch, requests = _http()
    waits = (timeouts.reach_seconds, timeouts.silence_seconds)
    with _Bar(file=sys.stdout, desc=target.name, unit="B", unit_scale=True, ncols=100, mininterval=0.5) as bar:
        download = pooch.HTTPDownloader(progressbar=bar, chunk_size=CHUNK_BYTES, timeout=waits)
        try:
            bar.leave = False  # a bar that stopped half-way is wiped out
            download(address, str(target), None)
        except requests.HTTPError as error:
            error.response.close()  # pooch leaves it open
            status = f"{error.response.status_code} {error.response.reason}"
            raise DownloadError(f"the server answered {status}") from error
        except requests.RequestException as error:
            size = target.stat().st_size / 1e6 if target.exists() else 0
            raise DownloadError(f"the transfer broke off after {size:.1f} MB") from error


class _Bar(tqdm):
    """A bar as pooch handles it."""

    def __bool__(self) -> bool:
        """Be true: pooch asks before the size is known, which tqdm answers with an error."""
        return True

    def reset(self, total: float | None = None) -> None:
        """Go back to zero and keep the clock: pooch does this at the end, to fill the bar."""
        self.n = 0
        self.leave = True


def _http():
    """Import late, so that `import utils.data` stays cheap, and without warnings about what is installed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pooch
        import requests
    return pooch, requests


def _cause(error: Exception) -> str:
    text = str(error)
    if "resolve" in text or "getaddrinfo" in text:
        return "its name cannot be looked up"
    if "refused" in text:
        return "the connection was refused"
    if "SSL" in text or "certificate" in text:
        return "the secure connection was not trusted"
    return "no connection"
