"""Start a zygote and stop it again."""

import json
import os
import selectors
import subprocess
import sys
import tempfile
from pathlib import Path

from utils.core.exercise import Session
from utils.grading.errors import GradingError, IsolationError
from utils.grading.isolation.sandbox import why_impossible
from utils.grading.isolation.supplies import SUPPLIES
from utils.grading.session_data import session_from_data

__all__ = ["Nursery", "last_words"]

LOG = "log"
"""Beside the zygote's socket: what it and its kernels have to say when something fails."""

PATIENCE = 300
"""Seconds for loading the libraries, on a machine that is busy."""

KEPT = ("PATH", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "TZ", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "PYTHONPATH")
"""Environment variables that a kernel sees; others may hold an instructor's secrets."""


class Nursery:
    """A zygote, running while the context lasts.

    Parameters
    ----------
    repository : Path
        The course; its ``utils`` are loaded.
    session : str
    checks : str
        The module that holds the session's checks.
    text : str
        The notebook's code: what it asks for is drawn once for all.
    isolated : bool
        False runs submissions with the rights of whoever grades; only where that was asked for by name.

    Attributes
    ----------
    socket : Path
        Where kernels are asked for.
    session : Session
        The session's exercises, described.

    Raises
    ------
    IsolationError
        If this computer cannot isolate and was not told to go without.
    """

    session: Session

    def __init__(self, repository: Path, session: str, checks: str, *, text: str = "", isolated: bool = True):
        reason = why_impossible() if isolated else None
        if reason:
            raise IsolationError(
                f"Submissions cannot be isolated here: {reason}. Grade on a Linux computer that allows user namespaces, "
                "or add --no-isolation: then students' code can read and write whatever you can. Nothing was graded."
            )
        self._folder = tempfile.TemporaryDirectory(prefix="wz-", ignore_cleanup_errors=True)
        self.socket = Path(self._folder.name) / "zygote"
        command = [sys.executable, "-m", "utils.grading.isolation.zygote", "--socket", self.socket]
        command += ["--repository", repository, "--session", session, "--checks", checks]
        command += ["--supplies", *(name for name, call in SUPPLIES.items() if call in text)]
        command += [] if isolated else ["--no-isolation"]
        self._log = open(self.socket.with_name(LOG), "w+")  # noqa: SIM115 - closed with the zygote
        self._process = subprocess.Popen(
            [str(each) for each in command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=_environment(repository),
            cwd="/",
            start_new_session=True,  # Ctrl-C is for the grader
        )

    def wait(self) -> "Nursery":
        """Wait until kernels can be asked for.

        Raises
        ------
        GradingError
            If the libraries cannot be loaded.
        """
        with selectors.DefaultSelector() as events:
            events.register(self._process.stdout, selectors.EVENT_READ)
            line = self._process.stdout.readline() if events.select(PATIENCE) else b""
        if not line:
            self._log.seek(0)
            said = self._log.read()[-1500:] or "it said nothing"
            raise GradingError(f"The process that forks kernels did not start; nothing was graded.\n{said}")
        self.session = session_from_data(json.loads(line))
        return self

    @property
    def pid(self) -> int:
        """The zygote's process id."""
        return self._process.pid

    def close(self) -> None:
        """End the zygote and every kernel of it."""
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        self._log.close()
        self._folder.cleanup()

    def __enter__(self) -> "Nursery":
        return self

    def __exit__(self, *exception) -> None:
        self.close()


def last_words(zygote: Path) -> str:
    """Return the last line of the log beside a zygote's socket, or nothing."""
    try:
        lines = zygote.with_name(LOG).read_text(errors="replace").splitlines()
    except OSError:
        return ""
    return lines[-1][:300] if lines else ""


def _environment(repository: Path) -> dict[str, str]:
    from utils.grading.environment import grading_settings

    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    path = os.pathsep.join(filter(None, [str(repository), kept.get("PYTHONPATH", "")]))
    return {
        **kept,
        **grading_settings(),
        "PYTHONPATH": path,
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
