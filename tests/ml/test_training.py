import copy
import csv
import re
import time

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
    rows = list(csv.DictReader((path.parent / "best.history.csv").read_text().splitlines()))
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
    "an unknown precision": ({"mixed_precision": "half"}, "mixed_precision can be 'no', 'bf16', .*got 'half'"),
    "half precision on a processor": ({"mixed_precision": "fp16"}, "needs a GPU"),
    "a device that is not there": ({"device": "xpu:3"}, "device='xpu:3' is not to be had here"),
    "a device that is none": ({"device": "gpu"}, "device='gpu' is not to be had here"),
    "a scheduler that is none": ({"scheduler": "cosine"}, "torch.optim.lr_scheduler; got str"),
    "an unknown step": ({"scheduler_step": "step"}, "'epoch', 'batch' or None; got 'step'"),
    "a clip that is no number": ({"gradient_clip": "1"}, "gradient_clip .*got '1'"),
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


def test_a_scheduler_can_step_after_each_batch():
    given = options(num_epochs=3, lr=1.0)
    scheduler = torch.optim.lr_scheduler.StepLR(given["optimiser"], step_size=1, gamma=0.1)
    history = train_model(**given, scheduler=scheduler, scheduler_step="batch").history  # two batches an epoch
    assert history.learning_rates == [[pytest.approx(1.0)], [pytest.approx(1e-2)], [pytest.approx(1e-4)]]


def test_one_cycle_steps_after_each_batch_unless_told():
    given = options(num_epochs=3)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(given["optimiser"], max_lr=1.0, total_steps=6)
    train_model(**given, scheduler=scheduler)
    assert scheduler.last_epoch == 6


def test_a_cycle_that_is_too_short_is_told_before_it_ends():
    given = options(num_epochs=4)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(given["optimiser"], max_lr=1.0, total_steps=6)
    with pytest.raises(OptionError, match="total_steps=6, but this training takes 8 steps"):
        train_model(**given, scheduler=scheduler)


def test_another_optimisers_scheduler_is_refused():
    other = torch.optim.SGD(PixelModel().parameters(), lr=1)
    with pytest.raises(OptionError, match="belongs to another optimiser"):
        train_model(**options(), scheduler=torch.optim.lr_scheduler.StepLR(other, 1))


def test_a_plateau_scheduler_cannot_step_by_batch():
    given = options()
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(given["optimiser"])
    with pytest.raises(OptionError, match="waits for the validation loss"):
        train_model(**given, scheduler=scheduler, scheduler_step="batch")


def test_each_parameter_group_has_its_learning_rate_in_the_rows():
    model = PixelModel()
    groups = [{"params": [model.layer.weight], "lr": 0.1}, {"params": [model.layer.bias], "lr": 0.01}]
    rows = train_model(**options(model, optimiser=torch.optim.SGD(groups))).history.as_rows()
    assert (rows[1]["learning_rate_0"], rows[1]["learning_rate_1"]) == (0.1, 0.01)


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


def by_hand(given):
    """Train as a textbook does, on the same objects."""
    for _ in range(given["num_epochs"]):
        given["model"].train()
        for images, masks in given["train_loader"]:
            loss = given["criterion"](given["model"](images), masks.unsqueeze(1))
            given["optimiser"].zero_grad()
            loss.backward()
            given["optimiser"].step()
    return given["model"]


def test_gives_the_very_weights_of_a_loop_by_hand():
    given = {"train_loader": batches(4, 3, 2), "num_epochs": 5}
    one, other = train_model(**options(**given)), by_hand(options(**given))
    assert one.history.best_epoch == 5
    assert all(torch.equal(*pair) for pair in zip(one.parameters(), other.parameters(), strict=True))


def test_half_precision_computes_in_half_and_returns_single():
    seen = []
    model = PixelModel()
    model.layer.register_forward_hook(lambda module, inputs, output: seen.append(output.dtype))

    def criterion(predictions, masks):
        seen.append(predictions.dtype)
        return nn.functional.binary_cross_entropy(predictions, masks)

    train_model(**options(model, criterion=criterion, mixed_precision="bf16"))
    assert set(seen[::2]) == {torch.bfloat16}
    assert set(seen[1::2]) == {torch.float32}
    assert model.layer.weight.dtype == torch.float32
    seen.clear()
    train_model(**options(model, criterion=criterion))  # the next training chooses anew
    assert set(seen) == {torch.float32}


def test_channels_last_reaches_model_and_images_and_leaves_the_weights_as_they_were():
    seen = []
    model = PixelModel()
    model.layer = nn.Conv2d(3, 2, 3, padding=1)

    def look(module, inputs):
        for tensor in (inputs[0], module.weight):
            seen.append(tensor.is_contiguous(memory_format=torch.channels_last))

    model.layer.register_forward_pre_hook(look)
    given = options(model, criterion=lambda predictions, masks: predictions.mean())
    train_model(**given, channels_last=True)
    assert set(seen) == {True}
    assert model.layer.weight.is_contiguous()
    seen.clear()
    train_model(**given)
    assert False in seen


@pytest.mark.parametrize("precision", ["no", "bf16"])
def test_a_copy_of_a_trained_model_trains_itself(precision):
    model = train_model(**options(mixed_precision=precision))
    before = {name: value.clone() for name, value in model.state_dict().items()}
    other = copy.deepcopy(model)
    train_model(**options(other, lr=1.0, mixed_precision=precision))
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert not all(torch.equal(value, before[name]) for name, value in other.state_dict().items())
    assert set(model.__dict__) - {"history"} == set(PixelModel().__dict__)


def test_a_students_own_accelerator_is_left_alone():
    from accelerate import Accelerator

    own = Accelerator(cpu=True, mixed_precision="bf16")
    try:
        train_model(**options(mixed_precision="no"))
        assert own.mixed_precision == "bf16"
        assert own.device == torch.device("cpu")
    finally:
        own.state._reset_state(reset_partial_state=True)


def test_the_expected_time_is_said_once_after_the_first_batches(capsys):
    def slow(predictions, masks):
        time.sleep(0.01)
        return nn.functional.binary_cross_entropy(predictions, masks)

    expected = 20 * 100 * 0.01  # seconds, could nobody interrupt
    loader = batches(*[1] * 100)

    def interrupted(predictions, masks, calls=iter(range(9))):  # noqa: B008
        if next(calls, None) is None:
            raise KeyboardInterrupt
        return slow(predictions, masks)

    train_model(**options(criterion=interrupted, train_loader=loader, num_epochs=20))
    said = [line for line in re.split(r"[\r\n]", capsys.readouterr().out) if line.startswith("About ")]
    assert len(said) == 1
    match = re.fullmatch(r"About (\d+) (s|min) for 20 epochs, judging by the first 5 batches\.", said[0].strip())
    assert int(match[1]) * {"s": 1, "min": 60}[match[2]] >= expected


def test_a_short_training_needs_no_forecast(capsys):
    train_model(**options(train_loader=batches(*[1] * 8)))
    assert "About " not in capsys.readouterr().out
