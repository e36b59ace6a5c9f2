"""Answers written from the exercise text alone get the verdict that the text gives them."""

import importlib

import pytest

from tests.checks.harness import judge

EXERCISES = range(1, 13)
CASES = [
    pytest.param(number, code, right, id=f"ex{number:02}-{'right' if right else 'wrong'}-{name}")
    for number in EXERCISES
    for name, code, right in importlib.import_module(f"tests.checks.fresh.ex{number:02}").ANSWERS
]


@pytest.mark.parametrize(("number", "code", "right"), CASES)
def test_verdict(number, code, right):
    score = judge(number, code)
    assert bool(score.passed) is right, str(score)


@pytest.mark.parametrize("number", EXERCISES)
def test_names_are_unique_and_both_kinds_are_there(number):
    answers = importlib.import_module(f"tests.checks.fresh.ex{number:02}").ANSWERS
    names = [name for name, _, _ in answers]
    assert len(set(names)) == len(names)
    assert len({code for _, code, _ in answers}) == len(names)
    assert {right for _, _, right in answers} == {True, False}
