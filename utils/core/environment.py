"""What a notebook needs of its computer: packages that are there, versions that were tested, a GPU that is on.

The setup cell of a notebook calls `prepare_environment` and `choose_device`; everything they say is printed, on stdout.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from importlib import invalidate_caches, metadata
from pathlib import Path
from typing import TYPE_CHECKING

from utils.core.errors import InstallError

if TYPE_CHECKING:
    import torch

__all__ = ["NEEDED", "TESTED", "choose_device", "install_missing", "prepare_environment"]

NEEDED = (
    "torch",
    "torchvision",
    "albumentations",
    "matplotlib",
    "ipywidgets",
    "pooch",
    "requests",
    "filelock",
    "tqdm",
    "accelerate",
)
"""What the notebooks and the course's tools import, numpy and pillow aside, which torchvision brings along."""

TESTED = {
    "Python": ("3.11", "3.13"),
    "torch": ("2.11", "2.15"),
    "torchvision": ("0.26", "0.29"),
    "numpy": ("2.1", "2.4"),
    "albumentations": ("2.0", "2.0"),
    "IPython": ("7.34", "9.18"),
    "ipywidgets": ("7.7", "8.1"),
}
"""Oldest and newest version that the course's tests ran on: Colab's of August 2026 and a fresh installation's."""

PIP_LINES = 15  # of what pip said before it failed

_COURSE = Path(__file__).resolve().parents[2]


def prepare_environment(made_for: str) -> None:
    """Install what is missing, upgrade nothing, and say in a line each what may cause trouble later.

    Parameters
    ----------
    made_for : str
        The version of the course that the notebook was made for.

    Raises
    ------
    InstallError
        If a package is missing and cannot be installed.
    """
    os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"  # or it asks its server for a newer release when it is imported
    install_missing()
    for notice in (*_course_notices(made_for), *_version_notices()):
        print(notice)  # noqa: T201


def install_missing(needed: tuple[str, ...] = NEEDED) -> list[str]:
    """Install those packages that this computer lacks, at the versions of requirements.txt, and touch no others.

    Returns
    -------
    list of str
        What was installed, as requirements.

    Raises
    ------
    InstallError
        If pip fails, for instance because it would have to change a package that is there. Nothing has changed then.
    """
    missing = [_requirement(name) for name in needed if importlib.util.find_spec(name) is None]
    if missing:
        print(f"Installing {', '.join(missing)}, missing here ...")  # noqa: T201
        _install(missing)
        invalidate_caches()  # this process has looked for the packages already, and remembers that there were none
    return missing


def choose_device() -> "torch.device":
    """Return the GPU if there is one, else the CPU, and say how a GPU is turned on."""
    import torch

    if torch.cuda.is_available():
        print(f"GPU: {torch.cuda.get_device_name()}")  # noqa: T201
        return torch.device("cuda")
    print(f"No GPU is on: everything runs, only slower.\n{_gpu_advice()}")  # noqa: T201
    return torch.device("cpu")


def _gpu_advice() -> str:
    if "google.colab" in sys.modules:
        return (
            "To turn one on: Runtime > Change runtime type > T4 GPU > Save. Colab then starts afresh: your text and "
            "code stay, and you run the cells again from the top."
        )
    if "KAGGLE_KERNEL_RUN_TYPE" in os.environ:
        return (
            "To turn one on: Settings > Accelerator > GPU T4 x2. Kaggle then starts afresh: your text and code stay, "
            "and you run the cells again from the top."
        )
    if shutil.which("nvidia-smi"):
        return "There is an NVIDIA driver here, but this PyTorch cannot use it: https://pytorch.org/get-started/locally"
    return "(Colab lends one for free: open this notebook there, with the button at its top.)"


def _requirement(name: str) -> str:
    """Return a package's line of requirements.txt, the one place that names versions."""
    lines = (_COURSE / "requirements.txt").read_text(encoding="utf-8").splitlines()
    requirements = (line.split("#")[0].strip() for line in lines)
    return next(each for each in requirements if re.match(rf"{name}(?![\w-])", each, flags=re.IGNORECASE))


def _install(requirements: list[str]) -> None:
    """Run pip, held to the versions of everything that is installed."""
    present = {each.metadata["Name"].lower(): each.version for each in reversed(list(metadata.distributions()))}
    with tempfile.TemporaryDirectory() as folder:
        constraints = Path(folder) / "installed.txt"
        constraints.write_text("".join(f"{name}=={version}\n" for name, version in present.items()), encoding="utf-8")
        command = [sys.executable, "-m", "pip", "install", "-c", str(constraints), *requirements]
        done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        said = "\n".join([*done.stdout.splitlines(), *done.stderr.splitlines()][-PIP_LINES:])
        raise InstallError(
            f"{', '.join(requirements)} could not be installed; nothing has changed. Check your connection, then run "
            f"this cell again.\npip said:\n{said}"
        )


def _course_notices(made_for: str) -> list[str]:
    notices = []
    settings = tomllib.loads((_COURSE / "pyproject.toml").read_text(encoding="utf-8"))
    version = settings["project"]["version"]
    if version != made_for:
        notices.append(
            f"This notebook was made for version {made_for} of the course; the tools in {_COURSE} are version "
            f"{version}. Your answers stay as they are, but an exercise and its check may not fit each other: copy "
            "them into the notebook of that version."
        )
    if _COURSE.name.endswith(f"-{version}"):  # fetched by a setup cell; a folder of another name may be anybody's
        prefix = _COURSE.name.removesuffix(version)
        others = (each.name for each in _COURSE.parent.glob(f"{prefix}[0-9]*") if each.name != _COURSE.name)
        notices += [f"The folder {name} is left from another version; you can delete it." for name in sorted(others)]
    return notices


def _version_notices() -> list[str]:
    """Say which versions lie outside those tested; patch releases count as the same."""
    untested = []
    for name, (oldest, newest) in TESTED.items():
        version = ".".join(map(str, sys.version_info[:3])) if name == "Python" else metadata.version(name)
        if not _minor(oldest) <= _minor(version) <= _minor(newest):
            untested.append(f"{name} {version} (tested: {oldest} to {newest})")
    if not untested:
        return []
    return [f"Not tested with {', '.join(untested)}. It may well work; if something fails oddly, think of this line."]


def _minor(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", version)[:2]))
