"""``python -m utils.grading SE05 --submitted PATH --out FOLDER``."""

import argparse
import sys
from functools import partial
from pathlib import Path

from utils.core.errors import WorkshopError
from utils.grading.report.late import parse_due
from utils.grading.run import Options, grade_class

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
        0 if every submission was graded, 1 if one could not be, 2 if nothing was graded, 3 if it was stopped and goes on
        when called again.
    """
    options = _parser().parse_args(arguments)
    say = partial(print, flush=True)
    try:
        chosen = Options(
            workers=options.workers,
            scheduler=options.scheduler,
            due=parse_due(options.due) if options.due else None,
            regrade=options.regrade,
            isolated=not options.no_isolation,
            everything=options.everything,
        )
        graded = grade_class(options.session, submitted=options.submitted, out=options.out, options=chosen, say=say)
    except WorkshopError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    except KeyboardInterrupt:
        print("\nStopped. What was graded is safe; the same command goes on from here.", file=sys.stderr)  # noqa: T201
        return 3
    say(graded.summary())
    return 0 if all(each.graded for each in graded.results.students) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m utils.grading", description=__doc__)
    add = parser.add_argument
    add("session", help="such as SE05")
    add(
        "--submitted", type=Path, required=True, help="a folder or a zip: nbgrader's layout, flat, Moodle's or Canvas's"
    )
    add(
        "--out",
        type=Path,
        required=True,
        help="where grades and feedback go; new, empty or an earlier run's, which goes on",
    )
    add("--workers", type=int, help="processes on this computer (default: one for each processor)")
    add("--scheduler", help="address of a Dask scheduler, such as tcp://10.0.0.1:8786, to grade on a cluster")
    add("--due", help="when it was due, such as 2026-11-20T18:00; later submissions are late")
    add("--regrade", action="store_true", help="run everything again, even where results of an earlier run hold")
    add("--everything", action="store_true", help="run cells that only demonstrate, too, such as trainings")
    add(
        "--no-isolation",
        action="store_true",
        help="run students' code with your own rights; only if you trust all of it",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
