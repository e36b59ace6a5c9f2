"""The first pairs of an archive, read by range requests, without the rest."""

import struct
from dataclasses import replace

import pytest

from tests.data.conftest import PATIENT, image_members, mask_members, picture, zip_bytes
from utils.data import download_dataset
from utils.data.download import provide
from utils.data.errors import CorruptArchiveError, DatasetOptionError, DownloadError, PairingError
from utils.data.registry import SKIN_LESIONS

NUMBERS = tuple(f"{number:07d}" for number in range(40))
PADDING = {"README.txt": bytes(5_000_000)}  # between the first pictures and the list of contents


def packed(members):
    """Pack in an order that is not that of the names, with much that is not wanted."""
    names = sorted(members)
    return zip_bytes({name: members[name] for name in [*names[1::2], *names[::2]]} | PADDING)


@pytest.fixture
def images(site):
    def make(*addresses, **options):
        addresses = addresses or (
            site.serve("/images.zip", packed(image_members(NUMBERS)), **{"headers": {"ETag": '"1"'}, **options}),
        )
        return replace(SKIN_LESIONS[0], addresses=addresses, member_count=40, size_megabytes=6)

    return make


@pytest.fixture
def masks(site):
    def make(numbers=NUMBERS, size=(24, 16)):
        address = site.serve("/masks.zip", packed(mask_members(numbers, size)))
        return replace(SKIN_LESIONS[1], addresses=(address,), member_count=40, size_megabytes=6)

    return make


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def first(entry, root, limit=5, **options):
    return provide(entry, root, limit=limit, **{"timeouts": PATIENT, **options})


def test_brings_the_first_pairs_and_little_else(images, masks, site, tmp_path, capfd):
    folder = first(images(), tmp_path)
    assert names_in(folder) == [f"ISIC_{number}.jpg" for number in NUMBERS[:5]]
    assert (folder / "ISIC_0000003.jpg").read_bytes() == picture("0000003", "RGB")
    assert site.sent_bytes < 3_000_000
    assert names_in(first(masks(), tmp_path)) == [f"ISIC_{number}_Segmentation.png" for number in NUMBERS[:5]]
    said = capfd.readouterr().out
    assert "the first 5 of 40 images" in said
    assert said.count("arXiv:1605.01397") == 1


def test_second_call_asks_no_server(images, site, tmp_path):
    folder = first(images(), tmp_path)
    site.fetched.clear()
    assert first(images(), tmp_path) == folder
    assert site.fetched == []


def test_other_limits_and_the_whole_set_have_folders_of_their_own(images, tmp_path):
    folders = [first(images(), tmp_path, limit) for limit in (2, 3, None)]
    assert [len(names_in(folder)) for folder in folders] == [2, 3, 40]


@pytest.mark.parametrize("limit", [40, 41, 10**9])
def test_limit_of_all_or_more_is_the_whole_set(images, tmp_path, limit):
    assert first(images(), tmp_path, limit) == first(images(), tmp_path, None)


def test_what_is_there_already_is_not_fetched_again(images, site, tmp_path):
    record = images()
    whole = provide(record, tmp_path, extract=False, timeouts=PATIENT)
    site.fetched.clear()
    assert len(names_in(first(record, tmp_path, 3))) == 3
    provide(record, tmp_path, remove_compressed=True, timeouts=PATIENT)
    assert not whole.exists()
    assert len(names_in(first(record, tmp_path, 4))) == 4
    assert site.fetched == []


def test_server_without_ranges_is_an_error_that_names_the_way_out(images, site, tmp_path):
    with pytest.raises(DownloadError, match="sends only whole files; leave limit= out"):
        first(images(ranges=False), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_second_address_serves_when_the_first_knows_no_ranges(images, site, tmp_path):
    body = packed(image_members(NUMBERS))
    record = images(site.serve("/a.zip", body, ranges=False), site.serve("/b.zip", body))
    assert len(names_in(first(record, tmp_path))) == 5


def test_broken_reads_are_tried_again(images, site, tmp_path):
    script = [{}, {"stop_after": 100}, {"status": 503}, {}, {"stop_after": 10}]
    assert len(names_in(first(images(script=script), tmp_path))) == 5


def test_silent_server_is_given_up(images, tmp_path):
    with pytest.raises(DownloadError, match="broke off"):
        first(images(script=[{}, *[{"stall_after": 10}] * 4]), tmp_path, timeouts=replace(PATIENT, silence_seconds=0.3))
    assert list(tmp_path.iterdir()) == []


def test_file_that_changes_while_it_is_read_is_an_error(images, tmp_path):
    with pytest.raises(CorruptArchiveError, match="changed on the server"):
        first(images(script=[{}, {}, {"headers": {"ETag": '"2"'}}]), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_damaged_member_is_an_error(images, site, tmp_path):
    body = bytearray(packed(image_members(NUMBERS)))
    body[body.index(picture("0000002", "RGB")) + 200] ^= 0xFF
    with pytest.raises(CorruptArchiveError, match="Bad CRC-32"):
        first(images(site.serve("/bad.zip", bytes(body))), tmp_path)
    assert list(tmp_path.iterdir()) == []


UNTRUSTED = {
    "climbs": (zip_bytes({**image_members(NUMBERS), "../stray.jpg": b"x"}), "outside the folder"),
    "bomb": (zip_bytes({**image_members(NUMBERS), "big": bytes(30_000_000)}), "would unpack to 30 MB"),
    "too few": (zip_bytes(image_members(NUMBERS[:-1])), "holds 39 images; expected 40"),
    "not a zip": (bytes(100_000), "cannot be read as a zip"),
    "no pictures": (zip_bytes(dict.fromkeys(image_members(NUMBERS), b"text")), "is no picture"),
    "list of contents far outside": (
        zip_bytes(image_members(NUMBERS))[:-6] + struct.pack("<IH", 2**31, 0),
        "cannot be read as a zip",
    ),
}


@pytest.mark.parametrize(("body", "reason"), UNTRUSTED.values(), ids=UNTRUSTED)
def test_refuses_what_is_not_the_archive_and_leaves_nothing(images, site, tmp_path, body, reason):
    with pytest.raises(CorruptArchiveError, match=reason):
        first(images(site.serve("/bad.zip", body)), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_masks_of_another_size_are_refused(images, masks, tmp_path):
    first(images(), tmp_path)
    with pytest.raises(PairingError, match=r"5 pictures .* differ in size .*24 × 16"):
        first(masks(size=(12, 8)), tmp_path)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"limit": 0}, "whole number of pictures, 1 or more; got 0"),
        ({"limit": -5}, "got -5"),
        ({"limit": 2.5}, "got 2.5"),
        ({"limit": "10"}, "got '10'"),
        ({"limit": True}, "got True"),
        ({"limit": 5, "extract": False}, "no archive is kept"),
        ({"limit": 5, "remove_compressed": True}, "no archive is kept"),
    ],
    ids=str,
)
def test_limits_that_mean_nothing_are_errors(tmp_path, options, words):
    with pytest.raises(DatasetOptionError, match=words):
        download_dataset("skin lesions", tmp_path, **options)
    assert list(tmp_path.iterdir()) == []


def test_sample_is_cut_to_the_same_pairs(tmp_path, sample_root, monkeypatch, capfd):
    monkeypatch.setenv("WORKSHOP_DATA", "sample")
    (tmp_path / "sample").mkdir()
    for split in ("training", "test"):
        (tmp_path / "sample" / split).symlink_to(sample_root / split)
    images = download_dataset("skin lesions", tmp_path, limit=7)
    masks = download_dataset("skin lesions masks", tmp_path, limit=7)
    assert len(names_in(images)) == 7
    assert [name.replace("_Segmentation.png", ".jpg") for name in names_in(masks)] == names_in(images)
    assert "You get 7 images" in " ".join(capfd.readouterr().out.replace("║", "").split())
    assert download_dataset("skin lesions", tmp_path, limit=7) == images
