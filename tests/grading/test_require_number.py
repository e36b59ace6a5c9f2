"""What counts as a number, cell by cell, without a kernel."""

import pytest
from nbformat.v4 import new_code_cell, new_output
from nbgrader.utils import determine_grade

from utils.grading.preprocessors import RequireNumber
from utils.grading.preprocessors.require_number import FLAG


def result(text):
    return new_output("execute_result", data={"text/plain": text}, execution_count=1)


def stream(name):
    return new_output("stream", name=name, text="...")


ERROR = new_output("error", ename="ValueError", evalue="", traceback=[])
NO_NUMBER = "The check left no number: 0 points."

# outputs, the grade nbgrader gives afterwards out of 4, the flag
JUDGED = {
    "full marks": ([result("4.0")], 4, None),
    "partial credit": ([stream("stdout"), result("2.5")], 2.5, None),
    "zero": ([result("0.0")], 0, None),
    "nothing": ([], 0, NO_NUMBER),
    "printed": ([stream("stdout")], 0, NO_NUMBER),
    "displayed": ([new_output("display_data", data={"text/plain": "4.0"})], 0, NO_NUMBER),
    "True": ([result("True")], 0, NO_NUMBER),
    "tensor": ([result("tensor(4.)")], 0, NO_NUMBER),
    "numpy": ([result("np.float64(4.0)")], 0, NO_NUMBER),
    "nan": ([result("nan")], 0, NO_NUMBER),
    "infinite": ([result("inf")], 0, NO_NUMBER),
    "negative": ([result("-1.0")], 0, NO_NUMBER),
    "too much": ([result("4.5")], 0, NO_NUMBER),
    "no plain text": ([new_output("execute_result", data={"text/html": "4.0"}, execution_count=1)], 0, NO_NUMBER),
    "error": ([ERROR], 0, "The check stopped with ValueError: 0 points."),
    "warning": ([stream("stderr"), result("4.0")], 0, "Something wrote to stderr while the check ran: 0 points."),
}


def check_cell(outputs, **flags):
    grading = {"grade": True, "solution": False, "locked": True, "points": 4, "grade_id": "ex01-check", **flags}
    return new_code_cell("checker.check_exercise(1, {})", outputs=outputs, metadata={"nbgrader": grading})


@pytest.mark.parametrize(("outputs", "grade", "flag"), JUDGED.values(), ids=JUDGED.keys())
def test_only_a_number_in_range_earns_points(outputs, grade, flag):
    cell, _ = RequireNumber().preprocess_cell(check_cell(list(outputs)), {}, 0)
    assert determine_grade(cell) == (grade, 4)
    assert cell.metadata.get(FLAG) == flag


def test_what_the_check_left_stays_to_be_seen():
    cell, _ = RequireNumber().preprocess_cell(check_cell([result("nan")]), {}, 0)
    assert [output.data["text/plain"] for output in cell.outputs] == ["0.0", "nan"]
    assert NO_NUMBER in cell.outputs[0].data["text/html"]


def test_other_cells_are_left_alone():
    cell, _ = RequireNumber().preprocess_cell(check_cell([], grade=False), {}, 0)
    assert cell.outputs == []
    assert FLAG not in cell.metadata
