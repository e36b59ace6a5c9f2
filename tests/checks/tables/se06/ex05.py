"""Right and wrong answers to exercise 5, discriminative learning rates."""

from tests.checks.answers import Wrong
from tests.checks.rewriting import swap

TUNE = """
def discriminative_optimiser(model, early_lr=1e-5, late_lr=1e-4, head_lr=1e-3, weight_decay=1e-4):
    early = [p for part in (model.conv1, model.bn1, model.layer1, model.layer2) for p in part.parameters()]
    late = [p for part in (model.layer3, model.layer4) for p in part.parameters()]
    return torch.optim.AdamW(
        [
            {"params": early, "lr": early_lr},
            {"params": late, "lr": late_lr},
            {"params": model.fc.parameters(), "lr": head_lr},
        ],
        weight_decay=weight_decay,
    )
"""
EARLY, LATE = '            {"params": early, "lr": early_lr},\n', '            {"params": late, "lr": late_lr},\n'
HEAD = '            {"params": model.fc.parameters(), "lr": head_lr},\n'
STEM = "(model.conv1, model.bn1, model.layer1, model.layer2)"
NAMES = """
def discriminative_optimiser(model, early_lr=1e-5, late_lr=1e-4, head_lr=1e-3, weight_decay=1e-4):
    groups = {"early": [], "late": [], "head": []}
    for name, parameter in model.named_parameters():
        if name.startswith("fc"):
            groups["head"].append(parameter)
        elif name.startswith(("layer3", "layer4")):
            groups["late"].append(parameter)
        else:
            groups["early"].append(parameter)
    rates = {"early": early_lr, "late": late_lr, "head": head_lr}
    return torch.optim.AdamW([{"params": groups[k], "lr": rates[k]} for k in groups], weight_decay=weight_decay)
"""

RIGHT = {
    "as in the text": TUNE,
    "by names": NAMES,
    "head first": swap(TUNE, (EARLY + LATE + HEAD, HEAD + EARLY + LATE)),
    "decay in each group": swap(TUNE, ('"lr": early_lr', '"lr": early_lr, "weight_decay": weight_decay'), ('"lr": late_lr', '"lr": late_lr, "weight_decay": weight_decay'), ('"lr": head_lr', '"lr": head_lr, "weight_decay": weight_decay'), ("        weight_decay=weight_decay,\n", "")),
    "the head's rate as the default": swap(TUNE, (', "lr": head_lr', ""), ("        weight_decay", "        lr=head_lr,\n        weight_decay")),
    "add_param_group": swap(TUNE, ("return torch", "optimiser = torch"), (EARLY, ""), (HEAD, "")) + "    optimiser.add_param_group({'params': early, 'lr': early_lr})\n    optimiser.add_param_group({'params': model.fc.parameters(), 'lr': head_lr})\n    return optimiser\n",
    "tuples": swap(TUNE, ('"params": early', '"params": tuple(early)')),
    "named parameters": swap(NAMES, ("append(parameter)", "append((name, parameter))")),
    "chained generators": "import itertools\n" + swap(TUNE, ('"params": late', '"params": itertools.chain(model.layer3.parameters(), model.layer4.parameters())')),
    "difference of sets": swap(TUNE, ('"params": early', '"params": list(set(model.parameters()) - set(late) - set(model.fc.parameters()))')),
    "other settings": swap(TUNE, ("        weight_decay", "        betas=(0.9, 0.99),\n        weight_decay")),
    "a subclass": "class Tuner(torch.optim.AdamW):\n    pass\n" + swap(TUNE, ("torch.optim.AdamW", "Tuner")),
    "imported by name": "from torch.optim import AdamW\n" + swap(TUNE, ("torch.optim.AdamW", "AdamW")),
    "names for the groups": swap(TUNE, ('{"params": early', '{"name": "early", "params": early')),
    "rates set afterwards": swap(TUNE, ("return torch", "optimiser = torch"), (', "lr": early_lr', "")) + "    optimiser.param_groups[0]['lr'] = early_lr\n    return optimiser\n",
}  # fmt: skip

THREE, DEPTH, RATES, DECAYS = (
    "makes_three_groups", "groups_by_depth", "gives_each_group_its_rate", "decays_the_weights",
)  # fmt: skip
WRONG = {
    "no function": Wrong("discriminative_optimiser = None\n", THREE, "not a function"),
    "stem twice": Wrong(swap(TUNE, (STEM, "(model.conv1, model.conv1, model.bn1, model.layer1, model.layer2)")), DEPTH, "A parameter is in the optimiser twice"),
    "an empty group": Wrong(swap(TUNE, ('"params": early', '"params": []'), ('"params": late', '"params": early + late')), DEPTH, "One of the three groups is empty"),
    "nothing returned": Wrong(swap(TUNE, ("return torch", "optimiser = torch")), THREE, "is a `return` missing?"),
    "the groups returned": Wrong(swap(TUNE, ("torch.optim.AdamW(", "(lambda groups, **settings: groups)(")), THREE, "returns a list of 3 items, not an optimiser"),
    "Adam": Wrong(swap(TUNE, ("AdamW", "Adam")), THREE, "of class Adam; expected torch.optim.AdamW"),
    "SGD": Wrong(swap(TUNE, ("AdamW", "SGD")), THREE, "of class SGD"),
    "NAdam": Wrong(swap(TUNE, ("AdamW", "NAdam")), THREE, "of class NAdam"),
    "one group": Wrong("def discriminative_optimiser(model, early_lr=1e-5, late_lr=1e-4, head_lr=1e-3, weight_decay=1e-4):\n    return torch.optim.AdamW(model.parameters(), lr=head_lr, weight_decay=weight_decay)\n", THREE, "has 1 parameter group; expected 3"),
    "two groups": Wrong(swap(TUNE, (EARLY, "")), THREE, "has 2 parameter groups"),
    "four groups": Wrong(swap(TUNE, ('"params": early', '"params": early[2:]'), (HEAD, HEAD + '            {"params": early[:2], "lr": early_lr},\n')), THREE, "has 4 parameter groups"),
    "a group for each parameter": Wrong(swap(TUNE, (EARLY, "            *({'params': [p], 'lr': early_lr} for p in early),\n")), THREE, "parameter groups; expected 3"),
    "weights changed": Wrong(swap(TUNE, ("    early =", "    nn.init.zeros_(model.fc.weight)\n    early =")), THREE, "`fc.weight` has other values"),
    "stem forgotten": Wrong(swap(TUNE, (STEM, "(model.layer1, model.layer2)")), DEPTH, "they would never change: those of `bn1`, `conv1`"),
    "batch norm forgotten": Wrong(swap(TUNE, (STEM, "(model.conv1, model.layer1, model.layer2)")), DEPTH, "those of `bn1`"),
    "layer4 forgotten": Wrong(swap(TUNE, ("(model.layer3, model.layer4)", "(model.layer3,)")), DEPTH, "those of `layer4`"),
    "head's bias forgotten": Wrong(swap(TUNE, ("model.fc.parameters()", "[model.fc.weight]")), DEPTH, "1 parameter is in no group"),
    "layer2 among the late": Wrong(swap(TUNE, (STEM, "(model.conv1, model.bn1, model.layer1)"), ("(model.layer3, model.layer4)", "(model.layer2, model.layer3, model.layer4)")), DEPTH, "One group mixes early and late"),
    "layer3 among the early": Wrong(swap(TUNE, (STEM, "(model.conv1, model.bn1, model.layer1, model.layer2, model.layer3)"), ("(model.layer3, model.layer4)", "(model.layer4,)")), DEPTH, "One group mixes early and late"),
    "layer4 with the head": Wrong(swap(TUNE, ("(model.layer3, model.layer4)", "(model.layer3,)"), ("model.fc.parameters()", "[*model.layer4.parameters(), *model.fc.parameters()]")), DEPTH, "One group mixes late and head"),
    "stem with the head": Wrong(swap(TUNE, (STEM, "(model.layer1, model.layer2)"), ("model.fc.parameters()", "[*model.conv1.parameters(), *model.bn1.parameters(), *model.fc.parameters()]")), DEPTH, "One group mixes early and head"),
    "copies": Wrong(swap(TUNE, ('"params": early', '"params": [p.detach().clone().requires_grad_() for p in early]')), DEPTH, "copies, or another"),
    "another model": Wrong("import copy\n" + swap(TUNE, ("    early =", "    model = copy.deepcopy(model)\n    early =")), DEPTH, "copies, or another"),
    "an empty generator": Wrong(swap(TUNE, ("early = [p for part in " + STEM + " for p in part.parameters()]", "early = (p for part in " + STEM + " for p in part.parameters())\n    print(len(list(early)))")), DEPTH, "45 parameters are in no group"),
    "weights of the convolutions only": Wrong(swap(TUNE, ("for p in part.parameters()]\n    late", "for p in part.parameters() if p.ndim == 4]\n    late")), DEPTH, "are in no group"),
    "rates exchanged": Wrong(swap(TUNE, ('early, "lr": early_lr', 'early, "lr": late_lr'), ('late, "lr": late_lr', 'late, "lr": early_lr')), RATES, "That is `late_lr`"),
    "head and stem exchanged": Wrong(swap(TUNE, ('early, "lr": early_lr', 'early, "lr": head_lr'), ('"lr": head_lr},\n        ]', '"lr": early_lr},\n        ]')), RATES, "That is `head_lr`"),
    "one rate for all": Wrong(swap(TUNE, ('"lr": early_lr', '"lr": head_lr'), ('"lr": late_lr', '"lr": head_lr')), RATES, "the early group learns at 0.02; expected 3e-06"),
    "rates written in": Wrong(swap(TUNE, ('"lr": early_lr', '"lr": 1e-5'), ('"lr": late_lr', '"lr": 1e-4'), ('"lr": head_lr', '"lr": 1e-3')), RATES, "learns at 1e-05; expected 3e-06"),
    "no rates": Wrong(swap(TUNE, (', "lr": early_lr', ""), (', "lr": late_lr', ""), (', "lr": head_lr', "")), RATES, "learns at 0.001"),
    "another key": Wrong(swap(TUNE, ('"lr": late_lr', '"learning_rate": late_lr')), RATES, "the late group learns at 0.001"),
    "rates derived": Wrong(swap(TUNE, ('"lr": early_lr', '"lr": head_lr / 100')), RATES, "the early group learns at 0.0002"),
    "another default for the head": Wrong(swap(TUNE, ("head_lr=1e-3", "head_lr=1e-2")), RATES, "By default the head group learns at 0.01; expected 0.001"),
    "another default early": Wrong(swap(TUNE, ("early_lr=1e-5", "early_lr=1e-6")), RATES, "By default the early group learns at 1e-06"),
    "equal defaults": Wrong(swap(TUNE, ("late_lr=1e-4", "late_lr=1e-3")), RATES, "By default the late group learns at 0.001; expected 0.0001. That is `head_lr`"),
    "no decay given": Wrong(swap(TUNE, ("        weight_decay=weight_decay,\n", "")), DECAYS, "That is AdamW's own default"),
    "decay written in": Wrong(swap(TUNE, ("        weight_decay=weight_decay", "        weight_decay=1e-4")), DECAYS, "decays by 0.0001; expected 0.03"),
    "another default decay": Wrong(swap(TUNE, ("weight_decay=1e-4", "weight_decay=1e-2")), DECAYS, "By default the early group decays by 0.01"),
    "head without decay": Wrong(swap(TUNE, ('"lr": head_lr', '"lr": head_lr, "weight_decay": 0.0')), DECAYS, "the head group decays by 0"),
    "decay in one group only": Wrong(swap(TUNE, ('"lr": early_lr', '"lr": early_lr, "weight_decay": weight_decay'), ("        weight_decay=weight_decay,\n", "")), DECAYS, "the late group decays by 0.01"),
    "early parts frozen": Wrong("def discriminative_optimiser(model, early_lr=1e-5, late_lr=1e-4, head_lr=1e-3, weight_decay=1e-4):\n    early = [p for part in (model.conv1, model.bn1, model.layer1, model.layer2) for p in part.requires_grad_(False).parameters()]\n    late = [*model.layer3.parameters(), *model.layer4.parameters()]\n    return torch.optim.AdamW([dict(params=early, lr=early_lr), dict(params=late, lr=late_lr), dict(params=model.fc.parameters(), lr=head_lr)], weight_decay=weight_decay)\n", "makes_three_groups", "was frozen or unfrozen"),
    "digits in the names": Wrong("def discriminative_optimiser(model, early_lr=1e-5, late_lr=1e-4, head_lr=1e-3, weight_decay=1e-4):\n    groups = {early_lr: [], late_lr: [], head_lr: []}\n    for name, p in model.named_parameters():\n        groups[head_lr if name.startswith('fc') else late_lr if '3' in name or '4' in name else early_lr].append(p)\n    return torch.optim.AdamW([dict(params=ps, lr=lr) for lr, ps in groups.items()], weight_decay=weight_decay)\n", "groups_by_depth", "One group mixes early and late"),
    "a head of one layer taken for granted": Wrong("def discriminative_optimiser(model, early_lr=1e-5, late_lr=1e-4, head_lr=1e-3, weight_decay=1e-4):\n    early = [p for part in (model.conv1, model.bn1, model.layer1, model.layer2) for p in part.parameters()]\n    late = [*model.layer3.parameters(), *model.layer4.parameters()]\n    return torch.optim.AdamW([dict(params=early, lr=early_lr), dict(params=late, lr=late_lr), dict(params=[model.fc.weight, model.fc.bias], lr=head_lr)], weight_decay=weight_decay)\n", "groups_by_depth", "has no attribute 'weight'"),
    "two tensors of the head": Wrong("def discriminative_optimiser(model, early_lr=1e-5, late_lr=1e-4, head_lr=1e-3, weight_decay=1e-4):\n    early = [p for part in (model.conv1, model.bn1, model.layer1, model.layer2) for p in part.parameters()]\n    late = [*model.layer3.parameters(), *model.layer4.parameters()]\n    return torch.optim.AdamW([dict(params=early, lr=early_lr), dict(params=late, lr=late_lr), dict(params=list(model.fc.parameters())[-2:], lr=head_lr)], weight_decay=weight_decay)\n", "groups_by_depth", "2 parameters are in no group, so they would never change: those of `fc`"),
    "rates as keys": Wrong("def discriminative_optimiser(model, early_lr=1e-5, late_lr=1e-4, head_lr=1e-3, weight_decay=1e-4):\n    groups = {early_lr: [], late_lr: [], head_lr: []}\n    for name, p in model.named_parameters():\n        groups[head_lr if name.startswith('fc') else late_lr if name.startswith(('layer3', 'layer4')) else early_lr].append(p)\n    return torch.optim.AdamW([{'params': ps, 'lr': lr} for lr, ps in groups.items()], weight_decay=weight_decay)\n", DEPTH, "With one rate for all three parts the optimiser has 1 parameter group; expected 3."),
    "a group for each layer of the head": Wrong(swap(TUNE, (HEAD, "            *({\"params\": m.parameters(recurse=False), \"lr\": head_lr} for m in model.fc.modules() if isinstance(m, nn.Linear)),\n")), DEPTH, "With a head of two layers the optimiser has 4 parameter groups"),
    "model in evaluation mode": Wrong(swap(TUNE, ("    return torch", "    model.eval()\n    return torch")), THREE, "was switched between training and evaluation mode"),
    "another order of the rates": Wrong(swap(TUNE, ("early_lr=1e-5, late_lr=1e-4, head_lr=1e-3", "head_lr=1e-3, late_lr=1e-4, early_lr=1e-5")), RATES, "After discriminative_optimiser(model, 3e-06, 7e-05, 0.02, 0.03) the early group learns at 0.02"),
}  # fmt: skip
