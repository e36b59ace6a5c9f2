"""Quizzes to click, in a real kernel: what the page gets, and what clicks do."""

import json
import re

import pytest

from tests.kernels import ROOT, kernel

pytestmark = pytest.mark.slow
WIDGET = "application/vnd.jupyter.widget-view+json"
SETUP = """
import utils
quizzer = utils.core.QuizManager("SE05")
"""


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    with kernel(tmp_path_factory.mktemp("quiz")) as running:
        running.run(SETUP)
        yield running
        assert running.stderr == ""


@pytest.fixture
def quiz(live):
    """Show a fresh quiz and return a function that runs code in which `questions` are its widgets."""
    live.run(SETUP)

    def show(number):
        live.run(f"quizzer.run_quiz({number})")
        live.run(f"questions = quizzer._widgets[{number}].questions")
        return live

    return show


def test_page_gets_a_widget_and_a_card_for_readers_without_one(quiz):
    live = quiz(1)
    live.run("quizzer.run_quiz(1)")
    (output,) = live.outputs
    assert set(output) == {WIDGET, "text/html", "text/plain"}
    assert "<section" in output["text/html"]
    assert output["text/plain"].startswith("Quiz 1: Applications")


def test_without_a_person_there_is_a_card_and_no_widget(live):
    live.run("quizzer.run_quiz(1)", person=False)
    (output,) = live.outputs
    assert set(output) == {"text/html", "text/plain"}


def test_on_colab_only_the_widget_is_shown(live, tmp_path):
    with kernel(tmp_path) as colab:
        colab.run("import sys, types\nsys.modules['google.colab'] = types.ModuleType('google.colab')" + SETUP)
        colab.run("quizzer.run_quiz(1)")
        assert set(colab.outputs[0]) == {WIDGET, "text/plain"}


def test_clicks_lead_from_a_wrong_answer_to_the_right_one(quiz):
    live = quiz(1)
    live.run("questions[0].button.click()")
    assert "Give an answer first." in live.value("questions[0].feedback.value")
    live.run("questions[0].field.root.value = 'a'; questions[0].button.click()")
    assert "not quite" in live.value("questions[0].feedback.value")
    assert "In short" not in live.value("questions[0].feedback.value")
    live.run("questions[0].field.root.value = 'b'; questions[0].button.click()")
    assert "right." in live.value("questions[0].feedback.value")
    assert "In short" in live.value("questions[0].feedback.value")
    assert live.value("questions[0].button.disabled") is True
    assert "1 of 3 right" in live.value("quizzer._widgets[1]._header.value")
    assert live.value("quizzer.score().right") == 1


def test_a_number_that_cannot_be_read_costs_no_try(quiz):
    live = quiz(6)
    live.run("questions[1].field._text.value = '0,71'; questions[1].button.click()")
    assert "with a point" in live.value("questions[1].feedback.value")
    live.run("questions[1].field._text.value = '0.71'; questions[1].button.click()")
    assert live.value("quizzer.score().right") == 1


def test_items_move_up_and_down_until_they_are_right(quiz):
    live = quiz(4)
    live.run("questions[0].field._up[0].click()")  # the first one cannot go further
    assert live.value("questions[0].field.answer") == "abcd"
    live.run("questions[0].field._down[2].click(); questions[0].button.click()")
    assert live.value("questions[0].field.answer") == "abdc"
    assert live.value("quizzer.score().right") == 1


def test_what_was_clicked_is_there_when_the_cell_runs_again(quiz):
    live = quiz(1)
    live.run("questions[2].field.root.children[1].value = True; questions[2].button.click()")
    first = live.value("quizzer._widgets[1].root.model_id")
    live.run("quizzer.run_quiz(1)")
    assert live.outputs[0][WIDGET]["model_id"] == first
    assert "something is still missing" in live.value("questions[2].feedback.value")


def test_an_answer_by_call_shows_in_the_widget(quiz):
    live = quiz(1)
    live.run("quizzer.run_quiz(1, question=3, answer='bc')")
    assert live.value("[box.value for box in questions[2].field.root.children]") == [False, True, True, False]
    assert live.value("questions[2].button.disabled") is True


def test_saved_widgets_hold_no_answers(live):
    """Nothing that tells which option is right is sent to the page, or saved with it, before it was answered."""
    live.run(SETUP)
    live.run("for number in range(1, 7):\n    quizzer.run_quiz(number)")
    shown = json.dumps(live.outputs)
    shown += live.run(
        "import ipywidgets\nfrom ipywidgets.embed import dependency_state\nimport json\n"
        "roots = [widget.root for widget in quizzer._widgets.values()]\n"
        "print(json.dumps(dependency_state(roots, drop_defaults=False)))"
    )
    said = re.sub(r"&#x27;|&quot;|\\u\w{4}|\W", "", shown)
    secrets = json.loads((ROOT / "quizzes" / "SE05.json").read_text(encoding="utf-8"))
    questions = [question for quiz in secrets["quizzes"] for question in quiz["questions"]]
    assert "Whichplanistransferlearning" in said
    for question in questions:
        hidden = [entry["why"] for key in ("options", "items", "mistakes") for entry in question.get(key, [])]
        for text in [*hidden, question["explanation"]]:
            assert re.sub(r"\W", "", text.encode("ascii", "ignore").decode()) not in said, text
    assert '"correct"' not in shown
