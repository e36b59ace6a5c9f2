"""What every notebook would draw for itself, drawn once: the sample's pictures and the stand-in weights.

Both are drawn by code and come out the same each time; a class of 300 would draw them 300 times.
"""

import sys
import tempfile
from functools import wraps
from pathlib import Path

__all__ = ["SUPPLIES", "lay_in"]


SUPPLIES = {"sample": "download_dataset", "weights": "prepare_weights"}
"""What can be laid in, and by which call a notebook asks for it."""


def lay_in(supplies) -> None:
    """Have this process, and all that are forked from it, write what was drawn once instead of drawing it.

    Parameters
    ----------
    supplies : iterable of str
        Some of `SUPPLIES`.
    """
    for name in supplies:
        {"sample": _lay_in_sample, "weights": _lay_in_weights}[name]()


def _lay_in_sample() -> None:
    from utils.data.sample import draw_sample

    drawn = {split: _contents(lambda folder, split=split: draw_sample(folder, split)) for split in ("training", "test")}

    @wraps(draw_sample)
    def write_sample(folder, split):
        for name, content in drawn.get(split, {}).items():
            path = Path(folder) / name
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        return draw_sample(folder, split)  # finds it complete, or says what is wrong

    _replace(draw_sample, write_sample)


def _lay_in_weights() -> None:
    from utils.ml.packed import read_packed
    from utils.ml.weights import NAMES

    unpacked = {name: read_packed(name) for name in NAMES}

    @wraps(read_packed)
    def copy_unpacked(name):
        if name not in unpacked:
            return read_packed(name)
        return {key: value.clone() for key, value in unpacked[name].items()}

    _replace(read_packed, copy_unpacked)


def _contents(draw) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        draw(Path(folder) / "drawn")
        files = [path for path in (Path(folder) / "drawn").rglob("*") if path.is_file()]
        return {str(path.relative_to(Path(folder) / "drawn")): path.read_bytes() for path in files}


def _replace(original, replacement) -> None:
    """Put a function in another's place wherever our modules know it by name."""
    for name, module in list(sys.modules.items()):
        if name.startswith("utils.") and ".grading" not in name:
            for key, value in list(vars(module).items()):
                if value is original:
                    setattr(module, key, replacement)
