"""Exercise 4: answers from the exercise text, by a second reader."""

from tests.checks.fresh import edit

TERSE = """
def unfreeze_last(model, stages):
    if not 0 <= stages <= 4:
        raise ValueError(stages)
    free = ("fc.", *(f"layer{i}." for i in range(5 - stages, 5)))
    for name, p in model.named_parameters():
        p.requires_grad = name.startswith(free)
    return model
"""

VERBOSE = '''
import logging
from collections.abc import Sequence
from typing import Final

logger = logging.getLogger("unfreezing")
logger.addHandler(logging.NullHandler())

STAGE_NAMES: Final[tuple[str, ...]] = ("layer1", "layer2", "layer3", "layer4")


def _check_stages(stages: int) -> None:
    """Refuse what is no number of stages before the model is touched."""
    lowest, highest = 0, len(STAGE_NAMES)
    if stages < lowest or stages > highest:
        message = f"stages must lie between {lowest} and {highest}, got {stages}"
        logger.error(message)
        raise ValueError(message)


def _names_to_unfreeze(stages: int) -> Sequence[str]:
    """Return the names of the last stages, and the head's."""
    first = len(STAGE_NAMES) - stages
    return [*STAGE_NAMES[first:], "fc"]


def _set_trainable(module: nn.Module, trainable: bool) -> int:
    """Set all parameters of a module to one state; return how many tensors that were."""
    count = 0
    for parameter in module.parameters():
        parameter.requires_grad_(trainable)
        count += 1
    return count


def unfreeze_last(model: nn.Module, stages: int) -> nn.Module:
    """Let the head and the last stages of a ResNet learn.

    Args:
        model: the network, changed in place.
        stages: how many stages, counted from the end.

    Returns:
        The model.

    Raises:
        ValueError: if there are not so many stages.
    """
    _check_stages(stages)
    frozen = _set_trainable(model, False)
    released = 0
    for name in _names_to_unfreeze(stages):
        released += _set_trainable(getattr(model, name), True)
    logger.info("%d tensors, %d of them can learn", frozen, released)
    return model
'''

ROLLBACK = '''
from contextlib import contextmanager
from enum import IntEnum


class Stage(IntEnum):
    """The stages by their number from the end."""

    LAYER4 = 1
    LAYER3 = 2
    LAYER2 = 3
    LAYER1 = 4

    @property
    def attribute(self) -> str:
        return self.name.lower()


@contextmanager
def _all_or_nothing(model):
    """Put every flag back if anything goes wrong."""
    before = [(p, p.requires_grad) for p in model.parameters()]
    try:
        yield
    except BaseException:
        for parameter, flag in before:
            parameter.requires_grad = flag
        raise


def unfreeze_last(model, stages):
    """Freeze the body, then walk from the end to the beginning."""
    with _all_or_nothing(model):
        freeze_body(model)
        if stages < 0:
            raise ValueError("a number of stages cannot be negative")
        for number in range(1, stages + 1):
            stage = Stage(number)  # a ValueError if there is no such stage
            getattr(model, stage.attribute).requires_grad_(True)
    return model
'''

CHILDREN = """
def unfreeze_last(model, stages):
    if stages not in range(5):
        raise ValueError("0 to 4 stages")
    model.requires_grad_(False)
    [part.requires_grad_() for part in [*model.children()][-2 - stages :]]
    return model
"""

DEQUE = """
from collections import deque


def unfreeze_last(model, stages):
    last = deque((model.layer1, model.layer2, model.layer3, model.layer4), maxlen=stages)
    if stages > 4:
        raise ValueError(f"only four stages, not {stages}")
    for part in (freeze_body(model).fc, *last):
        part.requires_grad_(True)
    return model
"""

REGEX = """
import re


def unfreeze_last(model, stages):
    if stages < 0 or stages > 4:
        raise ValueError("stages out of range")
    for name, p in model.named_parameters():
        found = re.match(r"layer(\\d)\\.", name)
        p.requires_grad_(name.startswith("fc.") or found is not None and int(found[1]) > 4 - stages)
    return model
"""

RECURSIVE = """
def unfreeze_last(model, stages):
    if stages == 0:
        return freeze_body(model)
    if not 0 < stages < 5:
        raise ValueError(f"{stages} stages?")
    unfreeze_last(model, stages - 1)
    getattr(model, f"layer{5 - stages}").requires_grad_()
    return model
"""

COUNTDOWN = '''
def unfreeze_last(model, stages):
    """Walk through the parts from the end; `left` counts the stages that may still be freed."""
    if stages < 0:
        raise ValueError("stages must not be negative")
    if stages > 4:
        raise ValueError("a ResNet has four stages")
    left = stages
    decisions = {}
    for name, part in reversed(list(model.named_children())):
        if name == "fc":
            decisions[name] = True
        elif name.startswith("layer"):
            decisions[name] = left > 0
            left -= 1
        else:
            decisions[name] = False
    assert left <= 0 or stages == 4
    for name, decision in decisions.items():
        for parameter in model.get_submodule(name).parameters():
            parameter.requires_grad = decision
    return model
'''

ANSWERS = [
    ("prefixes-in-a-tuple", TERSE, True),
    ("verbose-with-names-and-counts", VERBOSE, True),
    ("all-or-nothing-with-an-enum", ROLLBACK, True),
    ("children-from-the-end", CHILDREN, True),
    ("deque-of-limited-length", DEQUE, True),
    ("regular-expression", REGEX, True),
    ("recursive-stage-by-stage", RECURSIVE, True),
    ("countdown-over-reversed-children", COUNTDOWN, True),
    (
        "match-with-fall-through",
        """
def unfreeze_last(model, stages):
    match stages:
        case 0: parts = []
        case 1: parts = [model.layer4]
        case 2: parts = [model.layer4, model.layer3]
        case 3: parts = [model.layer4, model.layer3, model.layer2]
        case 4: parts = [model.layer4, model.layer3, model.layer2, model.layer1]
        case _: raise ValueError(f"no such number of stages: {stages!r}")
    ids = {id(p) for part in (*parts, model.fc) for p in part.parameters()}
    for p in model.parameters():
        p.requires_grad = id(p) in ids
    return model
""",
        True,
    ),
    (
        "plan-object-and-own-exception",
        '''
from dataclasses import dataclass


class NoSuchStage(ValueError):
    """Raised for a number of stages that a ResNet does not have."""


@dataclass(frozen=True)
class Plan:
    """Which parts of a ResNet learn."""

    stages: int

    def __post_init__(self) -> None:
        if not 0 <= self.stages <= 4:
            raise NoSuchStage(f"a ResNet has stages 1 to 4; {self.stages} were asked for")

    def __contains__(self, path: str) -> bool:
        """Tell whether the parameter of this name learns."""
        part = path.split(".", maxsplit=1)[0]
        if part == "fc":
            return True
        if not part.startswith("layer"):
            return False
        return int(part.removeprefix("layer")) + self.stages > 4

    def apply(self, model: nn.Module) -> nn.Module:
        """Set the flags, and nothing else."""
        for path, parameter in model.named_parameters():
            parameter.requires_grad_(path in self)
        return model


def unfreeze_last(model, stages):
    """Make a plan, then carry it out."""
    return Plan(stages).apply(model)
''',
        True,
    ),
    (
        "compressed-and-zipped",
        """
from itertools import compress


def unfreeze_last(model, stages):
    if (stages < 0) | (stages > 4):
        raise ValueError
    chosen = compress("1234", [i >= 4 - stages for i in range(4)])
    parts = nn.ModuleList([getattr(model, "layer" + n) for n in chosen] + [model.fc])
    model.requires_grad_(False), parts.requires_grad_(True)
    return model
""",
        True,
    ),
    # wrong
    (
        "zero-stages-slice-everything",
        edit(
            VERBOSE,
            (
                "    first = len(STAGE_NAMES) - stages\n    return [*STAGE_NAMES[first:]",
                "    return [*STAGE_NAMES[-stages:]",
            ),
        ),
        False,
    ),
    (
        "assert-instead-of-an-error",
        edit(
            CHILDREN,
            (
                '    if stages not in range(5):\n        raise ValueError("0 to 4 stages")',
                '    assert stages in range(5), "0 to 4 stages"',
            ),
        ),
        False,
    ),
    (
        "frozen-before-it-is-refused",
        edit(
            RECURSIVE,
            (
                "    if stages == 0:\n        return freeze_body(model)\n",
                "    freeze_body(model)\n    if stages == 0:\n        return model\n",
            ),
        ),
        False,
    ),
    (
        "rollback-forgets-the-head",
        edit(
            ROLLBACK,
            ("for p in model.parameters()]", 'for n, p in model.named_parameters() if not n.startswith("fc.")]'),
        ),
        False,
    ),
    ("too-many-stages-is-an-attribute-error", edit(RECURSIVE, ("if not 0 < stages < 5", "if stages < 0")), False),
    (
        "too-many-found-out-too-late",
        edit(
            DEQUE,
            ('    if stages > 4:\n        raise ValueError(f"only four stages, not {stages}")\n', ""),
            (
                "    return model",
                '    if stages > len(last):\n        raise ValueError("only four stages")\n    return model',
            ),
        ),
        False,
    ),
    (
        "negative-numbers-pass-silently",
        edit(COUNTDOWN, ('    if stages < 0:\n        raise ValueError("stages must not be negative")\n', "")),
        False,
    ),
    ("four-is-refused", edit(CHILDREN, ("range(5)", "range(4)")), False),
    ("zero-is-refused", edit(REGEX, ("stages < 0 or", "not stages or stages < 0 or")), False),
    (
        "clamped-to-what-there-is",
        edit(
            TERSE,
            (
                "    if not 0 <= stages <= 4:\n        raise ValueError(stages)\n",
                "    stages = min(max(stages, 0), 4)\n",
            ),
        ),
        False,
    ),
    (
        "stem-freed-with-the-fourth-stage",
        edit(
            TERSE, ("p.requires_grad = name.startswith(free)", "p.requires_grad = stages == 4 or name.startswith(free)")
        ),
        False,
    ),
    ("children-from-the-end-without-the-pooling", edit(CHILDREN, ("-2 - stages", "-1 - stages")), False),
    ("counted-from-the-beginning", edit(REGEX, ("int(found[1]) > 4 - stages", "int(found[1]) <= stages")), False),
    ("one-stage-too-many", edit(REGEX, ("> 4 - stages", ">= 4 - stages")), False),
    ("downsampling-forgotten", edit(REGEX, ('r"layer(\\d)\\."', 'r"layer(\\d)\\.\\d+\\.(?:conv|bn)"')), False),
    ("first-ten-blocks-only", edit(REGEX, ('r"layer(\\d)\\."', 'r"layer(\\d)\\.\\d\\."')), False),
    (
        "batch-norms-in-the-stages-stay-frozen",
        edit(
            VERBOSE,
            (
                '    logger.info("%d',
                '    for module in model.modules():\n        if isinstance(module, nn.BatchNorm2d):\n            module.requires_grad_(False)\n    logger.info("%d',
            ),
        ),
        False,
    ),
    (
        "last-block-of-each-stage-only",
        edit(
            VERBOSE,
            (
                "_set_trainable(getattr(model, name), True)",
                "_set_trainable(getattr(model, name) if name == 'fc' else getattr(model, name)[-1], True)",
            ),
        ),
        False,
    ),
    (
        "linear-heads-only",
        edit(
            CHILDREN,
            (
                "    return model",
                "    if len([*model.fc.children()]) > 1:\n        model.fc.requires_grad_(False)[-1].requires_grad_(True)\n    return model",
            ),
        ),
        False,
    ),
    (
        "never-frozen-again",
        edit(
            CHILDREN,
            (
                "    model.requires_grad_(False)\n",
                "    if not hasattr(model, 'prepared'):\n        model.requires_grad_(False)\n        model.prepared = True\n",
            ),
        ),
        False,
    ),
    ("remembered-by-a-cache", "import functools\n\n\n@functools.lru_cache" + TERSE, False),
    (
        "plain-recursion-never-freezes-the-stem",
        edit(
            RECURSIVE,
            (
                "        return freeze_body(model)",
                "        for part in (model.layer1, model.layer2, model.layer3, model.layer4):\n            part.requires_grad_(False)\n        model.fc.requires_grad_(True)\n        return model",
            ),
        ),
        False,
    ),
    (
        "stem-convolution-alone-is-frozen",
        edit(COUNTDOWN, ("            decisions[name] = False\n", '            decisions[name] = name != "conv1"\n')),
        False,
    ),
    (
        "iterator-used-up",
        edit(
            TERSE,
            (
                "    for name, p in model.named_parameters():\n        p.requires_grad = name.startswith(free)",
                "    every = model.named_parameters()\n    for _, p in every:\n        p.requires_grad = False\n    for name, p in every:\n        p.requires_grad = name.startswith(free)",
            ),
        ),
        False,
    ),
    (
        "head-shrunk-while-freed",
        edit(
            COUNTDOWN,
            (
                "            parameter.requires_grad = decision\n",
                "            parameter.requires_grad = decision\n            if name == 'fc':\n                parameter.data.mul_(0.999)\n",
            ),
        ),
        False,
    ),
    (
        "new-head-in-passing",
        edit(
            DEQUE,
            (
                "    return model",
                "    replace_head(model, model.fc.out_features) if isinstance(model.fc, nn.Linear) else None\n    return model",
            ),
        ),
        False,
    ),
    (
        "head-only-set-when-stages-are-freed",
        edit(
            VERBOSE,
            ('    return [*STAGE_NAMES[first:], "fc"]', '    return [*STAGE_NAMES[first:], "fc"] if stages else []'),
        ),
        False,
    ),
    (
        "returns-the-freed-parts",
        edit(DEQUE, ("    return model", "    return nn.ModuleList([model.fc, *last])")),
        False,
    ),
    (
        "freeze-first-then-a-while-loop",
        """
def unfreeze_last(model, stages):
    if stages > 4 or stages < 0:
        raise ValueError(f"stages={stages} is not between 0 and 4")
    model = freeze_body(model)
    i = 4
    while i > 4 - stages:
        for block in model._modules[f"layer{i}"]:
            for p in block.parameters():
                p.requires_grad = True
        i -= 1
    return model
""",
        True,
    ),
    (
        "bits-of-a-mask",
        """
def unfreeze_last(model, stages):
    mask = {0: 0b0000, 1: 0b1000, 2: 0b1100, 3: 0b1110, 4: 0b1111}.get(stages)
    if mask is None:
        raise ValueError("stages: 0, 1, 2, 3 or 4")
    for name, part in model.named_children():
        part.requires_grad_(name == "fc" or name[:5] == "layer" and bool(mask >> int(name[5]) - 1 & 1))
    return model
""",
        True,
    ),
]
