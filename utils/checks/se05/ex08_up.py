"""Exercise 8: one step up the decoder."""

from utils.checks.gradients import expect_same_gradient, expect_some_gradient
from utils.checks.modules import build, output_of, random_images, randomise
from utils.checks.plans import expect_plan, up_plan
from utils.checks.replay import Replay, explain_join, explain_sizes, is_close, joined, paddings
from utils.checks.tracing import LayerTrace, record_layers
from utils.core.exercise import Exercise, criterion
from utils.core.expect import Mismatch, expect_shape

IN_CHANNELS, OUT_CHANNELS = 12, 5
HALF = IN_CHANNELS // 2
BELOW = (5, 4)  # upsampled to 10 x 8
SKIPS = {
    "twice its size": (10, 8),
    "one row larger": (11, 8),
    "one row and three columns larger": (11, 11),
    "five rows larger": (15, 8),
    "five columns larger": (10, 13),
}
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
        output = output_of(module, x1, x2, of=OF)
        wrong_channels = output.ndim == 4 and output.shape[1] != channels_out
        cause = f"`out_channels` is {channels_out} here; the DoubleConv comes last and leads there."
        expect_shape(output, (2, channels_out, 10, 8), OF, cause if wrong_channels else "")


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
    for case in list(SKIPS)[1:]:
        trace = LayerTrace()
        try:
            record_layers(up, *_maps(SKIPS[case]), into=trace)
        except RuntimeError as error:
            if "Sizes of tensors must match" not in str(error):
                raise
            raise Mismatch(explain_sizes(trace, SKIPS["twice its size"], SKIPS[case])) from None
        _compare(up, SKIPS[case])


@criterion(
    points=2,
    hints=(
        "Nothing in `forward` may cut the way back from the loss to either map.",
        "Look for `detach`, `no_grad`, `.data` or numpy in `forward`.",
    ),
)
def lets_gradients_through(up):
    """Gradients flow back into the map from below and into the skip."""
    for case in ("twice its size", "one row larger"):
        x1, x2 = (tensor.requires_grad_() for tensor in _maps(SKIPS[case]))
        try:
            output, expected = _replay(up, x1, x2, training=True)
        except (Mismatch, RuntimeError):
            if case == "twice its size":
                expect_some_gradient(
                    output_of(up, x1, x2, of=OF), {"`x1`, the map from below": x1, "`x2`, the skip": x2}, OF
                )
            return  # values that are wrong, and padding, have criteria of their own
        _expect_gradients(output, expected, x1, x2)


def _expect_gradients(output, expected, x1, x2):
    expect_same_gradient(output, expected, x1, of=OF, to="`x1`, the map from below")
    expect_same_gradient(output, expected, x2, of=OF, to="`x2`, the skip")


def _maps(size):
    return random_images(3, IN_CHANNELS, *BELOW), random_images(3, HALF, *size)


def _compare(up, size):
    x1, x2 = _maps(size)
    plan = up_plan(IN_CHANNELS, HALF, OUT_CHANNELS)
    up.train()
    expect_plan(record_layers(up, x1, x2), plan, 2, of="`Up`", module=up)
    for training in (True, False):
        _replay(up, x1, x2, training=training)


def _replay(up, x1, x2, *, training):
    up.train(training)
    trace = record_layers(up, x1, x2)
    replay = Replay(trace, training=training)
    upsampled = replay.convolve([x1], "`Up`", "the transposed convolution does not get `x1`, the map from below.")
    versions = paddings(upsampled, *x2.shape[2:])
    expected = replay.double_conv(
        joined(versions, x2),
        "`Up`",
        lambda arrived: explain_join(arrived, upsampled, x2, versions, "zeros on its sides, up to the skip's size"),
    )
    if not is_close(trace.output, expected):
        raise Mismatch(f"`Up`: {replay.explain_double_conv_end(trace.output)}")
    return trace.output, expected


EXERCISE = Exercise(
    number=8,
    title="Up: one step of the decoder",
    answers=("Up", "DoubleConv"),
    builds_on=(6,),
    fixtures=(up,),
    criteria=(joins_both_maps, uses_the_skip, pads_to_the_skip, lets_gradients_through),
)
