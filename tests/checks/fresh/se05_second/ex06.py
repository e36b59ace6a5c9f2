"""Exercise 6: answers from the exercise text, by a second reader."""

from tests.checks.fresh import edit

IMPORTS = """
import torch.nn.functional as F
from torch import nn

"""
PLAIN = (
    IMPORTS
    + """
class DoubleConv(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.c1 = nn.Conv2d(in_channels, out_channels, 3, padding=1)
        self.n1 = nn.BatchNorm2d(out_channels)
        self.c2 = nn.Conv2d(out_channels, out_channels, 3, padding=1)
        self.n2 = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        x = F.relu(self.n1(self.c1(x)))
        x = F.relu(self.n2(self.c2(x)))
        return x
"""
)
CHAIN = (
    IMPORTS
    + """
class DoubleConv(nn.Sequential):
    def __init__(self, in_channels, out_channels):
        super().__init__(
            nn.Conv2d(in_channels, out_channels, 3, 1, 1),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(inplace=True),
            nn.Conv2d(out_channels, out_channels, 3, 1, 1),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(inplace=True),
        )
"""
)
OWN_NORM = (
    IMPORTS
    + """
class Norm(nn.Module):
    def __init__(self, channels, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.gamma = nn.Parameter(torch.ones(channels))
        self.beta = nn.Parameter(torch.zeros(channels))
        self.register_buffer("moving_mean", torch.zeros(channels))
        self.register_buffer("moving_var", torch.ones(channels))

    def forward(self, x):
        if self.training:
            mean = x.mean((0, 2, 3))
            var = x.var((0, 2, 3), unbiased=False)
            count = x.numel() / x.size(1)
            with torch.no_grad():
                self.moving_mean.lerp_(mean, self.momentum)
                self.moving_var.lerp_(var * count / (count - 1), self.momentum)
        else:
            mean, var = self.moving_mean, self.moving_var
        x = (x - mean[:, None, None]) / (var[:, None, None] + self.eps).sqrt()
        return self.gamma[:, None, None] * x + self.beta[:, None, None]


class DoubleConv(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.a = nn.Conv2d(in_channels, out_channels, (3, 3), padding=(1, 1), bias=False)
        self.b = nn.Conv2d(out_channels, out_channels, (3, 3), padding=(1, 1), bias=False)
        self.na, self.nb = Norm(out_channels), Norm(out_channels)

    def forward(self, x):
        return self.nb(self.b(self.na(self.a(x)).relu())).relu()
"""
)
RAW = (
    IMPORTS
    + """
class DoubleConv(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        for i, width in enumerate((in_channels, out_channels)):
            weight = nn.Parameter(torch.empty(out_channels, width, 3, 3))
            nn.init.kaiming_normal_(weight, nonlinearity="relu")
            self.register_parameter(f"weight{i}", weight)
            self.register_parameter(f"scale{i}", nn.Parameter(torch.ones(out_channels)))
            self.register_parameter(f"shift{i}", nn.Parameter(torch.zeros(out_channels)))
            self.register_buffer(f"mean{i}", torch.zeros(out_channels))
            self.register_buffer(f"var{i}", torch.ones(out_channels))

    def forward(self, x):
        for i in range(2):
            weight, scale, shift, mean, var = (
                getattr(self, f"{name}{i}") for name in ("weight", "scale", "shift", "mean", "var")
            )
            x = F.conv2d(x, weight, padding=1)
            x = F.batch_norm(x, mean, var, scale, shift, training=self.training)
            x = F.threshold(x, 0.0, 0.0)
        return x
"""
)

ANSWERS = [
    ("plain-functional", PLAIN, True),
    ("sequential-subclass", CHAIN, True),
    ("batch-norm-written-by-hand", OWN_NORM, True),
    ("registered-parameters-and-buffers-only", RAW, True),
    (
        "torchvision-conv2d-norm-activation",
        """
from torch import nn
import torch.nn.functional as F
from torchvision.ops import Conv2dNormActivation


class DoubleConv(nn.Sequential):
    \"\"\"Two of torchvision's conv-norm-activation blocks.\"\"\"

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__(Conv2dNormActivation(in_channels, out_channels), Conv2dNormActivation(out_channels, out_channels))
""",
        True,
    ),
    (
        "dataclass-module",
        """
from dataclasses import dataclass
import torch.nn.functional as F
from torch import nn


@dataclass(eq=False)
class DoubleConv(nn.Module):
    in_channels: int
    out_channels: int
    bias: bool = False

    def __post_init__(self):
        super().__init__()
        widths = self.in_channels, self.out_channels
        self.convs = nn.ModuleList(nn.Conv2d(w, self.out_channels, 3, padding="same", bias=self.bias) for w in widths)
        self.norms = nn.ModuleList(nn.BatchNorm2d(self.out_channels) for _ in widths)

    def forward(self, x):
        for conv, norm in zip(self.convs, self.norms):
            x = norm(conv(x)).clamp(min=0)
        return x
""",
        True,
    ),
    (
        "zero-padding-as-a-layer-of-its-own",
        edit(
            CHAIN,
            (
                "nn.Conv2d(in_channels, out_channels, 3, 1, 1)",
                "nn.ZeroPad2d(1), nn.Conv2d(in_channels, out_channels, 3)",
            ),
            (
                "nn.Conv2d(out_channels, out_channels, 3, 1, 1)",
                "nn.ConstantPad2d(1, 0.0), nn.Conv2d(out_channels, out_channels, 3)",
            ),
        ),
        True,
    ),
    (
        "padding-by-functional-pad",
        edit(
            PLAIN,
            ("in_channels, out_channels, 3, padding=1", "in_channels, out_channels, 3"),
            ("out_channels, out_channels, 3, padding=1", "out_channels, out_channels, 3"),
            ("self.c1(x)", "self.c1(F.pad(x, (1,) * 4))"),
            ("self.c2(x)", "self.c2(F.pad(x, (1,) * 4))"),
        ),
        True,
    ),
    (
        "mid-channels-with-a-default",
        IMPORTS
        + """
class DoubleConv(nn.Module):
    def __init__(self, in_channels, out_channels, mid_channels=None):
        super().__init__()
        if not mid_channels:
            mid_channels = out_channels
        self.double_conv = nn.Sequential(
            nn.Conv2d(in_channels, mid_channels, kernel_size=3, padding=1, bias=False),
            nn.BatchNorm2d(mid_channels),
            nn.ReLU(inplace=True),
            nn.Conv2d(mid_channels, out_channels, kernel_size=3, padding=1, bias=False),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(inplace=True),
        )

    def forward(self, x):
        return self.double_conv(x)
""",
        True,
    ),
    (
        "batch-norm-1d-over-flattened-pixels",
        edit(
            PLAIN,
            ("nn.BatchNorm2d(out_channels)", "nn.BatchNorm1d(out_channels)"),
            ("F.relu(self.n1(self.c1(x)))", "F.relu(self.n1(self.c1(x).flatten(2))).unflatten(2, x.shape[2:])"),
            ("F.relu(self.n2(self.c2(x)))", "F.relu(self.n2(self.c2(x).flatten(2))).unflatten(2, x.shape[2:])"),
        ),
        True,
    ),
    (
        "relu-by-hooks-on-the-norms",
        edit(
            PLAIN,
            (
                "    def forward(self, x):\n",
                "        for norm in (self.n1, self.n2):\n"
                "            norm.register_forward_hook(lambda module, args, output: F.relu(output))\n\n"
                "    def forward(self, x):\n",
            ),
            ("F.relu(self.n1(self.c1(x)))", "self.n1(self.c1(x))"),
            ("F.relu(self.n2(self.c2(x)))", "self.n2(self.c2(x))"),
        ),
        True,
    ),
    (
        "generator-and-partial",
        IMPORTS
        + """
from functools import partial, reduce

conv3x3 = partial(nn.Conv2d, kernel_size=3, padding=1, bias=False)


class DoubleConv(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        layers = (
            layer
            for width in (in_channels, out_channels)
            for layer in (conv3x3(width, out_channels), nn.BatchNorm2d(out_channels), nn.ReLU(True))
        )
        self.layers = nn.ModuleList(layers)

    def forward(self, x):
        return reduce(lambda value, layer: layer(value), self.layers, x)
""",
        True,
    ),
    (
        "keras-like-eps-and-momentum-kaiming-and-channels-last",
        edit(
            CHAIN,
            ("nn.BatchNorm2d(out_channels)", "nn.BatchNorm2d(out_channels, eps=1e-3, momentum=0.01)"),
            (
                "        )\n",
                "        )\n"
                "        self.apply(self.initialise)\n"
                "        self.to(memory_format=torch.channels_last)\n\n"
                "    @staticmethod\n"
                "    def initialise(module):\n"
                "        if isinstance(module, nn.Conv2d):\n"
                "            nn.init.kaiming_uniform_(module.weight, nonlinearity='relu')\n"
                "            nn.init.zeros_(module.bias)\n",
            ),
        ),
        True,
    ),
    (
        "relu-as-product-with-its-own-sign",
        edit(
            PLAIN,
            ("x = F.relu(self.n1(self.c1(x)))", "x = self.n1(self.c1(x))\n        x = x * (x > 0)"),
            ("return x", "return torch.where(x > 0, x, 0.0)"),
            ("x = F.relu(self.n2(self.c2(x)))", "x = self.n2(self.c2(x))"),
        ),
        True,
    ),
    (
        "lazy-layers-made-real-at-once",
        IMPORTS
        + """
class DoubleConv(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        half = lambda: (nn.LazyConv2d(out_channels, 3, padding=1), nn.LazyBatchNorm2d(), nn.ReLU())
        self.net = nn.Sequential(*half(), *half()).eval()
        with torch.no_grad():
            self.net(torch.zeros(1, in_channels, 4, 4))
        self.net.train()

    def forward(self, x):
        return self.net(x)
""",
        True,
    ),
    (
        "functional-calls-on-the-layers-own-numbers",
        edit(
            PLAIN,
            ("F.relu(self.n1(self.c1(x)))", "self.half(x, self.c1, self.n1)"),
            ("F.relu(self.n2(self.c2(x)))", "self.half(x, self.c2, self.n2)"),
            (
                "    def forward(",
                "    def half(self, x, c, n):\n"
                "        x = F.conv2d(x, c.weight, c.bias, padding=c.padding)\n"
                "        x = F.batch_norm(x, n.running_mean, n.running_var, n.weight, n.bias, self.training, n.momentum, n.eps)\n"
                "        return F.relu_(x)\n\n"
                "    def forward(",
            ),
        ),
        True,
    ),
    (
        "forward-methods-called-directly-and-own-relu-function",
        edit(
            PLAIN,
            (
                "class DoubleConv",
                "class Rectify(torch.autograd.Function):\n"
                "    @staticmethod\n"
                "    def forward(ctx, x):\n"
                "        ctx.save_for_backward(x > 0)\n"
                "        return x.clamp_min(0)\n\n"
                "    @staticmethod\n"
                "    def backward(ctx, gradient):\n"
                "        (positive,) = ctx.saved_tensors\n"
                "        return gradient * positive\n\n\n"
                "class DoubleConv",
            ),
            ("F.relu(self.n1(self.c1(x)))", "Rectify.apply(self.n1.forward(self.c1.forward(x)))"),
            ("F.relu(self.n2(self.c2(x)))", "Rectify.apply(self.n2.forward(self.c2.forward(x)))"),
        ),
        True,
    ),
    (
        "batch-norm-by-a-function-with-four-dimensional-scale",
        edit(
            OWN_NORM,
            (
                OWN_NORM.partition("class Norm")[2].partition("class DoubleConv")[0],
                """(nn.Module):
    def __init__(self, num_features):
        super().__init__()
        shape = (1, num_features, 1, 1)
        self.beta = nn.Parameter(torch.zeros(shape))
        self.gamma = nn.Parameter(torch.ones(shape))
        self.register_buffer("moving_var", torch.ones(shape))
        self.register_buffer("moving_mean", torch.zeros(shape))

    def forward(self, X):
        if not self.training:
            X_hat = (X - self.moving_mean) * torch.rsqrt(self.moving_var + 1e-5)
        else:
            mean = X.mean(dim=(0, 2, 3), keepdim=True)
            var = ((X - mean) ** 2).mean(dim=(0, 2, 3), keepdim=True)
            X_hat = (X - mean) / torch.sqrt(var + 1e-5)
            self.moving_mean = (0.9 * self.moving_mean + 0.1 * mean).detach()
            self.moving_var = (0.9 * self.moving_var + 0.1 * var).detach()
        return self.gamma * X_hat + self.beta


""",
            ),
        ),
        True,
    ),
    # wrong from here on
    (
        "second-convolution-shared-when-the-widths-agree",
        edit(
            PLAIN,
            (
                "self.c2 = nn.Conv2d(out_channels, out_channels, 3, padding=1)",
                "same = in_channels == out_channels\n"
                "        self.c2 = self.c1 if same else nn.Conv2d(out_channels, out_channels, 3, padding=1)",
            ),
        ),
        False,
    ),
    ("one-norm-under-two-names", edit(PLAIN, ("self.n2 = nn.BatchNorm2d(out_channels)", "self.n2 = self.n1")), False),
    (
        "norms-share-their-weights-only",
        edit(
            PLAIN,
            (
                "    def forward(",
                "        self.n2.weight, self.n2.bias = self.n1.weight, self.n1.bias\n\n    def forward(",
            ),
        ),
        False,
    ),
    ("relu6", edit(CHAIN, ("nn.ReLU(inplace=True)", "nn.ReLU6(inplace=True)")), False),
    ("relu6-at-the-end-only", edit(PLAIN, ("F.relu(self.n2", "F.relu6(self.n2")), False),
    ("faintly-leaky-relu", edit(CHAIN, ("nn.ReLU(inplace=True)", "nn.LeakyReLU(1e-3)")), False),
    (
        "softplus-almost-relu",
        edit(PLAIN, ("F.relu(self.n1(self.c1(x)))", "F.softplus(self.n1(self.c1(x)), beta=20)")),
        False,
    ),
    ("hardtanh-between-0-and-1", edit(PLAIN, ("return x", "return x.clamp(max=1)")), False),
    (
        "instance-norm-with-affine-and-statistics",
        edit(
            PLAIN,
            ("nn.BatchNorm2d(out_channels)", "nn.InstanceNorm2d(out_channels, affine=True, track_running_stats=True)"),
        ),
        False,
    ),
    (
        "group-norm-with-one-group",
        edit(PLAIN, ("nn.BatchNorm2d(out_channels)", "nn.GroupNorm(1, out_channels)")),
        False,
    ),
    (
        "batch-statistics-even-in-evaluation",
        edit(RAW, ("training=self.training", "training=True")),
        False,
    ),
    (
        "norms-pinned-to-evaluation",
        edit(
            PLAIN, ("        x = F.relu(self.n1", "        self.n1.eval(), self.n2.eval()\n        x = F.relu(self.n1")
        ),
        False,
    ),
    (
        "own-norm-per-image-in-training",
        edit(
            OWN_NORM,
            ("mean = x.mean((0, 2, 3))", "mean = x.mean((2, 3)).mean(0)"),
            ("var = x.var((0, 2, 3), unbiased=False)", "var = x.var((2, 3), unbiased=False).mean(0)"),
        ),
        False,
    ),
    (
        "own-norm-forgets-its-running-statistics",
        edit(
            OWN_NORM,
            (
                "                self.moving_mean.lerp_(mean, self.momentum)\n",
                "                self.moving_mean.lerp(mean, self.momentum)\n",
            ),
            ("self.moving_var.lerp_(", "self.moving_var.lerp("),
        ),
        False,
    ),
    (
        "dilated-second-convolution",
        edit(
            PLAIN,
            (
                "nn.Conv2d(out_channels, out_channels, 3, padding=1)",
                "nn.Conv2d(out_channels, out_channels, 3, padding=2, dilation=2)",
            ),
        ),
        False,
    ),
    (
        "grouped-when-divisible",
        edit(
            PLAIN,
            (
                "nn.Conv2d(out_channels, out_channels, 3, padding=1)",
                "nn.Conv2d(out_channels, out_channels, 3, padding=1, groups=2 if out_channels % 2 == 0 else 1)",
            ),
        ),
        False,
    ),
    (
        "residual-when-the-shapes-agree",
        edit(
            PLAIN,
            ("    def forward(self, x):\n", "    def forward(self, x):\n        start = x\n"),
            ("return x", "return x + start if x.shape == start.shape else x"),
        ),
        False,
    ),
    (
        "first-convolution-stays-at-in-channels",
        edit(
            PLAIN,
            ("nn.Conv2d(in_channels, out_channels, 3, padding=1)", "nn.Conv2d(in_channels, in_channels, 3, padding=1)"),
            ("self.n1 = nn.BatchNorm2d(out_channels)", "self.n1 = nn.BatchNorm2d(in_channels)"),
            (
                "nn.Conv2d(out_channels, out_channels, 3, padding=1)",
                "nn.Conv2d(in_channels, out_channels, 3, padding=1)",
            ),
        ),
        False,
    ),
    (
        "norm-after-relu-in-the-second-half-only",
        edit(PLAIN, ("F.relu(self.n2(self.c2(x)))", "self.n2(F.relu(self.c2(x)))")),
        False,
    ),
    ("no-norm-in-the-middle", edit(PLAIN, ("F.relu(self.n1(self.c1(x)))", "F.relu(self.c1(x))")), False),
    ("detached-in-the-middle", edit(PLAIN, ("self.n2(self.c2(x))", "self.n2(self.c2(x.detach()))")), False),
    (
        "dropout-in-the-middle",
        edit(
            CHAIN,
            (
                "            nn.Conv2d(out_channels",
                "            nn.Dropout2d(0.1),\n            nn.Conv2d(out_channels",
            ),
        ),
        False,
    ),
    (
        "layers-in-a-plain-list",
        IMPORTS
        + """
class DoubleConv(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.layers = []
        for width in (in_channels, out_channels):
            self.layers += [nn.Conv2d(width, out_channels, 3, padding=1), nn.BatchNorm2d(out_channels), nn.ReLU()]

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x
""",
        False,
    ),
    (
        "separable-convolutions-one-side-after-the-other",
        edit(
            CHAIN,
            (
                "nn.Conv2d(out_channels, out_channels, 3, 1, 1)",
                "nn.Conv2d(out_channels, out_channels, (3, 1), padding=(1, 0)),\n"
                "            nn.Conv2d(out_channels, out_channels, (1, 3), padding=(0, 1))",
            ),
        ),
        False,
    ),
    (
        "one-by-one-second-convolution",
        edit(
            PLAIN, ("nn.Conv2d(out_channels, out_channels, 3, padding=1)", "nn.Conv2d(out_channels, out_channels, 1)")
        ),
        False,
    ),
    (
        "unpadded-and-stretched-back",
        edit(
            PLAIN,
            ("out_channels, out_channels, 3, padding=1", "out_channels, out_channels, 3"),
            ("return x", "return F.interpolate(x, scale_factor=None, size=(x.shape[2] + 2, x.shape[3] + 2))"),
        ),
        False,
    ),
    (
        "second-convolution-frozen",
        edit(PLAIN, ("    def forward(", "        self.c2.requires_grad_(False)\n\n    def forward(")),
        False,
    ),
    (
        "first-half-again-when-the-second-fails",
        IMPORTS
        + """
class DoubleConv(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, 3, padding=1)
        self.bn = nn.BatchNorm2d(out_channels)

    def step(self, x):
        return F.relu(self.bn(self.conv(x)))

    def forward(self, x):
        x = self.step(x)
        try:
            return self.step(x)
        except RuntimeError:
            return x
""",
        False,
    ),
    (
        "fresh-layers-in-every-forward",
        IMPORTS
        + """
class DoubleConv(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.widths = in_channels, out_channels

    def forward(self, x):
        i, o = self.widths
        x = F.relu(nn.BatchNorm2d(o)(nn.Conv2d(i, o, 3, padding=1)(x)))
        return F.relu(nn.BatchNorm2d(o)(nn.Conv2d(o, o, 3, padding=1)(x)))
""",
        False,
    ),
    (
        "normalises-the-callers-tensor-in-place-first",
        edit(PLAIN, ("        x = F.relu(self.n1", "        x -= x.mean()\n        x = F.relu(self.n1")),
        False,
    ),
]
