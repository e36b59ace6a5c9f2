import pytest
from torch import nn

from utils.ml import History, MissingAnswerError, OptionError
from utils.plotting import plot_history


@pytest.fixture
def history():
    return History(train_loss=[0.9, 0.5, 0.3], val_loss=[0.8, 0.6, 0.7], seconds=[1.0, 1.0, 1.0])


def test_draws_both_losses_and_marks_the_best_epoch(history):
    axes = plot_history(history).axes[0]
    training, validation, best = axes.lines
    assert (list(training.get_xdata()), list(training.get_ydata())) == ([1, 2, 3], history.train_loss)
    assert list(validation.get_ydata()) == history.val_loss
    assert set(best.get_xdata()) == {2}
    assert {text.get_text() for text in axes.get_legend().get_texts()} == {"training", "validation", "best epoch: 2"}
    assert (training.get_linestyle(), validation.get_linestyle()) == ("--", "-")


def test_takes_the_model_too(history):
    model = nn.Linear(1, 1)
    model.history = history
    assert list(plot_history(model).axes[0].lines[1].get_ydata()) == history.val_loss


def test_metrics_have_a_panel_of_their_own(history):
    history.metrics = {"dice": [0.5, 0.6, 0.7], "jaccard": [0.4, 0.5, 0.6]}
    losses, metrics = plot_history(history).axes
    assert [line.get_label() for line in metrics.lines] == ["dice", "jaccard", "best epoch: 2"]
    assert list(metrics.lines[1].get_ydata()) == [0.4, 0.5, 0.6]
    assert len(losses.lines) == 3


def test_one_epoch_is_a_point_and_ticks_are_whole_epochs(history):
    figure = plot_history(History([0.5], [0.6], [1.0]))
    figure._repr_png_()
    assert [tick for tick in figure.axes[0].get_xticks() if 0.5 <= tick <= 1.5] == [1]


@pytest.mark.parametrize("wrong", [History(), nn.Linear(1, 1), [0.5]], ids=["no epoch", "not trained", "a list"])
def test_refuses_what_holds_no_epoch(wrong):
    with pytest.raises(OptionError, match="no history of a finished epoch"):
        plot_history(wrong)


def test_names_an_untouched_stub():
    with pytest.raises(MissingAnswerError, match="`history`"):
        plot_history(...)
