"""The numbers that SE05's quizzes call right, computed once more by other means."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torchvision.models import efficientnet_b0

from figs import quiz_dice, quiz_mask_resize
from utils.core.quiz.quiz_file import load_quizzes

QUIZZES = load_quizzes(Path(__file__).parents[2] / "quizzes" / "SE05.json")
QUESTIONS = {question.id: question for quiz in QUIZZES for question in quiz.questions}


def parameters(module):
    return sum(parameter.numel() for parameter in module.parameters())


def smallest_map():
    with torch.no_grad():
        return efficientnet_b0(weights=None).eval().features[:8](torch.zeros(1, 3, 96, 96)).shape[2]


def added_rows():
    heights = [110]
    for _ in range(4):
        heights.append(nn.MaxPool2d(2)(torch.zeros(1, 1, heights[-1], 2)).shape[2])
    return sum(skip - 2 * small for small, skip in zip(heights[:0:-1], heights[-2::-1], strict=True))


def jaccard_of_dice(dice):
    for union in range(1, 2000):  # two masks with whole numbers of pixels and this Dice
        for both in range(1, union + 1):
            if 2 * both / (union + both) == dice:
                return both / union
    raise AssertionError


ANSWERS = {
    "strategy-head-parameters": lambda: parameters(nn.Linear(1280, 7)),
    "selecting-smallest-map": smallest_map,
    "back-dice-by-hand": lambda: quiz_dice.PAIR.dice,
    "back-dice-to-jaccard": lambda: jaccard_of_dice(0.8),
    "back-padding": added_rows,
    "back-concatenate": lambda: nn.ConvTranspose2d(80, 40, 2, 2)(torch.zeros(1, 80, 2, 2)).shape[1] + 40,
    "back-parameters": lambda: parameters(nn.Conv2d(64, 128, 3, bias=False)),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_number_is_right(name):
    assert QUESTIONS[name].judge(float(ANSWERS[name]())).right


def test_every_number_question_is_computed_here():
    assert {name for name, question in QUESTIONS.items() if question.kind == "number"} == set(ANSWERS)


def test_pictures_show_what_the_questions_say():
    truth, prediction, both = quiz_dice.PAIR.counts
    assert f"2 · {both} / ({truth} + {prediction})" in QUESTIONS["back-dice-by-hand"].explanation
    assert QUESTIONS["back-dice-by-hand"].judge(quiz_dice.PAIR.jaccard).says[1].startswith("That is the Jaccard")
    assert set(np.unique(quiz_mask_resize.NEAREST)) == {0, 1}
    assert set(np.unique(quiz_mask_resize.AVERAGED)) == {0, 0.25, 0.5, 0.75, 1}
