"""How long each check takes on the solution, once a notebook has filled its caches."""

import contextlib
import io
import statistics
import time
from collections.abc import Iterable

from tests.benchmarks.table import Row
from utils.core.exercise import SESSIONS, Exercise, Session, load_session

ROUNDS = 3
LIMIT_SECONDS, TOTAL_SECONDS = 1.0, 4.0


def rows() -> Iterable[Row]:
    """Measure CPU seconds of each check, and add them up."""
    for session in SESSIONS:
        yield from _rows_of(load_session(session))


def _rows_of(session: Session) -> Iterable[Row]:
    total = 0.0
    for exercise in session.exercises:
        with contextlib.redirect_stdout(io.StringIO()):
            seconds = _check_seconds(session.name, exercise)
        total += seconds
        what = f"{session.name} check {exercise.number}: {exercise.title}"[:46]
        yield Row(what, seconds, "limit", LIMIT_SECONDS, "at most 1", "CPU")
    yield Row(f"all checks of {session.name}", total, "limit", TOTAL_SECONDS, "at most 1", "CPU")


def _check_seconds(session: str, exercise: Exercise) -> float:
    import torch

    from tests.checks.harness import state_after
    from utils.core import ExerciseChecker

    torch.set_num_threads(1)  # a thread that waits for another one counts as CPU time, too
    answers = {name: state_after(exercise.number, session)[name] for name in exercise.answers}
    checker, times = ExerciseChecker(session), []
    for _ in range(ROUNDS + 1):  # the first fills caches
        start = time.process_time()
        checker.check_exercise(exercise.number, answers)
        times.append(time.process_time() - start)
    return statistics.median(times[1:])
