"""Weights that stand in for a pretrained network where none can be had.

An untrained network in evaluation mode is dead: batch norm divides by running variances of 1 that have nothing to do
with its signals, and the features shrink towards 0 layer by layer. Measured statistics keep them alive.
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate

__all__ = ["draw_stand_in"]

SEED = 2016
BATCHES = ((32, 64), (8, 224))  # images, side in pixels: the workshop's size and the network's own


def draw_stand_in(name: str) -> dict[str, Tensor]:
    """Draw random weights with measured batch-norm statistics; the same ones on every call.

    Parameters
    ----------
    name : str
        torchvision's name of the model.

    Returns
    -------
    dict of str to Tensor
        A state dict on the CPU. The global random state is as before.
    """
    from torchvision.models import get_model

    with torch.random.fork_rng(devices=[]), torch.device("cpu"):
        torch.manual_seed(SEED)
        model = get_model(name, weights=None).eval()  # evaluation turns stochastic depth and dropout off
        _calibrate(model, [_draw_images(count, side) for count, side in BATCHES])
    return {key: value.clone() for key, value in model.state_dict().items()}


@torch.no_grad()
def _calibrate(model: nn.Module, batches: list[Tensor]) -> None:
    """Set the running statistics of every batch norm to the mean over those of the batches."""
    norms = [module for module in model.modules() if isinstance(module, nn.BatchNorm2d)]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # torch then averages over batches with equal weights
        norm.train()
    for images in batches:
        model(images)


def _draw_images(count: int, side: int) -> Tensor:
    """Draw images (count, 3, side, side) of mean 0 and standard deviation 1: soft noise with a darker blob."""
    grey, colour = _soft_noise(count, 1, side), _soft_noise(count, 3, side)
    rows, columns = torch.meshgrid(*[torch.linspace(-1, 1, side)] * 2, indexing="ij")
    centres, radii = torch.rand(2, count, 1, 1) - 0.5, 0.2 + 0.4 * torch.rand(2, count, 1, 1)
    distances = ((rows - centres[0]) / radii[0]) ** 2 + ((columns - centres[1]) / radii[1]) ** 2
    blobs = torch.sigmoid(8 * (1 - distances)).unsqueeze(1)  # (count, 1, side, side)
    images = grey + 0.4 * colour - 2 * blobs
    spread, mean = torch.std_mean(images, dim=(0, 2, 3), keepdim=True)
    return (images - mean) / spread


def _soft_noise(count: int, channels: int, side: int) -> Tensor:
    """Add up noise at several scales, the coarser the stronger, as in photographs."""
    grids = [cells for cells in (2, 4, 8, 16, 32, 64) if cells <= side]
    layers = [torch.randn(count, channels, cells, cells) / cells**0.5 for cells in grids]
    return sum(interpolate(layer, size=(side, side), mode="bicubic") for layer in layers)
