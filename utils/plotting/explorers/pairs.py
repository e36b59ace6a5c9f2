"""Images and masks as files hold them, small enough to be transformed again and again."""

import numpy as np
from PIL import Image

from utils.ml.errors import BatchError, OptionError
from utils.ml.options import check_answers

__all__ = ["Pair", "take_pairs"]

LONGEST_SIDE = 320  # pixels; enough for any transform of the workshop, and twenty times faster than a full-size image

Pair = tuple[np.ndarray, np.ndarray]


def take_pairs(dataset, count: int) -> list[Pair]:
    """Take the first images and masks of a dataset without transforms.

    Returns
    -------
    list of (ndarray (H, W, 3) uint8, ndarray (H, W) uint8)
        The mask holds 0 and 1; no side is longer than 320 pixels.

    Raises
    ------
    MissingAnswerError, BatchError, OptionError
        If the dataset is still ``...``, gives something other than PIL images, or is empty.
    """
    check_answers(dataset=dataset)
    pairs = [_read(dataset[index]) for index in range(min(count, len(dataset)))]
    if not pairs:
        raise OptionError("`dataset` holds no images.")
    return pairs


def _read(item: object) -> Pair:
    if not (isinstance(item, tuple) and len(item) == 2 and all(isinstance(part, Image.Image) for part in item)):
        raise BatchError(
            "`dataset` has to give pairs of PIL images, as your ISICDataset does when it is made without transforms."
        )
    image, mask = item[0].convert("RGB"), item[1].convert("L")
    scale = min(1.0, LONGEST_SIDE / max(image.size))
    size = tuple(max(1, round(side * scale)) for side in image.size)
    values = np.array(mask.resize(size, Image.Resampling.NEAREST))
    half = 0.5 if values.max() <= 1 else 127.5
    return np.array(image.resize(size, Image.Resampling.BOX)), (values > half).astype(np.uint8)
