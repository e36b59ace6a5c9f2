"""Exercise 1: answers from the exercise text, by a second reader."""

from tests.checks.fresh import edit

TERSE = """
def replace_head(model, num_classes, hidden=None, dropout=0.5):
    n = model.fc.in_features
    sizes = [n, num_classes] if hidden is None else [n, hidden, num_classes]
    first, *rest = (nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))
    model.fc = nn.Sequential(first, nn.ReLU(), nn.Dropout(dropout), *rest) if rest else first
    return model
"""

VERBOSE = '''
import logging
from collections import OrderedDict
from typing import Optional

logger = logging.getLogger(__name__)
logger.addHandler(logging.NullHandler())


def _validate(num_classes: int, hidden: Optional[int], dropout: float) -> None:
    """Refuse arguments that make no sense before anything is touched."""
    if num_classes < 1:
        raise ValueError(f"num_classes must be positive, got {num_classes}")
    if hidden is not None and hidden < 1:
        raise ValueError(f"hidden must be positive or None, got {hidden}")
    if not 0.0 <= dropout <= 1.0:
        raise ValueError(f"dropout must be a probability, got {dropout}")


def _initialise(layer: nn.Linear, nonlinearity: str) -> nn.Linear:
    """Kaiming initialisation of the weights, zeros for the bias."""
    nn.init.kaiming_normal_(layer.weight, nonlinearity=nonlinearity)
    nn.init.zeros_(layer.bias)
    return layer


def _build_head(in_features: int, num_classes: int, hidden: Optional[int], dropout: float) -> nn.Module:
    """Build the classifier head."""
    if hidden is None:
        logger.debug("building a linear head: %d -> %d", in_features, num_classes)
        return _initialise(nn.Linear(in_features, num_classes, bias=True), "linear")
    logger.debug("building a two-layer head: %d -> %d -> %d", in_features, hidden, num_classes)
    return nn.Sequential(
        OrderedDict(
            projection=_initialise(nn.Linear(in_features, hidden, bias=True), "relu"),
            activation=nn.ReLU(inplace=True),
            regulariser=nn.Dropout(p=dropout, inplace=False),
            classifier=_initialise(nn.Linear(hidden, num_classes, bias=True), "linear"),
        )
    )


def replace_head(
    model: nn.Module, num_classes: int, hidden: Optional[int] = None, dropout: float = 0.5, *, verbose: bool = False
) -> nn.Module:
    """Replace the classification head of a torchvision ResNet.

    Args:
        model: the network; changed in place.
        num_classes: number of output scores.
        hidden: number of hidden units, or None for a single linear layer.
        dropout: probability of dropping a hidden unit.
        verbose: whether to log what was done.

    Returns:
        The same model object.
    """
    _validate(num_classes, hidden, dropout)
    in_features: int = model.fc.in_features
    head = _build_head(in_features, num_classes, hidden, dropout)
    head.train(model.training)
    model.fc = head
    if verbose:
        logger.info("head replaced: %s", head)
    return model
'''

OWN_CLASS = """
class Head(nn.Module):
    def __init__(self, ins, outs, hidden, p):
        super().__init__()
        self.p = p
        self.inner = nn.Linear(ins, hidden)
        self.outer = nn.Linear(hidden, outs)

    def forward(self, x):
        x = self.inner(x)
        x = x * (x > 0)
        if self.training and self.p > 0:
            keep = torch.rand_like(x) >= self.p
            x = torch.where(keep, x / max(1 - self.p, 1e-12), torch.zeros_like(x))
        return self.outer(x)


def replace_head(model, num_classes, hidden=None, dropout=0.5):
    ins = model.fc.in_features
    model.fc = nn.Linear(ins, num_classes) if hidden is None else Head(ins, num_classes, hidden, dropout)
    return model
"""

SEQUENTIAL_CLASS = """
class MLP(nn.Sequential):
    def __init__(self, *sizes, dropout):
        layers = []
        for i, (a, b) in enumerate(zip(sizes, sizes[1:])):
            if i:
                layers += [nn.ReLU(), nn.Dropout(dropout)]
            layers.append(nn.Linear(a, b))
        super().__init__(*layers)


def replace_head(model, num_classes, hidden=None, dropout=0.5):
    model.add_module("fc", MLP(model.fc.in_features, *([hidden] if hidden else []), num_classes, dropout=dropout))
    return model
"""

PARAMETERS = """
import math


class Dense(nn.Module):
    def __init__(self, ins, outs):
        super().__init__()
        self.kernel = nn.Parameter(torch.empty(ins, outs).uniform_(-1, 1) / math.sqrt(ins))
        self.offset = nn.Parameter(torch.zeros(outs))

    def forward(self, x):
        return torch.addmm(self.offset, x, self.kernel)


class TwoLayer(nn.Module):
    def __init__(self, ins, hidden, outs, rate):
        super().__init__()
        self.steps = nn.ModuleList([Dense(ins, hidden), Dense(hidden, outs)])
        self.rate = rate

    def forward(self, x, return_hidden=False):
        h = F.dropout(self.steps[0](x).clamp_min(0), self.rate, self.training)
        scores = self.steps[1](h)
        return (scores, h) if return_hidden else scores


def replace_head(model, num_classes, hidden=None, dropout=0.5):
    ins = model.fc.weight.shape[1]
    model.fc = nn.Linear(ins, num_classes) if hidden is None else TwoLayer(ins, hidden, num_classes, dropout)
    return model
"""

MATCH = """
from functools import partial, reduce


def replace_head(model, num_classes, hidden=None, dropout=0.5):
    old = model.get_submodule("fc")
    linear = partial(nn.Linear, device=old.weight.device, dtype=old.weight.dtype)
    match hidden:
        case None:
            head = linear(old.in_features, num_classes)
        case units:
            head = nn.Sequential()
            for name, part in {
                "down": linear(old.in_features, units),
                "act": nn.Threshold(0.0, 0.0),
                "drop": nn.Dropout(dropout),
                "up": linear(units, num_classes),
            }.items():
                head.add_module(name, part)
    for parameter in head.parameters():
        parameter.requires_grad_(True)
    model.fc = head
    return model
"""

CONFIG = '''
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Sizes(NamedTuple):
    """How wide the head is, from its input to its output."""

    features: int
    hidden: int | None
    classes: int


@dataclass(frozen=True, slots=True)
class HeadConfig:
    """Everything that decides how a head looks."""

    sizes: Sizes
    dropout: float = 0.5
    extras: dict[str, Any] = field(default_factory=dict)

    @property
    def is_deep(self) -> bool:
        return self.sizes.hidden is not None


class HeadFactory:
    """Builds heads from configurations."""

    def __init__(self, config: HeadConfig) -> None:
        self.config = config

    def _shallow(self) -> nn.Module:
        return nn.Linear(self.config.sizes.features, self.config.sizes.classes)

    def _deep(self) -> nn.Module:
        features, hidden, classes = self.config.sizes
        assert hidden is not None
        parts = [nn.Linear(features, hidden), nn.ReLU(), nn.Dropout(self.config.dropout), nn.Linear(hidden, classes)]
        for part in parts:
            if isinstance(part, nn.Linear):
                nn.init.xavier_uniform_(part.weight)
                nn.init.constant_(part.bias, 0.01)
        return nn.Sequential(*parts)

    def build(self) -> nn.Module:
        return self._deep() if self.config.is_deep else self._shallow()


def replace_head(model, num_classes, hidden=None, dropout=0.5):
    """Give the model a new head; see HeadConfig for what decides on it."""
    old_head = model.fc
    assert isinstance(old_head, nn.Linear), "expected a torchvision ResNet"
    config = HeadConfig(Sizes(old_head.in_features, hidden, num_classes), dropout)
    setattr(model, "fc", HeadFactory(config).build())
    assert model.fc is not old_head
    return model
'''

ANSWERS = [
    ("sizes-zipped", TERSE, True),
    ("verbose-validated-and-logged", VERBOSE, True),
    ("own-class-with-dropout-by-hand", OWN_CLASS, True),
    ("sequential-subclass-by-add-module", SEQUENTIAL_CLASS, True),
    ("own-dense-layers-in-a-module-list", PARAMETERS, True),
    ("match-with-threshold-as-relu", MATCH, True),
    ("dataclass-config-and-factory", CONFIG, True),
    (
        "lambda-one-liner-by-setattr",
        "replace_head = lambda model, num_classes, hidden=None, dropout=0.5: setattr(model, 'fc', nn.Linear("
        "model.fc.in_features, num_classes) if hidden is None else nn.Sequential(nn.Linear(model.fc.in_features, hidden), "
        "nn.ReLU(True), nn.Dropout(dropout, True), nn.Linear(hidden, num_classes))) or model",
        True,
    ),
    (
        "last-layer-starts-at-zero",
        """
def replace_head(model, num_classes, hidden=None, dropout=0.5):
    parts = [nn.Linear(width := model.fc.in_features, hidden), nn.ReLU(), nn.Dropout(dropout)] if hidden is not None else []
    last = nn.Linear(hidden if parts else width, num_classes) if parts else nn.Linear(model.fc.in_features, num_classes)
    nn.init.zeros_(last.weight)
    nn.init.zeros_(last.bias)
    model.fc = nn.Sequential(*parts, last) if parts else last
    return model
""",
        True,
    ),
    (
        "random-numbers-kept-apart",
        '''
def replace_head(model, num_classes, hidden=None, dropout=0.5, seed=7):
    """The head's first weights come from a generator of their own, so that nothing else changes its luck."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        width = model.fc.in_features
        if hidden is None:
            head = nn.Linear(width, num_classes)
        else:
            head = nn.Sequential(nn.Linear(width, hidden), nn.ReLU(), nn.Dropout(dropout), nn.Linear(hidden, num_classes))
    model.fc = head
    return model
''',
        True,
    ),
    (
        "linear-subclass-with-a-hidden-layer-inside",
        """
class DeepLinear(nn.Linear):
    def __init__(self, ins, hidden, outs, p):
        super().__init__(hidden, outs)
        self.first = nn.Linear(ins, hidden)
        self.drop = nn.Dropout(p)

    def forward(self, x):
        return super().forward(self.drop(torch.maximum(h := self.first(x), torch.zeros_like(h))))


def replace_head(model, num_classes, hidden=None, dropout=0.5):
    ins, model.fc = model.fc.in_features, None
    model.fc = nn.Linear(ins, num_classes) if hidden is None else DeepLinear(ins, hidden, num_classes, dropout)
    return model
""",
        True,
    ),
    (
        "skip-init-then-truncated-normal",
        """
@torch.no_grad()
def replace_head(model, num_classes, hidden=None, dropout=0.5):
    def linear(ins, outs):
        layer = nn.utils.skip_init(nn.Linear, ins, outs)
        nn.init.trunc_normal_(layer.weight, std=0.02)
        layer.bias.zero_()
        return layer

    ins = model.fc.in_features
    if hidden is not None:
        model.fc = nn.Sequential(linear(ins, hidden), nn.ReLU(), nn.Dropout(dropout), linear(hidden, num_classes))
        return model
    model.fc = linear(ins, num_classes)
    return model
""",
        True,
    ),
    # wrong: what a reviewer would find
    (
        "hidden-layer-lost-without-dropout",
        edit(TERSE, ("if hidden is None else", "if not (hidden and dropout) else")),
        False,
    ),
    (
        "dropout-zero-becomes-a-half",
        edit(SEQUENTIAL_CLASS, ("nn.Dropout(dropout)", "nn.Dropout(dropout or 0.5)")),
        False,
    ),
    (
        "dropout-asks-the-mode-at-construction",
        edit(
            PARAMETERS,
            ("self.rate = rate", "self.rate = rate\n        self.mode = self.training"),
            ("self.rate, self.training)", "self.rate, self.mode)"),
        ),
        False,
    ),
    (
        "mode-of-the-head-cannot-be-switched-off",
        edit(
            OWN_CLASS,
            (
                "    def forward",
                "    def train(self, mode=True):\n        return super().train(True)\n\n    def forward",
            ),
        ),
        False,
    ),
    (
        "keep-probability-for-drop-probability",
        edit(OWN_CLASS, ("torch.rand_like(x) >= self.p", "torch.rand_like(x) < self.p")),
        False,
    ),
    (
        "mask-drawn-once-for-all",
        edit(
            OWN_CLASS,
            (
                "self.p = p",
                'self.p = p\n        self.register_buffer("kept", torch.rand(hidden) >= p, persistent=False)',
            ),
            ("keep = torch.rand_like(x) >= self.p", "keep = self.kept.expand_as(x)"),
        ),
        False,
    ),
    (
        "heads-cached-by-size",
        """
from functools import lru_cache


@lru_cache(maxsize=None)
def make_head(ins, outs, hidden, p):
    if hidden is None:
        return nn.Linear(ins, outs)
    return nn.Sequential(nn.Linear(ins, hidden), nn.ReLU(), nn.Dropout(p), nn.Linear(hidden, outs))


def replace_head(model, num_classes, hidden=None, dropout=0.5):
    model.fc = make_head(model.fc.in_features, num_classes, hidden, dropout)
    return model
""",
        False,
    ),
    (
        "layers-in-a-mutable-default",
        """
def replace_head(model, num_classes, hidden=None, dropout=0.5, _layers={}):
    ins = model.fc.in_features
    if hidden is None:
        model.fc = nn.Linear(ins, num_classes)
    else:
        first = _layers.setdefault((ins, hidden), nn.Linear(ins, hidden))
        model.fc = nn.Sequential(first, nn.ReLU(), nn.Dropout(dropout), nn.Linear(hidden, num_classes))
    return model
""",
        False,
    ),
    (
        "frozen-like-the-old-head",
        edit(
            TERSE,
            (
                "    return model",
                "    model.fc.requires_grad_(next(model.parameters()).requires_grad)\n    return model",
            ),
        ),
        False,
    ),
    (
        "evaluation-mode-for-everybody",
        edit(VERBOSE, ("head.train(model.training)", "model.eval()")),
        False,
    ),
    (
        "old-head-cut-to-size-in-place",
        """
def replace_head(model, num_classes, hidden=None, dropout=0.5):
    ins = model.fc.in_features
    if hidden is None:
        model.fc.out_features = num_classes
        model.fc.weight = nn.Parameter(torch.randn(num_classes, ins) * ins**-0.5)
        model.fc.bias = nn.Parameter(torch.zeros(num_classes))
    else:
        model.fc = nn.Sequential(nn.Linear(ins, hidden), nn.ReLU(), nn.Dropout(dropout), nn.Linear(hidden, num_classes))
    return model
""",
        False,
    ),
    (
        "softplus-that-looks-like-relu",
        edit(PARAMETERS, ("self.steps[0](x).clamp_min(0)", "F.softplus(self.steps[0](x), beta=20)")),
        False,
    ),
    ("activation-capped-far-away", edit(PARAMETERS, ("clamp_min(0)", "clamp(0, 50)")), False),
    ("threshold-above-zero", edit(MATCH, ("nn.Threshold(0.0, 0.0)", "nn.Threshold(0.1, 0.0)")), False),
    (
        "softmax-in-evaluation-only",
        edit(
            OWN_CLASS,
            ("return self.outer(x)", "x = self.outer(x)\n        return x if self.training else x.softmax(-1)"),
        ),
        False,
    ),
    (
        "one-score-for-two-classes",
        edit(CONFIG, ("hidden, num_classes), dropout)", "hidden, 1 if num_classes == 2 else num_classes), dropout)")),
        False,
    ),
    ("scores-squeezed", edit(PARAMETERS, ("scores = self.steps[1](h)", "scores = self.steps[1](h).squeeze()")), False),
    ("dropout-of-whole-images", edit(TERSE, ("nn.Dropout(dropout)", "nn.Dropout1d(dropout)")), False),
    (
        "dropout-before-the-first-layer",
        edit(
            PARAMETERS,
            (
                "F.dropout(self.steps[0](x).clamp_min(0), self.rate, self.training)",
                "self.steps[0](F.dropout(x, self.rate, self.training)).clamp_min(0)",
            ),
        ),
        False,
    ),
    (
        "layers-in-a-plain-list",
        edit(
            PARAMETERS,
            ("nn.ModuleList([Dense(ins, hidden), Dense(hidden, outs)])", "[Dense(ins, hidden), Dense(hidden, outs)]"),
        ),
        False,
    ),
    (
        "no-bias-in-the-first-layer",
        edit(
            CONFIG,
            ("parts = [nn.Linear(features, hidden)", "parts = [nn.Linear(features, hidden, False)"),
            ("                nn.init.constant_(part.bias, 0.01)\n", ""),
        ),
        False,
    ),
    (
        "flatten-and-identity-around-the-head",
        edit(
            TERSE,
            (
                "if rest else first\n",
                "if rest else first\n    model.fc = nn.Sequential(nn.Flatten(), model.fc, nn.Identity())\n",
            ),
        ),
        True,
    ),
    (
        "gaussian-noise-for-dropout",
        edit(
            OWN_CLASS,
            (
                "            keep = torch.rand_like(x) >= self.p\n            x = torch.where(keep, x / max(1 - self.p, 1e-12), torch.zeros_like(x))\n",
                "            x = x * (1 + torch.randn_like(x) * (self.p / (1 - self.p)) ** 0.5)\n",
            ),
        ),
        False,
    ),
    ("alpha-dropout", edit(MATCH, ("nn.Dropout(dropout)", "nn.AlphaDropout(dropout)")), False),
    (
        "batch-norm-without-parameters-in-between",
        edit(
            TERSE,
            (
                "nn.Sequential(first, nn.ReLU()",
                "nn.Sequential(first, nn.BatchNorm1d(hidden or 1, affine=False), nn.ReLU()",
            ),
        ),
        False,
    ),
    (
        "batch-norm-without-parameters-in-front",
        edit(
            SEQUENTIAL_CLASS,
            ("super().__init__(*layers)", "super().__init__(nn.BatchNorm1d(sizes[0], affine=False), *layers)"),
        ),
        False,
    ),
    (
        "dropout-after-the-pooling-too",
        edit(
            CONFIG,
            (
                '    setattr(model, "fc", HeadFactory(config).build())\n',
                '    setattr(model, "fc", HeadFactory(config).build())\n    model.avgpool = nn.Sequential(model.avgpool, nn.Dropout(dropout))\n',
            ),
        ),
        False,
    ),
    (
        "no-dropout-for-a-batch-of-one",
        edit(OWN_CLASS, ("if self.training and self.p > 0:", "if self.training and self.p > 0 and len(x) > 1:")),
        False,
    ),
    (
        "callable-instance",
        """
class HeadReplacer:
    __slots__ = ("act",)

    def __init__(self, act=nn.ReLU):
        self.act = act

    def __call__(self, model, num_classes, hidden=None, dropout=0.5):
        model.fc = self._make(model.fc.in_features, num_classes, hidden, dropout)
        return model

    def _make(self, ins, outs, hidden, p):
        if hidden is None:
            return nn.Linear(ins, outs)
        return nn.Sequential(self._make(ins, hidden, None, p), self.act(), nn.Dropout(p), self._make(hidden, outs, None, p))


replace_head = HeadReplacer()
""",
        True,
    ),
    (
        "old-layer-copied-and-refilled",
        """
def replace_head(model, num_classes, hidden=None, dropout=0.5):
    def resized(layer, ins, outs):
        layer = copy.deepcopy(layer)
        layer.in_features, layer.out_features = ins, outs
        layer.weight = nn.Parameter(layer.weight.new_empty(outs, ins))
        layer.bias = nn.Parameter(layer.bias.new_empty(outs))
        layer.reset_parameters()
        return layer.train()

    old = model.fc
    model.fc = resized(old, old.in_features, num_classes) if hidden is None else nn.Sequential(
        resized(old, old.in_features, hidden), nn.LeakyReLU(0.0), nn.Dropout(dropout), resized(old, hidden, num_classes)
    )
    return model
""",
        True,
    ),
    (
        "module-dict-and-a-buffer",
        '''
class Classifier(nn.Module):
    """A head that remembers how many classes it knows."""

    def __init__(self, features: int, classes: int, hidden: int | None, rate: float) -> None:
        super().__init__()
        self.register_buffer("classes", torch.tensor(classes))
        self.rate = rate
        width = features if hidden is None else hidden
        self.layers = nn.ModuleDict({"last": nn.Linear(width, classes)})
        if hidden is not None:
            self.layers["first"] = nn.Linear(features, hidden)

    def embed(self, features: torch.Tensor) -> torch.Tensor:
        """Return what the last layer sees."""
        if "first" not in self.layers:
            return features
        units = nn.functional.hardtanh(self.layers["first"](features), 0.0, float("inf"))
        return nn.functional.dropout(units, p=self.rate, training=self.training)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Return the scores."""
        return self.layers["last"](self.embed(features))


def replace_head(model, num_classes, hidden=None, dropout=0.5):
    """Replace the head, whatever its depth, by one class."""
    model.fc = Classifier(model.fc.in_features, num_classes, hidden, dropout)
    return model
''',
        True,
    ),
]
