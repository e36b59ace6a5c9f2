"""From source to notebooks: what is written, and that it is the same every time."""

import re

import nbformat
import pytest

from tests.course.toy import SESSION, SOURCE, load, make_course
from utils.course.__main__ import main
from utils.course.build import build_notebook, find_stale, write_notebooks
from utils.course.errors import CourseError


@pytest.fixture
def student(course):
    return nbformat.reads(build_notebook(course, SESSION).student, as_version=4)


@pytest.fixture
def solution(course):
    return nbformat.reads(build_notebook(course, SESSION).solution, as_version=4)


def cell_of(notebook, cell_id):
    return next(cell for cell in notebook.cells if cell.id == cell_id)


def test_a_region_in_a_function_becomes_a_stub_that_raises(student):
    assert cell_of(student, "ex01-add-two-numbers").source == (
        "# Exercise 1: Add two numbers\n"
        "def add(first, second):\n"
        '    """Return the sum."""\n'
        "    # YOUR CODE HERE\n"
        "    raise NotImplementedError()"
    )


def test_statements_and_regions_at_the_margin_become_stubs_that_run(student):
    source = cell_of(student, "ex02-name-the-numbers").source
    assert source == (
        "# Exercise 2: Name the numbers\n"
        "answer = ...  # YOUR CODE HERE: the sum of 40 and 2\n"
        "low, high = ..., ...  # YOUR CODE HERE: the smaller and the larger\n"
        "# YOUR CODE HERE"
    )
    exec(source, names := {})
    assert names["low"] is names["high"] is names["answer"] is ...


def test_the_solution_notebook_keeps_the_answers_as_written(solution):
    source = cell_of(solution, "ex02-name-the-numbers").source
    assert "    [40, 2],\n    start=0,\n" in source
    assert "### BEGIN SOLUTION\ndoubled_answer_of_mine = 2 * answer\n### END SOLUTION" in source


def test_points_and_locks_come_from_the_checks(student):
    check, answer = cell_of(student, "ex02-check"), cell_of(student, "ex02-name-the-numbers")
    graded = check.metadata.nbgrader
    assert (graded.points, graded.grade, graded.solution, graded.locked) == (1.5, True, False, True)
    assert (check.metadata.editable, check.metadata.deletable) == (False, False)
    assert (answer.metadata.nbgrader.solution, answer.metadata.nbgrader.grade) == (True, False)
    assert "editable" not in answer.metadata


def test_other_cells_are_free_and_carry_nothing(student):
    graded = {"ex01-add-two-numbers", "ex01-check", "ex02-name-the-numbers", "ex02-check"}
    assert [dict(cell.metadata) for cell in student.cells if cell.id not in graded] == [{}] * 5


def test_addresses_and_version_are_filled_in(student):
    text = student.cells[0].source
    assert "From https://github.com/someone/course, version 1.2.3." in text
    colab = "https://colab.research.google.com/github/someone/course/blob/main/notebooks/SE99/toy.ipynb"
    assert f"[Open]({colab})" in text


def test_figures_are_embedded(student, course):
    import base64

    data = re.search(r"!\[A grey dot\]\(data:image/png;base64,(.*?)\)", student.cells[0].source)[1]
    assert base64.b64decode(data) == (course.root / "figs" / "dot.png").read_bytes()


def test_magics_come_back_to_life(student):
    assert student.cells[1].source.startswith("%matplotlib inline\n")


@pytest.mark.parametrize("which", ["student", "solution"])
def test_nothing_of_a_run_or_of_jupytext_remains(request, which):
    notebook = request.getfixturevalue(which)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)
    assert "jupytext" not in notebook.metadata
    assert not any("lines_to_next_cell" in cell.metadata for cell in notebook.cells)


def test_ids_are_unique_and_survive_changes_elsewhere(course, solution):
    ids = [cell.id for cell in solution.cells]
    assert len(set(ids)) == len(ids)
    course.source.write_text("# %%\nprint('new')\n\n" + SOURCE, encoding="utf-8")
    rebuilt = nbformat.reads(build_notebook(course, SESSION).solution, as_version=4)
    assert [cell.id for cell in rebuilt.cells][1:] == ids


def test_two_builds_are_the_same_to_the_byte(course, tmp_path_factory):
    other = make_course(tmp_path_factory.mktemp("elsewhere"))
    assert build_notebook(course, SESSION).texts != {}
    assert list(build_notebook(course, SESSION).texts.values()) == list(build_notebook(other, SESSION).texts.values())


def test_writing_again_changes_nothing(course):
    root = course.root
    assert write_notebooks(root, load=load) == ["solutions/SE99/toy.ipynb", "notebooks/SE99/toy.ipynb"]
    assert find_stale(root, load=load) == []
    before = course.student.stat().st_mtime_ns
    assert write_notebooks(root, load=load) == []
    assert course.student.stat().st_mtime_ns == before


def test_a_notebook_edited_by_hand_is_stale(course):
    write_notebooks(course.root, load=load)
    text = course.student.read_text(encoding="utf-8")
    course.student.write_text(text.replace("scribble here", "scribbled"), encoding="utf-8")
    (stale,) = find_stale(course.root, load=load)
    assert stale.name == "notebooks/SE99/toy.ipynb"
    assert '-    "add(1, 2)  # scribbled"' in stale.difference
    assert '+    "add(1, 2)  # scribble here"' in stale.difference
    assert course.student.read_text(encoding="utf-8") != text  # the check repaired nothing


def test_a_notebook_that_is_missing_is_stale(course):
    assert [each.name for each in find_stale(course.root, load=load)] == [
        "solutions/SE99/toy.ipynb",
        "notebooks/SE99/toy.ipynb",
    ]


def test_a_long_difference_is_shown_in_a_few_lines(course):
    write_notebooks(course.root, load=load)
    course.student.write_text("{}\n" * 100, encoding="utf-8")
    (stale,) = find_stale(course.root, load=load)
    assert len(stale.difference.split("\n")) == 13
    assert max(map(len, stale.difference.split("\n"))) < 120


def test_a_broken_source_leaves_the_notebooks_as_they_are(course):
    write_notebooks(course.root, load=load)
    before = course.student.read_bytes()
    course.source.write_text(SOURCE.replace("### END SOLUTION", "", 1), encoding="utf-8")
    with pytest.raises(CourseError):
        write_notebooks(course.root, load=load)
    assert course.student.read_bytes() == before


def test_a_notebook_without_a_source_is_an_error(course):
    orphan = course.student.with_name("orphan.ipynb")
    orphan.parent.mkdir(parents=True)
    orphan.write_text("{}")
    with pytest.raises(CourseError, match=r"notebooks/SE99/orphan\.ipynb"):
        find_stale(course.root, load=load)


def test_a_repository_without_an_address_is_an_error(course):
    (course.root / "pyproject.toml").write_text('[project]\nversion = "1"\n')
    with pytest.raises(CourseError, match="Repository"):
        build_notebook(course, SESSION)


def test_the_committed_notebooks_are_what_their_sources_give(capsys):
    assert main(["build", "--check"]) == 0, capsys.readouterr().err
