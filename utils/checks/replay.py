"""Compute a network a second time, from the student's parameters but not with the student's code.

`Replay` walks through the layers that were recorded (`utils.checks.tracing`). At each convolution it knows what should
arrive there and compares it with what did arrive, so that the first wrong step is named, not only the last number.
"""

from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from utils.checks.tracing import Convolution, LayerTrace, Norm
from utils.core.expect import Mismatch, describe, expect

__all__ = ["DEEP", "STRICT", "Replay", "explain_join", "explain_sizes", "find_inside", "is_close", "joined", "paddings"]

STRICT, DEEP = 1e-4, 2e-3
"""Largest difference that float32 rounding explains, relative to the largest value: in one block, in a deep network.

Memory layout and number of threads change the order of sums, and batch norm over few values makes that visible.
"""


def is_close(actual: object, expected: Tensor, tolerance: float = STRICT) -> bool:
    """Say whether two tensors agree up to float32 rounding."""
    if not isinstance(actual, Tensor) or actual.shape != expected.shape:
        return False
    actual, expected = actual.detach(), expected.detach()
    if not expected.numel() or actual is expected:
        return True
    scale = max(expected.abs().max().item(), 1e-6)
    # `<=` is false for NaN, as it should be.
    return (actual - expected).abs().max().item() <= tolerance * scale


def _resembles(actual: Tensor, expected: Tensor) -> bool:
    """Say whether two tensors agree well enough to guess at a cause."""
    return is_close(actual, expected, DEEP)


def paddings(image: Tensor, height: int, width: int) -> list[Tensor]:
    """Zero-pad an image to a size in every way that differs only in the sides.

    Returns
    -------
    list of Tensor
        At least one; only one if nothing is to be padded.
    """
    rows, columns = height - image.shape[-2], width - image.shape[-1]
    return [
        F.pad(image, (left, columns - left, top, rows - top))
        for top in _outside_in(rows)
        for left in _outside_in(columns)
    ]


def joined(versions: Sequence[Tensor], skip: Tensor) -> list[Tensor]:
    """Concatenate each version of an upsampled map with its skip, in both orders."""
    return [torch.cat(pair, dim=1) for each in versions for pair in ((skip, each), (each, skip))]


class Replay:
    """Recompute recorded layers in order.

    Parameters
    ----------
    trace : LayerTrace
        As recorded on the input that the replay starts from.
    training : bool
        Whether batch norms use the batch's statistics or the running ones.
    tolerance : float, default `STRICT`
        As for `is_close`.

    Raises
    ------
    Mismatch
        If the network changed its input in place.
    """

    def __init__(self, trace: LayerTrace, *, training: bool, tolerance: float = STRICT):
        expect(
            not trace.changes_input,
            "`forward` changes the tensor that it is given: an operation in place, such as `+=` or `relu_`, changes it "
            "for everybody else who computes with it.",
        )
        self.training = training
        self.tolerance = tolerance
        self._steps = trace.before
        self._convolutions = iter(trace.convolutions)
        self._norms = iter(trace.norms)

    def convolve(self, candidates: Sequence[Tensor], stage: str, problem: str | Callable[[Tensor], str]) -> Tensor:
        """Compute the next convolution on whichever candidate arrived at it.

        Parameters
        ----------
        candidates : sequence of Tensor
            Every input that counts as right.
        stage : str
            Where this is, in the student's terms.
        problem : str or callable
            What to say if none of them arrived; a callable gets what did.

        Raises
        ------
        Mismatch
            If something else arrived, or nothing is left to compute.
        """
        steps = self._steps
        layer = self._next_convolution(stage)
        for candidate in candidates:
            if is_close(layer.input, _padded_outside(layer, candidate), self.tolerance):
                return _apply(layer, candidate)
        dropout = " A dropout comes before it." if "dropout" in steps else ""
        raise Mismatch(f"{stage}: {self._explain_arrival(layer, candidates[0], problem)}{dropout}")

    def double_conv(self, candidates: Sequence[Tensor], stage: str, problem: str | Callable[[Tensor], str]) -> Tensor:
        """Compute (convolution, batch norm, ReLU) twice on whichever candidate arrived."""
        first = self.convolve(candidates, stage, problem)
        layer, norm, second_layer = self._layer, self._next_norm(stage), self._next_convolution(stage)
        middle = F.relu(self._normalise(norm, first, stage))
        if not is_close(second_layer.input, _padded_outside(second_layer, middle), self.tolerance):
            raise Mismatch(f"{stage}: {self._explain(second_layer.input, first, norm, layer.after, 'first')}")
        self._end = _apply(second_layer, middle), self._next_norm(stage), second_layer.after
        return F.relu(self._normalise(self._end[1], self._end[0], stage))

    def explain_double_conv_end(self, arrived: object) -> str:
        """Say what is wrong after the second convolution, given what arrived instead of `double_conv`'s result."""
        return self._explain(arrived, *self._end, "second")

    def _explain_arrival(self, layer: Convolution, wanted: Tensor, problem) -> str:
        seen, expected = tuple(layer.input.shape), tuple(wanted.shape)
        rows, columns = (kernel // 2 for kernel in layer.kernel)
        if not layer.transposed and seen[2:] == (expected[2] + 2 * rows, expected[3] + 2 * columns):
            inner = layer.input[:, :, rows : expected[2] + rows, columns : expected[3] + columns]
            if _resembles(inner, wanted):
                return "the border of a convolution's input is filled with something else than zeros."
        text = problem if isinstance(problem, str) else problem(layer.input)
        return f"{text} It has shape {seen}; expected {expected}." if seen != expected else text

    def _explain(self, arrived: object, convolved: Tensor, norm: Norm, steps: list[str], which: str) -> str:
        if not isinstance(arrived, Tensor):
            return f"after the {which} convolution comes {describe(arrived)}."
        arrived, convolved = arrived.detach(), convolved.detach()
        normalised = self._normalise(norm, convolved, "")
        other_mode = _batch_norm(norm, convolved, training=not self.training)
        guesses = {
            "it goes on without the ReLU": normalised,
            "it goes on without the batch norm": F.relu(convolved),
            "it goes on without batch norm and ReLU": convolved,
            "batch norm comes after ReLU, not before it": self._normalise(norm, F.relu(convolved), ""),
            self._wrong_statistics(): F.relu(other_mode),
            "a sigmoid comes after the ReLU": torch.sigmoid(F.relu(normalised)),
        }
        for guess, tensor in guesses.items():
            if _resembles(arrived, tensor):
                return f"after the {which} convolution {guess}."
        other = f"after the {which} convolution come other steps than batch norm, then ReLU."
        if steps == ["batch norm", "ReLU"]:
            return f"{other} These two are there, but something else changes the values."
        return f"{other} Seen there: {', then '.join(steps) or 'none that the check knows'}."

    def _wrong_statistics(self) -> str:
        if self.training:
            return "batch norm uses its running statistics in training mode, too, instead of the batch's"
        return "batch norm goes on using the batch's statistics in evaluation mode, instead of its running ones"

    def _normalise(self, norm: Norm, images: Tensor, stage: str) -> Tensor:
        channels = images.shape[1]
        if norm.channels != channels:
            raise Mismatch(
                f"{stage}: a batch norm of {norm.channels} channels is computed where the convolution before it puts out "
                f"{channels}; batch norm comes after its convolution."
            )
        return _batch_norm(norm, images, training=self.training)

    def _next_convolution(self, stage: str) -> Convolution:
        self._layer = next(self._convolutions, None)
        if self._layer is None:
            raise Mismatch(f"{stage}: no convolution is computed here.")
        self._steps = self._layer.after
        return self._layer

    def _next_norm(self, stage: str) -> Norm:
        norm = next(self._norms, None)
        if norm is None:
            raise Mismatch(f"{stage}: no batch norm is computed here.")
        return norm


def explain_join(arrived: Tensor, upsampled: Tensor, skip: Tensor, versions: Sequence[Tensor], asked: str) -> str:
    """Say what went wrong where an upsampled map and its skip should stand side by side.

    Parameters
    ----------
    arrived : Tensor, shape (N, C, H, W)
        What the double convolution got instead.
    upsampled, skip : Tensor
        What should have been joined.
    versions : sequence of Tensor
        The upsampled map brought to the skip's size, in every way that counts as right.
    asked : str
        That way, in a student's words.
    """
    channels, total = upsampled.shape[1], upsampled.shape[1] + skip.shape[1]
    if arrived.shape[1] != total:
        return _explain_channels(arrived, skip, versions, total)
    if arrived.shape[2:] != skip.shape[2:]:
        return "the two maps are not brought to the skip's height and width before they are concatenated."
    for below, beside in (
        (arrived[:, :channels], arrived[:, channels:]),
        (arrived[:, -channels:], arrived[:, :-channels]),
    ):
        if _resembles(beside, skip):
            return _explain_below(below, upsampled, skip, asked)
        if any(_resembles(below, version) for version in versions):
            return _explain_beside(beside, below)
    return "its double convolution gets neither the upsampled map nor the skip as they are."


def explain_sizes(trace: LayerTrace, upsampled: tuple[int, int], skip: tuple[int, int]) -> str:
    """Say why an upsampled map and its skip could not be concatenated.

    Parameters
    ----------
    trace : LayerTrace
        Of the call that failed.
    upsampled, skip : tuple of two int
        Height and width in pixels that the two have by rights, before anything is done about them.
    """
    shapes = trace.concatenated[-1] if trace.concatenated else []
    sizes = {shape[2:] for shape in shapes if len(shape) == 4}
    start = (
        f"With an upsampled map of {_pixels(upsampled)} and a skip of {_pixels(skip)} the two cannot be concatenated:"
    )
    if sizes == {upsampled, skip}:
        return f"{start} nothing brings the upsampled map to the skip's size."
    if skip not in sizes or len(sizes) != 2:
        return f"{start} one of them is {' and one '.join(map(_pixels, sorted(sizes))) or 'no map'} by then."
    (became,) = sizes - {skip}
    rows, columns = (large - small for large, small in zip(skip, upsampled, strict=True))
    if rows != columns and became == (upsampled[0] + columns, upsampled[1] + rows):
        return f"{start} the upsampled map becomes {_pixels(became)}, as if height and width were swapped."
    return f"{start} the upsampled map becomes {_pixels(became)}."


def _pixels(size: tuple[int, int]) -> str:
    return f"{size[0]}x{size[1]} pixels"


def _explain_channels(arrived: Tensor, skip: Tensor, versions: Sequence[Tensor], total: int) -> str:
    for version in versions:
        if version.shape == skip.shape and _resembles(arrived, version + skip):
            return "the upsampled map and the skip are added, not concatenated."
        if _resembles(arrived, version):
            return "its double convolution gets the upsampled map alone; the skip is not concatenated."
    if _resembles(arrived, skip):
        return "its double convolution gets the skip alone; the upsampled map is not concatenated."
    return f"its double convolution gets {arrived.shape[1]} channels; upsampled map and skip together have {total}."


def _explain_below(below: Tensor, upsampled: Tensor, skip: Tensor, asked: str) -> str:
    if not below.any():
        return "zeros stand where the upsampled map belongs."
    if _resembles(below, skip):
        return "the skip is concatenated with itself; the upsampled map is missing."
    if find_inside(below, upsampled) is not None:
        return f"the upsampled map is filled up with other values than asked for: {asked}."
    if skip.shape[2:] != upsampled.shape[2:]:
        return f"beside the skip the upsampled map does not arrive as asked for: {asked}."
    return "beside the skip stands something else than the upsampled map."


def _explain_beside(beside: Tensor, below: Tensor) -> str:
    if not beside.any():
        return "zeros stand where the skip belongs."
    if _resembles(beside, below):
        return "the upsampled map stands there twice; the skip is missing."
    return (
        "beside the upsampled map the skip does not arrive as it came in: it is another map, or was changed on the way."
    )


def find_inside(large: Tensor, small: Tensor) -> tuple[int, int] | None:
    """Return the row and column at which one map lies inside another, or None if it does not."""
    height, width = small.shape[2:]
    rows, columns = large.shape[2] - height, large.shape[3] - width
    places = ((top, left) for top in range(rows + 1) for left in range(columns + 1))
    return next((p for p in places if _resembles(large[:, :, p[0] : p[0] + height, p[1] : p[1] + width], small)), None)


def _outside_in(count: int) -> list[int]:
    # Padding around the middle and on one side only are the usual ways: try these first.
    return sorted(range(count + 1), key=lambda first: first not in (count // 2, 0, count))


def _padded_outside(layer: Convolution, images: Tensor) -> Tensor:
    """Return what arrives at a convolution whose zero padding, or part of it, is a step of its own before it."""
    if layer.transposed:
        return images
    rows, columns = (kernel // 2 - padding for kernel, padding in zip(layer.kernel, layer.padding, strict=True))
    return F.pad(images, (columns, columns, rows, rows)) if rows > 0 or columns > 0 else images


def _apply(layer: Convolution, images: Tensor) -> Tensor:
    if layer.transposed:
        return F.conv_transpose2d(images, layer.weight, layer.bias, stride=layer.stride, groups=layer.groups)
    padding = tuple(kernel // 2 for kernel in layer.kernel)
    return F.conv2d(images, layer.weight, layer.bias, layer.stride, padding, layer.dilation, layer.groups)


def _batch_norm(norm: Norm, images: Tensor, *, training: bool) -> Tensor:
    training = training or norm.running_mean is None
    statistics = (None, None) if training else (norm.running_mean, norm.running_var)
    # A norm written by hand may hold one value per channel in more than one dimension.
    tensors = (each if each is None else each.flatten() for each in (*statistics, norm.weight, norm.bias))
    return F.batch_norm(images, *tensors, training=training, eps=norm.eps)
