"""Answers that are nearly the same are found where that is unusual, and only there."""

import pytest

from tests.grading.graded_class import LONG, USUAL
from utils.grading.report.roster import Row
from utils.grading.report.similarity import find_pairs, own_part
from utils.grading.results import StudentResult

STUB = 'def mean(values):\n    """Return the mean."""\n    # YOUR CODE HERE\n    raise NotImplementedError()'
OTHERS = [USUAL + f"# version {count}\n" for count in range(20)]


def pairs(*answers, others=(), stub=STUB):
    rows = [
        Row(StudentResult(f"s{n:02}", "SE99", "toy", "graded"), f"S{n}", answers={1: a})
        for n, a in enumerate((*answers, *others))
    ]
    return [(pair.first.student, pair.second.student, pair.matches[0]) for pair in find_pairs(rows, {1: stub})]


# What somebody does to a copy: it is found all the same.
DISGUISES = {
    "not at all": lambda text: text,
    "comments and docstring": lambda text: text.replace(
        "    total,", '    """My own mean."""\n    # all mine\n    total,'
    ),
    "names": lambda text: text.replace("total", "summe").replace("count", "anzahl").replace("value", "x"),
    "layout": lambda text: (
        text.replace("    ", "\t").replace(" + ", "+").replace("\n        count", "\n\n        count")
    ),
    "one line changed": lambda text: text.replace("round(total / count, 6)", "total / count"),
}


@pytest.mark.parametrize("disguise", DISGUISES)
def test_a_copy_is_found_in_disguise(disguise):
    found = pairs(LONG, DISGUISES[disguise](LONG), others=OTHERS)
    assert [(first, second) for first, second, _ in found] == [("s00", "s01")]
    assert found[0][2].likeness >= 90
    assert found[0][2].sharing == 2
    assert found[0][2].to_the_letter is (disguise in ("not at all", "layout"))


def test_the_usual_answer_is_no_news():
    assert pairs(*OTHERS) == []


def test_a_short_answer_is_no_news():
    assert (
        pairs(
            "def mean(values):\n    return sum(values) / len(values)", *["def mean(v):\n    return sum(v) / len(v)"] * 2
        )
        == []
    )


def test_what_the_exercise_gives_does_not_count():
    given = "\n".join(f"value_{n} = prepare({n}, 'given by the exercise')" for n in range(20))
    assert own_part(f"{given}\nanswer = 1", given) == ("name", "=", "1")
    assert pairs(f"{given}\nanswer = 1", f"{given}\nanswer = 2", others=OTHERS, stub=given) == []


def test_the_same_shape_with_other_functions_is_another_answer():
    layers = "\n".join(f"layer_{n} = nn.Conv2d({n}, {n}, kernel_size=3, padding=1)" for n in range(8))
    other = layers.replace("nn.Conv2d", "make_linear_block").replace("kernel_size", "width").replace("padding", "depth")
    found = pairs(layers, other, others=OTHERS)
    assert found == []


@pytest.mark.parametrize("text", ["", "def mean(:\n" * 30, "(" * 5000, "\0" * 100, "%%bash\nls\n" * 40])
def test_what_is_no_python_stops_nothing(text):
    assert all(match.likeness >= 90 for _, _, match in pairs(text, text, others=OTHERS))
