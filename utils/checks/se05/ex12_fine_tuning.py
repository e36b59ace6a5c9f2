"""Exercise 12: an optimiser for fine-tuning, with two learning rates."""

from dataclasses import dataclass

import torch
from torch import nn

from utils.checks.modules import build
from utils.checks.pretrained import STAGES, recognisable_weights
from utils.core.exercise import Exercise, criterion
from utils.core.expect import Mismatch, describe, expect

ENCODER_LR, DECODER_LR = 3e-6, 7e-4  # unlike any default
RATIO = 10
"""How many times smaller the encoder's learning rate has to be."""


@dataclass(frozen=True)
class Tuned:
    """What the student's function made of a network with a frozen encoder."""

    network: nn.Module
    encoder: dict[int, nn.Parameter]
    decoder: dict[int, nn.Parameter]
    optimiser: torch.optim.Optimizer


def tuned(fine_tuning_optimiser, UNetEfficient):
    """Call the function with learning rates of the check's own."""
    return _tune(fine_tuning_optimiser, UNetEfficient, ENCODER_LR, DECODER_LR)


def tuned_by_default(fine_tuning_optimiser, UNetEfficient):
    """Call the function with its own learning rates."""
    return _tune(fine_tuning_optimiser, UNetEfficient)


@criterion(
    points=1,
    hints=(
        "Freezing was one attribute of each parameter; how is it undone?",
        "`requires_grad` has to be True again for every parameter of the model, before training starts.",
    ),
)
def unfreezes_the_encoder(tuned):
    """Every parameter of the model is trainable afterwards."""
    frozen = [p for p in tuned.network.parameters() if not p.requires_grad]
    expect(not frozen, f"{len(frozen)} parameter tensors of the model are still frozen.")


@criterion(
    points=2,
    hints=(
        "An optimiser takes a list of dicts: one for the encoder's parameters, one for all others.",
        "While the encoder is still frozen, `requires_grad` tells the two apart; collect them before you unfreeze.",
    ),
)
def groups_every_parameter_once(tuned):
    """The optimiser has two groups, one with all encoder parameters and one with all others, each parameter once."""
    groups = tuned.optimiser.param_groups
    expect(len(groups) == 2, f"The optimiser has {len(groups)} parameter group{'s'[: len(groups) != 1]}; expected 2.")
    places = [{id(p) for p in group["params"]} for group in groups]
    everything = set(tuned.encoder) | set(tuned.decoder)
    held = [id(p) for group in groups for p in group["params"]]
    expect(len(held) == len(set(held)), "A parameter is in the optimiser twice.")
    missing = everything - set(held)
    _expect_none_missing(missing, tuned)
    expect(not set(held) - everything, "The optimiser holds parameters that are not the model's.")
    expect(
        set(tuned.encoder) in places,
        "No group holds exactly the encoder's parameters; encoder and decoder parameters are mixed.",
    )


@criterion(
    points=1,
    hints=(
        "Each group's dict may carry its own `lr`.",
        "The parameters `encoder_lr` and `decoder_lr` go into the groups; compare their defaults by division.",
    ),
)
def learns_slower_in_the_encoder(tuned, tuned_by_default):
    """Each group has its learning rate, and by default the encoder's is at least 10 times smaller."""
    encoder, decoder = _rates(tuned)
    expect(
        encoder == {ENCODER_LR} and decoder == {DECODER_LR},
        f"With encoder_lr={ENCODER_LR:g} and decoder_lr={DECODER_LR:g} the encoder learns at {_list(encoder)} and the "
        f"decoder at {_list(decoder)}.",
    )
    encoder, decoder = _rates(tuned_by_default)
    slow, fast = max(encoder), min(decoder)
    expect(slow > 0, "By default the encoder's learning rate is 0, so it would never change.")
    # The factor leaves room for rounding: 1e-4 / 1e-5 is not exactly 10 in floating point.
    expect(
        fast >= RATIO * slow * (1 - 1e-9),
        f"By default the encoder learns at {slow:g} and the decoder at {fast:g}; at least {RATIO} times less is asked for.",
    )


def _tune(function, UNetEfficient, *rates):
    expect(callable(function), f"`fine_tuning_optimiser` is {describe(function)}, not a function.")
    network = _network(UNetEfficient)
    encoder = {id(p): p for p in network.parameters() if not p.requires_grad}
    decoder = {id(p): p for p in network.parameters() if p.requires_grad}
    optimiser = function(network, *rates)
    if not isinstance(optimiser, torch.optim.Optimizer):
        missing = "; is a `return` missing?" if optimiser is None else "."
        raise Mismatch(f"`fine_tuning_optimiser` returns {describe(optimiser)}, not a torch optimiser{missing}")
    return Tuned(network, encoder, decoder, optimiser)


def _network(UNetEfficient):
    """Build the student's network, or one of our own where exercise 11 is not done yet."""
    try:
        with recognisable_weights():
            network = build(UNetEfficient, of="UNetEfficient()")
        frozen = [not p.requires_grad for p in network.parameters()]
        if any(frozen) and not all(frozen):
            return network
    except Exception:  # noqa: BLE001 - exercise 11 judges the network; here any with a frozen encoder serves
        pass
    return _StandIn()


class _StandIn(nn.Module):
    """The names of exercise 11 with small layers: an encoder that is frozen and a decoder that is not."""

    def __init__(self):
        super().__init__()
        encoder = ("inc", "down1", "down2", "down3", "down4")
        for name in encoder[: len(STAGES)]:
            self.add_module(name, nn.Sequential(nn.Conv2d(2, 2, 1), nn.BatchNorm2d(2)).requires_grad_(False))
        for name in ("center", "up1", "up2", "up3", "up4", "outc"):
            self.add_module(name, nn.Sequential(nn.Conv2d(2, 2, 1), nn.BatchNorm2d(2)))


def _expect_none_missing(missing, tuned):
    if missing:
        part = "encoder" if missing & set(tuned.encoder) else "decoder"
        both = " and decoder" if part == "encoder" and missing & set(tuned.decoder) else ""
        raise Mismatch(f"{len(missing)} parameter tensors of the {part}{both} are in no group and would never change.")


def _rates(tuned):
    def of(parameters):
        found = {g["lr"] for g in tuned.optimiser.param_groups if any(id(p) in parameters for p in g["params"])}
        expect(found, "Part of the model is in no parameter group, so it has no learning rate.")
        return {float(rate) for rate in found}

    return of(tuned.encoder), of(tuned.decoder)


def _list(rates) -> str:
    return " and ".join(f"{rate:g}" for rate in sorted(rates))


EXERCISE = Exercise(
    number=12,
    title="Fine-tuning with two learning rates",
    answers=("fine_tuning_optimiser", "UNetEfficient"),
    fixtures=(tuned, tuned_by_default),
    criteria=(unfreezes_the_encoder, groups_every_parameter_once, learns_slower_in_the_encoder),
)
