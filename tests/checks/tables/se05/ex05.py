"""Exercise 5: ways to split the data, right and wrong."""

from tests.checks.answers import Wrong

PARTS = {
    "imports": "import copy, os\nfrom torch.utils.data import DataLoader, Dataset, Subset, random_split",
    "full": "full_ds = ISICDatasetAlbumentations(dataset_path, mask_path, transform=train_img_ts)",
    "train_size": "train_size = int(0.8 * len(full_ds))",
    "valid_size": "valid_size = len(full_ds) - train_size",
    "draw": "indices = torch.randperm(len(full_ds)).tolist()",
    "plain": "plain_ds = ISICDatasetAlbumentations(dataset_path, mask_path, transform=valid_img_ts)",
    "train": "train_ds = Subset(full_ds, indices[:train_size])",
    "valid": "valid_ds = Subset(plain_ds, indices[train_size:])",
    "train_dl": "train_dl = DataLoader(train_ds, batch_size=16, shuffle=True)",
    "valid_dl": "valid_dl = DataLoader(valid_ds, batch_size=16, shuffle=False)",
}


def split(**changes: str) -> str:
    """Return an answer with lines replaced, each named by a key of `PARTS`."""
    assert changes.keys() <= PARTS.keys()
    return "\n".join({**PARTS, **changes}.values()) + "\n"


RANDOM_SPLIT = "train_ds, rest = random_split(full_ds, [train_size, valid_size])"

WRAPPER = """
class Part(Dataset):
    def __init__(self, dataset, indices, transform):
        self.dataset, self.indices, self.transform = dataset, indices, transform

    def __len__(self):
        return len(self.indices)

    def __getitem__(self, i):
        image, mask = ISICDataset.__getitem__(self.dataset, self.indices[i])
        mask = np.array(mask)
        done = self.transform(image=np.array(image), mask=(mask > (127 if mask.max() > 1 else 0)).astype(np.float32))
        return done["image"], done["mask"]
"""

OWN_LISTS = """
class Listed(Dataset):
    def __init__(self, pairs, transform):
        self.pairs, self.transform = pairs, transform

    def __len__(self):
        return len(self.pairs)

    def __getitem__(self, i):
        image, mask = self.read(*self.pairs[i])
        done = self.transform(image=image, mask=(mask > 127).astype(np.uint8))
        return done["image"], done["mask"]

    def read(self, image, mask):
        return np.array(Image.open(image).convert("RGB")), np.array(Image.open(mask).convert("L"))

images = sorted(Path(dataset_path).glob("*.jpg"))
pairs = [(image, Path(mask_path) / (image.stem + "_Segmentation.png")) for image in images]
random.shuffle(pairs)
"""
LISTED = {
    "plain": OWN_LISTS,
    "train": "train_ds = Listed(pairs[:train_size], train_img_ts)",
    "valid": "valid_ds = Listed(pairs[train_size:], valid_img_ts)",
}


PIL_READING = 'np.array(Image.open(image).convert("RGB")), np.array(Image.open(mask).convert("L"))'


def listed(*changes: tuple[str, str], **lines: str) -> str:
    """Return the answer with lists of pairs, with parts of it replaced."""
    code = OWN_LISTS
    for old, new in changes:
        assert code.count(old) == 1, old
        code = code.replace(old, new)
    return split(**{**LISTED, "plain": code, **lines})


RIGHT = {
    "permutation and subsets": split(),
    "random_split for the indices": split(
        draw=RANDOM_SPLIT, train="", valid="valid_ds = Subset(plain_ds, rest.indices)"
    ),
    "random_split with a generator": split(
        draw="train_ds, rest = random_split(full_ds, (train_size, valid_size), generator=torch.Generator().manual_seed(42))",
        train="",
        valid="valid_ds = Subset(plain_ds, rest.indices)",
    ),
    "random_split with shares": split(
        draw="train_ds, rest = random_split(full_ds, [0.8, 0.2])",
        train="",
        valid="valid_ds = Subset(plain_ds, rest.indices)\ntrain_size, valid_size = len(train_ds), len(valid_ds)",
    ),
    "random_split of numbers": split(
        draw="train_idx, valid_idx = random_split(range(len(full_ds)), [train_size, valid_size])",
        train="train_ds = Subset(full_ds, list(train_idx))",
        valid="valid_ds = Subset(plain_ds, list(valid_idx))",
    ),
    "a copy with another transform": split(
        draw=RANDOM_SPLIT,
        plain="rest.dataset = copy.copy(full_ds)\nrest.dataset.transform = valid_img_ts",
        train="",
        valid="valid_ds = rest",
    ),
    "a deep copy with another transform": split(
        plain="plain_ds = copy.deepcopy(full_ds)\nplain_ds.transform = valid_img_ts"
    ),
    "split twice with the same seed": split(
        draw="def draw(ds):\n    return random_split(ds, [train_size, valid_size], generator=torch.Generator().manual_seed(0))",
        train="train_ds, _ = draw(full_ds)",
        valid="_, valid_ds = draw(plain_ds)",
    ),
    "numpy permutation": split(draw="indices = np.random.default_rng(1).permutation(len(full_ds))"),
    "random.shuffle": split(draw="indices = list(range(len(full_ds)))\nrandom.Random(7).shuffle(indices)"),
    "random.sample, sorted parts": split(
        draw="valid_idx = sorted(random.Random(3).sample(range(len(full_ds)), valid_size))\n"
        "train_idx = [i for i in range(len(full_ds)) if i not in set(valid_idx)]",
        train="train_ds = Subset(full_ds, train_idx)",
        valid="valid_ds = Subset(plain_ds, valid_idx)",
    ),
    "index tensors": split(draw="indices = torch.randperm(len(full_ds))"),
    "validation first": split(
        train="train_ds = Subset(full_ds, indices[valid_size:])",
        valid="valid_ds = Subset(plain_ds, indices[:valid_size])",
    ),
    "subsets of subsets": split(
        train="train_ds = Subset(Subset(full_ds, indices), range(train_size))",
        valid="valid_ds = Subset(Subset(plain_ds, indices), range(train_size, len(full_ds)))",
    ),
    "a wrapper of one's own": split(
        plain=WRAPPER,
        train="train_ds = Part(full_ds, indices[:train_size], train_img_ts)",
        valid="valid_ds = Part(full_ds, indices[train_size:], valid_img_ts)",
    ),
    "a wrapper for validation only": split(
        plain=WRAPPER, valid="valid_ds = Part(full_ds, indices[train_size:], valid_img_ts)"
    ),
    "a subclass of Subset": split(
        plain="class Swapped(Subset):\n    def __getitem__(self, i):\n        kept, self.dataset.transform = self.dataset.transform, valid_img_ts\n"
        "        try:\n            return super().__getitem__(i)\n        finally:\n            self.dataset.transform = kept\n"
        "    __getitems__ = lambda self, many: [self[i] for i in many]",
        valid="valid_ds = Swapped(full_ds, indices[train_size:])",
    ),
    "lists of pairs": listed(),
    "lists of pairs, PIL's open by name": listed(
        ("class Listed", "from PIL.Image import open as pil_open\nclass Listed"),
        (PIL_READING, PIL_READING.replace("Image.open", "pil_open")),
    ),
    "lists of pairs, OpenCV": listed(
        ("class Listed", "import cv2\nclass Listed"),
        (PIL_READING, "cv2.imread(str(image))[:, :, ::-1].copy(), cv2.imread(str(mask), cv2.IMREAD_GRAYSCALE)"),
    ),
    "lists of pairs, OpenCV's imread by name": listed(
        ("class Listed", "from cv2 import imread\nclass Listed"),
        (PIL_READING, "imread(str(image))[:, :, ::-1].copy(), imread(str(mask), 0)"),
    ),
    "lists of pairs, torchvision": listed(
        ("class Listed", "from torchvision.io import read_image\nclass Listed"),
        (PIL_READING, "read_image(str(image)).permute(1, 2, 0).numpy(), read_image(str(mask))[0].numpy()"),
    ),
    "lists of pairs, resized when read": listed(
        (PIL_READING, PIL_READING.replace(".convert", ".resize((64, 64)).convert")),
    ),
    "images in memory": listed(
        (
            "self.pairs, self.transform = pairs, transform",
            "self.pairs, self.transform = [self.read(*p) for p in pairs], transform",
        ),
        ("self.read(*self.pairs[i])", "self.pairs[i]"),
    ),
    "sizes rounded": split(train_size="train_size = round(len(full_ds) * 0.8)"),
    "validation size first": split(
        train_size="valid_size = int(np.ceil(0.2 * len(full_ds)))", valid_size="train_size = len(full_ds) - valid_size"
    ),
    "whole division": split(
        train_size="train_size = len(full_ds) * 4 // 5", valid_size="valid_size = len(full_ds) // 5"
    ),
    "numpy sizes": split(train_size="train_size = np.int64(0.8 * len(full_ds))"),
    "one sample more": split(train_size="train_size = int(0.8 * len(full_ds)) + 1"),
    "loaders with every option": split(
        train_dl="train_dl = DataLoader(train_ds, batch_size=16, shuffle=True, num_workers=2, drop_last=True)",
        valid_dl="valid_dl = DataLoader(dataset=valid_ds, batch_size=16, shuffle=False, drop_last=False, num_workers=2)",
    ),
    "loaders with samplers": split(
        train_dl="train_dl = DataLoader(train_ds, 16, sampler=torch.utils.data.RandomSampler(train_ds))",
        valid_dl="valid_dl = DataLoader(valid_ds, 16)",
    ),
    "loader with a generator": split(
        train_dl="train_dl = DataLoader(train_ds, 16, True, generator=torch.Generator().manual_seed(0))"
    ),
    "text paths": split(full="full_ds = ISICDatasetAlbumentations(str(dataset_path), str(mask_path), train_img_ts)"),
}

SHUFFLED_APART = (
    "random.shuffle(pairs)\nmasks = [mask for _, mask in pairs]\nrandom.shuffle(masks)\n"
    "pairs = [(image, mask) for (image, _), mask in zip(pairs, masks)]"
)
SIZES, SPLITS, AUGMENTS, LOADS = "sizes_add_up", "splits_without_overlap", "augments_training_only", "loads_in_batches"

WRONG = {
    # Sizes
    "70 to 30": Wrong(split(train_size="train_size = int(0.7 * len(full_ds))"), SIZES, "70%; expected 80 %"),
    "exchanged": Wrong(split(train_size="train_size = int(0.2 * len(full_ds))"), SIZES, "20%; expected 80 %"),
    "a fraction": Wrong(
        split(
            train_size="train_size = 0.8 * len(full_ds)",
            valid_size="valid_size = 0.2 * len(full_ds)",
            draw=("train_ds, rest = random_split(full_ds, [0.8, 0.2])"),
            train="",
            valid="valid_ds = Subset(plain_ds, rest.indices)",
        ),
        SIZES,
        "`train_size` is the float 80.0; expected a whole number",
    ),
    "shares for sizes": Wrong(split() + "train_size, valid_size = 0.8, 0.2\n", SIZES, "expected a whole number"),
    "one lost": Wrong(
        split(valid_size="valid_size = int(0.2 * len(full_ds)) - 1"), SIZES, "is 99; `full_ds` has 100 samples"
    ),
    "fixed at 900 images": Wrong(
        split() + "train_size, valid_size = 720, 180\n", SIZES, "is 900; `full_ds` has 100 samples"
    ),
    "a number that equals every other": Wrong(
        split()
        + "class Liar(int):\n    __eq__ = lambda self, other: True\n    __hash__ = int.__hash__\ntrain_size = Liar(3)\n",
        SIZES,
        "`train_size` is a Liar; expected a whole number",
    ),
    "size still a stub": Wrong(split() + "valid_size = ...\n", SIZES, "`valid_size` is still the stub's"),
    "full_ds is the class": Wrong(split() + "full_ds = ISICDatasetAlbumentations\n", SIZES, "without `__len__`"),
    # The split
    "not random": Wrong(split(draw="indices = list(range(len(full_ds)))"), SPLITS, "follow a fixed pattern"),
    "every fifth": Wrong(
        split(
            train="train_ds = Subset(full_ds, [i for i in range(100) if i % 5])",
            valid="valid_ds = Subset(plain_ds, range(0, 100, 5))",
        ),
        SPLITS,
        "follow a fixed pattern",
    ),
    "drawn twice": Wrong(
        split(
            draw="train_ds, _ = random_split(full_ds, [train_size, valid_size])",
            train="",
            valid="_, valid_ds = random_split(plain_ds, [train_size, valid_size])",
        ),
        SPLITS,
        "`train_ds` and `valid_ds` share",
    ),
    "permuted twice": Wrong(
        split(valid="valid_ds = Subset(plain_ds, torch.randperm(len(full_ds))[train_size:])"),
        SPLITS,
        "`train_ds` and `valid_ds` share",
    ),
    "validation among the training": Wrong(
        split(valid="valid_ds = Subset(plain_ds, indices[:valid_size])"),
        SPLITS,
        "`train_ds` and `valid_ds` share 20 samples",
    ),
    "off by one": Wrong(
        split(valid="valid_ds = Subset(plain_ds, indices[train_size - 1:-1])"),
        SPLITS,
        "`train_ds` and `valid_ds` share 1 sample;",
    ),
    "with replacement": Wrong(
        split(draw="indices = random.Random(0).choices(range(80), k=80) + random.Random(1).sample(range(80, 100), 20)"),
        SPLITS,
        "more than once",
    ),
    "same sample again and again": Wrong(
        split(valid="valid_ds = Subset(plain_ds, [indices[-1]] * valid_size)"),
        SPLITS,
        "`valid_ds` holds 19 samples more than once",
    ),
    "indices counted anew": Wrong(
        split(valid="valid_ds = Subset(plain_ds, range(valid_size))"), SPLITS, "`train_ds` and `valid_ds` share"
    ),
    "parts exchanged": Wrong(
        split() + "train_ds, valid_ds = valid_ds, train_ds\n", SPLITS, "`train_ds` has 20 samples; `train_size` says 80"
    ),
    "training on everything": Wrong(
        split(train="train_ds = full_ds"), SPLITS, "`train_ds` has 100 samples; `train_size` says 80"
    ),
    "validation reads the files in another order": Wrong(
        split(
            plain="plain_ds = ISICDatasetAlbumentations(dataset_path, mask_path, valid_img_ts)\n"
            "if hasattr(plain_ds, 'image_paths'): plain_ds.image_paths = plain_ds.image_paths[::-1]"
        ),
        SPLITS,
        "`train_ds` and `valid_ds` share",
    ),
    "images and masks shuffled apart": Wrong(
        listed(("random.shuffle(pairs)", SHUFFLED_APART)), SPLITS, "Height and Width of image, mask"
    ),
    "images and masks shuffled apart, all of one size": Wrong(
        listed(
            ("random.shuffle(pairs)", SHUFFLED_APART),
            (PIL_READING, PIL_READING.replace(".convert", ".resize((64, 64)).convert")),
        ),
        SPLITS,
        "an image with the mask of another one",
    ),
    "lists overlap": Wrong(
        split(**{**LISTED, "valid": "valid_ds = Listed(pairs[train_size - 5:-5], valid_img_ts)"}),
        SPLITS,
        "`train_ds` and `valid_ds` share 5 samples",
    ),
    "lists shuffled twice": Wrong(
        split(**{**LISTED, "valid": "random.shuffle(pairs)\nvalid_ds = Listed(pairs[train_size:], valid_img_ts)"}),
        SPLITS,
        "`train_ds` and `valid_ds` share",
    ),
    "lists not shuffled": Wrong(listed(("random.shuffle(pairs)", "")), SPLITS, "follow a fixed pattern"),
    "a subset that lies about its indices": Wrong(
        split(
            plain=PARTS["plain"] + "\nclass Liar(Subset):\n    def __getitem__(self, i): return self.dataset[i]\n"
            "    __getitems__ = lambda self, many: [self[i] for i in many]",
            valid="valid_ds = Liar(plain_ds, indices[train_size:])",
        ),
        SPLITS,
        "`train_ds` and `valid_ds` share",
    ),
    "a length that lies": Wrong(
        split(
            plain=PARTS["plain"] + "\nclass Liar(Subset):\n    def __len__(self): return valid_size",
            valid="valid_ds = Liar(plain_ds, indices[train_size:] + indices[:50])",
            train_size="train_size = 80",
            valid_size="valid_size = 20",
            train="train_ds = Subset(full_ds, indices[:train_size - 1] + indices[:1])",
        ),
        SPLITS,
        "more than once",
    ),
    "train_ds is a list of indices": Wrong(split(train="train_ds = indices[:train_size]"), SPLITS, "not (image, mask)"),
    "train_ds still a stub": Wrong(
        split(train_dl="train_dl = DataLoader(train_ds, 16, True)\ntrain_ds = ..."), SPLITS, "still the stub's"
    ),
    # Augmentation
    "validation augmented": Wrong(
        split(draw=RANDOM_SPLIT, train="", valid="valid_ds = rest"), AUGMENTS, "looks different each time"
    ),
    "validation augmented through a second dataset": Wrong(
        split(plain="plain_ds = ISICDatasetAlbumentations(dataset_path, mask_path, train_img_ts)"),
        AUGMENTS,
        "validation images are augmented",
    ),
    "transform replaced for both": Wrong(
        split(draw=RANDOM_SPLIT, train="", plain="rest.dataset.transform = valid_img_ts", valid="valid_ds = rest"),
        AUGMENTS,
        "whoever replaces its transform replaces it for both",
    ),
    "nothing augmented": Wrong(
        split(full="full_ds = ISICDatasetAlbumentations(dataset_path, mask_path, transform=valid_img_ts)"),
        AUGMENTS,
        "A sample of `full_ds` looks the same each time",
    ),
    "training not augmented": Wrong(
        split(train="train_ds = Subset(plain_ds, indices[:train_size])"),
        AUGMENTS,
        "A sample of `train_ds` looks the same each time",
    ),
    "transforms exchanged": Wrong(
        split(
            train="train_ds = Subset(plain_ds, indices[:train_size])",
            valid="valid_ds = Subset(full_ds, indices[train_size:])",
        ),
        AUGMENTS,
        "A sample of `train_ds` looks the same each time",
    ),
    "validation not normalised": Wrong(
        split(
            plain="import albumentations as A\nfrom albumentations.pytorch import ToTensorV2\n"
            "plain_ds = ISICDatasetAlbumentations(dataset_path, mask_path, A.Compose([A.Resize(64, 64), A.ToFloat(255), ToTensorV2()]))"
        ),
        AUGMENTS,
        "is not what `valid_img_ts` makes of its image",
    ),
    "validation without transform": Wrong(
        split(plain="plain_ds = ISICDataset(dataset_path, mask_path, resize_transform, resize_transform)"),
        AUGMENTS,
        "is not what `valid_img_ts` makes of its image",
    ),
    "validation of the raw files": Wrong(
        split(plain="plain_ds = ISICDatasetAlbumentations(dataset_path, mask_path)"),
        AUGMENTS,
        "the image of valid_ds[0]",
    ),
    "augmented once, then kept": Wrong(
        split(
            train="train_ds = [full_ds[i] for i in indices[:train_size]]",
            valid="valid_ds = [plain_ds[i] for i in indices[train_size:]]",
            plain=PARTS["plain"],
        ),
        SPLITS,
        "Were they transformed once, before, and kept?",
    ),
    # The loaders
    "training in order": Wrong(
        split(train_dl="train_dl = DataLoader(train_ds, batch_size=16)"), LOADS, "`train_dl` is not shuffled"
    ),
    "validation shuffled": Wrong(
        split(valid_dl="valid_dl = DataLoader(valid_ds, batch_size=16, shuffle=True)"), LOADS, "`valid_dl` is shuffled"
    ),
    "batches of 32": Wrong(
        split(train_dl="train_dl = DataLoader(train_ds, batch_size=32, shuffle=True)"),
        LOADS,
        "`train_dl` hold 32 samples; expected 16",
    ),
    "validation one by one": Wrong(
        split(valid_dl="valid_dl = DataLoader(valid_ds)"), LOADS, "`valid_dl` hold 1 samples; expected 16"
    ),
    "validation drops its last batch": Wrong(
        split(valid_dl="valid_dl = DataLoader(valid_ds, batch_size=16, drop_last=True)"),
        LOADS,
        "`valid_dl` reads 16 of 20 samples",
    ),
    "loaders exchanged": Wrong(
        split() + "train_dl, valid_dl = valid_dl, train_dl\n", LOADS, "`train_dl` does not read `train_ds`"
    ),
    "both read training": Wrong(
        split(valid_dl="valid_dl = DataLoader(train_ds, batch_size=16)"), LOADS, "`valid_dl` does not read `valid_ds`"
    ),
    "training loader reads everything": Wrong(
        split(train_dl="train_dl = DataLoader(full_ds, batch_size=16, shuffle=True)"),
        LOADS,
        "`train_dl` does not read `train_ds`",
    ),
    "validation loader reads the augmented part": Wrong(
        split(
            draw=RANDOM_SPLIT,
            train="",
            valid="valid_ds = Subset(plain_ds, rest.indices)",
            valid_dl=("valid_dl = DataLoader(rest, batch_size=16)"),
        ),
        LOADS,
        "`valid_dl` does not read `valid_ds`",
    ),
    "drawn with replacement": Wrong(
        split(
            train_dl="train_dl = DataLoader(train_ds, 16, sampler=torch.utils.data.RandomSampler(train_ds, replacement=True))"
        ),
        LOADS,
        "`train_dl` reads some samples more than once",
    ),
    "shuffled once for all": Wrong(
        split(train_dl="train_dl = DataLoader(train_ds, 16, sampler=random.sample(range(train_size), train_size))"),
        LOADS,
        "in the same order each epoch",
    ),
    "half an epoch": Wrong(
        split(
            train_dl="train_dl = DataLoader(train_ds, 16, sampler=torch.utils.data.RandomSampler(train_ds, num_samples=40))"
        ),
        LOADS,
        "`train_dl` reads 40 of 80 samples",
    ),
    "loader is a list": Wrong(split(valid_dl="valid_dl = list(DataLoader(valid_ds, 16))"), LOADS, "not a DataLoader"),
    "loader is the dataset": Wrong(
        split(train_dl="train_dl = train_ds"), LOADS, "`train_dl` is a Subset, not a DataLoader"
    ),
    "loader that says it is one": Wrong(
        split()
        + "class Liar:\n    __class__ = DataLoader\n    def __init__(self, dataset): self.dataset, self.batch_size = dataset, 16\n"
        "    def __iter__(self): return iter(())\nvalid_dl = Liar(valid_ds)\n",
        LOADS,
        "`valid_dl` is a Liar, not a DataLoader",
    ),
    "loader whose batches lie": Wrong(
        split()
        + "class Liar(DataLoader):\n    def __iter__(self):\n        yield from [next(super().__iter__())] * 2\n"
        "valid_dl = Liar(valid_ds, batch_size=16)\n",
        LOADS,
        "`valid_dl`",
    ),
    "loader still a stub": Wrong(split() + "valid_dl = ...\n", LOADS, "`valid_dl` is still the stub's"),
    "full_ds is None": Wrong(split() + "full_ds = None\n", SIZES, "is a `return` missing?"),
    "samples lost": Wrong(
        split(
            valid_size="valid_size = len(full_ds) - train_size - 5",
            valid="valid_ds = Subset(plain_ds, indices[train_size:-5])",
        ),
        SIZES,
        "`full_ds` has",
        also=(SPLITS,),
    ),
    "validation transform of torchvision": Wrong(
        split() + "valid_img_ts = transforms.ToTensor()\n", SPLITS, "not an `albumentations.Compose`"
    ),
    "batches of changing size": Wrong(
        split(
            valid_dl="valid_dl = DataLoader(valid_ds, batch_sampler=[list(range(16)), list(range(16, len(valid_ds) - 1)), [len(valid_ds) - 1]])"
        ),
        LOADS,
        "differ in size",
    ),
    "training images of another size": Wrong(
        "import albumentations as A\nfrom albumentations.pytorch import ToTensorV2\n"
        "train_img_ts = A.Compose([A.Resize(96, 96), A.HorizontalFlip(), A.Normalize(), ToTensorV2()])\n" + split(),
        LOADS,
        "the image of train_ds[0] has shape (3, 96, 96)",
    ),
    "training images not normalised": Wrong(
        "import albumentations as A\nfrom albumentations.pytorch import ToTensorV2\n"
        "train_img_ts = A.Compose([A.Resize(64, 64), A.HorizontalFlip(), A.ToFloat(255), ToTensorV2()])\n" + split(),
        AUGMENTS,
        "both transforms have to normalise alike",
    ),
}
