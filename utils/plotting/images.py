"""From a loader's tensors to what can be drawn."""

from collections.abc import Iterable, Sequence

import numpy as np
import torch
from torch import Tensor

from utils.ml.batches import iterate_pairs
from utils.ml.errors import BatchError, MissingAnswerError, OptionError

__all__ = ["collect_images", "denormalise", "flatten_masks"]

Statistics = Tensor | np.ndarray | Sequence[float] | None


def collect_images(loader: Iterable, count: int) -> tuple[Tensor, Tensor]:
    """Take the first `count` images and masks of a loader, fewer if it has fewer.

    Returns
    -------
    images : Tensor, shape (n, C, H, W)
    masks : Tensor, shape (n, H, W), float
        0 and 1.
    """
    images, masks, taken = [], [], 0
    for some_images, some_masks in iterate_pairs(loader, "dl"):
        images.append(some_images[: count - taken].cpu())
        masks.append(flatten_masks(some_masks[: count - taken].cpu(), "masks"))
        taken += len(images[-1])
        if taken >= count:
            break
    if not taken:
        raise OptionError("`dl` gave no images; is its dataset empty?")
    images, masks = torch.cat(images), torch.cat(masks)
    if images.dim() != 4 or images.shape[1] not in (1, 3) or images.shape[::2] != masks.shape[:2]:
        raise BatchError(f"Images {tuple(images.shape)} and masks {tuple(masks.shape)} do not fit: need (N, 3, H, W).")
    return images, masks


def flatten_masks(masks: Tensor, what: str) -> Tensor:
    """Return (N, H, W) floats for masks or probabilities of shape (N, H, W) or (N, 1, H, W)."""
    if masks.dim() == 4 and masks.shape[1] == 1:
        masks = masks.squeeze(1)
    if masks.dim() != 3:
        raise BatchError(f"The {what} have shape {tuple(masks.shape)}; expected (N, H, W) or (N, 1, H, W).")
    return masks.float()


def denormalise(images: Tensor, mean: Statistics = None, std: Statistics = None) -> np.ndarray:
    """Turn images back into colours.

    Parameters
    ----------
    images : Tensor, shape (N, C, H, W)
        Normalised by `mean` and `std`, if given. Otherwise in [0, 1], or whole numbers in [0, 255], or anything else,
        which is then stretched image by image.
    mean, std : tensor, array or list of C numbers, optional
        Both or neither.

    Returns
    -------
    ndarray, shape (N, H, W, 3)
        Colours in [0, 1].
    """
    if (mean is None) != (std is None):
        raise OptionError("mean and std go together: pass both or neither.")
    colours = images.float() / 255 if not images.is_floating_point() else images.float()
    if mean is not None:
        colours = colours * _per_channel("std", std, images) + _per_channel("mean", mean, images)
    elif colours.min() < 0 or colours.max() > 1:
        low, high = colours.amin((1, 2, 3), keepdim=True), colours.amax((1, 2, 3), keepdim=True)
        colours = (colours - low) / (high - low).clamp(min=1e-8)
    colours = colours.nan_to_num().clamp(0, 1).expand(-1, 3, -1, -1)
    return colours.permute(0, 2, 3, 1).numpy()


def _per_channel(name: str, values: Statistics, images: Tensor) -> Tensor:
    if values is ...:
        raise MissingAnswerError(name, values)
    numbers = torch.as_tensor(values, dtype=torch.float32, device="cpu").flatten()
    if len(numbers) != images.shape[1]:
        raise OptionError(f"{name} needs one number for each of the {images.shape[1]} channels; got {len(numbers)}.")
    return numbers.view(1, -1, 1, 1)
