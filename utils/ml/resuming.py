"""A training that goes on where it stopped: its whole state in a file, written after every epoch.

The file is written whole or not at all, its check sums are verified before it is believed, and the one before it is
kept: a drive that loses the last write costs one epoch.
"""

import pickle
import zipfile
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch

from utils.ml.engine import Engine
from utils.ml.errors import OptionError, TrainingError
from utils.ml.files import write_whole
from utils.ml.history import History
from utils.ml.progress import say
from utils.ml.random_state import capture_random_state, restore_random_state

__all__ = ["ResumeFile"]

FORMAT = 1
ADVICE = "Build it as before, or start anew with resume=False, which will replace that training."


class ResumeFile:
    """The state of a training beside its best weights: ``unet.resume.pt`` for ``unet.pt``."""

    def __init__(self, save_path: Path) -> None:
        self.path = save_path.with_suffix(".resume.pt")
        self.previous = save_path.with_suffix(".resume-1.pt")

    def exists(self) -> bool:
        """Say whether an earlier training left a file, sound or not."""
        return self.path.exists() or self.previous.exists()

    def gather_state(self, engine: Engine, model, optimiser, scheduler, loaders, history, best_weights) -> dict:
        """Return everything that the next epoch depends on; all processes have to ask."""
        scaler = engine.accelerator.scaler
        return {
            "format": FORMAT,
            "kinds": _kinds(optimiser, scheduler),
            "model": model.state_dict(),
            "best": None if history.best_epoch == len(history) else best_weights,  # None: they are the model's
            "optimiser": optimiser.state_dict(),
            "scheduler": None if scheduler is None else scheduler.state_dict(),
            "scaler": None if scaler is None else scaler.state_dict(),
            "history": asdict(history),
            "random": engine.gather(capture_random_state(loaders)),
        }

    def write(self, state: dict) -> None:
        """Write a state; the file before it is kept."""
        write_whole(self.path, lambda partial: torch.save(_plain(state), partial), previous=self.previous)
        if (
            len(state["history"]["val_loss"]) == 1 and _read_sound(self.path) is None
        ):  # better now than when it is needed
            say(f"{self.path.name} cannot be read back, so this training cannot be resumed; it goes on all the same.")

    def read(self) -> dict | None:
        """Return the newest state that can be believed; None if there is no file.

        Raises
        ------
        TrainingError
            If there are files and all of them are damaged.
        """
        for path in (self.path, self.previous):
            if path.exists():
                state = _read_sound(path)
                if state is not None:
                    return state
                say(f"{path.name} is damaged (a write that did not finish?) and is left aside.")
        if self.exists():
            raise TrainingError(
                f"No training can be resumed from {self.path}: what is there is damaged. The best weights beside it are "
                "untouched. Start anew with resume=False, or give another save_path."
            )
        return None

    def restore(self, state: dict, engine: Engine, model, optimiser, scheduler, loaders) -> tuple[History, dict]:
        """Bring model, optimiser, scheduler and random generators to where they were; return history and best weights.

        Raises
        ------
        OptionError
            If the file is of another model, optimiser or scheduler. Nothing has been changed then.
        """
        self._check_kinds(state, model, optimiser, scheduler)
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        if scheduler is not None:
            scheduler.load_state_dict(state["scheduler"])
        if state["scaler"] is not None and engine.accelerator.scaler is not None:
            engine.accelerator.scaler.load_state_dict(state["scaler"])
        index = engine.accelerator.process_index
        restore_random_state(state["random"][min(index, len(state["random"]) - 1)], loaders)
        best = state["model"] if state["best"] is None else state["best"]
        return History(**state["history"]), best

    def _check_kinds(self, state: dict, model, optimiser, scheduler) -> None:
        shapes = {name: tuple(value.shape) for name, value in model.state_dict().items()}
        saved = {name: tuple(value.shape) for name, value in state["model"].items()}
        if shapes != saved:
            odd = next(name for name in [*shapes, *saved] if shapes.get(name) != saved.get(name))
            raise OptionError(
                f"{self.path} holds a training of another model: {odd!r} is {saved.get(odd, 'missing')} there and "
                f"{shapes.get(odd, 'missing')} here. {ADVICE}"
            )
        kinds = _kinds(optimiser, scheduler)
        for what, here in kinds.items():
            if here != state["kinds"][what]:
                raise OptionError(
                    f"{self.path} holds a training with another {what}: {state['kinds'][what]} there, {here} here. "
                    f"{ADVICE}"
                )


def _kinds(optimiser, scheduler) -> dict[str, str]:
    sizes = ", ".join(str(len(group["params"])) for group in optimiser.param_groups)
    return {
        "optimiser": f"{type(optimiser).__name__} over {sizes} parameters",
        "scheduler": "none" if scheduler is None else type(scheduler).__name__,
    }


def _read_sound(path: Path) -> dict | None:
    """Read a file if each of its parts has the check sum it was written with; torch alone would not look."""
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.testzip() is not None:
                return None
        state = torch.load(path, map_location="cpu", weights_only=True)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError, pickle.UnpicklingError):
        return None
    return state if isinstance(state, dict) and state.get("format") == FORMAT else None


def _plain(value):
    """Turn numpy's numbers (a learning rate computed with numpy) into Python's, which are read without running code."""
    if isinstance(value, dict):
        plain = value.copy()  # of the same kind: schedulers hold counters
        plain.update({key: _plain(part) for key, part in value.items() if not isinstance(part, (int, torch.Tensor))})
        return plain
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value] if isinstance(value, list) else tuple(map(_plain, value))
    return value.item() if isinstance(value, np.generic) else value
