"""Exercise 7: one step down the encoder."""

import torch.nn.functional as F

from utils.checks.gradients import expect_same_gradient
from utils.checks.modules import build, random_images, randomise
from utils.checks.plans import double_conv_plan, expect_plan
from utils.checks.replay import Replay, is_close
from utils.checks.tracing import record_layers
from utils.core.exercise import Exercise, criterion
from utils.core.expect import Mismatch, expect_shape, expect_tensor

IN_CHANNELS, OUT_CHANNELS = 4, 6
HEIGHT, WIDTH = 18, 13  # one odd side: max pooling drops its last column
OF = "the output of `Down`"


def down(Down):
    """Build the step and give its layers telling parameters."""
    module = build(Down, IN_CHANNELS, OUT_CHANNELS, of=f"Down({IN_CHANNELS}, {OUT_CHANNELS})")
    randomise(record_layers(module, random_images(2, IN_CHANNELS, HEIGHT, WIDTH)))
    return module


@criterion(
    points=2,
    hints=(
        "How large is the map after one pooling step, and does anything after it change its size?",
        "Max pooling with a window of 2 halves both sides; the double convolution keeps them.",
    ),
)
def halves_height_and_width(Down):
    """The output has `out_channels` channels and half the height and width of the input."""
    for channels_in, channels_out in ((IN_CHANNELS, OUT_CHANNELS), (2, 5)):
        module = build(Down, channels_in, channels_out, of=f"Down({channels_in}, {channels_out})")
        output = module(random_images(2, channels_in, HEIGHT, WIDTH))
        expect_tensor(output, OF)
        expect_shape(output, (2, channels_out, HEIGHT // 2, WIDTH // 2), OF)


@criterion(
    points=4,
    hints=(
        "Two steps, in this order: make the map smaller, then convolve.",
        "Keep the largest of each 2x2 window, and hand that map to one DoubleConv from `in_channels` to `out_channels`.",
    ),
)
def pools_then_convolves(down):
    """The largest value of each 2x2 window goes through one double convolution."""
    images = random_images(3, IN_CHANNELS, HEIGHT, WIDTH).requires_grad_()
    trace = record_layers(down, images)
    expect_plan(trace, double_conv_plan(IN_CHANNELS, OUT_CHANNELS), 2, of="`Down`")
    for training in (True, False):
        down.train(training)
        trace = record_layers(down, images)
        replay = Replay(trace, training=training)
        expected = replay.double_conv([F.max_pool2d(images, 2)], "`Down`", _problem(trace, images))
        if not is_close(trace.output, expected):
            raise Mismatch(f"`Down`: {replay.explain_double_conv_end(trace.output)}")
        expect_same_gradient(trace.output, expected, images, of=OF)
    down.train()


def _problem(trace, images) -> str:
    arrived = trace.convolutions[0].input
    if is_close(arrived, images.detach()):
        return "its first convolution gets the input as it is; pooling comes first."
    if is_close(arrived, F.avg_pool2d(images, 2).detach()):
        return "its first convolution gets the average of each window; the exercise asks for the largest value."
    return "its first convolution does not get the largest value of each 2x2 window."


EXERCISE = Exercise(
    number=7,
    title="Down: one step of the encoder",
    answers=("Down", "DoubleConv"),
    fixtures=(down,),
    criteria=(halves_height_and_width, pools_then_convolves),
)
