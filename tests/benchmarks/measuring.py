"""Measuring on a machine that does other things, too: side by side, several times, medians."""

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Pair", "Unavailable", "child_seconds", "compare"]

ROOT = Path(__file__).resolve().parents[2]


class Unavailable(Exception):  # noqa: N818 - not a fault
    """Something cannot be measured here; the message says why."""


@dataclass(frozen=True)
class Pair:
    """Medians of two durations in seconds, and the median of their ratios, measured pair by pair."""

    first: float
    second: float
    ratio: float


def compare(
    first: Callable[[], object],
    second: Callable[[], object],
    rounds: int = 5,
    clock: Callable[[], float] = time.perf_counter,
) -> Pair:
    """Run two functions in turn and compare what they take.

    Other work slows both down alike, and the order alternates so that neither gains by coming second. Pass
    ``clock=time.process_time`` where only this process works: other work then hardly counts.
    """
    first()
    second()
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(rounds):
        for which in (0, 1) if turn % 2 == 0 else (1, 0):
            start = clock()
            (first, second)[which]()
            times[which].append(clock() - start)
    ratios = [one / other for one, other in zip(*times, strict=True)]
    return Pair(*map(statistics.median, times), statistics.median(ratios))


def child_seconds(code: str) -> float:
    """Return the CPU seconds of a Python process that runs `code`, its start included."""
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    before = _children_seconds()
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    return _children_seconds() - before


def _children_seconds() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)  # os.times() counts in hundredths
    return spent.ru_utime + spent.ru_stime
