"""The drawn X-rays: the form of a MedMNIST file, two classes that differ in texture and not in brightness."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from utils.data import download_dataset
from utils.data.registry import CHEST_XRAYS, find_dataset
from utils.data.xrays import SAMPLE_COUNTS, SICK_SHARE, draw_split, side_of

SIDE = 64


@pytest.fixture(scope="module")
def training():
    images, labels = draw_split("train", SIDE)
    return images / 255.0, labels[:, 0]


def separation(values, labels):
    """Return the AUC of a number per image, whichever way round."""
    area = roc_auc_score(labels, values)
    return max(area, 1 - area)


def test_registry_states_the_published_facts():
    assert [side_of(entry) for entry in CHEST_XRAYS] == [28, 64, 128, 224]
    entry = find_dataset("chest x-rays 64")
    assert entry.md5 == "8f4eceb4ccffa70c672198ea285246c6"
    assert entry.addresses == ("https://zenodo.org/records/10519652/files/pneumoniamnist_64.npz?download=1",)
    assert entry.licence == "CC BY 4.0"


def test_sample_has_the_arrays_of_a_medmnist_file(tmp_path, monkeypatch, capfd):
    monkeypatch.setenv("WORKSHOP_DATA", "sample")
    path = download_dataset("chest x-rays 64", dest_path=tmp_path)
    assert "DRAWN PICTURES, NOT PATIENTS" in capfd.readouterr().out
    with np.load(path) as arrays:
        assert set(arrays) == {f"{split}_{kind}" for split in SAMPLE_COUNTS for kind in ("images", "labels")}
        for split, count in SAMPLE_COUNTS.items():
            assert arrays[f"{split}_images"].shape == (count, SIDE, SIDE)
            assert arrays[f"{split}_labels"].shape == (count, 1)
            assert arrays[f"{split}_images"].dtype == arrays[f"{split}_labels"].dtype == np.uint8
            assert arrays[f"{split}_labels"].mean() == pytest.approx(SICK_SHARE, abs=0.01)


def test_pictures_are_the_same_each_time_and_differ_from_each_other(training):
    again, _ = draw_split("val", SIDE)
    once, _ = draw_split("val", SIDE)
    assert np.array_equal(once, again)
    everything = np.concatenate([(255 * training[0]).astype(np.uint8), once, draw_split("test", SIDE)[0]])
    assert len({picture.tobytes() for picture in everything}) == len(everything) == sum(SAMPLE_COUNTS.values())


@pytest.mark.parametrize("statistic", ["mean", "spread", "median", "bright", "dark", "lungs", "spread of the lungs"])
def test_brightness_and_contrast_hardly_tell_the_classes_apart(training, statistic):
    images, labels = training
    lungs = images[:, 16:44, [*range(10, 26), *range(38, 54)]]
    values = {
        "mean": images.mean((1, 2)),
        "spread": images.std((1, 2)),
        "median": np.median(images, (1, 2)),
        "bright": np.quantile(images, 0.9, (1, 2)),
        "dark": np.quantile(images, 0.1, (1, 2)),
        "lungs": lungs.mean((1, 2)),
        "spread of the lungs": lungs.std((1, 2)),
    }[statistic]
    assert separation(values, labels) < 0.6


def test_texture_does(training):
    images, labels = training
    # Fine structure in the lungs, relative to the picture's own contrast: a difference of two small blurs.
    fine, coarse = blurred(images, 1), blurred(images, 3)
    structure = ((fine - coarse)[:, 16:36, [*range(11, 25), *range(39, 53)]] ** 2).mean((1, 2))
    assert separation(structure / images.var((1, 2)), labels) > 0.75


def blurred(images, reach):
    """Average each pixel with its neighbours up to `reach` pixels away."""
    offsets = range(-reach, reach + 1)
    return np.mean([np.roll(images, (down, across), (1, 2)) for down in offsets for across in offsets], axis=0)
