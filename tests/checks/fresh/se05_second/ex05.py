"""Exercise 5: answers from the exercise text, by a second reader."""

from tests.checks.fresh import edit

IMPORTS = "from torch.utils.data import Subset, random_split\n"

BASE = (
    IMPORTS
    + """
full_ds = ISICDatasetAlbumentations(dataset_path, mask_path, train_img_ts)
train_size = int(0.8 * len(full_ds))
valid_size = len(full_ds) - train_size
train_ds, held_out = random_split(full_ds, [train_size, valid_size])
plain_ds = ISICDatasetAlbumentations(dataset_path, mask_path, valid_img_ts)
valid_ds = Subset(plain_ds, held_out.indices)
train_dl = DataLoader(train_ds, batch_size=16, shuffle=True)
valid_dl = DataLoader(valid_ds, batch_size=16, shuffle=False)
"""
)
SPLIT = BASE[BASE.index("train_ds, held_out") : BASE.index("train_dl")]
PLAIN = "plain_ds = ISICDatasetAlbumentations(dataset_path, mask_path, valid_img_ts)\n"


def split(code):
    """Return the base with another split."""
    return edit(BASE, (SPLIT, PLAIN + code))


FRACTIONS = (
    IMPORTS
    + """
from functools import partial

make = partial(ISICDatasetAlbumentations, dataset_path, mask_path)
full_ds = make(train_img_ts)
train_ds, valid_ds = random_split(full_ds, (0.8, 0.2), generator=torch.Generator().manual_seed(101))
valid_ds.dataset = make(transform=valid_img_ts)
train_size, valid_size = map(len, (train_ds, valid_ds))
train_dl, valid_dl = (DataLoader(part, 16, shuffle=mix) for part, mix in ((train_ds, True), (valid_ds, False)))
"""
)

TWICE_SEEDED = (
    IMPORTS
    + """
full_ds, check_ds = (ISICDatasetAlbumentations(dataset_path, mask_path, ts) for ts in (train_img_ts, valid_img_ts))
valid_size = round(len(full_ds) * 0.2)
train_size = len(full_ds) - valid_size


def draw(dataset, seed=7):
    return random_split(dataset, [train_size, valid_size], generator=torch.Generator().manual_seed(seed))


train_ds = draw(full_ds)[0]
valid_ds = draw(check_ds)[1]
train_dl = DataLoader(train_ds, batch_size=16, sampler=torch.utils.data.RandomSampler(train_ds))
valid_dl = DataLoader(valid_ds, batch_size=16)
"""
)

VIEW = """
import random
from torch.utils.data import Dataset


class View(Dataset):
    __slots__ = ("source", "chosen")

    def __init__(self, source, chosen):
        self.source, self.chosen = source, list(chosen)

    def __len__(self):
        return len(self.chosen)

    def __getitem__(self, i):
        return self.source[self.chosen[i]]


full_ds = ISICDatasetAlbumentations(dataset_path, mask_path, train_img_ts)
valid_size = len(full_ds) // 5
train_size = len(full_ds) - valid_size
chosen = set(random.sample(range(len(full_ds)), k=valid_size))
valid_ds = View(ISICDatasetAlbumentations(dataset_path, mask_path, valid_img_ts), sorted(chosen))
train_ds = View(full_ds, (i for i in range(len(full_ds)) if i not in chosen))
train_dl = DataLoader(train_ds, shuffle=True, batch_size=16, drop_last=True, num_workers=0)
valid_dl = DataLoader(valid_ds, shuffle=False, batch_size=16, drop_last=False)
"""

ON_FLY = """
from torch.utils.data import Dataset, random_split


class Transformed(Dataset):
    \"\"\"A part of the files, opened by `ISICDataset`, then transformed.\"\"\"

    def __init__(self, part, transform):
        self.part = part
        self.reader = ISICDatasetAlbumentations(dataset_path, mask_path, transform)

    def __len__(self):
        return len(self.part)

    def __getitem__(self, index):
        return self.reader[self.part[index]]


full_ds = ISICDatasetAlbumentations(dataset_path, mask_path, train_img_ts)
train_size = (n := len(full_ds)) * 4 // 5
valid_size = n - train_size
train_part, valid_part = random_split(range(n), [train_size, valid_size])
train_ds, valid_ds = Transformed(train_part, train_img_ts), Transformed(valid_part, valid_img_ts)
train_dl = DataLoader(train_ds, batch_size=16, shuffle=True, generator=torch.Generator().manual_seed(101))
valid_dl = DataLoader(valid_ds, batch_size=16)
"""

ANSWERS = [
    ("subset-with-the-indices-of-the-split", BASE, True),
    ("fractions-then-another-dataset-behind-the-subset", FRACTIONS, True),
    ("same-seed-for-two-datasets", TWICE_SEEDED, True),
    ("own-view-with-slots", VIEW, True),
    ("numbers-split-then-read", ON_FLY, True),
    (
        "sklearn-train-test-split",
        split(
            "from sklearn.model_selection import train_test_split\n\n"
            "ours, theirs = train_test_split(range(len(full_ds)), test_size=valid_size, random_state=101)\n"
            "train_ds, valid_ds = Subset(full_ds, ours), Subset(plain_ds, theirs)\n"
        ),
        True,
    ),
    (
        "shuffle-split-arrays-of-indices",
        split(
            "from sklearn.model_selection import ShuffleSplit\n\n"
            "ours, theirs = next(ShuffleSplit(1, train_size=train_size, test_size=valid_size).split(range(len(full_ds))))\n"
            "train_ds, valid_ds = Subset(full_ds, ours), Subset(plain_ds, theirs)\n"
        ),
        True,
    ),
    (
        "permutation-cut-by-tensor-split",
        split(
            "order = torch.randperm(len(full_ds))\n"
            "train_ds, valid_ds = (Subset(d, i.tolist()) for d, i in zip((full_ds, plain_ds), "
            "order.tensor_split([train_size])))\n"
        ),
        True,
    ),
    (
        "ranks-of-random-numbers",
        split(
            "ranks = np.random.default_rng(101).random(len(full_ds)).argsort()\n"
            "theirs, ours = np.split(ranks, [valid_size])\n"
            "train_ds, valid_ds = Subset(full_ds, ours.tolist()), Subset(plain_ds, theirs.tolist())\n"
        ),
        True,
    ),
    (
        "indices-sorted-after-the-draw",
        edit(
            BASE,
            ("held_out.indices)", "sorted(held_out.indices))\ntrain_ds.indices = sorted(train_ds.indices)"),
        ),
        True,
    ),
    (
        "rounded-up-shuffled-list",
        edit(
            BASE,
            ("int(0.8 * len(full_ds))", "-(-4 * len(full_ds) // 5)"),
            (
                SPLIT,
                "numbers = [*range(len(full_ds))]\nrandom.shuffle(numbers)\n"
                "train_ds = Subset(full_ds, numbers[:-valid_size])\n"
                "valid_ds = Subset(ISICDatasetAlbumentations(str(dataset_path), str(mask_path), valid_img_ts), "
                "numbers[-valid_size:])\n",
            ),
        ),
        True,
    ),
    (
        "subclass-with-a-choice-of-samples",
        split(
            """

class Part(ISICDatasetAlbumentations):
    def __init__(self, transform, numbers):
        super().__init__(dataset_path, mask_path, transform)
        self.numbers = numbers

    def __len__(self):
        return len(self.numbers)

    def __getitem__(self, index):
        return super().__getitem__(self.numbers[index])


numbers = torch.randperm(len(full_ds)).tolist()
train_ds, valid_ds = Part(train_img_ts, numbers[valid_size:]), Part(valid_img_ts, numbers[:valid_size])
"""
        ),
        True,
    ),
    (
        "loaders-with-batch-samplers",
        edit(
            BASE,
            (
                "DataLoader(train_ds, batch_size=16, shuffle=True)",
                "DataLoader(train_ds, batch_sampler=torch.utils.data.BatchSampler("
                "torch.utils.data.RandomSampler(train_ds), 16, False))",
            ),
            (
                "DataLoader(valid_ds, batch_size=16, shuffle=False)",
                "DataLoader(valid_ds, batch_sampler=torch.utils.data.BatchSampler("
                "torch.utils.data.SequentialSampler(valid_ds), 16, False))",
            ),
        ),
        True,
    ),
    # wrong: the datasets
    ("both-parts-views-of-the-augmented", edit(BASE, ("Subset(plain_ds, held_out.indices)", "held_out")), False),
    (
        "both-parts-views-of-the-plain",
        split("train_ds, valid_ds = random_split(plain_ds, [train_size, valid_size])\n"),
        False,
    ),
    (
        "parts-exchange-their-transforms",
        split(
            "ours, theirs = random_split(range(len(full_ds)), [train_size, valid_size])\n"
            "train_ds, valid_ds = Subset(plain_ds, ours), Subset(full_ds, theirs)\n"
        ),
        False,
    ),
    (
        "plain-is-an-alias-of-full",
        edit(BASE, (PLAIN, "plain_ds = full_ds\nfull_ds.__init__(dataset_path, mask_path, valid_img_ts)\n")),
        False,
    ),
    ("valid-transform-is-the-train-transform-by-now", "valid_img_ts = train_img_ts\n" + BASE, False),
    (
        "valid-without-normalisation",
        edit(
            BASE,
            (
                PLAIN,
                "plain_ds = ISICDatasetAlbumentations(dataset_path, mask_path,\n"
                "                                     A.Compose([A.Resize(64, 64), A.ToFloat(255), ToTensorV2()]))\n",
            ),
        ),
        False,
    ),
    (
        "valid-with-moves-but-without-colours",
        edit(
            BASE,
            (
                PLAIN,
                "plain_ds = ISICDatasetAlbumentations(dataset_path, mask_path, A.Compose([A.HorizontalFlip(), "
                "A.VerticalFlip(), *valid_img_ts.transforms]))\n",
            ),
        ),
        False,
    ),
    (
        "valid-always-mirrored",
        edit(
            BASE,
            (
                PLAIN,
                "plain_ds = ISICDatasetAlbumentations(dataset_path, mask_path, A.Compose([A.HorizontalFlip(p=1), "
                "*valid_img_ts.transforms]))\n",
            ),
        ),
        False,
    ),
    (
        "valid-of-isicdataset-with-resize",
        edit(BASE, (PLAIN, "plain_ds = ISICDataset(dataset_path, mask_path, resize_transform, resize_transform)\n")),
        False,
    ),
    ("full-with-the-plain-transform", BASE + "full_ds = plain_ds\n", False),
    ("full-without-transform", BASE + "full_ds = ISICDatasetAlbumentations(dataset_path, mask_path)\n", False),
    (
        "full-is-isicdataset",
        BASE + "full_ds = ISICDataset(dataset_path, mask_path, resize_transform, resize_transform)\n",
        False,
    ),
    ("full-is-the-training-part", BASE + "full_ds = train_ds\n", False),
    (
        "train-flips-without-normalisation",
        edit(
            BASE,
            (
                "mask_path, train_img_ts)",
                "mask_path, A.Compose([A.Resize(64, 64), A.HorizontalFlip(), A.VerticalFlip(), ToTensorV2()]))",
            ),
        ),
        False,
    ),
    (
        "valid-augmented-once-and-kept",
        edit(BASE, ("Subset(plain_ds, held_out.indices)", "[full_ds[i] for i in held_out.indices]")),
        False,
    ),
    # wrong: the split
    (
        "two-draws",
        edit(BASE, ("Subset(plain_ds, held_out.indices)", "random_split(plain_ds, [train_size, valid_size])[1]")),
        False,
    ),
    (
        "two-permutations",
        split(
            "train_ds = Subset(full_ds, torch.randperm(len(full_ds))[:train_size].tolist())\n"
            "valid_ds = Subset(plain_ds, torch.randperm(len(full_ds))[train_size:].tolist())\n"
        ),
        False,
    ),
    (
        "valid-by-position-after-a-random-train",
        edit(BASE, ("held_out.indices", "range(train_size, train_size + valid_size)")),
        False,
    ),
    (
        "first-part-and-last-part",
        split(
            "train_ds = Subset(full_ds, range(train_size))\n"
            "valid_ds = Subset(plain_ds, range(train_size, len(full_ds)))\n"
        ),
        False,
    ),
    (
        "last-part-and-first-part",
        split(
            "train_ds = Subset(full_ds, range(valid_size, len(full_ds)))\n"
            "valid_ds = Subset(plain_ds, range(valid_size))\n"
        ),
        False,
    ),
    (
        "every-fifth",
        split(
            "theirs = list(range(0, len(full_ds), 5))[:valid_size]\n"
            "ours = [i for i in range(len(full_ds)) if i not in theirs]\n"
            "train_ds, valid_ds = Subset(full_ds, ours), Subset(plain_ds, theirs)\n"
            "train_size, valid_size = len(ours), len(theirs)\n"
        ),
        False,
    ),
    (
        "parts-in-order-mixed-within",
        split(
            "ours = torch.randperm(train_size).tolist()\ntheirs = (train_size + torch.randperm(valid_size)).tolist()\n"
            "train_ds, valid_ds = Subset(full_ds, ours), Subset(plain_ds, theirs)\n"
        ),
        False,
    ),
    (
        "reversed-order",
        split(
            "numbers = list(range(len(full_ds)))[::-1]\n"
            "train_ds, valid_ds = Subset(full_ds, numbers[:train_size]), Subset(plain_ds, numbers[train_size:])\n"
        ),
        False,
    ),
    (
        "train-test-split-without-shuffling",
        split(
            "from sklearn.model_selection import train_test_split\n\n"
            "ours, theirs = train_test_split(range(len(full_ds)), test_size=valid_size, shuffle=False)\n"
            "train_ds, valid_ds = Subset(full_ds, ours), Subset(plain_ds, theirs)\n"
        ),
        False,
    ),
    (
        "drawn-with-replacement",
        split(
            "numbers = random.choices(range(len(full_ds)), k=len(full_ds))\n"
            "train_ds, valid_ds = Subset(full_ds, numbers[:train_size]), Subset(plain_ds, numbers[train_size:])\n"
        ),
        False,
    ),
    (
        "one-image-in-both",
        split(
            "numbers = torch.randperm(len(full_ds)).tolist()\n"
            "train_ds, valid_ds = Subset(full_ds, numbers[:train_size]), Subset(plain_ds, numbers[train_size - 1 : -1])\n"
        ),
        False,
    ),
    (
        "one-image-lost",
        split(
            "numbers = torch.randperm(len(full_ds)).tolist()\n"
            "train_ds, valid_ds = Subset(full_ds, numbers[:train_size]), Subset(plain_ds, numbers[train_size + 1 :])\n"
            "valid_size = len(valid_ds)\n"
        ),
        False,
    ),
    (
        "one-image-twice-one-lost",
        split(
            "numbers = torch.randperm(len(full_ds)).tolist()\nnumbers[1] = numbers[0]\n"
            "train_ds, valid_ds = Subset(full_ds, numbers[:train_size]), Subset(plain_ds, numbers[train_size:])\n"
        ),
        False,
    ),
    ("all-images-for-training", edit(BASE, ("train_dl = ", "train_ds = full_ds\ntrain_dl = ")), False),
    ("all-images-for-validation", edit(BASE, ("train_dl = ", "valid_ds = plain_ds\ntrain_dl = ")), False),
    (
        "index-of-an-index",
        edit(BASE, ("held_out.indices", "[held_out.indices[i % valid_size] for i in held_out.indices]")),
        False,
    ),
    # wrong: sizes
    ("sizes-seventy-thirty", edit(BASE, ("0.8", "0.7")), False),
    ("sizes-ninety-ten", edit(BASE, ("0.8", "0.9")), False),
    ("sizes-exchanged", edit(BASE, ("0.8", "0.2")), False),
    ("sizes-as-fractions", edit(BASE, ("train_dl = ", "train_size, valid_size = 0.8, 0.2\ntrain_dl = ")), False),
    (
        "sizes-as-floats",
        edit(BASE, ("train_dl = ", "train_size, valid_size = 0.8 * len(full_ds), 0.2 * len(full_ds)\ntrain_dl = ")),
        False,
    ),
    ("sizes-in-batches", BASE + "train_size, valid_size = len(train_dl), len(valid_dl)\n", False),
    ("sizes-swapped-afterwards", BASE + "train_size, valid_size = valid_size, train_size\n", False),
    # wrong: the loaders
    ("train-loader-in-order", edit(BASE, ("16, shuffle=True", "16")), False),
    (
        "train-loader-with-a-sequential-sampler",
        edit(BASE, ("16, shuffle=True", "16, sampler=torch.utils.data.SequentialSampler(train_ds)")),
        False,
    ),
    ("train-loader-over-all", edit(BASE, ("DataLoader(train_ds", "DataLoader(full_ds")), False),
    (
        "train-loader-over-plain-images",
        edit(BASE, ("DataLoader(train_ds", "DataLoader(Subset(plain_ds, train_ds.indices)")),
        False,
    ),
    ("valid-loader-over-the-augmented", edit(BASE, ("DataLoader(valid_ds", "DataLoader(held_out")), False),
    ("valid-loader-over-train", edit(BASE, ("DataLoader(valid_ds", "DataLoader(train_ds")), False),
    ("valid-loader-over-all-plain", edit(BASE, ("DataLoader(valid_ds", "DataLoader(plain_ds")), False),
    (
        "valid-loader-random-sampler",
        edit(BASE, ("shuffle=False", "sampler=torch.utils.data.RandomSampler(valid_ds)")),
        False,
    ),
    ("valid-loader-drops-the-rest", edit(BASE, ("shuffle=False", "drop_last=True")), False),
    ("valid-loader-first-batch-only", edit(BASE, ("shuffle=False", "sampler=range(min(16, valid_size - 1))")), False),
    ("valid-loader-one-by-one", edit(BASE, ("16, shuffle=False", "1")), False),
    ("train-loader-of-32", edit(BASE, ("16, shuffle=True", "32, shuffle=True")), False),
    ("loaders-exchanged", BASE + "train_dl, valid_dl = valid_dl, train_dl\n", False),
    ("loaders-as-lists", BASE + "train_dl, valid_dl = list(train_dl), list(valid_dl)\n", False),
    (
        "train-loader-stacks-without-the-mask",
        edit(
            BASE,
            (
                "16, shuffle=True",
                "16, shuffle=True, collate_fn=lambda samples: torch.stack([image for image, _ in samples])",
            ),
        ),
        False,
    ),
]
