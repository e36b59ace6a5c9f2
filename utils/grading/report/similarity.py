"""Pairs of students whose answers are nearly the same, where that is unusual.

What is compared is what a student wrote: comments, docstrings, layout and every line that the exercise gives are left
out, and every name that the student chose counts as the same, so that renaming a variable changes nothing. The rest is
a sequence of tokens; two are alike by the share of tokens they have in common in the same order (rapidfuzz's ratio).

Right answers resemble each other, and short ones are often the same. So a pair counts only where the answers have some
length and few others in the class have such an answer.
"""

import ast
import io
import math
import tokenize
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process

from utils.course.check_cells import python_of
from utils.grading.report.roster import Row

__all__ = ["ALIKE", "LEAST_TOKENS", "Match", "Pair", "find_pairs", "own_part"]

ALIKE = 90.0
"""Share of common tokens, in percent, from which two answers count as nearly the same."""
LEAST_TOKENS = 40
"""Tokens of the student's own below which likeness says nothing; a line of code has about ten."""
USUAL = 0.1
"""Share of the class from which an answer counts as the usual one."""
MOST_PAIRS = 25
"""How many pairs are shown, the most unusual first."""


@dataclass(frozen=True)
class Match:
    """One exercise in which two answers are nearly the same.

    Attributes
    ----------
    number : int
        The exercise's.
    likeness : float
        Share of common tokens in percent.
    tokens : int
        Length of the shorter one, without what the exercise gives.
    sharing : int
        How many of the class have such an answer, these two included.
    to_the_letter : bool
        Whether even comments and names are the same.
    """

    number: int
    likeness: float
    tokens: int
    sharing: int
    to_the_letter: bool


@dataclass(frozen=True)
class Pair:
    """Two students with answers that are nearly the same.

    Attributes
    ----------
    first, second : Row
    matches : tuple of Match
        In order of exercise.
    weight : float
        Tokens in common, each weighted by how unusual the answer is (in bits); orders the pairs, means nothing more.
    """

    first: Row
    second: Row
    matches: tuple[Match, ...]
    weight: float


def find_pairs(rows: Sequence[Row], stubs: Mapping[int, str]) -> list[Pair]:
    """Find pairs of students whose answers are nearly the same where few others' are.

    Parameters
    ----------
    rows : sequence of Row
    stubs : mapping of int to str
        What each exercise gives. An answer to an exercise without a stub is compared as a whole.

    Returns
    -------
    list of Pair
        The most unusual first.
    """
    found: dict[tuple[int, int], list[Match]] = {}
    numbers = sorted({number for row in rows for number in row.answers})
    for number in numbers:
        answers = [row.answers.get(number, "") for row in rows]
        for first, second, match in _matches(number, answers, stubs.get(number, "")):
            found.setdefault((first, second), []).append(match)
    pairs = [Pair(rows[a], rows[b], tuple(matches), _weight(matches, len(rows))) for (a, b), matches in found.items()]
    return sorted(pairs, key=lambda pair: (-pair.weight, pair.first.student, pair.second.student))[:MOST_PAIRS]


def _matches(number: int, answers: Sequence[str], stub: str) -> Iterator[tuple[int, int, Match]]:
    parts = [own_part(answer, stub) for answer in answers]
    long_enough = [place for place, part in enumerate(parts) if len(part) >= LEAST_TOKENS]
    if len(long_enough) < 2:
        return
    texts = _as_characters([parts[place] for place in long_enough])
    likeness = process.cdist(texts, texts, scorer=fuzz.ratio, score_cutoff=ALIKE, dtype=np.float32)
    sharing = (likeness >= ALIKE).sum(axis=1)
    usual = max(3, USUAL * len(answers))
    for one, two in np.argwhere(np.triu(likeness >= ALIKE, k=1)).tolist():
        count = int(max(sharing[one], sharing[two]))
        if count <= usual:
            first, second = long_enough[one], long_enough[two]
            tokens = min(len(parts[first]), len(parts[second]))
            same_text = _squeezed(answers[first]) == _squeezed(answers[second])
            yield first, second, Match(number, float(likeness[one, two]), tokens, count, same_text)


def _weight(matches: Sequence[Match], class_size: int) -> float:
    return sum(match.tokens * max(math.log2(class_size / match.sharing), 0.5) for match in matches)


def own_part(answer: str, stub: str) -> tuple[str, ...]:
    r"""Return the tokens of what a student wrote, the names that the student chose all made one.

    Parameters
    ----------
    answer : str
    stub : str
        What the exercise gives; its lines are left out.

    Examples
    --------
    >>> own_part("def f(x):\n    total = abs(x) + 1  # one more\n    return total", "def f(x):\n    raise NotImplementedError()")
    ('name', '=', 'abs', '(', 'name', ')', '+', '1', 'return', 'name')
    """
    given = Counter(_lines(stub))
    own = []
    for line in _lines(answer):
        if given[line]:
            given[line] -= 1
        else:
            own.append(line)
    chosen = _chosen_names(answer)
    return tuple("name" if text in chosen else text for line in own for text in _words(line))


def _lines(code: str) -> list[str]:
    """Return code in one form, without comments, docstrings and indentation; what is no Python stays as it is."""
    try:
        tree = ast.parse(python_of(code))
        for node in ast.walk(tree):
            body = getattr(node, "body", None)
            if isinstance(body, list) and body and _is_docstring(body[0]):
                body[0] = ast.Pass()
        lines = ast.unparse(tree).split("\n")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        lines = [line.split("#")[0] for line in code.split("\n")]
    return [line.strip() for line in lines if line.strip() not in ("", "pass")]


def _chosen_names(code: str) -> set[str]:
    """Return the names that the code's author chose: of variables, parameters, attributes, functions and classes."""
    try:
        nodes = list(ast.walk(ast.parse(python_of(code))))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    names = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    names |= {node.attr for node in nodes if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)}
    names |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    return names | {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _words(line: str) -> Iterator[str]:
    try:
        for token in tokenize.generate_tokens(io.StringIO(line).readline):
            if token.string.strip():
                yield token.string
    except (tokenize.TokenError, SyntaxError):
        return  # a line of something longer; what came before it counts


def _as_characters(parts: Sequence[tuple[str, ...]]) -> list[str]:
    """Write each token as one character, the same for the same token, because rapidfuzz compares texts fastest."""
    letters: dict[str, str] = {}
    return ["".join(letters.setdefault(token, chr(0x10000 + len(letters))) for token in part) for part in parts]


def _squeezed(text: str) -> str:
    return "".join(text.split())
