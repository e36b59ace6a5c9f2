"""Measure what many draws from a student's augmentation do to the colours of a test card."""

from dataclasses import dataclass

import numpy as np

from utils.checks.augmentation import COLOURS, Views

__all__ = ["Colours", "measure_colours"]

_DARKEST, _BRIGHTEST = 3.0, 250.0  # beyond, values may have been clipped and measure nothing
_ALIKE = 5.0  # grey levels; on the card the two are 100 apart
_COLOURFUL = 8.0  # grey levels between channels; with less, a colour has no hue to speak of
_ALIKE_HUES = 0.15  # correlation; without a common shift 300 draws leave 0.06
_CHANGED = 0.8  # grey levels; rounding and interpolation alone make half of that


@dataclass(frozen=True)
class Colours:
    """How much the colours vary.

    Attributes
    ----------
    count : int
        Draws whose colours changed and could be measured.
    flat : float
        Share of all draws in which the dark and the bright disc came out alike in some channel.
    grey_gap : float
        Difference between the channels of the grey discs in the draws where it is small, on 0 to 255; near 0 if the
        normalisation fits.
    levels : ndarray, shape (2,)
        Median brightness of the dark and of the bright grey disc, relative to the card's.
    tone : float
        Spread of brightness and contrast in the direction in which they vary least; 0 if only one of them varies.
    hue : float
        Spread of the hue in degrees.
    saturation : float
        Spread of the saturation, in grey levels. All three spreads are taken over the draws that change colours at all.
    """

    count: int
    flat: float
    grey_gap: float
    levels: np.ndarray
    tone: float
    hue: float
    saturation: float


def measure_colours(views: Views) -> Colours:
    """Measure how much brightness and contrast, hue and saturation vary from draw to draw."""
    colours = views.colours[np.isfinite(views.colours).all(axis=(1, 2))]
    if not len(colours):
        return Colours(0, 0.0, np.inf, np.zeros(2), 0.0, 0.0, 0.0)
    # Some colour changes tint grey, but not in every draw; a wrong normalisation does.
    gap = float(np.quantile(np.ptp(colours[:, :2], axis=2).max(axis=1), 0.05))
    levels = np.median(colours[:, :2].mean(axis=2), axis=0) / COLOURS[:2, 0]
    flat = float(np.mean(np.abs(colours[:, 1] - colours[:, 0]).min(axis=1) < _ALIKE))
    inside = ((colours > _DARKEST) & (colours < _BRIGHTEST)).all(axis=(1, 2))
    changed = np.abs(colours - COLOURS).max(axis=(1, 2)) > _CHANGED
    colours = colours[inside & changed]
    if len(colours) < 2:
        return Colours(len(colours), flat, gap, levels, 0.0, 0.0, 0.0)
    # Between grey levels every change of brightness or contrast is g -> scale * g + shift. The largest channel is
    # taken because HSV's saturation tints grey by lowering the others.
    dark, bright = colours[:, 0].max(axis=1), colours[:, 1].max(axis=1)
    scale = (bright - dark) / (COLOURS[1, 0] - COLOURS[0, 0])
    shift = dark - scale * COLOURS[0, 0]
    tones = np.stack([scale, shift / 128], axis=1)
    tone = np.sqrt(np.linalg.eigvalsh(np.cov(tones.T))[0].clip(0))
    saturation = _saturation_spread(colours, scale)
    return Colours(len(colours), flat, gap, levels, float(tone), _hue_spread(colours[:, 2:4]), saturation)


def _hue_spread(colours) -> float:
    """Return by how many degrees the hue of the two reddish discs varies; noise, which varies each by itself, is none."""
    colours = colours[(np.ptp(colours, axis=2) > _COLOURFUL).all(axis=1)]
    if len(colours) < 2:
        return 0.0
    red, green, blue = np.moveaxis(colours, 2, 0)
    # Angle around the grey axis; brightness, contrast and saturation move along it or towards it, never around.
    turns = np.exp(1j * np.arctan2(np.sqrt(3) * (green - blue), 2 * red - green - blue))
    shifts = np.angle(turns / turns.mean(axis=0))
    sizes = np.sqrt((shifts**2).mean(axis=0))
    alike = (shifts[:, 0] * shifts[:, 1]).mean() > _ALIKE_HUES * sizes.prod()
    resultant = np.abs(turns[:, 0].mean())
    return float(np.degrees(np.sqrt(max(-2 * np.log(max(resultant, 1e-9)), 0)))) if alike else 0.0


def _saturation_spread(colours, scale) -> float:
    # A shift of HSV's value scales chroma as well. It would explain both reddish discs by one and the same shift; a
    # change of saturation would need two different ones, and their difference is what is measured.
    shifts = []
    for number in (2, 3):
        chroma = np.ptp(colours[:, number], axis=1)
        expected = scale * np.ptp(COLOURS[number])
        shifts.append(colours[:, number].max(axis=1) * (1 - expected / chroma.clip(1)))
    return float(np.std(shifts[0] - shifts[1]))
