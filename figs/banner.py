"""The course's banner: from a lesion's image through a pretrained encoder and a new decoder to its outline."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from figs.blocks import Box, arrow, cuboid, label, picture
from figs.lesion import contour, draw_lesion
from figs.style import FROZEN, NEW, SKIP, blank

__all__ = ["draw"]

HEIGHT = 230
NIGHT = "#10243A"
PALE = "#C9D8E6"
MIDDLE = 127.5  # y of the network's axis
TALL, WIDE = (112, 84, 62, 44), (8, 11, 15, 20)  # drawn size of the slabs, from the outside to the middle
START, GAP = 506, 9  # x of the first slab, space between slabs
ARCS = (30, 45, 60)  # y of the skip connections' upper run


def draw() -> Figure:
    """Draw the title on the left and the idea on the right, on a dark ground."""
    figure, axes = blank(HEIGHT, paper=NIGHT)
    label(axes, (36, 84), "Transfer Learning", size=35, bold=True, colour="#FFFFFF", align="left")
    label(axes, (37, 130), "for medical image segmentation", size=18, colour=PALE, align="left")
    label(axes, (37, 172), "ISIC 2016  ·  U-Net  ·  EfficientNet-B0", size="strong", colour=NEW.fill, align="left")
    _pictures(axes, _network(axes))
    return figure


def _network(axes: Axes) -> list[Box]:
    """Draw the encoder's slabs, the decoder's and the skip connections between equals."""
    slabs, left = [], START
    for level, tone in [(level, FROZEN) for level in range(4)] + [(level, NEW) for level in reversed(range(4))]:
        slabs.append(cuboid(axes, left, MIDDLE, (WIDE[level], TALL[level]), tone=tone))
        left = slabs[-1].right + GAP
    for level, y in enumerate(ARCS):
        start, end = slabs[level], slabs[-1 - level]
        up, down = start.right - WIDE[level] / 2, end.right - WIDE[level] / 2  # the middles of the slabs' back edges
        arrow(axes, [(up, start.top), (up, y), (down, y), (down, end.top)], colour=SKIP.fill)
    return slabs


def _pictures(axes: Axes, slabs: list[Box]) -> None:
    """Draw the image going in and, with the lesion outlined, coming out."""
    image, side = draw_lesion().image, 75
    before = picture(axes, Box(410, MIDDLE - side / 2, 410 + side, MIDDLE + side / 2), image, edge=PALE)
    left = slabs[-1].right + START - before.right
    after = picture(axes, Box(left, before.top, left + side, before.bottom), image, edge=PALE)
    points = contour() * side + np.array([after.left, after.top])
    for colour, width in ((NIGHT, 3.6), (NEW.fill, 2.0)):
        axes.add_patch(Polygon(points, closed=True, fc="none", ec=colour, lw=width, zorder=3))
    arrow(axes, [before.east, slabs[0].west], colour=PALE)
    arrow(axes, [slabs[-1].east, after.west], colour=PALE)
