"""Boxes, isometric feature maps, arrows and labels: everything a diagram is made of.

Shapes return a `Box`; arrows run between its anchors, so an arrow always meets what it points at.
"""

from dataclasses import dataclass
from math import hypot

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch, Patch, PathPatch, Polygon
from matplotlib.path import Path
from matplotlib.text import Text

from figs.style import FONT, INK, NEUTRAL, SIZES, Tone, mix

__all__ = ["Box", "arrow", "cuboid", "label", "line", "panel", "picture", "tag"]

Point = tuple[float, float]
CAP_HEIGHT = 0.729  # of DejaVu Sans, in font sizes: labels are centred on their capitals
LINE_HEIGHT = 1.36
DEPTH = 0.15  # of a feature map's height: how far its back is shifted to the right
RISE = 0.7  # of that shift: how far its back is shifted upwards


@dataclass(frozen=True)
class Box:
    """An outline on the page, in notebook pixels: corners and the middles of its sides."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def centre(self) -> Point:
        """The middle."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    @property
    def north(self) -> Point:
        """The middle of the upper side."""
        return self.centre[0], self.top

    @property
    def south(self) -> Point:
        """The middle of the lower side."""
        return self.centre[0], self.bottom

    @property
    def west(self) -> Point:
        """The middle of the left side."""
        return self.left, self.centre[1]

    @property
    def east(self) -> Point:
        """The middle of the right side."""
        return self.right, self.centre[1]


def _add(axes: Axes, patch: Patch) -> None:
    """Add a patch without clipping: nothing reaches over the figure's edge, and files stay small."""
    axes.add_patch(patch).set_clip_on(False)


def label(
    axes: Axes,
    at: Point,
    text: str,
    *,
    size: str | float = "text",
    colour: str = INK,
    align: str = "center",
    bold: bool = False,
) -> list[Text]:
    """Write `text`, line by line, its capitals vertically centred on `at`; return one artist for each line."""
    points = SIZES[size] if isinstance(size, str) else size
    lines = text.split("\n")
    first = at[1] - points * LINE_HEIGHT * (len(lines) - 1) / 2 + points * CAP_HEIGHT / 2
    style = {"family": FONT, "size": points, "color": colour, "weight": "bold" if bold else "normal"}
    return [
        axes.text(at[0], first + row * points * LINE_HEIGHT, words, ha=align, va="baseline", zorder=5, **style)
        for row, words in enumerate(lines)
    ]


def panel(
    axes: Axes, box: Box, *, tone: Tone = NEUTRAL, radius: float = 10, dashed: bool = False, outlined: bool = False
) -> Box:
    """Lay a rounded area in the tone's wash behind what belongs together."""
    style = f"round,pad=0,rounding_size={radius}"
    edge = tone.edge if dashed else mix(tone.fill, "#FFFFFF", 0.35) if outlined else "none"
    size = (box.right - box.left, box.bottom - box.top)
    patch = FancyBboxPatch(
        (box.left, box.top), *size, boxstyle=style, fc=tone.wash, ec=edge, lw=1.1, ls=(0, (4, 3)) if dashed else "-"
    )
    patch.set_zorder(0.5)
    _add(axes, patch)
    return box


def tag(
    axes: Axes, box: Box, text: str = "", *, tone: Tone = NEUTRAL, size: str | float = "text", dashed: bool = False
) -> Box:
    """Draw an operation: a rounded box filled with the tone, with its name in the middle."""
    fill = tone.wash if dashed else mix(tone.fill, "#FFFFFF", 0.45)
    extent = (box.right - box.left, box.bottom - box.top)
    patch = FancyBboxPatch(
        (box.left, box.top), *extent, boxstyle="round,pad=0,rounding_size=6", fc=fill, ec=tone.edge, lw=1.1, zorder=2
    )
    patch.set_linestyle((0, (4, 3)) if dashed else "-")
    _add(axes, patch)
    if text:
        label(axes, box.centre, text, size=size, colour=tone.text if dashed else INK)
    return box


def cuboid(axes: Axes, left: float, middle: float, size: Point, *, tone: Tone, faded: bool = False) -> Box:
    """Draw feature maps as a slab: `size` is (width for channels, height for H and W), `middle` its y."""
    width, height = size
    run, rise = DEPTH * height, DEPTH * RISE * height
    right, top, bottom = left + width, middle - (height - rise) / 2, middle + (height + rise) / 2
    fill = mix(tone.fill, "#FFFFFF", 0.55) if faded else tone.fill
    faces = (
        ([(left, top), (right, top), (right, bottom), (left, bottom)], fill),
        ([(left, top), (left + run, top - rise), (right + run, top - rise), (right, top)], mix(fill, "#FFFFFF", 0.42)),
        (
            [(right, top), (right + run, top - rise), (right + run, bottom - rise), (right, bottom)],
            mix(fill, "#000000", 0.17),
        ),
    )
    for corners, colour in faces:
        _add(axes, Polygon(corners, closed=True, fc=colour, ec=tone.edge, lw=0.9, joinstyle="round", zorder=2))
    return Box(left, top - rise, right + run, bottom)


def line(axes: Axes, points: list[Point], *, colour: str = INK, width: float = 1.4, dashed: bool = False) -> None:
    """Draw a line through `points`, its corners rounded."""
    patch = PathPatch(_rounded(points), fc="none", ec=colour, lw=width, capstyle="butt", joinstyle="round", zorder=3)
    if dashed:
        patch.set_linestyle((0, (3.2, 2.2)))
    _add(axes, patch)


def arrow(axes: Axes, points: list[Point], *, colour: str = INK, width: float = 1.4, dashed: bool = False) -> None:
    """Draw an arrow through `points`; its tip touches the last one."""
    head = 5.0 + 2.6 * width
    (x, y), (tip_x, tip_y) = points[-2:]
    length = hypot(tip_x - x, tip_y - y)
    along = ((tip_x - x) / length, (tip_y - y) / length)
    base = (tip_x - along[0] * head, tip_y - along[1] * head)
    half = head * 0.42
    sides = [
        (base[0] - along[1] * half, base[1] + along[0] * half),
        (base[0] + along[1] * half, base[1] - along[0] * half),
    ]
    inside = (base[0] + along[0] * head * 0.1, base[1] + along[1] * head * 0.1)
    line(axes, [*points[:-1], inside], colour=colour, width=width, dashed=dashed)
    _add(axes, Polygon([sides[0], (tip_x, tip_y), sides[1]], closed=True, fc=colour, ec="none", zorder=3))


def _rounded(points: list[Point], radius: float = 9) -> Path:
    """Return the polyline through `points` with quadratic curves for corners."""
    vertices, codes = [points[0]], [Path.MOVETO]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        vertices += [_towards(corner, before, radius), corner, _towards(corner, after, radius)]
        codes += [Path.LINETO, Path.CURVE3, Path.CURVE3]
    return Path([*vertices, points[-1]], [*codes, Path.LINETO])


def _towards(start: Point, end: Point, distance: float) -> Point:
    """Return the point `distance` from `start` towards `end`, at most half way."""
    share = min(0.5, distance / hypot(end[0] - start[0], end[1] - start[1]))
    return start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])


def picture(axes: Axes, box: Box, pixels: np.ndarray, *, edge: str = INK, width: float = 1.0, above: float = 0) -> Box:
    """Show `pixels`, uint8 (H, W, 3) or (H, W), framed in `box`; `above` lifts it over earlier pictures."""
    colours = pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, axis=2)
    extent = (box.left, box.right, box.bottom, box.top)
    axes.imshow(colours, extent=extent, aspect="auto", interpolation="none", zorder=2 + above)
    corners = [(box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)]
    _add(axes, Polygon(corners, closed=True, fc="none", ec=edge, lw=width, joinstyle="miter", zorder=2.05 + above))
    return box
