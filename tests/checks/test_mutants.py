"""The checks notice small changes to the solutions; those they do not notice have a reason.

A sample of the mutants runs here, `make mutants` runs them all.
"""

import json

import pytest

from tests.checks.harness import EXERCISES, solution
from tests.harness_worker import judge_silently
from tests.mutants import EQUIVALENT, explained
from tests.mutation import mutants

EVERY = 25


@pytest.mark.parametrize(("session", "number"), EXERCISES)
def test_sampled_mutants_are_killed(session, number):
    reasons = explained(session).get(number, {})
    sample = [mutant for mutant in mutants(solution(number, session)) if mutant.diff not in reasons][::EVERY]
    assert sample
    assert [mutant.diff for mutant in sample if judge_silently(session, number, mutant.code)] == []


@pytest.mark.parametrize(("session", "number"), EXERCISES)
def test_what_is_listed_as_equivalent_is_a_mutant_and_earns_full_marks(session, number):
    made = {mutant.diff: mutant.code for mutant in mutants(solution(number, session))}
    reasons = explained(session).get(number, {})
    assert set(reasons) <= set(made), "no mutant of today's solution"
    assert [diff for diff in list(reasons)[::5] if not judge_silently(session, number, made[diff])] == []


def test_every_reason_is_a_sentence():
    sessions = json.loads(EQUIVALENT.read_text()).values()
    reasons = [reason for exercises in sessions for each in exercises.values() for reason in each.values()]
    assert all(reason[0].isupper() or reason.startswith("`") for reason in reasons)
    assert all(reason.endswith(".") and len(reason.split()) > 3 for reason in reasons)
