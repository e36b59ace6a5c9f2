"""Small copies of large pictures: what they look like, when they are made, and when they are made again."""

import os
import shutil
import signal
import subprocess
import sys
import textwrap

import numpy as np
import pytest
from PIL import Image

from tests.data.server import wait_until
from utils.core.errors import WorkshopError
from utils.data import prepare_images
from utils.data.errors import DamagedPictureError, DatasetOptionError, PairingError, StorageError
from utils.data.sample import draw_pair

SIZES = [(1022, 767), (767, 1022), (800, 800), (300, 200)]


@pytest.fixture
def folders(tmp_path):
    """Four pairs of different sizes, one of them small, and a mask without an image."""
    images, masks = tmp_path / "images here", tmp_path / "masks there"
    images.mkdir()
    masks.mkdir()
    for number, size in enumerate(SIZES):
        image, mask = draw_pair(9_000_000 + number)
        image.resize(size).save(images / f"ISIC_{number:07d}.jpg")
        mask.resize(size, Image.Resampling.NEAREST).save(masks / f"ISIC_{number:07d}_Segmentation.png")
    shutil.copy(masks / "ISIC_0000000_Segmentation.png", masks / "ISIC_0000009_Segmentation.png")
    (images / "notes.txt").write_text("mine")
    return images, masks


def load(path):
    with Image.open(path) as picture:
        picture.load()
    return picture


def content_of(folder):
    return {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def times_of(prepared):
    return {path.name: path.stat().st_mtime_ns for folder in prepared for path in folder.iterdir()}


def test_copies_have_the_names_and_shapes_of_the_originals(folders):
    prepared = prepare_images(*folders)
    assert [path.name for path in sorted(prepared.images.iterdir())] == [f"ISIC_000000{n}.jpg" for n in range(4)]
    for path, size in zip(
        sorted(prepared.images.iterdir()), [(256, 192), (192, 256), (256, 256), (256, 171)], strict=True
    ):
        mask = load(prepared.masks / f"{path.stem}_Segmentation.png")
        image = load(path)
        assert (image.size, image.mode, image.format) == (size, "RGB", "JPEG")
        assert (mask.size, mask.mode, mask.format) == (size, "L", "PNG")
        assert set(np.unique(mask)) == {0, 255}


def test_copies_show_the_same(folders):
    """Against the originals shrunk directly to what a network sees."""
    prepared = prepare_images(*folders)
    for path in sorted(prepared.images.iterdir()):
        direct, copied = (
            np.asarray(load(each / path.name).resize((64, 64), Image.Resampling.BOX), float)
            for each in (folders[0], prepared.images)
        )
        assert np.abs(direct - copied).mean() < 2
        name = f"{path.stem}_Segmentation.png"
        original = load(folders[1] / name)
        enlarged = load(prepared.masks / name).resize(original.size, Image.Resampling.NEAREST)
        truth, found = np.asarray(original) > 128, np.asarray(enlarged) > 128
        assert 2 * (truth & found).sum() / (truth.sum() + found.sum()) > 0.99


def test_originals_stay_as_they_are(folders):
    before = [content_of(folder) for folder in folders]
    prepare_images(*folders)
    assert [content_of(folder) for folder in folders] == before


def test_lies_next_to_the_originals_and_is_made_once(folders, capfd):
    prepared = prepare_images(*folders)
    assert prepared.images.parent == folders[0].with_name("images here_256px")
    assert prepared.masks.parent == prepared.images.parent
    said = capfd.readouterr().out
    assert "100%" in said
    assert "small copies of 4 pairs, 256 pixels at most" in said
    times = times_of(prepared)
    assert prepare_images(*map(str, folders)) == prepared
    assert times_of(prepared) == times
    assert capfd.readouterr().out == ""


CHANGES = {
    "image replaced": lambda images, masks: (
        draw_pair(9_000_100, 600)[0].resize((1022, 767)).save(images / "ISIC_0000000.jpg")
    ),
    "image touched": lambda images, masks: os.utime(images / "ISIC_0000001.jpg", (1, 1)),
    "mask touched": lambda images, masks: os.utime(masks / "ISIC_0000001_Segmentation.png", (1, 1)),
    "pair gone": lambda images, masks: (images / "ISIC_0000002.jpg").unlink(),
    "pair added": lambda images, masks: shutil.copy(images / "ISIC_0000000.jpg", images / "ISIC_0000009.jpg"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_is_made_again_when_an_original_changes(folders, change):
    times = times_of(prepare_images(*folders))
    change(*folders)
    prepared = prepare_images(*folders)
    assert {path.name for path in prepared.images.iterdir()} == {path.name for path in folders[0].glob("*.jpg")}
    changed = times_of(prepared)
    assert all(changed[name] != times[name] for name in changed.keys() & times.keys())


DAMAGES = {
    "copy gone": lambda home: (home / "images" / "ISIC_0000000.jpg").unlink(),
    "copy cut": lambda home: (home / "masks" / "ISIC_0000000_Segmentation.png").write_bytes(b"cut"),
    "stamp cut": lambda home: (home / "prepared.json").write_text('{"version": '),
    "stamp of something else": lambda home: (home / "prepared.json").write_text("[]"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damaged_copies_are_made_again(folders, damage):
    prepared = prepare_images(*folders)
    good = content_of(prepared.images.parent)
    damage(prepared.images.parent)
    assert content_of(prepare_images(*folders).images.parent) == good


def test_sizes_have_folders_of_their_own(folders):
    small, large = prepare_images(*folders, longest_side=64), prepare_images(*folders, longest_side=128)
    assert small.images != large.images
    assert load(small.images / "ISIC_0000000.jpg").size == (64, 48)
    assert load(large.images / "ISIC_0000000.jpg").size == (128, 96)


def test_prepared_folders_stand_for_their_originals(folders):
    """A notebook's cell that is run twice gets its own result; with another size it starts from the originals."""
    prepared = prepare_images(*folders)
    assert prepare_images(*prepared) == prepared
    larger = prepare_images(*prepared, longest_side=400)
    assert load(larger.images / "ISIC_0000000.jpg").size == (400, 300)
    assert larger.images.parent == folders[0].with_name("images here_400px")


def test_all_of_it_can_be_moved(folders, tmp_path):
    prepare_images(*folders)
    moved = tmp_path.with_name("moved")
    tmp_path.rename(moved)
    images, masks = (moved / folder.name for folder in folders)
    times = times_of(prepare_images(images, masks))
    assert times_of(prepare_images(images, masks)) == times
    tmp_path.mkdir()


def test_small_pictures_are_left_as_they_are(folders, capfd):
    images, masks = folders
    assert prepare_images(images, masks, longest_side=511) == folders
    assert "1022 pixels at most, small enough to be used as they are" in capfd.readouterr().out
    assert [path for path in images.parent.iterdir() if path not in folders] == []


def test_sample_is_left_as_it_is(sample_root):
    folders = sample_root / "training" / "images", sample_root / "training" / "masks"
    assert prepare_images(*folders) == folders


@pytest.mark.parametrize("longest_side", [0, -1, 2.5, "256", None, True])
def test_size_that_means_nothing_is_an_error(folders, longest_side):
    with pytest.raises(DatasetOptionError, match="whole number of pixels"):
        prepare_images(*folders, longest_side=longest_side)


@pytest.mark.parametrize("wrong", [None, 3, "nowhere", ""])
def test_folder_that_is_none_is_an_error(folders, wrong):
    with pytest.raises(DatasetOptionError, match=r"image_dir .* is no folder"):
        prepare_images(wrong, folders[1])
    with pytest.raises(DatasetOptionError, match=r"mask_dir .* is no folder"):
        prepare_images(folders[0], wrong)


def test_folders_in_the_wrong_order_are_an_error(folders):
    with pytest.raises(DatasetOptionError, match=r"no \*.jpg images"):
        prepare_images(folders[1], folders[0])


def test_image_without_a_mask_is_an_error_that_names_it(folders):
    (folders[1] / "ISIC_0000001_Segmentation.png").unlink()
    with pytest.raises(PairingError, match=r"1 of 4 images .* have no mask .* ISIC_0000001.jpg first"):
        prepare_images(*folders)


def left_behind(folders):
    return [path.name for path in folders[0].parent.iterdir() if path not in folders]


def test_mask_of_another_size_is_an_error_and_nothing_stays(folders):
    Image.new("L", (767, 1021)).save(folders[1] / "ISIC_0000001_Segmentation.png")
    with pytest.raises(PairingError, match="767 × 1022 pixels, its mask 767 × 1021"):
        prepare_images(*folders)
    assert left_behind(folders) == []


@pytest.mark.parametrize("spoil", [lambda good: good[: len(good) // 2], lambda good: b"<html>", lambda good: b""])
@pytest.mark.parametrize("name", ["ISIC_0000001.jpg", "ISIC_0000001_Segmentation.png"])
def test_damaged_picture_is_an_error_that_names_it_and_nothing_stays(folders, name, spoil):
    path = next(folder / name for folder in folders if (folder / name).is_file())
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(DamagedPictureError, match=f"{name} cannot be read as a picture") as raised:
        prepare_images(*folders)
    assert isinstance(raised.value, WorkshopError)
    assert left_behind(folders) == []


def test_failure_leaves_the_copies_from_before(folders):
    prepared = prepare_images(*folders)
    before = content_of(prepared.images.parent)
    (folders[0] / "ISIC_0000001.jpg").write_bytes(b"")
    with pytest.raises(DamagedPictureError):
        prepare_images(*folders)
    assert content_of(prepared.images.parent) == before


def test_place_that_cannot_be_written_is_an_error(folders):
    images = folders[0].rename(folders[0].with_name("i" * 250))  # no name may have more than 255 letters
    with pytest.raises(StorageError, match="Writing below"):
        prepare_images(images, folders[1])


def test_folder_of_that_name_that_is_not_ours_is_left_alone(folders):
    mine = folders[0].with_name("images here_256px")
    mine.mkdir()
    (mine / "precious.txt").write_text("mine")
    with pytest.raises(StorageError, match="in the way, and not ours"):
        prepare_images(*folders)
    assert (mine / "precious.txt").read_text() == "mine"


PREPARING = """
    import sys
    from utils.data import prepare_images

    prepare_images(sys.argv[1], sys.argv[2])
"""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL], ids=lambda how: how.name)
def test_interrupted_run_leaves_nothing_that_is_trusted(folders, how):
    images, masks = folders
    for number in range(10, 200):
        os.link(images / "ISIC_0000000.jpg", images / f"ISIC_{number:07d}.jpg")
        os.link(masks / "ISIC_0000000_Segmentation.png", masks / f"ISIC_{number:07d}_Segmentation.png")
    code = [sys.executable, "-c", textwrap.dedent(PREPARING), str(images), str(masks)]
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    with subprocess.Popen(code, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment) as process:
        wait_until(lambda: any(images.parent.glob(".unfinished-*/new/images/*.jpg")))
        process.send_signal(how)
        assert process.wait(20) == -how
    assert not images.with_name("images here_256px").exists()
    if how == signal.SIGINT:
        assert left_behind(folders) == []
    assert len(list(prepare_images(*folders).images.iterdir())) == 194
