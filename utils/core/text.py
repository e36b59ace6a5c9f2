"""A report as plain text, for terminals, logs and screen readers."""

from textwrap import fill

from utils.core.report import Outcome, Report

__all__ = ["MARKS", "as_text", "headline", "sentence"]

MARKS = {Outcome.PASSED: "✓", Outcome.FAILED: "✗", Outcome.NOT_ATTEMPTED: "○", Outcome.CRASHED: "!"}
WIDTH = 100


def headline(report: Report) -> str:
    """Return the verdict in a few words, such as ``passed`` or ``not yet``."""
    return {
        Outcome.PASSED: "passed",
        Outcome.FAILED: "not yet",
        Outcome.NOT_ATTEMPTED: "not attempted",
        Outcome.CRASHED: "your code raised an error",
    }[report.outcome]


def sentence(message: str) -> str:
    """Begin a message with a capital letter."""
    return message[:1].upper() + message[1:]


def as_text(report: Report) -> str:
    """Write the verdict, each criterion with its mark, the first failure's message and its open hints."""
    exercise = report.exercise
    lines = [
        f"Exercise {exercise.number}: {exercise.title}: {headline(report)} "
        f"({report.points:g} of {exercise.points:g} points)"
    ]
    for result in report.results:
        if result.criterion.is_advice:
            continue
        lines.append(f"  {MARKS[result.outcome]} {result.criterion.claim}")
        if result is report.first_failure:
            said = [sentence(result.message), report.warning]
            lines += [*map(_indent, filter(None, said)), *(_indent(f"Hint: {hint}") for hint in report.hints)]
    for result in report.advice:
        lines += [f"  i Advice, without points: {result.criterion.claim}", _indent(sentence(result.message))]
    return "\n".join(lines)


def _indent(message: str) -> str:
    return "\n".join(fill(line, WIDTH, initial_indent="    ", subsequent_indent="    ") for line in message.split("\n"))
