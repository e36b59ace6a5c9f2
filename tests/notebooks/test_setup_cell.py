"""The setup cell in a real kernel and an empty folder, with the course to be had only from a git remote."""

import os
import shutil

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from tests.remote import PLACEHOLDERS, make_remote, redirect
from utils.course.layout import REPOSITORY, find_notebooks

pytestmark = pytest.mark.slow
VERSION = PLACEHOLDERS["@VERSION@"]
FOLDER = f"transfer-learning-workshop-{VERSION}"


def setup_cell(files):
    cells = nbformat.read(files.student, as_version=4).cells
    return next(cell.source for cell in cells if "def fetch_course" in cell.source)


CELL = setup_cell(find_notebooks()[0])


@pytest.fixture(scope="module")
def remote(tmp_path_factory):
    return make_remote(tmp_path_factory.mktemp("remote") / "course")


@pytest.fixture
def computer(tmp_path, monkeypatch):
    """An empty folder, and nothing that leads to this working tree."""
    monkeypatch.delenv("PYTHONPATH", raising=False)
    for name in ("home", "content"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path / "content"


def use(monkeypatch, settings):
    for name, value in settings.items():
        monkeypatch.setenv(name, value)


def run(folder, *codes):
    """Run cells in a fresh kernel; return what each of them showed."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in codes])
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(folder)}}).execute()
    assert not [out for cell in notebook.cells for out in cell.outputs if out.get("name") == "stderr"]
    return ["".join(out.get("text", "") for out in cell.outputs) for cell in notebook.cells]


def refused(folder, code=CELL):
    """Run the cell where it cannot work; return what the student reads."""
    cell = nbformat.v4.new_code_cell(code)
    notebook = nbformat.v4.new_notebook(cells=[cell])
    with pytest.raises(CellExecutionError):
        NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(folder)}}).execute()
    return "\n".join(next(out for out in cell.outputs if out.output_type == "error").traceback)


def test_course_is_fetched_once_and_serves_after_a_second_run_and_a_restart(computer, remote, monkeypatch):
    use(monkeypatch, redirect(remote))
    first, second, course = run(computer, CELL, CELL, "print(course, utils.__file__)")
    assert "Fetching the course's tools ..." in first
    assert "Ready." in first
    assert "Fetching" not in second
    assert "Ready." in second
    assert course.split() == [str(computer / FOLDER), str(computer / FOLDER / "utils" / "__init__.py")]

    use(monkeypatch, redirect(computer / "nowhere"))
    (computer / "transfer-learning-workshop-0.0.9" / "utils").mkdir(parents=True)
    (restarted,) = run(computer, CELL)
    assert "Fetching" not in restarted
    assert "The folder transfer-learning-workshop-0.0.9 is left from another version; you can delete it." in restarted
    assert "Ready." in restarted


def test_what_an_interrupted_run_left_behind_is_replaced(computer, remote, monkeypatch):
    use(monkeypatch, redirect(remote))
    for half in (computer / FOLDER, computer / f"{FOLDER}.part"):
        (half / ".git").mkdir(parents=True)
        (half / "utils").mkdir()
    (shown,) = run(computer, CELL)
    assert "Ready." in shown
    assert [path.name for path in computer.iterdir()] == [FOLDER]


def test_unreachable_repository_is_explained_without_a_traceback(computer, monkeypatch):
    use(monkeypatch, redirect(computer / "nowhere"))
    said = refused(computer)
    assert said.startswith(f"The course's tools (version {VERSION}) could not be fetched from")
    assert "Nothing is lost. Check your connection, then run this cell again." in said
    assert f"unpack it as {computer / FOLDER}" in said
    assert "git said: fatal:" in said
    assert "subprocess" not in said
    assert list(computer.iterdir()) == []


def test_version_that_the_repository_does_not_have_is_named(computer, remote, tmp_path, monkeypatch):
    older = shutil.copytree(remote, tmp_path / "older")
    (older / ".git" / "refs" / "tags" / f"v{VERSION}").unlink()
    use(monkeypatch, redirect(older))
    said = refused(computer)
    assert f"Remote branch v{VERSION} not found" in said
    assert "Traceback" not in said


def test_computer_without_git_gets_another_way(computer):
    said = refused(computer, "import os; os.environ['PATH'] = ''\n" + CELL)
    assert f"archive/refs/tags/v{VERSION}.zip" in said
    assert "No such file or directory: 'git'" in said


def test_course_around_the_notebook_is_used_as_it_is(monkeypatch, computer):
    use(monkeypatch, redirect(computer / "nowhere"))
    (shown,) = run(REPOSITORY / "notebooks" / "SE05", CELL)
    assert "Fetching" not in shown
    assert "Ready." in shown


def test_all_notebooks_find_the_course_in_the_same_way():
    """What comes after that, imports and weights, is each session's own."""
    assert len({setup_cell(files).partition("utils.core.prepare_environment")[0] for files in find_notebooks()}) == 1


def test_nothing_of_this_is_needed_where_the_grader_sets_the_path(computer, monkeypatch):
    use(monkeypatch, redirect(computer / "nowhere"))
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    (shown,) = run(computer, CELL)
    assert "Fetching" not in shown
    assert os.listdir(computer) == []
