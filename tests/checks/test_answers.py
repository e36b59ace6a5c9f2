"""Every right answer earns full marks, every wrong one is caught by the criterion meant for it and told why."""

import pytest

from tests.checks.harness import EXERCISES, judge, message, table_of
from utils.core.exercise import load_session
from utils.core.report import Outcome

TABLES = {place: table_of(*place) for place in EXERCISES}
RIGHT = [(*place, name) for place, table in TABLES.items() for name in table.RIGHT]
ADVISED = [(*place, name) for place, table in TABLES.items() for name in getattr(table, "ADVISED", ())]
WRONG = [(*place, name) for place, table in TABLES.items() for name in table.WRONG]


@pytest.mark.parametrize(("session", "number"), EXERCISES)
def test_solution_earns_full_marks(session, number):
    score = judge(number, session=session)
    assert score.passed, str(score)
    assert float(score) == score.points


@pytest.mark.parametrize(("session", "number", "name"), RIGHT, ids=lambda value: str(value))
def test_right_answer_passes(session, number, name):
    score = judge(number, TABLES[session, number].RIGHT[name], session=session)
    assert score.passed, str(score)


@pytest.mark.parametrize(("session", "number", "name"), WRONG, ids=lambda value: str(value))
def test_wrong_answer_is_caught_and_explained(session, number, name):
    wrong = TABLES[session, number].WRONG[name]
    score = judge(number, wrong.code, session=session)
    assert not score.passed, "accepted a wrong answer"
    assert score < score.points
    assert score.report.first_failure.criterion.name == wrong.fails, str(score)
    assert wrong.says in message(score), str(score)
    outcomes = {result.criterion.name: result.outcome for result in score.report.results}
    assert all(outcomes[name] is Outcome.FAILED for name in wrong.also), str(score)
    assert "utils/" not in str(score), "shows a path of ours"
    assert " at 0x" not in str(score), "shows an address"
    assert "Traceback" not in str(score), "shows a traceback"


@pytest.mark.parametrize(("session", "number"), EXERCISES)
def test_every_criterion_is_the_first_to_fail_for_some_wrong_answer(session, number):
    """Together with the test above: every criterion has been seen to fail, and to say why."""
    named = {wrong.fails for wrong in TABLES[session, number].WRONG.values()}
    assert named == {
        criterion.name for criterion in load_session(session).exercise(number).criteria if not criterion.is_advice
    }


@pytest.mark.parametrize(("session", "number", "name"), ADVISED, ids=lambda value: str(value))
def test_right_answer_gets_advice(session, number, name):
    advised = TABLES[session, number].ADVISED[name]
    score = judge(number, advised.code, session=session)
    assert score.passed, str(score)
    assert [(each.criterion.name, advised.says in each.message) for each in score.report.advice] == [
        (advised.fails, True)
    ]


@pytest.mark.parametrize(("session", "number"), EXERCISES)
def test_every_advice_is_given_for_some_answer(session, number):
    named = {advised.fails for advised in getattr(TABLES[session, number], "ADVISED", {}).values()}
    assert named == {
        criterion.name for criterion in load_session(session).exercise(number).criteria if criterion.is_advice
    }
