"""The training loop."""

import copy
from pathlib import Path
from time import perf_counter

import torch
from torch import nn

from utils.ml.batches import pick_device
from utils.ml.checkpoints import save_checkpoint
from utils.ml.display import display_history
from utils.ml.epochs import run_epoch
from utils.ml.errors import OptionError
from utils.ml.history import History
from utils.ml.options import check_answers, check_count, suggest_options
from utils.ml.progress import say
from utils.settings import fast_mode

__all__ = ["train_model"]

FAST_BATCHES = 2


@suggest_options
def train_model(
    *,
    model,
    criterion,
    optimiser,
    train_loader,
    val_loader,
    num_epochs,
    early_stopping=False,
    patience=5,
    save_path=None,
    plot_loss=True,
    scheduler=None,
    gradient_clip=None,
    device=None,
):
    """Train a model and return it with its best weights, those of the lowest validation loss.

    The model is changed in place and ends in evaluation mode. In training it is in training mode throughout: batch
    normalisation updates its running statistics, also in layers whose parameters are frozen, unless the model's own
    ``train()`` keeps them still. Interrupting the kernel returns the best so far.

    Parameters
    ----------
    model : Module
        Takes images (N, C, H, W).
    criterion : callable
        Loss of (predictions, targets), a mean over the batch. Masks (N, H, W) or (N, 1, H, W) of any dtype arrive as
        float masks shaped like the predictions; class numbers arrive as they are.
    optimiser : torch.optim.Optimizer
        Built from this model's parameters.
    train_loader, val_loader : iterable of (images, targets)
        Usually a ``DataLoader``. Only the first is trained on.
    num_epochs : int
        At most so many epochs, at least 1.
    early_stopping : bool, default False
        Stop once the validation loss has had no new minimum for `patience` epochs.
    patience : int, default 5
        Epochs without a new minimum; matters only with `early_stopping`.
    save_path : path, optional
        Where to write the best weights (a state dict on the CPU), at each new minimum.
    plot_loss : bool, default True
        Display the loss curves afterwards, in a notebook only.
    scheduler : torch.optim.lr_scheduler.LRScheduler, optional
        Stepped after each epoch; ``ReduceLROnPlateau`` is given the validation loss.
    gradient_clip : float, optional
        Largest norm of the gradient over all parameters.
    device : torch.device or str, optional
        Where to train; a GPU if there is one unless told.

    Returns
    -------
    Module
        The same `model`; ``model.history`` is the `History` of this training.

    Raises
    ------
    TypeError
        For an unknown option; the message names the one that was probably meant.
    MissingAnswerError, OptionError, BatchError
        If an object is missing, an option makes no sense, or a batch does not fit.
    TrainingError
        If the loss is not a finite number, or carries no gradient.
    """
    check_answers(
        model=model, criterion=criterion, optimiser=optimiser, train_loader=train_loader, val_loader=val_loader
    )
    check_count("num_epochs", num_epochs)
    check_count("patience", patience)
    _check_options(model, criterion, optimiser, save_path, gradient_clip)
    device = pick_device() if device is None else torch.device(device)
    model.to(device)
    num_epochs, batch_limit = _limits(num_epochs)
    shared = {"model": model, "criterion": criterion, "device": device, "batch_limit": batch_limit}
    history = model.history = History()
    best_weights = copy.deepcopy(model.state_dict())
    try:
        for epoch in range(1, num_epochs + 1):
            started = perf_counter()
            label = f"Epoch {epoch}/{num_epochs}"
            train_loss = run_epoch(
                **shared, loader=train_loader, label=label, optimiser=optimiser, gradient_clip=gradient_clip
            )
            val_loss = run_epoch(**shared, loader=val_loader, label=label)
            history.add(train_loss, val_loss, perf_counter() - started)
            if history.best_epoch == epoch:
                best_weights = copy.deepcopy(model.state_dict())
                if save_path is not None:
                    save_checkpoint(best_weights, Path(save_path))
            _say_epoch(label, history)
            _step(scheduler, val_loss)
            if early_stopping and epoch - history.best_epoch >= patience:
                say(f"Stopped early: no lower validation loss for {patience} epochs.")
                break
    except KeyboardInterrupt:
        say(_after_interrupt(history))
        if not len(history):  # a part of an epoch is worth more than none
            best_weights = copy.deepcopy(model.state_dict())
    finally:
        model.load_state_dict(best_weights)
        model.eval()
    if plot_loss:
        display_history(history)
    return model


def _check_options(model, criterion, optimiser, save_path, gradient_clip) -> None:
    if not isinstance(model, nn.Module):
        raise OptionError(f"`model` has to be a torch.nn.Module; got {type(model).__name__}.")
    if not callable(criterion):
        raise OptionError(f"`criterion` has to be a loss that can be called; got {type(criterion).__name__}.")
    if not isinstance(optimiser, torch.optim.Optimizer):
        raise OptionError(f"`optimiser` has to be a torch.optim.Optimizer; got {type(optimiser).__name__}.")
    if gradient_clip is not None and not gradient_clip > 0:
        raise OptionError(f"gradient_clip needs to be larger than 0, or None; got {gradient_clip!r}.")
    if save_path is not None and Path(save_path).is_dir():
        raise OptionError(f"save_path needs to name a file; {str(save_path)!r} is a folder.")
    known = {id(parameter) for parameter in model.parameters()}
    if not any(id(parameter) in known for group in optimiser.param_groups for parameter in group["params"]):
        raise OptionError("`optimiser` holds no parameter of `model`: build it from model.parameters() again.")


def _limits(num_epochs) -> tuple[int, int | None]:
    if not fast_mode():
        return num_epochs, None
    say(f"WORKSHOP_FAST=1: one epoch of at most {FAST_BATCHES} batches, only to see that everything runs.")
    return 1, FAST_BATCHES


def _step(scheduler, val_loss) -> None:
    if isinstance(scheduler, torch.optim.lr_scheduler.ReduceLROnPlateau):
        scheduler.step(val_loss)
    elif scheduler is not None:
        scheduler.step()


def _say_epoch(label, history) -> None:
    mark = ", the lowest so far" if history.best_epoch == len(history) else ""
    say(
        f"{label}: training loss {history.train_loss[-1]:.4f}, "
        f"validation loss {history.val_loss[-1]:.4f}{mark} ({history.seconds[-1]:.1f} s)"
    )


def _after_interrupt(history) -> str:
    if history.best_epoch is None:
        return "Interrupted in the first epoch: the model keeps what it learned until now."
    return f"Interrupted: the model has the best weights so far, those of epoch {history.best_epoch}."
