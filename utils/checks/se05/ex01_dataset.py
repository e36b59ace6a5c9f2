"""Exercise 1: a dataset of images and masks."""

import random
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch.nn.functional import avg_pool2d
from torch.utils.data import Dataset

from utils.checks.datasets import as_array, expect_image_and_mask, item_of, length_of
from utils.checks.folders import dataset_on, pair_folder
from utils.core.exercise import Exercise, criterion
from utils.core.expect import describe, expect, expect_class, expect_finite, plain_tensor

SIDE = 64
SAME = 3.0  # largest mean difference of two decodings of one JPEG, on 0 to 255; another image is off by more than 20
OVERSHOOT = 0.2  # some interpolations go beyond the values that are there
SAME_RESIZED = 0.03  # of 1; interpolations differ by 0.02, a crop or another image by more than 0.037


def folder():
    """Write a folder with the usual traps."""
    with pair_folder() as pairs:
        yield pairs


def dataset(ISICDataset, folder):
    """Build the student's dataset on it, without transforms."""
    expect_class(ISICDataset, "ISICDataset", Dataset)
    return dataset_on(folder, ISICDataset)


@criterion(
    points=2,
    hints=(
        "Which files of `image_dir` are images, and in which order does a folder list them?",
        "Take the files that match `*.jpg` and sort them by name; `__len__` counts them.",
    ),
)
def lists_the_images_by_name(dataset, folder, dataset_path):
    """The samples are the `*.jpg` files of `image_dir`, sorted by name; other files are ignored."""
    found, wanted = length_of(dataset, "the dataset"), len(folder.pairs)
    expect(
        found == wanted,
        f"A folder with {wanted} .jpg files, some other files and {len(folder.all_masks)} masks gives a dataset of length "
        f"{found}; expected {wanted}.{_why_length(found, folder, dataset_path)}",
    )
    seen = []
    for index in range(wanted):
        image, mask = item_of(dataset, index, "dataset")
        shown = _which(image, folder)
        expect(
            shown is None or shown not in seen,
            f"Samples {seen.index(shown) if shown in seen else index} and {index} both show {_name(shown, folder)}: is the "
            "index used?",
        )
        seen.append(shown)
        expect(
            shown == index,
            f"Sample {index} shows {_name(shown, folder)}; sorted by name it is {folder.pairs[index].stem}.jpg."
            f"{_why_image(shown, image, mask, folder, _which(item_of(dataset, index, 'dataset')[0], folder))}",
        )


@criterion(
    points=2,
    hints=(
        "Some JPEG files hold a single grey channel; what comes out of `Image.open` then?",
        "`convert` brings an image to the mode you need, whatever is stored.",
    ),
)
def opens_images_as_rgb(dataset, folder):
    """Each image is opened as RGB, also one that is stored in grey."""
    for index in range(len(folder.pairs)):
        image = item_of(dataset, index, "dataset")[0]
        shown = _file_of(image, index, folder)
        pair, truth = folder.pairs[shown], folder.image(shown)
        _expect_mode(image, "RGB", f"{pair.stem}.jpg")
        image, stem = as_array(image, "the image"), pair.stem
        kind = "stored in grey" if pair.image_mode == "L" else "stored in colour"
        expect(
            image.shape == truth.shape,
            f"{stem}.jpg, {kind}, comes out as an array of shape {image.shape}; as RGB it is {truth.shape}.",
        )
        swapped = _gap(image[..., ::-1], truth) < SAME and _gap(image, truth) >= SAME
        expect(not swapped, f"The channels of {stem}.jpg come out as blue, green, red; expected red, green, blue.")
        expect(
            _gap(image, truth) < SAME,
            f"The image of {stem}.jpg has values from {image.min():.3g} to {image.max():.3g}; the file holds {truth.min()} "
            f"to {truth.max()}, and without a transform they come out as they are.",
        )


@criterion(
    points=3,
    hints=(
        "How do you get from an image's file name to its mask's, without counting files?",
        "Put the mask's path together from the image's stem and `_Segmentation.png`, and open it with mode L.",
    ),
)
def pairs_masks_by_name(dataset, folder):
    """Each image comes with the mask of its own name, opened with one grey channel."""
    for index in range(len(folder.pairs)):
        image, mask = item_of(dataset, index, "dataset")
        shown = _file_of(image, index, folder)
        pair, truth = folder.pairs[shown], folder.mask(shown)
        mask_name = f"{pair.stem}_Segmentation.png"
        _expect_mode(mask, "L", mask_name)
        mask = as_array(mask, "the mask")
        expect(
            mask.ndim == 2,
            f"{mask_name} comes out as an array of shape {mask.shape}; opened with mode L it is {truth.shape}.",
        )
        whose = _which_mask(mask, folder)
        expect(
            mask.shape == truth.shape or not whose,
            f"{pair.stem}.jpg comes with {whose}, not with {mask_name}. This folder holds {len(folder.all_masks)} masks for "
            f"{len(folder.pairs)} images: position does not tell which belong together.",
        )
        expect(
            mask.shape == truth.shape,
            f"{mask_name} has shape {truth.shape}; it comes out with shape {mask.shape}. Without a transform masks come out "
            "as they are.",
        )
        expect(
            np.array_equal(mask.astype(float), truth.astype(float)),
            f"{mask_name} comes out with {_values(mask)}; the file holds {_values(truth)}, and without a transform they come "
            "out as they are.",
        )


@criterion(
    points=2,
    hints=(
        "Which transform gets the image and which one the mask, and what if one of them is None?",
        "Apply each only if it was given, and return what it returns.",
    ),
)
def applies_each_transform(ISICDataset, dataset, folder):
    """`img_transform` is applied to the image, `mask_transform` to the mask, each only if given."""
    for named, which in ((False, (True, True)), (True, (True, True)), (True, (True, False)), (True, (False, True))):
        spies = [_Spy() if used else None for used in which]
        image_spy, mask_spy = spies
        transforms = dict(zip(("img_transform", "mask_transform"), spies, strict=True))
        spied = dataset_on(folder, ISICDataset, **transforms) if named else dataset_on(folder, ISICDataset, *spies)
        earlier = item_of(dataset, 0, "dataset")
        expect(
            not any(_holds(part, spy.token) for part in earlier for spy in spies if spy),
            "A dataset that was made before, without transforms, applies those of one that was made later: does each keep its "
            "own, in `self`?",
        )
        for index in _told_by_mode(folder):
            for spy in filter(None, spies):
                spy.got.clear()
            image, mask = item_of(spied, index, "dataset")
            truths = {"image": folder.image(index), "mask": folder.mask(index)}
            if index:  # the mode in which it opens files is the business of other criteria
                untransformed = item_of(dataset, index, "dataset")
                truths = {what: as_array(part, f"the {what}") for what, part in zip(truths, untransformed, strict=True)}
            _expect_used(image, image_spy, mask_spy, "image", "img_transform", truths)
            _expect_used(mask, mask_spy, image_spy, "mask", "mask_transform", truths)


@criterion(
    points=1,
    hints=(
        "What does `ds` get for `img_transform` and `mask_transform`?",
        "`resize_transform` goes to both; the folders are `dataset_path` and `mask_path`.",
    ),
)
def makes_ds(ds, ISICDataset, dataset_path, mask_path, folder):
    """`ds` reads the downloaded folders, images and masks resized to 64x64 tensors."""
    expect(isinstance(ds, ISICDataset), f"`ds` is {describe(ds)}, not an `ISICDataset`.")
    files = sorted(Path(dataset_path).glob("*.jpg"))
    found, masks = length_of(ds, "`ds`"), len(list(Path(mask_path).glob("*.png")))
    cause = " Are the two folders swapped?" if found in (0, masks) else ""
    if found == len(folder.pairs):
        cause = " As many as a dataset that was made later: does each one keep its own files, in `self`?"
    expect(found == len(files), f"`ds` has {found} samples; the folder holds {len(files)} images.{cause}")
    for index in {0, *random.sample(range(len(files)), min(2, len(files))), len(files) - 1}:
        image, mask = item_of(ds, index, "ds")
        expect_image_and_mask(image, mask, SIDE, f"ds[{index}]")
        mask_file = Path(mask_path) / f"{files[index].stem}_Segmentation.png"
        _expect_resized(image, files[index], "RGB", f"the image of ds[{index}]")
        _expect_resized(mask, mask_file, "L", f"the mask of ds[{index}]")


class _Spy:
    """A transform that remembers what it got and returns a tensor that nothing else would have made."""

    def __init__(self):
        self.got, self.token = [], torch.rand(1, 5, 7)

    def __call__(self, picture):
        self.got.append(as_array(picture, "what a transform gets"))
        return self.token.clone()


def _told_by_mode(folder) -> list[int]:
    """Return the first sample and those whose files are not stored in the mode in which they are to be opened."""
    return [
        index
        for index, pair in enumerate(folder.pairs)
        if not index or pair.image_mode == "L" or pair.mask_kind == "rgb"
    ]


def _expect_used(returned, spy, other_spy, what, name, truths) -> None:
    """Fail unless what comes out as image or mask is its transform's result, or what was stored if there is none."""
    other = "mask" if what == "image" else "image"
    if spy is None:
        same = _same(as_array(returned, f"the {what}"), truths[what])
        expect(same, f"With `{name}=None` the {what} does not come out as it is stored.")
        return
    expect(spy.got, f"`{name}` is never applied.")
    for got in spy.got:
        expect(not _same(got, truths[other]), f"`{name}` is applied to the {other}.")
        expect(
            got.ndim == truths[what].ndim,
            f"`{name}` gets an array of shape {got.shape}; without a transform the {what} comes out with shape "
            f"{truths[what].shape}. Is it transformed before `convert`?",
        )
        expect(_same(got, truths[what]), f"`{name}` is applied to something else than the {what} as it was opened.")
    crossed = other_spy is not None and _holds(returned, other_spy.token)
    expect(not crossed, f"As {what} comes out what the other transform returned, not `{name}`.")
    expect(_holds(returned, spy.token), f"The {what} that comes out is not what `{name}` returned.")


def _holds(returned, token) -> bool:
    """Say whether a value is a spy's token, whatever type it was converted to."""
    if not isinstance(returned, torch.Tensor | np.ndarray):
        return False
    returned = torch.as_tensor(returned) if isinstance(returned, np.ndarray) else plain_tensor(returned)
    return returned.numel() == token.numel() and torch.equal(returned.float().flatten(), token.flatten())


def _expect_resized(tensor, file, mode, of) -> None:
    tensor = plain_tensor(tensor, of).double()
    expect_finite(tensor, of)
    low, high = tensor.min().item(), tensor.max().item()
    expect(
        low >= -OVERSHOOT and high <= 1 + OVERSHOOT,
        f"{of} has values from {low:.3g} to {high:.3g}; `resize_transform` puts out values between 0 and 1.",
    )
    with Image.open(file) as picture:
        picture = picture.convert(mode)
    filters = Image.Resampling.BOX, Image.Resampling.BILINEAR, Image.Resampling.NEAREST
    truths = [np.asarray(picture.resize((SIDE, SIDE), each)).reshape(SIDE, SIDE, -1) / 255.0 for each in filters]
    gaps = [tensor.reshape(-1, SIDE, SIDE) - torch.from_numpy(truth).movedim(-1, 0) for truth in truths]
    # Interpolations differ from pixel to pixel; averages over a few pixels hardly do.
    gap = min(avg_pool2d(gap[None], 4).abs().mean().item() for gap in gaps)
    expect(
        gap <= SAME_RESIZED,
        f"{of} is not {file.name} resized to {SIDE}x{SIDE} (it differs by {gap:.2f} on average, on a scale of 0 to 1).",
    )


def _expect_mode(picture, mode, name) -> None:
    if isinstance(picture, Image.Image):
        expect(picture.mode == mode, f"{name} is opened with mode {picture.mode}; expected {mode}.")


def _gap(actual, truth) -> float:
    return float(np.abs(actual.astype(float) - truth).mean())


def _same(array, truth) -> bool:
    return array.shape == truth.shape and _gap(array, truth) < SAME


def _file_of(image, index, folder) -> int:
    """Tell which file a sample shows, so that a wrong order costs points once only."""
    shown = _which(image, folder)
    return index if shown is None else shown


def _which(picture, folder) -> int | None:
    """Tell which file an image shows, whatever its mode and scale."""
    array = as_array(picture, "the image")
    if isinstance(picture, Image.Image):
        array = np.asarray(picture.convert("RGB"))
    array = array.astype(float)
    array = 255 * array if array.max() <= 1 else array
    for index in range(len(folder.pairs)):
        truth = folder.image(index)
        grey, truth_grey = (each if each.ndim == 2 else each[..., :3].mean(axis=-1) for each in (array, truth))
        luma = np.asarray(Image.fromarray(truth).convert("L"))
        if grey.shape == luma.shape and min(_gap(grey, truth_grey), _gap(grey, luma)) < 2 * SAME:
            return index
    return None


def _which_mask(mask, folder) -> str:
    """Name the file that a mask comes from, or nothing; the sizes of all pictures in that folder differ."""
    for path in folder.mask_dir.glob("*.png"):
        with Image.open(path) as picture:
            if (picture.height, picture.width) == mask.shape:
                return path.name
    return ""


def _values(array) -> str:
    values = np.unique(array)
    shown = ", ".join(f"{value:.4g}" for value in values[:4].astype(float))
    return f"the values {shown}{' and more' if len(values) > 4 else ''}"


def _name(index, folder) -> str:
    return "none of the folder's images" if index is None else f"{folder.pairs[index].stem}.jpg"


def _why_length(found, folder, dataset_path) -> str:
    everything = sorted(folder.image_dir.iterdir())
    pictures = [path for path in everything if path.suffix in (".jpg", ".png")]
    causes = {
        len(everything): " All files of the folder count as samples.",
        len(folder.all_masks): " The masks are counted, or the two folders are swapped.",
        len(list(folder.mask_dir.glob("*.png"))): " The masks are counted, or the two folders are swapped.",
        len(pictures): " A .png, or a name with `.jpg` in its middle, is counted, too.",
        len(
            list(Path(dataset_path).glob("*.jpg"))
        ): " That is what `dataset_path` holds: does the class use `image_dir`?",
        0: " Where does the class look for them?",
    }
    more = " More than the folder has files: does each dataset keep a list of its own, in `self`?"
    return causes.get(found, more if found > len(everything) else "")


def _why_image(shown, image, mask, folder, again) -> str:
    if shown is not None and again != shown:
        return f" Read again, it shows {_name(again, folder)}: is the index used?"
    if shown is not None:
        return " Folders list their files in no particular order."
    image, mask = as_array(image, "the image"), as_array(mask, "the mask")
    if _which(mask, folder) is not None:
        return " Image and mask are exchanged: the image comes first."
    if image.ndim == 3 and image.shape[0] == 3:
        return " Without a transform the image comes out as it was opened, channels last."
    return f" What comes out has shape {image.shape}."


EXERCISE = Exercise(
    number=1,
    title="A dataset of images and masks",
    answers=("ISICDataset", "ds", "dataset_path", "mask_path"),
    fixtures=(folder, dataset),
    criteria=(lists_the_images_by_name, opens_images_as_rgb, pairs_masks_by_name, applies_each_transform, makes_ds),
)
