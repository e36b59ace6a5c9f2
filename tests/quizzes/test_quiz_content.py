import json
from pathlib import Path

import pytest

from utils.core.errors import QuizFormatError
from utils.core.quiz_content import load_quizzes

SESSIONS = sorted((Path(__file__).parents[2] / "quizzes").glob("*.json"))


def _first_question(content):
    return content["quizzes"][0]["questions"][0]


def _second_of_pair(content):
    return content["quizzes"][1]["questions"][1]


def _two_correct(content):
    _first_question(content)["options"][0]["correct"] = True


def _none_correct(content):
    _first_question(content)["options"][1]["correct"] = False


def _empty_why(content):
    _first_question(content)["options"][2]["why"] = "  "


def _no_prompt(content):
    del _first_question(content)["prompt"]


def _misspelt_key(content):
    _first_question(content)["options"][0]["becuase"] = "x"


def _same_id_in_two_quizzes(content):
    _second_of_pair(content)["id"] = "alone"


def _same_option_twice(content):
    _second_of_pair(content)["options"][1]["text"] = "Left"


def _one_option(content):
    del _second_of_pair(content)["options"][1]


def _correct_as_text(content):
    _second_of_pair(content)["options"][1]["correct"] = "false"


def _option_is_text(content):
    _second_of_pair(content)["options"][1] = "Right"


def _number_skipped(content):
    content["quizzes"][1]["number"] = 3


def _number_is_true(content):
    content["quizzes"][0]["number"] = True


def _no_questions(content):
    content["quizzes"][1]["questions"] = []


def _other_session(content):
    content["session"] = "SX02"


@pytest.mark.parametrize(
    ("breaks", "place", "fault"),
    [
        (_two_correct, "quiz 1, question 1 (alone)", "2 options are marked correct"),
        (_none_correct, "quiz 1, question 1 (alone)", "0 options are marked correct"),
        (_empty_why, "quiz 1, question 1 (alone)", "why is empty"),
        (_no_prompt, "quiz 1, question 1 (alone)", "missing: prompt"),
        (_misspelt_key, "quiz 1, question 1 (alone)", "unknown: becuase"),
        (_same_id_in_two_quizzes, "SX01.json", "the question id 'alone' is there twice"),
        (_same_option_twice, "quiz 2, question 2 (pair-2)", "the option 'Left' is there twice"),
        (_one_option, "quiz 2, question 2 (pair-2)", "it has 1 options"),
        (_correct_as_text, "quiz 2, question 2 (pair-2)", "correct needs to be of type bool"),
        (_option_is_text, "quiz 2, question 2 (pair-2)", "expected an object"),
        (_number_skipped, "quiz 2", "its number is 3"),
        (_number_is_true, "quiz 1", "number needs to be of type int"),
        (_no_questions, "quiz 2", "it has no questions"),
        (_other_session, "SX01.json", "the session is 'SX02'"),
    ],
)
def test_fault_is_named_with_file_and_place(content, write, breaks, place, fault):
    breaks(content)
    with pytest.raises(QuizFormatError) as caught:
        load_quizzes(write(content))
    message = str(caught.value)
    assert message.startswith("SX01.json")
    assert place in message
    assert fault in message


def test_unreadable_json_is_named_with_its_line(tmp_path):
    path = tmp_path / "SX01.json"
    path.write_text('{"session": "SX01",\n oops}', encoding="utf-8")
    with pytest.raises(QuizFormatError, match=r"SX01\.json: this is not valid JSON: .*line 2"):
        load_quizzes(path)


def test_content_is_read_in_order(content, write):
    first, second = load_quizzes(write(content))
    assert (first.number, first.title, len(first.questions)) == (1, "Alone", 1)
    assert [question.id for question in second.questions] == ["pair-1", "pair-2"]
    assert first.questions[0].letters == "abc"
    assert first.questions[0].correct_letter == "b"
    assert first.questions[0].option("c").why == "Because of c."


@pytest.mark.parametrize("path", SESSIONS, ids=lambda path: path.stem)
def test_every_session_has_five_quizzes_and_scattered_answers(path):
    quizzes = load_quizzes(path)
    letters = [question.correct_letter for quiz in quizzes for question in quiz.questions]
    assert len(quizzes) >= 5
    assert max(letters.count(letter) for letter in set(letters)) <= len(letters) / 2


@pytest.mark.parametrize("path", SESSIONS, ids=lambda path: path.stem)
def test_no_feedback_is_used_twice(path):
    options = [
        option
        for quiz in json.loads(path.read_text(encoding="utf-8"))["quizzes"]
        for question in quiz["questions"]
        for option in question["options"]
    ]
    assert len({option["why"] for option in options}) == len(options)


def test_there_are_sessions_to_test():
    assert SESSIONS
