"""Exercise 9: the whole U-Net."""

import torch
import torch.nn.functional as F

from utils.checks.gradients import expect_same_gradient
from utils.checks.modules import build, build_without_numbers, random_images, randomise
from utils.checks.plans import Layer, double_conv_plan, expect_plan
from utils.checks.replay import Replay, is_close, paddings
from utils.checks.tracing import record_layers
from utils.core.exercise import Exercise, criterion
from utils.core.expect import Mismatch, expect, expect_finite, expect_shape, expect_tensor

WIDTHS = (64, 128, 256, 512, 1024)
DIVISIBLE, ODD = (32, 48), (50, 38)  # pixels; 50 and 38 need padding on some levels, in one direction at a time
OF = "the U-Net's output"


def unet(UNet):
    """Build the network once; its 31 million parameters take longer than any check."""
    return build(UNet, of="UNet()")


def telling_unet(unet):
    """Give its layers telling parameters, the last one so that probabilities stay away from 0 and 1."""
    trace = record_layers(unet, random_images(2, 3, *DIVISIBLE))
    expect_plan(trace, _plan(3, 1), 18, of="The U-Net")
    randomise(trace)
    with torch.no_grad():
        trace.convolutions[-1].weight.mul_(0.3)
    return unet


@criterion(
    points=2,
    hints=(
        "What does the last layer put out, and which function turns that into a probability?",
        "A 1x1 convolution to `out_channels`, then a sigmoid: one probability for each pixel.",
    ),
)
def puts_out_probabilities(unet):
    """`UNet()` turns RGB images into one map of probabilities of the same height and width."""
    output = unet(random_images(2, 3, *DIVISIBLE))
    expect_tensor(output, OF)
    expect_shape(output, (2, 1, *DIVISIBLE), OF)
    expect_finite(output, OF)
    low, high = output.min().item(), output.max().item()
    expect(0 <= low and high <= 1, f"{OF} runs from {low:.3g} to {high:.3g}; probabilities lie between 0 and 1.")


@criterion(
    points=3,
    hints=(
        "Write down the channels level by level, down and up again, and compare with what you build.",
        "64 at the top; each Down doubles to 1024 at the bottom, each Up halves; a 1x1 convolution ends it.",
    ),
)
def has_all_levels(unet):
    """One DoubleConv, four Downs, four Ups and a 1x1 convolution are computed, 64 to 1024 channels wide."""
    expect_plan(record_layers(unet, random_images(2, 3, *DIVISIBLE)), _plan(3, 1), 18, of="The U-Net")


@criterion(
    points=4,
    hints=(
        "Draw the U: which map of the encoder goes to which Up?",
        "The first Up takes the bottom and the skip of the level above it (512 channels), the last Up the first DoubleConv's.",
    ),
)
def joins_the_levels(telling_unet):
    """Each level's map goes down and, as skip connection, to the Up of the same level; one sigmoid ends the network."""
    for training in (True, False):
        telling_unet.train(training)
        images = random_images(2, 3, *DIVISIBLE).requires_grad_(training)
        output, expected = _replay(telling_unet, images, training=training)
        if training:
            expect_same_gradient(output, expected, images, of=OF)
    telling_unet.train()


@criterion(
    points=2,
    hints=(
        "Where does a side of 25 pixels end up after pooling and upsampling again?",
        "`Up` pads what it upsampled to the size of its skip, so every size should pass; does your `Up` do that?",
    ),
)
def takes_any_size(telling_unet):
    """Images whose sides are no multiple of 16 come out at their own size."""
    images = random_images(2, 3, *ODD)
    try:
        output, _ = _replay(telling_unet, images, training=True)
    except RuntimeError as error:
        if "Sizes of tensors must match" not in str(error):
            raise
        raise Mismatch(f"With images of {ODD[0]}x{ODD[1]} pixels an upsampled map and its skip differ in size.") from None
    expect_shape(output, (2, 1, *ODD), OF)


@criterion(
    points=1,
    hints=(
        "Which layers depend on `in_channels` and `out_channels`?",
        "Only the first convolution and the last one do; no 3 and no 1 should be written into them.",
    ),
)
def takes_other_channels(UNet):
    """`UNet(in_channels, out_channels)` works for other numbers of channels."""
    module, device = build_without_numbers(UNet, 5, 4, of="UNet(5, 4)")
    with device:
        trace = record_layers(module, torch.zeros(2, 5, *DIVISIBLE))
    expect_shape(trace.output, (2, 4, *DIVISIBLE), "the output of `UNet(5, 4)`")
    expect_plan(trace, _plan(5, 4), 18, of="`UNet(5, 4)`")


def _plan(in_channels, out_channels):
    plan, channels = [], in_channels
    for width in WIDTHS:
        plan += double_conv_plan(channels, width)
        channels = width
    for width in reversed(WIDTHS[:-1]):
        plan += [Layer(channels, width, 2, transposed=True), *double_conv_plan(channels, width)]
        channels = width
    return [*plan, Layer(channels, out_channels, 1)]


def _replay(unet, images, *, training):
    trace = record_layers(unet, images)
    replay, skips, maps = Replay(trace, training=training), [], [images]
    for level in range(len(WIDTHS)):
        stage = f"Down {level}" if level else "The first DoubleConv"
        problem = "its input is not the max-pooled map of the level above." if level else "its input is not the image."
        maps = [replay.double_conv(maps, stage, problem)]
        skips.append(maps[0])
        maps = [F.max_pool2d(maps[0], 2)]
    maps = [skips.pop()]
    for number in range(1, len(WIDTHS)):
        skip = skips.pop()
        maps = [_up(replay, maps[0], skip, f"Up {number}")]
    logits = replay.convolve(maps, "The last convolution", "its input is not what the last Up puts out.")
    expected = torch.sigmoid(logits)
    if not is_close(trace.output, expected):
        raise Mismatch(f"After the 1x1 convolution {_explain_end(trace.output, logits)}")
    return trace.output, expected


def _up(replay, below, skip, stage):
    upsampled = replay.convolve([below], stage, "what it upsamples is not what the level below puts out.")
    joined = [
        torch.cat(pair, dim=1) for each in paddings(upsampled, *skip.shape[2:]) for pair in ((skip, each), (each, skip))
    ]
    level = skip.shape[1]
    problem = f"its double convolution does not get the upsampled map beside the unchanged skip of {level} channels."
    return replay.double_conv(joined, stage, problem)


def _explain_end(output, logits) -> str:
    guesses = {
        "the sigmoid is missing.": logits,
        "the sigmoid is applied twice.": torch.sigmoid(torch.sigmoid(logits)),
        "comes a softmax; over a single channel it is 1 everywhere.": torch.softmax(logits, 1),
        "comes a ReLU.": F.relu(logits),
        "comes a tanh.": torch.tanh(logits),
        "comes a hard sigmoid.": F.hardsigmoid(logits),
        "the probabilities are rounded to 0 and 1.": torch.sigmoid(logits).round(),
    }
    return next((text for text, guess in guesses.items() if is_close(output, guess)), "come other steps than one sigmoid.")


EXERCISE = Exercise(
    number=9,
    title="The U-Net",
    answers=("UNet",),
    fixtures=(unet, telling_unet),
    criteria=(puts_out_probabilities, has_all_levels, joins_the_levels, takes_any_size, takes_other_channels),
)
