"""Match a source's written answers with the session's questions, which a person marks.

The answer's cell is markdown. Its first line is ``**Your answer to question 1: Title**``; model answer and marking guide
stand in a region below it, which the student notebook does not get.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from utils.core.exercise import WrittenQuestion
from utils.course.cells import SourceCell
from utils.course.errors import Problem
from utils.course.markers import regions

__all__ = ["QuestionCell", "match_questions", "question_number", "question_problems"]

FIRST_LINE = re.compile(r"\*\*Your answer to question (?P<number>[1-9]\d*): (?P<title>\S.*?)\*\*")


@dataclass(frozen=True)
class QuestionCell:
    """One question with the cell of its answer."""

    question: WrittenQuestion
    answer: SourceCell


def match_questions(cells: Sequence[SourceCell], questions: Sequence[WrittenQuestion]) -> list[QuestionCell]:
    """Pair each question with its cell; the source must be free of `question_problems`."""
    answers = {question_number(cell): cell for cell in cells if question_number(cell)}
    return [QuestionCell(each, answers[each.number]) for each in questions]


def question_number(cell: SourceCell) -> int | None:
    """Return the number of the question that a cell answers, or None."""
    match = _first_line(cell)
    return int(match["number"]) if match else None


def question_problems(cells: Sequence[SourceCell], questions: Sequence[WrittenQuestion]) -> list[Problem]:
    """List unknown, repeated, missing and misnamed answers, and those without exactly one region."""
    problems, titles, seen = [], {each.number: each.title for each in questions}, set()
    for cell in cells:
        match = _first_line(cell)
        if match is None:
            continue
        number, title = int(match["number"]), match["title"]
        if number not in titles:
            problems.append(cell.problem(1, f"the checks know no question {number}."))
        elif title != titles[number]:
            problems.append(cell.problem(1, f"the checks call question {number} {titles[number]!r}, not {title!r}."))
        if number in seen:
            problems.append(cell.problem(1, f"a second answer to question {number}."))
        if len(regions(cell.text)) != 1:
            message = f"the answer to question {number} needs one region, with model answer and marking guide."
            problems.append(cell.problem(1, message))
        seen.add(number)
    missing = sorted(set(titles) - seen)
    return problems + [Problem(0, 0, f"question {number} of the checks is missing here.") for number in missing]


def _first_line(cell: SourceCell) -> re.Match | None:
    return FIRST_LINE.fullmatch(cell.lines[0].rstrip()) if cell.kind == "markdown" else None
