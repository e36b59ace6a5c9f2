"""Decide which of a student's files counts, and say so for the others."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from utils.grading.errors import SubmissionError
from utils.grading.intake.submission import Status, Submission

__all__ = ["Candidate", "choose", "examine", "one_each"]

Candidate = tuple[Submission, int]
"""A student's file and Canvas's number of the upload."""

_NEARNESS = [
    Status.UNREADABLE,
    Status.TOO_LARGE,
    Status.UNSAFE,
    Status.NOT_A_NOTEBOOK,
    Status.ANOTHER_SESSION,
    Status.NOTHING,
]

DISGUISED = (".txt", ".json", "")
"""Suffixes under which browsers save notebooks."""
COPY_NUMBER = re.compile(r"\((\d+)\)|-(\d+)$")


def examine(submission: Submission) -> Submission:
    """Read a file once: a notebook gets its digest, anything else its status."""
    name = submission.source.name.lower()
    suffix = submission.source.suffix.lower()
    if suffix not in (".ipynb", *DISGUISED):
        return replace(submission, status=Status.NOT_A_NOTEBOOK, remarks=(*submission.remarks, _no_notebook(suffix)))
    try:
        data = submission.content.read()
    except SubmissionError as error:
        return replace(submission, status=Status.UNREADABLE, remarks=(*submission.remarks, str(error)))
    digest = hashlib.sha256(data).hexdigest()
    if suffix == ".ipynb":
        return replace(submission, digest=digest)
    if not (data.lstrip()[:1] == b"{" and b'"nbformat"' in data):
        return replace(submission, status=Status.NOT_A_NOTEBOOK, remarks=(*submission.remarks, _no_notebook(suffix)))
    kind = f"ends in {suffix}" if suffix else "has no ending"
    remark = f"Its name {kind}, but it is a notebook." if ".ipynb" not in name else f"Its name ends in .ipynb{suffix}."
    return replace(submission, digest=digest, remarks=(*submission.remarks, remark))


def choose(candidates: Sequence[Candidate], name: str) -> list[Submission]:
    """Decide which of one student's notebooks counts.

    The session's own notebook comes before others. In nbgrader's folders that is the one of the right name, as
    nbgrader has it; elsewhere the latest upload, as far as numbers in the names tell.

    Parameters
    ----------
    candidates : sequence of (Submission, int)
        All of one student's.
    name : str
        The notebook's name, without ``.ipynb``.

    Returns
    -------
    list of Submission
        The same files, in the same order; at most one is `Status.TAKEN`.
    """
    rivals = [each for each in candidates if each[0].gradable]
    if not rivals:
        return [submission for submission, _ in candidates]
    best = max(rivals, key=lambda rival: _rank(*rival, name))[0]
    return [_judged(submission, best, [rival for rival, _ in rivals]) for submission, _ in candidates]


def one_each(files: Iterable[Submission]) -> list[Submission]:
    """Return one row for each student: the notebook that counts, or one that tells why there is none.

    Parameters
    ----------
    files : iterable of Submission
        As `utils.grading.intake.take_in` lists them.
    """
    students: dict[str, list[Submission]] = {}
    for each in files:
        if each.student:
            students.setdefault(each.student, []).append(each)
    return [_told(rows) for _, rows in sorted(students.items())]


def _told(rows: Sequence[Submission]) -> Submission:
    taken = [row for row in rows if row.gradable]
    if taken:
        return taken[0]
    # The row that comes closest to a notebook says most about what went wrong.
    closest = min(rows, key=lambda row: _NEARNESS.index(row.status) if row.status in _NEARNESS else 99)
    names = ", ".join(f"“{row.source.name}”" for row in rows[:3])
    said = closest.remarks or (f"{closest.status.capitalize()}.",)
    return replace(closest, remarks=(*said, f"No notebook to grade was found; there is {names}."), content=None)


def _rank(submission: Submission, attachment: int, name: str) -> tuple:
    stem = submission.source.stem.lower()
    numbers = COPY_NUMBER.search(stem)
    copy = int(numbers[1] or numbers[2]) if numbers else 0
    exact = submission.layout == "nbgrader" and stem == name.lower()
    return exact, name.lower() in stem, attachment, copy, submission.source.as_posix()


def _judged(submission: Submission, best: Submission, rivals: Sequence[Submission]) -> Submission:
    if not submission.gradable:
        return submission
    if submission is best:
        others = [f"“{each.source.name}”" for each in rivals if each is not best and each.digest != best.digest]
        if not others:
            return submission
        remark = f"{len(others) + 1} notebooks were handed in; “{best.source.name}” counts, {', '.join(others)} not."
        return replace(submission, remarks=(*submission.remarks, remark))
    if submission.digest == best.digest:
        return replace(submission, status=Status.IDENTICAL, digest="", remarks=(f"The same as {best.source}.",))
    return replace(submission, status=Status.ANOTHER_COUNTS, digest="", remarks=(f"{best.source} counts.",))


def _no_notebook(suffix: str) -> str:
    return f"A {suffix} file is no notebook." if suffix else "It is no notebook."
