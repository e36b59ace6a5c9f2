"""One drawn pair: a dermoscopy-like image and the mask of its lesion."""

import numpy as np
from PIL import Image, ImageFilter

from utils.data.sample.artefacts import add_artefacts
from utils.data.sample.canvas import Canvas, smoothstep
from utils.data.sample.lesion import add_lesion, draw_border, veiled
from utils.data.sample.skin import draw_skin, lit, seen_through

__all__ = ["draw_pair"]

LONG_SIDES = (192, 224, 256, 288, 320, 352, 384)  # pixels
ASPECTS = (4 / 3, 4 / 3, 3 / 2, 1.35, 16 / 10, 1.0, 3 / 4)


def draw_pair(number: int, longest_side: int | None = None) -> tuple[Image.Image, Image.Image]:
    """Draw the image and the mask of one number; the same number gives the same pair.

    Parameters
    ----------
    number : int
        Which picture; seeds every random choice in it.
    longest_side : int, optional
        How large to draw it, in pixels; chosen by the number if it is left out.

    Returns
    -------
    image : PIL.Image.Image, mode "RGB"
        Between 192 and 384 pixels on its longer side, or as asked for.
    mask : PIL.Image.Image, mode "L"
        Of the image's size; 255 is lesion, 0 is not.
    """
    canvas = _blank(np.random.default_rng(number), longest_side)
    lesion = draw_border(canvas)
    tissue = draw_skin(canvas)
    add_lesion(canvas, tissue, lesion)
    colours = seen_through(tissue)
    if canvas.chance(0.25):
        colours = veiled(canvas, colours, lesion)
    colours = _framed(canvas, lit(canvas, add_artefacts(canvas, colours)))
    return _photographed(canvas, colours), Image.fromarray(np.where(lesion.mask, np.uint8(255), np.uint8(0)))


def _blank(rng: np.random.Generator, longest_side: int | None) -> Canvas:
    longer, aspect = int(rng.choice(LONG_SIDES)), float(rng.choice(ASPECTS))
    longer = longest_side or longer
    shorter = round(longer * min(aspect, 1 / aspect))
    height, width = (shorter, longer) if aspect >= 1 else (longer, shorter)
    return Canvas(rng, height, width)


def _framed(canvas: Canvas, colours: np.ndarray) -> np.ndarray:
    """Darken what lies outside the round field of view of the lens, in one picture of four."""
    if not canvas.chance(0.25):
        return colours
    x, y = canvas.grid
    radius = float(np.hypot(*canvas.extent)) * canvas.between(0.80, 0.95)
    distance = np.hypot(x - canvas.between(-0.04, 0.04), y - canvas.between(-0.04, 0.04))
    seen = 1 - smoothstep(distance, radius - canvas.between(0.02, 0.12), radius)
    return 0.03 + (colours - 0.03) * seen[..., None]


def _photographed(canvas: Canvas, colours: np.ndarray) -> Image.Image:
    """Round to 8 bits, with the softness of the lens and the noise of the sensor."""
    noise = canvas.rng.standard_normal((canvas.height, canvas.width, 1), np.float32)
    pixels = 255 * np.clip(colours + canvas.between(0.004, 0.014) * noise, 0, 1)
    image = Image.fromarray(pixels.astype(np.uint8))
    return image.filter(ImageFilter.GaussianBlur(canvas.between(0.3, 0.9)))
