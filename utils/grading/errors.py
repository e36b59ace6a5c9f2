"""Errors of grading."""

from utils.core.errors import WorkshopError

__all__ = ["GradingError", "SubmissionError"]


class GradingError(WorkshopError):
    """A class cannot be graded."""


class SubmissionError(GradingError, LookupError):
    """The folder of submissions is not laid out as ``<student>/<session>/<notebook>.ipynb``."""
