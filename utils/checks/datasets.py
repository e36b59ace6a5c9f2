"""Look into a student's dataset: its items, the files it opens, the order in which a loader reads it."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from torch.utils.data import DataLoader, Dataset, Subset

from utils.core.expect import Mismatch, describe, expect, expect_tensor

__all__ = ["as_array", "batch_indices", "item_of", "length_of", "opened_files", "subset_indices"]


def length_of(dataset, of: str) -> int:
    """Return how many samples a dataset has, or fail if it does not say."""
    expect(hasattr(dataset, "__len__"), f"{of} is {describe(dataset)}; it has no length.")
    return len(dataset)


def item_of(dataset, index: int, of: str) -> tuple[object, object]:
    """Return one item as (image, mask), or fail."""
    item = dataset[index]
    missing = "; is a `return` missing in `__getitem__`?" if item is None else "."
    expect(type(item) in (tuple, list) and len(item) == 2, f"{of}[{index}] is {describe(item)}, not (image, mask){missing}")
    return item[0], item[1]


def as_array(picture, of: str) -> np.ndarray:
    """Return an image or array as numpy array, or fail."""
    expect(picture is not None, f"{of} is None; is a `return` missing?")
    try:
        array = np.asarray(picture)
    except Exception:  # noqa: BLE001 - whatever numpy cannot read is no picture
        raise Mismatch(f"{of} is {describe(picture)}, not an image.") from None
    expect(array.ndim >= 2, f"{of} is {describe(picture)}, not an image.")
    return array


def batch_indices(loader: DataLoader) -> list[list[int]]:
    """Return which samples a loader puts into each batch, without reading any.

    A generator of the loader's own is left in the state in which it was found.
    """
    expect(loader.batch_sampler is not None, "The loader makes no batches; `batch_size` is missing.")
    generators = [g for g in (loader.generator, getattr(loader.sampler, "generator", None)) if g is not None]
    states = [generator.get_state() for generator in generators]
    try:
        return [[int(index) for index in batch] for batch in loader.batch_sampler]
    finally:
        for generator, state in zip(generators, states, strict=True):
            generator.set_state(state)


def subset_indices(dataset: Dataset) -> list[int] | None:
    """Return which samples of the innermost dataset a `Subset` reads, or None if it is none."""
    if not isinstance(dataset, Subset):
        return None
    inner = subset_indices(dataset.dataset)
    own = [int(index) for index in dataset.indices]
    return own if inner is None else [inner[index] for index in own]


@contextlib.contextmanager
def opened_files(*, blank: bool = False) -> Iterator[list[Path]]:
    """Record which image files are opened by PIL, OpenCV or torchvision in a block.

    Parameters
    ----------
    blank : bool, default False
        Serve small empty images instead of reading the files, so that a large folder is read in no time.

    Yields
    ------
    list of Path
        Grows as files are opened.
    """
    import cv2
    import torchvision.io
    from PIL import Image

    files: list[Path] = []

    def watch(place, name, empty):
        original = getattr(place, name)

        def opener(file, *args, **kwargs):
            path = Path(str(getattr(file, "name", file)))
            files.append(path)
            return empty(path) if blank and empty else original(file, *args, **kwargs)

        setattr(place, name, opener)
        return place, name, original

    def empty_image(path):
        return Image.new("RGB" if path.suffix.lower() in (".jpg", ".jpeg") else "L", (64, 64))

    def empty_array(path):
        return np.zeros((64, 64, 3), np.uint8)

    patched = [watch(Image, "open", empty_image), watch(cv2, "imread", empty_array)]
    patched += [watch(torchvision.io, name, None) for name in ("read_image", "read_file", "decode_image")]
    try:
        yield files
    finally:
        for place, name, original in patched:
            setattr(place, name, original)


def expect_loader(loader, of: str) -> None:
    """Fail unless `loader` is a DataLoader."""
    expect(isinstance(loader, DataLoader), f"`{of}` is {describe(loader)}, not a DataLoader.")


def expect_image_and_mask(image, mask, side: int, of: str) -> None:
    """Fail unless an item is an image of shape (3, side, side) and a mask of (side, side) or (1, side, side)."""
    expect_tensor(image, f"the image of {of}")
    expect_tensor(mask, f"the mask of {of}")
    shape, mask_shape = tuple(image.shape), tuple(mask.shape)
    expect(shape == (3, side, side), f"the image of {of} has shape {shape}; expected {(3, side, side)}.")
    expect(
        mask_shape in ((side, side), (1, side, side)),
        f"the mask of {of} has shape {mask_shape}; expected {(side, side)} or {(1, side, side)}.",
    )
