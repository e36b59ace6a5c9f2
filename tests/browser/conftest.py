"""A real Notebook 7 server on this machine and a headless Chromium to look at it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "test"
CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]


@pytest.fixture(scope="session")
def chromium():
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium on this machine")
    return path


@pytest.fixture(scope="session")
def notebook_server(tmp_path_factory):
    """Serve a copy of the student notebook; yield its address."""
    folder = tmp_path_factory.mktemp("student")
    shutil.copy(ROOT / "notebooks" / "SE05" / "segmentation.ipynb", folder)
    shutil.copy(ROOT / "solutions" / "SE05" / "segmentation.ipynb", folder / "solution.ipynb")
    port = _free_port()
    settings = {
        "WORKSHOP_DATA": "sample",
        "WORKSHOP_FAST": "1",
        "PYTHONPATH": str(ROOT),
        "TORCH_HOME": str(folder / "torch"),
    }
    command = [sys.executable, "-m", "notebook", "--no-browser", "--allow-root", f"--port={port}", "--ip=127.0.0.1"]
    command += [f"--IdentityProvider.token={TOKEN}", "--ServerApp.port_retries=0"]
    log = (folder / "server.log").open("w")
    server = subprocess.Popen(command, cwd=folder, env={**os.environ, **settings}, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, server)
        yield address
    finally:
        server.terminate()
        server.wait(20)
        log.close()


@pytest.fixture
def page(chromium):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        page = browser.new_page(viewport={"width": 1100, "height": 1000})
        yield page
        browser.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(address, server) -> None:
    for _ in range(240):
        if server.poll() is not None:
            raise RuntimeError(f"The notebook server ended with {server.returncode}.")
        try:
            urllib.request.urlopen(f"{address}/api/status?token={TOKEN}", timeout=2).close()
        except OSError:
            time.sleep(0.25)
        else:
            return
    raise RuntimeError("The notebook server did not answer within a minute.")
