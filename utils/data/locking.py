"""One download of a file at a time, even with several notebooks open.

filelock is there because its locks vanish with the process that held them, on every system; torch brings it along.
"""

import getpass
import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from utils.data.notices import tell

__all__ = ["exclusively"]


@contextmanager
def exclusively(path: Path) -> Iterator[None]:
    """Keep other processes on this computer from fetching `path` meanwhile; wait if one is at it already.

    Parameters
    ----------
    path : Path
        What is about to be made. The lock itself lies among the system's temporary files, because data folders are
        often on drives that know no locks.
    """
    from filelock import FileLock, Timeout

    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container without a list of users
        user = ""
    mark = hashlib.sha256(f"{user} {path.resolve()}".encode()).hexdigest()[:16]
    lock = FileLock(Path(tempfile.gettempdir()) / f"transfer-learning-workshop-{mark}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        tell(f"Another notebook is fetching {path.name}; waiting for it to finish.")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()
