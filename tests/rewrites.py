"""Rewrites of an answer that must not change its verdict: the same computation in another student's hand.

Each function of `REWRITES` takes the syntax tree of an answer, changes every place it can and returns whether it
changed one. They stay on safe ground (no reordering of statements that share a name, say), so that a verdict that
changes is the fault of a check.
"""

import ast
import builtins
import copy
import inspect
import itertools
from collections.abc import Callable, Mapping

__all__ = ["REWRITES", "rewrite"]

_FUNCTIONS = {"sum", "mean", "square", "sqrt", "sigmoid", "flatten", "reshape", "var", "std", "clamp", "relu"}
_CASTS = {"float": "float32", "double": "float64"}
_ALIASES = {"nn": "torch.nn", "F": "torch.nn.functional"}


def rewrite(name: str, code: str, namespace: Mapping[str, object], answers: tuple[str, ...]) -> str | None:
    """Apply one rewrite to an answer.

    Parameters
    ----------
    name : str
        One of `REWRITES`.
    code : str
    namespace : mapping
        What the answer's names mean; calls are resolved in it.
    answers : tuple of str
        The names that the exercise asks for.

    Returns
    -------
    str or None
        None where the rewrite finds nothing to change.
    """
    tree = ast.parse(code)
    before = ast.unparse(tree)
    REWRITES[name](tree, namespace, answers)
    after = ast.unparse(ast.fix_missing_locations(tree))
    return after if after != before else None


def rename_locals(tree, namespace, answers):
    """Give every local variable of a function another name; parameters keep theirs."""
    for function in _functions(tree):
        stored = {n.id for n in _own_nodes(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        shared = {n for node in ast.walk(function) if isinstance(node, ast.Nonlocal | ast.Global) for n in node.names}
        local = stored - {a.arg for a in ast.walk(function) if isinstance(a, ast.arg)} - shared
        for node in ast.walk(function):
            if isinstance(node, ast.Name) and node.id in local:
                node.id = f"renamed_{node.id}"


def rename_attributes(tree, namespace, answers):
    """Give every attribute that a class sets on itself another name."""
    for each in _classes(tree):
        own = {n.attr for n in ast.walk(each) if _is_own(n) and isinstance(n.ctx, ast.Store)}
        defined = {n.name for n in each.body if isinstance(n, ast.FunctionDef)}
        used = {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute) and not _is_own(n)}
        for node in ast.walk(each):
            if _is_own(node) and node.attr in own - defined - used:
                node.attr = f"my_{node.attr}"


def swap_independent_statements(tree, namespace, answers):
    """Swap neighbouring assignments in `__init__` that read and write nothing in common."""
    for function in _functions(tree):
        body, place = function.body, 0
        while function.name == "__init__" and place + 1 < len(body):
            first, second = body[place], body[place + 1]
            if all(isinstance(each, ast.Assign) for each in (first, second)) and not _touch(first, second):
                body[place : place + 2] = [second, first]
                place += 1
            place += 1


def name_every_step(tree, namespace, answers):
    """Give the arguments of calls in assignments and returns names of their own."""
    for function in _functions(tree):
        for block in _blocks(function):
            for statement in list(block):
                if isinstance(statement, ast.Assign | ast.Return) and isinstance(statement.value, ast.Call):
                    steps = _name_arguments(statement.value, f"step_{statement.lineno}_{statement.col_offset}")
                    at = block.index(statement)
                    block[at:at] = steps


def inline_steps(tree, namespace, answers):
    """Put a value that is used once, in the very next statement, where it is used."""
    for function in _functions(tree):
        for block in _blocks(function):
            for first, second in list(itertools.pairwise(block)):
                if first in block and second in block:
                    _inline(function, block, first, second)


def positional_to_keyword(tree, namespace, answers):
    """Name every positional argument of a call whose signature tells its name."""
    for call in _calls(tree):
        parameters = _parameters(call, namespace)
        if parameters is None or any(isinstance(each, ast.Starred) for each in call.args):
            continue
        names = [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
        if len(call.args) <= len(names) and len(names) == len([p for p in parameters if p.kind is not p.KEYWORD_ONLY]):
            named = [ast.keyword(name, value) for name, value in zip(names, call.args, strict=False)]
            call.args, call.keywords = [], named + call.keywords


def keyword_to_positional(tree, namespace, answers):
    """Pass named arguments by position where they stand in the signature's order."""
    for call in _calls(tree):
        parameters = _parameters(call, namespace)
        if parameters is None or any(isinstance(each, ast.Starred) for each in call.args):
            continue
        for parameter in parameters[len(call.args) :]:
            if parameter.kind is not parameter.POSITIONAL_OR_KEYWORD or not call.keywords:
                break
            if call.keywords[0].arg != parameter.name:
                break
            call.args.append(call.keywords.pop(0).value)


def view_to_reshape(tree, namespace, answers):
    """Write `reshape` for `view` and for `flatten`."""
    for call in _tensor_methods(tree):
        if call.func.attr == "flatten" and not call.args and not call.keywords:
            call.func.attr, call.args = "reshape", [ast.UnaryOp(ast.USub(), ast.Constant(1))]
        elif call.func.attr == "view":
            call.func.attr = "reshape"


def reshape_to_view(tree, namespace, answers):
    """Write `contiguous().view` for `reshape` and for `flatten`."""
    view_to_reshape(tree, namespace, answers)
    for call in _tensor_methods(tree):
        if call.func.attr == "reshape":
            plain = ast.Call(ast.Attribute(call.func.value, "contiguous", ast.Load()), [], [])
            call.func = ast.Attribute(plain, "view", ast.Load())


def method_to_function(tree, namespace, answers):
    """Write `torch.sum(x)` for `x.sum()`."""
    for call in _tensor_methods(tree):
        value = call.func.value
        is_module = isinstance(value, ast.Name) and value.id in {"torch", "F", "nn", "np", "A", "self"}
        if call.func.attr in _FUNCTIONS and not is_module and not _is_own(value):
            sizes = [ast.Tuple(call.args, ast.Load())] if call.func.attr == "reshape" else call.args
            call.args = [value, *sizes]
            call.func = ast.Attribute(ast.Name("torch", ast.Load()), call.func.attr, ast.Load())


def cast_by_to(tree, namespace, answers):
    """Write `x.to(torch.float32)` for `x.float()`."""
    for call in _tensor_methods(tree):
        if call.func.attr in _CASTS and not call.args:
            dtype = ast.Attribute(ast.Name("torch", ast.Load()), _CASTS[call.func.attr], ast.Load())
            call.func.attr, call.args = "to", [dtype]


def spell_out_updates(tree, namespace, answers):
    """Write `a = a + b` for `a += b`."""

    class Rewriter(ast.NodeTransformer):
        def visit_AugAssign(self, node):
            value = copy.deepcopy(node.target)
            value.ctx = ast.Load()
            return ast.Assign([node.target], ast.BinOp(value, node.op, node.value), lineno=node.lineno)

    Rewriter().visit(tree)


def commute_products(tree, namespace, answers):
    """Write `b * a` for `a * b`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            node.left, node.right = node.right, node.left


def delegate_methods(tree, namespace, answers):
    """Move the body of every method but `__init__` into a helper method that the method calls."""
    for each in _classes(tree):
        for method in [n for n in each.body if isinstance(n, ast.FunctionDef) and n.name != "__init__"]:
            arguments = method.args
            if method.decorator_list or arguments.kwonlyargs or not arguments.args or _uses_class_cell(method):
                continue
            helper = copy.deepcopy(method)
            helper.name = f"_helper_of_{method.name.strip('_')}"
            passed = [ast.Name(a.arg, ast.Load()) for a in arguments.args[1:]]
            passed += [ast.Starred(ast.Name(arguments.vararg.arg, ast.Load()), ast.Load())] if arguments.vararg else []
            named = [ast.keyword(None, ast.Name(arguments.kwarg.arg, ast.Load()))] if arguments.kwarg else []
            own = ast.Name(arguments.args[0].arg, ast.Load())
            method.body = [ast.Return(ast.Call(ast.Attribute(own, helper.name, ast.Load()), passed, named))]
            each.body.append(helper)


def split_initialiser(tree, namespace, answers):
    """Move what `__init__` does after `super().__init__()` into a method of its own."""
    for each in _classes(tree):
        for method in [n for n in each.body if isinstance(n, ast.FunctionDef) and n.name == "__init__"]:
            at = next((i + 1 for i, s in enumerate(method.body) if "super()" in ast.unparse(s)), 0)
            rest, names = method.body[at:], [a.arg for a in method.args.args[1:]]
            local = {n.id for s in method.body[:at] for n in ast.walk(s) if isinstance(n, ast.Name) and n.id != "super"}
            unusual = method.args.vararg or method.args.kwarg or method.args.kwonlyargs
            if not rest or unusual or local - set(names) - set(dir(builtins)) or any(map(_uses_class_cell, rest)):
                continue
            helper = copy.deepcopy(method)
            helper.name, helper.body, helper.args.defaults = "_build", rest, []
            own = ast.Attribute(ast.Name(method.args.args[0].arg, ast.Load()), "_build", ast.Load())
            call = ast.Call(own, [ast.Name(name, ast.Load()) for name in names], [])
            method.body = [*method.body[:at], ast.Expr(call)]
            each.body.append(helper)


def inherit_everything(tree, namespace, answers):
    """Define each asked-for class as an empty subclass of the class that does it all."""
    for each in [n for n in tree.body if isinstance(n, ast.ClassDef) and n.name in answers]:
        if not _uses_class_cell(each):
            name, each.name = each.name, f"{each.name}Base"
            child = ast.ClassDef(name, [ast.Name(each.name, ast.Load())], [], [ast.Pass()], [])
            child.type_params = []
            tree.body.insert(tree.body.index(each) + 1, child)


def annotate(tree, namespace, answers):
    """Add a docstring to every class and function, and an annotation to every parameter."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is None:
            node.body.insert(0, ast.Expr(ast.Constant("What I think this does.")))
        if isinstance(node, ast.FunctionDef):
            for argument in node.args.args[1:]:
                argument.annotation = argument.annotation or ast.Constant("object")


def invert_conditions(tree, namespace, answers):
    """Write `b if not c else a` for `a if c else b`, and the same for statements with an `else`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.If | ast.IfExp) and node.orelse:
            node.test = ast.UnaryOp(ast.Not(), node.test)
            node.body, node.orelse = node.orelse, node.body


def join_strings(tree, namespace, answers):
    """Put texts together with `str.join` in place of an f-string."""

    class Rewriter(ast.NodeTransformer):
        def visit_JoinedStr(self, node):
            if any(isinstance(v, ast.FormattedValue) and (v.format_spec or v.conversion != -1) for v in node.values):
                return node
            parts = [
                ast.Call(ast.Name("str", ast.Load()), [v.value], []) if isinstance(v, ast.FormattedValue) else v
                for v in node.values
            ]
            return ast.Call(ast.Attribute(ast.Constant(""), "join", ast.Load()), [ast.List(parts, ast.Load())], [])

    Rewriter().visit(tree)


def tuples_for_lists(tree, namespace, answers):
    """Pass tuples where `torch.cat` and `F.pad` got lists, and the other way round."""
    for call in _method_calls(tree):
        if call.func.attr in ("cat", "concat", "pad"):
            for place, argument in enumerate(call.args):
                if isinstance(argument, ast.List | ast.Tuple):
                    other = ast.Tuple if isinstance(argument, ast.List) else ast.List
                    call.args[place] = other(argument.elts, ast.Load())


def full_module_names(tree, namespace, answers):
    """Write `torch.nn.Conv2d` for `nn.Conv2d`."""

    class Rewriter(ast.NodeTransformer):
        def visit_Attribute(self, node):
            self.generic_visit(node)
            if isinstance(node.value, ast.Name) and node.value.id in _ALIASES:
                node.value = ast.parse(_ALIASES[node.value.id], mode="eval").body
            return node

    Rewriter().visit(tree)


def work_in_a_function(tree, namespace, answers):
    """Compute the asked-for names in a function and unpack what it returns."""
    fixed = [n for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom | ast.ClassDef | ast.FunctionDef)]
    rest = [n for n in tree.body if n not in fixed]
    stored = {n.id for s in rest for n in ast.walk(s) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    names = [name for name in answers if name in stored]
    read_first = {n.id for s in fixed for n in ast.walk(s) if isinstance(n, ast.Name)} & stored
    if not names or read_first or any(isinstance(n, ast.Global) for n in ast.walk(tree)):
        return
    returned = ast.Return(ast.Tuple([ast.Name(name, ast.Load()) for name in names], ast.Load()))
    function = ast.parse("def solve():\n    pass").body[0]
    function.body = [*rest, returned]
    target = ast.Tuple([ast.Name(name, ast.Store()) for name in names], ast.Store())
    tree.body = [*fixed, function, ast.Assign([target], ast.parse("solve()", mode="eval").body, lineno=1)]


REWRITES: dict[str, Callable] = {
    function.__name__: function
    for function in (
        rename_locals,
        rename_attributes,
        swap_independent_statements,
        name_every_step,
        inline_steps,
        positional_to_keyword,
        keyword_to_positional,
        view_to_reshape,
        reshape_to_view,
        method_to_function,
        cast_by_to,
        spell_out_updates,
        commute_products,
        delegate_methods,
        split_initialiser,
        inherit_everything,
        annotate,
        invert_conditions,
        join_strings,
        tuples_for_lists,
        full_module_names,
        work_in_a_function,
    )
}


def _functions(tree):
    return [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]


def _classes(tree):
    return [n for n in ast.walk(tree) if isinstance(n, ast.ClassDef)]


def _calls(tree):
    return [n for n in ast.walk(tree) if isinstance(n, ast.Call)]


def _method_calls(tree):
    return [n for n in _calls(tree) if isinstance(n.func, ast.Attribute)]


def _tensor_methods(tree):
    """List the calls of methods in code without numpy, whose arrays have methods of the same names."""
    names = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
    return (
        []
        if {"np", "numpy"} & (names | {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)})
        else _method_calls(tree)
    )


def _is_own(node) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"


def _uses_class_cell(node) -> bool:
    # `super()` and names with two underscores mean something else in another place.
    return any(isinstance(n, ast.Name) and n.id in ("super", "__class__") for n in ast.walk(node)) and not isinstance(
        node, ast.ClassDef
    )


def _own_nodes(function):
    """Walk through a function without the functions and comprehensions inside it."""
    waiting = list(function.body)
    while waiting:
        node = waiting.pop()
        yield node
        inner = (ast.FunctionDef, ast.Lambda, ast.ClassDef, ast.ListComp, ast.GeneratorExp, ast.DictComp, ast.SetComp)
        waiting += [] if isinstance(node, inner) else list(ast.iter_child_nodes(node))


def _blocks(function):
    for node in [function, *_own_nodes(function)]:
        for field in ("body", "orelse"):
            block = getattr(node, field, None)
            if isinstance(block, list) and not isinstance(node, ast.ClassDef):
                yield block


def _touch(first, second) -> bool:
    """Say whether one statement writes what the other reads or writes, or calls something of `self`."""
    names = [_names(statement) for statement in (first, second)]
    (wrote, read), (wrote_too, read_too) = names
    calls = [n for s in (first, second) for n in ast.walk(s) if isinstance(n, ast.Call) and _is_own(n.func)]
    return bool(wrote & (wrote_too | read_too) or wrote_too & read or calls)


def _names(statement) -> tuple[set, set]:
    own = {(n.attr, type(n.ctx)) for n in ast.walk(statement) if _is_own(n)}
    own |= {(n.id, type(n.ctx)) for n in ast.walk(statement) if isinstance(n, ast.Name) and n.id != "self"}
    return {n for n, context in own if context is ast.Store}, {n for n, context in own if context is ast.Load}


def _name_arguments(call, prefix) -> list[ast.stmt]:
    """Replace the plain arguments of a call by names; return the assignments to these, in order of evaluation."""
    steps = []
    for place, argument in enumerate(call.args):
        if isinstance(argument, ast.Call):
            name = f"{prefix}_{place}"
            steps += _name_arguments(argument, name)
            steps.append(ast.Assign([ast.Name(name, ast.Store())], argument, lineno=1))
            call.args[place] = ast.Name(name, ast.Load())
        elif not isinstance(argument, ast.Name | ast.Constant):
            break  # what comes later must not be computed earlier
    return steps


def _inline(function, block, first, second) -> None:
    simple = isinstance(first, ast.Assign) and len(first.targets) == 1 and isinstance(first.targets[0], ast.Name)
    if not simple or not isinstance(second, ast.Assign | ast.Return) or second.value is None:
        return
    name = first.targets[0].id
    uses = [n for n in ast.walk(function) if isinstance(n, ast.Name) and n.id == name]
    here = [n for n in ast.walk(second.value) if isinstance(n, ast.Name)]
    places = [n for n in here if n.id == name]
    if len(uses) != 2 or len(places) != 1 or (here[0] not in places and any(_calls(second))):
        return
    if any(isinstance(n, ast.comprehension | ast.Lambda | ast.IfExp | ast.BoolOp) for n in ast.walk(second)):
        return
    for parent in ast.walk(second):
        for field, value in ast.iter_fields(parent):
            if value is places[0]:
                setattr(parent, field, first.value)
            elif isinstance(value, list) and places[0] in value:
                value[value.index(places[0])] = first.value
    block.remove(first)


def _parameters(call, namespace) -> list[inspect.Parameter] | None:
    """Return the parameters of what is called, if it is a Python function or class of a library."""
    names = [n.id for n in ast.walk(call.func) if isinstance(n, ast.Name)]
    if not isinstance(call.func, ast.Attribute | ast.Name) or len(names) != 1 or names[0] not in namespace:
        return None
    try:
        called = eval(compile(ast.Expression(call.func), "<call>", "eval"), dict(namespace))
        parameters = list(inspect.signature(called).parameters.values())
    except (AttributeError, TypeError, ValueError):
        return None
    own = (getattr(called, "__module__", "") or "__main__").startswith(("__main__", "builtins"))
    return None if own else parameters
