"""One cell of a source, and what Python makes of its text; the grader reads cells with it, too."""

import re
from dataclasses import dataclass, field

from utils.course.errors import Problem

__all__ = ["SourceCell", "python_of"]


@dataclass(frozen=True)
class SourceCell:
    """One cell of a source.

    Attributes
    ----------
    number : int
        From 1, as counted in the notebook.
    kind : str
        ``"code"``, ``"markdown"`` or ``"raw"``.
    text : str
        As it stands in the notebook: markdown without the leading ``# ``.
    line : int
        Line of the file, from 1, on which `text` begins.
    metadata : dict
    """

    number: int
    kind: str
    text: str
    line: int
    metadata: dict = field(default_factory=dict)

    @property
    def lines(self) -> list[str]:
        """The text's lines."""
        return self.text.split("\n")

    @property
    def is_code(self) -> bool:
        """Whether it is a code cell."""
        return self.kind == "code"

    def problem(self, row: int, message: str) -> Problem:
        """Return a problem of this cell; `row` counts the text's lines from 1."""
        return Problem(self.number, self.line + row - 1, message)


def python_of(text: str) -> str:
    """Return a code cell's text with IPython's magics made harmless; the number of lines stays."""
    if text.lstrip().startswith("%%"):
        return "\n" * text.count("\n")
    return re.sub(r"(?m)^(\s*)[%!?].*$", r"\1pass", text)
