"""Exercise 5: answers from the exercise text, by a second reader."""

from tests.checks.fresh import edit

HEADER = "def discriminative_optimiser(model, early_lr=1e-5, late_lr=1e-4, head_lr=1e-3, weight_decay=1e-4):"

TERSE = (
    HEADER
    + """
    parts = [(early_lr, "conv1 bn1 layer1 layer2"), (late_lr, "layer3 layer4"), (head_lr, "fc")]
    return torch.optim.AdamW(
        [{"params": [p for n in names.split() for p in getattr(model, n).parameters()], "lr": lr} for lr, names in parts],
        weight_decay=weight_decay,
    )
"""
)

VERBOSE = '''
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

logger = logging.getLogger("optimiser")
logger.addHandler(logging.NullHandler())


@dataclass(frozen=True)
class GroupSpec:
    """What one parameter group consists of."""

    name: str
    parts: tuple[str, ...]
    lr: float

    def parameters(self, model: nn.Module) -> Iterator[nn.Parameter]:
        """Walk through the parameters of all parts."""
        for part in self.parts:
            yield from model.get_submodule(part).parameters()

    def as_group(self, model: nn.Module, weight_decay: float) -> dict:
        """Return the group as PyTorch wants it."""
        return {
            "name": self.name,
            "params": list(self.parameters(model)),
            "lr": self.lr,
            "weight_decay": weight_decay,
        }


def _check_complete(model: nn.Module, groups: Iterable[dict]) -> None:
    """Make sure that no parameter is missing or there twice."""
    found = [id(parameter) for group in groups for parameter in group["params"]]
    assert len(found) == len(set(found)), "a parameter is in two groups"
    assert set(found) == {id(parameter) for parameter in model.parameters()}, "a parameter is missing"


def discriminative_optimiser(
    model: nn.Module,
    early_lr: float = 1e-5,
    late_lr: float = 1e-4,
    head_lr: float = 1e-3,
    weight_decay: float = 1e-4,
    *,
    betas: tuple[float, float] = (0.9, 0.999),
) -> torch.optim.AdamW:
    """Build an AdamW whose learning rates grow with depth.

    Parameters
    ----------
    model : nn.Module
        A ResNet.
    early_lr, late_lr, head_lr : float
        Learning rates of the stem and stages 1 and 2, of stages 3 and 4, and of the head.
    weight_decay : float
        Decay of every group.
    betas : tuple[float, float]
        AdamW's averaging.

    Returns
    -------
    torch.optim.AdamW
        The optimiser.
    """
    specs = (
        GroupSpec("early", ("conv1", "bn1", "layer1", "layer2"), early_lr),
        GroupSpec("late", ("layer3", "layer4"), late_lr),
        GroupSpec("head", ("fc",), head_lr),
    )
    groups = [spec.as_group(model, weight_decay) for spec in specs]
    _check_complete(model, groups)
    for group in groups:
        logger.debug("%s: %d tensors at %g", group["name"], len(group["params"]), group["lr"])
    return torch.optim.AdamW(groups, lr=head_lr, betas=betas, weight_decay=weight_decay)
'''

BY_NAME = (
    HEADER
    + """
    groups = {"early": [], "late": [], "head": []}
    for name, p in model.named_parameters():
        part = name.split(".")[0]
        groups["head" if part == "fc" else "late" if part in ("layer3", "layer4") else "early"].append(p)
    rates = {"head": head_lr, "late": late_lr, "early": early_lr}
    return torch.optim.AdamW([dict(params=groups[k], lr=rates[k]) for k in rates], weight_decay=weight_decay)
"""
)

ADDED = (
    HEADER
    + """
    late = nn.ModuleList([model.layer3, model.layer4])
    early = nn.ModuleList([model.conv1, model.bn1, model.layer1, model.layer2])
    optimiser = torch.optim.AdamW(model.fc.parameters(), head_lr, weight_decay=weight_decay)
    optimiser.add_param_group({"params": late.parameters(), "lr": late_lr})
    optimiser.add_param_group({"params": early.parameters(), "lr": early_lr})
    return optimiser
"""
)

SUBCLASS = '''
class Discriminative(torch.optim.AdamW):
    """An AdamW that knows a ResNet's parts."""

    EARLY = ("conv1", "bn1", "layer1", "layer2")
    LATE = ("layer3", "layer4")

    def __init__(self, model, rates, **options):
        early, late, head = rates
        taken = [self._group(model, self.EARLY, early), self._group(model, self.LATE, late), self._group(model, ("fc",), head)]
        super().__init__(taken, **options)

    @staticmethod
    def _group(model, names, lr):
        modules = [getattr(model, name) for name in names]
        return {"params": [p for module in modules for p in module.parameters() if p.requires_grad], "lr": lr}


def discriminative_optimiser(model, early_lr=1e-5, late_lr=1e-4, head_lr=1e-3, weight_decay=1e-4):
    return Discriminative(model, (early_lr, late_lr, head_lr), weight_decay=weight_decay, amsgrad=True, eps=1e-7)
'''

IDS = (
    HEADER
    + """
    ids = lambda *parts: {id(p) for part in parts for p in part.parameters()}
    head, late = ids(model.fc), ids(model.layer3, model.layer4)
    head_p = [p for p in model.parameters() if id(p) in head]
    late_p = [p for p in model.parameters() if id(p) in late]
    early_p = [p for p in model.parameters() if id(p) not in head | late]
    make = torch.optim.AdamW
    return make([{"params": early_p, "lr": early_lr}, {"params": late_p, "lr": late_lr}, {"params": head_p}],
                lr=head_lr, weight_decay=weight_decay)
"""
)

ANSWERS = [
    ("names-split-from-a-text", TERSE, True),
    ("verbose-specs-and-completeness", VERBOSE, True),
    ("sorted-by-name", BY_NAME, True),
    ("groups-added-from-the-head-backwards", ADDED, True),
    ("adamw-subclass", SUBCLASS, True),
    ("sets-of-ids", IDS, True),
    (
        "named-parameters-in-the-groups",
        HEADER
        + """
    names = dict(model.named_parameters())
    head = {n: p for n, p in names.items() if n.startswith("fc.")}
    late = {n: p for n, p in names.items() if n.startswith(("layer3.", "layer4."))}
    early = [(n, p) for n, p in names.items() if n not in head and n not in late]
    groups = [(early, early_lr), (list(late.items()), late_lr), (list(head.items()), head_lr)]
    return torch.optim.AdamW([{"params": [p for _, p in g], "lr": lr, "weight_decay": weight_decay} for g, lr in groups])
""",
        True,
    ),
    (
        "partial-and-chain",
        """
from functools import partial
from itertools import chain


def discriminative_optimiser(model, early_lr=1e-5, late_lr=1e-4, head_lr=1e-3, weight_decay=1e-4):
    of = lambda *parts: chain.from_iterable(m.parameters() for m in parts)
    adamw = partial(torch.optim.AdamW, weight_decay=weight_decay, betas=(0.9, 0.99), foreach=False)
    return adamw([
        {"params": of(model.fc), "lr": head_lr},
        {"params": of(model.layer4, model.layer3), "lr": late_lr},
        {"params": of(model.layer2, model.layer1, model.bn1, model.conv1), "lr": early_lr},
    ])
""",
        True,
    ),
    (
        "grouped-by-a-match",
        '''
from collections import defaultdict


def discriminative_optimiser(model, early_lr=1e-5, late_lr=1e-4, head_lr=1e-3, weight_decay=1e-4):
    """Sort the parameters into three buckets; whatever is unknown raises."""

    def bucket_of(path: str) -> str:
        """Tell the bucket of a parameter."""
        match path.split("."):
            case ["fc", *_]:
                return "head"
            case ["layer3" | "layer4", *_]:
                return "late"
            case ["conv1" | "bn1" | "layer1" | "layer2", *_]:
                return "early"
            case other:
                raise KeyError(f"unknown part of a ResNet: {other}")

    buckets: dict[str, list[nn.Parameter]] = defaultdict(list)
    for path, parameter in model.named_parameters():
        buckets[bucket_of(path)].append(parameter)
    rates: dict[str, float] = {"early": early_lr, "late": late_lr, "head": head_lr}
    param_groups = []
    for bucket, rate in rates.items():
        group = {"params": buckets[bucket], "lr": rate, "weight_decay": weight_decay}
        param_groups.append(group)
    optimiser = torch.optim.AdamW(param_groups)
    assert len(optimiser.param_groups) == 3
    total = sum(p.numel() for group in optimiser.param_groups for p in group["params"])
    assert total == sum(p.numel() for p in model.parameters())
    return optimiser
''',
        True,
    ),
    (
        "children-sliced-at-the-stages",
        """
def discriminative_optimiser(model, early_lr=1e-5, late_lr=1e-4, head_lr=1e-3, weight_decay=1e-4):
    names, parts = zip(*model.named_children())
    a, b = names.index("layer3"), names.index("fc")
    cut = [parts[:a], parts[a:b], parts[b:]]
    return torch.optim.AdamW(
        [{"params": sum((list(m.parameters()) for m in ms), []), "lr": lr} for ms, lr in zip(cut, (early_lr, late_lr, head_lr))],
        weight_decay=weight_decay,
    )
""",
        True,
    ),
    # wrong
    (
        "three-anywhere-in-the-name",
        edit(BY_NAME, ('part in ("layer3", "layer4")', '("3" in name or "4" in name)')),
        False,
    ),
    (
        "cut-at-the-tensors-of-resnet18",
        HEADER
        + """
    p = list(model.parameters())
    return torch.optim.AdamW([{"params": p[:30], "lr": early_lr}, {"params": p[30:-2], "lr": late_lr}, {"params": p[-2:], "lr": head_lr}],
                             weight_decay=weight_decay)
""",
        False,
    ),
    (
        "cut-at-the-last-two-tensors",
        edit(
            IDS, ("ids(model.fc), ids(model.layer3", "{id(p) for p in list(model.parameters())[-2:]}, ids(model.layer3")
        ),
        False,
    ),
    (
        "weight-and-bias-of-a-single-layer",
        edit(
            ADDED,
            (
                "model.fc.parameters()",
                "[p for n, p in model.fc.named_parameters() if n in ('weight', 'bias')] or list(model.fc[-1].parameters())",
            ),
        ),
        False,
    ),
    (
        "bias-of-the-stem-left-out",
        edit(
            ADDED,
            ("nn.ModuleList([model.conv1, model.bn1,", "nn.ModuleList(["),
            (
                '{"params": early.parameters()',
                '{"params": [model.conv1.weight, model.bn1.weight, model.bn1.bias, *early.parameters()]',
            ),
        ),
        False,
    ),
    ("late-rate-derived-from-the-head", edit(TERSE, ('(late_lr, "layer3', '(head_lr / 10, "layer3')), False),
    (
        "rates-fixed-in-a-subclass",
        edit(SUBCLASS, ("(early_lr, late_lr, head_lr), weight", "(1e-5, 1e-4, 1e-3), weight")),
        False,
    ),
    (
        "rates-as-keys-of-a-dictionary",
        HEADER
        + """
    groups = {early_lr: [], late_lr: [], head_lr: []}
    for name, p in model.named_parameters():
        groups[head_lr if name.startswith("fc.") else late_lr if name[:6] in ("layer3", "layer4") else early_lr].append(p)
    return torch.optim.AdamW([{"params": ps, "lr": lr} for lr, ps in groups.items()], weight_decay=weight_decay)
""",
        False,
    ),
    (
        "head-does-not-decay",
        edit(
            VERBOSE,
            ('"weight_decay": weight_decay,\n', '"weight_decay": 0.0 if self.name == "head" else weight_decay,\n'),
        ),
        False,
    ),
    (
        "decay-only-for-the-first-group",
        edit(
            ADDED,
            (
                "head_lr, weight_decay=weight_decay)",
                'head_lr)\n    optimiser.param_groups[0]["weight_decay"] = weight_decay',
            ),
        ),
        False,
    ),
    (
        "decay-divided-by-the-rate",
        edit(VERBOSE, ('"weight_decay": weight_decay,\n', '"weight_decay": weight_decay * self.lr / 1e-3,\n')),
        False,
    ),
    ("decay-fixed", edit(SUBCLASS, ("weight_decay=weight_decay, amsgrad", "weight_decay=1e-4, amsgrad")), False),
    (
        "norms-and-biases-do-not-decay",
        edit(
            VERBOSE,
            (
                "    groups = [spec.as_group(model, weight_decay) for spec in specs]\n",
                "    groups = []\n    for spec in specs:\n        for some, decay in ((lambda p: p.dim() > 1, weight_decay), (lambda p: p.dim() < 2, 0.0)):\n            groups.append({**spec.as_group(model, decay), 'params': list(filter(some, spec.parameters(model)))})\n",
            ),
        ),
        False,
    ),
    ("plain-adam-with-decoupled-habits", edit(ADDED, ("torch.optim.AdamW", "torch.optim.Adam")), False),
    ("parameters-wrapped-anew", edit(BY_NAME, (".append(p)", ".append(nn.Parameter(p.data))")), False),
    ("optimises-a-copy", edit(SUBCLASS, ("Discriminative(model,", "Discriminative(copy.deepcopy(model),")), False),
    (
        "groups-pile-up-in-a-default",
        """
def discriminative_optimiser(model, early_lr=1e-5, late_lr=1e-4, head_lr=1e-3, weight_decay=1e-4, groups=[]):
    for lr, names in ((early_lr, ("conv1", "bn1", "layer1", "layer2")), (late_lr, ("layer3", "layer4")), (head_lr, ("fc",))):
        groups.append({"params": [p for n in names for p in getattr(model, n).parameters()], "lr": lr})
    return torch.optim.AdamW(groups, weight_decay=weight_decay)
""",
        False,
    ),
    (
        "optimiser-kept-for-the-next-call",
        edit(
            SUBCLASS,
            (
                "    return Discriminative(model, (early_lr, late_lr, head_lr), weight_decay=weight_decay, amsgrad=True, eps=1e-7)",
                "    global _optimiser\n    if _optimiser is None:\n        _optimiser = Discriminative(model, (early_lr, late_lr, head_lr), weight_decay=weight_decay)\n    return _optimiser",
            ),
            ("class Discr", "_optimiser = None\n\n\nclass Discr"),
        ),
        False,
    ),
    (
        "warm-up-already-begun",
        edit(
            TERSE,
            ("    return torch.optim.AdamW(", "    optimiser = torch.optim.AdamW("),
            (
                "        weight_decay=weight_decay,\n    )\n",
                "        weight_decay=weight_decay,\n    )\n    torch.optim.lr_scheduler.LinearLR(optimiser, start_factor=0.5)\n    return optimiser\n",
            ),
        ),
        False,
    ),
    (
        "state-made-by-an-empty-step",
        edit(
            ADDED,
            (
                "    return optimiser",
                "    for p in model.parameters():\n        p.grad = torch.zeros_like(p)\n    optimiser.step()\n    optimiser.zero_grad()\n    return optimiser",
            ),
        ),
        False,
    ),
    (
        "early-stages-frozen-while-at-it",
        edit(
            IDS,
            (
                "    make = ",
                "    if early_lr < late_lr / 5:\n        [p.requires_grad_(False) for p in early_p]\n    make = ",
            ),
        ),
        False,
    ),
    (
        "model-put-into-evaluation",
        edit(VERBOSE, ("    _check_complete(model, groups)\n", "    _check_complete(model.eval(), groups)\n")),
        False,
    ),
    (
        "order-of-arguments-changed",
        edit(
            BY_NAME,
            ("model, early_lr=1e-5, late_lr=1e-4, head_lr=1e-3,", "model, head_lr=1e-3, late_lr=1e-4, early_lr=1e-5,"),
        ),
        False,
    ),
    ("batch-norm-of-the-stem-forgotten", edit(SUBCLASS, ('"conv1", "bn1", ', '"conv1", ')), False),
    (
        "stem-norm-matched-in-every-block",
        edit(
            BY_NAME,
            (
                '"early"].append(p)',
                '"early"].append(p)\n    groups["late"] = [p for n, p in model.named_parameters() if n[:6] in ("layer3", "layer4") and "bn1" not in n]\n    groups["early"] += [p for n, p in model.named_parameters() if n[:6] in ("layer3", "layer4") and "bn1" in n]',
            ),
        ),
        False,
    ),
    (
        "layer-two-counts-as-late",
        edit(
            VERBOSE,
            ('"layer1", "layer2"), early_lr', '"layer1"), early_lr'),
            ('("layer3", "layer4")', '("layer2", "layer3", "layer4")'),
        ),
        False,
    ),
    (
        "head-in-a-fourth-group-when-it-is-deep",
        edit(
            TERSE,
            (
                '(head_lr, "fc")]',
                '*((head_lr, f"fc.{i}") for i, m in enumerate(model.fc.children()) if len([*m.parameters()]))] + ([] if [*model.fc.children()] else [(head_lr, "fc")])',
            ),
            ("getattr(model, n)", "model.get_submodule(n)"),
        ),
        False,
    ),
    (
        "generators-from-a-callable-instance",
        """
class Rates:
    def __init__(self, model):
        self.parts = model._modules

    def params(self, *names):
        for name in names:
            yield from self.parts[name].parameters()

    def __call__(self, early, late, head, decay):
        return torch.optim.AdamW(
            params=[
                {"params": self.params("fc"), "lr": head, "weight_decay": decay},
                {"params": self.params("conv1", "bn1", "layer1", "layer2"), "lr": early, "weight_decay": decay},
                {"params": self.params("layer3", "layer4"), "lr": late, "weight_decay": decay},
            ],
            lr=0.0,
            weight_decay=0.0,
        )


def discriminative_optimiser(model, early_lr=1e-5, late_lr=1e-4, head_lr=1e-3, weight_decay=1e-4):
    return Rates(model)(early_lr, late_lr, head_lr, decay=weight_decay)
""",
        True,
    ),
    (
        "rates-written-into-finished-groups",
        """
def discriminative_optimiser(model, early_lr=1e-5, late_lr=1e-4, head_lr=1e-3, weight_decay=1e-4):
    def which(name):
        return 2 if name.startswith("fc.") else int(name.startswith(("layer3.", "layer4.")))

    lists = [[p for n, p in model.named_parameters() if which(n) == g] for g in range(3)]
    optimiser = torch.optim.AdamW([{"params": ps} for ps in lists])
    for group, lr in zip(optimiser.param_groups, (early_lr, late_lr, head_lr), strict=True):
        group.update(lr=lr, weight_decay=weight_decay)
    return optimiser
""",
        True,
    ),
]
