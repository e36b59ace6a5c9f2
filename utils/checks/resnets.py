"""ResNets to judge students' functions with: small ones of torchvision's own class, and what became of them."""

import copy
from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor, nn
from torchvision.models.resnet import BasicBlock, Bottleneck, ResNet

from utils.checks.modules import explain_unset_flag, is_trainable
from utils.core.expect import Mismatch, describe, expect

__all__ = [
    "STAGES",
    "Snapshot",
    "changed_in_place",
    "deep_resnet",
    "explain_flags",
    "named_parameters",
    "plain_resnet",
    "remember",
    "trainable_names",
    "wide_resnet",
]

STAGES = ("layer1", "layer2", "layer3", "layer4")
"""The attributes of a ResNet's four stages, in the order in which they are computed."""


def plain_resnet() -> ResNet:
    """Return a ResNet of torchvision's with one block to a stage and, as ResNet-18, 512 features; the same each time."""
    return copy.deepcopy(_plain())


def wide_resnet() -> ResNet:
    """Return a ResNet with bottleneck blocks and, as ResNet-50, 2048 features; the same each time."""
    return copy.deepcopy(_wide())


def deep_resnet() -> ResNet:
    """Return a ResNet with bottleneck blocks and several of them to a stage, once more than ten; the same each time."""
    return copy.deepcopy(_deep())


@dataclass(frozen=True)
class Snapshot:
    """A model as it was before a student's function got it.

    Attributes
    ----------
    modules : dict of str to nn.Module
        Its direct children by name.
    tensors : dict of str to Tensor
        Copies of its parameters and buffers.
    trainable : set of str
        Names of the parameters that could be trained.
    modes : dict of str to bool
        Whether each module was in training mode.
    """

    modules: dict[str, nn.Module]
    tensors: dict[str, Tensor]
    trainable: set[str]
    modes: dict[str, bool]

    def differing(self, model: nn.Module, without: str) -> list[str]:
        """Name the parameters and buffers that have other values or are gone, except those of one child."""
        now = dict(nn.Module.state_dict(model))
        kept = [name for name in self.tensors if name.split(".")[0] != without]
        return [name for name in kept if name not in now or not _same(now[name], self.tensors[name])]

    def reflagged(self, model: nn.Module, without: str) -> list[str]:
        """Name the parameters that were frozen or unfrozen, except those of one child."""
        flipped = trainable_names(model) ^ self.trainable
        return sorted(name for name in flipped if name.split(".")[0] != without)

    def switched(self, model: nn.Module, without: str) -> list[str]:
        """Name the modules that changed between training and evaluation mode, except those of one child."""
        now = _modes(model)
        kept = [name for name in self.modes if name in now and name.split(".")[0] != without]
        return [f"`{name}`" if name else "The model" for name in kept if now[name] != self.modes[name]]


def remember(model: nn.Module) -> Snapshot:
    """Remember a model's children, values and flags."""
    tensors = {name: tensor.detach().clone() for name, tensor in nn.Module.state_dict(model).items()}
    return Snapshot(dict(nn.Module.named_children(model)), tensors, trainable_names(model), _modes(model))


def changed_in_place(function, model: nn.Module, *arguments, of: str, **named) -> nn.Module:
    """Call a student's function that has to change a model and return it.

    Parameters
    ----------
    function : callable
        Its first parameter is the model.
    model : nn.Module
    *arguments, **named : object
        What else it gets.
    of : str
        The function's name.

    Returns
    -------
    nn.Module
        The very model that went in.

    Raises
    ------
    Mismatch
        If it cannot be called, returns anything else, or leaves autograd switched off.
    """
    expect(callable(function), f"`{of}` is {describe(function)}, not a function.")
    with torch.enable_grad():  # brings back what the function may have switched off
        returned = function(model, *arguments, **named)
        learning = torch.is_grad_enabled()
    expect(
        learning,
        f"`{of}` leaves autograd switched off, so nothing can be trained after it; `with torch.no_grad():` ends by itself.",
    )
    if returned is not model:
        kind = "another model: a copy, or one built anew" if isinstance(returned, nn.Module) else describe(returned)
        missing = "; is a `return` missing?" if returned is None else "."
        raise Mismatch(f"`{of}` returns {kind}, not the model that it got{missing}")
    return model


def named_parameters(model: nn.Module) -> dict[str, nn.Parameter]:
    """Return a model's parameters by name."""
    return dict(nn.Module.named_parameters(model))


def trainable_names(model: nn.Module) -> set[str]:
    """Name the parameters that can be trained."""
    return {name for name, parameter in named_parameters(model).items() if is_trainable(parameter)}


def explain_flags(model: nn.Module) -> str:
    """Say where `requires_grad` was written to if no parameter noticed; a sentence with a blank before it, or nothing."""
    cause = explain_unset_flag(model)
    return f" {cause}" if cause else ""


@cache
def _plain() -> ResNet:
    return _built(BasicBlock)


@cache
def _wide() -> ResNet:
    return _built(Bottleneck, width_per_group=4)


@cache
def _deep() -> ResNet:
    return _built(Bottleneck, (1, 3, 11, 2), width_per_group=4)


def _built(block, blocks=(1, 1, 1, 1), **settings) -> ResNet:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(2015)
        model = ResNet(block, list(blocks), num_classes=10, **settings)
        for norm in model.modules():  # as after a training, so that a reset shows
            if isinstance(norm, nn.BatchNorm2d):
                norm.running_mean.normal_(std=0.1)
                norm.running_var.uniform_(0.5, 1.5)
                norm.num_batches_tracked.fill_(100)
        return model


def _modes(model: nn.Module) -> dict[str, bool]:
    return {name: module.training for name, module in nn.Module.named_modules(model)}


def _same(one: Tensor, other: Tensor) -> bool:
    return one.shape == other.shape and torch.equal(one.detach(), other)
