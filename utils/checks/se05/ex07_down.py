"""Exercise 7: one step down the encoder."""

from functools import partial
from itertools import product

import torch.nn.functional as F

from utils.checks.gradients import expect_same_gradient
from utils.checks.modules import build, expect_separate, output_of, random_images, randomise
from utils.checks.plans import double_conv_plan, expect_plan
from utils.checks.replay import Replay, is_close
from utils.checks.tracing import record_layers
from utils.core.exercise import Exercise, criterion
from utils.core.expect import Mismatch, expect_shape

WIDTHS = ((4, 6), (5, 5))
"""Channels in and out; equal ones too, where a step may compute its double convolution twice."""
HEIGHT, WIDTH = 18, 13  # one odd side: max pooling drops its last column
SIZES = ((HEIGHT, WIDTH), (2, 5))  # pixels; a map at the bottom of a U-Net is small
OF = "the output of `Down`"


def downs(Down):
    """Build a step of each width and give its layers telling parameters."""
    modules = {widths: build(Down, *widths, of=_call(widths)) for widths in WIDTHS}
    for (channels_in, _), module in modules.items():
        randomise(record_layers(module, random_images(2, channels_in, HEIGHT, WIDTH)))
    return modules


@criterion(
    points=2,
    hints=(
        "How large is the map after one pooling step, and does anything after it change its size?",
        "Max pooling with a window of 2 halves both sides; the double convolution keeps them.",
    ),
)
def halves_height_and_width(Down):
    """The output has `out_channels` channels and half the height and width of the input."""
    for channels_in, channels_out in (WIDTHS[0], (2, 5)):
        module = build(Down, channels_in, channels_out, of=_call((channels_in, channels_out)))
        output = output_of(module, random_images(2, channels_in, HEIGHT, WIDTH), of=OF)
        cause = _cause(tuple(output.shape), channels_out)
        expect_shape(output, (2, channels_out, HEIGHT // 2, WIDTH // 2), OF, cause)


@criterion(
    points=4,
    hints=(
        "Two steps, in this order: make the map smaller, then convolve.",
        "Keep the largest of each 2x2 window, and hand that map to one DoubleConv from `in_channels` to `out_channels`.",
    ),
)
def pools_then_convolves(Down, downs):
    """The largest value of each 2x2 window goes through one double convolution."""
    for (widths, down), size, count in product(downs.items(), SIZES, (3, 1)):
        _compare(down, widths, size, count)
    expect_separate(Down, *WIDTHS[0], of=_call(WIDTHS[0]))


def _compare(down, widths, size, count):
    name = "`Down`" if widths == WIDTHS[0] else f"`{_call(widths)}`"
    images = random_images(count, widths[0], *size).requires_grad_()
    down.train()
    expect_plan(record_layers(down, images), double_conv_plan(*widths), 2, of=name, module=down)
    for training in (True, False):
        down.train(training)
        trace = record_layers(down, images)
        replay = Replay(trace, training=training)
        pooled = F.max_pool2d(images, 2)
        expected = replay.double_conv([pooled], name, partial(_problem, images=images, steps=trace.before))
        if not is_close(trace.output, expected):
            raise Mismatch(f"{name}: {replay.explain_double_conv_end(trace.output)}")
        expect_same_gradient(trace.output, expected, images, of=OF)


def _call(widths) -> str:
    return f"Down({widths[0]}, {widths[1]})"


def _cause(seen, channels) -> str:
    """Guess what changed the shape."""
    if len(seen) != 4:
        return ""
    if seen[1] != channels:
        return f"`out_channels` is {channels} here; is another number used for the double convolution?"
    height, width = seen[2:]
    if (height, width) == (HEIGHT, WIDTH):
        return "Nothing makes the map smaller."
    if height > HEIGHT and width > WIDTH:
        return "The map gets larger, not smaller."
    if (height, width) == (HEIGHT - 1, WIDTH - 1):
        return "After each window of 2x2 pixels the window has to move by 2, not by 1."
    if (height, width) == (HEIGHT // 2, WIDTH // 2 + 1):
        return f"An odd side is rounded down: {WIDTH} becomes {WIDTH // 2}."
    if height < HEIGHT // 2 and width < WIDTH // 2:
        return "It is made smaller more than once, or by more than 2."
    return f"The images are {HEIGHT}x{WIDTH} pixels."


def _problem(arrived, images, steps) -> str:
    height, width = (side // 2 for side in images.shape[2:])
    guesses = {
        "its first convolution gets the input as it is; pooling comes first.": images,
        "its first convolution gets the average of each window; the exercise asks for the largest value.": (
            F.avg_pool2d(images, 2)
        ),
        "its first convolution gets the smallest value of each window, not the largest.": -F.max_pool2d(-images, 2),
        "its first convolution gets every second pixel; the largest of each 2x2 window is asked for.": (
            images[:, :, : 2 * height : 2, : 2 * width : 2]
        ),
        "its first convolution gets an interpolated map, not the largest value of each window.": (
            F.interpolate(images, size=(height, width), mode="bilinear")
        ),
        "its first convolution gets a corner of the map, cut out; nothing is pooled.": (images[:, :, :height, :width]),
        "its first convolution gets the largest values of windows that overlap (adaptive pooling of an odd side).": (
            F.adaptive_max_pool2d(images, (height, width))
        ),
        "the largest value of windows of 3x3 pixels arrives at its first convolution; windows of 2x2 are asked for.": (
            F.max_pool2d(images, 3, stride=2, padding=1)[:, :, :height, :width]
        ),
        "its first convolution gets the largest value of each 2x2 window without its sign.": F.max_pool2d(
            images.abs(), 2
        ),
        "its first convolution gets no negative values: a ReLU, or zeros, came before it.": F.max_pool2d(
            images, 2
        ).relu(),
    }
    seen = f" Before it comes {', then '.join(steps)}." if steps else ""
    fallback = f"its first convolution does not get the largest value of each 2x2 window.{seen}"
    return next((text for text, guess in guesses.items() if is_close(arrived, guess)), fallback)


EXERCISE = Exercise(
    number=7,
    title="Down: one step of the encoder",
    answers=("Down", "DoubleConv"),
    builds_on=(6,),
    fixtures=(downs,),
    criteria=(halves_height_and_width, pools_then_convolves),
)
