"""Exercise 1: a new head for a ResNet."""

import torch
import torch.nn.functional as F
from torch import nn

from utils.checks.modules import is_trainable, parameters_of
from utils.checks.resnets import changed_in_place, plain_resnet, remember, wide_resnet
from utils.core.exercise import Exercise, criterion
from utils.core.expect import Mismatch, describe, expect, expect_close, expect_tensor, plain_tensor

CLOSE = 1e-5
HIDDEN, CLASSES = 200, 5  # unlike each other and any number in the exercise
SHARE_MARGIN = 0.03  # 4.9 standard deviations of a share of 0.4 in 6,400 draws


def linear(replace_head):
    """Give a ResNet with 512 features a head of one layer."""
    return _with_head(replace_head, plain_resnet(), 3)


def hidden(replace_head):
    """Give a ResNet with 512 features a head of two layers."""
    return _with_head(replace_head, plain_resnet(), CLASSES, hidden=HIDDEN)


@criterion(
    points=2,
    hints=(
        "Which attribute of a ResNet holds its head? Nothing else has to change.",
        "Assign the new head to `model.fc`, then return `model`.",
    ),
)
def changes_only_the_head(replace_head):
    """`replace_head` returns the model that it got; everything but `model.fc` is as it was."""
    for settings in ({}, {"hidden": HIDDEN}):
        model = plain_resnet()
        model.layer1.requires_grad_(False)
        before = remember(model)
        changed_in_place(replace_head, model, 3, of="replace_head", **settings)
        now = dict(nn.Module.named_children(model))
        gone = [name for name, module in before.modules.items() if name != "fc" and now.get(name) is not module]
        expect(not gone, f"`model.{(gone or [''])[0]}` was replaced, too; only `model.fc` is to be new.")
        new = [name for name in now if name not in before.modules]
        expect(not new, f"The model got a new part, `{(new or [''])[0]}`; the head belongs into `model.fc`.")
        differing = before.differing(model, without="fc")
        expect(not differing, f"`{(differing or [''])[0]}` has other values than before; only the head is to be new.")
        flags = {name for name, p in model.named_parameters() if p.requires_grad} ^ before.trainable
        flags = sorted(name for name in flags if not name.startswith("fc."))
        expect(not flags, f"`requires_grad` of `{(flags or [''])[0]}` was changed; freezing is the next exercise.")


@criterion(
    points=4,
    hints=(
        "How many numbers reach the head, and how many classes are there?",
        "`model.fc.in_features` knows the first number for every ResNet; a fresh `nn.Linear` takes both.",
    ),
)
def linear_head_fits(replace_head, linear):
    """Without `hidden`, `model.fc` is one new linear layer, from the body's features to `num_classes`."""
    _expect_one_layer(linear, 512, 3, "a ResNet with 512 features and 3 classes", plain_resnet())
    wide = _with_head(replace_head, wide_resnet(), 7)
    _expect_one_layer(wide, 2048, 7, "a ResNet with 2048 features, as ResNet-50 has them, and 7 classes", wide_resnet())


@criterion(
    points=4,
    hints=(
        "Draw the head: features, hidden units, classes. What stands between the two layers?",
        "`nn.Linear(features, hidden)`, ReLU, dropout, `nn.Linear(hidden, num_classes)`, and nothing after it.",
    ),
)
def hidden_head_computes(replace_head, hidden):
    """With `hidden`, it is linear to `hidden` units, a ReLU, linear to `num_classes`; nothing is random in evaluation."""
    _expect_two_layers(hidden, 512)
    _expect_two_layers(_with_head(replace_head, wide_resnet(), CLASSES, hidden=HIDDEN), 2048)


@criterion(
    points=3,
    hints=(
        "Dropout is at work in training mode only; which units does it set to zero, and how many of them?",
        "`nn.Dropout(dropout)` between the ReLU and the last layer.",
    ),
)
def hidden_head_drops_out(replace_head):
    """In training, a share `dropout` of the hidden units is set to zero at random; 0.5 by default."""
    for settings, share in (({"dropout": 0.4}, 0.4), ({}, 0.5)):
        head = _with_head(replace_head, plain_resnet(), HIDDEN // 2, hidden=HIDDEN, **settings).fc
        first, last = _layers(head, 512, HIDDEN, HIDDEN // 2)
        with torch.no_grad():  # every output shows one unit, every unit is 1
            first[0].zero_(), first[1].fill_(1.0), last[0].zero_(), last[1].fill_(-2.0)
            last[0].fill_diagonal_(1.0)
            shown = plain_tensor(_call(head.train(), torch.rand(64, 512))) + 2
        _expect_dropped(shown, share, settings)


@criterion(
    points=1,
    hints=(
        "Can the head learn? Look at `requires_grad` of its parameters.",
        "A fresh `nn.Linear` can; what happens to it afterwards?",
    ),
)
def head_can_learn(linear, hidden):
    """Every parameter of the new head can be trained."""
    for model in (linear, hidden):
        frozen = [p for p in parameters_of(model.fc) if not is_trainable(p)]
        expect(not frozen, f"{len(frozen)} of the new head's parameters are frozen, so they would never learn.")


def _with_head(replace_head, model, classes, **settings):
    return changed_in_place(replace_head, model, classes, of="replace_head", **settings)


def _expect_one_layer(model, features, classes, case, original) -> None:
    head = model.fc
    expect(isinstance(head, nn.Module), f"`model.fc` is {describe(head)}, not a layer.")
    images = torch.rand(4, features)
    output = _call(head.eval(), images, features)
    if output.shape[-1] != classes:
        label = getattr(head, "out_features", None) == classes
        cause = " Setting `out_features` only changes a label; the weights stay." if label else ""
        swapped = " Are `hidden` and `num_classes` mixed up?" if output.shape[-1] == HIDDEN else ""
        raise Mismatch(f"For {case} the head puts out {output.shape[-1]} numbers.{cause}{swapped}")
    weight, bias = _one_layer(head, features, classes)
    old = nn.Module.state_dict(original)["fc.weight"]
    expect(
        not torch.equal(weight.detach()[0], old[0]),
        "The head's weights are those of the old head; they answer another question, so begin with fresh ones.",
    )
    _expect_output(output, images, ((weight, bias),))


def _expect_two_layers(model, features) -> None:
    head, images = model.fc, torch.randn(6, features)
    expect(isinstance(head, nn.Module), f"`model.fc` is {describe(head)}, not a module.")
    output = _call(head.eval(), images, features)
    case = f"with hidden={HIDDEN} and {CLASSES} classes"
    expect(output.shape[-1] == CLASSES, f"The head {case} puts out {output.shape[-1]} numbers.")
    again = _call(head, images, features)
    expect(
        torch.equal(output, again),
        "In evaluation mode the head gives another result each time: dropout has to stop then, as `nn.Dropout` does.",
    )
    _expect_output(output, images, _layers(head, features, HIDDEN, CLASSES))


def _one_layer(head, features, classes):
    found = {tuple(p.shape): p for p in parameters_of(head)}
    wanted = [(classes, features), (classes,)]
    expect(
        sorted(found) == sorted(wanted) and len(parameters_of(head)) == 2,
        f"The head without `hidden` has parameters of shapes {_shapes(head)}; one linear layer has {_listed(wanted)}.",
    )
    return found[wanted[0]], found[wanted[1]]


def _layers(head, features, hidden, classes):
    found = {tuple(p.shape): p for p in parameters_of(head)}
    wanted = [(hidden, features), (hidden,), (classes, hidden), (classes,)]
    expect(
        sorted(found) == sorted(wanted) and len(parameters_of(head)) == 4,
        f"The head with hidden={hidden} has parameters of shapes {_shapes(head)}; two linear layers have "
        f"{_listed(wanted)}.",
    )
    return (found[wanted[0]], found[wanted[1]]), (found[wanted[2]], found[wanted[3]])


def _expect_output(output, images, layers) -> None:
    """Compare with what the layers compute; name the mistake whose value it is."""
    with torch.no_grad():
        expected = F.linear(images, *layers[0])
        guesses = {}
        if len(layers) == 2:
            between, last = expected, layers[1]
            guesses["the ReLU between the two layers is missing."] = F.linear(between, *last)
            guesses["another activation than ReLU stands between the two layers: a sigmoid."] = F.linear(
                torch.sigmoid(between), *last
            )
            guesses["another activation than ReLU stands between the two layers: tanh."] = F.linear(
                between.tanh(), *last
            )
            expected = F.linear(F.relu(between), *last)
        guesses["a softmax comes last; the loss wants the scores themselves."] = expected.softmax(dim=-1)
        guesses["a log-softmax comes last; the loss wants the scores themselves."] = expected.log_softmax(dim=-1)
        guesses["a sigmoid comes last; the loss wants the scores themselves."] = torch.sigmoid(expected)
        guesses["a ReLU comes last; scores may be negative."] = F.relu(expected)
    output = plain_tensor(output)
    cause = next(
        (text for text, value in guesses.items() if _close(output, value) and not _close(output, expected)), ""
    )
    if cause:
        raise Mismatch(f"The head does not compute what is asked for: {cause}")
    expect_close(output, expected, "the head's output", CLOSE, "Something else than the layers asked for is in it.")


def _expect_dropped(shown, share, settings) -> None:
    dropped = (shown.abs() < CLOSE).double().mean().item()
    case = f"with dropout={share:g}" if settings else "without a word about `dropout`"
    if dropped == 0:
        raise Mismatch(f"In training mode no hidden unit is dropped {case}.")
    expect(
        abs(dropped - share) < SHARE_MARGIN,
        f"In training mode {dropped:.0%} of the hidden units are dropped {case}; expected {share:.0%}.",
    )
    kept = shown[shown.abs() >= CLOSE]
    expect(
        (kept - 1 / (1 - share)).abs().max() < 1e-3,
        f"Hidden units that are kept come out {kept.median().item():.3g} times as large as before; dropout makes up for "
        f"the others, so it should be {1 / (1 - share):.3g} times.",
    )


def _call(head, images, features=None):
    try:
        output = head(images)
    except RuntimeError as error:
        wanted = [p.shape[1] for p in parameters_of(head) if p.ndim == 2]
        if features and wanted and features not in wanted:
            raise Mismatch(
                f"The head of a ResNet with {features} features is made for {wanted[0]}: ask the old head, "
                "`model.fc.in_features`."
            ) from None
        raise error
    expect_tensor(output, "the head's output")
    expect(output.ndim == 2, f"the head's output has shape {tuple(output.shape)} for {len(images)} images.")
    return output


def _close(one, other) -> bool:
    return one.shape == other.shape and (one - other).abs().max().item() < CLOSE


def _shapes(head) -> str:
    return _listed([tuple(p.shape) for p in parameters_of(head)]) or "none"


def _listed(shapes) -> str:
    return ", ".join(str(tuple(shape)) for shape in shapes)


EXERCISE = Exercise(
    number=1,
    title="A new head",
    answers=("replace_head",),
    fixtures=(linear, hidden),
    criteria=(
        changes_only_the_head,
        linear_head_fits,
        hidden_head_computes,
        hidden_head_drops_out,
        head_can_learn,
    ),
)
