"""Write a pretrained network as a packed file, with a record of what it is."""

import hashlib
import json
from pathlib import Path

import torch

from utils.ml.checkpoints import save_checkpoint
from utils.ml.packed import pack, unpack
from utils.ml.pretraining.pictures import draw_pictures
from utils.ml.pretraining.recipe import BATCH, HELD_OUT, SEED, SIDE
from utils.ml.pretraining.source_model import SourceModel
from utils.ml.progress import say

__all__ = ["publish"]

JUDGED = 1024  # held-out pictures


def publish(model: SourceModel, name: str, steps: int, path: Path) -> None:
    """Pack the network of `model`, without the source task's heads, and record it in ``manifest.json`` beside it.

    The layer for ImageNet's 1000 classes was never trained. It is set to 0, so that it says nothing rather than
    something random. The scores recorded are those of the packed weights.

    Parameters
    ----------
    model : SourceModel
        In evaluation mode; ends with the packed weights.
    name : str
        torchvision's name of the network.
    steps : int
        Of the pretraining.
    path : Path
        Where to write the packed weights.
    """
    weights = model.network.state_dict()
    head = [key for key in weights if key.startswith(("classifier.", "fc."))]
    packed = pack(weights | {key: torch.zeros_like(weights[key]) for key in head})
    save_checkpoint(packed, path)
    model.network.load_state_dict(unpack(packed))
    device = next(model.parameters()).device
    content = path.read_bytes()
    record = {
        "file": path.name,
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "command": f"python -m utils.ml.pretraining {name} --steps {steps} --out {path.name}",
        "pictures": steps * BATCH,
        "seed": SEED,
        "licence": "CC0-1.0",
        "made on": f"{device.type}, torch {torch.__version__.partition('+')[0]}",
        "scores": {key: round(value, 3) for key, value in _judge(model, device).items()},
    }
    manifest = path.with_name("manifest.json")
    records = json.loads(manifest.read_text(encoding="utf-8")) if manifest.exists() else {}
    manifest.write_text(json.dumps(records | {name: record}, indent=2) + "\n", encoding="utf-8")
    say(f"{path}: {len(content) / 1e6:.1f} MB, {record['scores']}")


def _judge(model: SourceModel, device: torch.device) -> dict[str, float]:
    rounds = [model.scores(draw_pictures(64, SIDE, HELD_OUT + each, device)) for each in range(JUDGED // 64)]
    return {key: sum(scores[key] for scores in rounds) / len(rounds) for key in rounds[0]}
