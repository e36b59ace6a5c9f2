"""Exercise 10: the Dice loss."""

import torch

from utils.checks.gradients import expect_same_gradient
from utils.checks.modules import build
from utils.core.exercise import Exercise, criterion
from utils.core.expect import Mismatch, expect, expect_close, expect_finite, plain_tensor

ATOL = 1e-4  # leaves room for clamping to [1e-6, 1 - 1e-6]; the nearest wrong formula is off by more than 0.005
SHAPE = (3, 1, 5, 7)
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
    loss = plain_tensor(_loss(DiceLoss)(*_batch()), OF)
    expect(loss.numel() == 1, f"{OF} has shape {tuple(loss.shape)}; expected one number.")
    expect_finite(loss, OF)
    expect(0 <= loss.item() <= 1, f"{OF} is {loss.item():.4g}; with probabilities and masks it lies between 0 and 1.")


@criterion(
    points=3,
    hints=(
        "Compute a case by hand: two pixels, prediction (1, 1), truth (1, 0), smooth 1.",
        "Twice the intersection plus smooth, over the two sums plus smooth; the loss is what is missing to 1.",
    ),
)
def follows_the_formula(DiceLoss):
    """The value is 1 - (2·intersection + smooth) / (sum of predictions + sum of masks + smooth), over the whole batch."""
    for smooth in (1.0, 20.0):
        probabilities, masks = _batch()
        actual = _value(_loss(DiceLoss, smooth)(probabilities, masks))
        _expect_value(actual, probabilities, masks, smooth)
    default = _value(_loss(DiceLoss)(probabilities, masks))
    expect_close(default, _dice(probabilities, masks, 1.0), "the loss of `DiceLoss()`", ATOL, "`smooth` is 1 by default.")
    perfect, empty = _value(_loss(DiceLoss)(masks, masks)), torch.zeros(SHAPE)
    expect_close(perfect, torch.tensor(0.0), "the loss of a perfect prediction", ATOL)
    nothing = _value(_loss(DiceLoss)(empty, empty))
    expect_close(nothing, torch.tensor(0.0), "the loss where prediction and mask are both empty", ATOL)


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
    actual = _loss(DiceLoss)(probabilities, masks)
    expect(isinstance(actual, torch.Tensor), f"{OF} is no tensor, so no gradient can flow.")
    expected = _dice(probabilities, masks, 1.0)
    expect_same_gradient(actual.reshape(()), expected, probabilities, of=OF)


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
    for dtype in (torch.int64, torch.uint8, torch.bool):
        given = probabilities.clone(), masks.to(dtype)
        actual = _value(_loss(DiceLoss)(*given))
        name = str(dtype).removeprefix("torch.")
        expect_close(actual, _dice(probabilities, masks, 1.0), f"the loss with {name} masks", ATOL)
        unchanged = torch.equal(given[0], probabilities) and torch.equal(given[1], masks.to(dtype))
        expect(unchanged, "The loss changes its inputs in place; the next computation would see other values.")


@criterion(
    points=0,
    hints=("`view` needs memory in order.", "`reshape` and `flatten` copy where they have to."),
)
def welcomes_any_memory_layout(DiceLoss):
    """Inputs may lie in memory in any order."""
    probabilities, masks = (tensor.transpose(2, 3) for tensor in _batch())
    try:
        actual = _value(_loss(DiceLoss)(probabilities, masks))
    except RuntimeError:
        raise Mismatch(
            "`view` fails on tensors that do not lie in memory in order, such as transposed ones; "
            "`reshape` and `flatten` take them too."
        ) from None
    expect_close(actual, _dice(probabilities, masks, 1.0), "the loss of transposed inputs", ATOL)


def _loss(DiceLoss, *smooth):
    return build(DiceLoss, *smooth, of=f"DiceLoss({', '.join(map(str, smooth))})")


def _batch():
    """Draw a batch whose images differ much in lesion size, so that a mean over images shows."""
    shares = torch.tensor([0.9, 0.4, 0.1]).view(3, 1, 1, 1)
    masks = (torch.rand(SHAPE) < shares).float()
    return (0.6 * torch.rand(SHAPE) + 0.3 * masks + 0.05), masks


def _dice(probabilities, masks, smooth):
    intersection = (probabilities * masks).sum()
    return 1 - (2 * intersection + smooth) / (probabilities.sum() + masks.sum() + smooth)


def _value(loss):
    return plain_tensor(loss, OF).reshape(-1)[0] if isinstance(loss, torch.Tensor) and loss.numel() == 1 else loss


def _expect_value(actual, probabilities, masks, smooth):
    expected = _dice(probabilities, masks, smooth)
    actual = plain_tensor(actual, OF)
    expect_close(actual, expected, f"the loss with smooth={smooth:g}", ATOL, _guess(actual, probabilities, masks, smooth))


def _guess(actual, p, t, smooth) -> str:
    """Name the mistake whose value this is."""
    both, total = (p * t).sum(), p.sum() + t.sum()
    per_image = (2 * (p * t).sum((1, 2, 3)) + smooth) / (p.sum((1, 2, 3)) + t.sum((1, 2, 3)) + smooth)
    logits = torch.sigmoid(p)
    guesses = {
        "This is the Dice coefficient itself; the loss is 1 minus it.": (2 * both + smooth) / (total + smooth),
        "The intersection is not counted twice.": 1 - (both + smooth) / (total + smooth),
        "This is the IoU (Jaccard) loss, not Dice.": 1 - (both + smooth) / (total - both + smooth),
        "`smooth` is missing in the denominator.": 1 - (2 * both + smooth) / total,
        "`smooth` is missing in the numerator.": 1 - 2 * both / (total + smooth),
        "`smooth` is not used.": 1 - 2 * both / total,
        "`smooth` is fixed at 1 instead of the value given.": 1 - (2 * both + 1) / (total + 1),
        "This is a mean over images; the sums run over the whole batch.": 1 - per_image.mean(),
        "The predictions are squared in the denominator.": 1 - (2 * both + smooth) / ((p * p).sum() + t.sum() + smooth),
        "A sigmoid is applied to what are probabilities already.": (
            1 - (2 * (logits * t).sum() + smooth) / (logits.sum() + t.sum() + smooth)
        ),
        "The predictions are rounded to 0 and 1 first.": (
            1 - (2 * (p.round() * t).sum() + smooth) / (p.round().sum() + t.sum() + smooth)
        ),
    }
    return next((text for text, value in guesses.items() if abs(value.item() - actual.item()) < ATOL), "")


EXERCISE = Exercise(
    number=10,
    title="Dice loss",
    answers=("DiceLoss",),
    criteria=(
        is_one_number, follows_the_formula, is_differentiable, welcomes_integer_masks, welcomes_any_memory_layout,
    ),
)
