"""How much memory a submission's processes take together; the kernel's own limits are for each process alone."""

import contextlib
from pathlib import Path

import psutil

__all__ = ["private_bytes"]

FEW = 4
"""Up to so many processes the limit of each is limit enough: kernel, its first process, a judge, one more."""


def private_bytes(pid: int) -> int:
    """Return the memory that a process and its descendants share with nobody, in bytes; 0 while they are few.

    Pages that a fork has not written to belong to nobody alone and are not counted.
    """
    with contextlib.suppress(psutil.Error):
        family = psutil.Process(pid).children(recursive=True)
        if len(family) > FEW:
            return sum(_private_bytes(each.pid) for each in family)
    return 0


def _private_bytes(pid: int) -> int:
    with contextlib.suppress(OSError):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return sum(1024 * int(line.split()[1]) for line in lines if line.startswith("Private_"))
    return 0
