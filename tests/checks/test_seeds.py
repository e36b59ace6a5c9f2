"""The solutions pass whatever numbers are drawn; ``python -m tests.seeds`` asks the same of every answer."""

import pytest

from tests.checks.harness import EXERCISES
from tests.seeds import unlucky

SEEDS = (7, 20_011, 2**31 - 2)


@pytest.mark.parametrize(("session", "number"), EXERCISES)
def test_the_solution_passes_with_every_seed(session, number):
    assert unlucky((session, number, None, True, SEEDS)) == []
