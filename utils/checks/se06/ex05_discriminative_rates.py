"""Exercise 5: an optimiser with a learning rate for each depth."""

import math
from dataclasses import dataclass

import torch
from torch import nn

from utils.checks.resnets import deep_resnet, named_parameters, plain_resnet, remember
from utils.core.exercise import Exercise, criterion
from utils.core.expect import Mismatch, describe, expect

PARTS = {
    "early": ("conv1", "bn1", "layer1", "layer2"),
    "late": ("layer3", "layer4"),
    "head": ("fc",),
}
DEFAULTS = {"early": 1e-5, "late": 1e-4, "head": 1e-3}
RATES = {"early": 3e-6, "late": 7e-5, "head": 2e-2}  # unlike any default
DECAY, DEFAULT_DECAY = 0.03, 1e-4


@dataclass(frozen=True)
class Tuned:
    """A model and the optimiser a student's function made for it."""

    model: nn.Module
    optimiser: torch.optim.Optimizer

    @property
    def groups(self) -> list[dict]:
        """The optimiser's parameter groups."""
        return vars(self.optimiser)["param_groups"]

    def part_of(self, parameter) -> str:
        """Name the part of the network a parameter belongs to; empty if it is none of the model's."""
        names = {id(p): name for name, p in named_parameters(self.model).items()}
        child = names.get(id(parameter), "").split(".")[0]
        return next((part for part, children in PARTS.items() if child in children), "")

    def setting(self, part: str, key: str) -> set[float]:
        """Return the values of a setting in the groups that hold parameters of a part."""
        return {float(g[key]) for g in self.groups if any(self.part_of(p) == part for p in g["params"])}


def tuned(discriminative_optimiser):
    """Call the function with rates of the check's own, for a ResNet with several blocks to a stage."""
    rates = {f"{part}_lr": rate for part, rate in RATES.items()}
    return _tune(discriminative_optimiser, deep_resnet(), **rates, weight_decay=DECAY)


def tuned_by_default(discriminative_optimiser):
    """Call the function with its own settings."""
    return _tune(discriminative_optimiser, plain_resnet())


@criterion(
    points=2,
    hints=(
        "An optimiser takes a list of dicts, one for each group, in place of a list of parameters.",
        '`torch.optim.AdamW([{"params": ..., "lr": ...}, {...}, {...}])`, and a `return`.',
    ),
)
def makes_three_groups(tuned):
    """It returns a `torch.optim.AdamW` with exactly three parameter groups."""
    count = len(tuned.groups)
    expect(count == 3, f"The optimiser has {count} parameter group{'s'[: count != 1]}; expected 3.")


@criterion(
    points=5,
    hints=(
        "Walk through the network from the images to the classes: which parts come early, which late?",
        "Early: `conv1`, `bn1`, `layer1`, `layer2`; late: `layer3`, `layer4`; then `fc`. Nothing may be left out.",
    ),
)
def groups_by_depth(discriminative_optimiser, tuned):
    """Stem and stages 1-2, stages 3-4 and the head have a group each, and every parameter is in exactly one."""
    _expect_depths(tuned)
    deep = _tune(discriminative_optimiser, _with_biases())
    _expect_depths(deep)
    even = _tune(discriminative_optimiser, plain_resnet(), **dict.fromkeys((f"{part}_lr" for part in PARTS), 1e-3))
    for case, each in (("With a head of two layers", deep), ("With one rate for all three parts", even)):
        count = len(each.groups)
        expect(count == 3, f"{case} the optimiser has {count} parameter group{'s'[: count != 1]}; expected 3.")


@criterion(
    points=3,
    hints=(
        "Each dict may carry an `lr` of its own.",
        "`early_lr`, `late_lr` and `head_lr` are parameters of your function: use them, and look at their defaults.",
    ),
)
def gives_each_group_its_rate(discriminative_optimiser, tuned, tuned_by_default):
    """Each group has the learning rate of its part; by default 1e-5, 1e-4 and 1e-3."""
    in_order = _tune(discriminative_optimiser, plain_resnet(), *RATES.values(), DECAY)
    call = f"After discriminative_optimiser(model, {', '.join(f'{rate:g}' for rate in (*RATES.values(), DECAY))}) "
    for case, each, wanted in (
        ("", tuned, RATES),
        ("By default ", tuned_by_default, DEFAULTS),
        (call, in_order, RATES),
    ):
        for part, rate in wanted.items():
            found = each.setting(part, "lr")
            other = next((name for name, value in wanted.items() if _is(found, value) and name != part), None)
            cause = f" That is `{other}_lr`." if other and not _is(found, rate) else ""
            start = f"{case}the {part} group" if case else f"With {part}_lr={rate:g} the {part} group"
            expect(_is(found, rate), f"{start} learns at {_rates(found)}; expected {rate:g}.{cause}")


@criterion(
    points=2,
    hints=(
        "What does AdamW do with `weight_decay`, and what is its own default?",
        "Hand `weight_decay` on; given once for the whole optimiser it holds for every group.",
    ),
)
def decays_the_weights(tuned, tuned_by_default):
    """Every group has the `weight_decay` that was asked for; by default 1e-4."""
    for case, each, wanted in (
        (f"With weight_decay={DECAY:g}", tuned, DECAY),
        ("By default", tuned_by_default, DEFAULT_DECAY),
    ):
        for part in PARTS:
            found = each.setting(part, "weight_decay")
            own = " That is AdamW's own default." if _is(found, 0.01) else ""
            expect(_is(found, wanted), f"{case} the {part} group decays by {_rates(found)}; expected {wanted:g}.{own}")


def _expect_depths(tuned) -> None:
    """Fail unless each group holds one part of the model, and every parameter is in exactly one group."""
    held = [p for group in tuned.groups for p in group["params"]]
    own = {id(p) for p in named_parameters(tuned.model).values()}
    expect(
        all(id(p) in own for p in held),
        "The optimiser holds parameters that are not the model's own: copies, or another model's, kept from an earlier call.",
    )
    expect(len(held) == len({id(p) for p in held}), "A parameter is in the optimiser twice.")
    inside = {id(p) for p in held}
    missing = [name for name, p in named_parameters(tuned.model).items() if id(p) not in inside]
    parts = sorted({name.split(".")[0] for name in missing})
    count = (
        "1 parameter is in no group, so it"
        if len(missing) == 1
        else f"{len(missing)} parameters are in no group, so they"
    )
    expect(not missing, f"{count} would never change: those of {_listed(parts)}, first `{(missing or [''])[0]}`.")
    for group in tuned.groups:
        mixed = sorted({tuned.part_of(p) for p in group["params"]}, key=list(PARTS).index)
        expect(mixed, "One of the three groups is empty. (A generator is empty after its first use.)")
        expect(len(mixed) == 1, _mixed(tuned, group, mixed))


def _with_biases() -> nn.Module:
    """Return a ResNet whose first convolution has a bias and whose head has two layers."""
    model = plain_resnet()
    model.conv1 = nn.Conv2d(1, 64, 7, stride=2, padding=3)
    model.fc = nn.Sequential(nn.Linear(512, 8), nn.ReLU(), nn.Linear(8, 2))
    return model


def _tune(function, model, *rates, **settings) -> Tuned:
    expect(callable(function), f"`discriminative_optimiser` is {describe(function)}, not a function.")
    model.layer1.eval()
    before = remember(model)
    optimiser = function(model, *rates, **settings)
    if not isinstance(optimiser, torch.optim.Optimizer):
        missing = "; is a `return` missing?" if optimiser is None else "."
        raise Mismatch(f"`discriminative_optimiser` returns {describe(optimiser)}, not an optimiser{missing}")
    kind = type(optimiser).__name__
    kind = "another class that is called AdamW, too" if kind == "AdamW" else f"class {kind}"
    expect(isinstance(optimiser, torch.optim.AdamW), f"The optimiser is of {kind}; expected torch.optim.AdamW.")
    differing = before.differing(model, without="")
    expect(not differing, f"`{(differing or [''])[0]}` has other values than before; an optimiser alone changes none.")
    flags = before.reflagged(model, without="")
    expect(not flags, f"`{(flags or [''])[0]}` was frozen or unfrozen; the model itself is not to be changed.")
    modes = before.switched(model, without="")
    expect(
        not modes,
        f"{(modes or [''])[0]} was switched between training and evaluation mode; the model itself is not to be changed.",
    )
    return Tuned(model, optimiser)


def _mixed(tuned, group, parts) -> str:
    names = {id(p): name.split(".")[0] for name, p in named_parameters(tuned.model).items()}
    children = sorted({names[id(p)] for p in group["params"]})
    return f"One group mixes {' and '.join(parts)}: it holds parameters of {_listed(children)}."


def _is(found, wanted) -> bool:
    # A rate kept in a float32 tensor is rounded.
    return bool(found) and all(math.isclose(value, wanted, rel_tol=1e-6) for value in found)


def _rates(found) -> str:
    return " and ".join(f"{value:g}" for value in sorted(found)) or "nothing: none of its parameters is there"


def _listed(names) -> str:
    return ", ".join(f"`{name}`" for name in names)


EXERCISE = Exercise(
    number=5,
    title="Discriminative learning rates",
    answers=("discriminative_optimiser",),
    fixtures=(tuned, tuned_by_default),
    criteria=(makes_three_groups, groups_by_depth, gives_each_group_its_rate, decays_the_weights),
)
