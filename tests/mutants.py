"""Mutation testing of the checks: does a check notice every small change to the solution?

``python -m tests.mutants [--exercise N ...] [--every K]`` runs the check of each exercise on the mutants of its
solution (`tests.mutation`), prints the kill rate and each survivor that ``tests/equivalent_mutants.json`` does not
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


def survives(task: tuple[int, str]) -> bool:
    """Judge one mutant in a worker process."""
    from tests.harness_worker import judge_silently

    return judge_silently(*task)


def explained() -> dict[int, dict[str, str]]:
    """Return the reason for each survivor that computes the same, by exercise and diff."""
    return {int(number): reasons for number, reasons in json.loads(EQUIVALENT.read_text()).items()}


def run(number: int, every: int, pool) -> tuple[list, list]:
    """Return all mutants of an exercise that were run, and those that survived."""
    from tests.checks.harness import solution
    from tests.mutation import mutants

    chosen = list(mutants(solution(number)))[::every]
    alive = pool.map(survives, [(number, mutant.code) for mutant in chosen], chunksize=4)
    return chosen, [mutant for mutant, lives in zip(chosen, alive, strict=True) if lives]


def main() -> int:
    """Run the command line; return 1 if an unexplained mutant survived."""
    from tests.checks.harness import SESSION

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--exercise", type=int, nargs="*", default=[e.number for e in SESSION.exercises])
    parser.add_argument("--every", type=int, default=1, help="run only every K-th mutant")
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    reasons, total, killed, unexplained = explained(), 0, 0, 0
    with ProcessPoolExecutor(arguments.workers, mp_context=get_context("spawn")) as pool:
        for number in arguments.exercise:
            start = time.perf_counter()
            chosen, alive = run(number, arguments.every, pool)
            equivalent = [mutant for mutant in alive if mutant.diff in reasons.get(number, {})]
            unknown = [mutant for mutant in alive if mutant not in equivalent]
            judged = len(chosen) - len(equivalent)
            total, killed, unexplained = total + judged, killed + judged - len(unknown), unexplained + len(unknown)
            print(
                f"exercise {number:2}: {judged - len(unknown)} of {judged} killed, {len(equivalent)} equivalent "
                f"({time.perf_counter() - start:.0f} s)",
                flush=True,
            )
            for mutant in unknown:
                print(f"  survived ({mutant.kind}):\n    " + mutant.diff.replace("\n", "\n    "), flush=True)
    print(f"{killed} of {total} mutants killed")
    return int(unexplained > 0)


if __name__ == "__main__":
    sys.exit(main())
