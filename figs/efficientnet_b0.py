"""EfficientNet-B0 stage by stage, with the slices exercise 11 cuts from it, and what an MBConv block does inside."""

from collections.abc import Callable

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from figs.blocks import Box, arrow, cuboid, label, line, panel, picture, tag
from figs.lesion import draw_lesion
from figs.networks import (
    EFFICIENTNET_B0,
    ENCODER,
    FEATURE_CHANNELS,
    IMAGENET_CLASSES,
    IMAGENET_SIDE,
    SIDE,
    Stage,
    side_after,
)
from figs.style import FROZEN, INK, LINE, MUTED, NEUTRAL, SKIP, blank

__all__ = ["draw"]

HEIGHT = 580
FIRST, PITCH = 108, 69  # x of the first stage's column, width of each
TOP, MIDDLE, TABLE, ROW, FOOT = 18, 120, 208, 21, 374  # y: panels, slabs, table's first row and step, panels' foot
TALL = {112: 108, 56: 84, 28: 66, 14: 52, 7: 40}  # drawn height by height in pixels
WIDE = (10, 8, 9, 12, 16, 20, 25, 32, 34)  # drawn width by channels
ROWS = (
    ("features[…]", lambda index, stage: str(index)),
    ("block", lambda index, stage: stage.name),
    ("kernel", lambda index, stage: f"{stage.kernel} × {stage.kernel}"),
    ("repeats", lambda index, stage: str(stage.repeats)),
    ("stride", lambda index, stage: str(stage.stride)),
    ("channels", lambda index, stage: str(stage.channels)),
    (f"{IMAGENET_SIDE} px →", lambda index, stage: str(side_after(index, IMAGENET_SIDE))),
    (f"{SIDE} px →", lambda index, stage: str(side_after(index, SIDE))),
)
BOLD = {"features[…]", "channels"}


def draw() -> Figure:
    """Draw the network over a table of its stages, and an MBConv block below."""
    figure, axes = blank(HEIGHT)
    _panels(axes)
    _rules(axes)
    _classifier(axes, _stages(axes))
    for row, (name, value) in enumerate(ROWS):
        _table_row(axes, TABLE + row * ROW, name, value)
    _block(axes)
    return figure


def _column(index: int) -> Box:
    """Return the column of a stage, from the panels' top to their foot."""
    return Box(FIRST + index * PITCH, TOP, FIRST + (index + 1) * PITCH, FOOT)


def _panels(axes: Axes) -> None:
    """Lay a panel behind each encoder level and a dashed one behind what a U-Net leaves out."""
    for level in ENCODER:
        area = Box(_column(level.first).left + 2, TOP, _column(level.last).right - 2, FOOT)
        panel(axes, area, tone=FROZEN, radius=8)
        label(axes, (area.centre[0], TOP + 18), level.name, size="strong", bold=True, colour=FROZEN.text)
    area = Box(_column(len(EFFICIENTNET_B0) - 1).left + 3, TOP, 884, FOOT)
    panel(axes, area, tone=NEUTRAL, radius=8, dashed=True)
    label(axes, (area.centre[0], TOP + 18), "not in the U-Net", size="strong", bold=True, colour=MUTED)


def _rules(axes: Axes) -> None:
    """Draw a hairline between the slabs and the table, and between sizes and the rest."""
    for y in (TABLE - 16, TABLE + 5.5 * ROW):
        line(axes, [(16, y), (884, y)], colour=LINE, width=0.8)


def _stages(axes: Axes) -> Box:
    """Draw each stage's maps and the arrows between them; return the last."""
    image = picture(axes, Box(15, MIDDLE - 40, 95, MIDDLE + 40), draw_lesion().image)
    label(axes, (image.centre[0], image.top - 14), "image", size="small")
    start = image.east
    for index, width in enumerate(WIDE):
        tall = TALL[side_after(index, IMAGENET_SIDE)]
        left = _column(index).centre[0] - (width + 0.15 * tall) / 2
        tone = FROZEN if index <= ENCODER[-1].last else NEUTRAL
        box = cuboid(axes, left, MIDDLE, (width, tall), tone=tone)
        arrow(axes, [start, box.west])
        start = box.east
    return box


def _table_row(axes: Axes, y: float, name: str, value: Callable[[int, Stage], str]) -> None:
    """Write one property of every stage."""
    label(axes, (92, y), name, size="small", colour=MUTED, align="right")
    for index, stage in enumerate(EFFICIENTNET_B0):
        colour = INK if index <= ENCODER[-1].last else MUTED
        label(axes, (_column(index).centre[0], y), value(index, stage), size="small", colour=colour, bold=name in BOLD)


def _classifier(axes: Axes, last: Box) -> None:
    """Draw ImageNet's pooling and classifier."""
    pool = tag(axes, Box(748, MIDDLE - 17, 792, MIDDLE + 17), "pool", tone=NEUTRAL, size="small")
    linear = tag(axes, Box(812, MIDDLE - 17, 874, MIDDLE + 17), "Linear", tone=NEUTRAL, size="small")
    arrow(axes, [last.east, pool.west])
    arrow(axes, [pool.east, linear.west])
    text = f"{FEATURE_CHANNELS} → {IMAGENET_CLASSES}\nclasses"
    label(axes, (linear.centre[0] - 6, linear.bottom + 18), text, size="small", colour=MUTED)


def _block(axes: Axes) -> None:
    """Draw the inside of an MBConv6 block."""
    label(axes, (18, 410), "Inside an MBConv6 block", size="strong", bold=True, align="left")
    steps = (
        ("1 × 1 convolution", "widens c to 6c channels\nbatch norm, SiLU"),
        ("depthwise k × k", "one filter per channel, stride\nbatch norm, SiLU"),
        ("squeeze-excitation", "weighs each channel\nby a gate from 0 to 1"),
        ("1 × 1 convolution", "narrows 6c channels\nbatch norm, no activation"),
    )
    y, start = 498, (70, 498)
    for number, (name, text) in enumerate(steps):
        box = tag(axes, Box(110 + number * 178, y - 18, 254 + number * 178, y + 18), name, tone=FROZEN)
        arrow(axes, [start, box.west])
        label(axes, (box.centre[0], y + 44), text, size="small", colour=MUTED)
        start = box.east
    _residual(axes, start, y)


def _residual(axes: Axes, start: tuple[float, float], y: float) -> None:
    """Draw the block's shortcut around its four steps."""
    plus = (826, y)
    arrow(axes, [start, (plus[0] - 11, y)])
    axes.add_patch(Circle(plus, 11, fc="white", ec=INK, lw=1.4, zorder=3))
    line(axes, [(plus[0] - 5, y), (plus[0] + 5, y)], width=1.6)
    line(axes, [(plus[0], y - 5), (plus[0], y + 5)], width=1.6)
    arrow(axes, [(plus[0] + 11, y), (876, y)])
    arrow(axes, [(86, y), (86, y - 44), (plus[0], y - 44), (plus[0], y - 11)], colour=SKIP.edge, width=2.2)
    text = "shortcut: added where stride is 1 and the channels stay the same"
    label(axes, (456, y - 56), text, size="small", colour=SKIP.text)
    label(axes, (46, y), "input", size="small")
