"""Errors of grading.

WorkshopError
└── GradingError           a class cannot be graded
    ├── SubmissionError    the submissions are not laid out as they should be
    ├── IsolationError     students' code cannot be isolated on this computer
    └── StorageError       a result cannot be written
"""

from utils.core.errors import WorkshopError

__all__ = ["GradingError", "IsolationError", "StorageError", "SubmissionError"]


class GradingError(WorkshopError):
    """A class cannot be graded."""


class SubmissionError(GradingError, LookupError):
    """The folder of submissions is not laid out as ``<student>/<session>/<notebook>.ipynb``."""


class IsolationError(GradingError):
    """Students' code cannot be isolated on this computer, and nobody said to run it as it is."""


class StorageError(GradingError, OSError):
    """A result cannot be written: the disk is full, read-only or locked."""
