"""Small signs that say frozen, trained, right and wrong without relying on colour."""

from math import cos, pi, sin

from matplotlib.axes import Axes
from matplotlib.patches import Circle, PathPatch
from matplotlib.path import Path

from figs.style import FROZEN, NEW, SKIP, WRONG

__all__ = ["cross", "flame", "snowflake", "tick"]

Point = tuple[float, float]
FLAME = (  # two curves from the foot to the tip and back, in radii; y points down
    (0, 1.0),
    *((-0.95, 1.0), (-0.95, 0.05), (-0.42, -0.35)),
    *((-0.36, -0.05), (-0.2, 0.02), (-0.1, 0.0)),
    *((-0.25, -0.5), (0.0, -0.85), (0.3, -1.05)),
    *((0.2, -0.5), (0.85, -0.2), (0.78, 0.35)),
    *((0.74, 0.8), (0.4, 1.0), (0, 1.0)),
)


def _stroke(axes: Axes, vertices: list[Point], codes: list[int], colour: str, width: float) -> None:
    """Draw an open path with round ends."""
    patch = PathPatch(Path(vertices, codes), fc="none", ec=colour, lw=width, capstyle="round", joinstyle="round")
    patch.set_zorder(4)
    axes.add_patch(patch).set_clip_on(False)


def snowflake(axes: Axes, at: Point, *, radius: float = 10, colour: str = FROZEN.edge) -> None:
    """Draw a snowflake: what it stands beside is frozen."""
    vertices: list[Point] = []
    for arm in range(6):
        angle = arm * pi / 3 + pi / 2
        tip = _away(at, angle, radius)
        knot = _away(at, angle, radius * 0.58)
        vertices += [at, tip]
        for turn in (-pi / 3.4, pi / 3.4):
            vertices += [knot, _away(knot, angle + turn, radius * 0.36)]
    _stroke(axes, vertices, [Path.MOVETO, Path.LINETO] * (len(vertices) // 2), colour, radius * 0.15)


def _away(start: Point, angle: float, distance: float) -> Point:
    """Return the point `distance` from `start` in the direction `angle`."""
    return start[0] + distance * cos(angle), start[1] - distance * sin(angle)


def flame(axes: Axes, at: Point, *, radius: float = 10, fill: str = NEW.fill, edge: str = NEW.edge) -> None:
    """Draw a flame: what it stands beside is being trained."""
    vertices = [(at[0] + x * radius, at[1] + y * radius) for x, y in FLAME]
    codes = [Path.MOVETO, *[Path.CURVE4] * (len(FLAME) - 1)]
    patch = PathPatch(Path(vertices, codes), fc=fill, ec=edge, lw=radius * 0.13, joinstyle="round", zorder=4)
    axes.add_patch(patch).set_clip_on(False)


def tick(axes: Axes, at: Point, *, radius: float = 9) -> None:
    """Draw a white tick on a green disc: this is right."""
    _disc(axes, at, radius, SKIP.edge)
    x, y = at
    corners = [
        (x - 0.45 * radius, y + 0.05 * radius),
        (x - 0.1 * radius, y + 0.4 * radius),
        (x + 0.48 * radius, y - 0.4 * radius),
    ]
    _stroke(axes, corners, [Path.MOVETO, Path.LINETO, Path.LINETO], "#FFFFFF", radius * 0.24)


def cross(axes: Axes, at: Point, *, radius: float = 9) -> None:
    """Draw a white cross on a vermilion disc: this is wrong, or cut off."""
    _disc(axes, at, radius, WRONG.edge)
    (x, y), arm = at, 0.38 * radius
    corners = [(x - arm, y - arm), (x + arm, y + arm), (x - arm, y + arm), (x + arm, y - arm)]
    _stroke(axes, corners, [Path.MOVETO, Path.LINETO] * 2, "#FFFFFF", radius * 0.24)


def _disc(axes: Axes, at: Point, radius: float, colour: str) -> None:
    """Draw the disc behind a sign."""
    axes.add_patch(Circle(at, radius, fc=colour, ec="none", zorder=4)).set_clip_on(False)
