"""The warden: a thread in the kernel's process that judges answers and signs what it found.

It is there before the student's first line, and holds everything it uses in local variables, which no name leads to. For
each verdict it forks: the child has the student's objects, but none of the student's threads, traces and signal handlers.
There the code of `integrity`'s snapshot is put back, the real checks run in a thread that has no way to the key, and when
nothing was changed meanwhile, the outcomes are signed. A number without that signature is worth nothing to the grader.

Code in the same process is never quite shut out; the attacks that this stops or notices are in ``tests/grading/attacks``.
"""

import _thread
import ctypes
import gc
import hashlib
import json
import os
import select
import signal
import sys
import time
from dataclasses import replace

from utils.core import evaluation, report
from utils.core.isolation import TimeLimitExceeded
from utils.grading.isolation.watch import Watch

__all__ = ["Recall", "Warden"]

MESSAGE = 2000
"""Longest message of one criterion, in characters."""

GRACE = 3.0
"""Seconds after which an answer that did not heed the time limit is interrupted again."""


class Recall:
    """Stands in for `evaluate` in the kernel: gives back the grader's verdict, so that no check runs twice.

    The check cell shows its card and `checker.ready` knows what was attempted; points come from the verdict itself.
    """

    def __init__(self):
        self.verdicts: dict[int, list] = {}
        self._evaluate = evaluation.evaluate

    def __call__(self, exercise, answers, seed: int = 0):
        """Return the verdict on an exercise; without one, evaluate."""
        told = self.verdicts.pop(exercise.number, None)
        if told is None:
            return self._evaluate(exercise, answers, seed)
        outcomes = {outcome.value: outcome for outcome in report.Outcome}
        pairs = zip(exercise.criteria, told, strict=True)
        return tuple(report.Result(criterion, outcomes[outcome], message) for criterion, (outcome, message) in pairs)


class Warden:
    """Serves the grader's requests on a socket; see the module.

    Parameters
    ----------
    descriptor : int
        The socket's end in this process.
    session : Session
    snapshot : Snapshot
        Of a process in which no student's code ran.
    recall : Recall
    user_names : dict
        The notebook's global names.
    """

    def __init__(self, descriptor, session, snapshot, recall, user_names):
        self._arguments = descriptor, session, snapshot, recall, user_names

    def start(self) -> None:
        """Take the key from the socket and serve from now on."""
        ready = _thread.allocate_lock()
        ready.acquire()
        _thread.start_new_thread(_serve, (*self._arguments, Watch(), ready))
        del self._arguments
        ready.acquire()


def _serve(descriptor, session, snapshot, recall, user_names, watch, ready):
    """Read the key, then answer requests until the socket is closed."""
    fork, leave, kill, wait = os.fork, os._exit, os.kill, os.waitpid
    open_pid, poll, read, loads = os.pidfd_open, select.poll, _Lines(descriptor).read, json.loads
    judge, sign = _judge, _Signer(read())
    watch.start([_finished.__code__])
    watch_notes = watch.notes
    ready.release()
    while True:
        line = read()
        if line is None:
            return
        if line.startswith(b"T"):
            number, verdict, nonce = loads(line[1:])
            recall.verdicts[number] = verdict
            sign.send(descriptor, {"nonce": nonce, "told": number})
        elif line.startswith(b"N"):
            sign.send(descriptor, {"nonce": line[1:].decode(), "notes": list(watch_notes)})
        else:
            child = fork()
            if child == 0:
                try:
                    judge(line[1:], descriptor, session, snapshot, user_names, watch, sign)
                finally:
                    leave(1)
            limit = poll()
            limit.register(open_pid(child))
            if not limit.poll(1000 * int(line[1:].split(b" ", 1)[0])):
                kill(child, 9)
            try:
                status = wait(child, 0)[1]
            except ChildProcessError:
                status = None
            sign.send(descriptor, {"nonce": line.rsplit(b" ", 1)[-1].decode(), "ended": status})


class _Lines:
    """Lines from a socket; None at its end."""

    def __init__(self, descriptor):
        self._descriptor, self._rest, self._read = descriptor, b"", os.read

    def read(self) -> bytes | None:
        while b"\n" not in self._rest:
            try:
                more = self._read(self._descriptor, 1 << 16)
            except OSError:
                return None
            if not more:
                return None
            self._rest += more
        line, _, self._rest = self._rest.partition(b"\n")
        return line


class _Signer:
    """Signs messages with a key that is in no Python object: a hash that has taken it in cannot be asked for it."""

    __slots__ = ("_dumps", "_started", "_write")

    def __init__(self, key: bytes):
        self._started = hashlib.blake2b(key=bytes.fromhex(key.decode()))
        self._dumps, self._write = json.dumps, os.write

    def send(self, descriptor, body) -> None:
        text = self._dumps(body)
        started = self._started.copy()
        started.update(text.encode())
        line = f"{started.hexdigest()} {text}\n".encode()
        while line:
            line = line[self._write(descriptor, line) :]


def _judge(request, descriptor, session, snapshot, user_names, watch, sign):
    """Judge one exercise in a forked process, send the outcomes and end the process."""
    _lock_down()
    before = snapshot.changes()
    snapshot.clear_caches()
    _, number, seed, class_seed, seconds, nonce = request.decode().split(" ")
    exercise = session.exercise(int(number))
    missing = [name for name in exercise.answers if name not in user_names]
    answers = {name: user_names[name] for name in exercise.answers if name not in missing}
    results, fitted, took = None, [], 0.0
    if not missing:
        watch.judging, start = True, time.perf_counter()
        results = _evaluate_apart(exercise, answers, int(seed), float(seconds))
        failed = _found_wrong(results, exercise)
        if failed:
            part = replace(exercise, criteria=failed)
            once_more = _as_data(_evaluate_apart(part, answers, int(class_seed), float(seconds)), part) or ()
            passed = report.Outcome.PASSED._value_
            fitted = [each.name for each, (outcome, _) in zip(failed, once_more, strict=False) if outcome == passed]
        watch.judging, took = False, time.perf_counter() - start
    after = snapshot.changes()
    body = {
        "nonce": nonce,
        "number": exercise.number,
        "results": _as_data(results, exercise),
        "fitted": fitted,
        "missing": missing,
        "before": before[:20],
        "after": after[:20],
        "notes": watch.notes,
        "seconds": took,
    }
    sign.send(descriptor, body)
    os._exit(0)


def _lock_down() -> None:
    """Silence what student's code may have left to be called: traces, signal handlers, the garbage collector's callbacks."""
    sys.settrace(None)
    sys.setprofile(None)
    gc.disable()
    gc.callbacks.clear()
    monitoring = getattr(sys, "monitoring", None)
    for tool in range(6) if monitoring else ():
        if monitoring.get_tool(tool):
            monitoring.set_events(tool, 0)
            monitoring.free_tool_id(tool)
    for number in range(1, signal.NSIG):
        if signal.getsignal(number) not in (signal.SIG_DFL, signal.SIG_IGN, None):
            signal.signal(number, signal.SIG_DFL)


def _evaluate_apart(exercise, answers, seed, seconds):
    """Run the checks in a thread of their own: from its frames, no way leads back to this one's.

    Returns None if they did not come to an end.
    """
    box, started = [], _thread.allocate_lock()
    started.acquire()
    thread = _thread.start_new_thread(_run, (box, started, exercise, answers, seed))
    started.acquire()
    limit, interruptions = time.monotonic() + seconds, 0
    pause = 0.001
    while not _finished(thread):
        time.sleep(pause)
        pause = min(1.2 * pause, 0.02)
        if time.monotonic() > limit:
            if interruptions == 5:
                return None
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(_TooLong))
            limit, interruptions = time.monotonic() + GRACE, interruptions + 1
    return box[0] if box else None


def _found_wrong(results, exercise):
    """Return the criteria that an answer failed with a value of its own."""
    if _as_data(results, exercise) is None:
        return ()
    failed = (each.criterion for each in results if each.outcome is report.Outcome.FAILED)
    return tuple(criterion for criterion in failed if not criterion.is_advice)


class _TooLong(TimeLimitExceeded):
    def __init__(self):
        super().__init__("stopped by the time limit of grading")


def _finished(thread) -> bool:
    """Say whether a thread has ended; it cannot claim that itself."""
    return thread not in sys._current_frames()


def _run(box, started, exercise, answers, seed):
    started.release()
    try:
        results = evaluation.evaluate(exercise, answers, seed)
    except BaseException:  # noqa: BLE001 - whatever it is, it is no verdict
        results = None
    box.clear()  # an answer that found its way here may have left something
    box.append(results)


def _as_data(results, exercise):
    """Return outcomes and messages, if they are what `evaluate` makes and nothing else."""
    if type(results) is not tuple or len(results) != len(exercise.criteria):
        return None
    outcomes = {id(outcome): outcome._value_ for outcome in report.Outcome}
    data = []
    for result, criterion in zip(results, exercise.criteria, strict=True):
        genuine = type(result) is report.Result and result.criterion is criterion and type(result.message) is str
        if not genuine or id(result.outcome) not in outcomes:
            return None
        data.append([outcomes[id(result.outcome)], result.message[:MESSAGE]])
    return data
