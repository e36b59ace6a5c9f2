"""Exercise 9: the whole U-Net.

Its 31 million parameters take longer than any check, so it is built once, given random numbers the quick way, and run
on the smallest images that show every mistake.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn

from utils.checks.gradients import expect_same_gradient
from utils.checks.modules import build, expect_separate, output_of, random_images, randomise
from utils.checks.plans import Layer, double_conv_plan, expect_plan, up_plan
from utils.checks.replay import DEEP, Replay, explain_join, find_inside, is_close, joined, paddings
from utils.checks.resizing import resizings
from utils.checks.tracing import LayerTrace, record_layers
from utils.core.exercise import Exercise, criterion
from utils.core.expect import Mismatch, expect, expect_finite, expect_shape, expect_tensor

WIDTHS = (64, 128, 256, 512, 1024)
SMALLEST = (16, 16)  # pixels; one pixel at the bottom
DIVISIBLE, ODD = (32, 16), (22, 37)  # one high, one wide; 22 and 37 need padding on some levels, one at a time
OF = "the U-Net's output"


@dataclass(frozen=True)
class Run:
    """A network with telling parameters, and what it computed on images that have a gradient."""

    network: nn.Module
    layers: LayerTrace
    images: torch.Tensor


def run(UNet):
    """Build the network, give its layers telling parameters and let it compute once in training mode."""
    network = build(UNet, of="UNet()")
    # The same size as below, so that an answer kept from this call and given again would show.
    trace = record_layers(network, random_images(2, 3, *DIVISIBLE))
    randomise(trace)
    if trace.convolutions:
        with torch.no_grad():  # the last one so that probabilities stay away from 0 and 1
            trace.convolutions[-1].weight.mul_(0.5)
    # Neither around 0 nor with a spread of 1, so that a network that standardises them itself shows.
    images = (1.5 * random_images(2, 3, *DIVISIBLE) + 0.5).requires_grad_()
    return Run(network, record_layers(network, images), images)


@criterion(
    points=2,
    hints=(
        "What does the last layer put out, and which function turns that into a probability?",
        "A 1x1 convolution to `out_channels`, then a sigmoid: one probability for each pixel.",
    ),
)
def puts_out_probabilities(run):
    """`UNet()` turns RGB images into one map of probabilities of the same height and width."""
    output = run.layers.output
    expect_tensor(output, OF)
    expect_shape(output, (2, 1, *DIVISIBLE), OF, _explain_shape(tuple(output.shape)))
    expect_finite(output, OF)
    low, high = output.min().item(), output.max().item()
    expect(
        low >= 0 and high <= 1,
        f"{OF} runs from {low:.3g} to {high:.3g}; probabilities lie between 0 and 1. Is the sigmoid missing?",
    )


@criterion(
    points=3,
    hints=(
        "Write down the channels level by level, down and up again, and compare with what you build.",
        "64 at the top; each Down doubles to 1024 at the bottom, each Up halves; a 1x1 convolution ends it.",
    ),
)
def has_all_levels(UNet, run):
    """One DoubleConv, four Downs, four Ups and a 1x1 convolution are computed and trainable, 64 to 1024 channels wide."""
    expect_plan(run.layers, _plan(3, 1), 18, of="The U-Net", module=run.network)
    expect_separate(UNet, of="UNet()")


@criterion(
    points=4,
    hints=(
        "Draw the U: which map of the encoder goes to which Up?",
        "The first Up takes the bottom and the skip of the level above it (512 channels), the last Up the first DoubleConv's.",
    ),
)
def joins_the_levels(run):
    """Each level's map goes down and, as skip connection, to the Up of the same level; one sigmoid ends the network."""
    expected = _replay(run.layers, run.images, training=True)
    try:
        expect_same_gradient(run.layers.output, expected, run.images, of=OF)
    except Mismatch as mismatch:
        raise Mismatch(f"{mismatch}{_explain_cut(run.layers.cut_off)}") from None


@criterion(
    points=2,
    hints=(
        "Where does a side of 25 pixels end up after pooling and upsampling again?",
        "`Up` pads what it upsampled to the size of its skip, so every size should pass; does your `Up` do that?",
    ),
)
def takes_any_size(run):
    """Images whose sides are no multiple of 16 come out at their own size, in evaluation mode, too."""
    images = random_images(2, 3, *ODD)
    run.network.eval()
    try:
        with torch.no_grad():
            for each in (random_images(2, 3, *ODD), images):  # what is kept of the first would show in the second
                trace = LayerTrace()
                record_layers(run.network, each, into=trace)
    except RuntimeError as error:
        if "Sizes of tensors must match" not in str(error) or not trace.concatenated:
            raise
        raise Mismatch(
            f"With images of {ODD[0]}x{ODD[1]} pixels an upsampled map and its skip differ in size: "
            f"{' and '.join(str(shape) for shape in trace.concatenated[-1])}."
        ) from None
    expect_tensor(trace.output, OF)
    expect_shape(trace.output, (2, 1, *ODD), OF)
    alone = output_of(run.network, random_images(1, 3, *SMALLEST), of=OF)
    expect_shape(alone, (1, 1, *SMALLEST), OF, "This is a batch of one image.")
    with torch.no_grad():
        entering, endings = _fit_to_16(trace, images)
        _replay(trace, entering, training=False, endings=endings)


@criterion(
    points=1,
    hints=(
        "Which layers depend on `in_channels` and `out_channels`?",
        "Only the first convolution and the last one do; no 3 and no 1 should be written into them.",
    ),
)
def takes_other_channels(UNet, run):
    """`UNet(in_channels, out_channels)` works for other numbers of channels."""
    network, of = build(UNet, 5, 4, of="UNet(5, 4)"), "the output of `UNet(5, 4)`"
    network.eval()
    with torch.no_grad():
        trace = record_layers(network, random_images(2, 5, *SMALLEST))
    expect_tensor(trace.output, of)
    expect_shape(trace.output, (2, 4, *SMALLEST), of)
    expect_plan(trace, _plan(5, 4), 18, of="`UNet(5, 4)`")
    if _ends_in_sigmoid(run.layers):  # else it is told elsewhere
        softmax = is_close(trace.output, _logits(trace).softmax(1), DEEP)
        expect(
            not softmax,
            "With several channels a softmax ends the network, so that the channels' probabilities add up to 1; each channel "
            "gets a sigmoid of its own, as a single one does.",
        )
        expect(
            _ends_in_sigmoid(trace),
            f"A single channel ends in a sigmoid, but in {of} the four channels are not the sigmoids of the last "
            "convolution's four.",
        )


def _logits(trace):
    last = trace.convolutions[-1]
    return F.conv2d(last.input, last.weight, last.bias)


def _ends_in_sigmoid(trace) -> bool:
    last = trace.convolutions[-1].kernel if trace.convolutions else None
    return last == (1, 1) and is_close(trace.output, torch.sigmoid(_logits(trace)), DEEP)


def _plan(in_channels, out_channels):
    plan, channels = [], in_channels
    for level, width in enumerate(WIDTHS):
        plan += double_conv_plan(channels, width, f"Down {level}" if level else "the first DoubleConv")
        channels = width
    for number, width in enumerate(reversed(WIDTHS[:-1]), 1):
        plan += up_plan(channels, width, width, f"Up {number}")
        channels = width
    return [*plan, Layer(channels, out_channels, 1, place="the last convolution")]


def _explain_shape(shape) -> str:
    if len(shape) != 4:
        return "A dimension is missing; is something squeezed or flattened?"
    return "Is the last, 1x1 convolution missing?" if shape[1] == WIDTHS[0] else ""


def _fit_to_16(trace, images):
    """Return what enters the first convolution, and how its size is undone: a network may pad or resize to 16s itself."""
    entering = trace.convolutions[0].input if trace.convolutions else images
    height, width = entering.shape[2:]
    if entering.shape == images.shape or height % 16 or width % 16:
        return images, _just_sigmoid
    place = find_inside(entering, images)
    if place is not None:
        rows, columns = slice(place[0], place[0] + ODD[0]), slice(place[1], place[1] + ODD[1])
        return entering, lambda logits: [torch.sigmoid(logits)[:, :, rows, columns]]
    if any(is_close(entering, version) for version in resizings(images, height, width)):
        return entering, lambda logits: [
            *resizings(torch.sigmoid(logits), *ODD),
            *(torch.sigmoid(each) for each in resizings(logits, *ODD)),
        ]
    return images, _just_sigmoid


def _just_sigmoid(logits):
    return [torch.sigmoid(logits)]


def _replay(trace, images, *, training, endings=_just_sigmoid):
    replay, skips, maps = Replay(trace, training=training, tolerance=DEEP), [], images
    for level in range(len(WIDTHS)):
        stage = f"Down {level}" if level else "The first DoubleConv"
        problem = "its input is not the max-pooled map of the level above." if level else "its input is not the image."
        maps = replay.double_conv([F.max_pool2d(maps, 2) if level else maps], stage, problem)
        skips.append(maps)
    maps = skips.pop()
    for number in range(1, len(WIDTHS)):
        maps = _up(replay, maps, skips.pop(), f"Up {number}")
    logits = replay.convolve([maps], "The last convolution", "its input is not what the last Up puts out.")
    expected = next((each for each in endings(logits) if is_close(trace.output, each, DEEP)), None)
    if expected is None:
        raise Mismatch(f"After the 1x1 convolution {_explain_end(trace.output, logits)}")
    return expected


def _up(replay, below, skip, stage):
    upsampled = replay.convolve([below], stage, "what it upsamples is not what the level below puts out.")
    versions = paddings(upsampled, *skip.shape[2:])

    def problem(arrived):
        asked = "zeros on its sides, up to the skip's size"
        level = f" Its skip has {skip.shape[1]} channels and comes from the same level of the encoder."
        return explain_join(arrived, upsampled, skip, versions, asked) + level

    return replay.double_conv(joined(versions, skip), stage, problem)


def _explain_cut(concatenations) -> str:
    if not concatenations:
        return ""
    first, second = (", ".join(map(str, shape[1:2])) for shape in concatenations[0][:2])
    return f" Where maps of {first} and {second} channels are concatenated, only one of them has a gradient."


def _explain_end(output, logits) -> str:
    guesses = {
        "the sigmoid is missing.": logits,
        "the sigmoid is applied twice.": torch.sigmoid(torch.sigmoid(logits)),
        "comes a softmax; over a single channel it is 1 everywhere.": torch.softmax(logits, 1),
        "comes a softmax over the pixels.": torch.softmax(logits.flatten(2), 2).view_as(logits),
        "comes a ReLU.": F.relu(logits),
        "a ReLU comes before the sigmoid.": torch.sigmoid(F.relu(logits)),
        "comes a tanh.": torch.tanh(logits),
        "comes a hard sigmoid.": F.hardsigmoid(logits),
        "the values are cut off at 0 and 1; that is no sigmoid.": logits.clamp(0, 1),
        "the probabilities are rounded to 0 and 1.": torch.sigmoid(logits).round(),
    }
    return next(
        (text for text, guess in guesses.items() if is_close(output, guess, DEEP)), "come other steps than one sigmoid."
    )


EXERCISE = Exercise(
    number=9,
    title="The U-Net",
    answers=("UNet",),
    builds_on=(6, 7, 8),
    fixtures=(run,),
    criteria=(puts_out_probabilities, has_all_levels, joins_the_levels, takes_any_size, takes_other_channels),
)
