"""What an explorer shows: a row of small pictures with captions, and a sentence about them."""

import base64
from dataclasses import dataclass
from html import escape
from io import BytesIO

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import to_rgb
from PIL import Image

__all__ = ["SIDE", "Tile", "View", "heat", "outlined", "shaded"]

SIDE = 216  # pixels; three tiles fit into the width of Colab's output


@dataclass(frozen=True)
class Tile:
    """One picture.

    Attributes
    ----------
    caption : str
        What it shows, in a few words; also its alternative text.
    pixels : ndarray, shape (SIDE, SIDE, 3), uint8
    """

    caption: str
    pixels: np.ndarray

    def as_html(self) -> str:
        """Write the picture with its caption; JPEG, because it travels to the page with every move of a slider."""
        content = BytesIO()
        Image.fromarray(self.pixels).save(content, format="jpeg", quality=90)
        data = base64.b64encode(content.getvalue()).decode("ascii")
        caption = escape(self.caption)
        return (
            f'<figure style="margin:0;flex:1 1 150px;max-width:{SIDE}px">'
            f'<img src="data:image/jpeg;base64,{data}" alt="{caption}" '
            f'style="width:100%;height:auto;border-radius:4px;display:block">'
            f'<figcaption style="font-size:13px;line-height:1.4;padding-top:3px">{caption}</figcaption></figure>'
        )


@dataclass(frozen=True)
class View:
    """A row of tiles and a sentence."""

    tiles: tuple[Tile, ...]
    says: str

    def as_html(self) -> str:
        """Write the tiles side by side, wrapped where the page is narrow."""
        row = "".join(tile.as_html() for tile in self.tiles)
        return (
            f'<div style="display:flex;flex-wrap:wrap;gap:12px;margin:6px 0">{row}</div>'
            f'<div role="status" style="line-height:1.5">{escape(self.says)}</div>'
        )


def outlined(picture: np.ndarray, *masks: tuple[np.ndarray, dict]) -> np.ndarray:
    """Enlarge a picture to a tile and draw outlines of masks on it.

    Parameters
    ----------
    picture : ndarray, shape (H, W, 3), float
        Colours in [0, 1].
    masks : pairs of ndarray, shape (H, W), bool or 0 and 1, and a look
        A look has ``color``, ``halo`` and ``linestyle``, as in `utils.plotting.outlines`.
    """
    tile = _enlarge(picture)
    for mask, look in masks:
        line = _outline(mask)
        if look["linestyle"] != "solid":
            rows, columns = np.indices(line.shape)
            line &= (rows + columns) // 7 % 3 < 2  # dashes along slanted stripes
        tile[_grown(line)] = _bytes(look["halo"])
        tile[line] = _bytes(look["color"])
    return tile


def shaded(picture: np.ndarray, mask: np.ndarray, colour: str, opacity: float) -> np.ndarray:
    """Blend a colour into a picture (H, W, 3) where a mask (H, W) is true; `opacity` from 0 to 1."""
    share = opacity * np.asarray(mask, dtype=float)[..., None]
    return picture * (1 - share) + np.array(to_rgb(colour)) * share


def heat(values: np.ndarray, low: float | None = None, high: float | None = None) -> np.ndarray:
    """Show a map (H, W) in dark blue to yellow as a tile, each of its points as a square.

    `low` and `high` are the values of the darkest and the lightest colour; the map's own unless given.
    """
    low, high = values.min() if low is None else low, values.max() if high is None else high
    shares = np.clip((values - low) / max(high - low, 1e-12), 0, 1)
    return _enlarge(colormaps["cividis"](shares)[..., :3], Image.Resampling.NEAREST)


def _enlarge(picture: np.ndarray, method: Image.Resampling = Image.Resampling.BICUBIC) -> np.ndarray:
    pixels = Image.fromarray((np.clip(picture, 0, 1) * 255).round().astype(np.uint8))
    return np.array(pixels.resize((SIDE, SIDE), method))


def _outline(mask: np.ndarray) -> np.ndarray:
    """Return the border of a mask as bool (SIDE, SIDE), two pixels wide."""
    large = Image.fromarray((np.asarray(mask) > 0.5).astype(np.uint8) * 255).resize(
        (SIDE, SIDE), Image.Resampling.BICUBIC
    )
    inside = np.pad(np.array(large) > 127, 1)  # closes outlines at the edge
    eroded = inside[1:-1, :-2] & inside[1:-1, 2:] & inside[:-2, 1:-1] & inside[2:, 1:-1]
    return _grown(inside[1:-1, 1:-1] & ~eroded, corners=False) & inside[1:-1, 1:-1]


def _grown(area: np.ndarray, corners: bool = True) -> np.ndarray:
    """Return an area with the pixels around it."""
    padded = np.pad(area, 1)
    steps = [(row, column) for row in range(3) for column in range(3) if corners or 1 in (row, column)]
    height, width = area.shape
    return np.any([padded[row : row + height, column : column + width] for row, column in steps], axis=0)


def _bytes(colour: str) -> np.ndarray:
    return (np.array(to_rgb(colour)) * 255).round().astype(np.uint8)
