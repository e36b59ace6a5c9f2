import sys

import matplotlib
import matplotlib.style
import numpy as np
import pytest
import torch
from matplotlib.contour import ContourSet
from matplotlib.figure import Figure
from torch import nn

from utils.ml import BatchError, MissingAnswerError, OptionError
from utils.plotting import (
    compare_binary_segmentation_models,
    show_binary_segmentation_batch,
    show_binary_segmentation_predictions,
)

SIDE = 16


def blobs(count, seed=0):
    """Skin-coloured images (count, 3, 16, 16) in [0, 1] with a dark blob each, and its masks (count, 16, 16)."""
    generator = torch.Generator().manual_seed(seed)
    rows, columns = torch.meshgrid(*[torch.linspace(0, 1, SIDE)] * 2, indexing="ij")
    centres = 0.3 + 0.4 * torch.rand(2, count, 1, 1, generator=generator)
    masks = ((rows - centres[0]) ** 2 + (columns - centres[1]) ** 2 < 0.06).float()
    skin, lesion = torch.tensor([0.85, 0.66, 0.58]), torch.tensor([0.35, 0.2, 0.15])
    images = torch.lerp(skin.view(1, 3, 1, 1), lesion.view(1, 3, 1, 1), masks.unsqueeze(1))
    return images, masks


class Darkness(nn.Module):
    """Finds the dark blobs exactly, or everything but them."""

    def __init__(self, inverted=False):
        super().__init__()
        self.dropout, self.inverted = nn.Dropout(0.5), inverted

    def forward(self, images):
        found = torch.sigmoid(20 * (0.5 - images[:, :1]))
        return self.dropout(1 - found if self.inverted else found)


class Shadow(Darkness):
    """Another name for the same."""


@pytest.fixture
def loader():
    images, masks = blobs(5)
    return [(images[:2], masks[:2]), (images[2:], masks[2:].unsqueeze(1).bool())]


FUNCTIONS = {
    "batch": show_binary_segmentation_batch,
    "predictions": lambda dl, **options: show_binary_segmentation_predictions(Darkness(), dl, **options),
    "comparison": lambda dl, **options: compare_binary_segmentation_models(Darkness(), Shadow(True), dl, **options),
}
all_functions = pytest.mark.parametrize("draw", FUNCTIONS.values(), ids=FUNCTIONS)


def titles(figure):
    return [axes.get_title() for axes in figure.axes if axes.get_title()]


def legend(figure):
    return {text.get_text() for text in figure.legends[0].get_texts()}


def outlines(axes):
    return [artist for artist in axes.collections if isinstance(artist, ContourSet)]


def pictures(figure):
    """The images of the first row of panels."""
    return [axes.images[0].get_array() for axes in figure.axes if axes.images and axes.images[0].get_array().ndim == 3]


@all_functions
def test_returns_a_figure_that_draws_and_that_pyplot_does_not_know(draw, loader):
    figure = draw(loader)
    assert isinstance(figure, Figure)
    assert figure._repr_png_().startswith(b"\x89PNG")
    if "matplotlib.pyplot" in sys.modules:
        assert sys.modules["matplotlib.pyplot"].get_fignums() == []


@all_functions
def test_looks_the_same_under_a_dark_style_and_leaves_the_style_alone(draw, loader):
    light = draw(loader)._repr_png_()
    with matplotlib.style.context("dark_background"):
        before = dict(matplotlib.rcParams)
        assert draw(loader)._repr_png_() == light
        assert dict(matplotlib.rcParams) == before


@all_functions
@pytest.mark.parametrize("count", [1, 3, 5])
def test_shows_as_many_images_as_asked_also_across_batches(draw, loader, count):
    figure = draw(loader, n_images=count)
    first_row = figure.axes[:count]
    expected = torch.cat([images for images, _ in loader])[:count].permute(0, 2, 3, 1).numpy()
    for axes, image in zip(first_row, expected, strict=True):
        np.testing.assert_allclose(axes.images[0].get_array(), image, atol=1e-6)


@all_functions
def test_shows_what_there_is_if_the_loader_has_fewer(draw, loader):
    assert "5 images" in draw(loader, n_images=12).get_suptitle()


@all_functions
@pytest.mark.parametrize("as_type", [torch.tensor, list, np.array, lambda values: torch.tensor(values).view(3, 1, 1)],
                         ids=["tensor", "list", "array", "3x1x1"])  # fmt: skip
def test_images_are_denormalised(draw, loader, as_type):
    mean, std = [0.7, 0.5, 0.4], [0.2, 0.25, 0.3]
    shift, scale = torch.tensor(mean).view(3, 1, 1), torch.tensor(std).view(3, 1, 1)
    normalised = [((images - shift) / scale, masks) for images, masks in loader]
    shown = pictures(draw(normalised, mean=as_type(mean), std=as_type(std)))
    np.testing.assert_allclose(shown[0], loader[0][0][0].permute(1, 2, 0), atol=1e-6)


@pytest.mark.parametrize("change", [lambda images: 4 * images - 7, lambda images: (255 * images).to(torch.uint8)],
                         ids=["normalised", "bytes"])  # fmt: skip
def test_without_statistics_images_still_lie_between_0_and_1(loader, change):
    for picture in pictures(show_binary_segmentation_batch([(change(images), masks) for images, masks in loader])):
        assert picture.min() >= 0
        assert 0.5 < picture.max() <= 1


def test_one_channel_is_shown_in_grey(loader):
    grey = [(images[:, :1], masks) for images, masks in loader]
    assert pictures(show_binary_segmentation_batch(grey))[0].shape == (SIDE, SIDE, 3)


def test_predictions_carry_the_dice_of_each_image_and_their_mean():
    images, masks = blobs(2)
    masks[1] = 0  # the model finds a lesion where none is
    figure = show_binary_segmentation_predictions(Darkness(), [(images, masks)])
    assert titles(figure) == ["Dice 1.00", "Dice 0.00"]
    assert figure.get_suptitle() == "Darkness: mean Dice 0.50 over 2 images"


def test_truth_and_prediction_differ_in_colour_and_in_line(loader):
    figure = show_binary_segmentation_predictions(Darkness(), loader)
    truth, prediction = outlines(figure.axes[0])
    assert truth.get_edgecolor().tolist() != prediction.get_edgecolor().tolist()
    assert truth.get_linestyle()[0][1] is None  # solid
    assert len(prediction.get_linestyle()[0][1]) == 2  # dashes
    assert legend(figure) == {"ground truth", "prediction"}


@pytest.mark.parametrize(("value", "count"), [(0, 0), (1, 1)], ids=["empty", "full"])
def test_a_constant_mask_is_outlined_only_if_there_is_something_to_outline(value, count):
    images, masks = blobs(1)
    figure = show_binary_segmentation_batch([(images, torch.full_like(masks, value))])
    assert len(outlines(figure.axes[0])) == count
    figure._repr_png_()


def test_the_outline_lies_on_the_mask():
    mask = torch.zeros(1, 8, 10)
    mask[0, 2:5, 6:] = 1  # rows 2 to 4, columns 6 to the edge
    figure = show_binary_segmentation_batch([(torch.rand(1, 3, 8, 10), mask)])
    corners = outlines(figure.axes[0])[0].get_paths()[0].get_extents()
    assert (corners.x0, corners.x1, corners.y0, corners.y1) == pytest.approx((5.5, 9.5, 1.5, 4.5))
    assert figure.axes[0].get_xlim() == (-0.5, 9.5)
    assert figure.axes[0].get_ylim() == (7.5, -0.5)


def test_comparison_sets_the_better_score_in_bold_and_names_both(loader):
    figure = compare_binary_segmentation_models(Darkness(), Shadow(inverted=True), loader, n_images=2)
    weights = {axes.get_title(): axes.title.get_fontweight() for axes in figure.axes if axes.get_title()}
    assert weights == {"Dice 1.00": "bold", "Dice 0.00": "normal"}
    assert figure.get_suptitle() == "Mean Dice over 2 images: Darkness 1.00, Shadow 0.00"
    assert [axes.get_ylabel() for axes in figure.axes if axes.get_ylabel()] == ["image", "Darkness", "Shadow"]


def test_comparison_tells_two_models_of_one_class_apart(loader):
    figure = compare_binary_segmentation_models(Darkness(), Darkness(), loader)
    assert "Darkness (first) 1.00, Darkness (second) 1.00" in figure.get_suptitle()


def test_models_predict_in_evaluation_mode_and_get_their_modes_back(loader):
    model = Darkness().train()
    figure = show_binary_segmentation_predictions(model, loader)  # dropout would spoil the score
    assert "mean Dice 1.00" in figure.get_suptitle()
    assert model.training
    assert model.dropout.training


WRONG = {
    "no images": ({"n_images": 0}, OptionError, "n_images .*from 1 to 12; got 0"),
    "too many": ({"n_images": 13}, OptionError, "n_images .*got 13"),
    "half an image": ({"n_images": 2.5}, OptionError, "n_images .*got 2.5"),
    "mean alone": ({"mean": [0, 0, 0]}, OptionError, "both or neither"),
    "two numbers": ({"mean": [0, 0], "std": [1, 1]}, OptionError, "each of the 3 channels; got 2"),
    "mean not computed": ({"mean": ..., "std": ...}, MissingAnswerError, "`(mean|std)`"),
    "loader not built": ({"dl": ...}, MissingAnswerError, "`dl`"),
    "empty loader": ({"dl": []}, OptionError, "gave no images"),
    "no pairs": ({"dl": [torch.zeros(2, 3, 4, 4)]}, BatchError, "pair of tensors"),
    "masks of 3 channels": ({"dl": [(torch.zeros(2, 3, 4, 4),) * 2]}, BatchError, "masks have shape"),
    "other sizes": ({"dl": [(torch.zeros(2, 3, 4, 4), torch.zeros(2, 5, 4))]}, BatchError, "do not fit"),
}


@all_functions
@pytest.mark.parametrize(("change", "error", "message"), WRONG.values(), ids=WRONG)
def test_refuses_what_makes_no_sense(draw, loader, change, error, message):
    with pytest.raises(error, match=message):
        draw(**{"dl": loader} | change)


@pytest.mark.parametrize("stub", [..., None])
def test_an_untouched_model_is_named(loader, stub):
    with pytest.raises(MissingAnswerError, match="`model`"):
        show_binary_segmentation_predictions(stub, loader)
    with pytest.raises(MissingAnswerError, match="`m2`"):
        compare_binary_segmentation_models(Darkness(), stub, loader)


@pytest.mark.parametrize(("output", "message"), [
    (lambda images: None, "`return` missing"),
    (lambda images: torch.zeros(len(images), 1, 2, 2), "does not cover"),
    (lambda images: images, "predictions have shape"),
    (lambda images: 9 * images[:, :1] - 5, "sigmoid"),
], ids=["nothing", "small", "three channels", "logits"])  # fmt: skip
def test_a_model_that_returns_something_else_is_told_so(loader, output, message):
    class Wrong(torch.nn.Module):
        def forward(self, images):
            return output(images)

    with pytest.raises(BatchError, match=message):
        show_binary_segmentation_predictions(Wrong(), loader)


def test_a_misspelt_option_is_named_with_the_right_one(loader):
    with pytest.raises(TypeError, match=r"'n_image'. Did you mean 'n_images'?"):
        show_binary_segmentation_batch(loader, n_image=2)
