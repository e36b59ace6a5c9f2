"""Errors raised on wrong use of the workshop's tools.

WorkshopError
├── SettingsError            an environment variable holds something unknown
├── SessionNotFoundError     there is no such session
├── ExerciseNotFoundError    the session has no such exercise
├── QuizNotFoundError        the session has no such quiz
├── QuizAnswerError          an answer is none of the question's options
├── QuizFormatError          a quiz file breaks the format
├── InstallError             a package is missing here and could not be installed
└── ExerciseDefinitionError  an exercise's checks are written wrongly (a fault of ours)

A student's wrong answer is never an error: it is a verdict.
"""

__all__ = [
    "ExerciseDefinitionError",
    "ExerciseNotFoundError",
    "InstallError",
    "QuizAnswerError",
    "QuizFormatError",
    "QuizNotFoundError",
    "SessionNotFoundError",
    "SettingsError",
    "WorkshopError",
]


class WorkshopError(Exception):
    """Base of every error that the workshop's tools raise on purpose."""


class SettingsError(WorkshopError, ValueError):
    """An environment variable holds a value that means nothing here."""


class SessionNotFoundError(WorkshopError, LookupError):
    """There is no session of that name."""


class ExerciseNotFoundError(WorkshopError, LookupError):
    """The session has no exercise of that number."""


class QuizNotFoundError(WorkshopError, LookupError):
    """The session has no quiz of that number."""


class QuizAnswerError(WorkshopError, ValueError):
    """An answer is not the letter of one of the question's options."""


class QuizFormatError(WorkshopError, ValueError):
    """A quiz file breaks the format; the message names file and question."""


class InstallError(WorkshopError, RuntimeError):
    """A package that the notebooks need is missing and could not be installed."""

    def _render_traceback_(self):  # a notebook shows the message alone, without the lines of code that led to it
        return [str(self)]


class ExerciseDefinitionError(WorkshopError, TypeError):
    """An exercise's checks contradict themselves; raised when they are defined, never while they run."""
