"""Exercise 3: a first convolution for grey images."""

import copy

import torch
from torch import nn
from torchvision.models.resnet import BasicBlock

from utils.checks.modules import is_trainable, parameters_of, random_images
from utils.checks.resnets import changed_in_place, plain_resnet, remember
from utils.core.exercise import Exercise, criterion
from utils.core.expect import Mismatch, describe, expect, expect_close, plain_tensor

CLOSE = 1e-6
LUMINANCE = torch.tensor([0.299, 0.587, 0.114])  # ITU-R BT.601, as PIL's mode "L"


def adapted(grayscale_stem):
    """Adapt a ResNet as torchvision makes it; return its old first convolution and the model."""
    return _adapt(grayscale_stem, plain_resnet())


def unusual(grayscale_stem):
    """Adapt a ResNet whose first convolution has another shape and a bias."""
    model = plain_resnet()
    model.conv1 = nn.Conv2d(3, 48, (5, 3), stride=(1, 2), padding=(3, 0), dilation=(2, 1))
    model.bn1 = nn.BatchNorm2d(48)
    model.layer1 = BasicBlock(48, 64, downsample=nn.Conv2d(48, 64, 1))
    return _adapt(grayscale_stem, model)


@criterion(
    points=3,
    hints=(
        "Which layer sees the images first, and what does its first argument say?",
        "A new `nn.Conv2d(1, ...)` has to be assigned to `model.conv1`; then return the model.",
    ),
)
def takes_grey_images(adapted):
    """`grayscale_stem` returns the model that it got, which now takes images of shape (N, 1, H, W)."""
    _, model = adapted
    new = model.conv1
    expect(isinstance(new, nn.Module), f"`model.conv1` is {describe(new)}, not a layer.")
    weight = _weight(new)
    expect(
        weight.ndim == 4,
        f"The weight of `model.conv1` has shape {tuple(weight.shape)}; a convolution's has four dimensions, "
        f"(filters, channels, height, width). Does `mean` need `keepdim=True`?",
    )
    label = getattr(new, "in_channels", 3) == 1 and weight.shape[1] == 3
    cause = " Setting `in_channels` only changes a label; the weights stay." if label else ""
    expect(
        weight.shape[1] == 1,
        f"The weight of `model.conv1` has shape {tuple(weight.shape)}, so it reads {weight.shape[1]} channels; a grey "
        f"image has 1.{cause}",
    )
    with torch.no_grad():
        model.eval()(random_images(2, 1, 32, 32))


@criterion(
    points=6,
    hints=(
        "Each filter has three sheets, one for each colour. What single sheet stands for all three?",
        "The mean over the dimension of the input channels, which is dimension 1 of the weight; `keepdim=True` keeps four.",
    ),
)
def holds_the_mean_of_the_colours(adapted, unusual):
    """Each filter's weights are the mean of its weights for red, green and blue."""
    for old, model in (adapted, unusual):
        weight, rgb = _weight(model.conv1).detach(), old.weight.detach()
        expected = rgb.mean(dim=1, keepdim=True)
        expect_close(weight, expected, "the weight of `model.conv1`", CLOSE, _guess(weight, rgb))


@criterion(
    points=3,
    hints=(
        "A convolution has more settings than its channels; which of them decide the size of what comes out?",
        "Number of filters, kernel, stride, padding and dilation come from the old layer, and so does its bias, or its absence.",
    ),
)
def keeps_the_rest_of_the_layer(adapted, unusual):
    """Filters, kernel, stride, padding, dilation and bias are those of the old layer, whatever they are."""
    for old, model in (adapted, unusual):
        new, images = model.conv1, torch.rand(2, 1, 23, 20)
        reference = copy.deepcopy(old)
        reference.weight = nn.Parameter(_weight(new).detach().clone())
        bias = [p for p in parameters_of(new) if p.ndim == 1]
        expect(
            bool(bias) == (old.bias is not None),
            "The new layer has a bias, the old one has none: batch norm follows and takes its place."
            if bias
            else "The old layer has a bias, the new one has none.",
        )
        same = not bias or torch.equal(bias[0].detach(), old.bias.detach())
        expect(same, "The bias of `model.conv1` is not the old one; it belongs to the filters, not to the colours.")
        with torch.no_grad():
            found, wanted = plain_tensor(new(images), "what `model.conv1` puts out"), reference(images)
        expect(
            found.shape == wanted.shape,
            f"An image of 23x20 pixels leaves `model.conv1` with shape {tuple(found.shape[1:])}; with the settings of the "
            f"old layer it is {tuple(wanted.shape[1:])}.{_setting(old, new)}",
        )
        expect_close(found, wanted, "what `model.conv1` puts out", 1e-4, _setting(old, new).strip())


@criterion(
    points=2,
    hints=(
        "After the exchange the layer is to learn like any other, and the old weights may still be needed elsewhere.",
        "Copy the values into the parameter of the new layer (`copy_` under `torch.no_grad()`, or `nn.Parameter`).",
    ),
)
def can_go_on_learning(adapted, grayscale_stem):
    """The new weights are a parameter that can be trained; the rest of the model and the old layer stay as they were."""
    _, model = adapted
    _, stiff = _adapt(grayscale_stem, plain_resnet().requires_grad_(False))
    for each, state in ((model, ""), (stiff, " if the old layer was")):
        weights = [p for p in parameters_of(each.conv1) if p.ndim == 4]
        expect(
            weights,
            "The weight of `model.conv1` is no parameter, so no optimiser would ever change it: wrap it in `nn.Parameter`.",
        )
        expect(
            all(is_trainable(p) for p in weights),
            f"The weight of `model.conv1` is frozen{state}; the new one has to learn.",
        )
    _expect_backward(model)
    shared = {id(p) for p in parameters_of(stiff.conv1)}
    expect(
        not any(id(p) in shared for p in parameters_of(model.conv1)),
        "Two models get one and the same layer, so training one of them changes the other: make a new one in each call.",
    )
    model = plain_resnet().eval()
    model.layer2.requires_grad_(False).train()
    first, before = model.conv1, remember(model)
    weight = first.weight.detach().clone()
    _adapt(grayscale_stem, model)
    kept = tuple(first.weight.shape) == tuple(weight.shape) and torch.equal(first.weight.detach(), weight)
    expect(
        kept, "The old layer was changed instead of replaced; whoever still uses it now computes with other weights."
    )
    differing = before.differing(model, without="conv1")
    expect(not differing, f"`{(differing or [''])[0]}` has other values than before; only `conv1` is to change.")
    flags = before.reflagged(model, without="conv1")
    expect(not flags, f"`{(flags or [''])[0]}` was frozen or unfrozen on the way; only `conv1` is to change.")
    modes = before.switched(model, without="conv1")
    expect(
        not modes,
        f"{(modes or [''])[0]} was switched between training and evaluation mode; only `conv1` is to change.",
    )


def _expect_backward(model) -> None:
    """Fail unless a gradient reaches the new layer's weight."""
    weights = [parameter for parameter in parameters_of(model.conv1) if parameter.ndim == 4]
    try:
        torch.autograd.grad(model.conv1(torch.rand(2, 1, 23, 20)).sum(), weights)
    except RuntimeError as error:
        raise Mismatch(
            "No gradient reaches the weight of `model.conv1`, so it cannot be trained. PyTorch says: "
            f"{str(error).splitlines()[0]}"
        ) from None


def _adapt(grayscale_stem, model):
    old = copy.deepcopy(model.conv1)
    return old, changed_in_place(grayscale_stem, model, of="grayscale_stem")


def _weight(layer) -> torch.Tensor:
    """Return the weight a layer computes with, whatever it is called and whether or not it is a parameter."""
    weight = getattr(layer, "weight", None)
    if isinstance(weight, torch.Tensor):
        return weight
    found = [p for p in parameters_of(layer) if p.ndim == 4]
    expect(found, f"`model.conv1` is {describe(layer)} without a convolution's weight.")
    return found[0]


def _guess(weight, rgb) -> str:
    """Name the mistake whose values these are."""
    guesses = {
        "This is the sum over the colours, not the mean.": rgb.sum(1, keepdim=True),
        "These are the weights for red alone.": rgb[:, :1],
        "These are the weights for green alone.": rgb[:, 1:2],
        "These are the weights for blue alone.": rgb[:, 2:],
        "The three colours are weighted by how bright they look; the mean weighs them alike.": (
            rgb * LUMINANCE.view(1, 3, 1, 1)
        ).sum(1, keepdim=True),
        "These are the largest of the three weights, not their mean.": rgb.amax(1, keepdim=True),
        "This is the median of the three weights, not their mean.": rgb.median(1, keepdim=True).values,
        "The sum is divided by another number than 3.": None,
        "This is the mean over the filters, not over the colours: every filter is now the same.": None,
    }
    for text, value in guesses.items():
        if value is not None and weight.shape == value.shape and torch.allclose(weight, value, atol=CLOSE):
            return text
    if len(weight) > 1 and torch.allclose(weight[0], weight[1], atol=CLOSE):
        return "Every filter is the same now: the mean runs over the filters, not over the colours (dimension 1)."
    total = rgb.sum(1, keepdim=True)
    ratio = (weight * total).sum() / (total * total).sum() if weight.shape == total.shape else torch.tensor(0.0)
    if ratio.abs() > 1e-3 and torch.allclose(weight, ratio * total, atol=CLOSE):
        return f"This is the sum over the colours divided by {1 / ratio.item():.3g}, not by 3."
    expected = rgb.mean(dim=1, keepdim=True)
    if weight.shape == expected.shape and torch.allclose(
        weight.flatten().sort().values, expected.flatten().sort().values, atol=CLOSE
    ):
        return "The right numbers stand in the wrong places: look at the order of the dimensions."
    if weight.shape == expected.shape and _alike(weight, expected) > 0.2:
        return "It is made of the old weights, but it is not their mean over the colours (dimension 1)."
    return "It looks like a fresh initialisation, or an average over something else than the colours (dimension 1)."


def _alike(one, other) -> float:
    """Return how much two tensors go along with each other: 1 for multiples, about 0 for strangers."""
    return torch.nn.functional.cosine_similarity(one.flatten(), other.flatten(), dim=0).item()


def _setting(old, new) -> str:
    """Name the first setting in which the layers differ."""
    for name in ("out_channels", "kernel_size", "stride", "padding", "dilation"):
        was, now = getattr(old, name), getattr(new, name, None)
        if now != was:
            return f" Its `{name}` is {now}; the old one's is {was}."
    return ""


EXERCISE = Exercise(
    number=3,
    title="A stem for grey images",
    answers=("grayscale_stem",),
    fixtures=(adapted, unusual),
    criteria=(takes_grey_images, holds_the_mean_of_the_colours, keeps_the_rest_of_the_layer, can_go_on_learning),
)
