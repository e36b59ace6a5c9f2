"""Real servers on this machine and a headless Chromium to look at them."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from tests.browser.notebook_page import NotebookPage
from tests.remote import make_remote, redirect
from utils.grading.course_folder import notebook_of

TOKEN = "test"
CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
SERVER = [f"--IdentityProvider.token={TOKEN}", "--ServerApp.port_retries=0", "--allow-root", "--no-browser"]
WINDOW = {
    "viewport": {"width": 1180, "height": 1000},
    "device_scale_factor": int(os.environ.get("WORKSHOP_SCREENSHOT_SCALE", "1")),
}
SECONDS_TO_START = 180


@pytest.fixture(scope="session")
def browser():
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser):
    """An empty page."""
    page = browser.new_page()
    yield page
    page.close()


@pytest.fixture(scope="session")
def course(tmp_path_factory):
    """A copy of the course's repository."""
    return make_remote(tmp_path_factory.mktemp("course") / "course")


@pytest.fixture(scope="class")
def server(request, course, tmp_path_factory):
    """Start the class's application; yield the place where it serves and its address."""
    folder = tmp_path_factory.mktemp(request.cls.application)
    serve = {"lab": _serve_lab, "notebook": _serve_notebook}[request.cls.application]
    yield from serve(folder, course, notebook_of(request.cls.session))


@pytest.fixture(scope="class")
def notebook(request, server, browser):
    """Open the student notebook."""
    page = browser.new_page(**WINDOW)
    _, address = server
    name = notebook_of(request.cls.session).student.name
    path = {"lab": "", "notebook": f"notebooks/{name}"}[request.cls.application]
    yield NotebookPage(page, f"{address}/{path}?token={TOKEN}", request.cls.label())
    page.close()


@pytest.fixture(scope="class")
def solved(request, server, browser):
    """Open the solution in JupyterLab, and run it as before handing in."""
    page = browser.new_page(**WINDOW)
    _, address = server
    path = f"lab/workspaces/solution/tree/my-notebooks/{request.cls.session}/solution.ipynb"
    solution = NotebookPage(page, f"{address}/{path}?token={TOKEN}", request.cls.label())
    solution.restart_and_run_all()
    yield solution
    page.close()


def _serve_lab(folder, course, files):
    """Run `make lab` in a copy of the repository, as a student does who has cloned it."""
    here = shutil.copytree(course, folder / "course")
    (here / ".venv").symlink_to(sys.prefix, target_is_directory=True)
    mine = here / "my-notebooks" / files.session
    mine.mkdir(parents=True)
    shutil.copy(files.solution, mine / "solution.ipynb")
    port = free_port()
    options = " ".join([*SERVER, f"--port={port}", "--expose-app-in-browser"])
    command = ["make", "-o", ".venv/.installed-course", "lab", f"SESSION={files.session}", f"LAB_OPTIONS={options}"]
    with running(command, here, folder, port) as address:
        yield mine, address


def _serve_notebook(folder, course, files):
    """Start Notebook 7 in a folder that holds nothing but notebooks; the setup cell has to fetch the course."""
    here = folder / "notebooks"
    here.mkdir()
    shutil.copy(files.student, here)
    port = free_port()
    command = [sys.executable, "-m", "notebook", *SERVER, f"--port={port}"]
    command += ["--JupyterNotebookApp.expose_app_in_browser=True"]
    with running(command, here, folder, port, **redirect(course)) as address:
        yield here, address


class running:
    """A server while it is needed, with a home of its own."""

    def __init__(self, command, here, folder, port, **settings):
        home = folder / "home"
        home.mkdir()
        inherited = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "MPLBACKEND")}
        inherited = {name: value for name, value in inherited.items() if not name.startswith(("MAKE", "JUPYTER"))}
        own = {"HOME": str(home), "TORCH_HOME": str(folder / "torch"), "WORKSHOP_DATA": "sample", "WORKSHOP_FAST": "1"}
        self.log = folder / "server.log"
        self.address = f"http://127.0.0.1:{port}"
        with self.log.open("w") as log:
            self.server = subprocess.Popen(
                command, cwd=here, env={**inherited, **own, **settings}, stdout=log, stderr=log, start_new_session=True
            )

    def __enter__(self):
        for _ in range(SECONDS_TO_START * 4):
            if self.server.poll() is not None:
                break
            try:
                urllib.request.urlopen(f"{self.address}/api/status?token={TOKEN}", timeout=2).close()
            except OSError:
                time.sleep(0.25)
            else:
                return self.address
        self.__exit__()
        raise RuntimeError(f"The server does not answer; it said:\n{self.log.read_text()[-2000:]}")

    def __exit__(self, *_):
        if self.server.poll() is None:
            os.killpg(self.server.pid, signal.SIGTERM)  # make, the server and its kernels
            self.server.wait(30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
