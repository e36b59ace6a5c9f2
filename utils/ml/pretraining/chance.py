"""Random numbers for drawing in batches, all from one generator."""

import torch
from torch import Tensor
from torch.nn.functional import interpolate

__all__ = ["Chance"]


class Chance:
    """Draws tensors on one device; equal seeds give equal pictures on the same kind of device.

    Parameters
    ----------
    seed : int
    device : torch.device or str, default "cpu"
    """

    def __init__(self, seed: int, device: torch.device | str = "cpu") -> None:
        self.device = torch.device(device)
        self._generator = torch.Generator(self.device).manual_seed(seed)

    def between(self, low: float, high: float, *shape: int) -> Tensor:
        """Draw uniform numbers from `low` to `high`."""
        return low + (high - low) * torch.rand(shape, generator=self._generator, device=self.device)

    def normal(self, *shape: int) -> Tensor:
        """Draw normal numbers of mean 0 and standard deviation 1."""
        return torch.randn(shape, generator=self._generator, device=self.device)

    def pick(self, count: int, *shape: int) -> Tensor:
        """Draw whole numbers from 0 to `count - 1`, all equally likely."""
        return torch.randint(count, shape, generator=self._generator, device=self.device)

    def happens(self, probability: float, *shape: int) -> Tensor:
        """Draw 1.0 with the given probability, else 0.0."""
        return (self.between(0, 1, *shape) < probability).float()

    def noise(self, count: int, side: int, cells: int, octaves: int = 1) -> Tensor:
        """Draw smooth noise (count, side, side) of about unit spread; `cells` bumps fit along a side."""
        total = torch.zeros(count, 1, side, side, device=self.device)
        for octave in range(octaves):
            grid = min(cells << octave, side)
            layer = self.normal(count, 1, grid + 1, grid + 1) / 2**octave
            total += interpolate(layer, size=(side, side), mode="bilinear", align_corners=True)
        return 1.4 * total[:, 0]
