"""Grade submissions in parallel, on this computer's processors or on a cluster, with Dask's scheduler.

Dask is here because it does what is easily done badly: workers that die and are replaced, tasks that are tried again, a
progress bar, and the same call for two processors and for two hundred.
"""

import json
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from utils.grading.errors import GradingError
from utils.grading.worker import grade_one

__all__ = ["open_workers", "run_tasks"]


def run_tasks(
    tasks: dict[str, str],
    client,
    *,
    done: Callable[[str, dict | None, str], None],
    show_bar: bool | None = None,
) -> None:
    """Run tasks and hand over each result as it comes.

    A worker that dies costs its task one more try; a task that fails twice is handed over with its reason.

    Parameters
    ----------
    tasks : dict of str to str
        By student, what `utils.grading.worker.grade_one` takes.
    client : distributed.Client
        Of `open_workers`.
    done : callable
        Called with the student and the result, or with None and the reason why there is none.
    show_bar : bool, optional
        Whether Dask's progress bar is shown; on a terminal it is.
    """
    from distributed import as_completed, progress

    futures = {client.submit(grade_one, task, pure=False, retries=1): student for student, task in tasks.items()}
    if sys.stdout.isatty() if show_bar is None else show_bar:
        progress(list(futures), notebook=False)
    for future in as_completed(futures):
        student = futures[future]
        if future.status == "finished":
            done(student, json.loads(future.result()), "")
        else:
            done(student, None, _reason(future.exception()))
        future.release()


@contextmanager
def open_workers(workers: int | None, scheduler: str | None, count: int) -> Iterator:
    """Give a client of Dask's, whose workers live as long as the context.

    Parameters
    ----------
    workers : int or None
        Processes on this computer; as many as it has processors if None.
    scheduler : str or None
        Address of a Dask scheduler to use instead.
    count : int
        How many tasks there will be; more workers than that are of no use.

    Raises
    ------
    GradingError
        If there is no scheduler at that address.
    """
    import dask
    from distributed import Client, LocalCluster

    # A submission that takes its worker down is tried once more; Dask's own default is three times.
    settings = {"distributed.scheduler.allowed-failures": 1, "distributed.worker.memory.terminate": False}
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    with dask.config.set(settings):
        if scheduler:
            try:
                client = Client(scheduler, timeout="20s")
            except (OSError, ValueError) as error:
                raise GradingError(
                    f"There is no Dask scheduler at {scheduler} ({error}); nothing was graded."
                ) from error
            with client:
                yield client
            return
        number = min(workers or os.cpu_count() or 1, count)
        cluster = LocalCluster(
            n_workers=number,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",  # any free port; its own choice may be taken, and it says so
            memory_limit=0,
            silence_logs=logging.CRITICAL,
        )
        with cluster, Client(cluster) as client:
            yield client


def _reason(error: BaseException | None) -> str:
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}".strip(": ")
