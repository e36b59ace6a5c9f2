"""Exercise 1: answers from the exercise text alone."""

from tests.checks.fresh import edit

BASE = """
def replace_head(model, num_classes, hidden=None, dropout=0.5):
    features = model.fc.in_features
    if hidden is None:
        model.fc = nn.Linear(features, num_classes)
    else:
        model.fc = nn.Sequential(
            nn.Linear(features, hidden),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(hidden, num_classes),
        )
    return model
"""

CLASS = """
class Head(nn.Module):
    def __init__(self, features, hidden, classes, p):
        super().__init__()
        self.squeeze = nn.Linear(features, hidden)
        self.classify = nn.Linear(hidden, classes)
        self.p = p

    def forward(self, x):
        x = F.relu(self.squeeze(x))
        x = F.dropout(x, p=self.p, training=self.training)
        return self.classify(x)


def replace_head(model, num_classes, hidden=None, dropout=0.5):
    n = model.fc.weight.shape[1]
    model.fc = nn.Linear(n, num_classes) if hidden is None else Head(n, hidden, num_classes, dropout)
    return model
"""

OWN = """
import math


class Affine(nn.Module):
    def __init__(self, n_in, n_out):
        super().__init__()
        self.w = nn.Parameter(torch.randn(n_in, n_out) / math.sqrt(n_in))
        self.b = nn.Parameter(torch.zeros(n_out))

    def forward(self, x):
        return x @ self.w + self.b


def replace_head(model, num_classes, hidden=None, dropout=0.5):
    sizes = [model.fc.in_features, *([] if hidden is None else [hidden]), num_classes]
    layers = []
    for first, second in zip(sizes, sizes[1:]):
        layers += [Affine(first, second), nn.ReLU(), nn.Dropout(dropout)]
    model.fc = nn.Sequential(*layers[:-2])
    return model
"""

ANSWERS = [
    ("plain-if-else", BASE, True),
    ("class-with-functional-dropout", CLASS, True),
    ("own-affine-layers-transposed-weight", OWN, True),
    (
        "subclass-of-sequential",
        """
class MLPHead(nn.Sequential):
    \"\"\"Linear, ReLU, dropout, linear.\"\"\"

    def __init__(self, in_features: int, hidden: int, out_features: int, p: float) -> None:
        super().__init__(
            nn.Linear(in_features, hidden), nn.ReLU(inplace=True), nn.Dropout(p, inplace=True),
            nn.Linear(hidden, out_features),
        )


def replace_head(model: nn.Module, num_classes: int, hidden: int | None = None, dropout: float = 0.5) -> nn.Module:
    match hidden:
        case None:
            head = nn.Linear(model.fc.in_features, num_classes)
        case int(width):
            head = MLPHead(model.fc.in_features, width, num_classes, dropout)
    setattr(model, "fc", head)
    return model
""",
        True,
    ),
    (
        "ordered-dict-and-own-initialisation",
        """
from collections import OrderedDict


def _init(module):
    if isinstance(module, nn.Linear):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        nn.init.zeros_(module.bias)


def replace_head(model, num_classes, hidden=None, dropout=0.5, verbose=False):
    nin = model.fc.in_features
    layers = OrderedDict()
    if hidden is not None:
        layers["hidden"] = nn.Linear(nin, hidden)
        layers["act"] = nn.ReLU()
        layers["drop"] = nn.Dropout(p=dropout)
        nin = hidden
    layers["out"] = nn.Linear(nin, num_classes)
    head = nn.Sequential(layers).apply(_init)
    if verbose:
        print(head)
    del model.fc
    model.add_module("fc", head)
    return model
""",
        True,
    ),
    (
        "zero-initialised-last-layer",
        edit(
            BASE,
            (
                "    return model",
                "    last = model.fc if hidden is None else model.fc[-1]\n"
                "    nn.init.zeros_(last.weight), nn.init.zeros_(last.bias)\n    return model",
            ),
        ),
        True,
    ),
    (
        "modulelist-and-clamp",
        """
class Head(nn.Module):
    def __init__(self, widths, p):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(widths[:-1], widths[1:]))
        self.drop = nn.Dropout(p)

    def forward(self, x):
        *inner, last = self.layers
        for layer in inner:
            x = self.drop(layer(x).clamp(min=0))
        return last(x)


def replace_head(model, num_classes, hidden=None, dropout=0.5):
    widths = [w for w in (model.fc.in_features, hidden, num_classes) if w is not None]
    model.fc = Head(widths, dropout)
    return model
""",
        True,
    ),
    (
        "dropout-by-hand",
        edit(
            CLASS,
            (
                "        x = F.dropout(x, p=self.p, training=self.training)\n",
                "        if self.training and self.p > 0:\n"
                "            keep = torch.empty_like(x).bernoulli_(1 - self.p)\n"
                "            x = x * keep / (1 - self.p) if self.p < 1 else x * 0\n",
            ),
        ),
        True,
    ),
    (
        "keeps-mode-device-and-dtype",
        """
def replace_head(model, num_classes, hidden=None, dropout=0.5):
    old = model.fc
    kind = {"device": old.weight.device, "dtype": old.weight.dtype}
    if hidden is None:
        new = nn.Linear(old.in_features, num_classes, bias=True, **kind)
    else:
        new = nn.Sequential(nn.Linear(old.in_features, hidden, **kind), nn.ReLU(), nn.Dropout(dropout),
                            nn.Linear(hidden, num_classes, **kind))
    model.fc = new.train(old.training).requires_grad_(True)
    return model
""",
        True,
    ),
    (
        "functional-parametrised-tensors",
        """
class Head(nn.Module):
    def __init__(self, d, h, k, p):
        super().__init__()
        self.W1, self.b1 = nn.Parameter(torch.empty(h, d)), nn.Parameter(torch.zeros(h))
        self.W2, self.b2 = nn.Parameter(torch.empty(k, h)), nn.Parameter(torch.zeros(k))
        nn.init.xavier_uniform_(self.W1)
        nn.init.xavier_uniform_(self.W2)
        self.p = p

    def forward(self, x):
        x = torch.relu(F.linear(x, self.W1, self.b1))
        return F.linear(F.dropout(x, self.p, self.training), self.W2, self.b2)


@torch.no_grad()
def replace_head(model, num_classes, hidden=None, dropout=0.5):
    d = model.fc.in_features
    model.fc = Head(d, hidden, num_classes, dropout) if hidden is not None else nn.Linear(d, num_classes)
    return model
""",
        True,
    ),
    (
        "lambda-factories-and-partial",
        """
from functools import partial

linear = lambda model, k, **_: nn.Linear(model.fc.in_features, k)
mlp = lambda model, k, h, p: nn.Sequential(
    nn.Sequential(nn.Linear(model.fc.in_features, h), nn.ReLU()), nn.Sequential(nn.Dropout(p), nn.Linear(h, k)))


def replace_head(model, num_classes, hidden=None, dropout=0.5):
    make = linear if hidden is None else partial(mlp, h=hidden, p=dropout)
    model.fc = make(model, num_classes)
    return model
""",
        True,
    ),
    (
        "identity-instead-of-no-dropout",
        edit(BASE, ("nn.Dropout(dropout)", "nn.Dropout(dropout) if dropout > 0 else nn.Identity()")),
        True,
    ),
    (
        "type-of-the-old-head-and-module-dict",
        """
class TwoLayers(nn.Module):
    def __init__(self, make, n, hidden, k, rate):
        super().__init__()
        self.parts = nn.ModuleDict({"a": make(n, hidden), "r": nn.ReLU(), "d": nn.Dropout(rate), "b": make(hidden, k)})

    def forward(self, x):
        for part in self.parts.values():
            x = part(x)
        return x


def replace_head(model, num_classes, hidden=None, dropout=0.5):
    Linear = type(model.fc)
    if not hidden:
        model.fc = Linear(model.fc.in_features, num_classes)
    else:
        model.fc = TwoLayers(Linear, model.fc.in_features, hidden, num_classes, dropout)
    return model
""",
        True,
    ),
    ("hard-coded-512", edit(BASE, ("model.fc.in_features", "512")), False),
    (
        "features-from-layer4-basic-block",
        edit(BASE, ("model.fc.in_features", "model.layer4[-1].conv1.out_channels")),
        False,
    ),
    ("works-on-a-copy", edit(BASE, ("    features =", "    model = copy.deepcopy(model)\n    features =")), False),
    ("returns-nothing", edit(BASE, ("    return model\n", "")), False),
    ("returns-the-head", edit(BASE, ("return model", "return model.fc")), False),
    (
        "softmax-at-the-end",
        edit(
            BASE,
            (
                "            nn.Linear(hidden, num_classes),\n",
                "            nn.Linear(hidden, num_classes),\n            nn.Softmax(dim=1),\n",
            ),
        ),
        False,
    ),
    (
        "log-softmax-after-the-single-layer",
        edit(
            BASE,
            (
                "nn.Linear(features, num_classes)",
                "nn.Sequential(nn.Linear(features, num_classes), nn.LogSoftmax(dim=1))",
            ),
        ),
        False,
    ),
    ("relu-after-the-last-layer", edit(CLASS, ("return self.classify(x)", "return F.relu(self.classify(x))")), False),
    (
        "single-layer-without-bias",
        edit(BASE, ("nn.Linear(features, num_classes)", "nn.Linear(features, num_classes, bias=False)")),
        False,
    ),
    (
        "first-of-two-without-bias",
        edit(BASE, ("nn.Linear(features, hidden)", "nn.Linear(features, hidden, bias=False)")),
        False,
    ),
    ("own-layer-bias-is-a-plain-tensor", edit(OWN, ("nn.Parameter(torch.zeros(n_out))", "torch.zeros(n_out)")), False),
    ("no-relu", edit(BASE, ("            nn.ReLU(),\n", "")), False),
    ("gelu", edit(BASE, ("nn.ReLU()", "nn.GELU()")), False),
    ("leaky-relu", edit(BASE, ("nn.ReLU()", "nn.LeakyReLU()")), False),
    ("clipped-relu", edit(BASE, ("nn.ReLU()", "nn.Hardtanh(0, 0.5)")), False),
    ("relu6", edit(BASE, ("nn.ReLU()", "nn.ReLU6()")), False),
    ("dropout-always-one-half", edit(BASE, ("nn.Dropout(dropout)", "nn.Dropout()")), False),
    ("dropout-keeps-instead-of-drops", edit(BASE, ("nn.Dropout(dropout)", "nn.Dropout(1 - dropout)")), False),
    ("dropout-also-in-evaluation", edit(CLASS, (", training=self.training", "")), False),
    ("dropout-never", edit(CLASS, ("training=self.training", "training=False")), False),
    ("dropout-forgotten", edit(BASE, ("            nn.Dropout(dropout),\n", "")), False),
    (
        "dropout-by-hand-without-scaling",
        edit(
            CLASS,
            (
                "        x = F.dropout(x, p=self.p, training=self.training)\n",
                "        if self.training:\n            x = x * (torch.rand_like(x) >= self.p)\n",
            ),
        ),
        False,
    ),
    (
        "dropout-on-the-features",
        edit(
            BASE,
            ("            nn.Dropout(dropout),\n", ""),
            (
                "            nn.Linear(features, hidden)",
                "            nn.Dropout(dropout),\n            nn.Linear(features, hidden)",
            ),
        ),
        False,
    ),
    (
        "dropout-after-the-last-layer",
        edit(
            BASE,
            ("            nn.Dropout(dropout),\n", ""),
            (
                "nn.Linear(hidden, num_classes),\n",
                "nn.Linear(hidden, num_classes),\n            nn.Dropout(dropout),\n",
            ),
        ),
        False,
    ),
    (
        "dropout-of-whole-rows",
        edit(
            CLASS,
            (
                "        x = F.dropout(x, p=self.p, training=self.training)\n",
                "        if self.training:\n"
                "            x = x * torch.empty(len(x), 1).bernoulli_(1 - self.p) / max(1 - self.p, 1e-9)\n",
            ),
        ),
        False,
    ),
    ("alpha-dropout", edit(BASE, ("nn.Dropout(", "nn.AlphaDropout(")), False),
    (
        "dropout-in-front-of-the-single-layer-too",
        edit(
            BASE,
            (
                "nn.Linear(features, num_classes)",
                "nn.Sequential(nn.Dropout(dropout), nn.Linear(features, num_classes))",
            ),
        ),
        False,
    ),
    (
        "hidden-always-256",
        edit(
            BASE,
            ("nn.Linear(features, hidden)", "nn.Linear(features, 256)"),
            ("nn.Linear(hidden, num_classes)", "nn.Linear(256, num_classes)"),
        ),
        False,
    ),
    ("hidden-ignored", edit(BASE, ("if hidden is None:", "if True:")), False),
    (
        "freezes-the-body",
        edit(BASE, ("    if hidden is None", "    model.requires_grad_(False)\n    if hidden is None")),
        False,
    ),
    ("unfreezes-the-body", edit(BASE, ("    return model", "    model.requires_grad_(True)\n    return model")), False),
    (
        "head-inherits-frozenness",
        edit(
            BASE,
            ("    features =", "    free = model.fc.weight.requires_grad\n    features ="),
            ("    return model", "    model.fc.requires_grad_(free)\n    return model"),
        ),
        False,
    ),
    (
        "on-top-of-the-old-head",
        edit(BASE, ("nn.Linear(features, num_classes)", "nn.Sequential(model.fc, nn.Linear(1000, num_classes))")),
        False,
    ),
    (
        "only-the-attribute",
        """
def replace_head(model, num_classes, hidden=None, dropout=0.5):
    model.fc.out_features = num_classes
    return model
""",
        False,
    ),
    ("another-attribute", edit(BASE, ("model.fc =", "model.classifier =")), False),
    (
        "batch-norm-in-the-head",
        edit(BASE, ("            nn.ReLU(),\n", "            nn.BatchNorm1d(hidden),\n            nn.ReLU(),\n")),
        False,
    ),
    (
        "two-hidden-layers",
        edit(
            BASE,
            (
                "            nn.Dropout(dropout),\n",
                "            nn.Dropout(dropout),\n            nn.Linear(hidden, hidden),\n            nn.ReLU(),\n",
            ),
        ),
        False,
    ),
    (
        "reinitialises-the-body",
        edit(
            BASE,
            (
                "    return model",
                "    for part in model.modules():\n        if hasattr(part, 'reset_parameters'):\n"
                "            part.reset_parameters()\n    return model",
            ),
        ),
        False,
    ),
    (
        "changes-the-pooling",
        edit(BASE, ("    return model", "    model.avgpool = nn.AdaptiveMaxPool2d(1)\n    return model")),
        False,
    ),
    (
        "one-head-for-everybody",
        """
from functools import lru_cache


@lru_cache
def make_head(n, k, hidden, p):
    if hidden is None:
        return nn.Linear(n, k)
    return nn.Sequential(nn.Linear(n, hidden), nn.ReLU(), nn.Dropout(p), nn.Linear(hidden, k))


def replace_head(model, num_classes, hidden=None, dropout=0.5):
    model.fc = make_head(model.fc.in_features, num_classes, hidden, dropout)
    return model
""",
        False,
    ),
    (
        "layers-in-a-plain-list",
        edit(
            CLASS,
            (
                "        self.squeeze = nn.Linear(features, hidden)\n        self.classify = nn.Linear(hidden, classes)",
                "        self.layers = [nn.Linear(features, hidden), nn.Linear(hidden, classes)]",
            ),
            ("self.squeeze(x)", "self.layers[0](x)"),
            ("self.classify(x)", "self.layers[1](x)"),
        ),
        False,
    ),
    ("head-without-gradients", edit(CLASS, ("    def forward", "    @torch.no_grad()\n    def forward")), False),
    ("head-cuts-the-gradient-of-the-body", edit(CLASS, ("self.squeeze(x)", "self.squeeze(x.detach())")), False),
    (
        "one-score-for-two-classes",
        edit(BASE, ("    features =", "    num_classes = 1 if num_classes == 2 else num_classes\n    features =")),
        False,
    ),
    (
        "hidden-and-classes-swapped",
        edit(
            BASE,
            ("nn.Linear(features, hidden)", "nn.Linear(features, num_classes)"),
            ("nn.Linear(hidden, num_classes)", "nn.Linear(num_classes, hidden)"),
        ),
        False,
    ),
    (
        "both-layers-share-a-weight-transposed",
        edit(
            CLASS,
            (
                "return self.classify(x)",
                "return F.linear(x, self.squeeze.weight[: self.classify.out_features, : x.shape[1]], self.classify.bias)",
            ),
        ),
        False,
    ),
    ("lambda-as-head", edit(BASE, ("nn.Linear(features, num_classes)", "lambda x: x[:, :num_classes]")), False),
    (
        "flatten-in-front",
        edit(
            BASE, ("nn.Linear(features, num_classes)", "nn.Sequential(nn.Flatten(), nn.Linear(features, num_classes))")
        ),
        True,
    ),
    (
        "subclass-of-linear-with-a-hidden-part",
        """
class HiddenLinear(nn.Linear):
    def __init__(self, n, hidden, k, p):
        super().__init__(hidden, k)
        self.before = nn.Linear(n, hidden)
        self.rate = p

    def forward(self, x):
        x = self.before(x)
        x = x * (x > 0)
        return super().forward(nn.functional.dropout(x, self.rate, self.training))


def replace_head(model, num_classes, hidden=None, dropout=0.5):
    n = model.fc.in_features
    model._modules["fc"] = HiddenLinear(n, hidden, num_classes, dropout) if hidden else nn.Linear(n, num_classes)
    return model
""",
        True,
    ),
    (
        "lazy-layers-that-have-seen-a-feature-vector",
        """
def replace_head(model, num_classes, hidden=None, dropout=0.5):
    layers = [nn.LazyLinear(num_classes)]
    if hidden is not None:
        layers = [nn.LazyLinear(hidden), nn.ReLU(), nn.Dropout(dropout)] + layers
    head = nn.Sequential(*layers)
    head(torch.zeros(2, model.fc.in_features))
    model.fc = head
    return model
""",
        True,
    ),
    (
        "seeded-orthogonal-head",
        """
def replace_head(model, num_classes, hidden=None, dropout=0.5):
    with torch.random.fork_rng():
        torch.manual_seed(0)
        head = nn.Sequential()
        width = model.fc.in_features
        if hidden is not None:
            head.extend([nn.Linear(width, hidden), nn.ReLU(), nn.Dropout(dropout)])
            width = hidden
        head.append(nn.Linear(width, num_classes))
        for layer in head:
            if isinstance(layer, nn.Linear):
                nn.init.orthogonal_(layer.weight)
                nn.init.constant_(layer.bias, 0.01)
    model.set_submodule("fc", head)
    return model
""",
        True,
    ),
    (
        "one-dropout-mask-for-the-whole-batch",
        edit(
            CLASS,
            (
                "        x = F.dropout(x, p=self.p, training=self.training)\n",
                "        if self.training and self.p < 1:\n"
                "            x = x * torch.empty(x.shape[1]).bernoulli_(1 - self.p) / (1 - self.p)\n",
            ),
        ),
        False,
    ),
    (
        "mode-remembered-at-building",
        edit(
            CLASS,
            ("self.p = p", "self.p = p\n        self.on = self.training"),
            ("training=self.training", "training=self.on"),
        ),
        False,
    ),
    (
        "hidden-layer-frozen",
        edit(CLASS, ("        self.p = p", "        self.p = p\n        self.squeeze.requires_grad_(False)")),
        False,
    ),
    ("scores-squeezed", edit(CLASS, ("return self.classify(x)", "return self.classify(x).squeeze()")), False),
    ("leaves-the-model-in-evaluation-mode", edit(BASE, ("return model", "return model.eval()")), False),
    ("normalised-features", edit(CLASS, ("self.squeeze(x)", "self.squeeze(F.normalize(x))")), False),
    ("temperature", edit(CLASS, ("return self.classify(x)", "return self.classify(x) / 2")), False),
    (
        "residual-in-the-head",
        edit(
            CLASS,
            ("        x = F.relu(self.squeeze(x))", "        x = F.relu(self.squeeze(x)) + x.mean(1, keepdim=True)"),
        ),
        False,
    ),
]
