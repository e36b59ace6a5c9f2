"""A session in JupyterLab, started by `make lab`."""

import pytest

from tests.browser.story import WholeStory


@pytest.mark.slow
class TestJupyterLab(WholeStory):
    application = "lab"
