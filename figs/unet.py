"""The U-Net of exercises 6 to 9: contracting left side, expanding right side, skip connections between equals."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figs.blocks import Box, arrow, cuboid, label, picture
from figs.lesion import draw_lesion
from figs.networks import SIDE, UNET_WIDTHS
from figs.style import INK, MUTED, NEW, SKIP, blank
from figs.ushape import climb, front

__all__ = ["draw"]

HEIGHT = 632
MIDDLES = (110, 252, 372, 472, 564)  # y of each level
TALL = (124, 94, 70, 54, 42)  # drawn height of a level's maps, for H and W
WIDE = (12, 17, 24, 34, 48)  # drawn width of a level's maps, for channels
LEFT = (138, 196, 258, 328, 434)  # x of each encoder level's convolved maps


def draw() -> Figure:
    """Draw the network with the channels, sizes and names the exercises use."""
    figure, axes = blank(HEIGHT)
    encoder = _encoder(axes)
    _ends(axes, encoder[0], _decoder(axes, encoder))
    _halves(axes, encoder[-1])
    _map_legend(axes)
    _arrow_legend(axes)
    return figure


def _encoder(axes: Axes) -> list[Box]:
    """Draw the left side and the bottom; return each level's convolved maps."""
    levels = []
    for level, (left, middle) in enumerate(zip(LEFT, MIDDLES, strict=True)):
        levels.append(cuboid(axes, left, middle, (WIDE[level], TALL[level]), tone=NEW))
        y = levels[-1].top - 12 if level < len(LEFT) - 1 else levels[-1].bottom + 13
        label(axes, (levels[-1].centre[0], y), str(UNET_WIDTHS[level]), bold=True)
        if level:
            _pooled(axes, level, levels)
    return levels


def _pooled(axes: Axes, level: int, levels: list[Box]) -> None:
    """Draw what max pooling leaves of the level above, straight under it, and the arrows in and out."""
    left, width, side = LEFT[level - 1], WIDE[level - 1], SIDE // 2**level
    box = cuboid(axes, left, MIDDLES[level], (width, TALL[level]), tone=NEW, faded=True)
    arrow(axes, [(left + width / 2, levels[level - 1].bottom), (left + width / 2, box.top + 3)], colour=NEW.edge)
    arrow(axes, [box.east, levels[level].west])
    label(axes, (box.left - 10, box.centre[1]), f"{side} × {side}", colour=MUTED, align="right")
    label(axes, (left + width / 2, box.bottom + 12), str(UNET_WIDTHS[level - 1]), size="small", colour=MUTED)


def _decoder(axes: Axes, encoder: list[Box]) -> Box:
    """Draw the right side from the bottom up; return the topmost maps."""
    below, x = encoder[-1], front(encoder[-1], WIDE[-1])
    for level in reversed(range(len(encoder) - 1)):
        size = (WIDE[level], TALL[level])
        below = climb(axes, below, x, encoder[level], middle=MIDDLES[level], size=size, channels=UNET_WIDTHS[level])
        x = front(below, WIDE[level])
    return below


def _ends(axes: Axes, first: Box, last: Box) -> None:
    """Draw the image that goes in and the mask that comes out."""
    lesion, middle = draw_lesion(), first.centre[1]
    image = picture(axes, Box(25, middle - 40, 105, middle + 40), lesion.image)
    mask = picture(axes, Box(790, middle - 40, 870, middle + 40), lesion.mask.astype("uint8") * 255)
    arrow(axes, [image.east, first.west])
    arrow(axes, [last.east, mask.west], width=3)
    for box, name in ((image, "image 3"), (mask, "mask 1")):
        label(axes, (box.centre[0], box.bottom + 14), f"{name} × {SIDE} × {SIDE}", size="small", colour=INK)


def _halves(axes: Axes, bottom: Box) -> None:
    """Name the network's parts and the question each answers."""
    label(axes, (67, 300), "Encoder", size="heading", bold=True)
    label(axes, (67, 320), "what is there?", colour=MUTED)
    label(axes, (790, 300), "Decoder", size="heading", bold=True)
    label(axes, (790, 320), "where is it?", colour=MUTED)
    label(axes, (bottom.centre[0], bottom.bottom + 30), "Bottleneck", size="small", colour=MUTED)
    label(axes, (450, MIDDLES[0] - 12), "skip connection", colour=SKIP.text)


def _map_legend(axes: Axes) -> None:
    """Say what the slabs stand for."""
    entries = (
        (NEW, True, "pooled or upsampled"),
        (NEW, False, "after DoubleConv"),
        (SKIP, False, "copied by a skip connection"),
    )
    label(axes, (26, 486), "Feature maps", bold=True, align="left")
    for row, (tone, faded, text) in enumerate(entries):
        y = 510 + 26 * row
        cuboid(axes, 28, y, (10, 18), tone=tone, faded=faded)
        label(axes, (52, y), text, size="small", align="left")
    label(axes, (26, 588), "numbers: channels, height × width", size="small", colour=MUTED, align="left")


def _arrow_legend(axes: Axes) -> None:
    """Say what the arrows do, and which exercise builds it."""
    entries = (
        (INK, 1.4, False, "DoubleConv (exercise 6):\n3 × 3 convolution, batch norm, ReLU, twice"),
        (NEW.edge, 1.4, False, "max pooling 2 × 2; with DoubleConv:\nDown (exercise 7)"),
        (NEW.edge, 1.4, True, "transposed convolution 2 × 2, stride 2;\nwith skip and DoubleConv: Up (exercise 8)"),
        (INK, 3, False, "1 × 1 convolution and sigmoid"),
    )
    for row, (colour, width, dashed, text) in enumerate(entries):
        y = 456 + 41 * row
        arrow(axes, [(582, y), (614, y)], colour=colour, width=width, dashed=dashed)
        label(axes, (626, y), text, size="small", align="left")
