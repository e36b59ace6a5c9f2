"""What the stages of a pretrained encoder respond to."""

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from utils.ml.batches import predicting
from utils.ml.errors import OptionError
from utils.ml.options import check_answers, check_count, suggest_options
from utils.plotting.explorers.controls import Choice, Slider
from utils.plotting.explorers.pairs import take_pairs
from utils.plotting.explorers.panel import Explorer
from utils.plotting.explorers.views import Tile, View, heat, outlined

__all__ = ["encoder_explorer", "explore_encoder"]

INPUT_SIDE = 224  # what EfficientNet-B0 was designed for
IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # torchvision's, of its weights
CHANNELS = 4


@suggest_options
def explore_encoder(encoder, dataset, *, n_images=6) -> None:
    """Show the feature maps of an encoder's stages for an image.

    Parameters
    ----------
    encoder : Sequential
        Stages that follow each other, such as ``efficientnet_b0(...).features``. Its mode is as before afterwards.
    dataset : sequence of (PIL image, PIL mask)
        Such as ``ISICDataset(image_dir, mask_dir)``, without transforms.
    n_images : int, default 6
        How many images can be chosen from.

    Raises
    ------
    MissingAnswerError, OptionError, BatchError
        If something is still ``...``, or of another kind.
    """
    encoder_explorer(encoder, dataset, n_images=n_images).show()


def encoder_explorer(encoder, dataset, *, n_images=6) -> Explorer:
    """Return the explorer that `explore_encoder` shows; an image goes through the encoder when it is first chosen."""
    check_answers(encoder=encoder, dataset=dataset)
    if not isinstance(encoder, nn.Sequential):
        raise OptionError(f"`encoder` has to be an nn.Sequential of stages; got {type(encoder).__name__}.")
    pairs = take_pairs(dataset, check_count("n_images", n_images))
    pictures = [_square(image) for image, _ in pairs]
    maps = _Maps(encoder, pictures)
    shapes = [tuple(stage.shape) for stage in maps.get(0)]

    def view(image: int, stage: int) -> View:
        features = maps.get(image - 1)[stage]  # (C, h, w)
        strength = features.abs().mean(0)
        spread = features.flatten(1).std(1, unbiased=False)
        strongest = spread.topk(min(CHANNELS, len(spread))).indices.tolist()
        tiles = [
            Tile("the image", outlined(pictures[image - 1])),
            Tile("all channels: mean strength", heat(strength.numpy())),
            *(Tile(f"channel {channel}", heat(features[channel].numpy())) for channel in strongest),
        ]
        channels, height, width = features.shape
        says = (
            f"features[{stage}]: {channels} maps of {height} × {width} points; a point stands for {INPUT_SIDE // height} × "
            f"{INPUT_SIDE // width} pixels. Shown are the {len(strongest)} channels that vary most over this image."
        )
        return View(tuple(tiles), says)

    stages = tuple((f"features[{n}]: {c} maps of {h} × {w}", n) for n, (c, h, w) in enumerate(shapes))
    controls = {"image": Slider("image:", 1, len(pairs), 1), "stage": Choice("stage:", stages)}
    still = [{"stage": stage} for stage in sorted({0, len(stages) // 3, 2 * len(stages) // 3, len(stages) - 1})]
    title = "What the stages respond to, from the first (fine, simple) to the last (coarse, specific)"
    return Explorer(title, controls, view, still)


class _Maps:
    """The outputs of all stages for each image, computed once."""

    def __init__(self, encoder: nn.Sequential, pictures: list[np.ndarray]):
        self._encoder, self._pictures, self._made = encoder, pictures, {}

    def get(self, index: int) -> list[Tensor]:
        """Return a map (C, h, w) for each stage."""
        if index not in self._made:
            mean, std = (torch.tensor(values).view(3, 1, 1) for values in (IMAGENET_MEAN, IMAGENET_STD))
            image = torch.from_numpy(self._pictures[index]).permute(2, 0, 1).float()
            with predicting(self._encoder) as device:
                features, outputs = ((image - mean) / std)[None].to(device), []
                for stage in self._encoder:
                    features = stage(features)
                    outputs.append(features[0].float().cpu())
            self._made[index] = outputs
        return self._made[index]


def _square(image: np.ndarray) -> np.ndarray:
    """Return an image (H, W, 3) uint8 as colours in [0, 1], 224 pixels high and wide."""
    resized = Image.fromarray(image).resize((INPUT_SIDE, INPUT_SIDE), Image.Resampling.BICUBIC)
    return np.array(resized, dtype=np.float32) / 255
