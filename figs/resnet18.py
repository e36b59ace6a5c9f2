"""ResNet-18 from the image to the classes: its parts, their sizes, and where the parameters are."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figs.blocks import Box, arrow, cuboid, label, line, panel, picture, tag
from figs.chest import draw_xray
from figs.networks import RESNET18
from figs.style import FROZEN, LINE, MUTED, NEUTRAL, NEW, blank

__all__ = ["draw"]

HEIGHT, MIDDLE = 372, 122
COLUMNS = (180, 288, 396, 504, 612)  # x of the middle of each part
WIDTH = 100
SLABS = ((12, 112), (12, 96), (18, 76), (24, 60), (32, 46))  # drawn width and height
HEAD = 828
ROWS = (("channels", 236), ("224 px →", 264), ("64 px →", 292), ("parameters", 326))


def draw() -> Figure:
    """Draw the network above a table with one column for each part."""
    figure, axes = blank(HEIGHT)
    xray = picture(axes, Box(22, MIDDLE - 42, 106, MIDDLE + 42), draw_xray())
    label(axes, (xray.centre[0], xray.top - 14), "image", size="small")
    last = _body(axes, xray)
    _head(axes, last)
    _table(axes)
    return figure


def _body(axes: Axes, before: Box) -> Box:
    """Draw stem and stages, each before its panel; return the last slab."""
    for part, x, (wide, tall) in zip(RESNET18, COLUMNS, SLABS, strict=True):
        panel(axes, Box(x - WIDTH / 2, 16, x + WIDTH / 2, 348), tone=FROZEN)
        label(axes, (x, 36), part.name, size="strong", bold=True, colour=FROZEN.text)
        slab = cuboid(axes, x - wide / 2 - 6, MIDDLE, (wide, tall), tone=FROZEN)
        arrow(axes, [before.east, slab.west])
        before = slab
    return before


def _head(axes: Axes, last: Box) -> None:
    """Draw pooling and the head."""
    pool = tag(axes, Box(684, MIDDLE - 20, 736, MIDDLE + 20), "pool", tone=NEUTRAL)
    panel(axes, Box(HEAD - 62, 16, HEAD + 56, 348), tone=NEW)
    label(axes, (HEAD - 3, 36), "fc, the head", size="strong", bold=True, colour=NEW.text)
    head = tag(axes, Box(HEAD - 44, MIDDLE - 20, HEAD + 38, MIDDLE + 20), "Linear", tone=NEW)
    arrow(axes, [last.east, pool.west])
    arrow(axes, [pool.east, head.west])


def _table(axes: Axes) -> None:
    """Write channels, sizes and parameters under each part."""
    line(axes, [(16, 216), (884, 216)], colour=LINE, width=1.0)
    for name, y in ROWS:
        label(axes, (118, y), name, colour=MUTED, align="right")
    for part, x in zip(RESNET18, COLUMNS, strict=True):
        texts = (part.channels, 224 // part.stride, 64 // part.stride, f"{part.parameters:,}")
        for text, (name, y) in zip(texts, ROWS, strict=True):
            label(axes, (x, y), str(text), bold=name == "parameters")
    for text, (_, y) in zip(("512 → classes", "–", "–", "513 per class"), ROWS, strict=True):
        label(axes, (HEAD - 3, y), text, bold=text.startswith("513"))
