"""Exercise 4: a dataset that transforms image and mask together."""

import albumentations as A
import numpy as np
import torch
from albumentations.pytorch import ToTensorV2

from utils.checks.datasets import item_of, length_of
from utils.checks.folders import Pair, dataset_on, pair_folder
from utils.core.exercise import Exercise, criterion
from utils.core.expect import expect, expect_class, expect_finite, expect_shape, plain_tensor

ROUNDS = 6  # passes over the folder; the chance that separate flips agree in all of them is below 1e-15
SAME_PIXELS = 0.03  # share of pixels that JPEG noise at the lesion's border may put on the wrong side
PARTS = ("image", "mask")
OTHER_SIDE = 48
SAME_IMAGE = 0.015  # of 1; two decodings of a JPEG differ by less
UNUSUAL = (
    Pair("ISIC_0000051", (36, 56), mask_kind="empty"),
    Pair("ISIC_0000060", (56, 36), mask_kind="cloudy"),
    Pair("ISIC_0000071", (42, 58), mask_kind="full"),
)
KINDS = {
    "0/1": "0 and 1",
    "soft": "0 to 255 with soft edges",
    "empty": "0 only",
    "full": "1 only",
    "cloudy": "0 to 255 with much grey",
}
MEAN, STD = 0.5, 0.1  # make values from about -4 to 4


def folder():
    """Write a folder whose masks are stored in every way that occurs."""
    with pair_folder(*UNUSUAL) as pairs:
        yield pairs


def dataset(ISICDatasetAlbumentations, ISICDataset, folder):
    """Build the student's dataset with a transform that keeps every pixel."""
    _expect_subclass(ISICDatasetAlbumentations, ISICDataset)
    return dataset_on(folder, ISICDatasetAlbumentations, transform=_transform())


@criterion(
    points=1,
    hints=(
        "What does the last step of the transform return, and what do you return?",
        "The transform's result is a dict; return its image and its mask, both as tensors.",
    ),
)
def puts_out_tensors(dataset, folder):
    """An item is a float image of shape (3, H, W) and a mask of shape (H, W) or (1, H, W), both tensors."""
    found, wanted = length_of(dataset, "the dataset"), len(folder.pairs)
    expect(found == wanted, f"A folder with {wanted} .jpg files gives a dataset of length {found}; expected {wanted}.")
    for index in range(len(folder.pairs)):
        _tensors(dataset, index, folder)


@criterion(
    points=2,
    hints=(
        "Compare an item of this dataset with the files it should come from.",
        "The samples and the pairing are those of `ISICDataset`; image as RGB array, mask with one grey channel.",
    ),
)
def reads_the_right_files(dataset, folder):
    """Image and mask come from the files of the sample, the image as RGB."""
    for index, pair in enumerate(folder.pairs):
        image, mask = _tensors(dataset, index, folder)
        truth = torch.from_numpy(folder.image(index) / 255.0).permute(2, 0, 1)
        swapped = _gap(image.flip(0), truth) < SAME_IMAGE <= _gap(image, truth)
        expect(not swapped, f"The channels of {pair.stem}.jpg come out as blue, green, red; expected red, green, blue.")
        expect(
            _gap(image, truth) < SAME_IMAGE,
            f"The image of sample {index} is not {pair.stem}.jpg, transformed once: divided by 255 it should have values from "
            f"{truth.min():.3g} to {truth.max():.3g}; it has {image.min():.3g} to {image.max():.3g}.",
        )
        lesion = torch.from_numpy(folder.binary_mask(index))
        if not lesion.any() or lesion.all():
            continue  # what an empty or a full mask becomes is the next criterion's business
        marked = mask.double() > 0
        inside_out = (marked == ~lesion).double().mean() > 0.9
        expect(not inside_out, f"The mask of sample {index} is inside out: it marks the skin, not the lesion.")
        overlap = (marked & lesion).sum() / lesion.sum()
        if pair.mask_kind != "0/1":  # whether its lesion survives the threshold is the next criterion's business
            expect(overlap > 0.7, f"The mask of sample {index} does not mark what {pair.stem}_Segmentation.png marks.")


@criterion(
    points=2,
    hints=(
        "Which values do the mask files hold, and which should come out?",
        "Bring the mask to a common scale first (some files hold 0 and 1, others 0 to 255), then cut at half of it.",
    ),
)
def makes_masks_binary(dataset, folder):
    """The mask holds 0 and 1 only, whether the file holds 0/1 or 0/255, and soft edges are cut at half."""
    for index, pair in enumerate(folder.pairs):
        _, mask = _tensors(dataset, index, folder)
        kind = KINDS.get(pair.mask_kind, "0 and 255")
        values = sorted(set(mask.double().flatten().tolist()))
        shown = ", ".join(f"{value:.3g}" for value in values[:5]) + (
            f" and {len(values) - 5} more" if len(values) > 5 else ""
        )
        expect(
            set(values) <= {0.0, 1.0},
            f"From a file that holds {kind} comes a mask with the values {shown}; expected 0 and 1.",
        )
        lesion = torch.from_numpy(folder.binary_mask(index))
        found, wanted = int(mask.sum()), int(lesion.sum())
        elsewhere = ", in other places" if found == wanted else ""
        expect(
            torch.equal(mask.bool(), lesion),
            f"From a file that holds {kind} come {found} lesion pixels; cut at half there are {wanted}{elsewhere}.",
        )


@criterion(
    points=3,
    hints=(
        "A flip draws at random each time the transform is called. How often do you call it for one item?",
        "Hand image and mask to one and the same call: `transform(image=..., mask=...)`.",
    ),
)
def transforms_both_together(ISICDatasetAlbumentations, dataset, folder):
    """One call transforms both, so that they still fit after random flips; the image comes out as the transform made it."""
    flips = (A.HorizontalFlip(p=0.5), A.VerticalFlip(p=0.5), A.Resize(64, 64))
    transform = _transform(*flips)
    flipped = dataset_on(folder, ISICDatasetAlbumentations, transform=transform)
    dataset_on(folder, ISICDatasetAlbumentations, transform=_transform(A.Resize(OTHER_SIDE, OTHER_SIDE)))
    places = {part: {index: set() for index in range(len(folder.pairs))} for part in PARTS}
    apart, calls = 0, 0
    for _ in range(ROUNDS):
        for index, pair in enumerate(folder.pairs):
            transform.calls = 0
            image, mask = _tensors(flipped, index)
            calls = max(calls, transform.calls)
            other = image.shape[1:] == (OTHER_SIDE, OTHER_SIDE)
            because = "The transform resizes to 64x64: is it applied?"
            because = "A dataset made later has that size: does each one keep its own transform?" if other else because
            expect_shape(image, (3, 64, 64), "the transformed image", because)
            expect_shape(mask, (64, 64), "the transformed mask", because)
            if pair.image_mode == "L" or pair.mask_kind not in ("0/255", "rgb"):
                continue  # grey does not tell where a pixel came from; scales are the criterion before this one's business
            lesion = _expected_lesion(image)
            apart += bool(((mask > 0) != lesion).double().mean() > SAME_PIXELS)
            places["image"][index].add(_corner(lesion))
            places["mask"][index].add(_corner(mask > 0))
    for name, corners in places.items():
        everywhere = set().union(*corners.values())
        expect(len(everywhere) > 1, f"The random flips never reach the {name}.")
        expect(
            any(len(found) > 1 for found in corners.values()),
            f"Read {ROUNDS} times, a sample's {name} looks the same each time: the flips are drawn once and then kept.",
        )
    expect(
        not apart,
        f"In {apart} items image and mask no longer fit: one is flipped and the other is "
        "not. Each call of the transform draws anew.",
    )
    expect(calls <= 1, f"The transform is called {calls} times for one item; one call gets image and mask.")
    scaled = dataset_on(folder, ISICDatasetAlbumentations, transform=_transform(mean=MEAN, std=STD))
    # Compared with the student's own image, right or wrong: whether it is the file's is told by another criterion.
    image, wanted = _tensors(scaled, 0)[0], (_tensors(dataset, 0)[0] - MEAN) / STD
    expect(
        _gap(image, wanted) < SAME_IMAGE / STD,
        f"From a transform that normalises to values from {wanted.min():.3g} to {wanted.max():.3g} comes an image with values "
        f"from {image.min():.3g} to {image.max():.3g}: what the transform puts out should come out as it is.",
    )


def _expect_subclass(cls, base) -> None:
    expect_class(base, "ISICDataset")
    expect_class(cls, "ISICDatasetAlbumentations")
    older = base not in cls.__mro__ and base.__name__ in [each.__name__ for each in cls.__mro__]
    again = " (an older one: run the cell of exercise 4 again)" if older else ""
    parents = ", ".join(f"`{parent.__name__}`" for parent in cls.__bases__)
    expect(
        base in cls.__mro__[1:],
        f"`ISICDatasetAlbumentations` should be a subclass of `ISICDataset`; it inherits from {parents}{again}.",
    )


class _Counted(A.Compose):
    """A pipeline that counts how often it is called."""

    calls = 0

    def __call__(self, *args, **data):
        self.calls += 1
        return super().__call__(*args, **data)


def _transform(*steps, mean=0.0, std=1.0):
    # Shapes are left to us: an error of the library's about sizes would not say which mask was opened.
    return _Counted([*steps, A.Normalize([mean] * 3, [std] * 3), ToTensorV2()], is_check_shapes=False)


def _tensors(dataset, index, folder=None):
    """Return an item's image, float64, and mask, two-dimensional."""
    image, mask = (
        _tensor(part, f"the {what}") for part, what in zip(item_of(dataset, index, "dataset"), PARTS, strict=True)
    )
    dtype = str(image.dtype).removeprefix("torch.")
    exchanged = " Are image and mask exchanged?" if image.ndim == 2 < mask.ndim else ""
    expect(image.is_floating_point(), f"The image has dtype {dtype}; after normalisation it holds floats.{exchanged}")
    shape = tuple(mask.shape)
    if folder is not None:
        height, width = folder.mask(index).shape
        expect_shape(image, (3, height, width), f"the image of sample {index}", exchanged.strip())
        expect(
            shape in ((height, width), (1, height, width)),
            f"The mask of sample {index} has shape {shape}; the image has height {height} and width {width}, so "
            f"{(height, width)} or {(1, height, width)} is expected.{_whose(shape, index, folder)}",
        )
        expect_finite(image, f"the image of sample {index}")
    if mask.ndim == 3 and mask.shape[0] == 1:
        mask = mask[0]
    return image.double(), mask


def _tensor(part, of):
    expect(not isinstance(part, dict), f"{of} is the dict that the transform returns; what is wanted lies in it.")
    expect(not isinstance(part, np.ndarray), f"{of} is a numpy array, not a tensor: is it what the transform returned?")
    return plain_tensor(part, of)


def _whose(shape, index, folder) -> str:
    """Say which file a mask of another size comes from, if the sizes tell."""
    others = [pair for pair in folder.all_masks if pair is not folder.pairs[index]]
    names = [pair.stem for pair in others if (pair.size[1], pair.size[0]) == shape[-2:]]
    return f" It looks like {names[0]}_Segmentation.png." if names else ""


def _gap(actual, truth) -> float:
    return (actual - truth).abs().mean().item()


def _expected_lesion(image) -> torch.Tensor:
    """Tell from the colours of a transformed image where its lesion has to be."""
    red, green, blue = (image * 255 - 30) / 200
    across = blue if red.std() < blue.std() else red  # blue, green, red is the business of another criterion
    return (across < 0.45) & (green < 0.35)


def _corner(lesion) -> tuple[bool, bool]:
    """Tell in which corner of the picture most of the lesion lies."""
    rows, columns = np.nonzero(lesion.numpy())
    if not len(rows):
        return False, False
    height, width = lesion.shape
    return bool(rows.mean() > height / 2), bool(columns.mean() > width / 2)


EXERCISE = Exercise(
    number=4,
    title="Image and mask together",
    answers=("ISICDatasetAlbumentations", "ISICDataset"),
    builds_on=(1,),
    fixtures=(folder, dataset),
    criteria=(puts_out_tensors, reads_the_right_files, makes_masks_binary, transforms_both_together),
)
