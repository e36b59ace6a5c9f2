"""A session in Notebook 7, in a folder that holds nothing but notebooks; the solution is run from top to bottom in JupyterLab."""

import pytest

from tests.browser.story import Story


@pytest.mark.slow
class TestNotebook7(Story):
    application = "notebook"
