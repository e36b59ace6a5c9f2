"""The record of a training."""

from dataclasses import dataclass, field

__all__ = ["History"]


@dataclass
class History:
    """What a training measured, epoch by epoch.

    Attributes
    ----------
    train_loss, val_loss : list of float
        Mean loss per image on the training and on the validation set.
    seconds : list of float
        How long each epoch took, validation included.
    """

    train_loss: list[float] = field(default_factory=list)
    val_loss: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    @property
    def best_epoch(self) -> int | None:
        """The first epoch, counted from 1, with the lowest validation loss; None before any has ended."""
        return self.val_loss.index(min(self.val_loss)) + 1 if self.val_loss else None

    def add(self, train_loss: float, val_loss: float, seconds: float) -> None:
        """Record one finished epoch."""
        self.train_loss.append(train_loss)
        self.val_loss.append(val_loss)
        self.seconds.append(seconds)

    def as_rows(self) -> list[dict[str, float]]:
        """Return one dictionary per epoch, as ``pandas.DataFrame`` takes them."""
        columns = zip(self.train_loss, self.val_loss, self.seconds, strict=True)
        return [
            {"epoch": epoch, "train_loss": train_loss, "val_loss": val_loss, "seconds": seconds}
            for epoch, (train_loss, val_loss, seconds) in enumerate(columns, start=1)
        ]

    def __len__(self) -> int:
        return len(self.val_loss)
