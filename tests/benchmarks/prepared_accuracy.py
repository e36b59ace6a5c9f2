"""What prepared copies cost in accuracy: ``python -m tests.benchmarks.prepared_accuracy``, about a minute.

Pictures are drawn at full size, so that outlines are as fine as the pixels. What a network sees at 64 and 128 pixels
is compared with what it would have seen from the originals, and masks are compared at full size, too.
"""

import tempfile
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from utils.data import prepare_images
from utils.data.sample import draw_pair

COUNT, LONGEST_SIDE = 12, 2048  # pixels


def main() -> None:
    """Draw, prepare, compare, print."""
    with tempfile.TemporaryDirectory() as folder:
        originals = Path(folder, "images"), Path(folder, "masks")
        for each in originals:
            each.mkdir()
        for number in range(COUNT):
            image, mask = draw_pair(9_002_000 + number, LONGEST_SIDE)
            image.save(originals[0] / f"ISIC_{number:07d}.jpg", quality=92)
            mask.save(originals[1] / f"ISIC_{number:07d}_Segmentation.png")
        prepared = prepare_images(*originals)
        print(f"{COUNT} drawn pairs, {LONGEST_SIDE} pixels on the longer side, prepared with the defaults")
        for side in (64, 128):
            images = [_differences(*paths, "RGB", side) for paths in _both(originals[0], prepared.images)]
            masks = [np.mean(_differences(*paths, "L", side) > 0.5) for paths in _both(originals[1], prepared.masks)]
            level, share = 255 * np.mean(images), np.mean(masks)
            print(
                f"seen at {side} pixels: images differ by {level:.2f} of 255 grey levels, masks in {share:.2%} of pixels"
            )
        pairs = list(_both(originals[1], prepared.masks))
        copies = [_dice(_mask(original), _enlarged(_mask(copy), _mask(original).size)) for original, copy in pairs]
        print(f"masks enlarged again: Dice {np.mean(copies):.4f}, worst {min(copies):.4f}")
        for side in (64, 128):
            small = [
                _dice(_mask(one), _enlarged(_enlarged(_mask(one), (side, side)), _mask(one).size)) for one, _ in pairs
            ]
            print(f"the same through {side} × {side} pixels: Dice {np.mean(small):.4f}, worst {min(small):.4f}")


def _both(originals: Path, copies: Path):
    return [(path, copies / path.name) for path in sorted(originals.iterdir())]


def _mask(path: Path) -> Image.Image:
    with Image.open(path) as picture:
        return picture.convert("L")


def _enlarged(mask: Image.Image, size: tuple[int, int]) -> Image.Image:
    return mask.resize(size, Image.Resampling.NEAREST)


def _differences(original: Path, copy: Path, mode: str, side: int) -> np.ndarray:
    """Compare what the solution's pipeline makes of both; 0 to 1."""
    seen = []
    for path in (original, copy):
        with Image.open(path) as picture:
            pixels = np.array(picture.convert(mode))
        how = cv2.INTER_AREA if mode == "RGB" else cv2.INTER_NEAREST
        seen.append(cv2.resize(pixels, (side, side), interpolation=how).astype(float) / 255)
    return np.abs(seen[0] - seen[1])


def _dice(one: Image.Image, other: Image.Image) -> float:
    first, second = np.asarray(one) > 128, np.asarray(other) > 128
    return float(2 * np.sum(first & second) / (np.sum(first) + np.sum(second)))


if __name__ == "__main__":
    main()
