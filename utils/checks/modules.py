"""Build a student's module for a check and give its parameters values that tell layers apart."""

import copy
import math
from functools import cache

import torch
from torch import Tensor, nn
from torch.nn.modules.module import register_module_parameter_registration_hook
from torch.overrides import TorchFunctionMode

from utils.checks.tracing import LayerTrace, record_layers
from utils.core.expect import Mismatch, describe, expect, expect_tensor

__all__ = [
    "build",
    "expect_separate",
    "explain_unset_flag",
    "is_trainable",
    "output_of",
    "parameters_of",
    "random_images",
    "randomise",
    "submodules_of",
]

_LARGE = 100_000
"""Number of values from which on drawing them one by one takes longer than it is worth."""


def build(factory, *arguments, of: str) -> nn.Module:
    """Build a module from a student's class and bring it to a known state: CPU, float32, training mode.

    A module that shares parameters with one that existed before is copied, so that a check changes nothing of the
    student's.

    Parameters
    ----------
    factory : callable
        The student's class.
    *arguments : object
        Passed by position, because parameter names are free.
    of : str
        How the student would write the call.

    Raises
    ------
    Mismatch
        If it cannot be called or returns no module.
    """
    name = of.partition("(")[0]
    expect(callable(factory), f"`{name}` is {describe(factory)}, not a class.")
    expect(
        not isinstance(factory, nn.Module),
        f"`{name}` is a finished module, not a class: the check builds its own with `{of}`.",
    )
    made: set[int] = set()
    with _note_new_parameters(made), _QuickInitialisation():
        module = factory(*arguments)
    if not issubclass(type(module), nn.Module):
        raise Mismatch(f"`{of}` gives {describe(module)}; it should be a `torch.nn.Module`.")
    if "_modules" not in vars(module):
        raise Mismatch(f"`{of}` gives an unfinished module: `super().__init__()` has to come first in `__init__`.")
    if not {id(parameter) for parameter in parameters_of(module)} <= made:
        module = copy.deepcopy(module)
    module.to(device="cpu", dtype=torch.float32)
    module.train()
    return module


def expect_separate(factory, *arguments, of: str) -> None:
    """Fail if two modules of a student's class share trainable parameters: training one would change the other.

    Parameters
    ----------
    factory, *arguments, of
        As for `build`.
    """
    with _QuickInitialisation():
        modules = [factory(*arguments) for _ in range(2)]  # both alive, or the second might get the first one's ids
    first, second = (
        {id(parameter) for parameter in parameters_of(module) if is_trainable(parameter)} for module in modules
    )
    expect(
        not first & second,
        f"Two modules made by `{of}` share parameters, so that training one changes the other, too: layers are kept in "
        "the class, in a cache or in a global variable. Make them anew in `__init__`.",
    )


def output_of(module, *inputs: Tensor, of: str) -> Tensor:
    """Call a module and return its output as a plain tensor that keeps its gradient.

    Raises
    ------
    Mismatch
        If it puts out anything but a tensor; `of` is how the student would call the output.
    """
    output = record_layers(module, *inputs).output
    expect_tensor(output, of)
    return output


def submodules_of(module: nn.Module) -> list[nn.Module]:
    """Return a module and everything registered below it, each once, even if it overrides `modules()`."""
    found: dict[int, nn.Module] = {}
    waiting = [module]
    while waiting:
        each = waiting.pop()
        if each is not None and id(each) not in found:
            found[id(each)] = each
            waiting += reversed(vars(each).get("_modules", {}).values())
    return list(found.values())


def parameters_of(module: nn.Module) -> list[nn.Parameter]:
    """Return every registered parameter, each once, even if the module overrides `parameters()`."""
    found = {}
    for each in submodules_of(module):
        found |= {id(p): p for p in vars(each).get("_parameters", {}).values() if p is not None}
    return list(found.values())


def is_trainable(parameter: Tensor) -> bool:
    """Say whether a parameter takes a gradient, whatever its class says about itself."""
    with torch._C.DisableTorchFunctionSubclass():
        return Tensor.requires_grad.__get__(parameter)


def explain_unset_flag(module: nn.Module) -> str:
    """Say where `requires_grad` was written to if not into the parameters; empty if nothing tells.

    Parameters
    ----------
    module : nn.Module
        Whose parameters should have been frozen or unfrozen, and were not.
    """
    attributes = {name for parameter in parameters_of(module) for name in vars(parameter) if "grad" in name}
    if "requires_grad_" in attributes:
        return "Their method `requires_grad_` was overwritten with a value; it has to be called."
    if attributes:
        names = " and ".join(f"`{name}`" for name in sorted(attributes))
        return f"They got a new attribute, {names}, which nobody reads: look at the spelling."
    if any("grad" in name for each in submodules_of(module) for name in vars(each)):
        return "The attribute was set on a module, where nobody reads it; it belongs to each parameter."
    return ""


def randomise(trace: LayerTrace) -> None:
    """Overwrite the recorded parameters with random ones that keep signals alive and make every layer matter.

    Norm scales reach beyond 2, so that a bounded activation such as ReLU6 shows; running statistics are random too.
    """
    with torch.no_grad():
        for convolution in trace.convolutions:
            reach = math.prod(convolution.kernel) if not convolution.transposed else 1
            _fill_normal(convolution.weight, (2 / (convolution.in_channels * reach)) ** 0.5)
            if convolution.bias is not None:
                _fill_normal(convolution.bias, 0.3)
        for norm in trace.norms:
            _fill(norm.weight, 0.5, 3.0)
            _fill(norm.bias, -0.5, 1.0)
            _fill(norm.running_mean, -0.5, 0.5)
            _fill(norm.running_var, 0.5, 2.0)


def random_images(count: int, channels: int, height: int, width: int) -> Tensor:
    """Draw random images, shape (count, channels, height, width), values around 0 with a spread of about 1."""
    return torch.randn(count, channels, height, width)


def _fill(tensor: Tensor | None, low: float, high: float) -> None:
    if tensor is not None:
        tensor.uniform_(low, high)


def _fill_normal(tensor: Tensor, std: float) -> None:
    if tensor.numel() < _LARGE or not _tile(tensor, _normal_supply(), std):
        tensor.normal_(std=std)


def _tile(tensor: Tensor, supply: Tensor, scale: float) -> bool:
    """Fill a large tensor from a supply of random numbers; say whether that was possible."""
    if not tensor.is_contiguous() or tensor.device.type != "cpu" or tensor.dtype != supply.dtype:
        return False
    flat, start = tensor.view(-1), int(torch.randint(len(supply), ()))
    for begin in range(-start, flat.numel(), len(supply)):
        part = flat[max(begin, 0) : begin + len(supply)]
        torch.mul(supply[max(-begin, 0) :][: len(part)], scale, out=part)
    return True


@cache
def _normal_supply() -> Tensor:
    # A prime number of values, so that no two rows of a weight get the same ones.
    return torch.randn(1_000_003, generator=torch.Generator().manual_seed(2015))


@cache
def _uniform_supply() -> Tensor:
    return torch.rand(1_000_003, generator=torch.Generator().manual_seed(2015)) * 2 - 1


class _QuickInitialisation(TorchFunctionMode):
    """Serve torch's default initialisation of large layers from a supply of random numbers drawn once."""

    def __torch_function__(self, function, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        if function is nn.init.kaiming_uniform_ and not args and self._serve_uniform(**kwargs):
            return kwargs["tensor"]
        if function is Tensor.normal_ and self._serve_normal(*args, **kwargs):
            return args[0]
        return function(*args, **kwargs)

    def _serve_normal(self, tensor, mean=0.0, std=1.0, **others) -> bool:
        with torch.no_grad():
            return mean == 0 and tensor.numel() >= _LARGE and _tile(tensor, _normal_supply(), std)

    def _serve_uniform(self, tensor, a=0, mode="fan_in", nonlinearity="leaky_relu", **others) -> bool:
        if tensor.numel() < _LARGE or mode != "fan_in" or nonlinearity != "leaky_relu":
            return False
        bound = math.sqrt(6 / ((1 + a**2) * tensor[0].numel()))
        with torch.no_grad():
            return _tile(tensor, _uniform_supply(), bound)


class _note_new_parameters:  # noqa: N801 - used like a function
    """Collect the ids of parameters that are registered anywhere while a module is being built."""

    def __init__(self, made: set[int]):
        self.made = made

    def __enter__(self):
        def note(module, name, parameter):
            self.made.add(id(parameter))

        self.handle = register_module_parameter_registration_hook(note)

    def __exit__(self, *error):
        self.handle.remove()
