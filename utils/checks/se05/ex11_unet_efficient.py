"""Exercise 11: a U-Net on a frozen, pretrained EfficientNet-B0."""

import torch
import torch.nn.functional as F
from torch import nn

from utils.checks.gradients import expect_same_gradient
from utils.checks.modules import build, build_without_numbers, random_images, randomise
from utils.checks.plans import Layer, double_conv_plan, expect_plan
from utils.checks.pretrained import encoder_stages, encoder_weights, find_pretrained, recognisable_weights
from utils.checks.replay import Replay, is_close
from utils.checks.resizing import resizings
from utils.checks.tracing import LayerTrace, record_layers
from utils.core.exercise import Exercise, criterion
from utils.core.expect import Mismatch, expect, expect_finite, expect_shape, expect_tensor

STEPS = ((512, 80, 80), (80, 40, 40), (40, 24, 24), (24, 16, 16))
"""Channels of the four SmartUps: from below, skip, out."""
CENTER = (320, 512)
SIZE, ODD = (64, 96), (50, 70)  # pixels
OF = "the network's output"


def smart_up(SmartUp):
    """Build one step of the decoder."""
    module = build(SmartUp, 10, 6, 4, of="SmartUp(10, 6, 4)")
    randomise(record_layers(module, random_images(2, 10, 5, 4), random_images(2, 6, 10, 8)))
    return module


def network(UNetEfficient):
    """Build the network with weights that can be recognised."""
    with recognisable_weights():
        model = build(UNetEfficient, of="UNetEfficient()")
    model.eval()
    return model


def pretrained(network):
    """Find the pretrained state that the network's encoder holds."""
    state = find_pretrained([parameter.detach() for parameter in network.parameters()])
    expect(
        state is not None,
        "The encoder does not hold EfficientNet-B0's pretrained weights: it is initialised at random, or something "
        "overwrote them, or a stage is missing.",
    )
    return state


@criterion(
    points=2,
    hints=(
        "It is `Up` again, with the number of channels of the skip as an argument of its own.",
        "The transposed convolution goes from `in_channels` to `skip_channels`; the DoubleConv reads twice `skip_channels`.",
    ),
)
def smart_up_joins(smart_up):
    """`SmartUp` upsamples to the skip's channels, concatenates with the skip and convolves twice."""
    _compare_smart_up(smart_up, (10, 8))


@criterion(
    points=1,
    hints=(
        "What if the upsampled map is larger than the skip in one direction and smaller in the other?",
        "`torch.nn.functional.interpolate` takes the skip's height and width as `size`.",
    ),
)
def smart_up_resizes(smart_up):
    """Where sizes differ, `SmartUp` resizes the upsampled map to the skip's height and width."""
    for size in ((11, 7), (9, 9)):
        try:
            _compare_smart_up(smart_up, size)
        except RuntimeError as error:
            if "Sizes of tensors must match" not in str(error):
                raise
            raise Mismatch(
                f"With an upsampled map of (10, 8) and a skip of {size} pixels the two cannot be concatenated."
            ) from None


@criterion(
    points=1,
    hints=(
        "What does the network put out last, and at which size does its decoder end?",
        "The decoder ends at half the input's size: resize to the input's height and width; one sigmoid.",
    ),
)
def puts_out_probabilities(UNetEfficient, network):
    """The output has `out_channels` maps of the input's height and width, with values between 0 and 1."""
    for size in (SIZE, ODD):
        output = network(random_images(2, 3, *size))
        expect_tensor(output, OF)
        expect_shape(output, (2, 1, *size), OF)
        expect_finite(output, OF)
        low, high = output.min().item(), output.max().item()
        expect(-0.2 <= low and high <= 1.2, f"{OF} runs from {low:.3g} to {high:.3g}; probabilities lie between 0 and 1.")
    with recognisable_weights():
        wide, device = build_without_numbers(UNetEfficient, 3, 2, of="UNetEfficient(3, 2)")
    with device:
        expect_shape(wide(torch.zeros(2, 3, *SIZE)), (2, 2, *SIZE), "the output of `UNetEfficient(3, 2)`")


@criterion(
    points=1,
    hints=(
        "Which argument of torchvision's `efficientnet_b0` asks for ImageNet weights?",
        "Load with `weights=`, take the stages out of `features`, and let nothing initialise them again.",
    ),
)
def holds_pretrained_weights(pretrained):
    """The encoder holds EfficientNet-B0's pretrained weights, stage by stage."""


@criterion(
    points=2,
    hints=(
        "Which attribute of a parameter decides whether it gets a gradient, and for which parameters is it switched off?",
        "Loop over the parameters of the encoder's stages, and only those; the spelling of `requires_grad` matters.",
    ),
)
def freezes_the_encoder_only(network, pretrained):
    """No parameter of the encoder is trainable, and every parameter of the decoder is."""
    frozen = {id(parameter) for parameter in _encoder_parameters(network, pretrained)}
    training = [p for p in network.parameters() if id(p) in frozen and p.requires_grad]
    expect(not training, f"{len(training)} of the encoder's {len(frozen)} parameter tensors are still trainable.")
    trace = _decoder(record_layers(network, random_images(2, 3, *SIZE)), pretrained)
    layers = [layer.weight for layer in (*trace.convolutions, *trace.norms) if layer.weight is not None]
    stuck = [weight for weight in layers if not weight.requires_grad]
    expect(not stuck, f"{len(stuck)} of the decoder's {len(layers)} layers are frozen too; a random decoder has to learn.")


@criterion(
    points=3,
    hints=(
        "Follow the five maps of the encoder: which SmartUp takes which of them as its skip?",
        "inc, down1, down2 and down3 give skips of 16, 24, 40 and 80 channels; down4 goes through `center`.",
    ),
)
def joins_the_levels(network, pretrained):
    """The encoder's five maps go through `center` and four SmartUps, then 1x1 convolution, resize and sigmoid."""
    images = random_images(2, 3, *SIZE)
    trace = _decoder(record_layers(network, images), pretrained)
    expect_plan(trace, _plan(), 10, of="The decoder")
    randomise(trace)
    stages = encoder_stages(pretrained)
    for size in (SIZE, ODD):
        _compare_network(network, pretrained, stages, random_images(2, 3, *size))


@criterion(
    points=0,
    hints=("Batch norm gathers statistics in training mode.", "Override `train()` and put the encoder in `eval()` there."),
)
def keeps_the_encoders_statistics(network, pretrained):
    """Training does not move the running statistics of the frozen encoder."""
    owned = {id(parameter) for parameter in _encoder_parameters(network, pretrained)}
    norms = [m for m in network.modules() if isinstance(m, nn.BatchNorm2d) and id(m.weight) in owned]
    before = [norm.running_mean.clone() for norm in norms]
    network.train()
    with torch.no_grad():
        network(random_images(4, 3, *SIZE) + 1)
    network.eval()
    moved = sum(not torch.equal(norm.running_mean, mean) for norm, mean in zip(norms, before, strict=True))
    expect(
        not moved,
        f"The parameters stand still, but {moved} of the encoder's {len(norms)} batch norms changed their running "
        "statistics in one training step: `train()` puts the frozen encoder into training mode, too. In evaluation it "
        "then no longer computes what it was pretrained to. Override `train()` so that the encoder stays in `eval()`.",
    )


def _compare_smart_up(smart_up, size):
    below, skip = random_images(2, 10, 5, 4), random_images(2, 6, *size)
    plan = [Layer(10, 6, 2, transposed=True), *double_conv_plan(12, 4)]
    for training in (True, False):
        smart_up.train(training)
        trace = record_layers(smart_up, below.requires_grad_(), skip)
        expect_plan(trace, plan, 2, of="`SmartUp`")
        expected, explain = _smart_up(Replay(trace, training=training), below, skip, "`SmartUp`")
        expect_tensor(trace.output, "the output of `SmartUp`")
        if not is_close(trace.output, expected):
            raise Mismatch(f"`SmartUp`: {explain(trace.output)}")
        expect_same_gradient(trace.output, expected, below, of="the output of `SmartUp`")
    smart_up.train()


def _smart_up(replay, below, skip, stage):
    upsampled = replay.convolve([below], stage, "what it upsamples is not the map from below.")
    joined = [
        torch.cat(pair, dim=1) for each in resizings(upsampled, *skip.shape[2:]) for pair in ((skip, each), (each, skip))
    ]
    problem = f"its double convolution does not get the upsampled map beside the skip of {skip.shape[1]} channels."
    return replay.double_conv(joined, stage, problem), replay.explain_double_conv_end


def _encoder_parameters(network, state):
    pool = {}
    for tensor in encoder_weights(state):
        pool.setdefault(tuple(tensor.shape), []).append(tensor)
    return [p for p in network.parameters() if any(torch.equal(p, other) for other in pool.get(tuple(p.shape), ()))]


def _decoder(trace, state):
    """Leave out the layers that belong to the pretrained encoder."""
    pool = {}
    for tensor in encoder_weights(state):
        pool.setdefault(tuple(tensor.shape), []).append(tensor)

    def is_new(layer):
        weight = layer.weight
        return weight is None or not any(torch.equal(weight, other) for other in pool.get(tuple(weight.shape), ()))

    return LayerTrace(trace.output, list(filter(is_new, trace.convolutions)), list(filter(is_new, trace.norms)))


def _plan():
    plan = double_conv_plan(*CENTER)
    for below, skip, out in STEPS:
        plan += [Layer(below, skip, 2, transposed=True), *double_conv_plan(2 * skip, out)]
    return [*plan, Layer(STEPS[-1][2], 1, 1)]


def _compare_network(network, state, stages, images):
    trace = _decoder(record_layers(network, images), state)
    replay, maps, skips = Replay(trace, training=False), images, []
    for stage in stages:
        maps = stage(maps)
        skips.append(maps)
    maps = replay.double_conv([skips.pop()], "`center`", "its input is not what `down4` (features 5 to 7) puts out.")
    for number in range(1, 5):
        maps, _ = _smart_up(replay, maps, skips.pop(), f"`up{number}`")
    logits = replay.convolve([maps], "`outc`", "its input is not what `up4` puts out.")
    expected = _endings(logits, images.shape[2:])
    match = next((each for each in expected if is_close(trace.output, each.detach())), None)
    if match is None:
        raise Mismatch(f"After the 1x1 convolution {_explain_end(trace.output, logits, images.shape[2:])}")
    expect_same_gradient(trace.output, match, trace.convolutions[0].weight, of=OF)


def _endings(logits, size):
    first = [torch.sigmoid(each) for each in resizings(logits, *size)]
    return first + resizings(torch.sigmoid(logits), *size)


def _explain_end(output, logits, size) -> str:
    guesses = {
        "the sigmoid is missing.": resizings(logits, *size),
        "the sigmoid is applied twice.": [torch.sigmoid(each) for each in _endings(logits, size)],
        "comes a ReLU.": [F.relu(each) for each in resizings(logits, *size)],
    }
    for text, tensors in guesses.items():
        if any(is_close(output, tensor) for tensor in tensors):
            return text
    return "come other steps than a resize to the input's size and one sigmoid."


EXERCISE = Exercise(
    number=11,
    title="U-Net on a pretrained EfficientNet-B0",
    answers=("SmartUp", "UNetEfficient"),
    fixtures=(smart_up, network, pretrained),
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
