"""What a worker does with one submission: text in, text out, on this computer or another."""

import contextlib
import json
import logging
import socket
from dataclasses import asdict
from functools import cache
from pathlib import Path

import nbformat

from utils.grading.execution import Execution, Plan, execute
from utils.grading.isolation.nursery import Nursery
from utils.grading.isolation.sandbox import Limits
from utils.grading.isolation.supplies import SUPPLIES
from utils.grading.session_data import session_from_data

__all__ = ["grade_one"]


def grade_one(task: str) -> str:
    """Run a submission and return its result.

    Parameters
    ----------
    task : str
        JSON: ``notebook`` (its text), ``zygote`` (a socket, used if it is on this computer), ``session`` (as data),
        ``checks``, ``isolated``, ``limits``, ``check_seconds`` and ``release`` (its cells' texts).

    Returns
    -------
    str
        JSON: ``exercises``, ``flags``, ``seconds``, ``error`` as in `utils.grading.results`, and ``executed``, the
        notebook's text.
    """
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # of sockets that end with a kernel
    data = json.loads(task)
    notebook = nbformat.reads(data["notebook"], as_version=4)
    plan = Plan(
        zygote=_zygote(data),
        session=session_from_data(data["session"]),
        limits=Limits(**data["limits"]),
        check_seconds=data["check_seconds"],
        release=frozenset(data["release"]),
    )
    return json.dumps(_as_data(execute(notebook, plan)))


def _as_data(execution: Execution) -> dict:
    flags = [*execution.flags, *(flag for verdict in execution.verdicts.values() for flag in verdict.flags)]
    return {
        "exercises": {number: asdict(verdict.result()) for number, verdict in sorted(execution.verdicts.items())},
        "flags": [asdict(flag) for flag in flags],
        "seconds": {name: round(value, 3) for name, value in execution.seconds.items()},
        "error": execution.error,
        "executed": nbformat.writes(execution.notebook),
    }


def _zygote(data: dict) -> Path:
    """Return the socket of the grader's zygote, or on another computer of one of this worker's own."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as trial:
        trial.connect(data["zygote"])
        return Path(data["zygote"])
    return _own_nursery(data["session"]["name"], data["checks"], data["isolated"]).socket


@cache
def _own_nursery(session: str, checks: str, isolated: bool) -> Nursery:
    from utils.course.layout import REPOSITORY

    return Nursery(REPOSITORY, session, checks, text=" ".join(SUPPLIES.values()), isolated=isolated).wait()
