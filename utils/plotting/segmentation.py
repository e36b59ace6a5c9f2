"""Images, masks and predicted masks, side by side."""

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor, nn

from utils.ml.batches import check_output, predicting
from utils.ml.errors import BatchError
from utils.ml.metrics import dice_score
from utils.ml.options import check_answers, check_count, suggest_options
from utils.plotting.figures import GREY, NotebookFigure, light_style
from utils.plotting.images import collect_images, denormalise, flatten_masks
from utils.plotting.outlines import PREDICTION, TRUTH, draw_outline, legend_line

__all__ = [
    "compare_binary_segmentation_models",
    "load_pictures",
    "predict_masks",
    "show_binary_segmentation_batch",
    "show_binary_segmentation_predictions",
]

MOST_IMAGES = 12
PANEL_INCHES = 2.3
WIDEST_INCHES = 15  # beyond it a notebook shrinks the text below reading size
THRESHOLD = 0.5
FRAME = "#c8c8c8"  # holds a mask that is all white


@suggest_options
def show_binary_segmentation_batch(dl, n_images=4, mean=None, std=None) -> Figure:
    """Show images with the outline of their mask, and the masks themselves.

    Parameters
    ----------
    dl : iterable of (images, masks)
        A ``DataLoader``; images (N, 3, H, W), masks (N, H, W) or (N, 1, H, W) of 0 and 1.
    n_images : int, default 4
        How many images, 1 to 12; fewer if the loader has fewer.
    mean, std : tensor, array or list of 3 numbers, optional
        What the images were normalised with. Without them images outside [0, 1] are stretched to it, one by one.

    Returns
    -------
    Figure
        Not shown yet: make it the last expression of a cell.

    Raises
    ------
    MissingAnswerError, OptionError, BatchError
        If something is still ``...``, a number makes no sense, or shapes do not fit.
    """
    pictures, _, masks = load_pictures(dl, n_images, mean, std)
    with light_style():
        figure, axes = _grid(["image", "mask"], len(pictures))
        for column, (picture, mask) in enumerate(zip(pictures, masks, strict=True)):
            _draw_image(axes[0][column], picture, mask)
            axes[0][column].set_title(f"lesion: {mask.mean().item():.0%}")
            axes[1][column].imshow(mask.numpy(), cmap="gray", vmin=0, vmax=1)
        _label(figure, f"{_images(len(pictures))} with masks; lesion as a share of all pixels")
    return figure


@suggest_options
def show_binary_segmentation_predictions(model, dl, n_images=4, mean=None, std=None) -> Figure:
    """Show what a model predicts beside the truth, with the Dice score of each image.

    The first row has both outlines, the second the probability of lesion in each pixel.

    Parameters
    ----------
    model : Module
        Takes images (N, 3, H, W), returns probabilities (N, 1, H, W) or (N, H, W). Its mode is as before afterwards.
    dl, n_images, mean, std
        As in `show_binary_segmentation_batch`.

    Returns
    -------
    Figure
        Not shown yet: make it the last expression of a cell.

    Raises
    ------
    MissingAnswerError, OptionError, BatchError
        If something is still ``...``, a number makes no sense, or shapes do not fit.
    """
    check_answers(model=model)
    pictures, images, masks = load_pictures(dl, n_images, mean, std)
    probabilities = predict_masks(model, images, masks)
    scores = dice_score(probabilities, masks, THRESHOLD)
    with light_style():
        figure, axes = _grid(["outlines", "probability of lesion"], len(pictures))
        for column, (picture, mask, probability) in enumerate(zip(pictures, masks, probabilities, strict=True)):
            _draw_image(axes[0][column], picture, mask, probability)
            axes[0][column].set_title(f"Dice {scores[column]:.2f}")
            shown = axes[1][column].imshow(probability.numpy(), cmap="cividis", vmin=0, vmax=1)
        figure.colorbar(shown, ax=axes[1], shrink=0.85, pad=0.01, ticks=[0, 0.5, 1])
        _label(figure, f"{_name(model)}: mean Dice {scores.mean():.2f} over {_images(len(scores))}", predicted=True)
    return figure


@suggest_options
def compare_binary_segmentation_models(m1, m2, dl, n_images=4, mean=None, std=None) -> Figure:
    """Show what two models predict on the same images; each image's better Dice score is set in bold.

    Parameters
    ----------
    m1, m2 : Module
        As `model` in `show_binary_segmentation_predictions`.
    dl, n_images, mean, std
        As in `show_binary_segmentation_batch`.

    Returns
    -------
    Figure
        Not shown yet: make it the last expression of a cell.

    Raises
    ------
    MissingAnswerError, OptionError, BatchError
        If something is still ``...``, a number makes no sense, or shapes do not fit.
    """
    check_answers(m1=m1, m2=m2)
    pictures, images, masks = load_pictures(dl, n_images, mean, std)
    predictions = [predict_masks(model, images, masks) for model in (m1, m2)]
    scores = torch.stack([dice_score(probabilities, masks, THRESHOLD) for probabilities in predictions])
    names = _two_names(m1, m2)
    with light_style():
        figure, axes = _grid(["image", *names], len(pictures))
        for column, picture in enumerate(pictures):
            axes[0][column].imshow(picture)
            for row, probabilities in enumerate(predictions):
                panel = axes[row + 1][column]
                _draw_image(panel, picture, masks[column], probabilities[column])
                better = scores[row, column] > scores[1 - row, column]
                panel.set_title(f"Dice {scores[row, column]:.2f}", fontweight="bold" if better else "normal")
        means = ", ".join(f"{name} {score:.2f}" for name, score in zip(names, scores.mean(1), strict=True))
        _label(figure, f"Mean Dice over {_images(len(pictures))}: {means}", predicted=True)
    return figure


def load_pictures(dl, n_images, mean, std):
    """Return pictures (n, H, W, 3) to look at, images (n, C, H, W) for the model, and masks (n, H, W)."""
    check_answers(dl=dl)
    images, masks = collect_images(dl, check_count("n_images", n_images, most=MOST_IMAGES))
    return denormalise(images, mean, std), images, masks


def predict_masks(model: nn.Module, images: Tensor, masks: Tensor) -> Tensor:
    """Return a model's probabilities (n, H, W) for images (n, C, H, W); they have to cover the masks (n, H, W)."""
    with predicting(model) as device:
        predictions = model(images.to(device))
    check_output(predictions)
    probabilities = flatten_masks(predictions.cpu(), "model's predictions")
    if probabilities.shape != masks.shape:
        raise BatchError(f"The model's output {tuple(probabilities.shape)} does not cover masks {tuple(masks.shape)}.")
    return probabilities


def _grid(rows: list[str], columns: int) -> tuple[Figure, list[list[Axes]]]:
    """Make a panel for each row and column, without ticks; each row is named at its left."""
    side = min(PANEL_INCHES, WIDEST_INCHES / columns)
    figure = NotebookFigure(max(columns * side, 5) + 0.6, len(rows) * (side + 0.3) + 0.8)
    axes = figure.subplots(len(rows), columns, squeeze=False)
    for panel in axes.flat:
        panel.set(xticks=[], yticks=[])
        panel.spines[:].set_color(FRAME)
    for row, name in zip(axes, rows, strict=True):
        row[0].set_ylabel(name, color=GREY)
    return figure, axes


def _draw_image(axes: Axes, picture, mask: Tensor, probability: Tensor | None = None) -> None:
    axes.imshow(picture)
    draw_outline(axes, mask, TRUTH)
    if probability is not None:
        draw_outline(axes, probability, PREDICTION, level=THRESHOLD)
    axes.set(xlim=(-0.5, mask.shape[1] - 0.5), ylim=(mask.shape[0] - 0.5, -0.5))


def _label(figure: Figure, title: str, predicted: bool = False) -> None:
    lines = [legend_line(TRUTH, "ground truth")]
    if predicted:
        lines.append(legend_line(PREDICTION, "prediction"))
    figure.suptitle(title)
    figure.legend(handles=lines, loc="outside lower center", ncols=2, frameon=False, handlelength=3)


def _images(count: int) -> str:
    return "1 image" if count == 1 else f"{count} images"


def _name(model: nn.Module) -> str:
    return type(model).__name__


def _two_names(m1: nn.Module, m2: nn.Module) -> tuple[str, str]:
    if _name(m1) != _name(m2):
        return _name(m1), _name(m2)
    return f"{_name(m1)} (first)", f"{_name(m2)} (second)"
