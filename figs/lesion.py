"""A skin lesion drawn by numpy, with its exact mask: no patient's picture is needed to explain one."""

from dataclasses import dataclass

import numpy as np

from figs.networks import SIDE

__all__ = ["Lesion", "contour", "draw_lesion"]

SKIN = np.array([229.0, 186.0, 165.0])
RIM = np.array([168.0, 104.0, 78.0])
CORE = np.array([84.0, 48.0, 42.0])
HARMONICS = ((2, 0.13, 0.4), (3, 0.10, 2.1), (5, 0.055, 0.9), (9, 0.02, 4.0))  # waves, height, phase of the outline


@dataclass(frozen=True)
class Lesion:
    """A dermoscopic image, uint8 (side, side, 3), and its mask, bool (side, side)."""

    image: np.ndarray
    mask: np.ndarray


def _outline(angle: np.ndarray, radius: float) -> np.ndarray:
    """Return the lesion's radius at each angle, in image sides."""
    waves = sum(height * np.cos(count * angle + phase) for count, height, phase in HARMONICS)
    return radius * (1 + waves)


def _texture(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return smooth blotches in [-1, 1]: a few crossing waves."""
    waves = ((7, 3, 0.3), (-4, 9, 1.7), (11, 8, 4.1), (5, -13, 2.6), (17, 2, 5.2))
    return sum(np.sin(2 * np.pi * (a * x + b * y) / 3 + phase) for a, b, phase in waves) / len(waves)


def contour(*, centre: tuple[float, float] = (0.40, 0.44), radius: float = 0.27, points: int = 240) -> np.ndarray:
    """Return the mask's outline, (points, 2), as x and y in image sides, y pointing down."""
    angle = np.linspace(0, 2 * np.pi, points, endpoint=False)
    distance = _outline(angle, radius)
    return np.stack([centre[0] + distance * np.cos(angle), centre[1] + distance * np.sin(angle)], axis=1)


def draw_lesion(*, side: int = SIDE, centre: tuple[float, float] = (0.40, 0.44), radius: float = 0.27) -> Lesion:
    """Draw a brown, irregular lesion on skin and return it with the mask of what lies inside its outline."""
    ticks = (np.arange(side) + 0.5) / side
    x, y = np.meshgrid(ticks, ticks)
    across, down = x - centre[0], y - centre[1]
    relative = np.hypot(across, down) / _outline(np.arctan2(down, across), radius)
    blotches = _texture(x, y)
    inside = 1 / (1 + np.exp((relative - 1) * 26))
    depth = np.clip(1.05 - relative + 0.38 * blotches + 0.25 * across / radius, 0, 1)
    body = RIM + depth[..., None] * (CORE - RIM)
    skin = SKIN + blotches[..., None] * 5 - 26 * (across**2 + down**2)[..., None]
    colours = skin + inside[..., None] * (body - skin)
    steps = np.round(colours / 4) * 4  # fewer shades: smaller files, no visible loss
    return Lesion(np.clip(steps, 0, 255).astype(np.uint8), relative <= 1)
