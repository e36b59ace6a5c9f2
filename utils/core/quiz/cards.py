"""Quizzes and feedback as HTML and as plain text.

The cards take colours from the page and say everything in words, so that they read alike in light and dark themes, and
where style is lost.
"""

import base64
import html
import re

from utils.core.quiz.attempts import Attempts, QuizScore
from utils.core.quiz.question import Question, Quiz
from utils.core.showing import Card

__all__ = ["feedback_card", "feedback_html", "prompt_html", "quiz_card"]

_CARD_STYLE = (
    "border:1px solid rgba(128,128,128,.35);border-left:6px solid #3b7dd8;border-radius:6px;padding:8px 16px;"
    "margin:6px 0;max-width:760px;font-size:14px;line-height:1.5;"
    "font-family:system-ui,-apple-system,Segoe UI,Roboto,sans-serif"
)
_BOX_STYLE = (
    "border-left:4px solid {accent};background:rgba(128,128,128,.10);border-radius:4px;padding:6px 14px;margin:8px 0"
)
_RIGHT, _WRONG = "#1a7f4b", "#b4430a"
_CODE = r'<code style="background:rgba(128,128,128,.15);border-radius:3px;padding:0 3px">\1</code>'


def quiz_card(quiz: Quiz) -> Card:
    """Show every question of a quiz, its options and how to answer it; nothing of it tells which option is correct."""
    heading = f"Quiz {quiz.number}: {quiz.title}"
    html_parts, text_parts = [_paragraph(heading, bold=True)], [heading]
    for number, question in enumerate(quiz.questions, 1):
        call = f"{question.instruction} Answer with {_call(quiz, number)}, with your own answer."
        html_parts += [prompt_html(quiz, number), _html_choices(question), _paragraph(call)]
        text_parts += ["", _prompt(quiz, number), *_text_picture(question), *_text_choices(question), call]
    return _card(heading, html_parts, text_parts)


def feedback_card(quiz: Quiz, number: int, answer: object, attempts: Attempts, score: QuizScore) -> Card:
    """Show what there is to say about an answer.

    Parameters
    ----------
    quiz : Quiz
        The quiz answered.
    number : int
        Number of the question within the quiz, from 1.
    answer : str or float
        As the question has read it.
    attempts : Attempts
        All answers to the question, this one included.
    score : QuizScore
        The score so far.

    Returns
    -------
    Card
        What is to be said of this answer; everything about the question once it is settled.
    """
    which = f", question {number}" if len(quiz.questions) > 1 else ""
    heading = f"Quiz {quiz.number}{which}: {_verdict(answer, attempts)}"
    lines = _feedback(answer, attempts)
    if attempts.is_settled:
        lines.append(("", f"Score: {score}"))
    else:
        lines.append(("", f"You have a second try: {_call(quiz, number)}, with another answer."))
    text = [f"{start} {rest}".strip() for start, rest in lines]
    return _card(heading, [_paragraph(heading, bold=True), *map(_line, lines)], [heading, *text])


def feedback_html(answer: object, attempts: Attempts) -> str:
    """Write the feedback that stands under a question to be clicked."""
    lines = _feedback(answer, attempts)
    if not attempts.is_settled:
        lines.append(("", "You have a second try."))
    body = _paragraph(_verdict(answer, attempts), bold=True) + "".join(map(_line, lines))
    style = _BOX_STYLE.format(accent=_RIGHT if attempts.question.judge(answer).right else _WRONG)
    return f'<div role="status" style="{style}">{body}</div>'


def prompt_html(quiz: Quiz, number: int) -> str:
    """Write a question's prompt and its picture."""
    picture = quiz.questions[number - 1].picture
    if picture is None:
        return _paragraph(_prompt(quiz, number))
    data = base64.b64encode(picture.path.read_bytes()).decode("ascii")
    image = (
        f'<img src="data:image/png;base64,{data}" alt="{html.escape(picture.alt)}" '
        'style="max-width:100%;height:auto;border-radius:4px">'
    )
    return f"{_paragraph(_prompt(quiz, number))}<div>{image}</div>"


def _prompt(quiz: Quiz, number: int) -> str:
    prompt = quiz.questions[number - 1].prompt
    return prompt if len(quiz.questions) == 1 else f"{number}. {prompt}"


def _verdict(answer: object, attempts: Attempts) -> str:
    question = attempts.question
    if question.judge(answer).right:
        return "✓ right."
    if not attempts.is_settled:
        return "✗ not quite."
    return f"✗ not quite; the answer is {question.solution_words}."


def _feedback(answer: object, attempts: Attempts) -> list[tuple[str, str]]:
    """Return lines of what to say about an answer, each with the words that stand out at its start.

    Once the question is settled, everything else about it follows, and the idea behind it.
    """
    question = attempts.question
    told = question.judge(answer).says
    lines = [("", said) for said in told]
    if attempts.is_settled:
        rest = [remark for remark in question.remarks if remark.why not in told]
        lines += [(f"{'✓' if remark.correct else '✗'} {_closed(remark.text)}", remark.why) for remark in rest]
        lines.append(("In short:", question.explanation))
    return lines


def _closed(text: str) -> str:
    """End a remark's text so that a sentence can follow."""
    return text if text[-1] in ".?!" else f"{text}:"


def _call(quiz: Quiz, number: int) -> str:
    which = f", question={number}" if len(quiz.questions) > 1 else ""
    return f"`quizzer.run_quiz({quiz.number}{which}, answer={quiz.questions[number - 1].sample_answer})`"


def _text_picture(question: Question) -> list[str]:
    return [f"[Picture: {question.picture.alt}.]"] if question.picture else []


def _text_choices(question: Question) -> list[str]:
    return [f"  {letter}) {text}" for letter, text in question.choices]


def _html_choices(question: Question) -> str:
    if not question.choices:
        return ""
    items = "".join(f"<li>{_inline(text)}</li>" for _, text in question.choices)
    return f'<ol type="a" style="margin:8px 0;padding-left:2em;list-style-type:lower-alpha">{items}</ol>'


def _card(label: str, html_parts: list[str], text_parts: list[str]) -> Card:
    body = "".join(html_parts)
    frame = f'<section aria-label="{html.escape(label)}" style="{_CARD_STYLE}">{body}</section>'
    return Card(html=frame, text="\n".join(text_parts))


def _paragraph(text: str, bold: bool = False) -> str:
    inner = _inline(text)
    return f'<p style="margin:8px 0">{f"<strong>{inner}</strong>" if bold else inner}</p>'


def _line(line: tuple[str, str]) -> str:
    start, rest = line
    if not start:
        return _paragraph(rest)
    return f'<p style="margin:8px 0"><strong>{_inline(start)}</strong> {_inline(rest)}</p>'


def _inline(text: str) -> str:
    """Escape text for HTML; what stands between backticks becomes code."""
    return re.sub(r"`([^`]+)`", _CODE, html.escape(text))
