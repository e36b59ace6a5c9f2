"""Exercise 2: freeze the body and count what is left to train."""

import numbers
from collections.abc import Iterator

import torch
from torch import nn
from torchvision.models import resnet18

from utils.checks.modules import is_trainable, random_images
from utils.checks.resnets import (
    changed_in_place,
    explain_flags,
    named_parameters,
    plain_resnet,
    remember,
    trainable_names,
)
from utils.core.exercise import Exercise, criterion
from utils.core.expect import Mismatch, describe, expect

CLASSES = 3


class Odd(nn.Module):
    """A model with a layer that is used twice, an activation that learns, and a parameter without dimensions."""

    def __init__(self):
        super().__init__()
        layer = nn.Linear(5, 5)
        self.layers = nn.Sequential(layer, nn.PReLU(), layer)
        self.temperature = nn.Parameter(torch.tensor(1.0))

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Return five scores."""
        return self.layers(features) / self.temperature


@criterion(
    points=4,
    hints=(
        "Freezing is one attribute of each parameter. Which parameters are the body's?",
        "Set `requires_grad` of every parameter of the model to False first; the head comes afterwards.",
    ),
)
def freezes_the_body(freeze_body):
    """`freeze_body` returns the model that it got, with every parameter outside `model.fc` frozen."""
    again = plain_resnet()
    for state in (
        "",
        ", in a model of which only `layer1` could be trained before",
        " when a model comes a second time, unfrozen meanwhile",
    ):
        model = plain_resnet() if "before" in state else again
        if "before" in state:
            model.requires_grad_(False).layer1.requires_grad_(True)
        if "second" in state:
            model.requires_grad_(True)
        changed_in_place(freeze_body, model, of="freeze_body")
        body = {name for name in named_parameters(model) if not name.startswith("fc.")}
        learning = sorted(body & trainable_names(model))
        cause = explain_flags(model) if len(learning) == len(body) else ""
        expect(
            not learning,
            f"{len(learning)} of the body's {len(body)} parameters can still be trained{state}, the first one is "
            f"`{(learning or [''])[0]}`.{cause}",
        )


@criterion(
    points=3,
    hints=(
        "What is left to learn if everything is frozen?",
        "Whatever state the model comes in, the parameters of `model.fc` need `requires_grad = True` in the end.",
    ),
)
def leaves_the_head_trainable(freeze_body):
    """Every parameter of `model.fc` can be trained afterwards, even if it was frozen before; no value changes."""
    for hidden in (False, True):
        for frozen in (False, True):
            model = plain_resnet()
            if hidden:
                model.fc = nn.Sequential(nn.Linear(512, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, CLASSES))
            model.requires_grad_(not frozen)
            before = remember(model)
            changed_in_place(freeze_body, model, of="freeze_body")
            head = {name for name in named_parameters(model) if name.startswith("fc.")}
            expect(head, "Nothing is left of the head: `model.fc` has no parameters any more.")
            stuck = head - trainable_names(model)
            state = "that came in frozen as a whole" if frozen else "whose head could be trained before"
            layers = "two linear layers and a batch norm" if hidden else "one linear layer"
            expect(
                not stuck,
                f"{len(stuck)} of the {len(head)} parameters of a head of {layers} are frozen, in a model {state}.",
            )
            differing = before.differing(model, without="")
            expect(not differing, f"`{(differing or [''])[0]}` has other values than before; freezing keeps them.")


@criterion(
    points=5,
    hints=(
        "A parameter is a tensor; how many numbers does it hold, and does it count at all?",
        "Add up `numel()` over those parameters whose `requires_grad` is True.",
    ),
)
def counts_trainable_values(count_trainable):
    """`count_trainable` returns how many numbers can be trained, whichever parameters they belong to, as an `int`."""
    for case, model in _models():
        before = trainable_names(model)
        wanted = sum(p.numel() for name, p in named_parameters(model).items() if name in before)
        found = count_trainable(model)
        missing = "; is a `return` missing?" if found is None else "."
        if not isinstance(found, numbers.Integral) or isinstance(found, bool):
            raise Mismatch(f"`count_trainable` returns {describe(found)}, not a whole number of type `int`{missing}")
        expect(
            trainable_names(model) == before,
            "`count_trainable` freezes or unfreezes parameters; it should count and change nothing.",
        )
        expect(found == wanted, f"For {case} it returns {found:,}; expected {wanted:,}.{_guess(found, model)}")


@criterion(
    points=0,
    hints=(
        "Batch norms move their running statistics in training mode, frozen or not.",
        "`eval()` of a batch norm stops that, until somebody calls `model.train()`.",
    ),
)
def keeps_the_statistics_still(freeze_body):
    """The running statistics of the frozen body stay as they are, also when the model is set to training mode."""
    model = plain_resnet()
    changed_in_place(freeze_body, model, of="freeze_body")
    before = model.bn1.running_mean.clone()
    model.train()
    with torch.no_grad():
        model(random_images(2, 3, 32, 32) + 1)
    expect(
        torch.equal(model.bn1.running_mean, before),
        "No parameter moves, but the running statistics of the frozen batch norms still do in training mode. For a body "
        "that has to stay exactly as it was, `train()` would have to leave its batch norms in evaluation mode; section 4 "
        "says when that is wanted.",
    )


def _models() -> Iterator[tuple[str, nn.Module]]:
    """Yield models to count, one after the other; the last one is an earlier one that was frozen meanwhile."""
    with torch.device("meta"):  # the exercise's own network: shapes without numbers
        whole, frozen = resnet18(weights=None, num_classes=2), resnet18(weights=None, num_classes=CLASSES)
    for name, parameter in frozen.named_parameters():
        parameter.requires_grad_(name.startswith("fc."))
    partly, nothing = plain_resnet(), plain_resnet().requires_grad_(False)
    partly.requires_grad_(False).layer4.requires_grad_(True)
    layer = nn.Linear(7, 4)
    layer.weight.requires_grad_(False)
    yield f"ResNet-18 with a frozen body and {CLASSES} classes", frozen
    yield "ResNet-18 with 2 classes and nothing frozen", whole
    yield "a model of which only `layer4` can be trained", partly
    yield "a single `nn.Linear(7, 4)` whose weight is frozen and whose bias is not", layer
    yield "a model with a layer that is used twice, a `PReLU` and a parameter that is a single number", Odd()
    yield "a model that is frozen as a whole", nothing
    yield "the same model, after it was frozen as a whole", partly.requires_grad_(False)


def _guess(found, model) -> str:
    parameters = list(named_parameters(model).values())
    learning = [p for p in parameters if p.requires_grad]
    head = [p for name, p in named_parameters(model).items() if name.startswith("fc.")]
    buffers = sum(b.numel() for b in model.buffers())
    everything = sum(p.numel() for p in parameters)
    guesses = {
        "Those are tensors; each of them holds many numbers.": len(learning),
        "Those are all tensors, and each of them holds many numbers.": len(parameters),
        "That is every parameter, frozen or not.": everything,
        "That counts the frozen ones.": sum(p.numel() for p in parameters if not p.requires_grad),
        "That is the head alone, whatever is frozen.": sum(p.numel() for p in head),
        "The running statistics of batch norm are counted, too; they are no parameters.": everything + buffers,
        "Biases and batch norms are left out.": sum(p.numel() for p in learning if p.ndim > 1),
        "Only the first dimension of each tensor is counted.": sum(p.shape[0] for p in learning if p.ndim),
        "A layer that is used twice is counted twice; its numbers are there once.": sum(
            p.numel() for _, p in nn.Module.named_parameters(model, remove_duplicate=False) if is_trainable(p)
        ),
        "A parameter without dimensions is a number, too.": sum(p.numel() for p in learning if p.ndim),
        "Those are bytes; a number takes four of them.": sum(4 * p.numel() for p in learning),
    }
    return next((f" {text}" for text, value in guesses.items() if value == found != 0), "")


EXERCISE = Exercise(
    number=2,
    title="Freezing",
    answers=("freeze_body", "count_trainable"),
    criteria=(freezes_the_body, leaves_the_head_trainable, counts_trainable_values, keeps_the_statistics_still),
)
