"""Is every expectation of every check needed? Each has a witness: a wrong answer that is judged wrongly without it.

An expectation is a statement in ``utils/checks`` that fails an answer. ``tests/witnesses.json`` names for each one a
wrong answer of ``tests/checks/tables``; ``tests/checks/test_expectations.py`` deletes one expectation at a time and
demands that the test of its witness would turn red. ``python -m tests.expectations`` looks for the witnesses again,
writes the file and lists the expectations that have none.
"""

import argparse
import ast
import contextlib
import functools
import importlib
import inspect
import io
import json
import pkgutil
import sys
import types
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import utils.checks
from tests.checks.answers import Wrong
from tests.checks.harness import EXERCISES, answers_of, table_of
from utils.core.evaluation import evaluate
from utils.core.exercise import Criterion, load_session
from utils.core.expect import Mismatch
from utils.core.report import Outcome, Report

WITNESSES = Path(__file__).with_name("witnesses.json")
TRIES = 15


@dataclass(frozen=True)
class Expectation:
    """A statement that fails an answer.

    Attributes
    ----------
    module : str
    owner : str
        Name of the outermost function, or of the class and its method, that holds it.
    place : int
        Which expectation of its module it is.
    lines : range
    name : str
        Module, function and code: what the file of witnesses calls it.
    """

    module: str
    owner: str
    place: int
    lines: range
    name: str


@functools.cache
def expectations() -> tuple[Expectation, ...]:
    """List every expectation in ``utils/checks``, in order of module and line."""
    return tuple(each for module in _modules() for each in _expectations_of(module))


@contextlib.contextmanager
def without(expectation: Expectation) -> Iterator[None]:
    """Run a block with one expectation deleted from the checks."""
    module = sys.modules[expectation.module]
    tree = ast.parse(inspect.getsource(module))
    doomed = _statements(tree)[expectation.place]
    for node in ast.walk(tree):
        for block in (getattr(node, field, None) for field in ("body", "orelse", "finalbody")):
            if isinstance(block, list) and doomed in block:
                block[block.index(doomed)] = ast.copy_location(ast.Pass(), doomed)
    maimed = _code_of(compile(ast.fix_missing_locations(tree), module.__file__, "exec"), expectation.owner)
    function = _function(module, expectation.owner)
    whole, function.__code__ = function.__code__, maimed
    try:
        yield
    finally:
        function.__code__ = whole


def turns_red(session: str, number: int, label: str) -> bool:
    """Say whether the test of an answer in the tables would fail."""
    wrong, report = wrong_answers(session, number)[label], _report(session, number, label)
    results = {result.criterion.name: result for result in report.results}
    named = results[wrong.fails]
    if named.criterion.is_advice:
        return not (report.advice and wrong.says in named.message)
    as_told = report.first_failure is named and wrong.says in named.message
    return not as_told or any(results[name].outcome is not Outcome.FAILED for name in wrong.also)


@functools.cache
def wrong_answers(session: str, number: int) -> dict[str, Wrong]:
    """Return the tables of wrong answers to an exercise and of right ones that get advice."""
    table = table_of(session, number)
    return table.WRONG | getattr(table, "ADVISED", {})


def known_witnesses() -> dict[str, tuple[str, int, str]]:
    """Read the file of witnesses."""
    return {name: tuple(key) for name, key in json.loads(WITNESSES.read_text()).items()}


def find_witnesses() -> dict[str, tuple[str, int, str] | None]:
    """Find a witness for each expectation; None where no wrong answer serves. Known ones are tried first."""
    raised = {
        (*place, label): _lines_that_fail(*place, label) for place in EXERCISES for label in wrong_answers(*place)
    }
    known = known_witnesses()
    return {each.name: _witness(each, raised, known.get(each.name)) for each in expectations()}


def _witness(expectation, raised, known) -> tuple[str, int, str] | None:
    path = sys.modules[expectation.module].__file__
    seen = [key for key, frames in raised.items() if any(f == path and n in expectation.lines for f, n in frames)]
    named = {key: _named(wrong_answers(*key[:2])[key[2]]) for key in seen}
    seen.sort(key=lambda key: expectation.owner not in named[key])
    seen = [known, *seen] if known in raised else seen
    with without(expectation):
        return next((key for key in seen[:TRIES] if turns_red(*key)), None)


def _named(wrong: Wrong) -> tuple[str, ...]:
    return wrong.fails, *wrong.also


def _lines_that_fail(session, number, label) -> set[tuple[str, int]]:
    """Return the lines (file, number) that were being executed when a mismatch was raised."""
    frames, original = set(), Mismatch.__init__

    def noting(self, *arguments):
        original(self, *arguments)
        frame = sys._getframe(1)
        while frame is not None:
            frames.add((frame.f_code.co_filename, frame.f_lineno))
            frame = frame.f_back

    Mismatch.__init__ = noting
    try:
        _report(session, number, label)
    finally:
        Mismatch.__init__ = original
    return frames


def _report(session, number, label) -> Report:
    exercise = load_session(session).exercise(number)
    with contextlib.redirect_stdout(io.StringIO()):
        answers = answers_of(number, wrong_answers(session, number)[label].code, session=session)
    return Report(exercise, evaluate(exercise, answers))


def _modules() -> list[types.ModuleType]:
    names = sorted(each.name for each in pkgutil.walk_packages(utils.checks.__path__, "utils.checks."))
    return [importlib.import_module(name) for name in names]


def _expectations_of(module) -> Iterator[Expectation]:
    tree, counts = ast.parse(inspect.getsource(module)), {}
    owners = {id(node): owner for owner, function in _functions(tree) for node in ast.walk(function)}
    for place, statement in enumerate(_statements(tree)):
        owner = owners[id(statement)]
        name = f"{module.__name__.removeprefix('utils.checks.')}.{owner}: {ast.unparse(statement)}"
        counts[name] = counts.get(name, 0) + 1
        name += f" [{counts[name]}]" if counts[name] > 1 else ""
        lines = range(statement.lineno, statement.end_lineno + 1)
        yield Expectation(module.__name__, owner, place, lines, name)


def _functions(tree) -> Iterator[tuple[str, ast.AST]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from (
                (f"{node.name}.{inner.name}", inner) for inner in node.body if isinstance(inner, ast.FunctionDef)
            )


def _statements(tree) -> list[ast.stmt]:
    return [node for node in ast.walk(tree) if _expects(node)]


def _expects(node: ast.AST) -> bool:
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
        return getattr(node.exc.func, "id", "") == "Mismatch"
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        called = node.value.func
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        return name.lstrip("_").startswith("expect")
    return False


def _code_of(code: types.CodeType, owner: str) -> types.CodeType:
    for name in owner.split("."):
        code = next(each for each in code.co_consts if isinstance(each, types.CodeType) and each.co_name == name)
    return code


def _function(module, owner: str) -> types.FunctionType:
    found = module
    for name in owner.split("."):
        found = vars(found)[name]
    found = found.check if isinstance(found, Criterion) else found
    found = getattr(found, "__func__", found)
    return inspect.unwrap(found)


def main() -> int:
    """Write the file of witnesses; return 1 if an expectation has none."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0], epilog="Takes four minutes.").parse_args()
    found = find_witnesses()
    WITNESSES.write_text(json.dumps({name: key for name, key in found.items() if key}, indent=1) + "\n")
    missing = [name for name, key in found.items() if key is None]
    print(f"{len(found) - len(missing)} of {len(found)} expectations have a witness.")
    print("\n".join(f"  none: {name}" for name in missing))
    return int(bool(missing))


if __name__ == "__main__":
    sys.exit(main())
