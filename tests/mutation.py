"""Small plausible changes to a piece of code, as a student's slip would make them."""

import ast
import copy
import difflib
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Mutant", "mutants"]

_OPERATORS = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Div,),
    ast.Pow: (ast.Mult,),
    ast.Mod: (ast.FloorDiv,),
}
_COMPARISONS = {
    ast.Gt: (ast.Lt, ast.GtE),
    ast.Lt: (ast.Gt, ast.LtE),
    ast.GtE: (ast.Gt,),
    ast.LtE: (ast.Lt,),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_NAMES = {
    "ReLU": ("LeakyReLU", "Sigmoid", "Identity"),
    "BatchNorm2d": ("InstanceNorm2d", "Identity"),
    "MaxPool2d": ("AvgPool2d",),
    "max_pool2d": ("avg_pool2d",),
    "sigmoid": ("tanh", "relu"),
    "Sigmoid": ("Tanh", "ReLU", "Identity"),
    "relu": ("sigmoid", "gelu"),
    "HorizontalFlip": ("VerticalFlip", "Transpose"),
    "VerticalFlip": ("HorizontalFlip",),
    "sum": ("mean",),
    "mean": ("sum",),
    "DoubleConv": ("Down",),
    "train_img_ts": ("valid_img_ts",),
    "valid_img_ts": ("train_img_ts",),
    "train_ds": ("valid_ds", "full_ds"),
    "valid_ds": ("train_ds", "full_ds"),
    "train_size": ("valid_size",),
    "valid_size": ("train_size",),
    "encoder_lr": ("decoder_lr",),
    "decoder_lr": ("encoder_lr",),
    "sorted": ("list",),
    "min": ("max",),
    "max": ("min",),
}
_TEXTS = {
    "RGB": ("L", "BGR"),
    "L": ("RGB",),
    "*.jpg": ("*", "*.png"),
    "image": ("mask",),
    "mask": ("image",),
    "bilinear": ("nearest",),
}


@dataclass(frozen=True)
class Mutant:
    """A changed piece of code.

    Attributes
    ----------
    kind : str
        What was changed, such as ``constant``.
    code : str
    diff : str
        The changed lines, old ones with ``-`` and new ones with ``+``; names the mutant.
    """

    kind: str
    code: str
    diff: str


def mutants(code: str) -> Iterator[Mutant]:
    """Yield each mutant of a piece of code once, in an order that is always the same."""
    tree = ast.parse(code)
    original = ast.unparse(tree)
    seen = {original}
    for kind, changed in _all_changes(tree):
        mutated = ast.unparse(ast.fix_missing_locations(changed))
        if mutated not in seen:
            seen.add(mutated)
            yield Mutant(kind, mutated, _diff(original, mutated))


def _all_changes(tree):
    for index, node in enumerate(ast.walk(tree)):
        for kind, change in _changes(node):
            copied = copy.deepcopy(tree)
            target = next(other for place, other in enumerate(ast.walk(copied)) if place == index)
            change(target)
            yield kind, copied
    yield from _swapped_names(tree)


def _changes(node):
    """Yield (kind, function that changes such a node in place)."""
    if isinstance(node, ast.Constant) and not isinstance(node.value, bytes) and node.value is not ...:
        for value in _other_values(node.value):
            yield "constant", lambda n, v=value: setattr(n, "value", v)
    if isinstance(node, ast.BinOp):
        for operator in _OPERATORS.get(type(node.op), ()):
            yield "operator", lambda n, o=operator: setattr(n, "op", o())
        for side in ("left", "right"):
            yield "dropped operand", lambda n, s=side: _become(n, getattr(n, s))
    if isinstance(node, ast.Compare):
        for operator in _COMPARISONS.get(type(node.ops[0]), ()):
            yield "comparison", lambda n, o=operator: n.ops.__setitem__(0, o())
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.USub)):
        yield "negation", lambda n: setattr(n, "op", ast.UAdd() if isinstance(n.op, ast.USub) else ast.Not())
    if isinstance(node, (ast.If, ast.IfExp)):
        yield "condition", lambda n: setattr(n, "test", ast.Constant(True))
        yield "condition", lambda n: setattr(n, "test", ast.Constant(False))
    if isinstance(node, ast.Call):
        yield from _call_changes(node)
    if isinstance(node, (ast.Attribute, ast.Name)):
        field = "attr" if isinstance(node, ast.Attribute) else "id"
        for name in _NAMES.get(getattr(node, field), ()):
            yield "name", lambda n, f=field, v=name: setattr(n, f, v)
    if isinstance(node, (ast.List, ast.Tuple)) and isinstance(node.ctx, ast.Load) and len(node.elts) > 1:
        yield from _element_changes(node.elts, "elts")
    if isinstance(node, ast.Dict) and len(node.keys) > 1:
        for place in range(len(node.keys)):
            yield "dropped entry", lambda n, p=place: (n.keys.pop(p), n.values.pop(p))
    if isinstance(node, ast.Return) and node.value is not None:
        yield "return", lambda n: setattr(n, "value", None)
    for field in ("body", "orelse"):
        block = getattr(node, field, None)
        if isinstance(block, list):
            yield from _statement_changes(block, field)


def _call_changes(node):
    for place in range(len(node.args) - 1):
        yield "swapped arguments", lambda n, p=place: _swap(n.args, p, p + 1)
    if len(node.args) > 1:
        for place in range(len(node.args)):
            yield "dropped argument", lambda n, p=place: n.args.pop(p)
    for place in range(len(node.keywords)):
        yield "dropped keyword", lambda n, p=place: n.keywords.pop(p)
    if isinstance(node.func, ast.Attribute) or (len(node.args) == 1 and not node.keywords):
        yield "dropped call", _drop_call


def _drop_call(node):
    """Put ``x`` in place of ``x.f(...)`` and of ``f(x)``."""
    _become(node, node.func.value if isinstance(node.func, ast.Attribute) else node.args[0])


def _become(node, other):
    node.__class__, node.__dict__ = type(other), other.__dict__


def _element_changes(elements, field):
    for place in range(len(elements)):
        yield "dropped element", lambda n, p=place: getattr(n, field).pop(p)
    for place in range(len(elements) - 1):
        yield "swapped elements", lambda n, p=place: _swap(getattr(n, field), p, p + 1)


def _statement_changes(block, field):
    for place, statement in enumerate(block):
        if isinstance(statement, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Pass)):
            continue
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            continue
        yield "dropped statement", lambda n, p=place: getattr(n, field).__setitem__(p, ast.Pass())
        if place + 1 < len(block) and not isinstance(block[place + 1], ast.Return):
            yield "swapped statements", lambda n, p=place: _swap(getattr(n, field), p, p + 1)


def _swapped_names(tree):
    """Read one local variable or own attribute where another of the same function is meant."""
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
    for number, function in enumerate(functions):
        local = sorted({n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)})
        local += [a.arg for a in function.args.args if a.arg != "self" and a.arg not in local]
        own = sorted({n.attr for n in ast.walk(function) if _is_own(n)})
        for index, node in enumerate(ast.walk(function)):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in local:
                others, field = [name for name in local if name != node.id], "id"
            elif _is_own(node) and isinstance(node.ctx, ast.Load):
                others, field = [name for name in own if name != node.attr], "attr"
            else:
                continue
            for other in others:
                copied = copy.deepcopy(tree)
                twin = [n for n in ast.walk(copied) if isinstance(n, ast.FunctionDef)][number]
                setattr(list(ast.walk(twin))[index], field, other)
                yield "swapped name", copied


def _is_own(node) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"


def _other_values(value):
    if isinstance(value, bool):
        return (not value,)
    if value is None:
        return ()
    if isinstance(value, int):
        return (value + 1, value - 1, 2 * value) if value > 0 else (1, -1)
    if isinstance(value, float):
        return (2 * value, value / 2, 0.0, value + 1) if value else (1.0,)
    return _TEXTS.get(value, ()) if len(value) > 12 or value in _TEXTS else (value + "x",)


def _swap(items, first, second):
    items[first], items[second] = items[second], items[first]


def _diff(old: str, new: str) -> str:
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=0)
    return "\n".join(line for line in lines if line[:2] not in ("--", "++", "@@"))
