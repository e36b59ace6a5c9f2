"""Exercise 12: answers from the exercise text, by a third reader."""

from tests.checks.fresh import edit

PLAIN = """
def fine_tuning_optimiser(model, encoder_lr=1e-5, decoder_lr=1e-4):
    encoder = [p for p in model.parameters() if not p.requires_grad]
    decoder = [p for p in model.parameters() if p.requires_grad]
    for p in encoder:
        p.requires_grad = True
    return torch.optim.AdamW([{"params": encoder, "lr": encoder_lr}, {"params": decoder, "lr": decoder_lr}])
"""

VERBOSE = '''
from dataclasses import dataclass, field
from typing import Any, Dict, List


@dataclass
class ParameterGroup:
    """Parameters that share a learning rate."""

    name: str
    lr: float
    params: List[nn.Parameter] = field(default_factory=list)

    def as_dict(self) -> Dict[str, Any]:
        """Return what an optimiser wants."""
        return {"params": self.params, "lr": self.lr, "name": self.name}


def fine_tuning_optimiser(
    model: nn.Module,
    encoder_lr: float = 1e-5,
    decoder_lr: float = 1e-4,
    weight_decay: float = 1e-2,
) -> torch.optim.Optimizer:
    """Unfreeze the encoder and give it a small learning rate.

    Args:
        model: a model whose frozen parameters are the encoder's.
        encoder_lr: learning rate of the encoder.
        decoder_lr: learning rate of everything else.
        weight_decay: as in AdamW.

    Returns:
        An optimiser with two groups.
    """
    if encoder_lr < 0 or decoder_lr < 0:
        raise ValueError("learning rates must not be negative")
    groups = {True: ParameterGroup("decoder", decoder_lr), False: ParameterGroup("encoder", encoder_lr)}
    for _name, parameter in model.named_parameters():
        groups[parameter.requires_grad].params.append(parameter)
    n_parameters = sum(len(group.params) for group in groups.values())
    assert n_parameters == len(list(model.parameters())), "a parameter got lost"
    for parameter in groups[False].params:
        parameter.requires_grad_(True)
    assert all(parameter.requires_grad for parameter in model.parameters())
    return torch.optim.AdamW([group.as_dict() for group in groups.values()], weight_decay=weight_decay)
'''

TERSE = """
def fine_tuning_optimiser(model, encoder_lr=1e-5, decoder_lr=1e-4):
    g = [[], []]
    for p in model.parameters():
        g[p.requires_grad] += [p]
    model.requires_grad_(True)
    return torch.optim.Adam([dict(params=q, lr=r) for q, r in zip(g, (encoder_lr, decoder_lr))])
"""

GROUPS = '[{"params": encoder, "lr": encoder_lr}, {"params": decoder, "lr": decoder_lr}]'
UNFREEZE = "    for p in encoder:\n        p.requires_grad = True\n"


def plain(*pairs):
    """Return the plain answer with changes."""
    return edit(PLAIN, *pairs)


ANSWERS = [
    ("plain", PLAIN, True),
    ("verbose-dataclass", VERBOSE, True),
    ("terse-index-by-flag", TERSE, True),
    (
        "second-group-added-later",
        plain(
            (
                f"    return torch.optim.AdamW({GROUPS})\n",
                '    optimiser = torch.optim.SGD(decoder, lr=decoder_lr, momentum=0.9, nesterov=True)\n    optimiser.add_param_group({"params": encoder, "lr": encoder_lr})\n    return optimiser\n',
            )
        ),
        True,
    ),
    (
        "default-rate-for-the-decoder",
        plain(
            (GROUPS, '[{"params": encoder, "lr": encoder_lr}, {"params": decoder}], lr=decoder_lr, betas=(0.9, 0.95)')
        ),
        True,
    ),
    (
        "filterfalse-and-partial",
        "from functools import partial\nfrom itertools import filterfalse\nfrom operator import attrgetter\n"
        + plain(
            (
                "[p for p in model.parameters() if not p.requires_grad]",
                'list(filterfalse(attrgetter("requires_grad"), model.parameters()))',
            ),
            ("torch.optim.AdamW(", "partial(torch.optim.RAdam, weight_decay=1e-4)("),
        ),
        True,
    ),
    (
        "identities-remembered",
        plain(
            (
                "    encoder = [p for p in model.parameters() if not p.requires_grad]\n    decoder = [p for p in model.parameters() if p.requires_grad]\n"
                + UNFREEZE,
                "    frozen = {id(p) for p in model.parameters() if not p.requires_grad}\n    model.requires_grad_()\n    encoder, decoder = [], []\n    for p in model.parameters():\n        (encoder if id(p) in frozen else decoder).append(p)\n",
            )
        ),
        True,
    ),
    (
        "names-remembered-decoder-first",
        plain(
            (
                "    encoder = [p for p in model.parameters() if not p.requires_grad]\n    decoder = [p for p in model.parameters() if p.requires_grad]\n"
                + UNFREEZE,
                "    frozen = tuple(name for name, p in model.named_parameters() if not p.requires_grad)\n    for p in model.parameters():\n        p.requires_grad_(True)\n    by_name = dict(model.named_parameters())\n    encoder = [by_name.pop(name) for name in frozen]\n    decoder = [*by_name.values()]\n",
            ),
            (
                GROUPS,
                '[{"lr": decoder_lr, "params": decoder, "weight_decay": 0.0}, {"lr": encoder_lr, "params": encoder}]',
            ),
        ),
        True,
    ),
    (
        "own-class-of-optimiser",
        "class FineTuner(torch.optim.AdamW):\n    def __init__(self, slow, fast, rates):\n        super().__init__([{'params': part, 'lr': rate} for part, rate in zip((slow, fast), rates)], amsgrad=True)\n\n"
        + plain((f"torch.optim.AdamW({GROUPS})", "FineTuner(encoder, decoder, (encoder_lr, decoder_lr))")),
        True,
    ),
    (
        "other-defaults-a-hundred-apart",
        plain(
            ("encoder_lr=1e-5, decoder_lr=1e-4", "encoder_lr=3e-6, decoder_lr=3e-4"),
            ("torch.optim.AdamW(", "torch.optim.RMSprop("),
        ),
        True,
    ),
    (
        "rates-set-afterwards",
        plain(
            (
                f"    return torch.optim.AdamW({GROUPS})\n",
                '    optimiser = torch.optim.AdamW([{"params": encoder}, {"params": decoder}])\n    for group, rate in zip(optimiser.param_groups, (encoder_lr, decoder_lr)):\n        group["lr"] = rate\n    return optimiser\n',
            )
        ),
        True,
    ),
    (
        "groups-in-a-default-argument",
        plain(
            ("decoder_lr=1e-4)", "decoder_lr=1e-4, groups=[])"),
            (
                f"    return torch.optim.AdamW({GROUPS})\n",
                f"    groups.extend({GROUPS})\n    return torch.optim.AdamW(groups[:2])\n",
            ),
        ),
        False,
    ),
    (
        "optimiser-cached-for-all-models",
        "_made = {}\n\n"
        + plain(
            (
                f"    return torch.optim.AdamW({GROUPS})\n",
                f'    if "optimiser" not in _made:\n        _made["optimiser"] = torch.optim.AdamW({GROUPS})\n    return _made["optimiser"]\n',
            )
        ),
        False,
    ),
    (
        "arguments-in-the-other-order",
        plain(("encoder_lr=1e-5, decoder_lr=1e-4", "decoder_lr=1e-4, encoder_lr=1e-5")),
        False,
    ),
    ("encoder-rate-as-a-tenth", plain(('"lr": encoder_lr}', '"lr": decoder_lr / 10}')), False),
    (
        "rates-fixed-when-the-function-is-made",
        plain(
            ("decoder_lr=1e-4):", "decoder_lr=1e-4, rates=(1e-5, 1e-4)):"),
            ('"lr": encoder_lr}', '"lr": rates[0]}'),
            ('"lr": decoder_lr}', '"lr": rates[1]}'),
        ),
        False,
    ),
    (
        "default-rate-overrides-the-decoder-s",
        plain((GROUPS, '[{"params": encoder, "lr": encoder_lr}, {"params": decoder}], lr=10 * encoder_lr')),
        False,
    ),
    ("rate-at-most-the-default", plain(('"lr": encoder_lr}', '"lr": min(encoder_lr, 1e-5)}')), False),
    (
        "normalisation-stays-frozen",
        plain(
            (
                UNFREEZE,
                "    still = {id(p) for m in model.modules() if isinstance(m, nn.BatchNorm2d) for p in m.parameters()}\n    for p in encoder:\n        p.requires_grad = id(p) not in still\n",
            )
        ),
        False,
    ),
    (
        "only-matrices-unfrozen",
        plain((UNFREEZE, "    for p in encoder:\n        p.requires_grad = p.ndim > 1\n")),
        False,
    ),
    ("never-unfrozen", plain((UNFREEZE, "")), False),
    ("flag-set-on-the-list-elements-data", plain(("p.requires_grad = True", "p.data.requires_grad = True")), False),
    (
        "decoder-frozen-instead",
        plain((UNFREEZE, "    for p in model.parameters():\n        p.requires_grad = not p.requires_grad\n")),
        False,
    ),
    (
        "unfrozen-before-looking",
        "def fine_tuning_optimiser(model, encoder_lr=1e-5, decoder_lr=1e-4):\n    model.requires_grad_(True)\n    encoder = [p for p in model.parameters() if not p.requires_grad]\n    decoder = [p for p in model.parameters() if p.requires_grad]\n    return torch.optim.AdamW("
        + GROUPS
        + ")\n",
        False,
    ),
    (
        "lazy-filter-evaluated-after-unfreezing",
        plain(
            (
                "[p for p in model.parameters() if not p.requires_grad]",
                "list(p for p in model.parameters() if not p.requires_grad)",
            ),
            (
                "[p for p in model.parameters() if p.requires_grad]",
                "filter(lambda p: p.requires_grad, model.parameters())",
            ),
        ),
        False,
    ),
    (
        "copies-of-the-parameters",
        plain(('{"params": decoder,', '{"params": [nn.Parameter(p.detach().clone()) for p in decoder],')),
        False,
    ),
    (
        "a-copied-model-s-parameters",
        "import copy\n" + plain(("    encoder = [", "    model = copy.deepcopy(model)\n    encoder = [")),
        False,
    ),
    (
        "biases-left-out",
        plain(
            (
                "[p for p in model.parameters() if p.requires_grad]",
                "[p for name, p in model.named_parameters() if p.requires_grad and not name.endswith('bias')]",
            )
        ),
        False,
    ),
    (
        "biases-in-a-third-group",
        plain(
            (
                "[p for p in model.parameters() if p.requires_grad]",
                "[p for p in model.parameters() if p.requires_grad and p.ndim > 1]\n    rest = [p for p in model.parameters() if p.requires_grad and p.ndim == 1]",
            ),
            (GROUPS, GROUPS[:-1] + ', {"params": rest, "lr": decoder_lr, "weight_decay": 0.0}]'),
        ),
        False,
    ),
    (
        "one-group-for-each-parameter",
        plain(
            (
                GROUPS,
                '[{"params": [p], "lr": encoder_lr} for p in encoder] + [{"params": [p], "lr": decoder_lr} for p in decoder]',
            )
        ),
        False,
    ),
    (
        "half-and-half-by-position",
        "def fine_tuning_optimiser(model, encoder_lr=1e-5, decoder_lr=1e-4):\n    everything = list(model.parameters())\n    cut = sum(not p.requires_grad for p in everything) - 1\n    model.requires_grad_(True)\n    encoder, decoder = everything[:cut], everything[cut:]\n    return torch.optim.AdamW("
        + GROUPS
        + ")\n",
        False,
    ),
    (
        "default-rates-five-apart",
        plain(("encoder_lr=1e-5, decoder_lr=1e-4", "encoder_lr=2e-5, decoder_lr=1e-4")),
        False,
    ),
    (
        "rates-swapped",
        plain(
            ('encoder, "lr": encoder_lr', 'encoder, "lr": decoder_lr'),
            ('decoder, "lr": decoder_lr', 'decoder, "lr": encoder_lr'),
        ),
        False,
    ),
    (
        "parameters-reset-while-unfreezing",
        plain(
            (
                UNFREEZE,
                UNFREEZE
                + "    for m in model.modules():\n        if isinstance(m, nn.BatchNorm2d):\n            m.reset_parameters()\n",
            )
        ),
        False,
    ),
    ("list-of-groups-returned", plain((f"torch.optim.AdamW({GROUPS})", GROUPS)), False),
    (
        "scheduler-returned",
        plain((f"torch.optim.AdamW({GROUPS})", f"torch.optim.lr_scheduler.StepLR(torch.optim.AdamW({GROUPS}), 1)")),
        False,
    ),
    ("no-return", plain(("    return torch", "    torch")), False),
]
