"""Every right answer earns full marks, every wrong one is caught by the criterion meant for it and told why."""

import importlib

import pytest

from tests.checks.harness import SESSION, judge, message
from utils.core.report import Outcome

NUMBERS = [exercise.number for exercise in SESSION.exercises]
TABLES = {number: importlib.import_module(f"tests.checks.tables.ex{number:02d}") for number in NUMBERS}
RIGHT = [(number, name) for number, table in TABLES.items() for name in table.RIGHT]
ADVISED = [(number, name) for number, table in TABLES.items() for name in getattr(table, "ADVISED", ())]
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
    outcomes = {result.criterion.name: result.outcome for result in score.report.results}
    assert all(outcomes[name] is Outcome.FAILED for name in wrong.also), str(score)
    assert "utils/" not in str(score), "shows a path of ours"
    assert " at 0x" not in str(score), "shows an address"
    assert "Traceback" not in str(score), "shows a traceback"


@pytest.mark.parametrize("number", NUMBERS)
def test_every_criterion_is_the_first_to_fail_for_some_wrong_answer(number):
    """Together with the test above: every criterion has been seen to fail, and to say why."""
    named = {wrong.fails for wrong in TABLES[number].WRONG.values()}
    assert named == {criterion.name for criterion in SESSION.exercise(number).criteria if not criterion.is_advice}


@pytest.mark.parametrize(("number", "name"), ADVISED, ids=lambda value: str(value))
def test_right_answer_gets_advice(number, name):
    advised = TABLES[number].ADVISED[name]
    score = judge(number, advised.code)
    assert score.passed, str(score)
    assert [(each.criterion.name, advised.says in each.message) for each in score.report.advice] == [
        (advised.fails, True)
    ]


@pytest.mark.parametrize("number", NUMBERS)
def test_every_advice_is_given_for_some_answer(number):
    named = {advised.fails for advised in getattr(TABLES[number], "ADVISED", {}).values()}
    assert named == {criterion.name for criterion in SESSION.exercise(number).criteria if criterion.is_advice}
