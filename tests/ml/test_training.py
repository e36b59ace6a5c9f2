import csv

import pytest
import torch
from torch import nn

from utils.ml import BatchError, History, MissingAnswerError, OptionError, TrainingError, train_model

SIDE = 4


@pytest.fixture(autouse=True)
def full_mode(monkeypatch):
    monkeypatch.delenv("WORKSHOP_FAST", raising=False)


class PixelModel(nn.Module):
    """Images (N, 3, H, W) -> probabilities (N, 1, H, W)."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.layer = nn.Conv2d(3, 1, 1)

    def forward(self, images):
        return torch.sigmoid(self.layer(images))


class Offset(nn.Module):
    """One parameter, returned for every image: its loss can be worked out by hand."""

    def __init__(self, start=0.0):
        super().__init__()
        self.value = nn.Parameter(torch.tensor(float(start)))

    def forward(self, images):
        return self.value.expand(len(images), 1, SIDE, SIDE)


def batches(*sizes, masks_as=lambda masks: masks):
    generator = torch.Generator().manual_seed(1)
    made = []
    for size in sizes:
        images = torch.rand(size, 3, SIDE, SIDE, generator=generator)
        made.append((images, masks_as((images.mean(1) > 0.5).float())))
    return made


def constant(value, size=2):
    return [(torch.zeros(size, 3, SIDE, SIDE), torch.full((size, 1, SIDE, SIDE), float(value)))]


def options(model=None, lr=0.1, **changes):
    model = model if model is not None else PixelModel()
    defaults = {
        "model": model,
        "criterion": nn.BCELoss(),
        "optimiser": torch.optim.SGD(model.parameters(), lr=lr),
        "train_loader": batches(3, 2),
        "val_loader": batches(2),
        "num_epochs": 2,
        "device": "cpu",
    }
    return defaults | changes


def drifting(**changes):
    """A training whose training loss falls in every epoch while the validation loss rises from the second on.

    The offset goes from 0 towards 1 by a tenth of the rest each epoch; validation wants 0.1.
    """
    wanted = {"criterion": nn.MSELoss(), "train_loader": constant(1), "val_loader": constant(0.1), "num_epochs": 20}
    return options(Offset(), lr=0.05) | wanted | changes


def test_returns_the_same_model_in_evaluation_mode_with_its_history():
    given = options(num_epochs=3)
    model = train_model(**given)
    assert model is given["model"]
    assert not model.training
    assert isinstance(model.history, History)
    assert len(model.history.train_loss) == len(model.history.val_loss) == len(model.history.seconds) == 3


def test_learns():
    model = train_model(**options(num_epochs=30, lr=5.0))
    assert model.history.val_loss[-1] < 0.9 * model.history.val_loss[0]


def test_history_gives_rows():
    rows = train_model(**options(num_epochs=2)).history.as_rows()
    assert [row["epoch"] for row in rows] == [1, 2]
    assert list(rows[0]) == ["epoch", "train_loss", "val_loss", "learning_rate", "seconds"]


def test_loss_is_a_mean_over_images_not_over_batches():
    loader = constant(1, size=3) + constant(0, size=1)
    model = train_model(**options(Offset(), criterion=nn.MSELoss(), val_loader=loader, lr=0.0, num_epochs=1))
    assert model.history.val_loss == [pytest.approx(0.75)]


def test_stops_after_patience_even_while_the_training_loss_falls():
    model = train_model(**drifting(early_stopping=True, patience=3))
    assert model.history.best_epoch == 1
    assert len(model.history) == 4
    assert model.history.train_loss == sorted(model.history.train_loss, reverse=True)


def test_goes_on_without_early_stopping():
    assert len(train_model(**drifting(patience=1)).history) == 20


def test_returns_the_weights_of_the_lowest_validation_loss():
    model = train_model(**drifting())
    assert model.value.item() == pytest.approx(0.1)  # one step of a tenth; twenty would give 0.88


def test_saves_the_best_weights(tmp_path):
    path = tmp_path / "new folder" / "best.pt"
    model = train_model(**drifting(save_path=path))
    saved = torch.load(path, weights_only=True)
    assert saved["value"].item() == pytest.approx(0.1)
    assert saved["value"].item() == model.value.item()
    names = sorted(entry.name for entry in path.parent.iterdir())
    assert names == ["best.history.csv", "best.pt", "best.resume-1.pt", "best.resume.pt"]
    rows = list(csv.DictReader((path.parent / "best.history.csv").open()))
    assert [float(row["val_loss"]) for row in rows] == model.history.val_loss


class Interrupting(nn.MSELoss):
    def __init__(self, at_call, error=KeyboardInterrupt):
        super().__init__()
        self.calls_left, self.error = at_call, error

    def forward(self, predictions, masks):
        self.calls_left -= 1
        if self.calls_left == 0:
            raise self.error
        return super().forward(predictions, masks)


def test_an_interrupt_returns_the_best_so_far(capsys):
    model = train_model(**drifting(criterion=Interrupting(at_call=7)))  # two calls an epoch: training of the 4th
    assert len(model.history) == 3
    assert model.value.item() == pytest.approx(0.1)
    assert not model.training
    assert "Interrupted: the model has the best weights so far, those of epoch 1." in capsys.readouterr().out


def test_an_interrupt_in_the_first_epoch_keeps_what_was_learned(capsys):
    model = train_model(**drifting(criterion=Interrupting(at_call=2)))
    assert model.value.item() == pytest.approx(0.1)
    assert model.history.best_epoch is None
    assert "Interrupted in the first epoch" in capsys.readouterr().out


def test_an_error_of_the_criterion_passes_and_leaves_the_best_weights():
    given = drifting(criterion=Interrupting(at_call=8, error=ZeroDivisionError))
    with pytest.raises(ZeroDivisionError):
        train_model(**given)
    assert given["model"].value.item() == pytest.approx(0.1)


def test_a_loss_that_is_no_number_stops_with_its_likely_causes():
    given = drifting(train_loader=constant(1) + constant(float("nan")))
    with pytest.raises(TrainingError, match=r"training loss became nan.*learning rate.*normalised") as caught:
        train_model(**given)
    assert "best epoch" in str(caught.value)
    assert given["model"].value.item() == 0  # as it came: no epoch had ended


def test_an_infinite_validation_loss_stops_too():
    with pytest.raises(TrainingError, match="validation loss became inf"):
        train_model(**drifting(val_loader=constant(float("-inf"))))


@pytest.mark.parametrize("masks_as", [
    lambda masks: masks,
    lambda masks: masks.unsqueeze(1),
    lambda masks: masks.long(),
    lambda masks: masks.bool().unsqueeze(1),
    lambda masks: masks.to(torch.uint8),
    lambda masks: masks.double(),
], ids=["NHW", "N1HW", "long", "bool", "uint8", "double"])  # fmt: skip
def test_masks_reach_the_criterion_as_floats_shaped_like_predictions(masks_as):
    seen = []

    def criterion(predictions, masks):
        seen.append((masks.shape == predictions.shape, masks.dtype))
        return nn.functional.binary_cross_entropy(predictions, masks)

    history = train_model(**options(criterion=criterion, train_loader=batches(3, 2, masks_as=masks_as))).history
    assert set(seen) == {(True, torch.float32)}
    assert history.train_loss == train_model(**options()).history.train_loss


def test_class_numbers_reach_the_criterion_as_they_are():
    loader = [(torch.rand(4, 3, SIDE, SIDE), torch.tensor([0, 1, 2, 1]))]
    model = nn.Sequential(nn.Flatten(), nn.Linear(3 * SIDE * SIDE, 3))
    given = options(model, criterion=nn.CrossEntropyLoss(), train_loader=loader, val_loader=loader)
    assert len(train_model(**given).history) == 2


WRONG_BATCHES = {
    "masks of another size": (lambda masks: masks[:, 1:], "same images and pixels"),
    "height and width swapped": (lambda masks: masks[:, :, :2].transpose(1, 2), "same images and pixels"),
    "masks up to 255": (lambda masks: 255 * masks, "up to 255"),
    "an array": (lambda masks: masks.numpy(), "pair of tensors"),
}


@pytest.mark.parametrize(("masks_as", "message"), WRONG_BATCHES.values(), ids=WRONG_BATCHES)
def test_refuses_masks_that_do_not_fit(masks_as, message):
    with pytest.raises(BatchError, match=message):
        train_model(**options(train_loader=batches(2, masks_as=masks_as)))


def test_a_forward_without_return_is_named():
    class Forgetful(PixelModel):
        def forward(self, images):
            super().forward(images)

    with pytest.raises(BatchError, match=r"returned a NoneType.*`return` missing"):
        train_model(**options(Forgetful()))


def test_says_that_nothing_can_learn():
    model = PixelModel().requires_grad_(False)
    with pytest.raises(TrainingError, match="carries no gradient"):
        train_model(**options(model))


def test_a_criterion_without_reduction_is_refused():
    with pytest.raises(TrainingError, match=r"shape \(3, 1, 4, 4\); it needs to return one number"):
        train_model(**options(criterion=nn.BCELoss(reduction="none")))


@pytest.mark.parametrize("stub", [..., None])
@pytest.mark.parametrize("name", ["model", "criterion", "optimiser", "train_loader", "val_loader"])
def test_an_untouched_stub_is_named(name, stub):
    with pytest.raises(MissingAnswerError, match=f"^`{name}` is .*no answer yet"):
        train_model(**options() | {name: stub})


WRONG_OPTIONS = {
    "no epochs": ({"num_epochs": 0}, "num_epochs .*at least 1; got 0"),
    "half an epoch": ({"num_epochs": 1.5}, "num_epochs .*got 1.5"),
    "no patience": ({"patience": 0}, "patience .*got 0"),
    "a negative clip": ({"gradient_clip": -1}, "gradient_clip .*got -1"),
    "an empty loader": ({"train_loader": []}, "`train_loader` gave no batch"),
    "an empty validation": ({"val_loader": []}, "`val_loader` gave no batch"),
    "a class as model": ({"model": PixelModel}, r"is the class PixelModel.*PixelModel\(\.\.\.\)"),
    "a class as criterion": ({"criterion": nn.BCELoss}, "is the class BCELoss"),
    "another model's optimiser": (
        {"optimiser": torch.optim.SGD(PixelModel().parameters(), lr=1)},
        "no parameter of `model`",
    ),
    "no optimiser": ({"optimiser": "adam"}, "torch.optim.Optimizer; got str"),
    "a folder to save in": ({"save_path": "."}, "is a folder"),
}


@pytest.mark.parametrize(("change", "message"), WRONG_OPTIONS.values(), ids=WRONG_OPTIONS)
def test_refuses_options_that_make_no_sense(change, message):
    with pytest.raises(OptionError, match=message):
        train_model(**options() | change)


@pytest.mark.parametrize(("wrong", "right"), [("optimizer", "optimiser"), ("patiance", "patience"), ("val_dl", "val_")])
def test_a_misspelt_option_is_named_with_the_right_one(wrong, right):
    with pytest.raises(TypeError, match=f"unexpected keyword argument '{wrong}'. Did you mean '{right}"):
        train_model(**options(), **{wrong: 1})


def test_an_unknown_option_like_no_other_lists_all():
    with pytest.raises(TypeError, match="The options are: model, criterion"):
        train_model(**options(), zzz=1)


def test_options_are_keyword_only():
    with pytest.raises(TypeError, match="positional"):
        train_model(PixelModel())


def test_fast_mode_is_one_epoch_of_two_batches(monkeypatch, capsys):
    monkeypatch.setenv("WORKSHOP_FAST", "1")
    sizes = []

    def criterion(predictions, masks):
        sizes.append(len(predictions))
        return nn.functional.binary_cross_entropy(predictions, masks)

    given = {"num_epochs": 7, "train_loader": batches(3, 2, 4), "val_loader": batches(1, 1, 1, 1)}
    model = train_model(**options(criterion=criterion, **given))
    assert sizes == [3, 2, 1, 1]
    assert len(model.history) == 1
    assert "one epoch of at most 2 batches" in capsys.readouterr().out


def test_nothing_reaches_stderr(capfd):
    train_model(**options(early_stopping=True))
    output = capfd.readouterr()
    assert output.err == ""
    assert "Epoch 2/2: training loss " in output.out
    assert "Epoch 1/2, training" in output.out  # the bar


def test_gradients_are_clipped():
    model = train_model(**drifting(model=(far := Offset(100)), optimiser=torch.optim.SGD(far.parameters(), lr=1.0),
                                   num_epochs=1, gradient_clip=0.5))  # fmt: skip
    assert model.value.item() == pytest.approx(99.5, rel=1e-4)


def test_a_scheduler_is_stepped_after_each_epoch():
    given = options(num_epochs=3, lr=1.0)
    scheduler = torch.optim.lr_scheduler.StepLR(given["optimiser"], step_size=1, gamma=0.1)
    train_model(**given, scheduler=scheduler)
    assert given["optimiser"].param_groups[0]["lr"] == pytest.approx(1e-3)


def test_a_plateau_scheduler_is_given_the_validation_loss():
    given = drifting(num_epochs=4, val_loader=constant(-1))
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(given["optimiser"], patience=0)
    history = train_model(**given, scheduler=scheduler).history
    assert scheduler.best == min(history.val_loss) > 1
    assert given["optimiser"].param_groups[0]["lr"] < 0.05


def test_only_the_training_set_moves_batch_norm():
    """The trap that the course teaches: frozen parameters do not keep the running statistics still."""
    model = nn.Sequential(nn.BatchNorm2d(3).requires_grad_(False), nn.Conv2d(3, 1, 1), nn.Sigmoid())
    train_model(**options(model, num_epochs=1))
    assert model[0].num_batches_tracked == 2
    assert not torch.equal(model[0].running_mean, torch.zeros(3))


def test_a_real_data_loader_serves():
    dataset = torch.utils.data.TensorDataset(*batches(10)[0])
    loader = torch.utils.data.DataLoader(dataset, batch_size=4, shuffle=True)
    assert len(train_model(**options(train_loader=loader, val_loader=loader)).history) == 2
