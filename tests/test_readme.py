"""What the README promises is there."""

import re
import subprocess
from pathlib import Path

import pytest

from utils.course.layout import find_notebooks
from utils.course.placeholders import load_placeholders

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text()


@pytest.mark.parametrize("files", find_notebooks(), ids=lambda files: files.session)
def test_badges_open_the_student_notebook(files):
    assert f"]({load_placeholders(files)['@COLAB_URL@']})" in README


def test_make_targets_exist():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", README, flags=re.MULTILINE))
    assert {"demo", "test", "grade"} <= named <= targets


def test_local_links_and_paths_lead_somewhere():
    links = [link for link in re.findall(r"\]\(([^)]+)\)", README) if not link.startswith("http")]
    assert links
    paths = [
        path for path in re.findall(r"`((?:utils|tests|solutions|figs|quizzes)/[\w/.]+)`", README) if "NN" not in path
    ]
    for path in (*links, *paths):
        assert (ROOT / path).exists(), path


def test_readme_opens_with_the_two_commands():
    first = README.split("```sh\n")[1].split("```")[0]
    assert [line.split("#")[0].strip() for line in first.strip().splitlines()] == ["make demo", "make test"]


def test_no_tracked_file_names_a_path_of_somebodys_machine():
    files = subprocess.run(["git", "ls-files"], capture_output=True, text=True, cwd=ROOT, check=True).stdout.split()
    private = re.compile(rb"/(?:work|root|home/\w+|Users/\w+)/")
    assert [name for name in files if not name.endswith(".png") and private.search((ROOT / name).read_bytes())] == []
