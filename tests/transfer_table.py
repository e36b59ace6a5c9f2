"""What the stand-in weights are worth on the embedded sample: ``python -m tests.transfer_table``.

Each row is trained with the answers and settings of solutions/SE05/segmentation.py: 64 x 64 pixels, batches of 16, AdamW
with learning rate 1e-3, the notebook's augmentation and split, best epoch by validation loss. Only the epochs are made
equal. A seed decides about fresh weights, the order of the images and their augmentation.
"""

import argparse
import contextlib
import io
import os
import statistics
import tempfile
import time
from pathlib import Path

import torch
from torch.utils.data import DataLoader
from torchvision.models import EfficientNet_B0_Weights

import utils
from tests.checks.harness import state_after
from utils.ml.checkpoints import save_checkpoint
from utils.ml.packed import read_packed
from utils.ml.pretraining.recipe import pretrain

FILE_NAME = EfficientNet_B0_Weights.DEFAULT.url.rpartition("/")[2]
ROWS = {
    "scratch": "U-Net from scratch",
    "random": "U-Net on frozen random features",
    "stand-in": "U-Net on the frozen stand-in",
}


def main() -> None:
    """Train every row with every seed and print mean and standard deviation of the Dice score on the test pairs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--rows", nargs="+", choices=ROWS, default=list(ROWS))
    options = parser.parse_args()
    print(f"Dice on the test pairs after {options.epochs} epochs, seeds {options.seeds}:", flush=True)
    for row in options.rows:
        started = time.monotonic()
        dice = [_dice(row, seed, options.epochs) for seed in options.seeds]
        spread = statistics.stdev(dice) if len(dice) > 1 else float("nan")
        each = ", ".join(f"{value:.3f}" for value in dice)
        print(
            f"{ROWS[row]:<33}{statistics.mean(dice):.3f} ± {spread:.3f}  ({each})  {time.monotonic() - started:.0f} s",
            flush=True,
        )


def _dice(row: str, seed: int, epochs: int) -> float:
    with contextlib.redirect_stdout(io.StringIO()), tempfile.TemporaryDirectory() as folder, _hub(row, folder):
        answers = state_after(11)
        torch.manual_seed(seed)
        answers["train_img_ts"].set_random_seed(seed)
        model = answers["UNet"]() if row == "scratch" else answers["UNetEfficient"]()
        model = utils.ml.train_model(
            model=model,
            criterion=answers["DiceLoss"](),
            optimiser=torch.optim.AdamW([each for each in model.parameters() if each.requires_grad], lr=1e-3),
            train_loader=answers["train_dl"],
            val_loader=answers["valid_dl"],
            num_epochs=epochs,
        )
        pairs = [utils.data.download_dataset(f"skin lesions test{each}", dest_path=folder) for each in ("", " masks")]
        test = answers["ISICDatasetAlbumentations"](*pairs, answers["valid_img_ts"])
        return utils.ml.evaluate_segmentation(model, DataLoader(test, batch_size=16)).dice


@contextlib.contextmanager
def _hub(row: str, folder: str):
    """Let torchvision find the row's weights."""
    before = torch.hub.get_dir()
    if row != "scratch":
        random = row == "random"  # the very weights from which the stand-in's pretraining started
        weights = pretrain("efficientnet_b0", 0).network.state_dict() if random else read_packed("efficientnet_b0")
        save_checkpoint(weights, Path(folder) / "checkpoints" / FILE_NAME)
        torch.hub.set_dir(folder)
    try:
        yield
    finally:
        torch.hub.set_dir(before)


if __name__ == "__main__":
    os.environ["WORKSHOP_DATA"] = "sample"
    main()
