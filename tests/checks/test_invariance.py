"""A right answer stays right, and a wrong one wrong, when it is only written in another way.

The whole is large: here the solutions go through every rewrite, and each of the tables' answers through one.
``python -m tests.invariance`` runs them all.
"""

import pytest

from tests.checks.harness import EXERCISES
from tests.invariance import changed_verdicts, right_answers, wrong_answers
from tests.rewrites import REWRITES


def in_turn(answers):
    """Give each answer one rewrite, so that all of them have their turn."""
    return [(code, [list(REWRITES)[place % len(REWRITES)]]) for place, code in enumerate(answers)]


@pytest.mark.parametrize(("session", "number"), EXERCISES)
def test_solution_stays_right(session, number):
    solution, *_ = right_answers(session, number)
    assert changed_verdicts(session, number, [(solution, list(REWRITES))], right=True) == []


@pytest.mark.parametrize(("session", "number"), EXERCISES)
def test_other_right_answers_stay_right(session, number):
    assert changed_verdicts(session, number, in_turn(right_answers(session, number)[1:]), right=True) == []


@pytest.mark.parametrize(("session", "number"), EXERCISES)
def test_wrong_answers_stay_wrong(session, number):
    assert changed_verdicts(session, number, in_turn(wrong_answers(session, number)), right=False) == []
