"""Validation of what callers pass: names, answers, counts."""

import functools
import inspect
from collections.abc import Callable
from difflib import get_close_matches
from typing import TypeVar

from utils.ml.errors import MissingAnswerError, OptionError

__all__ = ["check_answers", "check_count", "suggest_options"]

Function = TypeVar("Function", bound=Callable)


def suggest_options(function: Function) -> Function:
    """Let a misspelt keyword raise a `TypeError` that names the right one, as Python itself does from 3.13 on."""
    names = list(inspect.signature(function).parameters)

    @functools.wraps(function)
    def call(*args, **kwargs):
        for unknown in [name for name in kwargs if name not in names]:
            close = get_close_matches(unknown, names, n=1)
            advice = f"Did you mean '{close[0]}'?" if close else f"The options are: {', '.join(names)}."
            raise TypeError(f"{function.__name__}() got an unexpected keyword argument '{unknown}'. {advice}")
        return function(*args, **kwargs)

    return call


def check_answers(**answers: object) -> None:
    """Raise `MissingAnswerError` for the first of the named objects that is still ``...`` or None."""
    for name, value in answers.items():
        if value is ... or value is None:
            raise MissingAnswerError(name, value)
        if isinstance(value, type):
            raise OptionError(f"`{name}` is the class {value.__name__}; make an object of it: {value.__name__}(...).")


def check_count(name: str, value: object, most: int | None = None) -> int:
    """Return `value` if it is a whole number from 1 to `most`; raise `OptionError` otherwise."""
    whole = isinstance(value, int) and not isinstance(value, bool)
    if not whole or value < 1 or (most is not None and value > most):
        limits = "of at least 1" if most is None else f"from 1 to {most}"
        raise OptionError(f"{name} needs to be a whole number {limits}; got {value!r}.")
    return value
