"""What students look at; matplotlib is loaded on first use, pyplot never.

Every function returns a matplotlib figure, which a notebook shows if it is the last expression of a cell.
"""

from importlib import import_module

__all__ = [
    "compare_binary_segmentation_models",
    "plot_confusion",
    "plot_fractions",
    "plot_history",
    "show_binary_segmentation_batch",
    "show_binary_segmentation_predictions",
    "show_grey_images",
]

_HOMES = {
    "compare_binary_segmentation_models": "segmentation",
    "plot_confusion": "classification",
    "plot_fractions": "classification",
    "plot_history": "history",
    "show_binary_segmentation_batch": "segmentation",
    "show_binary_segmentation_predictions": "segmentation",
    "show_grey_images": "classification",
}


def __getattr__(name):
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted([*globals(), *__all__])
