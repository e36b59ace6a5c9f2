"""A torchvision network with the heads of the source task, which are dropped after pretraining."""

from dataclasses import replace

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from utils.ml.pretraining.pictures import Pictures
from utils.ml.pretraining.shapes import SHAPES
from utils.ml.pretraining.textures import TEXTURES

__all__ = ["NETWORKS", "SourceModel"]

WIDTH = 48  # channels of the pixel head
PIXEL = (1 + len(SHAPES), len(TEXTURES), 3)  # answers for each pixel and for the picture, in the order of Pictures
WHOLE = (len(TEXTURES), len(SHAPES), len(TEXTURES))


def _efficientnet_stages(model: nn.Module) -> list[nn.Module]:
    features = model.features
    return [features[0:2], features[2], features[3], features[4], features[5:8], features[8]]


def _resnet_stages(model: nn.Module) -> list[nn.Module]:
    stem = nn.Sequential(model.conv1, model.bn1, model.relu)
    return [stem, nn.Sequential(model.maxpool, model.layer1), model.layer2, model.layer3, model.layer4]


NETWORKS = {
    "efficientnet_b0": (_efficientnet_stages, (16, 24, 40, 80, 320, 1280), 3),
    "resnet18": (_resnet_stages, (64, 64, 128, 256, 512), 5),
}
"""For each model of torchvision: how it is cut into stages, the channels that each stage puts out, and how many of the
last stages answer for the whole picture: early stages learn sooner, and the later ones with them."""


class SourceModel(nn.Module):
    """A network and two heads: one answers for each pixel, from all stages, the other for the whole picture.

    Parameters
    ----------
    name : str
        One of `NETWORKS`.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        from torchvision.models import get_model

        self.network = get_model(name, weights=None)
        for module in self.network.modules():
            if type(module).__name__ == "StochasticDepth":
                module.p = 0.0  # a remedy for long trainings; this one is short
        cut, channels, deep = NETWORKS[name]
        self._stages = tuple(cut(self.network))  # in a tuple, so that each weight is registered once
        self.lateral = nn.ModuleList(nn.Conv2d(each, WIDTH, kernel_size=1) for each in channels[:5])
        self.pixel = nn.Sequential(
            nn.Conv2d(WIDTH, WIDTH, kernel_size=3, padding=1, bias=False),
            nn.BatchNorm2d(WIDTH),
            nn.ReLU(),
            nn.Conv2d(WIDTH, sum(PIXEL), kernel_size=1),
        )
        self.whole = nn.ModuleList(nn.Linear(each, sum(WHOLE)) for each in channels[-deep:])

    def forward(self, images: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Map images (N, 3, H, W) to answers for pixels (N, 26, H / 2, W / 2) and, stage by stage, for the whole (N, 33)."""
        maps = []
        for stage in self._stages:
            images = stage(images)
            maps.append(images)
        whole = [head(each.mean(dim=(2, 3))) for head, each in zip(self.whole, maps[-len(self.whole) :], strict=True)]
        joined = self.lateral[4](maps[4])
        for lateral, finer in zip(self.lateral[3::-1], maps[3::-1], strict=False):
            joined = lateral(finer) + F.interpolate(joined, size=finer.shape[2:], mode="nearest")
        return self.pixel(joined), whole

    def losses(self, pictures: Pictures) -> dict[str, Tensor]:
        """Return the loss of each question; their sum is trained."""
        pixel, whole = self(pictures.images)
        shape, texture, colour = pixel.split(PIXEL, dim=1)
        truth = _half(pictures)
        losses = {
            "shape map": 2 * F.cross_entropy(shape, truth.shape_map),
            "texture map": F.cross_entropy(texture, truth.texture_map),
            "colour map": 10 * F.l1_loss(colour, truth.colour_map),
        }
        for name, place in (("ground texture", 0), ("main shape", 1), ("main texture", 2)):
            given = [answers.split(WHOLE, dim=1)[place] for answers in whole]
            asked = getattr(truth, name.replace(" ", "_"))
            losses[name] = sum(F.cross_entropy(each, asked) for each in given) / len(given)
        return losses

    @torch.no_grad()
    def scores(self, pictures: Pictures) -> dict[str, float]:
        """Return the share of right answers to each question; for colours the mean absolute error."""
        pixel, whole = self(pictures.images)
        shape, texture, colour = pixel.split(PIXEL, dim=1)
        ground, main_shape, main_texture = whole[-1].split(WHOLE, dim=1)
        truth = _half(pictures)
        right = {
            "figure or ground": (shape.argmax(dim=1) > 0) == (truth.shape_map > 0),
            "shape map": shape.argmax(dim=1) == truth.shape_map,
            "texture map": texture.argmax(dim=1) == truth.texture_map,
            "ground texture": ground.argmax(dim=1) == truth.ground_texture,
            "main shape": main_shape.argmax(dim=1) == truth.main_shape,
            "main texture": main_texture.argmax(dim=1) == truth.main_texture,
        }
        shares = {name: each.float().mean().item() for name, each in right.items()}
        return shares | {"colour error": F.l1_loss(colour, truth.colour_map).item()}


def _half(pictures: Pictures) -> Pictures:
    """Return the pictures with maps of half the resolution, that of the first stage."""
    return replace(
        pictures,
        shape_map=pictures.shape_map[:, 1::2, 1::2],
        texture_map=pictures.texture_map[:, 1::2, 1::2],
        colour_map=pictures.colour_map[:, :, 1::2, 1::2],
    )
