"""Transfer learning in one picture: the layers learned on the source task are copied, only the head is new."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from figs.blocks import Box, arrow, label, panel, picture, tag
from figs.features import body
from figs.icons import flame
from figs.lesion import draw_lesion
from figs.networks import IMAGENET_CLASSES, IMAGENET_IMAGES, ISIC_IMAGES
from figs.photographs import PHOTOGRAPHS, photograph
from figs.style import FROZEN, INK, MUTED, NEUTRAL, NEW, blank

__all__ = ["draw"]

HEIGHT = 478
SOURCE, TARGET = 130, 365  # y of the two rows
BODY = 195  # x of the first group of layers
HEAD, OUT = (620, 732), (776, 874)  # x of the head and of what comes out
SCORES = (("cat", 0.86), ("dog", 0.09), ("boat", 0.02))
LESIONS = (((0.42, 0.5), 0.22), ((0.55, 0.45), 0.3), ((0.45, 0.48), 0.27))


def draw() -> Figure:
    """Draw the source task above, the target task below and the weights copied from one to the other."""
    figure, axes = blank(HEIGHT)
    panel(axes, Box(16, 18, 884, 208), tone=NEUTRAL)
    panel(axes, Box(16, 252, 884, 460), tone=NEW)
    for y, name, text in (
        (40, "Source task", "name what a photo shows"),
        (274, "Target task", "outline a skin lesion"),
    ):
        label(axes, (32, y), name, size="heading", bold=True, align="left")
        label(axes, (32, y + 20), text, colour=MUTED, align="left")
    source, target = body(axes, BODY, SOURCE), body(axes, BODY, TARGET)
    _copy(axes, source, target)
    _source(axes, source)
    _target(axes, target)
    return figure


def _copy(axes: Axes, source: list[Box], target: list[Box]) -> None:
    """Draw the transfer itself: weights copied layer by layer."""
    for above, below in zip(source, target, strict=True):
        arrow(axes, [above.south, below.north], colour=FROZEN.edge, width=3)
    between = (source[0].right + target[1].left) / 2
    label(axes, (between, 230), "copy the weights", size="small", bold=True, colour=FROZEN.text)


def _source(axes: Axes, layers: list[Box]) -> None:
    """Draw ImageNet's pictures, classifier and scores."""
    for number, name in enumerate(PHOTOGRAPHS):
        stack = photograph(axes, 35 + 20 * number, SOURCE - 48 + 20 * number, 55, name, above=number * 0.1)
    arrow(axes, [(stack.right, SOURCE), layers[0].west])
    label(axes, (82, SOURCE + 61), f"{IMAGENET_IMAGES} images", size="small")
    head = tag(axes, Box(HEAD[0], SOURCE - 26, HEAD[1], SOURCE + 26), tone=NEUTRAL)
    label(axes, head.centre, f"classifier\n{IMAGENET_CLASSES} classes")
    arrow(axes, [layers[-1].east, head.west])
    label(axes, (head.centre[0], head.bottom + 14), "stays behind", size="small", colour=MUTED)
    arrow(axes, [head.east, (OUT[0], SOURCE)])
    for row, (name, share) in enumerate(SCORES):
        y = SOURCE + 22 * (row - 1)
        label(axes, (OUT[0] + 36, y), name, size="small", align="right")
        left, right = OUT[0] + 42, OUT[0] + 42 + 58 * share
        corners = [(left, y - 6), (right, y - 6), (right, y + 6), (left, y + 6)]
        axes.add_patch(Polygon(corners, closed=True, fc=NEUTRAL.edge, ec="none")).set_clip_on(False)


def _target(axes: Axes, layers: list[Box]) -> None:
    """Draw the lesions, the new head and the mask."""
    for number, (centre, radius) in enumerate(LESIONS):
        left, top = 35 + 20 * number, TARGET - 48 + 20 * number
        lesion = draw_lesion(centre=centre, radius=radius)
        stack = picture(axes, Box(left, top, left + 55, top + 55), lesion.image, above=number * 0.1)
    arrow(axes, [(stack.right, TARGET), layers[0].west])
    label(axes, (82, TARGET + 61), f"{ISIC_IMAGES} images", size="small")
    head = tag(axes, Box(HEAD[0], TARGET - 26, HEAD[1], TARGET + 26), tone=NEW)
    label(axes, (head.centre[0] + 10, head.centre[1]), "new head:\ndecoder")
    flame(axes, (head.left + 18, TARGET), radius=11)
    arrow(axes, [layers[-1].east, head.west])
    label(axes, (head.centre[0], head.bottom + 14), "random at first", size="small", colour=NEW.text)
    mask = picture(axes, Box(OUT[0] + 10, TARGET - 40, OUT[0] + 90, TARGET + 40), lesion.mask.astype("uint8") * 255)
    arrow(axes, [head.east, mask.west])
    label(axes, (mask.centre[0], mask.bottom + 14), "mask", size="small")
    _generality(axes, layers)


def _generality(axes: Axes, layers: list[Box]) -> None:
    """Say which layers serve any task and which lean towards the source task."""
    y = TARGET + 68
    arrow(axes, [(layers[0].left, y), (layers[-1].right, y)], colour=FROZEN.edge)
    label(axes, (layers[0].left, y + 16), "general: useful everywhere", size="small", colour=INK, align="left")
    label(axes, (layers[-1].right, y + 16), "closer to the source task", size="small", colour=INK, align="right")
