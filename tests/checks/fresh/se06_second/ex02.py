"""Exercise 2: answers from the exercise text, by a second reader."""

from tests.checks.fresh import edit

COUNT = """

def count_trainable(model):
    return sum(p.numel() for p in model.parameters() if p.requires_grad)
"""

FREEZE = """
def freeze_body(model):
    model.requires_grad_(False)
    model.fc.requires_grad_(True)
    return model

"""

TERSE = """
def freeze_body(model):
    head = set(model.fc.parameters())
    for p in model.parameters():
        p.requires_grad = p in head
    return model


count_trainable = lambda model: sum(map(torch.numel, filter(lambda p: p.requires_grad, model.parameters())))
"""

VERBOSE = '''
import logging
from collections.abc import Iterator
from typing import Final

LOGGER: Final = logging.getLogger("freezing")
LOGGER.addHandler(logging.NullHandler())
HEAD_NAME: Final[str] = "fc"


def _is_head_parameter(name: str) -> bool:
    """Tell whether a fully qualified parameter name belongs to the head."""
    first, _, _ = name.partition(".")
    return first == HEAD_NAME


def _body_and_head(model: nn.Module) -> tuple[list[nn.Parameter], list[nn.Parameter]]:
    """Split the model's parameters into those of the body and those of the head."""
    body: list[nn.Parameter] = []
    head: list[nn.Parameter] = []
    for name, parameter in model.named_parameters():
        (head if _is_head_parameter(name) else body).append(parameter)
    return body, head


def freeze_body(model: nn.Module, *, verbose: bool = False) -> nn.Module:
    """Freeze everything but the classifier head.

    Parameters
    ----------
    model : nn.Module
        A ResNet with a head called ``fc``.
    verbose : bool
        Whether to report how many tensors were frozen.

    Returns
    -------
    nn.Module
        The same model.
    """
    if not hasattr(model, HEAD_NAME):
        raise AttributeError("the model has no head called fc")
    body, head = _body_and_head(model)
    for parameter in body:
        parameter.requires_grad_(False)
    for parameter in head:
        parameter.requires_grad_(True)
    if verbose:
        LOGGER.info("%d tensors frozen, %d left", len(body), len(head))
    assert all(not p.requires_grad for p in body)
    assert all(p.requires_grad for p in head)
    return model


def _trainable(model: nn.Module) -> Iterator[nn.Parameter]:
    """Yield the parameters that an optimiser would change."""
    for parameter in model.parameters():
        if parameter.requires_grad:
            yield parameter


def count_trainable(model: nn.Module) -> int:
    """Count the trainable numbers of any model."""
    total: int = 0
    for parameter in _trainable(model):
        size: int = 1
        for extent in parameter.shape:  # a scalar has no extents and counts once
            size *= extent
        total += size
    return int(total)
'''

CLASSY = '''
class Trainability:
    """Knows and changes what of a model can be trained."""

    __slots__ = ("model",)

    def __init__(self, model: nn.Module) -> None:
        self.model = model

    def set_all(self, value: bool) -> "Trainability":
        """Set every parameter to one state."""
        for module in self.model.modules():
            for parameter in module.parameters(recurse=False):
                parameter.requires_grad = value
        return self

    def release(self, path: str) -> "Trainability":
        """Let one part learn."""
        Trainability(self.model.get_submodule(path)).set_all(True)
        return self

    def __len__(self) -> int:
        return sum(p.numel() for p in self.model.parameters() if p.requires_grad)


def freeze_body(model):
    """Freeze the body; the head stays free."""
    Trainability(model).set_all(False).release("fc")
    return model


def count_trainable(model):
    """Ask the helper."""
    return len(Trainability(model))
'''

CHILDREN = """
import numpy as np


@torch.no_grad()
def freeze_body(model):
    for name, part in model.named_children():
        part.requires_grad_(name == "fc")
    return model


@torch.no_grad()
def count_trainable(model):
    return int(sum(np.prod(p.shape) for p in model.parameters() if p.requires_grad))
"""

FLAT = """
def freeze_body(model):
    def visit(module, free):
        for p in module._parameters.values():
            if p is not None:
                p.requires_grad_(free)
        for child in module.children():
            visit(child, free or child is model.fc)

    visit(model, False)
    return model


def count_trainable(model):
    total, seen, stack = 0, set(), [model]
    while stack:
        module = stack.pop()
        stack.extend(module.children())
        for p in module.parameters(recurse=False):
            if p.requires_grad and id(p) not in seen:
                seen.add(id(p))
                total += p.nelement()
    return total
"""

ANSWERS = [
    ("set-of-head-parameters", TERSE, True),
    ("verbose-split-by-name", VERBOSE, True),
    ("helper-class-with-len", CLASSY, True),
    ("children-by-name-under-no-grad", CHILDREN, True),
    ("recursive-visit-and-a-stack", FLAT, True),
    (
        "chained-and-reduced",
        """
from functools import reduce


def freeze_body(model):
    model.requires_grad_(False).fc.requires_grad_()
    return model


def count_trainable(model):
    return reduce(lambda total, p: total + p.requires_grad * p.numel(), model.parameters(), 0)
""",
        True,
    ),
    (
        "apply-with-a-nested-function",
        """
import math


def freeze_body(model):
    inside = {id(m) for m in model.fc.modules()}
    model.apply(lambda m: [p.requires_grad_(id(m) in inside) for p in m.parameters(recurse=False)])
    return model


def count_trainable(model):
    return sum(math.prod(p.shape) if p.requires_grad else 0 for _, p in model.named_parameters())
""",
        True,
    ),
    (
        "flattened-and-measured",
        """
from itertools import chain


def freeze_body(model):
    for free, group in ((False, model), (True, model.fc)):
        for p in group.parameters():
            p.requires_grad = free
    return model


def count_trainable(model):
    flat = [p.detach().reshape(-1) for p in model.parameters() if p.requires_grad]
    return torch.cat(flat).shape[0] if flat else 0
""",
        True,
    ),
    (
        "state-recorded-in-a-report",
        '''
from dataclasses import dataclass, field
from typing import NamedTuple


class Entry(NamedTuple):
    name: str
    size: int
    free: bool


@dataclass
class Report:
    """A table of the model's parameters."""

    entries: list[Entry] = field(default_factory=list)

    @classmethod
    def of(cls, model: nn.Module) -> "Report":
        return cls([Entry(n, p.numel(), p.requires_grad) for n, p in model.named_parameters()])

    @property
    def trainable(self) -> int:
        """Sum of the sizes of what is not frozen."""
        return sum(entry.size for entry in self.entries if entry.free)

    def __str__(self) -> str:
        return "\\n".join(f"{e.name:<40}{e.size:>12,}{'' if e.free else ' (frozen)'}" for e in self.entries)


def freeze_body(model):
    """Freeze all, free the head, and check that it worked."""
    wanted = {f"fc.{name}" for name, _ in model.fc.named_parameters()}
    for name, parameter in model.named_parameters():
        should_learn = name in wanted
        if parameter.requires_grad is not should_learn:
            parameter.requires_grad_(should_learn)
    report = Report.of(model)
    assert {entry.name for entry in report.entries if entry.free} == wanted
    return model


def count_trainable(model):
    """Count by report."""
    return Report.of(model).trainable
''',
        True,
    ),
    (
        "detach-in-place-freezes-a-leaf",
        """
def freeze_body(model):
    [p.detach_() for p in model.parameters()]
    [p.requires_grad_() for p in model.fc.parameters()]
    return model


def count_trainable(model: nn.Module) -> int:
    return int(torch.tensor([p.numel() for p in model.parameters() if p.requires_grad], dtype=torch.int64).sum())
""",
        True,
    ),
    (
        "snapshot-compared-afterwards",
        '''
def freeze_body(model):
    """Freeze the body and make sure that no value was touched on the way."""
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    frozen, free = [], []
    head = {id(parameter) for parameter in model.fc.parameters()}
    for parameter in model.parameters():
        bucket = free if id(parameter) in head else frozen
        bucket.append(parameter)
    for parameter in frozen:
        parameter.requires_grad = False
        parameter.grad = None  # an optimiser shall find nothing here
    for parameter in free:
        parameter.requires_grad = True
    after = model.state_dict()
    assert before.keys() == after.keys()
    assert all(torch.equal(before[name], after[name]) for name in before)
    return model


def count_trainable(model):
    """How many numbers an optimiser may move."""
    count = 0
    for parameter in model.parameters():
        if not parameter.requires_grad:
            continue
        count += parameter.numel()
    return count
''',
        True,
    ),
    # wrong
    (
        "last-two-tensors-are-the-head",
        """
def freeze_body(model):
    *body, weight, bias = model.parameters()
    for p in body:
        p.requires_grad_(False)
    weight.requires_grad_(), bias.requires_grad_()
    return model
"""
        + COUNT,
        False,
    ),
    (
        "only-linear-layers-of-the-head",
        """
def freeze_body(model):
    model.requires_grad_(False)
    for m in model.fc.modules():
        if isinstance(m, nn.Linear):
            m.requires_grad_(True)
    return model
"""
        + COUNT,
        False,
    ),
    (
        "children-of-a-single-layer",
        edit(
            FREEZE,
            ("    model.fc.requires_grad_(True)", "    [part.requires_grad_(True) for part in model.fc.children()]"),
        )
        + COUNT,
        False,
    ),
    (
        "returns-the-head",
        "def freeze_body(model):\n    return model.requires_grad_(False).fc.requires_grad_(True)\n" + COUNT,
        False,
    ),
    (
        "done-once-and-never-again",
        edit(
            FREEZE,
            (
                "    model.requires_grad_(False)",
                "    if getattr(model, '_body_frozen', False):\n        return model\n    model._body_frozen = True\n    model.requires_grad_(False)",
            ),
        )
        + COUNT,
        False,
    ),
    ("freezing-cached", "import functools\n\n\n@functools.cache" + FREEZE + COUNT, False),
    (
        "counting-cached",
        FREEZE + "import functools\n\n\n@functools.lru_cache(maxsize=None)" + COUNT.lstrip("\n").join(["\n", ""]),
        False,
    ),
    (
        "toggled-instead-of-set",
        """
def freeze_body(model):
    head = {id(p) for p in model.fc.parameters()}
    for p in model.parameters():
        if id(p) not in head:
            p.requires_grad = not p.requires_grad
        else:
            p.requires_grad = True
    return model
"""
        + COUNT,
        False,
    ),
    (
        "flag-set-on-modules",
        """
def freeze_body(model):
    for name, part in model.named_children():
        for module in part.modules():
            module.requires_grad = name == "fc"
    return model
"""
        + COUNT,
        False,
    ),
    (
        "flag-set-on-the-data",
        """
def freeze_body(model):
    for name, p in model.named_parameters():
        p.data.requires_grad_(name.startswith("fc."))
    return model
"""
        + COUNT,
        False,
    ),
    (
        "stem-batch-norm-keeps-learning",
        """
def freeze_body(model):
    for module in model.modules():
        if not isinstance(module, (nn.BatchNorm2d, nn.Sequential)) and module is not model:
            module.requires_grad_(False)
    model.fc.requires_grad_(True)
    return model
"""
        + COUNT,
        False,
    ),
    (
        "head-made-new-on-the-way",
        edit(
            FREEZE,
            (
                "    return model",
                "    for m in model.fc.modules():\n        if hasattr(m, 'reset_parameters'):\n            m.reset_parameters()\n    return model",
            ),
        )
        + COUNT,
        False,
    ),
    (
        "head-freed-only-when-it-is-one-layer",
        edit(
            VERBOSE,
            (
                "    for parameter in head:\n        parameter.requires_grad_(True)\n",
                "    if isinstance(model.fc, nn.Linear):\n        model.fc.requires_grad_(True)\n",
            ),
            ("    assert all(p.requires_grad for p in head)\n", ""),
        ),
        False,
    ),
    (
        "head-left-as-it-came",
        edit(
            CLASSY,
            ('.release("fc")', ""),
            (
                "for module in self.model.modules():",
                "for module in (m for n, m in self.model.named_modules() if not n.startswith('fc')):",
            ),
        ),
        False,
    ),
    (
        "body-gradients-thrown-away-by-hooks-in-a-class",
        edit(
            CLASSY,
            (
                "                parameter.requires_grad = value\n",
                "                parameter.requires_grad = True\n                value or parameter.register_hook(torch.zeros_like)\n",
            ),
        ),
        False,
    ),
    (
        "works-on-a-copy",
        edit(
            CLASSY,
            ("    Trainability(model).set_all", "    model = copy.deepcopy(model)\n    Trainability(model).set_all"),
        ),
        False,
    ),
    (
        "sizes-collected-in-a-set",
        FREEZE
        + "def count_trainable(model):\n    return sum({p.numel() for p in model.parameters() if p.requires_grad})\n",
        False,
    ),
    (
        "shared-weights-counted-twice",
        FREEZE
        + "def count_trainable(model):\n    return sum(p.numel() for _, p in model.named_parameters(remove_duplicate=False) if p.requires_grad)\n",
        False,
    ),
    (
        "counted-module-by-module-with-their-children",
        edit(
            FLAT,
            (
                "module.parameters(recurse=False):\n            if p.requires_grad and id(p) not in seen",
                "module.parameters():\n            if p.requires_grad",
            ),
        ),
        False,
    ),
    (
        "scalars-forgotten",
        edit(VERBOSE, ("        size: int = 1\n", "        size: int = 1 if parameter.dim() else 0\n")),
        False,
    ),
    ("tensors-instead-of-numbers", edit(CLASSY, ("sum(p.numel() for", "sum(1 for")), False),
    (
        "counts-what-has-a-gradient",
        FREEZE
        + "def count_trainable(model):\n    return sum(p.numel() for p in model.parameters() if p.grad is not None)\n",
        False,
    ),
    (
        "counts-detached-state",
        FREEZE
        + "def count_trainable(model):\n    return sum(t.numel() for t in model.state_dict().values() if t.requires_grad)\n",
        False,
    ),
    (
        "counts-linear-and-convolutions-only",
        FREEZE
        + "def count_trainable(model):\n    kinds = (nn.Linear, nn.Conv2d, nn.BatchNorm2d)\n    return sum(p.numel() for m in model.modules() if isinstance(m, kinds) for p in m.parameters() if p.requires_grad)\n",
        False,
    ),
    (
        "module-counts-if-its-weight-is-free",
        FREEZE
        + "def count_trainable(model):\n    return sum(p.numel() for m in model.modules() if getattr(m, 'weight', None) is not None and m.weight.requires_grad for p in m.parameters(recurse=False))\n",
        False,
    ),
    (
        "callable-instances-and-multiplied-flags",
        """
from functools import partial


class Switch:
    def __init__(self, keep):
        self.keep = keep

    def __call__(self, model):
        for name, p in model.named_parameters():
            p.requires_grad_(name.split(".")[0] in self.keep)
        return model


freeze_body = Switch(keep=["fc"])
count_trainable = partial(lambda model, flag: sum(getattr(p, flag) * p.numel() for p in model.parameters()), flag="requires_grad")
""",
        True,
    ),
    (
        "module-dictionaries-and-numpy",
        """
def freeze_body(model):
    for module_name, module in model.named_modules():
        learns = module_name == "fc" or module_name.startswith("fc.")
        for parameter_name in list(module._parameters):
            parameter = module._parameters[parameter_name]
            if parameter is not None:
                parameter.requires_grad = learns
    return model


def count_trainable(model):
    sizes = np.fromiter((p.numel() for p in model.parameters() if p.requires_grad), dtype=np.int64)
    return sizes.sum().item()
""",
        True,
    ),
]
