import contextlib

import torch
from torchvision.models import get_model

from utils.ml.packed import unpack
from utils.ml.pretraining.__main__ import main
from utils.ml.pretraining.pictures import draw_pictures
from utils.ml.pretraining.recipe import pretrain
from utils.ml.pretraining.shapes import SHAPES
from utils.ml.pretraining.textures import TEXTURES


def test_the_same_seed_draws_the_same_pictures_and_leaves_the_random_state():
    before = torch.get_rng_state()
    first, again, other = (draw_pictures(3, 32, seed) for seed in (7, 7, 8))
    assert torch.equal(first.images, again.images)
    assert not torch.equal(first.images, other.images)
    assert torch.equal(torch.get_rng_state(), before)


def test_the_answers_belong_to_the_pictures():
    pictures = draw_pictures(64, 32, 1)
    assert pictures.images.isfinite().all()
    assert set(pictures.shape_map.unique().tolist()) == set(range(len(SHAPES) + 1))
    assert set(pictures.texture_map.unique().tolist()) == set(range(len(TEXTURES)))
    ground = pictures.shape_map == 0
    assert 0.4 < ground.float().mean() < 0.95
    expected = pictures.ground_texture.view(-1, 1, 1).expand_as(ground)
    assert torch.equal(pictures.texture_map[ground], expected[ground])
    main = pictures.shape_map == pictures.main_shape.view(-1, 1, 1) + 1
    assert main.flatten(1).any(dim=1).float().mean() > 0.95  # the main figure is there, save the thinnest


def test_a_pretraining_of_two_steps_writes_a_file_that_fits(tmp_path, monkeypatch, capsys):
    out = tmp_path / "tiny.pt"
    arguments = ["resnet18", "--steps", "2", "--threads", "1", "--out", str(out)]
    monkeypatch.setattr("sys.argv", ["pretraining", *arguments])
    monkeypatch.setattr("utils.ml.pretraining.publish.JUDGED", 64)
    monkeypatch.setattr("utils.ml.pretraining.recipe.SETTLING", 2)
    main()
    get_model("resnet18", weights=None).load_state_dict(unpack(torch.load(out, weights_only=True)))
    assert "resnet18" in (tmp_path / "manifest.json").read_text()


def test_a_pretraining_that_was_broken_off_goes_on_as_if_nothing_had_happened(tmp_path, monkeypatch):
    monkeypatch.setattr("utils.ml.pretraining.recipe.SETTLING", 1)
    monkeypatch.setattr("utils.ml.pretraining.recipe.BATCH", 4)
    monkeypatch.setattr("utils.ml.pretraining.recipe.SAVE_SECONDS", 0)
    torch.set_num_threads(1)
    whole = pretrain("resnet18", 3).state_dict()
    drawn = []

    def break_off(*arguments):
        drawn.append(arguments)
        if len(drawn) == 2:
            raise KeyboardInterrupt
        return draw_pictures(*arguments)

    notes = tmp_path / "notes.pt"
    with monkeypatch.context() as patch:
        patch.setattr("utils.ml.pretraining.recipe.draw_pictures", break_off)
        with contextlib.suppress(KeyboardInterrupt):
            pretrain("resnet18", 3, notes=notes)
    assert notes.exists()
    resumed = pretrain("resnet18", 3, notes=notes).state_dict()
    assert all(torch.equal(whole[key], resumed[key]) for key in whole)
