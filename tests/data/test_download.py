"""What students call: names, options, and the sample in the place of what cannot be had."""

import subprocess
import sys
import zipfile
from dataclasses import replace

import pytest

from tests.data.conftest import PATIENT
from utils.core.errors import WorkshopError
from utils.data import download_dataset
from utils.data.download import provide
from utils.data.errors import CorruptArchiveError, DatasetOptionError, UnknownDatasetError, UnreachableError
from utils.data.registry import SKIN_LESIONS


@pytest.fixture
def root(tmp_path, sample_root):
    """A data folder in which the sample lies drawn already, to save time."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "sample").symlink_to(sample_root)
    return tmp_path / "data"


@pytest.mark.parametrize(
    ("name", "count", "pattern"),
    [
        ("skin lesions", 100, "*.jpg"),
        ("skin lesions masks", 100, "*_Segmentation.png"),
        ("skin lesions test", 30, "*.jpg"),
        ("skin lesions test masks", 30, "*_Segmentation.png"),
    ],
)
def test_sample_serves_each_name_where_it_is_asked_for(root, monkeypatch, capfd, name, count, pattern):
    monkeypatch.setenv("WORKSHOP_DATA", "sample")
    folder = download_dataset(name, root)
    assert len(list(folder.iterdir())) == len(list(folder.glob(pattern))) == count
    assert folder.relative_to(root).parts[0] == "sample"
    said = capfd.readouterr().out
    assert "DRAWN PICTURES, NOT PATIENTS" in said
    assert "unset WORKSHOP_DATA" in said


def test_sample_asks_no_server(root, monkeypatch, site, images_record):
    monkeypatch.setenv("WORKSHOP_DATA", "sample")
    provide(images_record(), root, timeouts=PATIENT)
    assert site.fetched == []


def test_sample_without_extracting_is_an_archive_of_the_drawn_pictures(root, monkeypatch):
    monkeypatch.setenv("WORKSHOP_DATA", "sample")
    path = download_dataset("skin lesions test masks", root, extract=False)
    assert path.name == "ISBI2016_ISIC_Part1_Test_GroundTruth.zip"
    assert path.relative_to(root).parts[0] == "sample"
    with zipfile.ZipFile(path) as opened:
        assert len(opened.namelist()) == 30
        assert opened.testzip() is None


def test_nothing_reachable_brings_up_the_sample_loudly(root, images_record, nowhere, capfd):
    folder = provide(images_record(nowhere, nowhere), root, timeouts=PATIENT)
    assert len(list(folder.glob("ISIC_*.jpg"))) == 100
    said = capfd.readouterr().out
    assert "DRAWN PICTURES, NOT PATIENTS" in said
    assert "no server could be reached" in said
    assert "connect to the internet" in " ".join(said.split())


def test_box_is_one_rectangle(root, images_record, nowhere, capfd):
    provide(images_record(nowhere), root, timeouts=PATIENT)
    lines = capfd.readouterr().out.splitlines()
    assert len({len(line) for line in lines}) == 1
    assert (lines[0][0], lines[-1][-1]) == ("╔", "╝")


def test_unknown_host_brings_up_the_sample(root, images_record, capfd):
    provide(images_record("http://nothing.invalid/images.zip"), root, timeouts=PATIENT)
    assert "DRAWN PICTURES" in capfd.readouterr().out


def test_sample_is_never_mistaken_for_the_real_thing(root, images_record, site, nowhere, capfd):
    drawn = provide(images_record(nowhere), root, timeouts=PATIENT)
    real = provide(images_record(), root, timeouts=PATIENT)
    assert drawn != real
    assert len(list(real.iterdir())) == 3
    assert "run all download cells again" in capfd.readouterr().out


def test_damaged_download_never_becomes_the_sample(root, images_record, site, capfd):
    with pytest.raises(CorruptArchiveError):
        provide(images_record(site.serve("/bad.zip", b"nonsense")), root, timeouts=PATIENT)
    assert "DRAWN" not in capfd.readouterr().out


def test_drawn_masks_never_join_real_images(root, images_record, nowhere):
    provide(images_record(), root, timeouts=PATIENT)
    masks = replace(SKIN_LESIONS[1], addresses=(nowhere,), size_megabytes=1)
    with pytest.raises(UnreachableError, match="mixed in only on request"):
        provide(masks, root, timeouts=PATIENT)


def test_real_data_needs_no_server_once_it_is_there(root, images_record, nowhere):
    real = provide(images_record(), root, timeouts=PATIENT)
    assert provide(images_record(nowhere), root, timeouts=PATIENT) == real


def test_unreachable_archive_itself_is_an_error(root, images_record, nowhere):
    with pytest.raises(UnreachableError, match="WORKSHOP_DATA"):
        provide(images_record(nowhere), root, extract=False, timeouts=PATIENT)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("skin lesion", "skin lesions"),
        ("skin lesions mask", "skin lesions masks"),
        ("skin-lesions-test", "skin lesions test"),
    ],
)
def test_unknown_name_suggests_the_nearest(tmp_path, typed, meant):
    with pytest.raises(UnknownDatasetError, match=f"Did you mean '{meant}'"):
        download_dataset(typed, tmp_path)


@pytest.mark.parametrize("name", ["chest", "", None, 3, ["skin lesions"]], ids=repr)
def test_unknown_name_lists_the_names(tmp_path, name):
    with pytest.raises(UnknownDatasetError, match="'skin lesions test masks'"):
        download_dataset(name, tmp_path)


@pytest.mark.parametrize("typed", ["Skin Lesions Test", " skin  lesions test "])
def test_case_and_spaces_do_not_matter(root, monkeypatch, typed):
    monkeypatch.setenv("WORKSHOP_DATA", "sample")
    assert len(list(download_dataset(typed, root).iterdir())) == 30


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"extract": "no"}, "extract is True or False; got 'no'"),
        ({"remove_compressed": 1}, "remove_compressed is True or False; got 1"),
        ({"extract": False, "remove_compressed": True}, "would delete the archive"),
        ({"dest_path": None}, "dest_path is the name of a folder; got None"),
        ({"dest_path": ""}, "dest_path is the name of a folder; got ''"),
        ({"dest_path": __file__}, "is a file, not a folder"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_options_that_mean_nothing_are_errors(monkeypatch, options, words):
    monkeypatch.setenv("WORKSHOP_DATA", "sample")
    with pytest.raises(DatasetOptionError, match=words) as raised:
        download_dataset("skin lesions", **options)
    assert isinstance(raised.value, WorkshopError)


def test_misspelt_option_is_an_error():
    with pytest.raises(TypeError):
        download_dataset("skin lesions", extracted=True)


def test_unknown_setting_is_an_error(monkeypatch, tmp_path):
    monkeypatch.setenv("WORKSHOP_DATA", "samples")
    with pytest.raises(WorkshopError, match="WORKSHOP_DATA"):
        download_dataset("skin lesions", tmp_path)


def test_downloads_relative_to_the_working_folder(tmp_path, monkeypatch, images_record):
    monkeypatch.chdir(tmp_path)
    folder = provide(images_record(), timeouts=PATIENT)
    assert folder.resolve() == (tmp_path / "data" / SKIN_LESIONS[0].stem).resolve()


def test_registry_states_the_facts():
    assert [archive.member_count for archive in SKIN_LESIONS] == [900, 900, 379, 379]
    assert all(len(archive.addresses) == 2 for archive in SKIN_LESIONS)
    assert all(address.endswith("/" + archive.file_name) for archive in SKIN_LESIONS for address in archive.addresses)
    assert len({archive.file_name for archive in SKIN_LESIONS}) == 4


def test_import_is_light_and_silent():
    code = (
        "import sys, utils.data; utils.data.download_dataset;"
        "heavy = {'torch', 'pooch', 'requests', 'matplotlib', 'cv2', 'scipy'} & set(sys.modules);"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_public_names_are_all_there():
    import utils.data

    assert [name for name in utils.data.__all__ if not hasattr(utils.data, name)] == []
    with pytest.raises(AttributeError, match="downlod"):
        utils.data.downlod
