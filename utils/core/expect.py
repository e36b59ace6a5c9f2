"""The only place that words how an answer differs from what was asked.

Each function returns nothing if the expectation holds and raises `Mismatch` with a sentence for the student if not.
They go from coarse to fine (type, shape, dtype, finite, value), so that the message names the first thing to mend.
"""

from utils.core.errors import WorkshopError

__all__ = [
    "Mismatch",
    "describe",
    "expect",
    "expect_class",
    "expect_close",
    "expect_finite",
    "expect_shape",
    "expect_tensor",
    "plain_tensor",
]


class Mismatch(WorkshopError):  # noqa: N818 - a verdict on an answer, not an error
    """An answer does not do what a criterion claims; the message is for the student."""


def expect(condition, message: str) -> None:
    """Fail with `message` unless `condition` is true."""
    if not bool(condition):
        raise Mismatch(message)


def describe(value: object) -> str:
    """Say what a value is in a few words a student knows, without its address or its own ``repr``."""
    import torch

    if value is None:
        return "None"
    if value is ...:
        return "still the stub's `...`"
    if isinstance(value, torch.Tensor):
        return f"a tensor of shape {tuple(value.shape)} and dtype {str(value.dtype).removeprefix('torch.')}"
    if type(value) in (int, float, bool):
        return f"the {type(value).__name__} {value!r}"
    if isinstance(value, type):
        return f"the class {value.__name__}"
    if type(value) in (tuple, list):
        return f"a {type(value).__name__} of {len(value)} items"
    if hasattr(value, "shape") and hasattr(value, "dtype"):
        return f"a {type(value).__name__} of shape {tuple(value.shape)}"
    return f"a {type(value).__name__}"


def plain_tensor(value, of: str = "the result"):
    """Return the tensor on the CPU, detached and as a plain `torch.Tensor`, or fail.

    A subclass may redefine comparison or arithmetic; a plain tensor cannot.
    """
    import torch

    expect_tensor(value, of)
    try:
        return torch.Tensor.as_subclass(value, torch.Tensor).detach().to("cpu").clone()
    except TypeError:
        raise Mismatch(f"{of} only pretends to be a tensor.") from None


def expect_tensor(value, of: str) -> None:
    """Fail unless `value` is a tensor."""
    import torch

    missing = "; is a `return` missing?" if value is None else "."
    expect(isinstance(value, torch.Tensor), f"{of} is {describe(value)}, not a tensor{missing}")


def expect_shape(tensor, shape: tuple[int, ...], of: str, because: str = "") -> None:
    """Fail unless the tensor has exactly this shape."""
    seen, shape = tuple(tensor.shape), tuple(shape)
    expect(seen == shape, f"{of} has shape {seen}; expected {shape}.{_sentence(because)}")


def expect_finite(tensor, of: str) -> None:
    """Fail if any value is NaN or infinite."""
    expect(tensor.isfinite().all(), f"{of} contains NaN or infinite values.")


def expect_close(actual, expected, of: str, atol: float, because: str = "") -> None:
    """Fail unless shapes agree and no value differs by more than `atol`.

    Parameters
    ----------
    actual, expected : Tensor
    of : str
        What the student would call the values.
    atol : float
        Largest absolute difference that counts as equal.
    because : str
        The likely cause, a full sentence.
    """
    expect_shape(actual, tuple(expected.shape), of)
    actual, expected = actual.double(), expected.double()
    expect_finite(actual, of)
    gap = (actual - expected).abs()
    # `not <=` rather than `>`: a NaN must fail.
    if gap.numel() and not gap.max().item() <= atol:
        at = int(gap.argmax())
        wanted, seen = _told_apart(expected.flatten()[at].item(), actual.flatten()[at].item())
        raise Mismatch(
            f"{of} should be {wanted} where it is {seen} "
            f"(largest difference {gap.max().item():.2g}).{_sentence(because)}"
        )


def expect_class(value, of: str, base: type | None = None) -> None:
    """Fail unless `value` is a class (a subclass of `base`)."""
    expect(isinstance(value, type), f"`{of}` is {describe(value)}, not a class.")
    if base is not None:
        expect(
            issubclass(value, base),
            f"`{of}` should be a subclass of `{base.__name__}`; it inherits from "
            f"{', '.join(f'`{parent.__name__}`' for parent in value.__bases__)}.",
        )


def _told_apart(*values: float) -> list[str]:
    """Write numbers with as few digits, four at least, as show that they differ."""
    for digits in range(4, 17):
        texts = [f"{value:.{digits}g}" for value in values]
        if len(set(texts)) == len(texts):
            break
    return texts


def _sentence(text: str) -> str:
    return f" {text}" if text else ""
