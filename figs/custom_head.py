"""One set of common layers, three heads: ImageNet's is taken off, the task's own is put on."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from figs.blocks import Box, arrow, label, line, panel, picture, tag
from figs.features import body
from figs.icons import cross, flame, snowflake
from figs.lesion import draw_lesion
from figs.networks import FEATURE_CHANNELS, IMAGENET_CLASSES
from figs.style import FROZEN, INK, MUTED, NEUTRAL, NEW, SKIP, Tone, blank

__all__ = ["draw"]

HEIGHT = 500
MIDDLE = 250  # y of the common layers
FORK = 484  # x at which the heads' ways part
ROWS = (88, 250, 412)  # y of each head
LEFT, RIGHT = 516, 884  # x of the panels behind the heads


def draw() -> Figure:
    """Draw the common layers on the left and the heads they can carry on the right."""
    figure, axes = blank(HEIGHT)
    layers = _common(axes)
    _removed(axes)
    _classifier(axes)
    _decoder(axes, layers)
    return figure


def _common(axes: Axes) -> list[Box]:
    """Draw the image and the pretrained layers every head shares."""
    panel(axes, Box(112, MIDDLE - 122, 462, MIDDLE + 66), tone=FROZEN)
    snowflake(axes, (138, MIDDLE - 87), radius=14)
    label(axes, (162, MIDDLE - 97), "Common layers", size="heading", bold=True, colour=FROZEN.text, align="left")
    label(axes, (162, MIDDLE - 77), "pretrained, the same for every head", colour=FROZEN.text, align="left")
    image = picture(axes, Box(15, MIDDLE - 40, 95, MIDDLE + 40), draw_lesion().image)
    label(axes, (image.centre[0], image.bottom + 14), "image", size="small")
    layers = body(axes, 122, MIDDLE, width=100, gap=15)
    arrow(axes, [image.east, layers[0].west])
    line(axes, [layers[-1].east, (FORK, MIDDLE)], width=2.2)
    axes.add_patch(Circle((FORK, MIDDLE), 4.5, fc=INK, ec="none", zorder=4))
    return layers


def _way(axes: Axes, y: float, tone: Tone, *, dashed: bool = False) -> None:
    """Draw the way from the fork to a head's first operation at height `y`."""
    points = [(FORK, MIDDLE), (FORK, y), (LEFT + 16, y)] if y != MIDDLE else [(FORK, y), (LEFT + 16, y)]
    arrow(axes, points, colour=tone.edge, width=1.4 if dashed else 2.2, dashed=dashed)


def _head(axes: Axes, row: float, steps: tuple[tuple[str, float], ...], tone: Tone, *, dashed: bool = False) -> Box:
    """Draw a head's operations, (name, width) each, from left to right; return the last."""
    left, before = LEFT + 16, None
    for name, width in steps:
        box = tag(axes, Box(left, row - 21, left + width, row + 21), name, tone=tone, size="small", dashed=dashed)
        if before:
            arrow(axes, [before.east, box.west], colour=MUTED if dashed else tone.edge)
        before, left = box, box.right + 18
    return before


def _title(axes: Axes, row: float, title: str, text: str, tone: Tone) -> None:
    """Draw a head's panel and say what it is for."""
    panel(axes, Box(LEFT, row - 70, RIGHT, row + 70), tone=tone, dashed=tone is NEUTRAL)
    label(axes, (LEFT + 42, row - 46), title, size="strong", bold=True, colour=tone.text, align="left")
    label(axes, (LEFT + 16, row + 46), text, size="small", colour=tone.text, align="left")
    (cross if tone is NEUTRAL else flame)(axes, (LEFT + 26, row - 46), radius=10)


def _removed(axes: Axes) -> None:
    """Draw ImageNet's own head, taken off."""
    row = ROWS[0]
    _title(axes, row, "ImageNet’s head: removed", "its classes are cats and boats, not lesions", NEUTRAL)
    steps = (("pool", 52), (f"Linear {FEATURE_CHANNELS} → {IMAGENET_CLASSES}", 138))
    box = _head(axes, row, steps, NEUTRAL, dashed=True)
    _way(axes, row, NEUTRAL, dashed=True)
    label(axes, (box.right + 16, row), f"{IMAGENET_CLASSES} classes", size="small", colour=MUTED, align="left")


def _classifier(axes: Axes) -> None:
    """Draw a custom head that classifies."""
    row = ROWS[1]
    _title(axes, row, "Custom head: classification", "one answer for the whole image", NEW)
    box = _head(axes, row, (("pool", 52), ("Linear, ReLU", 92), ("Linear → 2", 84)), NEW)
    _way(axes, row, NEW)
    label(axes, (box.right + 12, row), "benign or\nmalignant", size="small", align="left")


def _decoder(axes: Axes, layers: list[Box]) -> None:
    """Draw a custom head that segments, with its skip connections."""
    row = ROWS[2]
    _title(axes, row, "Custom head: segmentation", "one answer for each pixel: this notebook’s task", NEW)
    box = _head(axes, row, (("decoder", 72), ("1 × 1 conv", 82), ("sigmoid", 66)), NEW)
    _way(axes, row - 12, NEW)
    mask = picture(axes, Box(804, row - 32, 868, row + 32), draw_lesion().mask.astype("uint8") * 255)
    arrow(axes, [box.east, mask.west], colour=NEW.edge)
    for layer, step in zip(layers[:-1], (14, 2), strict=True):
        x = layer.centre[0]
        arrow(axes, [(x, layer.bottom), (x, row + step), (LEFT + 16, row + step)], colour=SKIP.edge)
    label(axes, (300, row + 30), "skip connections", size="small", colour=SKIP.text)
