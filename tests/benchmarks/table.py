"""One table of ratios, printed row by row."""

import re
from dataclasses import dataclass

__all__ = ["Row", "format_row", "format_said", "heading"]

WIDTHS = (46, 12, 34, 12, 7)
TITLES = ("what", "takes", "against", "which takes", "ratio")


@dataclass(frozen=True)
class Row:
    """Two durations measured side by side, or one beside its limit.

    Attributes
    ----------
    what, against : str
        What is measured, and what it is compared with.
    seconds, against_seconds : float
    goal : str
        "at most 1.03" or "at least 10", of the ratio; empty where there is none.
    note : str
        Anything a reader of the number must know.
    ratio : float, optional
        Of the seconds; given where it was measured pair by pair.
    """

    what: str
    seconds: float
    against: str
    against_seconds: float
    goal: str = ""
    note: str = ""
    ratio: float | None = None

    @property
    def quotient(self) -> float:
        """The ratio, worked out unless given."""
        return self.seconds / self.against_seconds if self.ratio is None else self.ratio

    @property
    def verdict(self) -> str:
        """The goal and whether it is met."""
        if not self.goal:
            return self.note
        bound, limit = re.fullmatch(r"(at most|at least) ([\d.]+)", self.goal).groups()
        met = self.quotient <= float(limit) if bound == "at most" else self.quotient >= float(limit)
        return "; ".join(part for part in (f"goal {self.goal}: {'met' if met else 'MISSED'}", self.note) if part)


def heading() -> str:
    """Return the first lines of the table."""
    return _line(*TITLES, "goal") + "\n" + _line(*("-" * width for width in WIDTHS), "-" * 20)


def format_row(row: Row) -> str:
    """Return a row as a line of the table."""
    quotient = f"{row.quotient:.2f}" if row.quotient < 100 else f"{row.quotient:.0f}"
    return _line(row.what, _duration(row.seconds), row.against, _duration(row.against_seconds), quotient, row.verdict)


def format_said(what: str, said: str) -> str:
    """Return a line for what could not be measured."""
    return f"| {what:<{WIDTHS[0]}} | {said}"


def _duration(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 0.1 else f"{seconds:.2f} s"


def _line(what, takes, against, other, ratio, goal) -> str:
    cells = (f"{what:<{WIDTHS[0]}}", f"{takes:>{WIDTHS[1]}}", f"{against:<{WIDTHS[2]}}", f"{other:>{WIDTHS[3]}}")
    return f"| {' | '.join(cells)} | {ratio:>{WIDTHS[4]}} | {goal}"
