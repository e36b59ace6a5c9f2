"""Exercise 1: a dataset of images and masks."""

from pathlib import Path

import numpy as np
from PIL import Image
from torch.utils.data import Dataset
from torchvision import transforms

from utils.checks.datasets import as_array, expect_image_and_mask, item_of, length_of
from utils.checks.folders import pair_folder
from utils.core.exercise import Exercise, criterion
from utils.core.expect import Mismatch, describe, expect, expect_class

SIDE = 64
SAME = 3.0  # largest mean difference of two decodings of one JPEG, on 0 to 255; another image is off by more than 20
SAME_RESIZED = 0.06  # of 1; interpolations differ by less, a crop or another image by more


def folder():
    """Write a folder with the usual traps."""
    with pair_folder() as pairs:
        yield pairs


def dataset(ISICDataset, folder):
    """Build the student's dataset on it, without transforms."""
    expect_class(ISICDataset, "ISICDataset", Dataset)
    return ISICDataset(folder.image_dir, folder.mask_dir)


@criterion(
    points=2,
    hints=(
        "Which files of `image_dir` are images, and in which order does a folder list them?",
        "Take the files that match `*.jpg` and sort them by name; `__len__` counts them.",
    ),
)
def lists_the_images_by_name(dataset, folder):
    """The samples are the `*.jpg` files of `image_dir`, sorted by name; other files are ignored."""
    found, wanted = length_of(dataset, "the dataset"), len(folder.pairs)
    expect(
        found == wanted,
        f"A folder with {wanted} .jpg files, some other files and {wanted + 2} masks gives a dataset of length {found}; "
        f"expected {wanted}.",
    )
    for index in range(wanted):
        shown = _which(as_array(item_of(dataset, index, "the dataset")[0], "the image"), folder)
        expect(
            shown == index,
            f"Sample {index} shows {_name(shown, folder)}; sorted by name it is {folder.pairs[index].stem}.jpg.",
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
        image = as_array(item_of(dataset, index, "the dataset")[0], "the image")
        stem, truth = folder.pairs[index].stem, folder.image(index)
        kind = "stored in grey" if folder.pairs[index].image_mode == "L" else "stored in colour"
        expect(
            image.shape == truth.shape,
            f"{stem}.jpg, {kind}, comes out as an array of shape {image.shape}; as RGB it is {truth.shape}.",
        )
        swapped = _gap(image[..., ::-1], truth) < SAME and _gap(image, truth) >= SAME
        expect(not swapped, f"The channels of {stem}.jpg come out as blue, green, red; expected red, green, blue.")
        expect(_gap(image, truth) < SAME, f"The image of {stem}.jpg does not have the pixel values of the file.")


@criterion(
    points=3,
    hints=(
        "How do you get from an image's file name to its mask's, without counting files?",
        "Put the mask's path together from the image's stem and `_Segmentation.png`, and open it with mode L.",
    ),
)
def pairs_masks_by_name(dataset, folder):
    """Each image comes with the mask of its own name, opened with one grey channel."""
    for index, pair in enumerate(folder.pairs):
        mask = as_array(item_of(dataset, index, "the dataset")[1], "the mask")
        truth = folder.mask(index)
        expect(
            mask.ndim == 2,
            f"The mask of {pair.stem} comes out as an array of shape {mask.shape}; opened with mode L it is {truth.shape}.",
        )
        expect(
            mask.shape == truth.shape and np.array_equal(mask.astype(float), truth.astype(float)),
            f"{pair.stem}.jpg does not come with {pair.stem}_Segmentation.png as stored (this folder holds "
            f"{len(folder.pairs) + 2} masks for {len(folder.pairs)} images: position does not tell which belong together).",
        )


@criterion(
    points=2,
    hints=(
        "Which transform gets the image and which one the mask, and what if one of them is None?",
        "Apply each only if it was given, and return what it returns.",
    ),
)
def applies_each_transform(ISICDataset, folder):
    """`img_transform` is applied to the image, `mask_transform` to the mask, each only if given."""
    expect_class(ISICDataset, "ISICDataset", Dataset)
    image_spy, mask_spy = _Spy(), _Spy()
    for image_transform, mask_transform in ((image_spy, mask_spy), (image_spy, None), (None, mask_spy)):
        dataset = ISICDataset(
            folder.image_dir, folder.mask_dir, img_transform=image_transform, mask_transform=mask_transform
        )
        image, mask = item_of(dataset, 0, "the dataset")
        _expect_used(image, image_transform, folder.image(0), "image", "img_transform")
        _expect_used(mask, mask_transform, folder.mask(0), "mask", "mask_transform")


@criterion(
    points=1,
    hints=(
        "What does `ds` get for `img_transform` and `mask_transform`?",
        "`resize_transform` goes to both; the folders are `dataset_path` and `mask_path`.",
    ),
)
def makes_ds(ds, ISICDataset, dataset_path, mask_path):
    """`ds` reads the downloaded folders, images and masks resized to 64x64 tensors."""
    expect(isinstance(ds, ISICDataset), f"`ds` is {describe(ds)}, not an `ISICDataset`.")
    files = sorted(Path(dataset_path).glob("*.jpg"))
    expect(len(ds) == len(files), f"`ds` has {len(ds)} samples; the folder holds {len(files)} images.")
    for index in {0, len(files) // 2, len(files) - 1}:
        image, mask = item_of(ds, index, "ds")
        expect_image_and_mask(image, mask, SIDE, f"ds[{index}]")
        mask_file = Path(mask_path) / f"{files[index].stem}_Segmentation.png"
        _expect_resized(image, files[index], "RGB", f"the image of ds[{index}]")
        _expect_resized(mask, mask_file, "L", f"the mask of ds[{index}]")


class _Spy:
    """A transform that remembers what it got and returns something only it could have made."""

    def __call__(self, picture):
        self.got = as_array(picture, "what a transform gets")
        self.token = object()
        return self.token


def _expect_used(returned, spy, truth, what, name) -> None:
    if spy is None:
        array = as_array(returned, f"the {what}")
        same = array.shape == truth.shape and _gap(array, truth) < SAME
        expect(same, f"With `{name}=None` the {what} does not come out as it is stored.")
        return
    got = getattr(spy, "got", None)
    expect(got is not None, f"`{name}` is never applied.")
    expect(got.shape == truth.shape and _gap(got, truth) < SAME, f"`{name}` is applied to something else than the {what}.")
    expect(returned is spy.token, f"The {what} that comes out is not what `{name}` returned.")


def _expect_resized(tensor, file, mode, of) -> None:
    with Image.open(file) as picture:
        resize = transforms.Compose([transforms.Resize((SIDE, SIDE)), transforms.ToTensor()])
        truth = resize(picture.convert(mode))
    gap = (tensor.double().reshape(truth.shape) - truth).abs().mean().item()
    if not gap <= SAME_RESIZED:
        raise Mismatch(
            f"{of} differs from {file.name} resized to {SIDE}x{SIDE} (on average by {gap:.2f}, on a scale of 0 to 1)."
        )


def _gap(actual, truth) -> float:
    return float(np.abs(actual.astype(float) - truth).mean())


def _which(image, folder) -> int | None:
    """Tell which file an image shows, whatever its channels."""
    grey = image if image.ndim == 2 else image.mean(axis=-1)
    for index in range(len(folder.pairs)):
        truth = folder.image(index).mean(axis=-1)
        if grey.shape == truth.shape and _gap(grey, truth) < 2 * SAME:
            return index
    return None


def _name(index, folder) -> str:
    return "none of the folder's images" if index is None else f"{folder.pairs[index].stem}.jpg"


EXERCISE = Exercise(
    number=1,
    title="A dataset of images and masks",
    answers=("ISICDataset", "ds", "dataset_path", "mask_path"),
    fixtures=(folder, dataset),
    criteria=(lists_the_images_by_name, opens_images_as_rgb, pairs_masks_by_name, applies_each_transform, makes_ds),
)
