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
    assert "1 of 3 questions right" in said


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
    assert (quizzer.score().right, quizzer.score().answered, quizzer.score().total) == (0, 1, 3)


def test_wrong_answer_after_the_right_one_takes_nothing_away(quizzer, capsys):
    for letter in "bac":
        quizzer.run_quiz(1, answer=letter)
    assert quizzer.score().right == 1


def test_questions_of_a_quiz_are_scored_apart(quizzer):
    quizzer.run_quiz(2, answer="b")
    quizzer.run_quiz(2, answer="a", question=2)
    assert (quizzer.score().right, quizzer.score().answered) == (1, 2)
    assert str(quizzer.score()) == repr(quizzer.score()) == "1 of 3 questions right (2 answered so far)."


@pytest.mark.parametrize("number", [0, 3, "1", None])
def test_unknown_quiz_is_an_error_that_lists_the_known(quizzer, number):
    with pytest.raises(QuizNotFoundError, match=r"no quiz .*this session has 1, 2\."):
        quizzer.run_quiz(number)


@pytest.mark.parametrize("question", [0, 2, "1"])
def test_unknown_question_is_an_error(quizzer, question):
    with pytest.raises(QuizNotFoundError, match=r"Quiz 1 has no question .*; it has 1\."):
        quizzer.run_quiz(1, answer="a", question=question)


@pytest.mark.parametrize("answer", ["d", "", "ab", 2, True, ["a"]])
def test_unknown_letter_is_an_error_and_costs_no_try(quizzer, answer):
    with pytest.raises(QuizAnswerError, match=r"choose one of 'a', 'b', 'c'\."):
        quizzer.run_quiz(1, answer=answer)
    assert quizzer.score().answered == 0


def test_misspelt_option_is_an_error(quizzer):
    with pytest.raises(TypeError, match="anwser"):
        quizzer.run_quiz(1, anwser="b")


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
for number in range(1, 6):
    quizzer.run_quiz(number)
    quizzer.run_quiz(number, answer="a")
assert "IPython" not in sys.modules and "torch" not in sys.modules
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
