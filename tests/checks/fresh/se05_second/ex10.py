"""Exercise 10: answers from the exercise text, by a second reader."""

from tests.checks.fresh import edit

BASE = """
class DiceLoss(nn.Module):
    def __init__(self, smooth=1.0):
        super().__init__()
        self.smooth = smooth

    def forward(self, y_pred, y_true):
        p = y_pred.reshape(-1)
        y = y_true.reshape(-1).to(p.dtype)
        overlap = (p * y).sum()
        dice = (2 * overlap + self.smooth) / (p.sum() + y.sum() + self.smooth)
        return 1 - dice
"""
BODY = BASE[BASE.index("        p = ") :]


def forward(code):
    """Return the base with another body of `forward`."""
    return edit(BASE, (BODY, "".join(f"        {line}\n" if line else "\n" for line in code.strip("\n").split("\n"))))


FUNCTION = """
class SoftDice(torch.autograd.Function):
    @staticmethod
    def forward(ctx, p, y, smooth):
        numerator = 2 * torch.sum(p * y) + smooth
        denominator = torch.sum(p) + torch.sum(y) + smooth
        ctx.save_for_backward(y, numerator, denominator)
        return 1 - numerator / denominator

    @staticmethod
    def backward(ctx, upstream):
        y, numerator, denominator = ctx.saved_tensors
        return upstream * (numerator - 2 * y * denominator) / denominator**2, None, None


class DiceLoss(nn.Module):
    def __init__(self, smooth=1.0):
        super().__init__()
        self.register_buffer("smooth", torch.tensor(float(smooth)))

    def forward(self, y_pred, y_true):
        return SoftDice.apply(y_pred, y_true.to(y_pred), self.smooth)
"""

LOSS = """
from torch.nn.modules.loss import _Loss


def soft_dice(p: torch.Tensor, y: torch.Tensor, *, smooth: float = 1.0) -> torch.Tensor:
    p, y = torch.broadcast_tensors(p, y.type_as(p))
    return torch.add(2 * torch.tensordot(p, y, dims=p.ndim), smooth) / torch.stack([p, y]).sum().add(smooth)


class DiceLoss(_Loss):
    \"\"\"One minus the soft Dice.\"\"\"

    def __init__(self, smooth: float = 1.0, reduction: str = "mean") -> None:
        super().__init__(reduction=reduction)
        self.smooth = smooth

    def forward(self, y_pred, y_true, weight=None):
        return torch.rsub(soft_dice(y_pred, y_true, smooth=self.smooth), 1)
"""

CALLABLE = """
from functools import partial


def _loss(p, y, s):
    tp, fp, fn = (p * y).sum(), (p * (1 - y)).sum(), ((1 - p) * y).sum()
    return (fp + fn) / (2 * tp + fp + fn + s)


class DiceLoss(nn.Module):
    def __init__(self, smooth=1.0):
        super().__init__()
        self._loss = partial(_loss, s=smooth)

    def forward(self, y_pred, y_true):
        return self._loss(y_pred, torch.as_tensor(y_true, dtype=y_pred.dtype))
"""

SEQUENTIAL = """
class DiceLoss(nn.Sequential):
    def __init__(self, smooth=1.0):
        super().__init__(nn.Flatten(0))
        self.smooth = smooth

    def forward(self, y_pred, y_true):
        flat = super().forward
        p, y = flat(y_pred), flat(y_true).double()
        return (1 - (2 * (p.double() @ y) + self.smooth) / (p.double().sum() + y.sum() + self.smooth)).to(p.dtype)
"""

ANSWERS = [
    ("own-autograd-function", FUNCTION, True),
    ("private-base-class-tensordot", LOSS, True),
    ("false-positives-and-negatives", CALLABLE, True),
    ("sequential-that-flattens", SEQUENTIAL, True),
    (
        "einsum-over-flattened",
        forward("""
p, y = y_pred.flatten(), y_true.flatten().float()
return 1.0 - (2.0 * torch.einsum("i,i->", p, y) + self.smooth) / (torch.sum(p + y) + self.smooth)
"""),
        True,
    ),
    (
        "no-flattening-boolean-choice",
        forward("""
inside = torch.where(y_true.bool(), y_pred, torch.zeros_like(y_pred)).sum()
return torch.clamp(1 - (inside + inside + self.smooth) / (y_pred.sum() + y_true.count_nonzero() + self.smooth), 0, 1)
"""),
        True,
    ),
    (
        "means-with-smooth-shared-out",
        forward("""
s = self.smooth / y_pred.numel()
y = y_true.to(y_pred)
return 1 - (2 * (y_pred * y).mean() + s) / (y_pred.mean() + y.mean() + s)
"""),
        True,
    ),
    (
        "overlap-from-squares",
        forward("""
p, y = y_pred.ravel(), y_true.ravel().to(y_pred.dtype)
twice = (p + y).square().sum() - p.square().sum() - y.square().sum()
return 1 - (twice + self.smooth) / (p.sum() + y.sum() + self.smooth)
"""),
        True,
    ),
    (
        "sums-per-image-added-up",
        forward("""
p, y = (t.reshape(len(t), -1).to(y_pred.dtype) for t in (y_pred, y_true))
overlap, total = (p * y).sum(dim=1), p.sum(dim=1) + y.sum(dim=1)
return 1 - (2 * overlap.sum() + self.smooth) / (total.sum() + self.smooth)
"""),
        True,
    ),
    (
        "chosen-by-mask-index",
        forward("""
hits = y_pred[y_true == 1].sum()
return -((2 * hits + self.smooth) / (y_pred.sum() + (y_true == 1).sum() + self.smooth)) + 1
"""),
        True,
    ),
    (
        "contiguous-before-view",
        edit(
            BASE,
            ("y_pred.reshape(-1)", "y_pred.contiguous().view(-1)"),
            ("y_true.reshape(-1)", "y_true.contiguous().view(-1)"),
        ),
        True,
    ),
    (
        "inner-product-of-double",
        forward("""
p, y = (t.to(torch.float64).flatten() for t in (y_pred, y_true))
(overlap, total), s = (p.inner(y), p.sum() + y.sum()), self.smooth
return (1 - (2 * overlap + s) / (total + s)).float()
"""),
        True,
    ),
    (
        "numerator-and-denominator-by-one-product",
        forward("""
p, y = y_pred.reshape(1, -1), y_true.reshape(-1, 1).to(y_pred.dtype)
left = torch.cat([p, torch.ones_like(p)])
right = torch.cat([y, torch.ones_like(y)], dim=1)
(py, sp), (sy, _) = left @ right
return 1 - (2 * py + self.smooth) / (sp + sy + self.smooth)
"""),
        True,
    ),
    (
        "class-attribute-annotated-and-extra-repr",
        edit(
            BASE,
            ("    def __init__", "    smooth: float\n\n    def __init__"),
            ("    def forward", "    def extra_repr(self):\n        return f'smooth={self.smooth}'\n\n    def forward"),
        ),
        True,
    ),
    # wrong: the formula
    ("without-the-two", edit(BASE, ("2 * overlap", "overlap")), False),
    ("smooth-doubled-too", edit(BASE, ("(2 * overlap + self.smooth)", "2 * (overlap + self.smooth)")), False),
    ("smooth-only-below", edit(BASE, ("(2 * overlap + self.smooth)", "(2 * overlap)")), False),
    ("smooth-only-above", edit(BASE, ("+ y.sum() + self.smooth)", "+ y.sum())")), False),
    ("smooth-twice-below", edit(BASE, ("+ y.sum() + self.smooth)", "+ y.sum() + 2 * self.smooth)")), False),
    (
        "smooth-outside-the-quotient",
        edit(
            BASE,
            (
                "(2 * overlap + self.smooth) / (p.sum() + y.sum() + self.smooth)",
                "2 * overlap / (p.sum() + y.sum()) + self.smooth",
            ),
        ),
        False,
    ),
    ("smooth-always-one", edit(BASE, ("self.smooth = smooth", "self.smooth = 1.0")), False),
    ("smooth-tiny-by-default", edit(BASE, ("smooth=1.0", "smooth=1e-6")), False),
    ("smooth-a-whole-number", edit(BASE, ("self.smooth = smooth", "self.smooth = int(smooth)")), False),
    ("smooth-of-zero-taken-for-missing", edit(BASE, ("self.smooth = smooth", "self.smooth = smooth or 1.0")), False),
    ("smooth-belongs-to-the-class", edit(BASE, ("self.smooth = smooth", "DiceLoss.smooth = smooth")), False),
    ("smooth-at-least-one", edit(BASE, ("self.smooth = smooth", "self.smooth = max(smooth, 1.0)")), False),
    ("dice-not-loss", edit(BASE, ("return 1 - dice", "return dice")), False),
    ("negative-dice", edit(BASE, ("return 1 - dice", "return -dice")), False),
    ("logarithm-of-dice", edit(BASE, ("return 1 - dice", "return -torch.log(dice)")), False),
    ("squares-below", edit(BASE, ("p.sum() + y.sum()", "(p * p).sum() + (y * y).sum()")), False),
    ("union-below", edit(BASE, ("p.sum() + y.sum() +", "p.sum() + y.sum() - overlap +")), False),
    (
        "jaccard",
        edit(BASE, ("2 * overlap", "overlap"), ("p.sum() + y.sum() +", "p.sum() + y.sum() - overlap +")),
        False,
    ),
    (
        "means-with-the-whole-smooth",
        edit(BASE, ("(p * y).sum()", "(p * y).mean()"), ("p.sum() + y.sum()", "p.mean() + y.mean()")),
        False,
    ),
    (
        "tversky-with-uneven-weights",
        forward("""
y = y_true.to(y_pred)
tp, fp, fn = (y_pred * y).sum(), (y_pred * (1 - y)).sum(), ((1 - y_pred) * y).sum()
return 1 - (2 * tp + self.smooth) / (2 * tp + 0.6 * fp + 1.4 * fn + self.smooth)
"""),
        False,
    ),
    (
        "background-as-a-second-class",
        edit(
            BASE,
            (
                "return 1 - dice",
                "q, z = 1 - p, 1 - y\n"
                "        other = (2 * (q * z).sum() + self.smooth) / (q.sum() + z.sum() + self.smooth)\n"
                "        return 1 - (dice + other) / 2",
            ),
        ),
        False,
    ),
    ("cross-entropy-on-top", edit(BASE, ("return 1 - dice", "return 1 - dice + F.binary_cross_entropy(p, y)")), False),
    ("clamped-too-early", edit(BASE, ("return 1 - dice", "return (1 - dice).clamp(min=0.05)")), False),
    # wrong: which sums
    (
        "mean-of-image-losses",
        forward("""
p, y = y_pred.flatten(1), y_true.flatten(1).to(y_pred.dtype)
dice = (2 * (p * y).sum(1) + self.smooth) / (p.sum(1) + y.sum(1) + self.smooth)
return 1 - dice.mean()
"""),
        False,
    ),
    (
        "mean-of-image-losses-with-vmap",
        forward("""
def one(p, y):
    return 1 - (2 * (p * y).sum() + self.smooth) / (p.sum() + y.sum() + self.smooth)


return torch.vmap(one)(y_pred, y_true.to(y_pred.dtype)).mean()
"""),
        False,
    ),
    (
        "mean-over-rows",
        forward("""
y = y_true.to(y_pred.dtype)
dice = (2 * (y_pred * y).sum(-1) + self.smooth) / (y_pred.sum(-1) + y.sum(-1) + self.smooth)
return (1 - dice).mean()
"""),
        False,
    ),
    (
        "one-loss-per-image",
        forward("""
p, y = y_pred.flatten(1), y_true.flatten(1).to(y_pred.dtype)
return 1 - (2 * (p * y).sum(1) + self.smooth) / (p.sum(1) + y.sum(1) + self.smooth)
"""),
        False,
    ),
    (
        "smooth-once-per-image",
        forward("""
p, y = y_pred.flatten(1), y_true.flatten(1).to(y_pred.dtype)
top, bottom = 2 * (p * y).sum(1) + self.smooth, p.sum(1) + y.sum(1) + self.smooth
return 1 - top.sum() / bottom.sum()
"""),
        False,
    ),
    (
        "first-image-only",
        edit(BASE, ("y_pred.reshape(-1)", "y_pred[0].reshape(-1)"), ("y_true.reshape(-1)", "y_true[0].reshape(-1)")),
        False,
    ),
    (
        "first-channel-only",
        edit(
            BASE, ("y_pred.reshape(-1)", "y_pred[:, 0].reshape(-1)"), ("y_true.reshape(-1)", "y_true[:, 0].reshape(-1)")
        ),
        False,
    ),
    (
        "pairs-every-pixel-with-every-other",
        edit(BASE, ("(p * y).sum()", "(p[:, None] * y[None]).sum() / len(p)")),
        False,
    ),
    # wrong: the input
    ("sigmoid-once-more", edit(BASE, ("p = y_pred.reshape(-1)", "p = y_pred.reshape(-1).sigmoid()")), False),
    (
        "sigmoid-if-it-looks-like-logits",
        edit(
            BASE,
            (
                "p = y_pred.reshape(-1)",
                "p = y_pred.reshape(-1)\n        p = p.sigmoid() if p.min() >= 0 and p.max() < 0.999 else p",
            ),
        ),
        False,
    ),
    ("hard-prediction", edit(BASE, ("y_pred.reshape(-1)", "(y_pred.reshape(-1) > 0.5).float()")), False),
    ("rounded-prediction", edit(BASE, ("y_pred.reshape(-1)", "y_pred.reshape(-1).round()")), False),
    (
        "soft-in-training-hard-in-evaluation",
        edit(BASE, ("        y = ", "        p = p if self.training else (p > 0.5).to(p.dtype)\n        y = ")),
        False,
    ),
    (
        "prediction-cast-to-the-masks-type",
        edit(BASE, ("p = y_pred.reshape(-1)", "p = y_pred.reshape(-1).to(y_true.dtype)")),
        False,
    ),
    (
        "viewed-in-order-of-memory",
        edit(BASE, ("y_pred.reshape(-1)", "y_pred.as_strided((y_pred.numel(),), (1,))")),
        False,
    ),
    ("mask-left-as-it-is-in-a-dot-product", edit(BASE, (".to(p.dtype)", ""), ("(p * y).sum()", "p.dot(y)")), False),
    (
        "one-minus-a-boolean",
        forward("""
p, y = y_pred.flatten(), y_true.flatten()
tp, fp, fn = (p * y).sum(), (p * (1 - y)).sum(), ((1 - p) * y).sum()
return 1 - (2 * tp + self.smooth) / (2 * tp + fp + fn + self.smooth)
"""),
        False,
    ),
    ("mask-summed-in-bytes", edit(BASE, ("y.sum()", "y.sum(dtype=torch.uint8)")), False),
    (
        "mask-multiplied-in-place",
        edit(
            BASE,
            (
                "        overlap = (p * y).sum()",
                "        total = p.sum() + y.sum()\n        y *= p\n        overlap = y.sum()",
            ),
            ("p.sum() + y.sum() + self", "total + self"),
        ),
        False,
    ),
    # wrong: the gradient
    ("python-number", edit(BASE, ("return 1 - dice", "return (1 - dice).item()")), False),
    (
        "fresh-tensor-that-wants-a-gradient",
        edit(BASE, ("return 1 - dice", "return torch.tensor((1 - dice).item(), requires_grad=True)")),
        False,
    ),
    ("no-grad-on-forward", edit(BASE, ("    def forward", "    @torch.no_grad()\n    def forward")), False),
    (
        "through-numpy",
        edit(BASE, ("y_pred.reshape(-1)", "torch.from_numpy(y_pred.detach().numpy()).reshape(-1)")),
        False,
    ),
    ("overlap-without-gradient", edit(BASE, ("2 * overlap", "2 * overlap.detach()")), False),
    ("denominator-without-gradient", edit(BASE, ("p.sum() + y.sum() +", "p.detach().sum() + y.sum() +")), False),
    (
        "gradient-only-of-something-else",
        edit(BASE, ("return 1 - dice", "return (1 - dice).detach() + 0 * y_pred.sum()")),
        False,
    ),
    ("gradient-uphill", edit(BASE, ("return 1 - dice", "return 1 - dice.detach() + (dice - dice.detach())")), False),
    # wrong: memory between calls and form
    (
        "sums-kept-between-calls",
        edit(
            BASE,
            ("        self.smooth = smooth\n", "        self.smooth = smooth\n        self.a = self.b = 0\n"),
            (
                "        dice = ",
                "        self.a = self.a + overlap\n        self.b = self.b + p.sum() + y.sum()\n        dice = ",
            ),
            ("2 * overlap", "2 * self.a"),
            ("p.sum() + y.sum() + self.smooth", "self.b + self.smooth"),
        ),
        False,
    ),
    (
        "mask-total-remembered",
        edit(
            BASE,
            ("        dice = ", "        self.total = getattr(self, 'total', y.sum())\n        dice = "),
            ("p.sum() + y.sum() + self", "p.sum() + self.total + self"),
        ),
        False,
    ),
    ("loss-and-dice", edit(BASE, ("return 1 - dice", "return 1 - dice, dice")), False),
    ("loss-in-per-cent", edit(BASE, ("return 1 - dice", "return 100 * (1 - dice)")), False),
    ("loss-for-every-pixel", edit(BASE, ("return 1 - dice", "return (1 - dice).expand_as(p)")), False),
    (
        "parameters-in-the-other-order",
        edit(
            BASE,
            ("def forward(self, y_pred, y_true)", "def forward(self, y_true, y_pred)"),
        ),
        False,
    ),
    ("absolute-error-instead", edit(BASE, ("return 1 - dice", "return (p - y).abs().mean()")), False),
]
