"""Does a rewrite that changes nothing change a verdict?

``python -m tests.invariance [--exercise N ...]`` puts every right answer of the tables through every rewrite of
`tests.rewrites`, and every wrong one, and reports the verdicts that change.
"""

import argparse
import ast
import importlib
import sys
import textwrap

from tests.checks.harness import SESSION, judge, solution, state_after
from tests.rewrites import REWRITES, rewrite


def right_answers(number: int) -> list[str]:
    """Return the solution and the right answers of the tables."""
    return [solution(number), *_codes(_table(number).RIGHT.values())]


def wrong_answers(number: int) -> list[str]:
    """Return the wrong answers of the tables."""
    return _codes(wrong.code for wrong in _table(number).WRONG.values())


def changed_verdicts(number: int, tasks: list[tuple[str, list[str]]], *, right: bool) -> list[str]:
    """Describe each rewritten answer whose verdict is not what it should be.

    Parameters
    ----------
    number : int
    tasks : list of (code, names of rewrites)
    right : bool
        What the verdict should be.
    """
    changed = []
    for code, names in tasks:
        for name in names:
            variant = rewrite(name, code, state_after(number), SESSION.exercise(number).answers)
            why = None if variant is None else _is_wrong(number, variant)
            if why is not None and bool(why) is right:
                changed.append(f"{name}: {why or 'accepted'}\n{variant}")
    return changed


def _is_wrong(number, code) -> str:
    """Say why an answer does not earn full marks; nothing if it does."""
    try:
        score = judge(number, code)
    except Exception as error:  # noqa: BLE001 - an answer may raise in its own cell
        return f"the cell raised {type(error).__name__}: {error}"
    return "" if score.passed else str(score)


def _codes(codes) -> list[str]:
    """Leave out what is no Python: a student's syntax error cannot be rewritten."""
    found = []
    for code in map(textwrap.dedent, codes):
        try:
            ast.parse(code)
        except SyntaxError:
            continue
        found.append(code)
    return found


def _table(number):
    return importlib.import_module(f"tests.checks.tables.ex{number:02d}")


def main() -> int:
    """Run the command line; return 1 if a verdict changed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--exercise", type=int, nargs="*", default=[e.number for e in SESSION.exercises])
    found = []
    for number in parser.parse_args().exercise:
        every = list(REWRITES)
        changed = changed_verdicts(number, [(code, every) for code in right_answers(number)], right=True)
        changed += changed_verdicts(number, [(code, every) for code in wrong_answers(number)], right=False)
        print(f"exercise {number:2}: {len(changed)} verdicts changed", flush=True)
        print("\n".join(changed), flush=True)
        found += changed
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
