"""Dice and Jaccard as the ISIC challenge computes them: image by image, then averaged."""

from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from utils.ml.batches import iterate_pairs, match_targets, predicting
from utils.ml.errors import BatchError, OptionError
from utils.ml.options import check_answers

__all__ = ["SegmentationScores", "dice_score", "evaluate_segmentation", "jaccard_score"]

# A bicubic resize overshoots [0, 1] a little; logits go far beyond.
OVERSHOOT = 0.25


@dataclass(frozen=True)
class SegmentationScores:
    """Mean scores over the images of a loader; 0 is disjoint, 1 is equal."""

    dice: float
    jaccard: float
    image_count: int

    def __repr__(self) -> str:
        return f"SegmentationScores(dice={self.dice:.4f}, jaccard={self.jaccard:.4f}, image_count={self.image_count})"

    def __str__(self) -> str:
        images = "image" if self.image_count == 1 else "images"
        return f"Dice {self.dice:.3f}, Jaccard {self.jaccard:.3f} (mean over {self.image_count} {images})"


def dice_score(predictions: Tensor, targets: Tensor, threshold: float = 0.5) -> Tensor:
    """Compute the Dice overlap of each predicted mask with its target: 2 |A and B| / (|A| + |B|).

    Parameters
    ----------
    predictions : Tensor, shape (N, 1, H, W) or (N, H, W)
        Probabilities in [0, 1], or masks.
    targets : Tensor, shape (N, 1, H, W) or (N, H, W), any dtype
        Ground truth; 1 is lesion.
    threshold : float, default 0.5
        Probabilities above it count as lesion.

    Returns
    -------
    Tensor, shape (N,)
        One score for each image, from 0 (disjoint) to 1 (equal). Two empty masks score 1.

    Raises
    ------
    BatchError
        If the shapes do not fit, or predictions are no probabilities.
    OptionError
        If the threshold is outside [0, 1].

    Examples
    --------
    >>> mask = torch.tensor([[[[1.0, 1.0], [0.0, 0.0]]]])
    >>> dice_score(mask, 1 - mask)
    tensor([0.])
    """
    intersection, predicted, true = _areas(predictions, targets, threshold)
    return _ratio(2 * intersection, predicted + true)


def jaccard_score(predictions: Tensor, targets: Tensor, threshold: float = 0.5) -> Tensor:
    """Compute the Jaccard overlap of each predicted mask with its target: |A and B| / |A or B|.

    Parameters, returned tensor and errors are those of `dice_score`.

    Examples
    --------
    >>> prediction = torch.tensor([[[0.9, 0.9, 0.1]]])
    >>> jaccard_score(prediction, torch.tensor([[[1, 0, 0]]]))
    tensor([0.5000])
    """
    intersection, predicted, true = _areas(predictions, targets, threshold)
    return _ratio(intersection, predicted + true - intersection)


def evaluate_segmentation(
    model: nn.Module,
    loader: Iterable[tuple[Tensor, Tensor]],
    threshold: float = 0.5,
    device: torch.device | str | None = None,
) -> SegmentationScores:
    """Score a model on every image of a loader by the official ISIC convention.

    The challenge compares masks at the photographs' full size; here they are compared at the loader's size. Mode and
    device of the model are as before afterwards.

    Parameters
    ----------
    model : Module
        Takes images (N, C, H, W), returns probabilities (N, 1, H, W) or (N, H, W).
    loader : iterable of (images, masks)
        Masks (N, H, W) or (N, 1, H, W) of 0 and 1.
    threshold : float, default 0.5
        Probabilities above it count as lesion.
    device : torch.device or str, optional
        Where to compute; where the model is unless told.

    Returns
    -------
    SegmentationScores
        Means over images, whatever the batch size.

    Raises
    ------
    MissingAnswerError, OptionError, BatchError
        If an object is missing, the loader is empty, or a batch does not fit.
    """
    check_answers(model=model, loader=loader)
    dice, jaccard = [], []
    with predicting(model, device) as home:
        for images, masks in iterate_pairs(loader, "loader"):
            predictions = model(images.to(home))
            dice.append(dice_score(predictions, masks.to(home), threshold))
            jaccard.append(jaccard_score(predictions, masks.to(home), threshold))
    if not dice:
        raise OptionError("`loader` gave no batch; is its dataset empty?")
    scores = torch.cat(dice)
    return SegmentationScores(scores.mean().item(), torch.cat(jaccard).mean().item(), len(scores))


def _areas(predictions: Tensor, targets: Tensor, threshold: float) -> tuple[Tensor, Tensor, Tensor]:
    """Count, image by image, the pixels that are lesion in both, in the prediction and in truth; each (N,)."""
    if not 0 <= threshold <= 1:
        raise OptionError(f"threshold needs to be from 0 to 1; got {threshold!r}.")
    targets = match_targets(targets, predictions)
    if targets.shape != predictions.shape or predictions.dim() < 2:
        raise BatchError(f"Predictions {tuple(predictions.shape)} and masks {tuple(targets.shape)} do not fit.")
    if predictions.numel():
        low, high = predictions.float().aminmax()
        if not (low >= -OVERSHOOT and high <= 1 + OVERSHOOT):  # true for NaN as well
            raise BatchError(
                f"Predictions go from {low.item():.3g} to {high.item():.3g}; probabilities lie between 0 and 1. "
                "Is the sigmoid missing?"
            )
    predicted, true = (predictions > threshold).flatten(1), (targets > 0.5).flatten(1)
    return (predicted & true).sum(1), predicted.sum(1), true.sum(1)


def _ratio(part: Tensor, whole: Tensor) -> Tensor:
    return torch.where(whole == 0, 1.0, part / whole.clamp(min=1))
