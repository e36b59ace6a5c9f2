"""Are verdicts a matter of luck? Grading draws other numbers than the class, and other ones for each submission.

``python -m tests.seeds [--session S ...] [--exercise N ...] [--seeds K] [--right]`` judges every right and wrong answer there is, those
of the tables and of the readers, with K seeds that nobody has tried, and prints each verdict that does not hold for all.
"""

import argparse
import importlib
import random
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context, set_start_method
from pathlib import Path

FRESH = Path(__file__).parent / "checks" / "fresh"


def answers(session: str, number: int) -> Iterator[tuple[str, str | None, bool]]:
    """Yield name, code and label of each answer to an exercise; None is the solution's."""
    from tests.checks.harness import table_of

    table = table_of(session, number)
    yield "solution", None, True
    yield from ((name, code, True) for name, code in table.RIGHT.items())
    yield from ((name, wrong.code, False) for name, wrong in table.WRONG.items())
    for path in sorted(FRESH.glob(f"{session.lower()}*/ex{number:02}.py")):
        yield from importlib.import_module(f"tests.checks.fresh.{path.parent.name}.{path.stem}").ANSWERS


def unlucky(task: tuple[str, int, str | None, bool, tuple[int, ...]]) -> list[tuple[int, str]]:
    """Return the seeds with which an answer does not get its verdict, and what was said."""
    import contextlib
    import io
    import warnings

    import tests.harness_worker  # noqa: F401 - sets the environment in which checks are quick and offline
    from tests.checks.harness import answers_of
    from utils.core.evaluation import evaluate
    from utils.core.exercise import load_session
    from utils.core.report import Report

    session, number, code, right, seeds = task
    exercise = load_session(session).exercise(number)
    found = []
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for seed in seeds:
            report = Report(exercise, evaluate(exercise, answers_of(number, code, session=session), seed))
            passed = report.points == exercise.points
            if passed is not right:
                found.append((seed, str(report.first_failure.message if report.first_failure else "passed")))
    return found


def _fork_from_here() -> None:
    """Let answers whose loaders start workers do so as in a notebook."""
    set_start_method("fork", force=True)


def main() -> int:
    """Run the command line; return 1 if a verdict depends on the seed."""
    from utils.core.exercise import SESSIONS, load_session

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--session", nargs="*", default=SESSIONS)
    parser.add_argument("--exercise", type=int, nargs="*", help="all of each session unless given")
    parser.add_argument("--seeds", type=int, default=3, help="how many to try")
    parser.add_argument("--right", action="store_true", help="only right answers: is one ever refused?")
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    draw = random.SystemRandom()
    total = wrong = 0
    with ProcessPoolExecutor(arguments.workers, mp_context=get_context("spawn"), initializer=_fork_from_here) as pool:
        for session in arguments.session:
            for number in (exercise.number for exercise in load_session(session).exercises):
                if arguments.exercise is not None and number not in arguments.exercise:
                    continue
                chosen = [each for each in answers(session, number) if each[2] or not arguments.right]
                seeds = tuple(draw.randrange(1, 2**31) for _ in range(arguments.seeds))
                tasks = [(session, number, code, right, seeds) for _, code, right in chosen]
                for (name, _, right), found in zip(chosen, pool.map(unlucky, tasks, chunksize=4), strict=True):
                    total, wrong = total + len(seeds), wrong + len(found)
                    for seed, said in found:
                        print(
                            f"{session} exercise {number}, {'right' if right else 'wrong'} {name!r}, seed {seed}: {said}"
                        )
                print(f"{session} exercise {number}: {len(chosen)} answers, {len(seeds)} seeds", flush=True)
    print(f"{wrong} of {total} verdicts depend on luck")
    return int(wrong > 0)


if __name__ == "__main__":
    raise SystemExit(main())
