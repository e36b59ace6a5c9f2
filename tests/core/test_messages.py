"""How a report looks as text and as a card."""

import re
from dataclasses import replace

import bleach
import pytest

from tests.core.toy import EXERCISE
from utils.core.card import as_html
from utils.core.evaluation import evaluate
from utils.core.exercise import Session
from utils.core.expect import describe
from utils.core.progress import Progress
from utils.core.report import Report
from utils.core.student_errors import describe_error
from utils.core.text import as_text


def report(number, **more):
    return Report(EXERCISE, evaluate(EXERCISE, {"number": number}), **more)


def test_text_shows_verdict_marks_message_and_open_hints():
    text = as_text(report(101, hint_count=1))
    assert text.splitlines()[0] == "Exercise 1: A small even number: not yet (0 of 5 points)"
    assert "✗ The number is even." in text
    assert "101 is odd." in text
    assert "Hint: Think of the sign." in text
    assert "The answer is even." not in text, "the second hint is closed"
    assert "Twice the number is 202" not in text, "only the first failure is explained"


def test_card_says_the_same_and_escapes_what_students_wrote():
    class Odd(int):
        def __format__(self, spec):
            return "<script>alert(1)</script>"

    html = as_html(report(Odd(101)))
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "not yet" in html
    assert "0 of 5 points" in html


def test_card_is_self_contained_and_balanced():
    html = as_html(report(101, hint_count=1, earned=20, possible=100))
    assert not re.search(r"<(style|script|link|img)|url\(|http", html)
    for tag in ("div", "ul", "li", "span", "details", "strong", "code"):
        assert html.count(f"<{tag}") == html.count(f"</{tag}>"), tag
    assert "session: 20 of 100" in html


def test_card_reads_well_where_styles_are_dropped():
    """As on GitHub, which keeps lists, details and words and drops every style."""
    html = as_html(report(101, hint_count=1, earned=20, possible=100))
    cleaned = bleach.clean(
        html, tags={"div", "ul", "li", "span", "strong", "details", "summary", "code"}, attributes={}
    )
    assert "style" not in cleaned
    assert "&lt;" not in cleaned, "the card uses a tag that would be dropped"
    words = " ".join(re.sub(r"<(?:li|/li|div|/div|ul|/ul|summary|/summary)>", "\n", cleaned).split())
    words = re.sub(r"<[^>]*>", "", words)
    assert words.startswith("✗ not yet Exercise 1: A small even number 0 of 5 points ✗ The number is even. 101 is odd.")
    assert words.endswith("session: 20 of 100 points")


def test_session_at_a_glance_counts_what_is_passed():
    passed, missing = report(-2), report(101)
    second = replace(EXERCISE, number=2, title="<b>Another</b>")
    glance = Progress(Session("SX01", "Numbers", (EXERCISE, second)), {1: passed})
    html = glance._repr_html_()
    assert "SX01: Numbers" in html
    assert "1 of 2 exercises passed, 5 of 10 points" in html
    assert "&lt;b&gt;Another" in html
    assert "2. <b>Another</b>" in repr(glance)
    assert "0 of 2 exercises passed" in Progress(glance.session, {1: missing})._repr_html_()


def test_card_of_a_passed_exercise_shows_advice_but_no_hint():
    html = as_html(report(-2))
    assert "Advice, without points." in html
    assert "<details" not in html


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "None"),
        (..., "stub"),
        (3, "the int 3"),
        (int, "the class int"),
        ([1, 2], "a list of 2 items"),
        (object(), "a object"),
    ],
)
def test_values_are_described_without_addresses(value, words):
    assert words in describe(value)
    assert "0x" not in describe(value)


def test_error_names_the_students_line_in_plain_words():
    code = "import torch\nlayer = torch.nn.Conv2d(3, 4, 3)\nlayer(torch.zeros(1, 5, 8, 8))"
    with pytest.raises(RuntimeError) as caught:
        exec(compile(code, "<cell>", "exec"), {})
    text = describe_error(caught.value)
    assert "Line 3 of your code" in text
    assert "A convolution made for 3 input channels received 5" in text


def test_error_from_an_earlier_cell_names_the_line_that_called_it():
    namespace = {}
    exec(compile("\n\n\ndef helper():\n    raise ValueError('deep')", "<cell 1>", "exec"), namespace)
    with pytest.raises(ValueError, match="deep") as caught:
        exec(compile("x = 1\nhelper()", "<cell 2>", "exec"), namespace)
    assert "Line 2 of your code" in describe_error(caught.value)
