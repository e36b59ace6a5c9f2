"""What being late costs: a plugin of nbgrader's, and the time by which work is due."""

from datetime import UTC, datetime

from nbgrader.plugins import LateSubmissionPlugin
from traitlets import Enum, Float

from utils.grading.errors import GradingError

__all__ = ["WorkshopLatePlugin", "parse_due"]

SECONDS_PER_DAY = 24 * 60 * 60


class WorkshopLatePlugin(LateSubmissionPlugin):
    """nbgrader's policies, ``none`` and ``zero``, and ``daily``: a share of the earned points for each day begun.

    Set in nbgrader_config.py, for example ``c.WorkshopLatePlugin.penalty_method = "daily"``. Whatever the policy,
    lateness is shown in the report. Work without a time of submission is never late: the flat layouts know none.
    """

    penalty_method = Enum(
        ("none", "zero", "daily"), default_value="none", help="What being late costs: nothing, all, or a share a day."
    ).tag(config=True)
    percent_per_day = Float(10.0, help="Share of the earned points, in percent, that each day begun costs.").tag(
        config=True
    )
    most_percent = Float(100.0, help="The most that being late costs, in percent of the earned points.").tag(
        config=True
    )
    grace_minutes = Float(
        15.0, help="Minutes that cost nothing; after them every minute since the due time counts."
    ).tag(config=True)

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float | None:
        """Return the points to take off, or None.

        Parameters
        ----------
        student_id : str
        score : float
            Points earned.
        total_seconds_late : float

        Examples
        --------
        >>> WorkshopLatePlugin(penalty_method="daily").late_submission_penalty("ada", 50.0, 90_000)
        10.0
        """
        if total_seconds_late <= self.grace_minutes * 60:
            return None
        if self.penalty_method != "daily":
            return super().late_submission_penalty(student_id, score, total_seconds_late)
        days = -(-total_seconds_late // SECONDS_PER_DAY)
        return score * min(days * self.percent_per_day, self.most_percent) / 100


def parse_due(text: str) -> datetime:
    """Read the time by which work is due.

    Parameters
    ----------
    text : str
        ISO 8601, such as ``2026-11-20T18:00`` or ``2026-11-20T18:00+01:00``; without an offset it is this computer's
        time zone.

    Returns
    -------
    datetime
        In UTC, with its time zone.

    Raises
    ------
    GradingError
        If it is no time, or a day without one: whether a day ends at its beginning is not for us to guess.
    """
    try:
        if "T" not in text.upper() and " " not in text.strip():
            raise ValueError
        return datetime.fromisoformat(text.strip()).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        raise GradingError(
            f"{text!r} is no time; write it as 2026-11-20T18:00, or with an offset as 2026-11-20T18:00+01:00. "
            "Nothing was graded."
        ) from None
