"""One palette, one typeface, one unit: a figure's coordinates are pixels of a 900-pixel-wide notebook.

A figure is 12.5 inches wide at 72 units per inch, so a font size of 12 points is 12 pixels in the notebook
whatever the resolution of the file. Colours follow Okabe and Ito's palette, which people with any common kind of
colour blindness can tell apart; no figure relies on colour alone.
"""

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure

__all__ = [
    "FONT",
    "FROZEN",
    "INK",
    "LINE",
    "MUTED",
    "NEUTRAL",
    "NEW",
    "PAPER",
    "SIZES",
    "SKIP",
    "UNITS_PER_INCH",
    "WIDTH",
    "WRONG",
    "Tone",
    "blank",
    "mix",
]

WIDTH = 900
UNITS_PER_INCH = 72
FONT = "DejaVu Sans"  # ships with matplotlib, so figures look the same on every machine
SIZES = {"small": 11.0, "text": 12.0, "strong": 13.5, "heading": 16.0}

PAPER = "#FCFBF8"  # opaque and nearly white: figures stay readable on a dark page
INK = "#1B2733"
MUTED = "#55616D"
LINE = "#B4BDC6"


@dataclass(frozen=True)
class Tone:
    """A meaning's colours: `fill` for shapes, `edge` for outlines and arrows, `text` for words, `wash` for panels."""

    fill: str
    edge: str
    text: str
    wash: str


FROZEN = Tone(fill="#7FB6DA", edge="#00527F", text="#00527F", wash="#E6F1F8")  # pretrained, blue
NEW = Tone(fill="#F3BE55", edge="#8F5500", text="#824D00", wash="#FDF3DF")  # randomly initialised, orange
SKIP = Tone(fill="#5CC2A2", edge="#00694D", text="#006048", wash="#E2F4EE")  # copied across, green
WRONG = Tone(fill="#E58A58", edge="#A83E00", text="#A83E00", wash="#FBE9DF")  # a mistake, vermilion
NEUTRAL = Tone(fill="#DDE2E7", edge="#66727E", text="#55616D", wash="#F1F3F5")  # neither: data, operations


def mix(colour: str, other: str, share: float) -> str:
    """Return `colour` with the `share` (0 to 1) of it replaced by `other`, as a hex string."""
    pairs = zip(to_rgb(colour), to_rgb(other), strict=True)
    return to_hex([(1 - share) * mine + share * theirs for mine, theirs in pairs])


def blank(height: float, *, paper: str = PAPER) -> tuple[Figure, Axes]:
    """Return an empty figure of 900 x `height` notebook pixels and the axes that cover it, y pointing down."""
    figure = Figure(figsize=(WIDTH / UNITS_PER_INCH, height / UNITS_PER_INCH), dpi=UNITS_PER_INCH, facecolor=paper)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_autoscale_on(False)
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(height, 0)
    return figure, axes
