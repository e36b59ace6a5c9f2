"""The workshop's toolbox; each submodule is loaded on first use, so that importing is cheap and silent."""

from importlib import import_module

__all__ = ["checks", "core", "data", "ml", "plotting"]


def __getattr__(name):
    if name in __all__:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted([*globals(), *__all__])
