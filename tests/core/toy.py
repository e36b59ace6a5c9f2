"""A made-up exercise, so that the checker's machinery is tested apart from any real one."""

from utils.core.exercise import Exercise, criterion
from utils.core.expect import expect

HINTS = ("Think of the sign.", "The answer is even.")


def doubled(number):
    return number * 2


@criterion(points=2, hints=HINTS)
def is_even(number):
    """The number is even."""
    expect(number % 2 == 0, f"{number} is odd.")


@criterion(points=3, hints=HINTS)
def doubles_to_small(doubled):
    """Twice the number is below 100."""
    expect(doubled < 100, f"twice the number is {doubled}.")


@criterion(points=0, hints=HINTS)
def is_positive(number):
    """The number is positive."""
    expect(number > 0, f"{number} is not positive.")


EXERCISE = Exercise(
    number=1,
    title="A small even number",
    answers=("number",),
    fixtures=(doubled,),
    criteria=(is_even, doubles_to_small, is_positive),
)
