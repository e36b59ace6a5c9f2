"""Why image and mask are transformed in one call: a flip of the image alone leaves the mask in the wrong place."""

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from figs.blocks import Box, label, panel, picture
from figs.dice_overlap import Overlap
from figs.icons import cross, tick
from figs.lesion import contour, draw_lesion
from figs.style import INK, MUTED, NEUTRAL, SKIP, WRONG, Tone, blank

__all__ = ["draw"]

HEIGHT = 672
CELL = 160  # drawn side of a picture
ROWS = (80, 255, 430)  # y of each row of pictures
COLUMNS = (170, 425, 680)  # x of each column of pictures


@dataclass(frozen=True)
class Pair:
    """An image with the mask it is given: which of the two were flipped, and how the column presents it."""

    title: str
    image_flipped: bool
    mask_flipped: bool
    tone: Tone
    code: str


PAIRS = (
    Pair("Original", False, False, NEUTRAL, "image, mask"),
    Pair("Flipped together", True, True, SKIP, "transform(image=image, mask=mask)"),
    Pair("Image flipped alone", True, False, WRONG, "transform(image=image)"),
)


def draw() -> Figure:
    """Draw image, mask and both together for the original, the right and the wrong flip."""
    figure, axes = blank(HEIGHT)
    for row, name in zip(ROWS, ("image", "mask", "mask’s outline\non the image"), strict=True):
        label(axes, (122, row + CELL / 2), name, align="right", bold=True)
    for left, pair in zip(COLUMNS, PAIRS, strict=True):
        _column(axes, left, pair)
    return figure


def _column(axes: Axes, left: float, pair: Pair) -> None:
    """Draw one pair: its pictures, its title and how well the mask covers the lesion."""
    area = Box(left - 36, 18, left + CELL + 36, 654)
    panel(axes, area, tone=pair.tone)
    middle = left + CELL / 2
    label(axes, (middle, 48), pair.title, size="heading", bold=True, colour=pair.tone.text)
    lesion = draw_lesion()
    image, mask = _flip(lesion.image, pair.image_flipped), _flip(lesion.mask, pair.mask_flipped)
    boxes = [Box(left, top, left + CELL, top + CELL) for top in ROWS]
    picture(axes, boxes[0], image)
    picture(axes, boxes[1], mask.astype(np.uint8) * 255)
    picture(axes, boxes[2], image)
    _outline(axes, boxes[2], pair)
    _verdict(axes, middle, pair, Overlap(_flip(lesion.mask, pair.image_flipped), mask))


def _flip(pixels: np.ndarray, flipped: bool) -> np.ndarray:
    """Return the pixels, mirrored left to right if `flipped`."""
    return pixels[:, ::-1] if flipped else pixels


def _outline(axes: Axes, box: Box, pair: Pair) -> None:
    """Draw the outline of the mask the pair holds."""
    points = contour()
    x = 1 - points[:, 0] if pair.mask_flipped else points[:, 0]
    corners = np.stack([box.left + x * CELL, box.top + points[:, 1] * CELL], axis=1)
    for colour, width in (("#FFFFFF", 4.2), (pair.tone.edge if pair.tone is not NEUTRAL else INK, 2.0)):
        patch = Polygon(corners, closed=True, fc="none", ec=colour, lw=width, joinstyle="round", zorder=3)
        axes.add_patch(patch).set_clip_on(False)


def _verdict(axes: Axes, middle: float, pair: Pair, overlap: Overlap) -> None:
    """Say in numbers and by a sign whether the mask still marks the lesion."""
    label(axes, (middle, 612), f"mask covers lesion: Dice {overlap.dice:.2f}", bold=True, colour=pair.tone.text)
    label(axes, (middle, 634), pair.code, size="small", colour=MUTED)
    sign = {SKIP: tick, WRONG: cross}.get(pair.tone)
    if sign:
        sign(axes, (middle + CELL / 2, ROWS[2]), radius=14)
