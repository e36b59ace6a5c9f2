"""Exercise 6: one training step, with clipping and a scheduler."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from utils.core.exercise import Exercise, criterion
from utils.core.expect import Mismatch, describe, expect

CLOSE = 1e-6
STEPS = 3
IMAGES, FEATURES, CLASSES = 8, 6, 3
RATE, MOMENTUM = 0.4, 0.5  # momentum tells the optimiser's own step from one made by hand
WEIGHT = torch.tensor([1.0, 2.0, 0.5])  # of the classes: a loss unlike the plain cross-entropy
NEVER = 1e6  # a norm that no gradient here reaches


class Counting(nn.CrossEntropyLoss):
    """A weighted cross-entropy that counts how often it is asked."""

    def __init__(self):
        super().__init__(weight=WEIGHT)
        self.calls = 0

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        """Return the loss of a batch."""
        self.calls += 1
        return super().forward(input, target)


@dataclass
class Scene:
    """Everything that one step works on."""

    model: nn.Module
    optimiser: torch.optim.Optimizer
    scheduler: torch.optim.lr_scheduler.LRScheduler
    batches: list[tuple[Tensor, Tensor]]
    criterion: Counting

    def values(self) -> Tensor:
        """Return the model's parameters in one row."""
        return torch.cat([p.detach().flatten() for p in self.model.parameters()])


@criterion(
    points=3,
    hints=(
        "What should the caller get for the progress bar: a tensor with its graph, or a number?",
        "`loss.item()` is a Python number; compute the loss of this batch once, before the update.",
    ),
)
def returns_the_loss(train_step):
    """It returns the loss of the batch before the update, as a Python `float`."""
    scene, twin = _scene(), _scene()
    found = _call(train_step, scene, 0, NEVER)
    missing = "; is a `return` missing?" if found is None else "."
    if isinstance(found, Tensor):
        raise Mismatch(
            "`train_step` returns a tensor, which keeps the whole graph in memory; `.item()` makes a number."
        )
    expect(type(found) is float, f"`train_step` returns {describe(found)}, not a float{missing}")
    images, labels = twin.batches[0]
    scores = twin.model(images).detach()
    before = _loss(scores, labels).item()
    _reference(twin, 0, NEVER)
    guesses = {
        "That is the loss after the update.": _loss(twin.model(images), labels).item(),
        f"That is the sum over the {len(labels)} images.": before * len(labels),
        f"It is divided by the {len(labels)} images, but the loss is a mean already.": before / len(labels),
        "That is the plain cross-entropy; `criterion` may be another loss.": nn.functional.cross_entropy(
            scores, labels
        ).item(),
        "A softmax comes before the criterion; it wants the scores themselves.": _loss(
            scores.softmax(1), labels
        ).item(),
        "It is rounded.": round(before, 2),
    }
    cause = next((f" {text}" for text, value in guesses.items() if math.isclose(found, value, abs_tol=1e-5)), "")
    expect(math.isclose(found, before, abs_tol=1e-5), f"It returns {found:.4f}; the loss is {before:.4f}.{cause}")
    scene, twin = _scene(), _scene()  # the same beginning, so that what the first call did to the model plays no part
    images, labels = twin.batches[1]
    second, wanted = _call(train_step, scene, 1, NEVER), _loss(twin.model(images), labels).item()
    expect(
        isinstance(second, float) and math.isclose(second, wanted, abs_tol=1e-5),
        f"The second call returns {second:.4f}; the loss of its own batch is {wanted:.4f}. Is something kept between calls?",
    )


@criterion(
    points=1,
    hints=(
        "Dropout and batch norm behave differently in training and evaluation; who tells them?",
        "`model.train()` comes before the forward pass.",
    ),
)
def trains_in_training_mode(train_step):
    """The model is in training mode during the step, even if it was in evaluation mode before."""
    scene = _scene(norms=True)
    modes, whole = {}, []

    def note(part, inputs):
        modes.setdefault(type(part).__name__, part.training)
        whole.append(scene.model.training)  # not by a hook on the model: `model.forward(images)` passes it by

    for part in scene.model:
        part.register_forward_pre_hook(note)
    scene.model.eval()
    _call(train_step, scene, 0, NEVER)
    still = [name for name, training in modes.items() if not training]
    expect(modes and len(still) < len(modes), "A model that was in evaluation mode still is when it is called.")
    expect(
        not still,
        f"A part of the model, `{(still or [''])[0]}`, is in evaluation mode during the step; `model.train()` tells all.",
    )
    expect(
        whole[0],
        "The parts of the model are in training mode, the model itself is not: its own `training` is False. `model.train()` "
        "sets both.",
    )


@criterion(
    points=5,
    hints=(
        "Gradients add up from step to step. When do they have to be cleared?",
        "zero_grad, forward, loss, backward, (clip,) step: once each, in this order.",
    ),
)
def updates_the_parameters(train_step):
    """Each step clears the gradients, goes forward and backward, and lets the optimiser step, once each."""
    _compare(train_step, NEVER, _MISTAKES, "after {steps} with a limit that clips nothing", stale=True)
    _compare(train_step, NEVER, {}, "after {steps} with a batch of one image", images=1)
    scene, sizes = _scene(), []
    scene.model[0].register_forward_pre_hook(lambda module, inputs: sizes.append(len(inputs[0])))
    _call(train_step, scene, 0, NEVER)
    expect(
        sizes == [IMAGES],
        f"In one step the model is called {len(sizes)} times; one forward pass with the whole batch is asked for. (In "
        "training mode each of them moves the statistics of the batch norms.)",
    )
    expect(
        scene.criterion.calls == 1,
        f"In one step `criterion` is called {scene.criterion.calls} times; once is asked for.",
    )


@criterion(
    points=4,
    hints=(
        "The norm is that of all gradients together, and it can only be cut once they are there.",
        "`nn.utils.clip_grad_norm_(model.parameters(), max_norm)` between `backward()` and `step()`.",
    ),
)
def clips_the_gradient(train_step):
    """Before the optimiser steps, the gradients' norm over all parameters is cut to `max_norm`, 1.0 by default."""
    for limit in (0.05, 0.3):
        _compare(train_step, limit, _CLIPPINGS, f"after {{steps}} with max_norm={limit:g}")
    scene, twin = _scene(scale=40.0), _scene(scale=40.0)
    images, labels = scene.batches[0]
    train_step(scene.model, images, labels, scene.criterion, scene.optimiser, scene.scheduler)
    _reference(twin, 0, 1.0)
    expect(_same(scene, twin), "Without a word about `max_norm`, the gradient is not cut to a norm of 1.")


@criterion(
    points=3,
    hints=(
        "Which learning rate should the very first step use: the one you set, or the next one?",
        "`scheduler.step()` comes once, after `optimiser.step()`.",
    ),
)
def steps_the_scheduler_last(train_step):
    """The scheduler steps once, after the optimiser: the first step uses the learning rate that was set."""
    scene = _scene(schedule=True)
    for step in range(STEPS):
        _call(train_step, scene, step, NEVER)
        rate, wanted = scene.optimiser.param_groups[0]["lr"], RATE * 0.5 ** (step + 1)
        times = math.log(rate / RATE) / math.log(0.5) if rate > 0 else 0.0
        expect(
            math.isclose(rate, wanted, rel_tol=1e-6),
            f"After {step + 1} calls the scheduler has stepped {round(times)} times; expected {step + 1}.",
        )
    _compare(train_step, NEVER, _SCHEDULES, "after {steps} with a scheduler that halves the rate", schedule=True)


def _scene(
    *, schedule: bool = False, scale: float = 1.0, norms: bool = False, stale: bool = False, images: int = IMAGES
) -> Scene:
    """Make a small model with everything around it; the same each time.

    Parameters
    ----------
    schedule : bool
        Whether the learning rate is halved in each step.
    scale : float
        Of the images, and so of the gradients.
    norms : bool
        Whether the model has a batch norm and a dropout.
    stale : bool
        Whether gradients of earlier steps are there already.
    images : int
        How many there are in a batch.
    """
    generator = torch.Generator().manual_seed(7)
    first, last = nn.Linear(FEATURES, 5), nn.Linear(5, CLASSES)
    model = nn.Sequential(first, *([nn.BatchNorm1d(5), nn.Dropout(0.5)] if norms else []), nn.Tanh(), last)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator))
    if stale:
        for parameter in model.parameters():
            parameter.grad = torch.randn(parameter.shape, generator=generator)
    # Two groups, as with discriminative learning rates: clipping each for itself is not clipping all together.
    body = [parameter for part in list(model)[:-1] for parameter in part.parameters()]
    groups = [{"params": body}, {"params": last.parameters()}]
    optimiser = torch.optim.SGD(groups, lr=RATE, momentum=MOMENTUM)
    scheduler = torch.optim.lr_scheduler.LambdaLR(
        optimiser, (lambda step: 0.5**step) if schedule else (lambda step: 1.0)
    )
    batches = [
        (
            scale * torch.randn(images, FEATURES, generator=generator),
            torch.randint(CLASSES, (images,), generator=generator),
        )
        for _ in range(STEPS)
    ]
    return Scene(model, optimiser, scheduler, batches, Counting())


def _call(train_step, scene: Scene, step: int, limit: float):
    expect(callable(train_step), f"`train_step` is {describe(train_step)}, not a function.")
    images, labels = scene.batches[step]
    return train_step(scene.model, images, labels, scene.criterion, scene.optimiser, scene.scheduler, max_norm=limit)


def _compare(train_step, limit, mistakes: dict[str, Callable], case: str, **settings) -> None:
    """Step several times beside the reference; name the mistake whose parameters come out."""
    scene, twin = _scene(**settings), _scene(**settings)
    twins = {text: _scene(**settings) for text in mistakes}
    for step in range(STEPS):
        _call(train_step, scene, step, limit)
        _reference(twin, step, limit)
        for text, mistake in mistakes.items():
            mistake(twins[text], step, limit)
        if not _same(scene, twin):
            cause = next((text for text, other in twins.items() if _same(scene, other)), None)
            steps = "the first step" if step == 0 else f"{step + 1} steps"
            told = f" {cause}" if cause else ""
            raise Mismatch(f"The parameters are not what they should be {case.format(steps=steps)}.{told}")


def _same(one: Scene, other: Scene) -> bool:
    scale = max(1.0, other.values().abs().max().item())
    return (one.values() - other.values()).abs().max().item() <= CLOSE * scale


def _loss(scores, labels) -> Tensor:
    return nn.functional.cross_entropy(scores, labels, weight=WEIGHT)


def _reference(scene: Scene, step: int, limit: float) -> None:
    _variant(scene, step, limit)


def _variant(
    scene: Scene,
    step: int,
    limit: float,
    *,
    clear: str = "before",
    clip: str = "norm",
    updates: int = 1,
    schedule: str = "after",
    sign: float = 1.0,
    loss: Callable = _loss,
    by_hand: bool = False,
) -> None:
    """Do one step with one thing done otherwise."""
    images, labels = scene.batches[step]
    if clear == "before":
        scene.optimiser.zero_grad()
    if schedule == "before":
        scene.scheduler.step()
    (sign * loss(scene.model(images), labels)).backward()
    if clear == "after backward":
        scene.optimiser.zero_grad()
    _clip(scene.model, clip, limit)
    if by_hand:
        with torch.no_grad():
            for parameter in scene.model.parameters():
                parameter -= RATE * parameter.grad
    for _ in range(0 if by_hand else updates):
        scene.optimiser.step()
    if schedule in ("after", "twice"):
        for _ in range(2 if schedule == "twice" else 1):
            scene.scheduler.step()


def _clip(model, how: str, limit: float) -> None:
    parameters = list(model.parameters())
    if how == "norm":
        nn.utils.clip_grad_norm_(parameters, limit)
    elif how == "value":
        nn.utils.clip_grad_value_(parameters, limit)
    elif how == "each":
        for parameter in parameters:
            nn.utils.clip_grad_norm_([parameter], limit)
    elif how == "group":
        nn.utils.clip_grad_norm_(parameters[:-2], limit)
        nn.utils.clip_grad_norm_(parameters[-2:], limit)
    elif how == "always":
        norm = nn.utils.get_total_norm([p.grad for p in parameters])
        for parameter in parameters:
            parameter.grad *= limit / norm
    elif how == "one":
        nn.utils.clip_grad_norm_(parameters, 1.0)
    elif how == "head":
        nn.utils.clip_grad_norm_(parameters[-2:], limit)
    elif how == "inf":
        nn.utils.clip_grad_norm_(parameters, limit, norm_type=float("inf"))


def _otherwise(**settings) -> Callable:
    return lambda scene, step, limit: _variant(scene, step, limit, **settings)


def _unchanged(scene: Scene, step: int, limit: float) -> None:
    """Do nothing at all."""


_MISTAKES = {
    "They did not change at all: did the optimiser step, and was the gradient still there when it did?": _unchanged,
    "The gradients of earlier steps are still in them: clear them first.": _otherwise(clear="never"),
    "The step went uphill: the loss has a minus.": _otherwise(sign=-1.0),
    "The optimiser stepped twice.": _otherwise(updates=2),
    "The step is too long: were the gradients computed twice and added up?": _otherwise(sign=2.0),
    "They were changed as if the gradient were cut, although it is shorter than `max_norm`.": _otherwise(clip="one"),
    "The gradient was stretched to `max_norm`; one that is shorter stays as it is.": _otherwise(clip="always"),
    "The loss is the plain cross-entropy; use the `criterion` that comes in.": _otherwise(
        loss=nn.functional.cross_entropy
    ),
    "They moved by rate times gradient; `optimiser.step()` knows more (momentum, for one).": _otherwise(by_hand=True),
}
_CLIPPINGS = {
    "The gradient was not cut at all: clipping comes after `backward()` and before `step()`.": _otherwise(clip="none"),
    "Every value was cut for itself; what is limited is the norm of all gradients together.": _otherwise(clip="value"),
    "Each parameter was cut for itself; what is limited is the norm over all of them.": _otherwise(clip="each"),
    "Each parameter group or layer was cut for itself; what is limited is the norm over all.": _otherwise(clip="group"),
    "The limit is a fixed 1 instead of `max_norm`.": _otherwise(clip="one"),
    "Only the last layer's gradients were cut.": _otherwise(clip="head"),
    "Not the length but the largest value was limited (`norm_type`).": _otherwise(clip="inf"),
}
_SCHEDULES = {
    "The scheduler stepped before the optimiser, so the first learning rate was never used.": _otherwise(
        schedule="before"
    ),
}

EXERCISE = Exercise(
    number=6,
    title="A training step",
    answers=("train_step",),
    criteria=(
        returns_the_loss,
        trains_in_training_mode,
        updates_the_parameters,
        clips_the_gradient,
        steps_the_scheduler_last,
    ),
)
