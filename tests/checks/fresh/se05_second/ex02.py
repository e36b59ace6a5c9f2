"""Exercise 2: answers from the exercise text, by a second reader."""

from tests.checks.fresh import edit

LOADER = "dl = DataLoader(ds, batch_size=16, shuffle=False)\n"

BASE = (
    LOADER
    + """
n = 0
total = torch.zeros(3, dtype=torch.float64)
squares = torch.zeros(3, dtype=torch.float64)
for images, _ in dl:
    images = images.double()
    n += images.numel() // 3
    total += images.sum(dim=(0, 2, 3))
    squares += images.square().sum(dim=(0, 2, 3))
mean = total / n
std = (squares / n - mean**2).sqrt()
"""
)

CHAN = (
    LOADER
    + """
count, mean, m2 = 0, torch.zeros(3).double(), torch.zeros(3).double()
for images, _masks in dl:
    x = images.double().transpose(0, 1).flatten(1)
    n_b, mean_b = x.size(1), x.mean(1)
    m2_b = (x - mean_b[:, None]).pow(2).sum(1)
    delta = mean_b - mean
    m2 = m2 + m2_b + delta**2 * count * n_b / (count + n_b)
    mean = mean + delta * n_b / (count + n_b)
    count += n_b
std = torch.sqrt(m2 / count)
"""
)

HISTOGRAM = (
    LOADER
    + """
counts = torch.zeros(3, 256, dtype=torch.long)
for images, _ in dl:
    levels = (images * 255).round().long()
    for channel in range(3):
        counts[channel] += torch.bincount(levels[:, channel].reshape(-1), minlength=256)
values = torch.arange(256, dtype=torch.float64) / 255
share = counts / counts.sum(dim=1, keepdim=True).double()
mean = share @ values
std = (share @ values**2 - mean**2) ** 0.5
"""
)

SKLEARN = (
    "from sklearn.preprocessing import StandardScaler\n\n"
    + LOADER
    + """
scaler = StandardScaler()
for images, _ in dl:
    scaler.partial_fit(images.permute(0, 2, 3, 1).reshape(-1, 3).double().numpy())
mean, std = (torch.from_numpy(a.copy()) for a in (scaler.mean_, scaler.scale_))
"""
)

REDUCE = (
    "from functools import reduce\n\n"
    + LOADER
    + """

def moments(batch):
    x = batch[0].to(torch.float64)
    return torch.stack([torch.einsum("nchw->c", x**k) for k in range(3)])


zeroth, first, second = reduce(torch.add, map(moments, dl))
mean = first / zeroth
std = (second / zeroth - mean * mean).clamp_min(0).sqrt()
"""
)

STACK = (
    LOADER
    + """
std, mean = torch.std_mean(torch.cat([images for images, _ in dl]).double(), dim=(0, 2, 3), correction=0)
"""
)

TWICE = (
    LOADER
    + """
pixels = sum(images[:, 0].numel() for images, _ in dl)
mean = sum(images.double().sum((0, 2, 3)) for images, _ in dl) / pixels
std = (sum((images - mean.view(1, -1, 1, 1)).pow(2).sum((0, 2, 3)) for images, _ in dl) / pixels).sqrt()
"""
)

TOTAL_VARIANCE = (
    LOADER
    + """
sizes, means, variances = [], [], []
for images, _ in dl:
    sizes.append(len(images))
    variance, average = torch.var_mean(images, dim=(0, 2, 3), unbiased=False)
    means.append(average)
    variances.append(variance)
w = torch.tensor(sizes, dtype=torch.float64)[:, None] / sum(sizes)
means, variances = torch.stack(means).double(), torch.stack(variances).double()
mean = (w * means).sum(0)
std = (w * (variances + (means - mean) ** 2)).sum(0).sqrt()
"""
)

NUMPY = (
    LOADER
    + """
sums = np.zeros((2, 3))
n = 0
for images, _ in dl:
    a = np.moveaxis(images.numpy().astype("f8"), 1, -1).reshape(-1, 3)
    sums += [a.sum(0), (a * a).sum(0)]
    n += a.shape[0]
mean, std = sums[0] / n, np.sqrt(sums[1] / n - (sums[0] / n) ** 2)
mean, std = torch.as_tensor(mean, dtype=torch.float32), torch.as_tensor(std, dtype=torch.float32)
"""
)

SINGLE = (
    LOADER
    + """
@torch.inference_mode()
def statistics(loader):
    total, squares, n = 0, 0, 0
    for images, *_ in loader:
        total += images.sum(axis=[0, -2, -1])
        squares += (images**2).sum(axis=[0, -2, -1])
        n += images.shape[0] * images.shape[2] * images.shape[3]
    mean = total / n
    return mean, torch.sqrt(squares / n - mean**2)


mean, std = statistics(dl)
"""
)

SHIFTED = edit(
    BASE,
    ("images = images.double()", "images = images.double() - 0.5"),
    (
        "mean = total / n\nstd = (squares / n - mean**2).sqrt()",
        "std = (squares / n - (total / n) ** 2).sqrt()\nmean = total / n + 0.5",
    ),
)

PER_IMAGE = (
    LOADER
    + """
rows = torch.stack([torch.stack((x.mean((1, 2)), x.square().mean((1, 2)))) for xs, _ in dl for x in xs.double()])
mean, second = rows.mean(0)
std = torch.sub(second, mean.square()).sqrt()
"""
)

COVARIANCE = (
    LOADER
    + """
gram = torch.zeros(4, 4, dtype=torch.double)
for images, _ in dl:
    x = images.double().permute(1, 0, 2, 3).reshape(3, -1)
    x = torch.vstack([x, torch.ones_like(x[:1])])
    gram.addmm_(x, x.T)
gram /= gram[3, 3].item()
mean = gram[3, :3]
std = torch.diagonal(gram)[:3].sub(mean**2).sqrt()
"""
)

BATCH_MEANS = """
mean = torch.stack([images.mean((0, 2, 3)) for images, _ in dl]).mean(0)
"""

ANSWERS = [
    ("sums-in-double", BASE, True),
    ("chans-parallel-update", CHAN, True),
    ("histogram-of-grey-levels", HISTOGRAM, True),
    ("standard-scaler-partial-fit", SKLEARN, True),
    ("reduce-of-three-moments", REDUCE, True),
    ("all-in-memory-std-mean", STACK, True),
    ("two-passes-over-the-loader", TWICE, True),
    ("law-of-total-variance", TOTAL_VARIANCE, True),
    ("numpy-sums-to-single-precision", NUMPY, True),
    ("single-precision-throughout-inference-mode", SINGLE, True),
    ("shifted-by-a-half", SHIFTED, True),
    ("moments-of-each-image-averaged", PER_IMAGE, True),
    ("views-into-a-matrix-of-products", COVARIANCE, True),
    (
        "loader-with-a-batch-sampler",
        edit(
            BASE,
            (
                LOADER,
                "from torch.utils.data import BatchSampler, SequentialSampler\n\n"
                "dl = DataLoader(ds, batch_sampler=BatchSampler(SequentialSampler(ds), 16, drop_last=False))\n",
            ),
        ),
        True,
    ),
    (
        "loader-with-a-sequential-sampler-and-options",
        edit(
            STACK,
            (
                LOADER,
                "dl = DataLoader(\n    dataset=ds, batch_size=2**4, sampler=torch.utils.data.SequentialSampler(ds),\n"
                "    num_workers=0, drop_last=False, pin_memory=False,\n)\n",
            ),
        ),
        True,
    ),
    (
        "loader-that-stacks-for-itself",
        edit(
            BASE,
            (
                LOADER,
                "def collate(samples):\n    images, masks = zip(*samples)\n"
                "    return torch.stack(images), torch.stack(masks)\n\n\n"
                "dl = DataLoader(ds, 16, collate_fn=collate)\n",
            ),
        ),
        True,
    ),
    # wrong: the statistics
    (
        "n-minus-one-in-double",
        edit(STACK, ("correction=0", "correction=1")),
        False,
    ),
    (
        "mean-of-batch-means-but-right-std",
        BASE + BATCH_MEANS,
        False,
    ),
    (
        "std-around-the-mean-of-batch-means",
        edit(
            BASE,
            (
                "std = (squares / n - mean**2)",
                "rough = torch.stack([x.mean((0, 2, 3)) for x, _ in dl]).mean(0)\nstd = (squares / n - rough**2)",
            ),
        ),
        False,
    ),
    (
        "only-the-variance-within-batches",
        edit(TOTAL_VARIANCE, ("(w * (variances + (means - mean) ** 2))", "(w * variances)")),
        False,
    ),
    (
        "weighted-mean-of-batch-stds",
        edit(
            TOTAL_VARIANCE, ("(w * (variances + (means - mean) ** 2)).sum(0).sqrt()", "(w * variances.sqrt()).sum(0)")
        ),
        False,
    ),
    (
        "total-variance-with-equal-weights",
        edit(
            TOTAL_VARIANCE,
            ("w = torch.tensor(sizes, dtype=torch.float64)[:, None] / sum(sizes)", "w = 1 / len(sizes)"),
        ),
        False,
    ),
    (
        "mean-of-image-stds",
        edit(
            PER_IMAGE,
            (
                "std = torch.sub(second, mean.square()).sqrt()",
                "std = torch.stack([x.std((1, 2), correction=0) for xs, _ in dl for x in xs.double()]).mean(0)",
            ),
        ),
        False,
    ),
    (
        "std-of-image-means",
        edit(PER_IMAGE, ("std = torch.sub(second, mean.square()).sqrt()", "std = rows[:, 0].std(0, correction=0)")),
        False,
    ),
    ("variance-without-root", edit(BASE, (".sqrt()", "")), False),
    (
        "root-before-the-difference",
        edit(BASE, ("(squares / n - mean**2).sqrt()", "(squares / n).sqrt() - mean")),
        False,
    ),
    (
        "square-of-sums-instead-of-sum-of-squares",
        edit(
            BASE, ("images.square().sum(dim=(0, 2, 3))", "images.sum(dim=(0, 2, 3)).square() / (images.numel() // 3)")
        ),
        False,
    ),
    ("root-mean-square", edit(BASE, (" - mean**2)", ")")), False),
    ("n-counts-the-channels-too", edit(BASE, ("images.numel() // 3", "images.numel()")), False),
    (
        "n-takes-every-batch-for-full",
        edit(BASE, ("mean = total / n", "n = len(dl) * 16 * 64 * 64\nmean = total / n")),
        False,
    ),
    (
        "last-batch-left-out-of-the-sums",
        edit(BASE, ("for images, _ in dl:", "for _, (images, _) in zip(range(len(ds) // 16), dl):")),
        False,
    ),
    (
        "last-batch-in-n-but-not-in-the-sums",
        edit(BASE, ("    total +=", "    if len(images) < 16:\n        continue\n    total +=")),
        False,
    ),
    ("statistics-of-one-batch", edit(BASE, ("for images, _ in dl:", "for images, _ in [next(iter(dl))]:")), False),
    ("first-image-of-each-batch", edit(BASE, ("images = images.double()", "images = images[:1].double()")), False),
    ("colours-backwards", edit(BASE, ("images = images.double()", "images = images.flip(1).double()")), False),
    (
        "one-number-for-all-channels-three-times",
        BASE + "mean = mean.mean().expand(3)\nstd = std.mean().expand(3)\n",
        False,
    ),
    (
        "statistics-over-columns",
        edit(
            BASE,
            ("dim=(0, 2, 3)", "dim=(0, 1, 2)"),
            ("torch.zeros(3,", "torch.zeros(64,"),
            ("images.numel() // 3", "images.numel() // 64"),
        ),
        False,
    ),
    ("grey-levels-up-to-255", edit(BASE, ("images = images.double()", "images = images.double() * 255")), False),
    (
        "originals-instead-of-the-resized",
        LOADER
        + """
n, total, squares = 0, np.zeros(3), np.zeros(3)
for path in sorted(dataset_path.glob("*.jpg")):
    pixels = np.asarray(Image.open(path).convert("RGB")).reshape(-1, 3) / 255
    n += len(pixels)
    total += pixels.sum(0)
    squares += (pixels**2).sum(0)
mean = torch.tensor(total / n)
std = torch.tensor(np.sqrt(squares / n - (total / n) ** 2))
""",
        False,
    ),
    (
        "only-the-lesions",
        edit(
            BASE,
            (
                "for images, _ in dl:\n    images = images.double()",
                "for images, masks in dl:\n    images = images.double() * (masks > 0.5)",
            ),
        ),
        False,
    ),
    (
        "imagenet-by-heart",
        LOADER + "mean = torch.tensor([0.485, 0.456, 0.406])\nstd = torch.tensor([0.229, 0.224, 0.225])\n",
        False,
    ),
    ("rounded-to-two-digits", BASE + "mean, std = mean.round(decimals=2), std.round(decimals=2)\n", False),
    ("half-precision-result", BASE + "mean, std = mean.half(), std.half()\n", False),
    ("plain-lists", BASE + "mean, std = mean.tolist(), std.tolist()\n", False),
    ("numpy-arrays", BASE + "mean, std = mean.numpy(), std.numpy()\n", False),
    ("mean-and-std-swapped", BASE + "mean, std = std, mean\n", False),
    ("one-over-std", BASE + "std = 1 / std\n", False),
    (
        "running-average-of-batches",
        LOADER
        + """
mean, std = None, None
for images, _ in dl:
    s, m = torch.std_mean(images.double(), (0, 2, 3), correction=0)
    mean = m if mean is None else 0.9 * mean + 0.1 * m
    std = s if std is None else 0.9 * std + 0.1 * s
""",
        False,
    ),
    (
        "sums-start-again-in-each-batch",
        LOADER
        + """
for images, _ in dl:
    total = images.double().sum((0, 2, 3))
    squares = images.double().pow(2).sum((0, 2, 3))
    n = images.numel() / 3
mean = total / n
std = (squares / n - mean**2).sqrt()
""",
        False,
    ),
    (
        "median-for-mean",
        edit(STACK, ("std, mean =", "std, _ ="))
        + """
mean = torch.cat([x for x, _ in dl]).double().transpose(0, 1).flatten(1).median(1).values
""",
        False,
    ),
    # wrong: the loader
    (
        "loader-shuffles-in-disguise",
        edit(BASE, (LOADER, "dl = DataLoader(ds, batch_size=16, sampler=torch.utils.data.RandomSampler(ds))\n")),
        False,
    ),
    (
        "loader-shuffles-with-a-seed",
        edit(BASE, ("shuffle=False", "shuffle=True, generator=torch.Generator().manual_seed(101)")),
        False,
    ),
    (
        "loader-shuffles-once",
        edit(BASE, (LOADER, "dl = DataLoader(ds, batch_size=16, sampler=torch.randperm(len(ds)).tolist())\n")),
        False,
    ),
    ("loader-drops-the-rest-after-the-sums", BASE + "dl = DataLoader(ds, batch_size=16, drop_last=True)\n", False),
    (
        "loader-one-image-short",
        edit(BASE, (LOADER, "dl = DataLoader(ds, batch_size=16, sampler=range(len(ds) - 1))\n")),
        False,
    ),
    (
        "loader-batch-sampler-drops-the-rest",
        edit(
            BASE,
            (
                LOADER,
                "from torch.utils.data import BatchSampler, "
                "SequentialSampler\n\ndl = DataLoader(ds, batch_sampler=BatchSampler(SequentialSampler(ds), 16, True))\n",
            ),
        ),
        False,
    ),
    ("loader-of-whole-dataset-as-one-batch", edit(BASE, ("batch_size=16", "batch_size=len(ds)")), False),
    ("loader-with-default-batches", edit(BASE, ("batch_size=16, ", "")), False),
    (
        "loader-with-batch-sampler-of-eight",
        edit(
            BASE,
            (
                LOADER,
                "from torch.utils.data import BatchSampler, "
                "SequentialSampler\n\ndl = DataLoader(ds, batch_sampler=BatchSampler(SequentialSampler(ds), 8, False))\n",
            ),
        ),
        False,
    ),
    ("list-of-batches", edit(BASE, (LOADER, "dl = list(DataLoader(ds, batch_size=16))\n")), False),
    ("iterator-of-a-loader", BASE + "dl = iter(dl)\n", False),
    (
        "loader-over-another-size",
        edit(
            BASE,
            (
                "DataLoader(ds,",
                "DataLoader(ISICDataset(dataset_path, mask_path, "
                "transforms.Compose([transforms.Resize((32, 32)), transforms.ToTensor()]), resize_transform),",
            ),
        ),
        False,
    ),
]
