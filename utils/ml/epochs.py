"""One pass over a loader: the loop that trains, and the one that only looks."""

import torch
from torch import Tensor

from utils.ml.batches import match_targets
from utils.ml.engine import Engine
from utils.ml.errors import OptionError, TrainingError
from utils.ml.schedule import Schedule
from utils.ml.scoring import ScoreBoard

__all__ = ["train_epoch", "validate_epoch"]


def train_epoch(engine: Engine, criterion, schedule: Schedule, gradient_clip=None, track=iter) -> float:
    """Train on each batch once; return the mean loss per image."""
    engine.model.train()
    mean = LossMean("train_loader", "training")
    for images, targets in engine.batches("train_loader", track):
        predictions, targets = engine.whole_batch(engine.model(images), targets)
        loss = criterion(predictions, match_targets(targets, predictions))
        if engine.update(_with_gradient(loss), gradient_clip):
            schedule.after_batch()
        mean.add(loss, len(targets))
    return mean.compute()


@torch.no_grad()
def validate_epoch(engine: Engine, criterion, scores: ScoreBoard, track=iter) -> tuple[float, dict[str, float]]:
    """Predict each batch once; return the mean loss per image and the metrics."""
    engine.model.eval()
    scores.reset()
    mean = LossMean("val_loader", "validation")
    for images, targets in engine.batches("val_loader", track):
        predictions, targets = engine.whole_batch(engine.model(images), targets)
        targets = match_targets(targets, predictions)
        mean.add(_one_number(criterion(predictions, targets)), len(targets))
        scores.update(predictions, targets)
    return mean.compute(), scores.compute()


class LossMean:
    """The mean over images of losses that are means over batches; stops a training whose loss is no number."""

    def __init__(self, loader: str, phase: str) -> None:
        self.loader, self.phase = loader, phase
        self.total, self.image_count = 0.0, 0

    def add(self, loss: Tensor, image_count: int) -> None:
        value = loss.item()
        if not abs(value) < float("inf"):  # true for NaN as well
            raise TrainingError(
                f"The {self.phase} loss became {value}, so the training stopped. Likely causes: a learning rate that "
                "is too large; images that were normalised twice or divided by a standard deviation of 0; a logarithm "
                "of 0 or a division by 0 in the loss. The model has the weights of its best epoch again, or those it "
                "came with if there was none; make the optimiser anew before you train on."
            )
        self.total += value * image_count
        self.image_count += image_count

    def compute(self) -> float:
        if not self.image_count:
            raise OptionError(
                f"`{self.loader}` gave no batch; is its dataset empty, or smaller than a batch with drop_last=True?"
            )
        return self.total / self.image_count


def _one_number(loss: object) -> Tensor:
    if not isinstance(loss, Tensor) or loss.numel() != 1:
        seen = f"a tensor of shape {tuple(loss.shape)}" if isinstance(loss, Tensor) else f"a {type(loss).__name__}"
        raise TrainingError(f"The criterion returned {seen}; it needs to return one number as a tensor.")
    return loss


def _with_gradient(loss: object) -> Tensor:
    if not _one_number(loss).requires_grad:
        raise TrainingError(
            "The loss carries no gradient, so there is nothing to learn from. Either every parameter is frozen, or the "
            "loss is computed on values cut off from the model (`.item()`, `.detach()`, a threshold such as `> 0.5`)."
        )
    return loss
