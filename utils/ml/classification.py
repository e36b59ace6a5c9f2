"""Accuracy, confusion matrix and area under the ROC curve of a classifier with two classes.

The area is computed as what it means, so that students can read it; scikit-learn's is the reference in the tests, and
one package fewer to install.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from utils.ml.batches import iterate_pairs, predicting
from utils.ml.errors import BatchError, OptionError
from utils.ml.options import check_answers

__all__ = ["ClassificationScores", "area_under_curve", "evaluate_classification"]


@dataclass(frozen=True)
class ClassificationScores:
    """How well a classifier does on the images of a loader.

    Attributes
    ----------
    accuracy : float
        Share of the images whose most probable class is the right one.
    auc : float
        Area under the ROC curve; 0.5 is guessing, 1 is perfect. NaN if all images are of one class.
    confusion : Tensor, shape (2, 2), int64
        Images by true class (rows) and predicted class (columns).
    probabilities, labels : Tensor, shape (N,)
        Of class 1, and the true classes, in the loader's order.
    """

    accuracy: float
    auc: float
    confusion: Tensor
    probabilities: Tensor
    labels: Tensor

    def __str__(self) -> str:
        return f"AUC {self.auc:.3f}, accuracy {self.accuracy:.3f} ({len(self.labels)} images)"

    def __repr__(self) -> str:
        return f"ClassificationScores(accuracy={self.accuracy:.4f}, auc={self.auc:.4f}, images={len(self.labels)})"


def area_under_curve(scores: Tensor, labels: Tensor) -> float:
    """Return how often an image of class 1 scores higher than one of class 0; a tie counts half.

    That is the area under the ROC curve (Hanley and McNeil 1982).

    Parameters
    ----------
    scores : Tensor, shape (N,)
        The higher, the more likely class 1.
    labels : Tensor, shape (N,)
        0 or 1.

    Returns
    -------
    float
        From 0 to 1; NaN if there is no image of one of the classes.

    Examples
    --------
    >>> area_under_curve(torch.tensor([0.1, 0.4, 0.35, 0.8]), torch.tensor([0, 0, 1, 1]))
    0.75
    """
    sick, healthy = scores[labels == 1].double(), scores[labels == 0].double()
    gaps = sick[:, None] - healthy
    return ((gaps > 0).double() + 0.5 * (gaps == 0).double()).mean().item()


def evaluate_classification(model: nn.Module, dl: Iterable) -> ClassificationScores:
    """Evaluate a classifier with two classes on every image of a loader; the model is left as it was.

    Parameters
    ----------
    model : Module
        Images (N, C, H, W) to scores (N, 2), before any softmax.
    dl : iterable of (images, labels)
        Labels (N,) are 0 or 1.

    Raises
    ------
    MissingAnswerError
        If `model` or `dl` is still missing.
    BatchError, OptionError
        If a batch or the model's output has the wrong form, or there is no batch.
    """
    check_answers(model=model, dl=dl)
    probabilities, labels = [], []
    with predicting(model) as device:
        for images, some_labels in iterate_pairs(dl, "dl"):
            probabilities.append(_probabilities(model(images.to(device)), len(images)))
            labels.append(some_labels.reshape(-1).cpu().long())
    if not labels:
        raise OptionError("`dl` gave no images; is its dataset empty?")
    probabilities, labels = torch.cat(probabilities), torch.cat(labels)
    if labels.min() < 0 or labels.max() > 1:
        raise BatchError(f"Labels go from {labels.min().item()} to {labels.max().item()}; they need to be 0 and 1.")
    predicted = (probabilities > 0.5).long()
    confusion = torch.bincount(2 * labels + predicted, minlength=4).view(2, 2)
    accuracy = (predicted == labels).double().mean().item()
    return ClassificationScores(accuracy, area_under_curve(probabilities, labels), confusion, probabilities, labels)


def _probabilities(scores: object, count: int) -> Tensor:
    if not isinstance(scores, Tensor) or scores.shape != (count, 2):
        seen = f"shape {tuple(scores.shape)}" if isinstance(scores, Tensor) else f"type {type(scores).__name__}"
        raise BatchError(f"The model's output has {seen}; two classes need scores of shape ({count}, 2).")
    return scores.float().softmax(dim=1)[:, 1].cpu()
