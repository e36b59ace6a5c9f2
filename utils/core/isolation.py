"""Checks leave no trace: what a student's code changes while it is judged is put back afterwards."""

import contextlib
import io
import logging
import os
import random
import signal
import sys
import threading
import warnings

__all__ = ["TimeLimitExceeded", "time_limit", "undisturbed"]


class TimeLimitExceeded(BaseException):
    """Student code ran longer than a criterion may take."""


@contextlib.contextmanager
def undisturbed():
    """Run a block silently and without lasting effects on the process.

    Restored are the random states (Python, numpy, torch, CUDA), gradient and inference mode, default dtype and
    device, warning filters, logging, figures, working directory and environment. What is written to stdout
    or stderr, also below Python, is dropped: nbgrader takes one line on stderr for a wrong answer.
    """
    with contextlib.ExitStack() as stack:
        for guard in (_output, _quiet_libraries, _process, _numpy_and_python_rng, _torch_state, _figures):
            stack.enter_context(guard())
        yield


@contextlib.contextmanager
def time_limit(seconds: float):
    """Raise `TimeLimitExceeded` in the block after `seconds`, where the platform can (main thread, Unix)."""
    possible = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    if not possible or signal.getitimer(signal.ITIMER_REAL)[0] > 0:
        yield
        return

    def interrupt(signum, frame):
        raise TimeLimitExceeded(f"stopped after {seconds:g} seconds")

    previous = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


@contextlib.contextmanager
def _output():
    with contextlib.ExitStack() as stack:
        stack.enter_context(_silent_file_descriptor(2))
        stack.enter_context(contextlib.redirect_stdout(io.StringIO()))
        stack.enter_context(contextlib.redirect_stderr(io.StringIO()))
        yield


@contextlib.contextmanager
def _silent_file_descriptor(number: int):
    # C libraries (libpng, OpenMP) write to the descriptor itself; ipykernel forwards that to the cell's stderr.
    try:
        saved = os.dup(number)
    except OSError:
        yield
        return
    try:
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), number)
            yield
    finally:
        os.dup2(saved, number)
        os.close(saved)


@contextlib.contextmanager
def _quiet_libraries():
    disabled = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(disabled)


@contextlib.contextmanager
def _process():
    folder, environment = os.getcwd(), dict(os.environ)
    try:
        yield
    finally:
        os.chdir(folder)
        if dict(os.environ) != environment:
            os.environ.clear()
            os.environ.update(environment)


@contextlib.contextmanager
def _numpy_and_python_rng():
    import numpy as np

    states = random.getstate(), np.random.get_state()
    try:
        yield
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])


@contextlib.contextmanager
def _torch_state():
    import torch

    dtype, device = torch.get_default_dtype(), torch.get_default_device()
    cuda = list(range(torch.cuda.device_count())) if torch.cuda.is_initialized() else []
    with torch.random.fork_rng(devices=cuda), torch.inference_mode(False), torch.enable_grad():
        torch.set_default_dtype(torch.float32)
        _set_default_device(None)
        try:
            yield
        finally:
            torch.set_default_dtype(dtype)
            _set_default_device(None if device.type == "cpu" else device)


def _set_default_device(device) -> None:
    import torch

    current = torch.get_default_device()
    if device is not None or current.type != "cpu":
        torch.set_default_device(device)


@contextlib.contextmanager
def _figures():
    pyplot = sys.modules.get("matplotlib.pyplot")
    before = set(pyplot.get_fignums()) if pyplot else set()
    try:
        yield
    finally:
        pyplot = sys.modules.get("matplotlib.pyplot")
        if pyplot:
            for number in set(pyplot.get_fignums()) - before:
                pyplot.close(number)
