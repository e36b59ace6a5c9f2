"""Pictures as large as the archive's, made from the sample: enlarged, with the grain of a camera."""

from pathlib import Path

import numpy as np
from PIL import Image

from utils.data.sample import draw_pair

__all__ = ["SIZES", "draw_large_pairs"]

# Widths and heights as in ISIC 2016, the frequent ones more often.
SIZES = [(1022, 767)] * 6 + [(1504, 1129)] * 2 + [(2048, 1536)] * 2 + [(3008, 2000), (4288, 2848)]
GRAIN = 4  # grey levels


def draw_large_pairs(folder: Path) -> tuple[Path, Path]:
    """Write one pair for each of `SIZES`, and return the folders of images and masks."""
    images, masks = folder / "images", folder / "masks"
    for each in (images, masks):
        each.mkdir(parents=True)
    for number, size in enumerate(SIZES):
        image, mask = draw_pair(9_001_000 + number)
        rng = np.random.default_rng(number)
        grain = rng.normal(0, GRAIN, (size[1], size[0], 1)).astype(np.float32)
        pixels = np.asarray(image.resize(size, Image.Resampling.BICUBIC), np.float32) + grain
        picture = Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
        picture.save(images / f"ISIC_{number:07d}.jpg", quality=90)
        mask.resize(size, Image.Resampling.NEAREST).save(masks / f"ISIC_{number:07d}_Segmentation.png")
    return images, masks
