"""When a learning-rate scheduler takes its steps."""

import torch
from torch.optim import lr_scheduler

from utils.ml.errors import OptionError

__all__ = ["Schedule"]

PER_BATCH = (lr_scheduler.OneCycleLR, lr_scheduler.CyclicLR)  # their lengths are counted in batches


class Schedule:
    """A scheduler, or none, stepped after each epoch or after each batch.

    Parameters
    ----------
    scheduler : LRScheduler or None
        ``ReduceLROnPlateau`` is given the validation loss.
    step : "epoch", "batch" or None
        None means "batch" for ``OneCycleLR`` and ``CyclicLR``, "epoch" for the others.
    optimiser : Optimizer
        The one that the scheduler has to belong to.

    Raises
    ------
    OptionError
        If they do not go together.
    """

    def __init__(self, scheduler, step, optimiser: torch.optim.Optimizer) -> None:
        if step not in (None, "epoch", "batch"):
            raise OptionError(f"scheduler_step can be 'epoch', 'batch' or None; got {step!r}.")
        self.scheduler = scheduler
        self.watches_loss = isinstance(scheduler, lr_scheduler.ReduceLROnPlateau)
        self.per_batch = step == "batch" or (step is None and isinstance(scheduler, PER_BATCH))
        if scheduler is None:
            return
        if not callable(getattr(scheduler, "step", None)) or not hasattr(scheduler, "state_dict"):
            raise OptionError(f"`scheduler` has to be one of torch.optim.lr_scheduler; got {type(scheduler).__name__}.")
        if getattr(scheduler, "optimizer", optimiser) is not optimiser:
            raise OptionError("`scheduler` belongs to another optimiser: build it from `optimiser` again.")
        if self.watches_loss and self.per_batch:
            raise OptionError(
                "ReduceLROnPlateau waits for the validation loss: its scheduler_step can only be 'epoch'."
            )

    def check_length(self, epochs: int, batches: int | None) -> None:
        """Raise `OptionError` if a one-cycle schedule would run out of steps in the middle of the training."""
        planned = getattr(self.scheduler, "total_steps", None)
        needed = epochs * (batches or 0) if self.per_batch else epochs
        if planned is not None and needed > planned:
            raise OptionError(f"`scheduler` has total_steps={planned}, but this training takes {needed} steps.")

    def after_batch(self) -> None:
        """Step a scheduler that counts batches."""
        if self.scheduler is not None and self.per_batch:
            self.scheduler.step()

    def after_epoch(self, val_loss: float) -> None:
        """Step a scheduler that counts epochs."""
        if self.watches_loss:
            self.scheduler.step(val_loss)
        elif self.scheduler is not None and not self.per_batch:
            self.scheduler.step()
