"""A class of more than a hundred, graded in one command: everybody is in the table, with what they deserve."""

import csv

import nbformat
import pytest
from nbgrader.api import Gradebook

from tests.grading.attacks import ATTACKS
from tests.grading.checked_class import make_checked_course, options
from tests.grading.whole_class import DESERVED, name_of, write_whole_class
from utils.grading.run import GradedClass, grade_class

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

EARNING = [student for student, deserved in DESERVED.items() if deserved]
LOST = [student for student, deserved in DESERVED.items() if deserved == {}]
ATTACKING = [student for student, deserved in DESERVED.items() if deserved is None]


@pytest.fixture(scope="module")
def graded(tmp_path_factory) -> GradedClass:
    root = tmp_path_factory.mktemp("course")
    files = make_checked_course(root)
    write_whole_class(root / "handed-in", files)
    (root / "handed-in" / name_of("perfect") / "SE99" / "utils").mkdir()
    (root / "handed-in" / name_of("perfect") / "SE99" / "utils" / "__init__.py").write_text("raise SystemExit")
    chosen = options(limits=options().limits.__class__(**{**options().limits.as_dict(), "cell_seconds": 12}))
    return grade_class(
        "SE99", submitted=root / "handed-in", out=root / "out", options=chosen, say=lambda text: None, root=root
    )


def test_there_are_enough_attacks():
    assert len(ATTACKS) >= 25
    assert len(DESERVED) >= 60


def test_everybody_is_in_the_table(graded):
    with graded.folder.grades.open(newline="") as file:
        rows = [row["student_id"] for row in csv.DictReader(file)]
    assert sorted(rows) == sorted(map(name_of, DESERVED))


@pytest.mark.parametrize("student", EARNING)
def test_answers_earn_what_they_deserve_and_no_flag(graded, student):
    result = graded.results.of(name_of(student))
    assert (result.scores, result.flags, result.error) == (DESERVED[student], (), None)


@pytest.mark.parametrize("student", LOST)
def test_what_cannot_be_run_says_why(graded, student):
    result = graded.results.of(name_of(student))
    assert not result.graded
    assert result.status != "graded"
    assert result.remarks


@pytest.mark.parametrize("student", ATTACKING)
def test_an_attack_earns_nothing_or_is_flagged(graded, student):
    result = graded.results.of(name_of(student))
    assert result.score == 0 or result.flags, result


def test_the_gradebook_holds_the_same_scores(graded):
    with Gradebook(graded.folder.database) as gradebook:
        scores = {each.student.id: each.score for each in gradebook.assignment_submissions("SE99")}
    assert scores == {each.student: each.score for each in graded.results.students if each.graded}


def test_formgraders_notebooks_show_the_graders_number(graded):
    for result in graded.results.students:
        if result.graded:
            notebook = nbformat.read(graded.folder.autograded(result.student), as_version=4)
            checks = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]
            shown = [float(cell.outputs[0].data["text/plain"]) for cell in checks]
            assert shown == list(result.scores.values()), result.student


def test_feedback_and_report_are_there(graded):
    assert (graded.folder.root / "report.html").is_file()
    assert all(graded.folder.feedback(each.student).is_file() for each in graded.results.students if each.graded)


def test_the_course_itself_stays_as_it_is(graded):
    course = graded.folder.root.parent
    names = {path.name for path in course.iterdir()}
    assert names == {"figs", "handed-in", "notebooks", "out", "pyproject.toml", "solutions"}
