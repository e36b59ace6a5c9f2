"""The U-Net of exercise 11: a frozen EfficientNet-B0 as its left side, a trained decoder as its right side."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figs.blocks import Box, arrow, cuboid, label, panel, picture
from figs.icons import flame, snowflake
from figs.lesion import draw_lesion
from figs.networks import CENTRE_CHANNELS, DECODER, ENCODER, SIDE, Level, millions
from figs.style import FROZEN, INK, NEW, SKIP, blank
from figs.ushape import climb, front

__all__ = ["draw"]

HEIGHT = 700
MIDDLES = (175, 298, 402, 496, 582)  # y of each level
TALL = (112, 88, 70, 54, 42)  # drawn height of a level's maps, for H and W
WIDE = (8, 10, 14, 20, 36)  # drawn width of a level's maps, for channels
LEFT = (206, 252, 300, 350, 404)  # x of each encoder level's maps
CENTRE = (486, 48)  # x and drawn width of the maps between the two sides
FROZEN_PANEL = Box(110, 20, 458, 640)
TRAINED_PANEL = Box(468, 20, 784, 640)


def draw() -> Figure:
    """Draw the network with the channels, sizes and names the exercise uses; mark what is frozen."""
    figure, axes = blank(HEIGHT)
    panel(axes, FROZEN_PANEL, tone=FROZEN)
    panel(axes, TRAINED_PANEL, tone=NEW)
    encoder = [_stage(axes, number, level) for number, level in enumerate(ENCODER)]
    for number in range(1, len(encoder)):
        _descend(axes, number, encoder)
    _ends(axes, encoder[0], _decoder(axes, encoder))
    _headings(axes)
    _legend(axes)
    return figure


def _stage(axes: Axes, number: int, level: Level) -> Box:
    """Draw what an encoder level hands on, and its number of channels."""
    box = cuboid(axes, LEFT[number], MIDDLES[number], (WIDE[number], TALL[number]), tone=FROZEN)
    label(axes, (box.centre[0], box.top - 12), str(level.channels), bold=True)
    size, last = f"{level.side()} × {level.side()}", number == len(ENCODER) - 1
    at = (box.centre[0], box.bottom + 13) if last else (box.right + 34, box.centre[1] - 12)
    label(axes, at, size, size="small", colour=FROZEN.text if last else SKIP.text)
    return box


def _descend(axes: Axes, number: int, encoder: list[Box]) -> None:
    """Draw the arrow from one encoder level to the next and name the stages it stands for."""
    above, here, level = encoder[number - 1], encoder[number], ENCODER[number]
    x = front(above, WIDE[number - 1])
    arrow(axes, [(x, above.bottom), (x, here.centre[1]), here.west], colour=FROZEN.edge, width=2.2)
    label(axes, (x - 10, here.centre[1] - 8), level.name, bold=True, colour=FROZEN.text, align="right")
    label(axes, (x - 10, here.centre[1] + 8), level.features, size="small", colour=FROZEN.text, align="right")


def _decoder(axes: Axes, encoder: list[Box]) -> Box:
    """Draw the centre and the right side from the bottom up; return the topmost maps."""
    left, width = CENTRE
    below = cuboid(axes, left, MIDDLES[-1], (width, TALL[-1]), tone=NEW)
    arrow(axes, [encoder[-1].east, below.west])
    label(axes, (front(below, width), below.bottom + 13), str(CENTRE_CHANNELS), bold=True)
    label(axes, (below.right + 8, below.centre[1]), "center", bold=True, colour=NEW.text, align="left")
    x = front(below, width)
    for level, step in zip(reversed(range(len(encoder) - 1)), DECODER, strict=True):
        size = (WIDE[level], TALL[level])
        below = climb(axes, below, x, encoder[level], middle=MIDDLES[level], size=size, channels=step.out)
        x = front(below, WIDE[level])
        y = below.centre[1] - (0 if level else 13)  # above the arrow that leaves the topmost maps
        label(axes, (below.right + 8, y), step.name, bold=True, colour=NEW.text, align="left")
    return below


def _ends(axes: Axes, first: Box, last: Box) -> None:
    """Draw the image that goes in and the mask that comes out."""
    lesion, middle = draw_lesion(), first.centre[1]
    image = picture(axes, Box(15, middle - 40, 95, middle + 40), lesion.image)
    mask = picture(axes, Box(805, middle - 40, 885, middle + 40), lesion.mask.astype("uint8") * 255)
    arrow(axes, [image.east, first.west], colour=FROZEN.edge, width=2.2)
    arrow(axes, [last.east, mask.west], width=3)
    label(axes, (155, middle - 26), ENCODER[0].name, bold=True, colour=FROZEN.text)
    label(axes, (155, middle - 12), ENCODER[0].features, size="small", colour=FROZEN.text)
    for box, text in ((image, f"image\n3 × {SIDE} × {SIDE}"), (mask, f"mask\n1 × {SIDE} × {SIDE}")):
        label(axes, (box.centre[0], box.bottom + 20), text, size="small")


def _headings(axes: Axes) -> None:
    """Name the two sides and say what training does to each."""
    y = FROZEN_PANEL.top + 27
    snowflake(axes, (FROZEN_PANEL.left + 28, y + 9), radius=14)
    flame(axes, (TRAINED_PANEL.left + 28, y + 9), radius=14)
    entries = (
        (FROZEN_PANEL, FROZEN, "Encoder: frozen", f"EfficientNet-B0, {millions('encoder')} parameters"),
        (TRAINED_PANEL, NEW, "Decoder: trained", f"random at first, {millions('decoder')} parameters"),
    )
    for box, tone, heading, text in entries:
        label(axes, (box.left + 52, y), heading, size="heading", bold=True, colour=tone.text, align="left")
        label(axes, (box.left + 52, y + 20), text, colour=tone.text, align="left")


def _legend(axes: Axes) -> None:
    """Explain the arrows."""
    entries = (
        (30, FROZEN.edge, 2.2, False, "pretrained\nMBConv blocks"),
        (203, SKIP.edge, 2.2, False, "copied and\nconcatenated"),
        (373, NEW.edge, 1.4, True, "transposed convolution,\nresized to the skip"),
        (595, INK, 1.4, False, "DoubleConv"),
        (751, INK, 3, False, "1 × 1 conv,\nresize, sigmoid"),
    )
    for left, colour, width, dashed, text in entries:
        arrow(axes, [(left, 670), (left + 30, 670)], colour=colour, width=width, dashed=dashed)
        label(axes, (left + 38, 670), text, size="small", align="left")
