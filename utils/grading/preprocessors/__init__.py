"""nbgrader preprocessors of our own for grading, one per file; nbgrader_config.py names them."""

from utils.grading.preprocessors.execute_on_sample import ExecuteOnSample
from utils.grading.preprocessors.place_verdicts import PlaceVerdicts
from utils.grading.preprocessors.require_number import RequireNumber
from utils.grading.preprocessors.style_page import StylePage

__all__ = ["ExecuteOnSample", "PlaceVerdicts", "RequireNumber", "StylePage"]
