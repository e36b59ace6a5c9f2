"""Exercise 8: answers from the exercise text alone."""

from tests.checks.fresh import edit

BASE = """
def choose_strategy(images, similarity):
    if similarity not in ("similar", "different"):
        raise ValueError(f"similarity should be 'similar' or 'different', not {similarity!r}")
    if images < 1:
        raise ValueError("at least one image is needed")
    if images < 1000:
        return "frozen" if similarity == "similar" else "partial"
    if images <= 50_000:
        return "partial" if similarity == "similar" else "full"
    if images <= 500_000:
        return "full"
    return "full" if similarity == "similar" else "scratch"
"""

REFUSE_TEXT = BASE[BASE.index("    if similarity not") : BASE.index("    if images < 1:")]
REFUSE_NUMBER = '    if images < 1:\n        raise ValueError("at least one image is needed")\n'

TABLE = """
TABLE = {
    "similar": ("frozen", "partial", "full", "full"),
    "different": ("partial", "full", "full", "scratch"),
}


def choose_strategy(images, similarity):
    if similarity not in TABLE or images < 1:
        raise ValueError((images, similarity))
    row = (images >= 1000) + (images > 50000) + (images > 500000)
    return TABLE[similarity][row]
"""

ANSWERS = [
    ("chain-of-ifs", BASE, True),
    ("table-and-sum", TABLE, True),
    (
        "match-with-guards",
        """
def choose_strategy(images: int, similarity: str) -> str:
    \"\"\"Return the strategy of the table.\"\"\"
    match images, similarity:
        case n, ("similar" | "different") if n < 1:
            raise ValueError("no images")
        case n, "similar" if n < 1000:
            return "frozen"
        case n, "similar" if n <= 50_000:
            return "partial"
        case _, "similar":
            return "full"
        case n, "different" if n < 1000:
            return "partial"
        case n, "different" if n <= 500_000:
            return "full"
        case _, "different":
            return "scratch"
        case _:
            raise ValueError(similarity)
""",
        True,
    ),
    (
        "bisect",
        """
from bisect import bisect_right


def choose_strategy(images, similarity):
    rows = {"similar": ["frozen", "partial", "full", "full"], "different": ["partial", "full", "full", "scratch"]}
    try:
        row = rows[similarity]
    except KeyError as error:
        raise ValueError(f"unknown similarity {similarity}") from error
    if images <= 0:
        raise ValueError("images must be positive")
    return row[bisect_right([1_000, 50_001, 500_001], images)]
""",
        True,
    ),
    (
        "ranges",
        """
def choose_strategy(images, similarity):
    if images in range(1, 1000):
        choice = {"similar": "frozen", "different": "partial"}
    elif images in range(1000, 50001):
        choice = {"similar": "partial", "different": "full"}
    elif images in range(50001, 500001):
        choice = dict.fromkeys(["similar", "different"], "full")
    elif images > 500000:
        choice = {"similar": "full", "different": "scratch"}
    else:
        raise ValueError("images must be at least 1")
    if similarity in choice:
        return choice[similarity]
    raise ValueError("similarity must be similar or different")
""",
        True,
    ),
    (
        "numpy-searchsorted",
        """
STRATEGIES = np.array([["frozen", "partial", "full", "full"], ["partial", "full", "full", "scratch"]])


def choose_strategy(images, similarity):
    if images < 1:
        raise ValueError("images")
    row = ["similar", "different"].index(similarity)
    column = int(np.searchsorted([999, 50_000, 500_000], images))
    return str(STRATEGIES[row, column])
""",
        True,
    ),
    (
        "next-over-limits",
        """
LIMITS = (
    (999, "frozen", "partial"),
    (50_000, "partial", "full"),
    (500_000, "full", "full"),
    (float("inf"), "full", "scratch"),
)


def choose_strategy(images, similarity):
    if similarity not in {"similar", "different"}:
        raise ValueError("similarity")
    if not images >= 1:
        raise ValueError("images")
    _, near, far = next(row for row in LIMITS if images <= row[0])
    return near if similarity == "similar" else far
""",
        True,
    ),
    (
        "enumeration",
        """
from enum import Enum


class Similarity(Enum):
    NEAR = "similar"
    FAR = "different"


def choose_strategy(images, similarity):
    kind = Similarity(similarity)
    if images < 1:
        raise ValueError("at least one image")
    steps = ["frozen", "partial", "full"]
    depth = 0 if images < 1000 else 1 if images <= 50_000 else 2
    if kind is Similarity.FAR:
        if images > 500_000:
            return "scratch"
        depth = min(depth + 1, 2)
    return steps[depth]
""",
        True,
    ),
    (
        "nested-by-similarity",
        """
def _similar(n):
    return "frozen" if n < 1000 else "partial" if n <= 50000 else "full"


def _different(n):
    return "partial" if n < 1000 else "full" if n <= 500000 else "scratch"


def choose_strategy(images, similarity):
    if images < 1: raise ValueError("images < 1")
    if similarity == "similar":
        return _similar(images)
    elif similarity == "different":
        return _different(images)
    else:
        raise ValueError("similarity")
""",
        True,
    ),
    (
        "one-variable-one-return",
        """
def choose_strategy(images, similarity, *, small=1e3, medium=5e4, large=5e5):
    problems = []
    if images < 1:
        problems.append("too few images")
    if similarity != "similar" and similarity != "different":
        problems.append("unknown similarity")
    if problems:
        raise ValueError(", ".join(problems))
    result = "full"
    if similarity == "similar":
        if images < small:
            result = "frozen"
        elif small <= images <= medium:
            result = "partial"
    else:
        if images < small:
            result = "partial"
        elif images > large:
            result = "scratch"
    return result
""",
        True,
    ),
    (
        "own-error-class-and-cache",
        """
from functools import lru_cache


class StrategyError(ValueError):
    \"\"\"No row of the table fits.\"\"\"


@lru_cache(maxsize=None)
def choose_strategy(images, similarity):
    if similarity not in ("similar", "different"):
        raise StrategyError(similarity)
    if images < 1:
        raise StrategyError(images)
    similar = similarity == "similar"
    return (
        ("partial", "frozen")[similar] if images < 1000
        else ("full", "partial")[similar] if images <= 50000
        else "full" if images <= 500000 or similar
        else "scratch"
    )
""",
        True,
    ),
    ("999-is-partial", edit(BASE, ("images < 1000", "images < 999")), False),
    ("thousand-is-frozen", edit(BASE, ("images < 1000", "images <= 1000")), False),
    ("fifty-thousand-is-full", edit(BASE, ("<= 50_000", "< 50_000")), False),
    ("fifty-thousand-and-one-is-partial", edit(BASE, ("<= 50_000", "<= 50_001")), False),
    ("half-a-million-is-scratch", edit(BASE, ("<= 500_000", "< 500_000")), False),
    ("half-a-million-and-one-is-full", edit(BASE, ("<= 500_000", "<= 500_001")), False),
    ("limit-100", edit(BASE, ("images < 1000", "images < 100")), False),
    ("limit-five-thousand", edit(BASE, ("<= 50_000", "<= 5_000")), False),
    ("limit-five-million", edit(BASE, ("<= 500_000", "<= 5_000_000")), False),
    ("whole-thousands", edit(BASE, ("images <= 50_000", "images // 1000 <= 50")), False),
    ("rounded-thousands", edit(BASE, ("images <= 500_000", "round(images / 1000) <= 500")), False),
    (
        "powers-of-ten",
        edit(
            BASE,
            ("images < 1000", "len(str(images)) < 4"),
            ("images <= 50_000", "len(str(images)) < 6"),
            ("images <= 500_000", "len(str(images)) < 7"),
        ),
        False,
    ),
    ("columns-swapped", edit(BASE, ('similarity == "similar"', 'similarity == "different"')), False),
    (
        "small-columns-swapped",
        edit(
            BASE,
            (
                '"frozen" if similarity == "similar" else "partial"',
                '"partial" if similarity == "similar" else "frozen"',
            ),
        ),
        False,
    ),
    ("similarity-ignored", edit(TABLE, ("TABLE[similarity][row]", 'TABLE["similar"][row]')), False),
    (
        "scratch-for-everybody",
        edit(BASE, ('    return "full" if similarity == "similar" else "scratch"', '    return "scratch"')),
        False,
    ),
    (
        "never-scratch",
        edit(BASE, ('    return "full" if similarity == "similar" else "scratch"', '    return "full"')),
        False,
    ),
    (
        "large-and-similar-is-partial",
        edit(
            BASE,
            (
                '    if images <= 500_000:\n        return "full"\n',
                '    if images <= 500_000:\n        return "partial" if similarity == "similar" else "full"\n',
            ),
        ),
        False,
    ),
    (
        "different-shifted-by-one",
        edit(
            TABLE,
            (
                '"different": ("partial", "full", "full", "scratch")',
                '"different": ("partial", "partial", "full", "scratch")',
            ),
        ),
        False,
    ),
    ("similarity-never-refused", edit(BASE, (REFUSE_TEXT, "")), False),
    ("number-never-refused", edit(BASE, (REFUSE_NUMBER, "")), False),
    ("zero-accepted", edit(BASE, ("images < 1:", "images < 0:")), False),
    ("only-zero-refused", edit(BASE, ("images < 1:", "images == 0:")), False),
    ("only-false-numbers-refused", edit(BASE, ("images < 1:", "not images:")), False),
    ("one-refused", edit(BASE, ("images < 1:", "images <= 1:")), False),
    ("one-hundred-refused", edit(BASE, ("images < 1:", "images < 10:")), False),
    (
        "upper-case-accepted",
        edit(BASE, ("    if similarity not", "    similarity = similarity.lower()\n    if similarity not")),
        False,
    ),
    (
        "blanks-accepted",
        edit(BASE, ("    if similarity not", "    similarity = similarity.strip()\n    if similarity not")),
        False,
    ),
    (
        "beginning-is-enough",
        edit(
            BASE,
            (
                REFUSE_TEXT,
                "    if not similarity.startswith(('similar', 'different')):\n        raise ValueError(similarity)\n",
            ),
        ),
        False,
    ),
    (
        "first-letter-is-enough",
        edit(
            BASE,
            (REFUSE_TEXT, "    if similarity[:1] not in ('s', 'd'):\n        raise ValueError(similarity)\n"),
            ('similarity == "similar"', 'similarity.startswith("s")'),
        ),
        False,
    ),
    (
        "part-of-the-word-is-enough",
        edit(
            BASE,
            (
                REFUSE_TEXT,
                "    if not (similarity in 'similar' or similarity in 'different'):\n        raise ValueError(similarity)\n",
            ),
        ),
        False,
    ),
    ("text-instead-of-a-list", edit(BASE, ('not in ("similar", "different")', 'not in "similar or different"')), False),
    (
        "everything-else-is-different",
        edit(BASE, (REFUSE_TEXT, "    if similarity is None:\n        raise ValueError(similarity)\n")),
        False,
    ),
    (
        "refuses-only-for-few-images",
        edit(
            BASE,
            (REFUSE_TEXT, ""),
            (
                "    if images < 1000:\n",
                "    if images < 1000:\n        if similarity not in ('similar', 'different'):\n"
                "            raise ValueError(similarity)\n",
            ),
        ),
        False,
    ),
    (
        "refuses-not-for-medium-size",
        edit(
            BASE,
            (REFUSE_TEXT, ""),
            (
                '    if images <= 500_000:\n        return "full"\n',
                '    if images <= 500_000:\n        return "full"\n' + REFUSE_TEXT,
            ),
            (
                "    if images < 1000:\n",
                "    if images <= 50_000 and similarity not in ('similar', 'different'):\n"
                "        raise ValueError(similarity)\n    if images < 1000:\n",
            ),
        ),
        False,
    ),
    ("key-error", edit(TABLE, ("similarity not in TABLE or ", "")), False),
    (
        "assertions",
        edit(
            BASE,
            (REFUSE_TEXT, "    assert similarity in ('similar', 'different')\n"),
            (REFUSE_NUMBER, "    assert images >= 1\n"),
        ),
        False,
    ),
    ("type-error-for-text", edit(BASE, ("raise ValueError(f", "raise TypeError(f")), False),
    ("errors-returned", edit(BASE, ("raise ValueError", "return ValueError")), False),
    (
        "returns-none-for-the-unknown",
        edit(
            BASE,
            (
                "        raise ValueError(f\"similarity should be 'similar' or 'different', not {similarity!r}\")",
                "        return None",
            ),
        ),
        False,
    ),
    ("clamped-number", edit(BASE, (REFUSE_NUMBER, "    images = max(images, 1)\n")), False),
    (
        "capital-letters",
        edit(
            BASE, ('"frozen"', '"Frozen"'), ('"partial"', '"Partial"'), ('"full"', '"Full"'), ('"scratch"', '"Scratch"')
        ),
        False,
    ),
    ("long-names", edit(BASE, ('"scratch"', '"from scratch"')), False),
    ("partly", edit(BASE, ('"partial"', '"partly"')), False),
    (
        "numbers-of-the-strategies",
        edit(BASE, ('"frozen"', "1"), ('"partial"', "2"), ('"full"', "3"), ('"scratch"', "4")),
        False,
    ),
    (
        "prints",
        edit(
            BASE,
            ("return ", "print("),
            ('similarity == "similar" else "partial"', 'similarity == "similar" else "partial")'),
            ('similarity == "similar" else "full"', 'similarity == "similar" else "full")'),
            ('print("full"\n', 'print("full")\n'),
            ('similarity == "similar" else "scratch"', 'similarity == "similar" else "scratch")'),
        ),
        False,
    ),
    ("pair-returned", edit(TABLE, ("return TABLE[similarity][row]", "return TABLE[similarity][row], row")), False),
    (
        "examples-only",
        """
KNOWN = {(n, s): r for n, s, r in [
    (999, "similar", "frozen"), (1000, "similar", "partial"), (50_000, "similar", "partial"),
    (50_001, "similar", "full"), (999, "different", "partial"), (1000, "different", "full"),
    (50_000, "different", "full"), (50_001, "different", "full"), (500_000, "different", "full"),
    (500_001, "different", "scratch"), (500_000, "similar", "full"), (500_001, "similar", "full"),
]}


def choose_strategy(images, similarity):
    if images < 1 or similarity not in ("similar", "different"):
        raise ValueError
    return KNOWN[images, similarity]
""",
        False,
    ),
    ("refuses-huge-numbers", edit(BASE, ("    if images < 1:", "    if images < 1 or images > 1_000_000:")), False),
    (
        "wrong-order-of-ifs",
        """
def choose_strategy(images, similarity):
    if similarity not in ("similar", "different") or images < 1:
        raise ValueError
    if images <= 500_000:
        return "full"
    if images <= 50_000:
        return "partial" if similarity == "similar" else "full"
    if images < 1000:
        return "frozen" if similarity == "similar" else "partial"
    return "full" if similarity == "similar" else "scratch"
""",
        False,
    ),
    (
        "and-instead-of-or",
        edit(TABLE, ("similarity not in TABLE or images < 1", "similarity not in TABLE and images < 1")),
        False,
    ),
    (
        "dictionary-of-functions",
        """
RULES = {
    "similar": lambda n: "full" if n > 50_000 else "partial" if n >= 1_000 else "frozen",
    "different": lambda n: "scratch" if n > 500_000 else "full" if n >= 1_000 else "partial",
}


def choose_strategy(images, similarity):
    if (rule := RULES.get(similarity)) is None or images < 1:
        raise ValueError(f"{images=}, {similarity=}")
    return rule(images)
""",
        True,
    ),
    (
        "loop-over-lower-limits",
        """
from typing import NamedTuple


class Row(NamedTuple):
    at_least: int
    similar: str
    different: str


ROWS = [Row(500_001, "full", "scratch"), Row(50_001, "full", "full"), Row(1_000, "partial", "full"),
        Row(1, "frozen", "partial")]


def choose_strategy(images, similarity):
    if similarity in Row._fields[1:]:
        for row in ROWS:
            if images >= row.at_least:
                return getattr(row, similarity)
    raise ValueError("no row of the table fits")
""",
        True,
    ),
    (
        "or-with-a-bare-text",
        edit(BASE, ('similarity not in ("similar", "different")', 'not (similarity == "similar" or "different")')),
        False,
    ),
    ("one-image-is-refused-by-floor", edit(BASE, ("images < 1:", "images // 2 < 1:")), False),
    (
        "negative-by-absolute-value",
        edit(BASE, ("    if images < 1:", "    images = abs(images)\n    if images < 1:")),
        False,
    ),
    (
        "attribute-name-accepted",
        edit(
            BASE,
            (
                REFUSE_TEXT,
                "    if similarity not in ('similar', 'different', 'other', 'medium'):\n"
                "        raise ValueError(similarity)\n",
            ),
        ),
        False,
    ),
    ("plain-exception", edit(BASE, ("raise ValueError", "raise Exception")), False),
]
