"""Timings that are worth watching: ``python -m tests.bench``. Never asserted, because machines differ."""

import subprocess
import sys
import time

from utils.core.exercise import SESSIONS, load_session


def main() -> None:
    """Print the time of each import and of each check on its solution."""
    for name in ("utils", "utils.core", "torch", *(f"utils.checks.{session.lower()}" for session in SESSIONS)):
        print(f"import {name:20} {_import_seconds(name):6.2f} s")
    for session in SESSIONS:
        _time_checks(session)


def _time_checks(session: str) -> None:
    from tests.checks.harness import judge

    total = 0.0
    for exercise in load_session(session).exercises:
        judge(exercise.number, session=session)  # fills caches that a notebook fills once
        seconds = _check_seconds(session, exercise.number)
        total += seconds
        print(f"{session} check {exercise.number:2} {exercise.title:40} {seconds:6.2f} s")
    print(f"{session + ', all checks':54} {total:6.2f} s")


def _check_seconds(session: str, number: int) -> float:
    import contextlib
    import io

    from tests.checks.harness import state_after
    from utils.core import ExerciseChecker

    checker = ExerciseChecker(session)
    answers = {name: state_after(number, session)[name] for name in checker.session.exercise(number).answers}
    start = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        checker.check_exercise(number, answers)
    return time.perf_counter() - start


def _import_seconds(name: str) -> float:
    code = f"import time; s = time.perf_counter(); import {name}; print(time.perf_counter() - s)"
    return float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)


if __name__ == "__main__":
    main()
