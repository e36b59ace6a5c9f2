"""What `train_model` accepts."""

from pathlib import Path

import torch
from torch import nn

from utils.ml.errors import OptionError
from utils.ml.options import check_count
from utils.ml.progress import say
from utils.settings import fast_mode

__all__ = ["check_options", "limit_lengths"]

FAST_BATCHES = 2


def check_options(model, criterion, optimiser, num_epochs, patience, save_path, resume, gradient_clip) -> None:
    """Raise `OptionError` for the first option that makes no sense."""
    check_count("num_epochs", num_epochs)
    check_count("patience", patience)
    if not isinstance(model, nn.Module):
        raise OptionError(f"`model` has to be a torch.nn.Module; got {type(model).__name__}.")
    if not callable(criterion):
        raise OptionError(f"`criterion` has to be a loss that can be called; got {type(criterion).__name__}.")
    if not isinstance(optimiser, torch.optim.Optimizer):
        raise OptionError(f"`optimiser` has to be a torch.optim.Optimizer; got {type(optimiser).__name__}.")
    if gradient_clip is not None and not _is_positive(gradient_clip):
        raise OptionError(f"gradient_clip needs to be larger than 0, or None; got {gradient_clip!r}.")
    if save_path is not None and Path(save_path).is_dir():
        raise OptionError(f"save_path needs to name a file; {str(save_path)!r} is a folder.")
    if resume and save_path is None:
        raise OptionError("resume=True needs the save_path of the training that is to go on.")
    known = {id(parameter) for parameter in model.parameters()}
    if not any(id(parameter) in known for group in optimiser.param_groups for parameter in group["params"]):
        raise OptionError("`optimiser` holds no parameter of `model`: build it from model.parameters() again.")


def limit_lengths(num_epochs: int, loaders: dict) -> tuple[int, int | None, dict[str, int | None]]:
    """Return the epochs to train, the most batches of each, and the batches of each loader; few in fast mode."""
    lengths = {name: len(loader) if hasattr(loader, "__len__") else None for name, loader in loaders.items()}
    if not fast_mode():
        return num_epochs, None, lengths
    say(f"WORKSHOP_FAST=1: one epoch of at most {FAST_BATCHES} batches, only to see that everything runs.")
    return 1, FAST_BATCHES, dict.fromkeys(lengths, FAST_BATCHES)


def _is_positive(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0
