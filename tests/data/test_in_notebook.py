"""What a notebook shows and saves, run in a real kernel against a real server."""

import os
import textwrap
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.data.conftest import image_members, mask_members, zip_bytes
from tests.data.test_fetching import damaged

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
SET_UP = """
    from dataclasses import replace
    from utils.data import prepare_images
    from utils.data.download import provide
    from utils.data.registry import SKIN_LESIONS

    images, masks, bad = (
        replace(entry, addresses=(address,), member_count=3, size_megabytes=9)
        for entry, address in zip((*SKIN_LESIONS[:2], SKIN_LESIONS[0]), {addresses})
    )
"""
DOWNLOAD = 'folders = provide(images, "data"), provide(masks, "data")'
PREPARE = "prepared = prepare_images(*folders, longest_side=8)"


@pytest.fixture(scope="module")
def cells(tmp_path_factory):
    """Outputs of: download, the same again, prepare, the same again, a damaged archive."""
    from tests.data.server import Server

    folder = tmp_path_factory.mktemp("notebook")
    with Server() as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        patch.delenv("WORKSHOP_DATA", raising=False)
        big = zip_bytes({"big": os.urandom(8_000_000), **image_members()})
        addresses = (
            server.site.serve("/i", big, headers={"ETag": '"1"'}, script=[{"stop_after": 4_000_000}]),
            server.site.serve("/m", zip_bytes(mask_members())),
            server.site.serve("/bad", damaged(zip_bytes(image_members()))),
        )
        code = [textwrap.dedent(SET_UP.format(addresses=addresses)), DOWNLOAD, DOWNLOAD, PREPARE, PREPARE]
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(each) for each in code])
        notebook.cells.append(
            nbformat.v4.new_code_cell('provide(bad, "other")', metadata={"tags": ["raises-exception"]})
        )
        NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(folder)}}).execute()
    return [cell.outputs for cell in notebook.cells[1:]]


def bars(outputs):
    return [output.data["text/plain"] for output in outputs if output.output_type == "display_data"]


def test_each_bar_is_one_output_that_ends_full(cells):
    download, _, prepare, _, _ = cells
    assert len(bars(download)) == 4  # two archives, downloaded and unpacked
    assert len(bars(prepare)) == 1
    assert all("100%|" in bar for bar in bars(download) + bars(prepare))
    assert "MB/s]" in bars(download)[0]


def test_text_holds_no_trace_of_a_bar(cells):
    for outputs in cells:
        texts = [output["text"] for output in outputs if output.output_type == "stream"]
        assert not [text for text in texts if "\r" in text or "|" in text]


def test_nothing_goes_to_stderr(cells):
    assert [output for outputs in cells for output in outputs if output.get("name") == "stderr"] == []


def test_repeated_calls_show_nothing(cells):
    assert (cells[1], cells[3]) == ([], [])


def test_error_is_shown_without_our_code(cells):
    (error,) = [output for output in cells[4] if output.output_type == "error"]
    shown = "\n".join(error.traceback)
    assert "There is no good copy of 'skin lesions'" in shown
    assert "is damaged: its checksum is wrong" in shown
    assert "fetching.py" not in shown
