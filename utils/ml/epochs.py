"""One pass over a loader."""

import torch
from torch import nn

from utils.ml.batches import iterate_pairs, match_targets
from utils.ml.errors import OptionError, TrainingError
from utils.ml.progress import track

__all__ = ["run_epoch"]


def run_epoch(*, model, criterion, device, batch_limit, loader, label, optimiser=None, gradient_clip=None) -> float:
    """Go once through `loader`, training if there is an optimiser; return the mean loss per image."""
    name, phase = ("val_loader", "validation") if optimiser is None else ("train_loader", "training")
    model.train(optimiser is not None)
    total, image_count = 0.0, 0
    with torch.set_grad_enabled(optimiser is not None):
        for images, targets in iterate_pairs(track(loader, f"{label}, {phase}", batch_limit), name):
            predictions = model(images.to(device))
            loss = criterion(predictions, match_targets(targets.to(device), predictions))
            total += _finite_value(loss, phase) * len(images)
            image_count += len(images)
            if optimiser is not None:
                _update(model, loss, optimiser, gradient_clip)
    if not image_count:
        raise OptionError(f"`{name}` gave no batch; is its dataset empty, or smaller than a batch with drop_last=True?")
    return total / image_count


def _update(model, loss, optimiser, gradient_clip) -> None:
    if not loss.requires_grad:
        raise TrainingError(
            "The loss carries no gradient, so there is nothing to learn from. Either every parameter is frozen, or the "
            "loss is computed on values cut off from the model (`.item()`, `.detach()`, a threshold such as `> 0.5`)."
        )
    optimiser.zero_grad()
    loss.backward()
    if gradient_clip is not None:
        nn.utils.clip_grad_norm_(model.parameters(), gradient_clip)
    optimiser.step()


def _finite_value(loss, phase) -> float:
    if not isinstance(loss, torch.Tensor) or loss.numel() != 1:
        seen = (
            f"a tensor of shape {tuple(loss.shape)}" if isinstance(loss, torch.Tensor) else f"a {type(loss).__name__}"
        )
        raise TrainingError(f"The criterion returned {seen}; it needs to return one number as a tensor.")
    value = loss.item()
    if not abs(value) < float("inf"):  # true for NaN as well
        raise TrainingError(
            f"The {phase} loss became {value}, so the training stopped. Likely causes: a learning rate that is too "
            "large; images that were normalised twice or divided by a standard deviation of 0; a logarithm of 0 or "
            "a division by 0 in the loss. The model has the weights of its best epoch again, "
            "or those it came with if there was none; make the optimiser anew before you train on."
        )
    return value
