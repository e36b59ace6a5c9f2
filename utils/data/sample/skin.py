"""Healthy skin, as layers of pigment and blood over a pale ground, and the light that falls on it."""

import math
from dataclasses import dataclass

import numpy as np

from utils.data.sample.canvas import Canvas, smoothstep

__all__ = ["Tissue", "draw_skin", "lit", "seen_through"]

# How strongly one unit of each pigment dims red, green and blue light (Beer-Lambert): melanin turns skin brown
# because it swallows blue most, blood turns it pink because it swallows green and blue alike.
MELANIN = np.array([0.62, 0.84, 1.02], np.float32)
BLOOD = np.array([0.09, 0.50, 0.44], np.float32)
GROUND = np.array([0.95, 0.86, 0.80], np.float32)
GLARE = 0.045  # light that the surface throws back whatever lies below: even black moles are not quite black

# melanin, blood: from very fair to dark; the fair ones are more frequent, as they are in the archive
TONES = ((0.03, 0.34), (0.08, 0.30), (0.12, 0.46), (0.20, 0.30), (0.30, 0.36), (0.48, 0.34), (0.78, 0.34))
TONE_CHANCES = (0.16, 0.20, 0.18, 0.18, 0.13, 0.09, 0.06)


@dataclass
class Tissue:
    """What lies in the skin, pixel by pixel; drawing a picture adds to it.

    Parameters
    ----------
    melanin, blood : ndarray, shape (H, W), float32
        Amounts, from 0.
    """

    melanin: np.ndarray
    blood: np.ndarray


def draw_skin(canvas: Canvas) -> Tissue:
    """Draw the pigments of healthy skin: a tone, mottles, fine furrows and pores."""
    melanin, blood = TONES[canvas.rng.choice(len(TONES), p=TONE_CHANCES)]
    melanin *= canvas.between(0.75, 1.3)
    furrows = np.abs(canvas.noise(canvas.between(14, 22))) + 0.6 * np.abs(canvas.noise(30))
    lines = 1 - smoothstep(furrows, 0.0, 0.28)
    mottles = canvas.noise(3, octaves=4)
    grain = canvas.noise(60)
    depth = 0.035 + 0.12 * melanin
    return Tissue(
        melanin=melanin + depth * (0.5 * mottles + 0.9 * lines + 0.4 * grain) + _freckles(canvas, depth),
        blood=np.maximum(blood + canvas.between(0.03, 0.11) * canvas.noise(2, octaves=3) - 0.05 * lines, 0.02),
    )


def _freckles(canvas: Canvas, depth: float) -> np.ndarray:
    if not canvas.chance(0.25):
        return np.float32(0)
    return 2 * depth * smoothstep(canvas.noise(canvas.between(11, 18), 2), 0.9, 2.2)


def seen_through(tissue: Tissue) -> np.ndarray:
    """Work out the colour of tissue in white light: shape (H, W, 3), float32, 0 to 1."""
    dimming = np.maximum(tissue.melanin, 0)[..., None] * MELANIN + tissue.blood[..., None] * BLOOD
    return GLARE + (GROUND - GLARE) * np.exp(-dimming)


def lit(canvas: Canvas, colours: np.ndarray) -> np.ndarray:
    """Light a scene as a dermatoscope does: brighter on one side, darker outwards, with a colour cast."""
    x, y = canvas.grid
    angle = canvas.between(0, 2 * np.pi)
    slope = canvas.between(0.0, 0.16) * (math.cos(angle) * x + math.sin(angle) * y)
    fall = canvas.between(0.04, 0.42) * (x * x + y * y)
    brightness = canvas.between(0.90, 1.08) * (1 + slope - fall + 0.02 * canvas.noise(2))
    cast = np.array([1.0, canvas.between(0.95, 1.03), canvas.between(0.91, 1.07)], np.float32)
    return colours * brightness[..., None] * cast
