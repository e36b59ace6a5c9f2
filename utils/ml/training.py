"""Training: the loop over epochs. What happens within one is in `epochs.py`."""

import copy
from functools import partial
from time import perf_counter

from utils.ml.display import open_curves
from utils.ml.engine import place
from utils.ml.epochs import train_epoch, validate_epoch
from utils.ml.forecast import Forecast
from utils.ml.options import check_answers, suggest_options
from utils.ml.progress import say, track
from utils.ml.record import Record
from utils.ml.schedule import Schedule
from utils.ml.scoring import ScoreBoard
from utils.ml.training_options import check_options, limit_lengths

__all__ = ["train_model"]


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
    resume=False,
    plot_loss=True,
    metrics=None,
    scheduler=None,
    scheduler_step=None,
    gradient_clip=None,
    device=None,
    mixed_precision=None,
    channels_last=None,
):
    """Train a model and return it with its best weights, those of the lowest validation loss.

    The model is changed in place and ends in evaluation mode. In training it is in training mode throughout: batch
    normalisation updates its running statistics, also in layers whose parameters are frozen, unless the model's own
    ``train()`` keeps them still. Interrupting the kernel returns the best so far. In a script started by ``accelerate
    launch`` or ``torchrun``, the processes share each batch and compute what one process would, except that each
    normalises (batch norm) and drops out by its own part of the batch.

    Parameters
    ----------
    model : Module
        Takes images (N, C, H, W).
    criterion : callable
        Loss of (predictions, targets), a mean over the batch. Masks (N, H, W) or (N, 1, H, W) of any dtype arrive as
        float masks shaped like the predictions; class numbers arrive as they are.
    optimiser : torch.optim.Optimizer
        Built from this model's parameters, in as many groups as you like.
    train_loader, val_loader : iterable of (images, targets)
        Usually a ``DataLoader``. Only the first is trained on.
    num_epochs : int
        At most so many epochs, at least 1; with `resume`, those of before included.
    early_stopping : bool, default False
        Stop once the validation loss has had no new minimum for `patience` epochs.
    patience : int, default 5
        Epochs without a new minimum; matters only with `early_stopping`.
    save_path : path, optional
        Where to write the best weights (a state dict on the CPU), at each new minimum. Beside ``unet.pt`` come, after
        each epoch, ``unet.history.csv`` and ``unet.resume.pt`` with the one before it (up to four times the size of
        the weights each).
    resume : bool, default False
        Go on where the training with this `save_path` stopped, bit by bit as if it had not; without one, start. Random
        choices go on, too, of workers and of a dataset's own generators, but not of ``persistent_workers``.
    plot_loss : bool, default True
        Display the loss curves, drawn anew after each epoch; in a notebook only.
    metrics : dict of str to callable, optional
        What to measure on the validation set beside the loss, such as ``{"dice": dice_score}`` or ``{"accuracy":
        accuracy}``: functions of the (predictions, targets) of a batch that return one value for each image, shape
        (N,), or one number; averaged over images. Or objects that see the whole set, such as `WholeSet` and those of
        torchmetrics.
    scheduler : torch.optim.lr_scheduler.LRScheduler, optional
        ``ReduceLROnPlateau`` is given the validation loss.
    scheduler_step : "epoch" or "batch", optional
        When the scheduler steps: by batch for ``OneCycleLR`` and ``CyclicLR``, by epoch for others unless told.
    gradient_clip : float, optional
        Largest norm of the gradient over all parameters.
    device : torch.device or str, optional
        Where to train; a GPU if there is one unless told.
    mixed_precision : "no", "bf16" or "fp16", optional
        What the forward pass computes in; weights stay in single precision. On a CUDA GPU the half precision that it
        is built for, elsewhere "no", unless told.
    channels_last : bool, optional
        Keep images with the channels of a pixel side by side, which convolutions on a GPU like; on CUDA GPUs only
        unless told.

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
        If the loss is not a finite number or carries no gradient, or what `resume` needs is damaged.
    """
    loaders = {"train_loader": train_loader, "val_loader": val_loader}
    check_answers(model=model, criterion=criterion, optimiser=optimiser, **loaders)
    check_options(model, criterion, optimiser, num_epochs, patience, save_path, resume, gradient_clip)
    schedule, scores = Schedule(scheduler, scheduler_step, optimiser), ScoreBoard(metrics)
    num_epochs, batch_limit, lengths = limit_lengths(num_epochs, loaders)
    schedule.check_length(num_epochs, lengths["train_loader"])
    with place(
        model, optimiser, loaders, device=device, mixed_precision=mixed_precision, channels_last=channels_last
    ) as engine:
        record = Record(save_path, engine, model, optimiser, scheduler, loaders)
        history, best_weights = record.begin(resume, num_epochs)
        model.history = history
        forecast = Forecast(num_epochs - len(history), *lengths.values())
        curves = open_curves(plot_loss, num_epochs)
        curves.start()
        try:
            for epoch in range(len(history) + 1, num_epochs + 1):
                if early_stopping and epoch - 1 - (history.best_epoch or 0) >= patience:
                    say(f"Stopped early: no lower validation loss for {patience} epochs.")
                    break
                started, label = perf_counter(), f"Epoch {epoch}/{num_epochs}"
                learning_rates = [float(group["lr"]) for group in optimiser.param_groups]
                train_bar = partial(
                    track, label=f"{label}, training", limit=batch_limit, after_batch=forecast.after_batch
                )
                val_bar = partial(track, label=f"{label}, validation", limit=batch_limit)
                train_loss = train_epoch(engine, criterion, schedule, gradient_clip, train_bar)
                val_loss, measured = validate_epoch(engine, criterion, scores, val_bar)
                schedule.after_epoch(val_loss)
                history.add(train_loss, val_loss, perf_counter() - started, measured, learning_rates)
                if history.best_epoch == epoch:
                    best_weights = copy.deepcopy(model.state_dict())
                record.write(history, best_weights)
                say(f"{label}: {history.describe(epoch)}")
                curves.update(history)
        except KeyboardInterrupt:
            if not len(history):  # a part of an epoch is worth more than none
                best_weights = copy.deepcopy(model.state_dict())
            say(record.after_interrupt(history))
        finally:
            model.load_state_dict(best_weights)
            model.eval()
    curves.finish(history)
    return model
