"""The checker, the quizzes and the setup: what students call, and what an exercise's checks are written with."""

from importlib import import_module

__all__ = ["ExerciseChecker", "QuizManager", "Score", "choose_device", "prepare_environment"]

_HOMES = {
    "ExerciseChecker": "checker",
    "QuizManager": "quiz",
    "Score": "report",
    "choose_device": "environment",
    "prepare_environment": "environment",
}


def __getattr__(name):
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted([*globals(), *__all__])
