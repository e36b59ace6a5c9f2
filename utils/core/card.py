"""A report as a card for notebooks.

Self-contained HTML with inline styles only, because style sheets are lost when a notebook is saved or converted. GitHub
drops inline styles, too: what remains, headings, lists and words, has to read well by itself. Text takes the theme's own
colour and backgrounds are translucent, so that one card serves light and dark themes, however a theme is switched; marks
and words carry the verdict, colour only repeats it.
"""

import re
from html import escape

from utils.core.report import Outcome, Report, Result
from utils.core.text import MARKS, headline, sentence

__all__ = ["as_html", "frame", "progress_bar"]

_ACCENTS = {
    Outcome.PASSED: "#1a7f4b",
    Outcome.FAILED: "#b4430a",
    Outcome.NOT_ATTEMPTED: "#5b6573",
    Outcome.CRASHED: "#a3245c",
}
_TINT = "background:rgba(128,128,128,.10)"


def as_html(report: Report) -> str:
    """Write the report as HTML; every text in it is escaped."""
    accent = _ACCENTS[report.outcome]
    return frame(
        accent,
        _header(report, accent),
        _criteria(report),
        *(_advice(result) for result in report.advice),
        _progress(report),
    )


def frame(accent: str, *parts: str) -> str:
    """Put pieces of HTML into a card with a coloured edge."""
    return (
        f'<div role="status" style="border:1px solid rgba(128,128,128,.35);border-left:6px solid {accent};'
        "border-radius:6px;padding:12px 16px;margin:6px 0;max-width:760px;box-sizing:border-box;font-size:14px;"
        f'line-height:1.5;font-family:system-ui,-apple-system,Segoe UI,Roboto,sans-serif">{"".join(parts)}</div>'
    )


def progress_bar(earned: float, possible: float, words: str) -> str:
    """Draw a share of points as a bar, with the same in words."""
    share = 100 * earned / possible
    return (
        '<div style="display:flex;align-items:center;gap:10px;margin-top:10px;font-size:12px;opacity:.85">'
        '<div style="flex:1;height:6px;border-radius:3px;background:rgba(128,128,128,.25)">'
        f'<div style="width:{share:.1f}%;height:6px;border-radius:3px;background:#3b7dd8"></div></div>'
        f"<span>{words}</span></div>"
    )


def _header(report: Report, accent: str) -> str:
    exercise = report.exercise
    return (
        '<div style="display:flex;flex-wrap:wrap;align-items:center;gap:6px 12px">'
        f'<span style="background:{accent};color:#fff;border-radius:10px;padding:1px 10px;font-weight:600">'
        f"{MARKS[report.outcome]} {headline(report)}</span> "
        f'<strong style="flex:1 1 auto">Exercise {exercise.number}: {escape(exercise.title)}</strong> '
        f"<span>{report.points:g} of {exercise.points:g} points</span></div>"
    )


def _criteria(report: Report) -> str:
    items = []
    for result in report.results:
        if result.criterion.is_advice:
            continue
        detail = _failure(report) if result is report.first_failure else ""
        claim = f'<div style="flex:1;min-width:0">{_inline(result.criterion.claim)}{detail}</div>'
        items.append(f'<li style="margin:3px 0;list-style:none;display:flex;gap:4px">{_mark(result)} {claim}</li>')
    return f'<ul style="margin:10px 0 0;padding:0">{"".join(items)}</ul>'


def _mark(result: Result) -> str:
    return (
        f'<span aria-label="{result.outcome.value}" style="flex:none;width:1.3em;text-align:center;'
        f'font-weight:700">{MARKS[result.outcome]}</span>'
    )


def _failure(report: Report) -> str:
    said = "\n".join(filter(None, (sentence(report.first_failure.message), report.warning)))
    return (
        f'<div style="{_TINT};border-radius:4px;padding:8px 12px;margin:4px 0 6px;white-space:pre-wrap;'
        f'overflow-wrap:anywhere">{_inline(said)}</div>{_hints(report)}'
    )


def _hints(report: Report) -> str:
    if not report.hints:
        return ""
    items = "".join(f"<li>{_inline(hint)}</li>" for hint in report.hints)
    rest = len(report.first_failure.criterion.hints) - len(report.hints)
    more = (
        f"<div>{rest} more: run this cell again or call checker.hint({report.exercise.number}).</div>" if rest else ""
    )
    return (
        '<details style="margin:0 0 6px"><summary style="cursor:pointer">Hint</summary>'
        f'<ul style="margin:4px 0;padding-left:1.2em">{items}</ul>{more}</details>'
    )


def _advice(result: Result) -> str:
    return (
        f'<div style="{_TINT};border-radius:4px;padding:8px 12px;margin-top:8px;white-space:pre-wrap">'
        f"<strong>Advice, without points.</strong> {_inline(sentence(result.message))}</div>"
    )


def _progress(report: Report) -> str:
    if not report.possible:
        return ""
    words = f"session: {report.earned:g} of {report.possible:g} points"
    return progress_bar(report.earned, report.possible, words)


def _inline(text: str) -> str:
    """Escape text and set `code` between backticks."""
    code = r'<code style="background:rgba(128,128,128,.15);border-radius:3px;padding:0 3px">\1</code>'
    return re.sub(r"`([^`\n]+)`", code, escape(text))
