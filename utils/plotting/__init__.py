"""What students look at; matplotlib is loaded on first use, pyplot never.

Every `show`, `compare` and `plot` returns a matplotlib figure, which a notebook shows if it is the last expression of a
cell. Every `explore` displays pictures with controls, or a figure where no controls can work.
"""

from importlib import import_module

__all__ = [
    "compare_binary_segmentation_models",
    "explore_augmentation",
    "explore_encoder",
    "explore_predictions",
    "live_curves",
    "plot_history",
    "show_binary_segmentation_batch",
    "show_binary_segmentation_predictions",
]

_HOMES = {
    "compare_binary_segmentation_models": "segmentation",
    "explore_augmentation": "explorers",
    "explore_encoder": "explorers",
    "explore_predictions": "explorers",
    "live_curves": "live",
    "plot_history": "history",
    "show_binary_segmentation_batch": "segmentation",
    "show_binary_segmentation_predictions": "segmentation",
}


def __getattr__(name):
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted([*globals(), *__all__])
