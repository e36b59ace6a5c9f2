"""Errors of training, evaluation and plotting.

WorkshopError
├── OptionError         an option has a value that means nothing here
├── MissingAnswerError  an answer that is still `...` was passed on
├── BatchError          what a loader gives, or a model returns, does not fit
└── TrainingError       the training cannot go on
"""

from utils.core.errors import WorkshopError

__all__ = ["BatchError", "MissingAnswerError", "OptionError", "TrainingError"]


class OptionError(WorkshopError, ValueError):
    """An option has a value that means nothing here."""


class MissingAnswerError(WorkshopError, TypeError):
    """An object that an exercise should have defined is still missing."""

    def __init__(self, name: str, value: object) -> None:
        self.name = name
        seen = "`...`" if value is ... else repr(value)
        super().__init__(
            f"`{name}` is {seen}: the exercise that defines it has no answer yet. "
            "Answer it, run its cell, then run this one again."
        )


class BatchError(WorkshopError, ValueError):
    """A batch of a loader, or the output of a model, has the wrong form."""


class TrainingError(WorkshopError, RuntimeError):
    """The training cannot go on."""
