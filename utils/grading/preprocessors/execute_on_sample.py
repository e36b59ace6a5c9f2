"""nbgrader's Execute, with the environment that grading needs."""

from nbgrader.preprocessors import Execute

from utils.course.layout import REPOSITORY
from utils.grading.environment import grading_environment

__all__ = ["ExecuteOnSample"]


class ExecuteOnSample(Execute):
    """Execute a submission on the embedded sample, with short trainings.

    The environment goes to the kernel alone. Set in nbgrader_config.py it would reach further: nbgrader's server
    extension reads that file inside JupyterLab, and students' own kernels would inherit it.
    """

    def start_new_kernel(self, **kwargs):
        """Start the kernel in the grading environment."""
        return super().start_new_kernel(**{"env": grading_environment(REPOSITORY), **kwargs})
