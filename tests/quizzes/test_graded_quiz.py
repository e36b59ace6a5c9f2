"""A quiz as an exercise: built, released, executed in a real kernel and graded as nbgrader does."""

import math

import nbformat
import pytest
from nbclient import NotebookClient
from nbgrader.utils import determine_grade

from tests.course.toy import make_course
from utils.core.errors import QuizNotFoundError
from utils.core.evaluation import evaluate
from utils.core.exercise import Session
from utils.core.quiz import QuizManager
from utils.core.quiz.graded import quiz_exercise
from utils.core.report import Outcome, Report, Score
from utils.course.build import build_notebook
from utils.course.layout import REPOSITORY


@pytest.fixture(autouse=True)
def the_course_is_found(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))


@pytest.fixture
def folder(content, write, tmp_path):
    return write(content).parent


@pytest.fixture
def exercise(folder):
    return quiz_exercise("SX01", 3, number=1, points=2.0, directory=folder)


@pytest.fixture
def right(exercise, folder):
    manager = QuizManager("SX01", directory=folder)
    return ["bc", 0.75, manager._quizzes[3].questions[2].solution]


def report(exercise, answers):
    return Report(exercise, evaluate(exercise, {"quiz_answers": answers}))


def test_right_answers_earn_all_points_as_a_list_or_by_name(exercise, right):
    assert exercise.points == 6
    assert Score(report(exercise, right)) == 6.0
    assert Score(report(exercise, dict(zip(("several", "number", "order"), right, strict=True)))) == 6.0


@pytest.mark.parametrize(
    ("change", "points", "says"),
    [
        ({0: "ab"}, 4, "the answer 'ab' is not right yet"),
        ({1: 0.5}, 4, "the answer 0.5 is not right yet"),
        ({1: "much"}, 4, "is no number"),
        ({0: None}, 4, "question 1 has no answer yet"),
        ({0: "zz"}, 4, "does not fit"),
        ({0: "ab", 1: math.nan, 2: 3}, 0, "the answer 'ab'"),
    ],
)
def test_each_question_counts_for_itself(exercise, right, change, points, says):
    found = report(exercise, [change.get(place, answer) for place, answer in enumerate(right)])
    assert found.points == points
    assert says in found.first_failure.message
    assert found.outcome is Outcome.FAILED


def test_untouched_stub_is_not_attempted_and_a_wrong_type_is_told(exercise):
    assert report(exercise, ...).outcome is Outcome.NOT_ATTEMPTED
    assert "write a list with an answer to each question" in report(exercise, "bc").first_failure.message


def test_messages_and_hints_never_tell_the_answer(exercise):
    found = report(exercise, ["a", 12, "abc"])
    said = " ".join([result.message for result in found.results] + [h for c in exercise.criteria for h in c.hints])
    assert "Even numbers" not in said
    assert "0.75" not in said


def test_clicked_answers_can_be_listed(folder):
    manager = QuizManager("SX01", directory=folder)
    manager.run_quiz(3, question=2, answer="0.75")
    assert manager.answers(3) == [None, 0.75, None]


def test_unknown_quiz_is_an_error(folder):
    with pytest.raises(QuizNotFoundError, match="no quiz 9; SX01 has 1, 2, 3"):
        quiz_exercise("SX01", 9, number=1, directory=folder)


SOURCE = """\
# %%
from pathlib import Path

from utils.core.evaluation import evaluate
from utils.core.quiz.graded import quiz_exercise
from utils.core.report import Report, Score

class Checker:
    def check_exercise(self, number, answers):
        exercise = quiz_exercise("SX01", 3, number=number, points=2.0, directory=Path("{folder}"))
        return Score(Report(exercise, evaluate(exercise, answers)))

checker = Checker()

# %%
# Exercise 1: Quiz 3: Other kinds
quiz_answers = {answers}  # SOLUTION: your answers to quiz 3

# %%
checker.check_exercise(1, {{"quiz_answers": quiz_answers}})
"""


@pytest.mark.slow
@pytest.mark.parametrize(("wrong", "points"), [({}, 6.0), ({0: "a"}, 4.0)], ids=["right", "one wrong"])
def test_answers_in_the_notebook_count_in_nbgrader(exercise, right, folder, tmp_path, wrong, points):
    answers = [wrong.get(place, answer) for place, answer in enumerate(right)]
    files = make_course(tmp_path / "course", SOURCE.format(folder=folder, answers=answers))
    built = build_notebook(files, Session("SE99", "Toy", (exercise,)))
    assert "bc" not in built.student
    assert "quiz_answers = ...  # YOUR CODE HERE: your answers to quiz 3" in built.student
    notebook = nbformat.reads(built.solution, as_version=4)
    NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(tmp_path)}}).execute()
    check = notebook.cells[-1]
    assert check.metadata.nbgrader["points"] == 6.0
    assert determine_grade(check) == (points, 6.0)


@pytest.mark.slow
def test_released_notebook_is_not_attempted_and_gets_nothing(exercise, right, folder, tmp_path):
    files = make_course(tmp_path / "course", SOURCE.format(folder=folder, answers=right))
    notebook = nbformat.reads(build_notebook(files, Session("SE99", "Toy", (exercise,))).student, as_version=4)
    NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(tmp_path)}}).execute()
    assert determine_grade(notebook.cells[-1]) == (0.0, 6.0)
    assert "not attempted" in notebook.cells[-1].outputs[0].data["text/html"]
