"""What code stands where before a student's first line, and what of it was replaced since.

Judging relies on functions that student's code can replace: it shares the process. A `Snapshot` remembers by identity
what stands in modules and classes; `Snapshot.changes` names what is different, and puts it back.
"""

import builtins
import functools
import sys
from operator import attrgetter, is_, itemgetter
from types import (
    BuiltinFunctionType,
    FunctionType,
    GetSetDescriptorType,
    MemberDescriptorType,
    MethodDescriptorType,
    MethodType,
    ModuleType,
    WrapperDescriptorType,
)

from utils.grading.isolation.stamps import Stamps

__all__ = ["Snapshot"]

PROTECTED = frozenset(
    [
        "utils",
        "torch",
        "torchvision",
        "numpy",
        "PIL",
        "albumentations",
        "cv2",
        "builtins",
        "abc",
        "collections",
        "contextlib",
        "copy",
        "dataclasses",
        "enum",
        "functools",
        "gc",
        "genericpath",
        "inspect",
        "io",
        "itertools",
        "json",
        "linecache",
        "math",
        "numbers",
        "operator",
        "os",
        "pathlib",
        "posix",
        "posixpath",
        "random",
        "re",
        "signal",
        "string",
        "tempfile",
        "textwrap",
        "threading",
        "time",
        "types",
        "weakref",
        "_io",
        "_random",
        "_thread",
    ]
)
"""Packages whose functions and classes decide what a check finds."""

_TORCH = tuple(
    f"torch.{each}"
    for each in [
        "nn",
        "utils.data",
        "autograd",
        "optim",
        "random",
        "overrides",
        "functional",
        "_tensor",
        "testing._comparison",
        "hub",
        "library",
        "storage",
        "linalg",
        "_VF",
        "_lowrank",
        "_ops",
        "serialization",
        "signal",
        "special",
        "amp.autocast_mode",
        "utils._device",
        "return_types",
    ]
)
"""The part of torch that runs when a network is built, called, differentiated or compared; not its compilers."""

HARMLESS = frozenset(
    [
        *("builtins.print", "builtins.input", "builtins.help", "builtins.exit", "builtins.quit", "builtins.open"),
        *("utils.ml.hub._stand_ins", "utils.ml.hub._folders"),
        *("torch.load", "torch.save", "torch.compile", "torch.hub.load", "torch.hub.load_state_dict_from_url"),
        *("builtins.display", "builtins.__build_class__", "builtins.copyright", "builtins.credits", "builtins.license"),
        "torch.Storage",  # follows torch.set_default_dtype
        "os.register_at_fork",
        "posix.register_at_fork",
    ]
)
"""What people replace for honest reasons and no check calls."""

_CODE = (
    FunctionType,
    BuiltinFunctionType,
    type,
    MethodType,
    staticmethod,
    classmethod,
    property,
    functools.partial,
    functools.cached_property,
    type(functools.lru_cache(lambda: None)),
    GetSetDescriptorType,
    MemberDescriptorType,
    MethodDescriptorType,
    WrapperDescriptorType,
    ModuleType,
)
_BUILTINS = dict(vars(builtins))
_BUILTIN_NAMES = frozenset(_BUILTINS)
_OURS = "utils"


class Snapshot:
    """What stood where when it was taken.

    Parameters
    ----------
    records : iterable of object, optional
        Further objects of ours whose attributes must not change, such as criteria.
    """

    def __init__(self, records=()):
        modules = [(n, m) for n, m in sys.modules.items() if _is_protected(n) and isinstance(m, ModuleType)]
        self._places = []
        seen, classes, functions = set(), [], []
        for name, module in modules:
            self._remember(name, module, vars(module), everything=name.split(".")[0] == _OURS)
            for value in vars(module).values():
                if id(value) in seen or (type(value) not in (FunctionType, type) and not issubclass(type(value), type)):
                    continue
                seen.add(id(value))
                if not isinstance(value, FunctionType):
                    if str(value.__module__).split(".")[0] in PROTECTED:
                        classes.append(value)
                else:
                    functions.append((f"{value.__module__}.{value.__qualname__}", value))
        for cls in classes:
            name = f"{cls.__module__}.{cls.__qualname__}"
            self._remember(name, cls, cls.__dict__)
            functions += [(f"{name}.{key}", value) for key, value in _functions(cls)]
        for each in records:
            self._remember(
                f"{type(each).__name__} {getattr(each, 'name', '')}".strip(), each, vars(each), everything=True
            )
        self._function_names = tuple(name for name, _ in functions)
        self._functions = tuple(function for _, function in functions)
        self._codes = tuple(map(attrgetter("__code__"), self._functions))
        self._defaults = tuple(map(attrgetter("__defaults__"), self._functions))
        self._containers = tuple(_containers(modules))
        self._caches = tuple(
            value
            for name, module in modules
            if name.startswith(_OURS)
            for value in vars(module).values()
            if hasattr(value, "cache_clear")
        )
        self._places = tuple(self._places)
        holders = (holder for _, holder, *_ in self._places)
        self._spaces = Stamps(each.__dict__ if isinstance(each, ModuleType | type) else None for each in holders)
        self._bodies = Stamps(self._functions)
        self._module_names, self._modules = tuple(n for n, _ in modules), tuple(m for _, m in modules)

    def changes(self) -> list[tuple[str, str]]:
        """Put back what was replaced, and name it.

        Returns
        -------
        list of (str, str)
            The place's dotted name, and what stood there instead.
        """
        found = list(self._put_back_modules())
        for name, holder, names, values, get, size in map(self._places.__getitem__, self._spaces.touched()):
            space = holder.__dict__
            try:
                same = all(map(is_, get(space), values))
            except KeyError:
                same = False
            if not same:
                found += self._put_back(name, holder, names, values)
            if len(space) != size:
                found += self._new_names(name, holder, names)
        if self._bodies.touched():
            found += self._put_back_functions("__code__", self._codes)
            found += self._put_back_functions("__defaults__", self._defaults)
        found += self._put_back_containers()
        self._spaces.remember()
        self._bodies.remember()
        return [each for each in found if each[0] not in HARMLESS]

    def clear_caches(self) -> None:
        """Forget what the checks' functions remember: a cached object may have been changed in place."""
        for cached in self._caches:
            cached.cache_clear()

    def _remember(self, name, holder, space, *, everything=False):
        kept = {
            key: value
            for key, value in space.items()
            if isinstance(key, str)
            and (everything or isinstance(value, _CODE) or callable(value))
            and not _is_bookkeeping(key)
        }
        if len(kept) == 1:  # itemgetter of one name returns no tuple
            kept["__name__" if "__name__" in space else next(iter(space))] = next(iter(space.values()))
        if len(kept) >= 2:
            names, values = tuple(kept), tuple(kept.values())
            values = tuple(space[each] for each in names)
            self._places.append((name, holder, names, values, itemgetter(*names), len(space)))

    @staticmethod
    def _put_back(name, holder, names, values):
        space = holder.__dict__
        for key, value in zip(names, values, strict=True):
            now = space.get(key, _GONE)
            if now is not value:
                if not _is_the_builtin(key, now):
                    yield f"{name}.{key}", _describe(now)
                _set(holder, key, value)

    @staticmethod
    def _new_names(name, holder, names):
        """Yield names that were added and come before what the code looks up; others, such as submodules, do no harm."""
        known = set(names)
        for key in [key for key in holder.__dict__ if isinstance(key, str) and key not in known]:
            shadows = (
                key in _BUILTIN_NAMES
                and not _is_the_builtin(key, vars(holder)[key])
                and isinstance(holder, ModuleType)
                and holder is not builtins
            )
            special = (
                key.startswith("__") and isinstance(holder, type) and isinstance(holder.__dict__[key], FunctionType)
            )
            if (shadows and not key.startswith("__")) or special:
                yield f"{name}.{key}", _describe(holder.__dict__[key])
                _delete(holder, key)

    def _put_back_modules(self):
        for name, module in zip(self._module_names, self._modules, strict=True):
            now = sys.modules.get(name, _GONE)
            if now is not module:
                yield f"sys.modules[{name!r}]", _describe(now)
                sys.modules[name] = module

    def _put_back_functions(self, attribute, values):
        for name, function, value in zip(self._function_names, self._functions, values, strict=True):
            if getattr(function, attribute) is not value:
                yield f"{name}.{attribute}", "another one"
                setattr(function, attribute, value)

    def _put_back_containers(self):
        for name, container, values in self._containers:
            now = _items(container)
            if len(now) != len(values) or not all(map(is_, now, values)):
                yield name, "other entries"
                if isinstance(container, list):
                    container[:] = values
                elif isinstance(container, set):
                    container.clear()
                    container.update(values)
                else:
                    container.clear()
                    container.update(zip(values[::2], values[1::2], strict=True))


_GONE = object()


def _is_protected(name: str) -> bool:
    top = name.split(".")[0]
    if top == "torch":
        return name == "torch" or any(name == each or name.startswith(f"{each}.") for each in _TORCH)
    return top in PROTECTED and ".grading" not in name


def _functions(cls):
    for key, value in list(vars(cls).items()):
        if isinstance(value, staticmethod | classmethod):
            value = value.__func__
        if isinstance(value, FunctionType):
            yield key, value


def _containers(modules):
    for name, module in modules:
        if name.split(".")[0] == _OURS:
            for key, value in vars(module).items():
                if type(value) in (dict, list, set) and not key.startswith("__"):
                    yield f"{name}.{key}", value, _items(value)


def _items(container) -> tuple:
    if isinstance(container, dict):
        return tuple(each for pair in container.items() for each in pair)
    return tuple(container)


def _is_the_builtin(key: str, value) -> bool:
    """Say whether a name stands for what it always stands for, as in ``np.int = int``, which old tutorials need."""
    return key in _BUILTINS and _BUILTINS[key] is value


def _is_bookkeeping(key: str) -> bool:
    return key.startswith(("_abc_", "__abstract", "__doc__", "__dict__", "__weakref__", "__warningregistry__"))


def _describe(value) -> str:
    if value is _GONE:
        return "nothing"
    code = getattr(value, "__code__", None)
    where = (
        f" from {code.co_filename.rsplit('/', 1)[-1]}, line {code.co_firstlineno}"
        if hasattr(code, "co_filename")
        else ""
    )
    name = getattr(value, "__qualname__", "")
    return f"{type(value).__name__} {name if isinstance(name, str) else ''}".strip() + where


def _set(holder, key, value) -> None:
    if isinstance(holder, type):
        type.__setattr__(holder, key, value)
    else:
        holder.__dict__[key] = value


def _delete(holder, key) -> None:
    if isinstance(holder, type):
        type.__delattr__(holder, key)
    else:
        del holder.__dict__[key]
