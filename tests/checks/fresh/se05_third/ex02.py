"""Exercise 2: answers from the exercise text, by a third reader."""

from tests.checks.fresh import edit

VERBOSE = '''
from dataclasses import dataclass, field
from typing import Iterable, Tuple


@dataclass
class ChannelStatistics:
    """Accumulates what mean and standard deviation need.

    Attributes:
        total: sum over pixels, channel by channel.
        total_squares: sum of squares.
        count: number of pixels seen in one channel.
    """

    total: torch.Tensor = field(default_factory=lambda: torch.zeros(3, dtype=torch.float64))
    total_squares: torch.Tensor = field(default_factory=lambda: torch.zeros(3, dtype=torch.float64))
    count: int = 0

    def update(self, images: torch.Tensor) -> "ChannelStatistics":
        """Add one batch."""
        assert images.ndim == 4, "expected (N, C, H, W)"
        values = images.to(torch.float64)
        self.total += values.sum(dim=(0, 2, 3))
        self.total_squares += values.square().sum(dim=(0, 2, 3))
        self.count += images.shape[0] * images.shape[2] * images.shape[3]
        return self

    def finalise(self) -> Tuple[torch.Tensor, torch.Tensor]:
        """Return mean and population standard deviation."""
        if self.count == 0:
            raise ValueError("no data")
        average = self.total / self.count
        variance = self.total_squares / self.count - average**2
        return average, variance.clamp_min(0.0).sqrt()


def compute_statistics(loader: Iterable) -> Tuple[torch.Tensor, torch.Tensor]:
    """Walk once through a loader."""
    statistics = ChannelStatistics()
    with torch.no_grad():
        for images, _masks in loader:
            statistics.update(images)
    return statistics.finalise()


dl = DataLoader(dataset=ds, batch_size=16, shuffle=False, drop_last=False, num_workers=0)
mean, std = compute_statistics(dl)
print(f"mean: {mean}")
print(f"std:  {std}")
'''

LOOP = """
dl = DataLoader(ds, batch_size=16, shuffle=False)
s, q, n = torch.zeros(3, dtype=torch.double), torch.zeros(3, dtype=torch.double), 0
for images, _ in dl:
    x = images.double()
    s += x.sum((0, 2, 3))
    q += (x * x).sum((0, 2, 3))
    n += x[:, 0].numel()
mean = s / n
std = (q / n - mean ** 2).sqrt()
"""

TWO_PASS = """
dl = DataLoader(ds, batch_size=16)
count = sum(images[:, 0].numel() for images, _ in dl)
mean = sum(images.double().sum(dim=(0, 2, 3)) for images, _ in dl) / count
std = (sum((images.double() - mean.view(1, 3, 1, 1)).pow(2).sum(dim=(0, 2, 3)) for images, _ in dl) / count).sqrt()
"""

MERGE = '''
import functools

def moments(images):
    """Return count, mean and sum of squared deviations of a batch."""
    flat = images.double().transpose(0, 1).flatten(1)
    centre = flat.mean(1)
    return flat.shape[1], centre, ((flat - centre[:, None]) ** 2).sum(1)

def merge(first, second):
    """Chan's parallel update."""
    (n, m, s), (k, c, t) = first, second
    delta = c - m
    return n + k, m + delta * k / (n + k), s + t + delta**2 * n * k / (n + k)

dl = DataLoader(ds, batch_size=16, shuffle=False)
n_pixels, mean, squares = functools.reduce(merge, (moments(images) for images, _ in dl))
std = torch.sqrt(squares / n_pixels)
'''

NUMPY = """
dl = torch.utils.data.DataLoader(ds, 16)
everything = np.concatenate([batch[0].numpy() for batch in dl]).astype(np.float64)
mean = torch.from_numpy(everything.mean(axis=(0, 2, 3)))
std = torch.tensor(everything.std(axis=(0, 2, 3)), dtype=torch.float32)
"""

ANSWERS = [
    ("verbose-accumulator-class", VERBOSE, True),
    ("short-loop", LOOP, True),
    ("two-passes", TWO_PASS, True),
    ("chan-merge-by-reduce", MERGE, True),
    ("numpy-population-std", NUMPY, True),
    (
        "torch-std-mean-correction-zero",
        """
dl = DataLoader(ds, batch_size=16, shuffle=False)
std, mean = torch.std_mean(torch.cat([x for x, _ in dl]).double(), dim=(0, 2, 3), correction=0)
""",
        True,
    ),
    (
        "einsum-and-python-lists",
        """
dl = DataLoader(ds, 16)
s, q, n = [0.0] * 3, [0.0] * 3, 0
for x, _ in dl:
    x = x.double()
    for c, (a, b) in enumerate(zip(torch.einsum("nchw->c", x).tolist(), torch.einsum("nchw,nchw->c", x, x).tolist())):
        s[c] += a
        q[c] += b
    n += x.shape[0] * x.shape[-1] * x.shape[-2]
mean = torch.tensor([a / n for a in s])
std = torch.tensor([(b / n - (a / n) ** 2) ** 0.5 for a, b in zip(s, q)])
""",
        True,
    ),
    (
        "weighted-batch-means-on-the-device",
        edit(
            LOOP,
            ("x = images.double()", "x = images.to(device).cpu().double()"),
            ("s += x.sum((0, 2, 3))", "s += x.mean((0, 2, 3)) * x[:, 0].numel()"),
            ("q += (x * x).sum((0, 2, 3))", "q += x.pow(2).mean((0, 2, 3)) * x[:, 0].numel()"),
        ),
        True,
    ),
    (
        "sampler-and-collate-given",
        edit(
            LOOP,
            (
                "DataLoader(ds, batch_size=16, shuffle=False)",
                "DataLoader(ds, batch_size=16, sampler=torch.utils.data.SequentialSampler(ds), pin_memory=False)",
            ),
            ("n += x[:, 0].numel()", "n += len(x) * 64 * 64"),
        ),
        True,
    ),
    (
        "histogram-of-values",
        """
from collections import Counter

dl = DataLoader(ds, batch_size=16, shuffle=False)
histograms = [np.zeros(256) for _ in range(3)]
for images, _ in dl:
    levels = (images * 255).round().to(torch.int64)
    for channel, histogram in enumerate(histograms):
        histogram += np.bincount(levels[:, channel].reshape(-1).numpy(), minlength=256)
grid = np.arange(256) / 255
pixels = histograms[0].sum()
mean = torch.tensor([(h @ grid) / pixels for h in histograms], dtype=torch.float64)
std = torch.tensor([(((grid - m) ** 2) @ h / pixels) ** 0.5 for h, m in zip(histograms, mean.tolist())])
""",
        True,
    ),
    (
        "var-by-torch-rescaled-from-the-sample",
        """
dl = DataLoader(ds, batch_size=16)
pixels = torch.cat([images.permute(1, 0, 2, 3).reshape(3, -1) for images, _ in dl], dim=1).to(torch.float64)
n = pixels.shape[1]
mean = pixels.mean(dim=1)
std = (pixels.var(dim=1) * (n - 1) / n).sqrt()
""",
        True,
    ),
    (
        "mean-of-image-means-but-every-image-is-the-same-size",
        """
dl = DataLoader(ds, batch_size=16, shuffle=False)
per_image = [(x.double().mean((1, 2)), x.double().square().mean((1, 2))) for images, _ in dl for x in images]
firsts, seconds = map(torch.stack, zip(*per_image))
mean = firsts.mean(0)
std = (seconds.mean(0) - mean.square()).sqrt()
""",
        True,
    ),
    (
        "batches-counted-as-full",
        edit(LOOP, ("n += x[:, 0].numel()", "n += dl.batch_size * x.shape[2] * x.shape[3]")),
        False,
    ),
    (
        "mean-of-batch-means-in-a-generator",
        edit(
            TWO_PASS,
            (
                "sum(images.double().sum(dim=(0, 2, 3)) for images, _ in dl) / count",
                "torch.stack([images.double().mean(dim=(0, 2, 3)) for images, _ in dl]).mean(0)",
            ),
        ),
        False,
    ),
    (
        "deviations-from-each-batch-s-own-mean",
        edit(
            TWO_PASS,
            (
                "(images.double() - mean.view(1, 3, 1, 1))",
                "(images.double() - images.double().mean(dim=(0, 2, 3), keepdim=True))",
            ),
        ),
        False,
    ),
    ("merge-forgets-the-shift-between-batches", edit(MERGE, (" + delta**2 * n * k / (n + k)", "")), False),
    (
        "loader-drops-the-rest-but-statistics-are-right",
        edit(
            LOOP,
            ("shuffle=False)", "shuffle=False, drop_last=True)"),
            ("for images, _ in dl:", "for images, _ in DataLoader(ds, 16):"),
        ),
        False,
    ),
    (
        "loader-shuffles-but-statistics-are-right",
        edit(VERBOSE, ("shuffle=False, drop_last=False", "shuffle=True, drop_last=False")),
        False,
    ),
    (
        "random-sampler-is-shuffling",
        edit(LOOP, ("shuffle=False)", "sampler=torch.utils.data.RandomSampler(ds))")),
        False,
    ),
    ("variance-instead-of-std", edit(VERBOSE, ("variance.clamp_min(0.0).sqrt()", "variance.clamp_min(0.0)")), False),
    (
        "pixels-counted-in-all-channels-for-the-std",
        edit(LOOP, ("std = (q / n - mean ** 2).sqrt()", "std = (q / (3 * n) - (s / (3 * n)) ** 2).sqrt()")),
        False,
    ),
    (
        "std-over-image-means",
        edit(NUMPY, ("everything.std(axis=(0, 2, 3))", "everything.mean(axis=(2, 3)).std(axis=0)")),
        False,
    ),
    (
        "mean-of-the-images-stds",
        edit(NUMPY, ("everything.std(axis=(0, 2, 3))", "everything.std(axis=(2, 3)).mean(axis=0)")),
        False,
    ),
    ("bgr-order", edit(NUMPY, (".astype(np.float64)", ".astype(np.float64)[:, ::-1]")), False),
    (
        "statistics-without-the-first-batch",
        edit(
            LOOP,
            ("for images, _ in dl:", "batches = iter(dl)\nnext(batches)  # look at one\nfor images, _ in batches:"),
        ),
        False,
    ),
    (
        "loader-over-another-dataset",
        edit(LOOP, ("DataLoader(ds, ", "DataLoader([ds[i] for i in range(len(ds) - 1)], ")),
        False,
    ),
    ("one-number-expanded", edit(NUMPY, ("everything.mean(axis=(0, 2, 3))", "np.full(3, everything.mean())")), False),
    ("mean-on-the-scale-of-255", edit(LOOP, ("x = images.double()", "x = images.double() * 255")), False),
    ("numbers-of-one-large-image", edit(NUMPY, ("everything.mean(", "everything[:16].mean(")), False),
]
