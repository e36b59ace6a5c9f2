"""Exercise 2: ways to compute mean and standard deviation, right and wrong."""

from tests.checks.answers import Wrong

LOADER = "from torch.utils.data import DataLoader\ndl = DataLoader(ds, batch_size=16, shuffle=False)\n"

SUMS = (
    LOADER
    + """
n, s, s2 = 0, torch.zeros(3, dtype=torch.float64), torch.zeros(3, dtype=torch.float64)
for images, _ in dl:
    images = images.double()
    n += images.shape[0] * images.shape[2] * images.shape[3]
    s += images.sum(dim=(0, 2, 3))
    s2 += (images ** 2).sum(dim=(0, 2, 3))
mean = s / n
std = torch.sqrt(s2 / n - mean ** 2)
"""
)

PIXELS = LOADER + "pixels = torch.cat([images for images, _ in dl])\n"
BATCHES = LOADER + "batches = [images for images, _ in dl]\n"


def sums(**changes: str) -> str:
    """Return the answer that adds up sums with lines replaced."""
    lines = {
        "count": "n += images.shape[0] * images.shape[2] * images.shape[3]",
        "double": "images = images.double()",
        "s": "s += images.sum(dim=(0, 2, 3))",
        "s2": "s2 += (images ** 2).sum(dim=(0, 2, 3))",
        "mean": "mean = s / n",
        "std": "std = torch.sqrt(s2 / n - mean ** 2)",
        "loader": "DataLoader(ds, batch_size=16, shuffle=False)",
        "start": "n, s, s2 = 0, torch.zeros(3, dtype=torch.float64), torch.zeros(3, dtype=torch.float64)",
    }
    code = SUMS
    for line, new in changes.items():
        assert code.count(lines[line]) == 1, line
        code = code.replace(lines[line], new)
    return code


def stats(mean: str, std: str, given: str = PIXELS) -> str:
    """Return an answer that computes both from what is given."""
    return f"{given}mean = {mean}\nstd = {std}\n"


RIGHT_MEAN, RIGHT_STD = "pixels.mean((0, 2, 3))", "pixels.std((0, 2, 3), correction=0)"

RIGHT = {
    "sums over batches": SUMS,
    "sums in float32": sums(double="pass", start="n, s, s2 = 0, torch.zeros(3), torch.zeros(3)"),
    "all pixels, torch.mean and torch.std": stats(RIGHT_MEAN, RIGHT_STD),
    "all pixels, n - 1": stats("torch.mean(pixels, dim=[0, 2, 3])", "torch.std(pixels, dim=[0, 2, 3])"),
    "all pixels, root of the variance": stats(RIGHT_MEAN, "pixels.double().var((0, 2, 3), unbiased=False).sqrt()"),
    "std_mean": PIXELS + "std, mean = torch.std_mean(pixels, dim=(0, 2, 3))\n",
    "one row for each channel": stats(
        "rows.mean(1)", "rows.std(1)", PIXELS + "rows = pixels.permute(1, 0, 2, 3).reshape(3, -1)\n"
    ),
    "channel by channel": stats(
        "torch.tensor([pixels[:, c].mean() for c in range(3)])", "torch.tensor([pixels[:, c].std() for c in range(3)])"
    ),
    "numpy": stats(
        "torch.from_numpy(array.mean(axis=(0, 2, 3)))",
        "torch.from_numpy(array.std(axis=(0, 2, 3)))",
        PIXELS + "array = pixels.numpy().astype(np.float64)\n",
    ),
    "numpy in float32": stats(
        "torch.tensor(array.mean(axis=(0, 2, 3)))",
        "torch.tensor(array.std(axis=(0, 2, 3)))",
        PIXELS + "array = pixels.numpy()\n",
    ),
    "numpy in float32, one row for each pixel": stats(
        "torch.from_numpy(rows.mean(axis=0))",
        "torch.from_numpy(rows.std(axis=0))",
        PIXELS + "rows = np.ascontiguousarray(pixels.numpy().transpose(0, 2, 3, 1)).reshape(-1, 3)\n",
    ),
    "einsum in float32": sums(
        double="pass",
        start="n, s, s2 = 0, torch.zeros(3), torch.zeros(3)",
        s="s += torch.einsum('nchw->c', images)",
        s2="s2 += torch.einsum('nchw,nchw->c', images, images)",
    ),
    "two passes": sums(s2="pass", std="pass")
    + "squares = sum(((images.double() - mean.view(1, 3, 1, 1)) ** 2).sum((0, 2, 3)) for images, _ in dl)\n"
    "std = (squares / n) ** 0.5\n",
    "Welford, merged batch by batch": LOADER
    + """
n, mean, m2 = 0, torch.zeros(3, dtype=torch.float64), torch.zeros(3, dtype=torch.float64)
for images, _ in dl:
    flat = images.double().transpose(0, 1).flatten(1)
    k, batch_mean = flat.shape[1], flat.mean(1)
    delta = batch_mean - mean
    m2 += ((flat - batch_mean[:, None]) ** 2).sum(1) + delta ** 2 * n * k / (n + k)
    mean = mean + delta * k / (n + k)
    n += k
std = (m2 / n).sqrt()
""",
    "image means, all of one size": sums(
        count="n += len(images)",
        s="s += images.flatten(2).mean(2).sum(0)",
        s2="s2 += images.pow(2).flatten(2).mean(2).sum(0)",
    ),
    "batch means weighted by size": sums(
        count="n += len(images)",
        s="s += len(images) * images.mean((0, 2, 3))",
        s2="s2 += len(images) * images.square().mean((0, 2, 3))",
    ),
    "counted with numel": sums(count="n += images.numel() / 3", std="std = (s2 / n - mean.pow(2)).clamp(min=0).sqrt()"),
    "counted with the dataset": sums(count="n = len(ds) * 64 * 64"),
    "image by image": sums().replace("for images, _ in dl:", "for image, _ in ds:\n    images = image[None]"),
    "without the loader's help": stats(
        RIGHT_MEAN, RIGHT_STD, LOADER + "pixels = torch.stack([image for image, mask in ds])\n"
    ),
    "float32 in the end": sums(std="std = torch.sqrt(s2 / n - mean ** 2).float()") + "mean = mean.to(torch.float32)\n",
    "with no_grad and a function": LOADER
    + """
@torch.no_grad()
def statistics(loader):
    total = sum(images.double().sum((0, 2, 3)) for images, _ in loader)
    squares = sum(images.double().pow(2).sum((0, 2, 3)) for images, _ in loader)
    n = len(loader.dataset) * 64 * 64
    return total / n, (squares / n - (total / n) ** 2).sqrt()
mean, std = statistics(dl)
""",
    "a parameter": SUMS + "mean, std = torch.nn.Parameter(mean), torch.nn.Parameter(std)\n",
    "explicit sampler": sums(loader="DataLoader(ds, 16, sampler=torch.utils.data.SequentialSampler(ds))"),
    "batch sampler": sums(
        loader="DataLoader(ds, batch_sampler=torch.utils.data.BatchSampler(range(len(ds)), batch_size=16, drop_last=False))"
    ),
    "every option": sums(
        loader="DataLoader(dataset=ds, batch_size=16, shuffle=False, drop_last=False, num_workers=0, pin_memory=False)"
    ),
    "its own collate function": sums(
        loader="DataLoader(ds, batch_size=16, collate_fn=lambda items: tuple(torch.stack(part) for part in zip(*items)))"
    ),
    "subset of everything": sums(loader="DataLoader(torch.utils.data.Subset(ds, range(len(ds))), batch_size=16)"),
    "workers": sums(loader="DataLoader(ds, batch_size=16)") + "dl = DataLoader(ds, batch_size=16, num_workers=2)\n",
}

LOADS, MEAN, STD = "loads_every_sample_in_order", "has_the_mean", "has_the_std"
OTHER_LOADER = "from torch.utils.data import DataLoader, Subset, TensorDataset\n"


def loader(code: str) -> str:
    """Return a right answer whose loader is another."""
    return SUMS + OTHER_LOADER + f"dl = {code}\n"


WRONG = {
    # The loader
    "shuffled": Wrong(loader("DataLoader(ds, batch_size=16, shuffle=True)"), LOADS, "`dl` is shuffled"),
    "last batch dropped": Wrong(
        loader("DataLoader(ds, batch_size=16, drop_last=True)"), LOADS, "reads 96 of the 100 samples"
    ),
    "batches of 32": Wrong(loader("DataLoader(ds, batch_size=32)"), LOADS, "hold 32 samples; expected 16"),
    "default batch size": Wrong(loader("DataLoader(ds)"), LOADS, "hold 1 samples; expected 16"),
    "no batches": Wrong(loader("DataLoader(ds, batch_size=None)"), LOADS, "makes no batches"),
    "random sampler": Wrong(
        loader("DataLoader(ds, batch_size=16, sampler=torch.utils.data.RandomSampler(ds))"), LOADS, "`dl` is shuffled"
    ),
    "drawn with replacement": Wrong(
        loader("DataLoader(ds, 16, sampler=torch.utils.data.RandomSampler(ds, replacement=True))"),
        LOADS,
        "of the 100 samples",
    ),
    "backwards": Wrong(loader("DataLoader(ds, 16, sampler=range(len(ds) - 1, -1, -1))"), LOADS, "`dl` is shuffled"),
    "loader over the masks": Wrong(
        loader("DataLoader([(mask.expand(3, -1, -1), mask) for _, mask in ds], 16)"),
        LOADS,
        "reads another dataset than `ds`",
    ),
    "half of the samples": Wrong(
        loader("DataLoader(Subset(ds, range(50)), 16)"), LOADS, "a dataset of 50 samples; `ds` has 100"
    ),
    "without masks": Wrong(loader("DataLoader([image for image, _ in ds], 16)"), LOADS, "not (image, mask)"),
    "a list of batches": Wrong(
        loader("list(DataLoader(ds, 16))"), LOADS, "`dl` is a list of 7 items, not a DataLoader"
    ),
    "a generator": Wrong(loader("((image[None], mask[None]) for image, mask in ds)"), LOADS, "not a DataLoader"),
    "the class": Wrong(loader("DataLoader"), LOADS, "`dl` is the class DataLoader"),
    "loader of one's own that lies about its class": Wrong(
        SUMS
        + "class Loader:\n    __class__ = DataLoader\n    def __init__(self): self.dataset, self.batch_size = ds, 16\n"
        "    def __iter__(self): return iter([])\n    def __len__(self): return 7\ndl = Loader()\n",
        LOADS,
        "not a DataLoader",
    ),
    "loader that yields something else": Wrong(
        SUMS + "class Loader(DataLoader):\n    def __iter__(self):\n        yield from list(super().__iter__())[::-1]\n"
        "dl = Loader(ds, batch_size=16)\n",
        LOADS,
        "hold 4 samples; expected 16",
    ),
    "loader still a stub": Wrong(loader("..."), LOADS, "still the stub"),
    # The mean
    "mean of batch means": Wrong(
        stats("torch.stack([b.mean((0, 2, 3)) for b in batches]).mean(0)", "std", BATCHES), MEAN, "mean of batch means"
    ),
    "batch means over the number of batches": Wrong(
        sums(count="n += 1", s="s += images.mean((0, 2, 3))", s2="s2 += (images ** 2).mean((0, 2, 3))"),
        MEAN,
        "mean of batch means",
    ),
    "divided by images only": Wrong(sums(count="n += images.shape[0]"), MEAN, "divided by the number of images"),
    "divided by batches": Wrong(sums(count="n += 1"), MEAN, "divided by the number of batches"),
    "divided by all three channels": Wrong(sums(count="n += images.numel()"), MEAN, "a third of the mean"),
    "divided by the loader's length": Wrong(sums(mean="mean = s / len(dl)"), MEAN, "divided by the number of batches"),
    "sum not divided": Wrong(sums(mean="mean = s"), MEAN, "not divided by their number"),
    "counted as if all batches were full": Wrong(
        sums(count="n += 16 * 64 * 64"), MEAN, "as if the last batch were as large"
    ),
    "one number": Wrong(stats("pixels.mean()", RIGHT_STD), MEAN, "One number for each channel"),
    "one number three times": Wrong(
        stats("pixels.mean().repeat(3)", RIGHT_STD), MEAN, "one number for all channels together"
    ),
    "one for each image": Wrong(stats("pixels.mean((1, 2, 3))", RIGHT_STD), MEAN, "has shape (100,); expected (3,)"),
    "dimensions kept": Wrong(
        stats("pixels.mean((0, 2, 3), keepdim=True)", "pixels.std((0, 2, 3), keepdim=True)"),
        MEAN,
        "(1, 3, 1, 1); expected (3,)",
    ),
    "other dimensions": Wrong(stats("pixels.mean((0, 1, 2))[:3]", RIGHT_STD), MEAN, "`mean` should be"),
    "first batch only": Wrong(
        LOADER + "images, _ = next(iter(dl))\nmean, std = images.mean((0, 2, 3)), images.std((0, 2, 3))\n",
        MEAN,
        "the first batch alone",
    ),
    "sum started anew in the loop": Wrong(
        LOADER + "for images, _ in dl:\n    mean, std = images.mean((0, 2, 3)), images.std((0, 2, 3))\n",
        MEAN,
        "started anew",
    ),
    "last batch left out": Wrong(
        stats("pixels.mean((0, 2, 3))", "pixels.std((0, 2, 3))", BATCHES + "pixels = torch.cat(batches[:-1])\n"),
        MEAN,
        "last, smaller batch is missing",
    ),
    "ImageNet's": Wrong(
        LOADER + "mean, std = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])\n",
        MEAN,
        "These are ImageNet's",
    ),
    "copied from the printout": Wrong(
        sums(mean="mean = torch.tensor([round(v, 4) for v in (s / n).tolist()])"),
        MEAN,
        "numbers with 4 decimals, as a printout shows",
    ),
    "blue, green, red": Wrong(sums(mean="mean = (s / n).flip(0)"), MEAN, "channels are in the wrong order"),
    "on 0 to 255": Wrong(sums(mean="mean = 255 * s / n"), MEAN, "scale of 0 to 255"),
    "statistics of the masks": Wrong(
        sums().replace("for images, _ in dl", "for _, images in dl"), MEAN, "`mean` should be"
    ),
    "a list": Wrong(
        sums(mean="mean = (s / n).tolist()", std="std = torch.sqrt(s2 / n - (s / n) ** 2)"),
        MEAN,
        "a list of 3 items, not a tensor",
    ),
    "a numpy array": Wrong(SUMS + "mean = mean.numpy()\n", MEAN, "a ndarray of shape (3,), not a tensor"),
    "whole numbers": Wrong(SUMS + "mean = (255 * mean).long()\n", MEAN, "dtype int64; expected float32 or float64"),
    "half precision": Wrong(SUMS + "mean = mean.half()\n", MEAN, "dtype float16"),
    "mean is a function": Wrong(SUMS + "mean = torch.mean\n", MEAN, "not a tensor"),
    "not a number": Wrong(sums(start="n, s, s2 = 0, torch.full((3,), float('nan')), torch.zeros(3)"), MEAN, "NaN"),
    "a tensor that equals everything": Wrong(
        SUMS
        + "class Liar(torch.Tensor):\n    def __sub__(self, other): return torch.zeros(3)\n    __rsub__ = __eq__ = __sub__\n"
        "    def double(self): return self\nmean = torch.ones(3).as_subclass(Liar)\n",
        MEAN,
        "`mean` should be",
    ),
    "an object that says it is a tensor": Wrong(
        SUMS + "class Liar:\n    __class__ = torch.Tensor\n    shape, dtype = (3,), torch.float32\n"
        "    def __eq__(self, other): return True\n    def __float__(self): return 0.5\nmean = Liar()\n",
        MEAN,
        "only pretends to be a tensor",
    ),
    "mean and std exchanged": Wrong(SUMS + "mean, std = std, mean\n", MEAN, "This is the standard deviation"),
    # The standard deviation
    "no square root": Wrong(sums(std="std = s2 / n - mean ** 2"), STD, "This is the variance"),
    "mean of batch deviations": Wrong(
        stats(RIGHT_MEAN, "torch.stack([b.std((0, 2, 3)) for b in pixels.split(16)]).mean(0)"),
        STD,
        "mean of the batches' standard",
    ),
    "mean of image deviations": Wrong(
        stats(RIGHT_MEAN, "pixels.std((2, 3)).mean(0)"), STD, "mean of the images' standard deviations"
    ),
    "root of the mean batch variance": Wrong(
        stats(RIGHT_MEAN, "torch.stack([b.var((0, 2, 3)) for b in pixels.split(16)]).mean(0).sqrt()"),
        STD,
        "batch by batch",
    ),
    "root of the mean image variance": Wrong(
        stats(RIGHT_MEAN, "pixels.var((2, 3)).mean(0).sqrt()"), STD, "image by image"
    ),
    "deviation of the image means": Wrong(
        stats(RIGHT_MEAN, "pixels.mean((2, 3)).std(0)"), STD, "how much the images' means differ"
    ),
    "deviation of the batch means": Wrong(
        stats(RIGHT_MEAN, "torch.stack([b.mean((0, 2, 3)) for b in pixels.split(16)]).std(0)"),
        STD,
        "how much the batches' means differ",
    ),
    "squared mean not subtracted": Wrong(sums(std="std = torch.sqrt(s2 / n)"), STD, "squared mean was not subtracted"),
    "mean not squared": Wrong(sums(std="std = torch.sqrt(s2 / n - mean)"), STD, "a root of something negative"),
    "square of the sum": Wrong(sums(s2="s2 += images.sum((0, 2, 3)) ** 2"), STD, "`std` should be"),
    "one deviation for all": Wrong(stats(RIGHT_MEAN, "pixels.std().expand(3)"), STD, "one number for all channels"),
    "deviation backwards": Wrong(sums(std="std = torch.sqrt(s2 / n - mean ** 2).flip(0)"), STD, "wrong order"),
    "variance divided twice": Wrong(sums(std="std = torch.sqrt((s2 / n - mean ** 2) / n)"), STD, "`std` should be"),
    "deviation in each batch from its own mean": Wrong(
        LOADER
        + "n, s, s2 = 0, 0, 0\nfor images, _ in dl:\n    images = images.double()\n    n += images.numel() // 3\n"
        "    s = s + images.sum((0, 2, 3))\n    mean = images.mean((0, 2, 3))\n"
        "    s2 = s2 + ((images - mean.view(1, 3, 1, 1)) ** 2).sum((0, 2, 3))\nmean, std = s / n, (s2 / n).sqrt()\n",
        STD,
        "batch by batch, each around its own mean",
    ),
    "std fixed": Wrong(sums(std="std = torch.tensor([0.229, 0.224, 0.225])"), STD, "These are ImageNet's"),
    "std of one number": Wrong(
        sums(std="std = torch.sqrt(s2 / n - mean ** 2).mean()"), STD, "has shape (); expected (3,)"
    ),
    "std still a stub": Wrong(sums(std="std = ..."), STD, "`std` is still the stub's"),
    "nothing to load": Wrong(
        "from torch.utils.data import DataLoader\nds = torch.utils.data.Subset(ds, [])\ndl = DataLoader(ds, 16)\nmean = std = torch.zeros(3)\n",
        LOADS,
        "`ds` is empty",
    ),
    "images without a common size": Wrong(
        "from torch.utils.data import DataLoader\nds = [(torch.rand(3, 4, 4 + i), 0) for i in range(3)]\ndl = DataLoader(ds, 16)\nmean = std = torch.zeros(3)\n",
        LOADS,
        "The images of `ds` have shapes such as",
    ),
    "batches of changing size": Wrong(
        loader(
            "DataLoader(ds, batch_sampler=[list(range(16)), list(range(16, 20)), *torch.arange(20, 100).split(16)])"
        ),
        LOADS,
        "differ in size before the last one",
    ),
    "an iterable dataset": Wrong(
        "class Stream(torch.utils.data.IterableDataset):\n    def __iter__(self):\n        return iter([ds[i] for i in range(len(ds))])\n    def __len__(self):\n        return len(ds)\n"
        + loader("DataLoader(Stream(), 16)"),
        LOADS,
        "reads an iterable dataset",
    ),
    "n - 1 in double precision": Wrong(
        stats(RIGHT_MEAN, "pixels.double().std((0, 2, 3))"), STD, "divides by n - 1; the population's"
    ),
}
