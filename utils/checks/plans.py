"""Compare the layers that a network computes with the layers an exercise asks for."""

from collections.abc import Sequence
from dataclasses import dataclass

from utils.checks.tracing import Convolution, LayerTrace
from utils.core.expect import expect

__all__ = ["Layer", "double_conv_plan", "expect_plan"]


@dataclass(frozen=True)
class Layer:
    """A convolution that is asked for: its channels, its square kernel in pixels, and whether it is transposed."""

    in_channels: int
    out_channels: int
    kernel: int
    transposed: bool = False

    def __str__(self) -> str:
        kind = "transposed convolution" if self.transposed else "convolution"
        return f"{kind} {self.in_channels} → {self.out_channels}, kernel {self.kernel}x{self.kernel}"


def double_conv_plan(in_channels: int, out_channels: int) -> list[Layer]:
    """Return the two convolutions of a DoubleConv."""
    return [Layer(in_channels, out_channels, 3), Layer(out_channels, out_channels, 3)]


def expect_plan(trace: LayerTrace, plan: Sequence[Layer], norm_count: int, of: str) -> None:
    """Fail unless exactly these convolutions were computed in this order, with so many batch norms.

    Parameters
    ----------
    trace : LayerTrace
    plan : sequence of Layer
    norm_count : int
    of : str
        How the student would call the network.
    """
    seen = [_as_layer(convolution) for convolution in trace.convolutions]
    for number, (actual, wanted) in enumerate(zip(seen, plan, strict=False), 1):
        expect(actual == wanted, f"{of}: layer {number} that is computed is a {actual}; expected a {wanted}.")
    expect(
        len(seen) == len(plan),
        f"{of} computes {_count(len(seen), 'convolution')} (transposed ones counted in); expected {len(plan)}."
        + (" A layer that is only defined is not computed: is each one called in `forward`?" if len(seen) < len(plan) else ""),
    )
    found = len(trace.norms)
    expect(found == norm_count, f"{of} computes {_count(found, 'batch norm')}; expected {norm_count}.")
    _expect_distinct([convolution.weight for convolution in trace.convolutions], "convolution", of)
    for attribute in ("weight", "running_mean"):
        _expect_distinct([getattr(norm, attribute) for norm in trace.norms], "batch norm", of)


def _expect_distinct(tensors: Sequence, kind: str, of: str) -> None:
    places = [id(tensor) for tensor in tensors if tensor is not None]
    expect(
        len(places) == len(set(places)),
        f"{of} uses one {kind} in two places, so both share one set of parameters; each place needs its own.",
    )


def _as_layer(convolution: Convolution) -> Layer:
    height, width = convolution.kernel
    kernel = height if height == width else (height, width)
    return Layer(convolution.in_channels, convolution.out_channels, kernel, convolution.transposed)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
