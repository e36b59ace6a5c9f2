"""Exercise 5: answers from the exercise text, by a third reader."""

from tests.checks.fresh import edit

PLAIN = """
from torch.utils.data import Subset, random_split

full_ds = ISICDatasetAlbumentations(dataset_path, mask_path, train_img_ts)
train_size = int(0.8 * len(full_ds))
valid_size = len(full_ds) - train_size
train_ds, held_out = random_split(full_ds, [train_size, valid_size])
valid_ds = Subset(ISICDatasetAlbumentations(dataset_path, mask_path, valid_img_ts), held_out.indices)
train_dl = DataLoader(train_ds, batch_size=16, shuffle=True)
valid_dl = DataLoader(valid_ds, batch_size=16, shuffle=False)
"""

VERBOSE = '''
from dataclasses import dataclass
from typing import Sequence, Tuple

from torch.utils.data import Subset, random_split


@dataclass(frozen=True)
class SplitConfig:
    """Everything that decides about the split."""

    train_share: float = 0.8
    batch_size: int = 16
    seed: int = 101


class TransformedView(Dataset):
    """Some samples of another dataset."""

    def __init__(self, source: Dataset, indices: Sequence[int]) -> None:
        self.source = source
        self.indices = [int(index) for index in indices]

    def __len__(self) -> int:
        return len(self.indices)

    def __getitem__(self, position: int):
        return self.source[self.indices[position]]


def draw_indices(n_samples: int, config: SplitConfig) -> Tuple[list, list]:
    """Draw which samples are for training and which for validation."""
    generator = torch.Generator().manual_seed(config.seed)
    order = torch.randperm(n_samples, generator=generator).tolist()
    n_train = round(config.train_share * n_samples)
    first, second = order[:n_train], order[n_train:]
    assert not set(first) & set(second)
    assert len(first) + len(second) == n_samples
    return first, second


config = SplitConfig()
full_ds = ISICDatasetAlbumentations(image_dir=dataset_path, mask_dir=mask_path, transform=train_img_ts)
clean_ds = ISICDatasetAlbumentations(image_dir=dataset_path, mask_dir=mask_path, transform=valid_img_ts)
train_indices, valid_indices = draw_indices(len(full_ds), config)
train_size, valid_size = len(train_indices), len(valid_indices)
train_ds = TransformedView(full_ds, train_indices)
valid_ds = TransformedView(clean_ds, valid_indices)
train_dl = DataLoader(train_ds, batch_size=config.batch_size, shuffle=True, num_workers=0, pin_memory=False)
valid_dl = DataLoader(valid_ds, batch_size=config.batch_size, shuffle=False, num_workers=0, drop_last=False)
'''

NUMPY = """
from torch.utils.data import Subset

full_ds, clean = (ISICDatasetAlbumentations(dataset_path, mask_path, t) for t in (train_img_ts, valid_img_ts))
n = len(full_ds)
valid_size = n // 5
train_size = n - valid_size
order = np.random.default_rng(7).permutation(n)
train_ds, valid_ds = Subset(full_ds, order[valid_size:]), Subset(clean, order[:valid_size])
train_dl, valid_dl = (DataLoader(d, 16, s) for d, s in ((train_ds, True), (valid_ds, False)))
"""

TWICE = """
from torch.utils.data import random_split

full_ds = ISICDatasetAlbumentations(dataset_path, mask_path, train_img_ts)
twin_ds = ISICDatasetAlbumentations(dataset_path, mask_path, valid_img_ts)
train_size = round(len(full_ds) * 0.8)
valid_size = len(full_ds) - train_size
sizes = [train_size, valid_size]
train_ds, _ = random_split(full_ds, sizes, generator=torch.Generator().manual_seed(42))
_, valid_ds = random_split(twin_ds, sizes, generator=torch.Generator().manual_seed(42))
train_dl = DataLoader(train_ds, batch_size=16, shuffle=True)
valid_dl = DataLoader(valid_ds, batch_size=16)
"""

SETS = """
import math
import random as rnd
from torch.utils.data import Subset

full_ds = ISICDatasetAlbumentations(dataset_path, mask_path, train_img_ts)
total = len(full_ds)
valid_size = math.floor(total * 0.2)
train_size = total - valid_size
chosen = set(rnd.sample(range(total), k=valid_size))
train_ds = Subset(full_ds, [i for i in range(total) if i not in chosen])
valid_ds = Subset(ISICDatasetAlbumentations(dataset_path, mask_path, valid_img_ts), sorted(chosen))
train_dl = DataLoader(train_ds, batch_size=16, shuffle=True)
valid_dl = DataLoader(valid_ds, batch_size=16, shuffle=False)
"""

ANSWERS = [
    ("plain", PLAIN, True),
    ("verbose-own-view-class", VERBOSE, True),
    ("numpy-permutation-validation-first", NUMPY, True),
    ("two-splits-with-equal-seeds", TWICE, True),
    ("sampled-set-and-the-rest-in-order", SETS, True),
    (
        "split-of-a-range",
        edit(
            PLAIN,
            (
                "train_ds, held_out = random_split(full_ds, [train_size, valid_size])",
                "mine, held_out = random_split(range(len(full_ds)), (train_size, valid_size))\ntrain_ds = Subset(full_ds, list(mine))",
            ),
            ("held_out.indices", "[*held_out]"),
        ),
        True,
    ),
    (
        "shares-instead-of-counts",
        edit(
            PLAIN,
            (
                "train_size = int(0.8 * len(full_ds))\nvalid_size = len(full_ds) - train_size\ntrain_ds, held_out = random_split(full_ds, [train_size, valid_size])",
                "train_ds, held_out = random_split(full_ds, [0.8, 0.2])\ntrain_size, valid_size = map(len, (train_ds, held_out))",
            ),
        ),
        True,
    ),
    (
        "random-sampler-and-dropped-rest-in-training",
        edit(
            SETS,
            (
                "DataLoader(train_ds, batch_size=16, shuffle=True)",
                "DataLoader(train_ds, 16, sampler=torch.utils.data.RandomSampler(train_ds), drop_last=True)",
            ),
        ),
        True,
    ),
    (
        "batch-samplers",
        edit(
            PLAIN,
            (
                "DataLoader(train_ds, batch_size=16, shuffle=True)",
                "DataLoader(train_ds, batch_sampler=torch.utils.data.BatchSampler(torch.utils.data.RandomSampler(train_ds), 16, False))",
            ),
            (
                "DataLoader(valid_ds, batch_size=16, shuffle=False)",
                "DataLoader(valid_ds, batch_sampler=torch.utils.data.BatchSampler(torch.utils.data.SequentialSampler(valid_ds), 16, False))",
            ),
        ),
        True,
    ),
    (
        "numpy-whole-numbers-as-sizes",
        edit(NUMPY, ("valid_size = n // 5\n", "valid_size = np.int64(np.ceil(n * 0.2))\n")),
        True,
    ),
    (
        "subclass-of-subset",
        """
from torch.utils.data import Subset

class Part(Subset):
    def __repr__(self):
        return f"{len(self)} of {len(self.dataset)}"

parts = {}
full_ds = ISICDatasetAlbumentations(dataset_path, mask_path, transform=train_img_ts)
lottery = sorted(range(len(full_ds)), key=lambda _: random.random())
train_size = (cut := 4 * len(lottery) // 5)
valid_size = len(lottery[cut:])
for name, slot, pipeline in (("train", slice(None, cut), train_img_ts), ("valid", slice(cut, None), valid_img_ts)):
    source = full_ds if name == "train" else ISICDatasetAlbumentations(dataset_path, mask_path, transform=pipeline)
    parts[name] = Part(source, lottery[slot])
train_ds, valid_ds = parts["train"], parts["valid"]
train_dl = DataLoader(train_ds, batch_size=16, shuffle=True, generator=torch.Generator().manual_seed(3))
valid_dl = DataLoader(valid_ds, batch_size=16)
""",
        True,
    ),
    (
        "one-generator-for-two-splits",
        edit(
            TWICE,
            (
                "sizes = [train_size, valid_size]\n",
                "sizes = [train_size, valid_size]\ngenerator = torch.Generator().manual_seed(42)\n",
            ),
            ("generator=torch.Generator().manual_seed(42)", "generator=generator"),
        ),
        False,
    ),
    ("two-splits-with-different-seeds", TWICE.replace("manual_seed(42)", "manual_seed(43)", 1), False),
    (
        "seeded-once-for-two-splits",
        "torch.manual_seed(101)" + TWICE.replace(", generator=torch.Generator().manual_seed(42)", ""),
        False,
    ),
    (
        "permutation-thrown-away",
        edit(
            NUMPY,
            (
                "order = np.random.default_rng(7).permutation(n)",
                "order = np.arange(n)\nnp.random.default_rng(7).permutation(order)",
            ),
        ),
        False,
    ),
    (
        "shuffled-then-sorted",
        edit(
            VERBOSE,
            (
                "order = torch.randperm(n_samples, generator=generator).tolist()",
                "order = sorted(torch.randperm(n_samples, generator=generator).tolist())",
            ),
        ),
        False,
    ),
    (
        "every-fifth",
        edit(SETS, ("set(rnd.sample(range(total), k=valid_size))", "set(range(0, 5 * valid_size, 5))")),
        False,
    ),
    ("drawn-with-replacement", edit(NUMPY, ("permutation(n)", "integers(0, n, size=n)")), False),
    (
        "one-lost-between-the-parts",
        edit(
            VERBOSE,
            ("order[n_train:]\n", "order[n_train + 1 :]\n"),
            ("    assert len(first) + len(second) == n_samples\n", ""),
        ),
        False,
    ),
    (
        "one-in-both",
        edit(
            VERBOSE,
            ("order[n_train:]\n", "order[n_train - 1 :]\n"),
            ("    assert not set(first) & set(second)\n    assert len(first) + len(second) == n_samples\n", ""),
        ),
        False,
    ),
    (
        "training-pictures-frozen-in-a-list",
        edit(
            SETS,
            (
                "Subset(full_ds, [i for i in range(total) if i not in chosen])",
                "[full_ds[i] for i in range(total) if i not in chosen]",
            ),
        ),
        False,
    ),
    ("loader-over-everything", edit(PLAIN, ("DataLoader(train_ds, ", "DataLoader(full_ds, ")), False),
    ("loader-of-the-held-out-view", edit(PLAIN, ("DataLoader(valid_ds, ", "DataLoader(held_out, ")), False),
    (
        "indices-of-the-training-part-for-validation",
        edit(PLAIN, ("held_out.indices", "train_ds.indices[:valid_size]")),
        False,
    ),
    (
        "validation-through-the-training-pipeline-with-a-seed",
        edit(VERBOSE, ("transform=valid_img_ts", "transform=A.Compose(train_img_ts.transforms, seed=0)")),
        False,
    ),
    ("swapped-pipelines", edit(NUMPY, ("(train_img_ts, valid_img_ts)", "(valid_img_ts, train_img_ts)")), False),
    (
        "sizes-swapped-names",
        edit(PLAIN, ("train_dl =", "train_size, valid_size = valid_size, train_size\ntrain_dl =")),
        False,
    ),
    (
        "validation-drops-the-rest",
        edit(VERBOSE, ("num_workers=0, drop_last=False", "num_workers=0, drop_last=True")),
        False,
    ),
    (
        "training-in-order",
        edit(NUMPY, ("((train_ds, True), (valid_ds, False))", "((train_ds, False), (valid_ds, False))")),
        False,
    ),
    ("twenty-per-cent-for-training", edit(PLAIN, ("int(0.8 * len(full_ds))", "int(0.2 * len(full_ds))")), False),
    (
        "training-split-again-inside",
        edit(
            PLAIN,
            (
                "train_dl = DataLoader(train_ds, ",
                "train_ds, _ = random_split(full_ds, [train_size, valid_size])\ntrain_dl = DataLoader(train_ds, ",
            ),
        ),
        False,
    ),
]
