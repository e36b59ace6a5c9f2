"""Exercise 6: answers from the exercise text, by a third reader."""

from tests.checks.fresh import edit

HEAD = """
import torch.nn.functional as F
from torch import nn
"""

PLAIN = (
    HEAD
    + """
class DoubleConv(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, kernel_size=3, padding=1)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, kernel_size=3, padding=1)
        self.bn2 = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.relu(self.bn2(self.conv2(x)))
        return x
"""
)

VERBOSE = (
    HEAD
    + '''
from collections import OrderedDict
from typing import Optional


class DoubleConv(nn.Module):
    """(3 x 3 convolution, batch normalisation, ReLU) twice.

    Args:
        in_channels: channels of the input.
        out_channels: channels of the output.
        mid_channels: channels between; the same as out_channels if not given.
        use_bias: whether the convolutions have a bias.
    """

    KERNEL_SIZE: int = 3
    PADDING: int = 1

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        mid_channels: Optional[int] = None,
        use_bias: bool = False,
    ) -> None:
        super().__init__()
        if in_channels < 1 or out_channels < 1:
            raise ValueError("channels must be positive")
        self.in_channels = in_channels
        self.out_channels = out_channels
        mid_channels = mid_channels or out_channels
        self.block = nn.Sequential(
            self._build_stage(in_channels, mid_channels, use_bias),
            self._build_stage(mid_channels, out_channels, use_bias),
        )
        self._initialise_weights()

    @classmethod
    def _build_stage(cls, n_in: int, n_out: int, use_bias: bool) -> nn.Sequential:
        """Build one of the two stages."""
        return nn.Sequential(
            OrderedDict(
                [
                    ("convolution", nn.Conv2d(n_in, n_out, cls.KERNEL_SIZE, padding=cls.PADDING, bias=use_bias)),
                    ("normalisation", nn.BatchNorm2d(num_features=n_out)),
                    ("activation", nn.ReLU(inplace=True)),
                ]
            )
        )

    def _initialise_weights(self) -> None:
        """He initialisation for what comes before a ReLU."""
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
                if module.bias is not None:
                    nn.init.zeros_(module.bias)
            elif isinstance(module, nn.BatchNorm2d):
                nn.init.ones_(module.weight)
                nn.init.zeros_(module.bias)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        assert x.shape[1] == self.in_channels, f"expected {self.in_channels} channels, got {x.shape[1]}"
        return self.block(x)

    def extra_repr(self) -> str:
        return f"{self.in_channels} -> {self.out_channels}"
'''
)

TERSE = (
    (
        HEAD
        + """
class DoubleConv(nn.Sequential):
    def __init__(self, i, o):
        super().__init__(*(m for c in (i, o) for m in (nn.Conv2d(c, o, 3, 1, 1), nn.BatchNorm2d(o), nn.ReLU())))
"""
    )
    .replace("(self, i, o)", "(self, in_channels, out_channels)")
    .replace("(i, o)", "(in_channels, out_channels)")
    .replace(
        "nn.Conv2d(c, o, 3, 1, 1), nn.BatchNorm2d(o)",
        "nn.Conv2d(c, out_channels, 3, 1, 1), nn.BatchNorm2d(out_channels)",
    )
)

UNITS = (
    HEAD
    + """
class Unit(nn.Module):
    def __init__(self, a, b):
        super().__init__()
        self.c = nn.Conv2d(a, b, (3, 3), stride=(1, 1), padding="same", bias=False)
        self.n = nn.BatchNorm2d(b)

    def forward(self, x):
        return self.n(self.c(x)).clamp(min=0)


class DoubleConv(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.units = nn.ModuleList([Unit(in_channels, out_channels), Unit(out_channels, out_channels)])

    def forward(self, x):
        for unit in self.units:
            x = unit(x)
        return x
"""
)

FUNCTIONAL = (
    HEAD
    + """
class DoubleConv(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.kernels, self.scales, self.shifts = nn.ParameterList(), nn.ParameterList(), nn.ParameterList()
        for position, n_in in enumerate((in_channels, out_channels)):
            kernel = torch.empty(out_channels, n_in, 3, 3)
            nn.init.kaiming_uniform_(kernel, a=5**0.5)
            self.kernels.append(nn.Parameter(kernel))
            self.scales.append(nn.Parameter(torch.ones(out_channels)))
            self.shifts.append(nn.Parameter(torch.zeros(out_channels)))
            self.register_buffer(f"mean{position}", torch.zeros(out_channels))
            self.register_buffer(f"var{position}", torch.ones(out_channels))

    def forward(self, x):
        for i in range(2):
            x = F.conv2d(x, self.kernels[i], padding=1)
            x = F.batch_norm(
                x,
                getattr(self, f"mean{i}"),
                getattr(self, f"var{i}"),
                self.scales[i],
                self.shifts[i],
                training=self.training,
                momentum=0.1,
            )
            x = torch.where(x > 0, x, torch.zeros_like(x))
        return x
"""
)

UNFOLDED = (
    HEAD
    + '''
class Conv3x3(nn.Module):
    """A 3 x 3 convolution as a product of matrices."""

    def __init__(self, n_in, n_out):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(n_out, n_in * 9) / (n_in * 9) ** 0.5)
        self.bias = nn.Parameter(torch.zeros(n_out))

    def forward(self, x):
        n, _, h, w = x.shape
        patches = F.unfold(x, kernel_size=3, padding=1)
        return (self.weight @ patches + self.bias[:, None]).reshape(n, -1, h, w)


class DoubleConv(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.steps = nn.ModuleDict(
            {
                "a": Conv3x3(in_channels, out_channels),
                "b": nn.BatchNorm2d(out_channels),
                "c": Conv3x3(out_channels, out_channels),
                "d": nn.BatchNorm2d(out_channels),
            }
        )

    def forward(self, x):
        step = self.steps
        return torch.relu(step["d"](step["c"](torch.relu(step["b"](step["a"](x))))))
'''
)

OWN_NORM = (
    HEAD
    + '''
class Normalise(nn.Module):
    """Batch normalisation written out."""

    def __init__(self, n, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.gain, self.offset = nn.Parameter(torch.ones(1, n, 1, 1)), nn.Parameter(torch.zeros(1, n, 1, 1))
        self.register_buffer("running_mean", torch.zeros(1, n, 1, 1))
        self.register_buffer("running_var", torch.ones(1, n, 1, 1))

    def forward(self, x):
        if self.training:
            average = x.mean((0, 2, 3), keepdim=True)
            variance = x.var((0, 2, 3), unbiased=False, keepdim=True)
            with torch.no_grad():
                count = x.numel() / x.shape[1]
                self.running_mean.lerp_(average, self.momentum)
                self.running_var.lerp_(variance * count / (count - 1), self.momentum)
        else:
            average, variance = self.running_mean, self.running_var
        return (x - average) / torch.sqrt(variance + self.eps) * self.gain + self.offset


class DoubleConv(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.c1, self.c2 = nn.Conv2d(in_channels, out_channels, 3, padding=1), nn.Conv2d(out_channels, out_channels, 3, padding=1)
        self.n1, self.n2 = Normalise(out_channels), Normalise(out_channels)

    def forward(self, x):
        return F.relu(self.n2(self.c2(F.relu(self.n1(self.c1(x))))))
'''
)

RELU2 = "x = F.relu(self.bn2(self.conv2(x)))"
RELU1 = "x = F.relu(self.bn1(self.conv1(x)))"
CONV2 = "self.conv2 = nn.Conv2d(out_channels, out_channels, kernel_size=3, padding=1)"

ANSWERS = [
    ("plain", PLAIN, True),
    ("verbose-typed-initialised", VERBOSE, True),
    ("terse-sequential", TERSE, True),
    ("module-list-of-units-and-clamp", UNITS, True),
    ("functional-with-buffers", FUNCTIONAL, True),
    ("batch-normalisation-written-out", OWN_NORM, True),
    (
        "lazy-modules",
        HEAD
        + """
class DoubleConv(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        make = lambda n: nn.Sequential(nn.Conv2d(n, out_channels, 3, padding=1), nn.LazyBatchNorm2d(), nn.ReLU())
        self.body = nn.Sequential(make(in_channels), make(out_channels))
        self.body.eval()
        with torch.no_grad():
            self.body(torch.zeros(1, in_channels, 3, 3))
        self.body.train()

    def forward(self, x):
        return self.body(x)
""",
        True,
    ),
    (
        "relu-as-mean-with-its-absolute-value-and-identity-parts",
        edit(
            PLAIN,
            (RELU1, "x = self.keep(self.bn1(self.conv1(x)))\n        x = (x + x.abs()) / 2"),
            (RELU2, "x = self.keep(self.bn2(self.conv2(x)))\n        x = x * (x > 0)"),
            ("        self.conv1 =", "        self.keep = nn.Dropout(p=0.0)\n        self.conv1 ="),
        ),
        True,
    ),
    (
        "reduce-over-partials-with-add-module",
        HEAD
        + """
from functools import partial, reduce

conv = partial(nn.Conv2d, kernel_size=3, padding=1, bias=False)

class DoubleConv(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        for name, layer in {
            "first": conv(in_channels, out_channels), "first_norm": nn.BatchNorm2d(out_channels, eps=1e-3, momentum=0.01),
            "second": conv(out_channels, out_channels), "second_norm": nn.BatchNorm2d(out_channels, eps=1e-3, momentum=0.01),
        }.items():
            self.add_module(name, layer)
        self.chain = [("first", "first_norm"), ("second", "second_norm")]

    def forward(self, x):
        return reduce(lambda h, pair: reduce(lambda g, name: getattr(self, name)(g), pair, h).relu(), self.chain, x)
""",
        True,
    ),
    (
        "in-place-relu-on-own-results",
        edit(PLAIN, (RELU1, "x = F.relu_(self.bn1(self.conv1(x)))"), (RELU2, "x = self.bn2(self.conv2(x)).relu_()")),
        True,
    ),
    (
        "stages-cached-by-channels",
        edit(
            UNITS,
            (
                "class DoubleConv",
                "from functools import lru_cache\n\n\n@lru_cache(maxsize=None)\ndef unit(a, b):\n    return Unit(a, b)\n\n\nclass DoubleConv",
            ),
            (
                "[Unit(in_channels, out_channels), Unit(out_channels, out_channels)]",
                "[unit(in_channels, out_channels), Unit(out_channels, out_channels)]",
            ),
        ),
        False,
    ),
    (
        "second-convolution-is-the-first-when-it-fits",
        edit(
            PLAIN,
            (
                CONV2,
                "self.conv2 = self.conv1 if in_channels == out_channels else nn.Conv2d(out_channels, out_channels, 3, padding=1)",
            ),
        ),
        False,
    ),
    (
        "residual-when-it-fits",
        edit(
            PLAIN,
            (RELU1, "entry = x\n        " + RELU1),
            (RELU2, RELU2 + "\n        if entry.shape == x.shape:\n            x = x + entry"),
        ),
        False,
    ),
    (
        "units-in-a-plain-list-with-a-parameter-list",
        edit(
            UNITS,
            (
                "self.units = nn.ModuleList([Unit(in_channels, out_channels), Unit(out_channels, out_channels)])",
                "self.units = [Unit(in_channels, out_channels), Unit(out_channels, out_channels)]\n        self.weights = nn.ParameterList([p for unit in self.units for p in unit.parameters()])",
            ),
        ),
        False,
    ),
    (
        "evaluation-mode-for-a-batch-of-one",
        edit(
            PLAIN,
            (
                "    def forward(self, x):\n",
                "    def forward(self, x):\n        if x.shape[0] == 1:\n            self.bn1.eval(), self.bn2.eval()\n",
            ),
        ),
        False,
    ),
    (
        "no-normalisation-for-a-batch-of-one",
        edit(PLAIN, (RELU2, "x = self.conv2(x)\n        x = F.relu(self.bn2(x) if x.shape[0] > 1 else x)")),
        False,
    ),
    (
        "no-normalisation-in-evaluation",
        edit(PLAIN, (RELU2, "x = self.conv2(x)\n        x = F.relu(self.bn2(x) if self.training else x)")),
        False,
    ),
    (
        "statistics-never-move",
        edit(
            PLAIN, ("self.bn2 = nn.BatchNorm2d(out_channels)", "self.bn2 = nn.BatchNorm2d(out_channels, momentum=0.0)")
        ),
        False,
    ),
    ("functional-norm-always-in-training", edit(FUNCTIONAL, ("training=self.training", "training=True")), False),
    (
        "own-norm-forgets-to-update-the-variance",
        edit(OWN_NORM, ("                self.running_var.lerp_(variance * count / (count - 1), self.momentum)\n", "")),
        False,
    ),
    (
        "own-norm-with-plain-tensors-in-place-of-buffers",
        edit(
            OWN_NORM,
            (
                'self.register_buffer("running_mean", torch.zeros(1, n, 1, 1))',
                "self.running_mean = torch.zeros(1, n, 1, 1)",
            ),
            (
                'self.register_buffer("running_var", torch.ones(1, n, 1, 1))',
                "self.running_var = torch.ones(1, n, 1, 1)",
            ),
        ),
        False,
    ),
    (
        "own-norm-over-each-image",
        edit(
            OWN_NORM,
            (
                "x.var((0, 2, 3), unbiased=False, keepdim=True)",
                "x.var((2, 3), unbiased=False, keepdim=True).mean(0, keepdim=True)",
            ),
        ),
        False,
    ),
    (
        "dropout-in-training-between-the-halves",
        edit(
            VERBOSE,
            (
                '("activation", nn.ReLU(inplace=True)),',
                '("activation", nn.ReLU(inplace=True)),\n                    ("regularisation", nn.Dropout2d(0.1)),',
            ),
        ),
        False,
    ),
    (
        "celu-with-a-tiny-alpha-far-below",
        edit(PLAIN, (RELU2, "x = F.celu(self.bn2(self.conv2(x)), alpha=0.05)")),
        False,
    ),
    (
        "leak-of-a-thousandth",
        edit(
            UNITS,
            (
                "return self.n(self.c(x)).clamp(min=0)",
                "y = self.n(self.c(x))\n        return torch.maximum(y, 0.003 * y)",
            ),
        ),
        False,
    ),
    ("relu-capped-at-twenty", edit(UNITS, (".clamp(min=0)", ".clamp(0, 20)")), False),
    (
        "same-padding-with-dilation",
        edit(UNITS, ('padding="same", bias=False', 'padding="same", dilation=2, bias=False')),
        False,
    ),
    (
        "groups-when-they-divide",
        edit(
            PLAIN,
            (
                CONV2,
                "self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, groups=2 if out_channels % 2 == 0 else 1)",
            ),
        ),
        False,
    ),
    (
        "first-convolution-keeps-the-input-s-channels",
        edit(VERBOSE, ("mid_channels = mid_channels or out_channels", "mid_channels = mid_channels or in_channels")),
        False,
    ),
    (
        "first-result-kept",
        edit(
            PLAIN,
            (
                "    def forward(self, x):\n",
                "    def forward(self, x):\n        if not self.training and getattr(self, 'kept', None) is not None and self.kept.shape[2:] == x.shape[2:]:\n            return self.kept\n",
            ),
            ("        return x\n", "        self.kept = None if self.training else x\n        return x\n"),
        ),
        False,
    ),
    (
        "input-rectified-in-place-first",
        edit(
            PLAIN,
            (
                "    def forward(self, x):\n",
                "    def forward(self, x):\n        x = x.detach().clamp_(min=0) if not x.requires_grad else x\n",
            ),
        ),
        False,
    ),
    (
        "normalised-before-the-convolution-in-the-second-half",
        edit(PLAIN, (RELU2, "x = F.relu(self.conv2(self.bn2(x)))")),
        False,
    ),
    (
        "gradient-stops-between-the-halves",
        edit(
            UNITS, ("            x = unit(x)\n", "            x = unit(x.detach() if unit is self.units[1] else x)\n")
        ),
        False,
    ),
    (
        "kernels-as-buffers",
        edit(
            FUNCTIONAL,
            (
                "self.kernels.append(nn.Parameter(kernel))",
                "self.kernels.append(nn.Parameter(kernel, requires_grad=False))",
            ),
        ),
        False,
    ),
    (
        "unfold-without-padding-and-pad-with-ones",
        edit(
            UNFOLDED,
            ("F.unfold(x, kernel_size=3, padding=1)", "F.unfold(F.pad(x, (1, 1, 1, 1), value=1.0), kernel_size=3)"),
        ),
        False,
    ),
]
