"""Three strategies, one per row: what of ResNet-18 stays as it is and what learns, and how fast."""

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figs.blocks import Box, arrow, label, panel, tag
from figs.icons import flame, snowflake
from figs.style import FROZEN, NEW, SKIP, Tone, blank

__all__ = ["ROWS", "draw"]

HEIGHT, TOP, STEP, TALL = 476, 44, 144, 130
PARTS = ("stem", "layer1", "layer2", "layer3", "layer4", "head")
LEFT, WIDE, GAP = 296, 82, 15


@dataclass(frozen=True)
class Row:
    """One strategy: how many parts, counted from the head, learn, and the rate written under each part."""

    title: str
    text: str
    tone: Tone
    learning: int
    rates: tuple[str, ...]


ROWS = (
    Row(
        "1  Frozen body",
        "The body turns images\ninto features; only\nthe new head learns.",
        FROZEN,
        1,
        ("",) * 5 + ("1e-3",),
    ),
    Row(
        "2  Partly unfrozen",
        "The last stages, the\nmost specific ones,\nlearn with the head.",
        SKIP,
        3,
        ("",) * 3 + ("1e-4",) * 3,
    ),
    Row(
        "3  Everything",
        "Every part learns, the\nearly ones with much\nsmaller steps.",
        NEW,
        6,
        ("1e-5",) * 3 + ("1e-4",) * 2 + ("1e-3",),
    ),
)


def draw() -> Figure:
    """Draw the three rows under the names of the parts."""
    figure, axes = blank(HEIGHT)
    for number, name in enumerate(PARTS):
        label(axes, (_left(number) + WIDE / 2, 24), name, size="strong", bold=True)
    for number, row in enumerate(ROWS):
        _row(axes, TOP + number * STEP, row)
    return figure


def _left(number: int) -> float:
    return LEFT + number * (WIDE + GAP)


def _row(axes: Axes, top: float, row: Row) -> None:
    """Draw one strategy."""
    panel(axes, Box(16, top, 884, top + TALL), tone=row.tone)
    label(axes, (34, top + 28), row.title, size="heading", bold=True, colour=row.tone.text, align="left")
    label(axes, (34, top + 82), row.text, align="left")
    middle, before = top + 54, None
    for number, rate in enumerate(row.rates):
        learns = number >= len(PARTS) - row.learning
        box = Box(_left(number), middle - 34, _left(number) + WIDE, middle + 34)
        tag(axes, box, tone=NEW if learns else FROZEN)
        (flame if learns else snowflake)(axes, (box.centre[0], middle), radius=13)
        label(axes, (box.centre[0], middle + 54), rate or "frozen", size="small")
        if before:
            arrow(axes, [before.east, box.west])
        before = box
