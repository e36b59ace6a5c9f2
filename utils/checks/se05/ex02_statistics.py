"""Exercise 2: mean and standard deviation of every channel."""

import torch

from utils.checks.datasets import batch_indices, expect_loader, item_of, length_of
from utils.core.exercise import Exercise, criterion
from utils.core.expect import expect, expect_close, expect_shape, plain_tensor

BATCH_SIZE = 16
EXACT = 2e-6  # what careful sums leave, also in float32
CLOSE = 2e-4  # what careless sums in float32 leave; mistakes whose values are nearer than that are told apart by name
DECIMALS = 4  # as a printed tensor shows


def stack(ds):
    """Read every image of `ds` once, shape (N, 3, H, W), float64."""
    images = [
        plain_tensor(item_of(ds, index, "ds")[0], f"the image of ds[{index}]") for index in range(length_of(ds, "`ds`"))
    ]
    expect(images, "`ds` is empty; do exercise 1 first.")
    shapes = {tuple(image.shape) for image in images}
    same = len(shapes) == 1 and len(min(shapes)) == 3 and min(shapes)[0] == 3
    expect(same, f"The images of `ds` have shapes such as {max(shapes)}; do exercise 1 first.")
    return torch.stack(images).double()


def truth(stack):
    """Compute both statistics, also as numpy does in float32, and what common mistakes would give."""
    rows = stack.float().permute(0, 2, 3, 1).contiguous().numpy().reshape(-1, 3)
    batches = stack.split(BATCH_SIZE)
    mean, variance = stack.mean((0, 2, 3)), stack.var((0, 2, 3), correction=0)
    whole = stack[: len(stack) // BATCH_SIZE * BATCH_SIZE]
    return {
        "mean": mean,
        "std": variance.sqrt(),
        "std, n - 1": stack.std((0, 2, 3), correction=1),
        "mean, rounded": torch.from_numpy(rows.mean(axis=0)).double(),
        "std, rounded": torch.from_numpy(rows.std(axis=0)).double(),
        "mean of batch means": torch.stack([b.mean((0, 2, 3)) for b in batches]).mean(0),
        "variance": variance,
        "mean of batch stds": torch.stack([b.std((0, 2, 3)) for b in batches]).mean(0),
        "mean of image stds": stack.std((2, 3)).mean(0),
        "mean without last batch": whole.mean((0, 2, 3)),
        "std without last batch": whole.std((0, 2, 3)),
        "mean of the last batch": batches[-1].mean((0, 2, 3)),
        "std of the last batch": batches[-1].std((0, 2, 3)),
        "mean of the first batch": batches[0].mean((0, 2, 3)),
        "std of the first batch": batches[0].std((0, 2, 3)),
        "one mean for all channels": stack.mean().expand(3),
        "one std for all channels": stack.std().expand(3),
        "sqrt of batch variances": torch.stack([b.var((0, 2, 3)) for b in batches]).mean(0).sqrt(),
        "sqrt of weighted batch variances": (sum(len(b) * b.var((0, 2, 3)) for b in batches) / len(stack)).sqrt(),
        "sqrt of image variances": stack.var((2, 3)).mean(0).sqrt(),
        "std of image means": stack.mean((2, 3)).std(0),
        "std of batch means": torch.stack([b.mean((0, 2, 3)) for b in batches]).std(0),
        "root mean square": (stack**2).mean((0, 2, 3)).sqrt(),
        "mean square": (stack**2).mean((0, 2, 3)),
        "sum": stack.sum((0, 2, 3)),
        "sum per image": stack.sum((0, 2, 3)) / len(stack),
        "mean over batches of sums": stack.sum((0, 2, 3)) / len(batches),
        "mean over full batches": stack.sum((0, 2, 3)) / (len(batches) * BATCH_SIZE * stack[0, 0].numel()),
        "third of the mean": mean / 3,
        "mean on 0 to 255": 255 * mean,
        "std on 0 to 255": 255 * variance.sqrt(),
        "ImageNet mean": torch.tensor((0.485, 0.456, 0.406), dtype=torch.float64),
        "ImageNet std": torch.tensor((0.229, 0.224, 0.225), dtype=torch.float64),
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
def loads_every_sample_in_order(dl, ds, stack):
    """`dl` is a DataLoader over `ds` with batches of 16, in order, without leaving any out."""
    expect_loader(dl, "dl")
    batches, count = batch_indices(dl), length_of(ds, "`ds`")
    expect(len(dl.dataset) == count, f"`dl` reads a dataset of {len(dl.dataset)} samples; `ds` has {count}.")
    size = len(batches[0]) if batches else 0
    expect(size == min(BATCH_SIZE, count), f"The batches of `dl` hold {size} samples; expected {BATCH_SIZE}.")
    order = [index for batch in batches for index in batch]
    expect(
        sorted(order) == list(range(count)),
        f"`dl` reads {len(set(order))} of the {count} samples; expected every one, once. (`drop_last` leaves the last ones out.)",
    )
    expect(order == list(range(count)), "`dl` is shuffled; expected the samples in their order.")
    expect(all(len(batch) == size for batch in batches[:-1]), "The batches of `dl` differ in size before the last one.")
    for index in {0, count // 2, count - 1}:
        ours, theirs = (item_of(dataset, index, name)[0] for dataset, name in ((ds, "ds"), (dl.dataset, "dl.dataset")))
        ours, theirs = (
            plain_tensor(ours, f"the image of ds[{index}]"),
            plain_tensor(theirs, "an image of `dl`'s dataset"),
        )
        expect_close(theirs, ours, f"`dl` reads another dataset than `ds`: its image number {index}", 1e-4)


@criterion(
    points=3,
    hints=(
        "The last batch is smaller than the others: does each pixel still count the same?",
        "Add up sums and numbers of pixels over the batches and divide once, at the end.",
    ),
)
def has_the_mean(mean, truth):
    """`mean` is the mean of each channel over every pixel of every image."""
    _expect_statistic(mean, "mean", truth)


@criterion(
    points=3,
    hints=(
        "Which two sums give a variance in a single pass, and what comes after the variance?",
        "Mean of the squares minus square of the mean, over all pixels at once; then the square root.",
    ),
)
def has_the_std(std, truth):
    """`std` is the standard deviation of each channel over every pixel of every image."""
    _expect_statistic(std, "std", truth)


def _expect_statistic(value, name, truth):
    of, expected = f"`{name}`", truth[name]
    value = plain_tensor(value, of)
    expect_shape(value, (3,), of, "One number for each channel is asked for.")
    expect(
        value.dtype in (torch.float32, torch.float64),
        f"{of} has dtype {str(value.dtype).removeprefix('torch.')}; expected float32 or float64.",
    )
    expect(
        value.isfinite().all(),
        f"{of} contains NaN or infinite values: is there a root of something negative, or a division by 0?",
    )
    if name == "std" and value.dtype == torch.float64:  # float32 has no digits left to tell the two apart
        sample = truth["std, n - 1"]
        expect(
            (value - sample).abs().max() >= 0.01 * (sample - expected).abs().max(),
            f"{of} divides by n - 1; the population's standard deviation, which is asked for, divides by n.",
        )
    value = value.double()
    gap, cause = (value - expected).abs().max(), _cause(value, expected, truth)
    # Summing a long column in float32, numpy loses many digits; the method is right nevertheless.
    if gap <= EXACT or (truth[f"{name}, rounded"] - value).abs().max() <= EXACT:
        return
    rounding = _CLOSE if gap < 10 * CLOSE else ""
    expect_close(value, expected, of, EXACT if cause else CLOSE, cause or rounding)


def _cause(value, expected, truth) -> str:
    """Name the mistake that explains a value better than the right way does."""
    gap = (value - expected).abs().max()
    for name, text in _CAUSES.items():
        mistake = truth[name]
        size = max(1.0, mistake.abs().max().item())
        if (mistake - value).abs().max() < min(CLOSE * size, 0.2 * gap):
            return text
    if gap < 10**-DECIMALS and (value - value.round(decimals=DECIMALS)).abs().max() < 1e-7:
        return f"These are numbers with {DECIMALS} decimals, as a printout shows them; use what you computed."
    return ""


_CLOSE = (
    "Close, but not the same: sums of millions of float32 numbers lose digits, and pixels that were not resized are others "
    "than those of `dl`."
)
_ON_255 = "This is on a scale of 0 to 255; `ds` gives values between 0 and 1."
_ONE = "This is one number for all channels together; each channel has its own."
_CAUSES = {
    "std": "This is the standard deviation.",
    "mean": "This is the mean.",
    "mean of batch means": "This is a mean of batch means, in which the smaller last batch counts too much.",
    "variance": "This is the variance; the standard deviation is its square root.",
    "mean of batch stds": "This is a mean of the batches' standard deviations; deviations do not average.",
    "mean of image stds": "This is a mean of the images' standard deviations; deviations do not average.",
    "mean without last batch": "The last, smaller batch is missing.",
    "std without last batch": "The last, smaller batch is missing.",
    "mean of the last batch": "This is the last batch alone: is the sum started anew in each round of the loop?",
    "std of the last batch": "This is the last batch alone: is the sum started anew in each round of the loop?",
    "mean of the first batch": "This is the first batch alone.",
    "std of the first batch": "This is the first batch alone.",
    "one mean for all channels": _ONE,
    "one std for all channels": _ONE,
    "sqrt of batch variances": "Variances were taken batch by batch, each around its own mean.",
    "sqrt of weighted batch variances": "Variances were taken batch by batch, each around its own mean.",
    "sqrt of image variances": "Variances were taken image by image, each around its own mean.",
    "std of image means": "This is how much the images' means differ, not how much the pixels do.",
    "std of batch means": "This is how much the batches' means differ, not how much the pixels do.",
    "root mean square": "The squared mean was not subtracted.",
    "mean square": "This is the mean of the squares.",
    "sum": "This is a sum over all pixels; it was not divided by their number.",
    "sum per image": "The sum over all pixels was divided by the number of images, not of pixels.",
    "mean over batches of sums": "The sum over all pixels was divided by the number of batches, not of pixels.",
    "mean over full batches": "The sum was divided as if the last batch were as large as the others.",
    "third of the mean": "This is a third of the mean: each channel has a third of all the numbers in a batch.",
    "mean on 0 to 255": _ON_255,
    "std on 0 to 255": _ON_255,
    "ImageNet mean": "These are ImageNet's; the mean of these images is asked for.",
    "ImageNet std": "These are ImageNet's; the standard deviation of these images is asked for.",
    "mean backwards": "The channels are in the wrong order.",
    "std backwards": "The channels are in the wrong order.",
}


EXERCISE = Exercise(
    number=2,
    title="Mean and standard deviation",
    answers=("dl", "mean", "std", "ds"),
    builds_on=(1,),
    fixtures=(stack, truth),
    criteria=(loads_every_sample_in_order, has_the_mean, has_the_std),
)
