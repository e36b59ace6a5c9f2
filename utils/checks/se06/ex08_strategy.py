"""Exercise 8: which strategy for how much data, and how similar a domain."""

from utils.core.exercise import Exercise, criterion
from utils.core.expect import Mismatch, describe, expect

STRATEGIES = ("frozen", "partial", "full", "scratch")
SIMILARITIES = ("similar", "different")
BORDERS = (1_000, 50_000, 500_000)
TABLE = {
    "similar": ("frozen", "partial", "full", "full"),
    "different": ("partial", "full", "full", "scratch"),
}
"""The strategy for fewer than 1,000 images, up to 50,000, up to 500,000, and more."""
INSIDE = (300, 8_000, 120_000, 2_000_000)
ROWS = ("under 1,000", "1,000 to 50,000", "over 50,000", "over 500,000")


@criterion(
    points=4,
    hints=(
        "Begin with one column of the table and write it as a chain of `if`.",
        "Eight cells, eight answers; compare the strings letter by letter.",
    ),
)
def follows_the_table(choose_strategy):
    """Well inside each row of the table it returns the strategy of the table's cell."""
    expect(callable(choose_strategy), f"`choose_strategy` is {describe(choose_strategy)}, not a function.")
    for similarity in SIMILARITIES:
        for images, row, wanted in zip(INSIDE, ROWS, TABLE[similarity], strict=True):
            found = _ask(choose_strategy, images, similarity)
            missing = "; is a `return` missing?" if found is None else "."
            if not isinstance(found, str):
                raise Mismatch(f"For {images:,} images, {similarity}, it returns {describe(found)}, not a str{missing}")
            case = f"For {images:,} images, {similarity}, it returns {found!r}; expected {wanted!r}."
            other = TABLE[_other(similarity)][INSIDE.index(images)]
            hint = ""
            if found not in STRATEGIES:
                hint = f" The strategies are {', '.join(map(repr, STRATEGIES))}, in exactly these letters."
            elif found == other and found != wanted:
                hint = f" {found!r} stands in the other column."
            expect(found == wanted, f"{case} (The row is {row!r}.){hint}")


@criterion(
    points=2,
    hints=(
        "What about exactly 1,000 images, or 50,000, or 500,000? Which row do they belong to?",
        "Under 1,000 means `< 1000`; over 50,000 means `> 50_000`.",
    ),
)
def draws_the_lines(choose_strategy):
    """At 999, 1,000, 50,000, 50,001, 500,000 and 500,001 images it draws the lines where the table has them."""
    for similarity in SIMILARITIES:
        for images in (1, *(each for border in BORDERS for each in (border - 1, border, border + 1))):
            wanted = TABLE[similarity][_row(images)]
            found = _ask(choose_strategy, images, similarity)
            expect(
                found == wanted,
                f"For {_counted(images)}, {similarity}, it returns {found!r}; the row {ROWS[_row(images)]!r} says {wanted!r}.",
            )


@criterion(
    points=2,
    hints=(
        "What should happen for a similarity that is misspelt, or for no images at all?",
        "`raise ValueError(...)` if `similarity` is none of the two words or `images` is below 1.",
    ),
)
def refuses_nonsense(choose_strategy):
    """For any other word than "similar" and "different", and for fewer than 1 image, it raises a `ValueError`."""
    for images, similarity in (
        (8_000, "quite similar"),
        (300, "Similar"),
        (120_000, ""),
        (8_000, "similar "),
        (300, "similarity"),
        (8_000, "dissimilar"),
        (700_000, "d"),
        (8_000, "other"),
        (0, "similar"),
        (-5, "different"),
    ):
        case = f"choose_strategy({images}, {similarity!r})"
        try:
            found = choose_strategy(images, similarity)
        except ValueError:
            continue
        except NotImplementedError:
            raise  # the stub
        except Exception as error:  # noqa: BLE001 - whatever else it raises is told
            raise Mismatch(f"`{case}` raises {type(error).__name__}; expected a ValueError.") from None
        raise Mismatch(f"`{case}` returns {found!r}; expected a ValueError.")


def _ask(choose_strategy, images: int, similarity: str) -> object:
    """Return what the function says where the table has an answer."""
    try:
        return choose_strategy(images, similarity)
    except ValueError as error:
        case = f"{_counted(images)}, {similarity}"
        raise Mismatch(f"For {case}, it raises a ValueError ({error}); the table has an answer.") from None


def _counted(images: int) -> str:
    return f"{images:,} image{'s'[: images != 1]}"


def _row(images: int) -> int:
    first, second, third = BORDERS
    return int(images >= first) + int(images > second) + int(images > third)


def _other(similarity: str) -> str:
    return next(each for each in SIMILARITIES if each != similarity)


EXERCISE = Exercise(
    number=8,
    title="Which strategy when",
    answers=("choose_strategy",),
    criteria=(follows_the_table, draws_the_lines, refuses_nonsense),
)
