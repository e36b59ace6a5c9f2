"""The Makefile installs what is needed, once, and never believes an install that did not finish."""

import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from utils.course.layout import REPOSITORY

MAKEFILE = (REPOSITORY / "Makefile").read_text(encoding="utf-8")

# Stands in for Python: notes what it is asked for, makes an "environment" of itself, fails on demand.
FAKE_PYTHON = """\
#!/bin/sh
echo "$*" >> calls
case "$*" in
  --version) echo Python 3.9.18 ;;
  "-m venv"*) mkdir -p .venv/bin; cp "$0" .venv/bin/python ;;
  "-c"*) if [ -e too-old ]; then exit 1; fi ;;
  *install*) if [ -e offline ]; then exit 1; fi ;;
esac
"""


class Course:
    def __init__(self, root: Path):
        self.root = root

    def make(self, *arguments: str) -> subprocess.CompletedProcess:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
        command = ["make", "PYTHON=./python", *arguments]
        return subprocess.run(command, cwd=self.root, env=environment, capture_output=True, text=True, timeout=60)

    def calls(self) -> list[str]:
        """What Python was asked for since the last time."""
        path = self.root / "calls"
        calls = path.read_text().splitlines() if path.exists() else []
        path.unlink(missing_ok=True)
        return [call for call in calls if not call.startswith("-c")]


INSTALL = "-m pip --disable-pip-version-check -qq install -r requirements.txt"
GRADE = "-m utils.grading SE05 --submitted class --out grades/SE05"


@pytest.fixture
def fresh(tmp_path):
    shutil.copy(REPOSITORY / "Makefile", tmp_path)
    (tmp_path / "tests" / "colab").mkdir(parents=True)
    for name in ("requirements.txt", "tests/requirements.txt", "tests/colab/requirements.txt"):
        (tmp_path / name).write_text("nothing\n")
    python = tmp_path / "python"
    python.write_text(FAKE_PYTHON)
    python.chmod(0o755)
    return Course(tmp_path)


def grade(course: Course) -> subprocess.CompletedProcess:
    return course.make("grade", "SESSION=SE05", "SUBMITTED=class")


def test_the_first_use_installs_and_the_next_does_not(fresh):
    first = grade(fresh)
    assert first.returncode == 0, first.stderr
    assert fresh.calls()[-2:] == [INSTALL, GRADE]
    assert "this takes one to five minutes" in first.stdout
    assert grade(fresh).stdout == ""
    assert fresh.calls() == [GRADE]


def test_changed_requirements_are_installed_again(fresh):
    grade(fresh)
    fresh.calls()
    later = time.time() + 5
    os.utime(fresh.root / "requirements.txt", (later, later))
    grade(fresh)
    assert fresh.calls() == [INSTALL, GRADE]


def test_an_install_that_failed_is_tried_again(fresh):
    (fresh.root / "offline").touch()
    assert grade(fresh).returncode != 0
    assert GRADE not in fresh.calls()
    (fresh.root / "offline").unlink()
    assert grade(fresh).returncode == 0
    assert fresh.calls() == [INSTALL, GRADE]


def test_a_failed_reinstall_is_not_taken_for_the_earlier_one(fresh):
    grade(fresh)
    later = time.time() + 5
    os.utime(fresh.root / "requirements.txt", (later, later))
    (fresh.root / "offline").touch()
    grade(fresh)
    assert not (fresh.root / ".venv" / ".installed-course").exists()


def test_developers_get_their_packages_on_top(fresh):
    fresh.make("bench")
    developers = INSTALL.replace("requirements.txt", "tests/requirements.txt")
    assert fresh.calls()[-3:] == [INSTALL, developers, "-m tests.bench"]


def test_another_python_is_refused_by_name_and_version(fresh):
    (fresh.root / "too-old").touch()
    refused = grade(fresh)
    assert refused.returncode != 0
    assert "needs Python 3.11, 3.12 or 3.13; './python' is Python 3.9.18." in refused.stderr
    assert not (fresh.root / ".venv").exists()


def test_an_environment_that_is_there_is_kept(fresh):
    shutil.copytree(fresh.root, fresh.root / ".venv" / "bin", ignore=shutil.ignore_patterns(".venv"))
    grade(fresh)
    assert not any("venv" in call for call in fresh.calls())


def test_grade_says_what_it_needs(fresh):
    (fresh.root / ".venv").mkdir()
    said = fresh.make("grade", "SESSION=SE05")
    assert said.returncode == 2
    assert "Usage: make grade SESSION=SE05 SUBMITTED=path [OUT=folder]" in said.stderr


def test_lab_opens_a_copy_of_the_notebook_and_never_replaces_it(fresh):
    released = fresh.root / "notebooks" / "SE05" / "segmentation.ipynb"
    released.parent.mkdir(parents=True)
    released.write_text("new")
    jupyter = fresh.root / ".venv" / "bin" / "jupyter"
    jupyter.parent.mkdir(parents=True)
    jupyter.write_text('#!/bin/sh\necho "$JUPYTER_CONFIG_PATH $*"\n')
    jupyter.chmod(0o755)
    mine = fresh.root / "my-notebooks" / "SE05" / "segmentation.ipynb"
    started = fresh.make("lab").stdout
    assert mine.read_text() == "new"
    assert "Your notebook: my-notebooks/SE05/segmentation.ipynb." in started
    opens = f"{fresh.root}/.jupyter lab --LabApp.default_url=/lab/tree/my-notebooks/SE05/segmentation.ipynb"
    assert opens in started
    mine.write_text("my answers")
    assert fresh.make("lab").returncode == 0
    assert mine.read_text() == "my answers"


def test_lab_says_which_sessions_there_are(fresh):
    for session in ("SE05", "SE06"):
        (fresh.root / "notebooks" / session).mkdir(parents=True)
        (fresh.root / "notebooks" / session / "lesson.ipynb").touch()
    refused = fresh.make("lab", "SESSION=SE07")
    assert refused.returncode == 2
    assert "There is no session SE07; there are SE05 SE06." in refused.stderr
    assert not (fresh.root / "my-notebooks").exists()


def test_colab_environment_needs_its_python(fresh):
    refused = fresh.make("test-colab", "COLAB_PYTHON=")
    assert refused.returncode != 0
    assert "Colab runs Python 3.13, which is not here." in refused.stderr
    assert not (fresh.root / ".venv-colab").exists()


def test_clean_keeps_what_is_not_a_cache(fresh):
    kept = [".venv/lib/__pycache__/a.pyc", "data/image.jpg", "grades/SE05/grades.csv", "utils/a.py", "gradebook.db"]
    gone = ["build/demo/grades.csv", "utils/__pycache__/a.pyc", ".pytest_cache/x", ".ruff_cache/x"]
    for name in (*kept, *gone):
        (fresh.root / name).parent.mkdir(parents=True, exist_ok=True)
        (fresh.root / name).touch()
    assert fresh.make("clean").returncode == 0
    assert [name for name in (*kept, *gone) if (fresh.root / name).exists()] == kept


def test_help_is_the_default_and_knows_every_target(fresh):
    targets = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)[1].split()
    shown = fresh.make().stdout
    assert [line.split()[1] for line in shown.splitlines()] == targets
    assert fresh.calls() == []
