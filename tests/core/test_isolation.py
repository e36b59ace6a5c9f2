"""A check leaves no trace, whatever the student's code does meanwhile."""

import logging
import os
import random
import sys
import warnings

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch

from tests.core.toy import HINTS
from utils.core.evaluation import evaluate
from utils.core.exercise import Exercise, criterion
from utils.core.isolation import undisturbed


def world():
    """Describe everything that a check must not change."""
    return {
        "torch": torch.get_rng_state().tolist(),
        "numpy": np.random.get_state()[1].tolist(),
        "python": random.getstate(),
        "grad": torch.is_grad_enabled(),
        "inference": torch.is_inference_mode_enabled(),
        "dtype": torch.get_default_dtype(),
        "device": torch.get_default_device(),
        "folder": os.getcwd(),
        "environment": dict(os.environ),
        "figures": plt.get_fignums(),
        "filters": list(warnings.filters),
        "logging": logging.root.manager.disable,
        "streams": (sys.stdout, sys.stderr),
    }


def make_a_mess(tmp_path):
    torch.rand(3), np.random.rand(3), random.random()
    torch.manual_seed(0), np.random.seed(0), random.seed(0)
    torch.set_grad_enabled(False)
    torch.set_default_dtype(torch.float64)
    torch.set_default_device("meta")
    os.chdir(tmp_path)
    os.environ["STRAY"] = "1"
    os.environ.pop("PATH")
    plt.figure()
    warnings.simplefilter("always")
    logging.disable(logging.NOTSET)
    print("noise")
    print("noise", file=sys.stderr)
    os.write(2, b"noise from below\n")


def make_a_mess_and_fail(tmp_path):
    make_a_mess(tmp_path)
    raise ZeroDivisionError


def test_the_world_is_as_before(tmp_path, capfd):
    plt.figure()
    before = world()
    with undisturbed():
        make_a_mess(tmp_path)
    assert world() == before
    output = capfd.readouterr()
    assert output.out == ""
    assert output.err == ""
    plt.close("all")


def test_the_world_is_as_before_after_an_error(tmp_path):
    before = world()
    with pytest.raises(ZeroDivisionError), undisturbed():
        make_a_mess_and_fail(tmp_path)
    assert world() == before


@pytest.mark.parametrize("mode", [torch.no_grad, torch.inference_mode])
def test_gradients_work_inside_whatever_the_student_switched_off(mode):
    with mode(), undisturbed():
        weight = torch.ones(2, requires_grad=True)
        (weight * 2).sum().backward()
        assert weight.grad.tolist() == [2, 2]


def test_defaults_are_the_usual_ones_inside():
    torch.set_default_dtype(torch.float64)
    torch.set_default_device("meta")
    try:
        with undisturbed():
            fresh = torch.zeros(1)
            assert fresh.dtype is torch.float32
            assert fresh.device.type == "cpu"
        assert torch.zeros(1).device.type == "meta"
    finally:
        torch.set_default_dtype(torch.float32)
        torch.set_default_device(None)


def test_logging_to_a_stream_that_was_kept_stays_silent(capfd):
    handler = logging.StreamHandler(sys.stderr)
    logger = logging.getLogger("student")
    logger.addHandler(handler)
    try:
        with undisturbed():
            logger.error("noise")
    finally:
        logger.removeHandler(handler)
    assert capfd.readouterr().err == ""


def test_same_answer_gets_the_same_inputs_each_time():
    seen = []

    def draws(number):
        """It draws."""
        seen.append((torch.rand(1).item(), np.random.rand(), random.random()))

    exercise = Exercise(1, "t", ("number",), (criterion(points=1, hints=HINTS)(draws),))
    for seed in (0, 0, 1):
        evaluate(exercise, {"number": 1}, seed)
    assert seen[0] == seen[1] != seen[2]
