"""Exercise 4: unfreeze the last stages of a ResNet."""

from torch import nn

from utils.checks.resnets import (
    STAGES,
    changed_in_place,
    deep_resnet,
    explain_flags,
    named_parameters,
    plain_resnet,
    remember,
    trainable_names,
)
from utils.core.exercise import Exercise, criterion
from utils.core.expect import Mismatch, expect


@criterion(
    points=5,
    hints=(
        "A ResNet's stages are `layer1` to `layer4`; which of them are the last two?",
        "Freeze everything, then set `requires_grad` of `model.fc` and of the chosen stages to True again.",
    ),
)
def trains_the_last_stages(unfreeze_last):
    """With `stages` from 1 to 3, exactly the head and the last so many stages can be trained."""
    for count in (2, 1, 3):
        _expect_exactly(deep_resnet(), unfreeze_last, count)


@criterion(
    points=3,
    hints=(
        "Try the two ends of the range: what does a slice such as `stages[-n:]` give for n = 0?",
        "`[-0:]` is the whole list, and even all four stages are not the whole body: `conv1` and `bn1` come before them.",
    ),
)
def knows_the_two_ends(unfreeze_last):
    """With 0 only the head can be trained; with 4 all four stages can, while `conv1` and `bn1` stay frozen."""
    for count in (0, 4):
        _expect_exactly(_fresh(), unfreeze_last, count)


@criterion(
    points=2,
    hints=(
        "What if the model comes in with other parts frozen than you expect?",
        "Bring every parameter into a known state first; then the order of calls does not matter.",
    ),
)
def forgets_what_was_before(unfreeze_last):
    """The result does not depend on what was frozen before, and no value changes."""
    for state, model in {
        "frozen as a whole": _fresh().requires_grad_(False),
        "in which `layer1` alone could be trained": _only_first_stage(),
    }.items():
        _expect_exactly(model, unfreeze_last, 2, f", in a model that came in {state}")
    again = _fresh()
    changed_in_place(unfreeze_last, again, 2, of="unfreeze_last")
    again.requires_grad_(True)
    _expect_exactly(again, unfreeze_last, 2, ", when a model comes a second time, unfrozen meanwhile,")
    for layers, head in {
        "one layer": nn.Linear(512, 2),
        "two layers": nn.Sequential(nn.Linear(512, 8), nn.ReLU(), nn.Linear(8, 2)),
    }.items():
        model = _fresh()
        model.fc = head
        before = remember(model.requires_grad_(False))
        _expect_exactly(model, unfreeze_last, 1, f", with a head of {layers}")
        differing = before.differing(model, without="")
        expect(not differing, f"`{(differing or [''])[0]}` has other values than before; unfreezing keeps them.")


@criterion(
    points=2,
    hints=(
        "What should happen if somebody asks for five of four stages?",
        "`raise ValueError(...)` before anything is changed, for numbers below 0 or above 4.",
    ),
)
def refuses_other_numbers(unfreeze_last):
    """For numbers below 0 or above 4 it raises a `ValueError` and leaves the model as it was."""
    for count in (-1, 5, 7):
        model = _only_first_stage()
        before = remember(model)
        try:
            unfreeze_last(model, count)
        except ValueError:
            changed = trainable_names(model) != before.trainable
            expect(not changed, f"stages={count} raises a ValueError, but only after the model was changed.")
            continue
        except NotImplementedError:
            raise  # the stub
        except Exception as error:  # noqa: BLE001 - whatever else it raises is told
            raise Mismatch(f"stages={count} raises {type(error).__name__}; expected a ValueError.") from None
        raise Mismatch(f"stages={count} is accepted without a word; a ResNet has 4 stages.")


def _fresh() -> nn.Module:
    return plain_resnet()


def _only_first_stage() -> nn.Module:
    model = plain_resnet().requires_grad_(False)
    model.layer1.requires_grad_(True)
    return model


def _expect_exactly(model, unfreeze_last, count, state="") -> None:
    try:
        changed_in_place(unfreeze_last, model, count, of="unfreeze_last")
    except ValueError as error:
        raise Mismatch(f"stages={count} raises a ValueError ({error}); 0 to 4 are allowed.") from None
    parts = {"fc", *STAGES[len(STAGES) - count :]}
    found = trainable_names(model)
    case = f"With stages={count}{state}"
    every = named_parameters(model)
    missing = sorted(name for name in every if name.split(".")[0] in parts and name not in found)
    extra = sorted(name for name in found if name.split(".")[0] not in parts)
    for name in missing:
        part = name.split(".")[0]
        rest = [each for each in missing if each.split(".")[0] == part]
        whole = len(rest) == sum(each.split(".")[0] == part for each in every)
        stays = f"`{part}` stays frozen; it has to learn."
        if not whole:
            plural = len(rest) > 1
            verbs = "stay frozen; they have" if plural else "stays frozen; it has"
            stays = f"{len(rest)} of the parameters of `{part}` {verbs} to learn."
        raise Mismatch(f"{case} {stays}{explain_flags(model)}")
    for name in extra:
        raise Mismatch(f"{case} `{name.split('.')[0]}` can be trained, too; only {_listed(parts)} should.")


def _listed(parts) -> str:
    names = [f"`{name}`" for name in (*STAGES, "fc") if name in parts]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


EXERCISE = Exercise(
    number=4,
    title="Unfreezing the last stages",
    answers=("unfreeze_last",),
    builds_on=(2,),
    criteria=(trains_the_last_stages, knows_the_two_ends, forgets_what_was_before, refuses_other_numbers),
)
