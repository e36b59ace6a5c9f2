"""Every notebook as a student runs it on Colab: nothing but the notebook, blank and solved."""

import re

import nbformat
import pytest

from tests.remote import PLACEHOLDERS
from utils.core.exercise import load_session
from utils.course.layout import find_notebooks

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]
FOLDER = f"transfer-learning-workshop-{PLACEHOLDERS['@VERSION@']}"
WHAT_IS_LOADED = "import sys; print([m for m in ('nbgrader', 'jupytext', 'torchmetrics') if m in sys.modules])"


@pytest.fixture(scope="module", params=find_notebooks(), ids=lambda files: files.session)
def files(request):
    return request.param


@pytest.fixture(scope="module", params=["blank", "solved"])
def run(request, files, colab):
    """Run a notebook; the second one finds what the first one fetched, as after a restart of the runtime."""
    before = colab.packages()
    notebook = nbformat.read(files.student if request.param == "blank" else files.solution, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(WHAT_IS_LOADED))
    colab.run_all(notebook)
    assert colab.packages() == before
    return request.param, files, notebook


def printed(cell):
    return "".join(output.get("text", "") for output in cell.outputs if output.get("name") == "stdout")


def result(cell):
    return next(output.data for output in cell.outputs if output.output_type == "execute_result")


def cells_with(notebook, text):
    return [cell for cell in notebook.cells if cell.cell_type == "code" and text in cell.source]


def test_setup_fetches_the_course_and_says_how_to_turn_on_a_gpu(run, colab):
    kind, files, notebook = run
    (setup,) = cells_with(notebook, "def fetch_course")
    said = printed(setup)
    is_first = (kind, files) == ("blank", find_notebooks()[0])  # of all runs; the others find what it fetched
    assert said.startswith("Fetching the course's tools ...") == is_first
    assert "Runtime > Change runtime type" in said
    assert "Not tested with" not in said
    assert "Installing" not in said
    assert "Ready." in said
    assert (colab.content / FOLDER / "utils" / "checks").is_dir()


def test_every_check_gives_its_number_and_card(run):
    kind, files, notebook = run
    points = {exercise.number: exercise.points for exercise in load_session(files.session).exercises}
    seen = {}
    for cell in cells_with(notebook, "checker.check_exercise("):
        number = int(re.search(r"check_exercise\(\s*(\d+)", cell.source)[1])
        seen[number] = float(result(cell)["text/plain"])
        assert ("passed" if kind == "solved" else "not attempted") in result(cell)["text/html"]
    assert seen == (points if kind == "solved" else dict.fromkeys(points, 0.0))


def test_nothing_is_written_to_stderr(run):
    _, _, notebook = run
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            assert output.get("name") != "stderr", (cell.source[:80], output["text"][:500])


def test_pictures_and_quizzes_are_shown(run):
    kind, _, notebook = run
    kinds = [key for cell in notebook.cells for output in cell.get("outputs", []) for key in output.get("data", {})]
    assert kinds.count("image/png") >= (8 if kind == "solved" else 1)
    for quiz in cells_with(notebook, "quizzer.run_quiz("):
        assert any("text/html" in output.get("data", {}) for output in quiz.outputs)


def test_nothing_that_instructors_need_is_loaded(run):
    _, _, notebook = run
    assert printed(notebook.cells[-1]).strip() == "[]"
