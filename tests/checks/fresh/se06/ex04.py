"""Exercise 4: answers from the exercise text alone."""

from tests.checks.fresh import edit

BASE = """
def unfreeze_last(model, stages):
    if stages < 0 or stages > 4:
        raise ValueError("stages must be between 0 and 4")
    for parameter in model.parameters():
        parameter.requires_grad = False
    for parameter in model.fc.parameters():
        parameter.requires_grad = True
    for number in range(5 - stages, 5):
        for parameter in getattr(model, f"layer{number}").parameters():
            parameter.requires_grad = True
    return model
"""

SHORT = """
def unfreeze_last(model, stages):
    if not 0 <= stages <= 4:
        raise ValueError(stages)
    model.requires_grad_(False)
    free = [model.fc, *[model.layer1, model.layer2, model.layer3, model.layer4][4 - stages :]]
    for part in free:
        part.requires_grad_(True)
    return model
"""

ANSWERS = [
    ("plain", BASE, True),
    ("short-slice", SHORT, True),
    (
        "with-freeze-body",
        """
STAGES = ("layer4", "layer3", "layer2", "layer1")


def unfreeze_last(model: nn.Module, stages: int) -> nn.Module:
    \"\"\"Let the head and the last stages learn.\"\"\"
    if stages not in range(len(STAGES) + 1):
        raise ValueError(f"stages should be 0 to 4, not {stages}")
    freeze_body(model)
    for name in STAGES[:stages]:
        model.get_submodule(name).requires_grad_()
    return model
""",
        True,
    ),
    (
        "prefixes-of-names",
        """
def unfreeze_last(model, stages):
    if stages < 0:
        raise ValueError("too few")
    elif stages > 4:
        raise ValueError("too many")
    prefixes = tuple(f"layer{i}." for i in range(4, 4 - stages, -1)) + ("fc.",)
    for name, p in model.named_parameters():
        p.requires_grad_(name.startswith(prefixes))
    return model
""",
        True,
    ),
    (
        "children-from-the-end",
        """
def unfreeze_last(model, stages):
    if not (0 <= stages < 5):
        raise ValueError
    children = list(model.children())
    frozen, free = children[: -(stages + 2)], children[-(stages + 2) :]  # the last two are pooling and head
    for part in frozen:
        part.requires_grad_(False)
    for part in free:
        part.requires_grad_(True)
    return model
""",
        True,
    ),
    (
        "match-with-fallthrough-by-recursion",
        """
def _thaw(model, stages):
    match stages:
        case 0:
            return
        case n:
            getattr(model, "layer" + str(5 - n)).requires_grad_(True)
            _thaw(model, n - 1)


def unfreeze_last(model, stages):
    if min(max(stages, 0), 4) != stages:
        raise ValueError("There are four stages.")
    freeze_body(model)
    _thaw(model, stages)
    return model
""",
        True,
    ),
    (
        "digit-in-the-name",
        """
def unfreeze_last(model, stages):
    if stages > 4 or stages < 0: raise ValueError("no such stage")
    first = 5 - stages
    for name, p in model.named_parameters():
        part = name.split(".")[0]
        p.requires_grad = part == "fc" or (part.startswith("layer") and int(part[-1]) >= first)
    return model
""",
        True,
    ),
    (
        "identities-and-chain",
        """
from itertools import chain


def unfreeze_last(model, stages):
    if not 0 <= stages <= 4:
        raise ValueError("stages")
    order = (model.layer4, model.layer3, model.layer2, model.layer1)
    free = set(map(id, chain(model.fc.parameters(), *(s.parameters() for s in order[:stages]))))
    for p in model.parameters():
        p.requires_grad = id(p) in free
    return model
""",
        True,
    ),
    (
        "own-exception-type",
        """
class TooManyStages(ValueError):
    pass


@torch.no_grad()
def unfreeze_last(model, stages, *, names=("layer1", "layer2", "layer3", "layer4")):
    if stages < 0 or stages > len(names):
        raise TooManyStages(f"{stages} of {len(names)}")
    wanted = {"fc", *names[len(names) - stages :]}
    for name, child in model.named_children():
        for p in child.parameters():
            p.requires_grad = name in wanted
    return model
""",
        True,
    ),
    (
        "dictionary-of-sets",
        """
FREE = {0: [], 1: [4], 2: [3, 4], 3: [2, 3, 4], 4: [1, 2, 3, 4]}


def unfreeze_last(model, stages):
    try:
        numbers = FREE[stages]
    except KeyError:
        raise ValueError(f"stages={stages}") from None
    [p.requires_grad_(False) for p in model.parameters()]
    [p.requires_grad_(True) for n in numbers for p in getattr(model, f"layer{n}").parameters()]
    [p.requires_grad_(True) for p in model.fc.parameters()]
    return model
""",
        True,
    ),
    (
        "while-loop-and-pop",
        """
def unfreeze_last(model, stages):
    if stages in (0, 1, 2, 3, 4):
        todo = ["layer1", "layer2", "layer3", "layer4"]
        freeze_body(model)
        while stages:
            getattr(model, todo.pop()).requires_grad_(True)
            stages -= 1
        return model
    raise ValueError("stages must be 0, 1, 2, 3 or 4")
""",
        True,
    ),
    (
        "bool-arithmetic",
        """
def unfreeze_last(model, stages):
    if abs(stages - 2) > 2:
        raise ValueError("0 to 4")
    for part in (model.conv1, model.bn1):
        part.requires_grad_(False)
    for depth, stage in enumerate((model.layer4, model.layer3, model.layer2, model.layer1), start=1):
        stage.requires_grad_(depth <= stages)
    model.fc.requires_grad_(True)
    return model
""",
        True,
    ),
    ("minus-zero-slice", edit(SHORT, ("[4 - stages :]", "[-stages:]")), False),
    ("first-stages", edit(SHORT, ("[4 - stages :]", "[:stages]")), False),
    ("one-stage-too-many", edit(BASE, ("range(5 - stages, 5)", "range(max(4 - stages, 1), 5)")), False),
    ("one-stage-too-few", edit(BASE, ("range(5 - stages, 5)", "range(6 - stages, 5)")), False),
    ("never-the-fourth", edit(BASE, ("range(5 - stages, 5)", "range(5 - stages, 4)")), False),
    ("only-that-stage", edit(BASE, ("range(5 - stages, 5)", "([5 - stages] if stages else [])")), False),
    (
        "stem-too-at-four",
        edit(SHORT, ("    return model", "    if stages == 4:\n        model.requires_grad_(True)\n    return model")),
        False,
    ),
    (
        "first-norm-free-at-four",
        edit(
            SHORT, ("    return model", "    if stages == 4:\n        model.bn1.requires_grad_(True)\n    return model")
        ),
        False,
    ),
    ("no-reset", edit(SHORT, ("    model.requires_grad_(False)\n", "")), False),
    (
        "stem-as-it-comes",
        edit(
            BASE,
            (
                "    for parameter in model.parameters():\n        parameter.requires_grad = False\n",
                "    for number in range(1, 5):\n        getattr(model, f'layer{number}').requires_grad_(False)\n",
            ),
        ),
        False,
    ),
    (
        "head-as-it-comes",
        edit(
            BASE,
            (
                "    for parameter in model.parameters():\n        parameter.requires_grad = False\n"
                "    for parameter in model.fc.parameters():\n        parameter.requires_grad = True\n",
                "    for name, parameter in model.named_parameters():\n        if not name.startswith('fc'):\n"
                "            parameter.requires_grad = False\n",
            ),
        ),
        False,
    ),
    ("head-frozen", edit(SHORT, ("[model.fc, *", "[*")), False),
    (
        "head-frozen-at-zero",
        edit(SHORT, ("    return model", "    if stages == 0:\n        model.requires_grad_(False)\n    return model")),
        False,
    ),
    ("head-weight-and-bias-only", edit(SHORT, ("[model.fc, *", "[model.fc.weight, model.fc.bias, *")), False),
    (
        "last-linear-of-the-head",
        edit(SHORT, ("[model.fc, *", "[[m for m in model.fc.modules() if isinstance(m, nn.Linear)][-1], *")),
        False,
    ),
    ("no-refusal", edit(SHORT, ("    if not 0 <= stages <= 4:\n        raise ValueError(stages)\n", "")), False),
    (
        "clamped",
        edit(SHORT, ("        raise ValueError(stages)\n", "        stages = min(max(stages, 0), 4)\n")),
        False,
    ),
    (
        "refuses-late",
        """
def unfreeze_last(model, stages):
    model.requires_grad_(False)
    model.fc.requires_grad_(True)
    if not 0 <= stages <= 4:
        raise ValueError(stages)
    for number in range(5 - stages, 5):
        getattr(model, f"layer{number}").requires_grad_(True)
    return model
""",
        False,
    ),
    (
        "refuses-above-only-late-below",
        """
def unfreeze_last(model, stages):
    if stages > 4:
        raise ValueError("too many")
    freeze_body(model)
    if stages < 0:
        raise ValueError("too few")
    for number in range(5 - stages, 5):
        getattr(model, f"layer{number}").requires_grad_(True)
    return model
""",
        False,
    ),
    (
        "negative-means-none",
        edit(SHORT, ("if not 0 <= stages <= 4", "if stages > 4"), ("[4 - stages :]", "[4 - max(stages, 0) :]")),
        False,
    ),
    (
        "too-many-means-all",
        edit(SHORT, ("if not 0 <= stages <= 4", "if stages < 0"), ("[4 - stages :]", "[max(4 - stages, 0) :]")),
        False,
    ),
    ("refuses-zero", edit(SHORT, ("if not 0 <= stages", "if not 0 < stages")), False),
    ("refuses-four", edit(SHORT, ("stages <= 4", "stages < 4")), False),
    ("accepts-five", edit(SHORT, ("stages <= 4", "stages <= 5"), ("[4 - stages :]", "[max(4 - stages, 0) :]")), False),
    (
        "assertion",
        edit(
            SHORT,
            (
                "    if not 0 <= stages <= 4:\n        raise ValueError(stages)\n",
                "    assert 0 <= stages <= 4, 'stages must be 0 to 4'\n",
            ),
        ),
        False,
    ),
    ("index-error", edit(SHORT, ("raise ValueError(stages)", "raise IndexError(stages)")), False),
    ("error-returned", edit(SHORT, ("raise ValueError(stages)", "return ValueError(stages)")), False),
    ("error-printed", edit(SHORT, ("raise ValueError(stages)", "print('ValueError')\n        return model")), False),
    (
        "works-on-a-copy",
        edit(
            SHORT,
            (
                "    model.requires_grad_(False)\n",
                "    model = copy.deepcopy(model)\n    model.requires_grad_(False)\n",
            ),
        ),
        False,
    ),
    ("returns-nothing", edit(SHORT, ("    return model\n", "")), False),
    (
        "last-blocks-not-stages",
        """
def unfreeze_last(model, stages):
    if not 0 <= stages <= 4:
        raise ValueError(stages)
    freeze_body(model)
    blocks = [*model.layer1, *model.layer2, *model.layer3, *model.layer4]
    for block in blocks[len(blocks) - stages :]:
        block.requires_grad_(True)
    return model
""",
        False,
    ),
    (
        "two-blocks-a-stage",
        """
def unfreeze_last(model, stages):
    if not 0 <= stages <= 4:
        raise ValueError(stages)
    freeze_body(model)
    for stage in [model.layer1, model.layer2, model.layer3, model.layer4][4 - stages :]:
        for block in (stage[0], stage[1]):
            block.requires_grad_(True)
    return model
""",
        False,
    ),
    (
        "norms-stay-frozen",
        edit(
            SHORT,
            (
                "    return model",
                "    for m in model.modules():\n        if isinstance(m, nn.BatchNorm2d):\n"
                "            m.requires_grad_(False)\n    return model",
            ),
        ),
        False,
    ),
    (
        "shortcuts-stay-frozen",
        edit(
            SHORT,
            (
                "    return model",
                "    for name, p in model.named_parameters():\n        if 'downsample' in name:\n"
                "            p.requires_grad = False\n    return model",
            ),
        ),
        False,
    ),
    (
        "convolutions-only",
        """
def unfreeze_last(model, stages):
    if not 0 <= stages <= 4:
        raise ValueError(stages)
    freeze_body(model)
    for number in range(5 - stages, 5):
        for m in getattr(model, f"layer{number}").modules():
            if isinstance(m, nn.Conv2d):
                m.weight.requires_grad = True
    return model
""",
        False,
    ),
    (
        "names-compared-as-text",
        """
def unfreeze_last(model, stages):
    if not 0 <= stages <= 4:
        raise ValueError(stages)
    for name, p in model.named_parameters():
        p.requires_grad = name.startswith("fc") or name > f"layer{4 - stages}"
    return model
""",
        False,
    ),
    (
        "digit-anywhere-in-the-name",
        """
def unfreeze_last(model, stages):
    if not 0 <= stages <= 4:
        raise ValueError(stages)
    digits = [str(n) for n in range(5 - stages, 5)]
    for name, p in model.named_parameters():
        p.requires_grad = name.startswith("fc") or any(d in name for d in digits)
    return model
""",
        False,
    ),
    (
        "resets-the-stages",
        edit(
            SHORT,
            (
                "        part.requires_grad_(True)\n",
                "        part.requires_grad_(True)\n    for m in model.layer4.modules() if stages else []:\n"
                "        if hasattr(m, 'reset_parameters'):\n            m.reset_parameters()\n",
            ),
        ),
        False,
    ),
    (
        "new-head-each-time",
        edit(
            SHORT,
            (
                "    model.requires_grad_(False)\n",
                "    for m in model.fc.modules():\n        if isinstance(m, nn.Linear):\n            m.reset_parameters()\n"
                "    model.requires_grad_(False)\n",
            ),
        ),
        False,
    ),
    ("on-the-module-only", edit(SHORT, ("part.requires_grad_(True)", "part.requires_grad = True")), False),
    (
        "only-for-two",
        """
def unfreeze_last(model, stages):
    if not 0 <= stages <= 4:
        raise ValueError(stages)
    freeze_body(model)
    model.layer3.requires_grad_(True)
    model.layer4.requires_grad_(True)
    return model
""",
        False,
    ),
    (
        "freezes-the-last",
        edit(
            SHORT,
            ("model.requires_grad_(False)", "model.requires_grad_(True)"),
            ("        part.requires_grad_(True)", "        part.requires_grad_(part is model.fc)"),
        ),
        False,
    ),
    ("minus-zero-made-safe", edit(SHORT, ("[4 - stages :]", "[-stages or 4 :]")), True),
    (
        "deque-and-map",
        """
from collections import deque
from operator import attrgetter


def unfreeze_last(model, stages):
    if not isinstance(stages, int) or stages not in range(5):
        raise ValueError("stages: 0, 1, 2, 3 or 4")
    names = deque((f"layer{i + 1}" for i in range(4)), maxlen=stages)
    model.requires_grad_(False)
    deque(map(lambda part: part.requires_grad_(True), map(attrgetter("fc"), [model])))
    for name in names:
        attrgetter(name)(model).requires_grad_(True)
    return model
""",
        True,
    ),
    (
        "all-free-when-refusing",
        edit(
            SHORT,
            (
                "        raise ValueError(stages)",
                "        model.requires_grad_(True)\n        raise ValueError(stages)",
            ),
        ),
        False,
    ),
    (
        "head-free-when-refusing",
        edit(
            SHORT,
            (
                "        raise ValueError(stages)",
                "        model.fc.requires_grad_(True)\n        raise ValueError(stages)",
            ),
        ),
        False,
    ),
    (
        "minus-one-refused-minus-five-not",
        edit(
            SHORT,
            ("if not 0 <= stages <= 4", "if stages in (-1, 5)"),
            ("[4 - stages :]", "[max(4 - max(stages, 0), 0) :]"),
        ),
        False,
    ),
    (
        "counts-from-layer1-for-one-and-two",
        edit(
            SHORT,
            (
                "[4 - stages :]",
                "[: max(stages, 0)] if stages < 3 else [model.layer1, model.layer2, model.layer3, model.layer4][4 - stages :]",
            ),
            ("*[model.layer1", "*([model.layer1"),
            ("[4 - stages :]]", "[4 - stages :])]"),
        ),
        False,
    ),
]
