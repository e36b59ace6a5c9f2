"""Recognise a batch norm that a student wrote by hand, by its parts and by what it computes."""

import contextlib
import math
from collections.abc import Callable, Iterator
from itertools import permutations

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.parameter import is_lazy

__all__ = ["watch_own_norms"]

_TOLERANCE = 1e-4
_EPSILONS = 1e-5, 1e-3


@contextlib.contextmanager
def watch_own_norms(network: object, record: Callable[[dict], None], reject: Callable[[str], None]) -> Iterator[None]:
    """Report each call of a hand-written batch norm within a network while the block runs.

    Parameters
    ----------
    network : object
        Anything but a `torch.nn.Module` is not watched.
    record : callable
        Gets a dict with the parameters of `torch.nn.functional.batch_norm`.
    reject : callable
        Gets the class's name of a part that might have been one by its parameters, but computed another thing.
    """
    with contextlib.ExitStack() as hooks:
        for part in _candidates(network):
            before: list[Tensor] = []

            def remember(module, inputs, before=before):
                before[:] = [tensor.clone() for tensor in _statistics(module)]

            def judge(module, inputs, output, before=before):
                with torch._C.DisableTorchFunction(), torch.no_grad():  # no steps of the network's own
                    found = _recognise(module, inputs, output, before)
                record(found) if found else reject(type(module).__name__)

            for handle in (part.register_forward_pre_hook(remember), part.register_forward_hook(judge)):
                hooks.callback(handle.remove)
        yield


def _candidates(network: object) -> list[nn.Module]:
    """Return the parts that are no layers of a library, have no parts and two parameters of one value per channel."""
    parts, waiting = [], [network] if issubclass(type(network), nn.Module) else []
    while waiting:
        part = waiting.pop()
        inner = [each for each in vars(part).get("_modules", {}).values() if each is not None]
        waiting += inner
        if not inner and not type(part).__module__.startswith(("torch.", "torchvision.")):
            shapes = [() if is_lazy(parameter) else parameter.shape for parameter in _parameters(part)]
            sizes = {math.prod(shape) for shape in shapes}
            if len(shapes) == 2 and len(sizes) == 1 and all(sizes == {max(shape, default=0)} for shape in shapes):
                parts.append(part)
    return parts


def _parameters(module: nn.Module) -> list[Tensor]:
    return [each for each in vars(module).get("_parameters", {}).values() if each is not None]


def _statistics(module: nn.Module) -> list[Tensor]:
    """Return what may be running mean and variance, in this order; empty if there are none."""
    channels = _parameters(module)[0].numel()
    held = {**vars(module), **vars(module).get("_buffers", {})}
    found = {name: each for name, each in held.items() if isinstance(each, Tensor) and each.numel() == channels}
    if len(found) != 2:
        return []
    return [found[name] for name in sorted(found, key=lambda name: "var" in name.lower())]


def _recognise(module: nn.Module, inputs: tuple, output: object, before: list[Tensor]) -> dict | None:
    """Return the parameters of the batch norm that a module has just computed, or None if it was another thing."""
    images, parameters = inputs[0] if inputs else None, _parameters(module)
    if not isinstance(images, Tensor) or images.ndim != 4 or getattr(output, "shape", None) != images.shape:
        return None
    if images.shape[1] != parameters[0].numel():
        return None
    statistics = _statistics(module)
    mean, variance = statistics or (None, None)
    given = {"input": images, "running_mean": mean, "running_var": variance}
    if images.device.type == "meta":  # without numbers the parts have to do; with numbers it is judged anyway
        return given | {"weight": parameters[0], "bias": parameters[1]}
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
