"""How long each check takes on the solution, once a notebook has filled its caches."""

import contextlib
import io
import statistics
import time
from collections.abc import Iterable

from tests.benchmarks.table import Row

ROUNDS = 3
LIMIT_SECONDS, TOTAL_SECONDS = 1.0, 4.0


def rows() -> Iterable[Row]:
    """Measure CPU seconds of each check, and add them up."""
    from tests.checks.harness import SESSION

    total = 0.0
    for exercise in SESSION.exercises:
        with contextlib.redirect_stdout(io.StringIO()):
            seconds = _check_seconds(exercise)
        total += seconds
        yield Row(
            f"check {exercise.number}: {exercise.title}"[:46], seconds, "limit", LIMIT_SECONDS, "at most 1", "CPU"
        )
    yield Row(f"all checks of {SESSION.name}", total, "limit", TOTAL_SECONDS, "at most 1", "CPU")


def _check_seconds(exercise) -> float:
    from tests.checks.harness import state_after
    from utils.core import ExerciseChecker

    answers = {name: state_after(exercise.number)[name] for name in exercise.answers}
    checker, times = ExerciseChecker("SE05"), []
    for _ in range(ROUNDS + 1):  # the first fills caches
        start = time.process_time()
        checker.check_exercise(exercise.number, answers)
        times.append(time.process_time() - start)
    return statistics.median(times[1:])
