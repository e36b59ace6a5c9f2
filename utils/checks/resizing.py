"""Every way of resizing a map that an exercise leaves open."""

import torch.nn.functional as F
from torch import Tensor

__all__ = ["resizings"]

_MODES = (
    {"mode": "bilinear", "align_corners": False},
    {"mode": "bilinear", "align_corners": True},
    {"mode": "nearest"},
    {"mode": "nearest-exact"},
    {"mode": "bicubic", "align_corners": False},
    {"mode": "bicubic", "align_corners": True},
    {"mode": "area"},
    {"mode": "bilinear", "align_corners": False, "antialias": True},
    {"mode": "bicubic", "align_corners": False, "antialias": True},
)


def resizings(image: Tensor, height: int, width: int) -> list[Tensor]:
    """Resize an image, shape (N, C, H, W), in each of torch's modes; only itself if the size is right already."""
    if image.shape[2:] == (height, width):
        return [image]
    return [F.interpolate(image, size=(height, width), **mode) for mode in _MODES]
