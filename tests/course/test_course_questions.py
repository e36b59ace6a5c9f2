"""Written questions: nbgrader's manually graded cells, whose model answers stay with the instructor."""

import nbformat
import pytest

from utils.core.errors import ExerciseDefinitionError
from utils.core.exercise import SESSIONS, Session, WrittenQuestion, load_session
from utils.course.build import build_notebook
from utils.course.cells import SourceCell
from utils.course.layout import find_notebooks
from utils.course.markers import marker_problems
from utils.course.questions import question_problems

QUESTION = WrittenQuestion(number=1, title="Why", points=10)
ANSWER = "**Your answer to question 1: Why**\n\n### BEGIN SOLUTION\nBecause of this and that.\n### END SOLUTION"


def cell(text, kind="markdown"):
    return SourceCell(number=1, kind=kind, text=text, line=1)


def test_a_proper_answer_has_no_problems():
    assert question_problems([cell(ANSWER)], [QUESTION]) == []
    assert marker_problems(cell(ANSWER)) == []


@pytest.mark.parametrize(
    ("text", "says"),
    {
        "unknown": (ANSWER.replace("question 1", "question 7"), "the checks know no question 7"),
        "misnamed": (ANSWER.replace("Why**", "Wherefore**"), "the checks call question 1 'Why', not 'Wherefore'"),
        "no region": ("**Your answer to question 1: Why**\n\nBecause.", "needs one region"),
        "missing": ("Some text.", "question 1 of the checks is missing here"),
    }.values(),
    ids=["unknown", "misnamed", "no region", "missing"],
)
def test_what_is_wrong_is_said(text, says):
    problems = question_problems([cell(text)], [QUESTION])
    assert any(says in problem.message for problem in problems), problems


def test_two_answers_to_one_question_are_one_too_many():
    problems = question_problems([cell(ANSWER), cell(ANSWER)], [QUESTION])
    assert "a second answer to question 1" in problems[0].message


def test_markers_in_any_other_text_are_refused_and_unbalanced_ones_in_an_answer():
    assert marker_problems(cell("Some text.\n### BEGIN SOLUTION\n### END SOLUTION"))
    assert "without" in marker_problems(cell(ANSWER.replace("### END SOLUTION", "")))[0].message


def test_questions_are_numbered_from_one_and_worth_something():
    exercises = load_session("SE06").exercises
    for questions in ((WrittenQuestion(2, "Two", 5),), (WrittenQuestion(1, "Nothing", 0),)):
        with pytest.raises(ExerciseDefinitionError, match="questions"):
            Session("SX", "Toy", exercises, questions)


@pytest.mark.parametrize(
    "files", [f for f in find_notebooks() if load_session(f.session).questions], ids=lambda f: f.session
)
def test_students_get_a_stub_and_instructors_the_guide(files):
    session = load_session(files.session)
    built = build_notebook(files, session)
    student, solution = (nbformat.reads(text, as_version=4) for text in (built.student, built.solution))
    for question in session.questions:
        released, kept = (_answer(notebook, question.number) for notebook in (student, solution))
        wanted = {"grade": True, "solution": True, "locked": False, "task": False, "points": question.points}
        assert wanted.items() <= released.metadata.nbgrader.items()
        assert released.source.endswith("YOUR ANSWER HERE")
        assert "Marking guide" not in released.source
        assert f"Marking guide ({question.points} points)" in kept.source
    assert "Marking guide" not in built.student
    assert set(SESSIONS) >= {files.session}


def _answer(notebook, number):
    return next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == f"q{number:02}-answer")
