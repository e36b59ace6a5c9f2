"""One error for all the addresses that did not help."""

from collections.abc import Mapping

from utils.data.entries import Entry
from utils.data.errors import CorruptArchiveError, DownloadError, UnreachableError

__all__ = ["summarise_failures"]

HOW_TO_SAMPLE = 'To work with drawn sample pictures meanwhile: import os; os.environ["WORKSHOP_DATA"] = "sample"'


def summarise_failures(
    entry: Entry,
    failures: Mapping[str, DownloadError | CorruptArchiveError],
    *,
    damage: str | None = None,
    kept_bytes: int = 0,
) -> DownloadError | CorruptArchiveError:
    """Sum up why no address worked; only a network that reaches none of them counts as unreachable.

    Parameters
    ----------
    entry : Entry
        What was wanted.
    failures : dict
        The error of each address, whose message is a phrase.
    damage : str, optional
        What is wrong with the copy that was there.
    kept_bytes : int, default 0
        How much of an unfinished download is kept.

    Returns
    -------
    DownloadError, UnreachableError or CorruptArchiveError
        To be raised.
    """
    reasons = "".join(f"\n- {address}: {error}." for address, error in failures.items())
    if damage:
        reasons += f"\n- the copy of {entry.file_name} that was there: {damage}."
    kept = f"The {kept_bytes / 1e6:.1f} MB that have arrived are kept, and the next run goes on from there. "
    advice = (
        f"\nRun the cell again in a few minutes. {HOW_TO_SAMPLE}\n{kept if kept_bytes else ''}What was there before is "
        "untouched."
    )
    if damage or any(isinstance(error, CorruptArchiveError) for error in failures.values()):
        return CorruptArchiveError(f"There is no good copy of {entry.name!r}:{reasons}{advice}")
    if all(isinstance(error, UnreachableError) for error in failures.values()):
        return UnreachableError(f"No server that holds {entry.name!r} can be reached:{reasons}{advice}")
    return DownloadError(f"{entry.name!r} could not be downloaded:{reasons}{advice}")
