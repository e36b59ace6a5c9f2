"""Errors of training, evaluation and plotting.

WorkshopError
├── OptionError         an option has a value that means nothing here
├── MissingAnswerError  an answer that is still `...` was passed on
├── BatchError          what a loader gives, or a model returns, does not fit
├── WeightsFileError    a file of stand-in weights is missing or damaged
└── TrainingError       the training cannot go on
"""

from pathlib import Path

from utils.core.errors import WorkshopError

__all__ = ["BatchError", "MissingAnswerError", "OptionError", "TrainingError", "WeightsFileError"]


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


class WeightsFileError(WorkshopError, RuntimeError):
    """A file of the stand-in weights is not as it was published."""

    def __init__(self, path: Path, fault: str) -> None:
        self.path = path
        super().__init__(
            f"The stand-in weights cannot be used: {path} {fault}. Nothing else is affected, and no work is lost. "
            "Fetch the course again (delete its folder and run the setup cell, or `git checkout` that file), or connect "
            "to the internet, so that the ImageNet weights can be fetched instead."
        )
