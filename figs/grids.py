"""Masks drawn pixel by pixel as vectors: filled cells and the stepped outline around them."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Polygon
from matplotlib.path import Path

from figs.blocks import Box

__all__ = ["cells", "frame", "outline"]

GRID = "#E6E9EC"
Point = tuple[float, float]


def _place(box: Box, mask_shape: tuple[int, int], corner: Point) -> Point:
    """Return where the corner (column, row) of a cell lies on the page."""
    rows, columns = mask_shape
    x = box.left + corner[0] * (box.right - box.left) / columns
    return x, box.top + corner[1] * (box.bottom - box.top) / rows


def frame(axes: Axes, box: Box, side: int) -> None:
    """Draw a grid of `side` x `side` pixels: white paper below, lines above what fills the pixels."""
    corners = [(box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)]
    axes.add_patch(Polygon(corners, closed=True, fc="white", ec="none", zorder=1)).set_clip_on(False)
    upright = [((step, 0), (step, side)) for step in range(side + 1)]
    level = [((0, step), (side, step)) for step in range(side + 1)]
    vertices = [_place(box, (side, side), corner) for pair in upright + level for corner in pair]
    path = Path(vertices, [Path.MOVETO, Path.LINETO] * len(vertices[::2]))
    patch = PathPatch(path, fc="none", ec=GRID, lw=0.6, zorder=2.2, capstyle="projecting")
    axes.add_patch(patch).set_clip_on(False)


def _runs(mask: np.ndarray) -> list[tuple[int, int, int]]:
    """Return each row's unbroken stretches of true pixels as (row, first column, column after the last)."""
    steps = np.diff(np.pad(mask, ((0, 0), (1, 1))).astype(int), axis=1)
    starts, ends = np.argwhere(steps == 1).tolist(), np.argwhere(steps == -1).tolist()
    return [(row, first, end) for (row, first), (_, end) in zip(starts, ends, strict=True)]


def cells(axes: Axes, box: Box, mask: np.ndarray, colour: str) -> None:
    """Fill the pixels where `mask`, bool (H, W), is true."""
    vertices, codes = [], []
    for row, first, end in _runs(mask):
        corners = [(first, row), (end, row), (end, row + 1), (first, row + 1), (first, row)]
        vertices += [_place(box, mask.shape, corner) for corner in corners]
        codes += [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY]
    if vertices:
        patch = PathPatch(Path(vertices, codes), fc=colour, ec=colour, lw=0.3, zorder=2)
        axes.add_patch(patch).set_clip_on(False)


def outline(axes: Axes, box: Box, mask: np.ndarray, colour: str, *, width: float = 1.6, dashed: bool = False) -> None:
    """Draw the stepped line between pixels inside and outside `mask`, bool (H, W)."""
    vertices, codes = [], []
    for loop in _loops(mask):
        vertices += [_place(box, mask.shape, corner) for corner in [*loop, loop[0]]]
        codes += [Path.MOVETO, *[Path.LINETO] * (len(loop) - 1), Path.CLOSEPOLY]
    patch = PathPatch(Path(vertices, codes), fc="none", ec=colour, lw=width, joinstyle="miter", zorder=3)
    patch.set_linestyle((0, (2.2, 1.4)) if dashed else "-")
    axes.add_patch(patch).set_clip_on(False)


def _loops(mask: np.ndarray) -> list[list[Point]]:
    """Return the mask's outlines as lists of corners (column, row), straight stretches reduced to their ends."""
    following = _edges(mask)
    loops = []
    while following:
        start = corner = next(iter(following))
        loop = []
        while corner in following:
            loop.append(corner)
            corner = following[corner].pop()
            if not following[loop[-1]]:
                del following[loop[-1]]
            if corner == start:
                break
        loops.append(_corners(loop))
    return loops


def _edges(mask: np.ndarray) -> dict[Point, list[Point]]:
    """Return each step around the mask, clockwise on the page, as start to ends."""
    padded = np.pad(mask, 1)
    following: dict[Point, list[Point]] = {}
    for row, column in np.argwhere(mask).tolist():
        sides = (
            (padded[row, column + 1], (column, row), (column + 1, row)),
            (padded[row + 1, column + 2], (column + 1, row), (column + 1, row + 1)),
            (padded[row + 2, column + 1], (column + 1, row + 1), (column, row + 1)),
            (padded[row + 1, column], (column, row + 1), (column, row)),
        )
        for neighbour, start, end in sides:
            if not neighbour:
                following.setdefault(start, []).append(end)
    return following


def _corners(loop: list[Point]) -> list[Point]:
    """Drop the points at which the loop goes straight on."""
    around = zip([loop[-1], *loop[:-1]], loop, [*loop[1:], loop[0]], strict=True)
    return [here for before, here, after in around if before[0] != after[0] and before[1] != after[1]]
