"""Datasets to work on: `utils.data.download_dataset("skin lesions")`."""

from importlib import import_module

__all__ = ["DATASETS", "DatasetError", "download_dataset", "draw_sample", "prepare_images"]

HOMES = {
    "DATASETS": "registry",
    "DatasetError": "errors",
    "download_dataset": "download",
    "draw_sample": "sample",
    "prepare_images": "prepared",
}


def __getattr__(name):
    if name in HOMES:
        return getattr(import_module(f"{__name__}.{HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted([*globals(), *__all__])
