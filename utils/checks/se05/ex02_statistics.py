"""Exercise 2: mean and standard deviation of every channel."""

import torch

from utils.checks.datasets import batch_indices, expect_loader, item_of, length_of
from utils.core.exercise import Exercise, criterion
from utils.core.expect import expect, expect_close, expect_finite, expect_shape, plain_tensor

BATCH_SIZE = 16
ATOL = 3e-5  # float32 sums over millions of pixels stay below 1e-6; a mean of batch means is off by more than 1e-4


def truth(ds):
    """Compute both statistics in float64 from the samples themselves, and what common mistakes would give."""
    images = [plain_tensor(item_of(ds, index, "ds")[0], "the image").double() for index in range(length_of(ds, "`ds`"))]
    stack = torch.stack(images)
    expect(stack.ndim == 4 and stack.shape[1] == 3, f"The images of `ds` have shape {tuple(stack.shape[1:])}; do exercise 1 first.")
    batches = stack.split(BATCH_SIZE)
    mean, variance = stack.mean((0, 2, 3)), stack.var((0, 2, 3), correction=0)
    return {
        "mean": mean,
        "std": variance.sqrt(),
        "mean of batch means": torch.stack([b.mean((0, 2, 3)) for b in batches]).mean(0),
        "variance": variance,
        "mean of batch stds": torch.stack([b.std((0, 2, 3)) for b in batches]).mean(0),
        "mean of image stds": stack.std((2, 3)).mean(0),
        "all but the last batch": stack[: len(stack) // BATCH_SIZE * BATCH_SIZE].mean((0, 2, 3)),
        "one for all channels": stack.mean().expand(3),
        "sqrt of batch variances": torch.stack([b.var((0, 2, 3)) for b in batches]).mean(0).sqrt(),
        "root mean square": (stack**2).mean((0, 2, 3)).sqrt(),
        "mean on 0 to 255": 255 * mean,
        "std on 0 to 255": 255 * variance.sqrt(),
        "mean backwards": mean.flip(0),
        "std backwards": variance.sqrt().flip(0),
    }


@criterion(
    points=2,
    hints=(
        "How many samples go into a batch, in which order, and what happens to the last ones?",
        "A batch size of 16, no shuffling, and no dropping of the last, smaller batch.",
    ),
)
def loads_every_sample_in_order(dl, ds):
    """`dl` is a DataLoader over `ds` with batches of 16, in order, without leaving any out."""
    expect_loader(dl, "dl")
    batches, count = batch_indices(dl), length_of(ds, "`ds`")
    expect(len(dl.dataset) == count, f"`dl` reads a dataset of {len(dl.dataset)} samples; `ds` has {count}.")
    size = len(batches[0]) if batches else 0
    expect(size == min(BATCH_SIZE, count), f"The batches of `dl` hold {size} samples; expected {BATCH_SIZE}.")
    order = [index for batch in batches for index in batch]
    expect(len(order) == count, f"`dl` reads {len(order)} of the {count} samples; `drop_last` leaves the last ones out.")
    expect(order == list(range(count)), "`dl` is shuffled; expected the samples in their order.")
    expect(all(len(batch) == size for batch in batches[:-1]), "The batches of `dl` differ in size before the last one.")
    images = next(iter(dl))[0]
    expected = torch.stack([item_of(ds, index, "ds")[0] for index in range(size)])
    expect_close(plain_tensor(images, "a batch of `dl`"), plain_tensor(expected), "the first batch of `dl`", 1e-4)


@criterion(
    points=3,
    hints=(
        "The last batch is smaller than the others: does each pixel still count the same?",
        "Add up sums and numbers of pixels over the batches and divide once, at the end.",
    ),
)
def has_the_mean(mean, truth):
    """`mean` is the mean of each channel over every pixel of every image."""
    _expect_statistic(mean, truth["mean"], "mean", _guess(mean, truth))


@criterion(
    points=3,
    hints=(
        "Which two sums give a variance in a single pass, and what comes after the variance?",
        "Mean of the squares minus square of the mean, over all pixels at once; then the square root.",
    ),
)
def has_the_std(std, truth):
    """`std` is the standard deviation of each channel over every pixel of every image."""
    _expect_statistic(std, truth["std"], "std", _guess(std, truth))


def _expect_statistic(value, expected, name, because):
    of = f"`{name}`"
    value = plain_tensor(value, of)
    expect_shape(value, (3,), of, "One number for each channel is asked for.")
    expect(value.is_floating_point(), f"{of} has dtype {str(value.dtype).removeprefix('torch.')}; expected float32 or float64.")
    expect_finite(value, of)
    expect_close(value, expected, of, ATOL, because)


def _guess(value, truth) -> str:
    """Name the mistake whose value this is."""
    causes = {
        "mean of batch means": "This is a mean of batch means, in which the smaller last batch counts too much.",
        "variance": "This is the variance; the standard deviation is its square root.",
        "mean of batch stds": "This is a mean of the batches' standard deviations; deviations do not average.",
        "mean of image stds": "This is a mean of the images' standard deviations; deviations do not average.",
        "all but the last batch": "The last batch is missing.",
        "one for all channels": "This is one mean for all channels together.",
        "sqrt of batch variances": "Variances were taken batch by batch, each around its own mean.",
        "root mean square": "The squared mean was not subtracted.",
        "std": "This is the standard deviation.",
        "mean": "This is the mean.",
        "mean on 0 to 255": "This is on a scale of 0 to 255; `ds` gives values between 0 and 1.",
        "std on 0 to 255": "This is on a scale of 0 to 255; `ds` gives values between 0 and 1.",
        "mean backwards": "The channels are in the wrong order.",
        "std backwards": "The channels are in the wrong order.",
    }
    if not isinstance(value, torch.Tensor) or tuple(value.shape) != (3,):
        return ""
    value = plain_tensor(value).double()
    return next((text for name, text in causes.items() if (truth[name] - value).abs().max() < ATOL), "")


EXERCISE = Exercise(
    number=2,
    title="Mean and standard deviation",
    answers=("dl", "mean", "std", "ds"),
    fixtures=(truth,),
    criteria=(loads_every_sample_in_order, has_the_mean, has_the_std),
)
