"""nbgrader's settings: its directories are the repository's own, its steps are the build's and the grader's.

``nbgrader generate_assignment SE05``, ``nbgrader autograde SE05`` and the rest read this file in the repository's root.
"""

import os
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))
# nbgrader calls `alembic` by name, which is found only in an activated environment.
SCRIPTS = sysconfig.get_path("scripts")
if SCRIPTS not in os.environ["PATH"].split(os.pathsep):
    os.environ["PATH"] = os.pathsep.join([SCRIPTS, os.environ["PATH"]])

from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor  # noqa: E402
from nbgrader.preprocessors import (  # noqa: E402
    AssignLatePenalties,
    CheckCellMetadata,
    GetGrades,
    LimitOutput,
    SaveAutoGrades,
)

from utils.course.release import RELEASE_PREPROCESSORS  # noqa: E402
from utils.grading.preprocessors import ExecuteOnSample, RequireNumber, StylePage  # noqa: E402

c = get_config()  # noqa: F821 - traitlets hands it to this file

c.CourseDirectory.course_id = "transfer-learning-workshop"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
# Everything beside a notebook is left where it is: the source with the answers, downloads, weights, and any module of a
# student's that would be found in place of ours.
c.CourseDirectory.ignore = [".ipynb_checkpoints", "__pycache__", "*.py", "*.pyc", "utils", "data", "*.pt", "*.pth"]
# Every notebook, and yet not "*": on "*", replacing a release deletes whatever else lies in its folder.
c.CourseDirectory.notebook_id = "?*"

# A release is generated; the one there is always replaced, and with it what the gradebook knows.
c.GenerateAssignment.force = True
c.GenerateAssignment.preprocessors = RELEASE_PREPROCESSORS

c.Autograde.autograde_preprocessors = [
    ExecuteOnSample,
    RequireNumber,
    LimitOutput,
    SaveAutoGrades,
    AssignLatePenalties,
    CheckCellMetadata,
]

# What being late costs: "none", "zero" or "daily"; see utils/grading/report/late.py for shares and grace.
c.AssignLatePenalties.plugin_class = "utils.grading.report.late.WorkshopLatePlugin"
c.WorkshopLatePlugin.penalty_method = "none"

c.GenerateFeedback.preprocessors = [GetGrades, CSSHTMLHeaderPreprocessor, StylePage]

c.Execute.timeout = 300  # seconds for a cell; a training on the sample takes a few
c.Execute.startup_timeout = 120  # seconds for a kernel, on a machine that is busy
c.Execute.iopub_timeout = 30
c.Execute.extra_arguments = ["--Application.log_level=ERROR"]  # kernels warn of their transport on the terminal
