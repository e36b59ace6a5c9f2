"""How the threshold decides what a predicted mask is, and what that does to the scores."""

import numpy as np

from utils.core.isolation import undisturbed
from utils.ml.metrics import dice_score, jaccard_score
from utils.ml.options import check_answers, suggest_options
from utils.plotting.explorers.controls import Slider
from utils.plotting.explorers.panel import Explorer
from utils.plotting.explorers.views import Tile, View, heat, outlined, shaded
from utils.plotting.outlines import PREDICTION, TRUTH
from utils.plotting.segmentation import load_pictures, predict_masks

__all__ = ["explore_predictions", "predictions_explorer"]

# Missed and superfluous pixels differ in brightness, too, so that they stay apart without colour.
FOUND, MISSED, SUPERFLUOUS = "#3aa17e", "#0a3d91", "#ffd60a"


@suggest_options
def explore_predictions(model, dl, *, n_images=8, mean=None, std=None) -> None:
    """Show a model's predictions under a threshold to be moved, with the Dice and the Jaccard that come of it.

    Parameters
    ----------
    model : Module
        Takes images (N, 3, H, W), returns probabilities (N, 1, H, W) or (N, H, W). Its mode is as before afterwards.
    dl : iterable of (images, masks)
        A ``DataLoader``; images (N, 3, H, W), masks (N, H, W) or (N, 1, H, W) of 0 and 1.
    n_images : int, default 8
        How many images can be chosen from, 1 to 12.
    mean, std : tensor, array or list of 3 numbers, optional
        What the images were normalised with.

    Raises
    ------
    MissingAnswerError, OptionError, BatchError
        If something is still ``...``, a number makes no sense, or shapes do not fit.
    """
    predictions_explorer(model, dl, n_images=n_images, mean=mean, std=std).show()


def predictions_explorer(model, dl, *, n_images=8, mean=None, std=None) -> Explorer:
    """Return the explorer that `explore_predictions` shows; the model runs once."""
    check_answers(model=model)
    with undisturbed():  # a loader draws a random number each time it is read
        pictures, images, masks = load_pictures(dl, n_images, mean, std)
        probabilities = predict_masks(model, images, masks)

    def view(image: int, threshold: float, opacity: float) -> View:
        index = image - 1
        picture, truth = pictures[index], masks[index].numpy() > 0.5
        found = probabilities[index].numpy() > threshold
        lines = ((truth, TRUTH), (found, PREDICTION))
        overlay = outlined(shaded(picture, found, PREDICTION["color"], opacity), *lines)
        verdict = np.zeros_like(picture)
        for area, colour in ((truth & found, FOUND), (truth & ~found, MISSED), (~truth & found, SUPERFLUOUS)):
            verdict = shaded(verdict, area, colour, 1.0)
        dice, jaccard = (score(probabilities, masks, threshold) for score in (dice_score, jaccard_score))
        tiles = (
            Tile("truth: blue, solid; prediction: yellow, dashed", overlay),
            Tile("probability of lesion, 0 dark to 1 light", heat(probabilities[index].numpy(), 0, 1)),
            Tile("found: green; missed: blue; too much: yellow", outlined(verdict)),
        )
        says = (
            f"Threshold {threshold:.2f}: Dice {dice[index]:.2f}, Jaccard {jaccard[index]:.2f} on this image; "
            f"mean over {len(pictures)}: Dice {dice.mean():.2f}, Jaccard {jaccard.mean():.2f}."
        )
        return View(tiles, says)

    controls = {
        "image": Slider("image:", 1, len(pictures), 1),
        "threshold": Slider("threshold:", 0.02, 0.98, 0.5, 0.02),
        "opacity": Slider("overlay:", 0.0, 1.0, 0.3, 0.05),
    }
    title = f"{type(model).__name__}: from probabilities to a mask"
    return Explorer(title, controls, view, [{"threshold": value} for value in (0.2, 0.5, 0.8)])
