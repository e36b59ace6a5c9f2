"""Whether images and masks belong together."""

from pathlib import Path

from utils.data.archives import picture_size
from utils.data.errors import PairingError
from utils.data.registry import partner_of
from utils.data.store import Store

__all__ = ["check_pairing"]


def check_pairing(store: Store, extracted: Path) -> None:
    """Make sure that each image has its mask, each mask its image, and both the same size, if both are there.

    Parameters
    ----------
    store : Store
        Of one half of the pairs.
    extracted : Path
        Where its files lie at the moment; those of the other half lie in their own place.

    Raises
    ------
    PairingError
        If some have no counterpart, or one of another size.
    CorruptArchiveError
        If some are no pictures; the message is a phrase, not a sentence.
    """
    sizes = _sizes(store, extracted)
    partner = Store(store.root, partner_of(store.entry), store.limit)
    if not partner.has_folder():
        return
    others = _sizes(partner, partner.folder)
    alone = sorted(sizes.keys() ^ others.keys())
    if alone:
        raise PairingError(
            _advise(f"{len(alone)} pictures of {{}} and {{}} have no counterpart", alone, store, partner)
        )
    unequal = sorted(number for number in sizes if sizes[number] != others[number])
    if unequal:
        (width, height), (other_width, other_height) = sizes[unequal[0]], others[unequal[0]]
        found = f"{len(unequal)} pictures of {{}} and {{}} differ in size from their counterpart"
        seen = f" ({width} × {height} and {other_width} × {other_height} pixels)"
        raise PairingError(_advise(found, unequal, store, partner, seen))


def _sizes(store: Store, folder: Path) -> dict[str, tuple[int, int]]:
    numbers = {path: store.entry.number_of(path.name) for path in folder.iterdir()}
    return {number: picture_size(path, path.name) for path, number in numbers.items() if number is not None}


def _advise(found: str, numbers: list[str], store: Store, partner: Store, seen: str = "") -> str:
    found = found.format(repr(store.entry.name), repr(partner.entry.name))
    files = [path for path in (partner.folder, partner.file_path, store.file_path) if path.exists()]
    delete = " and ".join(map(str, files))
    return (
        f"{found}, ISIC_{numbers[0]} first{seen}. Delete {delete}, then run both download cells again. What was there "
        "before is untouched."
    )
