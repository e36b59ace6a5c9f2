"""One grading run from submissions to grades, feedback and report; stopped at any moment, it goes on where it was."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import nbformat

from utils.course.layout import REPOSITORY, NotebookFiles
from utils.grading.course_folder import CourseFolder, notebook_of, open_course_folder
from utils.grading.doctor import mend
from utils.grading.engine import open_workers, run_tasks
from utils.grading.errors import GradingError
from utils.grading.gradebook import enter, logged, name_students, points_of, release
from utils.grading.intake import Submission, one_each, take_in
from utils.grading.isolation.nursery import Nursery
from utils.grading.isolation.sandbox import Limits
from utils.grading.report import questions_of, write_outputs
from utils.grading.results import (
    ClassResults,
    StudentResult,
    read_class,
    read_student,
    result_from,
    write_student,
    write_whole,
)
from utils.grading.session_data import session_to_data
from utils.grading.tables import as_table

__all__ = ["GradedClass", "Options", "grade_class"]


@dataclass(frozen=True)
class Options:
    """How a class is graded.

    Attributes
    ----------
    workers : int or None
        Processes on this computer; as many as it has processors if None.
    scheduler : str or None
        Address of a Dask scheduler to use instead.
    due : datetime or None
        After which a submission is late.
    regrade : bool
        Whether results of an earlier run are thrown away.
    isolated : bool
        False runs students' code with the rights of whoever grades.
    everything : bool
        Whether cells that only demonstrate are run, too.
    limits : Limits
    check_seconds : float
        Longest time for one exercise's check.
    checks : str or None
        The module that holds the session's checks, unless it is the course's own.
    """

    workers: int | None = None
    scheduler: str | None = None
    due: datetime | None = None
    regrade: bool = False
    isolated: bool = True
    everything: bool = False
    limits: Limits = field(default_factory=Limits)
    check_seconds: float = 60.0
    checks: str | None = None


@dataclass(frozen=True)
class GradedClass:
    """The results and where everything lies."""

    folder: CourseFolder
    results: ClassResults
    to_mark: tuple[str, ...] = ()
    """Students whose answers in words wait for a person."""

    def summary(self) -> str:
        """Return the table and where grades and feedback lie."""
        lines = [as_table(self.results), "", f"Grades:   {_shown(self.folder.grades)}"]
        lines.append(f"Feedback: {_shown(self.folder.feedback('<student>'))}")
        lines.append(f"Report:   {_shown(self.folder.root / 'report.html')}")
        if self.to_mark:
            lines.append(
                f"To mark:  the answers in words of {len(self.to_mark)}, in Formgrader; then run the same command again. "
                "Until then they are left out of moodle.csv and canvas.csv."
            )
        lines += [f"Not graded: {each.student}: {_why(each)}" for each in self.results.students if not each.graded]
        return "\n".join(lines)


def grade_class(
    session: str,
    *,
    submitted: Path,
    out: Path,
    options: Options | None = None,
    say: Callable[[str], None] = print,
    root: Path = REPOSITORY,
) -> GradedClass:
    """Grade every submission of one session.

    Writes ``out``: a course folder with gradebook, executed notebooks, ``feedback/<student>/...html``, ``report.html`` and
    ``grades.csv``.

    Parameters
    ----------
    session : str
    submitted : Path
        A folder or a zip, as `utils.grading.intake.take_in` understands it.
    out : Path
        Empty, new, or left by an earlier run, which goes on.
    options : Options, optional
    say : callable, optional
        Told how far it is.
    root : Path, optional
        The repository whose session it is.

    Raises
    ------
    GradingError
        If there is nothing to grade, `out` holds other things, or this computer cannot isolate.
    """
    options = options or Options()
    check_options(options)
    files = notebook_of(session, root)
    taken = take_in(submitted, session, files.name)
    with open_course_folder(out, files) as folder:
        return _Run(files, folder, options, say).grade(taken)


class _Run:
    def __init__(self, files: NotebookFiles, folder: CourseFolder, options: Options, say: Callable[[str], None]):
        self.files, self.folder, self.options, self.say = files, folder, options, say
        self.release = nbformat.read(files.student, as_version=4)
        self.checks = options.checks or f"utils.checks.{files.session.lower()}"
        self.kept: dict[str, StudentResult] = {}

    def grade(self, taken: Sequence[Submission]) -> GradedClass:
        checker = _fingerprint_of_checker(self.options)
        submissions = one_each(taken)
        students = [each.student for each in submissions]
        waiting = {}
        for each in submissions:
            task = self._prepare(each, checker)
            if task is not None:
                waiting[each.student] = task
        done = len(students) - len(waiting)
        self.say(
            f"{len(students)} students handed in {self.files.session}; {len(waiting)} to run, {done} done or not to be run."
        )
        with logged(self.folder):
            if waiting:
                self._execute(waiting)
            else:
                release(self.folder, self.options.due)
            for student in students:
                self._enter(student)
            name_students(self.folder, {each.student: each.full_name for each in submissions})
            points, questions = points_of(self.folder), questions_of(self.folder)
            results = read_class(self.folder.results, self.files.session, self.files.name, points, students, questions)
            rows = write_outputs(self.folder, results, taken)
        return GradedClass(self.folder, results, tuple(row.student for row in rows if row.waiting))

    def _prepare(self, submission: Submission, checker: str) -> str | None:
        """Mend a submission; return the notebook to run, or None if its result is there."""
        student, raw = submission.student, submission.notebook
        frame = StudentResult(
            student,
            self.files.session,
            self.files.name,
            status=str(submission.status),
            remarks=tuple(submission.remarks),
            submitted_at=submission.submitted_at.isoformat() if submission.submitted_at else None,
        )
        if raw is not None:
            diagnosis = mend(raw, self.release)
            status = {"ok": "graded"}.get(str(diagnosis.status), str(diagnosis.status))
            frame = replace(frame, status=status, remarks=(*frame.remarks, *diagnosis.remarks))
        if raw is None or diagnosis.notebook is None:
            self.folder.forget(student)
            write_student(frame, self.folder.results)
            return None
        text = nbformat.writes(diagnosis.notebook)
        self.folder.hand_in(student, text, submission.submitted_at)
        frame = replace(frame, fingerprint=hashlib.sha256(f"{checker}\n{text}".encode()).hexdigest())
        before = read_student(self.folder.results / f"{student}.json")
        if self._still_holds(before, frame):
            now = replace(before, remarks=frame.remarks, submitted_at=frame.submitted_at)
            if now != before:
                write_student(now, self.folder.results)
            return None
        self.kept[student] = frame  # an earlier result stays until there is a new one
        return text

    def _still_holds(self, before: StudentResult | None, frame: StudentResult) -> bool:
        if self.options.regrade or before is None or before.fingerprint != frame.fingerprint:
            return False
        tried_in_vain = before.error is not None and before.error["kind"] == "worker"
        return not tried_in_vain and (self.folder.executed / f"{frame.student}.ipynb").is_file()

    def _execute(self, waiting: dict[str, str]) -> None:
        options = self.options
        text = "\n".join(cell.source for cell in self.release.cells if cell.cell_type == "code")
        with (
            Nursery(REPOSITORY, self.files.session, self.checks, text=text, isolated=options.isolated) as nursery,
            open_workers(options.workers, options.scheduler, len(waiting)) as client,
        ):
            release(self.folder, options.due)  # while the libraries are loaded
            nursery.wait()
            common = {
                "zygote": str(nursery.socket),
                "session": session_to_data(nursery.session),
                "checks": self.checks,
                "isolated": options.isolated,
                "limits": options.limits.as_dict(),
                "check_seconds": options.check_seconds,
                "release": [] if options.everything else [cell.source for cell in self.release.cells],
            }
            tasks = {student: json.dumps({**common, "notebook": text}) for student, text in waiting.items()}
            run_tasks(tasks, client, done=self._done)

    def _done(self, student: str, data: dict | None, reason: str) -> None:
        frame = self.kept[student]
        if data is None:
            sentence = f"It could not be run, in two tries ({reason}); run the same command again."
            result = replace(frame, status="incomplete", error={"kind": "worker", "sentence": sentence})
        else:
            write_whole(self.folder.executed / f"{student}.ipynb", data["executed"])
            result = result_from(frame, data)
        write_student(result, self.folder.results)
        if result.graded:
            self._enter(student)
        seconds = result.seconds.get("total", 0.0)
        self.say(f"  {student} ({seconds:.1f} s)" + (f": {result.error['sentence']}" if result.error else ""))

    def _enter(self, student: str) -> None:
        result = read_student(self.folder.results / f"{student}.json")
        if result is not None and result.graded:
            enter(self.folder, result)


def _fingerprint_of_checker(options: Options) -> str:
    """Return a hash of everything of ours that decides a grade."""
    digest = hashlib.sha256()
    for path in sorted((REPOSITORY / "utils").rglob("*.py")):
        if "report" not in path.parts and "intake" not in path.parts:
            digest.update(path.read_bytes())
    digest.update(repr((options.limits, options.check_seconds, options.checks, options.everything)).encode())
    return digest.hexdigest()


def _why(result: StudentResult) -> str:
    return result.error["sentence"] if result.error else " ".join(result.remarks) or result.status


def _shown(path: Path) -> Path:
    """Return a path as short as it can be told from here."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def check_options(options: Options) -> None:
    """Refuse options that contradict each other.

    Raises
    ------
    GradingError
        If the number of workers is none, or both workers and a scheduler are given.
    """
    if options.workers is not None and options.workers < 1:
        raise GradingError(f"--workers is {options.workers}; at least one is needed. Nothing was graded.")
    if options.workers is not None and options.scheduler:
        raise GradingError(
            "--workers is for this computer, --scheduler for a cluster; give one of them. Nothing was graded."
        )
