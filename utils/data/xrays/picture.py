"""One drawn chest: lungs, ribs, heart and diaphragm seen in X-rays, healthy or with a patch of infiltrate.

What tells the two classes apart is texture. A sick lung has a patch of grains, mottled bright and dark about its own
mean; a healthy one has a smooth veil of the same size and strength in its place, and both have vessels, noise and an
exposure of their own. Brightness and contrast of the whole picture therefore say next to nothing.
"""

import numpy as np

from utils.data.sample.canvas import Canvas, smoothstep

__all__ = ["draw_chest"]


def draw_chest(rng: np.random.Generator, side: int, *, sick: bool) -> np.ndarray:
    """Draw one picture.

    Parameters
    ----------
    rng : numpy.random.Generator
        Where every random choice comes from.
    side : int
        Height and width in pixels.
    sick : bool
        Whether there is an infiltrate.

    Returns
    -------
    ndarray, shape (side, side), uint8
        Bright is dense, as on a film: bone and heart are bright, air is dark.
    """
    canvas = Canvas(rng, side, side)
    lungs, middles = _draw_lungs(canvas)
    density = _draw_body(canvas, lungs)
    density += 0.10 * _draw_ribs(canvas) * (0.4 + 0.6 * lungs)
    density += 0.04 * canvas.noise(8) * lungs  # vessels
    density += _draw_patch(canvas, lungs, middles, sick=sick)
    return _exposed(canvas, density)


def _draw_lungs(canvas: Canvas) -> tuple[np.ndarray, list[tuple[float, float]]]:
    """Return how much lung there is in each pixel, 0 to 1, and the middle of each lung."""
    x, y = canvas.grid
    tilt, height = canvas.normal(0, 0.05), canvas.between(-0.06, 0.02)
    lungs, middles = np.zeros((canvas.height, canvas.width), np.float32), []
    for sign in (-1, 1):
        across, down = sign * canvas.between(0.19, 0.23), height + canvas.between(-0.02, 0.02)
        wide, tall = canvas.between(0.12, 0.155), canvas.between(0.27, 0.33)
        u, v = x - across - tilt * (y - down), y - down
        narrowing = 1 + 0.5 * (v / tall)  # a lung is narrower at its top
        radius = np.hypot(u / (wide * np.clip(narrowing, 0.5, 1.4)), v / tall)
        dome = smoothstep(down + tall * 0.78 - 0.10 * np.cos(3 * u / wide) * np.ones_like(y) - y, -0.03, 0.03)
        lungs = np.maximum(lungs, (1 - smoothstep(radius, 0.85, 1.12)) * dome)
        middles.append((across, down))
    return lungs, middles


def _draw_body(canvas: Canvas, lungs: np.ndarray) -> np.ndarray:
    """Return the density of the trunk without its bones: dark air around it, dark lungs in it, a bright middle."""
    x, y = canvas.grid
    trunk = 1 - smoothstep(np.abs(x) + 0.10 * np.abs(y - 0.5) ** 2, 0.40, 0.52)
    neck = 1 - smoothstep(np.abs(x), 0.07, 0.16)
    shoulders = smoothstep(y + 0.5 - 0.7 * np.abs(x), -0.12, 0.10)
    trunk = np.maximum(trunk * shoulders, neck * np.ones_like(y))
    spine = np.exp(-((x / 0.05) ** 2)) * np.ones_like(y)
    heart_x, heart_y = canvas.between(0.03, 0.07), canvas.between(0.10, 0.16)
    heart = np.exp(-(((x - heart_x) / 0.13) ** 2) - ((y - heart_y) / 0.15) ** 2)
    depth = canvas.between(0.34, 0.44)
    return trunk * (0.62 - depth * lungs + 0.18 * spine + 0.24 * heart + 0.10 * smoothstep(y, 0.20, 0.45))


def _draw_ribs(canvas: Canvas) -> np.ndarray:
    """Return the ribs, as stripes that sink towards the sides, and the two collarbones."""
    x, y = canvas.grid
    spacing, phase = canvas.between(0.085, 0.105), canvas.between(0, 1)
    sunken = y - canvas.between(0.5, 0.8) * np.clip(np.abs(x) - 0.02, 0, None) ** 1.3
    ribs = smoothstep(np.cos(2 * np.pi * (sunken / spacing + phase)), 0.35, 0.95)
    rising = y + 0.34 + canvas.between(0.15, 0.3) * (np.abs(x) - 0.2)
    bones = np.exp(-((rising / 0.025) ** 2)) * smoothstep(np.abs(x), 0.03, 0.10)
    return ribs * smoothstep(y, -0.45, -0.25) + 1.3 * bones


def _draw_patch(canvas: Canvas, lungs: np.ndarray, middles: list[tuple[float, float]], *, sick: bool) -> np.ndarray:
    """Return what is added to one or both lungs: grains if sick, a smooth veil if not, of mean 0 and equal spread."""
    x, y = canvas.grid
    added = np.zeros_like(lungs)
    chosen = middles if canvas.chance(0.35) else [middles[int(canvas.chance(0.5))]]
    for across, down in chosen:
        u = x - across - canvas.between(-0.04, 0.04)
        v = y - down - canvas.between(-0.14, 0.14)
        where = np.exp(-((u / canvas.between(0.10, 0.14)) ** 2) - (v / canvas.between(0.12, 0.18)) ** 2)
        texture = canvas.noise(20) if sick else canvas.noise(4)
        added += canvas.between(0.10, 0.20) * where * lungs * _standardised(texture, where * lungs)
    return added + canvas.between(0.0, 0.06) * lungs  # both kinds of lung are more or less filled with air


def _standardised(texture: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Shift and scale a texture to mean 0 and spread 1 where it counts."""
    total = weights.sum() + 1e-6
    mean = (texture * weights).sum() / total
    spread = np.sqrt(((texture - mean) ** 2 * weights).sum() / total)
    return (texture - mean) / max(float(spread), 1e-3)


def _exposed(canvas: Canvas, density: np.ndarray) -> np.ndarray:
    """Turn densities into the grey levels of a film: exposure, contrast and grain differ from picture to picture."""
    gain, shift, gamma = canvas.between(0.75, 1.15), canvas.between(-0.06, 0.10), canvas.between(0.8, 1.25)
    levels = np.clip(gain * density + shift, 0, 1) ** gamma
    levels += canvas.between(0.008, 0.035) * canvas.rng.standard_normal(levels.shape, np.float32)
    return (255 * np.clip(levels, 0, 1)).round().astype(np.uint8)
