"""The demonstration: five submissions, and a sentence if they are not graded as they deserve."""

import csv

import pytest

from tests.grading.checked_class import make_checked_course, options
from utils.grading.demo import main, unexpected
from utils.grading.demo_class import STUDENTS
from utils.grading.mistakes import MISTAKES
from utils.grading.results import ClassResults, ExerciseResult, StudentResult

DESERVED = {"perfect": 4.0, "half-done": 2.0, "untouched": 0.0, "typical-mistakes": 3.0, "raises-everywhere": 0.0}


def student(name: str, score: float | None) -> StudentResult:
    exercises = {} if score is None else {1: ExerciseResult("Add", score, 4.0, "failed", 0.1, ())}
    return StudentResult(name, "SE99", "toy", "graded", exercises)


def results_of(scores: dict[str, float | None]) -> ClassResults:
    return ClassResults("SE99", "toy", {1: 4.0}, tuple(student(*each) for each in scores.items()))


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


@pytest.mark.parametrize(("name", "score", "sentence"), [(name, *wrong) for name, wrong in WRONG.items()])
def test_other_grades_are_told(name, score, sentence):
    assert unexpected(results_of({**DESERVED, name: score})) == [sentence]


def test_a_submission_that_was_not_graded_is_told():
    assert unexpected(results_of({**DESERVED, "perfect": None})) == ["The submission 'perfect' could not be graded."]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_class_is_made_graded_and_shown(tmp_path, monkeypatch, capsys):
    make_checked_course(tmp_path / "course")
    monkeypatch.setitem(MISTAKES, "SE99", {1: "def add(first, second):\n    return first - second"})
    monkeypatch.chdir(tmp_path)
    assert main(["--session", "SE99", "--out", "demo"], root=tmp_path / "course", options=options()) == 0
    said = capsys.readouterr().out
    assert "Grades:   demo/graded/grades.csv" in said
    assert "Feedback: demo/graded/feedback/<student>/SE99/toy.html" in said
    with open("demo/graded/grades.csv", newline="") as file:
        scores = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    deserved = {"perfect": 3.5, "half-done": 2.0, "untouched": 0, "typical-mistakes": 1.5, "raises-everywhere": 0}
    assert scores == deserved


def test_an_unknown_session_is_told(tmp_path, capsys):
    assert main(["--session", "SE50", "--out", str(tmp_path)]) == 1
    assert "There is no session 'SE50'" in capsys.readouterr().out
