"""State dicts packed to a quarter of their size, as they are shipped with the course.

Each weight of two or more dimensions is kept in 8 bits, with one scale for each output channel; the small rest (biases,
batch norm) stays as it is. A packed file is a plain dictionary of tensors: `torch.load` reads it without running code.
"""

import hashlib
import json
import pickle
from pathlib import Path

import torch
from torch import Tensor

from utils.ml.errors import WeightsFileError

__all__ = ["FOLDER", "fingerprint", "pack", "read_packed", "unpack"]

FOLDER = Path(__file__).parent / "pretrained"
MANIFEST = FOLDER / "manifest.json"
SCALE = "#scale"  # after a tensor's name: what one step of its 8 bits is worth


def pack(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """Round weights to whole multiples, from -127 to 127, of a scale for each output channel.

    Parameters
    ----------
    weights : dict of str to Tensor
        A state dict. Of a tensor that is 0 throughout, only a single 0 is kept.

    Returns
    -------
    dict of str to Tensor
        For `unpack`.
    """
    packed = {}
    for name, tensor in weights.items():
        tensor = tensor.detach().cpu().contiguous()
        if not tensor.any():
            packed[name] = torch.zeros((), dtype=tensor.dtype).expand(tensor.shape)  # saved as it is: one number
            continue
        if tensor.dim() < 2:
            packed[name] = tensor.clone()
            continue
        scale = tensor.flatten(1).abs().amax(dim=1).clamp_min(1e-12) / 127
        packed[name] = (tensor / _across(scale, tensor)).round().to(torch.int8)
        packed[name + SCALE] = scale
    return packed


def unpack(packed: dict[str, Tensor]) -> dict[str, Tensor]:
    """Return the state dict of a packed one, in float32."""
    scales = {name.removesuffix(SCALE): tensor for name, tensor in packed.items() if name.endswith(SCALE)}
    return {
        name: tensor * _across(scales[name], tensor) if name in scales else tensor.clone().contiguous()
        for name, tensor in packed.items()
        if not name.endswith(SCALE)
    }


def _across(scale: Tensor, tensor: Tensor) -> Tensor:
    return scale.view(-1, *[1] * (tensor.dim() - 1))


def fingerprint(name: str) -> str:
    """Return the first digits of the SHA-256 that the manifest states for a model's file."""
    return _entry(name)["sha256"][:12]


def read_packed(name: str) -> dict[str, Tensor]:
    """Read the stand-in weights that are shipped for a model.

    Parameters
    ----------
    name : str
        torchvision's name of the model.

    Returns
    -------
    dict of str to Tensor
        A state dict for torchvision's model.

    Raises
    ------
    WeightsFileError
        If the file is missing or is not what the manifest says.
    """
    entry = _entry(name)
    path = FOLDER / entry["file"]
    try:
        content = path.read_bytes()
    except OSError as error:
        raise WeightsFileError(path, f"cannot be read ({error.strerror})") from error
    digest = hashlib.sha256(content).hexdigest()
    if digest != entry["sha256"]:
        fault = f"is not the one that was published: {len(content):,} bytes, SHA-256 {digest[:12]}…; "
        raise WeightsFileError(path, fault + f"expected {entry['bytes']:,} bytes, {entry['sha256'][:12]}…")
    try:
        return unpack(torch.load(path, map_location="cpu", weights_only=True))
    except (
        RuntimeError,
        EOFError,
        pickle.UnpicklingError,
    ) as error:  # the manifest vouches for a file torch cannot read
        raise WeightsFileError(path, f"cannot be loaded by torch {torch.__version__} ({error})") from error


def _entry(name: str) -> dict:
    try:
        return json.loads(MANIFEST.read_text(encoding="utf-8"))[name]
    except (OSError, ValueError, KeyError) as error:
        raise WeightsFileError(MANIFEST, f"does not tell of {name}") from error
