"""What an exercise is made of: criteria, the answers they need, and what they share.

An exercise lives in one file of ``utils/checks``::

    @criterion(points=3, hints=("Look at padding.", "A 3x3 kernel keeps the size with padding=1."))
    def keeps_height_and_width(DoubleConv):
        '''The output is as high and as wide as the input.'''
        ...

    EXERCISE = Exercise(number=6, title="Double convolution", answers=("DoubleConv",), criteria=(keeps_height_and_width,))

A parameter names an answer of the student's or a fixture (a function, or a generator that cleans up after its
``yield``), as in pytest.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from utils.core.errors import ExerciseDefinitionError, ExerciseNotFoundError, SessionNotFoundError

__all__ = ["SESSIONS", "Criterion", "Exercise", "Session", "WrittenQuestion", "criterion", "load_session"]

SESSIONS = ("SE05", "SE06")
"""Names of the sessions that have checks, each a package ``utils.checks.<name in lower case>``."""


@dataclass(frozen=True)
class Criterion:
    """One true-or-false claim about an answer.

    Attributes
    ----------
    name : str
        A predicate in the third person, ``keeps_height_and_width``.
    claim : str
        The sentence students read; the docstring of the check.
    points : float
        What it earns; 0 marks advice, which is shown and never counts.
    hints : tuple of str
        From general to specific.
    check : callable
        Takes answers and fixtures by name; raises `utils.core.expect.Mismatch` where the claim is false.
    """

    name: str
    claim: str
    points: float
    hints: tuple[str, ...]
    check: Callable

    @property
    def is_advice(self) -> bool:
        """Whether it earns no points."""
        return self.points == 0

    @property
    def needs(self) -> tuple[str, ...]:
        """Names of the answers and fixtures it takes."""
        return parameters(self.check)


def criterion(*, points: float, hints: tuple[str, ...]) -> Callable[[Callable], Criterion]:
    """Turn a check into a `Criterion`; its name and docstring become the criterion's name and claim.

    Parameters
    ----------
    points : float
        What it earns, at least 0; 0 makes it advice.
    hints : tuple of str
        At least two, from general to specific; never the line of the answer itself.

    Raises
    ------
    ExerciseDefinitionError
        If the docstring or the hints are missing, or the points are negative.
    """

    def wrap(check: Callable) -> Criterion:
        claim = inspect.getdoc(check)
        if not claim:
            raise ExerciseDefinitionError(
                f"Criterion {check.__name__} has no docstring; students read it as its claim."
            )
        if isinstance(hints, str) or len(hints) < 2:
            raise ExerciseDefinitionError(f"Criterion {check.__name__} needs a tuple of at least two hints.")
        if points < 0:
            raise ExerciseDefinitionError(f"Criterion {check.__name__} has {points} points; the least is 0.")
        return Criterion(check.__name__, " ".join(claim.split()), points, tuple(hints), check)

    return wrap


@dataclass(frozen=True)
class Exercise:
    """A numbered task with everything that decides its points.

    Attributes
    ----------
    number : int
    title : str
    answers : tuple of str
        The names students define, as the check cell hands them over.
    criteria : tuple of Criterion
        In reading order; at least one earns points.
    fixtures : tuple of callable
        What several criteria share, computed at most once per check.
    builds_on : tuple of int
        Numbers of earlier exercises whose answers this one uses; a mistake there shows here, too.

    Raises
    ------
    ExerciseDefinitionError
        If no criterion earns points, or one needs a name that is neither an answer nor a fixture.
    """

    number: int
    title: str
    answers: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    fixtures: tuple[Callable, ...] = ()
    builds_on: tuple[int, ...] = ()

    def __post_init__(self):
        if not self.points > 0:
            raise ExerciseDefinitionError(f"Exercise {self.number} has no criterion that earns points.")
        known = {*self.answers, *(fixture.__name__ for fixture in self.fixtures)}
        checks = [criterion.check for criterion in self.criteria]
        for function in (*checks, *self.fixtures):
            unknown = set(parameters(function)) - known
            if unknown:
                raise ExerciseDefinitionError(
                    f"Exercise {self.number}: {function.__name__} needs {sorted(unknown)}; "
                    f"the answers and fixtures are {sorted(known)}."
                )

    @property
    def points(self) -> float:
        """What a perfect answer earns."""
        return sum(criterion.points for criterion in self.criteria)


@dataclass(frozen=True)
class WrittenQuestion:
    """A question that is answered in words and marked by a person.

    Attributes
    ----------
    number : int
        From 1, counted apart from the exercises.
    title : str
    points : float
        The most that can be earned; no part of the session's own sum, which is what a student sees grow.
    """

    number: int
    title: str
    points: float


@dataclass(frozen=True)
class Session:
    """A notebook's exercises and written questions.

    Attributes
    ----------
    name : str
        As students type it, ``"SE05"``.
    title : str
    exercises : tuple of Exercise
        In order of their numbers, each number once.
    questions : tuple of WrittenQuestion
        What is marked by a person, numbered 1, 2, 3 ...
    """

    name: str
    title: str
    exercises: tuple[Exercise, ...]
    questions: tuple[WrittenQuestion, ...] = ()

    def __post_init__(self):
        numbers = [exercise.number for exercise in self.exercises]
        if numbers != sorted(set(numbers)):
            raise ExerciseDefinitionError(f"Session {self.name} lists its exercises as {numbers}.")
        asked = [question.number for question in self.questions]
        if asked != list(range(1, len(asked) + 1)) or not all(question.points > 0 for question in self.questions):
            raise ExerciseDefinitionError(f"Session {self.name} numbers its questions {asked}, or one has no points.")

    @property
    def points(self) -> float:
        """What its exercises can earn, all together."""
        return sum(exercise.points for exercise in self.exercises)

    def exercise(self, number: int) -> Exercise:
        """Return one exercise.

        Raises
        ------
        ExerciseNotFoundError
            If the session has none of that number.
        """
        for exercise in self.exercises:
            if exercise.number == number and not isinstance(number, bool):
                return exercise
        numbers = ", ".join(str(exercise.number) for exercise in self.exercises)
        raise ExerciseNotFoundError(f"There is no exercise {number!r} in {self.name}; it has {numbers}.")


def load_session(name: str) -> Session:
    """Load a session's checks.

    Parameters
    ----------
    name : str
        One of `SESSIONS`.

    Raises
    ------
    SessionNotFoundError
        If there is no such session.
    """
    if name not in SESSIONS:
        raise SessionNotFoundError(f"There is no session {name!r}; the sessions are {', '.join(SESSIONS)}.")
    # By name, because core knows no exercise: the checks import core, not the other way round.
    return import_module(f"utils.checks.{name.lower()}").SESSION


def parameters(function: Callable) -> tuple[str, ...]:
    """Return the names of a function's parameters."""
    return tuple(inspect.signature(function).parameters)
