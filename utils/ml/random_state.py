"""The state of every random generator that a training draws from, as plain values that a file can hold."""

import random
from collections.abc import Iterator, Mapping
from types import FunctionType, ModuleType

import numpy as np
import torch

__all__ = ["capture_random_state", "restore_random_state"]

MAX_DEPTH = 8
MAX_ITEMS = 64  # longer lists hold files or samples, no transforms

_GENERATORS = (torch.Generator, np.random.Generator, np.random.RandomState, random.Random)
_LEAVES = (str, bytes, int, float, type, FunctionType, ModuleType, torch.Tensor, np.ndarray, torch.nn.Module)


def capture_random_state(loaders: Mapping[str, object]) -> dict:
    """Return the state of the global generators and of those that `loaders` hold.

    A loader's own are found in its attributes: the order of a ``DataLoader`` with ``generator=``, the choices of an
    ``albumentations.Compose``. Workers need none: torch seeds them from the global generator, epoch by epoch.

    Parameters
    ----------
    loaders : mapping of str to iterable
        The loaders by name.
    """
    return {
        "python": random.getstate(),
        "numpy": _plain(np.random.get_state(legacy=False)),
        "torch": torch.get_rng_state(),
        "cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
        "own": {path: _state_of(generator) for path, generator in _own_generators(loaders)},
    }


def restore_random_state(state: dict, loaders: Mapping[str, object]) -> None:
    """Bring back what `capture_random_state` returned, as far as the generators are there."""
    random.setstate(_as_tuples(state["python"]))
    np.random.set_state(state["numpy"])
    torch.set_rng_state(state["torch"])
    if torch.cuda.is_available() and len(state["cuda"]) == torch.cuda.device_count():
        torch.cuda.set_rng_state_all(state["cuda"])
    for path, generator in _own_generators(loaders):
        if path in state["own"]:
            _set_state(generator, state["own"][path])


def _own_generators(loaders: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    seen: set[int] = set()
    for name, loader in loaders.items():
        yield from _search(loader, name, MAX_DEPTH, seen)


def _search(thing: object, path: str, depth: int, seen: set[int]) -> Iterator[tuple[str, object]]:
    if depth == 0 or id(thing) in seen or thing is None or isinstance(thing, _LEAVES):
        return
    seen.add(id(thing))
    if isinstance(thing, _GENERATORS):
        yield path, thing
        return
    if isinstance(thing, (list, tuple)):
        parts = enumerate(thing if len(thing) <= MAX_ITEMS else ())
    elif isinstance(thing, dict):
        parts = thing.items() if len(thing) <= MAX_ITEMS else ()
    else:
        parts = getattr(thing, "__dict__", {}).items()
    for name, part in list(parts):
        yield from _search(part, f"{path}.{name}", depth - 1, seen)


def _state_of(generator):
    if isinstance(generator, torch.Generator):
        return generator.get_state()
    if isinstance(generator, random.Random):
        return generator.getstate()
    if isinstance(generator, np.random.RandomState):
        return _plain(generator.get_state(legacy=False))
    return _plain(generator.bit_generator.state)


def _set_state(generator, state) -> None:
    if isinstance(generator, torch.Generator):
        generator.set_state(state)
    elif isinstance(generator, random.Random):
        generator.setstate(_as_tuples(state))
    elif isinstance(generator, np.random.RandomState):
        generator.set_state(state)
    else:
        generator.bit_generator.state = state


def _plain(state):
    """Turn numpy's arrays into lists, which are read without running code; numpy takes both back."""
    if isinstance(state, dict):
        return {key: _plain(value) for key, value in state.items()}
    return state.tolist() if isinstance(state, (np.ndarray, np.generic)) else state


def _as_tuples(state):
    return tuple(_as_tuples(part) for part in state) if isinstance(state, (list, tuple)) else state
