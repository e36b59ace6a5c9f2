"""Resuming within one process: what goes on, what is believed, what is refused."""

import random

import numpy as np
import pytest
import torch
from torch import nn
from torch.optim import lr_scheduler
from torch.utils.data import DataLoader, Dataset

from utils.ml import OptionError, TrainingError, dice_score, jaccard_score, train_model

SIDE = 4


@pytest.fixture(autouse=True)
def full_mode(monkeypatch):
    monkeypatch.delenv("WORKSHOP_FAST", raising=False)


class Drawn(Dataset):
    """Images drawn anew at each look by generators that the dataset, or a transform of it, holds."""

    def __init__(self):
        self.rng = np.random.default_rng(1)
        self.transforms = [self, {"jitter": random.Random(2)}]

    def __len__(self):
        return 7

    def __getitem__(self, index):
        image = torch.from_numpy(self.rng.random((3, SIDE, SIDE))).float() * self.transforms[1]["jitter"].random()
        return image, (image.mean(0, keepdim=True) > 0.2).float()


def plateau(optimiser):
    return lr_scheduler.ReduceLROnPlateau(optimiser, patience=0, factor=0.5)


def one_cycle(optimiser):
    return lr_scheduler.OneCycleLR(optimiser, max_lr=0.3, total_steps=18)


def chained(optimiser):
    first = lr_scheduler.LinearLR(optimiser, total_iters=2)
    return lr_scheduler.SequentialLR(optimiser, [first, lr_scheduler.MultiStepLR(optimiser, [1, 3])], milestones=[2])


def by_numpy(optimiser):
    return lr_scheduler.LambdaLR(optimiser, lambda epoch: np.cos(epoch / 10))


def parts(scheduler=None, optimiser=torch.optim.Adam, width=4, generator=None):
    torch.manual_seed(0)
    random.seed(1)
    np.random.seed(2)
    layers = [nn.Conv2d(3, width, 1), nn.BatchNorm2d(width), nn.Dropout(0.3), nn.Conv2d(width, 1, 1), nn.Sigmoid()]
    model = nn.Sequential(*layers)
    optimiser = optimiser(model.parameters(), lr=0.05)
    return {
        "model": model,
        "criterion": nn.BCELoss(),
        "optimiser": optimiser,
        "scheduler": None if scheduler is None else scheduler(optimiser),
        "train_loader": DataLoader(Drawn(), batch_size=3, shuffle=True, generator=generator),
        "val_loader": DataLoader(Drawn(), batch_size=3),
        "num_epochs": 6,
        "device": "cpu",
    }


class StopAfter:
    """A criterion that interrupts the kernel at a given call; 6 calls make an epoch."""

    def __init__(self, calls):
        self.calls, self.loss = calls, nn.BCELoss()

    def __call__(self, predictions, targets):
        self.calls -= 1
        if self.calls < 0:
            raise KeyboardInterrupt
        return self.loss(predictions, targets)


def same(one, other):
    pairs = zip(one.state_dict().values(), other.state_dict().values(), strict=True)
    rows = [[{**row, "seconds": 0} for row in model.history.as_rows()] for model in (one, other)]
    return all(torch.equal(*pair) for pair in pairs) and rows[0] == rows[1]


@pytest.mark.parametrize("scheduler", [None, plateau, one_cycle, chained, by_numpy])
@pytest.mark.parametrize("calls", [8, 15, 22], ids=["in training", "in the next epoch", "in validation"])
def test_an_interrupted_training_ends_like_an_unbroken_one(tmp_path, capsys, scheduler, calls):
    unbroken = train_model(**parts(scheduler))
    path = tmp_path / "model.pt"
    train_model(**parts(scheduler) | {"criterion": StopAfter(calls)}, save_path=path)
    assert f"resume=True goes on with epoch {calls // 6 + 1}." in capsys.readouterr().out
    resumed = train_model(**parts(scheduler), save_path=path, resume=True)
    assert f"Resumed after epoch {calls // 6}; the best so far is epoch" in capsys.readouterr().out
    assert same(resumed, unbroken)


def test_a_loader_with_a_generator_of_its_own_goes_on_in_its_order(tmp_path):
    unbroken = train_model(**parts(generator=torch.Generator().manual_seed(9)))
    path = tmp_path / "model.pt"
    train_model(**parts(generator=torch.Generator().manual_seed(9)) | {"num_epochs": 2}, save_path=path)
    assert same(train_model(**parts(generator=torch.Generator().manual_seed(9)), save_path=path, resume=True), unbroken)


def test_resume_without_an_earlier_training_starts(tmp_path, capsys):
    model = train_model(**parts(), save_path=tmp_path / "model.pt", resume=True)
    assert "There is no training at" in capsys.readouterr().out
    assert len(model.history) == 6


def test_a_finished_training_returns_its_best_weights_at_once(tmp_path, capsys):
    path = tmp_path / "model.pt"
    first = train_model(**parts(), save_path=path)
    fresh = parts() | {"criterion": StopAfter(0)}
    again = train_model(**fresh, save_path=path, resume=True)
    assert same(again, first)
    assert "This training is finished: 6 epochs" in capsys.readouterr().out


def test_a_training_stopped_early_stays_stopped(tmp_path):
    path = tmp_path / "model.pt"
    given = {"save_path": path, "early_stopping": True, "patience": 1, "num_epochs": 50}
    first = train_model(**parts() | given)
    assert len(first.history) < 50
    assert same(train_model(**parts() | given, resume=True), first)


def test_a_new_training_says_that_it_replaces_the_old_one(tmp_path, capsys):
    for _ in range(2):
        model = train_model(**parts() | {"num_epochs": 1}, save_path=tmp_path / "model.pt")
    assert capsys.readouterr().out.count("is replaced; resume=True would have gone on with it") == 1
    assert len(model.history) == 1


def cut_in_half(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flip_a_weight(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x40
    path.write_bytes(content)


def blank_a_block(path):
    content = bytearray(path.read_bytes())
    content[-3000:-2800] = bytes(200)
    path.write_bytes(content)


def empty(path):
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [cut_in_half, flip_a_weight, blank_a_block, empty])
def test_a_damaged_file_is_not_believed_and_the_one_before_serves(tmp_path, capsys, damage):
    unbroken = train_model(**parts())
    path = tmp_path / "model.pt"
    train_model(**parts() | {"num_epochs": 4}, save_path=path)
    damage(tmp_path / "model.resume.pt")
    resumed = train_model(**parts(), save_path=path, resume=True)
    said = capsys.readouterr().out
    assert "model.resume.pt is damaged" in said
    assert "Resumed after epoch 3" in said
    assert same(resumed, unbroken)


def test_a_kill_between_two_renames_loses_nothing(tmp_path):
    unbroken = train_model(**parts())
    path = tmp_path / "model.pt"
    train_model(**parts() | {"num_epochs": 4}, save_path=path)
    (tmp_path / "model.resume.pt").rename(tmp_path / ".model.resume.pt.part")
    assert same(train_model(**parts(), save_path=path, resume=True), unbroken)
    assert not (tmp_path / ".model.resume.pt.part").exists()


def test_when_all_is_damaged_nothing_is_trained_or_overwritten(tmp_path):
    path = tmp_path / "model.pt"
    train_model(**parts() | {"num_epochs": 2}, save_path=path)
    for file in tmp_path.glob("*.resume*"):
        cut_in_half(file)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    with pytest.raises(TrainingError, match=r"what is there is damaged\. The best weights beside it are untouched"):
        train_model(**parts(), save_path=path, resume=True)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


OTHERS = {
    "another model": ({"width": 5}, r"another model: '0.weight' is \(4, 3, 1, 1\) there and \(5, 3, 1, 1\) here"),
    "another optimiser": ({"optimiser": torch.optim.SGD}, "another optimiser: Adam over 6 parameters there, SGD"),
    "a scheduler more": ({"scheduler": plateau}, "another scheduler: none there, ReduceLROnPlateau here"),
}


@pytest.mark.parametrize(("change", "message"), OTHERS.values(), ids=OTHERS)
def test_refuses_to_go_on_with_something_else(tmp_path, change, message):
    path = tmp_path / "model.pt"
    train_model(**parts() | {"num_epochs": 1}, save_path=path)
    given = parts(**change)
    before = {name: value.clone() for name, value in given["model"].state_dict().items()}
    with pytest.raises(OptionError, match=message):
        train_model(**given, save_path=path, resume=True)
    assert all(torch.equal(value, before[name]) for name, value in given["model"].state_dict().items())


def test_a_resumed_training_may_measure_something_else(tmp_path):
    path = tmp_path / "model.pt"
    train_model(**parts() | {"num_epochs": 2}, save_path=path, metrics={"dice": dice_score})
    given = parts() | {"num_epochs": 3, "metrics": {"jaccard": jaccard_score}}
    rows = train_model(**given, save_path=path, resume=True).history.as_rows()
    assert [np.isnan(row["val_dice"]) for row in rows] == [False, False, True]
    assert [np.isnan(row["val_jaccard"]) for row in rows] == [True, True, False]


def test_resume_needs_a_path():
    with pytest.raises(OptionError, match="resume=True needs the save_path"):
        train_model(**parts(), resume=True)


class Unplugged:
    """A criterion that makes the folder unwritable during the third and fourth of six epochs."""

    def __init__(self, folder):
        self.folder, self.calls, self.loss = folder, 0, nn.BCELoss()

    def __call__(self, predictions, targets):
        self.calls += 1
        away = self.folder.with_name("unplugged")
        if self.calls == 13:
            self.folder.rename(away)
            self.folder.write_text("a file where the folder was")
        if self.calls == 25:
            self.folder.unlink()
            away.rename(self.folder)
        return self.loss(predictions, targets)


def test_a_drive_that_is_gone_for_a_while_does_not_end_the_training(tmp_path, capsys):
    path = tmp_path / "drive" / "model.pt"
    model = train_model(**parts() | {"criterion": Unplugged(path.parent)}, save_path=path)
    said = capsys.readouterr().out
    assert said.count("could not be saved in") == 2
    assert "Epoch 3 could not be saved" in said
    assert len(model.history) == 6
    saved = torch.load(path, weights_only=True)
    assert all(torch.equal(saved[name], value) for name, value in model.state_dict().items())
    assert same(train_model(**parts(), save_path=path, resume=True), model)
