import doctest

import numpy as np
import pytest
import torch
from sklearn.metrics import f1_score
from sklearn.metrics import jaccard_score as sklearn_jaccard
from torch import nn

import utils.ml.metrics
from utils.ml import BatchError, MissingAnswerError, OptionError, dice_score, evaluate_segmentation, jaccard_score

SCORES = {"dice": (dice_score, f1_score), "jaccard": (jaccard_score, sklearn_jaccard)}


def random_batch(count=6, height=7, width=11, seed=0):
    generator = torch.Generator().manual_seed(seed)
    probabilities = torch.rand(count, 1, height, width, generator=generator)
    masks = torch.rand(count, 1, height, width, generator=generator) > 0.7
    return probabilities, masks


@pytest.mark.parametrize("threshold", [0.2, 0.5, 0.9])
@pytest.mark.parametrize(("ours", "reference"), SCORES.values(), ids=SCORES)
def test_agrees_with_scikit_learn(ours, reference, threshold):
    probabilities, masks = random_batch()
    expected = [
        reference(mask.flatten().numpy(), (probability > threshold).flatten().numpy())
        for probability, mask in zip(probabilities, masks, strict=True)
    ]
    np.testing.assert_allclose(ours(probabilities, masks, threshold), expected, rtol=1e-6)


@pytest.mark.parametrize("score", [dice_score, jaccard_score])
def test_two_empty_masks_score_one_and_one_empty_mask_scores_zero(score):
    empty, full = torch.zeros(1, 1, 3, 5), torch.ones(1, 1, 3, 5)
    assert score(torch.cat([empty, empty, full]), torch.cat([empty, full, empty])).tolist() == [1, 0, 0]


@pytest.mark.parametrize("score", [dice_score, jaccard_score])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.int64, torch.uint8, torch.bool])
def test_shapes_and_dtypes_of_masks_do_not_matter(score, dtype):
    probabilities, masks = random_batch()
    expected = score(probabilities, masks)
    assert expected.shape == (6,)
    assert torch.equal(score(probabilities, masks.to(dtype)), expected)
    assert torch.equal(score(probabilities, masks.squeeze(1).to(dtype)), expected)
    assert torch.equal(score(probabilities.squeeze(1), masks.to(dtype)), expected)


def test_a_probability_at_the_threshold_is_no_lesion():
    assert dice_score(torch.full((1, 1, 2, 2), 0.5), torch.zeros(1, 2, 2)).item() == 1


@pytest.mark.parametrize("score", [dice_score, jaccard_score])
@pytest.mark.parametrize(("predictions", "masks", "message"), [
    (torch.randn(2, 1, 4, 4) * 9, torch.zeros(2, 4, 4), "sigmoid missing"),
    (torch.full((2, 1, 4, 4), torch.nan), torch.zeros(2, 4, 4), "go from nan"),
    (torch.zeros(2, 1, 4, 4), torch.zeros(2, 4, 3), "same images and pixels"),
    (torch.zeros(2, 1, 4, 4), torch.full((2, 4, 4), 255), "up to 255"),
    (torch.zeros(2, 3, 4, 4), torch.zeros(2, 4, 4), "do not fit"),
], ids=["logits", "nan", "size", "255", "channels"])  # fmt: skip
def test_refuses_what_cannot_be_scored(score, predictions, masks, message):
    with pytest.raises(BatchError, match=message):
        score(predictions, masks)


def test_refuses_a_threshold_beyond_probabilities():
    with pytest.raises(OptionError, match=r"threshold .*got 128"):
        dice_score(*random_batch(), threshold=128)


class Echo(nn.Module):
    """Returns the first channel of the images: predictions are known beforehand."""

    def __init__(self):
        super().__init__()
        self.frozen, self.dropout = nn.BatchNorm2d(3).eval(), nn.Dropout(0.9)

    def forward(self, images):
        assert not torch.is_grad_enabled()
        return self.dropout(images[:, :1])


def loader_of(sizes):
    probabilities, masks = random_batch(sum(sizes))
    images = probabilities.expand(-1, 3, -1, -1)
    return list(zip(images.split(sizes), masks.split(sizes), strict=True))


def test_evaluation_averages_over_images_whatever_the_batches():
    together, apart = (evaluate_segmentation(Echo(), loader_of(sizes)) for sizes in ([6], [4, 1, 1]))
    assert together == apart
    assert together.image_count == 6
    probabilities, masks = random_batch(6)
    assert together.dice == pytest.approx(dice_score(probabilities, masks).mean().item())
    assert together.jaccard == pytest.approx(jaccard_score(probabilities, masks).mean().item())


def test_evaluation_leaves_every_mode_as_it_was():
    model = Echo()
    model.train()
    model.frozen.eval()
    evaluate_segmentation(model, loader_of([2]))
    assert (model.training, model.frozen.training, model.dropout.training) == (True, False, True)


def test_modes_come_back_after_an_error_too():
    model = Echo().train()
    with pytest.raises(BatchError):
        evaluate_segmentation(model, [(torch.rand(2, 3, 4, 4), torch.zeros(2, 5, 5))])
    assert model.training
    assert model.dropout.training


def test_scores_read_well():
    scores = utils.ml.metrics.SegmentationScores(0.91, 0.8434, 379)
    assert str(scores) == "Dice 0.910, Jaccard 0.843 (mean over 379 images)"
    assert repr(scores) == "SegmentationScores(dice=0.9100, jaccard=0.8434, image_count=379)"


@pytest.mark.parametrize("name", ["model", "loader"])
def test_evaluation_names_an_untouched_stub(name):
    with pytest.raises(MissingAnswerError, match=f"`{name}`"):
        evaluate_segmentation(**{"model": Echo(), "loader": loader_of([2])} | {name: ...})


def test_evaluation_refuses_an_empty_loader():
    with pytest.raises(OptionError, match="gave no batch"):
        evaluate_segmentation(Echo(), [])


def test_examples_in_docstrings_hold():
    result = doctest.testmod(utils.ml.metrics)
    assert result.attempted >= 4
    assert result.failed == 0
