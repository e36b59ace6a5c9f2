"""Exercise 5: answers from the exercise text alone."""

from tests.checks.fresh import edit

SIGNATURE = "def discriminative_optimiser(model, early_lr=1e-5, late_lr=1e-4, head_lr=1e-3, weight_decay=1e-4):"
BASE = f"""
{SIGNATURE}
    early = [p for part in (model.conv1, model.bn1, model.layer1, model.layer2) for p in part.parameters()]
    late = [p for part in (model.layer3, model.layer4) for p in part.parameters()]
    head = list(model.fc.parameters())
    return torch.optim.AdamW(
        [
            {{"params": early, "lr": early_lr}},
            {{"params": late, "lr": late_lr}},
            {{"params": head, "lr": head_lr}},
        ],
        weight_decay=weight_decay,
    )
"""

NAMES = f"""
{SIGNATURE}
    groups = {{early_key: [] for early_key in ("early", "late", "head")}}
    for name, p in model.named_parameters():
        if name.startswith("fc"):
            groups["head"].append(p)
        elif name.startswith(("layer3", "layer4")):
            groups["late"].append(p)
        else:
            groups["early"].append(p)
    rates = dict(early=early_lr, late=late_lr, head=head_lr)
    return torch.optim.AdamW([dict(params=groups[k], lr=rates[k], weight_decay=weight_decay) for k in rates])
"""

ANSWERS = [
    ("plain", BASE, True),
    ("by-names", NAMES, True),
    (
        "add-param-group",
        """
from torch import optim


def discriminative_optimiser(model, early_lr=1e-5, late_lr=1e-4, head_lr=1e-3, weight_decay=1e-4):
    optimizer = optim.AdamW(model.fc.parameters(), lr=head_lr, weight_decay=weight_decay)
    optimizer.add_param_group({"params": [*model.layer3.parameters(), *model.layer4.parameters()], "lr": late_lr})
    stem = nn.ModuleList([model.conv1, model.bn1, model.layer1, model.layer2])
    optimizer.add_param_group({"params": stem.parameters(), "lr": early_lr})
    return optimizer
""",
        True,
    ),
    (
        "chain-of-generators",
        """
from itertools import chain

from torch.optim import AdamW


def discriminative_optimiser(
    model: nn.Module,
    early_lr: float = 1e-5,
    late_lr: float = 1e-4,
    head_lr: float = 1e-3,
    weight_decay: float = 1e-4,
    betas: tuple[float, float] = (0.9, 0.98),
) -> AdamW:
    \"\"\"Deeper parts learn faster.\"\"\"
    plan = (
        (("fc",), head_lr),
        (("layer4", "layer3"), late_lr),
        (("layer2", "layer1", "bn1", "conv1"), early_lr),
    )
    return AdamW(
        ({"params": chain(*(getattr(model, n).parameters() for n in names)), "lr": lr} for names, lr in plan),
        betas=betas, eps=1e-7, amsgrad=True, weight_decay=weight_decay)
""",
        True,
    ),
    (
        "children-and-a-dictionary",
        """
PLACE = {"layer3": 1, "layer4": 1, "fc": 2}


def discriminative_optimiser(model, early_lr=1e-5, late_lr=1e-4, head_lr=1e-3, weight_decay=1e-4):
    groups = [{"params": [], "lr": lr, "name": n}
              for n, lr in (("early", early_lr), ("late", late_lr), ("head", head_lr))]
    for name, child in model.named_children():
        groups[PLACE.get(name, 0)]["params"].extend(child.parameters())
    return torch.optim.AdamW(groups, lr=head_lr, weight_decay=weight_decay)
""",
        True,
    ),
    (
        "default-rate-for-the-head",
        edit(
            BASE,
            ('{"params": head, "lr": head_lr}', '{"params": head}'),
            ("        weight_decay=weight_decay,", "        lr=head_lr,\n        weight_decay=weight_decay,"),
        ),
        True,
    ),
    (
        "identities-for-the-rest",
        """
def discriminative_optimiser(model, early_lr=1e-5, late_lr=1e-4, head_lr=1e-3, weight_decay=1e-4):
    head = list(model.fc.parameters())
    late = list(nn.Sequential(model.layer3, model.layer4).parameters())
    known = {id(p) for p in head + late}
    early = [p for p in model.parameters() if id(p) not in known]
    params = [{"params": ps, "lr": lr} for ps, lr in zip((early, late, head), (early_lr, late_lr, head_lr))]
    return torch.optim.AdamW(params, weight_decay=weight_decay)
""",
        True,
    ),
    (
        "subclass-of-adamw",
        """
class DiscriminativeAdamW(torch.optim.AdamW):
    def __init__(self, model, rates, **settings):
        groups = [{"params": [p for part in parts for p in part.parameters()], "lr": rate} for parts, rate in rates]
        super().__init__(groups, **settings)


def discriminative_optimiser(model, early_lr=1e-5, late_lr=1e-4, head_lr=1e-3, weight_decay=1e-4):
    m = model
    rates = [((m.conv1, m.bn1, m.layer1, m.layer2), early_lr), ((m.layer3, m.layer4), late_lr), ((m.fc,), head_lr)]
    return DiscriminativeAdamW(m, rates, weight_decay=weight_decay)
""",
        True,
    ),
    (
        "match-on-the-first-name",
        """
from collections import defaultdict


def _which(name):
    match name.split(".")[0]:
        case "fc":
            return "head"
        case "layer3" | "layer4":
            return "late"
        case _:
            return "early"


def discriminative_optimiser(model, early_lr=1e-5, late_lr=1e-4, head_lr=1e-3, weight_decay=1e-4):
    bins = defaultdict(list)
    for name, parameter in model.named_parameters():
        bins[_which(name)].append(parameter)
    lr = {"early": early_lr, "late": late_lr, "head": head_lr}
    return torch.optim.AdamW([{"params": v, "lr": lr[k]} for k, v in bins.items()], weight_decay=weight_decay)
""",
        True,
    ),
    (
        "rates-set-afterwards",
        """
def discriminative_optimiser(model, early_lr=1e-5, late_lr=1e-4, head_lr=1e-3, weight_decay=1e-4):
    parts = ["conv1", "bn1", "layer1", "layer2"], ["layer3", "layer4"], ["fc"]
    collected = [[p for n in names for p in model.get_submodule(n).parameters()] for names in parts]
    optimiser = torch.optim.AdamW([{"params": c} for c in collected])
    for group, rate in zip(optimiser.param_groups, (early_lr, late_lr, head_lr)):
        group["lr"], group["weight_decay"] = rate, weight_decay
    return optimiser
""",
        True,
    ),
    (
        "named-parameters-as-pairs",
        """
def discriminative_optimiser(model, early_lr=1e-5, late_lr=1e-4, head_lr=1e-3, weight_decay=1e-4):
    pick = lambda *prefixes: [p for n, p in model.named_parameters() if n.startswith(prefixes) and p.requires_grad]
    return torch.optim.AdamW(
        params=[
            {"params": pick("conv1.", "bn1.", "layer1.", "layer2."), "lr": early_lr},
            {"params": pick("layer3.", "layer4."), "lr": late_lr},
            {"params": pick("fc."), "lr": head_lr},
        ],
        weight_decay=weight_decay, foreach=False,
    )
""",
        True,
    ),
    (
        "sliced-children",
        """
def discriminative_optimiser(model, early_lr=1e-5, late_lr=1e-4, head_lr=1e-3, weight_decay=1e-4):
    parts = dict(model.named_children())
    names = list(parts)
    cut = names.index("layer3")
    early = nn.Sequential(*(parts[n] for n in names[:cut]))
    late = nn.Sequential(*(parts[n] for n in names[cut : names.index("fc")]))
    settings = dict(weight_decay=weight_decay)
    return torch.optim.AdamW([
        dict(params=early.parameters(), lr=early_lr, **settings),
        dict(params=late.parameters(), lr=late_lr, **settings),
        dict(params=parts["fc"].parameters(), lr=head_lr, **settings),
    ])
""",
        True,
    ),
    ("adam", edit(BASE, ("AdamW", "Adam")), False),
    ("sgd", edit(BASE, ("AdamW", "SGD")), False),
    (
        "nadam-with-decoupled-decay",
        edit(
            BASE,
            ("AdamW(", "NAdam("),
            ("        weight_decay=weight_decay,", "        weight_decay=weight_decay, decoupled_weight_decay=True,"),
        ),
        False,
    ),
    (
        "stem-left-out",
        edit(BASE, ("(model.conv1, model.bn1, model.layer1, model.layer2)", "(model.layer1, model.layer2)")),
        False,
    ),
    ("first-norm-left-out", edit(BASE, ("model.conv1, model.bn1, ", "model.conv1, ")), False),
    (
        "layer2-late",
        edit(
            BASE, ("model.layer1, model.layer2)", "model.layer1)"), ("(model.layer3,", "(model.layer2, model.layer3,")
        ),
        False,
    ),
    (
        "layer3-early",
        edit(
            BASE, ("model.layer2)", "model.layer2, model.layer3)"), ("(model.layer3, model.layer4)", "(model.layer4,)")
        ),
        False,
    ),
    (
        "layer4-with-the-head",
        edit(
            BASE,
            ("(model.layer3, model.layer4)", "(model.layer3,)"),
            ("list(model.fc.parameters())", "[*model.layer4.parameters(), *model.fc.parameters()]"),
        ),
        False,
    ),
    ("stem-in-the-late-group", edit(NAMES, ('("layer3", "layer4")', '("conv1", "bn1", "layer3", "layer4")')), False),
    (
        "conv1-anywhere-in-the-name",
        f"""
{SIGNATURE}
    early, late, head = [], [], []
    for name, p in model.named_parameters():
        if any(key in name for key in ("conv1", "bn1", "layer1", "layer2")):
            early.append(p)
        elif "fc" in name:
            head.append(p)
        else:
            late.append(p)
    return torch.optim.AdamW([{{"params": early, "lr": early_lr}}, {{"params": late, "lr": late_lr}},
                              {{"params": head, "lr": head_lr}}], weight_decay=weight_decay)
""",
        False,
    ),
    (
        "digits-anywhere-in-the-name",
        edit(NAMES, ('name.startswith(("layer3", "layer4"))', '"3" in name or "4" in name')),
        False,
    ),
    (
        "two-groups",
        f"""
{SIGNATURE}
    body = [p for n, p in model.named_parameters() if not n.startswith("fc")]
    return torch.optim.AdamW([{{"params": body, "lr": late_lr}}, {{"params": model.fc.parameters(), "lr": head_lr}}],
                             weight_decay=weight_decay)
""",
        False,
    ),
    (
        "four-groups-stem-of-its-own",
        edit(
            BASE,
            ("(model.conv1, model.bn1, model.layer1,", "(model.layer1,"),
            (
                '            {"params": early',
                '            {"params": [*model.conv1.parameters(), *model.bn1.parameters()], '
                '"lr": early_lr},\n            {"params": early',
            ),
        ),
        False,
    ),
    (
        "one-group-per-parameter",
        f"""
{SIGNATURE}
    groups = []
    for name, p in model.named_parameters():
        lr = head_lr if name.startswith("fc") else late_lr if name.startswith(("layer3", "layer4")) else early_lr
        groups.append({{"params": [p], "lr": lr}})
    return torch.optim.AdamW(groups, weight_decay=weight_decay)
""",
        False,
    ),
    (
        "empty-fourth-group",
        edit(
            BASE,
            (
                '            {"params": head, "lr": head_lr},\n',
                '            {"params": head, "lr": head_lr},\n            {"params": [], "lr": 0.0},\n',
            ),
        ),
        False,
    ),
    (
        "rates-the-wrong-way-round",
        edit(
            BASE,
            ('early, "lr": early_lr', 'early, "lr": HEAD'),
            ('head, "lr": head_lr', 'head, "lr": early_lr'),
            ("HEAD", "head_lr"),
        ),
        False,
    ),
    (
        "early-and-late-swapped",
        edit(
            BASE,
            ('early, "lr": early_lr', 'early, "lr": LATE'),
            ('late, "lr": late_lr', 'late, "lr": early_lr'),
            ("LATE", "late_lr"),
        ),
        False,
    ),
    (
        "rates-hard-coded",
        edit(BASE, ('"lr": early_lr', '"lr": 1e-5'), ('"lr": late_lr', '"lr": 1e-4'), ('"lr": head_lr', '"lr": 1e-3')),
        False,
    ),
    (
        "head-rate-left-at-the-default-of-adamw",
        edit(BASE, ('{"params": head, "lr": head_lr}', '{"params": head}')),
        False,
    ),
    (
        "rates-as-factors-of-the-head",
        edit(BASE, ('"lr": early_lr', '"lr": head_lr / 100'), ('"lr": late_lr', '"lr": head_lr / 10')),
        False,
    ),
    ("decay-forgotten", edit(BASE, ("        weight_decay=weight_decay,\n", "")), False),
    ("decay-hard-coded", edit(BASE, ("weight_decay=weight_decay,", "weight_decay=1e-4,")), False),
    (
        "decay-for-the-head-only",
        edit(NAMES, ("weight_decay=weight_decay)", "**({'weight_decay': weight_decay} if k == 'head' else {}))")),
        False,
    ),
    ("no-decay-for-the-head", edit(BASE, ('"lr": head_lr}', '"lr": head_lr, "weight_decay": 0.0}')), False),
    (
        "no-decay-for-norms-and-biases",
        f"""
{SIGNATURE}
    groups = []
    for prefixes, lr in ((("conv1", "bn1", "layer1", "layer2"), early_lr), (("layer3", "layer4"), late_lr),
                         (("fc",), head_lr)):
        chosen = [p for n, p in model.named_parameters() if n.startswith(prefixes)]
        groups.append({{"params": [p for p in chosen if p.ndim > 1], "lr": lr, "weight_decay": weight_decay}})
        groups.append({{"params": [p for p in chosen if p.ndim <= 1], "lr": lr, "weight_decay": 0.0}})
    return torch.optim.AdamW(groups)
""",
        False,
    ),
    (
        "norms-and-biases-left-out",
        edit(
            NAMES,
            (
                "    for name, p in model.named_parameters():\n",
                "    for name, p in model.named_parameters():\n        if p.ndim == 1:\n            continue\n",
            ),
        ),
        False,
    ),
    (
        "shortcuts-left-out",
        edit(
            NAMES,
            (
                "    for name, p in model.named_parameters():\n",
                "    for name, p in model.named_parameters():\n        if 'downsample' in name:\n            continue\n",
            ),
        ),
        False,
    ),
    ("head-bias-left-out", edit(BASE, ("list(model.fc.parameters())", "list(model.fc.parameters())[:-1]")), False),
    ("head-weight-and-bias", edit(BASE, ("list(model.fc.parameters())", "[model.fc.weight, model.fc.bias]")), False),
    (
        "head-is-the-last-two",
        f"""
{SIGNATURE}
    p = list(model.parameters())
    return torch.optim.AdamW(
        [{{"params": p[:30], "lr": early_lr}}, {{"params": p[30:60], "lr": late_lr}},
         {{"params": p[60:], "lr": head_lr}}], weight_decay=weight_decay)
""",
        False,
    ),
    (
        "two-blocks-a-stage",
        f"""
{SIGNATURE}
    early = [model.conv1, model.bn1, model.layer1[0], model.layer1[1], model.layer2[0], model.layer2[1]]
    late = [model.layer3[0], model.layer3[1], model.layer4[0], model.layer4[1]]
    collect = lambda parts: [p for part in parts for p in part.parameters()]
    return torch.optim.AdamW(
        [{{"params": collect(early), "lr": early_lr}}, {{"params": collect(late), "lr": late_lr}},
         {{"params": collect([model.fc]), "lr": head_lr}}], weight_decay=weight_decay)
""",
        False,
    ),
    ("parameters-of-a-copy", edit(BASE, ("    early = [", "    model = copy.deepcopy(model)\n    early = [")), False),
    (
        "clones-of-the-parameters",
        edit(
            BASE,
            ("    return torch", "    early = [nn.Parameter(p.detach().clone()) for p in early]\n    return torch"),
        ),
        False,
    ),
    (
        "freezes-the-early-group",
        edit(BASE, ("    return torch", "    for p in early:\n        p.requires_grad = False\n    return torch")),
        False,
    ),
    (
        "replaces-the-head",
        edit(BASE, ("    early = [", "    model.fc = nn.Linear(model.fc.in_features, 2)\n    early = [")),
        False,
    ),
    (
        "returns-the-groups",
        edit(BASE, ("return torch.optim.AdamW(", "return list("), ("        weight_decay=weight_decay,\n", "")),
        False,
    ),
    (
        "returns-a-scheduler",
        edit(
            BASE,
            ("return torch.optim.AdamW(", "optimiser = torch.optim.AdamW("),
            (
                "        weight_decay=weight_decay,\n    )\n",
                "        weight_decay=weight_decay,\n    )\n"
                "    return torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, T_max=10)\n",
            ),
        ),
        False,
    ),
    ("returns-nothing", edit(BASE, ("return torch", "optimiser = torch")), False),
    (
        "one-rate-for-all",
        f"""
{SIGNATURE}
    return torch.optim.AdamW(model.parameters(), lr=head_lr, weight_decay=weight_decay)
""",
        False,
    ),
    (
        "body-in-two-groups-at-once",
        """
def discriminative_optimiser(model, early_lr=1e-5, late_lr=1e-4, head_lr=1e-3, weight_decay=1e-4):
    return torch.optim.AdamW([{"params": model.parameters(), "lr": early_lr},
                              {"params": [*model.layer3.parameters(), *model.layer4.parameters()], "lr": late_lr},
                              {"params": model.fc.parameters(), "lr": head_lr}], weight_decay=weight_decay)
""",
        False,
    ),
    (
        "late-generator-used-up",
        f"""
{SIGNATURE}
    late = (p for part in (model.layer3, model.layer4) for p in part.parameters())
    n_late = sum(p.numel() for p in late)
    early = [p for part in (model.conv1, model.bn1, model.layer1, model.layer2) for p in part.parameters()]
    return torch.optim.AdamW([{{"params": early, "lr": early_lr}}, {{"params": late, "lr": late_lr}},
                              {{"params": model.fc.parameters(), "lr": head_lr}}], weight_decay=weight_decay)
""",
        False,
    ),
    (
        "one-optimiser-for-everybody",
        """
MADE = {}


def discriminative_optimiser(model, early_lr=1e-5, late_lr=1e-4, head_lr=1e-3, weight_decay=1e-4):
    key = "optimiser"
    if key not in MADE:
        groups = [{"params": [p for n in names for p in getattr(model, n).parameters()], "lr": lr} for names, lr in (
            (("conv1", "bn1", "layer1", "layer2"), early_lr), (("layer3", "layer4"), late_lr), (("fc",), head_lr))]
        MADE[key] = torch.optim.AdamW(groups, weight_decay=weight_decay)
    return MADE[key]
""",
        False,
    ),
    (
        "named-parameters-in-the-groups",
        """
def discriminative_optimiser(model, early_lr=1e-5, late_lr=1e-4, head_lr=1e-3, weight_decay=1e-4):
    where = {"layer3": late_lr, "layer4": late_lr, "fc": head_lr}
    groups = [("early", early_lr, []), ("late", late_lr, []), ("head", head_lr, [])]
    order = {"layer3": 1, "layer4": 1, "fc": 2}
    for name, p in model.named_parameters():
        groups[order.get(name.partition(".")[0], 0)][2].append((name, p))
    return torch.optim.AdamW([{"params": ps, "lr": lr} for _, lr, ps in groups], weight_decay=weight_decay)
""",
        True,
    ),
    (
        "parameter-lists",
        """
def discriminative_optimiser(model, early_lr=1e-5, late_lr=1e-4, head_lr=1e-3, weight_decay=1e-4):
    def of(*names):
        return nn.ParameterList(p for name in names for p in getattr(model, name).parameters())

    plan = {"late": (of("layer3", "layer4"), late_lr), "head": (of("fc"), head_lr),
            "early": (of("conv1", "bn1", "layer1", "layer2"), early_lr)}
    groups = [{"params": list(ps), "lr": lr, "weight_decay": weight_decay, "name": k} for k, (ps, lr) in plan.items()]
    return torch.optim.AdamW(groups)
""",
        True,
    ),
    (
        "stem-twice-in-its-group",
        edit(BASE, ("(model.conv1, model.bn1,", "(model.conv1, model.conv1, model.bn1,")),
        False,
    ),
    ("misspelt-rate-of-the-head", edit(BASE, ('"lr": head_lr', '"learning_rate": head_lr')), False),
    ("misspelt-decay", edit(NAMES, ("weight_decay=weight_decay)", "wd=weight_decay)")), False),
    ("decay-times-rate", edit(NAMES, ("weight_decay=weight_decay)", "weight_decay=weight_decay * rates[k])")), False),
    ("rates-in-thousandths", edit(BASE, ('"lr": early_lr', '"lr": early_lr * 10')), False),
    (
        "steps-once",
        edit(
            BASE,
            ("    return torch", "    optimiser = torch"),
            (
                "weight_decay=weight_decay,\n    )\n",
                "weight_decay=weight_decay,\n    )\n    for p in model.parameters():\n        p.grad = torch.ones_like(p)\n"
                "    optimiser.step()\n    return optimiser\n",
            ),
        ),
        False,
    ),
    (
        "adamw-by-name-only",
        """
class AdamW(torch.optim.Adam):
    pass


def discriminative_optimiser(model, early_lr=1e-5, late_lr=1e-4, head_lr=1e-3, weight_decay=1e-4):
    groups = [{"params": [p for n in names for p in getattr(model, n).parameters()], "lr": lr} for names, lr in (
        (("conv1", "bn1", "layer1", "layer2"), early_lr), (("layer3", "layer4"), late_lr), (("fc",), head_lr))]
    return AdamW(groups, weight_decay=weight_decay)
""",
        False,
    ),
    (
        "rates-times-ten-for-head-default-kept",
        edit(BASE, ("    early = [", "    head_lr = 1e-3\n    early = [")),
        False,
    ),
]
