"""What a notebook shows: every figure once, nothing on stderr."""

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

SETUP = """
import torch
from torch import nn
import utils
model = nn.Sequential(nn.Conv2d(3, 1, 1), nn.Sigmoid())
loader = [(torch.rand(2, 3, 8, 8), (torch.rand(2, 8, 8) > 0.5).long())]
options = dict(model=model, criterion=nn.BCELoss(), optimiser=torch.optim.SGD(model.parameters(), lr=0.1),
               train_loader=loader, val_loader=loader, num_epochs=2, device="cpu")
"""

CELLS = {
    "last expression": ("utils.plotting.show_binary_segmentation_batch(loader)", 1),
    "assigned": ("figure = utils.plotting.show_binary_segmentation_batch(loader)", 0),
    "assigned, then last": ("figure = utils.plotting.show_binary_segmentation_batch(loader)\nfigure", 1),
    "training": ("model = utils.ml.train_model(**options)", 1),
    "training without plot": ("model = utils.ml.train_model(**options, plot_loss=False)", 0),
}


@pytest.mark.slow
@pytest.mark.parametrize("pyplot", ["", "import matplotlib.pyplot as plt"], ids=["without pyplot", "with pyplot"])
def test_every_figure_is_shown_once(pyplot, monkeypatch):
    monkeypatch.delenv("WORKSHOP_FAST", raising=False)
    sources = [SETUP + pyplot, *(source for source, _ in CELLS.values())]
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    nbformat.validate(notebook)
    for (name, (_, expected)), cell in zip(CELLS.items(), notebook.cells[1:], strict=True):
        shown = [output for output in cell.outputs if "image/png" in output.get("data", {})]
        assert len(shown) == expected, name
        assert not [output for output in cell.outputs if output.get("name") == "stderr"], name
