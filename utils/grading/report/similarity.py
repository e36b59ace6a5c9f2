"""Pairs of students whose answers are nearly the same, where that is unusual.

What is compared is what a student wrote: comments, docstrings, layout and every line that the exercise gives are left
out, and every name that the student chose counts as the same, so that renaming a variable changes nothing. The rest is
a sequence of tokens; two are alike by the share of tokens they have in common in the same order (rapidfuzz's ratio).

Right answers resemble each other, and short ones are often the same. So answers count only if they have some length, and
each weighs as many bits as it is rare: one that a quarter of the class has weighs two. A pair is shown if it shares a rare
answer, or if its answers together weigh more than the best of that many pairs would by chance. Answers of one person are
no independent draws, so the sum orders the pairs and is no probability.
"""

import ast
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from rapidfuzz import fuzz, process

from utils.course.cells import python_of
from utils.grading.report.roster import Row

__all__ = ["ALIKE", "LEAST_TOKENS", "Match", "Pair", "find_pairs", "own_part"]

ALIKE = 90.0
"""Share of common tokens, in percent, from which two answers count as nearly the same."""
LEAST_TOKENS = 40
"""Tokens of the student's own below which likeness says nothing; a line of code has about ten."""
TOKEN = re.compile(r"""[^\W\d]\w*|\d[\w.]*|'[^']*'|"[^"]*"|\S""")
"""A name, a number, a text or a sign; the code was written anew by `ast.unparse`, so nothing else occurs."""
RARE = 0.02
"""Share of the class, or `FEW` students, up to which an answer is rare: two who share it are shown for that alone."""
FEW = 3
MARGIN = 6.0
"""Bits by which several shared answers have to be more surprising than the number of pairs in the class makes likely."""
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
    bits : float
        How rare such an answer is in the class.
    """

    number: int
    likeness: float
    tokens: int
    sharing: int
    to_the_letter: bool
    bits: float


@dataclass(frozen=True)
class Pair:
    """Two students with answers that are nearly the same.

    Attributes
    ----------
    first, second : Row
    matches : tuple of Match
        In order of exercise.
    weight : float
        How rare their common answers are, in bits; orders the pairs, means nothing more.
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
    for number in sorted({number for row in rows for number in row.answers}):
        answers = [row.answers.get(number, "") for row in rows]
        for first, second, match in _matches(number, answers, stubs.get(number, "")):
            found.setdefault((first, second), []).append(match)
    needed = math.log2(max(len(rows) * (len(rows) - 1) / 2, 1)) + MARGIN
    few = max(FEW, RARE * len(rows))
    pairs = [
        Pair(rows[first], rows[second], tuple(matches), sum(match.bits for match in matches))
        for (first, second), matches in found.items()
        if min(match.sharing for match in matches) <= few or sum(match.bits for match in matches) >= needed
    ]
    return sorted(pairs, key=lambda pair: (-pair.weight, pair.first.student, pair.second.student))[:MOST_PAIRS]


def _matches(number: int, answers: Sequence[str], stub: str) -> Iterator[tuple[int, int, Match]]:
    """Yield what is alike in one exercise; an answer that half of the class has says nothing."""
    parts = [own_part(answer, stub) for answer in answers]
    long_enough = [place for place, part in enumerate(parts) if len(part) >= LEAST_TOKENS]
    if len(long_enough) < 2:
        return
    texts = _as_characters([parts[place] for place in long_enough])
    alike = process.cdist(texts, texts, scorer=fuzz.ratio, score_cutoff=ALIKE, dtype=np.float32)
    sharing = (alike >= ALIKE).sum(axis=1)
    letters = Counter(_squeezed(answers[place]) for place in long_enough)
    for one, two in np.argwhere(np.triu(alike >= ALIKE, k=1)).tolist():
        first, second = long_enough[one], long_enough[two]
        count = int(max(sharing[one], sharing[two]))
        same_text = _squeezed(answers[first]) == _squeezed(answers[second])
        rarity = len(answers) / min(count, letters[_squeezed(answers[first])] if same_text else count)
        if rarity >= 2:
            tokens = min(len(parts[first]), len(parts[second]))
            yield first, second, Match(number, float(alike[one, two]), tokens, count, same_text, math.log2(rarity))


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
    given = Counter(_normalised(stub)[0])
    lines, chosen = _normalised(answer)
    own = []
    for line in lines:
        if given[line]:
            given[line] -= 1
        else:
            own.append(line)
    return tuple("name" if text in chosen else text for line in own for text in TOKEN.findall(line))


@lru_cache(maxsize=256)  # an exercise's stub is asked for once for each student
def _normalised(code: str) -> tuple[list[str], set[str]]:
    """Return code in one form, without comments, docstrings and indentation, and the names that its author chose.

    What is no Python stays as it is, and its names, too.
    """
    names: set[str] = set()
    try:
        tree = ast.parse(python_of(code))
        for node in ast.walk(tree):
            names |= _chosen(node)
            body = getattr(node, "body", None)
            if isinstance(body, list) and body and _is_docstring(body[0]):
                body[0] = ast.Pass()
        lines = ast.unparse(tree).split("\n")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        lines = [line.split("#")[0] for line in code.split("\n")]
    return [line.strip() for line in lines if line.strip() not in ("", "pass")], names


def _chosen(node: ast.AST) -> set[str]:
    """Return the name that a node gives: to a variable, a parameter, an attribute, a function or a class."""
    if isinstance(node, ast.Name):
        return {node.id} if isinstance(node.ctx, ast.Store) else set()
    if isinstance(node, ast.Attribute):
        return {node.attr} if isinstance(node.ctx, ast.Store) else set()
    if isinstance(node, ast.arg):
        return {node.arg}
    return {node.name} if isinstance(node, ast.FunctionDef | ast.ClassDef) else set()


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _as_characters(parts: Sequence[tuple[str, ...]]) -> list[str]:
    """Write each token as one character, the same for the same token, because rapidfuzz compares texts fastest."""
    letters: dict[str, str] = {}
    return ["".join(letters.setdefault(token, chr(0x10000 + len(letters))) for token in part) for part in parts]


def _squeezed(text: str) -> str:
    return "".join(text.split())
