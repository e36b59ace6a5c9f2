"""Exercise 8: one step up the decoder."""

import torch
import torch.nn.functional as F

from utils.checks.gradients import expect_same_gradient
from utils.checks.modules import build, random_images, randomise
from utils.checks.plans import Layer, double_conv_plan, expect_plan
from utils.checks.replay import Replay, is_close, paddings
from utils.checks.tracing import record_layers
from utils.core.exercise import Exercise, criterion
from utils.core.expect import Mismatch, expect_shape, expect_tensor

IN_CHANNELS, OUT_CHANNELS = 12, 5
HALF = IN_CHANNELS // 2
BELOW = (5, 4)  # upsampled to 10 x 8
SKIPS = {"twice its size": (10, 8), "one row larger": (11, 8), "one row and three columns larger": (11, 11)}
OF = "the output of `Up`"


def up(Up):
    """Build the step and give its layers telling parameters."""
    module = build(Up, IN_CHANNELS, OUT_CHANNELS, of=f"Up({IN_CHANNELS}, {OUT_CHANNELS})")
    randomise(record_layers(module, *_maps(SKIPS["twice its size"])))
    return module


@criterion(
    points=2,
    hints=(
        "Write down the shape after each step of `forward`: upsampling, concatenation, double convolution.",
        "The transposed convolution halves the channels; the skip brings the other half back.",
    ),
)
def joins_both_maps(Up):
    """From a map below and a skip of twice its size comes a map of the skip's size with `out_channels` channels."""
    for channels_in, channels_out in ((IN_CHANNELS, OUT_CHANNELS), (8, 3)):
        module = build(Up, channels_in, channels_out, of=f"Up({channels_in}, {channels_out})")
        x1, x2 = random_images(2, channels_in, *BELOW), random_images(2, channels_in // 2, 10, 8)
        output = module(x1, x2)
        expect_tensor(output, OF)
        expect_shape(output, (2, channels_out, 10, 8), OF)


@criterion(
    points=3,
    hints=(
        "Two things meet in the concatenation: what was upsampled from below, and the skip as it came.",
        "Upsample `x1` with a transposed convolution (kernel 2, stride 2), concatenate with `x2` along the channels.",
    ),
)
def uses_the_skip(up):
    """The upsampled map and the unchanged skip are concatenated and go through a double convolution."""
    _compare(up, SKIPS["twice its size"])


@criterion(
    points=3,
    hints=(
        "Compare height with height and width with width before you pad: which list does `pad` read first?",
        "`torch.nn.functional.pad` starts from the last dimension: (left, right, top, bottom).",
    ),
)
def pads_to_the_skip(up):
    """Where the skip is larger, the upsampled map is padded with zeros to the skip's size."""
    for case in ("one row larger", "one row and three columns larger"):
        try:
            _compare(up, SKIPS[case])
        except RuntimeError as error:
            if "Sizes of tensors must match" not in str(error):
                raise
            raise Mismatch(
                f"With a skip that is {case} than the upsampled map, the two cannot be concatenated: "
                "the padding does not bring height and width to the skip's."
            ) from None


@criterion(
    points=2,
    hints=(
        "Nothing in `forward` may cut the way back from the loss to either map.",
        "Look for `detach`, `no_grad`, `.data` or numpy in `forward`.",
    ),
)
def lets_gradients_through(up):
    """Gradients flow back into the map from below and into the skip."""
    x1, x2 = (tensor.requires_grad_() for tensor in _maps(SKIPS["one row larger"]))
    output, expected = _replay(up, x1, x2, training=True)
    expect_same_gradient(output, expected, x1, of=OF)
    expect_same_gradient(output, expected, x2, of=OF)


def _maps(size):
    return random_images(3, IN_CHANNELS, *BELOW), random_images(3, HALF, *size)


def _compare(up, size):
    x1, x2 = _maps(size)
    plan = [Layer(IN_CHANNELS, HALF, 2, transposed=True), *double_conv_plan(IN_CHANNELS, OUT_CHANNELS)]
    expect_plan(record_layers(up, x1, x2), plan, 2, of="`Up`")
    for training in (True, False):
        up.train(training)
        _replay(up, x1, x2, training=training)
    up.train()


def _replay(up, x1, x2, *, training):
    trace = record_layers(up, x1, x2)
    replay = Replay(trace, training=training)
    upsampled = replay.convolve([x1], "`Up`", "the transposed convolution does not get `x1`.")
    padded = paddings(upsampled, *x2.shape[2:])
    joined = [torch.cat(pair, dim=1) for each in padded for pair in ((x2, each), (each, x2))]
    expected = replay.double_conv(joined, "`Up`", _problem(trace.convolutions[1].input, upsampled, x2))
    expect_tensor(trace.output, OF)
    if not is_close(trace.output, expected):
        raise Mismatch(f"`Up`: {replay.explain_double_conv_end(trace.output)}")
    return trace.output, expected


def _problem(arrived, upsampled, skip) -> str:
    """Say what else may have been concatenated."""
    if arrived.shape[1] != 2 * HALF:
        return "the double convolution does not get the upsampled map and the skip side by side."
    halves = arrived[:, :HALF], arrived[:, HALF:]
    if arrived.shape[2:] == skip.shape[2:]:
        if not any(is_close(half, skip.detach()) for half in halves):
            return "the skip `x2` does not reach the double convolution as it came in."
        if is_close(halves[0], halves[1]):
            return "the skip is concatenated with itself; the upsampled map is missing."
        resized = F.interpolate(upsampled, size=skip.shape[2:], mode="bilinear").detach()
        if skip.shape[2:] != upsampled.shape[2:] and any(is_close(half, resized) for half in halves):
            return "the upsampled map is stretched to the skip's size; the exercise asks for zero padding."
    return "beside the skip stands something else than the upsampled map padded with zeros."


EXERCISE = Exercise(
    number=8,
    title="Up: one step of the decoder",
    answers=("Up", "DoubleConv"),
    fixtures=(up,),
    criteria=(joins_both_maps, uses_the_skip, pads_to_the_skip, lets_gradients_through),
)
