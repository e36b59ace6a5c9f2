"""Nothing is lost: killed at any moment, short of room, locked out, and run again."""

import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from contextlib import suppress

import psutil
import pytest
from nbgrader.api import Gradebook

from tests.grading.checked_class import RIGHT_ADD, RIGHT_NUMBERS, answered, make_checked_course, options, write
from utils.course.layout import REPOSITORY
from utils.grading.course_folder import open_course_folder
from utils.grading.errors import GradingError, StorageError
from utils.grading.results import StudentResult, read_student, write_student
from utils.grading.run import grade_class

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

SLOW = "import time\ntime.sleep(2)\n"
STUDENTS = [f"student{number}" for number in range(6)]
PROGRAM = """
    import sys
    from pathlib import Path
    from tests.grading.checked_class import options
    from utils.grading.run import grade_class
    if __name__ == "__main__":
        root = Path(sys.argv[1])
        grade_class("SE99", submitted=root / "handed-in", out=root / "out", options=options(), root=root)
"""


@pytest.fixture
def files(tmp_path):
    files = make_checked_course(tmp_path)
    for number, student in enumerate(STUDENTS):
        first = f"{RIGHT_ADD}\n{SLOW}" if number % 2 else None
        write(tmp_path / "handed-in", student, files, answered(files, first, RIGHT_NUMBERS))
    return files


DESERVED = {student: 3.5 if number % 2 else 1.5 for number, student in enumerate(STUDENTS)}


def grade(files, said=None, **changes):
    said = [] if said is None else said
    places = {"submitted": files.root / "handed-in", "out": files.root / "out"}
    return grade_class("SE99", **places, options=options(**changes), say=said.append, root=files.root)


def scores(graded) -> dict[str, float]:
    with Gradebook(graded.folder.database) as gradebook:
        entered = {each.student.id: each.score for each in gradebook.assignment_submissions("SE99")}
    assert entered == {each.student: each.score for each in graded.results.students}
    return entered


def contents(files) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (files.root / "out" / "results").glob("*.json")}


def test_killed_and_run_again(files, tmp_path):
    program = tmp_path / "program.py"
    program.write_text(textwrap.dedent(PROGRAM))
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    process = subprocess.Popen([sys.executable, program, tmp_path], env=environment, stdout=subprocess.DEVNULL)
    while len(contents(files)) < 2:
        assert process.poll() is None
        time.sleep(0.05)
    family = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGKILL)
    process.wait()
    before = contents(files)
    assert all(json.loads(text)["score"] is not None for text in before.values())
    said = []
    graded = grade(files, said)
    assert scores(graded) == DESERVED
    after = contents(files)
    assert {name: after[name] for name in before} == before
    assert f"{len(STUDENTS) - len(before)} to run" in said[0]
    _, alive = psutil.wait_procs(family, timeout=30)
    assert alive == [], "what the killed run had started is gone"
    unchanged = contents(files)
    assert scores(grade(files, said)) == DESERVED
    assert contents(files) == unchanged
    assert any("0 to run" in line for line in said)


def test_a_worker_that_dies_costs_nothing(files):
    killed = []

    def kill_a_worker(line):
        if line.startswith("  ") and not killed:
            children = psutil.Process().children(recursive=True)
            workers = [each for each in children if "spawn_main" in " ".join(each.cmdline())]
            killed.append(workers[-1])
            with suppress(psutil.NoSuchProcess):
                workers[-1].kill()

    places = {"submitted": files.root / "handed-in", "out": files.root / "out"}
    graded = grade_class("SE99", **places, options=options(), say=kill_a_worker, root=files.root)
    assert killed
    assert scores(graded) == DESERVED


def test_what_is_handed_in_anew_is_graded_anew_and_only_that(files):
    grade(files)
    before = contents(files)
    (files.root / "handed-in" / "student0" / "SE99" / "toy.ipynb").unlink()
    (files.root / "handed-in" / "student0" / "SE99").rmdir()
    (files.root / "handed-in" / "student0").rmdir()
    write(files.root / "handed-in", "student0", files, answered(files, RIGHT_ADD))
    graded = grade(files)
    after = contents(files)
    assert {name for name in after if after[name] != before[name]} == {"student0.json"}
    assert scores(graded)["student0"] == 2.0


def test_marks_given_by_hand_stay(files):
    graded = grade(files)
    with Gradebook(graded.folder.database) as gradebook:
        grade_of = gradebook.find_grade("ex01-check", "toy", "SE99", "student0")
        grade_of.manual_score = 1.25
        gradebook.db.commit()
    again = grade(files, regrade=True)
    with Gradebook(again.folder.database) as gradebook:
        assert gradebook.find_grade("ex01-check", "toy", "SE99", "student0").score == 1.25
    assert [each.score for each in again.results.students] == [DESERVED[student] for student in STUDENTS]


def test_a_locked_gradebook_is_told_and_results_are_safe(files):
    folder = grade(files).folder
    before = contents(files)
    with sqlite3.connect(folder.root / "gradebook.db") as lock:
        lock.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StorageError, match=r"locked.*safe in"):
            grade(files)
        lock.rollback()
    lock.close()
    assert contents(files) == before
    assert scores(grade(files)) == DESERVED


def test_a_full_disk_is_told_and_the_earlier_file_stays(tmp_path):
    result = StudentResult("ada", "SE99", "toy", "graded", remarks=("first",))
    write_student(result, tmp_path)
    before = (tmp_path / "ada.json").read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))
        with pytest.raises(StorageError, match="make room"):
            write_student(StudentResult("ada", "SE99", "toy", "graded", remarks=("x" * 5000,)), tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    assert (tmp_path / "ada.json").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["ada.json"]


@pytest.mark.parametrize("text", ["", "{", '{"format": 0}', "[]", '{"format": 1, "student": "ada"}'])
def test_half_a_result_is_no_result(tmp_path, text):
    (tmp_path / "ada.json").write_text(text)
    assert read_student(tmp_path / "ada.json") is None


def test_two_runs_into_one_folder_are_refused(files):
    (files.root / "out").mkdir()
    with open_course_folder(files.root / "out", files):
        with pytest.raises(GradingError, match="Another run"):
            grade(files)


def test_a_folder_with_other_things_is_never_touched(files):
    thesis = files.root / "out" / "thesis.tex"
    thesis.parent.mkdir()
    thesis.write_text("mine")
    with pytest.raises(GradingError, match="holds other things"):
        grade(files)
    assert [path.name for path in thesis.parent.iterdir()] == ["thesis.tex"]


def test_a_folder_of_another_session_is_refused(files):
    (files.root / "out").mkdir()
    (files.root / "out" / ".grading-run").write_text("SE05")
    with pytest.raises(GradingError, match="holds the grades of SE05"):
        grade(files)
