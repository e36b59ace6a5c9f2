"""A whole class of toy submissions through the real nbgrader, once."""

import csv

import pytest

from tests.grading.toy_class import (
    SUBMISSIONS,
    make_toy_course,
    submission,
    with_own_first_check,
    without_first_check,
    write_submission,
)
from utils.grading.results import ClassResults
from utils.grading.run import GradedClass, grade_class

pytestmark = pytest.mark.slow

NO_NUMBER = "The check left no number: 0 points."

# student: (score of exercise 1, of exercise 2, what is flagged)
EXPECTED = {
    "perfect": (2, 1.5, {}),
    "half_right": (1, 1.5, {}),
    "untouched": (0, 0, {}),
    "raising": (0, 0, dict.fromkeys((1, 2), "The check stopped with NameError: 0 points.")),
    "leaving_none": (0, 0, dict.fromkeys((1, 2), NO_NUMBER)),
    "leaving_too_much": (0, 0, dict.fromkeys((1, 2), NO_NUMBER)),
    "relying_on_the_environment": (2, 1.5, {}),
    "warning_while_checked": (0, 1.5, {1: "Something wrote to stderr while the check ran: 0 points."}),
    "without_first_check": (0, 1.5, {1: "The check cell is missing: 0 points."}),
    "with_own_first_check": (0, 0, {}),
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory) -> GradedClass:
    root = tmp_path_factory.mktemp("course")
    files = make_toy_course(root)
    for student, write in SUBMISSIONS.items():
        write_submission(root / "handed-in", student, files, submission(files, write))
    write_submission(root / "handed-in", "without_first_check", files, without_first_check(files))
    cheat = write_submission(root / "handed-in", "with_own_first_check", files, with_own_first_check(files))
    (cheat.parent / "utils").mkdir()
    (cheat.parent / "utils" / "__init__.py").write_text("raise SystemExit")
    said = []
    result = grade_class("SE99", submitted=root / "handed-in", out=root / "out", say=said.append, root=root)
    assert said[0].startswith("Grading 11 submissions of SE99")
    return result


@pytest.fixture(scope="module")
def results(graded) -> ClassResults:
    return graded.results


@pytest.mark.parametrize("student", EXPECTED)
def test_every_submission_gets_what_it_deserves(results, student):
    first, second, flags = EXPECTED[student]
    result = results.of(student)
    assert result.scores == {1: first, 2: second}
    assert result.flags == flags


def test_a_submission_that_kills_its_kernel_stops_nobody_else(graded):
    assert not graded.results.of("killing_the_kernel").graded
    assert graded.results.students[-1].graded
    assert "Not graded: killing_the_kernel." in graded.summary()
    assert "DeadKernelError" in graded.folder.log.read_text(encoding="utf-8")


def test_points_are_the_checks_own(results):
    assert results.points == {1: 2.0, 2: 1.5}
    assert results.max_score == 3.5


def test_grades_are_a_row_for_each_student(graded):
    with graded.folder.grades.open(newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    half = {"session": "SE99", "score": "2.5", "max_score": "3.5", "ex01": "1.0", "ex02": "1.5"}
    assert rows["half_right"] == {"student_id": "half_right", **half}
    assert rows["killing_the_kernel"]["score"] == rows["killing_the_kernel"]["ex01"] == ""
    assert len(rows) == 11


def test_every_graded_student_gets_feedback(graded):
    pages = {each.student: graded.folder.feedback(each.student) for each in graded.results.students}
    assert [student for student, page in pages.items() if not page.is_file()] == ["killing_the_kernel"]
    assert NO_NUMBER in pages["leaving_none"].read_text(encoding="utf-8")
    assert "max-width: 100%" in pages["perfect"].read_text(encoding="utf-8")
    assert "total_of_both_numbers" in pages["perfect"].read_text(encoding="utf-8")


def test_the_table_marks_what_needs_a_look(graded):
    lines = graded.summary().split("\n")
    assert lines[0].split() == ["student", "ex01", "ex02", "total"]
    assert next(line for line in lines if line.startswith("half_right")).split() == ["half_right", "1", "1.5", "2.5"]
    assert next(line for line in lines if line.startswith("leaving_none")).split() == ["leaving_none", "0*", "0*", "0"]
    assert f"* leaving_none, exercises 1, 2: {NO_NUMBER}" in lines


def test_only_the_notebook_is_taken_from_a_submission(graded):
    taken = [path for path in (graded.folder.root / "submitted").rglob("*") if path.is_file()]
    assert {path.name for path in taken} == {"toy.ipynb"}


def test_the_course_itself_stays_as_it_is(graded):
    course = graded.folder.root.parent
    assert sorted(path.name for path in course.iterdir()) == [
        "figs",
        "handed-in",
        "notebooks",
        "out",
        "pyproject.toml",
        "solutions",
    ]
