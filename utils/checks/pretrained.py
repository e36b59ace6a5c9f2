"""EfficientNet-B0 with weights that a check can recognise, served to students' code without a network.

While `recognisable_weights` is active, whatever asks torchvision for pretrained weights gets random ones drawn here. A
network that holds exactly these has loaded what it was asked to load; one with a fresh initialisation has not.
"""

import contextlib
from functools import cache

import torch
import torchvision.models._api as torchvision_api
from torch import Tensor, nn
from torchvision.models import EfficientNet_B0_Weights, efficientnet_b0
from torchvision.ops import StochasticDepth

__all__ = ["STAGES", "encoder_stages",
    "encoder_weights", "find_pretrained", "recognisable_weights", "served_state"]

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
            elif isinstance(module, StochasticDepth):
                module.p = 0.0
        with torch.no_grad():
            network.train()(torch.randn(4, 3, 96, 96))
    return {name: tensor.detach().clone() for name, tensor in network.state_dict().items()}


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
        if url.rpartition("/")[2] != _FILE:
            raise FileNotFoundError(f"The check serves EfficientNet-B0's weights only, not {url.rpartition('/')[2]}.")
        return {name: tensor.clone() for name, tensor in served_state().items()}

    places = (torch.hub, torchvision_api)
    originals = [place.load_state_dict_from_url for place in places]
    for place in places:
        place.load_state_dict_from_url = serve
    try:
        yield asked
    finally:
        for place, original in zip(places, originals, strict=True):
            place.load_state_dict_from_url = original


def encoder_stages(state: dict[str, Tensor]) -> list[nn.Sequential]:
    """Build the five encoder stages from a state dict, in evaluation mode and frozen."""
    network = _skeleton()
    network.load_state_dict(state)
    network.eval().requires_grad_(False)
    return [network.features[stage] for stage in STAGES]


def find_pretrained(tensors: list[Tensor]) -> dict[str, Tensor] | None:
    """Return the state whose whole encoder is among a network's tensors, whatever they are called there.

    A network that was made from weights loaded before the check holds what lies in the torch hub cache; that counts too.

    Returns
    -------
    dict of str to Tensor, or None
        None if the network holds no complete pretrained encoder.
    """
    if _includes(tensors, served_state()):
        return served_state()
    cached = _cached_state()
    return cached if cached and _includes(tensors, cached) else None


def encoder_weights(state: dict[str, Tensor]) -> list[Tensor]:
    """Return the trainable tensors of the stages that the encoder uses."""
    names = [name for name in state if name.startswith("features.") and not name.startswith("features.8.")]
    return [state[name] for name in names if name.endswith(("weight", "bias"))]


def _includes(tensors: list[Tensor], state: dict[str, Tensor]) -> bool:
    pool: dict[tuple[int, ...], list[Tensor]] = {}
    for tensor in tensors:
        pool.setdefault(tuple(tensor.shape), []).append(tensor)
    wanted = encoder_weights(state)
    return all(any(torch.equal(tensor, other) for other in pool.get(tuple(tensor.shape), ())) for tensor in wanted)


def _cached_state() -> dict[str, Tensor] | None:
    from pathlib import Path

    file = Path(torch.hub.get_dir()) / "checkpoints" / _FILE
    return torch.load(file, map_location="cpu", weights_only=True) if file.is_file() else None


@cache
def _skeleton() -> nn.Module:
    return efficientnet_b0(weights=None)
