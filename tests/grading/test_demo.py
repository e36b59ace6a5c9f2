"""The demonstration: five submissions, and a sentence if they are not graded as they deserve."""

import csv

import pytest

from tests.grading.toy_class import make_toy_course
from utils.grading.demo import main, unexpected
from utils.grading.demo_class import STUDENTS
from utils.grading.mistakes import MISTAKES
from utils.grading.results import ClassResults, StudentResult

DESERVED = {"perfect": 4.0, "half-done": 2.0, "untouched": 0.0, "typical-mistakes": 3.0, "raises-everywhere": 0.0}


def results_of(scores: dict[str, float]) -> ClassResults:
    students = (StudentResult(student, {1: score}, {}) for student, score in scores.items())
    return ClassResults("SE99", {1: 4.0}, tuple(students))


def test_deserved_grades_are_expected():
    assert tuple(DESERVED) == STUDENTS
    assert unexpected(results_of(DESERVED)) == []


WRONG = {
    "perfect": (3.5, "The perfect submission earned 3.5 of 4.0 points."),
    "untouched": (0.5, "The submission 'untouched' earned 0.5 points instead of none."),
    "raises-everywhere": (4.0, "The submission 'raises-everywhere' earned 4.0 points instead of none."),
    "half-done": (4.0, "The submission 'half-done' earned 4.0 of 4.0 points instead of some."),
    "typical-mistakes": (0.0, "The submission 'typical-mistakes' earned 0.0 of 4.0 points instead of some."),
}


@pytest.mark.parametrize(("student", "score", "sentence"), [(student, *wrong) for student, wrong in WRONG.items()])
def test_other_grades_are_told(student, score, sentence):
    assert unexpected(results_of({**DESERVED, student: score})) == [sentence]


def test_a_submission_that_was_not_graded_is_told():
    results = results_of(DESERVED)
    missing = (StudentResult("perfect", {}, {}), *results.students[1:])
    faults = unexpected(ClassResults("SE99", {1: 4.0}, missing))
    assert faults == ["The submission 'perfect' could not be graded."]


@pytest.mark.slow
def test_the_class_is_made_graded_and_shown(tmp_path, monkeypatch, capsys):
    make_toy_course(tmp_path / "course")
    monkeypatch.setitem(MISTAKES, "SE99", {1: "def add(first, second):\n    return first - second"})
    monkeypatch.chdir(tmp_path)
    assert main(["--session", "SE99", "--out", "demo"], root=tmp_path / "course") == 0
    said = capsys.readouterr().out
    assert "Grades:   demo/graded/grades.csv" in said
    assert "Feedback: demo/graded/feedback/<student>/SE99/toy.html" in said
    with open("demo/graded/grades.csv", newline="") as file:
        scores = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    deserved = {"perfect": 3.5, "half-done": 2.0, "untouched": 0, "typical-mistakes": 2.5, "raises-everywhere": 0}
    assert scores == deserved


def test_an_unknown_session_is_told(tmp_path, capsys):
    assert main(["--session", "SE50", "--out", str(tmp_path)]) == 1
    assert "There is no session 'SE50'" in capsys.readouterr().out
