"""The checks notice small changes to the solutions; those they do not notice have a reason.

A sample of the mutants runs here, `make mutants` runs them all.
"""

import json

import pytest

from tests.checks.harness import SESSION, solution
from tests.harness_worker import judge_silently
from tests.mutants import EQUIVALENT, explained
from tests.mutation import mutants

NUMBERS = [exercise.number for exercise in SESSION.exercises]
EVERY = 25


@pytest.mark.parametrize("number", NUMBERS)
def test_sampled_mutants_are_killed(number):
    sample = [mutant for mutant in mutants(solution(number)) if mutant.diff not in explained()[number]][::EVERY]
    assert sample
    assert [mutant.diff for mutant in sample if judge_silently(number, mutant.code)] == []


@pytest.mark.parametrize("number", NUMBERS)
def test_what_is_listed_as_equivalent_is_a_mutant_and_earns_full_marks(number):
    made = {mutant.diff: mutant.code for mutant in mutants(solution(number))}
    assert set(explained()[number]) <= set(made), "no mutant of today's solution"
    sample = list(explained()[number])[::5]
    assert [diff for diff in sample if not judge_silently(number, made[diff])] == []


def test_every_reason_is_a_sentence():
    reasons = [reason for each in json.loads(EQUIVALENT.read_text()).values() for reason in each.values()]
    assert all(reason[0].isupper() or reason.startswith("`") for reason in reasons)
    assert all(reason.endswith(".") and len(reason.split()) > 3 for reason in reasons)
