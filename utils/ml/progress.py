"""What the workshop tells while it works, all on stdout: a line on stderr would cost a graded cell its points."""

import os
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

__all__ = ["format_seconds", "progress_bar", "say", "track"]


def progress_bar(iterable: Iterable | None = None, **options):
    """Return a tqdm bar that knows notebooks from terminals and vanishes when done."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # without ipywidgets tqdm warns, then serves its text bar
        from tqdm.auto import tqdm
    return tqdm(iterable, file=sys.stdout, leave=False, disable=_is_helper(), **options)


def track(
    loader: Iterable, label: str, limit: int | None = None, after_batch: Callable[[], str | None] = lambda: None
) -> Iterator:
    """Iterate over the first `limit` batches of `loader`, all unless told, behind a bar.

    What `after_batch` returns once a batch is done is said above the bar.
    """
    length = len(loader) if hasattr(loader, "__len__") else None
    total = length if limit is None or length is None else min(length, limit)
    with progress_bar(islice(loader, limit), total=total, desc=label, unit="batch") as bar:
        for batch in bar:
            yield batch
            message = after_batch()
            if message:
                bar.clear()
                say(message)
                bar.refresh()


def say(message: str) -> None:
    """Print a message to the student, once where several processes train together."""
    if not _is_helper():
        print(message, flush=True)  # noqa: T201 - the one place of utils.ml that prints


def format_seconds(seconds: float) -> str:
    """Return a duration as people say it.

    Examples
    --------
    >>> format_seconds(42.3), format_seconds(200), format_seconds(5000)
    ('42 s', '3 min', '1 h 23 min')
    """
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def _is_helper() -> bool:
    """Say whether this process trains beside the first one; whoever launches several numbers them in RANK."""
    return os.environ.get("RANK", "0") != "0"
