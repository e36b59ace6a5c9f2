"""Exercise 10: the Dice loss."""

import contextlib

import torch

from utils.checks.gradients import expect_same_gradient
from utils.checks.modules import build
from utils.checks.tracing import record_layers
from utils.core.exercise import Exercise, criterion
from utils.core.expect import Mismatch, expect, expect_close, expect_finite, expect_tensor

ATOL = 1e-4  # leaves room for clamping to [1e-6, 1 - 1e-6]; the nearest wrong formula is off by more than 0.003
SHAPE = (3, 1, 5, 7)
LARGE_SHAPE = (4, 2, 64, 64)  # more pixels than 8 bits count, or half precision
SMOOTHS = 1.0, 20.0, 2.5, 0.0
OF = "the loss"


@criterion(
    points=2,
    hints=(
        "A loss is one number: what has to be summed up so that nothing but a number is left?",
        "Sum over all pixels of all images; no dimension stays.",
    ),
)
def is_one_number(DiceLoss):
    """For a batch of probabilities and masks the loss is one finite number between 0 and 1."""
    probabilities, masks = _batch()
    loss = _loss_of(_build(DiceLoss), probabilities, masks)
    value = loss.item()
    if not 0 <= value <= 1:
        cause = _guess(loss, probabilities, masks, 1.0) or "Are parentheses missing around numerator and denominator?"
        raise Mismatch(f"{OF} is {value:.4g}; with probabilities and masks it lies between 0 and 1. {cause}")


@criterion(
    points=3,
    hints=(
        "Compute a case by hand: two pixels, prediction (1, 1), truth (1, 0), smooth 1.",
        "Twice the intersection plus smooth, over the two sums plus smooth; the loss is what is missing to 1.",
    ),
)
def follows_the_formula(DiceLoss):
    """The value is 1 - (2·intersection + smooth) / (sum of predictions + sum of masks + smooth), over the whole batch."""
    for smooth in SMOOTHS:
        probabilities, masks = _batch()
        loss = _loss_of(_build(DiceLoss, smooth), probabilities, masks)
        expected, cause = _dice(probabilities, masks, smooth), _guess(loss, probabilities, masks, smooth)
        expect_close(loss, expected, f"the loss with smooth={smooth:g}", ATOL, cause)
    default = _loss_of(_build(DiceLoss), probabilities, masks)
    expect_close(
        default, _dice(probabilities, masks, 1.0), "the loss of `DiceLoss()`", ATOL, "`smooth` is 1 by default."
    )
    empty, one_empty = torch.zeros(SHAPE), masks.clone()
    one_empty[0] = 0
    for case, images in {"of a perfect prediction": masks, "where prediction and mask are both empty": empty}.items():
        expect_close(_loss_of(_build(DiceLoss), images, images.clone()), torch.tensor(0.0), f"the loss {case}", ATOL)
    for case, truth in {"where no mask marks anything": empty, "of a batch with one empty mask": one_empty}.items():
        loss, expected = _loss_of(_build(DiceLoss), probabilities, truth), _dice(probabilities, truth, 1.0)
        expect_close(loss, expected, f"the loss {case}", ATOL, "Empty masks take part like all others.")
    _expect_formula_everywhere(DiceLoss)


@criterion(
    points=2,
    hints=(
        "The optimiser learns from the loss's gradient: every step from the prediction to the loss has to keep it.",
        "Rounding, thresholds, `.item()`, `.detach()` and `torch.tensor(...)` cut the gradient off.",
    ),
)
def is_differentiable(DiceLoss):
    """The gradient with respect to the prediction is the formula's."""
    probabilities, masks = _batch()
    probabilities.requires_grad_()
    actual = _loss_of(_build(DiceLoss), probabilities, masks)
    expected = _dice(probabilities, masks, 1.0)
    expect_same_gradient(actual, expected, probabilities, of=OF, to="`y_pred`")


@criterion(
    points=1,
    hints=(
        "Masks may come as integers: which of your operations insists on floats?",
        "Multiplying and summing work on mixed types; `torch.dot` and matrix products do not.",
    ),
)
def welcomes_integer_masks(DiceLoss):
    """Masks may be integers or booleans, and neither input is changed."""
    probabilities, masks = _batch()
    with_floats = _loss_of(_build(DiceLoss), probabilities, masks)
    for dtype in (torch.float32, torch.int64, torch.uint8, torch.bool):
        trace = record_layers(_build(DiceLoss), probabilities, masks.to(dtype))
        actual = _number(trace.output)
        name = str(dtype).removeprefix("torch.")
        # Compared with its own value, right or wrong: the formula has a criterion of its own.
        expect_close(actual, with_floats, f"the loss with {name} masks", ATOL, "With float masks it is another.")
        changed = "The loss changes its inputs in place; the next computation would see other values."
        expect(not trace.changes_input, changed)


@criterion(
    points=0,
    hints=("`view` needs memory in order.", "`reshape` and `flatten` copy where they have to."),
)
def welcomes_any_memory_layout(DiceLoss):
    """Inputs may lie in memory in any order."""
    probabilities, masks = (tensor.transpose(2, 3) for tensor in _batch())
    try:
        _loss_of(_build(DiceLoss), probabilities, masks)
    except RuntimeError:
        raise Mismatch(
            "`view` fails on tensors that do not lie in memory in order, such as transposed ones; "
            "`reshape` and `flatten` take them too."
        ) from None


def _expect_formula_everywhere(DiceLoss) -> None:
    """Fail if a loss that fits the formula once does not after another batch, in another mode, order or shape."""
    loss = _build(DiceLoss)
    _build(DiceLoss, SMOOTHS[1])
    batch, second, large = _batch(), _batch(), _batch(LARGE_SHAPE)
    transposed = tuple(tensor.transpose(2, 3) for tensor in batch)
    cases = (
        (batch, "the loss of `DiceLoss()`, after another one was made with a `smooth` of its own,", "Is it in `self`?"),
        (second, "the loss of a second batch", "Its first was right: is something kept from one call to the next?"),
        (
            large,
            f"the loss of a batch of shape {LARGE_SHAPE}",
            "Do all channels count, and do the sums have room for so many pixels?",
        ),
    )
    for images, of, cause in cases:
        expect_close(_loss_of(loss, *images), _dice(*images, 1.0), of, ATOL, cause)
    with contextlib.suppress(RuntimeError):  # what `view` says about it is left to the advice
        expect_close(
            _loss_of(loss, *transposed),
            _dice(*transposed, 1.0),
            "the loss of tensors that do not lie in memory in order",
            ATOL,
            "Prediction and mask no longer meet pixel by pixel.",
        )
    expect_close(
        _loss_of(loss.eval(), *batch),
        _dice(*batch, 1.0),
        "the loss in evaluation mode",
        ATOL,
        "It is right while training.",
    )


def _build(DiceLoss, *smooth):
    return build(DiceLoss, *smooth, of=f"DiceLoss({', '.join(map(str, smooth))})")


def _loss_of(loss, probabilities, masks):
    """Return the loss as a tensor without dimensions that keeps its gradient.

    It gets copies: a loss that changes its inputs is the business of one criterion only.
    """
    return _number(record_layers(loss, probabilities, masks).output)


def _number(value):
    expect_tensor(value, OF)
    expect(
        value.numel() == 1,
        f"{OF} has shape {tuple(value.shape)}; expected one number, from sums over all pixels of all images.",
    )
    expect_finite(value, OF)
    return value.reshape(())


def _batch(shape=SHAPE):
    """Draw a batch whose images and channels differ much in lesion size, so that a mean over them shows."""
    shares = 0.9 * torch.linspace(1, 1 / 3, shape[0] * shape[1]).square().view(*shape[:2], 1, 1)
    masks = (torch.rand(shape) < shares).float()
    return (0.45 * torch.rand(shape) + 0.25 * masks + 0.02), masks


def _dice(probabilities, masks, smooth):
    intersection = (probabilities * masks).sum()
    return 1 - (2 * intersection + smooth) / (probabilities.sum() + masks.sum() + smooth)


def _guess(actual, p, t, smooth) -> str:
    """Name the mistake whose value this is."""
    both, total = (p * t).sum(), p.sum() + t.sum()
    per_image = (2 * (p * t).sum((1, 2, 3)) + smooth) / (p.sum((1, 2, 3)) + t.sum((1, 2, 3)) + smooth)
    squeezed, rounded = torch.sigmoid(p), p.round()
    guesses = {
        "This is the Dice coefficient itself; the loss is 1 minus it.": (2 * both + smooth) / (total + smooth),
        "This is the Dice coefficient with a minus; the loss is 1 minus it.": -(2 * both + smooth) / (total + smooth),
        "The intersection is not counted twice.": 1 - (both + smooth) / (total + smooth),
        "This is the IoU (Jaccard) loss, not Dice.": 1 - (both + smooth) / (total - both + smooth),
        "This is twice the IoU's fraction: the denominator is the union, not the sum of both areas.": (
            1 - (2 * both + smooth) / (total - both + smooth)
        ),
        "`smooth` is missing in the denominator.": 1 - (2 * both + smooth) / total,
        "`smooth` is missing in the numerator.": 1 - 2 * both / (total + smooth),
        "`smooth` is not used.": 1 - 2 * both / total,
        "`smooth` is added to the fraction, not to numerator and denominator.": 1 - (2 * both / total + smooth),
        "Parentheses are missing: division comes before addition.": 1 - (2 * both + smooth / total + smooth),
        "Parentheses are missing: only `smooth` is divided.": 1 - (2 * both + smooth / (total + smooth)),
        "Parentheses are missing around the denominator.": 1 - ((2 * both + smooth) / p.sum() + t.sum() + smooth),
        "`smooth` is doubled together with the intersection.": 1 - 2 * (both + smooth) / (total + smooth),
        "`smooth` is counted twice in the denominator.": 1 - (2 * both + smooth) / (total + 2 * smooth),
        "`smooth` is counted twice, in numerator and denominator.": 1 - (2 * both + 2 * smooth) / (total + 2 * smooth),
        "`smooth` is counted once for each image, not once for the batch.": (
            1 - (2 * both + len(p) * smooth) / (total + len(p) * smooth)
        ),
        "`smooth` is a fixed 1 instead of the value given.": 1 - (2 * both + 1) / (total + 1),
        "`smooth` is cut to a whole number.": 1 - (2 * both + int(smooth)) / (total + int(smooth)),
        "`smooth` is subtracted.": 1 - (2 * both - smooth) / (total - smooth),
        "This is a mean over images; the sums run over the whole batch.": 1 - per_image.mean(),
        "This is a sum over images; the sums run over the whole batch.": (1 - per_image).sum(),
        "Only the first image of the batch is used.": 1 - per_image[0],
        "Means take the place of the sums, so that `smooth` weighs far too much.": (
            1 - (2 * (p * t).mean() + smooth) / (p.mean() + t.mean() + smooth)
        ),
        "The predictions are squared in the denominator.": 1 - (2 * both + smooth) / ((p * p).sum() + t.sum() + smooth),
        "The predictions' sum is counted twice, the masks' not at all.": 1
        - (2 * both + smooth) / (2 * p.sum() + smooth),
        "The masks' sum is counted twice, the predictions' not at all.": 1
        - (2 * both + smooth) / (2 * t.sum() + smooth),
        "The intersection is a sum of the two, not their product.": 1 - (2 * total + smooth) / (total + smooth),
        "A sigmoid is applied to what are probabilities already.": (
            1 - (2 * (squeezed * t).sum() + smooth) / (squeezed.sum() + t.sum() + smooth)
        ),
        "The predictions are cut to 0 and 1 first, by rounding or a threshold.": (
            1 - (2 * (rounded * t).sum() + smooth) / (rounded.sum() + t.sum() + smooth)
        ),
        "This is the loss of the background, not of the lesion.": (
            1 - (2 * ((1 - p) * (1 - t)).sum() + smooth) / ((1 - p).sum() + (1 - t).sum() + smooth)
        ),
        "This is the logarithm of Dice; the loss is 1 minus it.": -((2 * both + smooth) / (total + smooth)).log(),
        "This is binary cross-entropy, not Dice.": torch.nn.functional.binary_cross_entropy(p, t),
        "Binary cross-entropy is added to the Dice loss.": (
            1 - (2 * both + smooth) / (total + smooth) + torch.nn.functional.binary_cross_entropy(p, t)
        ),
        "This is the mean squared error, not Dice.": ((p - t) ** 2).mean(),
        "This is the mean absolute error, not Dice.": (p - t).abs().mean(),
    }
    return next((text for text, value in guesses.items() if abs(value.item() - actual.item()) < ATOL), "")


EXERCISE = Exercise(
    number=10,
    title="Dice loss",
    answers=("DiceLoss",),
    criteria=(
        is_one_number,
        follows_the_formula,
        is_differentiable,
        welcomes_integer_masks,
        welcomes_any_memory_layout,
    ),
)
