"""AUC, accuracy and confusion matrix against scikit-learn's."""

import numpy as np
import pytest
import torch
from sklearn.metrics import accuracy_score, confusion_matrix, roc_auc_score
from torch import nn

from utils.ml import area_under_curve, evaluate_classification
from utils.ml.errors import BatchError, MissingAnswerError, OptionError


class Fixed(nn.Module):
    """Puts out the images' first two numbers as scores."""

    def __init__(self):
        super().__init__()
        self.drop = nn.Dropout(0.5)

    def forward(self, images):
        return self.drop(images.flatten(1)[:, :2])


@pytest.fixture
def batches():
    generator = torch.Generator().manual_seed(3)
    images = torch.randn(37, 1, 2, 2, generator=generator)
    labels = (torch.rand(37, generator=generator) < 0.6).long()
    return images, labels, list(zip(images.split(10), labels.split(10), strict=True))


def test_scores_are_those_of_scikit_learn(batches):
    images, labels, loader = batches
    scores = evaluate_classification(Fixed(), loader)
    probabilities = images.flatten(1)[:, :2].softmax(1)[:, 1]
    assert scores.auc == pytest.approx(roc_auc_score(labels, probabilities))
    assert scores.accuracy == pytest.approx(accuracy_score(labels, probabilities > 0.5))
    assert np.array_equal(scores.confusion.numpy(), confusion_matrix(labels, probabilities > 0.5))
    assert torch.allclose(scores.probabilities, probabilities)
    assert torch.equal(scores.labels, labels)


def test_ties_count_half():
    scores, labels = torch.tensor([0.2, 0.5, 0.5, 0.5, 0.9]), torch.tensor([0, 0, 1, 1, 0])
    assert area_under_curve(scores, labels) == pytest.approx(roc_auc_score(labels, scores))


def test_images_of_one_class_have_no_area():
    assert np.isnan(area_under_curve(torch.rand(4), torch.ones(4)))


def test_model_stays_in_its_mode_and_dropout_is_off(batches):
    model = Fixed().train()
    first, second = (evaluate_classification(model, batches[2]).auc for _ in range(2))
    assert first == second
    assert model.training


def test_what_does_not_fit_is_said(batches):
    _, labels, loader = batches
    with pytest.raises(MissingAnswerError, match=r"`model` is `\.\.\.`"):
        evaluate_classification(..., loader)
    with pytest.raises(OptionError, match="gave no images"):
        evaluate_classification(Fixed(), [])
    with pytest.raises(BatchError, match=r"has shape \(10, 4\); two classes need scores of shape \(10, 2\)"):
        evaluate_classification(nn.Flatten(), loader)
    with pytest.raises(BatchError, match="Labels go from 2 to 2"):
        evaluate_classification(Fixed(), [(images, some * 0 + 2) for images, some in loader])
    assert labels.max() == 1
