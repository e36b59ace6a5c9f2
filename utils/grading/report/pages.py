"""The feedback page of a student and the page about the class.

Jinja fills the templates and escapes whatever comes from students; a content security policy in each page forbids every
script but ours, and any request, so that a page shows nothing but what is in the file.
"""

import base64
import hashlib
import statistics
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path, PurePath
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from utils.grading.intake import Status, Submission
from utils.grading.report.roster import Row
from utils.grading.report.similarity import ALIKE, LEAST_TOKENS, Pair
from utils.grading.report.statistics import exercise_statistics, histogram, misconceptions
from utils.grading.report.wording import FILTERS, LEGEND
from utils.grading.results import ClassResults

__all__ = ["class_page", "feedback_page"]

TEMPLATES = Path(__file__).parent / "templates"
LEFT, BOTTOM, WIDTH, HEIGHT = 10, 185, 700, 150
"""The histogram's place in its drawing of 720 by 220."""


def feedback_page(results: ClassResults, row: Row) -> str:
    """Return a student's page: score, each exercise's criteria, what was repaired and noticed; no evidence, no tests."""
    return _environment().get_template("feedback.html").render(results=results, row=row, script=None)


def class_page(
    results: ClassResults,
    rows: Sequence[Row],
    files: Sequence[Submission],
    pairs: Sequence[Pair],
    links: Mapping[str, PurePath],
) -> str:
    """Return the page about the class.

    Parameters
    ----------
    results : ClassResults
    rows : sequence of Row
    files : sequence of Submission
        Every file that was handed in.
    pairs : sequence of Pair
        Students with answers that are nearly the same.
    links : mapping of str to PurePath
        Each student's feedback, relative to this page.
    """
    environment = _environment().overlay()
    environment.filters = {**environment.filters, "link": lambda row: quote(links[row.student].as_posix())}
    exercises = exercise_statistics(results, rows)
    graded = [row for row in rows if row.score is not None]
    script = (TEMPLATES / "report.js").read_text(encoding="utf-8").strip()
    return environment.get_template("report.html").render(
        results=results,
        rows=rows,
        graded=graded,
        ungraded=len(rows) - len(graded),
        exercises=exercises,
        misconceptions=misconceptions(exercises),
        attention=[row for row in rows if row.result.flags or row.result.error],
        repaired=sum(row.result.status == "repaired" for row in rows),
        late=sum(row.is_late for row in rows),
        waiting=[row for row in rows if row.waiting],
        troubled=[row for row in rows if row.result.remarks or not row.result.graded],
        others=[each for each in files if each.status not in (Status.TAKEN, Status.USED)],
        pairs=pairs,
        alike=f"{ALIKE:g}",
        least_tokens=LEAST_TOKENS,
        legend=LEGEND,
        script=Markup(script),
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        **_scores(results, graded),
        **_times(graded),
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(FILTERS)
    environment.globals["style"] = Markup((TEMPLATES / "style.css").read_text(encoding="utf-8").strip())
    return environment


def _scores(results: ClassResults, graded: Sequence[Row]) -> dict:
    scores = [row.score for row in graded]
    if not scores:
        return {"scores": [], "full_marks": 0}
    most = results.most
    median = statistics.median(scores)
    found = histogram(scores, most)
    highest, step = max(count for _, _, count in found), WIDTH / len(found)
    columns = [
        {
            "x": round(LEFT + place * step + 2, 1),
            "y": round(BOTTOM - HEIGHT * count / highest, 1),
            "width": round(step - 4, 1),
            "height": round(HEIGHT * count / highest, 1),
            "low": low,
            "high": high,
            "count": count,
        }
        for place, (low, high, count) in enumerate(found)
    ]
    return {
        "scores": scores,
        "median": median,
        "mean": statistics.fmean(scores),
        "full_marks": sum(score >= most for score in scores),
        "columns": columns,
        "ticks": [{"x": LEFT + WIDTH * share / 4, "value": most * share / 4} for share in range(5)],
        "median_x": round(LEFT + WIDTH * median / most, 1),
    }


def _times(graded: Sequence[Row]) -> dict:
    timed = sorted(
        (row for row in graded if "total" in row.result.seconds), key=lambda row: -row.result.seconds["total"]
    )
    totals = [row.result.seconds["total"] for row in timed]
    parts = list(dict.fromkeys(part for row in timed for part in row.result.seconds))
    return {
        "times": timed,
        "time_parts": parts,
        "median_time": statistics.median(totals) if totals else 0.0,
        "total_time": sum(totals),
    }
