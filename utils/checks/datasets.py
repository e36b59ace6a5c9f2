"""Look into a student's dataset: its items, the files it opens, the order in which a loader reads it."""

import builtins
import contextlib
import copy
import io
import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset, IterableDataset, Subset

from utils.core.expect import Mismatch, describe, expect, expect_tensor

__all__ = [
    "as_array",
    "batch_indices",
    "expect_image_and_mask",
    "expect_loader",
    "image_files",
    "item_of",
    "length_of",
    "opened_files",
    "subset_indices",
]


def length_of(dataset, of: str) -> int:
    """Return how many samples a dataset has, or fail if it does not say."""
    expect(dataset is not None, f"{of} is None; is a `return` missing?")
    expect(
        hasattr(type(dataset), "__len__"),
        f"{of} is {describe(dataset)} without `__len__`; `len()` of it is not possible.",
    )
    return len(dataset)


def item_of(dataset, index: int, of: str) -> tuple[object, object]:
    """Return one item as (image, mask), or fail."""
    item = dataset[index]
    missing = "; is a `return` missing in `__getitem__`?" if item is None else "."
    pair = isinstance(item, tuple | list) and len(item) == 2
    expect(pair, f"{of}[{index}] is {describe(item)}, not (image, mask){missing}")
    return item[0], item[1]


def as_array(picture, of: str) -> np.ndarray:
    """Return an image or array as numpy array, or fail."""
    expect(picture is not None, f"{of} is None; is a `return` missing?")
    closed = "an image whose file was closed before it was read" if isinstance(picture, Image.Image) else None
    seen = closed or f"{describe(picture)}, not an image"
    try:
        array = np.asarray(picture)
    except Exception:  # noqa: BLE001 - whatever numpy cannot read is no picture
        raise Mismatch(f"{of} is {seen}.") from None
    expect(array.ndim >= 2, f"{of} is {seen}.")  # a closed image: Pillow 12 raises, Pillow 11 gives an array of itself
    return array


def batch_indices(loader: DataLoader, *, epoch: int = 0) -> list[list[int]]:
    """Return which samples a loader puts into each batch, without reading any.

    A copy of the loader runs over numbers in place of samples, in this process. Generators of its own are left in the
    state in which they were found.

    Parameters
    ----------
    loader : DataLoader
    epoch : int, default 0
        Which pass over the data is meant, counted from now.
    """
    expect(loader.batch_sampler is not None, "The loader makes no batches; `batch_size` is missing.")
    expect(
        not isinstance(loader.dataset, IterableDataset), "The loader reads an iterable dataset, which has no indices."
    )
    generators = [g for g in (loader.generator, getattr(loader.sampler, "generator", None)) if g is not None]
    states = [generator.get_state() for generator in generators]
    most = 3 * len(loader.dataset) + 10  # a sampler may have no end
    try:
        for _ in range(epoch + 1):
            batches = _first_batches(loader, most)
        return batches
    finally:
        for generator, state in zip(generators, states, strict=True):
            generator.set_state(state)


def subset_indices(dataset: Dataset) -> list[int] | None:
    """Return which samples of the innermost dataset a `Subset` reads, or None if it is none.

    Subclasses count as none: they may read something else than their indices say.
    """
    if type(dataset) is not Subset:
        return None
    inner = subset_indices(dataset.dataset)
    own = [int(index) for index in dataset.indices]
    return own if inner is None else [inner[index] for index in own]


def image_files(files: list[Path]) -> list[Path]:
    """Return those of the opened files that are images, not masks."""
    return [path for path in files if path.suffix.lower() in (".jpg", ".jpeg")]


@contextlib.contextmanager
def opened_files(*, blank: bool = False) -> Iterator[list[Path]]:
    """Record which files are opened by Python, PIL, OpenCV or torchvision in a block, however they were imported.

    Parameters
    ----------
    blank : bool, default False
        Let PIL and OpenCV serve small meaningless images where that is possible, so that a large folder is read in no time.

    Yields
    ------
    list of Path
        Grows as files are opened; the same file may occur several times.
    """
    import cv2
    import torchvision.io

    files: list[Path] = []

    def watch(place, name, small=None):
        original = getattr(place, name)

        def opener(file, *args, **kwargs):
            path = _path(file)
            if path is not None:
                files.append(path)
            return small(path, *args) if blank and small and path else original(file, *args, **kwargs)

        setattr(place, name, opener)
        return place, name, original

    half = np.repeat(np.uint8([0, 255]), 32)[:, None].repeat(64, axis=1)

    def small_image(path, *args):
        return Image.fromarray(half).convert("RGB" if image_files([path]) else "L")

    def small_array(path, flags=cv2.IMREAD_COLOR, *args):
        return half.copy() if flags == cv2.IMREAD_GRAYSCALE else np.stack([half] * 3, axis=-1)

    patched = [watch(Image, "open", small_image), watch(cv2, "imread", small_array)]
    patched += [watch(torchvision.io.image, "read_file"), watch(torchvision.io, "read_file")]
    patched += [watch(builtins, "open"), watch(io, "open")]
    try:
        yield files
    finally:
        for place, name, original in reversed(patched):
            setattr(place, name, original)


def expect_loader(loader, of: str) -> None:
    """Fail unless `loader` is a DataLoader."""
    # type() rather than isinstance(): an object may lie about its class.
    expect(issubclass(type(loader), DataLoader), f"`{of}` is {describe(loader)}, not a DataLoader.")


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


class _Numbers(Dataset):
    """As many pairs of tensors as a dataset has samples, each filled with its own index."""

    def __init__(self, count: int):
        self.count = count

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index):
        if not 0 <= index < self.count:
            raise IndexError(index)
        return torch.full((3, 2, 2), float(index)), torch.full((1, 2, 2), float(index))


def _first_batches(loader: DataLoader, most: int) -> list[list[int]]:
    try:
        return list(itertools.islice(_numbers_through(loader), most))
    except Exception:  # noqa: BLE001 - a `collate_fn` of the student's may want other samples than numbers
        return [[int(index) for index in batch] for batch in itertools.islice(loader.batch_sampler, most)]


def _numbers_through(loader: DataLoader) -> Iterator[list[int]]:
    probe = copy.copy(loader)
    here = {"num_workers": 0, "prefetch_factor": None, "persistent_workers": False, "pin_memory": False, "timeout": 0}
    for name, value in {"dataset": _Numbers(len(loader.dataset)), "_iterator": None, **here}.items():
        object.__setattr__(probe, name, value)  # DataLoader itself forbids it
    for batch in probe:
        yield [int(number) for number in batch[0].flatten(1)[:, 0]]


def _path(file) -> Path | None:
    file = getattr(file, "name", file)
    return Path(os.fsdecode(file)) if isinstance(file, str | bytes | os.PathLike) else None
