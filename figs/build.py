"""Regenerate every figure, or say which files differ from what the code draws.

``python -m figs.build`` writes ``figs/<name>.svg`` and ``figs/<name>.png``; ``--check`` writes nothing and returns 1 if
a file differs, provided that the libraries are those the files were drawn with (``drawn_with.json``). Names on the command line limit either to these figures.
"""

import argparse
import json
import re
from collections.abc import Iterable
from importlib import import_module
from importlib.metadata import version
from io import BytesIO
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from PIL import Image

from figs.style import FONT

__all__ = ["FOLDER", "NAMES", "PNG_WIDTH", "differing", "draw", "main", "render", "strangers"]

FOLDER = Path(__file__).parent
NAMES = (
    "banner",
    "transfer_concept",
    "custom_head",
    "unet",
    "efficientnet_b0",
    "unet_efficientnet",
    "dice_overlap",
    "sync_augmentation",
    "freezing",
    "quiz_dice",
    "quiz_mask_resize",
)
PNG_WIDTH = 1440  # pixels: sharp on dense screens, small enough to travel inside a notebook
PNG_COLOURS = 160
NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))  # they name a version and a day
FIXED = {
    "font.family": FONT,
    "svg.fonttype": "path",
    "svg.hashsalt": "transfer-learning-workshop",
    "text.hinting": "none",
}
LIBRARIES = ("matplotlib", "numpy", "pillow")  # other versions of these may draw other bytes
PACKING = (
    (r"<!--.*?-->", ""),
    (r"\n\s*", "\n"),
    (r" \n(?=[A-Zz])", ""),  # a path's commands, one to a line
    (r'<g id="(?:patch|text|image)_\d+">', "<g>"),
    (r"DejaVuSans-Bold-", "b"),
    (r"DejaVuSans-", "r"),
)


def draw(name: str) -> Figure:
    """Return the figure that `figs/<name>.py` draws."""
    return import_module(f"figs.{name}").draw()


def render(name: str) -> dict[str, bytes]:
    """Return the figure's files, name to content, whatever the user's own matplotlib settings are."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(FIXED)
        figure = draw(name)
        return {f"{name}.svg": _svg(figure), f"{name}.png": _png(figure)}


def _svg(figure: Figure) -> bytes:
    """Return the figure as SVG with its text as outlines."""
    content = BytesIO()
    FigureCanvasSVG(figure).print_svg(content, metadata=NO_METADATA)
    return _packed(content.getvalue().decode()).encode()


def _packed(drawing: str) -> str:
    """Drop what a browser does not need: comments, indentation, group names and long glyph names."""
    for pattern, short in PACKING:
        drawing = re.sub(pattern, short, drawing)
    return drawing


def _png(figure: Figure) -> bytes:
    """Return the figure as PNG, `PNG_WIDTH` pixels wide, in at most `PNG_COLOURS` colours."""
    canvas = FigureCanvasAgg(figure)
    figure.set_dpi(PNG_WIDTH / figure.get_figwidth())
    canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())[..., :3]
    content = BytesIO()
    _quantised(Image.fromarray(np.ascontiguousarray(pixels))).save(content, format="png", optimize=True)
    return content.getvalue()


def _quantised(picture: Image.Image) -> Image.Image:
    """Return the picture with a palette; its largest flat colour, the paper, stays exactly what it was."""
    paper = picture.getpixel((0, 0))
    reduced = picture.quantize(PNG_COLOURS, method=Image.Quantize.MEDIANCUT, kmeans=4, dither=Image.Dither.NONE)
    palette = reduced.getpalette()
    index = reduced.getpixel((0, 0))
    palette[3 * index : 3 * index + 3] = paper
    reduced.putpalette(palette)
    return reduced


def differing(names: Iterable[str] = NAMES) -> list[str]:
    """Return the files in `figs/` that are missing or differ from what the code draws, byte for byte."""
    drawn = (item for name in names for item in render(name).items())
    return [file for file, content in drawn if not _same(FOLDER / file, content)]


def _same(path: Path, content: bytes) -> bool:
    """Return whether the file exists and holds exactly `content`."""
    return path.is_file() and path.read_bytes() == content


def strangers() -> list[str]:
    """Return the libraries that differ from those the files were drawn with, as "numpy 2.1.3 (files: 2.4.6)"."""
    drawn_with = json.loads((FOLDER / "drawn_with.json").read_text(encoding="utf-8"))
    return [f"{name} {version(name)} (files: {was})" for name, was in drawn_with.items() if version(name) != was]


def _write(names: Iterable[str]) -> None:
    """Write each figure's files and say how large they are."""
    for name in names:
        for file, content in render(name).items():
            (FOLDER / file).write_bytes(content)
            print(f"figs/{file}: {len(content) / 1000:.1f} kB")
    if tuple(names) == NAMES:
        drawn_with = json.dumps({name: version(name) for name in LIBRARIES}, indent=2)
        (FOLDER / "drawn_with.json").write_text(drawn_with + "\n", encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Build or check the figures; return 0, or 1 if a check found a difference."""
    parser = argparse.ArgumentParser(prog="python -m figs.build", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"one of {', '.join(NAMES)}; none means all")
    parser.add_argument("--check", action="store_true", help="write nothing; name the files that differ")
    options = parser.parse_args(arguments)
    unknown = sorted(set(options.names) - set(NAMES))
    if unknown:
        parser.error(f"there is no figure {', '.join(unknown)}; there are {', '.join(NAMES)}.")
    names = options.names or NAMES
    if not options.check:
        _write(names)
        return 0
    if strangers():
        print(f"Other libraries draw other bytes, so bytes are not compared here: {', '.join(strangers())}.")
        print("The pictures themselves are: tests/figs compares them tile by tile.")
        return 0
    stale = differing(names)
    for file in stale:
        print(f"figs/{file} differs from what figs/{Path(file).stem}.py draws; run `python -m figs.build`.")
    return 1 if stale else 0


if __name__ == "__main__":
    raise SystemExit(main())
