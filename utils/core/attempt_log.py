"""A local record of attempts, for the student's and the instructor's own statistics.

One JSON line per check in ``~/.transfer-learning-workshop/attempts.jsonl``: time, session, exercise, outcome of each
criterion. Never source code, never a name, and nothing leaves the machine. ``WORKSHOP_LOG=off`` switches it off.
"""

import contextlib
import json
from datetime import UTC, datetime

from utils.core.report import Report
from utils.settings import attempt_log

__all__ = ["record"]


def record(session: str, report: Report) -> None:
    """Append one check to the log; where it cannot be written, nothing is said, because a verdict matters more."""
    file = attempt_log()
    if file is None:
        return
    line = {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "session": session,
        "exercise": report.exercise.number,
        "points": report.points,
        "criteria": {result.criterion.name: result.outcome.name.lower() for result in report.results},
    }
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as log:
            log.write(json.dumps(line) + "\n")
