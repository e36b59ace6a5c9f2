"""Exercise 2: 30 answers from the exercise text."""

from tests.checks.fresh import edit

BASE = """
from torch.utils.data import DataLoader
dl = DataLoader(ds, batch_size=16, shuffle=False)
total = torch.zeros(3)
total_sq = torch.zeros(3)
n = 0
for images, _ in dl:
    total += images.sum(dim=(0, 2, 3))
    total_sq += (images ** 2).sum(dim=[0, 2, 3])
    n += images.shape[0] * images.shape[2] * images.shape[3]
mean = total / n
std = torch.sqrt(total_sq / n - mean ** 2)
"""
HEAD = """
from torch.utils.data import DataLoader
dl = DataLoader(ds, batch_size=16, shuffle=False)
"""
ALL = HEAD + "everything = torch.cat([x for x, _ in dl])\n"
TWO_PASS = (
    HEAD
    + """
count = sum(x.numel() // 3 for x, _ in dl)
mean = sum(x.sum((0, 2, 3)) for x, _ in dl) / count
std = (sum(((x - mean[None, :, None, None]) ** 2).sum((0, 2, 3)) for x, _ in dl) / count).sqrt()
"""
)
WEIGHTED = (
    HEAD
    + """
mean = torch.zeros(3, dtype=torch.float64)
second = torch.zeros(3, dtype=torch.float64)
for x, _ in dl:
    flat = x.double().view(x.size(0), 3, -1)
    mean += flat.mean(2).sum(0)
    second += flat.pow(2).mean(2).sum(0)
mean /= len(ds)
second /= len(dl.dataset)
std = (second - mean.pow(2)).clamp(min=0).sqrt()
"""
)
NUMPY = (
    HEAD
    + """
s, s2, n = np.zeros(3), np.zeros(3), 0
for images, masks in dl:
    pixels = images.numpy().transpose(0, 2, 3, 1).reshape(-1, 3).astype(np.float64)
    s += pixels.sum(axis=0)
    s2 += np.square(pixels).sum(axis=0)
    n += len(pixels)
mean = torch.tensor(s / n)
std = torch.tensor(np.sqrt(s2 / n - (s / n) ** 2))
"""
)
CHANNELS = (
    HEAD
    + """
mean, std = torch.empty(3), torch.empty(3)
for c in range(3):
    channel = torch.cat([x[:, c].flatten() for x, _ in dl]).double()
    mean[c] = channel.mean()
    std[c] = channel.std(unbiased=False)
"""
)
BATCH_MEANS = (
    HEAD
    + """
mean, std = torch.zeros(3), torch.zeros(3)
for x, _ in dl:
    mean += x.mean((0, 2, 3))
    std += x.std((0, 2, 3))
mean /= len(dl)
std /= len(dl)
"""
)

RIGHT = [
    ("sums_over_batches", BASE),
    ("float64", edit(BASE, ("torch.zeros(3)", "torch.zeros(3, dtype=torch.float64)"))),
    ("two_passes", TWO_PASS),
    ("weighted_by_images", WEIGHTED),
    ("numpy", NUMPY),
    ("channel_by_channel", CHANNELS),
    ("concatenated", ALL + "std, mean = torch.std_mean(everything, dim=(0, 2, 3), correction=0)\n"),
    (
        "straight_from_ds",
        HEAD + "x = torch.stack([ds[i][0] for i in range(len(ds))]).transpose(0, 1).reshape(3, -1)\n"
        "mean = x.mean(1)\nstd = x.var(1, unbiased=False) ** 0.5\n",
    ),
    ("einsum", edit(BASE, ("(images ** 2).sum(dim=[0, 2, 3])", 'torch.einsum("nchw,nchw->c", images, images)'))),
    (
        "batch_sampler",
        edit(
            BASE,
            (
                "DataLoader(ds, batch_size=16, shuffle=False)",
                "DataLoader(ds, batch_sampler=torch.utils.data.BatchSampler(torch.utils.data.SequentialSampler(ds), 16, False))",
            ),
        ),
    ),
    ("workers_and_default_shuffle", edit(BASE, ("batch_size=16, shuffle=False", "16, num_workers=2"))),
    (
        "flattened_view_helper",
        HEAD + "def flat(x):\n    return x.permute(1, 0, 2, 3).flatten(1).double()\n"
        "n = sum(flat(x).size(1) for x, _ in dl)\nmean = torch.stack([flat(x).sum(1) for x, _ in dl]).sum(0).div(n)\n"
        "std = torch.stack([flat(x).sub(mean[:, None]).square().sum(1) for x, _ in dl]).sum(0).div(n).sqrt().float()\n"
        "mean = mean.float()\n",
    ),
]
WRONG = [
    ("mean_of_batch_means", BATCH_MEANS),
    (
        "right_mean_batch_stds",
        edit(BATCH_MEANS, ("mean /= len(dl)", "mean = torch.cat([x for x, _ in dl]).mean((0, 2, 3))")),
    ),
    ("std_within_images", ALL + "mean = everything.mean((0, 2, 3))\nstd = everything.std((2, 3)).mean(0)\n"),
    (
        "std_of_image_means",
        ALL + "mean = everything.mean((0, 2, 3))\nstd = everything.mean((2, 3)).std(0, unbiased=False)\n",
    ),
    ("divided_by_images", edit(BASE, ("images.shape[0] * images.shape[2] * images.shape[3]", "images.shape[0]"))),
    ("variance_without_root", edit(BASE, ("torch.sqrt(total_sq / n - mean ** 2)", "total_sq / n - mean ** 2"))),
    ("mean_not_squared", edit(BASE, ("- mean ** 2", "- mean"), ("torch.sqrt(total_sq", "torch.sqrt(1 + total_sq"))),
    ("mean_not_subtracted", edit(BASE, (" - mean ** 2", ""))),
    ("one_number_for_all_channels", ALL + "mean = everything.mean()\nstd = everything.std(unbiased=False)\n"),
    ("imagenet", HEAD + "mean = torch.tensor([0.485, 0.456, 0.406])\nstd = torch.tensor([0.229, 0.224, 0.225])\n"),
    ("typed_in_roughly", HEAD + "mean = torch.tensor([0.70, 0.51, 0.47])\nstd = torch.tensor([0.15, 0.14, 0.13])\n"),
    ("loader_shuffles", edit(BASE, ("shuffle=False", "shuffle=True"))),
    ("loader_drops_the_last", edit(BASE, ("shuffle=False", "drop_last=True"))),
    ("batches_of_32", edit(BASE, ("batch_size=16", "batch_size=32"))),
    ("names_swapped", BASE + "mean, std = std, mean\n"),
    (
        "first_batch_only",
        edit(
            BASE,
            (
                "    n += images.shape[0] * images.shape[2] * images.shape[3]",
                "    n += images.shape[0] * images.shape[2] * images.shape[3]\n    break",
            ),
        ),
    ),
    ("scaled_to_255", BASE + "mean, std = mean * 255, std * 255\n"),
    ("lists", BASE + "mean, std = mean.tolist(), std.tolist()\n"),
    ("four_dimensions", BASE + "mean, std = mean.view(1, 3, 1, 1), std.view(1, 3, 1, 1)\n"),
    ("blue_first", BASE + "mean, std = mean.flip(0), std.flip(0)\n"),
    ("loader_over_a_part", edit(BASE, ("DataLoader(ds,", "DataLoader(torch.utils.data.Subset(ds, range(64)),"))),
    ("of_the_masks", edit(BASE, ("for images, _ in dl:", "for _, images in dl:"))),
]
ANSWERS = [(n, c, True) for n, c in RIGHT] + [(n, c, False) for n, c in WRONG]
