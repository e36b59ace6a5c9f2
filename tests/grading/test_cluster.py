"""Grading on a Dask cluster that runs elsewhere: the same grades, from workers that share no temporary folder with us."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from tests.grading.checked_class import RIGHT_ADD, RIGHT_NUMBERS, answered, make_checked_course, options, write
from utils.course.layout import REPOSITORY
from utils.grading.errors import GradingError
from utils.grading.run import grade_class

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

WITH_ITS_OWN_MOUNTS = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--user", "--map-root-user"])]
SECONDS_TO_START = 180
STUDENTS = {"ada": ((RIGHT_ADD, RIGHT_NUMBERS), 3.5), "bob": ((None, RIGHT_NUMBERS), 1.5), "eve": ((None, None), 0.0)}
SLOW = f"{RIGHT_ADD}\nimport time\ntime.sleep(4)"


@contextmanager
def running(command, log):
    """A process while the context lasts, with all that it starts."""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    with log.open("w") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output, start_new_session=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture(scope="module")
def temporary():
    """The folder for temporary files, of which a worker on another computer sees nothing; short, for sockets' sake."""
    with tempfile.TemporaryDirectory(prefix="here-", ignore_cleanup_errors=True) as folder:
        with pytest.MonkeyPatch.context() as monkeypatch:
            monkeypatch.setattr(tempfile, "tempdir", folder)
            yield Path(folder)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory, temporary):
    """A scheduler and two workers, each with temporary files of its own as on a computer of its own; yield address and workers."""
    if (
        shutil.which("unshare") is None
        or subprocess.run([*WITH_ITS_OWN_MOUNTS, "true"], capture_output=True).returncode
    ):
        pytest.skip("no mount namespaces here")
    folder = tmp_path_factory.mktemp("cluster")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{probe.getsockname()[1]}"
    with ExitStack() as stack:
        port = address.rpartition(":")[2]
        scheduler = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", port]
        stack.enter_context(running([*scheduler, "--no-dashboard"], folder / "scheduler.log"))
        worker = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-dashboard"]
        own = f"mount -t tmpfs tmpfs {temporary} && cd {temporary} && TMPDIR={temporary} exec {' '.join(worker)}"
        workers = [
            stack.enter_context(running([*WITH_ITS_OWN_MOUNTS, "sh", "-c", own], folder / f"worker{number}.log"))
            for number in range(2)
        ]
        _wait_for(address, workers, folder)
        yield address, workers


def _wait_for(address, workers, folder):
    from distributed import Client

    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end and all(worker.poll() is None for worker in workers):
        try:
            with Client(address, timeout="2s") as client:
                client.wait_for_workers(len(workers), timeout=2)
                return
        except OSError:  # there is no scheduler yet, or not every worker
            time.sleep(0.5)
    raise RuntimeError("\n".join(path.read_text()[-1000:] for path in folder.glob("*.log")))


@pytest.fixture
def files(tmp_path):
    return make_checked_course(tmp_path)


def grade(files, scheduler, say=lambda text: None):
    places = {"submitted": files.root / "handed-in", "out": files.root / "out"}
    chosen = options(workers=None, scheduler=scheduler)
    return grade_class("SE99", **places, options=chosen, say=say, root=files.root)


def scores(graded):
    return {each.student: each.score for each in graded.results.students}


def test_the_grades_are_those_of_this_computer(files, cluster):
    for student, (answers, _) in STUDENTS.items():
        write(files.root / "handed-in", student, files, answered(files, *answers))
    graded = grade(files, cluster[0])
    assert scores(graded) == {student: score for student, (_, score) in STUDENTS.items()}
    assert [each.error for each in graded.results.students] == [None] * len(STUDENTS)


def test_a_worker_that_is_lost_costs_nobody_a_grade(files, cluster):
    address, workers = cluster
    students = [f"student{number}" for number in range(4)]
    for student in students:
        write(files.root / "handed-in", student, files, answered(files, SLOW, RIGHT_NUMBERS))

    def lose_one(text):
        if not workers[0].returncode and "(" in text:
            processes = psutil.Process(workers[0].pid).children(recursive=True)
            workers[0].kill()  # first: it would start another worker in a lost one's place
            workers[0].wait()
            for each in processes:
                with suppress(psutil.NoSuchProcess):
                    each.kill()

    graded = grade(files, address, lose_one)
    assert workers[0].returncode
    assert scores(graded) == dict.fromkeys(students, 3.5)


def test_no_scheduler_there_is_said(files):
    write(files.root / "handed-in", "ada", files, answered(files))
    with pytest.raises(GradingError, match="no Dask scheduler at tcp"):
        grade(files, "tcp://127.0.0.1:9")
