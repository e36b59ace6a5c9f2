"""A session in JupyterLab, started by `make lab`."""

import pytest

from tests.browser.story import Story


@pytest.mark.slow
class TestJupyterLab(Story):
    application = "lab"
