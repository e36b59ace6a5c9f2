"""Outcomes, points and messages on a made-up exercise."""

import textwrap

import pytest

from tests.core.toy import EXERCISE, HINTS, doubled
from utils.core.errors import ExerciseDefinitionError
from utils.core.evaluation import evaluate
from utils.core.exercise import Exercise, Session, criterion
from utils.core.report import Outcome, Report, Score


def report(**answers):
    return Report(EXERCISE, evaluate(EXERCISE, answers))


def student(code):
    """Run code as a notebook cell would, outside of the course's own files."""
    namespace = {}
    exec(compile(textwrap.dedent(code), "<cell>", "exec"), namespace)
    return namespace


def test_right_answer_passes_with_all_points():
    assert report(number=4).outcome is Outcome.PASSED
    assert report(number=4).points == 5


def test_half_right_answer_earns_its_part():
    half = report(number=3)
    assert half.outcome is Outcome.FAILED
    assert half.points == 3
    assert half.first_failure.message == "3 is odd."


def test_missing_and_untouched_answers_are_not_attempted():
    for nothing in (report(), report(number=...)):
        assert nothing.outcome is Outcome.NOT_ATTEMPTED
        assert nothing.points == 0
        assert nothing.hints == ()


def test_advice_is_shown_and_earns_nothing():
    negative = report(number=-2)
    assert negative.outcome is Outcome.PASSED
    assert [each.message for each in negative.advice] == ["-2 is not positive."]


def test_untouched_stub_is_not_attempted_and_named():
    code = "class Number:\n    def __mod__(self, other):\n        raise NotImplementedError()"
    found = report(number=student(code)["Number"]())
    assert found.results[0].outcome is Outcome.NOT_ATTEMPTED
    assert "Number.__mod__" in found.results[0].message


@pytest.mark.parametrize("raised", ["ValueError('nine')", "SystemExit", "Exception", "RecursionError", "MemoryError()"])
def test_whatever_student_code_raises_becomes_a_result(raised):
    code = f"class Number:\n    def __mod__(self, other):\n        raise {raised}"
    result = report(number=student(code)["Number"]()).results[0]
    assert result.outcome is Outcome.CRASHED
    assert "Line 3 of your code" in result.message


def test_crash_message_shows_no_frame_of_ours():
    result = report(number="text").results[0]
    assert result.outcome is Outcome.CRASHED
    assert "evaluation" not in result.message
    assert "Traceback" not in result.message


def test_interrupt_by_the_student_goes_through():
    code = "class Number:\n    def __mod__(self, other):\n        raise KeyboardInterrupt"
    with pytest.raises(KeyboardInterrupt):
        report(number=student(code)["Number"]())


def test_endless_loop_is_stopped(monkeypatch):
    monkeypatch.setattr("utils.core.evaluation.SECONDS_PER_CRITERION", 0.2)
    code = "class Number:\n    def __mod__(self, other):\n        while True:\n            try: pass\n            except Exception: pass"
    result = report(number=student(code)["Number"]()).results[0]
    assert result.outcome is Outcome.CRASHED
    assert "did not finish" in result.message


def test_fixture_runs_once_and_fails_for_all_who_need_it():
    calls = []

    def shared(number):
        calls.append(number)
        raise ValueError("broken")

    def check():
        def holds(shared):
            """It holds."""

        return criterion(points=1, hints=HINTS)(holds)

    exercise = Exercise(1, "t", ("number",), (check(), check()), (shared,))
    results = evaluate(exercise, {"number": 1})
    assert calls == [1]
    assert [result.outcome for result in results] == [Outcome.CRASHED] * 2


def test_generator_fixture_is_cleaned_up():
    events = []

    def resource(number):
        events.append("open")
        yield number
        events.append("close")

    def holds(resource):
        """It holds."""
        events.append("used")

    evaluate(Exercise(1, "t", ("number",), (criterion(points=1, hints=HINTS)(holds),), (resource,)), {"number": 1})
    assert events == ["open", "used", "close"]


def test_no_criteria_never_pass():
    assert Report(EXERCISE, ()).outcome is not Outcome.PASSED


def test_score_stays_within_its_bounds():
    score = Score(report(number=4))
    assert 0 <= score <= score.points == 5
    assert score.passed


@pytest.mark.parametrize(
    ("define", "says"),
    [
        (lambda: criterion(points=1, hints=HINTS)(lambda number: None), "docstring"),
        (lambda: criterion(points=1, hints=("one",))(doubled), "docstring"),
        (lambda: criterion(points=1, hints=("one",))(EXERCISE.criteria[0].check), "two hints"),
        (lambda: criterion(points=-1, hints=HINTS)(EXERCISE.criteria[0].check), "-1 points"),
        (lambda: Exercise(1, "t", ("other",), EXERCISE.criteria), "'number'"),
        (lambda: Exercise(1, "t", ("number",), (EXERCISE.criteria[2],)), "no criterion that earns points"),
        (lambda: Session("S", "t", (EXERCISE, EXERCISE)), "[1, 1]"),
    ],
)
def test_contradictory_definitions_are_refused(define, says):
    with pytest.raises(ExerciseDefinitionError) as caught:
        define()
    assert says in str(caught.value)
