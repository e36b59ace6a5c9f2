"""Exercise 3: answers from the exercise text, by a second reader."""

from tests.checks.fresh import edit

COPY = """
def grayscale_stem(model):
    new = copy.deepcopy(model.conv1)
    new.in_channels = 1
    new.weight = nn.Parameter(model.conv1.weight.detach().mean(dim=1, keepdim=True))
    new.requires_grad_(True)
    model.conv1 = new
    return model
"""

VERBOSE = '''
import logging
from typing import Any

log = logging.getLogger("stem")
log.addHandler(logging.NullHandler())


def _settings(layer: nn.Conv2d) -> dict[str, Any]:
    """Collect what the new layer has to share with the old one."""
    return {
        "out_channels": layer.out_channels,
        "kernel_size": layer.kernel_size,
        "stride": layer.stride,
        "padding": layer.padding,
        "dilation": layer.dilation,
        "padding_mode": layer.padding_mode,
        "bias": layer.bias is not None,
        "device": layer.weight.device,
        "dtype": layer.weight.dtype,
    }


def _grey_weights(layer: nn.Conv2d) -> torch.Tensor:
    """Average the colour sheets of every filter; the channel axis is kept with length one."""
    colours = layer.weight.detach()
    filters, channels, height, width = colours.shape
    assert channels == 3, f"expected three colour channels, found {channels}"
    grey = torch.zeros(filters, 1, height, width, dtype=colours.dtype, device=colours.device)
    for channel in range(channels):
        grey += colours[:, channel : channel + 1]
    return grey / channels


def grayscale_stem(model: nn.Module) -> nn.Module:
    """Replace the first convolution by one that reads a single grey channel.

    Args:
        model: a ResNet; changed in place.

    Returns:
        The same model.
    """
    old: nn.Conv2d = model.conv1
    new = nn.Conv2d(1, **_settings(old))
    with torch.no_grad():
        new.weight.copy_(_grey_weights(old))
        if old.bias is not None:
            assert new.bias is not None
            new.bias.copy_(old.bias)
    new.train(old.training)
    log.debug("stem replaced: %s -> %s", old, new)
    model.conv1 = new
    return model
'''

SUBCLASS = '''
class GreyConv2d(nn.Conv2d):
    """A convolution for one channel that can be made from one for colours."""

    SHARED = ("kernel_size", "stride", "padding", "dilation", "padding_mode")

    @classmethod
    def from_colour(cls, colour: nn.Conv2d) -> "GreyConv2d":
        """Make the grey layer; the colour layer is left alone."""
        options = {name: getattr(colour, name) for name in cls.SHARED}
        grey = cls(1, colour.out_channels, bias=colour.bias is not None, **options).to(colour.weight)
        grey.load_state_dict(cls.converted(colour.state_dict()))
        return grey

    @staticmethod
    def converted(state: dict) -> dict:
        """Turn a colour layer's state into a grey one's."""
        return {name: value.mean(1, keepdim=True) if name == "weight" else value for name, value in state.items()}

    def extra_repr(self) -> str:
        return super().extra_repr() + ", grey"


def grayscale_stem(model):
    """Swap the stem."""
    grey = GreyConv2d.from_colour(model.conv1)
    assert grey.weight.requires_grad and grey.weight.is_leaf
    model.conv1 = grey
    return model
'''

EINSUM = """
from operator import attrgetter


@torch.no_grad()
def grayscale_stem(model):
    old = model.conv1
    out, size, stride, pad, dil, mode = attrgetter(
        "out_channels", "kernel_size", "stride", "padding", "dilation", "padding_mode"
    )(old)
    new = nn.Conv2d(1, out, size, stride, pad, dil, bias=old.bias is not None, padding_mode=mode)
    new.weight.copy_(torch.einsum("fchw->fhw", old.weight)[:, None] / old.in_channels)
    if old.bias is not None:
        new.bias.copy_(old.bias)
    model._modules["conv1"] = new
    return model
"""

SIGNATURE = """
import inspect


def grayscale_stem(model):
    old = model.conv1
    known = {k: getattr(old, k) for k in inspect.signature(nn.Conv2d).parameters if hasattr(old, k)}
    new = nn.Conv2d(**{**known, "in_channels": 1, "bias": old.bias is not None})
    new = new.to(old.weight.device, old.weight.dtype)
    new.weight.data = old.weight.data.sum(1, keepdim=True).div(3)
    if old.bias is not None:
        new.bias.data = old.bias.data.clone()
    setattr(model, "conv1", new)
    return model
"""

PLAIN = """
def grayscale_stem(model):
    old = model.conv1
    new = nn.Conv2d(1, old.out_channels, old.kernel_size, old.stride, old.padding, old.dilation,
                    bias=old.bias is not None, padding_mode=old.padding_mode)
    with torch.no_grad():
        new.weight.copy_(old.weight.mean(1, keepdim=True))
        if old.bias is not None:
            new.bias.copy_(old.bias)
    model.conv1 = new
    return model
"""

ANSWERS = [
    ("deep-copy-with-new-weights", COPY, True),
    ("verbose-settings-and-a-loop-over-colours", VERBOSE, True),
    ("convolution-subclass-from-colour", SUBCLASS, True),
    ("einsum-and-attrgetter", EINSUM, True),
    ("constructor-signature-inspected", SIGNATURE, True),
    (
        "skip-init-and-new-parameters",
        """
def grayscale_stem(model):
    old = model.get_submodule("conv1")
    new = nn.utils.skip_init(nn.Conv2d, 1, old.out_channels, old.kernel_size, stride=old.stride, padding=old.padding,
                             dilation=old.dilation, bias=False, padding_mode=old.padding_mode)
    r, g, b = old.weight.detach().unbind(1)
    new.weight = nn.Parameter(((r + g + b) / 3).unsqueeze(1))
    new.bias = None if old.bias is None else nn.Parameter(old.bias.detach().clone())
    model.register_module("conv1", new)
    return model
""",
        True,
    ),
    (
        "pooled-over-the-channels",
        """
grayscale_stem = lambda model: (
    setattr(model, "conv1", _grey(model.conv1)) or model
)


def _grey(old):
    weight = F.avg_pool3d(old.weight.detach()[:, None], (old.in_channels, 1, 1))[:, 0]
    new = nn.Conv2d(1, len(weight), weight.shape[2:], old.stride, old.padding, old.dilation, 1, old.bias is not None, old.padding_mode)
    state = {"weight": weight} | ({} if old.bias is None else {"bias": old.bias})
    new.load_state_dict(state)
    return new
""",
        True,
    ),
    (
        "through-numpy",
        """
def grayscale_stem(model):
    old = model.conv1
    kernel = np.asarray(old.weight.detach().cpu()).mean(axis=1, keepdims=True)
    new = nn.Conv2d(1, kernel.shape[0], kernel.shape[-2:], bias=old.bias is not None)
    for name in ("stride", "padding", "dilation", "padding_mode", "_reversed_padding_repeated_twice"):
        setattr(new, name, getattr(old, name))
    new.weight = nn.Parameter(torch.from_numpy(kernel).to(old.weight))
    if new.bias is not None:
        new.bias.data.copy_(old.bias.data)
    model.conv1 = new
    return model
""",
        True,
    ),
    (
        "verified-by-a-third-of-the-response",
        '''
class StemError(RuntimeError):
    """The new stem does not do what it should."""


def _third(old: nn.Conv2d, new: nn.Conv2d) -> bool:
    """Compare the two layers' linear parts on an impulse; nothing random is consumed."""
    height, width = (d * (k - 1) + 1 for d, k in zip(old.dilation, old.kernel_size))
    impulse = torch.zeros(1, 1, 2 * height + 1, 2 * width + 1, dtype=old.weight.dtype, device=old.weight.device)
    impulse[..., height, width] = 1
    with torch.no_grad():
        options = {"stride": 1, "padding": 0, "dilation": old.dilation}
        before = F.conv2d(impulse.expand(-1, 3, -1, -1), old.weight, **options)
        after = F.conv2d(impulse, new.weight, **options)
    return torch.allclose(before / 3, after, atol=1e-5)


def grayscale_stem(model):
    """Replace the colour stem by a grey one and prove that it answers with a third of the strength."""
    old = model.conv1
    new = type(old).__new__(type(old))
    nn.Conv2d.__init__(
        new,
        in_channels=1,
        out_channels=old.out_channels,
        kernel_size=old.kernel_size,
        stride=old.stride,
        padding=old.padding,
        dilation=old.dilation,
        bias=old.bias is not None,
        padding_mode=old.padding_mode,
        device=old.weight.device,
        dtype=old.weight.dtype,
    )
    with torch.no_grad():
        torch.mean(old.weight, dim=1, keepdim=True, out=new.weight.data)
        for name, parameter in old.named_parameters(recurse=False):
            if name != "weight":
                getattr(new, name).copy_(parameter)
    if not _third(old, new):
        raise StemError("the new stem's response is not a third of the old one's")
    model.conv1 = new
    return model
''',
        True,
    ),
    (
        "matmul-with-thirds",
        """
def grayscale_stem(model):
    old, model.conv1 = model.conv1, None
    thirds = torch.full((3,), 1 / 3).to(old.weight)
    new = nn.Conv2d(1, old.out_channels, old.kernel_size, old.stride, old.padding, old.dilation,
                    bias=(has := old.bias is not None), padding_mode=old.padding_mode).to(old.weight)
    nn.init.zeros_(new.weight)
    with torch.no_grad():
        new.weight.add_((old.weight.movedim(1, -1) @ thirds)[:, None])
        has and new.bias.copy_(old.bias)
    model.conv1 = new
    return model
""",
        True,
    ),
    # wrong
    ("shallow-copy-shares-its-dictionary", edit(COPY, ("copy.deepcopy", "copy.copy")), False),
    (
        "view-of-the-red-weights-overwritten",
        edit(
            PLAIN,
            (
                "        new.weight.copy_(old.weight.mean(1, keepdim=True))",
                "        new.weight = nn.Parameter(old.weight[:, :1])\n        new.weight.copy_(old.weight.mean(1, keepdim=True))",
            ),
        ),
        False,
    ),
    (
        "old-weights-divided-in-place",
        edit(
            SIGNATURE, ("old.weight.data.sum(1, keepdim=True).div(3)", "old.weight.data.div_(3).sum(1, keepdim=True)")
        ),
        False,
    ),
    (
        "frozen-as-the-old-one-was",
        edit(
            COPY,
            ("mean(dim=1, keepdim=True))", "mean(dim=1, keepdim=True), model.conv1.weight.requires_grad)"),
            ("    new.requires_grad_(True)\n", ""),
        ),
        False,
    ),
    (
        "data-of-a-copy-replaced",
        edit(
            COPY,
            (
                "    new.weight = nn.Parameter(model.conv1.weight.detach().mean(dim=1, keepdim=True))\n    new.requires_grad_(True)",
                "    new.weight.data = new.weight.data.mean(1, keepdim=True)",
            ),
        ),
        False,
    ),
    (
        "square-kernels-only",
        edit(
            VERBOSE,
            ('"kernel_size": layer.kernel_size', '"kernel_size": layer.kernel_size[0]'),
            ("grey = torch.zeros(filters, 1, height, width,", "grey = torch.zeros(filters, 1, height, height,"),
            ("colours[:, channel : channel + 1]", "colours[:, channel : channel + 1, :, :height]"),
        ),
        False,
    ),
    ("stride-alike-in-both-directions", edit(VERBOSE, ('"stride": layer.stride', '"stride": layer.stride[0]')), False),
    (
        "padding-computed-from-the-kernel",
        edit(VERBOSE, ('"padding": layer.padding,', '"padding": tuple(k // 2 for k in layer.kernel_size),')),
        False,
    ),
    ("dilation-lost-in-a-subclass", edit(SUBCLASS, ('"dilation", ', "")), False),
    (
        "bias-left-to-chance",
        edit(EINSUM, ("    if old.bias is not None:\n        new.bias.copy_(old.bias)\n", "")),
        False,
    ),
    (
        "bias-divided-like-the-weights",
        edit(
            SUBCLASS,
            (
                'value.mean(1, keepdim=True) if name == "weight" else value for',
                'value.mean(1, keepdim=True) if name == "weight" else value / 3 for',
            ),
        ),
        False,
    ),
    (
        "rounded-to-half-precision",
        edit(
            EINSUM,
            (
                'torch.einsum("fchw->fhw", old.weight)[:, None] / old.in_channels',
                '(torch.einsum("fchw->fhw", old.weight)[:, None] / old.in_channels).half().float()',
            ),
        ),
        False,
    ),
    ("kernels-transposed", edit(EINSUM, ('"fchw->fhw"', '"fchw->fwh"')), False),
    (
        "luminance-weights",
        edit(
            PLAIN,
            (
                "old.weight.mean(1, keepdim=True)",
                "(old.weight * torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)).sum(1, keepdim=True)",
            ),
        ),
        False,
    ),
    (
        "median-of-the-colours",
        edit(SUBCLASS, ("value.mean(1, keepdim=True)", "value.median(1, keepdim=True).values")),
        False,
    ),
    (
        "filters-averaged-instead-of-channels",
        edit(
            PLAIN, ("old.weight.mean(1, keepdim=True)", "old.weight.mean((0, 1), keepdim=True).expand_as(new.weight)")
        ),
        False,
    ),
    (
        "statistics-of-the-norm-reset",
        edit(VERBOSE, ("    model.conv1 = new\n", "    model.conv1 = new\n    model.bn1.reset_running_stats()\n")),
        False,
    ),
    (
        "norm-made-to-fit-the-volume",
        edit(
            PLAIN,
            (
                "    model.conv1 = new\n",
                "    model.conv1 = new\n    model.bn1.running_mean = model.bn1.running_mean / 3\n    model.bn1.running_var = model.bn1.running_var / 9\n",
            ),
        ),
        False,
    ),
    ("model-in-evaluation-mode", edit(EINSUM, ("    old = model.conv1\n", "    old = model.eval().conv1\n")), False),
    (
        "everything-can-be-trained-afterwards",
        edit(PLAIN, ("    return model", "    return model.requires_grad_(True)")),
        False,
    ),
    (
        "layers-cached-by-shape",
        edit(
            PLAIN,
            ("def grayscale_stem(model):", "_made = {}\n\n\ndef grayscale_stem(model):"),
            ("    model.conv1 = new\n", "    model.conv1 = _made.setdefault(repr(old), new)\n"),
        ),
        False,
    ),
    (
        "weights-as-a-buffer",
        edit(
            PLAIN,
            (
                "    model.conv1 = new\n",
                "    mean = new.weight.detach().clone()\n    del new.weight\n    new.register_buffer('weight', mean)\n    model.conv1 = new\n",
            ),
        ),
        False,
    ),
    (
        "image-repeated-before-the-old-layer",
        """
class Repeat(nn.Conv2d):
    def forward(self, x):
        return super().forward(x.expand(-1, 3, -1, -1) / 3)


def grayscale_stem(model):
    new = copy.deepcopy(model.conv1)
    new.__class__ = Repeat
    model.conv1 = new
    return model
""",
        False,
    ),
    (
        "mean-taken-anew-in-every-forward",
        """
class Grey(nn.Conv2d):
    def __init__(self, old):
        super().__init__(1, old.out_channels, old.kernel_size, old.stride, old.padding, old.dilation, bias=old.bias is not None)
        self.colours = [old]
        if old.bias is not None:
            self.bias.data.copy_(old.bias.data)

    def forward(self, x):
        self.weight.data.copy_(self.colours[0].weight.data.mean(1, keepdim=True))
        return super().forward(x)


def grayscale_stem(model):
    model.conv1 = Grey(model.conv1)
    return model
""",
        False,
    ),
    (
        "callable-instance-with-options",
        """
class Greyer:
    def __init__(self, reduce=torch.Tensor.mean):
        self.reduce = reduce

    @torch.no_grad()
    def __call__(self, model):
        old = model.conv1
        new = nn.Conv2d(1, *(getattr(old, a) for a in ("out_channels", "kernel_size", "stride", "padding", "dilation")),
                        bias=old.bias is not None, padding_mode=old.padding_mode, dtype=old.weight.dtype)
        for mine, its in zip(new.parameters(), old.parameters()):
            mine.copy_(self.reduce(its, 1, keepdim=True) if its.ndim == 4 else its)
        model.conv1 = new
        return model


grayscale_stem = Greyer()
""",
        True,
    ),
    (
        "saved-and-loaded-into-a-new-layer",
        """
import io


def grayscale_stem(model):
    buffer = io.BytesIO()
    torch.save(model.conv1.state_dict(), buffer)
    buffer.seek(0)
    state = torch.load(buffer, weights_only=True)
    state["weight"] = torch.stack(state["weight"].chunk(3, dim=1)).mean(0)
    old = model.conv1
    new = nn.Conv2d(1, old.out_channels, old.kernel_size, stride=old.stride, padding=old.padding,
                    dilation=old.dilation, bias="bias" in state, padding_mode=old.padding_mode)
    print(new.load_state_dict(state))
    model.conv1 = new.to(state["weight"].dtype)
    return model
""",
        True,
    ),
]
