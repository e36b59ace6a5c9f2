"""What an epoch's data cost from the originals and from prepared copies, with the solution's own dataset."""

import contextlib
import io
import os
import shutil
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from tests.benchmarks.large_pictures import SIZES, draw_large_pairs
from tests.benchmarks.measuring import compare
from tests.benchmarks.table import Row

ROUNDS = 5


def rows() -> Iterable[Row]:
    """Read, augment and batch all pairs, in this process; then what preparing them takes."""
    from torch.utils.data import DataLoader

    from tests.checks.harness import state_after
    from utils.data import prepare_images

    with contextlib.redirect_stdout(io.StringIO()):
        state = state_after(5)

    def epoch(images, masks):
        dataset = state["ISICDatasetAlbumentations"](images, masks, state["train_img_ts"])
        return sum(len(batch) for batch, _ in DataLoader(dataset, batch_size=16))

    with tempfile.TemporaryDirectory() as folder:
        originals = draw_large_pairs(Path(folder))
        start = time.perf_counter()
        with contextlib.redirect_stdout(io.StringIO()):
            prepared = prepare_images(*originals)
        preparing = time.perf_counter() - start
        pair = compare(lambda: epoch(*prepared), lambda: epoch(*originals), ROUNDS, clock=time.process_time)
        per_pair = f"{1000 * pair.first / len(SIZES):.1f} and {1000 * pair.second / len(SIZES):.1f} ms a pair, CPU"
        yield Row(
            "an epoch's data, prepared",
            pair.first,
            "from the originals",
            pair.second,
            goal="at most 0.1",
            note=per_pair,
            ratio=pair.ratio,
        )
        start = time.perf_counter()
        epoch(*originals)
        once = time.perf_counter() - start
        yield Row("preparing, once", preparing, "one epoch from the originals", once, note=f"{os.cpu_count()} threads")
        shutil.rmtree(prepared.images.parent)
