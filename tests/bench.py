"""Timings that are worth watching: ``python -m tests.bench``. Never asserted, because machines differ."""

import subprocess
import sys
import time


def main() -> None:
    """Print the time of each import and of each check on its solution."""
    for name in ("utils", "utils.core", "torch", "utils.checks.se05"):
        print(f"import {name:20} {_import_seconds(name):6.2f} s")
    from tests.checks.harness import SESSION, judge

    total = 0.0
    for exercise in SESSION.exercises:
        judge(exercise.number)  # fills caches that a notebook fills once
        seconds = _check_seconds(exercise.number)
        total += seconds
        print(f"check {exercise.number:2} {exercise.title:40} {seconds:6.2f} s")
    print(f"{'all checks':49} {total:6.2f} s")


def _check_seconds(number: int) -> float:
    import contextlib
    import io

    from tests.checks.harness import SESSION, state_after
    from utils.core import ExerciseChecker

    checker = ExerciseChecker("SE05")
    answers = {name: state_after(number)[name] for name in SESSION.exercise(number).answers}
    start = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        checker.check_exercise(number, answers)
    return time.perf_counter() - start


def _import_seconds(name: str) -> float:
    code = f"import time; s = time.perf_counter(); import {name}; print(time.perf_counter() - s)"
    return float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)


if __name__ == "__main__":
    main()
