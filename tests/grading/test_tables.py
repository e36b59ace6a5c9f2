"""The table on the terminal: scores, what was not graded, and what needs a look."""

from dataclasses import replace

from tests.grading.graded_class import PATCHED, make_class
from utils.grading.results import Flag
from utils.grading.tables import as_table


def test_the_table_shows_every_student_and_marks_what_needs_a_look(tmp_path):
    _, results, _ = make_class(tmp_path)
    again = replace(PATCHED, exercise=2)
    flagged = replace(
        results.of("dan"), flags=(PATCHED, again, Flag(None, "threads", False, "A thread was left running."))
    )
    results = replace(results, students=(results.of("bob"), flagged, results.of("gus")))
    assert as_table(results).split("\n") == [
        "student  ex01  ex02       total",
        "points      4   1.5         5.5",
        "-------------------------------",
        "bob         2   1.5         3.5",
        "dan        0*  1.5*        1.5*",
        "gus         -     -  not graded",
        "",
        "* dan, exercises 1 and 2: `math.isclose` was replaced.",
        "* dan: A thread was left running.",
    ]
