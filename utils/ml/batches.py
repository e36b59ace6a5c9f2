"""What goes into a model and comes out of it: devices, modes, matching targets."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from utils.ml.errors import BatchError, OptionError

__all__ = ["check_output", "iterate_pairs", "match_targets", "pick_device", "predicting"]


def pick_device() -> torch.device:
    """Return the fastest device there is: a CUDA GPU, Apple's, or the processor."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


@contextmanager
def predicting(model: nn.Module, device: torch.device | str | None = None) -> Iterator[torch.device]:
    """Put `model` in evaluation mode without gradients, and leave it as it was.

    Every module gets its own mode back: one that was frozen by ``eval()`` inside a training model stays so.

    Parameters
    ----------
    model : Module
        The model; moved to `device` in the meantime.
    device : torch.device or str, optional
        Where to compute; where the model is unless told.

    Yields
    ------
    torch.device
        Where the images have to be.
    """
    if not isinstance(model, nn.Module):
        raise OptionError(f"A model has to be a torch.nn.Module; got {type(model).__name__}.")
    modes = [(module, module.training) for module in model.modules()]
    home = next((parameter.device for parameter in model.parameters()), torch.device("cpu"))
    device = home if device is None else torch.device(device)
    try:
        model.to(device).eval()
        with torch.no_grad():
            yield device
    finally:
        model.to(home)
        for module, training in modes:
            module.training = training


def iterate_pairs(batches: Iterable, name: str) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield the (images, targets) pairs of a loader; `BatchError` with the loader's `name` for anything else."""
    for batch in batches:
        pair = isinstance(batch, (tuple, list)) and len(batch) == 2
        if not pair or not all(isinstance(part, Tensor) for part in batch):
            raise BatchError(f"A batch of `{name}` needs to be a pair of tensors (images, targets).")
        yield batch[0], batch[1]


def check_output(predictions: object) -> None:
    """Raise `BatchError` if a model returned anything but a tensor."""
    if not isinstance(predictions, Tensor):
        kind = type(predictions).__name__
        raise BatchError(f"The model returned a {kind}, not a tensor; is a `return` missing in `forward`?")


def match_targets(targets: Tensor, predictions: Tensor) -> Tensor:
    """Give targets the shape and the dtype of the predictions, where both say the same thing.

    Parameters
    ----------
    targets : Tensor, shape (N, H, W) or (N, 1, H, W), any dtype
        Masks of 0 and 1. Class numbers, shape (N,) beside predictions (N, C), come back as they are.
    predictions : Tensor, shape (N, 1, H, W)
        What the model returned.

    Returns
    -------
    Tensor
        Float masks shaped like `predictions`.

    Raises
    ------
    BatchError
        If masks and predictions cover different pixels, or masks hold values beyond 0 and 1.
    """
    check_output(predictions)
    channel_is_one = predictions.dim() > 1 and predictions.shape[1] == 1
    if targets.shape == predictions.shape:
        matched = targets
    elif channel_is_one and targets.shape == predictions.shape[:1] + predictions.shape[2:]:
        matched = targets.unsqueeze(1)
    elif targets.dim() == predictions.dim() + 1 and targets.shape == predictions.unsqueeze(1).shape:
        matched = targets.squeeze(1)
    elif channel_is_one and predictions.dim() == 4:
        raise BatchError(
            f"The model's output has shape {tuple(predictions.shape)}, the masks {tuple(targets.shape)}; "
            "they need to cover the same images and pixels."
        )
    else:
        return targets
    if predictions.dim() >= 3 and matched.numel() and matched.max() > 1:
        raise BatchError(f"The masks hold values up to {matched.max().item():g}; they need to be 0 and 1.")
    return matched.to(predictions.dtype)
