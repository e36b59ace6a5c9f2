"""What an explorer's values can be chosen with, described without ipywidgets."""

from dataclasses import dataclass

__all__ = ["Choice", "Control", "Slider", "Toss"]


@dataclass(frozen=True)
class Slider:
    """A number from `low` to `high`; whole if `step` is."""

    label: str
    low: float
    high: float
    value: float
    step: float = 1


@dataclass(frozen=True)
class Choice:
    """One of several (text, value) pairs; the first at the start."""

    label: str
    options: tuple[tuple[str, object], ...]

    @property
    def value(self) -> object:
        """The value at the start."""
        return self.options[0][1]


@dataclass(frozen=True)
class Toss:
    """A button; its value counts how often it was pressed."""

    label: str
    value: int = 0


Control = Slider | Choice | Toss
