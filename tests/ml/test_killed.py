"""A training whose process is killed without warning goes on as if nothing had happened, bit by bit."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

ROOT = Path(__file__).resolve().parents[2]
EPOCHS = 5


def start(*arguments, launcher=("-m",)):
    environment = {key: value for key, value in os.environ.items() if key != "WORKSHOP_FAST"} | {"OMP_NUM_THREADS": "1"}
    command = [sys.executable, *launcher, "tests.ml.training_script", "--epochs", str(EPOCHS), *map(str, arguments)]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def finish(process):
    output, errors = process.communicate(timeout=240)
    assert process.returncode == 0, errors
    return output, errors


@pytest.mark.slow
@pytest.mark.parametrize("workers", [0, 2])
def test_kill_9_and_resume_give_the_weights_of_an_unbroken_training(tmp_path, workers):
    shared = ["--workers", workers, "--seconds", 0.01]
    unbroken = start("--out", tmp_path / "unbroken.pt", *shared)

    saved = ["--save-path", tmp_path / "model.pt", *shared]
    killed = start("--out", tmp_path / "never.pt", *saved)
    for line in killed.stdout:
        if "Epoch 2/5: " in line:
            break
    killed.kill()  # in the midst of the third epoch
    killed.communicate()
    assert not (tmp_path / "never.pt").exists()

    output, errors = finish(start("--out", tmp_path / "resumed.pt", "--resume", *saved))
    assert "Resumed after epoch 2" in output
    assert "Epoch 2/5" not in output
    assert errors == ""
    finish(unbroken)

    expected, seen = torch.load(tmp_path / "unbroken.pt"), torch.load(tmp_path / "resumed.pt")
    assert expected["weights"].keys() == seen["weights"].keys()
    for name, value in expected["weights"].items():
        assert torch.equal(value, seen["weights"][name]), name
    for one, other in zip(expected["rows"], seen["rows"], strict=True):
        assert {**one, "seconds": 0} == {**other, "seconds": 0}
    assert torch.equal(expected["last"], seen["last"])  # the student's next random number, too


@pytest.mark.slow
def test_two_processes_give_the_result_of_one(tmp_path):
    quiet = ["--quiet-images"]
    one = start("--out", tmp_path / "one.pt", *quiet)
    launch = (
        "-m",
        "accelerate.commands.launch",
        "--multi_gpu",
        "--num_processes",
        "2",
        "--main_process_port",
        "0",
        "-m",
    )
    output, _ = finish(start("--out", tmp_path / "two.pt", "--save-path", tmp_path / "m.pt", *quiet, launcher=launch))
    finish(one)
    assert output.count("Epoch 5/5: ") == 1  # one of them speaks

    expected = torch.load(tmp_path / "one.pt")
    for rank in (0, 1):
        seen = torch.load(tmp_path / f"two.pt.{rank}")
        for name, value in expected["weights"].items():
            torch.testing.assert_close(seen["weights"][name], value, rtol=1e-4, atol=1e-6, msg=name)
        for one_row, two_row in zip(expected["rows"], seen["rows"], strict=True):
            for column in set(one_row) - {"seconds"}:
                assert two_row[column] == pytest.approx(one_row[column], rel=1e-5), column
    saved = torch.load(tmp_path / "m.pt", weights_only=True)
    assert all(torch.equal(saved[name], value) for name, value in seen["weights"].items())
