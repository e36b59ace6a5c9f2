"""Right and wrong answers to exercise 2, freezing."""

from tests.checks.answers import Wrong
from tests.checks.rewriting import swap

FREEZE = """
def freeze_body(model):
    for parameter in model.parameters():
        parameter.requires_grad = False
    for parameter in model.fc.parameters():
        parameter.requires_grad = True
    return model
"""
COUNT = """
def count_trainable(model):
    return sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)
"""
BOTH = FREEZE + COUNT
ALL = "    for parameter in model.parameters():\n        parameter.requires_grad = False\n"
THAW = "    for parameter in model.fc.parameters():\n        parameter.requires_grad = True\n"
BACK = "    return model\n"
SUM = "sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)"

RIGHT = {
    "as in the text": BOTH,
    "requires_grad_": swap(BOTH, (ALL, "    model.requires_grad_(False)\n"), (THAW, "    model.fc.requires_grad_(True)\n")),
    "by names": swap(BOTH, (ALL + THAW, "    for name, parameter in model.named_parameters():\n        parameter.requires_grad = name.startswith('fc.')\n")),
    "by parts": swap(BOTH, (ALL + THAW, "    for name, part in model.named_children():\n        part.requires_grad_(name == 'fc')\n")),
    "by identity": swap(BOTH, (ALL + THAW, "    head = {id(p) for p in model.fc.parameters()}\n    for p in model.parameters():\n        p.requires_grad_(id(p) in head)\n")),
    "batch norms in evaluation mode": swap(BOTH, (BACK, "    for m in model.modules():\n        if isinstance(m, nn.BatchNorm2d):\n            m.eval()\n" + BACK)),
    "batch norms kept in evaluation mode": swap(BOTH, (BACK, "    for m in model.modules():\n        if isinstance(m, nn.BatchNorm2d):\n            m.eval()\n            m.train = lambda mode=True, m=m: m\n" + BACK)),
    "a loop that adds up": swap(BOTH, ("    return " + SUM, "    total = 0\n    for p in model.parameters():\n        if p.requires_grad:\n            total += p.nelement()\n    return total")),
    "products of shapes": "import math\n" + swap(BOTH, (SUM, "sum(math.prod(p.shape) for p in model.parameters() if p.requires_grad)")),
    "numpy's integers": swap(BOTH, (SUM, "np.sum([p.numel() for p in model.parameters() if p.requires_grad] or [0], dtype=np.int64)")),
    "filter and map": swap(BOTH, (SUM, "sum(map(torch.numel, filter(lambda p: p.requires_grad, model.parameters())))")),
    "int of a sum": swap(BOTH, (SUM, "int(sum(p.numel() * p.requires_grad for p in model.parameters()))")),
}  # fmt: skip

BODY, HEAD, COUNTS = "freezes_the_body", "leaves_the_head_trainable", "counts_trainable_values"


def freeze(*pairs):
    return swap(BOTH, *pairs)


def count(new):
    return swap(BOTH, (SUM, new))


ADVISED = {
    "the statistics still move": Wrong(BOTH, "keeps_the_statistics_still", "the running statistics of the frozen batch norms still do"),
}  # fmt: skip
WRONG = {
    "nothing returned": Wrong(freeze((BACK, "")), BODY, "is a `return` missing?"),
    "the head returned": Wrong(freeze((BACK, "    return model.fc\n")), BODY, "another model"),
    "misspelt": Wrong(freeze(("        parameter.requires_grad = False", "        parameter.require_grad = False")), BODY, "new attribute, `require_grad`"),
    "on the model": Wrong(freeze((ALL, "    model.requires_grad = False\n")), BODY, "The attribute was set on a module"),
    "method overwritten": Wrong(freeze((ALL, "    for parameter in model.parameters():\n        parameter.requires_grad_ = False\n"), (THAW, "")), BODY, "overwritten with a value"),
    "compared instead of set": Wrong(freeze(("        parameter.requires_grad = False", "        parameter.requires_grad == False")), BODY, "can still be trained"),
    "frozen the other way round": Wrong(freeze((ALL, "    model.requires_grad_(True)\n"), (THAW, "    model.fc.requires_grad_(False)\n")), BODY, "of the body's 36 parameters"),
    "stem forgotten": Wrong(freeze((ALL, "    for part in (model.layer1, model.layer2, model.layer3, model.layer4):\n        part.requires_grad_(False)\n")), BODY, "the first one is `bn1.bias`"),
    "last stage forgotten": Wrong(freeze((ALL, "    for part in (model.conv1, model.bn1, model.layer1, model.layer2, model.layer3):\n        part.requires_grad_(False)\n")), BODY, "`layer4"),
    "weights only": Wrong(freeze((ALL, "    for name, parameter in model.named_parameters():\n        if name.endswith('weight'):\n            parameter.requires_grad = False\n")), BODY, "can still be trained, the first one is `bn1.bias`"),
    "convolutions only": Wrong(freeze((ALL, "    for module in model.modules():\n        if isinstance(module, nn.Conv2d):\n            module.requires_grad_(False)\n")), BODY, "the first one is `bn1.bias`"),
    "eval is not freezing": Wrong(freeze((ALL, "    model.eval()\n")), BODY, "36 of the body's 36 parameters can still be trained"),
    "no_grad is not freezing": Wrong(freeze((ALL, "    with torch.no_grad():\n        model(torch.zeros(2, 3, 32, 32))\n")), BODY, "36 of the body's 36 parameters"),
    "only the first ten": Wrong(freeze(("in model.parameters():\n        parameter.requires_grad = False", "in list(model.parameters())[:10]:\n        parameter.requires_grad = False")), BODY, "can still be trained"),
    "head frozen, too": Wrong(freeze((THAW, "")), HEAD, "of a head of one linear layer are frozen"),
    "last two tensors": Wrong(freeze((THAW, "    for parameter in list(model.parameters())[-2:]:\n        parameter.requires_grad = True\n")), HEAD, "4 of the 6 parameters of a head of two linear layers and a batch norm are frozen"),
    "head's weight only": Wrong(freeze(("in model.fc.parameters():\n        parameter.requires_grad = True", "in list(model.fc.parameters())[:1]:\n        parameter.requires_grad = True")), HEAD, "1 of the 2 parameters"),
    "the head is left as it came": Wrong(freeze((ALL + THAW, "    for name, parameter in model.named_parameters():\n        if not name.startswith('fc.'):\n            parameter.requires_grad = False\n")), HEAD, "in a model that came in frozen as a whole"),
    "wrong order": Wrong(freeze((ALL + THAW, THAW + ALL)), HEAD, "are frozen"),
    "head started anew": Wrong(freeze((BACK, "    for p in model.fc.parameters():\n        nn.init.zeros_(p)\n" + BACK)), HEAD, "has other values than before"),
    "body set to zero": Wrong(freeze((BACK, "    with torch.no_grad():\n        model.conv1.weight.zero_()\n" + BACK)), HEAD, "`conv1.weight` has other values"),
    "head thrown away": Wrong(freeze((BACK, "    model.fc = nn.Identity()\n" + BACK)), HEAD, "`model.fc` has no parameters any more"),
    "nothing returned from the count": Wrong(swap(BOTH, ("return " + SUM, SUM)), COUNTS, "is a `return` missing?"),
    "tensors instead of values": Wrong(count("len([p for p in model.parameters() if p.requires_grad])"), COUNTS, "each of them holds many numbers"),
    "all tensors": Wrong(count("len(list(model.parameters()))"), COUNTS, "all tensors"),
    "every parameter": Wrong(count("sum(p.numel() for p in model.parameters())"), COUNTS, "That is every parameter, frozen or not"),
    "the frozen ones": Wrong(count("sum(p.numel() for p in model.parameters() if not p.requires_grad)"), COUNTS, "That counts the frozen ones"),
    "the head alone": Wrong(count("sum(p.numel() for p in model.fc.parameters())"), COUNTS, "That is the head alone"),
    "the state dict": Wrong(count("sum(v.numel() for k, v in model.state_dict().items() if 'num_batches' in k or 'num_batches' not in k)"), COUNTS, "running statistics"),
    "without biases": Wrong(count("sum(p.numel() for p in model.parameters() if p.requires_grad and p.ndim > 1)"), COUNTS, "Biases and batch norms are left out"),
    "first dimensions": Wrong(count("sum(len(p) for p in model.parameters() if p.requires_grad)"), COUNTS, "Only the first dimension"),
    "bytes": Wrong(count("sum(p.nbytes for p in model.parameters() if p.requires_grad)"), COUNTS, "Those are bytes"),
    "a float": Wrong(count("float(" + SUM + ")"), COUNTS, "returns the float 1539.0, not a whole number"),
    "a text": Wrong(count("f'{" + SUM + ":,}'"), COUNTS, "not a whole number"),
    "a tensor": Wrong(count("torch.tensor(" + SUM + ")"), COUNTS, "returns a tensor of shape ()"),
    "1539 written in": Wrong(count("1539"), COUNTS, "it returns 1,539; expected 11,177,538"),
    "toggled": Wrong(freeze((ALL, "    for parameter in model.parameters():\n        parameter.requires_grad = not parameter.requires_grad\n")), BODY, "in a model of which only `layer1` could be trained before"),
    "linear layers of the head only": Wrong(freeze((THAW, "    for module in model.fc.modules():\n        if isinstance(module, nn.Linear):\n            module.requires_grad_(True)\n")), HEAD, "and a batch norm are frozen"),
    "frozen before counting": Wrong(count("sum(p.numel() for p in freeze_body(model).parameters() if p.requires_grad)"), COUNTS, "`count_trainable` freezes or unfreezes parameters"),
    "parts only": Wrong(count("sum(p.numel() for part in model.children() for p in part.parameters() if p.requires_grad)"), COUNTS, "a single `nn.Linear(7, 4)`"),
    "remembered": Wrong(swap(BOTH, ("def count_trainable", "import functools\n@functools.cache\ndef count_trainable")), COUNTS, "the same model, after it was frozen as a whole"),
    "once and never again": Wrong(freeze((ALL, "    if hasattr(model, 'done'):\n        return model\n    model.done = True\n" + ALL)), BODY, "when a model comes a second time, unfrozen meanwhile"),
    "a layer that is used twice counts twice": Wrong(count("sum(p.numel() for _, p in model.named_parameters(remove_duplicate=False) if p.requires_grad)"), COUNTS, "is counted twice; its numbers are there once"),
    "a single number does not count": Wrong(count("sum(p.numel() for p in model.parameters() if p.requires_grad and p.ndim)"), COUNTS, "A parameter without dimensions is a number, too."),
}  # fmt: skip
