"""A session's exercises as data: the grader shows verdicts without loading the checks, and torch with them."""

from utils.core.exercise import Criterion, Exercise, Session

__all__ = ["session_from_data", "session_to_data"]


def session_to_data(session: Session) -> dict:
    """Return everything about a session but its checks."""
    return {
        "name": session.name,
        "title": session.title,
        "exercises": [
            {
                "number": exercise.number,
                "title": exercise.title,
                "answers": list(exercise.answers),
                "builds_on": list(exercise.builds_on),
                "criteria": [
                    {"name": each.name, "claim": each.claim, "points": each.points, "hints": list(each.hints)}
                    for each in exercise.criteria
                ],
            }
            for exercise in session.exercises
        ],
    }


def session_from_data(data: dict) -> Session:
    """Return the session with checks that cannot be run."""
    return Session(data["name"], data["title"], tuple(map(_exercise, data["exercises"])))


def _exercise(data: dict) -> Exercise:
    criteria = (
        Criterion(each["name"], each["claim"], each["points"], tuple(each["hints"]), _is_checked_elsewhere)
        for each in data["criteria"]
    )
    names = {name: tuple(data[name]) for name in ("answers", "builds_on")}
    return Exercise(number=data["number"], title=data["title"], criteria=tuple(criteria), **names)


def _is_checked_elsewhere() -> None:
    raise RuntimeError("This criterion is a description; it is checked in the kernel.")
