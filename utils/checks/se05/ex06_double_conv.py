"""Exercise 6: the double convolution block."""

import contextlib

import torch

from utils.checks.gradients import expect_same_gradient
from utils.checks.modules import build, expect_separate, output_of, random_images, randomise
from utils.checks.plans import double_conv_plan, expect_plan
from utils.checks.replay import Replay, is_close
from utils.checks.tracing import record_layers
from utils.core.exercise import Exercise, criterion
from utils.core.expect import Mismatch, expect, expect_shape

WIDTHS = ((3, 8), (6, 6))
"""Channels in and out; equal ones too, where a block may share its convolutions or add its input to its output."""
FAR = 100  # times the values that come out else: there an activation with an upper end differs from ReLU
HEIGHT, WIDTH = 17, 23  # odd and unequal, so that a swapped or cropped axis shows
OF = "the block's output"


def blocks(DoubleConv):
    """Build a block of each width and give its layers telling parameters."""
    modules = {widths: build(DoubleConv, *widths, of=_call(widths)) for widths in WIDTHS}
    for (channels_in, _), module in modules.items():
        randomise(record_layers(module, random_images(2, channels_in, HEIGHT, WIDTH)))
    return modules


@criterion(
    points=2,
    hints=(
        "Follow one image through `forward`: which step changes its height or width?",
        "A 3x3 convolution loses one pixel on each side unless it is padded by one.",
    ),
)
def keeps_height_and_width(DoubleConv):
    """The output has `out_channels` channels and the height and width of the input."""
    for channels_in, channels_out in (WIDTHS[0], (6, 2)):
        module = build(DoubleConv, channels_in, channels_out, of=_call((channels_in, channels_out)))
        output = output_of(module, random_images(2, channels_in, HEIGHT, WIDTH), of=OF)
        expect_shape(output, (2, channels_out, HEIGHT, WIDTH), OF, _cause(tuple(output.shape), channels_out))


@criterion(
    points=2,
    hints=(
        "The block has two rounds, and each has a convolution and a batch norm of its own.",
        "The first convolution goes from `in_channels` to `out_channels`, the second stays at `out_channels`.",
    ),
)
def computes_two_rounds(DoubleConv, blocks):
    """There are two 3x3 convolutions and two batch norms, and all of them are used and can be trained."""
    for widths, block in blocks.items():
        trace = record_layers(block, random_images(2, widths[0], HEIGHT, WIDTH))
        expect_plan(trace, double_conv_plan(*widths), 2, of=_name(widths), module=block)
    expect_separate(DoubleConv, *WIDTHS[0], of=_call(WIDTHS[0]))


@criterion(
    points=3,
    hints=(
        "Write down the six steps in the order in which `forward` takes them and compare with the text.",
        "Each round is convolution, then batch norm, then ReLU; the second round starts from the first one's result.",
    ),
)
def follows_the_order(blocks):
    """Each round is convolution, batch norm, ReLU, in this order."""
    for widths, block in blocks.items():
        images = random_images(3, widths[0], HEIGHT, WIDTH).requires_grad_()
        trace = record_layers(block, images)
        expected = _replay(trace, images, _name(widths), training=True)
        expect_same_gradient(trace.output, expected, images, of=OF)
        single = random_images(1, widths[0], HEIGHT, WIDTH)
        _replay(record_layers(block, single), single, f"{_name(widths)}, given a single image", training=True)
        with _large_values(trace):
            _replay(record_layers(block, images), images, f"{_name(widths)}, where values are large", training=True)


@criterion(
    points=1,
    hints=(
        "In evaluation mode a batch norm uses the running statistics it has gathered.",
        "A batch norm that is a module and an attribute of the block follows `train()` and `eval()` by itself.",
    ),
)
def follows_evaluation_mode(blocks):
    """In evaluation mode the block computes the same steps with running statistics."""
    for widths, block in blocks.items():
        batches = [random_images(2, widths[0], HEIGHT, WIDTH) for _ in range(2)]
        _expect_moving_statistics(block, batches, _name(widths))
        block.eval()
        try:
            for images, name in zip(batches, (_name(widths), f"{_name(widths)}, called again"), strict=True):
                _replay(record_layers(block, images), images, name, training=False)
        finally:
            block.train()


def _call(widths) -> str:
    return f"DoubleConv({widths[0]}, {widths[1]})"


def _name(widths) -> str:
    """Name a block for messages; which widths it has matters only where others are right."""
    return "The block" if widths == WIDTHS[0] else f"`{_call(widths)}`"


@contextlib.contextmanager
def _large_values(trace):
    """Let the recorded batch norms put out larger values while the block runs."""
    weights = [norm.weight for norm in trace.norms if norm.weight is not None]
    with torch.no_grad():
        for weight in weights:
            weight.mul_(FAR)
    try:
        yield
    finally:
        with torch.no_grad():
            for weight in weights:
                weight.div_(FAR)


def _expect_moving_statistics(block, batches, name) -> None:
    """Fail unless each batch norm gathers statistics while it trains."""
    before, after = (_means_after(block, images) for images in batches)
    expect(
        all(mean is not None for mean in after),
        f"{name}: a batch norm gathers no running statistics, so that in evaluation mode what comes out for an image depends "
        "on the images beside it.",
    )
    still = sum(torch.equal(*means) for means in zip(before, after, strict=True))
    expect(
        not still,
        f"{name}: {still} of {len(after)} batch norms do not move their running statistics in training mode. With a "
        "`momentum` of 0 they stay at their first values.",
    )


def _means_after(block, images):
    """Return copies of a block's running means as one training step leaves them."""
    means = [norm.running_mean for norm in record_layers(block, images).norms]
    return [None if mean is None else mean.clone() for mean in means]


def _cause(seen, channels) -> str:
    """Guess what changed the shape."""
    if len(seen) != 4:
        return ""
    if seen[1] != channels:
        return f"`out_channels` is {channels} here; is a number written into a layer?"
    if seen[2] in (HEIGHT // 2, (HEIGHT + 1) // 2):
        return "Height and width are halved: a stride or a pooling step does that."
    if seen[2] < HEIGHT or seen[3] < WIDTH:
        return "A 3x3 convolution without padding loses one pixel on each side."
    return "There is more padding than a 3x3 convolution takes away." if seen[2] > HEIGHT else ""


def _replay(trace, images, name, *, training):
    replay = Replay(trace, training=training)
    expected = replay.double_conv([images], name, _problem(trace))
    if not is_close(trace.output, expected):
        raise Mismatch(f"{name}: {replay.explain_double_conv_end(trace.output)}")
    return expected


def _problem(trace) -> str:
    steps = ", then ".join(trace.before)
    found = f" Before it comes {steps}." if steps else ""
    return f"its first convolution does not get the block's input as it is.{found}"


EXERCISE = Exercise(
    number=6,
    title="Double convolution",
    answers=("DoubleConv",),
    fixtures=(blocks,),
    criteria=(keeps_height_and_width, computes_two_rounds, follows_the_order, follows_evaluation_mode),
)
