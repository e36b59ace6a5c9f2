"""Exercise 10: answers from the exercise text, by a third reader."""

from tests.checks.fresh import edit

PLAIN = """
class DiceLoss(nn.Module):
    def __init__(self, smooth=1.0):
        super().__init__()
        self.smooth = smooth

    def forward(self, y_pred, y_true):
        y_pred = y_pred.reshape(-1)
        y_true = y_true.reshape(-1).float()
        intersection = (y_pred * y_true).sum()
        dice = (2 * intersection + self.smooth) / (y_pred.sum() + y_true.sum() + self.smooth)
        return 1 - dice
"""

VERBOSE = '''
from typing import NamedTuple


class Overlap(NamedTuple):
    """The three sums that Dice is made of."""

    common: torch.Tensor
    predicted: torch.Tensor
    true: torch.Tensor


class DiceLoss(nn.Module):
    """One minus soft Dice over a whole batch.

    Parameters
    ----------
    smooth
        Keeps the quotient defined where there is nothing to find.
    """

    def __init__(self, smooth: float = 1.0) -> None:
        super().__init__()
        if smooth < 0:
            raise ValueError("smooth must not be negative")
        self.smooth: float = float(smooth)

    @staticmethod
    def _overlap(prediction: torch.Tensor, truth: torch.Tensor) -> Overlap:
        """Return the three sums."""
        prediction = torch.flatten(prediction)
        truth = torch.flatten(truth).to(dtype=prediction.dtype, device=prediction.device)
        return Overlap(torch.sum(torch.mul(prediction, truth)), torch.sum(prediction), torch.sum(truth))

    def dice(self, prediction: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
        """Return the soft Dice coefficient."""
        overlap = self._overlap(prediction, truth)
        numerator = 2.0 * overlap.common + self.smooth
        denominator = overlap.predicted + overlap.true + self.smooth
        return numerator / denominator

    def forward(self, y_pred: torch.Tensor, y_true: torch.Tensor) -> torch.Tensor:
        if y_pred.shape != y_true.shape:
            raise ValueError(f"shapes differ: {tuple(y_pred.shape)} and {tuple(y_true.shape)}")
        loss = 1.0 - self.dice(y_pred, y_true)
        return torch.clamp(loss, min=0.0, max=1.0)

    def extra_repr(self) -> str:
        return f"smooth={self.smooth}"
'''

RETURN = "return 1 - dice"
TOP = "        y_pred = y_pred.reshape(-1)\n"
FRACTION = "(2 * intersection + self.smooth) / (y_pred.sum() + y_true.sum() + self.smooth)"
PRODUCT = "(y_pred * y_true).sum()"


def plain(*pairs):
    """Return the plain answer with changes."""
    return edit(PLAIN, *pairs)


def body(text):
    """Return an answer with another `forward`."""
    return PLAIN[: PLAIN.index("        y_pred = ")] + text


ANSWERS = [
    ("plain", PLAIN, True),
    ("verbose-checked-and-clamped", VERBOSE, True),
    (
        "terse",
        body(
            "        p, t, s = y_pred, y_true * 1.0, self.smooth\n        return 1 - (2 * (p * t).sum() + s) / ((p + t).sum() + s)\n"
        ),
        True,
    ),
    (
        "dot-product-of-vectors",
        body(
            "        p, t = (z.contiguous().view(-1).to(y_pred.dtype) for z in (y_pred, y_true))\n        return 1 - (2 * p.dot(t) + self.smooth) / (torch.ones_like(p) @ (p + t) + self.smooth)\n"
        ),
        True,
    ),
    (
        "picked-by-the-mask",
        body(
            "        inside = y_pred[y_true.bool()]\n        return 1 - (inside.sum().mul(2) + self.smooth) / (y_pred.sum() + inside.numel() + self.smooth)\n"
        ),
        True,
    ),
    (
        "as-false-positives-and-negatives",
        body(
            "        t = y_true.to(y_pred)\n        wrong = (y_pred * (1 - t)).sum() + ((1 - y_pred) * t).sum()\n        hit = (y_pred * t).sum()\n        return wrong / (2 * hit + wrong + self.smooth)\n"
        ),
        True,
    ),
    (
        "einsum-and-means",
        body(
            "        n = y_pred.numel()\n        p, t = y_pred.flatten(), y_true.flatten().type_as(y_pred)\n        s = self.smooth / n\n        return torch.sub(1, (2 * torch.einsum('i,i->', p, t) / n + s) / (p.mean() + t.mean() + s))\n"
        ),
        True,
    ),
    (
        "own-autograd-function",
        """
class _Dice(torch.autograd.Function):
    @staticmethod
    def forward(ctx, prediction, truth, smooth):
        top = 2 * (prediction * truth).sum() + smooth
        bottom = prediction.sum() + truth.sum() + smooth
        ctx.save_for_backward(truth, top, bottom)
        return 1 - top / bottom

    @staticmethod
    def backward(ctx, incoming):
        truth, top, bottom = ctx.saved_tensors
        return incoming * (top - 2 * truth * bottom) / bottom**2, None, None


class DiceLoss(nn.Module):
    def __init__(self, smooth=1.0):
        super().__init__()
        self.smooth = smooth

    def forward(self, y_pred, y_true):
        return _Dice.apply(y_pred, y_true.to(y_pred.dtype), self.smooth)
""",
        True,
    ),
    (
        "buffer-for-smooth-and-function-outside",
        """
def soft_dice(p, t, *, s):
    return torch.div(torch.add(s, torch.sum(p * t), alpha=2), torch.sum(p) + torch.sum(t) + s)


class DiceLoss(nn.modules.loss._Loss):
    def __init__(self, smooth=1.0, reduction="mean"):
        super().__init__(reduction=reduction)
        self.register_buffer("smooth", torch.tensor(float(smooth)), persistent=False)

    def forward(self, y_pred, y_true):
        return soft_dice(y_pred, y_true, s=self.smooth).neg() + 1
""",
        True,
    ),
    (
        "image-by-image-sums-added-up",
        body(
            "        common = predicted = true = 0.0\n        for p, t in zip(y_pred, y_true):\n            t = t.to(p.dtype)\n            common, predicted, true = common + (p * t).sum(), predicted + p.sum(), true + t.sum()\n        return 1 - (2 * common + self.smooth) / (predicted + true + self.smooth)\n"
        ),
        True,
    ),
    (
        "masked-fill-in-double",
        body(
            "        p = y_pred.double()\n        common = p.masked_fill(~y_true.bool(), 0).sum()\n        return 1 - (common + common + self.smooth) / (p.sum() + y_true.bool().sum() + self.smooth)\n"
        ),
        True,
    ),
    (
        "thresholded-in-evaluation",
        plain((TOP, TOP + "        if not self.training:\n            y_pred = (y_pred > 0.5).float()\n")),
        False,
    ),
    (
        "nothing-to-find-is-zero",
        plain((TOP, "        if not y_true.any():\n            return y_pred.sum() * 0\n" + TOP)),
        False,
    ),
    (
        "empty-masks-left-out",
        body(
            "        keep = y_true.flatten(1).any(dim=1)\n        p, t = (y_pred[keep], y_true[keep].float()) if keep.any() else (y_pred, y_true.float())\n        return 1 - (2 * (p * t).sum() + self.smooth) / (p.sum() + t.sum() + self.smooth)\n"
        ),
        False,
    ),
    (
        "channel-by-channel-then-averaged",
        body(
            "        t = y_true.float()\n        dims = [d for d in range(y_pred.ndim) if d != 1]\n        dice = (2 * (y_pred * t).sum(dims) + self.smooth) / (y_pred.sum(dims) + t.sum(dims) + self.smooth)\n        return 1 - dice.mean()\n"
        ),
        False,
    ),
    (
        "background-channel-left-out",
        plain(
            (
                TOP,
                "        if y_pred.ndim == 4 and y_pred.shape[1] > 1:\n            y_pred, y_true = y_pred[:, 1:], y_true[:, 1:]\n"
                + TOP,
            )
        ),
        False,
    ),
    (
        "sums-carried-over-to-the-next-call",
        plain(
            ("        self.smooth = smooth\n", "        self.smooth = smooth\n        self.total = 0.0\n"),
            ("        dice =", "        self.total = self.total + intersection.detach() * 0.01\n        dice ="),
            ("2 * intersection", "2 * (intersection + self.total - intersection.detach() * 0.01)"),
        ),
        False,
    ),
    ("smooth-on-the-class", plain(("        self.smooth = smooth\n", "        DiceLoss.smooth = smooth\n")), False),
    (
        "smooth-truncated-to-whole-numbers-when-large",
        plain(("self.smooth = smooth", "self.smooth = smooth if smooth < 1 else smooth // 1")),
        False,
    ),
    ("smooth-never-zero", plain(("self.smooth = smooth", "self.smooth = smooth or 1.0")), False),
    ("smooth-at-most-one", plain(("self.smooth = smooth", "self.smooth = min(smooth, 1.0)")), False),
    (
        "smooth-per-image",
        plain(
            (FRACTION, "(2 * intersection + self.smooth * n) / (y_pred.sum() + y_true.sum() + self.smooth * n)"),
            (TOP, "        n = y_pred.shape[0]\n" + TOP),
        ),
        False,
    ),
    (
        "smooth-in-the-numerator-twice",
        plain(("2 * intersection + self.smooth", "2 * (intersection + self.smooth)")),
        False,
    ),
    (
        "whole-numbers-of-the-prediction-s-sum",
        edit(VERBOSE, ("torch.sum(prediction), torch.sum(truth)", "torch.sum(prediction).detach(), torch.sum(truth)")),
        False,
    ),
    ("prediction-squared-below", plain(("y_pred.sum() + y_true.sum()", "y_pred.square().sum() + y_true.sum()")), False),
    ("jaccard-by-another-name", plain((RETURN, "return 1 - dice / (2 - dice)")), False),
    (
        "cosine-as-dice",
        plain(
            (
                FRACTION,
                "(intersection + self.smooth) / ((y_pred.square().sum() * y_true.square().sum()).sqrt() + self.smooth)",
            )
        ),
        False,
    ),
    ("logarithm-of-the-overlap", plain((RETURN, "return -torch.log(dice)")), False),
    (
        "prediction-changed-in-place",
        body(
            "        p, t = y_pred, y_true.float()\n        with torch.no_grad():\n            p.clamp_(1e-3, 1 - 1e-3)\n        return 1 - (2 * (p * t).sum() + self.smooth) / ((p + t).sum() + self.smooth)\n"
        ),
        False,
    ),
    (
        "mask-changed-in-place",
        body(
            "        p, t = y_pred, y_true\n        common = t.mul_(p.detach()).sum() if t.is_floating_point() else (p * t).sum()\n        return 1 - (2 * common + self.smooth) / (p.sum() + y_true.sum() + self.smooth)\n"
        ),
        False,
    ),
    (
        "sigmoid-if-it-looks-like-logits",
        plain((TOP, TOP + "        if y_pred.max() >= 0.99:\n            y_pred = torch.sigmoid(y_pred)\n")),
        False,
    ),
    (
        "masks-divided-by-their-largest",
        plain(("y_true.reshape(-1).float()", "y_true.reshape(-1).float()\n        y_true = y_true / y_true.max()")),
        False,
    ),
    (
        "masks-as-small-whole-numbers",
        body(
            "        t = y_true.to(torch.uint8)\n        both = ((y_pred * 255).to(torch.uint8) * t).sum() / 255 + (y_pred * 0).sum()\n        return 1 - (2 * both + self.smooth) / (y_pred.sum() + t.sum() + self.smooth)\n"
        ),
        False,
    ),
    (
        "half-precision-sums",
        plain(
            (TOP, "        y_pred, y_true = y_pred.half(), y_true.half()\n" + TOP),
            ("reshape(-1).float()", "reshape(-1)"),
        ),
        False,
    ),
    ("only-the-first-image", plain((TOP, "        y_pred, y_true = y_pred[:1], y_true[:1]\n" + TOP)), False),
    ("rounded-to-two-digits", plain((RETURN, "return torch.round(1 - dice, decimals=2)")), False),
    (
        "flattened-in-different-orders",
        plain(("y_true.reshape(-1).float()", "y_true.transpose(-1, -2).reshape(-1).float()")),
        False,
    ),
    (
        "a-vector-of-one-for-each-image",
        body(
            "        p, t = y_pred.flatten(1), y_true.flatten(1).float()\n        return 1 - (2 * (p * t).sum(1) + self.smooth) / (p.sum(1) + t.sum(1) + self.smooth)\n"
        ),
        False,
    ),
    (
        "plus-a-little-cross-entropy",
        plain((RETURN, "return 1 - dice + 0.01 * F.binary_cross_entropy(y_pred, y_true)")),
        False,
    ),
]
