"""Where torchvision finds checkpoints: the user's own cache, or a folder in which stand-ins lie beside what is there.

`torch.hub.set_dir` is one switch for the whole process. As long as any stand-in is needed it points to a folder of this
process, which holds links to the stand-ins and to everything in the user's cache; the cache itself never holds one.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import torch

__all__ = ["serve_real", "serve_stand_in", "users_checkpoints"]

_stand_ins: dict[str, Path] = {}  # by file name
_folders: dict[str, Path] = {}  # "user": the hub folder as it was; "ours": the one that stands in for it


def users_checkpoints() -> Path:
    """Return the folder in which the user's real checkpoints are or belong."""
    hub = Path(torch.hub.get_dir())
    return (_folders["user"] if hub == _folders.get("ours") else hub) / "checkpoints"


def serve_real(file_name: str) -> None:
    """Let torchvision load a checkpoint from the user's cache, which holds it."""
    _stand_ins.pop(file_name, None)
    _arrange()


def serve_stand_in(path: Path) -> None:
    """Let torchvision load `path` where it asks for a checkpoint of that file name."""
    _stand_ins[path.name] = path
    _arrange()


def _arrange() -> None:
    checkpoints = users_checkpoints()
    if not _stand_ins:
        if Path(torch.hub.get_dir()) == _folders.get("ours"):
            torch.hub.set_dir(_folders["user"])
        return
    _folders["user"] = checkpoints.parent
    prefix = f"workshop-hub-{os.getpid()}-"  # a forked child leaves its parent's folder alone
    if "ours" not in _folders or not _folders["ours"].name.startswith(prefix) or not _folders["ours"].is_dir():
        _folders["ours"] = Path(tempfile.mkdtemp(prefix=prefix))
        atexit.register(_remove, _folders["ours"], os.getpid())
    ours = _folders["ours"] / "checkpoints"
    shutil.rmtree(ours, ignore_errors=True)
    ours.mkdir()
    real = [path for path in checkpoints.glob("*.pth") if path.name not in _stand_ins] if checkpoints.is_dir() else []
    for path in [*real, *_stand_ins.values()]:
        _link(path, ours / path.name)
    torch.hub.set_dir(_folders["ours"])


def _link(path: Path, place: Path) -> None:
    try:
        place.symlink_to(path.resolve())
    except OSError:  # Windows asks for a privilege
        shutil.copyfile(path, place)


def _remove(folder: Path, process: int) -> None:
    if os.getpid() == process:
        shutil.rmtree(folder, ignore_errors=True)
