"""Exercise 12: answers from the exercise text, by a second reader."""

from tests.checks.fresh import edit

PLAIN = """
def fine_tuning_optimiser(model, encoder_lr=1e-5, decoder_lr=1e-4):
    encoder = [p for p in model.parameters() if not p.requires_grad]
    decoder = [p for p in model.parameters() if p.requires_grad]
    for p in model.parameters():
        p.requires_grad = True
    return torch.optim.AdamW([{"params": encoder, "lr": encoder_lr}, {"params": decoder, "lr": decoder_lr}])
"""
UNFREEZE = "    for p in model.parameters():\n        p.requires_grad = True\n"
SPLIT = """\
    encoder = [p for p in model.parameters() if not p.requires_grad]
    decoder = [p for p in model.parameters() if p.requires_grad]
"""
RETURN = 'return torch.optim.AdamW([{"params": encoder, "lr": encoder_lr}, {"params": decoder, "lr": decoder_lr}])'


def split(new: str) -> str:
    """Return the plain answer with other lines that tell the two groups apart."""
    return edit(PLAIN, (SPLIT, new))


def unfrozen(new: str) -> str:
    """Return the plain answer with other lines that unfreeze."""
    return edit(PLAIN, (UNFREEZE, new))


def returned(new: str) -> str:
    """Return the plain answer with other last lines."""
    return edit(PLAIN, (RETURN, new))


ANSWERS = [
    (
        "one-pass-with-groups-by-boolean",
        """
def fine_tuning_optimiser(model, encoder_lr=1e-5, decoder_lr=1e-4):
    groups = {False: [], True: []}
    for p in model.parameters():
        groups[p.requires_grad].append(p.requires_grad_(True))
    rates = {False: encoder_lr, True: decoder_lr}
    return torch.optim.Adam([{"params": groups[key], "lr": rates[key]} for key in groups])
""",
        True,
    ),
    (
        "itertools-groupby",
        """
from itertools import groupby
from operator import attrgetter


def fine_tuning_optimiser(model: nn.Module, encoder_lr: float = 1e-5, decoder_lr: float = 1e-4) -> torch.optim.Optimizer:
    trained = attrgetter("requires_grad")
    groups = [
        dict(params=list(members), lr=decoder_lr if key else encoder_lr)
        for key, members in groupby(sorted(model.parameters(), key=trained), key=trained)
    ]
    model.requires_grad_()
    return torch.optim.SGD(groups, momentum=0.9, nesterov=True)
""",
        True,
    ),
    (
        "generators-used-up-before-unfreezing",
        """
def fine_tuning_optimiser(model, encoder_lr=1e-5, decoder_lr=1e-4):
    optimiser = torch.optim.AdamW([
        {"params": (p for p in model.parameters() if p.requires_grad), "lr": decoder_lr},
        {"params": (p for p in model.parameters() if not p.requires_grad), "lr": encoder_lr},
    ], weight_decay=1e-4)
    model.requires_grad_(True)
    return optimiser
""",
        True,
    ),
    (
        "add-param-group",
        """
def fine_tuning_optimiser(model, encoder_lr=1e-5, decoder_lr=1e-4):
    from itertools import filterfalse
    is_new = lambda p: p.requires_grad
    old, new = list(filterfalse(is_new, model.parameters())), list(filter(is_new, model.parameters()))
    optimiser = torch.optim.RMSprop(new, lr=decoder_lr)
    [p.requires_grad_() for p in old]
    optimiser.add_param_group({"params": old, "lr": encoder_lr})
    return optimiser
""",
        True,
    ),
    (
        "default-rate-for-the-decoder-and-names-for-the-groups",
        """
def fine_tuning_optimiser(model, encoder_lr=1e-6, decoder_lr=1e-3, *, optimiser_class=torch.optim.AdamW, **options):
    frozen = {id(p) for p in model.parameters() if not p.requires_grad}
    model.requires_grad_(True)
    parts = {"encoder": [], "decoder": []}
    for p in model.parameters():
        parts["encoder" if id(p) in frozen else "decoder"].append(p)
    groups = [{"name": name, "params": params} for name, params in parts.items()]
    groups[0]["lr"] = encoder_lr
    return optimiser_class(groups, lr=decoder_lr, **options)
""",
        True,
    ),
    (
        "named-parameters-all-the-way",
        """
def fine_tuning_optimiser(model, encoder_lr=1e-5, decoder_lr=1e-4):
    named = dict(model.named_parameters())
    frozen = [name for name, p in named.items() if not p.requires_grad]
    for name in frozen:
        named[name].requires_grad = True
    return torch.optim.AdamW([
        {"params": [(name, named[name]) for name in frozen], "lr": encoder_lr},
        {"params": [(name, p) for name, p in named.items() if name not in frozen], "lr": decoder_lr},
    ])
""",
        True,
    ),
    (
        "sets-of-parameters",
        split(
            "    encoder = {p for p in model.parameters() if not p.requires_grad}\n"
            "    decoder = list(set(model.parameters()) - encoder)\n    encoder = list(encoder)\n"
        ),
        True,
    ),
    (
        "parameter-lists",
        split(
            "    encoder = nn.ParameterList(p for p in model.parameters() if not p.requires_grad)\n"
            "    decoder = nn.ParameterList(p for p in model.parameters() if p.requires_grad)\n"
        ),
        True,
    ),
    (
        "rates-set-after-the-making",
        """
def fine_tuning_optimiser(model, encoder_lr=1e-5, decoder_lr=1e-4):
    \"\"\"Make the groups first, give them their rates afterwards.\"\"\"
    frozen = [p for p in model.parameters() if not p.requires_grad]
    others = [p for p in model.parameters() if p.requires_grad]
    for p in frozen:
        p.requires_grad_(True)
    optimiser = torch.optim.NAdam([{"params": others}, {"params": frozen}])
    for group, rate in zip(optimiser.param_groups, (decoder_lr, encoder_lr), strict=True):
        group["lr"] = rate
    return optimiser
""",
        True,
    ),
    (
        "own-subclass-of-an-optimiser",
        """
class FineTuner(torch.optim.AdamW):
    def __init__(self, model, encoder_lr, decoder_lr):
        old, new = [], []
        for p in model.parameters():
            (new if p.requires_grad else old).append(p)
        super().__init__([dict(params=old, lr=encoder_lr), dict(params=new, lr=decoder_lr)], foreach=False)
        for p in old:
            p.requires_grad = True


def fine_tuning_optimiser(model, encoder_lr=1e-5, decoder_lr=1e-4):
    return FineTuner(model, encoder_lr, decoder_lr)
""",
        True,
    ),
    (
        "match-statement-over-modules",
        """
def fine_tuning_optimiser(model, encoder_lr=2e-6, decoder_lr=2e-4):
    old, new = [], []
    for module in model.modules():
        for parameter in module.parameters(recurse=False):
            match parameter.requires_grad:
                case True:
                    new += [parameter]
                case False:
                    old += [parameter]
    for module in model.modules():
        module.requires_grad_(True)
    return torch.optim.AdamW(params=[{"lr": encoder_lr, "params": old}, {"lr": decoder_lr, "params": new}])
""",
        True,
    ),
    (
        "lambda-in-one-expression",
        """
fine_tuning_optimiser = lambda model, encoder_lr=1e-5, decoder_lr=1e-4: (
    groups := [
        {"params": [p for p in model.parameters() if p.requires_grad is kind], "lr": lr}
        for kind, lr in ((False, encoder_lr), (True, decoder_lr))
    ],
    model.requires_grad_(True),
    torch.optim.Adamax(groups),
)[-1]
""",
        True,
    ),
    (
        "a-class-that-is-the-optimiser",
        """
class fine_tuning_optimiser(torch.optim.AdamW):
    def __init__(self, model, encoder_lr=1e-5, decoder_lr=1e-4):
        parts = [[p for p in model.parameters() if p.requires_grad is flag] for flag in (False, True)]
        super().__init__([{"params": part, "lr": lr} for part, lr in zip(parts, (encoder_lr, decoder_lr))])
        model.requires_grad_(True)
""",
        True,
    ),
    (
        "decorated-without-wraps",
        """
import time


def timed(function):
    def inner(*args, **kwargs):
        start = time.perf_counter()
        result = function(*args, **kwargs)
        inner.seconds = time.perf_counter() - start
        return result

    return inner


@timed
"""
        + PLAIN.lstrip(),
        True,
    ),
    (
        "defaults-of-three-and-thirty",
        edit(PLAIN, ("encoder_lr=1e-5, decoder_lr=1e-4", "encoder_lr=3e-5, decoder_lr=3e-4")),
        True,
    ),
    (
        "rate-of-the-encoder-derived-when-not-given",
        edit(
            PLAIN,
            ("encoder_lr=1e-5", "encoder_lr=None"),
            (SPLIT, "    if encoder_lr is None:\n        encoder_lr = decoder_lr / 10\n" + SPLIT),
        ),
        True,
    ),
    # wrong from here on
    ("unfrozen-first", edit(PLAIN, (UNFREEZE, ""), (SPLIT, UNFREEZE + SPLIT)), False),
    ("never-unfrozen", unfrozen(""), False),
    ("misspelt-attribute", unfrozen("    for p in model.parameters():\n        p.require_grad = True\n"), False),
    ("method-overwritten", unfrozen("    for p in model.parameters():\n        p.requires_grad_ = True\n"), False),
    ("attribute-of-the-model", unfrozen("    model.requires_grad = True\n"), False),
    (
        "attribute-of-the-children",
        unfrozen("    for part in model.children():\n        part.requires_grad = True\n"),
        False,
    ),
    (
        "attribute-of-the-data",
        unfrozen("    for p in model.parameters():\n        p.data.requires_grad = True\n"),
        False,
    ),
    (
        "unfrozen-but-for-the-norms",
        unfrozen("    for p in model.parameters():\n        p.requires_grad = p.requires_grad or p.dim() > 1\n"),
        False,
    ),
    (
        "unfrozen-but-for-the-last-tensor",
        unfrozen("    for p in encoder[:-1]:\n        p.requires_grad = True\n"),
        False,
    ),
    (
        "last-half-of-the-encoder-unfrozen",
        unfrozen("    for p in encoder[len(encoder) // 2 :]:\n        p.requires_grad = True\n"),
        False,
    ),
    (
        "decoder-frozen-in-exchange",
        unfrozen("    for p in model.parameters():\n        p.requires_grad = not p.requires_grad\n"),
        False,
    ),
    (
        "generator-used-up-by-unfreezing",
        edit(
            PLAIN,
            (
                "encoder = [p for p in model.parameters() if not p.requires_grad]",
                "encoder = (p for p in model.parameters() if not p.requires_grad)",
            ),
            ("    for p in model.parameters():\n", "    for p in encoder:\n"),
        ),
        False,
    ),
    (
        "generator-read-after-unfreezing",
        split(
            "    encoder = (p for p in list(model.parameters()) if not p.requires_grad)\n"
            "    decoder = [p for p in model.parameters() if p.requires_grad]\n"
        ),
        False,
    ),
    (
        "filter-read-after-unfreezing",
        split(
            "    encoder = [p for p in model.parameters() if not p.requires_grad]\n"
            "    decoder = filter(lambda p: p.requires_grad, model.parameters())\n"
        ),
        False,
    ),
    (
        "generator-partly-used-up",
        edit(
            PLAIN,
            (
                SPLIT,
                "    encoder = iter([p for p in model.parameters() if not p.requires_grad])\n"
                "    decoder = [p for p in model.parameters() if p.requires_grad]\n",
            ),
            (UNFREEZE, "    print(next(encoder).shape, 'comes first')\n" + UNFREEZE),
        ),
        False,
    ),
    (
        "rates-exchanged",
        edit(
            PLAIN,
            ('encoder, "lr": encoder_lr', 'encoder, "lr": decoder_lr'),
            ('decoder, "lr": decoder_lr', 'decoder, "lr": encoder_lr'),
        ),
        False,
    ),
    (
        "smaller-rate-always-to-the-encoder",
        edit(PLAIN, (SPLIT, "    encoder_lr, decoder_lr = sorted((encoder_lr, decoder_lr))\n" + SPLIT)),
        False,
    ),
    ("encoder-rate-from-the-decoders", returned(RETURN.replace('"lr": encoder_lr', '"lr": decoder_lr / 10')), False),
    ("decoder-rate-from-the-encoders", returned(RETURN.replace('"lr": decoder_lr', '"lr": 10 * encoder_lr')), False),
    (
        "rates-of-the-text",
        returned(RETURN.replace('"lr": encoder_lr', '"lr": 1e-5').replace('"lr": decoder_lr', '"lr": 1e-4')),
        False,
    ),
    (
        "encoder-rate-capped",
        returned(RETURN.replace('"lr": encoder_lr', '"lr": min(encoder_lr, decoder_lr / 10)')),
        False,
    ),
    ("misspelt-key-for-the-rate", returned(RETURN.replace('"lr"', '"learning_rate"')), False),
    (
        "misspelt-key-and-decoder-default",
        returned(
            'return torch.optim.AdamW([{"params": encoder, "Lr": encoder_lr}, {"params": decoder}], lr=decoder_lr)'
        ),
        False,
    ),
    (
        "rate-for-the-encoder-forgotten",
        returned('return torch.optim.AdamW([{"params": encoder}, {"params": decoder, "lr": decoder_lr}])'),
        False,
    ),
    ("default-rates-only-a-little-apart", edit(PLAIN, ("encoder_lr=1e-5", "encoder_lr=5e-5")), False),
    (
        "default-rates-exchanged",
        edit(PLAIN, ("encoder_lr=1e-5, decoder_lr=1e-4", "encoder_lr=1e-4, decoder_lr=1e-5")),
        False,
    ),
    (
        "parameters-of-the-function-exchanged",
        edit(PLAIN, ("encoder_lr=1e-5, decoder_lr=1e-4", "decoder_lr=1e-4, encoder_lr=1e-5")),
        False,
    ),
    ("no-default-rates", edit(PLAIN, ("encoder_lr=1e-5, decoder_lr=1e-4", "encoder_lr, decoder_lr")), False),
    (
        "everything-in-the-decoders-group-too",
        split(
            "    encoder = [p for p in model.parameters() if not p.requires_grad]\n    decoder = list(model.parameters())\n"
        ),
        False,
    ),
    ("one-group", returned("return torch.optim.AdamW(encoder + decoder, lr=encoder_lr)"), False),
    (
        "third-group-for-the-biases",
        returned(
            "slim = [p for p in encoder if p.dim() == 1]\n"
            "    return torch.optim.AdamW([\n"
            '        {"params": [p for p in encoder if p.dim() > 1], "lr": encoder_lr},\n'
            '        {"params": slim, "lr": encoder_lr, "weight_decay": 0.0},\n'
            '        {"params": decoder, "lr": decoder_lr},\n    ])'
        ),
        False,
    ),
    ("third-group-empty", returned(RETURN.replace("])", ', {"params": []}])').replace("}, , {", "}, {")), False),
    (
        "biases-left-out",
        split(
            "    encoder = [p for p in model.parameters() if not p.requires_grad and p.dim() > 1]\n"
            "    decoder = [p for p in model.parameters() if p.requires_grad and p.dim() > 1]\n"
        ),
        False,
    ),
    (
        "convolutions-only-in-the-encoder",
        split(
            "    encoder = [p for m in model.modules() if isinstance(m, nn.Conv2d) for p in m.parameters() if not p.requires_grad]\n"
            "    decoder = [p for p in model.parameters() if p.requires_grad]\n"
        ),
        False,
    ),
    (
        "norms-of-the-encoder-with-the-decoder",
        split(
            "    encoder = [p for p in model.parameters() if not p.requires_grad and p.dim() == 4]\n"
            "    ids = set(map(id, encoder))\n"
            "    decoder = [p for p in model.parameters() if id(p) not in ids]\n"
        ),
        False,
    ),
    (
        "unequal-shapes-only",
        split(
            "    encoder = list({p.shape: p for p in model.parameters() if not p.requires_grad}.values())\n"
            "    decoder = [p for p in model.parameters() if p.requires_grad]\n"
        ),
        False,
    ),
    (
        "told-apart-by-position",
        split(
            "    everything = list(model.parameters())\n    middle = 2 * len(everything) // 3\n"
            "    encoder, decoder = everything[:middle], everything[middle:]\n"
        ),
        False,
    ),
    (
        "of-a-copy",
        """
import copy


def fine_tuning_optimiser(model, encoder_lr=1e-5, decoder_lr=1e-4):
    tuned = copy.deepcopy(model)
    groups = [{"params": [], "lr": encoder_lr}, {"params": [], "lr": decoder_lr}]
    for p in tuned.parameters():
        groups[int(p.requires_grad)]["params"].append(p)
    model.requires_grad_(True)
    return torch.optim.AdamW(groups)
""",
        False,
    ),
    (
        "of-detached-copies-of-the-encoder",
        unfrozen(
            "    model.requires_grad_(True)\n    encoder = [p.detach().clone().requires_grad_() for p in encoder]\n"
        ),
        False,
    ),
    (
        "parameters-replaced-by-new-ones",
        unfrozen(
            "    for part in model.modules():\n"
            "        for name, p in list(part.named_parameters(recurse=False)):\n"
            "            if not p.requires_grad:\n"
            "                setattr(part, name, nn.Parameter(p.data.clone()))\n"
        ),
        False,
    ),
    (
        "decoder-reset",
        unfrozen(UNFREEZE + "    for p in decoder:\n        if p.dim() > 1:\n            nn.init.kaiming_normal_(p)\n"),
        False,
    ),
    (
        "encoder-reset",
        unfrozen(UNFREEZE + "    for p in encoder:\n        if p.dim() > 1:\n            nn.init.xavier_uniform_(p)\n"),
        False,
    ),
    (
        "groups-instead-of-an-optimiser",
        returned('return [{"params": encoder, "lr": encoder_lr}, {"params": decoder, "lr": decoder_lr}]'),
        False,
    ),
    (
        "optimiser-and-schedule",
        edit(
            PLAIN,
            ("return torch", "optimiser = torch"),
            ("decoder_lr}])", "decoder_lr}])\n    return optimiser, torch.optim.lr_scheduler.StepLR(optimiser, 1)"),
        ),
        False,
    ),
    (
        "schedule-that-moves-the-rates",
        edit(
            PLAIN,
            ("return torch", "optimiser = torch"),
            (
                "decoder_lr}])",
                "decoder_lr}])\n    torch.optim.lr_scheduler.LinearLR(optimiser, start_factor=0.1)\n    return optimiser",
            ),
        ),
        False,
    ),
    ("nothing-returned", edit(PLAIN, ("return torch", "optimiser = torch")), False),
    (
        "look-alike-without-steps",
        returned(
            "from types import SimpleNamespace\n"
            '    groups = [{"params": encoder, "lr": encoder_lr}, {"params": decoder, "lr": decoder_lr}]\n'
            "    return SimpleNamespace(param_groups=groups, step=lambda: None, zero_grad=lambda: None)"
        ),
        False,
    ),
    (
        "remembered-for-the-next-model",
        """
def fine_tuning_optimiser(model, encoder_lr=1e-5, decoder_lr=1e-4, memory={}):
    if "optimiser" not in memory:
        groups = [{"params": [], "lr": encoder_lr}, {"params": [], "lr": decoder_lr}]
        for p in model.parameters():
            groups[int(p.requires_grad)]["params"].append(p)
        memory["optimiser"] = torch.optim.AdamW(groups)
    model.requires_grad_(True)
    return memory["optimiser"]
""",
        False,
    ),
]
