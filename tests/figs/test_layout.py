"""Every figure's layout, measured: nothing clipped, nothing overlapping, nothing too small or too faint."""

from itertools import combinations

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.patches import FancyBboxPatch, PathPatch
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from figs import style
from figs.build import NAMES, draw

MARGIN = 4  # notebook pixels between any word and the figure's edge
LINES_FROM = 3  # zorder of lines, arrows and outlines; pictures and areas lie below


@pytest.fixture(scope="module", params=NAMES)
def figure(request):
    drawn = draw(request.param)
    FigureCanvasAgg(drawn).draw()
    return drawn


def words(figure) -> list[tuple[Text, Bbox]]:
    return [(text, text.get_window_extent().padded(-1)) for text in figure.axes[0].texts if text.get_text().strip()]


def luminance(colour) -> float:
    red, green, blue = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other) -> float:
    dark, light = sorted((luminance(to_rgb(one)), luminance(to_rgb(other))))
    return (light + 0.05) / (dark + 0.05)


def test_no_word_is_clipped(figure):
    page = figure.bbox.padded(-MARGIN)
    outside = [text.get_text() for text, box in words(figure) if not contains(page, box)]
    assert outside == []


def contains(outer: Bbox, inner: Bbox) -> bool:
    return outer.x0 <= inner.x0 and outer.y0 <= inner.y0 and inner.x1 <= outer.x1 and inner.y1 <= outer.y1


def test_no_words_overlap(figure):
    pairs = combinations(words(figure), 2)
    assert [(one.get_text(), two.get_text()) for (one, a), (two, b) in pairs if a.overlaps(b)] == []


def test_no_line_runs_through_a_word(figure):
    lines = [patch for patch in figure.axes[0].patches if isinstance(patch, PathPatch) and patch.zorder >= LINES_FROM]
    paths = [line.get_transform().transform_path(line.get_path()) for line in lines]
    crossed = [
        text.get_text()
        for text, box in words(figure)
        for path in paths
        if path.intersects_bbox(box.padded(2), filled=False)
    ]
    assert crossed == []


def test_words_in_a_box_stay_inside_it(figure):
    boxes = [patch.get_window_extent() for patch in figure.axes[0].patches if isinstance(patch, FancyBboxPatch)]
    torn = [
        text.get_text()
        for text, box in words(figure)
        for outer in boxes
        if outer.overlaps(box) and not contains(outer, box)
    ]
    assert torn == []


def test_no_word_is_too_small(figure):
    assert min(text.get_fontsize() for text, _ in words(figure)) >= style.SIZES["small"]


@pytest.mark.parametrize("name", ["FROZEN", "NEW", "SKIP", "WRONG", "NEUTRAL"])
def test_words_stand_out_from_their_panel_and_from_paper(name):
    tone = getattr(style, name)
    for ground in (tone.wash, style.PAPER):
        assert contrast(tone.text, ground) >= 4.5
        assert contrast(style.MUTED, ground) >= 4.5
    assert contrast(style.INK, tone.fill) >= 4.5
    assert contrast(tone.edge, tone.wash) >= 3
