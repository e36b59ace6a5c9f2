"""``python -m utils.grading.demo --out FOLDER``: grade a made-up class of five and show the result."""

import argparse
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from utils.core.errors import WorkshopError
from utils.course.layout import REPOSITORY
from utils.grading.course_folder import notebook_of
from utils.grading.demo_class import STUDENTS, write_class
from utils.grading.isolation.sandbox import why_impossible
from utils.grading.results import ClassResults
from utils.grading.run import GradedClass, Options, grade_class

__all__ = ["main", "unexpected"]


def main(arguments: list[str] | None = None, *, root: Path = REPOSITORY, options: Options | None = None) -> int:
    """Make five submissions, grade them and print the table.

    Parameters
    ----------
    arguments : list of str, optional
        The command line's, unless given.
    root : Path, optional
        The repository whose session it is.
    options : Options, optional
        How the class is graded; always anew.

    Returns
    -------
    int
        0, or 1 if the grades are not what such submissions deserve.
    """
    parser = argparse.ArgumentParser(prog="python -m utils.grading.demo", description=__doc__)
    parser.add_argument("--session", default="SE05")
    parser.add_argument("--out", type=Path, default=Path("build/demo"), help="gets submissions/ and graded/")
    chosen = parser.parse_args(arguments)
    options = replace(options or Options(), regrade=True)
    start = time.monotonic()
    say = partial(print, flush=True)
    obstacle = why_impossible() if options.isolated else None
    if obstacle:  # these submissions are our own
        say(f"Not isolated, because {obstacle}; for a real class `make grade` would refuse.")
        options = replace(options, isolated=False)
    try:
        graded = _run(chosen.session, chosen.out, options, say, root)
    except WorkshopError as error:
        say(error)
        return 1
    say(f"\n{graded.summary()}\n\nThis took {time.monotonic() - start:.0f} s.")
    faults = unexpected(graded.results)
    say("\n".join(faults) or "Full marks for the perfect one, none for the untouched one: as it should be.")
    return 1 if faults else 0


def _run(session: str, out: Path, options: Options, say: Callable, root: Path) -> GradedClass:
    submissions = out / "submissions"
    shutil.rmtree(submissions, ignore_errors=True)
    write_class(notebook_of(session, root), submissions)
    say(f"Five submissions lie in {submissions}: {', '.join(STUDENTS)}.")
    return grade_class(session, submitted=submissions, out=out / "graded", options=options, say=say, root=root)


def unexpected(results: ClassResults) -> list[str]:
    """List in sentences what the grades of the five submissions should not be."""
    best = results.max_score
    faults = [f"The submission {each.student!r} could not be graded." for each in results.students if not each.graded]
    scores = {each.student: each.score for each in results.students if each.graded}
    if scores.get("perfect", best) != best:
        faults.append(f"The perfect submission earned {scores['perfect']} of {best} points.")
    for student in ("untouched", "raises-everywhere"):
        if scores.get(student, 0) != 0:
            faults.append(f"The submission {student!r} earned {scores[student]} points instead of none.")
    for student in ("half-done", "typical-mistakes"):
        if not 0 < scores.get(student, best / 2) < best:
            faults.append(f"The submission {student!r} earned {scores[student]} of {best} points instead of some.")
    return faults


if __name__ == "__main__":
    sys.exit(main())
