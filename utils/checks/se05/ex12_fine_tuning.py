"""Exercise 12: an optimiser for fine-tuning, with two learning rates."""

import math
from dataclasses import dataclass

import torch
from torch import nn

from utils.checks.modules import build, explain_unset_flag, is_trainable, parameters_of
from utils.checks.pretrained import recognisable_weights
from utils.core.exercise import Exercise, criterion
from utils.core.expect import Mismatch, describe, expect

ENCODER_LR, DECODER_LR = 3e-6, 7e-4  # unlike any default
UNUSUAL = 4e-4, 9e-5
"""Rates of which the encoder's is the larger one: nobody's default, but what was asked for has to be done."""
RATIO = 10
"""How many times smaller the encoder's learning rate has to be."""


@dataclass(frozen=True)
class Tuned:
    """What the student's function made of a network with a frozen encoder.

    Attributes
    ----------
    encoder, decoder : dict of int to nn.Parameter
        The network's parameters by `id`, divided as they were before the call.
    frozen, changed : set of int
        Ids of the parameters that were not trainable after the call, and of those that had other values.
    replaced : set of int
        Ids of the parameters that the network no longer has after the call.
    groups : list of dict
        The optimiser's parameter groups.
    """

    encoder: dict[int, nn.Parameter]
    decoder: dict[int, nn.Parameter]
    frozen: set[int]
    changed: set[int]
    replaced: set[int]
    groups: list[dict]


def network(UNetEfficient):
    """Build the student's network, or one of our own where exercise 11 is not done yet."""
    try:
        with recognisable_weights():
            model = build(UNetEfficient, of="UNetEfficient()")
        trainable = [is_trainable(p) for p in parameters_of(model)]
        if any(trainable) and not all(trainable):
            return model
    except Exception:  # noqa: BLE001 - exercise 11 judges the network; here any with a frozen encoder serves
        pass
    return _StandIn()


def frozen_names(network):
    """Remember which parameters belong to the frozen encoder, because the student's function changes that."""
    return {id(p) for p in parameters_of(network) if not is_trainable(p)}


def tuned(fine_tuning_optimiser, network, frozen_names):
    """Call the function with learning rates of the check's own."""
    return _tune(fine_tuning_optimiser, network, frozen_names, ENCODER_LR, DECODER_LR)


def tuned_by_default(fine_tuning_optimiser, network, frozen_names):
    """Call the function with its own learning rates."""
    return _tune(fine_tuning_optimiser, network, frozen_names)


def tuned_unusually(fine_tuning_optimiser, network, frozen_names):
    """Call the function with a larger rate for the encoder; None if it refuses, which the exercise leaves open."""
    try:
        return _tune(fine_tuning_optimiser, network, frozen_names, *UNUSUAL)
    except (AssertionError, ValueError):
        return None


@criterion(
    points=1,
    hints=(
        "Freezing was one attribute of each parameter; how is it undone?",
        "`requires_grad` has to be True again for every parameter of the model, before training starts.",
    ),
)
def unfreezes_the_encoder(network, tuned):
    """Every parameter of the model is trainable afterwards and has kept its value."""
    expect(
        not tuned.replaced,
        f"The function puts new parameters in the place of {len(tuned.replaced)} of the model's own; unfreeze those that "
        "are there.",
    )
    for part, parameters in (("encoder", tuned.encoder), ("decoder", tuned.decoder)):
        frozen, every = len(tuned.frozen & set(parameters)), len(parameters)
        cause = (
            "A comparison changes no attribute, and a generator is empty after its first use."
            if part == "encoder"
            else ""
        )
        expect(
            not frozen,
            f"{frozen} of the {part}'s {every} parameters are frozen when the function is done; each one has to be "
            f"trainable. {(explain_unset_flag(network) or cause) if frozen == every else ''}".strip(),
        )
    expect(
        not tuned.changed,
        f"The function gave other values to {len(tuned.changed)} of the model's parameters; whatever they had learnt is lost.",
    )


@criterion(
    points=2,
    hints=(
        "An optimiser takes a list of dicts: one for the encoder's parameters, one for all others.",
        "While the encoder is still frozen, `requires_grad` tells the two apart; collect them before you unfreeze.",
    ),
)
def groups_every_parameter_once(tuned):
    """The optimiser has two groups, one with all encoder parameters and one with all others, each parameter once."""
    groups = tuned.groups
    expect(len(groups) == 2, f"The optimiser has {len(groups)} parameter group{'s'[: len(groups) != 1]}; expected 2.")
    held = [id(p) for group in groups for p in group["params"]]
    everything = set(tuned.encoder) | set(tuned.decoder)
    expect(not set(held) - everything, "The optimiser holds parameters that are not the model's own; are they copies?")
    expect(len(held) == len(set(held)), "A parameter is in the optimiser twice.")
    _expect_sorted(tuned)
    _expect_none_missing(everything - set(held), tuned)


@criterion(
    points=1,
    hints=(
        "Each group's dict may carry its own `lr`.",
        "The parameters `encoder_lr` and `decoder_lr` go into the groups; compare their defaults by division.",
    ),
)
def learns_slower_in_the_encoder(tuned, tuned_by_default, tuned_unusually):
    """Each group has its learning rate, and by default the encoder's is at least 10 times smaller."""
    _expect_rates(tuned, ENCODER_LR, DECODER_LR)
    if tuned_unusually is not None:
        _expect_rates(tuned_unusually, *UNUSUAL)
    encoder, decoder = _rates(tuned_by_default)
    slow, fast = max(encoder), min(decoder)
    expect(slow > 0, "By default the encoder's learning rate is 0, so it would never change.")
    # The factor leaves room for rounding: 1e-4 / 1e-5 is not exactly 10 in floating point.
    expect(
        fast >= RATIO * slow * (1 - 1e-6),
        f"By default the encoder learns at {slow:g} and the decoder at {fast:g}; at least {RATIO} times less is asked for.",
    )


def _expect_rates(tuned, encoder_lr, decoder_lr):
    encoder, decoder = _rates(tuned)
    cause = " The two are swapped." if _is(encoder, decoder_lr) and _is(decoder, encoder_lr) else ""
    if (encoder_lr, decoder_lr) == UNUSUAL and _is(encoder, ENCODER_LR) and _is(decoder, DECODER_LR):
        cause = " Those are the rates of an earlier call: is something kept from it, in a default argument or outside?"
    expect(
        _is(encoder, encoder_lr) and _is(decoder, decoder_lr),
        f"With encoder_lr={encoder_lr:g} and decoder_lr={decoder_lr:g} the encoder learns at {_list(encoder)} and the "
        f"decoder at {_list(decoder)}.{cause}",
    )


def _tune(function, network, frozen_names, *rates):
    expect(callable(function), f"`fine_tuning_optimiser` is {describe(function)}, not a function.")
    parameters = {id(p): p for p in parameters_of(network)}
    for name, parameter in parameters.items():
        parameter.requires_grad_(name not in frozen_names)
    before = {name: p.detach().clone() for name, p in parameters.items()}
    optimiser = function(network, *rates)
    if not issubclass(type(optimiser), torch.optim.Optimizer):
        missing = "; is a `return` missing?" if optimiser is None else "."
        raise Mismatch(f"`fine_tuning_optimiser` returns {describe(optimiser)}, not a torch optimiser{missing}")
    encoder = {name: p for name, p in parameters.items() if name in frozen_names}
    decoder = {name: p for name, p in parameters.items() if name not in frozen_names}
    frozen = {name for name, p in parameters.items() if not is_trainable(p)}
    changed = {name for name, p in parameters.items() if not torch.equal(p, before[name])}
    replaced = set(parameters) - {id(p) for p in parameters_of(network)}
    return Tuned(encoder, decoder, frozen, changed, replaced, vars(optimiser)["param_groups"])


class _StandIn(nn.Module):
    """The names of exercise 11 with small layers: an encoder that is frozen and a decoder that is not."""

    def __init__(self):
        super().__init__()
        for name in ("inc", "down1", "down2", "down3", "down4"):
            self.add_module(name, nn.Sequential(nn.Conv2d(2, 2, 1), nn.BatchNorm2d(2)).requires_grad_(False))
        for name in ("center", "up1", "up2", "up3", "up4", "outc"):
            self.add_module(name, nn.Sequential(nn.Conv2d(2, 2, 1), nn.BatchNorm2d(2)))


def _expect_sorted(tuned):
    places = [{id(p) for p in group["params"]} for group in tuned.groups]
    sizes = [(len(place & set(tuned.encoder)), len(place & set(tuned.decoder))) for place in places]
    expect(
        all(places),
        "One of the two groups is empty. If `requires_grad` told the two apart, was it still False for the encoder then? "
        "And a generator is empty after its first use.",
    )
    for of_encoder, of_decoder in sizes:
        expect(
            not (of_encoder and of_decoder),
            f"Encoder and decoder are mixed: one group holds {of_encoder} parameters of the encoder and {of_decoder} of "
            "the decoder.",
        )


def _expect_none_missing(missing, tuned):
    counts = {"encoder": len(missing & set(tuned.encoder)), "decoder": len(missing & set(tuned.decoder))}
    parts = " and ".join(f"{count} parameters of the {part}" for part, count in counts.items() if count)
    expect(not missing, f"{parts} are in no group, so they would never change.")


def _rates(tuned):
    def of(parameters):
        found = {float(g["lr"]) for g in tuned.groups if any(id(p) in parameters for p in g["params"])}
        expect(found, "Part of the model is in no parameter group, so it has no learning rate.")
        return found

    return of(tuned.encoder), of(tuned.decoder)


def _is(rates, wanted) -> bool:
    # A rate kept in a float32 tensor is rounded.
    return all(math.isclose(rate, wanted, rel_tol=1e-6) for rate in rates)


def _list(rates) -> str:
    return " and ".join(f"{rate:g}" for rate in sorted(rates))


EXERCISE = Exercise(
    number=12,
    title="Fine-tuning with two learning rates",
    answers=("fine_tuning_optimiser", "UNetEfficient"),
    builds_on=(11,),
    fixtures=(network, frozen_names, tuned, tuned_by_default, tuned_unusually),
    criteria=(unfreezes_the_encoder, groups_every_parameter_once, learns_slower_in_the_encoder),
)
