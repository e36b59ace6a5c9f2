"""The embedded sample: what it holds, that it can be learnt from, and that it is drawn whole."""

import os
import re

import numpy as np
import pytest
from PIL import Image

from utils.data.errors import StorageError, UnknownDatasetError
from utils.data.sample import SAMPLE_COUNTS, draw_pair, draw_sample, sample_numbers


@pytest.fixture(scope="module")
def pairs(sample_root):
    """Each image, shape (H, W, 3), uint8, with its mask, shape (H, W), uint8."""
    found = []
    for split in SAMPLE_COUNTS:
        for path in sorted((sample_root / split / "images").iterdir()):
            with Image.open(path) as image, Image.open(mask_of(path)) as mask:
                assert (image.mode, mask.mode) == ("RGB", "L")
                found.append((np.asarray(image), np.asarray(mask)))
    return found


def mask_of(path):
    return path.parents[1] / "masks" / f"{path.stem}_Segmentation.png"


@pytest.mark.parametrize(("split", "count"), [("training", 100), ("test", 30)])
def test_each_image_has_its_mask(sample_root, split, count):
    images = sorted((sample_root / split / "images").iterdir())
    masks = sorted((sample_root / split / "masks").iterdir())
    assert len(images) == count
    assert all(re.fullmatch(r"ISIC_\d{7}\.jpg", path.name) for path in images)
    assert [mask_of(path) for path in images] == masks


def test_splits_share_no_picture():
    assert not set(sample_numbers("training")) & set(sample_numbers("test"))


def test_numbers_have_gaps():
    assert set(np.diff(sample_numbers("training"))) > {1, 2, 3}


def test_sizes_and_shapes_differ(pairs):
    sizes = {image.shape[:2] for image, _ in pairs}
    assert len(sizes) > 20
    assert {height > width for height, width in sizes} == {True, False}
    assert all(192 <= max(size) <= 384 for size in sizes)


def test_masks_fit_and_are_black_and_white(pairs):
    assert all(image.shape[:2] == mask.shape for image, mask in pairs)
    assert all(set(np.unique(mask)) == {0, 255} for _, mask in pairs)


def test_lesions_cover_as_much_as_in_the_archive(pairs):
    covered = [mask.mean() / 255 for _, mask in pairs]
    assert np.mean(covered) == pytest.approx(0.179, abs=0.015)
    assert min(covered) > 0.019
    assert max(covered) < 0.56
    assert np.std(covered) > 0.08


def test_channels_differ_as_on_skin(pairs):
    red, green, blue = np.mean([image.mean(axis=(0, 1)) / 255 for image, _ in pairs], axis=0)
    assert red > green + 0.1
    assert green > blue + 0.02


def test_lesions_are_mostly_darker_but_a_threshold_is_not_enough(pairs):
    scores = [dice(image[..., 2] <= otsu(image[..., 2]), mask > 127) for image, mask in pairs]
    assert 0.5 < np.mean(scores) < 0.85
    assert min(scores) < 0.3


def otsu(channel):
    """The threshold that separates a channel, uint8, best into dark and bright."""
    counts = np.bincount(channel.ravel(), minlength=256).astype(float)
    weight, moment = np.cumsum(counts), np.cumsum(counts * np.arange(256))
    between = (moment[-1] * weight / weight[-1] - moment) ** 2 / np.maximum(weight * (weight[-1] - weight), 1e-9)
    return between.argmax()


def dice(found, truth):
    return 2 * (found & truth).sum() / (found.sum() + truth.sum())


def test_same_number_gives_same_pair():
    first, second = draw_pair(9_000_001), draw_pair(9_000_001)
    assert [part.tobytes() for part in first] == [part.tobytes() for part in second]


def test_other_number_gives_other_picture():
    assert draw_pair(9_000_001)[0].tobytes() != draw_pair(9_000_002)[0].tobytes()


def test_drawing_leaves_the_global_random_numbers_alone():
    before = np.random.get_state()[1].tobytes()
    draw_pair(9_000_003)
    assert np.random.get_state()[1].tobytes() == before


def test_second_drawing_has_the_same_bytes(sample_root, tmp_path):
    draw_sample(tmp_path / "again", "test")
    first, second = (
        {path.name: path.read_bytes() for path in root.rglob("ISIC_*")} for root in (sample_root / "test", tmp_path)
    )
    assert first == second


def test_complete_folder_is_used_again_and_nothing_drawn(sample_root, monkeypatch):
    monkeypatch.delattr("utils.data.sample.folder.draw_pair")
    assert len(list(draw_sample(sample_root / "test", "test").images.iterdir())) == 30


@pytest.mark.parametrize("missing", ["drawn.txt", "images", "masks"])
def test_incomplete_folder_is_drawn_again(tmp_path, missing, monkeypatch):
    folder = tmp_path / "test"
    monkeypatch.setattr("utils.data.sample.folder.SAMPLE_COUNTS", {"training": 2, "test": 2})
    draw_sample(folder, "test")
    target = folder / missing
    target = target if target.is_file() else next(target.iterdir())
    target.unlink()
    draw_sample(folder, "test")
    assert target.is_file()
    assert sorted(os.listdir(tmp_path)) == ["test"]


def test_interrupted_drawing_leaves_no_folder(tmp_path, monkeypatch):
    drawn = []

    def interrupted(number):
        drawn.append(number)
        if len(drawn) == 3:
            raise KeyboardInterrupt
        return draw_pair(number)

    monkeypatch.setattr("utils.data.sample.folder.draw_pair", interrupted)
    with pytest.raises(KeyboardInterrupt):
        draw_sample(tmp_path / "test", "test")
    assert os.listdir(tmp_path) == []


def test_unknown_split_is_an_error(tmp_path):
    with pytest.raises(UnknownDatasetError, match="training, test"):
        draw_sample(tmp_path, "validation")


def test_folder_that_cannot_be_written_is_an_error(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="What was there before is untouched"):
        draw_sample(tmp_path / "file" / "sample", "test")
