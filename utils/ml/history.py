"""The record of a training."""

import csv
from dataclasses import dataclass, field
from math import isnan, nan
from pathlib import Path

from utils.ml.files import write_whole

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
    metrics : dict of str to list of float
        The metrics that ``train_model`` was given, on the validation set; nan for an epoch that did not measure one.
    learning_rates : list of list of float
        At the start of each epoch, one for each of the optimiser's parameter groups.
    """

    train_loss: list[float] = field(default_factory=list)
    val_loss: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    metrics: dict[str, list[float]] = field(default_factory=dict)
    learning_rates: list[list[float]] = field(default_factory=list)

    @property
    def best_epoch(self) -> int | None:
        """The first epoch, counted from 1, with the lowest validation loss; None before any has ended."""
        return self.val_loss.index(min(self.val_loss)) + 1 if self.val_loss else None

    def add(self, train_loss: float, val_loss: float, seconds: float, metrics=None, learning_rates=None) -> None:
        """Record one finished epoch."""
        self.train_loss.append(train_loss)
        self.val_loss.append(val_loss)
        self.seconds.append(seconds)
        metrics = metrics or {}
        for name in list(self.metrics | metrics):  # a resumed training may measure others
            values = self.metrics.setdefault(name, [nan] * (len(self) - 1))
            values.append(metrics.get(name, nan))
        if learning_rates is not None:
            self.learning_rates.append(learning_rates)

    def as_rows(self) -> list[dict[str, float]]:
        """Return one dictionary per epoch, as ``pandas.DataFrame`` takes them.

        Metrics are called ``val_<name>``; the learning rate is ``learning_rate``, or ``learning_rate_0``,
        ``learning_rate_1`` and so on where the optimiser has several parameter groups.
        """
        columns = {"epoch": range(1, len(self) + 1), "train_loss": self.train_loss, "val_loss": self.val_loss}
        columns |= {f"val_{name}": values for name, values in self.metrics.items()}
        if self.learning_rates:
            groups = list(zip(*self.learning_rates, strict=True))
            names = ["learning_rate"] if len(groups) == 1 else [f"learning_rate_{i}" for i in range(len(groups))]
            columns |= dict(zip(names, groups, strict=True))
        columns["seconds"] = self.seconds
        return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]

    def describe(self, epoch: int) -> str:
        """Say in one line what an epoch, counted from 1, has brought."""
        earlier = self.val_loss[: epoch - 1]
        mark = " (the lowest so far)" if not earlier or self.val_loss[epoch - 1] < min(earlier) else ""
        measured = {name: values[epoch - 1] for name, values in self.metrics.items() if not isnan(values[epoch - 1])}
        metrics = "".join(f", {name} {value:.4f}" for name, value in measured.items())
        return (
            f"training loss {self.train_loss[epoch - 1]:.4f}, validation loss {self.val_loss[epoch - 1]:.4f}{mark}"
            f"{metrics} ({self.seconds[epoch - 1]:.1f} s)"
        )

    def write_csv(self, path: str | Path) -> None:
        """Write the rows to a file that ``pandas.read_csv`` and spreadsheets read; it is there whole or not at all."""
        rows = self.as_rows()

        def write(partial: Path) -> None:
            with partial.open("w", newline="", encoding="utf-8") as file:
                table = csv.DictWriter(file, list(rows[0]) if rows else ["epoch"])
                table.writeheader()
                table.writerows(rows)

        write_whole(Path(path), write)

    def __len__(self) -> int:
        return len(self.val_loss)
