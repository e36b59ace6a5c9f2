"""What the grader takes for touched: every way to change a dictionary, a class or a function, and nothing else."""

from collections.abc import Callable
from types import FunctionType, SimpleNamespace

import pytest

from utils.grading.isolation.stamps import Stamps, can_be_read


class Shape:
    sides = 4

    def area(self):
        return 1.0


def scale(number, factor=2):
    return number * factor


def other(number, factor=2):
    return number


def copy_of(function: FunctionType) -> FunctionType:
    copy = FunctionType(function.__code__, function.__globals__, function.__name__, function.__defaults__)
    copy.__kwdefaults__ = function.__kwdefaults__
    return copy


def class_changes() -> dict[str, Callable[[type], None]]:
    return {
        "replaced": lambda toy: setattr(toy, "area", lambda self: 2.0),
        "added": lambda toy: setattr(toy, "corners", 4),
        "removed": lambda toy: delattr(toy, "sides"),
    }


def dictionary_changes() -> dict[str, Callable[[dict], None]]:
    return {
        "replaced": lambda toy: toy.update(one=-1),
        "added": lambda toy: toy.setdefault("three", 3),
        "removed": lambda toy: toy.pop("two"),
        "emptied": lambda toy: toy.clear(),
        "merged": lambda toy: toy.__ior__({"one": 1.5}),
        "through its names": lambda toy: exec("one = 5", toy),
    }


def function_changes() -> dict[str, Callable[[FunctionType], None]]:
    return {
        "code": lambda toy: setattr(toy, "__code__", other.__code__),
        "defaults": lambda toy: setattr(toy, "__defaults__", (3,)),
        "keyword defaults": lambda toy: setattr(toy, "__kwdefaults__", {"factor": 3}),
    }


def test_this_interpreter_tells_what_was_changed():
    assert can_be_read()


@pytest.mark.parametrize("change", class_changes().values(), ids=class_changes())
def test_a_changed_class_is_touched(change):
    toys = [type(f"Toy{number}", (), {"sides": 4, "area": Shape.area}) for number in range(3)]
    stamps = Stamps([vars(toy) for toy in toys])
    change(toys[1])
    assert stamps.touched() == [1]


@pytest.mark.parametrize("change", dictionary_changes().values(), ids=dictionary_changes())
def test_a_changed_dictionary_is_touched(change):
    toys = [{"one": 1, "two": 2} for _ in range(3)]
    stamps = Stamps(toys)
    change(toys[2])
    assert stamps.touched() == [2]


@pytest.mark.parametrize("change", function_changes().values(), ids=function_changes())
def test_a_changed_function_is_touched(change):
    toys = [copy_of(scale) for _ in range(3)]
    stamps = Stamps(toys)
    change(toys[0])
    assert stamps.touched() == [0]


def test_what_was_changed_and_put_back_counts_as_touched():
    space = vars(SimpleNamespace(loss="dice"))
    stamps = Stamps([space])
    space["loss"] = "none"
    space["loss"] = "dice"
    assert stamps.touched() == [0]


def test_using_things_does_not_touch_them():
    toy, space = copy_of(scale), {"one": 1, "two": 2}
    stamps = Stamps([toy, space, vars(Shape)])
    for _ in range(10_000):  # enough for the interpreter to specialise the function's code
        toy(space["one"])
        Shape().area()
    assert list(space.items()) == [("one", 1), ("two", 2)]
    assert stamps.touched() == []


def test_what_is_remembered_anew_is_untouched_until_the_next_change():
    space = {"one": 1}
    stamps = Stamps([space])
    space["one"] = 2
    stamps.remember()
    assert stamps.touched() == []
    space["one"] = 1
    assert stamps.touched() == [0]


def test_what_cannot_be_read_always_counts_as_touched():
    assert Stamps([{"one": 1}, None]).touched() == [1]
