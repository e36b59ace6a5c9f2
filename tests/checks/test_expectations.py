"""Deleting any single expectation from any check turns the test of a wrong answer red."""

import pytest

from tests.expectations import expectations, known_witnesses, turns_red, without

PARTS = 12
WITNESSES = known_witnesses()


def test_every_expectation_has_a_witness_and_every_witness_an_expectation():
    """Write the file again with ``python -m tests.expectations``."""
    assert {each.name for each in expectations()} == set(WITNESSES)


@pytest.mark.parametrize("part", range(PARTS))
def test_without_it_a_wrong_answer_is_judged_wrongly(part):
    needless = []
    for expectation in expectations()[part::PARTS]:
        with without(expectation):
            if not turns_red(*WITNESSES[expectation.name]):
                needless.append(expectation.name)
    assert needless == []
