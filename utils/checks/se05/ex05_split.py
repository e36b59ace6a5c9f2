"""Exercise 5: training and validation split."""

import copy

import numpy as np
import torch
from PIL import Image
from torch.utils.data import Subset

from utils.checks.datasets import (
    batch_indices,
    expect_image_and_mask,
    expect_loader,
    image_files,
    item_of,
    length_of,
    opened_files,
    subset_indices,
)
from utils.checks.pipelines import everything_through, random_states_kept
from utils.core.exercise import Exercise, criterion
from utils.core.expect import describe, expect, plain_tensor

PARTS = ("train_ds", "valid_ds", "full_ds")
TRAIN_SHARE, BATCH_SIZE, SIDE = 0.8, 16, 64
LOOKS, PROBED = 4, 3  # how often each of a few samples is read; augmentation repeats itself with chance below 1e-5
FEW = 10  # so few samples may lie in a pattern by chance
SAME_MASK = 0.7  # overlap of one mask resized in two ways
SAME_SCALE = 3.0  # colour changes make half as much of a contrast, or twice as much; normalising makes 4 times as much
SAME_IMAGE = 0.06  # in normalised units; JPEG decoders differ by less


def samples(train_ds, valid_ds, full_ds, valid_img_ts):
    """Name every sample of the three datasets, so that the same one has the same name in each."""
    return _names(train_ds, valid_ds, full_ds, valid_img_ts)


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
        whole = type(size) is int or isinstance(size, np.integer)
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
def splits_without_overlap(samples, full_ds, train_ds, valid_ds, train_size, valid_size, valid_img_ts):
    """`train_ds` and `valid_ds` share no sample, lose none, keep each image's own mask, and are drawn at random."""
    train, valid, everything = samples
    for name, found, size in (("train_ds", len(train), train_size), ("valid_ds", len(valid), valid_size)):
        expect(found == int(size), f"`{name}` has {found} samples; `{name[:5]}_size` says {int(size)}.")
    shared = len(set(train) & set(valid))
    expect(not shared, f"`train_ds` and `valid_ds` share {_samples(shared)}; a model would be tested on what it saw.")
    for name, part in (("train_ds", train), ("valid_ds", valid)):
        repeated = len(part) - len(set(part))
        expect(not repeated, f"`{name}` holds {_samples(repeated)} more than once.")
        strange = set(part) - set(everything)
        kept = (
            " Were they transformed once, before, and kept?" if any(isinstance(each, bytes) for each in strange) else ""
        )
        expect(not strange, f"`{name}` holds {_samples(len(strange))} that `full_ds` does not hold.{kept}")
    lost = len(set(everything) - set(train) - set(valid))
    expect(not lost, f"Neither part holds {_samples(lost)} of `full_ds`.")
    places = sorted(everything.index(sample) for sample in valid)
    expect(
        len(places) < FEW or len(set(np.diff(places).tolist())) > 2,
        "The validation samples follow a fixed pattern (such as the last 20 %); draw them at random.",
    )
    with random_states_kept():
        for name, dataset, part in (("train_ds", train_ds, train), ("valid_ds", valid_ds, valid)):
            _expect_own_masks(dataset, name, full_ds, [everything.index(sample) for sample in part], valid_img_ts)


@criterion(
    points=2,
    hints=(
        "Read the same sample of `valid_ds` twice: should it look the same?",
        "`valid_ds` takes its indices from the split, but reads through a dataset built with `valid_img_ts`.",
    ),
)
def augments_training_only(full_ds, train_ds, valid_ds, valid_img_ts):
    """Training samples are augmented; validation samples are read through `valid_img_ts`, the same each time."""
    with random_states_kept():
        for name, dataset in (("full_ds", full_ds), ("train_ds", train_ds)):
            views = "" if _root(train_ds) is not _root(valid_ds) else _ONE_TRANSFORM
            expect(
                any(not torch.equal(look, looks[0]) for looks in _looks(dataset, name) for look in looks),
                f"A sample of `{name}` looks the same each time it is read; it should go through `train_img_ts`.{views}",
            )
        for looks in _looks(valid_ds, "valid_ds"):
            expect(
                all(torch.equal(look, looks[0]) for look in looks),
                "A sample of `valid_ds` looks different each time it is read: validation images are augmented, so the "
                "validation loss would change from one epoch to the next for no reason of the model's.",
            )
        _expect_validation_transform(valid_ds, valid_img_ts)
        _expect_same_scale(train_ds, valid_img_ts)


@criterion(
    points=2,
    hints=(
        "Which of the two loaders shuffles, and may the other leave samples out?",
        "Both take batches of 16; `train_dl` shuffles `train_ds`, `valid_dl` reads `valid_ds` in order, to its end.",
    ),
)
def loads_in_batches(train_dl, valid_dl, train_ds, valid_ds):
    """`train_dl` and `valid_dl` load batches of 16, the first shuffled, the second in order with every sample."""
    orders = {}
    for name, loader, dataset in (("train_dl", train_dl, train_ds), ("valid_dl", valid_dl, valid_ds)):
        expect_loader(loader, name)
        expect(_reads(loader.dataset, dataset), f"`{name}` does not read `{name[:5]}_ds`.")
        batches, wanted = batch_indices(loader), min(BATCH_SIZE, length_of(dataset, f"`{name[:5]}_ds`"))
        size = len(batches[0]) if batches else 0
        expect(size == wanted, f"The batches of `{name}` hold {size} samples; expected {wanted}.")
        expect(all(len(batch) == size for batch in batches[:-1]), f"The batches of `{name}` differ in size.")
        orders[name] = [index for batch in batches for index in batch]
    train, valid = orders["train_dl"], orders["valid_dl"]
    expect(valid == sorted(valid), "`valid_dl` is shuffled; validation reads its samples in order.")
    expect(valid == list(range(len(valid_ds))), f"`valid_dl` reads {len(valid)} of {len(valid_ds)} samples.")
    expect(
        train != sorted(train),
        "`train_dl` is not shuffled; the model would see the samples in the same order each epoch.",
    )
    expect(len(set(train)) == len(train), "`train_dl` reads some samples more than once in an epoch.")
    expect(len(train) > len(train_ds) - BATCH_SIZE, f"`train_dl` reads {len(train)} of {len(train_ds)} samples.")
    again = [index for batch in batch_indices(train_dl, epoch=1) for index in batch]
    expect(
        len(train) < FEW or again != train,
        "`train_dl` reads the samples in the same order each epoch; shuffle them anew.",
    )
    for name, dataset in (("train_ds", train_ds), ("valid_ds", valid_ds)):
        with random_states_kept():
            expect_image_and_mask(*item_of(dataset, 0, name), SIDE, f"{name}[0]")


_ONE_TRANSFORM = (
    " (`train_ds` and `valid_ds` are views of one dataset: whoever replaces its transform replaces it for both.)"
)


def _names(train_ds, valid_ds, full_ds, valid_img_ts) -> tuple[list, list, list]:
    """Name samples by their index if both parts are subsets, else by the file they open, else by what they show."""
    parts = (train_ds, valid_ds, full_ds)
    counts = [length_of(part, f"`{name}`") for part, name in zip(parts, PARTS, strict=True)]
    indices = [subset_indices(dataset) for dataset in (train_ds, valid_ds)]
    if None not in indices and all(_lists_the_same(_root(dataset), full_ds) for dataset in (train_ds, valid_ds)):
        return *indices, list(range(counts[2]))
    with random_states_kept():
        names = [_opened(dataset) for dataset in parts]
    if any(None in each for each in names):
        with everything_through(valid_img_ts):
            names = [
                [_fingerprint(part, index, name) for index in range(count)]
                for part, name, count in zip(parts, PARTS, counts, strict=True)
            ]
    return tuple(names)


def _root(dataset):
    while type(dataset) is Subset:
        dataset = dataset.dataset
    return dataset


def _lists_the_same(dataset, full_ds) -> bool:
    """Say whether the same index means the same file in two datasets, judged by a few."""
    if dataset is full_ds:
        return True
    count = len(full_ds)
    probes = sorted({0, count // 3, count // 2, count - 1})
    if len(dataset) != count:
        return False
    with random_states_kept():
        theirs, ours = (_opened(each, probes) for each in (dataset, full_ds))
    return None not in ours and theirs == ours


def _opened(dataset, indices=None) -> list[str | None]:
    """Name the image files that samples open; None where none is seen."""
    names = []
    for index in range(len(dataset)) if indices is None else indices:
        try:
            with opened_files(blank=True) as files:
                dataset[index]
        except Exception:  # noqa: BLE001 - some code cannot do with a meaningless image
            with opened_files() as files:
                dataset[index]
        images = image_files(files)
        names.append(images[0].name if images else None)
        if not images:
            break  # what is kept in memory or read in an unusual way is told by what it shows
    return names


def _fingerprint(dataset, index, name) -> bytes:
    image = plain_tensor(item_of(dataset, index, name)[0], f"the image of {name}[{index}]")
    return image.double().numpy().round(2).tobytes()


def _probes(dataset) -> list[int]:
    return sorted({len(dataset) * part // PROBED for part in range(PROBED)})


def _looks(dataset, name):
    """Read a few samples several times."""
    return [
        [plain_tensor(item_of(dataset, index, name)[0], f"the image of {name}[{index}]") for _ in range(LOOKS)]
        for index in _probes(dataset)
    ]


def _expect_validation_transform(valid_ds, valid_img_ts) -> None:
    for index in _probes(valid_ds):
        with opened_files() as files:
            image, mask = item_of(valid_ds, index, "valid_ds")
        expect_image_and_mask(image, mask, SIDE, f"valid_ds[{index}]")
        with everything_through(valid_img_ts) as called:
            expected, _ = item_of(valid_ds, index, "valid_ds")
        sources = [path for path in image_files(files) if path.is_file()]
        if not called and sources:
            with Image.open(sources[0]) as picture:
                expected = copy.deepcopy(valid_img_ts)(image=np.asarray(picture.convert("RGB")))["image"]
        gap = (plain_tensor(image).double() - plain_tensor(expected).double()).abs().mean().item()
        expect(
            gap <= SAME_IMAGE,
            f"valid_ds[{index}] is not what `valid_img_ts` makes of its image (they differ by {gap:.2f} on average).",
        )


def _expect_same_scale(train_ds, valid_img_ts) -> None:
    """Fail if training images are not normalised as validation images are, as far as their contrast tells."""
    ratios = []
    for index, looks in zip(_probes(train_ds), _looks(train_ds, "train_ds"), strict=True):
        with everything_through(valid_img_ts) as called:
            plain = _contrast(item_of(train_ds, index, "train_ds")[0])
        if called and plain:
            ratios += [_contrast(look) / plain for look in looks]
    ratio = float(np.median(ratios)) if ratios else 1.0
    expect(
        1 / SAME_SCALE < ratio < SAME_SCALE,
        f"The values of `train_ds` vary {ratio:.2g} times as much as with `valid_img_ts`: both transforms have to normalise "
        "alike. Does `full_ds` read through `train_img_ts`?",
    )


def _contrast(image) -> float:
    """Return how far a channel's values spread, without the few in corners that a rotation leaves empty."""
    channels = plain_tensor(image, "the image").double().flatten(1).numpy()
    low, high = np.quantile(channels, [0.2, 0.8], axis=1)
    return float((high - low).mean())


def _expect_own_masks(dataset, name, full_ds, places, valid_img_ts) -> None:
    """Fail if an image of a part comes with another mask than in `full_ds`."""
    with everything_through(valid_img_ts):
        first, *others = (plain_tensor(item_of(dataset, 0, name)[0], "the image") for _ in range(LOOKS))
    if any(not torch.equal(first, other) for other in others):
        return  # `valid_img_ts` is random, so it does not show which mask this is; another criterion says so
    for index in _probes(dataset):
        with everything_through(valid_img_ts) as called:
            mask, original = item_of(dataset, index, name)[1], item_of(full_ds, places[index], "full_ds")[1]
        if len(called) < 2:
            continue  # not read through pipelines, so not comparable
        first, second = (plain_tensor(each, "the mask").squeeze() > 0 for each in (mask, original))
        same = first.shape == second.shape and (first & second).sum() >= SAME_MASK * (first | second).sum()
        expect(same, f"{name}[{index}] is an image with the mask of another one.")


def _reads(dataset, wanted) -> bool:
    if dataset is wanted:
        return True
    ours, theirs = subset_indices(dataset), subset_indices(wanted)
    return ours is not None and ours == theirs and _root(dataset) is _root(wanted)


def _samples(count) -> str:
    return "1 sample" if count == 1 else f"{count} samples"


EXERCISE = Exercise(
    number=5,
    title="Training and validation",
    answers=("full_ds", "train_size", "valid_size", "train_ds", "valid_ds", "train_dl", "valid_dl", "valid_img_ts"),
    builds_on=(3, 4),
    fixtures=(samples,),
    criteria=(sizes_add_up, splits_without_overlap, augments_training_only, loads_in_batches),
)
