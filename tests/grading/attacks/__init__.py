"""Ways to get points without an answer: each a cell that a student could hand in for exercise 1 of the toy session.

Each text leaves `add` wrong unless it says otherwise, and tries to have it pass. A forged number must earn nothing, or be
flagged for a person.
"""

from tests.grading.attacks.from_below import FROM_BELOW
from tests.grading.attacks.in_the_answer import IN_THE_ANSWER
from tests.grading.attacks.on_the_checker import ON_THE_CHECKER
from tests.grading.attacks.on_the_notebook import ON_THE_NOTEBOOK

ATTACKS: dict[str, str] = {**ON_THE_NOTEBOOK, **ON_THE_CHECKER, **IN_THE_ANSWER, **FROM_BELOW}
"""By what they do: the text of the cell."""
