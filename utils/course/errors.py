"""Errors of the authoring pipeline.

CourseError        a session cannot be built
└── SourceError    its source breaks rules; carries every problem found, with file, cell and line
"""

from collections.abc import Sequence
from dataclasses import dataclass

from utils.core.errors import WorkshopError

__all__ = ["CourseError", "Problem", "SourceError"]


class CourseError(WorkshopError):
    """A session cannot be built."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in a source.

    Attributes
    ----------
    cell : int
        The cell's number in the notebook, from 1; 0 where no cell is meant.
    line : int
        Line of the source file, from 1; 0 where no line is meant.
    message : str
        A sentence: what is wrong and what to do.
    """

    cell: int
    line: int
    message: str

    def located(self, name: str) -> str:
        """Return the sentence with the place in front of it."""
        place = [name]
        if self.cell:
            place.append(f"cell {self.cell}")
        if self.line:
            place.append(f"line {self.line}")
        return f"{', '.join(place)}: {self.message}"


class SourceError(CourseError):
    """A source breaks rules; no notebook was written.

    Attributes
    ----------
    name : str
        The source file, relative to the repository.
    problems : tuple of Problem
        In order of their lines.
    """

    def __init__(self, name: str, problems: Sequence[Problem]):
        self.name = name
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line))
        super().__init__(name, self.problems)

    def __str__(self) -> str:
        found = "\n".join(problem.located(self.name) for problem in self.problems)
        return f"{found}\nNo notebook of this source was written."
