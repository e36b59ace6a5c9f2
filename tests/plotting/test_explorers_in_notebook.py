"""Explorers and live curves in a real kernel: with a person there are widgets, without one a figure."""

import pytest

from tests.kernels import kernel

pytestmark = pytest.mark.slow
WIDGET = "application/vnd.jupyter.widget-view+json"
SETUP = """
import torch, utils
from torch import nn
model = nn.Sequential(nn.Conv2d(3, 1, 1), nn.Sigmoid())
loader = [(torch.rand(2, 3, 8, 8), (torch.rand(2, 8, 8) > 0.5).long())]
"""
SHOW = "utils.plotting.explore_predictions(model, loader)"


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    with kernel(tmp_path_factory.mktemp("explorers")) as running:
        running.run(SETUP)
        yield running
        assert running.stderr == ""


def test_person_gets_a_widget_and_the_saved_notebook_a_picture(live):
    live.run(SHOW)
    (output,) = live.outputs
    assert set(output) == {WIDGET, "image/png", "text/plain"}


def test_without_a_person_there_is_one_figure(live):
    live.run(SHOW, person=False)
    (output,) = live.outputs
    assert "image/png" in output
    assert WIDGET not in output


def test_moving_a_slider_changes_picture_and_scores(live):
    live.run(
        "from utils.plotting.explorers.predictions import predictions_explorer\n"
        "root = predictions_explorer(model, loader).as_widget()\n"
        "controls, page = root.children[2].children, root.children[3]\n"
        "before = page.value\n"
        "controls[1].value = 0.9"
    )
    assert live.value("page.value != before")
    assert "Threshold 0.90: Dice" in live.value("page.value")


def test_button_counts_its_presses(live):
    live.run(
        "from utils.plotting.explorers.controls import Toss\n"
        "from utils.plotting.explorers.panel import Explorer\n"
        "from utils.plotting.explorers.views import View\n"
        "root = Explorer('T', {'toss': Toss('Again')}, lambda toss: View((), f'{toss} presses'), []).as_widget()\n"
        "for _ in range(3):\n    root.children[2].children[0].click()"
    )
    assert "3 presses" in live.value("root.children[3].value")


def test_curves_of_a_training_are_one_output_drawn_anew_after_each_epoch(tmp_path):
    """A real training in a kernel: the figure comes first, then grows."""
    with kernel(tmp_path, WORKSHOP_FAST="") as training:
        training.run(SETUP)
        training.run(
            "options = dict(model=model, criterion=nn.BCELoss(), train_loader=loader, val_loader=loader, device='cpu',\n"
            "               optimiser=torch.optim.SGD(model.parameters(), lr=0.1), num_epochs=3)\n"
            "utils.ml.train_model(**options);"
        )
        (first,) = [output for output in training.outputs if "image/png" in output]
        pictures = [update["image/png"] for update in training.updates if "image/png" in update]
        assert len(pictures) == 4, "after each of three epochs, and at the end"
        assert len({first["image/png"], *pictures}) >= 4
        training.run("utils.ml.train_model(**options, plot_loss=False);")
        assert not [output for output in training.outputs + training.updates if "image/png" in output]
        assert training.stderr == ""
