"""What being late costs, through nbgrader's own preprocessor and gradebook."""

import csv
import shutil
import warnings
from datetime import UTC, datetime, timedelta

import pytest
from nbformat.v4 import new_notebook
from nbgrader.api import Gradebook
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy.exc import SAWarning
from traitlets import TraitError
from traitlets.config import Config, PyFileConfigLoader

from tests.grading.graded_class import make_class
from utils.course.layout import REPOSITORY
from utils.grading.course_folder import CourseFolder
from utils.grading.errors import GradingError
from utils.grading.report import write_outputs
from utils.grading.report.late import WorkshopLatePlugin, parse_due

DUE = datetime(2026, 11, 20, 17)
DAILY = {"penalty_method": "daily", "percent_per_day": 10.0}

# policy, hours late, penalty of 5.5 points
COSTS = {
    "by default nothing": ({}, 100, 0),
    "in time": (DAILY, -1, 0),
    "within the grace": (DAILY, 0.2, 0),
    "a day begun": (DAILY, 1, 0.55),
    "the third day": (DAILY, 49, 1.65),
    "no more than the most": ({**DAILY, "most_percent": 25.0}, 1000, 1.375),
    "never below zero": (DAILY, 10_000, 5.5),
    "all": ({"penalty_method": "zero"}, 1, 5.5),
    "without grace": ({**DAILY, "grace_minutes": 0.0}, 0.01, 0.55),
}


def settings(policy) -> Config:
    config = PyFileConfigLoader("nbgrader_config.py", path=str(REPOSITORY)).load_config()
    config.WorkshopLatePlugin.update(policy)
    return config


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A grading run whose gradebook knows what ada's exercise is worth, and what goes with it."""
    folder, results, files = make_class(tmp_path_factory.mktemp("graded"))
    settings({})  # finds what nbgrader calls by name
    with Gradebook(folder.database) as gradebook:
        gradebook.add_assignment("SE99", duedate=DUE)
        gradebook.add_notebook("toy", "SE99")
        gradebook.add_grade_cell("ex01-check", "toy", "SE99", max_score=5.5, cell_type="code")
        gradebook.add_student("ada")
    return folder, results, files


@pytest.fixture
def graded(prepared, tmp_path):
    """A copy of the grading run's folder to hand in to."""
    folder, results, files = prepared
    shutil.copytree(folder.root, tmp_path / "run")
    return CourseFolder(tmp_path / "run", "SE99", "toy"), results, files


def hand_in(folder, hours, policy):
    with Gradebook(folder.database) as gradebook, warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)  # nbgrader's own queries
        gradebook.add_submission("SE99", "ada", timestamp=DUE + timedelta(hours=hours))
        gradebook.find_grade("ex01-check", "toy", "SE99", "ada").auto_score = 5.5
        gradebook.db.commit()
    names = {"notebook": "toy", "assignment": "SE99", "student": "ada", "db_url": folder.database}
    AssignLatePenalties(config=settings(policy)).preprocess(new_notebook(), {"nbgrader": names})


@pytest.mark.parametrize("name", COSTS)
def test_nbgrader_takes_off_what_the_policy_says(graded, name):
    policy, hours, penalty = COSTS[name]
    folder, results, files = graded
    hand_in(folder, hours, policy)
    with Gradebook(folder.database) as gradebook:
        assert gradebook.find_submission("SE99", "ada").late_submission_penalty == pytest.approx(penalty)
    write_outputs(folder, results, files)
    with folder.grades.open(newline="", encoding="utf-8") as file:
        ada = next(csv.DictReader(file))
    assert float(ada["score"]) == pytest.approx(5.5 - penalty, abs=1e-4)
    assert float(ada["late_penalty"] or 0) == pytest.approx(penalty, abs=1e-4)
    assert ("late." in ada["flags"]) is (hours > 0)


def test_the_student_reads_what_being_late_cost(graded):
    folder, results, files = graded
    hand_in(folder, 49, DAILY)
    write_outputs(folder, results, files)
    page = folder.feedback("ada").read_text(encoding="utf-8")
    assert "You earned 5.5 points; handing in 2 d 1 h late cost 1.65." in page
    assert "<b>3.85</b>" in page


def test_an_unknown_policy_is_refused():
    with pytest.raises(TraitError, match="penalty_method"):
        WorkshopLatePlugin(penalty_method="dayly")


def test_a_due_time_is_read_with_its_offset():
    assert parse_due("2026-11-20T18:00+01:00") == datetime(2026, 11, 20, 17, tzinfo=UTC)
    assert parse_due("2026-11-20 18:00Z") == datetime(2026, 11, 20, 18, tzinfo=UTC)


def test_a_due_time_without_offset_is_this_computers(monkeypatch):
    import time

    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        assert parse_due("2026-11-20T18:00") == datetime(2026, 11, 20, 17, tzinfo=UTC)
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("text", ["tomorrow", "", "2026-11-20", "20.11.2026 18:00", "2026-13-40T99:00"])
def test_what_is_no_time_is_told(text):
    with pytest.raises(GradingError, match="is no time; write it as 2026-11-20T18:00"):
        parse_due(text)
