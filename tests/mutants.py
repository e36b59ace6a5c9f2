"""Mutation testing of the checks: does a check notice every small change to the solution?

``python -m tests.mutants [--session S ...] [--exercise N ...] [--every K]`` runs the check of each exercise on the
mutants of its solution (`tests.mutation`), prints the kill rate and each survivor that ``tests/equivalent_mutants.json`` does not
explain, and exits with 1 if there is one. A mutant is killed if its cell raises or it does not earn full marks.
"""

import argparse
import json
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

EQUIVALENT = Path(__file__).with_name("equivalent_mutants.json")


def survives(task: tuple[str, int, str]) -> bool:
    """Judge one mutant in a worker process."""
    from tests.harness_worker import judge_silently

    return judge_silently(*task)


def explained(session: str) -> dict[int, dict[str, str]]:
    """Return the reason for each survivor that computes the same, by exercise and diff."""
    return {int(number): reasons for number, reasons in json.loads(EQUIVALENT.read_text()).get(session, {}).items()}


def run(session: str, number: int, every: int, pool) -> tuple[list, list]:
    """Return all mutants of an exercise that were run, and those that survived."""
    from tests.checks.harness import solution
    from tests.mutation import mutants

    chosen = list(mutants(solution(number, session)))[::every]
    alive = pool.map(survives, [(session, number, mutant.code) for mutant in chosen], chunksize=4)
    return chosen, [mutant for mutant, lives in zip(chosen, alive, strict=True) if lives]


def main() -> int:
    """Run the command line; return 1 if an unexplained mutant survived."""
    from utils.core.exercise import SESSIONS, load_session

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--session", nargs="*", default=SESSIONS)
    parser.add_argument("--exercise", type=int, nargs="*", help="all of each session unless given")
    parser.add_argument("--every", type=int, default=1, help="run only every K-th mutant")
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    chosen = [
        (session, exercise.number)
        for session in arguments.session
        for exercise in load_session(session).exercises
        if arguments.exercise is None or exercise.number in arguments.exercise
    ]
    total = killed = 0
    with ProcessPoolExecutor(arguments.workers, mp_context=get_context("spawn")) as pool:
        for session, number in chosen:
            judged, dead = report(session, number, arguments.every, pool)
            total, killed = total + judged, killed + dead
    print(f"{killed} of {total} mutants killed")
    return int(killed < total)


def report(session: str, number: int, every: int, pool) -> tuple[int, int]:
    """Print what became of one exercise's mutants; return how many were judged, and how many killed."""
    start, reasons = time.perf_counter(), explained(session).get(number, {})
    chosen, alive = run(session, number, every, pool)
    equivalent = [mutant for mutant in alive if mutant.diff in reasons]
    unknown = [mutant for mutant in alive if mutant not in equivalent]
    judged = len(chosen) - len(equivalent)
    print(
        f"{session} exercise {number:2}: {judged - len(unknown)} of {judged} killed, {len(equivalent)} equivalent "
        f"({time.perf_counter() - start:.0f} s)",
        flush=True,
    )
    for mutant in unknown:
        print(f"  survived ({mutant.kind}):\n    " + mutant.diff.replace("\n", "\n    "), flush=True)
    return judged, judged - len(unknown)


if __name__ == "__main__":
    sys.exit(main())
