import subprocess
import sys
from pathlib import Path

import pytest

from utils.core.errors import QuizAnswerError, QuizFormatError, QuizNotFoundError, SessionNotFoundError
from utils.core.quiz import QuizManager


@pytest.fixture
def quizzer(content, write, tmp_path):
    write(content)
    return QuizManager("SX01", directory=tmp_path)


def _said(capsys):
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out


def test_showing_a_quiz_gives_nothing_away(quizzer, capsys):
    assert quizzer.run_quiz(1) is None
    said = _said(capsys)
    assert "Quiz 1: Alone" in said
    assert "  b) Yes" in said
    assert 'quizzer.run_quiz(1, answer="a")' in said
    assert "Because" not in said
    assert "✓" not in said


def test_quiz_of_several_questions_says_how_each_is_answered(quizzer, capsys):
    quizzer.run_quiz(2)
    said = _said(capsys)
    assert "1. Prompt 1" in said
    assert 'quizzer.run_quiz(2, question=2, answer="a")' in said


def test_wrong_answer_explains_only_itself_and_offers_a_second_try(quizzer, capsys):
    quizzer.run_quiz(1, answer="a")
    said = _said(capsys)
    assert "not quite" in said
    assert "Because of a." in said
    assert "Because of b." not in said
    assert "second try" in said


def test_right_answer_explains_every_option(quizzer, capsys):
    quizzer.run_quiz(1, answer=" B ")
    said = _said(capsys)
    assert "✓ right" in said
    assert all(f"Because of {letter}." in said for letter in "abc")
    assert "1 of 6 questions right" in said


def test_second_wrong_option_reveals_the_answer(quizzer, capsys):
    quizzer.run_quiz(1, answer="a")
    quizzer.run_quiz(1, answer="c")
    assert "the answer is b" in _said(capsys)


def test_running_the_same_wrong_answer_again_is_no_further_try(quizzer, capsys):
    for _ in range(3):
        quizzer.run_quiz(1, answer="a")
    assert "the answer is" not in _said(capsys)
    quizzer.run_quiz(1, answer="b")
    assert quizzer.score().right == 1


def test_answer_after_two_wrong_ones_scores_nothing(quizzer, capsys):
    for letter in "acb":
        quizzer.run_quiz(1, answer=letter)
    assert "✓ right" in _said(capsys)
    assert (quizzer.score().right, quizzer.score().answered, quizzer.score().total) == (0, 1, 6)


def test_wrong_answer_after_the_right_one_takes_nothing_away(quizzer, capsys):
    for letter in "bac":
        quizzer.run_quiz(1, answer=letter)
    assert quizzer.score().right == 1


def test_questions_of_a_quiz_are_scored_apart(quizzer):
    quizzer.run_quiz(2, answer="b")
    quizzer.run_quiz(2, answer="a", question=2)
    assert (quizzer.score().right, quizzer.score().answered) == (1, 2)
    assert str(quizzer.score()) == repr(quizzer.score()) == "1 of 6 questions right (2 answered so far)."


@pytest.mark.parametrize("number", [0, 4, "1", None, True])
def test_unknown_quiz_is_an_error_that_lists_the_known(quizzer, number):
    with pytest.raises(QuizNotFoundError, match=r"no quiz .*this session has 1, 2, 3\."):
        quizzer.run_quiz(number)


@pytest.mark.parametrize("question", [0, 2, "1"])
def test_unknown_question_is_an_error(quizzer, question):
    with pytest.raises(QuizNotFoundError, match=r"Quiz 1 has no question .*; it has 1\."):
        quizzer.run_quiz(1, answer="a", question=question)


@pytest.mark.parametrize("answer", ["d", "", "ab", 2, True, ["a", "b"], {"a": 1}])
def test_unknown_letter_is_an_error_and_costs_no_try(quizzer, answer):
    with pytest.raises(QuizAnswerError, match=r"give the letter of one option: 'a', 'b', 'c'\."):
        quizzer.run_quiz(1, answer=answer)
    assert quizzer.score().answered == 0


def test_misspelt_option_is_an_error(quizzer):
    with pytest.raises(TypeError, match="anwser"):
        quizzer.run_quiz(1, anwser="b")


@pytest.mark.parametrize("answer", ["bc", "c, b", ["b", "c"], ("c", "b"), {"b", "c"}, "B C"])
def test_several_letters_are_read_however_they_are_written(quizzer, answer):
    quizzer.run_quiz(3, question=1, answer=answer)
    assert quizzer.score().right == 1


def test_a_wrong_tick_is_explained_and_a_missing_one_only_counted(quizzer, capsys):
    quizzer.run_quiz(3, question=1, answer="ab")
    said = _said(capsys)
    assert "One is odd." in said
    assert "Four" not in said
    quizzer.run_quiz(3, question=1, answer="b")
    assert "the answer is b and c" in _said(capsys)


@pytest.mark.parametrize(
    ("answer", "says"),
    [(12, "four times three"), ("12.005", "four times three"), (1.0, "Divide three by four."), (0.765, "Divide")],
)
def test_wrong_number_gets_the_feedback_to_its_mistake(quizzer, capsys, answer, says):
    quizzer.run_quiz(3, question=2, answer=answer)
    said = _said(capsys)
    assert says in said
    assert "0.75" not in said.replace("0.765", "")


@pytest.mark.parametrize("answer", [0.75, "0.75", 0.74, 0.76, " .755 "])
def test_number_within_tolerance_is_right(quizzer, answer):
    quizzer.run_quiz(3, question=2, answer=answer)
    assert quizzer.score().right == 1


@pytest.mark.parametrize("answer", ["0,75", "three", "", True, float("nan"), "inf", [0.75]])
def test_what_is_no_number_costs_no_try(quizzer, answer):
    with pytest.raises(QuizAnswerError, match=r"is no number; write it like 0\.5, with a point"):
        quizzer.run_quiz(3, question=2, answer=answer)
    assert quizzer.score().answered == 0


def _letters(question, *texts):
    letters = {text: letter for letter, text in question.choices}
    return [letters[text] for text in texts]


def test_order_is_shown_shuffled_and_judged_from_the_top(quizzer, capsys):
    question = quizzer._quizzes[3].questions[2]
    assert [text for _, text in question.choices] != ["Mouse", "Dog", "Horse"]
    quizzer.run_quiz(3, question=3, answer=_letters(question, "Mouse", "Horse", "Dog"))
    said = _said(capsys)
    assert "The first one is right. This one comes too early: Horse" in said
    assert "the answer is" not in said
    quizzer.run_quiz(3, question=3, answer=_letters(question, "Mouse", "Dog", "Horse"))
    assert quizzer.score().right == 1


@pytest.mark.parametrize("answer", ["ab", "abb", "abcd", "abd"])
def test_order_needs_each_letter_once(quizzer, answer):
    with pytest.raises(QuizAnswerError, match="each of the letters a, b and c once, in your order"):
        quizzer.run_quiz(3, question=3, answer=answer)


def test_shuffling_leaves_the_random_state_alone(quizzer):
    import random

    state = random.getstate()
    quizzer.run_quiz(3)
    assert random.getstate() == state


def test_unknown_session_lists_the_known(tmp_path, content, write):
    write(content)
    with pytest.raises(SessionNotFoundError, match="'SX99'; there are for SX01"):
        QuizManager("SX99", directory=tmp_path)


def test_faulty_file_is_found_when_the_manager_is_made(tmp_path, content, write):
    content["quizzes"][0]["title"] = ""
    write(content)
    with pytest.raises(QuizFormatError, match="title is empty"):
        QuizManager("SX01", directory=tmp_path)


def test_managers_keep_their_answers_apart(content, write, tmp_path, quizzer):
    quizzer.run_quiz(1, answer="b")
    assert QuizManager("SX01", directory=tmp_path).score().answered == 0


ROOT = Path(__file__).parents[2]
SCRIPT = """
import sys
from utils.core import QuizManager
quizzer = QuizManager("SE05")
for number in range(1, 7):
    quizzer.run_quiz(number)
quizzer.run_quiz(1, answer="a")
quizzer.run_quiz(6, question=2, answer=0.7)
assert not {"IPython", "ipywidgets"} & set(sys.modules) and "torch" not in sys.modules
"""


def test_nothing_blocks_and_nothing_goes_to_stderr_without_input():
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", SCRIPT],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "Quiz 5: Learning rates" in done.stdout
