"""A check works in any mode that the notebook is in, and leaves the student's own objects as they were."""

import contextlib
import copy

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader

from tests.checks.harness import EXERCISES, answers_of, judge, solution, state_after
from tests.core.test_isolation import world
from utils.checks.pretrained import recognisable_weights
from utils.core import ExerciseChecker


@contextlib.contextmanager
def double_precision():
    torch.set_default_dtype(torch.float64)
    try:
        yield
    finally:
        torch.set_default_dtype(torch.float32)


@pytest.mark.parametrize("mode", [torch.no_grad, torch.inference_mode, double_precision])
@pytest.mark.parametrize(("session", "number"), EXERCISES)
def test_solution_passes_in_any_mode_and_nothing_changes(session, number, mode):
    answers = answers_of(number, session=session)
    with mode():
        before = world()
        score = ExerciseChecker(session).check_exercise(number, answers)
        assert world() == before
    assert score.passed, str(score)


def test_transforms_draw_as_if_nobody_had_checked_them():
    answers = answers_of(3)
    untouched = copy.deepcopy(answers["train_img_ts"])
    ExerciseChecker("SE05").check_exercise(3, answers)
    image = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    for _ in range(5):
        assert torch.equal(answers["train_img_ts"](image=image)["image"], untouched(image=image)["image"])


def test_a_loader_shuffles_as_if_nobody_had_checked_it():
    answers = answers_of(5)
    for name in ("train_dl", "valid_dl"):
        loader = answers[name]
        generator = torch.Generator().manual_seed(3)
        answers[name] = DataLoader(loader.dataset, 16, shuffle=name == "train_dl", generator=generator)
    before = {name: answers[name].generator.get_state() for name in ("train_dl", "valid_dl")}
    assert ExerciseChecker("SE05").check_exercise(5, answers).passed
    assert all(torch.equal(answers[name].generator.get_state(), state) for name, state in before.items())


def test_statistics_and_images_are_not_written_to():
    answers = answers_of(2)
    before = {name: answers[name].clone() for name in ("mean", "std")}
    first = answers["ds"][0][0].clone()
    ExerciseChecker("SE05").check_exercise(2, answers)
    assert all(torch.equal(answers[name], value) for name, value in before.items())
    assert torch.equal(answers["ds"][0][0], first)


@pytest.mark.parametrize(
    ("number", "name"), [(6, "DoubleConv"), (7, "Down"), (8, "Up"), (9, "UNet"), (11, "UNetEfficient")]
)
def test_a_model_that_exists_keeps_weights_statistics_mode_and_gradients(number, name):
    """The check gets a factory that always hands out one and the same model, as a student's might."""
    answers = dict(answers_of(number))
    arguments = {6: (3, 8), 7: (3, 8), 8: (12, 5), 9: (), 11: ()}[number]
    with recognisable_weights():
        model = answers[name](*arguments)
    model.eval()
    for parameter in model.parameters():
        parameter.grad = torch.full_like(parameter, 0.5) if parameter.requires_grad else None
    state = {key: value.clone() for key, value in model.state_dict().items()}
    flags = [parameter.requires_grad for parameter in model.parameters()]
    answers[name] = lambda *given: model
    ExerciseChecker("SE05").check_exercise(number, answers)
    assert all(torch.equal(value, state[key]) for key, value in model.state_dict().items())
    assert [parameter.requires_grad for parameter in model.parameters()] == flags
    assert not any(module.training for module in model.modules())
    assert all((p.grad == 0.5).all() for p in model.parameters() if p.requires_grad)
    assert {p.device.type for p in model.parameters()} == {"cpu"}


def test_an_optimiser_that_exists_keeps_its_state():
    model = state_after(6)["DoubleConv"](3, 8)
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-3)
    model(torch.rand(2, 3, 8, 8)).sum().backward()
    optimiser.step()
    before = copy.deepcopy(optimiser.state_dict())
    answers = {"DoubleConv": lambda *given: model}
    ExerciseChecker("SE05").check_exercise(6, answers)
    after = optimiser.state_dict()
    assert after["param_groups"] == before["param_groups"]
    for key, values in before["state"].items():
        assert all(torch.equal(after["state"][key][name], value) for name, value in values.items())


@pytest.mark.parametrize("cast", ["half", "double", "bfloat16"])
@pytest.mark.parametrize("number", [6, 7, 8])
def test_a_network_in_another_precision_passes(number, cast):
    before, forward, after = solution(number).partition("    def forward")
    assert forward
    assert judge(number, f"{before.rstrip()}\n        self.{cast}()\n\n{forward}{after}").passed
