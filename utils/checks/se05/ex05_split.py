"""Exercise 5: training and validation split."""

import copy
from numbers import Integral

import albumentations as A
import numpy as np
import torch
from PIL import Image

from utils.checks.datasets import (
    batch_indices, expect_image_and_mask, expect_loader, item_of, length_of, opened_files, subset_indices,
)
from utils.core.exercise import Exercise, criterion
from utils.core.expect import describe, expect, plain_tensor

TRAIN_SHARE, BATCH_SIZE, SIDE = 0.8, 16, 64
LOOKS, PROBED = 6, 3  # how often each of a few samples is read; augmentation repeats itself with chance below 1e-6
SAME_IMAGE = 0.06  # in normalised units; JPEG decoders differ by less


@criterion(
    points=1,
    hints=(
        "Which of the two sizes is computed from the other?",
        "Take 80 % of the length as a whole number; the rest is the difference, so that both add up.",
    ),
)
def sizes_add_up(full_ds, train_size, valid_size):
    """`train_size` and `valid_size` are 80 % and 20 % of `full_ds`, whole numbers that add up to its length."""
    count = length_of(full_ds, "`full_ds`")
    for name, size in (("train_size", train_size), ("valid_size", valid_size)):
        whole = isinstance(size, Integral) and not isinstance(size, bool)
        expect(whole, f"`{name}` is {describe(size)}; expected a whole number.")
    total = int(train_size) + int(valid_size)
    expect(total == count, f"`train_size` + `valid_size` is {total}; `full_ds` has {count} samples.")
    expect(
        abs(int(train_size) - TRAIN_SHARE * count) <= 1,
        f"`train_size` is {int(train_size)} of {count} samples, {int(train_size) / count:.0%}; expected 80 %.",
    )


@criterion(
    points=3,
    hints=(
        "Take the samples of `train_ds` and `valid_ds` together: is each one there, and none in both?",
        "Shuffle all indices once, cut the list in two, and use each part once; `random_split` does so, too.",
    ),
)
def splits_without_overlap(full_ds, train_ds, valid_ds, train_size, valid_size):
    """`train_ds` and `valid_ds` share no sample, lose none, have the sizes asked for, and are drawn at random."""
    for name, dataset, size in (("train_ds", train_ds, train_size), ("valid_ds", valid_ds, valid_size)):
        found = length_of(dataset, f"`{name}`")
        expect(found == size, f"`{name}` has {found} samples; `{name[:5]}_size` says {size}.")
    train, valid, everything = _identities(train_ds, valid_ds, full_ds)
    shared = set(train) & set(valid)
    expect(not shared, f"{len(shared)} samples are in `train_ds` and in `valid_ds`; a model would be tested on what it saw.")
    expect(len(set(train)) == len(train), "A sample is in `train_ds` more than once.")
    expect(len(set(valid)) == len(valid), "A sample is in `valid_ds` more than once.")
    lost = set(everything) - set(train) - set(valid)
    expect(not lost, f"{len(lost)} samples of `full_ds` are in neither part.")
    places = sorted(everything.index(sample) for sample in valid)
    steps = set(np.diff(places).tolist())
    expect(len(steps) > 1, "The validation samples follow a fixed pattern (such as the last 20 %); draw them at random.")


@criterion(
    points=2,
    hints=(
        "Read the same sample of `valid_ds` twice: should it look the same?",
        "`valid_ds` takes its indices from the split, but reads through a dataset built with `valid_img_ts`.",
    ),
)
def augments_training_only(full_ds, train_ds, valid_ds, valid_img_ts):
    """Training samples are augmented; validation samples are read through `valid_img_ts`, the same each time."""
    for name, dataset in (("full_ds", full_ds), ("train_ds", train_ds)):
        looks = _looks(dataset, name)
        expect(
            any(not torch.equal(look, views[0]) for views in looks for look in views),
            f"A sample of `{name}` looks the same each time it is read; it should go through `train_img_ts`.",
        )
    for views in _looks(valid_ds, "valid_ds"):
        expect(
            all(torch.equal(look, views[0]) for look in views),
            "A sample of `valid_ds` looks different each time it is read: validation images are augmented, so the "
            "validation loss would change from one epoch to the next for no reason of the model's.",
        )
    _expect_validation_transform(valid_ds, valid_img_ts)


@criterion(
    points=2,
    hints=(
        "Which of the two loaders shuffles, and may the other leave samples out?",
        "Both take batches of 16; `train_dl` shuffles `train_ds`, `valid_dl` reads `valid_ds` in order, to its end.",
    ),
)
def loads_in_batches(train_dl, valid_dl, train_ds, valid_ds):
    """`train_dl` and `valid_dl` load batches of 16, the first shuffled, the second in order with every sample."""
    for name, loader, dataset in (("train_dl", train_dl, train_ds), ("valid_dl", valid_dl, valid_ds)):
        expect_loader(loader, name)
        expect(_reads(loader.dataset, dataset), f"`{name}` does not read `{name[:5]}_ds`.")
        batches = batch_indices(loader)
        size = len(batches[0]) if batches else 0
        wanted = min(BATCH_SIZE, len(dataset))
        expect(size == wanted, f"The batches of `{name}` hold {size} samples; expected {wanted}.")
    valid = [index for batch in batch_indices(valid_dl) for index in batch]
    expect(valid == sorted(valid), "`valid_dl` is shuffled; validation reads its samples in order.")
    expect(valid == list(range(len(valid_ds))), f"`valid_dl` reads {len(valid)} of {len(valid_ds)} samples.")
    train = [index for batch in batch_indices(train_dl) for index in batch]
    expect(train != sorted(train), "`train_dl` is not shuffled; the model would see the samples in the same order each epoch.")
    expect(len(set(train)) == len(train), "`train_dl` reads some samples more than once in an epoch.")
    expect(len(train) > len(train_ds) - BATCH_SIZE, f"`train_dl` reads {len(train)} of {len(train_ds)} samples.")
    images, masks = next(iter(valid_dl))[:2]
    expect_image_and_mask(images[0], masks[0], SIDE, "the first sample of `valid_dl`")


def _identities(train_ds, valid_ds, full_ds):
    """Name every sample of three datasets: by its index where both parts are subsets, else by the file that it opens."""
    count = length_of(full_ds, "`full_ds`")
    indices = [subset_indices(dataset) for dataset in (train_ds, valid_ds)]
    if None not in indices and all(_root_length(dataset) == count for dataset in (train_ds, valid_ds)):
        return *indices, list(range(count))
    return tuple(_opened_stems(dataset) for dataset in (train_ds, valid_ds, full_ds))


def _root_length(dataset) -> int:
    while hasattr(dataset, "indices"):
        dataset = dataset.dataset
    return len(dataset)


def _opened_stems(dataset) -> list[str]:
    stems = []
    for index in range(len(dataset)):
        with opened_files(blank=True) as files:
            dataset[index]
        images = [path.stem for path in files if path.suffix.lower() in (".jpg", ".jpeg")]
        expect(images, "A sample cannot be traced back to an image file.")
        stems.append(images[0])
    return stems


def _looks(dataset, name):
    """Read a few samples several times."""
    count = length_of(dataset, f"`{name}`")
    probes = sorted({count * part // PROBED for part in range(PROBED)})
    return [
        [plain_tensor(item_of(dataset, index, name)[0], f"the image of {name}[{index}]") for _ in range(LOOKS)]
        for index in probes
    ]


def _expect_validation_transform(valid_ds, valid_img_ts) -> None:
    expect(isinstance(valid_img_ts, A.Compose), f"`valid_img_ts` is {describe(valid_img_ts)}; do exercise 3 first.")
    transform = copy.deepcopy(valid_img_ts)
    for index in sorted({0, len(valid_ds) - 1}):
        with opened_files() as files:
            image, mask = item_of(valid_ds, index, "valid_ds")
        expect_image_and_mask(image, mask, SIDE, f"valid_ds[{index}]")
        sources = [path for path in files if path.suffix.lower() in (".jpg", ".jpeg") and path.is_file()]
        if sources:
            with Image.open(sources[0]) as picture:
                expected = transform(image=np.asarray(picture.convert("RGB")))["image"]
            gap = (plain_tensor(image).double() - plain_tensor(expected).double()).abs().mean().item()
            expect(gap <= SAME_IMAGE, f"valid_ds[{index}] is not what `valid_img_ts` makes of {sources[0].name}.")


def _reads(dataset, wanted) -> bool:
    if dataset is wanted:
        return True
    ours, theirs = subset_indices(dataset), subset_indices(wanted)
    return ours is not None and ours == theirs


EXERCISE = Exercise(
    number=5,
    title="Training and validation",
    answers=("full_ds", "train_size", "valid_size", "train_ds", "valid_ds", "train_dl", "valid_dl", "valid_img_ts"),
    criteria=(sizes_add_up, splits_without_overlap, augments_training_only, loads_in_batches),
)
