"""Pretrained weights, for real or as a stand-in that says so."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from typing import Literal

from utils.ml.errors import OptionError
from utils.ml.progress import say
from utils.settings import use_sample

__all__ = ["WeightsSource", "prepare_weights"]

NAMES = ("efficientnet_b0", "resnet18")
BOX_WIDTH = 96


@dataclass(frozen=True)
class WeightsSource:
    """Where the weights come from that torchvision loads from now on.

    Attributes
    ----------
    name : str
        torchvision's name of the model.
    kind : "imagenet" or "stand-in"
        Whether they were trained on ImageNet, or on pictures drawn by code.
    path : Path
        The checkpoint file.
    """

    name: str
    kind: Literal["imagenet", "stand-in"]
    path: Path


def prepare_weights(name: str = "efficientnet_b0") -> WeightsSource:
    """Make sure that torchvision's ``weights=...DEFAULT`` works for a model, online or not.

    A checkpoint in torch's cache (``$TORCH_HOME/hub/checkpoints``) is used as it is. Otherwise it is fetched into that
    cache. If that fails, or ``WORKSHOP_DATA=sample``, the stand-in that comes with the course takes its place, for this
    process only: the cache never holds a stand-in. Several models can be prepared, some real and some not.

    Parameters
    ----------
    name : str, default "efficientnet_b0"
        torchvision's name of the model, "efficientnet_b0" or "resnet18".

    Returns
    -------
    WeightsSource
        Its `kind` says whether later results are about ImageNet weights.

    Raises
    ------
    OptionError
        If there is no such model here.
    WeightsFileError
        If a stand-in is needed and its file is missing or damaged.
    """
    if name not in NAMES:
        raise OptionError(f"There are no weights for {name!r}; the workshop has {', '.join(map(repr, NAMES))}.")
    from torchvision.models import get_model_weights

    return _prepare(name, get_model_weights(name).DEFAULT.url)


def _prepare(name: str, url: str) -> WeightsSource:
    from utils.ml import hub
    from utils.ml.checkpoints import fetch_checkpoint

    path = hub.users_checkpoints() / url.rsplit("/", 1)[-1]
    reason = None
    if not path.exists():
        reason = "WORKSHOP_DATA=sample asks for no download" if use_sample() else fetch_checkpoint(name, url, path)
    if reason is None:
        hub.serve_real(path.name)
        say(f"{name}: the ImageNet weights are ready.")
        return WeightsSource(name, "imagenet", path)
    stand_in = _unpacked(name, path.name)
    hub.serve_stand_in(stand_in)
    say(_box(name, url, path, reason))
    return WeightsSource(name, "stand-in", stand_in)


def _unpacked(name: str, file_name: str) -> Path:
    """Return the stand-in as a checkpoint for torchvision, unpacked anew unless a sound one is there from before."""
    from utils.ml.checkpoints import find_fault, save_checkpoint
    from utils.ml.packed import fingerprint, read_packed

    path = _private_folder() / fingerprint(name) / file_name
    if find_fault(name, path) is not None:
        save_checkpoint(read_packed(name), path)
    return path


def _private_folder() -> Path:
    """Return a temporary folder that only this user writes: torch would run code from a file planted there."""
    user = os.getuid() if hasattr(os, "getuid") else "user"
    folder = Path(tempfile.gettempdir()) / f"workshop-stand-in-{user}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        status = folder.lstat()
        private = not hasattr(os, "getuid") or (status.st_uid == user and not status.st_mode & 0o022)
    except OSError:
        private = False
    if private and not folder.is_symlink():
        return folder
    return Path(tempfile.mkdtemp(prefix="workshop-stand-in-"))


def _box(name: str, url: str, path: Path, reason: str) -> str:
    paragraphs = (
        "STAND-IN WEIGHTS, NOT IMAGENET",
        f"The ImageNet weights of {name} are not here: {reason}.",
        "So that the notebook still runs, weights of our own stand in for them. They were pretrained on pictures drawn "
        "by code: textured shapes on textured grounds, in changing light. They have never seen a photograph.",
        "There is something to transfer, though far less than from a million photographs: expect weaker results than "
        "with the real weights, and draw no conclusion about ImageNet from them.",
        "To get the real ones: run this cell again where the internet can be reached, then the cells that build the "
        f"model. Or download {url} elsewhere and save it as {path}",
    )
    lines = ["━" * BOX_WIDTH]
    for paragraph in paragraphs:
        pieces = wrap(paragraph, BOX_WIDTH - 2, break_long_words=False, break_on_hyphens=False)  # paths stay whole
        lines += [f"┃ {piece}" for piece in pieces] + ["┃"]
    return "\n".join([*lines[:-1], "━" * BOX_WIDTH])
