"""How results are put into words and marks on pages; each function is a filter of the templates."""

import re
from dataclasses import dataclass
from html import escape

from markupsafe import Markup

from utils.grading.report.roster import Row
from utils.grading.results import CriterionResult, ExerciseResult

__all__ = ["FILTERS", "LEGEND"]

LEGEND = (
    ("passed", "passed", "✓"),
    ("partly", "partly", "◐"),
    ("failed", "failed", "✗"),
    ("crashed", "crashed", "!"),
    ("not attempted", "none", "○"),
    ("not judged", "none", "–"),
)
"""Outcome, class of style, mark. Marks and words carry the outcome, colour only repeats it."""
KINDS = {outcome: kind for outcome, kind, _ in LEGEND}
MARKS = {outcome: mark for outcome, _, mark in LEGEND}
VERDICTS = {"partly": "some points", "failed": "not yet", "crashed": "raised an error"}


@dataclass(frozen=True)
class Noticed:
    """Something that a person should look at."""

    exercise: int | None
    certain: bool
    sentence: str
    evidence: tuple[str, ...] = ()


def _outcome(result: ExerciseResult | CriterionResult) -> str:
    has_points = isinstance(result, ExerciseResult) and result.score > 0
    return "partly" if result.outcome == "failed" and has_points else result.outcome


def _kind(result: ExerciseResult | CriterionResult) -> str:
    return KINDS.get(_outcome(result), "none")


def _mark(result: ExerciseResult | CriterionResult) -> str:
    return MARKS.get(_outcome(result), "–")


def _verdict(result: ExerciseResult | CriterionResult) -> str:
    return VERDICTS.get(_outcome(result), result.outcome)


def _earned(criterion: CriterionResult) -> float:
    return criterion.max_score if criterion.outcome == "passed" else 0.0


def _points(value: float) -> str:
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def _inline(text: str) -> Markup:
    """Escape a text and set `code` between backticks."""
    return Markup(re.sub(r"`([^`\n]+)`", r"<code>\1</code>", escape(str(text))))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _short(text: str, most: int = 220) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return f"{seconds:.0f} s"
    days, hours, minutes = minutes // 1440, minutes % 1440 // 60, minutes % 60
    parts = [(days, "d"), (hours, "h"), (minutes if not days else 0, "min")]
    return " ".join(f"{count} {unit}" for count, unit in parts if count)


def _seconds(value: float) -> str:
    return f"{value:.1f} s" if value < 100 else _duration(value)


def _noticed(row: Row) -> list[Noticed]:
    flags = [Noticed(flag.exercise, flag.certain, flag.sentence, flag.evidence) for flag in row.result.flags]
    error = row.result.error
    return [*flags, Noticed(None, False, error["sentence"])] if error else flags


FILTERS = {
    "duration": _duration,
    "earned": _earned,
    "inline": _inline,
    "kind": _kind,
    "mark": _mark,
    "noticed": _noticed,
    "points": _points,
    "seconds": _seconds,
    "sentence": _sentence,
    "short": _short,
    "verdict": _verdict,
}
