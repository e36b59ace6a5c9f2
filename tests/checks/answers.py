"""The form of the tables of right and wrong answers in ``tests/checks/tables``."""

from dataclasses import dataclass

__all__ = ["Wrong"]


@dataclass(frozen=True)
class Wrong:
    """A wrong answer and what the student must be told.

    Attributes
    ----------
    code : str
        The exercise cell as a student might write it; names that it leaves out come from the solution.
    fails : str
        The first criterion that must not pass.
    says : str
        A phrase of the message that names this very mistake.
    also : tuple of str
        Later criteria that must fail, too, by an expectation and not because something raised.
    """

    code: str
    fails: str
    says: str
    also: tuple[str, ...] = ()
