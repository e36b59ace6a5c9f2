"""The process that has every library loaded and forks kernels: ``python -m utils.grading.isolation.zygote``.

Listens on a Unix socket. A connection asks for one kernel, in one line of JSON and with the warden's socket attached; it
gets the process id, and at the end the exit status. Whoever closes the connection kills the kernel; when this process's
own standard input is closed, everything ends.
"""

import argparse
import contextlib
import gc
import importlib
import json
import os
import selectors
import signal
import socket
import sys
import threading
import warnings
from pathlib import Path

from utils.grading.isolation.integrity import Snapshot
from utils.grading.isolation.kernel_calls import collapse_pages
from utils.grading.isolation.sandbox import Limits, enter_sandbox, restore_signals, set_limits
from utils.grading.isolation.supplies import SUPPLIES, lay_in
from utils.grading.isolation.warden import Recall, Warden
from utils.grading.session_data import session_to_data

__all__ = ["PRELOAD", "main"]

PRELOAD = (
    *(
        "torch",
        "torchvision",
        "albumentations",
        "matplotlib.pyplot",
        "matplotlib_inline.backend_inline",
        "PIL.Image",
        "tqdm.auto",
    ),
    *(
        "ipykernel.kernelapp",
        "ipykernel.ipkernel",
        "ipykernel.debugger",
        "IPython.core.completer",
        "torch.utils.data",
        "pooch",
    ),
    *(
        "utils.settings",
        "utils.core.checker",
        "utils.core.quiz",
        "utils.core.card",
        "utils.core.text",
        "utils.core.progress",
    ),
    *("utils.core.evaluation", "utils.data", "utils.ml", "utils.plotting"),
)
"""What is loaded before the first kernel; what a notebook imports beyond it is loaded in its own process."""


def main(arguments: list[str] | None = None) -> int:
    """Load the libraries, then serve until standard input is closed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--socket", required=True)
    parser.add_argument("--repository", type=Path, required=True)
    parser.add_argument("--session", required=True, help="such as SE05")
    parser.add_argument("--checks", required=True, help="the module that holds its SESSION")
    parser.add_argument("--supplies", nargs="*", default=[], choices=[*SUPPLIES], help="what is drawn once for all")
    parser.add_argument("--no-isolation", action="store_true")
    options = parser.parse_args(arguments)
    stage = _prepare(options)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(options.socket)
    listener.listen(64)
    threading.Thread(
        target=collapse_pages, daemon=True
    ).start()  # two seconds, for which the first kernels need not wait
    print(json.dumps(session_to_data(stage[0])), flush=True)  # noqa: T201 - whoever started this waits for the line
    _Server(listener, options, stage).serve()
    return 0


def _prepare(options):
    """Load everything, and remember what a process looks like in which no student's code ran."""
    # A kernel's main thread waits while its warden forks, and the child uses none of the other threads.
    warnings.filterwarnings("ignore", message=".*multi-threaded, use of fork", category=DeprecationWarning)
    for name in PRELOAD:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    session = importlib.import_module(options.checks).SESSION
    _import_all_of_ours()
    lay_in(options.supplies)
    _warm_up()
    import torch

    from utils.core import checker

    torch.set_num_threads(1)
    recall = checker.evaluate = Recall()
    exercises = session.exercises
    records = [session, *exercises, *(criterion for exercise in exercises for criterion in exercise.criteria)]
    _forget_grading()
    snapshot = Snapshot(records)
    snapshot.changes()
    gc.collect()
    gc.freeze()  # or collections copy every page that the kernels share
    return session, recall, snapshot


def _import_all_of_ours() -> None:
    """Load what students' tools load on first use, so that it is remembered, too."""
    import pkgutil

    import utils

    for room in ("core", "data", "ml", "plotting"):
        package = importlib.import_module(f"utils.{room}")
        for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(each.name)
    assert utils.core is not None


def _warm_up() -> None:
    """Run once what sets itself up on first use."""
    import torch

    layer = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4))
    layer(torch.zeros(2, 3, 8, 8)).sum().backward()
    for kind in vars(torch.optim).values():
        if isinstance(kind, type) and issubclass(kind, torch.optim.Optimizer) and kind is not torch.optim.Optimizer:
            with contextlib.suppress(ValueError, TypeError):  # a few want sparse gradients or matrices
                kind(layer.parameters(), lr=0.1)  # the first one of each kind wraps its class's `step`


class _Server:
    """Forks kernels and watches over them."""

    def __init__(self, listener, options, stage):
        self._listener, self._options, self._stage = listener, options, stage
        self._kernels: dict[int, socket.socket] = {}
        self._events = selectors.DefaultSelector()

    def serve(self) -> None:
        wake, write = socket.socketpair()
        wake.setblocking(False)
        write.setblocking(False)
        signal.set_wakeup_fd(write.fileno())
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the grader, which then closes our input
        for source, act in ((self._listener, self._accept), (sys.stdin, None), (wake, self._reap)):
            self._events.register(source, selectors.EVENT_READ, act)
        while True:
            for key, _ in self._events.select():
                if key.data is None:
                    return self._end()
                key.data(key.fileobj)

    def _accept(self, listener) -> None:
        connection, _ = listener.accept()
        try:
            line, descriptors, _, _ = socket.recv_fds(connection, 1 << 16, 1)
            if not line:  # somebody looked whether this process is here
                connection.close()
                return
            request = json.loads(line)
            child = os.fork()
            if child == 0:
                self._become_kernel(request, descriptors[0])
            os.close(descriptors[0])
            connection.sendall(json.dumps({"pid": child}).encode() + b"\n")
        except (OSError, ValueError, IndexError):
            connection.close()
            return
        self._kernels[child] = connection
        self._events.register(connection, selectors.EVENT_READ, self._hang_up)

    def _hang_up(self, connection) -> None:
        """Kill the kernel of a connection that was closed."""
        with contextlib.suppress(OSError):
            if connection.recv(1024):
                return
        self._events.unregister(connection)
        for child, each in self._kernels.items():
            if each is connection:
                os.kill(child, signal.SIGKILL)

    def _reap(self, wake) -> None:
        with contextlib.suppress(BlockingIOError):
            wake.recv(1024)
        while True:
            try:
                child, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if child == 0:
                return
            connection = self._kernels.pop(child)
            with contextlib.suppress(OSError, KeyError, ValueError):
                self._events.unregister(connection)
            with contextlib.suppress(OSError):
                connection.sendall(json.dumps({"status": os.waitstatus_to_exitcode(status)}).encode() + b"\n")
            connection.close()

    def _end(self) -> None:
        for child in self._kernels:
            os.kill(child, signal.SIGKILL)

    def _become_kernel(self, request, descriptor) -> None:
        """Turn this fork into a kernel in its sandbox; never returns."""
        status = 1
        try:
            signal.set_wakeup_fd(-1)
            self._close_what_is_not_ours(descriptor)
            _run_kernel(request, descriptor, self._options, self._stage)
            status = 0
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 1
        except BaseException:  # noqa: BLE001 - the traceback belongs into the log, not into the zygote's loop
            import traceback

            traceback.print_exc()
        finally:
            os._exit(status)

    def _close_what_is_not_ours(self, descriptor) -> None:
        self._events.close()
        self._listener.close()
        for connection in self._kernels.values():
            connection.close()
        nothing = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1):
            os.dup2(nothing, number)
        for number in range(3, 256):
            if number != descriptor:
                with contextlib.suppress(OSError):
                    os.close(number)


def _run_kernel(request, descriptor, options, stage) -> None:
    limits = Limits(**request["limits"])
    scratch = Path(request["scratch"])
    if options.no_isolation:
        set_limits(limits)
        os.setsid()
        os.chdir(scratch)
    else:
        enter_sandbox(Path(request["root"]), Path(request["run"]), options.repository, limits)
        scratch = Path.cwd()
    os.environ.update(HOME=str(scratch), TORCH_HOME=str(scratch / ".torch"), MPLCONFIGDIR=str(scratch / ".matplotlib"))
    restore_signals()
    from ipykernel.kernelapp import IPKernelApp

    app = IPKernelApp.instance()
    app.initialize(
        ["-f", request["connection_file"], "--HistoryManager.enabled=False", "--Application.log_level=ERROR"]
    )
    session, recall, snapshot = stage
    Warden(descriptor, session, snapshot, recall, app.shell.user_ns).start()
    app.start()


def _forget_grading() -> None:
    """Take our own modules out of reach of the names that lead to modules."""
    import utils

    for name in [name for name in sys.modules if name.startswith("utils.grading")]:
        del sys.modules[name]
    vars(utils).pop("grading", None)


if __name__ == "__main__":
    sys.exit(main())
