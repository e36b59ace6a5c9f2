"""Compare the gradients that flow through a student's network or loss with those of an independent computation."""

import torch
from torch import Tensor

from utils.core.expect import Mismatch, expect

__all__ = ["TOLERANCE", "expect_same_gradient", "expect_some_gradient"]

TOLERANCE = 5e-3
"""Largest difference that rounding explains, as the length of the difference relative to the gradient's own length.

Length rather than largest value: a ReLU at zero may let one value more or less through after rounding.
"""


def expect_same_gradient(actual: Tensor, reference: Tensor, at: Tensor, of: str, to: str = "") -> None:
    """Fail unless both results have the same gradient with respect to a tensor.

    Parameters
    ----------
    actual, reference : Tensor
        Results of the same shape; each is projected on the same random direction first.
    at : Tensor
        A leaf that both were computed from.
    of : str
        How the student would call the result.
    to : str, optional
        How the student would call the leaf.
    """
    back = f" to {to}" if to else ""
    expect(actual.requires_grad, f"{of} is cut off from what it was computed from, so no gradient flows back{back}.")
    direction = torch.randn_like(reference)
    gradients = []
    for result in (actual, reference):
        try:
            gradients.append(
                torch.autograd.grad((result * direction).sum(), at, retain_graph=True, allow_unused=True)[0]
            )
        except RuntimeError as error:
            raise Mismatch(f"Going backward through {of} fails: {str(error).splitlines()[0]}") from None
    seen, wanted = gradients
    expect(seen is not None, f"{of} lets no gradient through{back}: somewhere the computation is detached.")
    gap = (seen - wanted).norm().item()
    # `<=` is false for NaN, as it should be.
    expect(
        gap <= TOLERANCE * max(wanted.norm().item(), 1e-9),
        f"The value of {of} is right, but not its gradient{back}: part of the computation is detached (`detach`, "
        "`no_grad`, `.data`, `.item()` or rounding).",
    )


def expect_some_gradient(result: Tensor, leaves: dict[str, Tensor], of: str) -> None:
    """Fail unless a result, right or wrong, has a gradient with respect to each leaf, named as the student would."""
    expect(result.requires_grad, f"{of} is cut off from what it was computed from, so no gradient flows back.")
    gradients = torch.autograd.grad(result.square().sum(), list(leaves.values()), allow_unused=True)
    for name, gradient in zip(leaves, gradients, strict=True):
        expect(gradient is not None and gradient.any(), f"{of} lets no gradient through to {name}.")
