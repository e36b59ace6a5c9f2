"""A real HTTP server on this machine, small archives to serve, and the sample drawn once."""

import io
import threading
import zipfile
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from utils.data.registry import SKIN_LESIONS
from utils.data.sample import draw_sample
from utils.data.transfer import Timeouts

NUMBERS = ("0000003", "0000010", "0000042")
PATIENT = Timeouts(reach_seconds=20, silence_seconds=20)  # a busy machine must not look like a dead network


@dataclass
class Answer:
    """What the server says to one path; `cut_bytes` promises more than it sends."""

    body: bytes = b""
    status: int = 200
    cut_bytes: int = 0


@dataclass
class Site:
    """A running server: what it answers, and which paths were fetched from it."""

    address: str
    answers: dict[str, Answer] = field(default_factory=dict)
    fetched: list[str] = field(default_factory=list)

    def serve(self, path, body=b"", **options):
        self.answers[path] = Answer(body, **options)
        return self.address + path


@pytest.fixture
def site(monkeypatch):
    for variable in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(variable, raising=False)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.site = Site(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server.site
    server.shutdown()
    server.server_close()
    thread.join()


class _Handler(BaseHTTPRequestHandler):
    def do_HEAD(self):
        self._head(self._answer())

    def do_GET(self):
        answer = self._answer()
        self.server.site.fetched.append(self.path)
        self._head(answer)
        self.wfile.write(answer.body)

    def _answer(self):
        return self.server.site.answers.get(self.path, Answer(status=404))

    def _head(self, answer):
        self.send_response(answer.status)
        self.send_header("Content-Length", str(len(answer.body) + answer.cut_bytes))
        self.end_headers()

    def log_message(self, *arguments):
        pass


def zip_bytes(members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as opened:
        for name, content in members.items():
            opened.writestr(zipfile.ZipInfo(name), content)  # without the time of day
    return buffer.getvalue()


def image_members(numbers=NUMBERS, folder="ISBI2016_ISIC_Part1_Training_Data/"):
    return {f"{folder}ISIC_{number}.jpg": f"image {number} ".encode() * 40 for number in numbers}


def mask_members(numbers=NUMBERS):
    return {f"masks/ISIC_{number}_Segmentation.png": f"mask {number}".encode() for number in numbers}


@pytest.fixture
def images_record(site):
    """Make a record of a small image archive with the addresses given, or one good address."""

    def make(*addresses, **changes):
        addresses = addresses or (site.serve("/images.zip", zip_bytes(image_members())),)
        return replace(SKIN_LESIONS[0], addresses=addresses, member_count=3, size_megabytes=1, **changes)

    return make


@pytest.fixture
def masks_record(site):
    def make(numbers=NUMBERS):
        address = site.serve("/masks.zip", zip_bytes(mask_members(numbers)))
        return replace(SKIN_LESIONS[1], addresses=(address,), member_count=len(numbers), size_megabytes=1)

    return make


@pytest.fixture
def nowhere():
    """An address at which nothing listens."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.server_close()
    return f"http://127.0.0.1:{server.server_port}/images.zip"


@pytest.fixture(autouse=True)
def real_data_wanted(monkeypatch):
    monkeypatch.delenv("WORKSHOP_DATA", raising=False)


@pytest.fixture(autouse=True)
def silent_stderr(capfd):
    """Nothing in this package ever writes to stderr."""
    yield
    assert capfd.readouterr().err == ""


@pytest.fixture(scope="session")
def sample_root(tmp_path_factory):
    root = tmp_path_factory.mktemp("drawn") / "sample"
    for split in ("training", "test"):
        draw_sample(root / split, split)
    return root
