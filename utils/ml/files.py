"""Files that are whole or not there."""

import os
from collections.abc import Callable
from pathlib import Path

__all__ = ["write_whole"]


def write_whole(path: Path, write: Callable[[Path], None], previous: Path | None = None) -> None:
    """Have `write` fill a neighbour of `path` that then takes its place: whoever reads `path` never meets half a file.

    The file that was there is kept as `previous`, if that is given.

    What a killed process leaves behind has one name, ``.<name>.part``, and is overwritten by the next attempt.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.part")
    try:
        write(partial)
        with partial.open("rb+") as file:
            os.fsync(file.fileno())  # a rename may reach the disk before what it renames
        if previous is not None and path.exists():
            os.replace(path, previous)
        os.replace(partial, path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
