"""Exercise 12: 30 answers from the exercise text and the fixed signature."""

from tests.checks.fresh import edit

BASE = """
def fine_tuning_optimiser(model, encoder_lr=1e-5, decoder_lr=1e-4):
    encoder = [p for p in model.parameters() if not p.requires_grad]
    decoder = [p for p in model.parameters() if p.requires_grad]
    for p in encoder:
        p.requires_grad = True
    return torch.optim.Adam([
        {"params": encoder, "lr": encoder_lr},
        {"params": decoder, "lr": decoder_lr},
    ])
"""
MODULES = """
def fine_tuning_optimiser(model, encoder_lr=1e-5, decoder_lr=1e-4):
    stages = [model.inc, model.down1, model.down2, model.down3, model.down4]
    encoder = [p for stage in stages for p in stage.parameters()]
    ids = {id(p) for p in encoder}
    decoder = [p for p in model.parameters() if id(p) not in ids]
    model.requires_grad_(True)
    return torch.optim.AdamW([{"params": decoder}, {"params": encoder, "lr": encoder_lr}], lr=decoder_lr, weight_decay=1e-2)
"""
NAMES = """
def fine_tuning_optimiser(model, encoder_lr=1e-5, decoder_lr=1e-4):
    frozen = {name for name, p in model.named_parameters() if not p.requires_grad}
    for p in model.parameters():
        p.requires_grad_(True)
    groups = {True: [], False: []}
    for name, p in model.named_parameters():
        groups[name in frozen].append(p)
    optimiser = torch.optim.SGD(groups[True], lr=encoder_lr, momentum=0.9)
    optimiser.add_param_group({"params": groups[False], "lr": decoder_lr})
    return optimiser
"""
LOOP = """    for p in encoder:
        p.requires_grad = True
"""
ENC = '{"params": encoder, "lr": encoder_lr}'
DEC = '{"params": decoder, "lr": decoder_lr}'

RIGHT = [
    ("frozen_first", BASE),
    ("modules_by_name", MODULES),
    ("names_and_add_group", NAMES),
    ("decoder_first", edit(BASE, (f"        {ENC},\n        {DEC},\n", f"        {DEC},\n        {ENC},\n"))),
    ("rmsprop", edit(BASE, ("torch.optim.Adam(", "torch.optim.RMSprop("))),
    (
        "filter_lambda",
        edit(
            BASE,
            (
                "[p for p in model.parameters() if not p.requires_grad]",
                "list(filter(lambda p: not p.requires_grad, model.parameters()))",
            ),
        ),
    ),
    ("prefixes", edit(NAMES, ("if not p.requires_grad}", 'if name.startswith(("inc.", "down"))}'))),
    (
        "named_groups",
        edit(
            BASE,
            ("p for p in model.parameters() if not", "(n, p) for n, p in model.named_parameters() if not"),
            ("p for p in model.parameters() if p", "(n, p) for n, p in model.named_parameters() if p"),
            ("for p in encoder", "for _, p in encoder"),
        ),
    ),
    (
        "sets",
        edit(
            BASE,
            (
                "    decoder = [p for p in model.parameters() if p.requires_grad]",
                "    decoder = list(set(model.parameters()) - set(encoder))",
            ),
        ),
    ),
    ("other_defaults", edit(BASE, ("encoder_lr=1e-5, decoder_lr=1e-4", "encoder_lr=1e-6, decoder_lr=1e-3"))),
    (
        "more_arguments",
        edit(
            BASE,
            ("decoder_lr=1e-4)", "decoder_lr=1e-4, *, weight_decay=0.0)"),
            ("    ])", "    ], weight_decay=weight_decay)"),
        ),
    ),
    ("requires_grad_method", edit(BASE, (LOOP, "    model.requires_grad_()\n"))),
]
WRONG = [
    ("still_frozen", edit(BASE, (LOOP, ""))),
    ("typing_mistake", edit(BASE, ("p.requires_grad = True", "p.require_grad = True"))),
    (
        "unfrozen_too_early",
        edit(BASE, ("    encoder = [p for", "    model.requires_grad_(True)\n    encoder = [p for")),
    ),
    (
        "one_group",
        edit(BASE, (f"        {ENC},\n        {DEC},\n", '        {"params": encoder + decoder, "lr": encoder_lr},\n')),
    ),
    (
        "rates_swapped",
        edit(
            BASE,
            ('encoder, "lr": encoder_lr', 'encoder, "lr": decoder_lr'),
            ('decoder, "lr": decoder_lr', 'decoder, "lr": encoder_lr'),
        ),
    ),
    ("only_five_times_smaller", edit(BASE, ("encoder_lr=1e-5", "encoder_lr=2e-5"))),
    ("same_default", edit(BASE, ("encoder_lr=1e-5", "encoder_lr=1e-4"))),
    ("defaults_swapped", edit(BASE, ("encoder_lr=1e-5, decoder_lr=1e-4", "encoder_lr=1e-4, decoder_lr=1e-5"))),
    ("encoder_rate_typed_in", edit(BASE, ('"lr": encoder_lr', '"lr": 1e-5'))),
    ("decoder_rate_typed_in", edit(BASE, ('"lr": decoder_lr', '"lr": 1e-4'))),
    ("encoder_rate_derived", edit(BASE, ('"lr": encoder_lr', '"lr": decoder_lr / 10'))),
    ("everything_in_second_group", edit(BASE, ('"params": decoder', '"params": model.parameters()'))),
    ("no_biases", edit(BASE, ('"params": encoder', '"params": [p for p in encoder if p.ndim > 1]'))),
    ("head_forgotten", edit(BASE, ('"params": decoder', '"params": decoder[:-2]'))),
    ("decoder_only", edit(BASE, (f"        {ENC},\n", ""))),
    (
        "three_groups",
        edit(
            BASE,
            (DEC, '{"params": decoder[:-2], "lr": decoder_lr},\n        {"params": decoder[-2:], "lr": decoder_lr}'),
        ),
    ),
    (
        "group_per_parameter",
        edit(
            BASE,
            (
                f"        {ENC},\n        {DEC},\n",
                '        *({"params": [p], "lr": encoder_lr} for p in encoder),\n'
                '        *({"params": [p], "lr": decoder_lr} for p in decoder),\n',
            ),
        ),
    ),
    ("nothing_returned", edit(BASE, ("return torch", "optimiser = torch"))),
    ("groups_returned", edit(BASE, ("return torch.optim.Adam([", "return (["))),
    (
        "deepest_stage_only",
        edit(MODULES, ("[model.inc, model.down1, model.down2, model.down3, model.down4]", "[model.down4]")),
    ),
    ("inc_taken_for_decoder", edit(MODULES, ("[model.inc, model.down1,", "[model.down1,"))),
    ("center_taken_for_encoder", edit(MODULES, ("model.down4]", "model.down4, model.center]"))),
    ("copies", edit(BASE, ('"params": encoder', '"params": [p.detach().clone().requires_grad_() for p in encoder]'))),
    ("another_model", edit(BASE, ("    encoder = [p for", "    model = UNetEfficient()\n    encoder = [p for"))),
    (
        "frozen_again",
        edit(
            BASE,
            ("return torch", "optimiser = torch"),
            ("    ])\n", "    ])\n    for p in encoder:\n        p.requires_grad = False\n    return optimiser\n"),
        ),
    ),
    ("decoder_frozen_instead", edit(BASE, (LOOP, LOOP + "    for p in decoder:\n        p.requires_grad = False\n"))),
    ("encoder_forgets", edit(BASE, (LOOP, LOOP + "    for p in encoder:\n        torch.nn.init.normal_(p)\n"))),
    ("zero_rate", edit(BASE, ('"lr": encoder_lr', '"lr": 0.0'))),
]
ANSWERS = [(n, c, True) for n, c in RIGHT] + [(n, c, False) for n, c in WRONG]
