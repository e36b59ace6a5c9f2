"""A quiz to click: the only file of the quizzes that knows ipywidgets, and it holds no rule.

Only what ipywidgets 7 and 8 have in common is used, because Colab ships 7.7. Answers never travel to the page: it gets
the feedback to what was answered, once it was answered.
"""

from collections.abc import Sequence
from html import escape

from ipywidgets import HTML, Button, HBox, Layout, VBox

from utils.core.errors import QuizAnswerError
from utils.core.quiz.attempts import Attempts
from utils.core.quiz.cards import feedback_html, prompt_html
from utils.core.quiz.fields import make_field
from utils.core.quiz.question import Quiz

__all__ = ["QuizWidget"]

# Text takes the page's own colour, so that one style serves light and dark themes. Widgets cut long labels off unless
# told to wrap them.
_STYLE = """<style>
.wq{border:1px solid rgba(128,128,128,.35);border-left:6px solid #3b7dd8;border-radius:6px;padding:6px 16px 12px;
 max-width:760px;box-sizing:border-box;margin:6px 0;color:inherit}
.wq .widget-html,.wq .widget-html-content,.wq .jupyter-widgets label,.wq .widget-label-basic{color:inherit;
 font-size:14px;line-height:1.5;height:auto;font-family:system-ui,-apple-system,Segoe UI,Roboto,sans-serif}
.wq .widget-html-content{overflow:visible}
.wq .widget-radio,.wq .widget-radio-box,.wq .widget-checkbox{width:100%;max-width:none;height:auto;margin:0}
.wq .widget-radio-box{padding:0}
.wq .widget-radio-box label,.wq .widget-checkbox label{display:flex;align-items:baseline;gap:8px;white-space:normal;
 width:100%;max-width:none;margin:4px 0;padding:3px 6px;border-radius:4px;cursor:pointer;text-align:left;height:auto;
 overflow:visible}
.wq .widget-radio-box label:hover,.wq .widget-checkbox label:hover{background:rgba(128,128,128,.12)}
.wq .widget-radio-box input,.wq .widget-checkbox input{order:-1;flex:none;margin:0;width:15px;height:15px;
 position:relative;top:2px}
.wq .widget-text{width:auto;height:32px}
.wq .widget-text .widget-label{width:auto;min-width:0;line-height:32px;margin:0 8px 0 0}
.wq .widget-text input{font-size:14px;height:30px}
.wq button{height:32px;line-height:30px;font-size:14px;border-radius:4px;margin-left:0}
.wq .wq-buttons{margin:6px 0 2px;align-items:center}
.wq .wq-answer{background:#1f5fbf;color:#fff}
.wq .wq-answer:disabled{opacity:.45}
.wq input:focus-visible,.wq button:focus-visible{outline:3px solid #e8a33d;outline-offset:1px}
.wq .wq-question{border-top:1px solid rgba(128,128,128,.25);padding:6px 0 4px;width:100%}
.wq .wq-move{min-width:34px;width:34px;padding:0;background:rgba(128,128,128,.18);color:inherit}
.wq .wq-row{align-items:center;width:100%}
.wq .wq-row .widget-html{flex:1 1 0;min-width:0}
</style>"""


class QuizWidget:
    """One quiz on the page.

    Parameters
    ----------
    quiz : Quiz
    attempts : sequence of Attempts
        One for each question, in order; what is answered here is noted there.

    Attributes
    ----------
    root : ipywidgets.VBox
        What to display.
    questions : list of QuestionWidget
    """

    def __init__(self, quiz: Quiz, attempts: Sequence[Attempts]):
        self._quiz, self._attempts = quiz, attempts
        self._header = HTML()
        self.questions = [
            QuestionWidget(quiz, number, each, self._show_score) for number, each in enumerate(attempts, 1)
        ]
        self.root = VBox([HTML(_STYLE), self._header, *(question.root for question in self.questions)])
        self.root.add_class("wq")
        self.refresh()

    def refresh(self) -> None:
        """Show what was answered meanwhile, for instance by a call of `run_quiz`."""
        for question in self.questions:
            question.refresh()
        self._show_score()

    def _show_score(self) -> None:
        right, total = sum(each.is_right for each in self._attempts), len(self._attempts)
        answered = sum(bool(each.answers) for each in self._attempts)
        title = f"Quiz {self._quiz.number}: {self._quiz.title}"
        score = f"{right} of {total} right" if answered else f"{total} question{'s' if total > 1 else ''}"
        self._header.value = (
            '<div style="display:flex;flex-wrap:wrap;justify-content:space-between;gap:4px 16px;margin:4px 0">'
            f'<strong style="font-size:16px">{escape(title)}</strong> <span>{score}</span></div>'
        )


class QuestionWidget:
    """One question: prompt, what to answer with, a button, and room for feedback.

    Attributes
    ----------
    field : Field
        What the answer is given with.
    button : ipywidgets.Button
        Hands the answer in.
    feedback : ipywidgets.HTML
    """

    def __init__(self, quiz: Quiz, number: int, attempts: Attempts, on_change):
        self._attempts, self._on_change = attempts, on_change
        question = attempts.question
        self.field = make_field(question)
        self.button = Button(description="Answer", tooltip=f"Hand in the answer to question {number}")
        self.button.add_class("wq-answer")
        self.button.on_click(self._answer)
        self.feedback = HTML()
        prompt = f'{prompt_html(quiz, number)}<p style="margin:4px 0;opacity:.8">{escape(question.instruction)}</p>'
        buttons = HBox([self.button])
        buttons.add_class("wq-buttons")
        self.root = VBox([HTML(prompt), self.field.root, buttons, self.feedback])
        self.root.layout = Layout(overflow="visible")
        self.root.add_class("wq-question")

    def refresh(self) -> None:
        """Show the last answer and the feedback to it."""
        if not self._attempts.answers:
            return
        answer = self._attempts.answers[-1]
        self.field.show(answer)
        self.feedback.value = feedback_html(answer, self._attempts)
        settled = self._attempts.is_settled
        self.field.disable(settled)
        self.button.disabled = settled
        self.button.description = "Answered" if settled else "Answer again"

    def _answer(self, _button) -> None:
        try:
            answer = self._attempts.question.read(self.field.answer)
        except QuizAnswerError as error:
            said = str(error) if self.field.answer else "Give an answer first."
            self.feedback.value = f'<p role="status">{escape(said)} That has cost no try.</p>'
            return
        self._attempts.add(answer)
        self.refresh()
        self._on_change()
