"""Which cells need not run: only the release's own, that wait for answers, and that nothing judged is built on."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from utils.grading.course_folder import notebook_of
from utils.grading.demonstrations import demonstrations
from utils.grading.suspicion import suspicions

READY = "if checker.ready(1):\n    net = train(Net())\n    print(net)"


def notebook(*sources):
    return new_notebook(cells=[new_code_cell(source) for source in sources])


def skipped(*sources, release=(READY,)):
    return set(demonstrations(notebook(*sources), frozenset(release)))


CASES = {
    "nothing needs it": (["class Net: pass", READY], {1}),
    "a later cell of the student's needs it": ([READY, "print(net)"], set()),
    "a later function of the student's needs it": ([READY, "def use():\n    return net"], set()),
    "a parameter of the same name does not": ([READY, "def use(net):\n    return net"], {0}),
    "the student changed it": ([READY + "  # mine"], set()),
    "a cell of the student's may mean anything": ([READY, "globals()['n' + 'et']"], set()),
    "a cell that is no Python names it": ([READY, "print(net"], set()),
    "it runs where a cell that runs needs it": ([READY, READY.replace("net =", "other = net\n    x ="), "x"], set()),
}


@pytest.mark.parametrize(("sources", "expected"), CASES.values(), ids=CASES.keys())
def test_a_cell_is_left_out_only_if_nothing_depends_on_it(sources, expected):
    assert skipped(*sources, release=[READY, READY.replace("net =", "other = net\n    x =")]) == expected


def test_trainings_of_the_perfect_submission_are_left_out():
    release = nbformat.read(notebook_of("SE05").student, as_version=4)
    left_out = demonstrations(release, frozenset(cell.source for cell in release.cells))
    trainings = {
        index for index, cell in enumerate(release.cells) if cell.cell_type == "code" and "train_model(" in cell.source
    }
    assert trainings
    assert trainings <= left_out


HELPER = "def helper():\n    return net"


@pytest.mark.parametrize(("use", "expected"), [("# nothing", {0, 1}), ("helper()", set())])
def test_functions_that_nobody_calls_need_nothing(use, expected):
    assert skipped(READY, HELPER, use, release=[READY, HELPER]) == expected


QUIZ = "quizzer.run_quiz(1)"


@pytest.mark.parametrize(
    ("source", "left_out"),
    [
        (QUIZ, True),
        (QUIZ + "  # mine", False),
        ("quizzer.run_quiz(1, question=2, answer='b')", False),
        (QUIZ + "\nscore = 1", False),
        ("# nothing", False),
    ],
)
def test_quizzes_that_wait_for_clicks_are_left_out(source, left_out):
    release = [QUIZ, "# nothing", QUIZ + "\nscore = 1"]
    assert skipped(source, release=release) == ({0} if left_out else set())


def test_without_a_release_everything_runs():
    assert skipped(READY, release=()) == set()
    assert skipped(QUIZ, release=()) == set()


@pytest.mark.parametrize("part", ["student", "solution"])
def test_the_course_itself_raises_no_suspicion(part):
    assert suspicions(nbformat.read(getattr(notebook_of("SE05"), part), as_version=4)) == []
