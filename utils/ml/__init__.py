"""Training, metrics and pretrained weights; each loaded on first use.

train_model            fits a model and returns it with its best weights
evaluate_segmentation  mean Dice and Jaccard over a loader, by the official ISIC convention
dice_score, jaccard_score  the same, image by image; metrics for `train_model`
accuracy, WholeSet     metrics for `train_model`: right classes, and what needs the whole set at once
prepare_weights        makes torchvision's pretrained EfficientNet-B0 and ResNet-18 available, online or not
"""

from importlib import import_module

__all__ = [
    "BatchError",
    "History",
    "MissingAnswerError",
    "OptionError",
    "SegmentationScores",
    "TrainingError",
    "WeightsFileError",
    "WeightsSource",
    "WholeSet",
    "accuracy",
    "dice_score",
    "evaluate_segmentation",
    "jaccard_score",
    "prepare_weights",
    "train_model",
]

_HOMES = {
    "BatchError": "errors",
    "History": "history",
    "MissingAnswerError": "errors",
    "OptionError": "errors",
    "SegmentationScores": "metrics",
    "TrainingError": "errors",
    "WeightsFileError": "errors",
    "WeightsSource": "weights",
    "WholeSet": "scoring",
    "accuracy": "scoring",
    "dice_score": "metrics",
    "evaluate_segmentation": "metrics",
    "jaccard_score": "metrics",
    "prepare_weights": "weights",
    "train_model": "training",
}


def __getattr__(name):
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted([*globals(), *__all__])
