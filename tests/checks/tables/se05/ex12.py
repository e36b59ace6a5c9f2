"""Right and wrong answers to exercise 12, fine-tuning with two learning rates."""

from tests.checks.answers import Wrong
from tests.checks.rewriting import swap

TUNE = """
def fine_tuning_optimiser(model, encoder_lr=1e-5, decoder_lr=1e-4):
    encoder = [p for p in model.parameters() if not p.requires_grad]
    decoder = [p for p in model.parameters() if p.requires_grad]
    for p in model.parameters():
        p.requires_grad = True
    return torch.optim.AdamW([
        {"params": encoder, "lr": encoder_lr},
        {"params": decoder, "lr": decoder_lr},
    ])
"""
SPLIT = TUNE[TUNE.index("    encoder = ") : TUNE.index("    for p")]
THAW = TUNE[TUNE.index("    for p") : TUNE.index("    return")]
GROUPS = TUNE[TUNE.index("    return") :]
PARTS = """
def fine_tuning_optimiser(model, encoder_lr=1e-5, decoder_lr=1e-4):
    parts = [model.inc, model.down1, model.down2, model.down3, model.down4]
    encoder = [p for part in parts for p in part.parameters()]
    known = {id(p) for p in encoder}
    decoder = [p for p in model.parameters() if id(p) not in known]
    for p in encoder:
        p.requires_grad = True
    return torch.optim.Adam([{"params": encoder, "lr": encoder_lr}, {"params": decoder, "lr": decoder_lr}])
"""
NAMES = """
def fine_tuning_optimiser(model, encoder_lr=1e-5, decoder_lr=1e-4):
    encoder, decoder = [], []
    for name, p in model.named_parameters():
        (encoder if name.startswith(("inc", "down")) else decoder).append(p)
        p.requires_grad = True
    return torch.optim.AdamW([{"params": encoder, "lr": encoder_lr}, {"params": decoder, "lr": decoder_lr}])
"""
ENCODER_GROUP, DECODER_GROUP = '{"params": encoder, "lr": encoder_lr}', '{"params": decoder, "lr": decoder_lr}'

RIGHT = {
    "by requires_grad": TUNE,
    "by parts": PARTS,
    "by names": NAMES,
    "decoder first": swap(TUNE, (f"        {ENCODER_GROUP},\n        {DECODER_GROUP},", f"        {DECODER_GROUP}, {ENCODER_GROUP}")),
    "Adam": swap(TUNE, ("AdamW", "Adam")),
    "SGD with momentum": swap(PARTS, ("Adam(", "SGD("), ("decoder_lr}])", "decoder_lr}], momentum=0.9, nesterov=True)")),
    "RMSprop": swap(TUNE, ("AdamW", "RMSprop")),
    "NAdam": swap(TUNE, ("AdamW", "NAdam")),
    "Adagrad": swap(TUNE, ("AdamW", "Adagrad")),
    "weight decay for each group": swap(TUNE, ("encoder_lr}", "encoder_lr, 'weight_decay': 0.0}")),
    "the decoder's rate as the default": swap(TUNE, (', "lr": decoder_lr}', "}"), ("    ])", "    ], lr=decoder_lr)")),
    "the encoder's rate as the default": swap(TUNE, (', "lr": encoder_lr}', "}"), ("    ])", "    ], encoder_lr)")),
    "add_param_group": swap(TUNE, (GROUPS, "    optimiser = torch.optim.AdamW(encoder, lr=encoder_lr)\n    optimiser.add_param_group({'params': decoder, 'lr': decoder_lr})\n    return optimiser\n")),
    "rates set afterwards": swap(TUNE, (GROUPS, "    optimiser = torch.optim.AdamW([{'params': encoder}, {'params': decoder}])\n    optimiser.param_groups[0]['lr'] = encoder_lr\n    optimiser.param_groups[1]['lr'] = decoder_lr\n    return optimiser\n")),
    "requires_grad_ of the model": swap(TUNE, (THAW, "    model.requires_grad_(True)\n")),
    "requires_grad_ of each": swap(TUNE, ("p.requires_grad = True", "p.requires_grad_()")),
    "only the encoder unfrozen": swap(TUNE, ("for p in model.parameters():\n        p.req", "for p in encoder:\n        p.req")),
    "unfrozen first, told apart by parts": swap(PARTS, ("    parts =", "    model.requires_grad_(True)\n    parts =")),
    "difference of sets": swap(PARTS, ("decoder = [p for p in model.parameters() if id(p) not in known]", "decoder = list(set(model.parameters()) - set(encoder))")),
    "named difference": swap(PARTS, ("known = {id(p) for p in encoder}\n    decoder = [p for p in model.parameters() if id(p) not in known]", "decoder = [p for part in (model.center, model.up1, model.up2, model.up3, model.up4, model.outc) for p in part.parameters()]")),
    "comparison by is": swap(PARTS, ("if id(p) not in known", "if not any(p is q for q in encoder)")),
    "chained generators": "import itertools\n" + swap(PARTS, ("[p for part in parts for p in part.parameters()]", "list(itertools.chain(*(part.parameters() for part in parts)))")),
    "filter": swap(TUNE, (SPLIT, "    encoder = list(filter(lambda p: not p.requires_grad, model.parameters()))\n    decoder = list(filter(lambda p: p.requires_grad, model.parameters()))\n")),
    "one loop": swap(TUNE, (SPLIT, "    encoder, decoder = [], []\n    for p in model.parameters():\n        if p.requires_grad:\n            decoder.append(p)\n        else:\n            encoder.append(p)\n            p.requires_grad = True\n"), (THAW, "")),
    "a partition in a dict": swap(TUNE, (SPLIT, "    groups = {True: [], False: []}\n    for p in model.parameters():\n        groups[p.requires_grad].append(p)\n    decoder, encoder = groups[True], groups[False]\n")),
    "tuples": swap(TUNE, ('"params": encoder', '"params": tuple(encoder)')),
    "named parameters": swap(NAMES, ("append(p)", "append((name, p))")),
    "an iterator for one group": swap(TUNE, ('"params": decoder', '"params": iter(decoder)')),
    "a generator over what is frozen now": swap(TUNE, ("decoder = [p for p in model.parameters() if p.requires_grad]", "known = {id(p) for p in encoder}\n    decoder = (p for p in model.parameters() if id(p) not in known)")),
    "a ratio of 100": swap(TUNE, ("encoder_lr=1e-5, decoder_lr=1e-4", "encoder_lr=1e-5, decoder_lr=1e-3")),
    "exactly ten times": swap(TUNE, ("encoder_lr=1e-5, decoder_lr=1e-4", "encoder_lr=3e-5, decoder_lr=3e-4")),
    "rates as tensors": swap(TUNE, ("    return", "    encoder_lr, decoder_lr = torch.tensor(encoder_lr), torch.tensor(decoder_lr)\n    return")),
    "other parameter names": swap(TUNE, ("encoder_lr", "slow"), ("decoder_lr", "fast"), ("model", "network")),
    "encoder set to training mode": swap(TUNE, ("    return", "    model.train()\n    return")),
    "a subclass of an optimiser": "class Tuner(torch.optim.AdamW):\n    pass\n" + swap(TUNE, ("torch.optim.AdamW", "Tuner")),
    "refuses rates that are the wrong way round": swap(TUNE, (SPLIT, "    if encoder_lr > decoder_lr:\n        raise ValueError('the encoder has to learn more slowly')\n" + SPLIT)),
}  # fmt: skip

THAWS, SORTS, RATES = "unfreezes_the_encoder", "groups_every_parameter_once", "learns_slower_in_the_encoder"
WRONG = {
    "nothing unfrozen": Wrong(swap(TUNE, (THAW, "")), THAWS, "parameters are frozen when the function is done"),
    "a comparison": Wrong(swap(TUNE, ("p.requires_grad = True", "p.requires_grad == True")), THAWS, "A comparison changes no attribute"),
    "require_grad": Wrong(swap(TUNE, ("p.requires_grad = True", "p.require_grad = True")), THAWS, "a new attribute, `require_grad`, which nobody reads"),
    "attribute of the model": Wrong(swap(TUNE, (THAW, "    model.requires_grad = True\n")), THAWS, "was set on a module"),
    "only the last stage unfrozen": Wrong(swap(TUNE, ("for p in model.parameters():\n        p.req", "for p in model.down4.parameters():\n        p.req")), THAWS, "of the encoder's 208 parameters are frozen"),
    "decoder unfrozen instead": Wrong(swap(TUNE, ("for p in model.parameters():\n        p.req", "for p in decoder:\n        p.req")), THAWS, "208 of the encoder's 208 parameters are frozen"),
    "roles exchanged": Wrong(swap(TUNE, ("p.requires_grad = True", "p.requires_grad = not p.requires_grad")), THAWS, "of the decoder's"),
    "frozen again": Wrong(swap(TUNE, (GROUPS, GROUPS.replace("return", "optimiser =") + "    for p in encoder:\n        p.requires_grad = False\n    return optimiser\n")), THAWS, "208 of the encoder's 208 parameters are frozen"),
    "first convolution stays frozen": Wrong(swap(TUNE, (THAW, THAW + "    next(model.parameters()).requires_grad = False\n")), THAWS, "1 of the encoder's 208 parameters are frozen"),
    "unfrozen after the return": Wrong(swap(TUNE, (THAW, ""), (GROUPS, GROUPS + THAW)), THAWS, "parameters are frozen when the function is done"),
    "encoder initialised again": Wrong(swap(TUNE, (THAW, THAW + "    for p in encoder:\n        torch.nn.init.normal_(p)\n")), THAWS, "gave other values to 208 of the model's parameters"),
    "decoder set to zero": Wrong(swap(TUNE, (THAW, THAW + "    for p in decoder:\n        p.data.zero_()\n")), THAWS, "whatever they had learnt is lost"),
    "no return": Wrong(swap(TUNE, ("return torch", "torch")), THAWS, "is a `return` missing?"),
    "the groups only": Wrong(swap(TUNE, ("return torch.optim.AdamW([", "return (["), ), THAWS, "returns a list of 2 items, not a torch optimiser"),
    "optimiser and model": Wrong(swap(TUNE, ("    ])", "    ]), model")), THAWS, "returns a tuple of 2 items"),
    "the class of the optimiser": Wrong(swap(TUNE, (GROUPS, "    return torch.optim.AdamW\n")), THAWS, "not a torch optimiser"),
    "a scheduler": Wrong(swap(TUNE, ("return torch.optim.AdamW([", "return torch.optim.lr_scheduler.ExponentialLR(torch.optim.AdamW(["), ("    ])", "    ]), 0.9)")), THAWS, "returns a ExponentialLR"),
    "no parameters for the rates": Wrong(swap(TUNE, ("model, encoder_lr=1e-5, decoder_lr=1e-4):", "model):\n    encoder_lr, decoder_lr = 1e-5, 1e-4")), THAWS, "Compare the parameters in your `def` line"),
    "not a function": Wrong("fine_tuning_optimiser = torch.optim.AdamW([torch.zeros(1, requires_grad=True)])", THAWS, "not a function"),
    "the same parameters in both groups": Wrong(swap(TUNE, ('"params": decoder', '"params": model.parameters()')), THAWS, "some parameters appear in more than one parameter group"),
    "copies of parameters": Wrong(swap(TUNE, ('"params": encoder', '"params": [p.clone() for p in encoder]')), THAWS, "can't optimize a non-leaf Tensor"),
    "an object that pretends": Wrong("class Pretender:\n    __class__ = torch.optim.Optimizer\n    param_groups = []\n" + swap(TUNE, (GROUPS, "    return Pretender()\n")), THAWS, "not a torch optimiser"),
    "everything in one group": Wrong(swap(TUNE, (GROUPS, "    return torch.optim.AdamW(model.parameters(), lr=decoder_lr)\n")), SORTS, "has 1 parameter group; expected 2"),
    "a group for each parameter": Wrong(swap(TUNE, (GROUPS, "    return torch.optim.AdamW([{'params': p, 'lr': encoder_lr} for p in encoder] + [{'params': p, 'lr': decoder_lr} for p in decoder])\n")), SORTS, "parameter groups; expected 2"),
    "three groups": Wrong(swap(TUNE, (ENCODER_GROUP, '{"params": encoder[:9], "lr": encoder_lr}, {"params": encoder[9:], "lr": encoder_lr}')), SORTS, "has 3 parameter groups; expected 2"),
    "encoder only": Wrong(swap(TUNE, (f"        {DECODER_GROUP},\n", "")), SORTS, "has 1 parameter group; expected 2"),
    "unfrozen first, told apart afterwards": Wrong(swap(TUNE, (SPLIT, ""), (THAW, THAW + SPLIT)), SORTS, "One of the two groups is empty"),
    "generators that look too late": Wrong(swap(TUNE, ("[p for p in model.parameters() if not p.requires_grad]", "(p for p in model.parameters() if not p.requires_grad)")), SORTS, "One of the two groups is empty"),
    "a generator used up": Wrong(swap(PARTS, ("[p for part in parts for p in part.parameters()]", "(p for part in parts for p in part.parameters())")), THAWS, "a generator is empty after its first use"),
    "down4 forgotten": Wrong(swap(PARTS, (", model.down4]", "]"), ("    for p in encoder:", "    for p in model.parameters():")), SORTS, "Encoder and decoder are mixed: one group holds 104 parameters of the encoder"),
    "up and down by their first letters": Wrong(swap(NAMES, ('("inc", "down")', '("inc", "down", "up")')), SORTS, "Encoder and decoder are mixed"),
    "center counted as encoder": Wrong(swap(PARTS, ("model.down4]", "model.down4, model.center]")), SORTS, "Encoder and decoder are mixed: one group holds 208 parameters of the encoder and"),
    "halves": Wrong(swap(TUNE, (SPLIT, "    every = list(model.parameters())\n    encoder, decoder = every[: len(every) // 2], every[len(every) // 2 :]\n")), SORTS, "Encoder and decoder are mixed"),
    "outc forgotten": Wrong(swap(PARTS, ("known = {id(p) for p in encoder}\n    decoder = [p for p in model.parameters() if id(p) not in known]", "decoder = [p for part in (model.center, model.up1, model.up2, model.up3, model.up4) for p in part.parameters()]")), SORTS, "2 parameters of the decoder are in no group"),
    "weights without biases": Wrong(swap(TUNE, ("decoder = [p for p in model.parameters() if p.requires_grad]", "decoder = [p for n, p in model.named_parameters() if p.requires_grad and n.endswith('weight')]")), SORTS, "parameters of the decoder are in no group"),
    "convolutions of the encoder only": Wrong(swap(TUNE, ("encoder = [p for p in model.parameters() if not p.requires_grad]", "encoder = [p for p in model.parameters() if not p.requires_grad and p.ndim == 4]")), SORTS, "parameters of the encoder are in no group"),
    "one of each left out": Wrong(swap(TUNE, ('"params": encoder', '"params": encoder[1:]'), ('"params": decoder', '"params": decoder[1:]')), SORTS, "1 parameters of the encoder and 1 parameters of the decoder are in no group"),
    "a copy of the model": Wrong("import copy\n" + swap(TUNE, ("    encoder = [", "    original, model = model, copy.deepcopy(model)\n    original.requires_grad_(True)\n    encoder = [")), SORTS, "The optimiser holds parameters that are not the model's own"),
    "new parameters": Wrong(swap(TUNE, ('"params": encoder', '"params": [torch.nn.Parameter(p.detach().clone()) for p in encoder]')), SORTS, "The optimiser holds parameters that are not the model's own"),
    "another network": Wrong(swap(TUNE, ("    encoder = [", "    model.requires_grad_(True)\n    model = UNetEfficient.__new__(UNetEfficient)\n    torch.nn.Module.__init__(model)\n    model.a, model.b = torch.nn.Linear(1, 1), torch.nn.Linear(1, 1).requires_grad_(False)\n    encoder = [")), SORTS, "The optimiser holds parameters that are not the model's own"),
    "rates exchanged": Wrong(swap(TUNE, ('encoder, "lr": encoder_lr', 'encoder, "lr": decoder_lr'), ('decoder, "lr": decoder_lr', 'decoder, "lr": encoder_lr')), RATES, "The two are swapped"),
    "the same rate twice": Wrong(swap(TUNE, ('"lr": encoder_lr', '"lr": decoder_lr')), RATES, "the encoder learns at 0.0007 and the decoder at 0.0007"),
    "rates written in": Wrong(swap(TUNE, ('"lr": encoder_lr', '"lr": 1e-5'), ('"lr": decoder_lr', '"lr": 1e-4')), RATES, "the encoder learns at 1e-05 and the decoder at 0.0001"),
    "no rates": Wrong(swap(TUNE, (', "lr": encoder_lr', ""), (', "lr": decoder_lr', "")), RATES, "the encoder learns at 0.001 and the decoder at 0.001"),
    "one rate for all": Wrong(swap(TUNE, (', "lr": encoder_lr', ""), (', "lr": decoder_lr', ""), ("    ])", "    ], lr=encoder_lr)")), RATES, "the encoder learns at 3e-06 and the decoder at 3e-06"),
    "rate under another name": Wrong(swap(TUNE, ('"lr": encoder_lr', '"learning_rate": encoder_lr')), RATES, "the encoder learns at 0.001"),
    "encoder's rate from the decoder's": Wrong(swap(TUNE, ('"lr": encoder_lr', '"lr": decoder_lr / 10')), RATES, "the encoder learns at 7e-05"),
    "equal defaults": Wrong(swap(TUNE, ("encoder_lr=1e-5", "encoder_lr=1e-4")), RATES, "at least 10 times less is asked for"),
    "defaults of a factor two": Wrong(swap(TUNE, ("encoder_lr=1e-5", "encoder_lr=5e-5")), RATES, "By default the encoder learns at 5e-05 and the decoder at 0.0001"),
    "defaults of nearly ten": Wrong(swap(TUNE, ("encoder_lr=1e-5", "encoder_lr=1.1e-5")), RATES, "at least 10 times less is asked for"),
    "defaults exchanged": Wrong(swap(TUNE, ("encoder_lr=1e-5, decoder_lr=1e-4", "encoder_lr=1e-4, decoder_lr=1e-5")), RATES, "By default the encoder learns at 0.0001 and the decoder at 1e-05"),
    "a rate of zero": Wrong(swap(TUNE, ("encoder_lr=1e-5", "encoder_lr=0.0")), RATES, "so it would never change"),
    "no defaults": Wrong(swap(TUNE, ("encoder_lr=1e-5, decoder_lr=1e-4", "encoder_lr, decoder_lr")), RATES, "missing 2 required positional arguments"),
    "listed twice": Wrong(
        swap(TUNE, ("return torch.optim.AdamW(", "optimiser = torch.optim.AdamW("), ) + "    optimiser.param_groups[1]['params'].append(decoder[0])\n    return optimiser\n",
        SORTS,
        "A parameter is in the optimiser twice",
    ),
    "encoder in no group": Wrong(
        swap(TUNE, (ENCODER_GROUP, '{"params": decoder[:1], "lr": decoder_lr}'), (DECODER_GROUP, '{"params": decoder[1:], "lr": decoder_lr}')),
        SORTS,
        "parameters of the encoder are in no group",
        also=(RATES,),
    ),
    "smaller rate always to the encoder": Wrong(swap(TUNE, (SPLIT, "    encoder_lr, decoder_lr = sorted((encoder_lr, decoder_lr))\n" + SPLIT)), RATES, "With encoder_lr=0.0004 and decoder_lr=9e-05 the encoder learns at 9e-05 and the decoder at 0.0004. The two are swapped"),
    "rates exchanged, unusual ones refused": Wrong(swap(TUNE, (SPLIT, "    if encoder_lr > decoder_lr:\n        raise ValueError('the encoder has to learn more slowly')\n    encoder_lr, decoder_lr = decoder_lr, encoder_lr\n" + SPLIT)), RATES, "With encoder_lr=3e-06 and decoder_lr=0.0007 the encoder learns at 0.0007 and the decoder at 3e-06. The two are swapped"),
    "rate of the encoder capped": Wrong(swap(TUNE, ('"lr": encoder_lr', '"lr": min(encoder_lr, decoder_lr / 10)')), RATES, "With encoder_lr=0.0004 and decoder_lr=9e-05"),
    "new parameters in the old ones' place": Wrong(swap(TUNE, (THAW, "    for part in model.modules():\n        for name, p in list(part.named_parameters(recurse=False)):\n            if not p.requires_grad:\n                setattr(part, name, nn.Parameter(p.data.clone()))\n")), THAWS, "puts new parameters in the place of"),
    "an optimiser kept for the next call": Wrong("kept = []\n" + swap(TUNE, ("    return ", "    kept.append("), (GROUPS.strip().removeprefix("return "), GROUPS.strip().removeprefix("return ") + ")\n    return kept[0]")), RATES, "the rates of an earlier call"),
}  # fmt: skip
