"""What an answer is given with on the page: radio buttons, boxes to tick, a line to type in, a list to sort."""

from html import escape

from ipywidgets import HTML, Button, Checkbox, HBox, Layout, RadioButtons, Text, VBox

from utils.core.quiz.kinds import NumberQuestion
from utils.core.quiz.question import Question

__all__ = ["Field", "make_field"]


class Field:
    """Something to answer one question with.

    Attributes
    ----------
    root : ipywidgets.Widget
        What to display.
    """

    root = None

    @property
    def answer(self) -> str:
        """What was chosen or typed so far, for the question to read; empty before anything was."""
        raise NotImplementedError

    def show(self, answer) -> None:
        """Set the field to an answer that the question has read."""
        raise NotImplementedError

    def disable(self, disabled: bool) -> None:
        """Let nothing more be changed, or let it."""
        raise NotImplementedError


class SingleField(Field):
    """Radio buttons, of which at first none is chosen."""

    def __init__(self, question: Question):
        options = [(f"{letter}) {_plain(text)}", letter) for letter, text in question.choices]
        self.root = RadioButtons(options=options, index=None, layout=Layout(width="100%", max_width="none"))

    @property
    def answer(self) -> str:
        return self.root.value or ""

    def show(self, answer: str) -> None:
        self.root.value = answer

    def disable(self, disabled: bool) -> None:
        self.root.disabled = disabled


class MultipleField(Field):
    """A box to tick for each option."""

    def __init__(self, question: Question):
        self._boxes = {
            letter: Checkbox(value=False, indent=False, description=f"{letter}) {_plain(text)}")
            for letter, text in question.choices
        }
        for box in self._boxes.values():
            box.layout = Layout(width="100%", max_width="none")
        self.root = VBox(list(self._boxes.values()))

    @property
    def answer(self) -> str:
        return "".join(letter for letter, box in self._boxes.items() if box.value)

    def show(self, answer: str) -> None:
        for letter, box in self._boxes.items():
            box.value = letter in answer

    def disable(self, disabled: bool) -> None:
        for box in self._boxes.values():
            box.disabled = disabled


class NumberField(Field):
    """A line to type a number into, with its unit."""

    def __init__(self, question: NumberQuestion):
        self._text = Text(description="Number:", placeholder="such as 0.5", layout=Layout(width="240px"))
        self.root = HBox([self._text, HTML(escape(question.unit))])

    @property
    def answer(self) -> str:
        return self._text.value.strip()

    def show(self, answer: float) -> None:
        self._text.value = f"{answer:.10g}"

    def disable(self, disabled: bool) -> None:
        self._text.disabled = disabled


class OrderField(Field):
    """The items as rows, each with a button to move it up and one to move it down."""

    def __init__(self, question: Question):
        self._texts = dict(question.choices)
        self._order = list(self._texts)
        self._rows = [HTML() for _ in self._order]
        self._up = [self._move_button("▲", "Move up", place, -1) for place in range(len(self._order))]
        self._down = [self._move_button("▼", "Move down", place, 1) for place in range(len(self._order))]
        lines = zip(self._up, self._down, self._rows, strict=True)
        self.root = VBox([_row(up, down, row) for up, down, row in lines])
        self._disabled = False
        self._draw()

    @property
    def answer(self) -> str:
        return "".join(self._order)

    def show(self, answer: str) -> None:
        self._order = list(answer)
        self._draw()

    def disable(self, disabled: bool) -> None:
        self._disabled = disabled
        self._draw()

    def _move_button(self, sign: str, what: str, place: int, step: int) -> Button:
        button = Button(description=sign, tooltip=f"{what}: row {place + 1}")
        button.add_class("wq-move")
        button.on_click(lambda _: self._move(place, step))
        return button

    def _move(self, place: int, step: int) -> None:
        other = place + step
        if self._disabled or not 0 <= other < len(self._order):
            return
        self._order[place], self._order[other] = self._order[other], self._order[place]
        self._draw()
        follow = (self._up if step < 0 else self._down)[other]
        getattr(follow, "focus", lambda: None)()  # the keyboard moves on with the item; ipywidgets 7 cannot

    def _draw(self) -> None:
        for letter, row in zip(self._order, self._rows, strict=True):
            row.value = f"{letter}) {escape(_plain(self._texts[letter]))}"
        for place, (up, down) in enumerate(zip(self._up, self._down, strict=True)):
            up.disabled = self._disabled or place == 0
            down.disabled = self._disabled or place == len(self._order) - 1


FIELDS = {"single": SingleField, "multiple": MultipleField, "number": NumberField, "order": OrderField}


def make_field(question: Question) -> Field:
    """Return the field for a question's kind."""
    return FIELDS[question.kind](question)


def _row(up: Button, down: Button, text: HTML) -> HBox:
    row = HBox([up, down, text])
    row.add_class("wq-row")
    return row


def _plain(text: str) -> str:
    """Drop the backticks: labels show text as it is."""
    return text.replace("`", "")
