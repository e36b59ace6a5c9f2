"""Downloads against a real server: what is trusted, what is refused, and what is left on disk."""

import hashlib
import io
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import textwrap
import threading
import time
import zipfile
from dataclasses import replace

import pytest

from tests.data.conftest import NUMBERS, PATIENT, image_members, mask_members, picture, zip_bytes
from utils.data.errors import (
    CorruptArchiveError,
    DownloadError,
    PairingError,
    StorageError,
    UnreachableError,
)
from utils.data.fetching import fetch
from utils.data.registry import SKIN_LESIONS

FILE_NAME = SKIN_LESIONS[0].file_name
NAMES = [f"ISIC_{number}.jpg" for number in NUMBERS]


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def damaged(body):
    """Flip a byte of a member's content; the zip file still opens."""
    place = body.index(picture("0000010", "RGB")) + 300
    return body[:place] + bytes([body[place] ^ 0xFF]) + body[place + 1 :]


def test_returns_the_folder_that_holds_the_images(images_record, tmp_path):
    folder = fetch(images_record(), tmp_path, timeouts=PATIENT)
    assert names_in(folder) == NAMES
    assert (folder / NAMES[0]).read_bytes() == image_members()["ISBI2016_ISIC_Part1_Training_Data/" + NAMES[0]]


@pytest.mark.parametrize("nesting", ["", "one/", "one/two/three/"], ids=["flat", "nested", "deep"])
def test_nesting_in_the_archive_does_not_matter(images_record, site, tmp_path, nesting):
    members = {
        **image_members(folder=nesting),
        "__MACOSX/._ISIC_0000003.jpg": b"clutter",
        "LICENSE.txt": b"CC-0",
    }
    folder = fetch(images_record(site.serve("/a.zip", zip_bytes(members))), tmp_path, timeouts=PATIENT)
    assert names_in(folder) == NAMES


def test_credits_the_authors_once(images_record, masks_record, tmp_path, capfd):
    fetch(images_record(), tmp_path, timeouts=PATIENT)
    assert capfd.readouterr().out.count("arXiv:1605.01397") == 1
    fetch(masks_record(), tmp_path, timeouts=PATIENT)
    fetch(images_record(), tmp_path, timeouts=PATIENT)
    assert "arXiv" not in capfd.readouterr().out


def test_shows_progress_on_standard_output(images_record, tmp_path, capfd):
    fetch(images_record(), tmp_path, timeouts=PATIENT)
    assert "100%" in capfd.readouterr().out


@pytest.mark.parametrize("status", [404, 500, 503])
def test_second_address_serves_when_the_first_refuses(images_record, site, tmp_path, status):
    first = site.serve("/first.zip", status=status)
    second = site.serve("/second.zip", zip_bytes(image_members()))
    fetch(images_record(first, second), tmp_path, timeouts=PATIENT)
    assert json.loads((tmp_path / f"{SKIN_LESIONS[0].stem}.json").read_text())["address"] == second


def test_second_address_serves_when_the_first_cannot_be_reached(images_record, site, tmp_path, nowhere):
    second = site.serve("/second.zip", zip_bytes(image_members()))
    assert names_in(fetch(images_record(nowhere, second), tmp_path, timeouts=PATIENT)) == NAMES


def test_second_address_serves_when_the_first_sends_a_damaged_file(images_record, site, tmp_path):
    good = zip_bytes(image_members())
    record = images_record(site.serve("/bad.zip", damaged(good)), site.serve("/good.zip", good))
    assert names_in(fetch(record, tmp_path, timeouts=PATIENT)) == NAMES
    assert (tmp_path / FILE_NAME).read_bytes() == good


def bomb(member_bytes, count=1, stated=None):
    """Pack a few bytes that unpack to many, beside three good images; `stated` is what the archive claims they are."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in image_members().items():
            opened.writestr(name, content)
        for number in range(count):
            opened.writestr(f"bomb{number}", bytes(member_bytes))
    body = buffer.getvalue()
    return body.replace(struct.pack("<I", member_bytes), struct.pack("<I", stated)) if stated else body


UNTRUSTED = {
    "half": (lambda good: good[: len(good) // 2], "cannot be read as a zip"),
    "damaged member": (damaged, "'ISBI2016_ISIC_Part1_Training_Data/ISIC_0000010.jpg' in it is damaged"),
    "web page": (lambda good: b"<!DOCTYPE html><title>Log in</title>", "login page"),
    "empty": (lambda good: b"", "cannot be read as a zip"),
    "too few": (lambda good: zip_bytes(image_members(NUMBERS[:2])), "holds 2 images; expected 3"),
    "too many": (lambda good: zip_bytes(image_members((*NUMBERS, "0000099"))), "holds 4 images; expected 3"),
    "masks": (lambda good: zip_bytes(mask_members()), "holds 0 images; expected 3"),
    "twice": (lambda good: zip_bytes({**image_members(), **image_members(folder="b/")}), "'ISIC_0000003.jpg' twice"),
    "climbs": (lambda good: zip_bytes({**image_members(), "../stray.jpg": b"x"}), "written outside the folder"),
    "climbs deep": (lambda good: zip_bytes({**image_members(), "a/../../stray.jpg": b"x"}), "outside the folder"),
    "rooted": (lambda good: zip_bytes({**image_members(), "/stray.jpg": b"x"}), "outside the folder"),
    "windows climb": (lambda good: zip_bytes({**image_members(), "..\\stray.jpg": b"x"}), "outside the folder"),
    "link": (lambda good: zip_bytes(image_members(), external_attr=0o120777 << 16, create_system=3), "is a link to"),
    "bomb": (lambda good: bomb(member_bytes=50_000_000), "would unpack to 50 MB; expected about 1"),
    "many small bombs": (lambda good: bomb(member_bytes=500_000, count=20), "would unpack to 10 MB"),
    "bomb that lies about its size": (
        lambda good: bomb(member_bytes=50_000_000, stated=1000),
        "'bomb0' in it is damaged",
    ),
    "encrypted": (
        lambda good: zip_bytes(image_members()).replace(
            b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00"
        ),
        "cannot be read as a zip",
    ),
    "no pictures": (
        lambda good: zip_bytes(dict.fromkeys(image_members(), b"text")),
        "'ISIC_0000003.jpg' in it is no picture",
    ),
    "windows drive": (lambda good: zip_bytes({**image_members(), "C:\\stray.jpg": b"x"}), "outside the folder"),
}


@pytest.mark.parametrize(("spoil", "reason"), UNTRUSTED.values(), ids=UNTRUSTED)
def test_refuses_what_is_not_the_archive_and_leaves_nothing(images_record, site, tmp_path, spoil, reason):
    root = tmp_path / "data"
    record = images_record(site.serve("/bad.zip", spoil(zip_bytes(image_members()))))
    with pytest.raises(CorruptArchiveError) as raised:
        fetch(record, root, timeouts=PATIENT)
    message = str(raised.value)
    assert reason in message
    assert "Run the cell again" in message
    assert "is untouched" in message
    assert names_in(root) == []
    assert names_in(tmp_path) == ["data"]


def test_refusals_name_each_address_and_answer(images_record, site, tmp_path):
    record = images_record(site.serve("/a.zip", status=404), site.serve("/b.zip", status=500))
    with pytest.raises(DownloadError) as raised:
        fetch(record, tmp_path, timeouts=PATIENT)
    assert not isinstance(raised.value, UnreachableError)
    assert f"{record.addresses[0]}: the server answered 404" in str(raised.value)
    assert f"{record.addresses[1]}: the server answered 500" in str(raised.value)


def test_one_address_that_answers_is_not_offline(images_record, site, tmp_path, nowhere):
    with pytest.raises(DownloadError) as raised:
        fetch(images_record(nowhere, site.serve("/b.zip", status=404)), tmp_path, timeouts=PATIENT)
    assert not isinstance(raised.value, UnreachableError)


def answer_slowly(listener, stop, sends):
    """Take one connection and send `sends` again and again, so that no single wait is long."""
    connection, _ = listener.accept()
    with connection:
        while not stop.wait(0.05):
            connection.sendall(sends)


@pytest.mark.parametrize("sends", [b"", b"H"], ids=["silent", "dripping"])
def test_server_that_never_answers_counts_as_unreachable_soon(images_record, tmp_path, sends):
    stop, started = threading.Event(), time.monotonic()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = threading.Thread(target=answer_slowly, args=(listener, stop, sends))
        server.start()
        record = images_record(f"http://127.0.0.1:{listener.getsockname()[1]}/images.zip")
        try:
            with pytest.raises(UnreachableError, match=r"no answer within 0.3 seconds"):
                fetch(record, tmp_path, timeouts=replace(PATIENT, reach_seconds=0.3))
            assert time.monotonic() - started < 5
        finally:
            stop.set()
            server.join()


def test_repeated_call_does_not_ask_the_server(images_record, site, tmp_path):
    record = images_record()
    first = fetch(record, tmp_path, timeouts=PATIENT)
    assert fetch(record, tmp_path, timeouts=PATIENT) == first
    assert fetch(record, tmp_path, extract=False, timeouts=PATIENT) == tmp_path / FILE_NAME
    assert site.fetched == ["/images.zip"]


def test_remove_compressed_deletes_the_archive_and_keeps_the_images(images_record, site, tmp_path):
    record = images_record()
    folder = fetch(record, tmp_path, remove_compressed=True, timeouts=PATIENT)
    assert not (tmp_path / FILE_NAME).exists()
    assert fetch(record, tmp_path, timeouts=PATIENT) == folder
    assert names_in(folder) == NAMES
    assert site.fetched == ["/images.zip"]


def test_remove_compressed_works_on_what_is_there_already(images_record, tmp_path):
    record = images_record()
    fetch(record, tmp_path, timeouts=PATIENT)
    fetch(record, tmp_path, remove_compressed=True, timeouts=PATIENT)
    assert not (tmp_path / FILE_NAME).exists()


def test_without_extracting_returns_the_archive(images_record, tmp_path):
    path = fetch(images_record(), tmp_path, extract=False, timeouts=PATIENT)
    assert path == tmp_path / FILE_NAME
    assert path.read_bytes() == zip_bytes(image_members())
    assert names_in(tmp_path) == sorted([FILE_NAME, f"{SKIN_LESIONS[0].stem}.json"])


def test_extracts_later_without_a_second_download(images_record, site, tmp_path):
    record = images_record()
    fetch(record, tmp_path, extract=False, timeouts=PATIENT)
    assert names_in(fetch(record, tmp_path, timeouts=PATIENT)) == NAMES
    assert site.fetched == ["/images.zip"]


def test_records_the_hash_of_the_download(images_record, tmp_path):
    fetch(images_record(), tmp_path, timeouts=PATIENT)
    record = json.loads((tmp_path / f"{SKIN_LESIONS[0].stem}.json").read_text())
    assert record["sha256"] == hashlib.sha256(zip_bytes(image_members())).hexdigest()
    assert record["member_count"] == 3


def test_says_when_the_archive_has_changed(images_record, site, tmp_path, capfd):
    record = images_record()
    fetch(record, tmp_path, extract=False, timeouts=PATIENT).unlink()
    site.serve("/images.zip", zip_bytes(image_members(folder="moved/")))
    fetch(record, tmp_path, timeouts=PATIENT)
    assert "differs from the one downloaded here before" in capfd.readouterr().out


def test_missing_image_is_restored_and_other_files_stay(images_record, tmp_path):
    record = images_record()
    folder = fetch(record, tmp_path, timeouts=PATIENT)
    (folder / NAMES[1]).unlink()
    (folder / "my notes.txt").write_text("mine")
    assert names_in(fetch(record, tmp_path, timeouts=PATIENT)) == [*NAMES, "my notes.txt"]


def test_half_a_folder_from_another_tool_is_not_trusted(images_record, site, tmp_path):
    folder = tmp_path / SKIN_LESIONS[0].stem
    folder.mkdir()
    for name in NAMES:
        (folder / name).write_bytes(b"cut")
    fetch(images_record(), tmp_path, timeouts=PATIENT)
    assert site.fetched == ["/images.zip"]
    assert all((folder / name).read_bytes() != b"cut" for name in NAMES)


def test_good_archive_put_there_by_hand_is_used(images_record, site, tmp_path):
    (tmp_path / FILE_NAME).write_bytes(zip_bytes(image_members()))
    assert names_in(fetch(images_record(), tmp_path, timeouts=PATIENT)) == NAMES
    assert site.fetched == []


def test_other_archive_put_there_by_hand_is_used_with_a_note(images_record, site, tmp_path, capfd):
    record = images_record()
    fetch(record, tmp_path, extract=False, timeouts=PATIENT).write_bytes(zip_bytes(image_members(folder="moved/")))
    fetch(record, tmp_path, timeouts=PATIENT)
    assert site.fetched == ["/images.zip"]
    assert "differs from the one downloaded here before" in capfd.readouterr().out


def test_damaged_archive_put_there_by_hand_is_replaced(images_record, tmp_path, capfd):
    (tmp_path / FILE_NAME).write_bytes(zip_bytes(image_members())[:500])
    assert names_in(fetch(images_record(), tmp_path, timeouts=PATIENT)) == NAMES
    assert "cannot be used" in capfd.readouterr().out


def test_damaged_archive_that_cannot_be_replaced_is_an_error_and_stays(images_record, tmp_path, nowhere):
    (tmp_path / FILE_NAME).write_bytes(b"half a download")
    with pytest.raises(CorruptArchiveError, match=r"the copy of .* that was there"):
        fetch(images_record(nowhere), tmp_path, timeouts=PATIENT)
    assert (tmp_path / FILE_NAME).read_bytes() == b"half a download"


def test_archive_damaged_after_its_check_is_an_error(images_record, tmp_path):
    record = images_record()
    path = fetch(record, tmp_path, extract=False, timeouts=PATIENT)
    path.write_bytes(damaged(path.read_bytes()))
    with pytest.raises(CorruptArchiveError, match=r"cannot be unpacked.*Delete it"):
        fetch(record, tmp_path, timeouts=PATIENT)
    assert not (tmp_path / SKIN_LESIONS[0].stem).exists()


def test_images_and_masks_pair_up(images_record, masks_record, tmp_path):
    fetch(images_record(), tmp_path, timeouts=PATIENT)
    assert len(names_in(fetch(masks_record(), tmp_path, timeouts=PATIENT))) == 3


def test_masks_of_other_images_are_refused(images_record, masks_record, tmp_path):
    fetch(images_record(), tmp_path, timeouts=PATIENT)
    with pytest.raises(PairingError, match=r"2 pictures .* have no counterpart, ISIC_0000042 first"):
        fetch(masks_record((*NUMBERS[:2], "0000043")), tmp_path, timeouts=PATIENT)
    assert not (tmp_path / SKIN_LESIONS[1].stem).exists()


def test_masks_of_another_size_are_refused(images_record, masks_record, tmp_path):
    fetch(images_record(), tmp_path, timeouts=PATIENT)
    with pytest.raises(PairingError, match=r"3 pictures .* differ in size .*first \(12 × 8 and 24 × 16 pixels\)"):
        fetch(masks_record(size=(12, 8)), tmp_path, timeouts=PATIENT)
    assert not (tmp_path / SKIN_LESIONS[1].stem).exists()


def test_too_little_space_is_an_error_before_anything_is_fetched(images_record, site, tmp_path):
    with pytest.raises(StorageError, match=r"needs \d+ MB"):
        fetch(replace(images_record(), size_megabytes=10**9), tmp_path, timeouts=PATIENT)
    assert site.fetched == []


def test_folder_that_cannot_be_made_is_an_error(images_record, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="Writing below"):
        fetch(images_record(), tmp_path / "file" / "data", timeouts=PATIENT)


INTERRUPTED = """
    import os, signal, sys, threading, time
    from pathlib import Path
    from dataclasses import replace
    from utils.data.fetching import fetch
    from utils.data.registry import SKIN_LESIONS

    root, address, count, kill = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4]

    def extracting():
        try:
            return any(root.glob(".unfinished-*/*/*.jpg"))
        except FileNotFoundError:  # the folder of the download has just gone
            return False

    def watch():
        while not extracting():
            time.sleep(0.0005)
        os.kill(os.getpid(), getattr(signal, kill))

    threading.Thread(target=watch, daemon=True).start()
    fetch(replace(SKIN_LESIONS[0], addresses=(address,), member_count=count, size_megabytes=3), root)
"""


@pytest.mark.parametrize("how", ["SIGINT", "SIGKILL"])
def test_interrupted_extraction_is_not_trusted(site, images_record, tmp_path, how):
    numbers = [f"{number:07d}" for number in range(3000)]
    address = site.serve("/many.zip", zip_bytes(image_members(numbers)))
    code = [sys.executable, "-c", textwrap.dedent(INTERRUPTED), str(tmp_path), address, "3000", how]
    stopped = subprocess.run(code, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": os.getcwd()})
    assert stopped.returncode == -getattr(signal, how), stopped.stderr
    assert not (tmp_path / SKIN_LESIONS[0].stem).exists()
    if how == "SIGINT":
        assert list(tmp_path.glob(".unfinished-*")) == []
    record = replace(images_record(address), member_count=3000, size_megabytes=3)
    assert len(names_in(fetch(record, tmp_path, timeouts=PATIENT))) == 3000
    assert site.fetched == ["/many.zip"]


def test_what_a_killed_kernel_left_is_removed_after_a_day(images_record, tmp_path):
    for name, hours in ((".unfinished-old", 25), (".unfinished-busy", 1)):
        (tmp_path / name).mkdir()
        then = time.time() - hours * 3600
        os.utime(tmp_path / name, (then, then))
    fetch(images_record(), tmp_path, timeouts=PATIENT)
    assert [path.name for path in tmp_path.glob(".unfinished-*")] == [".unfinished-busy"]
