"""``python -m utils.course build [--check]``."""

import argparse
import sys

from utils.core.errors import WorkshopError
from utils.course.build import find_stale, write_notebooks

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    """Build the notebooks, or check that they are what their sources give.

    Parameters
    ----------
    arguments : list of str, optional
        The command line's, unless given.

    Returns
    -------
    int
        0 if all is well, 1 if a source has problems or a notebook is stale.
    """
    parser = argparse.ArgumentParser(prog="python -m utils.course", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    build = commands.add_parser("build", help="write solution and student notebooks from solutions/*/*.py")
    build.add_argument("--check", action="store_true", help="write nothing; fail if a notebook is stale")
    options = parser.parse_args(arguments)
    try:
        return _check() if options.check else _write()
    except WorkshopError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1


def _write() -> int:
    changed = write_notebooks()
    print("\n".join(f"wrote {name}" for name in changed) or "Every notebook is what its source gives.")  # noqa: T201
    return 0


def _check() -> int:
    stale = find_stale()
    for each in stale:
        print(f"{each.name} is not what its source gives; run `make build`.\n{each.difference}", file=sys.stderr)  # noqa: T201
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
