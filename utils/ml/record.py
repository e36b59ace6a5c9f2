"""What a training leaves on disk: its best weights, its history, and its state for `resume`."""

import copy
from pathlib import Path

from torch.utils.data import DataLoader

from utils.ml.checkpoints import save_checkpoint
from utils.ml.engine import Engine
from utils.ml.history import History
from utils.ml.progress import say
from utils.ml.resuming import ResumeFile

__all__ = ["Record"]


class Record:
    """The files of a training; none of them without a path."""

    def __init__(self, save_path, engine: Engine, model, optimiser, scheduler, loaders: dict) -> None:
        self.path = None if save_path is None else Path(save_path)
        self.engine, self.model = engine, model
        self.parts = (engine, model, optimiser, scheduler, loaders)
        self.unsaved_best = False
        self.file = None if self.path is None else ResumeFile(self.path)

    def begin(self, resume: bool, num_epochs: int) -> tuple[History, dict]:
        """Return the history and the best weights so far: those of the training to resume, or the model as it came."""
        state = self.file.read() if resume else None
        if state is not None:
            history, best_weights = self.file.restore(state, *self.parts)
            self._say_what_goes_on(history, num_epochs)
            return history, best_weights
        if resume:
            say(f"There is no training at {self.path} yet: this one starts with epoch 1.")
        elif self.file is not None and self.file.exists():
            say(f"An earlier training at {self.path} is replaced; resume=True would have gone on with it.")
        return History(), copy.deepcopy(self.model.state_dict())

    def write(self, history: History, best_weights: dict) -> None:
        """Write what an epoch changed. A drive that is full or gone does not end the training, which tries again."""
        if self.path is None:
            return
        state = self.file.gather_state(*self.parts, history, best_weights)
        if not self.engine.is_main:
            return
        try:
            if self.unsaved_best or history.best_epoch == len(history):
                self.unsaved_best = True
                save_checkpoint(best_weights, self.path)
                self.unsaved_best = False
            history.write_csv(self.path.with_suffix(".history.csv"))
            self.file.write(state)
        except (OSError, RuntimeError) as error:  # torch turns a full disk into a RuntimeError
            say(f"Epoch {len(history)} could not be saved in {self.path.parent} ({error}); the training goes on.")

    def after_interrupt(self, history: History) -> str:
        """Return what an interrupted training has to say."""
        if history.best_epoch is None:
            return "Interrupted in the first epoch: the model keeps what it learned until now."
        on = "" if self.path is None else f" resume=True goes on with epoch {len(history) + 1}."
        return f"Interrupted: the model has the best weights so far, those of epoch {history.best_epoch}.{on}"

    def _say_what_goes_on(self, history: History, num_epochs: int) -> None:
        done = len(history)
        if done >= num_epochs:
            say(f"This training is finished: {done} epochs, the best of them epoch {history.best_epoch}.")
            return
        say(f"Resumed after epoch {done}; the best so far is epoch {history.best_epoch}.")
        if any(isinstance(loader, DataLoader) and loader.persistent_workers for loader in self.parts[-1].values()):
            say("The workers are persistent and start anew: what they choose at random differs from now on.")
