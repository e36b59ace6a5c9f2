"""Exercise 8: answers from the exercise text, by a second reader."""

from tests.checks.fresh import edit

TERSE = """
def choose_strategy(images, similarity):
    if images < 1 or similarity not in ("similar", "different"):
        raise ValueError((images, similarity))
    row = sum(images >= limit for limit in (1_000, 50_001, 500_001))
    return ("frozen partial full full" if similarity == "similar" else "partial full full scratch").split()[row]
"""

VERBOSE = '''
import logging
from dataclasses import dataclass
from typing import Final, Literal

logger = logging.getLogger("strategy")
logger.addHandler(logging.NullHandler())

Similarity = Literal["similar", "different"]
Strategy = Literal["frozen", "partial", "full", "scratch"]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table."""

    at_most: float
    similar: Strategy
    different: Strategy

    def applies_to(self, images: int) -> bool:
        """Tell whether so many images belong into this row, provided they belong into none before it."""
        return images <= self.at_most


TABLE: Final[tuple[Row, ...]] = (
    Row(at_most=999, similar="frozen", different="partial"),
    Row(at_most=50_000, similar="partial", different="full"),
    Row(at_most=500_000, similar="full", different="full"),
    Row(at_most=float("inf"), similar="full", different="scratch"),
)
KNOWN: Final[tuple[str, ...]] = ("similar", "different")


def _validate(images: int, similarity: str) -> None:
    """Refuse what the table does not know."""
    if similarity not in KNOWN:
        raise ValueError(f"similarity must be one of {KNOWN}, got {similarity!r}")
    if images < 1:
        raise ValueError(f"at least one image is needed, got {images}")


def choose_strategy(images: int, similarity: Similarity, *, explain: bool = False) -> Strategy:
    """Choose how to train.

    Args:
        images: number of training images.
        similarity: how close the images are to the source's.
        explain: whether to log the row that decided.

    Returns:
        The strategy.

    Raises:
        ValueError: if the table has no answer.
    """
    _validate(images, similarity)
    for row in TABLE:
        if row.applies_to(images):
            if explain:
                logger.info("%d images: %s", images, row)
            return getattr(row, similarity)
    raise AssertionError("the last row applies to everything")
'''

CHAIN = """
def choose_strategy(images, similarity):
    if similarity not in ("similar", "different"):
        raise ValueError("similar or different?")
    if images < 1:
        raise ValueError("no images")
    close = similarity == "similar"
    if images < 1000:
        return "frozen" if close else "partial"
    if images <= 50000:
        return "partial" if close else "full"
    if images <= 500000 or close:
        return "full"
    return "scratch"
"""

MATCH = """
def choose_strategy(images, similarity):
    match similarity, images:
        case _, n if n < 1:
            raise ValueError(f"{n} images")
        case "similar", n if n < 1_000:
            return "frozen"
        case ("similar", n) if n <= 50_000:
            return "partial"
        case ("different", n) if n < 1_000:
            return "partial"
        case ("different", n) if n > 500_000:
            return "scratch"
        case ("similar" | "different", _):
            return "full"
    raise ValueError(f"unknown similarity: {similarity!r}")
"""

DICT = """
_STEPS = {"similar": {999: "frozen", 50_000: "partial"}, "different": {999: "partial", 500_000: "full"}}
_REST = dict(similar="full", different="scratch")


def choose_strategy(images, similarity):
    if images < 1:
        raise ValueError("at least one image")
    try:
        steps = _STEPS[similarity]
    except (KeyError, TypeError) as error:
        raise ValueError(f"unknown: {similarity}") from error
    return next((name for limit, name in steps.items() if images <= limit), _REST[similarity])
"""

LADDER = '''
class UnknownCase(ValueError):
    """The table has no such row or column."""


class Ladder:
    """The strategies in the order in which more and more learns; each limit that is passed is a step up."""

    rungs = ("frozen", "partial", "full", "scratch")

    def __init__(self, start, limits):
        self.start = start
        self.limits = limits

    def climb(self, images):
        """Return the rung for so many images."""
        position = self.start
        for limit in self.limits:
            if images > limit:
                position += 1
        return self.rungs[position]


LADDERS = {
    "similar": Ladder(start=0, limits=[999, 50_000]),
    "different": Ladder(start=1, limits=[999, 500_000]),
}


def choose_strategy(images, similarity):
    """Climb the ladder of the domain."""
    ladder = LADDERS.get(similarity)
    if ladder is None:
        raise UnknownCase(f"no column for {similarity!r}; there are {', '.join(LADDERS)}")
    if images <= 0:
        raise UnknownCase("no row without images")
    return ladder.climb(images)
'''

RANGES = """
def choose_strategy(images, similarity):
    columns = ["similar", "different"]
    rows = [
        (range(1, 1_000), ("frozen", "partial")),
        (range(1_000, 50_000 + 1), ("partial", "full")),
        (range(50_001, 500_000 + 1), ("full", "full")),
    ]
    column = columns.index(similarity)
    if images < 1:
        raise ValueError
    for numbers, answers in rows:
        if images in numbers:
            return answers[column]
    return ("full", "scratch")[column]
"""

ANSWERS = [
    ("limits-counted", TERSE, True),
    ("verbose-table-of-rows", VERBOSE, True),
    ("chain-of-ifs", CHAIN, True),
    ("match-with-guards", MATCH, True),
    ("dictionaries-with-a-rest", DICT, True),
    ("ladder-and-own-exception", LADDER, True),
    ("ranges-and-index", RANGES, True),
    (
        "lambda-with-a-raising-helper",
        """
def _refuse(why):
    raise ValueError(why)

choose_strategy = lambda images, similarity: (
    _refuse("images") if images < 1 else
    ("frozen" if images < 1e3 else "partial" if images <= 5e4 else "full") if similarity == "similar" else
    ("partial" if images < 1e3 else "full" if images <= 5e5 else "scratch") if similarity == "different" else
    _refuse("similarity")
)
""",
        True,
    ),
    (
        "numpy-search-and-a-grid",
        """
GRID = np.array([["frozen", "partial", "full", "full"], ["partial", "full", "full", "scratch"]])


def choose_strategy(images, similarity):
    if not images >= 1:
        raise ValueError("no images")
    row = {"similar": 0, "different": 1}.get(similarity)
    if row is None:
        raise ValueError("no such similarity")
    return str(GRID[row, np.searchsorted([999, 50_000, 500_000], images, side="left")])
""",
        True,
    ),
    (
        "decorated-with-validation-and-cached",
        '''
from functools import lru_cache, wraps


def validated(function):
    """Check the arguments before the function sees them."""

    @wraps(function)
    def wrapper(images, similarity):
        problems = []
        if images < 1:
            problems.append(f"images must be at least 1, got {images}")
        if similarity not in ["similar", "different"]:
            problems.append(f"similarity must be 'similar' or 'different', got {similarity!r}")
        if problems:
            raise ValueError("; ".join(problems))
        return function(images, similarity)

    return wrapper


def size_class(images: int) -> str:
    """Name the size of a data set."""
    if images < 1_000:
        return "small"
    if images <= 50_000:
        return "medium"
    if images <= 500_000:
        return "large"
    return "huge"


@validated
@lru_cache(maxsize=256)
def choose_strategy(images, similarity):
    """Look the answer up by size and similarity."""
    answers = {
        ("small", "similar"): "frozen",
        ("small", "different"): "partial",
        ("medium", "similar"): "partial",
        ("medium", "different"): "full",
        ("large", "similar"): "full",
        ("large", "different"): "full",
        ("huge", "similar"): "full",
        ("huge", "different"): "scratch",
    }
    return answers[size_class(images), similarity]
''',
        True,
    ),
    # wrong
    (
        "substring-for-a-word",
        edit(CHAIN, ('similarity not in ("similar", "different")', 'similarity not in "similar, different"')),
        False,
    ),
    (
        "full-before-the-word-is-checked",
        edit(
            MATCH,
            (
                '        case ("similar" | "different", _):',
                '        case (_, n) if n > 50_000:\n            return "full"\n        case ("similar" | "different", _):',
            ),
        ),
        False,
    ),
    (
        "everything-else-is-different",
        edit(
            CHAIN,
            (
                '    if similarity not in ("similar", "different"):\n        raise ValueError("similar or different?")\n',
                "",
            ),
        ),
        False,
    ),
    (
        "capitals-and-spaces-forgiven",
        edit(
            VERBOSE,
            (
                "    _validate(images, similarity)\n    for",
                "    similarity = str(similarity).strip().lower()\n    _validate(images, similarity)\n    for",
            ),
        ),
        False,
    ),
    (
        "first-letters-are-enough",
        edit(
            CHAIN,
            ('similarity not in ("similar", "different")', 'not similarity.startswith(("sim", "diff"))'),
            ('similarity == "similar"', 'similarity.startswith("sim")'),
        ),
        False,
    ),
    (
        "unknown-word-is-a-key-error",
        edit(
            DICT,
            (
                '    try:\n        steps = _STEPS[similarity]\n    except (KeyError, TypeError) as error:\n        raise ValueError(f"unknown: {similarity}") from error\n',
                "    steps = _STEPS[similarity]\n",
            ),
        ),
        False,
    ),
    (
        "own-exception-of-another-kind",
        edit(LADDER, ("class UnknownCase(ValueError)", "class UnknownCase(LookupError)")),
        False,
    ),
    (
        "error-returned-instead-of-raised",
        edit(
            MATCH,
            (
                '    raise ValueError(f"unknown similarity: {similarity!r}")',
                '    return ValueError(f"unknown similarity: {similarity!r}")',
            ),
        ),
        False,
    ),
    (
        "error-caught-again",
        edit(
            RANGES,
            (
                "    column = columns.index(similarity)\n",
                "    try:\n        column = columns.index(similarity)\n    except ValueError:\n        print('unknown similarity')\n        return None\n",
            ),
        ),
        False,
    ),
    ("no-images-pass", edit(VERBOSE, ("if images < 1:", "if images < 0:")), False),
    ("negative-numbers-pass", edit(CHAIN, ("if images < 1:", "if not images:")), False),
    (
        "negative-numbers-refused-for-similar-only",
        edit(MATCH, ("case _, n if n < 1:", 'case "similar", n if n < 1:')),
        False,
    ),
    ("a-single-image-is-refused", edit(LADDER, ("images <= 0", "images <= 1")), False),
    (
        "asserted",
        edit(
            LADDER,
            (
                '    if images <= 0:\n        raise UnknownCase("no row without images")\n',
                '    assert images > 0, "no row without images"\n',
            ),
        ),
        False,
    ),
    ("one-thousand-counts-as-few", edit(LADDER, ("limits=[999, 50_000]", "limits=[1_000, 50_000]")), False),
    ("one-thousand-counts-as-few-for-different", edit(DICT, ('{999: "partial"', '{1_000: "partial"')), False),
    ("fifty-thousand-excluded", edit(RANGES, ("50_000 + 1)", "50_000)"), ("range(50_001,", "range(50_000,")), False),
    ("half-a-million-from-scratch", edit(RANGES, ("500_000 + 1)", "500_000)")), False),
    (
        "numpy-side-right",
        edit(
            """
def choose_strategy(images, similarity):
    if images < 1 or similarity not in {"similar": 0, "different": 1}:
        raise ValueError("no")
    column = np.searchsorted([1_000, 50_001, 500_001], images, side="right")
    return dict(similar=["frozen", "partial", "full", "full"], different=["partial", "full", "full", "scratch"])[similarity][column]
""",
            ("50_001, 500_001", "50_000, 500_000"),
        ),
        False,
    ),
    (
        "counted-in-whole-thousands",
        edit(CHAIN, ("    close = ", "    images = images // 1000 * 1000 or 1\n    close = ")),
        False,
    ),
    (
        "counted-in-rounded-hundreds",
        edit(CHAIN, ("    close = ", "    images = round(images, -2)\n    close = ")),
        False,
    ),
    ("digits-counted", edit(LADDER, ("if images > limit:", "if len(str(images)) > len(str(limit)):")), False),
    (
        "a-zero-too-few",
        edit(DICT, ('"different": {999: "partial", 500_000', '"different": {999: "partial", 50_000')),
        False,
    ),
    ("similar-from-scratch-too", edit(CHAIN, ("if images <= 500000 or close", "if images <= 500000")), False),
    (
        "table-used-up-in-the-first-call",
        edit(
            VERBOSE,
            ("TABLE: Final[tuple[Row, ...]] = (\n", "TABLE = iter((\n"),
            ('different="scratch"),\n)\n', 'different="scratch"),\n))\n'),
        ),
        False,
    ),
    (
        "limits-popped-from-a-class",
        edit(
            LADDER,
            (
                "        for limit in self.limits:\n            if images > limit:\n                position += 1\n",
                "        while self.limits and images > self.limits[0]:\n            self.limits.pop(0)\n            position += 1\n",
            ),
        ),
        False,
    ),
    (
        "cached-by-similarity-alone",
        edit(
            DICT,
            (
                "def choose_strategy(images, similarity):\n",
                "def choose_strategy(images, similarity, _known={}):\n    if similarity in _known and images in range(1, 1000):\n        return _known[similarity]\n",
            ),
            ("    return next(", "    _known[similarity] = next("),
            ("_REST[similarity])", "_REST[similarity])\n    return _known[similarity]"),
        ),
        False,
    ),
    (
        "capital-answers",
        edit(LADDER, ("return self.rungs[position]", "return self.rungs[position].capitalize()")),
        False,
    ),
    ("arguments-swapped", edit(CHAIN, ("(images, similarity)", "(similarity, images)")), False),
    (
        "callable-instance",
        """
from typing import NamedTuple


class Chooser(NamedTuple):
    few: int = 1_000
    many: int = 50_000
    most: int = 500_000

    def __call__(self, images, similarity):
        if images < 1:
            raise ValueError(images)
        if similarity == "similar":
            return "frozen" if images < self.few else "full" if images > self.many else "partial"
        if similarity == "different":
            return "scratch" if images > self.most else "partial" if images < self.few else "full"
        raise ValueError(similarity)


choose_strategy = Chooser()
""",
        True,
    ),
    (
        "arithmetic-on-the-ladder",
        """
def choose_strategy(images, similarity):
    far = ("similar", "different").index(similarity)
    if images <= 0: raise ValueError("images")
    return ["frozen", "partial", "full", "scratch"][far + (images > 999) + (images > (50_000, 500_000)[far])]
""",
        True,
    ),
]
