"""Checkpoint files: fetched, examined, written whole or not at all."""

import hashlib
import http.client
import os
import pickle
import re
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

import torch
from torch import Tensor

from utils.ml.progress import progress_bar, say

__all__ = ["fetch_checkpoint", "find_fault", "save_checkpoint"]

TIMEOUT_SECONDS = 5  # of silence, not for the whole file
CHUNK_BYTES = 1 << 18


def fetch_checkpoint(name: str, url: str, path: Path) -> str | None:
    """Download a checkpoint to `path`; return None, or why there is none in words that end a sentence.

    The file is examined before it takes its place. Its hash is only reported: torchvision's had errors that stopped
    live classes (pytorch/vision #7744), and what loads without running code and fits the model does no harm.
    """
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS) as response:
            fault, digest = _receive(name, response, path)
    except urllib.error.HTTPError as error:
        error.close()
        return f"{url} answered {error.code} {error.reason}"
    except (OSError, http.client.HTTPException) as error:
        return f"{url} was not reached ({getattr(error, 'reason', error) or type(error).__name__})"
    if fault is not None:
        return f"what arrived from {url} {fault}"
    expected = re.search(r"-([0-9a-f]{8,})\.", path.name)
    if expected and not digest.startswith(expected[1]):
        say(f"{path.name} has SHA-256 {digest[:8]}…, not {expected[1]}…; it fits the model and is used.")
    return None


def _receive(name: str, response: http.client.HTTPResponse, path: Path) -> tuple[str | None, str]:
    """Write a response to `path` if it is a sound checkpoint; return its fault, if any, and its SHA-256."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".fetching-") as folder:
        partial = Path(folder) / path.name
        digest = _copy(response, partial)
        fault = find_fault(name, partial)
        if fault is None:
            os.replace(partial, path)
    return fault, digest


def _copy(response: http.client.HTTPResponse, path: Path) -> str:
    """Write what arrives to `path`, behind a bar, and return its SHA-256."""
    digest = hashlib.sha256()
    total = int(response.headers.get("Content-Length", 0)) or None
    with path.open("wb") as file, progress_bar(total=total, desc=path.name, unit="B", unit_scale=True) as bar:
        while chunk := response.read(CHUNK_BYTES):
            file.write(chunk)
            digest.update(chunk)
            bar.update(len(chunk))
    return digest.hexdigest()


def find_fault(name: str, path: Path) -> str | None:
    """Say what is wrong with a checkpoint for torchvision's model `name`; None if it is sound."""
    if not path.exists():
        return "does not exist"
    try:
        weights = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, EOFError, ValueError, KeyError, pickle.UnpicklingError):
        return "is no checkpoint, or a damaged one"
    if not isinstance(weights, dict) or not all(isinstance(value, Tensor) for value in weights.values()):
        return "is no state dict"
    if {key: value.shape for key, value in weights.items()} != _expected_shapes(name):
        return f"does not fit {name}"
    if not all(value.isfinite().all() for value in weights.values()):
        return "holds values that are not finite"
    return None


def save_checkpoint(weights: dict[str, Tensor], path: Path) -> None:
    """Write a state dict, on the CPU, by way of a neighbour: nobody ever reads half of one, nor needs a GPU to."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".writing-") as folder:
        partial = Path(folder) / path.name
        torch.save({key: value.cpu() for key, value in weights.items()}, partial)
        os.replace(partial, path)


def _expected_shapes(name: str) -> dict[str, torch.Size]:
    from torchvision.models import get_model

    with torch.device("meta"):  # shapes without values: nothing is drawn, the student's random state stays
        return {key: value.shape for key, value in get_model(name, weights=None).state_dict().items()}
