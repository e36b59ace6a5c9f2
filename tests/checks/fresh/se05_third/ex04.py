"""Exercise 4: answers from the exercise text, by a third reader."""

from tests.checks.fresh import edit

PLAIN = """
class ISICDatasetAlbumentations(ISICDataset):
    def __init__(self, image_dir, mask_dir, transform=None):
        super().__init__(image_dir, mask_dir)
        self.transform = transform

    def __getitem__(self, index):
        image, mask = super().__getitem__(index)
        image, mask = np.array(image), np.array(mask)
        if mask.max() > 1:
            mask = (mask > 127).astype(np.uint8)
        if self.transform is not None:
            both = self.transform(image=image, mask=mask)
            image, mask = both["image"], both["mask"]
        else:
            image, mask = torch.from_numpy(image).permute(2, 0, 1), torch.from_numpy(mask)
        return image.float(), mask.float()
"""

VERBOSE = '''
from typing import Any, Callable, Dict, Optional, Tuple


def to_binary(mask: np.ndarray) -> np.ndarray:
    """Turn a mask of either scale into 0 and 1.

    Parameters
    ----------
    mask
        Array (H, W) with values on the scale of 1 or of 255.

    Returns
    -------
    np.ndarray
        Array of the same shape, of type uint8.
    """
    assert mask.ndim == 2, f"expected (H, W), got {mask.shape}"
    full_scale = 255.0 if int(mask.max(initial=0)) > 1 else 1.0
    return np.where(mask.astype(np.float32) / full_scale > 0.5, 1, 0).astype(np.uint8)


class ISICDatasetAlbumentations(ISICDataset):
    """Dermoscopic images with binary masks, transformed together."""

    def __init__(self, image_dir, mask_dir, transform: Optional[Callable[..., Dict[str, Any]]] = None) -> None:
        super().__init__(image_dir=image_dir, mask_dir=mask_dir, img_transform=None, mask_transform=None)
        self._joint_transform = transform

    def _read_arrays(self, index: int) -> Tuple[np.ndarray, np.ndarray]:
        """Return image (H, W, 3) and binary mask (H, W)."""
        image, mask = super().__getitem__(index)
        return np.asarray(image, dtype=np.uint8), to_binary(np.asarray(mask))

    def _transform_arrays(self, image: np.ndarray, mask: np.ndarray) -> Tuple[torch.Tensor, torch.Tensor]:
        """Transform both in one call."""
        if self._joint_transform is None:
            scaled = torch.from_numpy(image.copy()).permute(2, 0, 1).float() / 255
            return scaled, torch.from_numpy(mask.copy())
        result = self._joint_transform(image=image, mask=mask)
        return result["image"], torch.as_tensor(result["mask"])

    def __getitem__(self, index: int) -> Tuple[torch.Tensor, torch.Tensor]:
        image, mask = self._read_arrays(index)
        image_tensor, mask_tensor = self._transform_arrays(image, mask)
        mask_tensor = mask_tensor.long()
        assert set(mask_tensor.unique().tolist()) <= {0, 1}
        return image_tensor.to(torch.float32), mask_tensor
'''

TERSE = """
class ISICDatasetAlbumentations(ISICDataset):
    def __init__(s, image_dir, mask_dir, transform=None):
        super().__init__(image_dir, mask_dir)
        s.both = transform or A.Compose([ToTensorV2()])

    def __getitem__(s, i):
        x, y = map(np.array, super().__getitem__(i))
        r = s.both(image=x, mask=(y > (127 if y.max() > 1 else 0)) * 1.0)
        return r["image"].float(), r["mask"][None]
"""

AFTER = """
class ISICDatasetAlbumentations(ISICDataset):
    def __init__(self, image_dir, mask_dir, transform=None, *, dtype=torch.uint8):
        ISICDataset.__init__(self, image_dir, mask_dir)
        self.transform, self.dtype = transform, dtype

    def __getitem__(self, index):
        picture, outline = ISICDataset.__getitem__(self, index)
        half = 127.5 if outline.getextrema()[1] > 1 else 0.5
        picture, outline = np.array(picture), np.array(outline)
        match self.transform:
            case None:
                picture, outline = transforms.functional.to_tensor(picture), torch.tensor(outline)
            case change:
                done = change(image=picture, mask=outline)
                picture, outline = done["image"], done["mask"]
        return picture.float(), torch.gt(outline, half).to(self.dtype)
"""

ANSWERS = [
    ("plain", PLAIN, True),
    ("verbose-helpers", VERBOSE, True),
    ("terse-one-channel-mask", TERSE, True),
    ("cut-after-the-transform-scale-from-the-file", AFTER, True),
    ("bool-mask", edit(AFTER, ("dtype=torch.uint8", "dtype=torch.bool")), True),
    (
        "pil-lookup-table",
        edit(
            PLAIN,
            (
                "        image, mask = np.array(image), np.array(mask)\n        if mask.max() > 1:\n            mask = (mask > 127).astype(np.uint8)\n",
                "        if mask.getextrema()[1] > 1:\n            mask = mask.point([0] * 128 + [1] * 128)\n        image, mask = np.array(image), np.array(mask)\n",
            ),
        ),
        True,
    ),
    (
        "transforms-of-the-parent-reused",
        """
class ISICDatasetAlbumentations(ISICDataset):
    @staticmethod
    def _binary(mask):
        levels = np.asarray(mask, dtype=int)
        return np.rint(levels / 255).astype("uint8") if (levels > 1).any() else levels.astype("uint8")

    def __init__(self, image_dir, mask_dir, transform=None):
        super().__init__(image_dir, mask_dir, img_transform=np.array, mask_transform=self._binary)
        self._together = transform

    def __getitem__(self, index):
        arrays = dict(zip(("image", "mask"), super().__getitem__(index)))
        if self._together is None:
            return tuple(arrays.values())
        tensors = self._together(**arrays)
        return tensors["image"].float(), tensors["mask"].unsqueeze(0).float()
""",
        True,
    ),
    (
        "scale-by-largest-value-in-torch",
        edit(
            PLAIN,
            (
                "        if mask.max() > 1:\n            mask = (mask > 127).astype(np.uint8)\n",
                "        scale = 255 if mask.max() > 1 else 1\n",
            ),
            ("mask.float()", "torch.heaviside(mask.double() * 2 - scale, torch.zeros(1, dtype=torch.double)).float()"),
        ),
        True,
    ),
    (
        "read-once-and-kept",
        edit(
            VERBOSE,
            (
                "        self._joint_transform = transform\n",
                "        self._joint_transform = transform\n        self._kept: Dict[int, Tuple[np.ndarray, np.ndarray]] = {}\n",
            ),
            (
                "        image, mask = super().__getitem__(index)\n        return np.asarray(image, dtype=np.uint8), to_binary(np.asarray(mask))\n",
                "        if index not in self._kept:\n            image, mask = super().__getitem__(index)\n"
                "            self._kept[index] = np.array(image, dtype=np.uint8), to_binary(np.array(mask))\n"
                "        image, mask = self._kept[index]\n        return image.copy(), mask.copy()\n",
            ),
        ),
        True,
    ),
    (
        "keywords-through-partial-and-operator",
        "import operator\nfrom functools import partial\n"
        + edit(
            PLAIN,
            (
                '            both = self.transform(image=image, mask=mask)\n            image, mask = both["image"], both["mask"]\n',
                '            image, mask = operator.itemgetter("image", "mask")(partial(self.transform, mask=mask)(image=image))\n',
            ),
        ),
        True,
    ),
    (
        "scale-of-the-first-mask-for-all",
        edit(
            PLAIN,
            ("        self.transform = transform\n", "        self.transform = transform\n        self.large = None\n"),
            (
                "        if mask.max() > 1:\n",
                "        if self.large is None:\n            self.large = mask.max() > 1\n        if self.large:\n",
            ),
        ),
        False,
    ),
    (
        "at-least-half-of-the-largest",
        edit(
            PLAIN,
            (
                "        if mask.max() > 1:\n            mask = (mask > 127).astype(np.uint8)\n",
                "        mask = (mask >= mask.max() / 2).astype(np.uint8)\n",
            ),
        ),
        False,
    ),
    (
        "divided-by-the-largest",
        edit(
            PLAIN,
            (
                "        if mask.max() > 1:\n            mask = (mask > 127).astype(np.uint8)\n",
                "        mask = np.rint(mask / mask.max()).astype(np.float32)\n",
            ),
        ),
        False,
    ),
    (
        "scale-from-the-number-of-levels",
        edit(
            PLAIN,
            (
                "        if mask.max() > 1:\n            mask = (mask > 127).astype(np.uint8)\n",
                "        levels = np.unique(mask)\n        mask = (mask == levels[-1]).astype(np.uint8) if len(levels) == 2 else (mask > 127).astype(np.uint8)\n",
            ),
        ),
        False,
    ),
    (
        "transformed-pairs-cached",
        edit(
            VERBOSE,
            (
                "        self._joint_transform = transform\n",
                "        self._joint_transform = transform\n        self._kept: dict = {}\n",
            ),
            (
                "        image, mask = self._read_arrays(index)\n        image_tensor, mask_tensor = self._transform_arrays(image, mask)\n",
                "        if index not in self._kept:\n            self._kept[index] = self._transform_arrays(*self._read_arrays(index))\n        image_tensor, mask_tensor = self._kept[index]\n",
            ),
        ),
        False,
    ),
    (
        "transform-on-the-class",
        edit(
            PLAIN, ("        self.transform = transform\n", "        ISICDatasetAlbumentations.transform = transform\n")
        ),
        False,
    ),
    (
        "two-calls-with-the-same-seed-for-random",
        edit(
            PLAIN,
            (
                '            both = self.transform(image=image, mask=mask)\n            image, mask = both["image"], both["mask"]\n',
                '            random.seed(index)\n            image_now = self.transform(image=image)["image"]\n            random.seed(index)\n            image, mask = image_now, self.transform(image=image, mask=mask)["mask"]\n',
            ),
        ),
        False,
    ),
    (
        "mask-from-the-file-resized-apart",
        edit(
            PLAIN,
            (
                'both["image"], both["mask"]',
                'both["image"], torch.from_numpy(cv2.resize(mask, both["image"].shape[:0:-1], interpolation=cv2.INTER_NEAREST))',
            ),
        ).replace("class ", "import cv2\n\n\nclass ", 1),
        False,
    ),
    (
        "image-divided-by-255-again",
        edit(PLAIN, ("return image.float(), mask.float()", "return image.float() / 255, mask.float()")),
        False,
    ),
    (
        "image-clamped",
        edit(VERBOSE, ("image_tensor.to(torch.float32)", "image_tensor.to(torch.float32).clamp(0, 1)")),
        False,
    ),
    (
        "image-scaled-by-its-own-largest",
        edit(
            PLAIN,
            (
                "return image.float(), mask.float()",
                "image = image.float()\n        return (image / image.abs().max() if image.abs().max() > 1 else image), mask.float()",
            ),
        ),
        False,
    ),
    ("anything-above-zero", edit(AFTER, ("half = 127.5 if outline.getextrema()[1] > 1 else 0.5", "half = 0")), False),
    (
        "half-of-255-for-both-scales",
        edit(AFTER, ("half = 127.5 if outline.getextrema()[1] > 1 else 0.5", "half = 127.5")),
        False,
    ),
    ("channel-last-mask", edit(TERSE, ('r["mask"][None]', 'r["mask"][..., None]')), False),
    (
        "mask-inverted-for-one-scale",
        edit(
            PLAIN,
            (
                "            mask = (mask > 127).astype(np.uint8)\n",
                "            mask = (mask > 127).astype(np.uint8)\n        else:\n            mask = 1 - mask\n",
            ),
        ),
        False,
    ),
    (
        "mask-scaled-but-edges-soft",
        edit(PLAIN, ("(mask > 127).astype(np.uint8)", "(mask / 255).astype(np.float32)")),
        False,
    ),
    (
        "float16-image-as-whole-numbers",
        edit(PLAIN, ("return image.float(), mask.float()", "return image.to(torch.int32).float(), mask.float()")),
        False,
    ),
    (
        "channels-reversed",
        edit(PLAIN, ("np.array(image), np.array(mask)", "np.array(image)[..., ::-1].copy(), np.array(mask)")),
        False,
    ),
    (
        "neighbour-s-mask-on-negative-index",
        edit(
            PLAIN,
            (
                "image, mask = super().__getitem__(index)",
                "image, mask = super().__getitem__(index)[0], super().__getitem__(max(index, 1))[1]",
            ),
        ),
        False,
    ),
]
