"""Take the chance out of albumentations pipelines: for repeatable draws, and to see through augmentation."""

import contextlib
import copy
import random
from collections.abc import Iterator

import albumentations as A
import numpy as np

from utils.core.expect import describe, expect

__all__ = ["everything_through", "random_states_kept", "reseeded"]


def reseeded(transform, seed: int = 0):
    """Return a copy of a pipeline whose draws repeat from call to call of this function.

    Each step gets a seed of its own. `Compose(seed=...)` of albumentations 2.0.8 gives all steps the same one, so that
    two flips always happen together; what is judged is what was written, not that.
    """
    transform = copy.deepcopy(transform)
    for number, step in enumerate(_steps(transform)):
        step.set_random_state(np.random.default_rng([seed, number]), random.Random(f"{seed} {number}"))
    return transform


@contextlib.contextmanager
def random_states_kept() -> Iterator[None]:
    """Put back the random states of every pipeline that is called in a block."""
    kept: dict[int, tuple] = {}

    def remember(pipeline) -> None:
        for step in _steps(pipeline):
            state = step.random_generator.bit_generator.state, step.py_random.getstate()
            kept.setdefault(id(step), (step, *state))

    try:
        with _calls_replaced(
            lambda call, pipeline, *args, **data: (remember(pipeline), call(pipeline, *args, **data))[1]
        ):
            yield
    finally:
        for step, generator, python in kept.values():
            step.random_generator.bit_generator.state = generator
            step.py_random.setstate(python)


@contextlib.contextmanager
def everything_through(transform) -> Iterator[list]:
    """Send whatever a pipeline is called with in a block through a copy of `transform` instead.

    Samples of an augmented dataset then look the same each time, and the same as in another dataset over the same files.

    Parameters
    ----------
    transform : albumentations.Compose
        The student's `valid_img_ts`; anything else is a `Mismatch`.

    Yields
    ------
    list
        The pipelines that were called; grows.
    """
    pipeline = issubclass(type(transform), A.Compose)
    expect(pipeline, f"`valid_img_ts` is {describe(transform)}, not an `albumentations.Compose`; do exercise 3 first.")
    stand_in, called = copy.deepcopy(transform), []

    def through(call, pipeline, *args, **data):
        called.append(pipeline)
        return call(stand_in, *args, **data)

    with _calls_replaced(through):
        yield called


@contextlib.contextmanager
def _calls_replaced(replacement) -> Iterator[None]:
    original = A.Compose.__call__
    A.Compose.__call__ = lambda pipeline, *args, **data: replacement(original, pipeline, *args, **data)
    try:
        yield
    finally:
        A.Compose.__call__ = original


def _steps(transform) -> list:
    """List a pipeline and everything in it, however deep."""
    inner = [step for child in getattr(transform, "transforms", ()) for step in _steps(child)]
    return ([transform] if isinstance(transform, A.BasicTransform | A.BaseCompose) else []) + inner
