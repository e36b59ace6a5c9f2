"""What explorers show for which values, and that they change nothing that they are given."""

import random

import albumentations as A
import numpy as np
import pytest
import torch
from albumentations.pytorch import ToTensorV2
from PIL import Image
from torch import nn

from tests.plotting.test_plot_segmentation import Darkness, blobs
from utils.ml import BatchError, MissingAnswerError, OptionError, dice_score, jaccard_score
from utils.plotting.explorers.augmentation import augmentation_explorer
from utils.plotting.explorers.encoder import encoder_explorer
from utils.plotting.explorers.predictions import predictions_explorer
from utils.plotting.explorers.views import SIDE, heat, outlined, shaded

LOOK = {"color": "#0000ff", "halo": "#ffffff", "linestyle": "solid"}


class Pairs(list):
    """PIL images with their masks, as a dataset without transforms gives them."""


@pytest.fixture
def pairs():
    images, masks = blobs(3)
    return Pairs(
        (
            Image.fromarray((image.permute(1, 2, 0).numpy() * 255).astype(np.uint8)),
            Image.fromarray(mask.numpy().astype(np.uint8) * 255),
        )
        for image, mask in zip(images, masks, strict=True)
    )


@pytest.fixture
def transform():
    steps = [A.Resize(32, 32), A.HorizontalFlip(p=0.5), A.VerticalFlip(p=0.5), A.Rotate(limit=10, p=0.5)]
    return A.Compose([*steps, A.Normalize(mean=[0.5] * 3, std=[0.25] * 3), ToTensorV2()], seed=7)


@pytest.fixture
def loader():
    images, masks = blobs(5)
    return torch.utils.data.DataLoader(torch.utils.data.TensorDataset(images, masks), batch_size=2)


@pytest.fixture
def encoder():
    torch.manual_seed(0)
    stages = [
        nn.Sequential(nn.Conv2d(*sizes, 3, stride=2, padding=1), nn.BatchNorm2d(sizes[1])) for sizes in ((3, 6), (6, 9))
    ]
    return nn.Sequential(*stages).train()


def random_states():
    return random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state().tolist()


def changed(view, other):
    """Return the share of pixels that differ."""
    pairs = zip(view.tiles, other.tiles, strict=True)
    return np.mean([(one.pixels != two.pixels).any(-1) for one, two in list(pairs)[1:]])


def scores(view):
    return [float(tile.caption.rsplit(" ", 1)[1]) for tile in view.tiles[1:]]


def test_together_every_mask_fits_and_apart_some_do_not(pairs, transform):
    explorer = augmentation_explorer(pairs, transform)
    assert scores(explorer.view(together=True)) == [1.0, 1.0, 1.0]
    apart = [score for toss in range(4) for score in scores(explorer.view(together=False, toss=toss))]
    assert min(apart) < 0.9


def test_the_images_stay_when_one_looks_at_masks_apart_and_change_with_a_toss(pairs, transform):
    explorer = augmentation_explorer(pairs, transform)
    first, apart, other = explorer.view(toss=1), explorer.view(toss=1, together=False), explorer.view(toss=2)
    assert changed(first, apart) < 0.15, "only the outlines move"
    assert changed(first, other) > 0.5


def test_the_students_transform_draws_the_same_as_if_nobody_had_looked(pairs, transform):
    twin = A.Compose(transform.transforms, seed=7)
    image, mask = (np.array(part) for part in pairs[0])
    expected = [twin(image=image, mask=mask)["mask"] for _ in range(6)]
    transform.set_random_seed(7)
    explorer = augmentation_explorer(pairs, transform)
    for toss in range(3):
        explorer.view(toss=toss)
    assert all(torch.equal(transform(image=image, mask=mask)["mask"], each) for each in expected)


def test_scores_of_a_threshold_are_those_of_the_metrics(loader):
    explorer = predictions_explorer(Darkness(), loader)
    images, masks = blobs(5)
    probabilities = Darkness().eval()(images)
    for threshold in (0.1, 0.5, 0.9):
        dice, jaccard = (score(probabilities, masks, threshold) for score in (dice_score, jaccard_score))
        says = explorer.view(image=2, threshold=threshold).says
        assert f"Dice {dice[1]:.2f}, Jaccard {jaccard[1]:.2f} on this image" in says
        assert f"mean over 5: Dice {dice.mean():.2f}, Jaccard {jaccard.mean():.2f}." in says


def test_overlay_slider_colours_the_prediction_and_nothing_else(loader):
    explorer = predictions_explorer(Darkness(), loader)
    clear, full = (explorer.view(opacity=opacity).tiles[0].pixels.astype(int) for opacity in (0.0, 1.0))
    changed = np.abs(clear - full).sum(-1) > 60
    assert 0.03 < changed.mean() < 0.6
    assert full[changed][:, 2].mean() < 60  # yellow


def test_stages_are_shown_at_their_own_resolution(pairs, encoder):
    explorer = encoder_explorer(encoder, pairs)
    first, last = explorer.view(stage=0), explorer.view(stage=1)
    assert first.says.startswith("features[0]: 6 maps of 112 × 112 points; a point stands for 2 × 2 pixels.")
    assert last.says.startswith("features[1]: 9 maps of 56 × 56 points; a point stands for 4 × 4 pixels.")
    assert [text for text, _ in explorer.controls["stage"].options] == [
        "features[0]: 6 maps of 112 × 112",
        "features[1]: 9 maps of 56 × 56",
    ]


def test_channels_that_vary_most_come_first(pairs, encoder):
    with torch.no_grad():
        encoder[0][0].weight[4] *= 50
        encoder[0][0].weight[1] *= 0
        encoder[0][1].running_var.fill_(1)
    captions = [tile.caption for tile in encoder_explorer(encoder, pairs).view(stage=0).tiles]
    assert captions[2] == "channel 4"
    assert "channel 1" not in captions


def test_an_encoder_is_left_as_it_was(pairs, encoder):
    before = {name: value.clone() for name, value in encoder.state_dict().items()}
    encoder_explorer(encoder, pairs).view(image=2, stage=1)
    assert all(torch.equal(value, before[name]) for name, value in encoder.state_dict().items())
    assert encoder.training


def test_random_states_are_left_as_they_were(pairs, transform, loader, encoder):
    before = random_states()
    for explorer in (
        augmentation_explorer(pairs, transform),
        predictions_explorer(Darkness(), loader),
        encoder_explorer(encoder, pairs),
    ):
        explorer.view()
        explorer.as_figure()
    assert random_states() == before


def test_figure_has_a_row_for_each_still_view_and_says_what_it_shows(loader):
    explorer = predictions_explorer(Darkness(), loader)
    figure = explorer.as_figure()
    words = " ".join(text.get_text() for text in figure.axes[0].texts)
    for threshold in (0.2, 0.5, 0.8):
        assert f"Threshold {threshold:.2f}: Dice" in words
    assert len(figure.axes[0].images) == 9
    assert figure._repr_png_().startswith(b"\x89PNG")


def test_pictures_carry_their_captions_as_alternative_texts(loader):
    html = predictions_explorer(Darkness(), loader).view().as_html()
    assert html.count("<img ") == html.count('alt="') == html.count("<figcaption") == 3
    assert "http" not in html


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda pairs, transform: augmentation_explorer(pairs, ...), MissingAnswerError, "`transform`"),
        (lambda pairs, transform: augmentation_explorer(..., transform), MissingAnswerError, "`dataset`"),
        (lambda pairs, transform: augmentation_explorer(Pairs(), transform), OptionError, "holds no images"),
        (lambda pairs, transform: augmentation_explorer(pairs, 3), OptionError, "got int"),
        (lambda pairs, transform: augmentation_explorer(blobs(2)[0], transform), BatchError, "PIL images"),
        (
            lambda pairs, transform: augmentation_explorer(pairs, A.Compose([A.Resize(8, 8)])).view(),
            BatchError,
            "ToTensorV2",
        ),
        (lambda pairs, transform: augmentation_explorer(pairs, transform, n_images=0), OptionError, "n_images"),
        (lambda pairs, transform: encoder_explorer(nn.Conv2d(3, 3, 1), pairs), OptionError, "nn.Sequential"),
        (lambda pairs, transform: predictions_explorer(..., [blobs(2)]), MissingAnswerError, "`model`"),
    ],
)
def test_what_cannot_be_shown_is_refused_in_the_students_terms(pairs, transform, make, error, words):
    with pytest.raises(error, match=words):
        make(pairs, transform)


def test_an_outline_surrounds_the_mask_and_spares_the_rest():
    mask = np.zeros((27, 27))
    mask[9:18, 9:18] = 1
    tile = outlined(np.zeros((27, 27, 3)), (mask, LOOK))
    blue = (tile == (0, 0, 255)).all(-1)
    rows, columns = np.nonzero(blue)
    assert (rows.min(), rows.max()) == pytest.approx((SIDE / 3, SIDE * 2 / 3), abs=3)
    assert (columns.min(), columns.max()) == pytest.approx((SIDE / 3, SIDE * 2 / 3), abs=3)
    assert not blue[SIDE // 2 - 20 : SIDE // 2 + 20, SIDE // 2 - 20 : SIDE // 2 + 20].any()
    assert not (outlined(np.zeros((9, 9, 3)), (np.zeros((9, 9)), LOOK)) == 255).any()


def test_shading_blends_by_its_opacity():
    picture, mask = np.zeros((2, 2, 3)), np.array([[1, 0], [0, 0]])
    assert shaded(picture, mask, "#ffffff", 0.25)[0, 0].tolist() == [0.25] * 3
    assert shaded(picture, mask, "#ffffff", 0.25)[1, 1].tolist() == [0.0] * 3


def test_a_constant_map_is_drawn_without_a_warning():
    assert heat(np.ones((4, 4))).shape == (SIDE, SIDE, 3)
