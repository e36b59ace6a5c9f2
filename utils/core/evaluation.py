"""Run an exercise's criteria on a student's answers."""

import contextlib
import inspect
import random
from collections.abc import Mapping

from utils.core.exercise import Criterion, Exercise, parameters
from utils.core.expect import Mismatch
from utils.core.isolation import TimeLimitExceeded, time_limit, undisturbed
from utils.core.report import Outcome, Result
from utils.core.student_errors import describe_error, is_stub, stub_owner

__all__ = ["SECONDS_PER_CRITERION", "evaluate"]

SECONDS_PER_CRITERION = 120.0
"""Longest time for one criterion; right answers need under a second, slow machines and full-size images more."""


def evaluate(exercise: Exercise, answers: Mapping[str, object], seed: int = 0) -> tuple[Result, ...]:
    """Judge answers by each criterion of an exercise.

    Whatever the student's code does, this returns: an exception becomes a result, output is dropped, and the
    process is as before.

    Parameters
    ----------
    exercise : Exercise
    answers : mapping of str to object
        The student's objects by name; a name that is missing or still ``...`` is not attempted.
    seed : int, default 0
        Decides the random inputs.

    Returns
    -------
    tuple of Result
        One for each criterion, in order.
    """
    with undisturbed(), contextlib.ExitStack() as cleanup:
        supplies = _Supplies(exercise, answers, cleanup)
        return tuple(_judge(criterion, supplies, seed) for criterion in exercise.criteria)


class _NotAttempted(Exception):  # noqa: N818 - an outcome, not an error
    """An answer that a criterion needs is missing."""


class _Supplies:
    """Answers and fixtures by name; a fixture runs once, and one that failed fails again for whoever needs it."""

    def __init__(self, exercise: Exercise, answers: Mapping[str, object], cleanup: contextlib.ExitStack):
        self._answers, self._cleanup = answers, cleanup
        self._fixtures = {fixture.__name__: fixture for fixture in exercise.fixtures}
        self._made: dict[str, object] = {}
        self._failed: dict[str, BaseException] = {}

    def arguments(self, function) -> list[object]:
        return [self._get(name) for name in parameters(function)]

    def _get(self, name: str) -> object:
        if name in self._fixtures:
            return self._fixture(name)
        if name not in self._answers:
            raise _NotAttempted(f"`{name}` was not handed to the check; restore the check cell as it was.")
        if self._answers[name] is ...:
            raise _NotAttempted(f"`{name}` is still the stub's `...`.")
        return self._answers[name]

    def _fixture(self, name: str) -> object:
        if name in self._failed:
            raise self._failed[name]
        if name not in self._made:
            try:
                self._made[name] = self._make(self._fixtures[name])
            except BaseException as error:
                self._failed[name] = error
                raise
        return self._made[name]

    def _make(self, fixture) -> object:
        arguments = self.arguments(fixture)
        if inspect.isgeneratorfunction(fixture):
            return self._cleanup.enter_context(contextlib.contextmanager(fixture)(*arguments))
        return fixture(*arguments)


def _judge(criterion: Criterion, supplies: _Supplies, seed: int) -> Result:
    _seed_everything(seed)
    try:
        with time_limit(SECONDS_PER_CRITERION):
            criterion.check(*supplies.arguments(criterion.check))
    except (Mismatch, _NotAttempted) as verdict:
        missing = isinstance(verdict, _NotAttempted)
        return Result(criterion, Outcome.NOT_ATTEMPTED if missing else Outcome.FAILED, str(verdict))
    except TimeLimitExceeded as limit:
        return Result(criterion, Outcome.CRASHED, f"Your code did not finish: {limit}. Is there a loop without end?")
    except (KeyboardInterrupt, GeneratorExit):
        raise
    except BaseException as error:  # noqa: BLE001 - the one place where student code may raise anything
        if is_stub(error):
            return Result(criterion, Outcome.NOT_ATTEMPTED, f"`{stub_owner(error)}` is still the stub.")
        return Result(criterion, Outcome.CRASHED, describe_error(error))
    return Result(criterion, Outcome.PASSED)


def _seed_everything(seed: int) -> None:
    import numpy as np
    import torch

    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
