"""Find EfficientNet-B0 inside a student's network, whatever its parts are called there."""

from dataclasses import dataclass
from functools import cache

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.func import functional_call

from utils.checks.modules import submodules_of
from utils.checks.pretrained import STAGES, cached_state, empty_network, served_state
from utils.checks.tracing import Convolution, LayerTrace, Norm, record_layers

__all__ = ["EncoderSplit", "encoder_maps", "find_foreign_tensors", "recorded_maps", "split_encoder"]

_LAST_STAGE = 7
_NORM_TENSORS = ("weight", "bias", "running_mean", "running_var")


@dataclass(frozen=True)
class EncoderSplit:
    """A network's layers, divided into its encoder and the rest.

    Attributes
    ----------
    state : dict of str to Tensor
        The encoder's own tensors, under the names they have in torchvision's EfficientNet-B0.
    decoder : LayerTrace
        All other layers.
    problem : str
        How the encoder differs from stages 0 to 7 of EfficientNet-B0; empty if it does not.
    """

    state: dict[str, Tensor]
    decoder: LayerTrace
    problem: str = ""


def split_encoder(trace: LayerTrace, network: nn.Module) -> EncoderSplit:
    """Divide the layers that a network computed where they stop being those of EfficientNet-B0's stages 0 to 7.

    Parameters
    ----------
    trace : LayerTrace
        Of the whole network. The encoder may be computed in parts, and parts of it more than once.
    network : nn.Module
        Needed only for batch norms that are frozen into buffers.
    """
    names, shapes, norm_names = _blueprint()
    convolutions = _unique(trace.convolutions)
    matching = 0
    for convolution, shape in zip(convolutions, shapes, strict=False):
        if _shape(convolution) != shape:
            break
        matching += 1
    state = {}
    for name, convolution in zip(names[:matching], convolutions, strict=False):
        state |= _named(name, convolution, ("weight", "bias"))
    problem = _explain(convolutions, matching)
    norms = {} if problem else _name_norms(trace.norms, norm_names, network)
    if norms is None:
        problem = "The encoder's batch norms are not those of EfficientNet-B0."
    state |= norms or {}
    own = {id(tensor) for tensor in state.values()}
    decoder = LayerTrace(
        trace.output,
        [each for each in trace.convolutions if id(each.weight) not in own],
        [each for each in trace.norms if id(each.weight) not in own],
        changes_input=trace.changes_input,
    )
    return EncoderSplit(state, decoder, problem)


def encoder_maps(split: EncoderSplit, images: Tensor) -> list[Tensor]:
    """Compute the maps of inc, down1, down2, down3 and down4 in evaluation mode, not with the student's code."""
    with torch.no_grad():
        return functional_call(_stages(), split.state, (images,))


def recorded_maps(trace: LayerTrace, split: EncoderSplit) -> list[list[Tensor]]:
    """Return the maps of inc, down1, down2, down3 and down4 as the encoder computed them.

    In training mode no second computation gives the same maps: EfficientNet leaves out blocks at random. What arrived at
    the next stage tells what a stage put out.

    Parameters
    ----------
    trace : LayerTrace
        Of the whole network.
    split : EncoderSplit
        Made of it, without a problem.

    Returns
    -------
    list of list of Tensor
        For each map every tensor that counts as it: the last one's batch norm may be in either mode.
    """
    names, _, norm_names = _blueprint()
    inputs = {id(each.weight): each.input for each in trace.convolutions}
    weight, bias, mean, variance = (split.state[f"{norm_names[-1][0]}.{kind}"] for kind in _NORM_TENSORS)
    with torch.no_grad():
        first = [next(name for name in names if _stage(name) == stage) for stage in (2, 3, 4, 5)]
        maps = [[inputs[id(split.state[f"{name}.weight"])]] for name in first]
        last = split.state[f"{names[-1]}.weight"]
        projected = F.conv2d(inputs[id(last)], last)
        deepest = [
            F.batch_norm(projected, None, None, weight, bias, training=True),
            F.batch_norm(projected, mean, variance, weight, bias),
        ]
    return [*maps, deepest]


def find_foreign_tensors(split: EncoderSplit, network: nn.Module) -> set[str]:
    """Name the encoder's tensors that are not the pretrained ones.

    Running statistics that a forward pass has moved since loading count as pretrained; reset ones do not.
    """
    passes = {
        id(module.weight): int(module.num_batches_tracked)
        for module in submodules_of(network)
        if getattr(module, "num_batches_tracked", None) is not None and getattr(module, "weight", None) is not None
    }
    foreign = _foreign_tensors(split.state, served_state(), passes)
    cached = cached_state() if foreign else None
    return foreign if cached is None else min(foreign, _foreign_tensors(split.state, cached, passes), key=len)


def _foreign_tensors(state, expected, passes) -> set[str]:
    foreign = set()
    for name, tensor in state.items():
        if not torch.equal(tensor, expected[name]):
            norm, _, kind = name.rpartition(".")
            done = passes.get(id(state.get(f"{norm}.weight")), 0)
            if not kind.startswith("running_") or done <= int(expected[f"{norm}.num_batches_tracked"]):
                foreign.add(name)
    return foreign


class _Stages(nn.Module):
    """EfficientNet-B0's features, which put out the map of each of the five stages."""

    def __init__(self, features: nn.Sequential):
        super().__init__()
        self.features = features

    def forward(self, images):
        maps = []
        for stage in STAGES:
            images = self.features[stage](images)
            maps.append(images)
        return maps


@cache
def _stages() -> nn.Module:
    return _Stages(empty_network().features).eval()


@cache
def _blueprint() -> tuple[list[str], list[tuple], list[tuple[str, int]]]:
    """Return names and shapes of the encoder's convolutions, and names and channels of its norms, in order."""
    network = empty_network()
    names = {id(parameter): name.rpartition(".")[0] for name, parameter in network.named_parameters()}
    trace = record_layers(network.features[: _LAST_STAGE + 1].eval(), torch.empty(1, 3, 64, 64, device="meta"))
    convolutions = [(names[id(each.weight)], _shape(each)) for each in trace.convolutions]
    norms = [(names[id(each.weight)], each.channels) for each in trace.norms]
    return *(list(column) for column in zip(*convolutions, strict=True)), norms


def _name_norms(norms: list[Norm], names: list[tuple[str, int]], network: nn.Module) -> dict[str, Tensor] | None:
    own = _unique(norms)[: len(names)]
    if [norm.channels for norm in own] == [channels for _, channels in names]:
        state = {}
        for (name, _), norm in zip(names, own, strict=True):
            state |= _named(name, norm, _NORM_TENSORS)
        return state
    return _frozen_norms(names, network)


def _frozen_norms(names: list[tuple[str, int]], network: nn.Module) -> dict[str, Tensor] | None:
    """Find norms that keep everything in buffers, as torchvision's FrozenBatchNorm2d does, by their values."""
    held = [dict(vars(each).get("_buffers", {})) for each in submodules_of(network)]
    held = [buffers for buffers in held if set(_NORM_TENSORS) <= set(buffers)]
    for expected in filter(None, (served_state(), cached_state())):
        state = {}
        for name, _ in names:
            wanted = {kind: expected[f"{name}.{kind}"] for kind in _NORM_TENSORS}
            match = next((b for b in held if all(torch.equal(b[kind], wanted[kind]) for kind in _NORM_TENSORS)), None)
            if match is None:
                break
            state |= {f"{name}.{kind}": match[kind] for kind in _NORM_TENSORS}
        else:
            return state
    return None


def _explain(convolutions: list[Convolution], matching: int) -> str:
    names = _blueprint()[0]
    if matching == 0:
        return "The network does not begin with the first convolution of EfficientNet-B0, 3 → 32 channels, kernel 3x3."
    after = f" Then comes {_words(convolutions[matching])}." if matching < len(convolutions) else " Then nothing comes."
    if matching < len(names):
        done, due = _stage(names[matching - 1]), _stage(names[matching])
        if done == due:
            return f"The network leaves EfficientNet-B0 within `features[{due}]`.{after}"
        return f"The encoder ends with `features[{done}]`; `features[{due}]` is missing.{after}"
    if matching < len(convolutions) and convolutions[matching].out_channels == 1280:
        return "The encoder goes too far: `features[8]` is computed, too. `down4` ends with `features[7]`."
    return ""


def _unique(layers: list) -> list:
    return list({id(layer.weight): layer for layer in reversed(layers)}.values())[::-1]


def _named(name: str, layer: Convolution | Norm, kinds: tuple[str, ...]) -> dict[str, Tensor]:
    return {f"{name}.{kind}": getattr(layer, kind) for kind in kinds if getattr(layer, kind) is not None}


def _shape(convolution: Convolution) -> tuple:
    return tuple(convolution.weight.shape), convolution.stride, convolution.groups, convolution.transposed


def _words(convolution: Convolution) -> str:
    height, width = convolution.kernel
    return f"a convolution {convolution.in_channels} → {convolution.out_channels}, kernel {height}x{width}"


def _stage(name: str) -> int:
    return int(name.split(".")[1])
