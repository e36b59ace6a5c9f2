"""Broken transfers: what is asked for again, what is not, and when it is enough."""

import os
import signal
import subprocess
import sys
import textwrap
from dataclasses import replace
from email.utils import format_datetime

import numpy as np
import pytest

from tests.data.conftest import PATIENT, image_members, zip_bytes
from tests.data.server import wait_until
from utils.data.entries import DataFile
from utils.data.errors import CorruptArchiveError, DownloadError, UnreachableError
from utils.data.fetching import fetch
from utils.data.store import file_hash

MIB = 1 << 20
BODY = np.random.default_rng(3).bytes(3 * MIB)
TAG = {"ETag": '"version-1"'}


@pytest.fixture
def entry(site, tmp_path):
    """Make the entry of one file; options say how the server behaves."""
    (tmp_path / "right").write_bytes(BODY)
    md5 = file_hash(tmp_path / "right", "md5")

    def make(*addresses, **options):
        addresses = addresses or (site.serve("/file.bin", options.pop("body", BODY), **{"headers": TAG, **options}),)
        return DataFile(
            name="file",
            file_name="file.bin",
            addresses=addresses,
            size_megabytes=3,
            licence="CC-0",
            citation="Nobody",
            md5=md5,
        )

    return make


@pytest.fixture
def root(tmp_path):
    return tmp_path / "data"


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def test_goes_on_where_the_connection_broke_off(entry, site, root, capfd):
    script = [{"stop_after": MIB}, {"stop_after": MIB}]
    assert fetch(entry(script=script), root, timeouts=PATIENT).read_bytes() == BODY
    assert site.ranges == [None, f"bytes={MIB}-", f"bytes={2 * MIB}-"]
    assert site.sent_bytes == len(BODY)
    assert names_in(root) == ["file.bin", "file.json"]
    assert "broke off after 1.0 MB; trying again" in capfd.readouterr().out


def test_goes_on_when_the_server_falls_silent(entry, site, root):
    timeouts = replace(PATIENT, silence_seconds=0.5)
    path = fetch(entry(script=[{"stall_after": MIB}]), root, timeouts=timeouts)
    assert path.read_bytes() == BODY
    assert site.ranges == [None, f"bytes={MIB}-"]


@pytest.mark.parametrize(
    "headers",
    [{}, {"ETag": 'W/"weak"'}, {"Last-Modified": "Fri, 01 Jan 2016 00:00:00 GMT"}, TAG],
    ids=["no version", "weak tag", "date", "tag"],
)
def test_goes_on_however_the_server_names_versions(entry, site, root, headers):
    path = fetch(entry(headers=headers, script=[{"stop_after": MIB}]), root, timeouts=PATIENT)
    assert path.read_bytes() == BODY
    assert site.ranges == [None, f"bytes={MIB}-"]


def test_starts_over_at_a_server_that_ignores_ranges(entry, site, root):
    path = fetch(entry(ranges=False, script=[{"stop_after": MIB}]), root, timeouts=PATIENT)
    assert path.read_bytes() == BODY
    assert site.sent_bytes == MIB + len(BODY)


def test_starts_over_when_the_server_does_not_say_how_much_will_come(entry, site, root):
    path = fetch(entry(chunked=True, script=[{"status": 503}]), root, timeouts=PATIENT)
    assert path.read_bytes() == BODY


def test_server_that_always_breaks_off_at_the_same_place_is_given_up(entry, site, root):
    with pytest.raises(DownloadError, match=r"broke off after 1\.0 MB"):
        fetch(entry(ranges=False, script=[{"stop_after": MIB}] * 20), root, timeouts=PATIENT)
    assert len(site.fetched) == 4  # the first, which brought something new, and three that did not


def test_promise_of_more_than_there_is_is_an_error(entry, site, root):
    with pytest.raises(DownloadError, match="holds less than it promised"):
        fetch(entry(cut_bytes=500), root, timeouts=replace(PATIENT, silence_seconds=1))
    assert "file.bin" not in names_in(root)


def test_promise_of_less_than_there_is_is_not_trusted(entry, root):
    with pytest.raises(CorruptArchiveError, match="MD5"):
        fetch(entry(cut_bytes=-500), root, timeouts=PATIENT)
    assert names_in(root) == []


@pytest.mark.parametrize(
    ("chunked", "noticed"), [(False, "has 60 MB"), (True, "has 6 MB")], ids=["announced", "endless"]
)
def test_far_too_much_is_refused_before_the_disk_is_full(entry, root, chunked, noticed):
    with pytest.raises(CorruptArchiveError, match=f"{noticed} or more; at most 6 MB were expected"):
        fetch(entry(body=bytes(60_000_000), chunked=chunked), root, timeouts=PATIENT)
    assert names_in(root) == []


def test_next_call_goes_on_where_the_last_one_gave_up(entry, site, root):
    script = [{"stop_after": MIB}, *[{"stop_after": 0}] * 3]
    record = entry(script=script)
    with pytest.raises(DownloadError, match=r"The 1\.0 MB that have arrived are kept, and the next run goes on"):
        fetch(record, root, timeouts=PATIENT)
    assert "file.bin" not in names_in(root)
    site.ranges.clear()
    assert fetch(record, root, timeouts=PATIENT).read_bytes() == BODY
    assert site.ranges == [f"bytes={MIB}-"]
    assert names_in(root) == ["file.bin", "file.json"]


def test_next_call_goes_on_at_the_address_it_stopped_at(entry, site, root, nowhere):
    first = site.serve("/first.bin", status=404)
    second = site.serve("/second.bin", BODY, headers=TAG, script=[{"stop_after": MIB}, *[{"stop_after": 0}] * 3])
    with pytest.raises(DownloadError):
        fetch(entry(first, second), root, timeouts=PATIENT)
    site.serve("/first.bin", BODY, headers=TAG)
    site.fetched.clear()
    fetch(entry(first, second), root, timeouts=PATIENT)
    assert site.fetched == ["/second.bin"]


def test_bytes_of_two_versions_are_never_mixed(entry, site, root):
    """The file changes on the server between two calls; If-Range makes the server send all of the new one."""
    record = entry(body=bytes(3 * MIB), script=[{"stop_after": MIB}, *[{"stop_after": 0}] * 3])
    with pytest.raises(DownloadError):
        fetch(record, root, timeouts=PATIENT)
    site.serve("/file.bin", BODY, headers={"ETag": '"version-2"'})
    assert fetch(record, root, timeouts=PATIENT).read_bytes() == BODY


def test_pieces_that_do_not_fit_are_thrown_away_and_the_whole_is_fetched(entry, site, root):
    """A server without versions: only the checksum tells that the pieces belong to two files of the same size."""
    record = entry(body=bytes(3 * MIB), headers={}, script=[{"stop_after": MIB}, *[{"stop_after": 0}] * 3])
    with pytest.raises(DownloadError):
        fetch(record, root, timeouts=PATIENT)
    site.serve("/file.bin", BODY)
    assert fetch(record, root, timeouts=PATIENT).read_bytes() == BODY


def test_file_that_has_become_shorter_is_fetched_anew(entry, site, root):
    record = entry(body=BODY + bytes(10), headers={}, script=[{"stop_after": 3 * MIB + 5}, *[{"stop_after": 0}] * 3])
    with pytest.raises(DownloadError):
        fetch(record, root, timeouts=PATIENT)
    site.serve("/file.bin", BODY)
    assert fetch(record, root, timeouts=PATIENT).read_bytes() == BODY


@pytest.mark.parametrize("stated", [f"bytes 0-{MIB}/{3 * MIB}", f"bytes {MIB}-{3 * MIB - 1}/{4 * MIB}", "nonsense"])
def test_answer_with_another_part_than_asked_for_is_refused(entry, site, root, stated):
    script = [{"stop_after": MIB}, {"headers": {"Content-Range": stated}}]
    assert fetch(entry(script=script), root, timeouts=PATIENT).read_bytes() == BODY
    assert site.ranges == [None, f"bytes={MIB}-", None]


@pytest.mark.parametrize("note", ["", "{", "[]", '{"address": 3}'])
def test_note_that_means_nothing_is_ignored(entry, site, root, note):
    root.mkdir()
    (root / "file.bin.part").write_bytes(b"what is this")
    (root / "file.bin.part.note").write_text(note)
    assert fetch(entry(), root, timeouts=PATIENT).read_bytes() == BODY
    assert site.ranges == [None]


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_server_in_trouble_is_asked_again(entry, site, root, status):
    assert fetch(entry(script=[{"status": status}] * 3), root, timeouts=PATIENT).read_bytes() == BODY
    assert len(site.fetched) == 4


def test_server_in_trouble_for_good_is_given_up(entry, site, root):
    with pytest.raises(DownloadError, match="the server answered 503") as raised:
        fetch(entry(script=[{"status": 503}] * 20), root, timeouts=PATIENT)
    assert not isinstance(raised.value, UnreachableError)
    assert len(site.fetched) == 4


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_refusal_is_final(entry, site, root, status):
    with pytest.raises(DownloadError, match=f"the server answered {status}"):
        fetch(entry(script=[{"status": status}]), root, timeouts=PATIENT)
    assert len(site.fetched) == 1


def pauses_of(monkeypatch):
    """Record pauses instead of sitting them out."""
    pauses = []
    monkeypatch.setattr("utils.data.http.time.sleep", pauses.append)
    return pauses


def test_waits_longer_from_try_to_try(entry, root, monkeypatch):
    pauses = pauses_of(monkeypatch)
    fetch(entry(script=[{"status": 503}] * 3), root, timeouts=replace(PATIENT, pause_seconds=1))
    assert [pause for pause in pauses if pause >= 1] == [1, 2, 4]


def test_waits_as_long_as_the_server_asks(entry, root, monkeypatch):
    pauses = pauses_of(monkeypatch)
    fetch(entry(script=[{"status": 429, "headers": {"Retry-After": "7"}}]), root, timeouts=PATIENT)
    assert 7 in pauses


def test_waits_until_the_time_the_server_names(entry, root, monkeypatch):
    from datetime import UTC, datetime, timedelta

    pauses = pauses_of(monkeypatch)
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    fetch(entry(script=[{"status": 503, "headers": {"Retry-After": later}}]), root, timeouts=PATIENT)
    assert any(20 < pause <= 30 for pause in pauses)


def test_server_that_asks_for_an_hour_is_given_up_for_the_next_one(entry, site, root):
    busy = site.serve("/busy.bin", BODY, script=[{"status": 429, "headers": {"Retry-After": "3600"}}] * 9)
    idle = site.serve("/idle.bin", BODY)
    assert fetch(entry(busy, idle), root, timeouts=PATIENT).read_bytes() == BODY
    assert site.fetched == ["/busy.bin", "/idle.bin"]


def test_retry_after_that_means_nothing_is_no_trouble(entry, root):
    script = [{"status": 503, "headers": {"Retry-After": "soon"}}]
    assert fetch(entry(script=script), root, timeouts=PATIENT).read_bytes() == BODY


def test_follows_redirects(entry, site, root):
    record = entry(site.serve("/old.bin", status=302, headers={"Location": site.serve("/new.bin", BODY, headers=TAG)}))
    assert fetch(record, root, timeouts=PATIENT).read_bytes() == BODY


FETCHING = """
    import sys
    from pathlib import Path
    from utils.data.entries import DataFile
    from utils.data.fetching import fetch

    entry = DataFile(name="file", file_name="file.bin", addresses=(sys.argv[2],), size_megabytes=3, licence="",
                     citation="", md5=sys.argv[3])
    fetch(entry, Path(sys.argv[1]))
"""


def start_fetching(record, root):
    code = [sys.executable, "-c", textwrap.dedent(FETCHING), str(root), record.addresses[0], record.md5]
    return subprocess.Popen(
        code, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": os.getcwd()}
    )


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL], ids=lambda how: how.name)
def test_interrupted_download_is_not_trusted_and_not_lost(entry, site, root, how):
    record = entry(script=[{"stall_after": 2 * MIB}])
    with start_fetching(record, root) as process:
        part = root / "file.bin.part"
        wait_until(lambda: part.is_file() and part.stat().st_size > MIB)
        process.send_signal(how)
        assert process.wait(20) == -how
    assert names_in(root) == ["file.bin.part", "file.bin.part.note"]
    assert fetch(record, root, timeouts=PATIENT).read_bytes() == BODY
    assert site.ranges[1].startswith("bytes=")
    assert names_in(root) == ["file.bin", "file.json"]


def test_two_notebooks_download_once(entry, site, root):
    record = entry(script=[{"stall_after": MIB}])
    with start_fetching(record, root) as first:
        wait_until(lambda: (root / "file.bin.part").is_file())
        with start_fetching(record, root) as second:
            assert "waiting for it to finish" in second.stdout.readline()
            site.answers["/file.bin"].script.clear()
            first.send_signal(signal.SIGINT)  # the second one takes over what is there
            _, err = second.communicate(timeout=60)
    assert (second.returncode, err) == (0, "")
    assert (root / "file.bin").read_bytes() == BODY


def test_archive_is_put_together_from_pieces(images_record, site, tmp_path):
    address = site.serve(
        "/images.zip",
        zip_bytes({"big": bytes(200_000), **image_members()}),
        headers=TAG,
        script=[{"stop_after": 1 << 17}],
    )
    folder = fetch(images_record(address), tmp_path, timeouts=PATIENT)
    assert len(list(folder.iterdir())) == 3
    assert site.ranges == [None, f"bytes={1 << 17}-"]
