import pytest
import torch
from sklearn.metrics import accuracy_score, roc_auc_score
from torch import nn

from utils.ml import BatchError, OptionError, WholeSet, accuracy, dice_score, evaluate_segmentation, train_model


@pytest.fixture(autouse=True)
def full_mode(monkeypatch):
    monkeypatch.delenv("WORKSHOP_FAST", raising=False)


def images(*sizes):
    generator = torch.Generator().manual_seed(1)
    return [torch.rand(size, 3, 4, 4, generator=generator) for size in sizes]


def labelled(*sizes):
    return [(batch, (batch[:, 0].mean((1, 2)) > 0.5).long()) for batch in images(*sizes)]


def train(metrics, loader=None, model=None, criterion=None, epochs=2):
    torch.manual_seed(0)
    model = model or nn.Sequential(nn.Flatten(), nn.Linear(48, 2))
    loader = loader or labelled(5, 4, 2)
    return train_model(
        model=model, criterion=criterion or nn.CrossEntropyLoss(), optimiser=torch.optim.Adam(model.parameters(), 0.02),
        train_loader=loader, val_loader=loader, num_epochs=epochs, metrics=metrics, device="cpu",
    )  # fmt: skip


def predictions_of(model, loader):
    with torch.no_grad():
        return torch.cat([model(batch) for batch, _ in loader]), torch.cat([targets for _, targets in loader])


def test_accuracy_and_auc_are_those_of_the_whole_set_whatever_the_batches():
    loader = labelled(5, 4, 2)
    auc = WholeSet(lambda logits, labels: roc_auc_score(labels, logits.softmax(1)[:, 1]))
    model = train({"accuracy": accuracy, "auc": auc, "error": lambda p, t: (p.argmax(1) != t).double().mean()}, loader)
    logits, labels = predictions_of(model, loader)
    last = {name: values[model.history.best_epoch - 1] for name, values in model.history.metrics.items()}
    assert last["accuracy"] == pytest.approx(accuracy_score(labels, logits.argmax(1)))
    assert last["error"] == pytest.approx(1 - last["accuracy"])
    assert last["auc"] == pytest.approx(roc_auc_score(labels, logits.softmax(1)[:, 1]))


def test_dice_is_that_of_the_official_convention():
    loader = [(batch, (batch.mean(1) > 0.5).long()) for batch in images(3, 1)]
    model = nn.Sequential(nn.Conv2d(3, 1, 1), nn.Sigmoid())
    model = train({"dice": dice_score}, loader, model, nn.BCELoss())
    best = model.history.metrics["dice"][model.history.best_epoch - 1]
    assert best == pytest.approx(evaluate_segmentation(model, loader).dice)


def test_metrics_are_said_and_stand_in_the_rows(capsys):
    model = train({"accuracy": accuracy})
    assert [row["val_accuracy"] for row in model.history.as_rows()] == model.history.metrics["accuracy"]
    assert f", accuracy {model.history.metrics['accuracy'][1]:.4f} (" in capsys.readouterr().out


class Torchmetric:
    """Written by the protocol of torchmetrics: counts images since the last reset."""

    def __init__(self):
        self.count = 99

    def reset(self):
        self.count = 0

    def update(self, predictions, targets):
        self.count += len(predictions)

    def compute(self):
        return torch.tensor(float(self.count))


def test_an_object_with_the_protocol_of_torchmetrics_serves():
    assert train({"images": Torchmetric()}).history.metrics["images"] == [11.0, 11.0]


WRONG_METRICS = {
    "no dictionary": (accuracy, "needs to be a dictionary"),
    "no function": ({"accuracy": 0.5}, "'accuracy' is a float; it needs to be a function"),
    "a class": ({"images": Torchmetric}, "is the class Torchmetric; make an object"),
    "the loss": ({"loss": accuracy}, "a word other than 'loss'"),
    "a number as name": ({3: accuracy}, "a word other than 'loss'; got 3"),
}


@pytest.mark.parametrize(("metrics", "message"), WRONG_METRICS.values(), ids=WRONG_METRICS)
def test_refuses_metrics_that_make_no_sense(metrics, message):
    with pytest.raises(OptionError, match=message):
        train(metrics)


def test_a_metric_of_pixels_instead_of_images_is_refused():
    with pytest.raises(BatchError, match=r"'hits' returned shape \(5, 2\) for 5 images"):
        train({"hits": lambda predictions, targets: predictions})


@pytest.mark.parametrize("shape", [(4,), (4, 1), (4, 1, 2, 2)])
def test_accuracy_refuses_a_single_class(shape):
    with pytest.raises(BatchError, match="at least two classes"):
        accuracy(torch.zeros(shape), torch.zeros(4))


def test_accuracy_of_class_maps_is_the_share_of_pixels():
    predictions = torch.zeros(2, 3, 2, 2)
    predictions[0, 1] = 1
    assert accuracy(predictions, torch.tensor([[[1, 1], [1, 0]], [[0, 0], [0, 0]]])).tolist() == [0.75, 1.0]
