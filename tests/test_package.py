"""Importing is cheap and silent, and dependencies run one way."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import utils

ROOT = Path(__file__).resolve().parents[1]
MAY_IMPORT = {
    "settings": {"core"},
    "core": {"settings"},
    "checks": {"core"},
    "data": {"core", "settings"},
    "ml": {"core", "settings"},
    "plotting": {"core", "settings", "ml"},
    "course": {"core", "settings", "checks", "data", "ml", "plotting"},
    "grading": {"core", "settings", "checks", "data", "ml", "plotting", "course"},
}


def python(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)


@pytest.mark.parametrize("name", ["utils", *(f"utils.{name}" for name in utils.__all__), "utils.settings"])
def test_import_is_silent_and_light(name):
    heavy = ["torch", "matplotlib.pyplot", "ipywidgets", "albumentations", "nbgrader", "IPython"]
    result = python(f"import sys, {name}\nprint([m for m in {heavy} if m in sys.modules])")
    assert result.stderr == ""
    if name == "utils":
        assert result.stdout.strip() == "[]"
    assert not {"ipywidgets", "nbgrader", "matplotlib.pyplot"} & set(ast.literal_eval(result.stdout))


def test_submodules_load_on_first_use():
    result = python(
        "import utils, sys; print('utils.core' in sys.modules); utils.core; print('utils.core' in sys.modules)"
    )
    assert result.stdout.split() == ["False", "True"]
    with pytest.raises(AttributeError, match="nothing_of_that_name"):
        _ = utils.nothing_of_that_name


def test_every_package_is_judged_by_the_next_test():
    rooms = {p.stem for p in (ROOT / "utils").iterdir() if p.suffix == ".py" or (p / "__init__.py").is_file()}
    assert rooms - {"__init__"} == set(MAY_IMPORT)


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_dependencies_run_one_way(room):
    place = ROOT / "utils" / room
    files = place.rglob("*.py") if place.is_dir() else [place.with_suffix(".py")]
    for file in files:
        for imported in _imports(file):
            allowed = imported == room or imported in MAY_IMPORT[room]
            assert allowed, f"{file.relative_to(ROOT)} imports utils.{imported}"


def test_students_never_import_nbgrader():
    for room in ("core", "checks", "data", "ml", "plotting"):
        for file in (ROOT / "utils" / room).rglob("*.py"):
            assert not re.search(r"^\s*(import|from) nbgrader", file.read_text(), flags=re.MULTILINE), file


def _imports(file):
    """Yield what a file imports while it is loaded; an import inside a function is an edge taken on demand."""
    for node in ast.parse(file.read_text()).body:
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module] if node.module != "utils" else [f"utils.{a.name}" for a in node.names]
        yield from (name.split(".")[1] for name in names if name.startswith("utils."))
