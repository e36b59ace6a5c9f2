"""Each session as an instructor grades it: the demonstration's class of five, in one command."""

import nbformat
import pytest

from utils.core.exercise import SESSIONS, load_session
from utils.grading.course_folder import notebook_of
from utils.grading.demo import unexpected
from utils.grading.demo_class import write_class
from utils.grading.mistakes import MISTAKES
from utils.grading.results import ClassResults
from utils.grading.run import GradedClass, grade_class

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="module", params=SESSIONS)
def session(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def points(session) -> dict[int, float]:
    return {exercise.number: exercise.points for exercise in load_session(session).exercises}


@pytest.fixture(scope="module")
def graded(session, tmp_path_factory) -> GradedClass:
    root = tmp_path_factory.mktemp("class")
    write_class(notebook_of(session), root / "submitted")
    return grade_class(session, submitted=root / "submitted", out=root / "out", say=lambda text: None)


@pytest.fixture(scope="module")
def results(graded) -> ClassResults:
    return graded.results


@pytest.fixture(scope="module")
def scores(results) -> dict[str, dict[int, float]]:
    """Scores by student and exercise."""
    return {each.student: each.scores for each in results.students}


def test_the_class_gets_what_the_demonstration_expects(results):
    assert unexpected(results) == []


def test_the_solution_earns_every_point(scores, points):
    assert scores["perfect"] == points


@pytest.mark.parametrize("student", ["untouched", "raises-everywhere"])
def test_no_answer_earns_nothing(scores, student):
    assert set(scores[student].values()) == {0}


def test_half_the_answers_earn_their_own_points(scores, points):
    numbers = sorted(points)
    half = numbers[: len(numbers) // 2]
    assert scores["half-done"] == {number: points[number] if number in half else 0 for number in numbers}


def test_a_typical_mistake_earns_part_of_the_points_and_costs_nothing_elsewhere(session, scores, points):
    for number, score in scores["typical-mistakes"].items():
        if number in MISTAKES[session]:
            assert 0 < score < points[number], number
        elif not set(load_session(session).exercise(number).builds_on) & set(MISTAKES[session]):
            assert score == points[number], number


@pytest.mark.parametrize("student", ["perfect", "untouched"])
def test_nothing_stops_with_an_error_where_it_is_graded(graded, student):
    notebook = nbformat.read(graded.folder.executed / f"{student}.ipynb", as_version=4)
    errors = [output for cell in notebook.cells for output in cell.get("outputs", ()) if output.output_type == "error"]
    assert [f"{error.ename}: {error.evalue}" for error in errors] == []


def test_written_questions_are_no_part_of_the_points(session, results):
    assert results.max_score == load_session(session).points


def test_nobody_honest_is_flagged(results):
    assert {each.student: each.flags for each in results.students if each.flags} == {}
    assert [each.error for each in results.students] == [None] * len(results.students)
