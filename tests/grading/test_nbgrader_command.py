"""nbgrader's own command line, with nbgrader_config.py, does what the build and the grader do."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from tests.grading.toy_class import half_right, make_toy_course, perfect, submission, untouched, write_submission
from utils.core.exercise import load_session
from utils.course.identity import check_id
from utils.course.layout import REPOSITORY, NotebookFiles, find_notebooks
from utils.grading.demo_class import STUDENTS, write_class

pytestmark = pytest.mark.slow


def nbgrader(root: Path, *arguments: str) -> str:
    """Run nbgrader as an instructor would who has not activated the environment."""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, "-W", "ignore", "-m", "nbgrader", *arguments]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, timeout=1100)
    assert done.returncode == 0, done.stderr
    return done.stderr


def course_at(root: Path) -> Path:
    shutil.copy(REPOSITORY / "nbgrader_config.py", root)
    return root


@pytest.fixture(scope="module")
def toy(tmp_path_factory) -> NotebookFiles:
    """The toy course with three submissions, after nbgrader released and graded it."""
    root = course_at(tmp_path_factory.mktemp("toy"))
    files = make_toy_course(root)
    for write in (perfect, half_right, untouched):
        write_submission(root / "submitted", write.__name__, files, submission(files, write))
    files.student.with_name("notes.txt").write_text("mine")
    (files.source.parent / "data").mkdir()
    (files.source.parent / "data" / "image.jpg").write_text("large")
    files.student.unlink()
    nbgrader(root, "generate_assignment", "SE99")
    nbgrader(root, "autograde", "SE99")
    return files


def test_the_release_is_the_builds_to_the_byte(toy, tmp_path):
    assert toy.student.read_bytes() == make_toy_course(tmp_path).student.read_bytes()


def test_nothing_but_notebooks_is_released(toy):
    assert sorted(path.name for path in toy.student.parent.iterdir()) == ["notes.txt", "toy.ipynb"]


def test_scores_are_the_graders(toy):
    with Gradebook(f"sqlite:///{toy.root / 'gradebook.db'}") as gradebook:
        scores = {each.student.id: each.score for each in gradebook.assignment_submissions("SE99")}
    assert scores == {"perfect": 3.5, "half_right": 2.5, "untouched": 0}


def test_a_second_release_replaces_the_first(toy):
    released = toy.student.read_bytes()
    toy.student.write_text("{}")
    nbgrader(toy.root, "generate_assignment", "SE99")
    assert toy.student.read_bytes() == released


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("files", find_notebooks(), ids=lambda files: files.session)
def test_plain_nbgrader_gives_everything_to_the_solution_and_nothing_to_the_stubs(files, tmp_path):
    root = course_at(tmp_path)
    shutil.copytree(files.source.parent, root / "solutions" / files.session)
    write_class(files, root / "submitted")
    for student in set(STUDENTS) - {"perfect", "untouched"}:
        shutil.rmtree(root / "submitted" / student)
    nbgrader(root, "generate_assignment", files.session)
    nbgrader(root, "autograde", files.session)
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        submissions = {each.student.id: each for each in gradebook.assignment_submissions(files.session)}
        scores = {student: each.score for student, each in submissions.items()}
        checks = {grade.name: grade.score for grade in submissions["perfect"].notebooks[0].grades if grade.score}
    session = load_session(files.session)
    assert scores == {"perfect": session.points, "untouched": 0}
    assert checks == {check_id(exercise.number): exercise.points for exercise in session.exercises}


@pytest.mark.parametrize("files", find_notebooks(), ids=lambda files: files.session)
def test_the_committed_release_is_what_nbgrader_writes(files, tmp_path):
    root = course_at(tmp_path)
    shutil.copytree(files.source.parent, root / "solutions" / files.session)
    log = nbgrader(root, "generate_assignment", files.session)
    released = root / "notebooks" / files.session
    assert (released / files.student.name).read_bytes() == files.student.read_bytes(), log
    assert [path.name for path in released.iterdir()] == [files.student.name]
