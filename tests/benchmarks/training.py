"""What `train_model` costs over the same loop written by hand, and what it gains on a GPU."""

import contextlib
import copy
import io
import time
from collections.abc import Iterable

import torch
from torch import nn

from tests.benchmarks.measuring import Unavailable, compare
from tests.benchmarks.table import Row

EPOCHS, BATCHES, BATCH_SIZE, SIDE = 2, 30, 16, 64
GPU_BATCHES, GPU_BATCH_SIZE, GPU_SIDE = 30, 32, 256


def rows() -> Iterable[Row]:
    """Train both ways, in turn, on batches that lie ready: a network small enough for an overhead to show.

    A step takes some 40 ms on a processor; one of the course's U-Net takes ten times as long.
    """
    import os

    os.environ.pop("WORKSHOP_FAST", None)
    loaders = _loader(BATCHES, BATCH_SIZE, SIDE), _loader(2, BATCH_SIZE, SIDE)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        pair = compare(
            lambda: _by_train_model(_small_network(), *loaders, EPOCHS, device="cpu"),
            lambda: _by_hand(_small_network(), *loaders, EPOCHS, device="cpu"),
            rounds=5,
            clock=time.process_time,
        )
    finally:
        torch.set_num_threads(threads)
    yield Row(
        "train_model, small network, processor", pair.first, "the same loop by hand", pair.second, "at most 1.03",
        "CPU", pair.ratio,
    )  # fmt: skip
    if not torch.cuda.is_available():
        raise Unavailable("training step on a GPU against the seed's loop: there is no CUDA GPU here")
    loaders = _loader(GPU_BATCHES, GPU_BATCH_SIZE, GPU_SIDE), _loader(1, GPU_BATCH_SIZE, GPU_SIDE)
    loaders = tuple([tuple(part.cuda() for part in batch) for batch in loader] for loader in loaders)
    pair = compare(
        lambda: _by_hand(_unet(), *loaders, 1, device="cuda"),
        lambda: _by_train_model(_unet(), *loaders, 1, device="cuda"),
        rounds=7,
    )
    yield Row(
        "the seed's loop, U-Net, 256 px, GPU", pair.first, "train_model", pair.second, "at least 2",
        torch.cuda.get_device_name(), pair.ratio,
    )  # fmt: skip


def _loader(batches: int, size: int, side: int) -> list[tuple[torch.Tensor, torch.Tensor]]:
    generator = torch.Generator().manual_seed(0)
    images = [torch.randn(size, 3, side, side, generator=generator) for _ in range(batches)]
    return [(batch, (batch.mean(1, keepdim=True) > 0).float()) for batch in images]


def _small_network() -> nn.Module:
    torch.manual_seed(0)
    layers = [nn.Conv2d(3, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.Conv2d(16, 16, 3, padding=1), nn.ReLU()]
    return nn.Sequential(*layers, nn.Conv2d(16, 1, 1), nn.Sigmoid())


def _unet() -> nn.Module:
    from tests.checks.harness import state_after

    torch.manual_seed(0)
    with contextlib.redirect_stdout(io.StringIO()):
        return state_after(9)["UNet"]()


def _by_train_model(model, train_loader, val_loader, epochs: int, device: str) -> None:
    from utils.ml import train_model

    with contextlib.redirect_stdout(io.StringIO()):
        train_model(
            model=model, criterion=nn.BCELoss(), optimiser=torch.optim.Adam(model.parameters()), device=device,
            train_loader=train_loader, val_loader=val_loader, num_epochs=epochs, plot_loss=False,
        )  # fmt: skip


def _by_hand(model, train_loader, val_loader, epochs: int, device: str) -> None:
    """Train as the seed does: single precision, the usual layout of memory, best weights kept."""
    model.to(device)
    criterion, optimiser = nn.BCELoss(), torch.optim.Adam(model.parameters())
    best_loss, best_weights = float("inf"), None
    for _ in range(epochs):
        model.train()
        train_loss = val_loss = 0.0
        for images, masks in train_loader:
            images, masks = images.to(device), masks.to(device)
            optimiser.zero_grad()
            loss = criterion(model(images), masks)
            loss.backward()
            optimiser.step()
            train_loss += loss.item() * len(images)
        model.eval()
        with torch.no_grad():
            for images, masks in val_loader:
                images, masks = images.to(device), masks.to(device)
                val_loss += criterion(model(images), masks).item() * len(images)
        if val_loss < best_loss:
            best_loss, best_weights = val_loss, copy.deepcopy(model.state_dict())
    model.load_state_dict(best_weights)
