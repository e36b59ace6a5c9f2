"""Exercise 11: a U-Net on a frozen, pretrained EfficientNet-B0."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn
from torchvision.ops import StochasticDepth

from utils.checks.encoders import EncoderSplit, encoder_maps, find_foreign_tensors, recorded_maps, split_encoder
from utils.checks.gradients import expect_same_gradient
from utils.checks.modules import (
    build,
    expect_separate,
    explain_unset_flag,
    is_trainable,
    output_of,
    random_images,
    randomise,
    submodules_of,
)
from utils.checks.plans import Layer, double_conv_plan, expect_plan, up_plan
from utils.checks.pretrained import recognisable_weights
from utils.checks.replay import DEEP, Replay, explain_join, explain_sizes, is_close, joined
from utils.checks.resizing import resizings
from utils.checks.tracing import LayerTrace, record_layers
from utils.core.exercise import Exercise, criterion
from utils.core.expect import Mismatch, expect, expect_finite, expect_shape, expect_tensor

STEPS = ((512, 80, 80), (80, 40, 40), (40, 24, 24), (24, 16, 16))
"""Channels of the four SmartUps: from below, skip, out."""
CENTER = (320, 512)
STEP = (10, 6, 4)
BELOW, SKIP_SIZES = (5, 4), ((11, 7), (9, 9), (13, 11), (7, 5), (10, 9), (9, 8))
"""In pixels: what comes from below is upsampled to 10 x 8, which the skip exceeds or not in either direction."""
SMALL, SIZE, ODD = (32, 32), (64, 96), (51, 69)  # pixels
OF = "the network's output"
STEP_OF = "the output of `SmartUp`"


@dataclass(frozen=True)
class Network:
    """A network in evaluation mode, its decoder with telling parameters, and what it computed.

    Attributes
    ----------
    model : nn.Module
    asked : list of str
        The addresses of weights that were asked for while it was built.
    split : EncoderSplit
    first : object
        Its output for images of `SIZE`, before the decoder got telling parameters.
    odd : LayerTrace
        Its layers and output for `odd_images`.
    odd_images : Tensor, shape (2, 3, *ODD)
    """

    model: nn.Module
    asked: list[str]
    split: EncoderSplit
    first: object
    odd: LayerTrace
    odd_images: torch.Tensor


def smart_up(SmartUp):
    """Build one step of the decoder."""
    module = build(SmartUp, *STEP, of="SmartUp(10, 6, 4)")
    randomise(record_layers(module, random_images(2, STEP[0], *BELOW), random_images(2, STEP[1], 10, 8)))
    return module


def network(UNetEfficient):
    """Build the network with weights that can be recognised, and let it compute."""
    with recognisable_weights() as asked:
        model = build(UNetEfficient, of="UNetEfficient()")
        model.eval()
        first = record_layers(model, random_images(2, 3, *SIZE))
        split = split_encoder(first, model)
        randomise(split.decoder)
        if split.decoder.convolutions:
            with torch.no_grad():  # the last one so that probabilities stay away from 0 and 1
                split.decoder.convolutions[-1].weight.mul_(0.03)
        images = random_images(2, 3, *ODD)
        odd = record_layers(model, images)
        yield Network(model, asked, split_encoder(odd, model), first.output, odd, images)


def encoder(network):
    """Return the divided network if its encoder has the stages that it should have."""
    problem = network.split.problem
    expect(not problem, problem)
    modules = submodules_of(network.model)
    known = {id(tensor) for each in modules for tensor in (*_own(each, "_parameters"), *_own(each, "_buffers"))}
    strange = [name for name, tensor in network.split.state.items() if id(tensor) not in known]
    expect(
        not strange,
        "The network computes with an encoder that is not one of its parts: it is kept in a plain list, dict or outside "
        "of the network, which hides it from PyTorch. `eval()`, `to(device)` and `parameters()` do not reach it.",
    )
    return network.split


@criterion(
    points=2,
    hints=(
        "It is `Up` again, with the number of channels of the skip as an argument of its own.",
        "The transposed convolution goes from `in_channels` to `skip_channels`; the DoubleConv reads twice `skip_channels`.",
    ),
)
def smart_up_joins(SmartUp, smart_up):
    """`SmartUp` upsamples to the skip's channels, concatenates with the skip and convolves twice."""
    _compare_smart_up(smart_up, (10, 8))
    expect_separate(SmartUp, *STEP, of="SmartUp(10, 6, 4)")


@criterion(
    points=1,
    hints=(
        "What if the upsampled map is larger than the skip in one direction and smaller in the other?",
        "`torch.nn.functional.interpolate` takes the skip's height and width as `size`.",
    ),
)
def smart_up_resizes(smart_up):
    """Where sizes differ, `SmartUp` resizes the upsampled map to the skip's height and width."""
    for size in SKIP_SIZES:
        trace = LayerTrace()
        try:
            record_layers(smart_up, random_images(2, STEP[0], *BELOW), random_images(2, STEP[1], *size), into=trace)
        except RuntimeError as error:
            if "Sizes of tensors must match" not in str(error):
                raise
            raise Mismatch(explain_sizes(trace, (10, 8), size)) from None
        _compare_smart_up(smart_up, size)


@criterion(
    points=1,
    hints=(
        "What does the network put out last, and at which size does its decoder end?",
        "The decoder ends at half the input's size: resize to the input's height and width; one sigmoid.",
    ),
)
def puts_out_probabilities(UNetEfficient, network):
    """The output has `out_channels` maps of the input's height and width, with values between 0 and 1."""
    for output, size in ((network.first, SIZE), (network.odd.output, ODD)):
        expect_tensor(output, OF)
        expect_shape(output, (2, 1, *size), OF, f"The images are {size[0]}x{size[1]} pixels.")
        expect_finite(output, OF)
    low, high = output.min().item(), output.max().item()
    expect(
        low >= -0.5 and high <= 1.5,  # bicubic resizing overshoots by that much
        f"{OF} runs from {low:.3g} to {high:.3g}; probabilities lie between 0 and 1. Is the sigmoid missing?",
    )
    wide, of = build(UNetEfficient, 3, 2, of="UNetEfficient(3, 2)"), "the output of `UNetEfficient(3, 2)`"
    wide.eval()
    with torch.no_grad():
        output = output_of(wide, random_images(2, 3, *SMALL), of=of)
    expect_shape(output, (2, 2, *SMALL), of)
    total, alone = output.sum(1), network.odd.output
    expect(
        is_close(alone, alone[:1, :, :1, :1].expand_as(alone)) or not is_close(total, torch.ones_like(total)),
        f"In {of} the two probabilities of each pixel add up to 1: that is a softmax; each channel gets a sigmoid of its own.",
    )


@criterion(
    points=1,
    hints=(
        "Which argument of torchvision's `efficientnet_b0` asks for ImageNet weights?",
        "Load with `weights=`, take the stages out of `features`, and let nothing initialise them again.",
    ),
)
def holds_pretrained_weights(network, encoder):
    """The encoder holds EfficientNet-B0's pretrained weights, stage by stage."""
    foreign = find_foreign_tensors(encoder, network.model)
    if not foreign:
        return
    # Some tensors of a fresh network are the pretrained ones by chance: biases of zero, scales of one.
    if all(name in foreign for name, t in encoder.state.items() if t.ndim == 4 or name.endswith("running_mean")):
        expect(
            network.asked,
            "The encoder is initialised at random: no pretrained weights were asked for when the network was built.",
        )
        raise Mismatch(
            "Pretrained weights were loaded, but nothing of them is in the encoder: it belongs to another network, made "
            "without weights, or everything in it was initialised again."
        )
    statistics = all(name.endswith(("running_mean", "running_var")) for name in foreign)
    what = "the running statistics of batch norms were reset" if statistics else "something replaced parameters"
    other = "" if statistics else " Or is that part of a network that was made without weights?"
    raise Mismatch(f"Pretrained weights were loaded, but {what} afterwards, in {_stages(foreign)}.{other}")


@criterion(
    points=2,
    hints=(
        "Which attribute of a parameter decides whether it gets a gradient, and for which parameters is it switched off?",
        "Loop over the parameters of the encoder's stages, and only those; the spelling of `requires_grad` matters.",
    ),
)
def freezes_the_encoder_only(network, encoder):
    """No parameter of the encoder is trainable, and every parameter of the decoder is."""
    network.model.train()  # a `train` of the student's may change what `__init__` has frozen
    frozen = {name: t for name, t in encoder.state.items() if name.endswith(("weight", "bias"))}
    thawed = {name for name, tensor in frozen.items() if is_trainable(tensor)}
    network.model.eval()
    training = [name for name, tensor in frozen.items() if is_trainable(tensor)]
    if len(training) == len(frozen):
        cause = (
            explain_unset_flag(network.model)
            or "A comparison changes no attribute; `eval()` or `no_grad` do not freeze."
        )
        raise Mismatch(f"All of the encoder's parameters are still trainable. {cause}")
    expect(
        not training,
        f"{len(training)} of the encoder's {len(frozen)} parameters are still trainable, in {_stages(training)}.",
    )
    expect(
        thawed <= set(training),
        f"In training mode {len(thawed)} of the encoder's {len(frozen)} parameters are trainable: something in "
        "`train()` unfreezes them.",
    )
    layers = [*encoder.decoder.convolutions, *encoder.decoder.norms]
    stuck = [
        layer for layer in layers if any(t is not None and not is_trainable(t) for t in (layer.weight, layer.bias))
    ]
    expect(
        not stuck,
        f"{len(stuck)} of the decoder's {len(layers)} layers are frozen, too; the decoder starts at random and has to learn.",
    )


@criterion(
    points=3,
    hints=(
        "Follow the five maps of the encoder: which SmartUp takes which of them as its skip?",
        "inc, down1, down2 and down3 give skips of 16, 24, 40 and 80 channels; down4 goes through `center`.",
    ),
)
def joins_the_levels(UNetEfficient, network, encoder):
    """The encoder's five maps go through `center` and four SmartUps, then 1x1 convolution, resize and sigmoid."""
    expect_plan(encoder.decoder, _plan(), 10, of="The decoder", module=network.model)
    expect_separate(UNetEfficient, of="UNetEfficient()")
    images = network.odd_images
    try:
        expected = _compare_network(encoder.decoder, [[each] for each in encoder_maps(encoder, images)], training=False)
    except Mismatch as mismatch:
        raise Mismatch(_explain_awake(network.model) or str(mismatch)) from None
    center = encoder.decoder.convolutions[0].weight
    expect_same_gradient(encoder.decoder.output, expected, center, of=OF, to="the weights of `center`")
    network.model.train()
    for each in submodules_of(network.model):
        if isinstance(each, StochasticDepth):  # leaves out blocks at random, others each time a stage is computed
            each.training = False
    try:
        trace = record_layers(network.model, images)
    finally:
        network.model.eval()
    split = split_encoder(trace, network.model)
    try:
        expect(not split.problem, split.problem)
        expect_plan(split.decoder, _plan(), 10, of="The decoder")
        _compare_network(split.decoder, recorded_maps(trace, split), training=True)
    except Mismatch as mismatch:
        raise Mismatch(f"In training mode: {mismatch}") from None


@criterion(
    points=0,
    hints=(
        "Batch norm gathers statistics in training mode.",
        "Override `train()` and put the encoder in `eval()` there.",
    ),
)
def keeps_the_encoders_statistics(network, encoder):
    """Training does not move the running statistics of the frozen encoder."""
    means = {name: tensor for name, tensor in encoder.state.items() if name.endswith("running_mean")}
    before = {name: tensor.clone() for name, tensor in means.items()}
    network.model.train()
    with torch.no_grad():
        network.model(random_images(2, 3, *SIZE) + 1)
    moved = sum(not torch.equal(tensor, before[name]) for name, tensor in means.items())
    expect(
        not moved,
        f"The parameters stand still, but {moved} of the encoder's {len(means)} batch norms changed their running "
        "statistics in one training step: `train()` puts the frozen encoder into training mode, too. In evaluation it "
        "then no longer computes what it was pretrained to. Override `train()` so that the encoder stays in `eval()`.",
    )


def _stages(names) -> str:
    stages = sorted({int(name.split(".")[1]) for name in names})
    return "every stage" if len(stages) == 8 else ", ".join(f"`features[{stage}]`" for stage in stages)


def _own(module, kind):
    return vars(module).get(kind, {}).values()


def _compare_smart_up(smart_up, size):
    below = random_images(2, STEP[0], *BELOW).requires_grad_()
    skip = random_images(2, STEP[1], *size).requires_grad_()
    plan = up_plan(*STEP)
    for training in (True, False):
        smart_up.train(training)
        trace = record_layers(smart_up, below, skip)
        expect_plan(trace, plan, 2, of="`SmartUp`", module=smart_up)
        replay = Replay(trace, training=training)
        expected = _smart_up(replay, below, skip, "`SmartUp`")
        expect_tensor(trace.output, STEP_OF)
        if not is_close(trace.output, expected):
            raise Mismatch(f"`SmartUp`: {replay.explain_double_conv_end(trace.output)}")
        expect_same_gradient(trace.output, expected, below, of=STEP_OF, to="`x1`, the map from below")
        expect_same_gradient(trace.output, expected, skip, of=STEP_OF, to="`x2`, the skip")


def _smart_up(replay, below, skip, stage):
    upsampled = replay.convolve([below], stage, "what it upsamples is not the map from below.")
    versions = resizings(upsampled, *skip.shape[2:])

    def problem(arrived):
        channels = f" Its skip has {skip.shape[1]} channels."
        return explain_join(arrived, upsampled, skip, versions, "interpolated to the skip's size") + channels

    return replay.double_conv(joined(versions, skip), stage, problem)


def _plan():
    plan = double_conv_plan(*CENTER, "`center`")
    for number, step in enumerate(STEPS, 1):
        plan += up_plan(*step, f"`up{number}`")
    return [*plan, Layer(STEPS[-1][2], 1, 1, place="`outc`")]


def _explain_awake(model) -> str:
    """Name batch norms that `eval()` did not reach, since they change every map that comes after them."""
    norms = [each for each in submodules_of(model) if isinstance(each, nn.BatchNorm2d)]
    awake = sum(each.training for each in norms)
    if not awake:
        return ""
    return (
        f"After `eval()`, {awake} of the network's {len(norms)} batch norms are still in training mode. `eval()` calls "
        "`train(False)`: a `train` of your own has to put its part into evaluation mode, whatever it is given."
    )


def _compare_network(trace, skips, *, training):
    replay, size = Replay(trace, training=training, tolerance=DEEP), ODD
    *skips, deepest = skips
    maps = replay.double_conv(deepest, "`center`", "its input is not what `down4` (features 5 to 7) puts out.")
    for number, (skip,) in enumerate(reversed(skips), 1):
        maps = _smart_up(replay, maps, skip, f"`up{number}`")
    # Resizing before the 1x1 convolution gives the same result as resizing after it.
    arriving = [maps] if trace.convolutions[-1].input.shape == maps.shape else resizings(maps, *size)
    logits = replay.convolve(arriving, "`outc`", "its input is not what `up4` puts out.")
    expected = next((each for each in _endings(logits, size) if is_close(trace.output, each, DEEP)), None)
    if expected is None:
        raise Mismatch(f"After the 1x1 convolution {_explain_end(trace.output, logits, size)}")
    return expected


def _endings(logits, size):
    return [*(torch.sigmoid(each) for each in resizings(logits, *size)), *resizings(torch.sigmoid(logits), *size)]


def _explain_end(output, logits, size) -> str:
    guesses = {
        "the sigmoid is missing.": resizings(logits, *size),
        "the sigmoid is applied twice.": [torch.sigmoid(each) for each in _endings(logits, size)],
        "the values are cut off at 0 and 1; that is no sigmoid.": [
            each.clamp(0, 1) for each in resizings(logits, *size)
        ],
        "the probabilities are rounded to 0 and 1.": [each.round() for each in _endings(logits, size)],
        "comes a ReLU.": [F.relu(each) for each in resizings(logits, *size)],
        "comes a softmax; over a single channel it is 1 everywhere.": [torch.ones_like(output)],
        "come zeros around the map: it is padded to the input's size, not resized.": _padded(logits, size),
    }
    for text, tensors in guesses.items():
        if any(is_close(output, tensor, DEEP) for tensor in tensors):
            return text
    return "come other steps than a resize to the input's size and one sigmoid."


def _padded(logits, size):
    rows, columns = size[0] - logits.shape[2], size[1] - logits.shape[3]
    sides = [(0, columns, 0, rows), (columns // 2, columns - columns // 2, rows // 2, rows - rows // 2)]
    return [each for side in sides for each in (torch.sigmoid(F.pad(logits, side)), F.pad(torch.sigmoid(logits), side))]


EXERCISE = Exercise(
    number=11,
    title="U-Net on a pretrained EfficientNet-B0",
    answers=("SmartUp", "UNetEfficient"),
    builds_on=(6,),
    fixtures=(smart_up, network, encoder),
    criteria=(
        smart_up_joins,
        smart_up_resizes,
        puts_out_probabilities,
        holds_pretrained_weights,
        freezes_the_encoder_only,
        joins_the_levels,
        keeps_the_encoders_statistics,
    ),
)
