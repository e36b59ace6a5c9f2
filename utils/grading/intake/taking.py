"""From a folder or a zip to one row for each file."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from nbgrader.utils import parse_utc

from utils.grading.errors import SubmissionError
from utils.grading.intake.choosing import choose, examine
from utils.grading.intake.files import Entry, list_files
from utils.grading.intake.layouts import Owner, find_owner, is_canvas
from utils.grading.intake.naming import unique_ids
from utils.grading.intake.submission import Status, Submission

__all__ = ["take_in"]

TIMESTAMP = "timestamp.txt"


def take_in(path: Path, session: str, name: str) -> list[Submission]:
    """List everything that was handed in, each file with what became of it.

    Parameters
    ----------
    path : Path
        nbgrader's ``submitted``, a flat folder of notebooks, or what Moodle or Canvas hand out: zipped, unpacked, or
        several zips in one folder.
    session : str
    name : str
        The notebook's name, without ``.ipynb``.

    Returns
    -------
    list of Submission
        In order of student, then of path. The gradable ones are `Status.TAKEN`, one for each student.

    Raises
    ------
    SubmissionError
        If there is nothing to grade; the message says what is there instead.
    """
    path = Path(path)
    entries = list_files(path)
    canvas = is_canvas(entries)
    owned = [(entry, find_owner(entry, session, name, canvas=canvas)) for entry in entries]
    ids = unique_ids((owner.name, owner.lms_id) for _, owner in owned if owner.name)
    files = _files(path, owned, ids, name)
    if not any(each.gradable for each in files):
        raise SubmissionError(_nothing(path, session, name, files))
    return sorted(files, key=lambda each: (each.student, each.source.as_posix()))


def _files(path: Path, owned: Sequence[tuple[Entry, Owner]], ids: dict, name: str) -> list[Submission]:
    times = _times(owned)
    by_student = defaultdict(list)
    for entry, owner in owned:
        row = _row(path, entry, owner, ids)
        if row.gradable:
            row = examine(replace(row, submitted_at=times.get(entry.parts[:-1])))
        by_student[row.student].append((row, owner.attachment))
    unnamed = [row for row, _ in by_student.pop("", [])]
    return [*unnamed, *(row for rows in by_student.values() for row in choose(rows, name))]


def _row(path: Path, entry: Entry, owner: Owner, ids: dict) -> Submission:
    status = entry.status or owner.status or Status.TAKEN
    remark = entry.remark or owner.remark
    if entry.name == TIMESTAMP and owner.layout == "nbgrader" and status is Status.TAKEN:
        status, remark = Status.USED, "The time of the submission."
    is_junk = status is Status.IGNORED  # it must not make a student of a system's folder
    return Submission(
        student="" if is_junk else ids.get((owner.name, owner.lms_id), ""),
        source=Path(path.name, *entry.parts),
        status=status,
        remarks=(remark,) if remark else (),
        full_name="" if is_junk else owner.name,
        lms_id=owner.lms_id,
        layout=owner.layout,
        late_mark=owner.late_mark,
        content=entry.content,
    )


def _times(owned: Sequence[tuple[Entry, Owner]]) -> dict[tuple[str, ...], datetime]:
    """Read nbgrader's files of times, by their folder; one that cannot be read tells no time."""
    times = {}
    for entry, owner in owned:
        if entry.name == TIMESTAMP and owner.layout == "nbgrader" and entry.content:
            try:
                text = entry.content.read().decode("utf-8").strip()
                times[entry.parts[:-1]] = parse_utc(text).replace(tzinfo=UTC)
            except (SubmissionError, UnicodeError, ValueError, OverflowError):
                continue
    return times


def _nothing(path: Path, session: str, name: str, files: Sequence[Submission]) -> str:
    shown = [f"  {each.source}: {each.status}. {' '.join(each.remarks)}".rstrip() for each in files[:10]]
    rest = [f"  and {len(files) - 10} more"] if len(files) > 10 else []
    found = "\n".join(["It holds:", *shown, *rest]) if files else "It is empty."
    return (
        f"{path} holds no notebook for {session}. Give <student>/{session}/{name}.ipynb, a folder of "
        f"<student>_{name}.ipynb, or the zip that Moodle or Canvas hands out.\n{found}\nNothing was graded."
    )
