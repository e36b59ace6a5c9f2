"""Compare the layers that a network computes with the layers an exercise asks for."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from utils.checks.modules import is_trainable, parameters_of, submodules_of
from utils.checks.tracing import Convolution, LayerTrace
from utils.core.expect import Mismatch, expect

__all__ = ["Layer", "double_conv_plan", "expect_plan", "expect_trainable", "up_plan"]


@dataclass(frozen=True)
class Layer:
    """A convolution that is asked for.

    Attributes
    ----------
    in_channels, out_channels : int
    kernel : int or tuple of two int
        In pixels.
    transposed : bool
    place : str
        The part of the network that it belongs to, for messages only.
    """

    in_channels: int
    out_channels: int
    kernel: int | tuple[int, int]
    transposed: bool = False
    place: str = field(default="", compare=False)

    def __str__(self) -> str:
        kind = "transposed convolution" if self.transposed else "convolution"
        height, width = self.kernel if isinstance(self.kernel, tuple) else (self.kernel, self.kernel)
        return f"{kind} {self.in_channels} → {self.out_channels}, kernel {height}x{width}"

    @property
    def stride(self) -> int:
        """Transposed convolutions double the size, the others keep it."""
        return 2 if self.transposed else 1


def double_conv_plan(in_channels: int, out_channels: int, place: str = "") -> list[Layer]:
    """Return the two convolutions of a DoubleConv."""
    return [Layer(channels, out_channels, 3, place=place) for channels in (in_channels, out_channels)]


def up_plan(below: int, skip: int, out: int, place: str = "") -> list[Layer]:
    """Return the three convolutions of an Up, given the channels from below, of the skip and of the output."""
    return [Layer(below, skip, 2, transposed=True, place=place), *double_conv_plan(2 * skip, out, place)]


def expect_plan(
    trace: LayerTrace, plan: Sequence[Layer], norm_count: int, of: str, module: nn.Module | None = None
) -> None:
    """Fail unless exactly these convolutions were computed in this order, with so many batch norms.

    Parameters
    ----------
    trace : LayerTrace
    plan : sequence of Layer
    norm_count : int
    of : str
        How the student would call the network.
    module : nn.Module, optional
        If given, the layers also have to be its own, and trainable.
    """
    convolutions = trace.convolutions
    _expect_distinct([convolution.weight for convolution in convolutions], "convolution", of)
    for number, (convolution, wanted) in enumerate(zip(convolutions, plan, strict=False), 1):
        after_upsampling = number > 1 and plan[number - 2].transposed
        _expect_layer(convolution, wanted, f"{of}: layer {number} that is computed", after_upsampling)
    expect(
        len(convolutions) == len(plan),
        f"{of} computes {_count(len(convolutions), 'convolution')}{_counted_in(plan)}; expected {len(plan)}."
        + _guess_missing(trace, len(plan)),
    )
    found = len(trace.norms)
    expect(
        found == norm_count, f"{of} computes {_count(found, 'batch norm')}; expected {norm_count}.{_other_norms(trace)}"
    )
    for attribute in ("weight", "running_mean"):
        _expect_distinct([getattr(norm, attribute) for norm in trace.norms], "batch norm", of)
    if module is not None:
        expect_trainable(trace, module, of)


def expect_trainable(trace: LayerTrace, module: nn.Module, of: str) -> None:
    """Fail unless every recorded weight is a parameter that training can change, and every statistic is saved with it."""
    own = {id(parameter): parameter for parameter in parameters_of(module)}
    layers = [("convolution", each) for each in trace.convolutions] + [("batch norm", each) for each in trace.norms]
    for kind, layer in layers:
        for tensor in (layer.weight, layer.bias):
            if tensor is not None:
                _expect_own(tensor, own, kind, of)
    buffers = [each for part in submodules_of(module) for each in vars(part).get("_buffers", {}).values()]
    kept = {each.data_ptr() for each in (*buffers, *own.values()) if each is not None}
    means = [norm.running_mean for norm in trace.norms if norm.running_mean is not None]
    expect(
        all(mean.data_ptr() in kept for mean in means),
        f"{of}: the running statistics of a batch norm are not among its buffers, so `state_dict()` does not save them and "
        "`to(device)` does not move them. Plain tensors need `register_buffer`; layers in a plain list need `nn.ModuleList`.",
    )


def _expect_layer(convolution: Convolution, wanted: Layer, what: str, after_upsampling: bool) -> None:
    actual = _as_layer(convolution)
    place = f", in {wanted.place}" if wanted.place else ""
    joined = after_upsampling and 2 * actual.in_channels == wanted.in_channels
    guess = f" Upsampled map and skip, concatenated, have {wanted.in_channels} channels." if joined else ""
    expect(actual == wanted, f"{what} is a {actual}; expected a {wanted}{place}.{guess}")
    stride = wanted.stride
    settings = {"stride": (convolution.stride, (stride,) * 2), "dilation": (convolution.dilation, (1, 1))}
    for name, (seen, asked) in settings.items():
        expect(seen == asked, f"{what}, a {actual}, has {name} {_short(seen)}; expected {_short(asked)}.")
    expect(convolution.groups == 1, f"{what}, a {actual}, is split into {convolution.groups} groups; expected 1.")


def _expect_own(tensor: Tensor, own: dict[int, Tensor], kind: str, of: str) -> None:
    source = own.get(id(tensor))
    if source is None:
        source = next((each for each in own.values() if each.data_ptr() == tensor.data_ptr()), None)
    if source is not None:
        expect(is_trainable(source), f"{of}: the parameters of a {kind} are frozen, so they would never learn.")
    if id(tensor) in own or _depends_on(tensor, own):
        return
    if source is not None:
        raise Mismatch(
            f"{of}: a {kind} computes with a detached copy of its weights (`detach` or `.data`), so they never learn."
        )
    raise Mismatch(
        f"{of} computes with a {kind} that is not among its `parameters()`, so no optimiser would train it: it is "
        "made anew inside `forward`, or kept in a plain list or dict, which hides it from PyTorch."
    )


def _depends_on(tensor: Tensor, own: dict[int, Tensor]) -> bool:
    """Say whether a computed weight, such as a normalised one, comes from the module's parameters."""
    sources = [parameter for parameter in own.values() if parameter.requires_grad]
    if not tensor.requires_grad or not sources:
        return False
    gradients = torch.autograd.grad(tensor.sum(), sources, retain_graph=True, allow_unused=True)
    return any(gradient is not None for gradient in gradients)


def _expect_distinct(tensors: Sequence, kind: str, of: str) -> None:
    places = [id(tensor._base if tensor._is_view() else tensor) for tensor in tensors if tensor is not None]
    expect(
        len(places) == len(set(places)),
        f"{of} uses one {kind} in two places, so both share one set of parameters; each place needs its own.",
    )


def _counted_in(plan: Sequence[Layer]) -> str:
    return " (transposed ones counted in)" if any(layer.transposed for layer in plan) else ""


def _guess_missing(trace: LayerTrace, wanted: int) -> str:
    if len(trace.convolutions) >= wanted:
        return ""
    if trace.no_convolutions:
        return (
            f" `{trace.no_convolutions[0]}` is none: a convolution with its weight and bias, on a map with zeros around it, "
            "has other values."
        )
    return " A layer that is only defined is not computed: is each one called in `forward`?"


def _other_norms(trace: LayerTrace) -> str:
    if trace.no_norms:
        return (
            f" `{trace.no_norms[0]}` is none: in training mode a batch norm uses mean and variance over images, height and "
            "width, and moves its running ones towards them; in evaluation mode it uses those."
        )
    steps = [*trace.before, *(step for convolution in trace.convolutions for step in convolution.after)]
    others = sorted({step for step in steps if step.endswith(" norm")} - {"batch norm"})
    return f" There is {' and '.join(others)} instead." if others else ""


def _as_layer(convolution: Convolution) -> Layer:
    height, width = convolution.kernel
    kernel = height if height == width else (height, width)
    return Layer(convolution.in_channels, convolution.out_channels, kernel, convolution.transposed)


def _short(pair: tuple[int, int]) -> str:
    return str(pair[0]) if pair[0] == pair[1] else str(pair)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
