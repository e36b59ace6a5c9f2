"""Pictures of textured shapes on textured grounds, with everything that is asked about them."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d

from utils.ml.pretraining.chance import Chance
from utils.ml.pretraining.shapes import SHAPES, draw_shapes
from utils.ml.pretraining.textures import TEXTURES, draw_textures

__all__ = ["Pictures", "draw_pictures"]

FIGURES = 3  # at most; the last one drawn lies on top and is the main one
MEAN, SPREAD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # as torchvision's weights expect their images


@dataclass(frozen=True)
class Pictures:
    """N pictures and the answers to the source task's questions.

    Attributes
    ----------
    images : Tensor, shape (N, 3, H, W)
        Normalised by ImageNet's mean and standard deviation.
    shape_map, texture_map : Tensor, shape (N, H, W), int64
        For each pixel the shape (0: ground, else 1 + position in `SHAPES`) and the texture that is seen there,
        or would be if no line lay over it.
    colour_map : Tensor, shape (N, 3, H, W)
        The picture without texture, light, lines and noise: each surface in its mean colour, 0 to 1.
    ground_texture, main_shape, main_texture : Tensor, shape (N,), int64
        Of the whole picture.
    """

    images: Tensor
    shape_map: Tensor
    texture_map: Tensor
    colour_map: Tensor
    ground_texture: Tensor
    main_shape: Tensor
    main_texture: Tensor


@torch.no_grad()
def draw_pictures(count: int, side: int, seed: int, device: torch.device | str = "cpu") -> Pictures:
    """Draw a batch; the same arguments give the same pictures.

    Parameters
    ----------
    count : int
    side : int
        In pixels.
    seed : int
    device : torch.device or str, default "cpu"

    Returns
    -------
    Pictures
    """
    chance = Chance(seed, device)
    layers = 1 + FIGURES
    textures = chance.pick(len(TEXTURES), layers, count)
    shapes = chance.pick(len(SHAPES), FIGURES, count)
    surfaces = draw_textures(chance, textures.flatten(), side).view(layers, count, 1, side, side)
    cover = _draw_cover(chance, shapes, side)
    dark, light = _draw_colours(chance, layers, count)
    picture = dark[0] + (light[0] - dark[0]) * surfaces[0]
    shape_map = torch.zeros(count, side, side, dtype=torch.int64, device=chance.device)
    texture_map = textures[0].view(-1, 1, 1).expand(-1, side, side)
    flat = (dark + light) / 2
    colour_map = flat[0].expand(-1, -1, side, side)
    for figure in range(FIGURES):
        layer = figure + 1
        paint = dark[layer] + (light[layer] - dark[layer]) * surfaces[layer]
        picture = picture + cover[figure].unsqueeze(1) * (paint - picture)
        inside = cover[figure] > 0.5
        shape_map = torch.where(inside, shapes[figure].view(-1, 1, 1) + 1, shape_map)
        texture_map = torch.where(inside, textures[layer].view(-1, 1, 1), texture_map)
        colour_map = torch.where(inside.unsqueeze(1), flat[layer], colour_map)
    images = _photographed(chance, _lit(chance, _crossed_by_lines(chance, picture)))
    return Pictures(images, shape_map, texture_map, colour_map, textures[0], shapes[-1], textures[-1])


def _draw_cover(chance: Chance, shapes: Tensor, side: int) -> Tensor:
    """Draw what each figure covers: (FIGURES, count, side, side). The main one is large and always there."""
    count = shapes.shape[1]
    small, large = chance.between(0.1, 0.35, FIGURES - 1, count), chance.between(0.3, 1.1, 1, count)
    sizes = torch.cat([small, large])
    cover = draw_shapes(chance, shapes.flatten(), sizes.flatten(), side).view(FIGURES, count, side, side)
    there = torch.cat([chance.happens(0.35, FIGURES - 1, count), torch.ones_like(large)])
    return cover * there[..., None, None]


def _draw_colours(chance: Chance, layers: int, count: int) -> tuple[Tensor, Tensor]:
    """Draw two colours (layers, count, 3, 1, 1) for each surface; half of the textures are bold."""
    middle = chance.between(0.1, 0.9, layers, count, 3)
    grey = middle.mean(dim=2, keepdim=True)
    middle = grey + chance.between(0, 1, layers, count, 1) * (middle - grey)
    likeness = chance.happens(0.4, layers, count, 1) * chance.between(0.2, 0.6, layers, count, 1)
    middle = torch.cat([middle[:1], middle[1:] + likeness[1:] * (middle[:1] - middle[1:])])
    bold = chance.happens(0.5, layers, count, 1)
    contrast = bold * chance.between(0.12, 0.35, layers, count, 1) + (1 - bold) * chance.between(
        0, 0.08, layers, count, 1
    )
    contrast = contrast * chance.normal(layers, count, 1).sign()
    half = contrast * (1 + 0.4 * chance.normal(layers, count, 3))
    low, high = (middle - half).clamp(0, 1), (middle + half).clamp(0, 1)
    return low[..., None, None], high[..., None, None]


def _crossed_by_lines(chance: Chance, picture: Tensor) -> Tensor:
    """Lay up to three thin arcs over half of the pictures: whoever looks for figures has to look past them."""
    count, side = len(picture), picture.shape[-1]
    axis = torch.linspace(-1, 1, side, device=chance.device)
    crossed = chance.happens(0.5, count, 1, 1)
    for _ in range(3):
        angle, radius = chance.between(0, 2 * math.pi, count, 1, 1), chance.between(1.0, 5.0, count, 1, 1)
        reach = radius + chance.between(-0.8, 0.8, count, 1, 1)
        distance = torch.hypot(axis - reach * angle.cos(), axis[:, None] - reach * angle.sin()) - radius
        width = chance.between(0.3, 1.4, count, 1, 1) * 2 / side
        cover = torch.sigmoid(3 * (width - distance.abs()) * side / 2) * crossed * chance.happens(0.6, count, 1, 1)
        ink = chance.between(0, 1, count, 1, 1, 1) ** 2 + 0.1 * chance.normal(count, 3, 1, 1)
        picture = picture + cover.unsqueeze(1) * (ink - picture)
    return picture


def _lit(chance: Chance, picture: Tensor) -> Tensor:
    """Let light of some colour fall from one side, darker towards the corners, or through a round window."""
    count, side = len(picture), picture.shape[-1]
    axis = torch.linspace(-1, 1, side, device=chance.device)
    x, y = axis - chance.between(-0.2, 0.2, count, 1, 1), axis[:, None] - chance.between(-0.2, 0.2, count, 1, 1)
    angle = chance.between(0, 2 * math.pi, count, 1, 1)
    slope = chance.between(0, 0.25, count, 1, 1) * (angle.cos() * x + angle.sin() * y)
    fall = chance.between(0, 0.25, count, 1, 1) * (x * x + y * y)
    light = chance.between(0.75, 1.25, count, 1, 1) * (1 + slope - fall)
    window = torch.sigmoid((chance.between(0.9, 1.3, count, 1, 1) - torch.hypot(x, y)) * 25)
    light = light * torch.maximum(window, 1 - chance.happens(0.15, count, 1, 1))
    cast = 1 + 0.08 * chance.normal(count, 3, 1, 1)
    return picture * light.unsqueeze(1) * cast


def _photographed(chance: Chance, picture: Tensor) -> Tensor:
    """Blur, desaturate, add the sensor's noise, cut to 0..1 and normalise; some pictures get each."""
    count, side = len(picture), picture.shape[-1]
    soft = avg_pool2d(picture, 3, stride=1, padding=1, count_include_pad=False)
    picture = picture + chance.happens(0.4, count, 1, 1, 1) * chance.between(0, 1, count, 1, 1, 1) * (soft - picture)
    grey = picture.mean(dim=1, keepdim=True)
    picture = picture + chance.happens(0.2, count, 1, 1, 1) * (grey - picture)
    picture = picture + chance.between(0, 0.03, count, 1, 1, 1) * chance.normal(count, 3, side, side)
    mean, spread = (torch.tensor(values, device=chance.device).view(3, 1, 1) for values in (MEAN, SPREAD))
    return (picture.clamp(0, 1) - mean) / spread
