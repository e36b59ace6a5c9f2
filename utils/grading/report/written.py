"""Answers in words and the marks that a person gave them in nbgrader's Formgrader."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook, MissingEntry, SubmittedNotebook

from utils.core.exercise import WrittenQuestion
from utils.course.identity import question_id
from utils.course.questions import FIRST_LINE
from utils.grading.course_folder import CourseFolder

__all__ = ["Mark", "marks_of", "questions_of", "written_answers"]


@dataclass(frozen=True)
class Mark:
    """What an answer in words earned.

    Attributes
    ----------
    score : float or None
        None while it waits to be marked; an answer that was left as it was handed out has 0.
    comment : str
        Written beside it in Formgrader.
    """

    score: float | None
    comment: str = ""


def questions_of(folder: CourseFolder) -> tuple[WrittenQuestion, ...]:
    """Return the session's questions as the gradebook has them; none without a gradebook."""
    if not (folder.root / "gradebook.db").is_file():
        return ()
    with Gradebook(folder.database) as gradebook:
        try:
            notebook = gradebook.find_notebook(folder.name, folder.session)
        except MissingEntry:
            return ()
        points = {cell.name: cell.max_score for cell in notebook.grade_cells}
        sources = [cell.source for cell in notebook.source_cells if cell.name in points]
    found = [match for source in sources if (match := FIRST_LINE.match(source or ""))]
    questions = (
        WrittenQuestion(int(match["number"]), match["title"], points[question_id(int(match["number"]))])
        for match in found
    )
    return tuple(sorted(questions, key=lambda each: each.number))


def marks_of(notebook: SubmittedNotebook, questions: Iterable[WrittenQuestion]) -> dict[int, Mark]:
    """Return the marks of one submission, by the question's number."""
    grades = {grade.name: grade for grade in notebook.grades}
    comments = {comment.name: comment.comment or "" for comment in notebook.comments}
    marks = {}
    for question in questions:
        name = question_id(question.number)
        if name in grades:
            score = None if grades[name].needs_manual_grade else float(grades[name].score)
            marks[question.number] = Mark(score, comments.get(name, ""))
    return marks


def written_answers(path: Path, questions: Iterable[WrittenQuestion]) -> dict[int, str]:
    """Read the answers in words of a notebook that has nbgrader's ids; none if there is no such notebook."""
    if not path.is_file():
        return {}
    numbers = {question_id(question.number): question.number for question in questions}
    cells = ((cell.metadata.get("nbgrader", {}).get("grade_id"), cell) for cell in nbformat.read(path, 4).cells)
    return {
        numbers[name]: re.sub(FIRST_LINE, "", cell.source, count=1).strip() for name, cell in cells if name in numbers
    }
