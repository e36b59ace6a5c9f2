"""SE06's banner: from a chest X-ray through a pretrained body and a new head to two probabilities."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from figs.banner import HEIGHT, MIDDLE, NIGHT, PALE
from figs.blocks import Box, arrow, cuboid, label, picture
from figs.chest import draw_xray
from figs.style import FROZEN, NEW, blank

__all__ = ["draw"]

SLABS = ((112, 8), (90, 10), (70, 13), (54, 17), (40, 22))  # drawn height and width, from the image to the features
START, GAP, SIDE = 528, 10, 92
BARS = (("normal", 0.1), ("pneumonia", 0.9))


def draw() -> Figure:
    """Draw the title on the left and the idea on the right, on a dark ground."""
    figure, axes = blank(HEIGHT, paper=NIGHT)
    label(axes, (36, 84), "Transfer Learning", size=35, bold=True, colour="#FFFFFF", align="left")
    label(axes, (37, 130), "for medical image classification", size=18, colour=PALE, align="left")
    label(axes, (37, 172), "PneumoniaMNIST  ·  ResNet-18", size="strong", colour=NEW.fill, align="left")
    xray = picture(axes, Box(418, MIDDLE - SIDE / 2, 418 + SIDE, MIDDLE + SIDE / 2), draw_xray(), edge=PALE)
    head = _network(axes, xray)
    _bars(axes, head)
    return figure


def _network(axes: Axes, xray: Box) -> Box:
    """Draw the body's slabs and the head; return the head's box."""
    left, before = START, xray
    for number, (tall, wide) in enumerate(SLABS):
        slab = cuboid(axes, left, MIDDLE, (wide, tall), tone=FROZEN)
        if number == 0:
            arrow(axes, [before.east, slab.west], colour=PALE)
        left = slab.right + GAP
        before = slab
    head = cuboid(axes, left + 10, MIDDLE, (12, 30), tone=NEW)
    arrow(axes, [before.east, head.west], colour=PALE)
    return head


def _bars(axes: Axes, head: Box) -> None:
    """Draw the two probabilities as bars."""
    left = head.right + 24
    arrow(axes, [head.east, (left - 4, MIDDLE)], colour=PALE)
    for (name, share), y in zip(BARS, (MIDDLE - 28, MIDDLE + 28), strict=True):
        label(axes, (left, y - 10), name, size="small", colour=PALE, align="left")
        for width, colour in ((84, "#2A4058"), (84 * share, NEW.fill)):
            axes.add_patch(Rectangle((left, y), width, 12, fc=colour, ec="none", zorder=2)).set_clip_on(False)
