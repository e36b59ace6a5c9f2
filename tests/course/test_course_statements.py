"""One-statement answers, found as Python sees them."""

import pytest

from utils.course.statements import StatementError, clear_statements, find_statements

CLEARED = {
    "one line": ("x = 1  # SOLUTION: a number", "x = ...  # YOUR CODE HERE: a number"),
    "comment on the last line": ("x = f(\n    1,\n)  # SOLUTION: call f", "x = ...  # YOUR CODE HERE: call f"),
    "tuple": ("a, b = f()  # SOLUTION: both", "a, b = ..., ...  # YOUR CODE HERE: both"),
    "tuple in brackets": ("(a, b) = f()  # SOLUTION: both", "(a, b) = ..., ...  # YOUR CODE HERE: both"),
    "nested tuple": ("a, (b, c) = f()  # SOLUTION: all", "a, (b, c) = ..., (..., ...)  # YOUR CODE HERE: all"),
    "several targets": ("a = b = f()  # SOLUTION: both", "a = b = ...  # YOUR CODE HERE: both"),
    "annotated": ("a: int = 1  # SOLUTION: a number", "a: int = ...  # YOUR CODE HERE: a number"),
    "attribute": ("self.up = f()  # SOLUTION: a layer", "self.up = ...  # YOUR CODE HERE: a layer"),
    "within a method": (
        "class A:\n    def f(self):\n        x = 'é'  # SOLUTION: a letter\n        return x",
        "class A:\n    def f(self):\n        x = ...  # YOUR CODE HERE: a letter\n        return x",
    ),
    "letters beyond ASCII before it": ("é = f('ü')  # SOLUTION: ß", "é = ...  # YOUR CODE HERE: ß"),
    "within a string": ('x = "y = 1  # SOLUTION: no"', 'x = "y = 1  # SOLUTION: no"'),
    "two in a row": (
        "a = 1  # SOLUTION: one\nb = [\n    2,  # two\n]  # SOLUTION: two\nc = 3",
        "a = ...  # YOUR CODE HERE: one\nb = ...  # YOUR CODE HERE: two\nc = 3",
    ),
}


@pytest.mark.parametrize(("text", "cleared"), CLEARED.values(), ids=CLEARED.keys())
def test_the_expression_is_replaced_by_dots(text, cleared):
    assert clear_statements(text) == cleared
    compile(cleared, "stub", "exec")


@pytest.mark.parametrize(
    ("text", "message"),
    {
        "return": ("def f():\n    return 1  # SOLUTION: x", "only an assignment"),
        "in-place addition": ("a = 1\na += 1  # SOLUTION: x", "only an assignment"),
        "annotation alone": ("a: int  # SOLUTION: x", "only an assignment"),
        "behind an if": ("if a: b = 1  # SOLUTION: x", "shares its line"),
        "before another": ("b = 1; c = 2  # SOLUTION: x", "shares its line"),
        "on a line of its own": ("\n# SOLUTION: x\nb = 1", "no statement's first or last line"),
        "in the middle": ("b = [\n    1,  # SOLUTION: x\n]", "no statement's first or last line"),
    }.values(),
)
def test_anything_else_is_refused(text, message):
    with pytest.raises(StatementError, match=message):
        clear_statements(text)


def test_the_answer_is_the_expression_alone():
    (statement,) = find_statements("mean = total / (  # SOLUTION: per channel\n    count\n)")
    assert statement.answer == "total / (  # SOLUTION: per channel\n    count\n)"
