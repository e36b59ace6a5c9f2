"""A drawn chest X-ray for the figures of SE06, in few shades so that files stay small."""

from functools import cache

import numpy as np

from utils.data.xrays import draw_chest

__all__ = ["draw_xray"]

SIDE, SHADE = 64, 10  # pixels; grey levels between two shades
NUMBER = 5


@cache
def draw_xray() -> np.ndarray:
    """Return the same sick lung each time, uint8 (64, 64)."""
    pixels = draw_chest(np.random.default_rng([2018, NUMBER]), SIDE, sick=True)
    return (np.round(pixels / SHADE) * SHADE).clip(0, 255).astype(np.uint8)
