"""One image and its mask, decoded and shrunk together."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

from utils.data.errors import DamagedPictureError, PairingError

__all__ = ["shrink_pair", "size_of"]

JPEG_QUALITY = 95


def size_of(path: Path) -> tuple[int, int]:
    """Read width and height of a picture in pixels, without decoding it.

    Raises
    ------
    DamagedPictureError
        If it cannot be read.
    """
    with _naming(path), Image.open(path) as picture:
        return picture.size


def shrink_pair(image: Path, mask: Path, image_target: Path, mask_target: Path, longest_side: int) -> None:
    """Write copies of an image and its mask that are at most so large; they keep their shape, and each other's size.

    Images are averaged down (bicubic, after Pillow's `draft` has let the JPEG decoder skip most of the work); masks
    are sampled, so that they hold no values that were not there before.

    Parameters
    ----------
    image, mask : Path
        The originals, of equal size. If they are small enough they are copied as they are.
    image_target, mask_target : Path
        Written: a JPEG in RGB, and a PNG in mode "L".
    longest_side : int
        In pixels.

    Raises
    ------
    DamagedPictureError
        If one of them cannot be read.
    PairingError
        If they differ in size.
    """
    size, mask_size = size_of(image), size_of(mask)
    if size != mask_size:
        raise PairingError(
            f"{image.name} has {size[0]} × {size[1]} pixels, its mask {mask_size[0]} × {mask_size[1]}. Delete both "
            "folders and download them again; nothing was prepared."
        )
    if max(size) <= longest_side:
        shutil.copyfile(image, image_target)
        shutil.copyfile(mask, mask_target)
        return
    with _naming(image), Image.open(image) as picture:
        picture.thumbnail((longest_side, longest_side), reducing_gap=2.0)
        shrunk = picture.convert("RGB")
    shrunk.save(image_target, quality=JPEG_QUALITY)
    with _naming(mask), Image.open(mask) as picture:
        sampled = picture.convert("L").resize(shrunk.size, Image.Resampling.NEAREST)
    sampled.save(mask_target)


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Name the picture that cannot be read."""
    try:
        yield
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:  # all of which Pillow raises
        raise DamagedPictureError(
            f"{path} cannot be read as a picture ({error}). Delete its folder, then run the download cell again; "
            "nothing was prepared."
        ) from error
