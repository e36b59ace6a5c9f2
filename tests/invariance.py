"""Does a rewrite that changes nothing change a verdict?

``python -m tests.invariance [--session S ...] [--exercise N ...]`` puts every right answer of the tables through every rewrite of
`tests.rewrites`, and every wrong one, and reports the verdicts that change.
"""

import argparse
import ast
import sys
import textwrap

from tests.checks.harness import EXERCISES, judge, solution, state_after, table_of
from tests.rewrites import REWRITES, rewrite
from utils.core.exercise import SESSIONS, load_session


def right_answers(session: str, number: int) -> list[str]:
    """Return the solution and the right answers of the tables."""
    return [solution(number, session), *_codes(table_of(session, number).RIGHT.values())]


def wrong_answers(session: str, number: int) -> list[str]:
    """Return the wrong answers of the tables."""
    return _codes(wrong.code for wrong in table_of(session, number).WRONG.values())


def changed_verdicts(session: str, number: int, tasks: list[tuple[str, list[str]]], *, right: bool) -> list[str]:
    """Describe each rewritten answer whose verdict is not what it should be.

    Parameters
    ----------
    session : str
    number : int
    tasks : list of (code, names of rewrites)
    right : bool
        What the verdict should be.
    """
    changed, wanted = [], load_session(session).exercise(number).answers
    for code, names in tasks:
        for name in names:
            variant = rewrite(name, code, state_after(number, session), wanted)
            why = None if variant is None else _is_wrong(session, number, variant)
            if why is not None and bool(why) is right:
                changed.append(f"{name}: {why or 'accepted'}\n{variant}")
    return changed


def _is_wrong(session, number, code) -> str:
    """Say why an answer does not earn full marks; nothing if it does."""
    try:
        score = judge(number, code, session=session)
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


def main() -> int:
    """Run the command line; return 1 if a verdict changed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--session", nargs="*", default=SESSIONS)
    parser.add_argument("--exercise", type=int, nargs="*", help="all of each session unless given")
    arguments, every, found = parser.parse_args(), list(REWRITES), []
    for session, number in EXERCISES:
        if session not in arguments.session or number not in (arguments.exercise or [number]):
            continue
        right, wrong = right_answers(session, number), wrong_answers(session, number)
        changed = changed_verdicts(session, number, [(code, every) for code in right], right=True)
        changed += changed_verdicts(session, number, [(code, every) for code in wrong], right=False)
        print(f"{session} exercise {number:2}: {len(changed)} verdicts changed", flush=True)
        print("\n".join(changed), flush=True)
        found += changed
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
