"""Where a training runs: a processor, a GPU or several processes, with the same code for all.

Hugging Face accelerate, because devices, mixed precision with its gradient scaling, and processes are its field; it is
loaded when a training starts, not before.
"""

import atexit
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader

from utils.ml.batches import check_output, iterate_pairs, pick_device
from utils.ml.errors import OptionError

__all__ = ["Engine", "place"]

PRECISIONS = ("no", "bf16", "fp16")
_TRACES = ("forward", "_original_forward", "_is_accelerate_prepared")  # what accelerate writes on a model


@contextmanager
def place(model, optimiser, loaders, *, device=None, mixed_precision=None, channels_last=None) -> Iterator["Engine"]:
    """Put a model, its optimiser and its loaders where they train, and take them off accelerate's hooks afterwards.

    Parameters
    ----------
    model : Module
    optimiser : Optimizer
    loaders : dict of str to iterable
        Several processes share the batches of each ``DataLoader``; one process takes it as it is.
    device : torch.device or str, optional
        A GPU if there is one unless told.
    mixed_precision : "no", "bf16" or "fp16", optional
        On a CUDA GPU the half precision that it computes natively, elsewhere "no".
    channels_last : bool, optional
        On CUDA GPUs only unless told.

    Raises
    ------
    OptionError
        If the device or the precision is not there, or several processes cannot share the loaders.
    """
    device = _check_device(device)
    if mixed_precision is None:
        mixed_precision = _native_precision(device)
    if mixed_precision not in PRECISIONS:
        raise OptionError(f"mixed_precision can be 'no', 'bf16', 'fp16' or None; got {mixed_precision!r}.")
    if mixed_precision == "fp16" and device.type == "cpu":
        raise OptionError("mixed_precision='fp16' needs a GPU; the processor computes with 'bf16' or 'no'.")
    channels_last = device.type == "cuda" if channels_last is None else bool(channels_last)
    from accelerate import Accelerator
    from accelerate.utils import DataLoaderConfiguration

    with _own_state(), _without_traces(model):
        accelerator = Accelerator(
            cpu=device.type == "cpu",
            mixed_precision=mixed_precision,
            rng_types=["torch", "generator"],  # all processes draw the order of the data that process 0 draws
            dataloader_config=DataLoaderConfiguration(split_batches=True),
        )
        if accelerator.num_processes == 1:
            accelerator.state.device = device
        else:
            atexit.unregister(_leave_the_others)
            atexit.register(_leave_the_others)
            loaders = {name: _share(accelerator, name, loader) for name, loader in loaders.items()}
        try:
            if channels_last:
                model.to(memory_format=torch.channels_last)
            yield Engine(accelerator, *accelerator.prepare(model, optimiser), loaders, channels_last)
        finally:
            if channels_last:
                model.to(memory_format=torch.contiguous_format)


def _leave_the_others() -> None:
    # A process that ends in a group whose threads still run is now and then aborted by C++.
    if torch.distributed.is_initialized():
        torch.distributed.destroy_process_group()


class Engine:
    """A model and its optimiser in the place where they train.

    Attributes
    ----------
    model, optimiser
        The student's, as accelerate wraps them.
    is_main : bool
        Whether this process writes files; true where it is the only one.
    """

    def __init__(self, accelerator, model: nn.Module, optimiser, loaders: dict, channels_last: bool) -> None:
        self.accelerator, self.model, self.optimiser = accelerator, model, optimiser
        self.is_main = accelerator.is_main_process
        self._loaders = loaders
        self._layout = torch.channels_last if channels_last else torch.preserve_format

    def batches(self, name: str, track=iter) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield the images and targets of the loader of that name, on the device."""
        device = self.accelerator.device
        for images, targets in iterate_pairs(track(self._loaders[name]), name):
            layout = self._layout if images.dim() == 4 else torch.preserve_format
            yield images.to(device, non_blocking=True, memory_format=layout), targets.to(device, non_blocking=True)

    def whole_batch(self, predictions: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """Return the predictions and targets of the whole batch, of which each process computed its share.

        So a loss or a metric sees what it would see in one process, even if it is no mean over images (Dice over a
        batch) and even in a last batch that does not divide. The gradient flows through the own share.
        """
        check_output(predictions)
        if self.accelerator.num_processes == 1:
            return predictions, targets
        gathered = self.accelerator.gather(predictions.detach())
        first = self.accelerator.process_index * len(predictions)
        whole = torch.cat([gathered[:first], predictions, gathered[first + len(predictions) :]])
        targets = self.accelerator.gather_for_metrics(targets)  # without what fills up a last, smaller batch
        return whole[: len(targets)], targets

    def update(self, loss: Tensor, gradient_clip: float | None = None) -> bool:
        """Take one step of the optimiser down the gradient of `loss`; False if it overflowed and was left out."""
        self.optimiser.optimizer.zero_grad()  # the student's: accelerate's inspects a signature at each call
        processes = self.accelerator.num_processes
        # Torch averages over the processes what has to be added up, hence the factor.
        self.accelerator.backward(loss if processes == 1 else processes * loss)
        if gradient_clip is not None:
            self.accelerator.clip_grad_norm_(self.model.parameters(), gradient_clip)
        self.optimiser.step()
        return not self.optimiser.step_was_skipped

    def gather(self, value: object) -> list:
        """Return what each process has for `value`, in their order."""
        from accelerate.utils import gather_object

        return gather_object([value])


def _check_device(device: torch.device | str | None) -> torch.device:
    if device is None:
        return pick_device()
    try:
        device = torch.device(device)
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError, TypeError) as error:
        reason = str(error).splitlines()[0]
        raise OptionError(f"device={str(device)!r} is not to be had here ({reason}); leave it out.") from None
    return device


def _native_precision(device: torch.device) -> str:
    if device.type != "cuda":
        return "no"
    return "bf16" if torch.cuda.get_device_capability(device) >= (8, 0) else "fp16"


def _share(accelerator, name: str, loader: Iterable):
    """Let each process load its part of every batch, in the order in which one process would load them."""
    if not isinstance(loader, DataLoader) or loader.batch_sampler is None:
        raise OptionError(f"Several processes can share a DataLoader with batches; `{name}` is none.")
    if loader.batch_size is None or loader.batch_size % accelerator.num_processes:
        raise OptionError(
            f"`{name}` has batches of {loader.batch_size}; {accelerator.num_processes} processes can only share "
            "batches of a multiple of their number."
        )
    if len(loader.sampler) != len(loader.dataset):
        raise OptionError(f"Several processes can only share a sampler that goes once through the set; see `{name}`.")
    sampler, own = loader.sampler, getattr(loader.sampler, "generator", None)
    with torch.random.fork_rng(devices=[]):
        shared = accelerator.prepare(loader)
    if hasattr(sampler, "generator"):
        sampler.generator = own  # accelerate gave it one; without it the order comes from the global generator again
    return shared


@contextmanager
def _own_state() -> Iterator[None]:
    """Let accelerate start afresh: its state is global and would keep the precision of the first training for ever."""
    from accelerate.state import AcceleratorState, GradientState, PartialState

    holders = (PartialState, AcceleratorState, GradientState)
    before = [dict(holder._shared_state) for holder in holders]
    try:
        for holder in holders:
            holder._reset_state()
        yield
    finally:
        for holder, state in zip(holders, before, strict=True):
            holder._reset_state()
            holder._shared_state.update(state)


@contextmanager
def _without_traces(model: nn.Module) -> Iterator[None]:
    """Leave no hook on `model`: a copy of it would keep them and be taken for prepared."""
    before = {name: model.__dict__[name] for name in _TRACES if name in model.__dict__}
    try:
        yield
    finally:
        for name in _TRACES:
            model.__dict__.pop(name, None)
        model.__dict__.update(before)
