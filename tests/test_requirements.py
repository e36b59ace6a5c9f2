"""What users run needs nothing that only requirements for developers install."""

import ast
import json
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]

# Imports everything that the user's commands load, with what is in `forbidden` as if it were not installed.
LOAD = """
import importlib, json, pkgutil, sys
from importlib.machinery import PathFinder
forbidden = set(json.loads(sys.argv[1]))

class Without(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name.partition(".")[0] in forbidden else super().find_spec(name, path, target)

sys.meta_path = [Without if finder is PathFinder else finder for finder in sys.meta_path]
import utils
for module in pkgutil.walk_packages(utils.__path__, "utils."):
    if not module.name.startswith("utils.course") and not module.name.endswith("__main__"):
        importlib.import_module(module.name)
"""


def installed_with(requirements: Path) -> set[str]:
    """Return the names of the distributions that a file of requirements brings, theirs included."""
    lines = (line.partition("#")[0].strip() for line in requirements.read_text(encoding="utf-8").splitlines())
    waiting, found = [(Requirement(line), "") for line in lines if line and not line.startswith("-r")], set()
    while waiting:
        requirement, extra = waiting.pop()
        name = canonicalize_name(requirement.name)
        applies = requirement.marker is None or requirement.marker.evaluate({"extra": extra})
        if not applies or (name, extra) in found:
            continue
        found.add((name, extra))
        try:
            needs = [Requirement(text) for text in metadata.requires(name) or ()]
        except metadata.PackageNotFoundError:
            continue
        waiting += [(each, wanted) for each in needs for wanted in ("", *requirement.extras)]
    return {name for name, _ in found}


@pytest.fixture(scope="module")
def forbidden() -> set[str]:
    """What can be imported here, and not where only the course's requirements are installed."""
    developers = installed_with(ROOT / "tests" / "requirements.txt") - installed_with(ROOT / "requirements.txt")
    providers = metadata.packages_distributions()
    return {name for name, given_by in providers.items() if set(map(canonicalize_name, given_by)) <= developers}


def test_what_developers_install_is_told_from_what_users_have(forbidden):
    assert {"jupytext", "pytest", "playwright", "captum", "sklearn"} <= forbidden
    assert not {"torch", "nbgrader", "distributed", "psutil", "numpy", "nbformat", "zmq"} & forbidden


def test_the_course_and_the_grader_load_without_it(forbidden):
    command = [sys.executable, "-c", LOAD, json.dumps(sorted(forbidden))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]


def test_nothing_is_imported_later_that_is_not_there(forbidden):
    for file in (ROOT / "utils").rglob("*.py"):
        if (ROOT / "utils" / "course") in file.parents:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            assert not {name.partition(".")[0] for name in names} & forbidden, f"{file.relative_to(ROOT)}:{node.lineno}"
