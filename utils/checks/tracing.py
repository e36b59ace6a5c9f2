"""Watch which layers a network computes with, however it is written.

A student's network is judged against an independent computation from its own parameters. Which parameter belongs to
which layer is not told by attribute names (those are free) but by execution: convolutions and batch norms are
recorded where every style ends up, at the calls of ``torch.nn.functional``.
"""

from dataclasses import dataclass, field

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.overrides import TorchFunctionMode

__all__ = ["Convolution", "LayerTrace", "Norm", "record_layers"]

_CONVOLUTIONS = {torch.conv2d: False, F.conv2d: False, torch.conv_transpose2d: True, F.conv_transpose2d: True}
_NORM_PARAMETERS = ("input", "running_mean", "running_var", "weight", "bias", "training", "momentum", "eps")


@dataclass(frozen=True)
class Convolution:
    """A convolution that was computed.

    Attributes
    ----------
    weight : Tensor, shape (out, in, h, w), or (in, out, h, w) if transposed
        The parameter itself, not a copy.
    bias : Tensor, shape (out,), or None
    transposed : bool
    input : Tensor
        A copy of what it was computed on.
    """

    weight: Tensor
    bias: Tensor | None
    transposed: bool
    input: Tensor

    @property
    def in_channels(self) -> int:
        """Channels that it reads."""
        return self.weight.shape[0 if self.transposed else 1]

    @property
    def out_channels(self) -> int:
        """Channels that it writes."""
        return self.weight.shape[1 if self.transposed else 0]

    @property
    def kernel(self) -> tuple[int, int]:
        """Height and width of its kernel in pixels."""
        return tuple(self.weight.shape[2:])


@dataclass(frozen=True)
class Norm:
    """A batch norm that was computed; the tensors are the parameters themselves, each of shape (channels,) or None."""

    running_mean: Tensor | None
    running_var: Tensor | None
    weight: Tensor | None
    bias: Tensor | None
    eps: float
    channels: int


@dataclass
class LayerTrace:
    """Layers in the order in which they were computed, and what came out at the end."""

    output: object = None
    convolutions: list[Convolution] = field(default_factory=list)
    norms: list[Norm] = field(default_factory=list)


class _Recorder(TorchFunctionMode):
    def __init__(self, trace: LayerTrace):
        super().__init__()
        self.trace = trace

    def __torch_function__(self, function, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        if function in _CONVOLUTIONS:
            given = dict(zip(("input", "weight", "bias"), args, strict=False)) | kwargs
            seen = given["input"].detach().clone()
            layer = Convolution(given["weight"], given.get("bias"), _CONVOLUTIONS[function], seen)
            self.trace.convolutions.append(layer)
        elif function is F.batch_norm:
            given = dict(zip(_NORM_PARAMETERS, args, strict=False)) | kwargs
            tensors = [given.get(name) for name in ("running_mean", "running_var", "weight", "bias")]
            self.trace.norms.append(Norm(*tensors, given.get("eps", 1e-5), given["input"].shape[1]))
        return function(*args, **kwargs)


def record_layers(module, *inputs: Tensor) -> LayerTrace:
    """Call a module and record the convolutions and batch norms that it computes.

    Parameters
    ----------
    module : callable
        Usually a student's `torch.nn.Module`; whatever it raises passes through.
    *inputs : Tensor

    Returns
    -------
    LayerTrace
    """
    trace = LayerTrace()
    with _Recorder(trace):
        trace.output = module(*inputs)
    return trace
