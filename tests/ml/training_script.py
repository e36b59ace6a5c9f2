"""A training to be started as a program: killed, resumed, or run in several processes. Draws from every generator."""

import argparse
import random
import time

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

from utils.ml import accuracy, train_model

SIDE = 6


class NoisyImages(Dataset):
    """Images that change with each look, by torch's, numpy's, Python's and albumentations' own generators."""

    def __init__(self, count, noise, seconds):
        generator = torch.Generator().manual_seed(1)
        self.images = torch.rand(count, 3, SIDE, SIDE, generator=generator)
        self.labels = (self.images[:, 0].mean((1, 2)) > 0.5).long()
        self.noise, self.seconds = noise, seconds
        self.flip = _flip() if noise else None

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        time.sleep(self.seconds)
        image = self.images[index]
        if self.noise:
            image = torch.from_numpy(self.flip(image=image.permute(1, 2, 0).numpy())["image"]).permute(2, 0, 1)
            image = image * random.random() + 0.1 * torch.randn(3, 1, 1) + 0.1 * float(np.random.rand())
        return image, self.labels[index]


def _flip():
    import albumentations as A

    return A.Compose([A.HorizontalFlip(p=0.5), A.GaussNoise(p=0.5)], seed=3)


class Classifier(nn.Module):
    def __init__(self, dropout, norm):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4) if norm else nn.Identity(), nn.ReLU())
        self.head = nn.Sequential(nn.Dropout(dropout), nn.Flatten(), nn.Linear(4 * (SIDE - 2) ** 2, 2))

    def forward(self, images):
        return self.head(self.body(images))


def train(*, out, epochs, save_path=None, resume=False, workers=0, noise=True, seconds=0.0, device="cpu"):
    """Train, and write the final weights and the history to `out`."""
    torch.manual_seed(5)
    random.seed(6)
    np.random.seed(7)
    model = Classifier(0.5 if noise else 0.0, norm=noise)
    groups = [{"params": model.body.parameters(), "lr": 1e-2}, {"params": model.head.parameters()}]
    # AdamW hardly notices a gradient that is too large by a factor; plain SGD does.
    optimiser = torch.optim.AdamW(groups) if noise else torch.optim.SGD(groups, lr=0.1)
    train_loader = DataLoader(NoisyImages(21, noise, seconds), batch_size=4, shuffle=True, num_workers=workers)
    model = train_model(
        model=model,
        criterion=nn.CrossEntropyLoss(),
        optimiser=optimiser,
        train_loader=train_loader,
        val_loader=DataLoader(NoisyImages(9, False, 0), batch_size=4),
        num_epochs=epochs,
        save_path=save_path,
        resume=resume,
        metrics={"accuracy": accuracy},
        scheduler=torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, T_max=epochs),
        gradient_clip=1.0 if noise else None,
        device=device,
    )
    if torch.distributed.is_initialized():
        rank = torch.distributed.get_rank()
        out = f"{out}.{rank}"
    torch.save({"weights": model.state_dict(), "rows": model.history.as_rows(), "last": torch.rand(1)}, out)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", required=True)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--save-path")
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--quiet-images", dest="noise", action="store_false")
    parser.add_argument("--seconds", type=float, default=0.0)
    train(**vars(parser.parse_args()))
