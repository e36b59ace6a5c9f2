"""Metrics beside the loss, measured while a training looks at its validation images."""

from collections.abc import Callable, Mapping
from typing import Protocol

import torch
from torch import Tensor

from utils.ml.errors import BatchError, OptionError

__all__ = ["ScoreBoard", "WholeSet", "accuracy"]


class SetMetric(Protocol):
    """What sees the whole set before it answers; the metrics of torchmetrics are such objects."""

    def reset(self) -> None: ...
    def update(self, predictions: Tensor, targets: Tensor) -> None: ...
    def compute(self) -> float: ...


def accuracy(predictions: Tensor, targets: Tensor) -> Tensor:
    """Compute, image by image, the share of right classes.

    Parameters
    ----------
    predictions : Tensor, shape (N, C) or (N, C, H, W)
        Logits or probabilities of at least two classes; the largest counts.
    targets : Tensor, shape (N,) or (N, H, W), integers
        Class numbers from 0 to C - 1.

    Returns
    -------
    Tensor, shape (N,)
        0 or 1 for each image; with a class for each pixel, the share of its pixels that are right.

    Raises
    ------
    BatchError
        If the shapes do not fit.

    Examples
    --------
    >>> accuracy(torch.tensor([[2.0, -1.0], [0.5, 0.1]]), torch.tensor([0, 1]))
    tensor([1., 0.])
    """
    classes = predictions.shape[1] if predictions.dim() > 1 else 1
    if classes < 2 or targets.shape != predictions.shape[:1] + predictions.shape[2:]:
        raise BatchError(
            f"accuracy() takes predictions (N, C) of at least two classes and class numbers (N,); "
            f"got {tuple(predictions.shape)} and {tuple(targets.shape)}."
        )
    right = predictions.argmax(1) == targets
    return right.float().flatten(1).mean(1) if right.dim() > 1 else right.float()


class WholeSet:
    """A metric that needs all predictions at once, such as the area under the ROC curve.

    Parameters
    ----------
    function : callable
        Given all predictions and all targets as tensors on the CPU, in the loader's order; returns one number.

    Examples
    --------
    >>> largest = WholeSet(lambda predictions, targets: predictions.max())
    >>> largest.update(torch.tensor([1.0, 3.0]), torch.tensor([0, 1]))
    >>> largest.update(torch.tensor([2.0]), torch.tensor([1]))
    >>> largest.compute()
    3.0
    """

    def __init__(self, function: Callable[[Tensor, Tensor], float]) -> None:
        self.function = function
        self.reset()

    def reset(self) -> None:
        """Forget every batch."""
        self._batches: list[tuple[Tensor, Tensor]] = []

    def update(self, predictions: Tensor, targets: Tensor) -> None:
        """Keep one batch."""
        self._batches.append((predictions.detach().cpu(), targets.cpu()))

    def compute(self) -> float:
        """Return the metric of all batches since the last reset."""
        predictions, targets = (torch.cat(parts) for parts in zip(*self._batches, strict=True))
        return float(self.function(predictions, targets))


class ImageMean:
    """The mean over images of a function that scores a batch: image by image, or as one number."""

    def __init__(self, name: str, function: Callable[[Tensor, Tensor], Tensor | float]) -> None:
        self.name, self.function = name, function
        self.reset()

    def reset(self) -> None:
        self.total, self.image_count = 0.0, 0

    def update(self, predictions: Tensor, targets: Tensor) -> None:
        count = len(predictions)
        value = torch.as_tensor(self.function(predictions, targets), dtype=torch.float64)
        if value.shape not in ((), (1,), (count,)):
            raise BatchError(
                f"The metric {self.name!r} returned shape {tuple(value.shape)} for {count} images; it needs to return "
                "one number, or one for each image."
            )
        self.total += value.sum().item() if value.shape == (count,) else value.item() * count
        self.image_count += count

    def compute(self) -> float:
        return self.total / self.image_count


class ScoreBoard:
    """The metrics of a training by name.

    Raises
    ------
    OptionError
        If `metrics` is no dictionary of functions and objects with ``reset``, ``update`` and ``compute``.
    """

    def __init__(self, metrics: Mapping[str, Callable | SetMetric] | None) -> None:
        if not isinstance(metrics, (Mapping, type(None))):
            raise OptionError(f'metrics needs to be a dictionary such as {{"dice": dice_score}}; got {metrics!r}.')
        self._metrics = {name: self._record(name, metric) for name, metric in (metrics or {}).items()}

    @staticmethod
    def _record(name: str, metric: object) -> SetMetric:
        if not isinstance(name, str) or not name or name == "loss":
            raise OptionError(f"A metric's name needs to be a word other than 'loss'; got {name!r}.")
        if isinstance(metric, type):
            raise OptionError(f"The metric {name!r} is the class {metric.__name__}; make an object of it.")
        if all(callable(getattr(metric, part, None)) for part in ("reset", "update", "compute")):
            return metric
        if not callable(metric):
            raise OptionError(f"The metric {name!r} is a {type(metric).__name__}; it needs to be a function.")
        return ImageMean(name, metric)

    def reset(self) -> None:
        """Begin a new epoch."""
        for metric in self._metrics.values():
            metric.reset()

    def update(self, predictions: Tensor, targets: Tensor) -> None:
        """Take in one batch."""
        for metric in self._metrics.values():
            metric.update(predictions, targets)

    def compute(self) -> dict[str, float]:
        """Return the metrics of the epoch."""
        return {name: float(metric.compute()) for name, metric in self._metrics.items()}
