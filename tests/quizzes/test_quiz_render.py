import re
from html.parser import HTMLParser

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from utils.core.quiz import QuizManager
from utils.core.quiz.attempts import Attempts, QuizScore
from utils.core.quiz.cards import feedback_card, quiz_card
from utils.core.quiz.quiz_file import load_quizzes


@pytest.fixture
def quizzes(content, write):
    return load_quizzes(write(content))


class _Reader(HTMLParser):
    """Collects the text and checks that every tag is closed."""

    def __init__(self, source):
        super().__init__()
        self.text, self.open, self.tags = "", [], []
        self.feed(source)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.tags.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data + "\n"


def test_html_escapes_what_authors_write(quizzes):
    read = _Reader(quiz_card(quizzes[0]).html)
    assert "Is 1 < 2 & \n" in read.text
    assert "No <b>" in read.text
    assert "b" not in read.tags


def test_backticks_become_code(quizzes):
    assert re.search(r"<code[^>]*>a &gt; b</code>", quiz_card(quizzes[0]).html)


def test_html_and_text_say_the_same(quizzes):
    card = feedback_card(quizzes[0], 1, "b", Attempts(quizzes[0].questions[0], ["b"]), QuizScore(1, 1, 3))
    for words in ("Because of a.", "Because of b.", "right.", "1 of 3 questions right"):
        assert words in card.text
        assert words in _Reader(card.html).text


def test_card_leaves_text_and_background_to_the_theme(quizzes):
    styles = " ".join(re.findall(r'style="([^"]*)"', quiz_card(quizzes[1]).html))
    assert not re.search(r"(?<![-\w])color:", styles)
    assert set(re.findall(r"background:([^;\"]*)", styles)) <= {"rgba(128,128,128,.15)"}


def test_notebook_gets_html_and_text(content, write, tmp_path, monkeypatch):
    write(content)
    shell = InteractiveShell.instance()
    try:
        with capture_output() as captured:
            QuizManager("SX01", directory=tmp_path).run_quiz(1)
    finally:
        InteractiveShell.clear_instance()
    (output,) = captured.outputs
    assert shell is not None
    assert "<section" in output.data["text/html"]
    assert "Quiz 1: Alone" in output.data["text/plain"]
    assert captured.stderr == ""
