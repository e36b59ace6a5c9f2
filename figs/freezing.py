"""Why the encoder is frozen first: what the gradients do in three ways of training, one per row."""

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figs.blocks import Box, arrow, cuboid, label, line, panel, tag
from figs.icons import cross, flame, snowflake, tick
from figs.style import FROZEN, NEUTRAL, NEW, SKIP, WRONG, Tone, blank

__all__ = ["ROWS", "draw"]

HEIGHT = 604
TOP, STEP, TALL = 48, 184, 168  # y of the first panel, distance between panels, their height
ENCODER, DECODER, LOSS = (324, 498), (594, 736), (806, 862)  # x of the three parts
SLABS = (46, 36, 28, 20)  # drawn heights, outside to inside


@dataclass(frozen=True)
class Row:
    """One way of training; a gradient is the width of the arrow into a part, 0 where none arrives."""

    title: str
    text: str
    tone: Tone
    encoder: str
    encoder_gradient: float
    between: str
    decoder: str
    decoder_gradient: float


ROWS = (
    Row(
        title="All at once: risky",
        text=(
            "The decoder is random, so what it\n"
            "sends back is large and arbitrary.\n"
            "It overwrites what the encoder\n"
            "learned from ImageNet."
        ),
        tone=WRONG,
        encoder="overwritten",
        encoder_gradient=6,
        between="gradient",
        decoder="random",
        decoder_gradient=6,
    ),
    Row(
        title="First: freeze the encoder",
        text=(
            "requires_grad = False: no weight\n"
            "moves. eval(): batch norm’s running\n"
            "statistics do not move either.\n"
            "The decoder learns on firm ground."
        ),
        tone=FROZEN,
        encoder="frozen",
        encoder_gradient=0,
        between="stopped",
        decoder="learning",
        decoder_gradient=6,
    ),
    Row(
        title="Then: fine-tune everything",
        text=(
            "The decoder has learned; what it\n"
            "sends back makes sense. A learning\n"
            "rate at least 10 times smaller\n"
            "keeps the encoder’s steps small."
        ),
        tone=SKIP,
        encoder="adapting slowly",
        encoder_gradient=1.4,
        between="small steps",
        decoder="learning",
        decoder_gradient=3.5,
    ),
)


def draw() -> Figure:
    """Draw the three rows: text on the left, encoder, decoder and loss with their arrows on the right."""
    figure, axes = blank(HEIGHT)
    for (left, right), name in ((ENCODER, "Encoder"), (DECODER, "Decoder"), (LOSS, "Loss")):
        label(axes, ((left + right) / 2, 26), name, size="strong", bold=True)
    for number, row in enumerate(ROWS):
        _row(axes, TOP + number * STEP, row)
    return figure


def _row(axes: Axes, top: float, row: Row) -> None:
    """Draw one way of training."""
    panel(axes, Box(16, top, 884, top + TALL), tone=row.tone)
    sign = {WRONG: cross}.get(row.tone, tick)
    sign(axes, (42, top + 32), radius=11)
    label(axes, (62, top + 32), row.title, size="heading", bold=True, colour=row.tone.text, align="left")
    label(axes, (32, top + 100), row.text, align="left")
    middle = top + TALL / 2
    encoder = _part(axes, ENCODER, middle, SLABS, WRONG if row.tone is WRONG else FROZEN)
    decoder = _part(axes, DECODER, middle, SLABS[:0:-1], NEW)
    loss = tag(axes, Box(LOSS[0], middle - 24, LOSS[1], middle + 24), "Dice", tone=NEUTRAL)
    _arrows(axes, row, (encoder, decoder, loss), middle)
    _signs(axes, row, encoder, decoder)


def _part(axes: Axes, span: tuple[float, float], middle: float, heights: tuple[int, ...], tone: Tone) -> Box:
    """Draw a half of the network: a box with its feature maps shrinking or growing inside."""
    box = tag(axes, Box(span[0], middle - 54, span[1], middle + 54), tone=tone)
    start = box.centre[0] - (28 * (len(heights) - 1) + 14) / 2
    for number, height in enumerate(heights):
        cuboid(axes, start + 28 * number, middle - 14, (10, height), tone=tone)
    return box


def _arrows(axes: Axes, row: Row, parts: tuple[Box, Box, Box], middle: float) -> None:
    """Draw the forward pass above and the gradient below, as thick as it is large."""
    encoder, decoder, loss = parts
    for start, end in ((encoder, decoder), (decoder, loss)):
        arrow(axes, [(start.right, middle - 16), (end.left, middle - 16)])
    y, colour = middle + 16, WRONG.edge if row.tone is WRONG else NEW.edge
    arrow(axes, [(loss.left, y), (decoder.right, y)], colour=colour, width=row.decoder_gradient)
    gap = (encoder.right + decoder.left) / 2
    if row.encoder_gradient:
        arrow(axes, [(decoder.left, y), (encoder.right, y)], colour=colour, width=row.encoder_gradient)
    else:
        line(axes, [(decoder.left, y), (gap, y)], colour=colour, width=row.decoder_gradient)
        line(axes, [(gap, y - 14), (gap, y + 14)], colour=FROZEN.edge, width=4)
    label(axes, (gap, middle - 28), "forward", size="small")
    label(axes, (gap, y + 24), row.between, size="small", colour=FROZEN.text if not row.encoder_gradient else colour)


def _signs(axes: Axes, row: Row, encoder: Box, decoder: Box) -> None:
    """Mark each part as frozen or trained and say in what state its weights are."""
    tone = WRONG if row.tone is WRONG else NEW
    for box, text, gradient in ((encoder, row.encoder, row.encoder_gradient), (decoder, row.decoder, 1)):
        y = box.bottom - 19
        label(axes, (box.centre[0] + 10, y), text, bold=True)
        sign = (box.left + 22, y)
        if gradient:
            flame(axes, sign, radius=10, fill=tone.fill, edge=tone.edge)
        else:
            snowflake(axes, sign, radius=11)
