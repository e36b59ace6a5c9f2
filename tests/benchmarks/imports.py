"""What importing the course's packages costs over what they cannot do without."""

import statistics
from collections.abc import Iterable

from tests.benchmarks.measuring import child_seconds
from tests.benchmarks.table import Row

ROUNDS = 5
IMPORTS = (
    ("import utils", "import utils", "Python alone", "pass"),
    ("import utils.core.ExerciseChecker", "from utils.core import ExerciseChecker", "Python alone", "pass"),
    (
        "import utils.ml.train_model",
        "from utils.ml import train_model",
        "import torch",
        "import torch, torch.utils.data, torch.optim",
    ),
    (
        "import utils.checks.se05",
        "import utils.checks.se05",
        "import torch, torchvision",
        "import torch, torchvision",
    ),
)


def rows() -> Iterable[Row]:
    """Compare CPU seconds of fresh processes, in turn."""
    for what, code, against, needed in IMPORTS:
        times = [(child_seconds(code), child_seconds(needed)) for _ in range(ROUNDS)]
        ratio = statistics.median(one / other for one, other in times)
        ours, theirs = (statistics.median(column) for column in zip(*times, strict=True))
        yield Row(what, ours, against, theirs, note="CPU, whole process", ratio=ratio)
