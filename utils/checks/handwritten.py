"""Recognise a convolution or a batch norm that a student wrote by hand, by its parameters and by what it computes."""

import contextlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations, product
from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.parameter import is_lazy

__all__ = ["Recorder", "watch_own_layers"]

_TOLERANCE = 1e-4
_EPSILONS = 1e-5, 1e-3
_STRIDES = 1, 2


class Recorder(Protocol):
    """Whoever wants to know which layers a network computes."""

    def mark(self) -> object:
        """Return how far the recording has come."""

    def has_layers_since(self, mark: object) -> bool:
        """Say whether a layer was recorded since then."""

    def forget_steps_since(self, mark: object) -> None:
        """Forget the steps that were recorded since then: together they are a layer."""

    def record_convolution(self, given: dict) -> None:
        """Take the parameters of `torch.nn.functional.conv2d`, by name."""

    def record_norm(self, given: dict) -> None:
        """Take the parameters of `torch.nn.functional.batch_norm`, by name."""

    def record_other(self, name: str, *, norm: bool) -> None:
        """Take the class's name of what has the parameters of a batch norm or a convolution, and computed another thing."""


@contextlib.contextmanager
def watch_own_layers(network: object, recorder: Recorder) -> Iterator[None]:
    """Report each call of a hand-written convolution or batch norm within a network while the block runs.

    Only modules of a student's own class can be told, and only those that compute nothing else.

    Parameters
    ----------
    network : object
        Anything but a `torch.nn.Module` is not watched.
    recorder : Recorder
    """
    with contextlib.ExitStack() as hooks:
        for part in _own_parts(network):
            for handle in _Watch(part, recorder).handles:
                hooks.callback(handle.remove)
        yield


class _Watch:
    """Looks at one part before and after each of its calls."""

    def __init__(self, part: nn.Module, recorder: Recorder):
        self.recorder, self.is_like_a_norm = recorder, _is_like_a_norm(part)
        self.handles = part.register_forward_pre_hook(self.remember), part.register_forward_hook(self.judge)

    def remember(self, part, inputs):
        self.mark = self.recorder.mark()
        with torch._C.DisableTorchFunction():
            self.images = inputs[0].detach().clone() if inputs and isinstance(inputs[0], Tensor) else None
            self.statistics = [tensor.clone() for tensor in _statistics(part)] if self.is_like_a_norm else []

    def judge(self, part, inputs, output):
        if self.recorder.has_layers_since(self.mark):
            return
        maps = isinstance(self.images, Tensor) and self.images.ndim == 4 and getattr(output, "ndim", None) == 4
        look = self.find_norm if self.is_like_a_norm else self.find_convolution
        with torch._C.DisableTorchFunction():  # no steps of the network's own
            layer = look(part, inputs, output) if maps else None
            resembles = self.is_like_a_norm or (maps and any(_kernels(part, self.images, output)))
        if layer:
            self.recorder.forget_steps_since(self.mark)
            (self.recorder.record_norm if self.is_like_a_norm else self.recorder.record_convolution)(layer)
        elif resembles:
            self.recorder.record_other(type(part).__name__, norm=self.is_like_a_norm)

    def find_norm(self, part, inputs, output):
        with torch.no_grad():
            norm = _as_norm(part, self.images, output, self.statistics)
        if norm:
            weights = _that_learn(part, output)
            norm |= {"input": inputs[0], **{name: weights[id(norm[name])] for name in ("weight", "bias")}}
        return norm

    def find_convolution(self, part, inputs, output):
        with torch.no_grad():
            kernel = _find_kernel(part, self.images, output)
        if kernel is None:
            return None
        weights = _that_learn(part, output)
        weight, bias = kernel.seen(weights[id(kernel.weight)]), weights.get(id(kernel.bias))
        given = {"input": self.images, "weight": weight, "bias": bias}
        return given | {"stride": kernel.stride, "padding": kernel.padding}


def _own_parts(network: object) -> list[nn.Module]:
    """Return the parts that are no layers of a library, have no parts themselves, and one or two parameters."""
    parts, waiting = [], [network] if issubclass(type(network), nn.Module) else []
    while waiting:
        part = waiting.pop()
        inner = [each for each in vars(part).get("_modules", {}).values() if each is not None]
        waiting += inner
        of_a_library = type(part).__module__.startswith(("torch.", "torchvision."))
        parameters = [] if inner or of_a_library else _parameters(part)
        if 1 <= len(parameters) <= 2 and not any(map(is_lazy, parameters)):
            parts.append(part)
    return parts


def _parameters(module: nn.Module) -> list[Tensor]:
    return [each for each in vars(module).get("_parameters", {}).values() if each is not None]


def _is_like_a_norm(module: nn.Module) -> bool:
    """Say whether there are two parameters with one value per channel."""
    shapes = [parameter.shape for parameter in _parameters(module)]
    sizes = {math.prod(shape) for shape in shapes}
    return len(shapes) == 2 and len(sizes) == 1 and all(sizes == {max(shape, default=0)} for shape in shapes)


def _that_learn(module: nn.Module, output: Tensor) -> dict[int, Tensor]:
    """Return a module's parameters by their ids, each detached if training cannot reach it through the output."""
    parameters = _parameters(module)
    learning = [each for each in parameters if each.requires_grad] if torch.is_grad_enabled() else []
    gradients = [None] * len(learning)
    if learning and output.requires_grad:
        gradients = torch.autograd.grad(output.sum(), learning, retain_graph=True, allow_unused=True)
    cut_off = {id(each) for each, gradient in zip(learning, gradients, strict=True) if gradient is None}
    return {id(each): each.detach() if id(each) in cut_off else each for each in parameters}


@dataclass(frozen=True)
class _Kernel:
    """How a module's parameters may make up a convolution.

    Attributes
    ----------
    weight, bias : Tensor
        Its parameters.
    shape : torch.Size
        What torch's weight would have.
    order : tuple of int
        Of the parameter's axes.
    stride, padding : int
    """

    weight: Tensor
    bias: Tensor | None
    shape: torch.Size
    order: tuple[int, ...]
    stride: int = 1
    padding: int = 0

    def seen(self, weight: Tensor) -> Tensor:
        """Return the weight as torch would have it; the parameter itself if it is like that."""
        return weight if weight.shape == self.shape else weight.permute(*self.order).reshape(self.shape)


def _find_kernel(module: nn.Module, images: Tensor, output: Tensor) -> _Kernel | None:
    """Return the convolution that a module has just computed, or None if it was another thing."""
    for kernel in _kernels(module, images, output):
        bias = None if kernel.bias is None else kernel.bias.flatten()
        expected = F.conv2d(images, kernel.seen(kernel.weight), bias, kernel.stride, kernel.padding)
        if expected.shape == output.shape and _agrees(output, expected):
            return kernel
    return None


def _kernels(module: nn.Module, images: Tensor, output: Tensor) -> Iterator[_Kernel]:
    """Yield the convolutions that a module's parameters may be meant for."""
    parameters, channels = _parameters(module), (output.shape[1], images.shape[1])
    for weight in parameters:
        area, rest = divmod(weight.numel(), math.prod(channels))
        side = math.isqrt(area)
        if rest or not side or side * side != area or min(images.shape[2:]) < side or weight.ndim < 2:
            continue
        others = [each for each in parameters if each is not weight]
        if others and others[0].numel() != channels[0]:
            continue
        orders = [tuple(range(weight.ndim))] if weight.shape[0] == channels[0] else []
        orders += [(1, 0)] if weight.ndim == 2 and weight.shape[1] == channels[0] else []  # the output's channels last
        shape = torch.Size((*channels, side, side))
        for order, stride, padding in product(orders, _STRIDES, sorted({side // 2, 0}, reverse=True)):
            yield _Kernel(weight, others[0] if others else None, shape, order, stride, padding)


def _statistics(module: nn.Module) -> list[Tensor]:
    """Return what may be running mean and variance, in this order; empty if there are none."""
    channels = _parameters(module)[0].numel()
    held = {**vars(module), **vars(module).get("_buffers", {})}
    found = {name: each for name, each in held.items() if isinstance(each, Tensor) and each.numel() == channels}
    if len(found) != 2:
        return []
    return [found[name] for name in sorted(found, key=lambda name: "var" in name.lower())]


def _as_norm(module: nn.Module, images: Tensor, output: Tensor, before: list[Tensor]) -> dict | None:
    """Return the parameters of the batch norm that a module has just computed, or None if it was another thing."""
    parameters = _parameters(module)
    if output.shape != images.shape or images.shape[1] != parameters[0].numel():
        return None
    statistics = _statistics(module)
    mean, variance = statistics or (None, None)
    given = {"running_mean": mean, "running_var": variance}
    settings = [value for value in vars(module).values() if isinstance(value, float)]
    for weight, bias in permutations(parameters):
        for eps in (*_EPSILONS, *settings):
            flat = weight.flatten(), bias.flatten()
            if _agrees(output, F.batch_norm(images, None, None, *flat, training=True, eps=eps)):
                # Statistics that stand still while the module trains would be of no use in evaluation.
                kept = not module.training or not statistics or _follow(statistics, before, images)
                return given | {"weight": weight, "bias": bias, "eps": eps} if kept else None
            if statistics and _agrees(
                output, F.batch_norm(images, mean.flatten(), variance.flatten(), *flat, training=False, eps=eps)
            ):
                return given | {"weight": weight, "bias": bias, "eps": eps}
    return None


def _follow(after: list[Tensor], before: list[Tensor], images: Tensor) -> bool:
    """Say whether running mean and variance came closer to the batch's."""
    batch = images.mean((0, 2, 3)), images.var((0, 2, 3))
    return all(
        (new.flatten() - wanted).norm() < (old.flatten() - wanted).norm()
        for new, old, wanted in zip(after, before, batch, strict=True)
    )


def _agrees(actual: Tensor, expected: Tensor) -> bool:
    return (actual - expected).abs().max().item() <= _TOLERANCE * max(expected.abs().max().item(), 1e-6)
