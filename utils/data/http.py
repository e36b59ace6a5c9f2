"""How servers are asked, and how their failures read.

pooch is there for its HTTPDownloader: streaming into a file, proxies and certificates as requests has them; Colab
ships both.
"""

import threading
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from utils.data.errors import DownloadError, UnreachableError

__all__ = ["PassingError", "Timeouts", "failure_of", "http_libraries", "reach", "wait_before_next_try"]

TRIES = 4  # in a row without a new byte
PASSING = {408, 425, 429, 500, 502, 503, 504}  # answers that may be better a little later


@dataclass(frozen=True)
class Timeouts:
    """How long to wait, in seconds.

    Parameters
    ----------
    reach_seconds : float, default 5
        For a server to answer at all: name look-up, connection and first answer together.
    silence_seconds : float, default 30
        For the next bytes, once a download runs.
    pause_seconds : float, default 1
        Before a second try; doubled before each further one.
    longest_pause_seconds : float, default 60
        A server that asks for a longer one is given up.
    """

    reach_seconds: float = 5.0
    silence_seconds: float = 30.0
    pause_seconds: float = 1.0
    longest_pause_seconds: float = 60.0


class PassingError(DownloadError):
    """A failure that may not happen again; `pause_seconds` is what the server asks for, 0 if nothing."""

    def __init__(self, message: str, pause_seconds: float = 0.0) -> None:
        super().__init__(message)
        self.pause_seconds = pause_seconds


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
    pooch, requests = http_libraries()
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


def failure_of(error: Exception, arrived_bytes: int) -> DownloadError:
    """Word what requests raised; a PassingError if another try may help.

    Parameters
    ----------
    error : requests.RequestException
        What was raised.
    arrived_bytes : int
        How much of the file is there.
    """
    _, requests = http_libraries()
    if isinstance(error, requests.HTTPError):
        status, reason = error.response.status_code, error.response.reason
        message = f"the server answered {status} {reason}"
        if status in PASSING:
            return PassingError(message, _seconds_asked_for(error.response.headers.get("Retry-After", "")))
        return DownloadError(message)
    if isinstance(error, requests.exceptions.InvalidURL | requests.TooManyRedirects):
        return DownloadError(f"the address leads nowhere ({type(error).__name__})")
    return PassingError(f"the transfer broke off after {arrived_bytes / 1e6:.1f} MB")


def wait_before_next_try(error: PassingError, tries: int, timeouts: Timeouts, say: Callable[[str], None]) -> None:
    """Wait as long as the server asks for, and longer from try to try; raise if there should be no next one.

    Parameters
    ----------
    error : PassingError
        What came of the last try.
    tries : int
        How many in a row have failed.
    timeouts : Timeouts
        How long pauses are.
    say : callable
        Told what happens.

    Raises
    ------
    DownloadError
        If the server asks for too much patience.
    PassingError
        If it has had its chances.
    """
    seconds = max(error.pause_seconds, timeouts.pause_seconds * 2 ** (tries - 1))
    if seconds > timeouts.longest_pause_seconds:
        raise DownloadError(f"{error}, and asks to come back in {seconds:.0f} seconds") from error
    if tries >= TRIES:
        raise error
    reason = str(error)
    say(f"{reason[:1].upper()}{reason[1:]}; trying again in {seconds:.0f} s.")
    time.sleep(seconds)


def http_libraries():
    """Import pooch and requests late, so that `import utils.data` stays cheap, and without remarks on what is there."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pooch
        import requests
    return pooch, requests


def _seconds_asked_for(retry_after: str) -> float:
    """Read a Retry-After header: seconds or a date (RFC 9110, 10.2.3)."""
    if retry_after.strip().isdigit():
        return float(retry_after)
    try:
        return max(0.0, parsedate_to_datetime(retry_after).timestamp() - time.time())
    except (ValueError, TypeError):
        return 0.0


def _cause(error: Exception) -> str:
    text = str(error)
    if "resolve" in text or "getaddrinfo" in text:
        return "its name cannot be looked up"
    if "refused" in text:
        return "the connection was refused"
    if "SSL" in text or "certificate" in text:
        return "the secure connection was not trusted"
    return "no connection"
