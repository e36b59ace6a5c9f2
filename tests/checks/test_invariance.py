"""A right answer stays right, and a wrong one wrong, when it is only written in another way.

The whole is large: here the solutions go through every rewrite, and each of the tables' answers through one.
``python -m tests.invariance`` runs them all.
"""

import pytest

from tests.checks.harness import SESSION
from tests.invariance import changed_verdicts, right_answers, wrong_answers
from tests.rewrites import REWRITES

NUMBERS = [exercise.number for exercise in SESSION.exercises]


def in_turn(answers):
    """Give each answer one rewrite, so that all of them have their turn."""
    return [(code, [list(REWRITES)[place % len(REWRITES)]]) for place, code in enumerate(answers)]


@pytest.mark.parametrize("number", NUMBERS)
def test_solution_stays_right(number):
    solution, *_ = right_answers(number)
    assert changed_verdicts(number, [(solution, list(REWRITES))], right=True) == []


@pytest.mark.parametrize("number", NUMBERS)
def test_other_right_answers_stay_right(number):
    assert changed_verdicts(number, in_turn(right_answers(number)[1:]), right=True) == []


@pytest.mark.parametrize("number", NUMBERS)
def test_wrong_answers_stay_wrong(number):
    assert changed_verdicts(number, in_turn(wrong_answers(number)), right=False) == []
