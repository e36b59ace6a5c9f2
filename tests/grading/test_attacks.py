"""Each attack earns nothing, or is flagged for a person; what an honest student does is never flagged."""

import pytest

from tests.grading.attacks import ATTACKS
from tests.grading.checked_class import RIGHT_ADD, RIGHT_NUMBERS, answered, flags, make_checked_course, nursery, run, scores
from tests.grading.honest import HONEST

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return make_checked_course(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def kernels():
    with nursery() as running:
        yield running.wait()


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_earns_nothing_or_is_flagged(files, kernels, name):
    attacked = run(kernels, answered(files, f"# Exercise 1: Add two numbers\n{ATTACKS[name]}"), cell_seconds=5)
    assert sum(scores(attacked).values()) == 0 or flags(attacked), scores(attacked)


@pytest.mark.parametrize("name", HONEST)
def test_what_honest_students_do_is_not_flagged(files, kernels, name):
    code, deserved = HONEST[name]
    honest = run(kernels, answered(files, f"# Exercise 1: Add two numbers\n{code}", RIGHT_NUMBERS))
    assert flags(honest) == []
    assert scores(honest) == {1: deserved, 2: 1.5}


def test_the_right_answers_earn_everything(files, kernels):
    right = run(kernels, answered(files, RIGHT_ADD, RIGHT_NUMBERS))
    assert scores(right) == {1: 2.0, 2: 1.5}
    assert flags(right) == []
    assert right.error is None
