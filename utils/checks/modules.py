"""Build a student's module for a check and give its parameters values that tell layers apart."""

import torch
from torch import Tensor, nn

from utils.checks.tracing import LayerTrace
from utils.core.expect import Mismatch, describe, expect

__all__ = ["build", "build_without_numbers", "randomise", "random_images"]


def build(factory, *arguments, of: str) -> nn.Module:
    """Build a module from a student's class and bring it to a known state: CPU, float32, training mode.

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
    expect(callable(factory), f"`{of.partition('(')[0]}` is {describe(factory)}, not a class.")
    module = factory(*arguments)
    if not isinstance(module, nn.Module):
        raise Mismatch(f"`{of}` gives {describe(module)}; it should be a `torch.nn.Module`.")
    module.to(device="cpu", dtype=torch.float32)
    module.train()
    return module


def build_without_numbers(factory, *arguments, of: str) -> tuple[nn.Module, torch.device]:
    """Build a module on the meta device, where only shapes are computed, or on the CPU if it cannot be built there.

    Returns
    -------
    nn.Module, torch.device
        The module and where its inputs have to lie.
    """
    try:
        with torch.device("meta"):
            module = factory(*arguments)
            module.train()
        return module, torch.device("meta")
    except Exception:  # noqa: BLE001 - whatever student code cannot do on meta, the CPU decides about
        return build(factory, *arguments, of=of), torch.device("cpu")


def randomise(trace: LayerTrace) -> None:
    """Overwrite the recorded parameters with random ones that keep signals alive and make every layer matter.

    Norm scales reach beyond 2, so that a bounded activation such as ReLU6 shows; running statistics are random too.
    """
    with torch.no_grad():
        for convolution in trace.convolutions:
            reach = convolution.kernel[0] * convolution.kernel[1] if not convolution.transposed else 1
            convolution.weight.normal_(std=(2 / (convolution.in_channels * reach)) ** 0.5)
            if convolution.bias is not None:
                convolution.bias.normal_(std=0.3)
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
