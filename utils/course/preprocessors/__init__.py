"""nbgrader preprocessors of our own, one per file; nbgrader_config.py and the build use the same ones."""

from utils.course.preprocessors.clear_regions import ClearRegions
from utils.course.preprocessors.clear_statements import ClearStatements

__all__ = ["ClearRegions", "ClearStatements"]
