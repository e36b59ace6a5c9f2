"""What a submission sees and may use: its own scratch folder, and nothing of whoever grades it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.grading.checked_class import (
    RIGHT_ADD,
    RIGHT_NUMBERS,
    answered,
    flags,
    make_checked_course,
    nursery,
    run,
    scores,
)
from utils.course.layout import REPOSITORY

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

LOOK = """\
# Exercise 1: Add two numbers
import json, os, socket
from pathlib import Path
def attempt(function, *arguments):
    try:
        return repr(function(*arguments))
    except BaseException as error:
        return type(error).__name__
def names(folder):
    return sorted(os.listdir(folder))
def write(path):
    Path(path).write_text("x")
    return "written"
def connect(address):
    socket.create_connection(address, timeout=3)
def interfaces():
    return [name for _, name in socket.if_nameindex()]
def add(first, second):
    return first + second
print(json.dumps({
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return make_checked_course(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def kernels(tmp_path_factory):
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("INSTRUCTORS_TOKEN", "hidden")
        with nursery() as running:
            yield running.wait()


def said(execution) -> str:
    cell = next(cell for cell in execution.notebook.cells if cell.source.startswith("# Exercise 1"))
    return "".join(output.text for output in cell.outputs if output.output_type == "stream")


def look(kernels, files, **questions) -> dict:
    rows = "".join(f"    {name!r}: attempt({question}),\n" for name, question in questions.items())
    execution = run(kernels, answered(files, LOOK + rows + "}))", RIGHT_NUMBERS))
    assert scores(execution) == {1: 2.0, 2: 1.5}
    return json.loads(said(execution))


def test_there_is_no_network(kernels, files):
    seen = look(
        kernels, files, interfaces="interfaces", outside='connect, ("1.1.1.1", 80)', own='connect, ("127.0.0.1", 22)'
    )
    assert seen == {"interfaces": "['lo']", "outside": "OSError", "own": "OSError"}


def test_nothing_of_the_instructors_is_seen(kernels, files, tmp_path):
    (tmp_path / "gradebook.db").write_text("grades")
    home = Path.home()
    seen = look(
        kernels,
        files,
        solutions=f"names, {str(REPOSITORY / 'solutions')!r}",
        grading=f"names, {str(REPOSITORY / 'utils' / 'grading')!r}",
        tests=f"names, {str(REPOSITORY / 'tests')!r}",
        gradebook=f"open, {str(tmp_path / 'gradebook.db')!r}",
        course=f"names, {str(files.root)!r}",
        home=f"names, {str(home / '.ssh')!r}",
        shadow="open, '/etc/shadow'",
        token="os.environ.__getitem__, 'INSTRUCTORS_TOKEN'",
        modules="lambda: [name for name in __import__('sys').modules if 'grading' in name and name.startswith('utils')]",
    )
    assert seen.pop("token") == "KeyError"
    assert seen.pop("modules") == "[]"
    assert set(seen.values()) == {"FileNotFoundError"}, seen


def test_the_system_is_read_only_and_the_scratch_folder_is_not(kernels, files):
    seen = look(
        kernels,
        files,
        system="write, '/usr/written'",
        root="write, '/written'",
        python=f"write, {str(Path(os.__file__).parent / 'written.py')!r}",
        tools=f"write, {str(REPOSITORY / 'utils' / 'core' / 'checker.py')!r}",
        here="write, 'written'",
        where="os.getcwd",
    )
    assert (seen.pop("here"), seen.pop("where")) == ("'written'", "'/scratch'")
    assert set(seen.values()) == {"OSError"}, seen


def test_other_processes_are_not_there(kernels, files):
    seen = look(
        kernels, files, others="lambda: [n for n in os.listdir('/proc') if n.isdigit() and int(n) > 20]", me="os.getpid"
    )
    assert seen == {"others": "[]", "me": "2"}


def test_scratch_folders_are_not_shared(kernels, files):
    left = "os.path.join(__import__('tempfile').gettempdir(), 'left')"  # where the sandbox has it
    for _ in range(2):
        seen = look(kernels, files, before=f"os.path.exists, {left}", write=f"write, {left}")
        assert seen == {"before": "False", "write": "'written'"}


HUNGRY = {
    "memory": ("x = bytearray(3 << 30)", "MemoryError"),
    "one file": ("open('large', 'wb').write(bytes(40 << 20))", "OSError"),
    "all files": (
        "for number in range(9):\n    with open(f'large{number}', 'wb') as file:\n        file.write(bytes(20 << 20))",
        "OSError",
    ),
    "processes": (
        "import os, time\nfor _ in range(500):\n    if os.fork() == 0:\n        time.sleep(20)\n        os._exit(0)",
        "BlockingIOError",
    ),
}


@pytest.mark.parametrize("what", HUNGRY)
def test_there_is_a_limit(kernels, files, what):
    code, error = HUNGRY[what]
    execution = run(kernels, answered(files, f"# Exercise 1: Add two numbers\n{code}", RIGHT_NUMBERS))
    cell = next(cell for cell in execution.notebook.cells if cell.source.startswith("# Exercise 1"))
    assert [output.ename for output in cell.outputs if output.output_type == "error"] == [error]
    if what != "processes":  # those that were forked are still there, and no check can be
        assert scores(execution) == {1: 0.0, 2: 1.5}


def test_many_processes_take_no_more_memory_than_one_may(kernels, files):
    herd = """
import os, time
for _ in range(12):
    if os.fork() == 0:
        taken = bytearray(os.urandom(1 << 20) * 200)
        time.sleep(60)
        os._exit(0)
time.sleep(60)
"""
    answers = answered(files, RIGHT_ADD, f"# Exercise 2: Name the numbers{herd}")
    execution = run(kernels, answers, cell_seconds=60)
    assert execution.error["kind"] == "memory"
    assert "more than 1 GB of memory together" in execution.error["sentence"]
    assert scores(execution) == {1: 2.0, 2: 0.0}
    assert execution.seconds["total"] < 60


def test_nothing_runs_on_after_the_notebook(kernels, files):
    left = "import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(600)"
    run(kernels, answered(files, f"# Exercise 1: Add two numbers\n{left}", RIGHT_NUMBERS), cell_seconds=5)
    _, alive = psutil.wait_procs(psutil.Process(kernels.pid).children(recursive=True), timeout=10)
    assert alive == []


def test_a_cell_without_end_is_stopped_and_the_next_ones_run(kernels, files):
    loop = answered(files, "# Exercise 1: Add two numbers\nwhile True:\n    pass", RIGHT_NUMBERS)
    assert scores(run(kernels, loop, cell_seconds=3)) == {1: 0.0, 2: 1.5}


def test_a_notebook_without_end_keeps_what_was_judged(kernels, files):
    endless = answered(
        files, "# Exercise 1: Add two numbers\ndef add(a, b):\n    return a + b", "import time\ntime.sleep(600)"
    )
    execution = run(kernels, endless, cell_seconds=300, notebook_seconds=12)
    assert scores(execution) == {1: 2.0, 2: 0.0}
    assert execution.error["kind"] == "timeout"


def test_a_kernel_that_dies_keeps_what_was_judged(kernels, files):
    dying = answered(files, "# Exercise 1: Add two numbers\ndef add(a, b):\n    return a + b", "import os\nos._exit(3)")
    execution = run(kernels, dying)
    assert scores(execution) == {1: 2.0, 2: 0.0}
    assert execution.error["kind"] == "dead kernel"
    assert "exercises 1" in execution.error["sentence"]


def test_endless_output_is_cut(kernels, files):
    loud = answered(
        files, "# Exercise 1: Add two numbers\nfor _ in range(3000):\n    print('x' * 10000)", RIGHT_NUMBERS
    )
    execution = run(kernels, loud)
    assert "the rest was dropped" in said(execution)
    assert len(said(execution)) < 6 << 20
    assert scores(execution)[2] == 1.5


@pytest.mark.skipif(not shutil.which("unshare") or not shutil.which("setpriv"), reason="needs unshare and setpriv")
def test_where_nothing_isolates_grading_is_refused(tmp_path):
    code = (
        "from pathlib import Path; from utils.grading.isolation.nursery import Nursery\n"
        "from utils.grading.errors import IsolationError\n"
        "try:\n    Nursery(Path.cwd(), 'SE99', 'tests.grading.toy_checks')\n"
        "except IsolationError as error:\n    print(error)\n"
    )
    powerless = (
        'echo 0 > /proc/sys/user/max_user_namespaces; exec setpriv --bounding-set -all --inh-caps -all "$0" -c "$1"'
    )
    command = ["unshare", "-Ur", "sh", "-c", powerless, sys.executable, code]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=120)
    assert "Submissions cannot be isolated here" in done.stdout, done.stderr
    assert "--no-isolation" in done.stdout


IN_A_CONTAINER = """
import json, pathlib, sys
from tests.grading.checked_class import RIGHT_ADD, RIGHT_NUMBERS, answered, make_checked_course, nursery, run, scores
files = make_checked_course(pathlib.Path(sys.argv[1]))
with nursery() as running:
    print(json.dumps(scores(run(running.wait(), answered(files, RIGHT_ADD, RIGHT_NUMBERS)))))
"""


@pytest.mark.skipif(not shutil.which("unshare"), reason="needs unshare")
def test_where_root_is_the_only_user_answers_are_judged_too(tmp_path):
    """As in containers that a user without privileges has started."""
    command = ["unshare", "-Urm", sys.executable, "-c", IN_A_CONTAINER, tmp_path / "course"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout) == {"1": 2.0, "2": 1.5}


def test_without_isolation_answers_are_judged_all_the_same(files):
    with nursery(isolated=False) as running:
        execution = run(running.wait(), answered(files, "def add(a, b):\n    return a + b", RIGHT_NUMBERS))
    assert scores(execution) == {1: 2.0, 2: 1.5}
    assert flags(execution) == []
