"""A session at a glance, as a table in a notebook and as text elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from utils.core.card import frame, progress_bar
from utils.core.exercise import Session
from utils.core.report import Outcome, Report
from utils.core.text import MARKS, headline

__all__ = ["Progress"]

_CELL = "text-align:left;vertical-align:top;padding:2px 12px 2px 0;background:none;border:none"


@dataclass(frozen=True, repr=False)
class Progress:
    """Each exercise's last report.

    Attributes
    ----------
    session : Session
    reports : mapping of int to Report
        By exercise number; an exercise that was not checked yet is missing.
    """

    session: Session
    reports: Mapping[int, Report]

    @property
    def earned(self) -> float:
        """Points earned so far."""
        return sum(report.points for report in self.reports.values())

    def _rows(self) -> list[tuple[str, str, str, str]]:
        rows = []
        for exercise in self.session.exercises:
            report = self.reports.get(exercise.number)
            mark, verdict = (MARKS[report.outcome], headline(report)) if report else ("○", "not checked yet")
            points = f"{report.points if report else 0:g} of {exercise.points:g}"
            rows.append((mark, f"{exercise.number}. {exercise.title}", verdict, points))
        return rows

    def __repr__(self) -> str:
        rows = self._rows()
        width = max(len(title) for _, title, _, _ in rows)
        lines = [f"{mark} {title:{width}}  {verdict:24} {points:>12}" for mark, title, verdict, points in rows]
        return "\n".join([*lines, f"{self.session.name}: {self.earned:g} of {self.session.points:g} points"])

    def _repr_html_(self) -> str:
        cells = "".join(
            "<tr>"
            + "".join(f'<td style="{_CELL}">{escape(text)}</td>' for text in row[:-1])
            + f'<td style="{_CELL};white-space:nowrap">{escape(row[-1])}</td></tr>'
            for row in self._rows()
        )
        total = f"{self.earned:g} of {self.session.points:g} points"
        passed = sum(report.outcome is Outcome.PASSED for report in self.reports.values())
        count = f"{passed} of {len(self.session.exercises)} exercises passed"
        return frame(
            "#3b7dd8",
            f"<strong>{escape(self.session.name)}: {escape(self.session.title)}</strong>",
            f'<table style="table-layout:auto;border-collapse:collapse;margin:8px 0 0;font-size:14px;width:100%">{cells}</table>',
            progress_bar(self.earned, self.session.points, f"{count}, {total}"),
        )
