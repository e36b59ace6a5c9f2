"""EfficientNet-B0 with weights that a check can recognise, served to students' code without a network.

While `recognisable_weights` is active, whatever asks torchvision for pretrained weights gets random ones drawn here. A
network that holds exactly these has loaded what it was asked to load; one with a fresh initialisation has not.
"""

import contextlib
import tempfile
from functools import cache
from pathlib import Path

import torch
import torchvision.models._api as torchvision_api
from torch import Tensor, nn
from torchvision.models import EfficientNet_B0_Weights, efficientnet_b0
from torchvision.ops import StochasticDepth

from utils.core.expect import Mismatch

__all__ = ["STAGES", "cached_state", "empty_network", "recognisable_weights", "served_state"]

STAGES = (slice(0, 2), slice(2, 3), slice(3, 4), slice(4, 5), slice(5, 8))
"""Which of torchvision's ``features`` make up inc, down1, down2, down3 and down4."""

_FILE = EfficientNet_B0_Weights.IMAGENET1K_V1.url.rpartition("/")[2]


@cache
def served_state() -> dict[str, Tensor]:
    """Return the state dict that stands for the pretrained weights during checks.

    Random, with running statistics taken from one batch of noise, so that signals stay alive in evaluation mode.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(2016)
        network = efficientnet_b0(weights=None)
        for module in network.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.momentum = 1.0
                nn.init.uniform_(module.weight, 0.7, 1.3)
                nn.init.uniform_(module.bias, -0.2, 0.2)
            elif isinstance(module, nn.Conv2d) and module.bias is not None:
                nn.init.uniform_(module.bias, -0.2, 0.2)  # zero is what a fresh network holds, too
            elif isinstance(module, StochasticDepth):
                module.p = 0.0
        with torch.no_grad():
            network.train()(torch.randn(4, 3, 96, 96))
    return {name: tensor.detach().clone() for name, tensor in network.state_dict().items()}


def cached_state() -> dict[str, Tensor] | None:
    """Return the weights in the torch hub cache, real or stand-in, or None if there are none.

    A network made from weights that were loaded before the check holds these, and that counts, too.
    """
    file = _cache_file()
    return torch.load(file, map_location="cpu", weights_only=True) if file.is_file() else None


@contextlib.contextmanager
def recognisable_weights():
    """Serve `served_state` to everything that loads weights through torchvision or torch.hub.

    Yields
    ------
    list of str
        The addresses that were asked for, in order.
    """
    asked: list[str] = []

    def serve(url, *args, **kwargs):
        asked.append(url)
        _refuse_others(url)
        return {name: tensor.clone() for name, tensor in served_state().items()}

    def download(url, dst, *args, **kwargs):
        asked.append(url)
        _refuse_others(url)
        torch.save(served_state(), dst)

    replacements = [(place, "load_state_dict_from_url", serve) for place in (torch.hub, torchvision_api)]
    # For the original function under a name that was imported earlier: it downloads into an empty cache of ours.
    replacements.append((torch.hub, "download_url_to_file", download))
    with contextlib.ExitStack() as stack:
        if not _cache_file().is_file():
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="workshop-check-"))
            replacements.append((torch.hub, "get_dir", lambda: folder))
        for place, name, replacement in replacements:
            stack.callback(setattr, place, name, getattr(place, name))
            setattr(place, name, replacement)
        yield asked


def empty_network() -> nn.Module:
    """Return an EfficientNet-B0 on the meta device: its layers and names without numbers."""
    with torch.device("meta"):
        return efficientnet_b0(weights=None)


def _refuse_others(url: str) -> None:
    file = url.rpartition("/")[2]
    if file != _FILE:
        raise Mismatch(f"The check serves the weights of EfficientNet-B0 only; these are others: {file}.")


def _cache_file() -> Path:
    return Path(torch.hub.get_dir()) / "checkpoints" / _FILE
