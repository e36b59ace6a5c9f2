"""The recipe: how a network is pretrained on drawn pictures."""

import os
import time
from pathlib import Path

import torch
from torch import nn

from utils.ml.pretraining.pictures import draw_pictures
from utils.ml.pretraining.source_model import SourceModel
from utils.ml.progress import say

__all__ = ["BATCH", "HELD_OUT", "SEED", "SIDE", "STEPS", "pretrain"]

STEPS = {"efficientnet_b0": 2150, "resnet18": 2060}  # of the shipped weights
SEED = 2016
SIDE = 64  # pixels, the workshop's size
SMALL_SIDE = 48  # for the first part, at less cost
SMALL = 0.85  # share of the steps that this first part takes
BATCH = 16
PEAK = 1e-3  # learning rate of AdamW
WARM_UP = 100  # steps
DECAY = 0.2  # share of the steps, at the end, in which the learning rate falls to 0
HELD_OUT = 1 << 40  # seeds from here on draw pictures that no training step sees
SETTLING = 32  # batches of 64 pictures for the last word on batch-norm statistics
SAVE_SECONDS = 240


def pretrain(name: str, steps: int, *, device: torch.device | str = "cpu", notes: Path | None = None) -> SourceModel:
    """Pretrain a network of torchvision on pictures drawn on the way; each is seen once.

    Step i draws its pictures from a seed of its own, so a training that was broken off goes on as if nothing had happened.

    Parameters
    ----------
    name : str
        One of `source_model.NETWORKS`.
    steps : int
        Batches of 16 pictures.
    device : torch.device or str, default "cpu"
    notes : Path, optional
        A file that keeps the state of the training, written every few minutes. If it is there, training goes on
        from it, also when `steps` is another number now.

    Returns
    -------
    SourceModel
        In evaluation mode, with batch-norm statistics averaged over fresh pictures.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(SEED)
        model = SourceModel(name)
    model.to(device, memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(model.parameters(), weight_decay=0.02, fused=True)
    first = _load(notes, model, optimiser)
    saved = started = time.monotonic()
    model.train()
    for step in range(first, steps):
        for group in optimiser.param_groups:
            group["lr"] = PEAK * min((step + 1) / WARM_UP, 1, (steps - step) / (DECAY * steps))
        pictures = draw_pictures(BATCH, SMALL_SIDE if step < SMALL * steps else SIDE, SEED + step, device)
        losses = model.losses(pictures)
        optimiser.zero_grad()
        sum(losses.values()).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimiser.step()
        if (step + 1) % 50 == 0:
            told = ", ".join(f"{name} {loss.item():.2f}" for name, loss in losses.items())
            say(f"step {step + 1} of {steps}, {time.monotonic() - started:.0f} s: {told}")
        if notes and time.monotonic() - saved > SAVE_SECONDS:
            _save(notes, model, optimiser, step + 1)
            saved = time.monotonic()
    if notes:
        _save(notes, model, optimiser, steps)
    _settle(model, device)
    return model


@torch.no_grad()
def _settle(model: nn.Module, device: torch.device | str) -> None:
    """Average the running statistics of the batch norms over fresh pictures; then evaluation mode."""
    norms = [module for module in model.modules() if isinstance(module, nn.BatchNorm2d)]
    momenta = [norm.momentum for norm in norms]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # torch then averages over batches with equal weights
    model.train()
    for batch in range(SETTLING):
        model(draw_pictures(64, SIDE, 2 * HELD_OUT + batch, device).images)
    for norm, momentum in zip(norms, momenta, strict=True):
        norm.momentum = momentum
    model.eval()


def _save(notes: Path, model: nn.Module, optimiser: torch.optim.Optimizer, step: int) -> None:
    notes.parent.mkdir(parents=True, exist_ok=True)
    partial = notes.with_suffix(".partial")
    torch.save({"model": model.state_dict(), "optimiser": optimiser.state_dict(), "step": step}, partial)
    os.replace(partial, notes)


def _load(notes: Path | None, model: nn.Module, optimiser: torch.optim.Optimizer) -> int:
    if notes is None or not notes.exists():
        return 0
    state = torch.load(notes, map_location="cpu", weights_only=True)
    model.load_state_dict(state["model"])
    optimiser.load_state_dict(state["optimiser"])
    return state["step"]
