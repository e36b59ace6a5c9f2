"""Three everyday photographs as pictograms: what ImageNet is made of, without borrowing anyone's pictures."""

from collections.abc import Callable

from matplotlib.axes import Axes
from matplotlib.patches import Circle, Patch, Polygon

from figs.blocks import Box
from figs.style import INK, PAPER

__all__ = ["PHOTOGRAPHS", "photograph"]

Shapes = list[Patch]
EYES = ((0.36, 0.56), (0.64, 0.56))


def _polygon(corners: list[tuple[float, float]], colour: str) -> Patch:
    """Return a filled polygon; corners in picture sides, y pointing down."""
    return Polygon(corners, closed=True, fc=colour, ec="none")


def _cat() -> Shapes:
    """Return a cat's head before a wall."""
    ears = [[(0.2, 0.5), (0.22, 0.14), (0.46, 0.32)], [(0.8, 0.5), (0.78, 0.14), (0.54, 0.32)]]
    shapes: Shapes = [_polygon([(0, 0), (1, 0), (1, 1), (0, 1)], "#BFD3C6")]
    shapes += [_polygon(ear, "#6E6259") for ear in ears]
    shapes.append(Circle((0.5, 0.6), 0.32, fc="#857769", ec="none"))
    shapes += [Circle(eye, 0.065, fc="#F2DE8C", ec="none") for eye in EYES]
    shapes += [Circle(eye, 0.03, fc=INK, ec="none") for eye in EYES]
    return [*shapes, _polygon([(0.45, 0.68), (0.55, 0.68), (0.5, 0.745)], "#D9948B")]


def _mountain() -> Shapes:
    """Return a mountain with snow under the sun."""
    return [
        _polygon([(0, 0), (1, 0), (1, 1), (0, 1)], "#BCDDF0"),
        Circle((0.77, 0.25), 0.1, fc="#F4C95D", ec="none"),
        _polygon([(0, 0.85), (0.42, 0.22), (0.84, 0.85)], "#5F7383"),
        _polygon([(0.322, 0.367), (0.42, 0.22), (0.518, 0.367), (0.46, 0.43), (0.41, 0.37), (0.37, 0.42)], PAPER),
        _polygon([(0.45, 0.85), (0.74, 0.5), (1, 0.82), (1, 0.85)], "#7D909E"),
        _polygon([(0, 0.8), (1, 0.8), (1, 1), (0, 1)], "#6F9C6B"),
    ]


def _boat() -> Shapes:
    """Return a sailing boat."""
    return [
        _polygon([(0, 0), (1, 0), (1, 1), (0, 1)], "#F6E3C5"),
        _polygon([(0, 0.68), (1, 0.68), (1, 1), (0, 1)], "#4F8FB8"),
        _polygon([(0.48, 0.12), (0.48, 0.58), (0.16, 0.58)], "#FFFFFF"),
        _polygon([(0.53, 0.2), (0.53, 0.58), (0.8, 0.58)], "#D96A4A"),
        _polygon([(0.15, 0.63), (0.85, 0.63), (0.74, 0.78), (0.27, 0.78)], "#6B4A36"),
    ]


PHOTOGRAPHS: dict[str, Callable[[], Shapes]] = {"mountain": _mountain, "boat": _boat, "cat": _cat}


def photograph(axes: Axes, left: float, top: float, side: float, name: str, *, above: float = 0) -> Box:
    """Draw the named picture, `side` pixels wide and high; `above` lifts it over earlier ones."""
    for step, shape in enumerate(PHOTOGRAPHS[name]()):
        if isinstance(shape, Circle):
            shape.set_center((left + shape.center[0] * side, top + shape.center[1] * side))
            shape.set_radius(shape.radius * side)
        else:
            shape.set_xy([(left + x * side, top + y * side) for x, y in shape.get_xy()])
        shape.set_zorder(2 + above + step * 0.01)
        axes.add_patch(shape).set_clip_on(False)
    corners = [(left, top), (left + side, top), (left + side, top + side), (left, top + side)]
    border = Polygon(corners, closed=True, fc="none", ec=INK, lw=1, joinstyle="miter", zorder=2.1 + above)
    axes.add_patch(border).set_clip_on(False)
    return Box(left, top, left + side, top + side)
