"""The textures of the source task: each fills a square with values from 0 to 1."""

import math

import torch
from torch import Tensor

from utils.ml.pretraining.chance import Chance

__all__ = ["TEXTURES", "draw_textures"]

TURN = 2 * math.pi


def draw_textures(chance: Chance, kinds: Tensor, side: int) -> Tensor:
    """Draw one texture for each entry of `kinds`.

    Parameters
    ----------
    chance : Chance
    kinds : Tensor, shape (N,), int64
        Positions in `TEXTURES`.
    side : int
        In pixels.

    Returns
    -------
    Tensor, shape (N, side, side), values from 0 to 1
    """
    drawn = torch.empty(len(kinds), side, side, device=chance.device)
    for kind, draw in enumerate(TEXTURES.values()):
        where = (kinds == kind).nonzero()[:, 0]
        if len(where):
            drawn[where] = draw(chance, len(where), side)
    return drawn


def _sheet(chance: Chance, count: int, side: int, finest: float = 6) -> tuple[Tensor, Tensor]:
    """Return turned, slightly crumpled coordinates (count, side, side), in periods of `finest` pixels or more."""
    axis = torch.linspace(-0.5, 0.5, side, device=chance.device)
    angle = chance.between(0, TURN, count, 1, 1)
    periods = torch.exp(chance.between(math.log(2.2), math.log(side / finest), count, 1, 1))
    crumple = chance.happens(0.5, count, 1, 1) * chance.between(0, 0.2, count, 1, 1)
    x = axis + chance.between(-0.5, 0.5, count, 1, 1)
    y = axis[:, None] + chance.between(-0.5, 0.5, count, 1, 1)
    across = periods * (angle.cos() * x + angle.sin() * y) + crumple * chance.noise(count, side, 3)
    along = periods * (angle.cos() * y - angle.sin() * x) + crumple * chance.noise(count, side, 3)
    return across, along


def _toned(chance: Chance, values: Tensor) -> Tensor:
    """Squash to 0..1, softly or almost to black and white."""
    return torch.sigmoid(chance.between(2.5, 8, len(values), 1, 1) * values)


def _plain(chance, count, side):
    slope = chance.between(-0.6, 0.6, 2, count, 1, 1)
    axis = torch.linspace(-0.5, 0.5, side, device=chance.device)
    return (0.5 + slope[0] * axis + slope[1] * axis[:, None]).clamp(0, 1)


def _stripes(chance, count, side):
    across, _ = _sheet(chance, count, side)
    return _toned(chance, (TURN * across).sin())


def _waves(chance, count, side):
    across, along = _sheet(chance, count, side, finest=7)
    return _toned(chance, (TURN * (across + chance.between(0.25, 0.6, count, 1, 1) * (TURN * along / 2).sin())).sin())


def _checks(chance, count, side):
    across, along = _sheet(chance, count, side, finest=8)
    return _toned(chance, 2 * (TURN * across).sin() * (TURN * along).sin())


def _dots(chance, count, side):
    across, along = _sheet(chance, count, side, finest=7)
    return _toned(chance, (TURN * across).cos() + (TURN * along).cos() - 1)


def _rings(chance, count, side):
    across, along = _sheet(chance, count, side, finest=7)
    return _toned(chance, (TURN * torch.hypot(across, along)).sin())


def _honeycomb(chance, count, side):
    across, along = _sheet(chance, count, side, finest=7)
    waves = [TURN * (math.cos(turn) * across + math.sin(turn) * along) for turn in (0, TURN / 3, 2 * TURN / 3)]
    return _toned(chance, sum(wave.cos() for wave in waves))


def _clouds(chance, count, side):
    return _toned(chance, chance.noise(count, side, 3, octaves=3))


def _grain(chance, count, side):
    return _toned(chance, chance.noise(count, side, max(side // 3, 2)))


def _marble(chance, count, side):
    return _toned(chance, 1.2 - 4 * chance.noise(count, side, 5, octaves=2).abs())


def _cells(chance, count, side):
    axis = torch.linspace(-0.5, 0.5, side, device=chance.device)
    x, y = chance.between(-0.6, 0.6, 2, 24, count, 1, 1)
    nearest = torch.full((count, side, side), math.inf, device=chance.device)
    second = nearest
    for each_x, each_y in zip(x, y, strict=True):
        distance = torch.hypot(axis - each_x, axis[:, None] - each_y)
        second = torch.minimum(second, torch.maximum(nearest, distance))
        nearest = torch.minimum(nearest, distance)
    return _toned(chance, 20 * (second - nearest) - 1)


TEXTURES = {
    "plain": _plain,
    "stripes": _stripes,
    "waves": _waves,
    "checks": _checks,
    "dots": _dots,
    "rings": _rings,
    "honeycomb": _honeycomb,
    "clouds": _clouds,
    "grain": _grain,
    "marble": _marble,
    "cells": _cells,
}
