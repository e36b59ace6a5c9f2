"""Missing packages are installed and nothing else is touched; unusual versions are named."""

import ast
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

from utils.core import environment
from utils.core.environment import choose_device, prepare_environment

ROOT = Path(__file__).resolve().parents[2]
VERSION = next(line for line in (ROOT / "pyproject.toml").read_text().splitlines() if line.startswith("version"))
VERSION = VERSION.split('"')[1]


def _where_pip_is() -> Path:
    # Not by importing it: that switches setuptools' own distutils off, which nbgrader's tests need.
    return Path(sysconfig.get_path("purelib")) / "pip"


def make_wheel(folder, name, version, *requires):
    """Write the smallest wheel that pip installs."""
    info = f"{name}-{version}.dist-info"
    needs = "".join(f"Requires-Dist: {each}\n" for each in requires)
    files = {
        f"{name}.py": "",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{file},,\n" for file in (*files, f"{info}/RECORD"))
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as wheel:
        for file, text in files.items():
            wheel.writestr(file, text)


class Computer:
    """A Python of its own whose pip knows nothing but the wheels in a folder."""

    def __init__(self, folder):
        self.wheels = folder / "wheels"
        self.wheels.mkdir()
        venv.create(folder / "python", with_pip=False)  # pip is lent from here: to install one takes half a minute
        (folder / "lent").mkdir()
        (folder / "lent" / "pip").symlink_to(_where_pip_is(), target_is_directory=True)
        self.python = folder / "python" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
        clean = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
        paths = os.pathsep.join(map(str, (ROOT, folder / "lent")))
        offline = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.wheels)}
        self.settings = {**clean, **offline, "PYTHONPATH": paths}

    def run(self, *words):
        return subprocess.run([self.python, *words], capture_output=True, text=True, env=self.settings)

    def install(self, *needed):
        code = f"from utils.core.environment import install_missing; print(install_missing({needed!r}))"
        return self.run("-c", code)

    def versions(self):
        return self.run("-m", "pip", "freeze").stdout.split()


@pytest.fixture
def computer(tmp_path):
    return Computer(tmp_path)


@pytest.mark.slow
def test_only_what_is_missing_is_installed(computer):
    make_wheel(computer.wheels, "tqdm", "1.0")
    assert computer.run("-m", "pip", "install", "tqdm").returncode == 0
    make_wheel(computer.wheels, "tqdm", "2.0")
    make_wheel(computer.wheels, "pooch", "1.9", "tqdm")
    done = computer.install("pooch", "tqdm")
    assert "Installing pooch, missing here ..." in done.stdout
    assert computer.versions() == ["pooch==1.9", "tqdm==1.0"]
    assert computer.install("pooch", "tqdm").stdout.strip() == "[]"


@pytest.mark.slow
def test_package_that_would_move_another_is_refused_and_nothing_has_changed(computer):
    make_wheel(computer.wheels, "tqdm", "1.0")
    assert computer.run("-m", "pip", "install", "tqdm").returncode == 0
    make_wheel(computer.wheels, "tqdm", "2.0")
    make_wheel(computer.wheels, "pooch", "1.9", "tqdm>=2")
    done = computer.install("pooch", "tqdm")
    assert "InstallError: pooch could not be installed; nothing has changed." in done.stderr
    assert "tqdm" in done.stderr.split("pip said:")[1]
    assert computer.versions() == ["tqdm==1.0"]


def test_every_needed_package_stands_in_requirements_with_its_version():
    assert environment._requirement("albumentations") == "albumentations==2.0.8"
    for name in environment.NEEDED:
        assert environment._requirement(name)


def test_everything_that_students_computers_import_is_needed_by_name():
    rooms = [ROOT / "utils" / room for room in ("core", "checks", "data", "ml", "plotting")]
    files = [*(file for room in rooms for file in room.rglob("*.py")), *(ROOT / "solutions").rglob("*.py")]
    found = {name.split(".")[0] for file in files for name in imports_of(file)}
    brought_along = {"numpy", "PIL", "cv2", "requests", "IPython", "utils"}  # by those, and by Jupyter itself
    assert found - set(sys.stdlib_module_names) - brought_along <= set(environment.NEEDED)


def imports_of(file):
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module


def test_everything_is_silent_where_all_is_as_tested(capsys, monkeypatch):
    here = {name: metadata.version(name) for name in environment.TESTED if name != "Python"}
    monkeypatch.setattr(environment, "TESTED", {name: (version, version) for name, version in here.items()})
    prepare_environment(VERSION)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("bounds", [("0.1", "0.2"), ("900.0", "901.0")], ids=["newer", "older"])
def test_versions_outside_those_tested_are_named(bounds, capsys, monkeypatch):
    monkeypatch.setattr(environment, "TESTED", {"torch": bounds})
    prepare_environment(VERSION)
    said = capsys.readouterr().out
    assert said.startswith(f"Not tested with torch {metadata.version('torch')} (tested: {bounds[0]} to {bounds[1]}).")


def test_notebook_of_another_version_is_told(capsys, monkeypatch):
    monkeypatch.setattr(environment, "TESTED", {})
    prepare_environment("0.0.1")
    said = capsys.readouterr().out
    assert said.startswith("This notebook was made for version 0.0.1 of the course; the tools in")
    assert f"are version {VERSION}." in said


@pytest.mark.parametrize(
    ("place", "advice"),
    [
        ("colab", "Runtime > Change runtime type > T4 GPU > Save"),
        ("kaggle", "Settings > Accelerator > GPU T4 x2"),
        ("elsewhere", "Colab lends one for free"),
    ],
)
def test_way_to_a_gpu_fits_the_place(place, advice, capsys, monkeypatch):
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.delenv("KAGGLE_KERNEL_RUN_TYPE", raising=False)
    if place == "colab":
        monkeypatch.setitem(sys.modules, "google.colab", object())
    if place == "kaggle":
        monkeypatch.setenv("KAGGLE_KERNEL_RUN_TYPE", "Interactive")
    assert choose_device().type == "cpu"
    assert advice in capsys.readouterr().out
