"""A real HTTP server on this machine, small archives to serve, and the sample drawn once."""

import functools
import io
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from tests.data.server import Server
from utils.data.http import Timeouts
from utils.data.registry import SKIN_LESIONS
from utils.data.sample import draw_sample

NUMBERS = ("0000003", "0000010", "0000042")
# A busy machine must not look like a dead network; pauses before another try need not be long.
PATIENT = Timeouts(reach_seconds=20, silence_seconds=20, pause_seconds=0.01)


@pytest.fixture
def site(monkeypatch):
    for variable in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(variable, raising=False)
    with Server() as server:
        yield server.site


def zip_bytes(members, **attributes):
    """Pack members without the time of day; attributes are set on each of them."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as opened:
        for name, content in members.items():
            member = zipfile.ZipInfo(name)
            for attribute, value in attributes.items():
                setattr(member, attribute, value)
            opened.writestr(member, content)
    return buffer.getvalue()


@functools.cache
def picture(number, mode, size=(24, 16)):
    """Make the bytes of a small picture, a different one for each number."""
    noise = np.random.default_rng(int(number)).integers(0, 256, (size[1], size[0], 3), np.uint8)
    pixels = Image.fromarray(noise).convert(mode)
    buffer = io.BytesIO()
    if mode == "L":
        pixels.point(lambda value: 255 * (value > 128)).save(buffer, "png")
    else:
        pixels.save(buffer, "jpeg")
    return buffer.getvalue()


def image_members(numbers=NUMBERS, folder="ISBI2016_ISIC_Part1_Training_Data/"):
    return {f"{folder}ISIC_{number}.jpg": picture(number, "RGB") for number in numbers}


def mask_members(numbers=NUMBERS, size=(24, 16)):
    return {f"masks/ISIC_{number}_Segmentation.png": picture(number, "L", size) for number in numbers}


@pytest.fixture
def images_record(site):
    """Make a record of a small image archive with the addresses given, or one good address."""

    def make(*addresses, **changes):
        addresses = addresses or (site.serve("/images.zip", zip_bytes(image_members())),)
        return replace(SKIN_LESIONS[0], addresses=addresses, member_count=3, size_megabytes=1, **changes)

    return make


@pytest.fixture
def masks_record(site):
    def make(numbers=NUMBERS, size=(24, 16)):
        address = site.serve("/masks.zip", zip_bytes(mask_members(numbers, size)))
        return replace(SKIN_LESIONS[1], addresses=(address,), member_count=len(numbers), size_megabytes=1)

    return make


@pytest.fixture
def nowhere():
    """An address at which nothing listens."""
    server = Server()
    server.server_close()
    return f"{server.site.address}/images.zip"


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
