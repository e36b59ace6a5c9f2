"""What the stand-in weights know is of use on a task that they were not trained on."""

import pytest
import torch
from torch.nn.functional import interpolate

from utils.ml.packed import read_packed
from utils.ml.pretraining.recipe import pretrain
from utils.ml.pretraining.source_model import SourceModel

SIDE = 64


def draw_clouds(count, seed):
    """Draw pictures (N, 3, 64, 64) of one dim, cloudy region on a cloudy ground, and where it is (N, 16, 16)."""
    generator = torch.Generator().manual_seed(seed)

    def noise(channels, cells):
        drawn = torch.randn(count, channels, cells, cells, generator=generator)
        return interpolate(drawn, size=(SIDE, SIDE), mode="bicubic")

    where = (noise(1, 4) > 0.6).float()
    tint = torch.randn(count, 3, 1, 1, generator=generator)  # of the picture
    step = 0.5 + torch.rand(count, 1, 1, 1, generator=generator)
    sign = torch.randn(count, 3, 1, 1, generator=generator).sign()  # brighter or darker, channel by channel
    pictures = tint + 0.4 * noise(3, 16) + 0.3 * noise(3, 3) + sign * step * where
    return pictures, interpolate(where, size=(16, 16), mode="area")[:, 0]


@torch.no_grad()
def features_of(model, pictures):
    """Return the maps of all stages at 16 x 16 points, as rows of numbers."""
    maps = []
    for stage in model._stages[:5]:
        pictures = stage(pictures)
        maps.append(interpolate(pictures, size=(16, 16), mode="bilinear"))
    return torch.cat(maps, dim=1).permute(0, 2, 3, 1).flatten(0, 2).double()


def explained(model):
    """Fit where the region is to frozen features, linearly; return the share of variance explained on fresh pictures."""
    pictures, where = draw_clouds(48, seed=1)
    rows, target = features_of(model, pictures), where.flatten().double()
    spread, middle = torch.std_mean(rows, dim=0)
    rows = (rows - middle) / (spread + 1e-6)
    ridge = 1000.0 * torch.eye(rows.shape[1], dtype=torch.float64)
    fitted = torch.linalg.solve(rows.T @ rows + ridge, rows.T @ (target - target.mean()))
    pictures, where = draw_clouds(48, seed=2)
    rows = (features_of(model, pictures) - middle) / (spread + 1e-6)
    target = where.flatten().double()
    return (1 - (rows @ fitted - target).var() / target.var()).item()


@pytest.mark.parametrize("name", ["efficientnet_b0", "resnet18"])
def test_frozen_features_tell_more_than_random_ones(name, monkeypatch):
    monkeypatch.setattr("utils.ml.pretraining.recipe.SETTLING", 2)
    random = pretrain(name, 0)
    stand_in = SourceModel(name).eval()
    stand_in.network.load_state_dict(read_packed(name))
    assert explained(stand_in) > explained(random) + 0.05
