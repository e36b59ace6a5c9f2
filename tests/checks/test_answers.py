"""Every right answer earns full marks, every wrong one is caught by the criterion meant for it and told why."""

import importlib

import pytest

from tests.checks.harness import SESSION, judge, message

NUMBERS = [exercise.number for exercise in SESSION.exercises]
TABLES = {number: importlib.import_module(f"tests.checks.tables.ex{number:02d}") for number in NUMBERS}
RIGHT = [(number, name) for number, table in TABLES.items() for name in table.RIGHT]
WRONG = [(number, name) for number, table in TABLES.items() for name in table.WRONG]


@pytest.mark.parametrize("number", NUMBERS)
def test_solution_earns_full_marks(number):
    score = judge(number)
    assert score.passed, str(score)
    assert float(score) == score.points


@pytest.mark.parametrize(("number", "name"), RIGHT, ids=lambda value: str(value))
def test_right_answer_passes(number, name):
    score = judge(number, TABLES[number].RIGHT[name])
    assert score.passed, str(score)


@pytest.mark.parametrize(("number", "name"), WRONG, ids=lambda value: str(value))
def test_wrong_answer_is_caught_and_explained(number, name):
    wrong = TABLES[number].WRONG[name]
    score = judge(number, wrong.code)
    assert not score.passed, "accepted a wrong answer"
    assert score < score.points
    assert score.report.first_failure.criterion.name == wrong.fails, str(score)
    assert wrong.says in message(score), str(score)
    assert "utils/" not in str(score), "shows a path of ours"
    assert " at 0x" not in str(score), "shows an address"
    assert "Traceback" not in str(score), "shows a traceback"


@pytest.mark.parametrize("number", NUMBERS)
def test_every_criterion_is_the_first_to_fail_for_some_wrong_answer(number):
    """Together with the test above: every criterion has been seen to fail, and to say why."""
    named = {wrong.fails for wrong in TABLES[number].WRONG.values()}
    assert named == {criterion.name for criterion in SESSION.exercise(number).criteria if not criterion.is_advice}
