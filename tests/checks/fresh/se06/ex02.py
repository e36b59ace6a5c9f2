"""Exercise 2: answers from the exercise text alone."""

from tests.checks.fresh import edit

BASE = """
def freeze_body(model):
    for parameter in model.parameters():
        parameter.requires_grad = False
    for parameter in model.fc.parameters():
        parameter.requires_grad = True
    return model


def count_trainable(model):
    return sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)
"""

FREEZE = BASE[: BASE.index("\n\n\ndef count")]
COUNT = BASE[BASE.index("def count") :]


def freeze(code: str) -> str:
    """Return an answer with this freezing and the plain counting."""
    return code + "\n\n" + COUNT


def count(code: str) -> str:
    """Return an answer with the plain freezing and this counting."""
    return FREEZE + "\n\n" + code


ANSWERS = [
    ("plain", BASE, True),
    (
        "module-requires-grad",
        freeze("""
def freeze_body(model):
    model.requires_grad_(False)
    model.fc.requires_grad_(True)
    return model
"""),
        True,
    ),
    (
        "by-name",
        """
from math import prod


def freeze_body(model: nn.Module) -> nn.Module:
    \"\"\"Freeze by the name of the parameter.\"\"\"
    for name, p in model.named_parameters():
        p.requires_grad_(name.startswith("fc."))
    return model


def count_trainable(model: nn.Module) -> int:
    trainable = filter(lambda p: p.requires_grad, model.parameters())
    return sum(map(lambda p: prod(p.shape), trainable))
""",
        True,
    ),
    (
        "by-identity",
        """
def freeze_body(model):
    head = {id(p) for p in model.fc.parameters()}
    for p in model.parameters():
        p.requires_grad = id(p) in head
    return model


def count_trainable(model):
    total = 0
    for _, p in model.named_parameters():
        if not p.requires_grad:
            continue
        total += p.nelement()
    return total
""",
        True,
    ),
    (
        "children-loop-numpy-count",
        """
def freeze_body(model):
    for name, child in model.named_children():
        child.requires_grad_(name == "fc")
    return model


def count_trainable(model):
    return int(sum(np.prod(p.shape) for p in model.parameters() if p.requires_grad))
""",
        True,
    ),
    (
        "unpacked-children-reduce",
        """
from functools import reduce


def freeze_body(model):
    *body, head = model.children()
    [part.requires_grad_(False) for part in body]
    head.requires_grad_()
    return model


def count_trainable(model):
    return reduce(lambda total, p: total + p.numel() * p.requires_grad, model.parameters(), 0)
""",
        True,
    ),
    (
        "set-difference",
        """
def freeze_body(model):
    head = set(model.fc.parameters())
    body = set(model.parameters()) - head
    for group, free in ((body, False), (head, True)):
        for p in group:
            p.requires_grad = free
    return model


def count_trainable(model):
    return sum(len(p.flatten()) for p in model.parameters() if p.requires_grad)
""",
        True,
    ),
    (
        "detach-in-place-tensor-count",
        """
def freeze_body(model):
    for p in model.parameters():
        p.detach_()
    for p in model.fc.parameters():
        p.requires_grad_()
    return model


def count_trainable(model):
    return int(torch.tensor([p.numel() for p in model.parameters() if p.requires_grad], dtype=torch.int64).sum())
""",
        True,
    ),
    (
        "no-grad-decorator-and-generator",
        """
def _trainable(model):
    yield from (p for p in model.parameters() if p.requires_grad)


@torch.no_grad()
def freeze_body(model, head="fc"):
    model.requires_grad_(False).get_submodule(head).requires_grad_(True)
    return model


def count_trainable(model):
    return sum(p.numel() for p in _trainable(model))
""",
        True,
    ),
    (
        "apply-and-size-numel",
        """
def _off(module):
    for p in module.parameters(recurse=False):
        p.requires_grad = False


def _on(module):
    for p in module.parameters(recurse=False):
        p.requires_grad = True


def freeze_body(model):
    model.apply(_off)
    model.fc.apply(_on)
    return model


def count_trainable(model):
    sizes = {name: p.size().numel() for name, p in model.named_parameters() if p.requires_grad}
    return sum(sizes.values())
""",
        True,
    ),
    (
        "clears-gradients-of-frozen-ones",
        edit(
            BASE,
            (
                "        parameter.requires_grad = False\n",
                "        parameter.requires_grad = False\n        parameter.grad = None\n",
            ),
        ),
        True,
    ),
    (
        "all-minus-frozen",
        count("""
def count_trainable(model):
    every = sum(p.numel() for p in model.parameters())
    frozen = sum(p.numel() for p in model.parameters() if not p.requires_grad)
    return every - frozen
"""),
        True,
    ),
    ("misspelt-attribute", edit(BASE, ("parameter.requires_grad = False", "parameter.require_grad = False")), False),
    (
        "attribute-of-the-module",
        freeze("""
def freeze_body(model):
    model.requires_grad = False
    model.fc.requires_grad = True
    return model
"""),
        False,
    ),
    ("everything-frozen", edit(BASE, ("        parameter.requires_grad = True\n", "        pass\n")), False),
    (
        "head-left-as-it-comes",
        freeze("""
def freeze_body(model):
    for name, p in model.named_parameters():
        if not name.startswith("fc"):
            p.requires_grad = False
    return model
"""),
        False,
    ),
    (
        "body-only-unfreezes-head",
        freeze("""
def freeze_body(model):
    for p in model.fc.parameters():
        p.requires_grad = True
    return model
"""),
        False,
    ),
    (
        "all-but-the-last-two-parameters",
        freeze("""
def freeze_body(model):
    parameters = list(model.parameters())
    for p in parameters[:-2]:
        p.requires_grad = False
    for p in parameters[-2:]:
        p.requires_grad = True
    return model
"""),
        False,
    ),
    (
        "weight-and-bias-of-the-head",
        freeze("""
def freeze_body(model):
    model.requires_grad_(False)
    model.fc.weight.requires_grad = True
    model.fc.bias.requires_grad = True
    return model
"""),
        False,
    ),
    (
        "last-name-but-one",
        freeze("""
def freeze_body(model):
    for name, p in model.named_parameters():
        p.requires_grad = name.split(".")[-2] == "fc"
    return model
"""),
        False,
    ),
    (
        "only-convolutions",
        freeze("""
def freeze_body(model):
    for m in model.modules():
        if isinstance(m, nn.Conv2d):
            m.requires_grad_(False)
    model.fc.requires_grad_(True)
    return model
"""),
        False,
    ),
    (
        "only-matrices",
        freeze("""
def freeze_body(model):
    for p in model.parameters():
        if p.ndim > 1:
            p.requires_grad = False
    model.fc.requires_grad_(True)
    return model
"""),
        False,
    ),
    (
        "stages-only",
        freeze("""
def freeze_body(model):
    for name, p in model.named_parameters():
        if name.startswith("layer"):
            p.requires_grad = False
    model.fc.requires_grad_(True)
    return model
"""),
        False,
    ),
    (
        "shortcuts-forgotten",
        freeze("""
def freeze_body(model):
    for name, p in model.named_parameters():
        p.requires_grad = name.startswith("fc") or "downsample" in name
    return model
"""),
        False,
    ),
    (
        "every-linear-layer-first-only",
        freeze("""
def freeze_body(model):
    model.requires_grad_(False)
    next(m for m in model.modules() if isinstance(m, nn.Linear)).requires_grad_(True)
    return model
"""),
        False,
    ),
    (
        "last-layer-of-the-head-only",
        freeze("""
def freeze_body(model):
    model.requires_grad_(False)
    head = model.fc[-1] if isinstance(model.fc, nn.Sequential) else model.fc
    head.requires_grad_(True)
    return model
"""),
        False,
    ),
    ("wrong-way-round", edit(BASE, ("= False", "= None_"), ("= True", "= False"), ("None_", "True")), False),
    (
        "toggles",
        freeze("""
def freeze_body(model):
    for name, p in model.named_parameters():
        if not name.startswith("fc"):
            p.requires_grad = not p.requires_grad
    model.fc.requires_grad_(True)
    return model
"""),
        False,
    ),
    (
        "forward-without-gradients",
        freeze("""
def freeze_body(model):
    for part in (model.conv1, model.bn1, model.layer1, model.layer2, model.layer3, model.layer4):
        part.forward = torch.no_grad()(part.forward)
    model.fc.requires_grad_(True)
    return model
"""),
        False,
    ),
    (
        "freezes-a-copy",
        edit(
            BASE,
            (
                "    for parameter in model.parameters():\n",
                "    model = copy.deepcopy(model)\n    for parameter in model.parameters():\n",
            ),
        ),
        False,
    ),
    ("returns-nothing", edit(BASE, ("    return model\n", "")), False),
    (
        "new-head",
        freeze("""
def freeze_body(model):
    model.requires_grad_(False)
    for layer in model.fc.modules():
        if isinstance(layer, nn.Linear):
            layer.reset_parameters()
    model.fc.requires_grad_(True)
    return model
"""),
        False,
    ),
    (
        "freezes-in-eval-and-zeroes-the-head-bias",
        edit(
            BASE,
            (
                "        parameter.requires_grad = True\n",
                "        parameter.requires_grad = True\n        if parameter.ndim == 1:\n            parameter.data.zero_()\n",
            ),
        ),
        False,
    ),
    ("counts-tensors", edit(BASE, ("sum(parameter.numel() for", "sum(1 for")), False),
    ("counts-everything", edit(BASE, (" if parameter.requires_grad)", ")")), False),
    ("counts-the-frozen", edit(BASE, ("if parameter.requires_grad)", "if not parameter.requires_grad)")), False),
    ("counts-rows", edit(BASE, ("parameter.numel()", "len(parameter)")), False),
    (
        "counts-as-tensor",
        edit(BASE, ("return sum(", "return torch.tensor(sum("), ("requires_grad)", "requires_grad))")),
        False,
    ),
    ("counts-as-float", edit(BASE, ("return sum(", "return float(sum("), ("requires_grad)", "requires_grad))")), False),
    ("counts-as-text", edit(BASE, ("return sum(", 'return f"{sum('), ("requires_grad)", 'requires_grad):,}"')), False),
    ("prints-the-count", edit(BASE, ("return sum(", "print(sum("), ("requires_grad)", "requires_grad))")), False),
    (
        "counts-the-head",
        count("""
def count_trainable(model):
    return sum(p.numel() for p in model.fc.parameters())
"""),
        False,
    ),
    (
        "counts-the-free-ones-of-the-head",
        count("""
def count_trainable(model):
    return sum(p.numel() for p in model.fc.parameters() if p.requires_grad)
"""),
        False,
    ),
    (
        "counts-weights-only",
        count("""
def count_trainable(model):
    return sum(p.numel() for n, p in model.named_parameters() if p.requires_grad and n.endswith("weight"))
"""),
        False,
    ),
    (
        "counts-by-vector",
        count("""
def count_trainable(model):
    return torch.cat([p.detach().flatten() for p in model.parameters() if p.requires_grad]).numel()
"""),
        False,
    ),
    (
        "counts-those-with-a-gradient",
        count("""
def count_trainable(model):
    return sum(p.numel() for p in model.parameters() if p.grad is not None)
"""),
        False,
    ),
    (
        "counts-after-freezing",
        count("""
def count_trainable(model):
    return sum(p.numel() for p in freeze_body(model).parameters() if p.requires_grad)
"""),
        False,
    ),
    (
        "remembers-the-first-count",
        count("""
from functools import lru_cache


@lru_cache(maxsize=None)
def count_trainable(model):
    return sum(p.numel() for p in model.parameters() if p.requires_grad)
"""),
        False,
    ),
    (
        "counts-buffers-too",
        count("""
def count_trainable(model):
    buffers = sum(b.numel() for b in model.buffers())
    return sum(p.numel() for p in model.parameters() if p.requires_grad) + buffers
"""),
        False,
    ),
    ("counts-in-thousands", edit(BASE, ("requires_grad)\n", "requires_grad) // 1000 * 1000\n")), False),
    (
        "counts-two-dimensions",
        count("""
def count_trainable(model):
    return sum(p.shape[0] * (p.shape[1] if p.ndim > 1 else 1) for p in model.parameters() if p.requires_grad)
"""),
        False,
    ),
    (
        "counts-modules-that-are-free",
        count("""
def count_trainable(model):
    total = 0
    for m in model.modules():
        if isinstance(m, (nn.Linear, nn.Conv2d, nn.BatchNorm2d)) and m.weight.requires_grad:
            total += sum(p.numel() for p in m.parameters())
    return total
"""),
        False,
    ),
    ("constant-1539", count("\ndef count_trainable(model):\n    return 1539\n"), False),
    (
        "vector-with-a-guard-and-modules",
        """
def freeze_body(model):
    inside = set(model.fc.modules())
    for module in model.modules():
        for p in module.parameters(recurse=False):
            p.requires_grad = module in inside
    return model


def count_trainable(model):
    free = [p for p in model.parameters() if p.requires_grad]
    return nn.utils.parameters_to_vector(free).numel() if free else 0
""",
        True,
    ),
    (
        "shapes-as-an-array",
        count("""
def count_trainable(model):
    sizes = np.array([p.numel() for p in model.parameters() if p.requires_grad], dtype=np.int64)
    return int(sizes.sum())
"""),
        True,
    ),
    (
        "counts-the-children",
        count("""
def count_trainable(model):
    return sum(p.numel() for child in model.children() for p in child.parameters() if p.requires_grad)
"""),
        False,
    ),
    (
        "only-linear-layers-of-the-head",
        freeze("""
def freeze_body(model):
    model.requires_grad_(False)
    for m in model.fc.modules():
        if isinstance(m, nn.Linear):
            m.requires_grad_(True)
    return model
"""),
        False,
    ),
    (
        "children-of-the-head",
        freeze("""
def freeze_body(model):
    model.requires_grad_(False)
    for child in model.fc.children():
        child.requires_grad_(True)
    return model
"""),
        False,
    ),
    (
        "counts-convolutions-and-linear-layers",
        count("""
def count_trainable(model):
    return sum(
        p.numel()
        for m in model.modules()
        if isinstance(m, nn.Conv2d | nn.Linear)
        for p in m.parameters()
        if p.requires_grad
    )
"""),
        False,
    ),
    (
        "body-in-half-precision",
        edit(
            BASE,
            (
                "        parameter.requires_grad = False\n",
                "        parameter.requires_grad = False\n        parameter.data = parameter.data.half().float()\n",
            ),
        ),
        False,
    ),
]
