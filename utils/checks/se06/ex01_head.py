"""Exercise 1: a new head for a ResNet."""

from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import nn

from utils.checks.modules import is_trainable, parameters_of, submodules_of
from utils.checks.resnets import changed_in_place, plain_resnet, remember, wide_resnet
from utils.core.exercise import Exercise, criterion
from utils.core.expect import Mismatch, describe, expect, expect_close, expect_tensor, plain_tensor

CLOSE = 1e-5
FAR = 20.0  # times as large as usual: features that reach beyond the bounds of ReLU6 and the like
HIDDEN, CLASSES = 200, 5  # unlike each other and any number in the exercise
ALONE = 4  # batches of one image; that not one of 400 units is dropped never happens
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
        model = plain_resnet().eval()
        model.layer1.requires_grad_(False).train()
        before = remember(model)
        changed_in_place(replace_head, model, 3, of="replace_head", **settings)
        now = dict(nn.Module.named_children(model))
        gone = [name for name, module in before.modules.items() if name != "fc" and now.get(name) is not module]
        expect(not gone, f"`model.{(gone or [''])[0]}` was replaced, too; only `model.fc` is to be new.")
        new = [name for name in now if name not in before.modules]
        expect(not new, f"The model got a new part, `{(new or [''])[0]}`; the head belongs into `model.fc`.")
        differing = before.differing(model, without="fc")
        expect(not differing, f"`{(differing or [''])[0]}` has other values than before; only the head is to be new.")
        flags = before.reflagged(model, without="fc")
        expect(not flags, f"`requires_grad` of `{(flags or [''])[0]}` was changed; freezing is the next exercise.")
        modes = before.switched(model, without="fc")
        expect(
            not modes,
            f"{(modes or [''])[0]} was switched between training and evaluation mode; only the head is to be new.",
        )


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
    wide = _with_head(replace_head, wide_resnet(), 2)
    _expect_one_layer(wide, 2048, 2, "a ResNet with 2048 features, as ResNet-50 has them, and 2 classes", wide_resnet())
    _expect_own_layers(linear, _with_head(replace_head, plain_resnet(), 3))
    model = plain_resnet()
    old = model.fc
    _with_head(replace_head, model, 3)
    expect(
        old not in submodules_of(model.fc),
        "The old head was rebuilt, and whoever still uses it gets another one: make a new layer and leave the old one alone.",
    )


@criterion(
    points=4,
    hints=(
        "Draw the head: features, hidden units, classes. What stands between the two layers?",
        "`nn.Linear(features, hidden)`, ReLU, dropout, `nn.Linear(hidden, num_classes)`, and nothing after it.",
    ),
)
def hidden_head_computes(replace_head, hidden):
    """With `hidden`, it is linear to `hidden` units, a ReLU, linear to `num_classes`; nothing is random in evaluation."""
    _expect_two_layers(hidden, 512, CLASSES)
    _expect_two_layers(_with_head(replace_head, wide_resnet(), 2, hidden=HIDDEN), 2048, 2)
    _expect_own_layers(hidden, _with_head(replace_head, plain_resnet(), CLASSES, hidden=HIDDEN))


@criterion(
    points=3,
    hints=(
        "Dropout is at work in training mode only; which units does it set to zero, and how many of them?",
        "`nn.Dropout(dropout)` between the ReLU and the last layer.",
    ),
)
def hidden_head_drops_out(replace_head):
    """In training, a share `dropout` of the hidden units is set to zero at random; 0.5 by default."""
    for settings, share in (({"dropout": 0.4}, 0.4), ({}, 0.5), ({"dropout": 0.0}, 0.0)):
        head = _with_head(replace_head, plain_resnet(), HIDDEN // 2, hidden=HIDDEN, **settings).fc
        case = f"with hidden={HIDDEN}" + (f" and dropout={share:g}" if settings else "")
        first, last = _layers(head, (512, HIDDEN, HIDDEN // 2), case)
        with torch.no_grad():  # every output shows one unit, every unit is 1
            first[0].zero_(), first[1].fill_(1.0), last[0].zero_(), last[1].fill_(-2.0)
            last[0].fill_diagonal_(1.0)
            shown = plain_tensor(_call(head.train(), torch.rand(64, 512))) + 2
            alone = torch.cat([plain_tensor(_call(head, torch.rand(1, 512))) for _ in range(ALONE)]) + 2
        _expect_dropped(shown, share, settings)
        expect(
            not share or (alone.abs() < CLOSE).any(),
            "In training mode nothing is dropped for a batch of one image; it is a batch like any other.",
        )


@criterion(
    points=1,
    hints=(
        "Can the head learn? Look at `requires_grad` of its parameters.",
        "A fresh `nn.Linear` can; what happens to it afterwards?",
    ),
)
def head_can_learn(replace_head, linear, hidden):
    """The new head can be trained, whatever the old one could, and lets the gradient through to the body."""
    stiff = _with_head(replace_head, plain_resnet().requires_grad_(False), 3)
    for state, model in (("", linear), ("", hidden), (" if the model came in frozen", stiff)):
        parameters = parameters_of(model.fc)
        frozen = [p for p in parameters if not is_trainable(p)]
        expect(not frozen, f"{len(frozen)} of the new head's parameters are frozen{state}, so they would never learn.")
        features = torch.rand(4, 512, requires_grad=True)
        output = _call(model.fc.eval(), features)
        reached = [None]
        if output.requires_grad:
            reached = torch.autograd.grad(output.sum(), [features, *parameters], allow_unused=True)
        expect(
            all(gradient is not None for gradient in reached[1:]) and output.requires_grad,
            "No gradient reaches the new head's parameters: its `forward` cuts it off (`no_grad`, `detach`, `.data`).",
        )
        expect(
            reached[0] is not None,
            "The head cuts off the gradient (`detach`), so the body could not be trained any more.",
        )


def _with_head(replace_head, model, classes, **settings):
    return changed_in_place(replace_head, model, classes, of="replace_head", **settings)


def _expect_own_layers(one, other) -> None:
    """Fail if two models' heads share parameters."""
    own = {id(p) for p in parameters_of(one.fc)}
    expect(
        not any(id(p) in own for p in parameters_of(other.fc)),
        "Two models get one and the same head or layer, so training one of them changes the other: make new layers in each "
        "call.",
    )


def _expect_one_layer(model, features, classes, case, original) -> None:
    head = model.fc
    expect(isinstance(head, nn.Module), f"`model.fc` is {describe(head)}, not a layer.")
    images = torch.rand(4, features)
    output = _call(head.eval(), images, features)
    if output.shape[-1] != classes:
        label = getattr(head, "out_features", None) == classes
        cause = " Setting `out_features` only changes a label; the weights stay." if label else ""
        swapped = " Are `hidden` and `num_classes` mixed up?" if output.shape[-1] == HIDDEN else ""
        raise Mismatch(
            f"For {case} the head puts out {output.shape[-1]} number{'s'[: output.shape[-1] != 1]}.{cause}{swapped}"
        )
    (weight, bias), *_ = _layers(head, (features, classes), "without `hidden`")
    old = nn.Module.state_dict(original)["fc.weight"]
    expect(
        not torch.equal(weight.detach()[0], old[0]),
        "The head's weights are those of the old head; they answer another question, so begin with fresh ones.",
    )
    _expect_output(output, images, ((weight, bias),))
    _call(head, images[:1])  # a batch of one image is a batch, too
    expect(
        _close(plain_tensor(_call(head.train(), images)), plain_tensor(output)),
        "Without `hidden`, something else is computed in training mode: dropout belongs between two layers, here is one.",
    )


def _expect_two_layers(model, features, classes) -> None:
    head, images = model.fc, torch.randn(6, features)
    images[::2] *= FAR
    expect(isinstance(head, nn.Module), f"`model.fc` is {describe(head)}, not a module.")
    output = _call(head.eval(), images, features)
    case = f"with hidden={HIDDEN} and {classes} classes"
    expect(output.shape[-1] == classes, f"The head {case} puts out {output.shape[-1]} numbers.")
    again = _call(head, images, features)
    expect(
        torch.equal(output, again),
        "In evaluation mode the head gives another result each time: dropout has to stop then, as `nn.Dropout` does.",
    )
    layers = _layers(head, (features, HIDDEN, classes), f"with hidden={HIDDEN}")
    with torch.no_grad():  # an initialisation with zeros is allowed and would hide what is computed
        for weight, bias in layers:
            weight.normal_(std=weight.shape[1] ** -0.5), bias.normal_(std=0.3)
    _expect_output(_call(head, images), images, layers)
    _call(head, images[:1])  # a batch of one image is a batch, too


def _layers(head, sizes, case) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """Return weight (out, in) and bias of each linear layer, however the head keeps them, for so many features."""
    wanted = [shape for features, width in pairwise(sizes) for shape in ((width, features), (width,))]
    found = {_shape(p): p for p in parameters_of(head)}
    shapes = [shape if shape in found else shape[::-1] for shape in wanted]
    how = "one linear layer has" if len(sizes) == 2 else "two linear layers have"
    expect(
        sorted(found) == sorted(shapes) and len(parameters_of(head)) == len(wanted),
        f"The head {case} has parameters of shapes {_shapes(head)}; {how} {_listed(wanted)}.",
    )
    tensors = [
        found[shape].view(shape) if shape == want else found[shape].view(shape).T
        for shape, want in zip(shapes, wanted, strict=True)
    ]
    return list(zip(tensors[::2], tensors[1::2], strict=True))


def _shape(parameter) -> tuple[int, ...]:
    """Return a shape without dimensions of size 1, which some ways to write a layer add."""
    return tuple(size for size in parameter.shape if size != 1)


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
            guesses["ReLU6 stands between the two layers; it stops growing at 6, a ReLU does not."] = F.linear(
                F.relu6(between), *last
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
    scale = max(1.0, expected.abs().max().item())
    expect_close(
        output, expected, "the head's output", CLOSE * scale, "Something else than the layers asked for is in it."
    )


def _expect_dropped(shown, share, settings) -> None:
    dropped = (shown.abs() < CLOSE).double().mean().item()
    case = f"with dropout={share:g}" if settings else "without a word about `dropout`"
    if dropped == 0 and share:
        noisy = shown.std() > CLOSE
        how = " Something random is done to them, but dropout sets units to zero." if noisy else ""
        raise Mismatch(f"In training mode no hidden unit is dropped {case}.{how}")
    gone = shown.abs() < CLOSE
    expect(
        gone.all() or not gone.any() or not ((gone == gone[:1]).all() or (gone == gone[:, :1]).all()),
        "In training mode the same units are dropped for every image, or all units of an image; each is to be drawn alone.",
    )
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
    except ValueError as error:
        if "more than 1 value per channel" in str(error):
            raise Mismatch(
                "In training mode the head cannot take a batch of one image: it holds a batch norm, and none is asked for."
            ) from None
        raise error
    expect_tensor(output, "the head's output")
    count = f"{len(images)} image{'s'[: len(images) != 1]}"
    expect(output.ndim == 2, f"the head's output has shape {tuple(output.shape)} for {count}.")
    return output


def _close(one, other) -> bool:
    scale = max(1.0, other.abs().max().item())
    return one.shape == other.shape and (one - other).abs().max().item() < CLOSE * scale


def _shapes(head) -> str:
    shapes = [tuple(p.shape) for p in parameters_of(head)]
    return _listed(shapes) or "none (layers in a plain list are not registered; `nn.ModuleList` is)"


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
