"""What the two U-shaped networks have in common: how a decoder level joins its skip connection."""

from matplotlib.axes import Axes

from figs.blocks import Box, arrow, cuboid, label
from figs.style import MUTED, NEW, SKIP

__all__ = ["climb", "front"]

STEP = 28  # length of the arrow between a level's concatenated and convolved maps


def front(box: Box, width: float) -> float:
    """Return the x of the middle of a feature map's front, `width` pixels wide."""
    return box.left + width / 2


def climb(
    axes: Axes, below: Box, x: float, skip: Box, *, middle: float, size: tuple[float, float], channels: int
) -> Box:
    """Draw one decoder level: maps raised from `below` at `x`, joined with those of `skip`, then convolved.

    Returns the convolved maps' outline; `size` is the width and height of one of the three slabs.
    """
    left = x - size[0] / 2
    copied = cuboid(axes, left - size[0], middle, size, tone=SKIP)
    raised = cuboid(axes, left, middle, size, tone=NEW, faded=True)
    arrow(axes, [(x, below.top + 3), (x, raised.bottom)], colour=NEW.edge, dashed=True)
    arrow(axes, [skip.east, copied.west], colour=SKIP.edge, width=2.2)
    convolved = cuboid(axes, raised.right + STEP, middle, size, tone=NEW)
    arrow(axes, [raised.east, convolved.west])
    above = ((copied.left + raised.right) / 2, raised.top - 12)
    label(axes, above, f"{channels} + {channels}", size="small", colour=MUTED)
    label(axes, (front(convolved, size[0]), convolved.bottom + 13), str(channels), bold=True)
    return convolved
