"""The committed figures: up to date, small, described."""

import json
import subprocess
import sys
from io import BytesIO
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pytest
from PIL import Image

from figs import build
from figs.build import FOLDER, NAMES
from figs.dice_overlap import EXAMPLES, MAIN, Overlap
from figs.lesion import draw_lesion
from figs.style import PAPER

PNG_LIMIT, SVG_LIMIT = 80_000, 100_000  # bytes
ALT_TEXTS = json.loads((FOLDER / "alt_texts.json").read_text(encoding="utf-8"))
STRANGERS = build.strangers()


@pytest.fixture(scope="module")
def drawn() -> dict[str, bytes]:
    return {file: content for name in NAMES for file, content in build.render(name).items()}


def tiles(content: bytes) -> np.ndarray:
    """Return the picture's mean colours in tiles of 32 x 32 pixels: versions smooth letters differently."""
    with Image.open(BytesIO(content)) as picture:
        return np.asarray(picture.convert("RGB").reduce(32), dtype=float)


@pytest.mark.skipif(bool(STRANGERS), reason=f"other libraries draw other bytes: {', '.join(STRANGERS)}")
def test_committed_files_are_what_the_code_draws_byte_for_byte(drawn):
    assert [file for file, content in drawn.items() if (FOLDER / file).read_bytes() != content] == []


@pytest.mark.parametrize("name", NAMES)
def test_committed_pictures_look_like_what_the_code_draws(drawn, name):
    committed, fresh = tiles((FOLDER / f"{name}.png").read_bytes()), tiles(drawn[f"{name}.png"])
    assert committed.shape == fresh.shape
    assert np.abs(committed - fresh).max() < 16  # of 255; matplotlib 3.10 against 3.11 reaches 11


def test_a_figure_drawn_twice_under_other_settings_is_the_same(drawn):
    with matplotlib.rc_context({"font.family": "monospace", "lines.linewidth": 9, "savefig.dpi": 33}):
        again = build.render("freezing")
    assert again == {file: drawn[file] for file in again}


def test_check_names_exactly_the_files_that_differ(tmp_path, monkeypatch, capsys, drawn):
    for file, content in drawn.items():
        (tmp_path / file).write_bytes(content)
    (tmp_path / "drawn_with.json").write_text("{}")
    monkeypatch.setattr(build, "FOLDER", tmp_path)
    assert build.main(["--check", "unet", "banner"]) == 0
    (tmp_path / "unet.svg").write_bytes(drawn["unet.svg"] + b"\n")
    (tmp_path / "banner.png").unlink()
    assert build.main(["--check", "unet", "banner"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["figs/unet.svg", "figs/banner.png"]


def test_an_unknown_figure_is_refused(capsys):
    with pytest.raises(SystemExit):
        build.main(["--check", "u_net"])
    assert "there is no figure u_net; there are banner" in capsys.readouterr().err


def test_pyplot_is_never_imported():
    code = "import sys; from figs.build import *; [draw(n) for n in NAMES]; print('matplotlib.pyplot' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], cwd=FOLDER.parent, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "False"


@pytest.mark.parametrize("name", NAMES)
def test_files_are_small_and_well_formed(name):
    png, svg = FOLDER / f"{name}.png", FOLDER / f"{name}.svg"
    assert png.stat().st_size <= PNG_LIMIT
    assert svg.stat().st_size <= SVG_LIMIT
    root = ElementTree.fromstring(svg.read_text(encoding="utf-8"))
    assert root.tag.endswith("svg")
    assert not [node for node in root.iter() if node.tag.endswith("}text")]  # outlines need no font
    with Image.open(png) as picture:
        assert picture.width == build.PNG_WIDTH
        assert picture.info.keys() <= {"transparency"}


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("banner")])
def test_paper_is_opaque_and_nearly_white_in_every_corner(name):
    with Image.open(FOLDER / f"{name}.png") as picture:
        picture = picture.convert("RGBA")
        corners = [(0, 0), (picture.width - 1, 0), (0, picture.height - 1), (picture.width - 1, picture.height - 1)]
        found = {picture.getpixel(corner) for corner in corners}
    assert found == {(*bytes.fromhex(PAPER[1:]), 255)}


def test_every_figure_file_belongs_to_a_figure():
    files = {path.stem for pattern in ("*.png", "*.svg") for path in FOLDER.glob(pattern)}
    assert files == set(NAMES)


def test_every_figure_has_an_alt_text():
    assert list(ALT_TEXTS) == list(NAMES)
    for text in ALT_TEXTS.values():
        assert 100 < len(text) < 700
        assert "]" not in text  # it would end the alt text in markdown
        assert '"' not in text


def test_alt_texts_say_the_numbers_the_figures_show():
    truth, prediction, both = MAIN.counts
    assert f"2 x {both} / ({truth} + {prediction}) = {MAIN.dice:.2f}" in ALT_TEXTS["dice_overlap"]
    assert f"the Dice loss {1 - MAIN.dice:.2f}" in ALT_TEXTS["dice_overlap"]
    assert f"{both} / {truth + prediction - both} = {MAIN.jaccard:.2f}" in ALT_TEXTS["dice_overlap"]

    mask = draw_lesion().mask
    assert f"Dice {Overlap(mask[:, ::-1], mask).dice:.2f}." in ALT_TEXTS["sync_augmentation"]


def test_lesion_and_its_mask_are_lopsided_so_that_a_flip_shows():
    lesion = draw_lesion()
    assert Overlap(lesion.mask, lesion.mask[:, ::-1]).dice < 0.8
    assert lesion.image[lesion.mask].mean() < lesion.image[~lesion.mask].mean() - 60  # dark inside its mask


def test_dice_examples_rise_from_disjoint_to_equal():
    scores = [pair.dice for pair in EXAMPLES]
    assert scores == sorted(scores)
    assert (scores[0], scores[-1]) == (0.0, 1.0)
    for pair in (*EXAMPLES, MAIN):
        assert pair.dice == pytest.approx(2 * pair.jaccard / (1 + pair.jaccard))
