"""The environment variables of the workshop, read in this one place."""

import os
from pathlib import Path

from utils.core.errors import SettingsError

__all__ = ["attempt_log", "fast_mode", "use_sample"]


def use_sample() -> bool:
    """Say whether the embedded sample is to be served without trying a download.

    Returns
    -------
    bool
        True if ``WORKSHOP_DATA=sample``; False if the variable is unset or empty.

    Raises
    ------
    SettingsError
        If the variable holds anything else.
    """
    return _flag("WORKSHOP_DATA", "sample")


def fast_mode() -> bool:
    """Say whether trainings are cut to a few steps, as in tests and grading.

    Returns
    -------
    bool
        True if ``WORKSHOP_FAST=1``; False if the variable is unset, empty or 0.

    Raises
    ------
    SettingsError
        If the variable holds anything else.
    """
    return _flag("WORKSHOP_FAST", "1", off=("", "0"))


def attempt_log() -> Path | None:
    """Return the file in which attempts are recorded, or None where they are not.

    They are not if ``WORKSHOP_LOG=off``, and not in tests and grading.

    Raises
    ------
    SettingsError
        If ``WORKSHOP_LOG`` holds anything but ``off``.
    """
    if _flag("WORKSHOP_LOG", "off") or fast_mode():
        return None
    return Path.home() / ".transfer-learning-workshop" / "attempts.jsonl"


def _flag(name: str, on: str, off: tuple[str, ...] = ("",)) -> bool:
    value = os.environ.get(name, "")
    if value != on and value not in off:
        raise SettingsError(f"The environment variable {name} is {value!r}; it can be {on!r} or unset.")
    return value == on
