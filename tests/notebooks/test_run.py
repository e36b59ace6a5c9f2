"""Both notebooks in a real kernel, as a student runs them: top to bottom, in a folder of their own."""

import os
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from utils.core.exercise import load_session
from utils.course.layout import find_notebooks

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
RUNS = [(files, kind) for files in find_notebooks() for kind in ("solution", "student")]
SECONDS_PER_CELL = 300


def execute(path, folder, monkeypatch):
    """Run a notebook; an exception in any cell fails the test."""
    settings = {"WORKSHOP_DATA": "sample", "WORKSHOP_FAST": "1", "PYTHONPATH": str(ROOT), "TORCH_HOME": str(folder)}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("MPLBACKEND", raising=False)  # set for the tests themselves; a notebook shows its figures inline
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=SECONDS_PER_CELL, resources={"metadata": {"path": str(folder)}})
    client.execute()
    return notebook


def check_cells(notebook):
    """Yield the number and outputs of each check cell."""
    for cell in notebook.cells:
        found = re.search(r"checker\.check_exercise\(\s*(\d+)", cell.source)
        if cell.cell_type == "code" and found:
            yield int(found[1]), cell.outputs


def points(outputs):
    """Read the number as nbgrader does, from the plain text of the cell's result."""
    (result,) = [output for output in outputs if output.output_type == "execute_result"]
    return float(result.data["text/plain"])


@pytest.fixture(scope="module", params=RUNS, ids=lambda run: f"{run[0].session}-{run[1]}")
def run(request, tmp_path_factory):
    files, kind = request.param
    with pytest.MonkeyPatch.context() as monkeypatch:
        folder = tmp_path_factory.mktemp(kind)
        yield files.session, kind, execute(getattr(files, kind), folder, monkeypatch)


def test_every_check_reports_a_number_and_nothing_goes_to_stderr(run):
    session, kind, notebook = run
    scores = {number: points(outputs) for number, outputs in check_cells(notebook)}
    wanted = {e.number: e.points if kind == "solution" else 0 for e in load_session(session).exercises}
    assert scores == wanted
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            assert output.get("name") != "stderr", (cell.source[:80], output["text"][:500])


def test_cards_say_passed_or_not_attempted(run):
    _, kind, notebook = run
    for number, outputs in check_cells(notebook):
        (card,) = [output.data["text/html"] for output in outputs if output.output_type == "execute_result"]
        assert ("passed" if kind == "solution" else "not attempted") in card, number


def test_plots_are_shown_where_answers_are_there(run):
    _, kind, notebook = run
    pictures = [o for cell in notebook.cells for o in cell.get("outputs", []) if "image/png" in o.get("data", {})]
    assert len(pictures) >= (8 if kind == "solution" else 1)


def test_nothing_was_written_into_the_repository(run):
    assert not (ROOT / "data").exists() or "data" in (ROOT / ".gitignore").read_text()
    assert os.getcwd() != str(ROOT / "notebooks" / run[0])
