"""The checks of SE06, transfer learning for classification."""

from utils.checks.se06 import (
    ex01_head,
    ex02_freezing,
    ex03_grayscale_stem,
    ex04_partial_unfreezing,
    ex05_discriminative_rates,
    ex06_training_step,
    ex07_augmentation,
    ex08_strategy,
)
from utils.core.exercise import Session, WrittenQuestion

__all__ = ["SESSION"]

_MODULES = (
    ex01_head,
    ex02_freezing,
    ex03_grayscale_stem,
    ex04_partial_unfreezing,
    ex05_discriminative_rates,
    ex06_training_step,
    ex07_augmentation,
    ex08_strategy,
)

SESSION = Session(
    name="SE06",
    title="Transfer learning for classification",
    exercises=tuple(module.EXERCISE for module in _MODULES),
    questions=(
        WrittenQuestion(number=1, title="What your experiment shows", points=10),
        WrittenQuestion(number=2, title="Advice to a hospital", points=10),
    ),
)
