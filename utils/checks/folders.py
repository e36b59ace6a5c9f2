"""Folders of images and masks that a check makes for itself, shaped so that each common mistake shows."""

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

__all__ = ["Pair", "PairFolder", "dataset_on", "pair_folder"]


@dataclass(frozen=True)
class Pair:
    """One image with its mask.

    Attributes
    ----------
    stem : str
        Name of the image file without its suffix.
    size : tuple of int
        Width and height in pixels.
    image_mode : str
        ``"RGB"``, or ``"L"`` for a JPEG that is stored in grey.
    mask_kind : str
        ``"0/255"``, ``"0/1"``, ``"soft"`` (grey edges), ``"rgb"`` (0/255 in three channels), ``"empty"`` (0 only),
        ``"full"`` (1 only) or ``"cloudy"`` (much grey below half, and some 1).
    """

    stem: str
    size: tuple[int, int]
    image_mode: str = "RGB"
    mask_kind: str = "0/255"


PAIRS = (
    Pair("ISIC_0000003", (60, 44)),
    Pair("ISIC_0000007", (44, 52), image_mode="L"),
    Pair("ISIC_0000011", (48, 48), mask_kind="soft"),
    Pair("ISIC_0000018", (40, 64), mask_kind="0/1"),
    Pair("ISIC_0000025", (52, 60)),
    Pair("ISIC_0000036", (56, 40), mask_kind="soft"),
    Pair("ISIC_0000042", (64, 40), mask_kind="rgb"),
)
"""Sorted by name. Sizes differ, so that a wrong pairing shows by size alone."""

_MASKS_WITHOUT_IMAGE = (Pair("ISIC_0000001", (36, 30)), Pair("ISIC_0000009", (30, 36)))
"""Each would shift a pairing by position."""
_STRAYS = ("notes.txt", "ISIC_0000005_superpixels.png", "Thumbs.db", "ISIC_0000018.jpg.part")
_STRAY_PICTURE = "ISIC_0000025_Attribute.png", (38, 34)
"""Beside the masks: begins like one, comes before it by name, and is none. Name and size."""


@dataclass(frozen=True)
class PairFolder:
    """Where the images and masks lie, and what is in them.

    Attributes
    ----------
    image_dir, mask_dir : Path
    pairs : tuple of Pair
        Sorted by name.
    masks_without_image : tuple of Pair
    """

    image_dir: Path
    mask_dir: Path
    pairs: tuple[Pair, ...] = PAIRS
    masks_without_image: tuple[Pair, ...] = _MASKS_WITHOUT_IMAGE

    @property
    def all_masks(self) -> tuple[Pair, ...]:
        """Every mask in `mask_dir`, also those without an image."""
        return (*self.pairs, *self.masks_without_image)

    def image(self, index: int) -> np.ndarray:
        """Return an image as stored, shape (H, W, 3), 0 to 255."""
        with Image.open(self.image_dir / f"{self.pairs[index].stem}.jpg") as image:
            return np.asarray(image.convert("RGB"))

    def mask(self, index: int) -> np.ndarray:
        """Return a mask as stored, shape (H, W), on the file's own scale."""
        with Image.open(self.mask_dir / f"{self.pairs[index].stem}_Segmentation.png") as mask:
            return np.asarray(mask.convert("L"))

    def binary_mask(self, index: int) -> np.ndarray:
        """Return which pixels are lesion, shape (H, W)."""
        return self.mask(index) > (0 if self.pairs[index].mask_kind in ("0/1", "full") else 127)


@contextlib.contextmanager
def pair_folder(*more: Pair) -> Iterator[PairFolder]:
    """Write the pairs into a temporary folder, in an order that is not sorted, beside files that do not belong.

    Parameters
    ----------
    *more : Pair
        Written, too; their names come after those of `PAIRS`.
    """
    with tempfile.TemporaryDirectory(prefix="workshop-check-") as root:
        # Not named as the downloaded folders are: who derives one path from the other shows.
        folder = PairFolder(Path(root) / "photographs", Path(root) / "outlines", (*PAIRS, *more))
        folder.image_dir.mkdir()
        folder.mask_dir.mkdir()
        for number in sorted(range(len(folder.pairs)), key=lambda number: (number * 5 + 2) % len(folder.pairs)):
            _write_pair(folder, number)
        for pair in _MASKS_WITHOUT_IMAGE:
            Image.new("L", pair.size).save(folder.mask_dir / f"{pair.stem}_Segmentation.png")
        for name in _STRAYS:
            (folder.image_dir / name).write_text("not an image")
        name, size = _STRAY_PICTURE
        Image.new("L", size).save(folder.mask_dir / name)
        (folder.mask_dir / "readme.txt").write_text("not a mask")
        yield folder


def dataset_on(folder: PairFolder, cls: type, *args, **kwargs):
    """Build a student's dataset on the folder, with paths as text if it cannot do with `Path`.

    Parameters
    ----------
    folder : PairFolder
    cls : type
        Takes the two folders, then `args` and `kwargs`.
    """
    for convert in (Path, str):
        try:
            dataset = cls(convert(folder.image_dir), convert(folder.mask_dir), *args, **kwargs)
            dataset[0]  # some join folder and name only now
        except (TypeError, AttributeError):
            continue
        except Exception:  # noqa: BLE001 - raised again, in its place, by who reads the dataset
            break
        return dataset
    return cls(folder.image_dir, folder.mask_dir, *args, **kwargs)


def _write_pair(folder: PairFolder, number: int) -> None:
    pair = folder.pairs[number]
    image, lesion = _draw(pair.size, number)
    Image.fromarray(image).convert(pair.image_mode).save(folder.image_dir / f"{pair.stem}.jpg", quality=95)
    _mask(lesion, pair.mask_kind).save(folder.mask_dir / f"{pair.stem}_Segmentation.png")


def _draw(size: tuple[int, int], number: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw an image whose red tells the column and green the row, and a lesion in one corner of it."""
    width, height = size
    across, down = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    image = np.stack([30 + 200 * across, 30 + 200 * down, np.full_like(down, 20 + 10 * number)], axis=-1)
    return image.astype(np.uint8), (across < 0.45) & (down < 0.35)


def _mask(lesion: np.ndarray, kind: str) -> Image.Image:
    if kind == "0/1":
        return Image.fromarray(lesion.astype(np.uint8))
    mask = Image.fromarray((255 * lesion).astype(np.uint8))
    if kind in ("empty", "full"):
        return Image.new("L", mask.size, int(kind == "full"))
    if kind == "cloudy":
        levels = np.asarray(mask).copy()
        height, width = levels.shape
        # So much of it that a threshold taken from the values themselves falls below.
        levels[: 3 * height // 4, width // 2 :] = 120
        levels[-3:] = 1
        return Image.fromarray(levels)
    if kind == "rgb":
        return mask.convert("RGB")
    if kind == "soft":
        # Four grey steps over the border; none of them near the middle, so that > and >= cut alike.
        levels = np.asarray(mask).astype(int)
        row = int(lesion.any(axis=1).sum())
        levels[row - 2 : row + 2, lesion.any(axis=0)] = np.array([[220], [160], [95], [40]])
        return Image.fromarray(levels.astype(np.uint8))
    return mask
