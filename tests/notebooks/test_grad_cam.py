"""The notebook's own class activation map against Captum's."""

import re

import pytest
import torch
import torch.nn.functional as F
from torchvision.models import resnet18
from torchvision.models.feature_extraction import create_feature_extractor

from tests.checks.harness import run, source

LayerGradCam = pytest.importorskip("captum.attr").LayerGradCam


@pytest.mark.parametrize("layer", ["layer3", "layer4"])
def test_grad_cam_is_that_of_captum(layer):
    cells = re.split(r"^# %%.*$", source("SE06"), flags=re.MULTILINE)
    code = next(cell for cell in cells if cell.strip().startswith("def grad_cam")).split("\nif checker")[0]
    namespace = run(code, {"torch": torch, "F": F, "create_feature_extractor": create_feature_extractor})
    with torch.random.fork_rng():
        torch.manual_seed(1)
        model, pictures = resnet18(weights=None, num_classes=2), torch.randn(3, 3, 64, 64)
    explainer, largest = LayerGradCam(model.eval(), model.get_submodule(layer)), 0.0
    for label in (0, 1):
        ours = namespace["grad_cam"](model, layer, pictures, label)
        theirs = explainer.attribute(pictures.clone().requires_grad_(), target=label, relu_attributions=True)
        assert torch.allclose(ours, theirs.detach(), atol=1e-6)
        largest = max(largest, ours.max().item())
    assert largest > 0
