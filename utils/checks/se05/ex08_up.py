"""Exercise 8: one step up the decoder."""

from utils.checks.gradients import expect_same_gradient, expect_some_gradient
from utils.checks.modules import build, expect_separate, output_of, random_images, randomise
from utils.checks.plans import expect_plan, up_plan
from utils.checks.replay import Replay, explain_join, explain_sizes, is_close, joined, paddings
from utils.checks.tracing import LayerTrace, record_layers
from utils.core.exercise import Exercise, criterion
from utils.core.expect import Mismatch, expect_shape

IN_CHANNELS, OUT_CHANNELS = 12, (5, 6)  # the second as many as the skip's: there an Up may add it to its output
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


def ups(Up):
    """Build a step of each width and give its layers telling parameters."""
    modules = {out: build(Up, IN_CHANNELS, out, of=f"Up({IN_CHANNELS}, {out})") for out in OUT_CHANNELS}
    for module in modules.values():
        randomise(record_layers(module, *_maps(SKIPS["twice its size"])))
    return modules


@criterion(
    points=2,
    hints=(
        "Write down the shape after each step of `forward`: upsampling, concatenation, double convolution.",
        "The transposed convolution halves the channels; the skip brings the other half back.",
    ),
)
def joins_both_maps(Up):
    """From a map below and a skip of twice its size comes a map of the skip's size with `out_channels` channels."""
    for channels_in, channels_out in ((IN_CHANNELS, OUT_CHANNELS[0]), (8, 3)):
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
def uses_the_skip(Up, ups):
    """The upsampled map and the unchanged skip are concatenated and go through a double convolution."""
    for out, up in ups.items():
        _compare(up, out, SKIPS["twice its size"])
        _compare(up, out, SKIPS["twice its size"], count=1)
    expect_separate(Up, IN_CHANNELS, OUT_CHANNELS[0], of=f"Up({IN_CHANNELS}, {OUT_CHANNELS[0]})")


@criterion(
    points=3,
    hints=(
        "Compare height with height and width with width before you pad: which list does `pad` read first?",
        "`torch.nn.functional.pad` starts from the last dimension: (left, right, top, bottom).",
    ),
)
def pads_to_the_skip(ups):
    """Where the skip is larger, the upsampled map is padded with zeros to the skip's size."""
    out, up = next(iter(ups.items()))
    # Larger maps first, so that what an answer keeps of them would show in the smaller ones' padding.
    output_of(up, random_images(3, IN_CHANNELS, 9, 9), random_images(3, HALF, 18, 18), of=OF)
    for case in list(SKIPS)[1:]:
        trace = LayerTrace()
        try:
            record_layers(up, *_maps(SKIPS[case]), into=trace)
        except RuntimeError as error:
            if "Sizes of tensors must match" not in str(error):
                raise
            raise Mismatch(explain_sizes(trace, SKIPS["twice its size"], SKIPS[case])) from None
        _compare(up, out, SKIPS[case])


@criterion(
    points=2,
    hints=(
        "Nothing in `forward` may cut the way back from the loss to either map.",
        "Look for `detach`, `no_grad`, `.data` or numpy in `forward`.",
    ),
)
def lets_gradients_through(ups):
    """Gradients flow back into the map from below and into the skip."""
    out, up = next(iter(ups.items()))
    for case in ("twice its size", "one row larger"):
        x1, x2 = (tensor.requires_grad_() for tensor in _maps(SKIPS[case]))
        try:
            output, expected = _replay(up, out, x1, x2, training=True)
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


def _maps(size, count=3):
    return random_images(count, IN_CHANNELS, *BELOW), random_images(count, HALF, *size)


def _compare(up, out, size, count=3):
    x1, x2 = _maps(size, count)
    up.train()
    expect_plan(record_layers(up, x1, x2), up_plan(IN_CHANNELS, HALF, out), 2, of=_name(out), module=up)
    for training in (True, False):
        _replay(up, out, x1, x2, training=training)


def _name(out) -> str:
    return "`Up`" if out == OUT_CHANNELS[0] else f"`Up({IN_CHANNELS}, {out})`"


def _replay(up, out, x1, x2, *, training):
    up.train(training)
    name = _name(out)
    trace = record_layers(up, x1, x2)
    replay = Replay(trace, training=training)
    upsampled = replay.convolve([x1], name, "the transposed convolution does not get `x1`, the map from below.")
    versions = paddings(upsampled, *x2.shape[2:])
    expected = replay.double_conv(
        joined(versions, x2),
        name,
        lambda arrived: explain_join(arrived, upsampled, x2, versions, "zeros on its sides, up to the skip's size"),
    )
    if not is_close(trace.output, expected):
        raise Mismatch(f"{name}: {replay.explain_double_conv_end(trace.output)}")
    return trace.output, expected


EXERCISE = Exercise(
    number=8,
    title="Up: one step of the decoder",
    answers=("Up", "DoubleConv"),
    builds_on=(6,),
    fixtures=(ups,),
    criteria=(joins_both_maps, uses_the_skip, pads_to_the_skip, lets_gradients_through),
)
