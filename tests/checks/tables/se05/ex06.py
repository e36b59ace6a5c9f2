"""Right and wrong answers to exercise 6, the double convolution."""

from tests.checks.answers import Wrong
from tests.checks.rewriting import swap

BLOCK = """
class DoubleConv(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, padding=1)
        self.norm1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1)
        self.norm2 = nn.BatchNorm2d(out_channels)
        self.act = nn.ReLU()

    def forward(self, x):
        x = self.act(self.norm1(self.conv1(x)))
        x = self.act(self.norm2(self.conv2(x)))
        return x
"""
FIRST, SECOND = "self.act(self.norm1(self.conv1(x)))", "self.act(self.norm2(self.conv2(x)))"

CHAIN = """
class DoubleConv(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(in_channels, out_channels, 3, padding=1), nn.BatchNorm2d(out_channels), nn.ReLU(),
            nn.Conv2d(out_channels, out_channels, 3, padding=1), nn.BatchNorm2d(out_channels), nn.ReLU(),
        )

    def forward(self, x):
        return self.layers(x)
"""
BODY = CHAIN[CHAIN.index("        self.layers") : CHAIN.index("\n    def forward")]

PARAMETERS = """
class DoubleConv(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.weights = nn.ParameterList()
        self.scales = nn.ParameterList()
        self.shifts = nn.ParameterList()
        for number, channels in enumerate((in_channels, out_channels)):
            self.weights.append(nn.Parameter(0.1 * torch.randn(out_channels, channels, 3, 3)))
            self.scales.append(nn.Parameter(torch.ones(out_channels)))
            self.shifts.append(nn.Parameter(torch.zeros(out_channels)))
            self.register_buffer(f"mean{number}", torch.zeros(out_channels))
            self.register_buffer(f"var{number}", torch.ones(out_channels))

    def forward(self, x):
        for number in range(2):
            x = F.conv2d(x, self.weights[number], padding=1)
            x = F.batch_norm(x, getattr(self, f"mean{number}"), getattr(self, f"var{number}"),
                             self.scales[number], self.shifts[number], training=self.training)
            x = F.relu(x)
        return x
"""

OWN_NORM = """
class Norm(nn.Module):
    def __init__(self, channels, eps=1e-5):
        super().__init__()
        self.eps = eps
        self.scale = nn.Parameter(torch.ones(channels))
        self.shift = nn.Parameter(torch.zeros(channels))
        self.register_buffer("mean", torch.zeros(channels))
        self.register_buffer("var", torch.ones(channels))

    def forward(self, x):
        mean, var = self.mean, self.var
        if self.training:
            mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3), unbiased=False)
            self.mean.lerp_(mean.detach(), 0.1)
            self.var.lerp_(var.detach(), 0.1)
        x = (x - mean[:, None, None]) / torch.sqrt(var[:, None, None] + self.eps)
        return self.scale[:, None, None] * x + self.shift[:, None, None]

""" + swap(BLOCK, ("nn.BatchNorm2d", "Norm"))

OWN_CONV = """
class Patches(nn.Module):
    def __init__(self, channels_in, channels_out):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(channels_out, 9 * channels_in) / (9 * channels_in) ** 0.5)
        self.bias = nn.Parameter(torch.zeros(channels_out))

    def forward(self, x):
        images, _, height, width = x.shape
        patches = F.unfold(x, kernel_size=3, padding=1)
        return (self.weight @ patches + self.bias[:, None]).reshape(images, -1, height, width)

""" + BLOCK.strip("\n").replace(
    "nn.Conv2d(in_channels, out_channels, 3, padding=1)", "Patches(in_channels, out_channels)"
).replace("nn.Conv2d(out_channels, out_channels, 3, padding=1)", "Patches(out_channels, out_channels)")
UNFOLDED = "F.unfold(x, kernel_size=3, padding=1)"
PRODUCT = "(self.weight @ patches + self.bias[:, None]).reshape(images, -1, height, width)"

RIGHT = {
    "attributes": BLOCK,
    "one chain": CHAIN,
    "no bias": swap(CHAIN, ("padding=1", "padding=1, bias=False")),
    "padding same": swap(CHAIN, ("padding=1", "padding='same'")),
    "padding pair and kernel pair": swap(CHAIN, ("3, padding=1", "kernel_size=(3, 3), stride=1, padding=(1, 1)")),
    "relu in place": swap(CHAIN, ("nn.ReLU()", "nn.ReLU(inplace=True)")),
    "functional relu": swap(BLOCK, ("self.act(", "F.relu(")),
    "torch.relu": swap(BLOCK, ("self.act(", "torch.relu(")),
    "relu method": swap(BLOCK, (FIRST, "self.norm1(self.conv1(x)).relu()"), (SECOND, "self.norm2(self.conv2(x)).relu()")),
    "relu method in place": swap(BLOCK, (FIRST, "self.norm1(self.conv1(x)).relu_()")),
    "clamp": swap(BLOCK, (FIRST, "self.norm1(self.conv1(x)).clamp(min=0)"), (SECOND, "torch.clamp(self.norm2(self.conv2(x)), 0)")),
    "maximum": swap(BLOCK, (SECOND, "torch.maximum(self.norm2(self.conv2(x)), torch.zeros(1))")),
    "relu by product": swap(BLOCK, ("x = " + SECOND, "x = self.norm2(self.conv2(x))\n        x = x * (x > 0)")),
    "two relu modules": swap(BLOCK, (SECOND, "self.act2(self.norm2(self.conv2(x)))"), ("self.act = nn.ReLU()", "self.act, self.act2 = nn.ReLU(), nn.ReLU()")),
    "module list": """
        class DoubleConv(nn.Module):
            def __init__(self, in_channels, out_channels):
                super().__init__()
                self.steps = nn.ModuleList()
                for channels in (in_channels, out_channels):
                    self.steps += [nn.Conv2d(channels, out_channels, 3, padding=1), nn.BatchNorm2d(out_channels), nn.ReLU()]
            def forward(self, x):
                for step in self.steps:
                    x = step(x)
                return x
    """,
    "module dict": """
        class DoubleConv(nn.Module):
            def __init__(self, cin, cout):
                super().__init__()
                self.parts = nn.ModuleDict({
                    "a": nn.Conv2d(cin, cout, 3, 1, 1), "b": nn.BatchNorm2d(cout),
                    "c": nn.Conv2d(cout, cout, 3, 1, 1), "d": nn.BatchNorm2d(cout)})
            def forward(self, images):
                p = self.parts
                return F.relu(p["d"](p["c"](F.relu(p["b"](p["a"](images))))))
    """,
    "a class for each round": """
        class ConvNormRelu(nn.Module):
            def __init__(self, i, o):
                super().__init__()
                self.conv, self.norm = nn.Conv2d(i, o, 3, padding=1, bias=False), nn.BatchNorm2d(o)
            def forward(self, x):
                return F.relu(self.norm(self.conv(x)), inplace=True)
        class DoubleConv(nn.Module):
            def __init__(self, in_channels, out_channels):
                super().__init__()
                self.first = ConvNormRelu(in_channels, out_channels)
                self.second = ConvNormRelu(out_channels, out_channels)
            def forward(self, x):
                return self.second(self.first(x))
    """,
    "a helper method": """
        class DoubleConv(nn.Module):
            def __init__(self, in_channels, out_channels):
                super(DoubleConv, self).__init__()
                self.rounds = nn.Sequential(self.make_round(in_channels, out_channels), self.make_round(out_channels, out_channels))
            @staticmethod
            def make_round(i, o):
                return nn.Sequential(nn.Conv2d(i, o, 3, padding=1), nn.BatchNorm2d(o), nn.ReLU())
            def forward(self, x):
                return self.rounds(x)
    """,
    "a sequential itself": """
        class DoubleConv(nn.Sequential):
            def __init__(self, in_channels, out_channels):
                super().__init__(
                    nn.Conv2d(in_channels, out_channels, 3, padding=1), nn.BatchNorm2d(out_channels), nn.ReLU(),
                    nn.Conv2d(out_channels, out_channels, 3, padding=1), nn.BatchNorm2d(out_channels), nn.ReLU())
    """,
    "a function that returns a chain": """
        def DoubleConv(i, o):
            return nn.Sequential(nn.Conv2d(i, o, 3, padding=1), nn.BatchNorm2d(o), nn.ReLU(),
                                 nn.Conv2d(o, o, 3, padding=1), nn.BatchNorm2d(o), nn.ReLU())
    """,
    "an ordered dict": """
        from collections import OrderedDict
        class DoubleConv(nn.Module):
            def __init__(self, in_channels, out_channels, mid_channels=None):
                super().__init__()
                mid_channels = mid_channels or out_channels
                self.double_conv = nn.Sequential(OrderedDict([
                    ("conv1", nn.Conv2d(in_channels, mid_channels, kernel_size=3, padding=1, bias=False)),
                    ("bn1", nn.BatchNorm2d(mid_channels)), ("relu1", nn.ReLU(inplace=True)),
                    ("conv2", nn.Conv2d(mid_channels, out_channels, kernel_size=3, padding=1, bias=False)),
                    ("bn2", nn.BatchNorm2d(out_channels)), ("relu2", nn.ReLU(inplace=True))]))
            def forward(self, x):
                return self.double_conv(x)
    """,
    "lazy layers": swap(BLOCK, ("nn.Conv2d(in_channels, out", "nn.LazyConv2d(out"), ("nn.Conv2d(out_channels, out", "nn.LazyConv2d(out"), ("nn.BatchNorm2d(out_channels)", "nn.LazyBatchNorm2d()")),
    "torchvision's block": """
        from torchvision.ops import Conv2dNormActivation
        class DoubleConv(nn.Module):
            def __init__(self, in_channels, out_channels):
                super().__init__()
                self.a = Conv2dNormActivation(in_channels, out_channels)
                self.b = Conv2dNormActivation(out_channels, out_channels, kernel_size=3)
            def forward(self, x):
                return self.b(self.a(x))
    """,
    "parameters and functions": PARAMETERS,
    "functions with the layers' weights": swap(BLOCK, ("self.conv1(x)", "F.conv2d(x, self.conv1.weight, self.conv1.bias, padding=1)")),
    "zero padding of its own": swap(
        BLOCK, ("3, padding=1", "3"), ("self.conv1(x)", "self.conv1(F.pad(x, (1, 1, 1, 1)))"), ("self.conv2(x)", "self.conv2(self.zeros(x))"),
        ("self.act = nn.ReLU()", "self.act, self.zeros = nn.ReLU(), nn.ZeroPad2d(1)")),
    "own initialisation": swap(CHAIN, (BODY, BODY + "        for m in self.modules():\n            if isinstance(m, nn.Conv2d):\n                nn.init.kaiming_normal_(m.weight, nonlinearity='relu')\n")),
    "torch.batch_norm": swap(BLOCK, ("self.norm1(self.conv1(x))", "torch.batch_norm(self.conv1(x), self.norm1.weight, self.norm1.bias, self.norm1.running_mean, self.norm1.running_var, self.training, 0.1, 1e-5, False)")),
    "other momentum and eps": swap(CHAIN, ("nn.BatchNorm2d(out_channels)", "nn.BatchNorm2d(out_channels, eps=1e-3, momentum=0.01)")),
    "weight norm": swap(CHAIN, ("nn.Conv2d(in_channels, out_channels, 3, padding=1)", "nn.utils.parametrizations.weight_norm(nn.Conv2d(in_channels, out_channels, 3, padding=1))")),
    "channels last": swap(CHAIN, ("return self.layers(x)", "return self.layers(x.contiguous(memory_format=torch.channels_last))")),
    "annotated, with assertions": swap(
        CHAIN, ("def forward(self, x):", "def forward(self, x: torch.Tensor) -> torch.Tensor:\n        assert x.ndim == 4 and torch.isfinite(x).all()")),
    "setattr and getattr": """
        class DoubleConv(nn.Module):
            def __init__(self, in_channels, out_channels):
                super().__init__()
                sizes = [in_channels, out_channels, out_channels]
                for i in range(2):
                    setattr(self, f"conv{i}", nn.Conv2d(sizes[i], sizes[i + 1], 3, padding=1))
                    setattr(self, f"bn{i}", nn.BatchNorm2d(sizes[i + 1]))
            def forward(self, x):
                for i in range(2):
                    x = F.relu(getattr(self, f"bn{i}")(getattr(self, f"conv{i}")(x)))
                return x
    """,
    "convolution written by hand": OWN_CONV,
    "convolution written by hand, the output's channels last": swap(OWN_CONV, ("randn(channels_out, 9 * channels_in)", "randn(9 * channels_in, channels_out)"), ("self.weight @ patches", 'torch.einsum("ko,nkl->nol", self.weight, patches)')),
    "convolution by windows, without a bias": swap(OWN_CONV, ("randn(channels_out, 9 * channels_in)", "randn(channels_out, channels_in, 3, 3)"), (UNFOLDED, "F.pad(x, (1, 1, 1, 1)).unfold(2, 3, 1).unfold(3, 3, 1)"), (PRODUCT, 'torch.einsum("nchwij,ocij->nohw", patches, self.weight)'), ("        self.bias = nn.Parameter(torch.zeros(channels_out))\n", "")),
    "flat weights seen as kernels": swap(OWN_CONV, ("        patches = " + UNFOLDED + "\n", ""), (PRODUCT, "F.conv2d(x, self.weight.view(-1, x.size(1), 3, 3), self.bias, padding=1)")),
    "batch norm written by hand": OWN_NORM,
    "batch norm written by hand with another eps": swap(OWN_NORM, ("eps=1e-5", "eps=1e-4")),
}  # fmt: skip

SIZE, ROUNDS, ORDER, EVAL = (
    "keeps_height_and_width",
    "computes_two_rounds",
    "follows_the_order",
    "follows_evaluation_mode",
)
WRONG = {
    "no padding": Wrong(swap(CHAIN, (", padding=1", "")), SIZE, "without padding loses one pixel"),
    "padding in one round only": Wrong(swap(BLOCK, ("out_channels, out_channels, 3, padding=1", "out_channels, out_channels, 3")), SIZE, "expected (2, 8, 17, 23)"),
    "padding of two": Wrong(swap(CHAIN, ("padding=1", "padding=2")), SIZE, "more padding than"),
    "a stride of two": Wrong(swap(BLOCK, ("self.conv1 = nn.Conv2d(in_channels, out_channels, 3,", "self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride=2,")), SIZE, "a stride or a pooling step"),
    "pooling at the end": Wrong(swap(CHAIN, ("return self.layers(x)", "return F.max_pool2d(self.layers(x), 2)")), SIZE, "a stride or a pooling step"),
    "channels swapped": Wrong(swap(CHAIN, ("in_channels, out_channels, 3", "out_channels, in_channels, 3")), SIZE, "received"),
    "second convolution from in_channels": Wrong(swap(BLOCK, ("nn.Conv2d(out_channels,", "nn.Conv2d(in_channels,")), SIZE, "A convolution made for 3 input channels received 8"),
    "batch norm of in_channels": Wrong(swap(BLOCK, ("self.norm1 = nn.BatchNorm2d(out_channels)", "self.norm1 = nn.BatchNorm2d(in_channels)")), SIZE, "A batch norm made for 3 channels received 8"),
    "channels written in": Wrong(swap(CHAIN, ("out_channels", "8"), ("in_channels, 8):", "in_channels, out_channels):")), SIZE, "is a number written into a layer?"),
    "no return": Wrong(swap(CHAIN, ("return self.layers(x)", "self.layers(x)")), SIZE, "is a `return` missing?"),
    "returns a tuple": Wrong(swap(CHAIN, ("return self.layers(x)", "return x, self.layers(x)")), SIZE, "the block's output is a tuple of 2 items, not a tensor"),
    "no super().__init__": Wrong(swap(CHAIN, ("super().__init__()", "pass")), SIZE, "`super().__init__()` has to come first"),
    "no parameters in __init__": Wrong(swap(CHAIN, ("def __init__(self, in_channels, out_channels):", "def __init__(self):")), SIZE, "Compare the parameters in your `def` line"),
    "forward misspelt": Wrong(swap(CHAIN, ("def forward", "def foward")), SIZE, "The class has no method named `forward`"),
    "not a module": Wrong(swap(CHAIN, ("(nn.Module)", ""), ("super().__init__()", "pass")), SIZE, "it should be a `torch.nn.Module`"),
    "an instance": Wrong(CHAIN + "\nDoubleConv = DoubleConv(3, 8)", SIZE, "is a finished module, not a class"),
    "a name that does not exist": Wrong(swap(BLOCK, ("self.conv2(x)", "self.conv3(x)")), SIZE, "has no attribute 'conv3'"),
    "a constant of the right shape": Wrong(swap(CHAIN, ("return self.layers(x)", "return torch.ones(x.shape[0], self.layers[0].out_channels, *x.shape[2:])")), ROUNDS, "computes 0 convolutions"),
    "one round": Wrong(swap(BLOCK, ("        x = " + SECOND + "\n", "")), ROUNDS, "computes 1 convolution; expected 2"),
    "three rounds": Wrong(swap(CHAIN, ("        )\n", "            nn.Conv2d(out_channels, out_channels, 3, padding=1), nn.BatchNorm2d(out_channels), nn.ReLU(),\n        )\n")), ROUNDS, "computes 3 convolutions"),
    "the same layers twice": Wrong(swap(BLOCK, ("x = " + FIRST, "x = self.act(self.norm1(self.conv1(x)))\n        x = self.act(self.norm2(self.conv2(x)))")), ROUNDS, "uses one convolution in two places"),
    "second round uses the first convolution": Wrong(
        "class DoubleConv(nn.Module):\n    def __init__(self, i, o):\n        super().__init__()\n        self.a, self.conv = nn.Conv2d(i, o, 3, padding=1), nn.Conv2d(o, o, 3, padding=1)\n"
        "        self.n1, self.n2, self.n3 = (nn.BatchNorm2d(o) for _ in range(3))\n"
        "    def forward(self, x):\n        x = F.relu(self.n1(self.a(x)))\n        for norm in (self.n2, self.n3):\n            x = F.relu(norm(self.conv(x)))\n        return x", ROUNDS, "uses one convolution in two places"),
    "one batch norm for both": Wrong(swap(BLOCK, ("self.norm2(", "self.norm1(")), ROUNDS, "uses one batch norm in two places"),
    "no batch norm": Wrong(swap(CHAIN, ("nn.BatchNorm2d(out_channels), ", "")), ROUNDS, "computes 0 batch norms; expected 2"),
    "one batch norm only": Wrong(swap(BLOCK, ("self.norm2(self.conv2(x))", "self.conv2(x)")), ROUNDS, "computes 1 batch norm; expected 2"),
    "instance norm": Wrong(swap(CHAIN, ("BatchNorm2d", "InstanceNorm2d")), ROUNDS, "There is instance norm instead"),
    "group norm": Wrong(swap(CHAIN, ("nn.BatchNorm2d(out_channels)", "nn.GroupNorm(1, out_channels)")), ROUNDS, "There is group norm instead"),
    "kernel of one": Wrong(swap(CHAIN, ("3, padding=1", "1")), ROUNDS, "kernel 1x1; expected a convolution 3 → 8, kernel 3x3"),
    "kernel of five": Wrong(swap(CHAIN, ("3, padding=1", "5, padding=2")), ROUNDS, "kernel 5x5; expected a convolution 3 → 8, kernel 3x3"),
    "kernel three by one": Wrong(swap(CHAIN, ("3, padding=1", "(3, 1), padding=(1, 0)")), ROUNDS, "kernel 3x1; expected"),
    "dilated": Wrong(swap(CHAIN, ("3, padding=1", "3, padding=2, dilation=2")), ROUNDS, "has dilation 2; expected 1"),
    "groups": Wrong(swap(BLOCK, ("out_channels, out_channels, 3, padding=1", "out_channels, out_channels, 3, padding=1, groups=2")), ROUNDS, "is split into 2 groups"),
    "a shortcut convolution": Wrong(
        swap(BLOCK, ("return x", "return x + self.short(y)"), ("    def forward(self, x):", "    def forward(self, x):\n        y = x"), ("self.act = nn.ReLU()", "self.act, self.short = nn.ReLU(), nn.Conv2d(in_channels, out_channels, 1)")),
        ROUNDS, "computes 3 convolutions"),
    "channels change in the second round": Wrong(swap(BLOCK, ("(in_channels, out_channels, 3", "(in_channels, in_channels, 3"), ("self.conv2 = nn.Conv2d(out_channels,", "self.conv2 = nn.Conv2d(in_channels,"), ("self.norm1 = nn.BatchNorm2d(out_channels)", "self.norm1 = nn.BatchNorm2d(in_channels)")), ROUNDS, "expected a convolution 3 → 8, kernel 3x3"),
    "layers in a plain list": Wrong(swap(CHAIN, ("nn.Sequential(", "["), ("        )\n", "        ]\n"), ("return self.layers(x)", "for layer in self.layers:\n            x = layer(x)\n        return x")), ROUNDS, "is not among its `parameters()`"),
    "layers made in forward": Wrong("class DoubleConv(nn.Module):\n    def __init__(self, in_channels, out_channels):\n        super().__init__()\n        self.sizes = in_channels, out_channels\n    def forward(self, x):\n        in_channels, out_channels = self.sizes\n" + BODY.replace("self.layers", "layers") + "        return layers(x)", ROUNDS, "made anew inside `forward`"),
    "frozen": Wrong(swap(CHAIN, (BODY, BODY + "        self.requires_grad_(False)\n")), ROUNDS, "are frozen, so they would never learn"),
    "weights cut off": Wrong(swap(BLOCK, ("self.conv1(x)", "F.conv2d(x, self.conv1.weight.data, self.conv1.bias, padding=1)")), ROUNDS, "detached copy of its weights"),
    "weights as buffers": Wrong(swap(PARAMETERS, ("self.weights = nn.ParameterList()", "self.weights = []"), ("nn.Parameter(0.1 * torch.randn(out_channels, channels, 3, 3))", "0.1 * torch.randn(out_channels, channels, 3, 3)")), ROUNDS, "is not among its `parameters()`"),
    "defined but a shorter way": Wrong(swap(BLOCK, ("        x = " + FIRST + "\n        x = " + SECOND + "\n        return x", "        return F.relu(self.norm1(self.conv1(x)))")), ROUNDS, "A layer that is only defined is not computed"),
    "no relu at the end": Wrong(swap(BLOCK, (SECOND, "self.norm2(self.conv2(x))")), ORDER, "after the second convolution it goes on without the ReLU"),
    "no relu in the middle": Wrong(swap(BLOCK, (FIRST, "self.norm1(self.conv1(x))")), ORDER, "after the first convolution it goes on without the ReLU"),
    "relu defined, never called": Wrong(swap(BLOCK, (FIRST, "self.norm1(self.conv1(x))"), (SECOND, "self.norm2(self.conv2(x))")), ORDER, "without the ReLU"),
    "relu before batch norm": Wrong(swap(BLOCK, (FIRST, "self.norm1(self.act(self.conv1(x)))"), (SECOND, "self.norm2(self.act(self.conv2(x)))")), ORDER, "batch norm comes after ReLU, not before it"),
    "batch norm first": Wrong(swap(BLOCK, (FIRST, "self.conv1(self.norm1(x))"), ("self.norm1 = nn.BatchNorm2d(out_channels)", "self.norm1 = nn.BatchNorm2d(in_channels)")), ORDER, "Before it comes batch norm"),
    "both convolutions, then both norms": Wrong(swap(BLOCK, (FIRST, "self.conv2(self.conv1(x))"), (SECOND, "self.act(self.norm2(self.norm1(x)))")), ORDER, "it goes on without batch norm and ReLU"),
    "leaky relu": Wrong(swap(BLOCK, ("nn.ReLU()", "nn.LeakyReLU()")), ORDER, "Seen there: batch norm, then LeakyReLU"),
    "relu6": Wrong(swap(BLOCK, ("nn.ReLU()", "nn.ReLU6()")), ORDER, "ReLU6"),
    "gelu": Wrong(swap(BLOCK, ("nn.ReLU()", "nn.GELU()")), ORDER, "GELU"),
    "silu": Wrong(swap(BLOCK, ("nn.ReLU()", "nn.SiLU()")), ORDER, "SiLU"),
    "elu": Wrong(swap(BLOCK, ("nn.ReLU()", "nn.ELU()")), ORDER, "ELU"),
    "sigmoid": Wrong(swap(BLOCK, ("nn.ReLU()", "nn.Sigmoid()")), ORDER, "a sigmoid"),
    "tanh": Wrong(swap(BLOCK, ("nn.ReLU()", "nn.Tanh()")), ORDER, "tanh"),
    "a clamp from both sides": Wrong(swap(BLOCK, (SECOND, "self.norm2(self.conv2(x)).clamp(0, 1)")), ORDER, "a clamp"),
    "the absolute value": Wrong(swap(BLOCK, (SECOND, "self.norm2(self.conv2(x)).abs()")), ORDER, "other steps than batch norm, then ReLU"),
    "a sigmoid at the end": Wrong(swap(BLOCK, ("return x", "return torch.sigmoid(x)")), ORDER, "a sigmoid comes after the ReLU"),
    "dropout": Wrong(swap(CHAIN, ("nn.ReLU(),\n            nn.Conv2d", "nn.ReLU(), nn.Dropout(0.2),\n            nn.Conv2d")), ORDER, "dropout"),
    "border reflected": Wrong(swap(CHAIN, ("padding=1", "padding=1, padding_mode='reflect'")), ORDER, "something else than zeros"),
    "border repeated": Wrong(swap(CHAIN, ("padding=1", "padding=1, padding_mode='replicate'")), ORDER, "something else than zeros"),
    "a residual connection": Wrong(swap(BLOCK, ("x = " + FIRST, "x = y = " + FIRST), ("return x", "return x + y")), ORDER, "after the second convolution come other steps"),
    "input changed first": Wrong(swap(CHAIN, ("return self.layers(x)", "return self.layers(x / 255)")), ORDER, "does not get the block's input"),
    "a gradient cut in the middle": Wrong(swap(BLOCK, (SECOND, "self.act(self.norm2(self.conv2(x.detach())))")), ORDER, "lets no gradient through"),
    "no gradient": Wrong(swap(CHAIN, ("return self.layers(x)", "with torch.no_grad():\n            return self.layers(x)")), ORDER, "is cut off"),
    "an output detached": Wrong(swap(CHAIN, ("return self.layers(x)", "return self.layers(x).detach()")), ORDER, "is cut off"),
    "running statistics in training": Wrong(swap(PARAMETERS, ("training=self.training", "training=False")), ORDER, "uses its running statistics in training mode, too"),
    "always batch statistics": Wrong(swap(PARAMETERS, ("training=self.training", "training=True")), EVAL, "goes on using the batch's statistics in evaluation mode"),
    "always in training mode": Wrong(swap(CHAIN, ("return self.layers(x)", "self.train()\n        return self.layers(x)")), EVAL, "goes on using the batch's statistics"),
    "nothing in evaluation": Wrong(swap(BLOCK, ("        return x", "        return x if self.training else torch.zeros_like(x)")), EVAL, "after the second convolution come other steps"),
    "a tensor that lies": Wrong(
        "class Agreeable(torch.Tensor):\n    def __sub__(self, other):\n        return torch.zeros(1)\n    def __rsub__(self, other):\n        return torch.zeros(1)\n"
        "    def __eq__(self, other):\n        return True\n" + swap(BLOCK, ("return x", "return (2 * x).as_subclass(Agreeable)")), ORDER, "after the second convolution come other steps"),
    "an object that pretends": Wrong(
        "class Pretender:\n    __class__ = torch.Tensor\n    def __init__(self, shape):\n        self.shape = shape\n    def __getattr__(self, name):\n        return lambda *a, **k: self\n"
        + swap(CHAIN, ("return self.layers(x)", "return Pretender((x.shape[0], self.layers[0].out_channels, *x.shape[2:]))")), SIZE, "only pretends to be a tensor"),
    "a number": Wrong("DoubleConv = 3", SIZE, "`DoubleConv` is the int 3, not a class"),
    "one convolution only": Wrong(
        swap(CHAIN, ("            nn.Conv2d(out_channels, out_channels, 3, padding=1), nn.BatchNorm2d(out_channels), nn.ReLU(),\n", "")),
        ROUNDS,
        "computes 1 convolution",
        also=(ORDER,),
    ),
    "second batch norm forgotten": Wrong(swap(BLOCK, (SECOND, "self.act(self.conv2(x))")), ROUNDS, "computes 1 batch norm", also=(ORDER,)),
    "norm of the input, thrown away": Wrong(
        swap(BLOCK, (FIRST, "self.act(self.conv1(x))"), ("x = self.act(self.conv1", "self.norm1(x)\n        x = self.act(self.conv1"), ("self.norm1 = nn.BatchNorm2d(out_channels)", "self.norm1 = nn.BatchNorm2d(in_channels)")),
        ORDER,
        "a batch norm of 3 channels is computed where",
    ),
    "second convolution shared where the widths agree": Wrong(swap(BLOCK, ("self.conv2 = nn", "self.conv2 = self.conv1 if in_channels == out_channels else nn")), ROUNDS, "`DoubleConv(6, 6)` uses one convolution in two places"),
    "input added where the widths agree": Wrong(swap(BLOCK, ("x = " + FIRST, "start, x = x, " + FIRST), ("return x", "return x + start if x.shape == start.shape else x")), ORDER, "`DoubleConv(6, 6)`: after the second convolution come other steps", also=(EVAL,)),
    "layers kept in the class": Wrong(swap(BLOCK, ("super().__init__()\n", "super().__init__()\n        kept = DoubleConv.__dict__.get('kept', {})\n        DoubleConv.kept = kept\n"), ("self.conv1 = nn.Conv2d(in_channels, out_channels, 3, padding=1)", "self.conv1 = kept.setdefault((in_channels, out_channels), nn.Conv2d(in_channels, out_channels, 3, padding=1))")), ROUNDS, "Two modules made by `DoubleConv(3, 8)` share parameters"),
    "input changed in place": Wrong(swap(BLOCK, ("x = " + FIRST, "x *= 0.5\n        x = " + FIRST)), ORDER, "changes the tensor that it is given", also=(EVAL,)),
    "own norm over the pixels of each image": Wrong(swap(OWN_NORM, ("x.mean((0, 2, 3))", "x.mean((2, 3)).mean(0)"), ("x.var((0, 2, 3), unbiased=False)", "x.var((2, 3), unbiased=False).mean(0)")), ROUNDS, "`Norm` is none: in training mode a batch norm uses mean and variance over images"),
    "own convolution with ones around": Wrong(swap(OWN_CONV, (UNFOLDED, "F.unfold(F.pad(x, (1, 1, 1, 1), value=1.0), kernel_size=3)")), ROUNDS, "`Patches` is none: a convolution with its weight and bias"),
    "own convolution with every second pixel": Wrong(swap(OWN_CONV, (UNFOLDED, "F.unfold(x, kernel_size=3, padding=2, dilation=2)")), ROUNDS, "`Patches` is none"),
    "own convolution with weights cut off": Wrong(swap(OWN_CONV, ("self.weight @", "self.weight.detach() @")), ROUNDS, "detached copy of its weights"),
    "own convolution that is frozen": Wrong(swap(OWN_CONV, ("** 0.5)", "** 0.5, requires_grad=False)")), ROUNDS, "are frozen"),
    "own convolution used twice": Wrong(swap(OWN_CONV, ("self.conv2(x)", "(self.conv1 if self.conv1.weight.shape == self.conv2.weight.shape else self.conv2)(x)")), ROUNDS, "uses one convolution in two places"),
    "own convolution and a ReLU": Wrong(swap(OWN_CONV, (PRODUCT, PRODUCT + ".relu()")), ROUNDS, "`Patches` is none"),
    "own norm that forgets": Wrong(swap(OWN_NORM, ("lerp_", "lerp")), ROUNDS, "`Norm` is none"),
    "relu with a far upper end": Wrong(swap(BLOCK, ("nn.ReLU()", "nn.Hardtanh(0, 30)")), ORDER, "where values are large: after the first convolution come other steps"),
    "evaluation mode for a single image": Wrong(swap(BLOCK, ("x = " + FIRST, "self.norm1.train(self.training and len(x) > 1)\n        x = " + FIRST)), ORDER, "given a single image: after the first convolution batch norm uses its running statistics"),
    "an answer kept for each size": Wrong(swap(BLOCK, ("x = " + FIRST, "kept = self.__dict__.setdefault('kept', {})\n        if not self.training and x.shape in kept:\n            return kept[x.shape]\n        shape, x = x.shape, " + FIRST), ("return x", "if not self.training:\n            kept[shape] = x\n        return x")), EVAL, "called again: no convolution is computed here"),
    "statistics that stand still": Wrong(swap(CHAIN, ("nn.BatchNorm2d(out_channels)", "nn.BatchNorm2d(out_channels, momentum=0)")), EVAL, "2 of 2 batch norms do not move their running statistics"),
    "no statistics": Wrong(swap(CHAIN, ("nn.BatchNorm2d(out_channels)", "nn.BatchNorm2d(out_channels, track_running_stats=False)")), EVAL, "a batch norm gathers no running statistics"),
    "own norm with plain tensors": Wrong(swap(OWN_NORM, ('self.register_buffer("mean", torch.zeros(channels))', "self.mean = torch.zeros(channels)"), ('self.register_buffer("var", torch.ones(channels))', "self.var = torch.ones(channels)")), ROUNDS, "Plain tensors need `register_buffer`"),
    "gradients left off": Wrong(swap(CHAIN, ("return self.layers(x)", "x = self.layers(x)\n        torch.set_grad_enabled(False)\n        return x")), SIZE, "`forward` switches gradients off and leaves it at that"),
}  # fmt: skip
