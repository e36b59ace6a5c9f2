"""Colab's environment on this machine: its Python and packages, its `google.colab`, an empty folder, and git.

`make test-colab` makes the environment; without it these tests are skipped.
"""

import json
import os
import subprocess
from pathlib import Path

import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

from tests.remote import make_remote, redirect

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PYTHON = ROOT / ".venv-colab" / "bin" / "python"
SECONDS_PER_CELL = 600  # the machine may be busy
STUDENT_HAS_NO = ("PYTHONPATH", "VIRTUAL_ENV", "MPLBACKEND", "WORKSHOP_DATA", "NO_ALBUMENTATIONS_UPDATE")


class Colab:
    """A fresh Colab machine.

    Attributes
    ----------
    content : Path
        The folder in which notebooks run.
    """

    def __init__(self, folder: Path, remote: Path):
        self.content = folder / "content"
        for each in (self.content, folder / "home", folder / "kernels" / "colab"):
            each.mkdir(parents=True)
        start = "--IPKernelApp.exec_lines=import google.colab"
        argv = [str(PYTHON), "-m", "ipykernel_launcher", "-f", "{connection_file}", start]
        spec = {"argv": argv, "display_name": "Colab", "language": "python"}
        (folder / "kernels" / "colab" / "kernel.json").write_text(json.dumps(spec))
        self.kernels = folder / "kernels"
        self.settings = {name: value for name, value in os.environ.items() if name not in STUDENT_HAS_NO}
        self.settings |= {
            **redirect(remote),
            "HOME": str(folder / "home"),
            "PYTHONPATH": str(HERE / "stand_in"),
            "PIP_NO_INDEX": "1",  # nothing may need to be installed on Colab as it ships
            "WORKSHOP_DATA": "sample",
            "WORKSHOP_FAST": "1",
        }

    def run_all(self, notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
        """Run a notebook from top to bottom in a new kernel; an exception in any cell fails the test."""
        manager = AsyncKernelManager(
            kernel_name="colab", kernel_spec_manager=KernelSpecManager(kernel_dirs=[str(self.kernels)])
        )
        client = NotebookClient(
            notebook, km=manager, timeout=SECONDS_PER_CELL, resources={"metadata": {"path": str(self.content)}}
        )
        client.execute(
            env=self.settings, cleanup_kc=True
        )  # the manager is ours, so nbclient leaves it running unless told
        return notebook

    @staticmethod
    def packages() -> list[str]:
        """List what is installed."""
        command = [PYTHON, "-m", "pip", "list", "--format=freeze", "--disable-pip-version-check"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.fixture(scope="session", autouse=True)
def _environment_is_there():
    if not PYTHON.exists():
        pytest.skip("Colab's environment is not here; `make test-colab` makes it")


@pytest.fixture(scope="session")
def remote(tmp_path_factory):
    return make_remote(tmp_path_factory.mktemp("remote") / "course")


@pytest.fixture(scope="module")
def colab(tmp_path_factory, remote):
    return Colab(tmp_path_factory.mktemp("colab"), remote)
