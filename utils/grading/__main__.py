"""``python -m utils.grading SE05 --submitted FOLDER --out FOLDER``."""

import argparse
import sys
from functools import partial
from pathlib import Path

from utils.core.errors import WorkshopError
from utils.grading.run import grade_class

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    """Grade a class.

    Parameters
    ----------
    arguments : list of str, optional
        The command line's, unless given.

    Returns
    -------
    int
        0 if every submission was graded, 1 if one could not be, 2 if nothing was graded.
    """
    parser = argparse.ArgumentParser(prog="python -m utils.grading", description=__doc__)
    parser.add_argument("session", help="such as SE05")
    parser.add_argument("--submitted", type=Path, required=True, help="holds <student>/<session>/<notebook>.ipynb")
    parser.add_argument(
        "--out", type=Path, required=True, help="where grades and feedback go; new, empty or an earlier run's"
    )
    options = parser.parse_args(arguments)
    say = partial(print, flush=True)
    try:
        graded = grade_class(options.session, submitted=options.submitted, out=options.out, say=say)
    except WorkshopError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    say(graded.summary())
    return 0 if all(each.graded for each in graded.results.students) else 1


if __name__ == "__main__":
    sys.exit(main())
