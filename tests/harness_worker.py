"""Judge a mutant in a process of its own: quiet, single-threaded, with a time limit."""

import contextlib
import io
import os

os.environ.update(WORKSHOP_DATA="sample", WORKSHOP_FAST="1", NO_ALBUMENTATIONS_UPDATE="1", MPLBACKEND="agg")

SECONDS = 60.0


def judge_silently(session: str, number: int, code: str) -> bool:
    """Say whether the code earns full marks; code that raises or does not end earns none."""
    import torch

    from tests.checks.harness import run, state_before
    from utils.core import ExerciseChecker
    from utils.core.exercise import load_session
    from utils.core.isolation import TimeLimitExceeded, time_limit

    torch.set_num_threads(1)
    state_before(number, session)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        try:
            with time_limit(SECONDS):
                # Nothing comes from the solution here: a mutant that drops a name has dropped it.
                namespace = run(code, dict(state_before(number, session)))
                answers = {name: namespace[name] for name in load_session(session).exercise(number).answers}
                return ExerciseChecker(session).check_exercise(number, answers).passed
        except (Exception, TimeLimitExceeded, SystemExit):  # noqa: BLE001 - a mutant may raise anything
            return False
