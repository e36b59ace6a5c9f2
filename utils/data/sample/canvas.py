"""The sheet a picture is drawn on: its size, its random numbers, and the smooth fields everything is made of."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from PIL import Image, ImageDraw

__all__ = ["Canvas", "smoothstep"]

OVERSAMPLING = 2  # strokes are drawn this much larger and averaged down, which is what makes them smooth


@dataclass(frozen=True)
class Canvas:
    """Size and random numbers of one picture.

    Parameters
    ----------
    rng : numpy.random.Generator
        Where every random choice of this picture comes from.
    height, width : int
        Size in pixels.
    """

    rng: np.random.Generator
    height: int
    width: int

    @property
    def short(self) -> int:
        """The shorter side, in pixels; the unit of length of everything drawn."""
        return min(self.height, self.width)

    @cached_property
    def grid(self) -> tuple[np.ndarray, np.ndarray]:
        """Coordinates x, shape (1, W), and y, shape (H, 1): zero in the centre, one short side long per unit."""
        x = (np.arange(self.width, dtype=np.float32) + 0.5 - self.width / 2) / self.short
        y = (np.arange(self.height, dtype=np.float32) + 0.5 - self.height / 2) / self.short
        return x[None, :], y[:, None]

    @property
    def extent(self) -> tuple[float, float]:
        """Half the width and half the height, in short sides."""
        return self.width / self.short / 2, self.height / self.short / 2

    def chance(self, probability: float) -> bool:
        """Decide yes with this probability."""
        return bool(self.rng.random() < probability)

    def between(self, low: float, high: float) -> float:
        """Draw a number evenly between two bounds."""
        return float(self.rng.uniform(low, high))

    def normal(self, centre: float, spread: float) -> float:
        """Draw a number from a normal distribution; a plain float, so that arrays stay float32."""
        return float(self.rng.normal(centre, spread))

    def noise(self, cells: float, octaves: int = 1) -> np.ndarray:
        """Draw a smooth random field.

        Parameters
        ----------
        cells : float
            Number of hills along the shorter side, in the coarsest octave.
        octaves : int, default 1
            How often to add a field twice as fine and half as strong.

        Returns
        -------
        ndarray, shape (H, W), float32
            Mean near 0, standard deviation near 0.6.
        """
        total = np.zeros((self.height, self.width), np.float32)
        for octave in range(octaves):
            count = cells * 2**octave / self.short
            rows, columns = math.ceil(count * self.height) + 2, math.ceil(count * self.width) + 2
            hills = self.rng.standard_normal((rows, columns)).astype(np.float32)
            total += np.asarray(self._stretch(hills)) / 2**octave
        return total

    def strokes(self) -> tuple[Image.Image, ImageDraw.ImageDraw]:
        """Open an empty sheet, `OVERSAMPLING` times as large, to draw lines and dots on."""
        sheet = Image.new("L", (self.width * OVERSAMPLING, self.height * OVERSAMPLING))
        return sheet, ImageDraw.Draw(sheet)

    def coverage(self, sheet: Image.Image) -> np.ndarray:
        """Turn a sheet of strokes into how much of each pixel they cover: shape (H, W), float32, 0 to 1."""
        return np.asarray(sheet.reduce(OVERSAMPLING), np.float32) / 255

    def to_sheet(self, x: np.ndarray, y: np.ndarray) -> list[tuple[float, float]]:
        """Turn coordinates in short sides into points on a sheet of strokes."""
        unit = self.short * OVERSAMPLING
        across = np.asarray(x) * unit + self.width * OVERSAMPLING / 2
        down = np.asarray(y) * unit + self.height * OVERSAMPLING / 2
        return list(zip(across.tolist(), down.tolist(), strict=True))

    def _stretch(self, hills: np.ndarray) -> Image.Image:
        return Image.fromarray(hills).resize((self.width, self.height), Image.Resampling.BICUBIC)


def smoothstep(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """Rise smoothly from 0, at or below `low`, to 1, at or above `high`; element by element."""
    position = np.clip((values - low) / (high - low), 0, 1)
    return position * position * (3 - 2 * position)
