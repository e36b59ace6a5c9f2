"""Right and wrong answers to exercise 4, unfreezing the last stages."""

from tests.checks.answers import Wrong
from tests.checks.rewriting import swap

UNFREEZE = """
def unfreeze_last(model, stages):
    if stages < 0 or stages > 4:
        raise ValueError(f"stages goes from 0 to 4; got {stages}")
    for parameter in model.parameters():
        parameter.requires_grad = False
    for parameter in model.fc.parameters():
        parameter.requires_grad = True
    for number in range(5 - stages, 5):
        for parameter in getattr(model, f"layer{number}").parameters():
            parameter.requires_grad = True
    return model
"""
GUARD = '    if stages < 0 or stages > 4:\n        raise ValueError(f"stages goes from 0 to 4; got {stages}")\n'
FREEZE = "    for parameter in model.parameters():\n        parameter.requires_grad = False\n"
HEAD = "    for parameter in model.fc.parameters():\n        parameter.requires_grad = True\n"
STAGES = UNFREEZE[UNFREEZE.index("    for number") : UNFREEZE.index("    return")]
BACK = "    return model\n"
RANGE = "range(5 - stages, 5)"
LIST = "    parts = [model.layer1, model.layer2, model.layer3, model.layer4]\n"
NAMES = """
def unfreeze_last(model, stages):
    if stages not in range(5):
        raise ValueError("there are four stages")
    wanted = ("fc", "layer4", "layer3", "layer2", "layer1")[: stages + 1]
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(name.split(".")[0] in wanted)
    return model
"""

RIGHT = {
    "as in the text": UNFREEZE,
    "by names": NAMES,
    "freeze_body does the first half": swap(UNFREEZE, (FREEZE + HEAD, "    freeze_body(model)\n")),
    "requires_grad_": swap(UNFREEZE, (FREEZE + HEAD + STAGES, "    model.requires_grad_(False)\n    model.fc.requires_grad_()\n" + LIST + "    for part in parts[4 - stages :]:\n        part.requires_grad_()\n")),
    "reversed list": swap(UNFREEZE, (STAGES, "    for part in [model.layer4, model.layer3, model.layer2, model.layer1][:stages]:\n        part.requires_grad_(True)\n")),
    "slice with a guard": swap(UNFREEZE, (STAGES, LIST + "    if stages:\n        for part in parts[-stages:]:\n            part.requires_grad_(True)\n")),
    "get_submodule": swap(UNFREEZE, ('getattr(model, f"layer{number}")', 'model.get_submodule(f"layer{number}")')),
    "chained comparison": swap(UNFREEZE, ("if stages < 0 or stages > 4", "if not 0 <= stages <= 4")),
    "prefixes": swap(NAMES, ('name.split(".")[0] in wanted', 'name.startswith(tuple(f"{each}." for each in wanted))')),
    "chains of if": swap(UNFREEZE, (STAGES, "    if stages >= 1:\n        model.layer4.requires_grad_(True)\n    if stages >= 2:\n        model.layer3.requires_grad_(True)\n    if stages >= 3:\n        model.layer2.requires_grad_(True)\n    if stages >= 4:\n        model.layer1.requires_grad_(True)\n")),
    "backwards with a step": swap(UNFREEZE, (RANGE, "range(4, 4 - stages, -1)")),
    "negative numbers": swap(UNFREEZE, ("for number in " + RANGE, "for number in (5 - k for k in range(1, stages + 1))")),
    "a subclass of ValueError": "class StageError(ValueError):\n    pass\n" + swap(UNFREEZE, ("raise ValueError", "raise StageError")),
}  # fmt: skip

LAST, ENDS, BEFORE, REFUSES = (
    "trains_the_last_stages", "knows_the_two_ends", "forgets_what_was_before", "refuses_other_numbers",
)  # fmt: skip
WRONG = {
    "no function": Wrong("unfreeze_last = None\n", LAST, "not a function"),
    "nothing returned": Wrong(swap(UNFREEZE, (BACK, "")), LAST, "is a `return` missing?"),
    "a copy": Wrong("import copy\n" + swap(UNFREEZE, (GUARD, GUARD + "    model = copy.deepcopy(model)\n")), LAST, "another model: a copy"),
    "the first stages": Wrong(swap(UNFREEZE, (RANGE, "range(1, stages + 1)")), LAST, "`layer3` stays frozen"),
    "the stage with that number": Wrong(swap(UNFREEZE, (RANGE, "[stages]")), LAST, "`layer3` stays frozen"),
    "one too few": Wrong(swap(UNFREEZE, (RANGE, "range(6 - stages, 5)")), LAST, "`layer3` stays frozen"),
    "one too many": Wrong(swap(UNFREEZE, (RANGE, "range(max(4 - stages, 1), 5)")), LAST, "`layer2` can be trained, too; only `layer3`, `layer4` and `fc` should"),
    "the last stage left out": Wrong(swap(UNFREEZE, (RANGE, "range(5 - stages, 4)")), LAST, "`layer4` stays frozen"),
    "head forgotten": Wrong(swap(UNFREEZE, (HEAD, "")), LAST, "`fc` stays frozen"),
    "nothing frozen": Wrong(swap(UNFREEZE, (FREEZE, "")), LAST, "`bn1` can be trained, too"),
    "frozen at the end": Wrong(swap(UNFREEZE, (FREEZE, ""), (BACK, FREEZE + BACK)), LAST, "stays frozen"),
    "always the last two": Wrong(swap(UNFREEZE, (RANGE, "(3, 4)")), LAST, "With stages=1 `layer3` can be trained, too"),
    "always the last one": Wrong(swap(UNFREEZE, (RANGE, "(4,)")), LAST, "With stages=2 `layer3` stays frozen"),
    "misspelt": Wrong(swap(UNFREEZE, ("            parameter.requires_grad = True", "            parameter.require_grad = True")), LAST, "new attribute, `require_grad`"),
    "set on the module": Wrong(swap(UNFREEZE, (STAGES, "    for number in range(5 - stages, 5):\n        getattr(model, f'layer{number}').requires_grad = True\n")), LAST, "The attribute was set on a module"),
    "weights only": Wrong(swap(UNFREEZE, (STAGES, "    for number in range(5 - stages, 5):\n        for name, p in getattr(model, f'layer{number}').named_parameters():\n            p.requires_grad = 'conv' in name\n")), LAST, "of the parameters of `layer3` stay frozen"),
    "blocks instead of stages": Wrong(swap(UNFREEZE, (STAGES, "    for block in [b for s in (model.layer1, model.layer2, model.layer3, model.layer4) for b in s.children()][-1:]:\n        block.requires_grad_(True)\n")), LAST, "`layer3` stays frozen"),
    "children of the model": Wrong(swap(UNFREEZE, (STAGES, "    for part in list(model.children())[-stages:] if stages else []:\n        part.requires_grad_(True)\n")), LAST, "`layer3` stays frozen"),
    "the last so many parameters": Wrong(swap(UNFREEZE, (STAGES, "    for p in list(model.parameters())[-stages - 2:]:\n        p.requires_grad_(True)\n")), LAST, "stays frozen"),
    "stem thawed with three": Wrong(swap(UNFREEZE, (BACK, "    if stages == 3:\n        model.conv1.requires_grad_(True)\n" + BACK)), LAST, "`conv1` can be trained, too"),
    "the slice [-0:]": Wrong(swap(UNFREEZE, (STAGES, LIST + "    for part in parts[-stages:]:\n        part.requires_grad_(True)\n")), ENDS, "With stages=0 `layer1` can be trained, too; only `fc` should"),
    "four means everything": Wrong(swap(UNFREEZE, (BACK, "    if stages == 4:\n        model.requires_grad_(True)\n" + BACK)), ENDS, "With stages=4 `bn1` can be trained, too"),
    "zero means everything": Wrong(swap(UNFREEZE, (FREEZE, "    if stages:\n        model.requires_grad_(False)\n")), ENDS, "With stages=0 `bn1` can be trained"),
    "four is too many": Wrong(swap(UNFREEZE, ("stages > 4", "stages > 3")), ENDS, "stages goes from 0 to 4; got 4"),
    "zero is too few": Wrong(swap(UNFREEZE, ("stages < 0", "stages < 1")), ENDS, "got 0"),
    "layer1 never": Wrong(swap(UNFREEZE, (RANGE, "range(max(5 - stages, 2), 5)")), ENDS, "With stages=4 `layer1` stays frozen"),
    "head frozen with zero": Wrong(swap(UNFREEZE, (BACK, "    if not stages:\n        model.fc.requires_grad_(False)\n" + BACK)), ENDS, "With stages=0 `fc` stays frozen"),
    "only ever freezes": Wrong(swap(UNFREEZE, (FREEZE + HEAD + STAGES, "    keep = {'fc', *(f'layer{n}' for n in range(5 - stages, 5))}\n    for name, p in model.named_parameters():\n        if name.split('.')[0] not in keep:\n            p.requires_grad = False\n")), BEFORE, "in a model that came in frozen as a whole"),
    "only the body is frozen first": Wrong(swap(UNFREEZE, (FREEZE + HEAD + STAGES, "    for number in range(1, 5):\n        getattr(model, f'layer{number}').requires_grad_(number > 4 - stages)\n    model.conv1.requires_grad_(False)\n    model.bn1.requires_grad_(False)\n")), BEFORE, "`fc` stays frozen"),
    "the head's first layer": Wrong(swap(UNFREEZE, (HEAD, "    for parameter in list(model.parameters())[-2:]:\n        parameter.requires_grad = True\n")), BEFORE, "with a head of two layers"),
    "values changed": Wrong(swap(UNFREEZE, (BACK, "    for p in model.fc.parameters():\n        nn.init.zeros_(p)\n" + BACK)), BEFORE, "has other values than before"),
    "no guard": Wrong(swap(UNFREEZE, (GUARD, "    stages = min(max(stages, 0), 4)\n")), REFUSES, "stages=-1 is accepted without a word"),
    "half a guard": Wrong(swap(UNFREEZE, (" or stages > 4", "")), REFUSES, "stages=5 raises AttributeError; expected a ValueError"),
    "negative accepted": Wrong(swap(UNFREEZE, ("stages < 0 or ", "")), REFUSES, "stages=-1 is accepted"),
    "an assertion": Wrong(swap(UNFREEZE, (GUARD, "    assert 0 <= stages <= 4\n")), REFUSES, "raises AssertionError; expected a ValueError"),
    "a TypeError": Wrong(swap(UNFREEZE, ("raise ValueError", "raise TypeError")), REFUSES, "raises TypeError; expected a ValueError"),
    "returned instead of raised": Wrong(swap(UNFREEZE, ("raise ValueError", "return ValueError")), REFUSES, "stages=-1 is accepted without a word"),
    "guard at the end": Wrong(swap(UNFREEZE, (GUARD, ""), (RANGE, "range(max(5 - stages, 1), 5)"), (BACK, GUARD + BACK)), REFUSES, "only after the model was changed"),
    "the last blocks": Wrong("def unfreeze_last(model, stages):\n    if not 0 <= stages <= 4:\n        raise ValueError(stages)\n    freeze_body(model)\n    blocks = [*model.layer1, *model.layer2, *model.layer3, *model.layer4]\n    for block in blocks[len(blocks) - stages:]:\n        block.requires_grad_(True)\n    return model\n", "trains_the_last_stages", "stays frozen"),
    "nothing refused as nonsense": Wrong(swap(UNFREEZE, ("stages < 0 or", "stages < 1 or")), "knows_the_two_ends", "stages=0 raises a ValueError"),
    "frozen only the first time": Wrong(swap(UNFREEZE, (FREEZE, "    if not hasattr(model, 'ready'):\n        model.ready = True\n" + FREEZE.replace("    for", "        for").replace("        param", "            param"))), BEFORE, "when a model comes a second time, unfrozen meanwhile"),
    "a new head of one layer": Wrong(swap(UNFREEZE, (BACK, "    if isinstance(model.fc, nn.Linear):\n        model.fc.reset_parameters()\n" + BACK)), BEFORE, "has other values than before"),
    "blocks with one digit": Wrong("import re\n" + swap(NAMES, ("        parameter", "        if re.search(r'\\.\\d\\d\\.', name):\n            parameter.requires_grad_(False)\n            continue\n        parameter")), LAST, "of the parameters of `layer3` stay frozen"),
}  # fmt: skip
