"""Quizzes and feedback as HTML cards and as plain text.

The cards take colours from the page and say everything in words, so that they read alike in light and dark themes.
"""

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from utils.core.quiz_content import Question, Quiz

if TYPE_CHECKING:
    from utils.core.quiz import Feedback, QuizScore

__all__ = ["Card", "feedback_card", "quiz_card"]

_CARD_STYLE = (
    "border:1px solid rgba(128,128,128,.35);border-left:6px solid #3b7dd8;border-radius:6px;padding:8px 16px;"
    "margin:6px 0;max-width:760px;font-size:14px;line-height:1.5;"
    "font-family:system-ui,-apple-system,Segoe UI,Roboto,sans-serif"
)
_PARAGRAPH = '<p style="margin:8px 0">{}</p>'
_CODE = r'<code style="background:rgba(128,128,128,.15);border-radius:3px;padding:0 3px">\1</code>'


@dataclass(frozen=True)
class Card:
    """One content in two forms: notebooks take the HTML, everything else the text."""

    html: str
    text: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return self.text

    __str__ = __repr__


def quiz_card(quiz: Quiz) -> Card:
    """Show every question of a quiz, its options and how to answer it.

    Parameters
    ----------
    quiz : Quiz
        What to show; nothing of it tells which option is correct.

    Returns
    -------
    Card
    """
    heading = f"Quiz {quiz.number}: {quiz.title}"
    html_parts, text_parts = [_bold(heading)], [heading]
    for number, question in enumerate(quiz.questions, 1):
        prompt = question.prompt if len(quiz.questions) == 1 else f"{number}. {question.prompt}"
        call = f"Answer with {_call(quiz, number)}, with the letter of your choice."
        html_parts += [_paragraph(prompt), _html_options(question), _paragraph(call)]
        text_parts += ["", prompt, *_text_options(question), call]
    return _card(heading, html_parts, text_parts)


def feedback_card(quiz: Quiz, number: int, feedback: "Feedback", score: "QuizScore") -> Card:
    """Show what there is to say about an answer.

    Parameters
    ----------
    quiz : Quiz
        The quiz answered.
    number : int
        Number of the question within the quiz, from 1.
    feedback : Feedback
        The judged answer.
    score : QuizScore
        The score so far, this answer included.

    Returns
    -------
    Card
        The chosen option's feedback; with ``feedback.explains`` also that of every other option.
    """
    question = quiz.questions[number - 1]
    which = f", question {number}" if len(quiz.questions) > 1 else ""
    heading = f"Quiz {quiz.number}{which}: {_verdict(question, feedback)}"
    chosen = question.option(feedback.letter)
    lines = [f"{feedback.letter}) {chosen.text}", chosen.why]
    if feedback.explains:
        others = [letter for letter in question.letters if letter != feedback.letter]
        lines += ["The other options:", *(_explain(question, letter) for letter in others), f"Score: {score}"]
    else:
        lines += [f"You have a second try: {_call(quiz, number)}, with another letter."]
    return _card(heading, [_bold(heading), *map(_paragraph, lines)], [heading, *lines])


def _verdict(question: Question, feedback: "Feedback") -> str:
    if feedback.right:
        return "✓ right."
    return f"✗ not quite; the answer is {question.correct_letter}." if feedback.explains else "✗ not quite."


def _explain(question: Question, letter: str) -> str:
    option = question.option(letter)
    return f"{'✓' if option.correct else '✗'} {letter}) {option.text} {option.why}"


def _call(quiz: Quiz, number: int) -> str:
    which = f", question={number}" if len(quiz.questions) > 1 else ""
    return f'`quizzer.run_quiz({quiz.number}{which}, answer="a")`'


def _text_options(question: Question) -> list[str]:
    return [f"  {letter}) {question.option(letter).text}" for letter in question.letters]


def _html_options(question: Question) -> str:
    items = "".join(f"<li>{_inline(option.text)}</li>" for option in question.options)
    return f'<ol type="a" style="margin:8px 0;padding-left:2em;list-style-type:lower-alpha">{items}</ol>'


def _card(label: str, html_parts: list[str], text_parts: list[str]) -> Card:
    body = "".join(html_parts)
    frame = f'<section aria-label="{html.escape(label)}" style="{_CARD_STYLE}">{body}</section>'
    return Card(html=frame, text="\n".join(text_parts))


def _paragraph(text: str) -> str:
    return _PARAGRAPH.format(_inline(text))


def _bold(text: str) -> str:
    return _PARAGRAPH.format(f"<strong>{_inline(text)}</strong>")


def _inline(text: str) -> str:
    """Escape text for HTML; what stands between backticks becomes code."""
    return re.sub(r"`([^`]+)`", _CODE, html.escape(text))
