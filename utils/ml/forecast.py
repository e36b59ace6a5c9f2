"""How long a training will take, said after its first batches."""

from time import perf_counter

from utils.ml.progress import format_seconds

__all__ = ["Forecast"]

FIRST, LAST = 1, 5  # batches between which the clock runs: the first one also starts workers and kernels
VALIDATION_COST = 0.5  # of a training batch: it is loaded all the same, but has no backward pass
WORTH_SAYING_SECONDS = 10


class Forecast:
    """Judge the duration of a training by its first batches; speak once.

    Parameters
    ----------
    epochs : int
        Still to go, the running one included.
    train_batches, val_batches : int or None
        Of each epoch; None where a loader has no length, and nothing is foretold.
    """

    def __init__(self, epochs: int, train_batches: int | None, val_batches: int | None) -> None:
        self.batches = None
        if train_batches is not None and val_batches is not None:
            self.batches = epochs * (train_batches + VALIDATION_COST * val_batches)
        self.epochs, self.per_epoch = epochs, train_batches
        self.count = 0

    def after_batch(self) -> str | None:
        """Note that a training batch is done; return the forecast once it can be made."""
        self.count += 1
        if self.count == FIRST:
            self.started = perf_counter()
        last = min(LAST, self.per_epoch or LAST)
        if self.count != last or last <= FIRST or self.batches is None:
            return None
        seconds = (perf_counter() - self.started) / (last - FIRST) * self.batches
        if seconds < WORTH_SAYING_SECONDS:
            return None
        epochs = f"{self.epochs} epochs" if self.epochs > 1 else "the epoch"
        return f"About {format_seconds(seconds)} for {epochs}, judging by the first {last} batches."
