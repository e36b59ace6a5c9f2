"""Pretrain a stand-in and pack it: ``python -m utils.ml.pretraining efficientnet_b0 --out efficientnet_b0.pt``."""

import argparse
import os
from pathlib import Path

import torch

from utils.ml.pretraining.publish import publish
from utils.ml.pretraining.recipe import STEPS, pretrain
from utils.ml.pretraining.source_model import NETWORKS


def main() -> None:
    """Run the recipe on the device that is there, a GPU if any, and write the packed weights and their record."""
    parser = argparse.ArgumentParser(prog="python -m utils.ml.pretraining", description=__doc__)
    parser.add_argument("name", choices=NETWORKS)
    parser.add_argument("--out", type=Path, required=True, help="file for the packed weights; beside it a .json")
    parser.add_argument("--steps", type=int, help="batches of 16 pictures; default: as the shipped file")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="of the CPU")
    parser.add_argument("--notes", type=Path, help="file that keeps the state, so that a broken-off run can go on")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    steps = STEPS[options.name] if options.steps is None else options.steps
    publish(pretrain(options.name, steps, device=device, notes=options.notes), options.name, steps, options.out)


if __name__ == "__main__":
    main()
