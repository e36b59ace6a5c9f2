"""Every right answer earns full marks, every wrong one is caught by the criterion meant for it and told why."""

import importlib

import pytest

from tests.checks.harness import judge, message
from utils.core.exercise import SESSIONS, load_session

EXERCISES = [(session, exercise.number) for session in SESSIONS for exercise in load_session(session).exercises]
TABLES = {
    (session, number): importlib.import_module(f"tests.checks.tables.{session.lower()}.ex{number:02d}")
    for session, number in EXERCISES
}
RIGHT = [(*place, name) for place, table in TABLES.items() for name in table.RIGHT]
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
    assert "utils/" not in str(score), "shows a path of ours"
    assert " at 0x" not in str(score), "shows an address"
    assert "Traceback" not in str(score), "shows a traceback"


@pytest.mark.parametrize(("session", "number"), EXERCISES)
def test_every_criterion_is_the_first_to_fail_for_some_wrong_answer(session, number):
    """Together with the test above: every criterion has been seen to fail, and to say why."""
    named = {wrong.fails for wrong in TABLES[session, number].WRONG.values()}
    criteria = load_session(session).exercise(number).criteria
    assert named == {criterion.name for criterion in criteria if not criterion.is_advice}
