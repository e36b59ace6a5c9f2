"""Exercise 4: answers from the exercise text, by a second reader."""

from tests.checks.fresh import edit

BASE = """
class ISICDatasetAlbumentations(ISICDataset):
    def __init__(self, image_dir, mask_dir, transform=None):
        super().__init__(image_dir, mask_dir)
        self.transform = transform

    def __getitem__(self, index):
        image, mask = super().__getitem__(index)
        image, mask = np.array(image), np.array(mask)
        scale = 255 if mask.max() > 1 else 1
        mask = (mask > scale / 2).astype(np.uint8)
        if self.transform is None:
            return torch.from_numpy(image).permute(2, 0, 1).float() / 255, torch.from_numpy(mask)
        out = self.transform(image=image, mask=mask)
        return out["image"].float(), out["mask"]
"""
SCALE = "        scale = 255 if mask.max() > 1 else 1\n"
BINARY = "        mask = (mask > scale / 2).astype(np.uint8)\n"
CALL = "        out = self.transform(image=image, mask=mask)\n"
RETURN = '        return out["image"].float(), out["mask"]\n'

AFTER = """
class ISICDatasetAlbumentations(ISICDataset):
    def __init__(self, image_dir, mask_dir, transform=None):
        ISICDataset.__init__(self, image_dir, mask_dir)
        self._pipeline = transform or A.Compose([A.ToFloat(max_value=255), ToTensorV2()])

    def __getitem__(self, index: int) -> tuple[torch.Tensor, torch.Tensor]:
        pair = dict(zip(("image", "mask"), map(np.asarray, ISICDataset.__getitem__(self, index))))
        full = pair["mask"].max(initial=0)
        result = self._pipeline(**pair)
        half = 127.5 if full > 1 else 0.5
        return result["image"].float(), result["mask"].gt(half).unsqueeze(0).float()
"""

THROUGH_PARENT = """
def binary(mask):
    lowest, highest = mask.getextrema()
    return np.asarray(mask.point([int(2 * v > (255 if highest > 1 else 1)) for v in range(256)]))


class ISICDatasetAlbumentations(ISICDataset):
    def __init__(self, image_dir, mask_dir, transform=None):
        super().__init__(image_dir, mask_dir, img_transform=np.asarray, mask_transform=binary)
        self.together = transform

    def __getitem__(self, index):
        image, mask = super().__getitem__(index)
        if not self.together:
            return image, mask
        moved = self.together(image=image, mask=mask)
        return moved["image"].to(torch.float32), moved["mask"].to(torch.long)
"""

OWN_FILES = """
import cv2


class ISICDatasetAlbumentations(ISICDataset):
    \"\"\"Finds its files by itself; `ISICDataset` is the parent in name.\"\"\"

    def __init__(self, image_dir, mask_dir, transform=None):
        self.pairs = []
        for image_file in sorted(Path(image_dir).glob("*.jpg")):
            self.pairs.append((image_file, Path(mask_dir) / f"{image_file.stem}_Segmentation.png"))
        self.aug = transform

    def __len__(self):
        return len(self.pairs)

    def __getitem__(self, index):
        image = cv2.cvtColor(cv2.imread(str(self.pairs[index][0])), cv2.COLOR_BGR2RGB)
        image = np.array(Image.open(self.pairs[index][0]).convert("RGB"), dtype=image.dtype)
        mask = cv2.imread(str(self.pairs[index][1]), cv2.IMREAD_GRAYSCALE)
        _, mask = cv2.threshold(mask, 127 if mask.max() > 1 else 0, 1, cv2.THRESH_BINARY)
        if self.aug is not None:
            augmented = self.aug(image=image, mask=mask)
            image, mask = augmented["image"], augmented["mask"]
        return torch.as_tensor(image).float(), torch.as_tensor(mask).bool()
"""

ITEMGETTER = """
from operator import itemgetter

both = itemgetter("image", "mask")


class ISICDatasetAlbumentations(ISICDataset):
    def __init__(self, image_dir, mask_dir, transform=None, *, dtype=torch.float32):
        super().__init__(image_dir, mask_dir)
        self.transform, self.dtype = transform, dtype

    @staticmethod
    def as_yes_or_no(mask):
        match int(mask.max()):
            case 0 | 1:
                return mask
            case _:
                return mask // 128

    def __getitem__(self, index):
        image, mask = map(np.array, super().__getitem__(index))
        transform = self.transform or ToTensorV2()
        image, mask = both(transform(image=image, mask=self.as_yes_or_no(mask)))
        return image.to(self.dtype), mask[None].to(self.dtype)
"""

MASKS = edit(
    BASE,
    (
        CALL + RETURN,
        """        out = self.transform(image=image, masks=[mask])
        (mask,) = out["masks"]
        return out["image"].float(), torch.as_tensor(mask)
""",
    ),
)

FLOAT_MASK = edit(
    BASE,
    (
        SCALE + BINARY,
        """        mask = mask.astype(np.float32) / (255.0 if (mask > 1).any() else 1.0)
        mask = np.where(mask < 0.5, 0.0, 1.0).astype("float32")
""",
    ),
)

LAST_AXIS = edit(
    BASE,
    (
        CALL + RETURN,
        """        out = self.transform(image=image, mask=mask[:, :, np.newaxis])
        moved = out["mask"]
        moved = moved.permute(2, 0, 1) if moved.shape[-1] == 1 else moved
        return out["image"].float(), moved.to(torch.uint8)
""",
    ),
)

LATER_ROUND = edit(
    BASE,
    (SCALE + BINARY, "        scale = [1, 255][int(mask.max() > 1)]\n"),
    ("torch.from_numpy(mask)", "torch.from_numpy(mask / scale).round()"),
    (RETURN, '        return out["image"].float(), torch.round(out["mask"] / scale).to(torch.int8)\n'),
)

MIXIN = """
class Binary:
    def __getitem__(self, index):
        image, mask = super().__getitem__(index)
        mask = np.array(mask)
        return np.array(image), np.greater(mask, 127 if np.any(mask > 1) else 0)


class Together:
    transform = None

    def __getitem__(self, index):
        image, mask = super().__getitem__(index)
        if self.transform is None:
            return image, mask
        done = self.transform(image=image, mask=mask.astype(np.int32))
        return done["image"].float(), done["mask"]


class ISICDatasetAlbumentations(Together, Binary, ISICDataset):
    def __init__(self, image_dir, mask_dir, transform=None):
        super().__init__(image_dir, mask_dir)
        self.transform = transform
"""

CLOSURE = """
def _make():
    def init(self, image_dir, mask_dir, transform=None):
        ISICDataset.__init__(self, image_dir, mask_dir, None, None)
        self.call = lambda i, m: transform(image=i, mask=m) if transform else dict(image=i, mask=m)

    def get(self, index):
        image, mask = (np.array(p) for p in ISICDataset.__getitem__(self, index))
        out = self.call(image, np.rint(mask / max(1, 255 * (mask.max() > 1))).astype("uint8"))
        return torch.as_tensor(out["image"], dtype=torch.float32), torch.as_tensor(out["mask"], dtype=torch.float64)

    return type("ISICDatasetAlbumentations", (ISICDataset,), {"__init__": init, "__getitem__": get})


ISICDatasetAlbumentations = _make()
"""

ANSWERS = [
    ("binary-before-the-transform", BASE, True),
    ("binary-after-with-the-scale-from-before", AFTER, True),
    ("converted-by-the-parents-transforms", THROUGH_PARENT, True),
    ("own-list-of-files-opencv-mask", OWN_FILES, True),
    ("itemgetter-and-match-extra-option", ITEMGETTER, True),
    ("mask-passed-in-a-list", MASKS, True),
    ("float-mask-into-the-transform", FLOAT_MASK, True),
    ("mask-with-a-channel-axis", LAST_AXIS, True),
    ("divided-and-rounded-after-the-transform", LATER_ROUND, True),
    ("two-mixins", MIXIN, True),
    ("class-made-by-type", CLOSURE, True),
    (
        "image-made-contiguous-mask-half-precision",
        edit(BASE, (RETURN, '        return out["image"].float().contiguous(), out["mask"].half()\n')),
        True,
    ),
    (
        "scale-from-unique-values",
        edit(BASE, (SCALE, "        scale = 1 if set(np.unique(mask)) <= {0, 1} else 255\n")),
        True,
    ),
    # wrong: two calls, or half a call
    (
        "two-calls-with-the-same-seed",
        edit(
            BASE,
            (
                CALL + RETURN,
                """        seed = int(torch.randint(2**31, ()))
        self.transform.set_random_seed(seed)
        image = self.transform(image=image)["image"]
        self.transform.set_random_seed(seed)
        mask = self.transform(image=np.dstack([mask] * 3), mask=mask)["mask"]
        return image.float(), mask
""",
            ),
        ),
        False,
    ),
    (
        "two-calls-and-two-coins",
        edit(
            BASE,
            (
                RETURN,
                "        again = self.transform(image=image, mask=mask)\n"
                '        return out["image"].float(), again["mask"]\n',
            ),
        ),
        False,
    ),
    (
        "transform-for-the-image-nearest-for-the-mask",
        edit(
            BASE,
            (
                CALL + RETURN,
                """        image = self.transform(image=image)["image"].float()
        mask = cv2.resize(mask, tuple(image.shape[:0:-1]), interpolation=cv2.INTER_NEAREST)
        return image, torch.from_numpy(mask)
""",
            ),
        ),
        False,
    ),
    (
        "transform-applied-twice-over",
        edit(
            BASE,
            (
                CALL,
                CALL + '        out = self.transform(image=np.clip(out["image"].permute(1, 2, 0).numpy(), 0, 255)'
                '.astype(np.uint8),\n                             mask=out["mask"].numpy())\n',
            ),
        ),
        False,
    ),
    (
        "train-pipeline-whatever-is-asked-for",
        edit(BASE, ("self.transform = transform", "self.transform = transform and train_img_ts")),
        False,
    ),
    (
        "folders-of-the-notebook",
        edit(BASE, ("super().__init__(image_dir, mask_dir)", "super().__init__(dataset_path, mask_path)")),
        False,
    ),
    (
        "transform-belongs-to-the-class",
        edit(
            BASE,
            ("self.transform = transform", "ISICDatasetAlbumentations.transform = transform"),
            ("    def __init__", "    transform = None\n\n    def __init__"),
        ),
        False,
    ),
    # wrong: what is yes, what is no
    ("anything-above-zero", edit(BASE, (BINARY, "        mask = (mask > 0).astype(np.uint8)\n")), False),
    ("above-one-half-on-any-scale", edit(BASE, (SCALE, "        scale = 1\n")), False),
    ("above-127-on-any-scale", edit(BASE, (SCALE, "        scale = 255\n")), False),
    (
        "at-least-half-of-the-largest",
        edit(BASE, (SCALE + BINARY, "        mask = (mask >= mask.max() / 2).astype(np.uint8)\n")),
        False,
    ),
    (
        "only-the-largest-value",
        edit(BASE, (SCALE + BINARY, "        mask = ((mask == mask.max()) & (mask > 0)).astype(np.uint8)\n")),
        False,
    ),
    (
        "floor-division-by-255",
        edit(BASE, (SCALE + BINARY, "        mask = mask // 255 if mask.max() > 1 else mask\n")),
        False,
    ),
    ("above-the-mean", edit(BASE, (SCALE + BINARY, "        mask = (mask > mask.mean()).astype(np.uint8)\n")), False),
    (
        "otsu",
        edit(
            BASE, (SCALE + BINARY, "        mask = cv2.threshold(mask, 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[1]\n")
        ),
        False,
    ),
    (
        "middle-between-smallest-and-largest",
        edit(BASE, (SCALE + BINARY, "        mask = (2.0 * mask >= 1.0 * mask.min() + mask.max()).astype(np.uint8)\n")),
        False,
    ),
    (
        "divided-by-the-largest-nan-when-empty",
        edit(
            BASE, (SCALE + BINARY, "        mask = np.rint(mask / mask.max().astype(np.float32)).astype(np.float32)\n")
        ),
        False,
    ),
    ("grey-values-kept", edit(BASE, (BINARY, "        mask = (mask / scale).astype(np.float32)\n")), False),
    ("clipped-to-one", edit(BASE, (BINARY, "        mask = mask.clip(0, 1)\n")), False),
    ("zero-and-255", edit(BASE, (BINARY, "        mask = 255 * (mask > scale / 2).astype(np.uint8)\n")), False),
    ("minus-one-and-one", edit(BASE, ('out["mask"]\n', '2 * out["mask"].float() - 1\n')), False),
    ("background-is-one", edit(BASE, ("mask > scale / 2", "mask < scale / 2")), False),
    ("threshold-at-a-quarter", edit(BASE, ("scale / 2", "scale / 4")), False),
    ("threshold-at-three-quarters", edit(BASE, ("mask > scale / 2", "mask > 0.75 * scale")), False),
    (
        "scale-asked-once-of-the-first-mask",
        edit(
            BASE,
            (
                "        self.transform = transform\n",
                "        self.transform = transform\n"
                "        self.scale = 255 if np.array(ISICDataset.__getitem__(self, 0)[1]).max() > 1 else 1\n",
            ),
            (SCALE, "        scale = self.scale\n"),
        ),
        False,
    ),
    (
        "scale-remembered-from-the-sample-before",
        edit(
            BASE,
            (SCALE, "        self.scale = scale = max(getattr(self, 'scale', 1), 255 if mask.max() > 1 else 1)\n"),
        ),
        False,
    ),
    ("scale-from-the-dtype", edit(BASE, (SCALE, "        scale = np.iinfo(mask.dtype).max\n")), False),
    ("scale-from-the-image", edit(BASE, (SCALE, "        scale = 255 if image.max() > 1 else 1\n")), False),
    (
        "scale-from-the-share-of-ones",
        edit(BASE, (SCALE, "        scale = 1 if (mask == 1).any() else 255\n")),
        False,
    ),
    (
        "mask-drawn-from-the-dark-of-the-image",
        edit(BASE, (SCALE + BINARY, "        mask = (image.mean(2) < image.mean()).astype(np.uint8)\n")),
        False,
    ),
    (
        "mask-normalised-as-an-image",
        edit(
            BASE,
            (
                CALL + RETURN,
                """        stacked = np.dstack([mask * 255] * 3)
        out = self.transform(image=image, mask=mask)
        return out["image"].float(), (self.transform(image=stacked)["image"][0] > 0).long()
""",
            ),
        ),
        False,
    ),
    # wrong: which sample
    (
        "mask-of-the-neighbour",
        edit(
            BASE,
            (
                "image, mask = super().__getitem__(index)",
                "image, mask = super().__getitem__(index)[0], super().__getitem__((index + 1) % len(self))[1]",
            ),
        ),
        False,
    ),
    ("always-the-first", edit(BASE, ("super().__getitem__(index)", "super().__getitem__(0)")), False),
    # wrong: form and values of what comes out
    (
        "image-divided-when-above-one",
        edit(
            BASE,
            (
                RETURN,
                """        image = out["image"].float()
        return (image / 255 if image.max() > 1 else image), out["mask"]
""",
            ),
        ),
        False,
    ),
    (
        "image-squeezed-between-zero-and-one",
        edit(
            BASE,
            (
                RETURN,
                """        image = out["image"].float()
        return (image - image.min()) / (image.max() - image.min() + 1e-8), out["mask"]
""",
            ),
        ),
        False,
    ),
    ("image-clamped-at-zero", edit(BASE, ('out["image"].float()', 'out["image"].float().clamp(min=0)')), False),
    ("image-as-bytes", edit(BASE, ('out["image"].float()', 'out["image"].byte()')), False),
    ("image-as-whole-numbers", edit(BASE, ('out["image"].float()', 'out["image"].long()')), False),
    ("image-channels-last", edit(BASE, ('out["image"].float()', 'out["image"].float().permute(1, 2, 0)')), False),
    ("image-sides-exchanged", edit(BASE, ('out["image"].float()', 'out["image"].float().transpose(1, 2)')), False),
    (
        "image-colours-reversed",
        edit(
            BASE,
            ("np.array(image), np.array(mask)", "np.ascontiguousarray(np.array(image)[..., ::-1]), np.array(mask)"),
        ),
        False,
    ),
    (
        "image-grey-three-times",
        edit(BASE, ("np.array(image), np.array(mask)", "np.array(image.convert('L').convert('RGB')), np.array(mask)")),
        False,
    ),
    ("mask-channels-last", edit(BASE, ('out["mask"]\n', 'out["mask"].unsqueeze(-1)\n')), False),
    ("mask-of-three-channels", edit(BASE, ('out["mask"]\n', 'out["mask"].expand(3, -1, -1)\n')), False),
    ("mask-with-a-batch-axis", edit(BASE, ('out["mask"]\n', 'out["mask"][None, None]\n')), False),
    ("mask-flattened", edit(BASE, ('out["mask"]\n', 'out["mask"].flatten()\n')), False),
    ("mask-as-an-array", edit(BASE, ('out["mask"]\n', 'out["mask"].numpy()\n')), False),
    ("dictionary-of-albumentations", edit(BASE, (RETURN, "        return out\n")), False),
    ("mask-before-image", edit(BASE, (RETURN, '        return out["mask"], out["image"].float()\n')), False),
    ("mask-mirrored-afterwards", edit(BASE, ('out["mask"]\n', 'out["mask"].flip(-1)\n')), False),
    ("mask-moved-by-a-pixel", edit(BASE, ('out["mask"]\n', 'out["mask"].roll(1, -1)\n')), False),
    # wrong: the class
    (
        "parent-is-torchs-dataset",
        edit(
            BASE,
            ("(ISICDataset):", "(torch.utils.data.Dataset):"),
            (
                "        super().__init__(image_dir, mask_dir)\n",
                "        self.inner = ISICDataset(image_dir, mask_dir)\n",
            ),
            ("super().__getitem__(index)", "self.inner[index]"),
            ("    def __getitem__", "    def __len__(self):\n        return len(self.inner)\n\n    def __getitem__"),
        ),
        False,
    ),
    (
        "one-more-sample-than-there-is",
        edit(
            BASE,
            (
                "    def __getitem__",
                "    def __len__(self):\n        return super().__len__() + 1\n\n    def __getitem__",
            ),
        ),
        False,
    ),
]
