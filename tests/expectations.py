"""Is every single expectation of every check needed?

``python -m tests.expectations [--session S ...] [--exercise N ...]`` deletes one statement that expects something
from an exercise's checks at a time, runs the table of wrong answers against what is left, and reports each deletion
that nothing notices: neither a verdict, nor the criterion that fails first, nor the sentence that the student reads
has changed.
"""

import argparse
import ast
import contextlib
import importlib
import inspect
import io
import sys
import types

from tests.checks.harness import answers_of
from utils.core.evaluation import evaluate
from utils.core.exercise import SESSIONS, Exercise, load_session
from utils.core.report import Report


def expectations(tree: ast.Module) -> list[ast.stmt]:
    """List the statements that fail an answer: calls of ``expect...`` and ``raise Mismatch``."""
    return [node for node in ast.walk(tree) if _expects(node)]


def without(module: types.ModuleType, number: int) -> Exercise:
    """Return the module's exercise as it is with one expectation deleted."""
    tree = ast.parse(inspect.getsource(module))
    doomed = expectations(tree)[number]
    for node in ast.walk(tree):
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list) and doomed in block:
                block[block.index(doomed)] = ast.copy_location(ast.Pass(), doomed)
    maimed = types.ModuleType(module.__name__ + "_maimed")
    sys.modules[maimed.__name__] = maimed  # dataclasses look their module up
    exec(compile(ast.fix_missing_locations(tree), module.__file__, "exec"), maimed.__dict__)
    return maimed.EXERCISE


def verdicts(exercise: Exercise, answers: list[dict]) -> list[tuple]:
    """Judge each answer; a verdict is what fails first and what is said about it."""
    found = []
    for each in answers:
        failure = Report(exercise, evaluate(exercise, each)).first_failure
        found.append((failure.criterion.name, failure.message) if failure else ("passed", ""))
    return found


def unnoticed(session: str, number: int) -> list[str]:
    """Return the expectations of an exercise whose deletion no wrong answer notices, as ``line: code``."""
    exercise = load_session(session).exercise(number)
    module = inspect.getmodule(exercise.criteria[0].check)
    table = importlib.import_module(f"tests.checks.tables.{session.lower()}.ex{number:02d}")
    answers = [found for found in map(_defined(session, number), table.WRONG.values()) if found is not None]
    before, survivors = verdicts(exercise, answers), []
    statements = expectations(ast.parse(inspect.getsource(module)))
    for place, statement in enumerate(statements):
        maimed = without(module, place)
        if not any(verdicts(maimed, [each]) != [old] for each, old in zip(answers, before, strict=True)):
            survivors.append(f"{statement.lineno}: {ast.unparse(statement)[:140]}")
    print(
        f"{session} exercise {number:2}: {len(statements) - len(survivors)} of {len(statements)} expectations are needed",
        flush=True,
    )
    return survivors


def _defined(session: str, number: int):
    def run(wrong):
        with contextlib.redirect_stdout(io.StringIO()):
            return answers_of(number, wrong.code, session=session)

    return run


def _expects(node: ast.AST) -> bool:
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
        return getattr(node.exc.func, "id", "") == "Mismatch"
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        return getattr(node.value.func, "id", "").lstrip("_").startswith("expect")
    return False


def main() -> int:
    """Run the command line; return 1 if a deletion went unnoticed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--session", nargs="*", default=SESSIONS)
    parser.add_argument("--exercise", type=int, nargs="*", help="all of each session unless given")
    arguments = parser.parse_args()
    found = {
        (session, exercise.number): unnoticed(session, exercise.number)
        for session in arguments.session
        for exercise in load_session(session).exercises
        if arguments.exercise is None or exercise.number in arguments.exercise
    }
    for (session, number), survivors in found.items():
        for survivor in survivors:
            print(f"  {session} exercise {number}, line {survivor}")
    return int(any(found.values()))


if __name__ == "__main__":
    sys.exit(main())
