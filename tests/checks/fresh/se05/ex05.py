"""Exercise 5: 30 answers from the exercise text."""

from tests.checks.fresh import edit

BASE = """
from torch.utils.data import DataLoader, Subset, random_split
full_ds = ISICDatasetAlbumentations(dataset_path, mask_path, transform=train_img_ts)
plain = ISICDatasetAlbumentations(dataset_path, mask_path, transform=valid_img_ts)
train_size = int(0.8 * len(full_ds))
valid_size = len(full_ds) - train_size
train_ds, rest = random_split(full_ds, [train_size, valid_size])
valid_ds = Subset(plain, rest.indices)
train_dl = DataLoader(train_ds, batch_size=16, shuffle=True)
valid_dl = DataLoader(valid_ds, batch_size=16, shuffle=False)
"""
PERMUTATION = """
import math
from torch.utils.data import DataLoader, Subset
full_ds = ISICDatasetAlbumentations(dataset_path, mask_path, train_img_ts)
n = len(full_ds)
train_size = math.ceil(n * 0.8)
valid_size = n - train_size
order = torch.randperm(n).tolist()
train_ds = Subset(full_ds, order[:train_size])
valid_ds = Subset(ISICDatasetAlbumentations(dataset_path, mask_path, valid_img_ts), order[train_size:])
train_dl = DataLoader(train_ds, 16, shuffle=True)
valid_dl = DataLoader(valid_ds, 16)
"""
OWN = """
class ISICDatasetAlbumentations(ISICDataset):
    def __init__(self, image_dir, mask_dir, transform=None):
        super().__init__(image_dir, mask_dir)
        self.transform = transform

    def __getitem__(self, idx):
        image, mask = super().__getitem__(idx)
        out = self.transform(image=np.array(image), mask=(np.array(mask) > 127).astype(np.uint8))
        return out["image"], out["mask"]
"""
REST = "valid_ds = Subset(plain, rest.indices)\n"
SPLIT = "train_ds, rest = random_split(full_ds, [train_size, valid_size])\n"

RIGHT = [
    ("random_split_then_subset", BASE),
    ("permutation", PERMUTATION),
    ("numpy_permutation", edit(PERMUTATION, ("torch.randperm(n).tolist()", "np.random.default_rng(3).permutation(n)"))),
    (
        "random_shuffle",
        edit(PERMUTATION, ("order = torch.randperm(n).tolist()", "order = list(range(n))\nrandom.shuffle(order)")),
    ),
    (
        "random_sample_sorted_again",
        edit(
            PERMUTATION,
            ("order[:train_size]", "sorted(order[:train_size])"),
            ("order[train_size:])", "sorted(order[train_size:]))"),
        ),
    ),
    (
        "same_seed_twice",
        edit(
            BASE,
            (
                SPLIT,
                "sizes = [train_size, valid_size]\n"
                "train_ds, _ = random_split(full_ds, sizes, generator=torch.Generator().manual_seed(101))\n",
            ),
            (REST, "_, valid_ds = random_split(plain, sizes, generator=torch.Generator().manual_seed(101))\n"),
        ),
    ),
    (
        "fractions",
        edit(
            BASE,
            ("[train_size, valid_size]", "[0.8, 0.2]"),
            ("train_size = int(0.8 * len(full_ds))\n", ""),
            ("valid_size = len(full_ds) - train_size\n", ""),
            (REST, REST + "train_size, valid_size = len(train_ds), len(valid_ds)\n"),
        ),
    ),
    (
        "valid_size_first",
        edit(
            BASE,
            ("train_size = int(0.8 * len(full_ds))\n", ""),
            (
                "valid_size = len(full_ds) - train_size\n",
                "valid_size = round(len(full_ds) / 5)\ntrain_size = len(full_ds) - valid_size\n",
            ),
        ),
    ),
    (
        "dataset_of_the_subset_replaced",
        edit(BASE, ("train_ds, rest =", "train_ds, valid_ds ="), (REST, "valid_ds.dataset = plain\n")),
    ),
    (
        "random_sampler",
        edit(
            BASE,
            (
                "DataLoader(train_ds, batch_size=16, shuffle=True)",
                "DataLoader(train_ds, batch_size=16, sampler=torch.utils.data.RandomSampler(train_ds))",
            ),
        ),
    ),
    ("train_drops_its_last_batch", edit(BASE, ("shuffle=True", "shuffle=True, drop_last=True"))),
    (
        "own_view_of_indices",
        edit(
            BASE,
            (
                REST,
                """
class View(Dataset):
    def __init__(self, dataset, indices):
        self.dataset, self.indices = dataset, list(indices)
    def __len__(self):
        return len(self.indices)
    def __getitem__(self, i):
        return self.dataset[self.indices[i]]
valid_ds = View(plain, rest.indices)
""",
            ),
        ),
    ),
    (
        "subset_of_valid_set_difference",
        edit(BASE, (REST, "valid_ds = Subset(plain, list(set(range(len(plain))) - set(train_ds.indices)))\n")),
    ),
]
WRONG = [
    ("validation_augmented", edit(BASE, (REST, "valid_ds = rest\n"))),
    ("split_in_order", edit(PERMUTATION, ("torch.randperm(n).tolist()", "list(range(n))"))),
    ("split_backwards", edit(PERMUTATION, ("torch.randperm(n).tolist()", "list(range(n))[::-1]"))),
    (
        "every_fifth",
        edit(
            PERMUTATION,
            ("torch.randperm(n).tolist()", "[i for i in range(n) if i % 5] + [i for i in range(n) if i % 5 == 0]"),
        ),
    ),
    ("two_independent_splits", edit(BASE, (REST, "_, valid_ds = random_split(plain, [train_size, valid_size])\n"))),
    ("drawn_with_replacement", edit(PERMUTATION, ("torch.randperm(n).tolist()", "torch.randint(n, (n,)).tolist()"))),
    (
        "one_sample_lost",
        edit(
            PERMUTATION,
            ("valid_size = n - train_size", "valid_size = n - train_size - 1"),
            ("order[train_size:]", "order[train_size + 1:]"),
        ),
    ),
    ("seventy_thirty", edit(BASE, ("0.8", "0.7"))),
    ("ninety_ten", edit(BASE, ("0.8", "0.9"))),
    ("sizes_swapped", edit(BASE, ("0.8", "0.2"))),
    (
        "sizes_of_the_real_archive",
        edit(
            PERMUTATION,
            ("train_size = math.ceil(n * 0.8)", "train_size = 720"),
            ("valid_size = n - train_size", "valid_size = 180"),
            ("order[:train_size]", "order[:n * 4 // 5]"),
            ("order[train_size:]", "order[n * 4 // 5:]"),
        ),
    ),
    ("train_not_shuffled", edit(BASE, ("shuffle=True", "shuffle=False"))),
    ("valid_shuffled", edit(BASE, ("shuffle=False", "shuffle=True"))),
    ("batches_of_32", edit(BASE, ("batch_size=16", "batch_size=32"))),
    ("valid_drops_its_last_batch", edit(BASE, ("shuffle=False", "shuffle=False, drop_last=True"))),
    ("train_without_augmentation", edit(BASE, ("transform=train_img_ts", "transform=valid_img_ts"))),
    (
        "transforms_swapped",
        edit(
            BASE,
            ("transform=train_img_ts", "transform=X"),
            ("transform=valid_img_ts", "transform=train_img_ts"),
            ("transform=X", "transform=valid_img_ts"),
        ),
    ),
    ("train_loader_over_everything", edit(BASE, ("DataLoader(train_ds", "DataLoader(full_ds"))),
    ("valid_loader_over_train", edit(BASE, ("DataLoader(valid_ds", "DataLoader(train_ds"))),
    ("train_loader_over_plain", edit(BASE, ("DataLoader(train_ds", "DataLoader(Subset(plain, train_ds.indices)"))),
    ("valid_loader_over_augmented", edit(BASE, ("DataLoader(valid_ds", "DataLoader(rest"))),
    (
        "shared_transform_changed",
        OWN
        + edit(
            BASE, ("train_ds, rest =", "train_ds, valid_ds ="), (REST, "valid_ds.dataset.transform = valid_img_ts\n")
        ),
    ),
    ("validation_not_normalized", edit(BASE, (REST, "valid_ds = Subset(ds, rest.indices)\n"))),
    ("validation_is_everything", edit(BASE, (REST, "valid_ds = plain\n"))),
    ("validation_indices_from_zero", edit(BASE, (REST, "valid_ds = Subset(plain, range(valid_size))\n"))),
]
ANSWERS = [(n, c, True) for n, c in RIGHT] + [(n, c, False) for n, c in WRONG]
