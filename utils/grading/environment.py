"""The environment in which a submission's kernel runs."""

import os
from pathlib import Path

__all__ = ["grading_environment", "grading_settings"]


def grading_settings() -> dict[str, str]:
    """Return the variables that make grading short and free of the network.

    The embedded sample serves instead of a download, and trainings take a few steps.
    """
    return {
        "WORKSHOP_DATA": "sample",
        "WORKSHOP_FAST": "1",
        "NO_ALBUMENTATIONS_UPDATE": "1",  # its update check waits for the network
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",  # plots appear in the feedback, no window opens
        # Threads wait for each other: with two of them on two busy cores, the same training took four times as long.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "CUDA_VISIBLE_DEVICES": "",  # checks run on the CPU, and a forked process cannot use a GPU
    }


def grading_environment(root: Path) -> dict[str, str]:
    """Return the environment of a kernel that nbgrader's own command line starts.

    Parameters
    ----------
    root : Path
        The repository's folder, put first on the module path.

    Returns
    -------
    dict
        This process's variables and `grading_settings`.
    """
    path = os.pathsep.join(filter(None, [str(root), os.environ.get("PYTHONPATH", "")]))
    return {**os.environ, "PYTHONPATH": path, **grading_settings()}
