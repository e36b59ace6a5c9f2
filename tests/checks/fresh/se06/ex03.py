"""Exercise 3: answers from the exercise text alone."""

from tests.checks.fresh import edit

BASE = """
def grayscale_stem(model):
    old = model.conv1
    new = nn.Conv2d(
        1,
        old.out_channels,
        kernel_size=old.kernel_size,
        stride=old.stride,
        padding=old.padding,
        dilation=old.dilation,
        bias=old.bias is not None,
        padding_mode=old.padding_mode,
    )
    with torch.no_grad():
        new.weight.copy_(old.weight.mean(dim=1, keepdim=True))
        if old.bias is not None:
            new.bias.copy_(old.bias)
    model.conv1 = new
    return model
"""

MEAN = "old.weight.mean(dim=1, keepdim=True)"

ANSWERS = [
    ("plain", BASE, True),
    (
        "deep-copy-and-new-parameter",
        """
def grayscale_stem(model):
    stem = copy.deepcopy(model.conv1)
    stem.in_channels = 1
    stem.weight = nn.Parameter(stem.weight.detach().mean(1, keepdim=True))
    model.conv1 = stem
    return model
""",
        True,
    ),
    (
        "settings-by-name",
        """
SAME = ("out_channels", "kernel_size", "stride", "padding", "dilation", "padding_mode")


def grayscale_stem(model: nn.Module) -> nn.Module:
    old = model.conv1
    new = nn.Conv2d(in_channels=1, bias=old.bias is not None, **{name: getattr(old, name) for name in SAME})
    state = old.state_dict()
    state["weight"] = state["weight"].sum(dim=1, keepdim=True) / 3
    new.load_state_dict(state)
    model.add_module("conv1", new)
    return model
""",
        True,
    ),
    (
        "subclass-with-class-method",
        """
class GreyConv2d(nn.Conv2d):
    \"\"\"A convolution for one channel, made from one for several.\"\"\"

    @classmethod
    def from_rgb(cls, rgb: nn.Conv2d) -> "GreyConv2d":
        grey = cls(1, rgb.out_channels, rgb.kernel_size, rgb.stride, rgb.padding, rgb.dilation,
                   bias=rgb.bias is not None, padding_mode=rgb.padding_mode)
        grey.weight.data.copy_(rgb.weight.data.mean(dim=1, keepdim=True))
        if rgb.bias is not None:
            grey.bias.data.copy_(rgb.bias.data)
        return grey


def grayscale_stem(model):
    model.conv1 = GreyConv2d.from_rgb(model.conv1)
    return model
""",
        True,
    ),
    ("einsum", edit(BASE, (MEAN, 'torch.einsum("fchw->fhw", old.weight).unsqueeze(1) / old.in_channels')), True),
    (
        "tensordot",
        edit(BASE, (MEAN, "torch.tensordot(old.weight, torch.full((3,), 1 / 3), dims=([1], [0]))[:, None]")),
        True,
    ),
    (
        "unbind-and-add",
        edit(
            BASE,
            ("    with torch.no_grad():", "    with torch.no_grad():\n        r, g, b = old.weight.unbind(1)"),
            (MEAN, "((r + g + b) / 3)[:, None]"),
        ),
        True,
    ),
    ("numpy-mean", edit(BASE, (MEAN, "torch.from_numpy(old.weight.numpy().mean(axis=1, keepdims=True))")), True),
    (
        "functional-data-assignment",
        """
def grayscale_stem(model):
    rgb = model.conv1
    grey = type(rgb)(1, rgb.out_channels, rgb.kernel_size, stride=rgb.stride, padding=rgb.padding,
                     dilation=rgb.dilation, bias=(has_bias := rgb.bias is not None), padding_mode=rgb.padding_mode,
                     device=rgb.weight.device, dtype=rgb.weight.dtype)
    grey.weight = nn.Parameter(torch.stack([f.mean(0, keepdim=True) for f in rgb.weight]).detach().clone())
    if has_bias:
        grey.bias = nn.Parameter(rgb.bias.detach().clone())
    setattr(model, "conv1", grey.train(rgb.training))
    return model
""",
        True,
    ),
    (
        "no-grad-decorator-in-place",
        """
@torch.no_grad()
def grayscale_stem(model, channels=1):
    old = model.conv1
    with_bias = old.bias is not None
    new = nn.Conv2d(channels, old.out_channels, old.kernel_size, old.stride, old.padding, old.dilation, 1, with_bias,
                    old.padding_mode)
    new.weight.zero_()
    for c in range(old.in_channels):
        new.weight += old.weight[:, c : c + 1]
    new.weight /= old.in_channels
    if with_bias:
        new.bias[:] = old.bias
    model.conv1 = new
    return model
""",
        True,
    ),
    (
        "pooling-over-the-channels",
        edit(BASE, (MEAN, "F.avg_pool3d(old.weight[:, None], (3, 1, 1))[:, 0]")),
        True,
    ),
    (
        "swapped-into-the-state-dict",
        """
def _settings(conv):
    return dict(kernel_size=conv.kernel_size, stride=conv.stride, padding=conv.padding, dilation=conv.dilation,
                padding_mode=conv.padding_mode, bias=conv.bias is not None)


def grayscale_stem(model):
    weights = {k: v.clone() for k, v in model.conv1.state_dict().items()}
    weights["weight"] = torch.mean(weights["weight"], 1, True)
    model.conv1 = nn.Conv2d(1, model.conv1.out_channels, **_settings(model.conv1))
    print(model.conv1.load_state_dict(weights))
    return model
""",
        True,
    ),
    ("sum-of-the-sheets", edit(BASE, (".mean(dim=1", ".sum(dim=1")), False),
    ("median-of-the-sheets", edit(BASE, (MEAN, "old.weight.median(dim=1, keepdim=True).values")), False),
    ("largest-sheet", edit(BASE, (MEAN, "old.weight.amax(dim=1, keepdim=True)")), False),
    ("red-only", edit(BASE, (MEAN, "old.weight[:, :1]")), False),
    ("green-only", edit(BASE, (MEAN, "old.weight[:, 1:2]")), False),
    ("two-of-three", edit(BASE, (MEAN, "old.weight[:, :2].mean(dim=1, keepdim=True)")), False),
    (
        "luminance",
        edit(BASE, (MEAN, "(old.weight * torch.tensor([0.299, 0.587, 0.114])[:, None, None]).sum(1, True)")),
        False,
    ),
    ("mean-over-filters", edit(BASE, (MEAN, "old.weight.mean(dim=0, keepdim=True)[:, :1]")), False),
    ("mean-over-space", edit(BASE, (MEAN, "old.weight.mean(dim=(1, 2, 3), keepdim=True)")), False),
    (
        "reshape-mixes-the-filters",
        edit(BASE, (MEAN, "old.weight.reshape(3, old.out_channels, 1, *old.kernel_size).mean(dim=0)")),
        False,
    ),
    ("length-kept", edit(BASE, (MEAN, "old.weight.sum(dim=1, keepdim=True) / 3**0.5")), False),
    ("rounded", edit(BASE, (MEAN, "old.weight.mean(dim=1, keepdim=True).mul(100).round().div(100)")), False),
    (
        "no-keepdim",
        edit(
            BASE,
            (
                "new.weight.copy_(old.weight.mean(dim=1, keepdim=True))",
                "new.weight = nn.Parameter(old.weight.mean(dim=1))",
            ),
        ),
        False,
    ),
    ("flipped-kernels", edit(BASE, (MEAN, "old.weight.mean(dim=1, keepdim=True).flip(-1)")), False),
    ("transposed-kernels", edit(BASE, (MEAN, "old.weight.mean(dim=1, keepdim=True).transpose(2, 3)")), False),
    ("random-weights", edit(BASE, ("        new.weight.copy_(old.weight.mean(dim=1, keepdim=True))\n", "")), False),
    (
        "hard-coded-resnet18",
        """
def grayscale_stem(model):
    weight = model.conv1.weight.mean(dim=1, keepdim=True)
    model.conv1 = nn.Conv2d(1, 64, kernel_size=7, stride=2, padding=3, bias=False)
    model.conv1.weight = nn.Parameter(weight.detach())
    return model
""",
        False,
    ),
    (
        "weights-of-a-fresh-resnet18",
        """
def grayscale_stem(model):
    old = resnet18(weights=ResNet18_Weights.DEFAULT).conv1
    model.conv1 = nn.Conv2d(1, 64, 7, 2, 3, bias=False)
    with torch.no_grad():
        model.conv1.weight.copy_(old.weight.mean(1, keepdim=True))
    return model
""",
        False,
    ),
    ("stride-forgotten", edit(BASE, ("        stride=old.stride,\n", "")), False),
    ("stride-always-two", edit(BASE, ("stride=old.stride", "stride=2")), False),
    ("padding-forgotten", edit(BASE, ("        padding=old.padding,\n", "")), False),
    (
        "padding-half-the-kernel",
        edit(BASE, ("padding=old.padding", "padding=tuple(k // 2 for k in old.kernel_size)")),
        False,
    ),
    ("dilation-forgotten", edit(BASE, ("        dilation=old.dilation,\n", "")), False),
    ("stride-of-the-height-for-both", edit(BASE, ("stride=old.stride", "stride=old.stride[0]")), False),
    ("padding-of-the-height-for-both", edit(BASE, ("padding=old.padding,", "padding=old.padding[0],")), False),
    ("square-kernels-only", edit(BASE, ("kernel_size=old.kernel_size", "kernel_size=old.kernel_size[0]")), False),
    ("dilation-of-the-width-for-both", edit(BASE, ("dilation=old.dilation", "dilation=old.dilation[1]")), False),
    (
        "stride-and-dilation-swapped",
        edit(
            BASE,
            ("stride=old.stride", "stride=old.dilatio_"),
            ("dilation=old.dilation", "dilation=old.stride"),
            ("dilatio_", "dilation"),
        ),
        False,
    ),
    (
        "bias-never",
        edit(
            BASE,
            ("bias=old.bias is not None", "bias=False"),
            ("        if old.bias is not None:\n            new.bias.copy_(old.bias)\n", ""),
        ),
        False,
    ),
    (
        "bias-always",
        edit(
            BASE,
            ("        bias=old.bias is not None,\n", ""),
            (
                "            new.bias.copy_(old.bias)\n",
                "            new.bias.copy_(old.bias)\n        else:\n            new.bias.zero_()\n",
            ),
        ),
        False,
    ),
    (
        "bias-not-copied",
        edit(BASE, ("        if old.bias is not None:\n            new.bias.copy_(old.bias)\n", "")),
        False,
    ),
    ("bias-a-third", edit(BASE, ("new.bias.copy_(old.bias)", "new.bias.copy_(old.bias / 3)")), False),
    ("bias-zero", edit(BASE, ("new.bias.copy_(old.bias)", "new.bias.zero_()")), False),
    ("bias-asked-as-truth", edit(BASE, ("bias=old.bias is not None", "bias=old.bias")), False),
    (
        "old-layer-changed-in-place",
        """
def grayscale_stem(model):
    model.conv1.in_channels = 1
    model.conv1.weight = nn.Parameter(model.conv1.weight.data.mean(1, keepdim=True))
    return model
""",
        False,
    ),
    (
        "old-layer-averaged-too",
        edit(BASE, ("    model.conv1 = new", "    old.weight.data[:] = new.weight.data\n    model.conv1 = new")),
        False,
    ),
    ("old-layer-divided-in-place", edit(BASE, (MEAN, "old.weight.div_(3).sum(dim=1, keepdim=True)")), False),
    ("works-on-a-copy", edit(BASE, ("    old =", "    model = copy.deepcopy(model)\n    old =")), False),
    ("returns-nothing", edit(BASE, ("    return model\n", "")), False),
    ("returns-the-layer", edit(BASE, ("return model", "return new")), False),
    ("never-put-in", edit(BASE, ("    model.conv1 = new\n", "")), False),
    (
        "shows-the-image-three-times",
        """
class Grey(nn.Module):
    def __init__(self, conv):
        super().__init__()
        self.conv = conv

    def forward(self, x):
        return self.conv(x.expand(-1, 3, -1, -1)) / 3


def grayscale_stem(model):
    model.conv1 = Grey(model.conv1)
    return model
""",
        False,
    ),
    ("still-three-channels", edit(BASE, ("        1,\n", "        3,\n")), False),
    (
        "frozen-stem",
        edit(BASE, ("    model.conv1 = new", "    new.requires_grad_(False)\n    model.conv1 = new")),
        False,
    ),
    (
        "inherits-frozenness",
        edit(
            BASE,
            ("    model.conv1 = new", "    new.weight.requires_grad = old.weight.requires_grad\n    model.conv1 = new"),
        ),
        False,
    ),
    (
        "weight-is-no-parameter",
        edit(
            BASE,
            (
                "    model.conv1 = new",
                "    weight = new.weight.detach()\n    del new.weight\n    new.register_buffer('weight', weight)\n"
                "    model.conv1 = new",
            ),
        ),
        False,
    ),
    ("copy-without-no-grad", edit(BASE, ("    with torch.no_grad():", "    if True:")), False),
    (
        "resets-the-batch-norm",
        edit(BASE, ("    return model", "    model.bn1.reset_running_stats()\n    return model")),
        False,
    ),
    (
        "corrects-the-batch-norm",
        edit(
            BASE,
            ("    return model", "    model.bn1.running_mean /= 3\n    model.bn1.running_var /= 9\n    return model"),
        ),
        False,
    ),
    (
        "unfreezes-everything",
        edit(BASE, ("    return model", "    model.requires_grad_(True)\n    return model")),
        False,
    ),
    (
        "freezes-the-rest",
        edit(BASE, ("    model.conv1 = new", "    model.requires_grad_(False)\n    model.conv1 = new")),
        False,
    ),
    (
        "one-layer-for-everybody",
        """
STEMS = {}


def grayscale_stem(model):
    old = model.conv1
    key = (old.out_channels, old.kernel_size, old.stride, old.padding, old.dilation, old.bias is None)
    if key not in STEMS:
        new = copy.deepcopy(old)
        new.in_channels, new.weight = 1, nn.Parameter(old.weight.detach().mean(1, keepdim=True))
        STEMS[key] = new
    model.conv1 = STEMS[key]
    return model
""",
        False,
    ),
    ("always-64-filters", edit(BASE, ("old.out_channels", "64")), False),
    (
        "parameter-of-the-mean",
        edit(
            BASE,
            (
                "    with torch.no_grad():\n        new.weight.copy_(old.weight.mean(dim=1, keepdim=True))\n",
                "    new.weight = nn.Parameter(old.weight.mean(dim=1, keepdim=True))\n    with torch.no_grad():\n",
            ),
        ),
        True,
    ),
    (
        "data-assigned",
        edit(
            BASE,
            (
                "new.weight.copy_(old.weight.mean(dim=1, keepdim=True))",
                "new.weight.data = old.weight.data.mean(dim=1, keepdim=True)",
            ),
        ),
        True,
    ),
    (
        "empty-layer-and-assigned-state",
        """
def grayscale_stem(model):
    old = model.conv1
    state = {"weight": old.weight.detach().mean(1, keepdim=True)}
    if old.bias is not None:
        state["bias"] = old.bias.detach().clone()
    new = nn.utils.skip_init(nn.Conv2d, 1, old.out_channels, old.kernel_size, old.stride, old.padding, old.dilation,
                             bias="bias" in state, padding_mode=old.padding_mode)
    new.load_state_dict(state, assign=True)
    new.requires_grad_(True)
    model._modules["conv1"] = new
    return model
""",
        True,
    ),
    (
        "shallow-copy",
        """
def grayscale_stem(model):
    new = copy.copy(model.conv1)
    new.in_channels = 1
    new.weight = nn.Parameter(new.weight.detach().mean(1, keepdim=True))
    model.conv1 = new
    return model
""",
        False,
    ),
    (
        "built-in-inference-mode",
        edit(BASE, ("\ndef grayscale_stem", "\n@torch.inference_mode()\ndef grayscale_stem")),
        False,
    ),
    (
        "gradients-off-for-good",
        edit(BASE, ("    with torch.no_grad():\n", "    torch.set_grad_enabled(False)\n    if True:\n")),
        False,
    ),
    ("bias-the-wrong-way-round", edit(BASE, ("bias=old.bias is not None", "bias=old.bias is None")), False),
    ("kernel-sides-swapped", edit(BASE, ("kernel_size=old.kernel_size", "kernel_size=old.kernel_size[::-1]")), False),
    ("mean-of-absolute-values", edit(BASE, (MEAN, "old.weight.abs().mean(dim=1, keepdim=True)")), False),
    ("mean-times-two", edit(BASE, (MEAN, "2 * old.weight.mean(dim=1, keepdim=True)")), False),
    ("first-filter-for-all", edit(BASE, (MEAN, "old.weight[:1].mean(dim=1, keepdim=True)")), False),
    (
        "mean-of-two-neighbouring-filters",
        edit(BASE, (MEAN, "old.weight.roll(1, dims=0).mean(dim=1, keepdim=True)")),
        False,
    ),
]
