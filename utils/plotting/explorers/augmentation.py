"""What a transform does to images and masks, together and apart."""

import copy

import torch

from utils.ml.errors import BatchError, OptionError
from utils.ml.metrics import dice_score
from utils.ml.options import check_answers, check_count, suggest_options
from utils.plotting.explorers.controls import Choice, Slider, Toss
from utils.plotting.explorers.pairs import Pair, take_pairs
from utils.plotting.explorers.panel import Explorer
from utils.plotting.explorers.views import Tile, View, outlined
from utils.plotting.images import denormalise
from utils.plotting.outlines import TRUTH

__all__ = ["augmentation_explorer", "explore_augmentation"]

DRAWS = 3


@suggest_options
def explore_augmentation(dataset, transform, *, n_images=6, mean=None, std=None) -> None:
    """Show what a transform makes of an image and its mask, in one call for both or in one call for each.

    Parameters
    ----------
    dataset : sequence of (PIL image, PIL mask)
        Such as ``ISICDataset(image_dir, mask_dir)``, without transforms.
    transform : callable
        An albumentations pipeline that ends in tensors, such as ``train_img_ts``. A copy is used, so that its own random
        generator stays where it was.
    n_images : int, default 6
        How many images can be chosen from.
    mean, std : tensor, array or list of 3 numbers, optional
        What the transform normalises with.

    Raises
    ------
    MissingAnswerError, OptionError, BatchError
        If something is still ``...``, or gives something else than expected.
    """
    augmentation_explorer(dataset, transform, n_images=n_images, mean=mean, std=std).show()


def augmentation_explorer(dataset, transform, *, n_images=6, mean=None, std=None) -> Explorer:
    """Return the explorer that `explore_augmentation` shows."""
    check_answers(dataset=dataset, transform=transform)
    if not callable(transform):
        raise OptionError(f"`transform` has to be a pipeline that can be called; got {type(transform).__name__}.")
    pairs = take_pairs(dataset, check_count("n_images", n_images))
    draws = _Draws(pairs, transform)

    def view(image: int, together: bool, toss: int) -> View:
        picture, mask = pairs[image - 1]
        tiles = [Tile("the image and its mask, as they are", outlined(picture / 255, (mask, TRUTH)))]
        scores = []
        for pixels, own, other in draws.get(image - 1, toss):
            shown = own if together else other
            scores.append(dice_score(shown[None].float(), own[None]).item())
            colours = denormalise(pixels[None], mean, std)[0]
            tiles.append(Tile(f"mask on image: Dice {scores[-1]:.2f}", outlined(colours, (shown.numpy(), TRUTH))))
        if together:
            says = "One call for both: each mask has moved with its image and still surrounds the lesion."
        else:
            says = (
                "One call for the image, another for the mask: each tossed its own coins, "
                f"and the masks cover the lesions only by chance (mean Dice {sum(scores) / len(scores):.2f})."
            )
        return View(tuple(tiles), says)

    together = Choice("image and mask:", (("together, in one call", True), ("apart, in two calls", False)))
    controls = {
        "image": Slider("image:", 1, len(pairs), 1),
        "together": together,
        "toss": Toss("Toss the coins again"),
    }
    title = "Your augmentation: image and mask together, or each on its own"
    return Explorer(title, controls, view, [{"together": True}, {"together": False}])


class _Draws:
    """The transform's last outcomes, kept so that only the masks change when one looks at them apart."""

    def __init__(self, pairs: list[Pair], transform):
        self._pairs, self._transform = pairs, copy.deepcopy(transform)
        self._key, self._made = None, []

    def get(self, index: int, toss: int) -> list[tuple[torch.Tensor, torch.Tensor, torch.Tensor]]:
        """Return images (3, H, W), their masks and masks of other draws (H, W), the same ones for the same key."""
        if (index, toss) != self._key:
            both = [[self._draw(index) for _ in range(2)] for _ in range(DRAWS)]
            self._key, self._made = (index, toss), [(image, own, other) for (image, own), (_, other) in both]
        return self._made

    def _draw(self, index: int) -> tuple[torch.Tensor, torch.Tensor]:
        image, mask = self._pairs[index]
        done = self._transform(image=image, mask=mask)
        image, mask = (done.get(name) if isinstance(done, dict) else None for name in ("image", "mask"))
        if not isinstance(image, torch.Tensor) or not isinstance(mask, torch.Tensor) or image.dim() != 3:
            raise BatchError("`transform` has to turn image and mask into tensors; does it end in ToTensorV2()?")
        mask = mask.squeeze()
        if mask.shape != image.shape[1:]:
            raise BatchError(f"After `transform` the image is {tuple(image.shape)}, the mask {tuple(mask.shape)}.")
        return image, mask
