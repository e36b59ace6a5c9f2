"""SE05 as an instructor grades it: the demonstration's class of five, in one command."""

import pytest

from utils.core.exercise import load_session
from utils.grading.course_folder import notebook_of
from utils.grading.demo import unexpected
from utils.grading.demo_class import write_class
from utils.grading.mistakes import MISTAKES
from utils.grading.results import ClassResults
from utils.grading.run import grade_class

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

POINTS = {exercise.number: exercise.points for exercise in load_session("SE05").exercises}
PARTIAL = MISTAKES["SE05"]


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> ClassResults:
    root = tmp_path_factory.mktemp("class")
    write_class(notebook_of("SE05"), root / "submitted")
    return grade_class("SE05", submitted=root / "submitted", out=root / "out", say=lambda text: None).results


@pytest.fixture(scope="module")
def scores(results) -> dict[str, dict[int, float]]:
    """Scores by student and exercise."""
    return {each.student: each.scores for each in results.students}


def test_the_class_gets_what_the_demonstration_expects(results):
    assert unexpected(results) == []


def test_the_solution_earns_every_point(scores):
    assert scores["perfect"] == POINTS


@pytest.mark.parametrize("student", ["untouched", "raises-everywhere"])
def test_no_answer_earns_nothing(scores, student):
    assert set(scores[student].values()) == {0}


def test_half_the_answers_earn_their_own_points(scores):
    numbers = sorted(POINTS)
    half = numbers[: len(numbers) // 2]
    assert scores["half-done"] == {number: POINTS[number] if number in half else 0 for number in numbers}


@pytest.mark.parametrize("number", PARTIAL)
def test_a_typical_mistake_earns_part_of_the_points(scores, number):
    assert 0 < scores["typical-mistakes"][number] < POINTS[number]


@pytest.mark.parametrize("number", [1, 3, 4])
def test_a_mistake_elsewhere_costs_nothing_here(scores, number):
    assert scores["typical-mistakes"][number] == POINTS[number]


def test_nobody_honest_is_flagged(results):
    assert {each.student: each.flags for each in results.students if each.flags} == {}
    assert [each.error for each in results.students] == [None] * len(results.students)
