"""The checks of SE05, transfer learning for segmentation."""

from utils.checks.se05 import (
    ex01_dataset,
    ex02_statistics,
    ex03_augmentation,
    ex04_synchronised_dataset,
    ex05_split,
    ex06_double_conv,
    ex07_down,
    ex08_up,
    ex09_unet,
    ex10_dice_loss,
    ex11_unet_efficient,
    ex12_fine_tuning,
)
from utils.core.exercise import Session

__all__ = ["SESSION"]

_MODULES = (
    ex01_dataset,
    ex02_statistics,
    ex03_augmentation,
    ex04_synchronised_dataset,
    ex05_split,
    ex06_double_conv,
    ex07_down,
    ex08_up,
    ex09_unet,
    ex10_dice_loss,
    ex11_unet_efficient,
    ex12_fine_tuning,
)

SESSION = Session(
    name="SE05",
    title="Transfer learning for segmentation",
    exercises=tuple(module.EXERCISE for module in _MODULES),
)
