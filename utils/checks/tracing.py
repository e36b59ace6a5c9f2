"""Watch which layers a network computes with, however it is written.

A student's network is judged against an independent computation from its own parameters. Which parameter belongs to
which layer is not told by attribute names (those are free) but by execution: convolutions and batch norms are
recorded where every style ends up, at the calls of ``torch.nn.functional``. Layers written by hand end up nowhere in
particular, so they are recognised by `utils.checks.handwritten`.
"""

import contextlib
import sys
from dataclasses import dataclass, field

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.overrides import TorchFunctionMode

from utils.checks.handwritten import watch_own_layers
from utils.core.expect import Mismatch

__all__ = ["Convolution", "LayerTrace", "Norm", "plain_output", "record_layers"]

_TRANSPOSED = {torch.conv2d: False, F.conv2d: False, torch.conv_transpose2d: True, F.conv_transpose2d: True}
_CONVOLUTION_PARAMETERS = {
    False: ("input", "weight", "bias", "stride", "padding", "dilation", "groups"),
    True: ("input", "weight", "bias", "stride", "padding", "output_padding", "groups", "dilation"),
}
_NORM_PARAMETERS = {
    F.batch_norm: ("input", "running_mean", "running_var", "weight", "bias", "training", "momentum", "eps"),
    torch.batch_norm: ("input", "weight", "bias", "running_mean", "running_var", "training", "momentum", "eps"),
}
_CONCATENATIONS = {torch.cat, torch.concat, torch.concatenate, torch.hstack}
_STEPS = {
    "relu": "ReLU", "threshold": "a threshold", "clamp": "a clamp", "clamp_min": "a clamp", "prelu": "PReLU",
    "leaky_relu": "LeakyReLU", "rrelu": "RReLU", "relu6": "ReLU6", "hardtanh": "a hard tanh or ReLU6", "elu": "ELU",
    "selu": "SELU", "celu": "CELU", "gelu": "GELU", "silu": "SiLU", "mish": "Mish", "softplus": "softplus",
    "hardswish": "hard swish", "tanh": "tanh", "sigmoid": "a sigmoid", "hardsigmoid": "a hard sigmoid",
    "softmax": "softmax", "log_softmax": "log-softmax", "logsigmoid": "log-sigmoid", "batch_norm": "batch norm",
    "instance_norm": "instance norm", "group_norm": "group norm", "layer_norm": "layer norm", "linear": "a linear layer",
    "local_response_norm": "local response norm", "dropout": "dropout", "dropout2d": "dropout", "avg_pool2d": "average pooling",
    "alpha_dropout": "dropout", "feature_alpha_dropout": "dropout", "max_pool2d": "max pooling",
    "max_pool2d_with_indices": "max pooling", "adaptive_avg_pool2d": "adaptive average pooling",
    "adaptive_max_pool2d": "adaptive max pooling", "interpolate": "an interpolation", "conv1d": "a 1-D convolution",
    "conv3d": "a 3-D convolution", "pixel_shuffle": "a pixel shuffle", "pad": "padding", "add": "an addition",
    "sub": "a subtraction", "rsub": "a subtraction", "mul": "a multiplication", "div": "a division", "abs": "the absolute value",
    "pow": "a power", "square": "a square", "sqrt": "a square root", "exp": "an exponential", "cat": "a concatenation",
    "concat": "a concatenation", "neg": "a minus", "zeros_like": "zeros", "ones_like": "ones", "round": "rounding",
}  # fmt: skip


@dataclass(frozen=True)
class Convolution:
    """A convolution that was computed.

    Attributes
    ----------
    weight : Tensor, shape (out, in / groups, h, w), or (in, out / groups, h, w) if transposed
        The parameter itself, not a copy.
    bias : Tensor, shape (out,), or None
    transposed : bool
    input : Tensor
        A copy of what it was computed on.
    stride, padding, dilation : tuple of two int
        In rows and columns.
    groups : int
    after : list of str
        The steps between it and the next convolution, in a student's words.
    """

    weight: Tensor
    bias: Tensor | None
    transposed: bool
    input: Tensor
    stride: tuple[int, int] = (1, 1)
    padding: tuple[int, int] = (0, 0)
    dilation: tuple[int, int] = (1, 1)
    groups: int = 1
    after: list[str] = field(default_factory=list)

    @property
    def in_channels(self) -> int:
        """Channels that it reads."""
        return self.weight.shape[0] if self.transposed else self.weight.shape[1] * self.groups

    @property
    def out_channels(self) -> int:
        """Channels that it writes."""
        return self.weight.shape[1] * self.groups if self.transposed else self.weight.shape[0]

    @property
    def kernel(self) -> tuple[int, int]:
        """Height and width of its kernel in pixels."""
        return tuple(self.weight.shape[2:])


@dataclass(frozen=True)
class Norm:
    """A batch norm that was computed.

    Attributes
    ----------
    running_mean, running_var, weight, bias : Tensor, shape (channels,), or None
        The parameters and buffers themselves, not copies.
    eps : float
    channels : int
    input : Tensor
        What it was computed on; no copy, so later changes in place show.
    """

    running_mean: Tensor | None
    running_var: Tensor | None
    weight: Tensor | None
    bias: Tensor | None
    eps: float
    channels: int
    input: Tensor


@dataclass
class LayerTrace:
    """Layers in the order in which they were computed, and what came out at the end.

    A layer that computes the same thing on the same input again is recorded once.

    Attributes
    ----------
    output : object
        What was returned; a tensor of any class is a plain `torch.Tensor` here, with its gradient.
    convolutions : list of Convolution
    norms : list of Norm
    before : list of str
        The steps before the first convolution.
    concatenated : list of list of tuple
        The shapes of the tensors in each concatenation, whether it succeeded or not.
    cut_off : list of list of tuple
        Those of concatenations of tensors of which some have a gradient and some have not.
    changes_input : bool
        Whether an input has other values after the call.
    no_norms, no_convolutions : list of str
        Classes of the student's that look like a layer of that kind written by hand, and compute another thing.
    """

    output: object = None
    convolutions: list[Convolution] = field(default_factory=list)
    norms: list[Norm] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    concatenated: list[list[tuple[int, ...]]] = field(default_factory=list)
    cut_off: list[list[tuple[int, ...]]] = field(default_factory=list)
    changes_input: bool = False
    no_norms: list[str] = field(default_factory=list)
    no_convolutions: list[str] = field(default_factory=list)


class _Recorder(TorchFunctionMode):
    def __init__(self, trace: LayerTrace):
        super().__init__()
        self.trace = trace

    def __torch_function__(self, function, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        name = getattr(function, "__name__", "").strip("_")
        if name in _STEPS and _is_map(args[0] if args else kwargs.get("input")):
            self._steps.append(_STEPS[name])
        if function in _CONCATENATIONS:
            self._record_concatenation(args[0] if args else kwargs.get("tensors", ()))
        elif function in _TRANSPOSED:
            transposed = _TRANSPOSED[function]
            names = _CONVOLUTION_PARAMETERS[transposed]
            self.record_convolution(dict(zip(names, args, strict=False)) | kwargs, transposed=transposed)
        elif function in _NORM_PARAMETERS:
            self._record_norm(dict(zip(_NORM_PARAMETERS[function], args, strict=False)) | kwargs)
        return function(*args, **kwargs)

    @property
    def _steps(self):
        return self.trace.convolutions[-1].after if self.trace.convolutions else self.trace.before

    def mark(self):
        return len(self.trace.convolutions), len(self.trace.norms), self._steps, len(self._steps)

    def has_layers_since(self, mark):
        return (len(self.trace.convolutions), len(self.trace.norms)) != mark[:2]

    def forget_steps_since(self, mark):
        _, _, steps, count = mark
        del steps[count:]

    def _record_concatenation(self, tensors):
        tensors = [tensor for tensor in tensors if isinstance(tensor, Tensor)]
        shapes = [tuple(tensor.shape) for tensor in tensors]
        self.trace.concatenated.append(shapes)
        if len({tensor.requires_grad for tensor in tensors}) > 1:
            self.trace.cut_off.append(shapes)

    def record_convolution(self, given, *, transposed=False):
        images, weight = given["input"].detach(), given["weight"]
        if any(each.weight is weight and _equal(each.input, images) for each in self.trace.convolutions):
            return
        dilation = _pair(given.get("dilation", 1))
        self.trace.convolutions.append(
            Convolution(
                weight=weight,
                bias=given.get("bias"),
                transposed=transposed,
                input=images.clone(),
                stride=_pair(given.get("stride", 1)),
                padding=_padding(given.get("padding", 0), dilation, weight.shape[2:]),
                dilation=dilation,
                groups=given.get("groups", 1),
            )
        )

    def record_norm(self, given):
        self._steps.append(_STEPS["batch_norm"])
        self._record_norm(given)

    def _record_norm(self, given):
        images, weight = given["input"].detach(), given.get("weight")
        if weight is not None and any(n.weight is weight and _equal(n.input, images) for n in self.trace.norms):
            return
        tensors = [given.get(name) for name in ("running_mean", "running_var", "weight", "bias")]
        self.trace.norms.append(Norm(*tensors, given.get("eps", 1e-5), images.shape[1], images))

    def record_other(self, name, *, norm):
        (self.trace.no_norms if norm else self.trace.no_convolutions).append(name)


def record_layers(module, *inputs: Tensor, into: LayerTrace | None = None) -> LayerTrace:
    """Call a module and record the convolutions and batch norms that it computes.

    Parameters
    ----------
    module : callable
        Usually a student's `torch.nn.Module`; whatever it raises passes through.
    *inputs : Tensor
    into : LayerTrace, optional
        An empty one to fill, for whoever wants to know how far a call came that raised.

    Returns
    -------
    LayerTrace
    """
    trace = LayerTrace() if into is None else into
    # Copies, because torch forbids to change a leaf in place, in words about leaves that no student can act on.
    given = [tensor.clone() for tensor in inputs]
    recorder = _Recorder(trace)
    learning = torch.is_grad_enabled()
    try:
        with _uncompiled(), watch_own_layers(module, recorder), recorder:
            output = module(*given)
        switched = torch.is_grad_enabled() != learning
    finally:
        torch.set_grad_enabled(learning)
    if switched:
        raise Mismatch(
            f"`forward` switches gradients {'off' if learning else 'on'} and leaves it at that, so that everything computed "
            "afterwards, in other networks, too, has none or needs memory for them. A `with torch.no_grad():` ends by itself."
        )
    trace.changes_input = not all(map(_equal, given, inputs))
    trace.output = plain_output(output)
    return trace


def plain_output(output: object) -> object:
    """Return a tensor of any class as a plain one that keeps its gradient, and anything else as it is.

    Raises
    ------
    Mismatch
        If it claims to be a tensor and is none.
    """
    if issubclass(type(output), Tensor):
        return output if type(output) is Tensor else Tensor.as_subclass(output, Tensor)
    if isinstance(output, Tensor):
        raise Mismatch(f"What comes out only pretends to be a tensor; it is a {type(output).__name__}.")
    return output


def _uncompiled():
    """Run what `torch.compile` made as it was written; nothing can be recorded in compiled code."""
    # The compiler takes seconds to import: whoever has compiled something has imported it.
    return torch.compiler.set_stance("force_eager") if "torch._dynamo" in sys.modules else contextlib.nullcontext()


def _is_map(value: object) -> bool:
    value = value[0] if isinstance(value, tuple | list) and value else value
    return isinstance(value, Tensor) and value.ndim > 1


def _equal(first: Tensor, second: Tensor) -> bool:
    # Without numbers a layer that meets the same shape again counts as computed again: with numbers it is judged anyway.
    return first.shape == second.shape and (first.device.type == "meta" or torch.equal(first, second))


def _pair(value) -> tuple[int, int]:
    value = (value,) if isinstance(value, int) else tuple(value)
    return (value * 2)[:2]


def _padding(value, dilation, kernel) -> tuple[int, int]:
    if value == "valid":
        return (0, 0)
    if value == "same":
        return tuple(d * (k - 1) // 2 for d, k in zip(dilation, kernel, strict=True))
    return _pair(value)
