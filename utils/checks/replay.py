"""Compute a network a second time, from the student's parameters but not with the student's code.

`Replay` walks through the layers that were recorded (`utils.checks.tracing`). At each convolution it knows what should
arrive there and compares it with what did arrive, so that the first wrong step is named, not only the last number.
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from utils.checks.tracing import Convolution, LayerTrace, Norm
from utils.core.expect import Mismatch

__all__ = ["TOLERANCE", "Replay", "is_close", "paddings"]

TOLERANCE = 2e-3
"""Largest difference that float32 rounding explains, relative to the largest value."""


def is_close(actual: Tensor, expected: Tensor) -> bool:
    """Say whether two tensors agree up to float32 rounding."""
    if actual.shape != expected.shape:
        return False
    scale = max(expected.abs().max().item(), 1e-6)
    return (actual - expected).abs().max().item() <= TOLERANCE * scale


def paddings(image: Tensor, height: int, width: int) -> list[Tensor]:
    """Zero-pad an image to a size in every way that differs only in the sides.

    Returns
    -------
    list of Tensor
        At least one; only one if nothing is to be padded.
    """
    rows, columns = height - image.shape[-2], width - image.shape[-1]
    return [
        F.pad(image, (left, columns - left, top, rows - top)) for top in range(rows + 1) for left in range(columns + 1)
    ]


class Replay:
    """Recompute recorded layers in order.

    Parameters
    ----------
    trace : LayerTrace
        As recorded on the input that the replay starts from.
    training : bool
        Whether batch norms use the batch's statistics or the running ones.
    first : int, default 0
        How many convolutions to leave out at the beginning.
    """

    def __init__(self, trace: LayerTrace, *, training: bool, first: int = 0):
        self.training = training
        self._convolutions = iter(trace.convolutions[first:])
        self._norms = iter(trace.norms[first:])

    def convolve(self, candidates: Sequence[Tensor], stage: str, problem: str) -> Tensor:
        """Compute the next convolution on whichever candidate arrived at it.

        Parameters
        ----------
        candidates : sequence of Tensor
            Every input that counts as right.
        stage : str
            Where this is, in the student's terms.
        problem : str
            What to say if none of them arrived.

        Raises
        ------
        Mismatch
            If something else arrived, or nothing is left to compute.
        """
        layer = self._next_convolution(stage)
        arrived = layer.input
        for candidate in candidates:
            if is_close(arrived, candidate.detach()):
                return _apply(layer, candidate)
        seen, wanted = tuple(arrived.shape), tuple(candidates[0].shape)
        sizes = f" It has shape {seen}; expected {wanted}." if seen != wanted else ""
        raise Mismatch(f"{stage}: {problem}{sizes}")

    def double_conv(self, candidates: Sequence[Tensor], stage: str, problem: str) -> Tensor:
        """Compute (convolution, batch norm, ReLU) twice on whichever candidate arrived."""
        first = self.convolve(candidates, stage, problem)
        norm, second_layer = self._next_norm(stage), self._next_convolution(stage)
        middle = F.relu(self._normalise(norm, first))
        if not is_close(second_layer.input, middle.detach()):
            raise Mismatch(f"{stage}: {self._explain(second_layer.input, first, norm, 'first')}")
        self.last = _apply(second_layer, middle)
        self.last_norm = self._next_norm(stage)
        return F.relu(self._normalise(self.last_norm, self.last))

    def explain_double_conv_end(self, arrived: Tensor) -> str:
        """Say what is wrong after the second convolution, given what arrived instead of `double_conv`'s result."""
        return self._explain(arrived, self.last, self.last_norm, "second")

    def _explain(self, arrived: Tensor, convolved: Tensor, norm: Norm, which: str) -> str:
        normalised = self._normalise(norm, convolved)
        guesses = {
            "it goes on without the ReLU": normalised,
            "it goes on without the batch norm": F.relu(convolved),
            "it goes on without batch norm and ReLU": convolved,
            "batch norm comes after ReLU, not before it": self._normalise(norm, F.relu(convolved)),
            "the activation is a LeakyReLU, not a ReLU": F.leaky_relu(normalised),
            "the activation is a ReLU6, not a ReLU": F.relu6(normalised),
            "the activation is a GELU, not a ReLU": F.gelu(normalised),
            "the activation is a SiLU, not a ReLU": F.silu(normalised),
            "the activation is an ELU, not a ReLU": F.elu(normalised),
            "the activation is a sigmoid, not a ReLU": torch.sigmoid(normalised),
            "the activation is a tanh, not a ReLU": torch.tanh(normalised),
        }
        for guess, tensor in guesses.items():
            if is_close(arrived, tensor.detach()):
                return f"after the {which} convolution {guess}."
        return f"after the {which} convolution come other steps than batch norm, then ReLU."

    def _normalise(self, norm: Norm, images: Tensor) -> Tensor:
        training = self.training or norm.running_mean is None
        statistics = (None, None) if training else (norm.running_mean, norm.running_var)
        return F.batch_norm(images, *statistics, norm.weight, norm.bias, training=training, eps=norm.eps)

    def _next_convolution(self, stage: str) -> Convolution:
        layer = next(self._convolutions, None)
        if layer is None:
            raise Mismatch(f"{stage}: no convolution is computed here.")
        return layer

    def _next_norm(self, stage: str) -> Norm:
        norm = next(self._norms, None)
        if norm is None:
            raise Mismatch(f"{stage}: no batch norm is computed here.")
        return norm


def _apply(layer: Convolution, images: Tensor) -> Tensor:
    if layer.transposed:
        return F.conv_transpose2d(images, layer.weight, layer.bias, stride=2)
    return F.conv2d(images, layer.weight, layer.bias, padding=layer.kernel[0] // 2)
