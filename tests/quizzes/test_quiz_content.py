import json
from pathlib import Path

import pytest

from utils.core.errors import QuizFormatError
from utils.core.quiz.quiz_file import LARGEST_PICTURE_BYTES, load_quizzes

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


def _change(number, **values):
    """Return a function that changes keys of a question of the third quiz; None removes one."""

    def change(content):
        question = content["quizzes"][2]["questions"][number]
        question.update(values)
        for key in [key for key, value in values.items() if value is None]:
            del question[key]

    return change


EVEN = {"text": "Two", "correct": True, "why": "It is."}
MISTAKE = {"value": 12, "why": "Four times three."}
MOUSE, DOG = {"text": "Mouse", "why": "Small."}, {"text": "Dog", "why": "Large."}


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
        (_change(0, kind="choice"), "question 1 (several)", "its kind is 'choice'; the kinds are single, multiple"),
        (_change(0, kind=None), "question 1 (several)", "its kind is None"),
        (_change(0, kind=["single"]), "question 1 (several)", "its kind is ['single']"),
        (_change(0, explanation=" "), "question 1 (several)", "explanation is empty"),
        (_change(0, options=[EVEN, {**EVEN, "text": "Four"}, {**EVEN, "text": "Six"}]), "(several)", "marked alike"),
        (
            _change(0, options=[EVEN, {**EVEN, "correct": False, "text": "One"}]),
            "(several)",
            "has 2 options; expected 3",
        ),
        (_change(1, answer="0.75"), "question 2 (number)", "answer needs to be of type float"),
        (_change(1, answer=float("nan")), "question 2 (number)", "answer needs to be a finite number"),
        (_change(1, tolerance=-1), "question 2 (number)", "the tolerance is -1.0; the least is 0"),
        (_change(1, tolerance=None), "question 2 (number)", "missing: tolerance"),
        (_change(1, mistakes=[]), "question 2 (number)", "it has no mistakes"),
        (_change(1, mistakes=[{**MISTAKE, "value": 0.755}]), "question 2 (number)", "0.755 counts as right"),
        (_change(1, mistakes=[MISTAKE, MISTAKE]), "question 2 (number)", "the mistake 12.0 is there twice"),
        (_change(1, unit=3), "question 2 (number)", "unit needs to be of type str"),
        (_change(2, items=[MOUSE, DOG]), "question 3 (order)", "it has 2 items; expected 3 to 6"),
        (_change(2, items=[MOUSE, DOG, MOUSE]), "question 3 (order)", "the item 'Mouse' is there twice"),
        (_change(2, picture={"file": "figs/x.png"}), "question 3 (order)", "missing: alt"),
        (_change(2, picture={"file": "figs/x.png", "alt": "X"}), "(order)", "'figs/x.png' does not exist"),
        (_change(2, picture={"file": "figs/../x.png", "alt": "X"}), "(order)", "PNG files in figs/"),
        (_change(2, picture={"file": "data/x.png", "alt": "X"}), "(order)", "PNG files in figs/"),
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
    first, second, _ = load_quizzes(write(content))
    assert (first.number, first.title, len(first.questions)) == (1, "Alone", 1)
    assert [question.id for question in second.questions] == ["pair-1", "pair-2"]
    assert [letter for letter, _ in first.questions[0].choices] == ["a", "b", "c"]
    assert first.questions[0].solution == "b"
    assert first.questions[0].options[2].why == "Because of c."


def test_picture_is_found_beside_the_quizzes_folder_and_refused_if_large(content, tmp_path):
    (tmp_path / "quizzes").mkdir()
    (tmp_path / "figs").mkdir()
    file, picture = tmp_path / "quizzes" / "SX01.json", tmp_path / "figs" / "x.png"
    _first_question(content)["picture"] = {"file": "figs/x.png", "alt": "A square"}
    file.write_text(json.dumps(content), encoding="utf-8")
    picture.write_bytes(b"picture")
    assert load_quizzes(file)[0].questions[0].picture.path == picture
    picture.write_bytes(bytes(LARGEST_PICTURE_BYTES + 1))
    with pytest.raises(QuizFormatError, match="the most is 100000"):
        load_quizzes(file)


@pytest.mark.parametrize("path", SESSIONS, ids=lambda path: path.stem)
def test_every_session_has_all_kinds_a_picture_and_scattered_answers(path):
    questions = [question for quiz in load_quizzes(path) for question in quiz.questions]
    assert len(questions) >= 10
    assert {question.kind for question in questions} == {"single", "multiple", "number", "order"}
    assert any(question.picture for question in questions)
    letters = [question.solution for question in questions if question.kind == "single"]
    assert max(letters.count(letter) for letter in set(letters)) <= len(letters) / 2


@pytest.mark.parametrize("path", SESSIONS, ids=lambda path: path.stem)
def test_no_feedback_is_used_twice(path):
    said = [remark.why for quiz in load_quizzes(path) for question in quiz.questions for remark in question.remarks]
    said += [question.explanation for quiz in load_quizzes(path) for question in quiz.questions]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("path", SESSIONS, ids=lambda path: path.stem)
def test_first_feedback_to_a_wrong_choice_does_not_quote_the_right_one(path):
    for question in (question for quiz in load_quizzes(path) for question in quiz.questions):
        if question.kind == "single":
            right = next(option.text for option in question.options if option.correct)
            wrong = [letter for letter, _ in question.choices if letter != question.solution]
            assert not [letter for letter in wrong if right in " ".join(question.judge(letter).says)]


def test_there_are_sessions_to_test():
    assert SESSIONS
