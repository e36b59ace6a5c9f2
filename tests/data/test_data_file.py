"""A dataset that is a single file with a published checksum, and the drawn file that takes its place."""

import hashlib
import io
import sys
import types
from dataclasses import replace

import numpy as np
import pytest

from tests.data.conftest import PATIENT
from utils.data.download import provide
from utils.data.entries import DataFile
from utils.data.errors import CorruptArchiveError, DatasetError, DatasetOptionError, UnreachableError
from utils.data.registry import DATASETS, find_dataset


def npz_bytes(side):
    buffer = io.BytesIO()
    np.savez(buffer, train_images=np.zeros((3, side, side), np.uint8), train_labels=np.array([[0], [1], [1]]))
    return buffer.getvalue()


@pytest.fixture
def xrays(site):
    """Make the entry of one size of a dataset, served well or as told."""

    def make(side=28, *addresses, **changes):
        body = npz_bytes(side)
        entry = DataFile(
            name=f"x-rays {side}",
            file_name=f"xrays_{side}.npz",
            addresses=addresses or (site.serve(f"/xrays_{side}.npz?download=1", body),),
            size_megabytes=1,
            licence="CC BY 4.0",
            citation="Somebody (2023), X-rays",
            md5=hashlib.md5(body).hexdigest(),
        )
        return replace(entry, **changes)

    return make


@pytest.fixture
def drawing(monkeypatch):
    """A module that draws a file, and remembers how often it was asked to."""
    module = types.ModuleType("toy_drawing")
    module.DRAWING, module.drawn = "1", []

    def draw(entry, path):
        module.drawn.append(entry.name)
        path.write_bytes(b"drawn " + module.DRAWING.encode())

    module.draw = draw
    monkeypatch.setitem(sys.modules, "toy_drawing", module)
    return module


def test_returns_the_file(xrays, site, tmp_path, capfd):
    path = provide(xrays(), tmp_path, timeouts=PATIENT)
    assert path == tmp_path / "xrays_28.npz"
    assert np.load(path)["train_images"].shape == (3, 28, 28)
    said = capfd.readouterr().out
    assert "Please cite: Somebody (2023), X-rays. Licence: CC BY 4.0." in said
    assert provide(xrays(), tmp_path, timeouts=PATIENT) == path
    assert site.fetched == ["/xrays_28.npz?download=1"]
    assert capfd.readouterr().out == ""


def test_sizes_lie_side_by_side(xrays, tmp_path):
    for side in (28, 64):
        assert np.load(provide(xrays(side), tmp_path, timeouts=PATIENT))["train_images"].shape[1] == side
    assert sorted(path.name for path in tmp_path.glob("*.npz")) == ["xrays_28.npz", "xrays_64.npz"]


def test_wrong_checksum_is_refused_and_nothing_stays(xrays, site, tmp_path):
    address = site.serve("/other.npz", npz_bytes(29))
    with pytest.raises(CorruptArchiveError, match=r"its MD5 is [0-9a-f]{32}.*expected [0-9a-f]{32}"):
        provide(xrays(28, address), tmp_path, timeouts=PATIENT)
    assert list(tmp_path.iterdir()) == []


def test_second_address_serves_when_the_first_sends_another_file(xrays, site, tmp_path):
    first, second = site.serve("/other.npz", npz_bytes(29)), site.serve("/good.npz", npz_bytes(28))
    assert provide(xrays(28, first, second), tmp_path, timeouts=PATIENT).read_bytes() == npz_bytes(28)


def test_file_put_there_by_hand_is_used_if_it_is_the_right_one(xrays, site, tmp_path):
    (tmp_path / "xrays_28.npz").write_bytes(npz_bytes(28))
    provide(xrays(), tmp_path, timeouts=PATIENT)
    assert site.fetched == []
    (tmp_path / "xrays_64.npz").write_bytes(b"half a file")
    assert provide(xrays(64), tmp_path, timeouts=PATIENT).read_bytes() == npz_bytes(64)


def test_option_that_would_delete_it_is_an_error(xrays, tmp_path):
    with pytest.raises(DatasetOptionError, match="would delete it"):
        provide(xrays(), tmp_path, remove_compressed=True, timeouts=PATIENT)


def test_drawn_file_serves_where_nothing_can_be_reached(xrays, drawing, nowhere, tmp_path, capfd):
    entry = xrays(28, nowhere, sample="toy_drawing:draw")
    path = provide(entry, tmp_path, timeouts=PATIENT)
    assert path == tmp_path / "sample" / "xrays_28.npz"
    assert path.read_bytes() == b"drawn 1"
    assert "DRAWN PICTURES, NOT PATIENTS" in capfd.readouterr().out


def test_drawn_file_is_drawn_once_and_again_when_the_drawing_changes(xrays, drawing, tmp_path, monkeypatch):
    monkeypatch.setenv("WORKSHOP_DATA", "sample")
    entry = xrays(sample="toy_drawing:draw")
    provide(entry, tmp_path)
    provide(entry, tmp_path)
    assert drawing.drawn == ["x-rays 28"]
    drawing.DRAWING = "2"
    assert provide(entry, tmp_path).read_bytes() == b"drawn 2"


def test_interrupted_drawing_is_not_trusted(xrays, drawing, tmp_path, monkeypatch):
    monkeypatch.setenv("WORKSHOP_DATA", "sample")

    def stop_half_way(entry, path):
        path.write_bytes(b"dra")
        raise KeyboardInterrupt

    drawing.draw, draw = stop_half_way, drawing.draw
    with pytest.raises(KeyboardInterrupt):
        provide(xrays(sample="toy_drawing:draw"), tmp_path)
    assert list((tmp_path / "sample").iterdir()) == []
    drawing.draw = draw
    assert provide(xrays(sample="toy_drawing:draw"), tmp_path).read_bytes() == b"drawn 1"


def test_without_a_sample_the_error_says_so(xrays, nowhere, tmp_path, monkeypatch):
    with pytest.raises(UnreachableError):
        provide(xrays(28, nowhere), tmp_path, timeouts=PATIENT)
    monkeypatch.setenv("WORKSHOP_DATA", "sample")
    with pytest.raises(DatasetError, match="no drawn sample of 'x-rays 28'"):
        provide(xrays(), tmp_path)


def test_each_single_file_in_the_registry_has_a_checksum_and_its_own_name():
    files = [entry for entry in DATASETS if isinstance(entry, DataFile)]
    assert all(len(bytes.fromhex(entry.md5)) == 16 for entry in files)
    assert len({entry.file_name for entry in DATASETS}) == len({entry.name for entry in DATASETS}) == len(DATASETS)
    assert all(find_dataset(entry.name) is entry for entry in DATASETS)
