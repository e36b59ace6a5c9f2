"""The second session in JupyterLab: what `make lab SESSION=SE06` opens, solved as a student solves it."""

import pytest
from playwright.sync_api import expect

from tests.browser.story import WholeStory


@pytest.mark.slow
class TestClassification(WholeStory):
    application = "lab"
    session = "SE06"
    mistake = (3, ".mean(dim=1, keepdim=True)", ".sum(dim=1, keepdim=True)")
    told = "This is the sum over the colours, not the mean."
    hint = "Each filter has three sheets"

    test_explorer_follows_its_slider = None  # this session has none

    def test_pictures_of_the_lesson_are_drawn(self, solved):
        for name, text in {"maps": "parts = {", "cam": "def grad_cam", "curve": "plot_fractions("}.items():
            cell = solved.cell(text)
            expect(cell.locator(".jp-OutputArea img").first).to_be_visible()
            solved.shoot(f"13-{name}", cell)
