"""Compare the gradients that flow through a student's network or loss with those of an independent computation."""

import torch
from torch import Tensor

from utils.checks.replay import is_close
from utils.core.expect import Mismatch, expect

__all__ = ["expect_same_gradient"]


def expect_same_gradient(actual: Tensor, reference: Tensor, at: Tensor, of: str) -> None:
    """Fail unless both results have the same gradient with respect to a tensor.

    Parameters
    ----------
    actual, reference : Tensor
        Results of the same shape; each is projected on the same random direction first.
    at : Tensor
        A leaf that both were computed from.
    of : str
        How the student would call the result.
    """
    expect(actual.requires_grad, f"{of} is cut off from what it was computed from, so no gradient flows back.")
    direction = torch.randn_like(reference)
    gradients = []
    for result in (actual, reference):
        try:
            gradients.append(torch.autograd.grad((result * direction).sum(), at, retain_graph=True, allow_unused=True)[0])
        except RuntimeError as error:
            raise Mismatch(f"Going backward through {of} fails: {str(error).splitlines()[0]}") from None
    seen, wanted = gradients
    expect(seen is not None, f"{of} lets no gradient through: somewhere the computation is detached.")
    expect(
        is_close(seen, wanted),
        f"The value of {of} is right, but not its gradient: part of the computation is detached (`detach`, `no_grad`, "
        "`.data`, `.item()` or rounding).",
    )
