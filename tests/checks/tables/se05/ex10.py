"""Right and wrong answers to exercise 10, the Dice loss."""

from tests.checks.answers import Wrong
from tests.checks.rewriting import swap

LOSS = """
class DiceLoss(nn.Module):
    def __init__(self, smooth=1.0):
        super().__init__()
        self.smooth = smooth

    def forward(self, y_pred, y_true):
        y_pred = y_pred.reshape(-1)
        y_true = y_true.reshape(-1)
        both = (y_pred * y_true).sum()
        dice = (2 * both + self.smooth) / (y_pred.sum() + y_true.sum() + self.smooth)
        return 1 - dice
"""
FLAT = "        y_pred = y_pred.reshape(-1)\n        y_true = y_true.reshape(-1)\n"
BOTH = "(y_pred * y_true).sum()"
DICE = "(2 * both + self.smooth) / (y_pred.sum() + y_true.sum() + self.smooth)"
END = "return 1 - dice"

RIGHT = {
    "reshape": LOSS,
    "view": swap(LOSS, ("reshape(-1)", "view(-1)")),
    "sums over the four dimensions of a batch": swap(LOSS, (FLAT, "        every = (0, 1, 2, 3)\n"), (BOTH, "(y_pred * y_true).sum(every)"), ("y_pred.sum() + y_true.sum()", "y_pred.sum(every) + y_true.sum(every)")),
    "contiguous view": swap(LOSS, ("reshape(-1)", "contiguous().view(-1)")),
    "flatten": swap(LOSS, ("reshape(-1)", "flatten()")),
    "torch.flatten": swap(LOSS, ("y_pred.reshape(-1)", "torch.flatten(y_pred)"), ("y_true.reshape(-1)", "torch.flatten(y_true)")),
    "ravel": swap(LOSS, ("reshape(-1)", "ravel()")),
    "not flattened": swap(LOSS, (FLAT, "")),
    "einsum": swap(LOSS, (BOTH, "torch.einsum('i,i->', y_pred, y_true.to(y_pred.dtype))")),
    "dot on floats": swap(LOSS, (BOTH, "torch.dot(y_pred, y_true.float())")),
    "matrix product on floats": swap(LOSS, (BOTH, "y_pred @ y_true.to(y_pred)")),
    "torch.sum and torch.mul": swap(LOSS, (BOTH, "torch.sum(torch.mul(y_pred, y_true))")),
    "sums over images first": swap(LOSS, (FLAT, "        y_pred = y_pred.flatten(1)\n        y_true = y_true.flatten(1)\n"), (BOTH, "(y_pred * y_true).sum(1).sum()")),
    "masks as floats": swap(LOSS, ("y_true.reshape(-1)", "y_true.reshape(-1).float()")),
    "type_as": swap(LOSS, ("y_true.reshape(-1)", "y_true.type_as(y_pred).reshape(-1)")),
    "predictions clamped": swap(LOSS, ("y_pred.reshape(-1)", "y_pred.reshape(-1).clamp(1e-7, 1 - 1e-7)")),
    "dice clamped": swap(LOSS, (END, "return 1 - dice.clamp(0, 1)")),
    "loss clamped": swap(LOSS, (END, "return torch.clamp(1 - dice, min=0, max=1)")),
    "one from torch": swap(LOSS, (END, "return torch.tensor(1.0) - dice")),
    "minus dice plus one": swap(LOSS, (END, "return -dice + 1")),
    "one fraction": swap(LOSS, ("dice = " + DICE, "total = y_pred.sum() + y_true.sum()"), (END, "return (total - 2 * both) / (total + self.smooth)")),
    "factor two as a sum": swap(LOSS, ("2 * both", "both + both")),
    "factor two as a float": swap(LOSS, ("2 * both", "2.0 * both")),
    "sum of both at once": swap(LOSS, ("y_pred.sum() + y_true.sum()", "(y_pred + y_true).sum()")),
    "intersection by selection": swap(LOSS, (BOTH, "y_pred[y_true.bool()].sum()")),
    "intersection by where": swap(LOSS, (BOTH, "torch.where(y_true > 0.5, y_pred, torch.zeros_like(y_pred)).sum()")),
    "squared masks": swap(LOSS, ("y_true.sum() +", "(y_true**2).sum() +")),
    "a vector of one": swap(LOSS, (END, "return (1 - dice).reshape(1)")),
    "smooth as a buffer": swap(LOSS, ("self.smooth = smooth", "self.register_buffer('smooth', torch.tensor(float(smooth)))")),
    "smooth as a tensor": swap(LOSS, ("self.smooth = smooth", "self.smooth = torch.as_tensor(smooth)")),
    "another name for smooth": swap(LOSS, ("self, smooth=1.0", "self, smooth=1"), ("self.smooth = smooth", "self.eps = float(smooth)"), ("+ self.smooth", "+ self.eps")),
    "a static method": swap(LOSS, ("dice = " + DICE, "dice = self.ratio(2 * both + self.smooth, y_pred.sum() + y_true.sum() + self.smooth)"), (END, END + "\n\n    @staticmethod\n    def ratio(a, b):\n        return torch.div(a, b)")),
    "a function besides": "def dice_score(p, t, s):\n    return (2 * (p * t).sum() + s) / (p.sum() + t.sum() + s)\nclass DiceLoss(nn.Module):\n    def __init__(self, smooth=1.0, reduction='mean'):\n        super().__init__()\n        self.s = smooth\n    def forward(self, inputs, targets):\n        return 1 - dice_score(inputs, targets, self.s)\n",
    "torch's loss base class": swap(LOSS, ("class DiceLoss(nn.Module)", "class DiceLoss(nn.modules.loss._Loss)")),
    "in double precision": swap(LOSS, ("y_pred.reshape(-1)", "y_pred.reshape(-1).double()")),
    "one minus in a chain": "class DiceLoss(nn.Module):\n    def __init__(self, smooth=1.0):\n        super().__init__()\n        self.smooth = smooth\n    def forward(self, y_pred, y_true):\n        p, t, s = y_pred.flatten(), y_true.flatten(), self.smooth\n        return 1.0 - ((2.0 * (p * t).sum() + s) / (p.sum() + t.sum() + s))\n",
    "masks of no size one": swap(LOSS, (FLAT, "        if y_true.ndim < y_pred.ndim:\n            y_true = y_true.unsqueeze(1)\n" + FLAT)),
}  # fmt: skip

NUMBER, FORMULA, GRADIENT, INTEGERS = (
    "is_one_number",
    "follows_the_formula",
    "is_differentiable",
    "welcomes_integer_masks",
)
WRONG = {
    "no sums": Wrong(swap(LOSS, (".sum()", "")), NUMBER, "has shape (105,); expected one number"),
    "one loss for each image": Wrong(swap(LOSS, ("reshape(-1)", "flatten(1)"), (".sum()", ".sum(1)")), NUMBER, "has shape (3,); expected one number"),
    "one loss for each column": Wrong(swap(LOSS, (FLAT, ""), (".sum()", ".sum(dim=(0, 1, 2))")), NUMBER, "has shape (7,)"),
    "a float": Wrong(swap(LOSS, (END, "return (1 - dice).item()")), NUMBER, "the loss is the float"),
    "a numpy number": Wrong(swap(LOSS, (END, "return (1 - dice).detach().numpy()")), NUMBER, "not a tensor"),
    "no return": Wrong(swap(LOSS, (END, "1 - dice")), NUMBER, "is a `return` missing?"),
    "loss and dice": Wrong(swap(LOSS, (END, "return 1 - dice, dice")), NUMBER, "a tuple of 2 items"),
    "minus dice": Wrong(swap(LOSS, (END, "return -dice")), NUMBER, "the Dice coefficient with a minus"),
    "parentheses missing around the numerator": Wrong(swap(LOSS, (DICE, "2 * both + self.smooth / (y_pred.sum() + y_true.sum() + self.smooth)")), NUMBER, "only `smooth` is divided"),
    "parentheses missing around the denominator": Wrong(swap(LOSS, (DICE, "(2 * both + self.smooth) / y_pred.sum() + y_true.sum() + self.smooth")), NUMBER, "missing around the denominator"),
    "parentheses missing everywhere": Wrong(swap(LOSS, (DICE, "2 * both + self.smooth / y_pred.sum() + y_true.sum() + self.smooth")), NUMBER, "Are parentheses missing"),
    "smooth added to the fraction": Wrong(swap(LOSS, (DICE, "2 * both / (y_pred.sum() + y_true.sum()) + self.smooth")), NUMBER, "added to the fraction"),
    "divided by the union": Wrong(swap(LOSS, ("y_true.sum() + self", "y_true.sum() - both + self")), FORMULA, "the denominator is the union"),
    "a sum over images": Wrong(swap(LOSS, ("reshape(-1)", "flatten(1)"), (".sum()", ".sum(1)"), (END, "return (1 - dice).sum()")), NUMBER, "This is a sum over images"),
    "no super().__init__": Wrong(swap(LOSS, ("super().__init__()\n", "pass\n")), NUMBER, "`super().__init__()` has to come first"),
    "not a module": Wrong(swap(LOSS, ("(nn.Module)", ""), ("        super().__init__()\n", "")), NUMBER, "it should be a `torch.nn.Module`"),
    "a function": Wrong("def DiceLoss(y_pred, y_true, smooth=1.0):\n    return 1 - (2 * (y_pred * y_true).sum() + smooth) / (y_pred.sum() + y_true.sum() + smooth)", NUMBER, "missing 2 required positional arguments"),
    "an instance": Wrong(LOSS + "\nDiceLoss = DiceLoss()", NUMBER, "is a finished module, not a class"),
    "forward misspelt": Wrong(swap(LOSS, ("def forward", "def foward")), NUMBER, "The class has no method named `forward`"),
    "smooth without self": Wrong(swap(LOSS, ("2 * both + self.smooth", "2 * both + smooth")), NUMBER, "name 'smooth' is not defined"),
    "smooth not kept": Wrong(swap(LOSS, ("self.smooth = smooth", "pass")), NUMBER, "has no attribute 'smooth'"),
    "logarithm of nothing": Wrong(swap(LOSS, (END, "return torch.log(-dice)")), NUMBER, "NaN"),
    "an object that pretends": Wrong("class Pretender:\n    __class__ = torch.Tensor\n    shape = ()\n    def __getattr__(self, name):\n        return lambda *a, **k: self\n" + swap(LOSS, (END, "return Pretender()")), NUMBER, "only pretends to be a tensor"),
    "dice itself": Wrong(swap(LOSS, (END, "return dice")), FORMULA, "This is the Dice coefficient itself"),
    "intersection once": Wrong(swap(LOSS, ("2 * both", "both")), FORMULA, "The intersection is not counted twice"),
    "IoU": Wrong(swap(LOSS, (DICE, "(both + self.smooth) / (y_pred.sum() + y_true.sum() - both + self.smooth)")), FORMULA, "This is the IoU (Jaccard) loss, not Dice"),
    "smooth below only": Wrong(swap(LOSS, ("2 * both + self.smooth", "2 * both")), FORMULA, "`smooth` is missing in the numerator"),
    "smooth above only": Wrong(swap(LOSS, ("y_true.sum() + self.smooth", "y_true.sum()")), FORMULA, "`smooth` is missing in the denominator"),
    "no smooth": Wrong(swap(LOSS, (" + self.smooth", "")), FORMULA, "`smooth` is not used"),
    "smooth doubled above": Wrong(swap(LOSS, ("2 * both + self.smooth", "2 * (both + self.smooth)")), FORMULA, "`smooth` is doubled together with the intersection"),
    "smooth twice below": Wrong(swap(LOSS, ("y_true.sum() + self.smooth", "y_true.sum() + 2 * self.smooth")), FORMULA, "`smooth` is counted twice in the denominator"),
    "smooth subtracted": Wrong(swap(LOSS, ("+ self.smooth", "- self.smooth")), FORMULA, "`smooth` is subtracted"),
    "smooth fixed": Wrong(swap(LOSS, ("+ self.smooth", "+ 1.0")), FORMULA, "`smooth` is a fixed 1"),
    "smooth ignored in __init__": Wrong(swap(LOSS, ("self.smooth = smooth", "self.smooth = 1.0")), FORMULA, "`smooth` is a fixed 1"),
    "smooth of 1e-6 by default": Wrong(swap(LOSS, ("smooth=1.0", "smooth=1e-6")), FORMULA, "`smooth` is 1 by default"),
    "smooth of 0 by default": Wrong(swap(LOSS, ("smooth=1.0", "smooth=0")), FORMULA, "`smooth` is 1 by default"),
    "a mean over images": Wrong(swap(LOSS, ("reshape(-1)", "flatten(1)"), (".sum()", ".sum(1)"), (END, "return (1 - dice).mean()")), FORMULA, "This is a mean over images"),
    "a mean over images and channels": Wrong(swap(LOSS, (FLAT, ""), (".sum()", ".sum((2, 3))"), (END, "return 1 - dice.mean()")), FORMULA, "This is a mean over images"),
    "a loop over images": Wrong(swap(LOSS, ("    def forward(self, y_pred, y_true):", "    def forward(self, y_pred, y_true):\n        return sum(self.one(p, t) for p, t in zip(y_pred, y_true)) / len(y_pred)\n\n    def one(self, y_pred, y_true):")), FORMULA, "This is a mean over images"),
    "only the first image": Wrong(swap(LOSS, ("reshape(-1)", "reshape(len(y_pred), -1)[0]") , ("y_true = y_true.reshape(len(y_pred), -1)[0]", "y_true = y_true.reshape(3, -1)[0]")), FORMULA, "Only the first image of the batch is used"),
    "means for sums": Wrong(swap(LOSS, (".sum()", ".mean()")), FORMULA, "Means take the place of the sums"),
    "predictions squared": Wrong(swap(LOSS, ("y_pred.sum() +", "(y_pred**2).sum() +")), FORMULA, "The predictions are squared in the denominator"),
    "a sigmoid inside": Wrong(swap(LOSS, ("y_pred.reshape(-1)", "torch.sigmoid(y_pred).reshape(-1)")), FORMULA, "A sigmoid is applied to what are probabilities already"),
    "predictions rounded": Wrong(swap(LOSS, ("y_pred.reshape(-1)", "y_pred.reshape(-1).round()")), FORMULA, "cut to 0 and 1 first"),
    "a threshold": Wrong(swap(LOSS, ("y_pred.reshape(-1)", "(y_pred.reshape(-1) > 0.5).float()")), FORMULA, "cut to 0 and 1 first"),
    "the background": Wrong(swap(LOSS, (FLAT, FLAT + "        y_pred, y_true = 1 - y_pred, 1 - y_true\n")), FORMULA, "the loss of the background"),
    "the logarithm": Wrong(swap(LOSS, (END, "return -torch.log(dice)")), FORMULA, "This is the logarithm of Dice"),
    "one minus only the fraction's half": Wrong(swap(LOSS, (END, "return (1 - dice) / 2")), FORMULA, "the loss with smooth=1 should be"),
    "squared": Wrong(swap(LOSS, (END, "return (1 - dice) ** 2")), FORMULA, "the loss with smooth=1 should be"),
    "binary cross-entropy": Wrong(swap(LOSS, (END, "return F.binary_cross_entropy(y_pred, y_true.float())")), FORMULA, "This is binary cross-entropy"),
    "mean squared error": Wrong(swap(LOSS, (END, "return F.mse_loss(y_pred, y_true.float())")), FORMULA, "This is the mean squared error"),
    "half cross-entropy, half dice": Wrong(swap(LOSS, (END, "return 0.5 * (1 - dice) + 0.5 * F.binary_cross_entropy(y_pred, y_true.float())")), FORMULA, "the loss with smooth=1 should be"),
    "intersection by the smaller": Wrong(swap(LOSS, (BOTH, "torch.minimum(y_pred, 1.0 - y_true).sum()")), FORMULA, "the loss with smooth=1 should be"),
    "prediction counted twice": Wrong(swap(LOSS, ("y_pred.sum() + y_true.sum()", "y_pred.sum() + y_pred.sum()")), FORMULA, "The predictions' sum is counted twice"),
    "masks counted twice": Wrong(swap(LOSS, ("y_pred.sum() + y_true.sum()", "2 * y_true.sum()")), FORMULA, "The masks' sum is counted twice"),
    "a constant": Wrong(swap(LOSS, (END, "return torch.tensor(0.5, requires_grad=True)")), FORMULA, "the loss with smooth=1 should be"),
    "a guess with the right range": Wrong(swap(LOSS, (END, "return (y_pred - y_true).abs().mean()")), FORMULA, "This is the mean absolute error"),
    "clamped at a tenth": Wrong(swap(LOSS, (END, "return (1 - dice).clamp(min=0.1)")), FORMULA, "the loss of a perfect prediction"),
    "zero for empty masks": Wrong(swap(LOSS, (END, "return (1 - dice) if y_true.sum() > 0 else torch.ones(())")), FORMULA, "where prediction and mask are both empty"),
    "a tensor that lies": Wrong("class Agreeable(torch.Tensor):\n    def __sub__(self, other):\n        return torch.zeros(1)\n    def __rsub__(self, other):\n        return torch.zeros(())\n    def item(self):\n        return 0.5\n" + swap(LOSS, (END, "return ((1 - dice) / 2).as_subclass(Agreeable)")), FORMULA, "the loss with smooth=1 should be"),
    "smooth cut to a whole number": Wrong(swap(LOSS, ("self.smooth = smooth", "self.smooth = int(smooth)")), FORMULA, "`smooth` is cut to a whole number"),
    "smooth of zero taken for none given": Wrong(swap(LOSS, ("self.smooth = smooth", "self.smooth = smooth or 1.0")), FORMULA, "the loss with smooth=0 should be"),
    "smooth in the class": Wrong(swap(LOSS, ("self.smooth = smooth", "DiceLoss.smooth = smooth")), FORMULA, "Is it in `self`?"),
    "total of the first masks kept": Wrong(swap(LOSS, ("        dice =", "        self.total = getattr(self, 'total', y_true.sum())\n        dice ="), ("y_true.sum() + self", "self.total + self")), FORMULA, "is something kept from one call to the next?"),
    "first channel only": Wrong(swap(LOSS, ("y_pred.reshape(-1)", "y_pred[:, 0].reshape(-1)"), ("y_true.reshape(-1)", "y_true[:, 0].reshape(-1)")), FORMULA, "Do all channels count"),
    "masks counted in eight bits": Wrong(swap(LOSS, ("y_true.sum()", "y_true.sum(dtype=torch.uint8)")), FORMULA, "have room for so many pixels"),
    "read in order of memory": Wrong(swap(LOSS, ("y_pred.reshape(-1)", "y_pred.as_strided((y_pred.numel(),), (1,))")), FORMULA, "that do not lie in memory in order"),
    "hard in evaluation mode": Wrong(swap(LOSS, ("y_pred.reshape(-1)", "(y_pred if self.training else y_pred.round()).reshape(-1)")), FORMULA, "the loss in evaluation mode"),
    "detached": Wrong(swap(LOSS, (END, "return (1 - dice).detach()")), GRADIENT, "is cut off"),
    "prediction detached": Wrong(swap(LOSS, ("y_pred.reshape(-1)", "y_pred.detach().reshape(-1)")), GRADIENT, "is cut off"),
    "prediction's data": Wrong(swap(LOSS, ("y_pred.reshape(-1)", "y_pred.data.reshape(-1)")), GRADIENT, "is cut off"),
    "a new tensor": Wrong(swap(LOSS, (END, "return torch.tensor(1 - dice.item(), requires_grad=True)")), GRADIENT, "lets no gradient through"),
    "no gradient": Wrong(swap(LOSS, ("    def forward", "    @torch.no_grad()\n    def forward")), GRADIENT, "is cut off"),
    "numpy inside": Wrong(swap(LOSS, (FLAT, "        y_pred, y_true = (torch.from_numpy(a.detach().numpy()) for a in (y_pred, y_true))\n" + FLAT)), GRADIENT, "is cut off"),
    "intersection detached": Wrong(swap(LOSS, (BOTH, "(y_pred.detach() * y_true).sum()")), GRADIENT, "but not its gradient"),
    "sum as an item": Wrong(swap(LOSS, ("y_pred.sum() +", "y_pred.sum().item() +")), GRADIENT, "but not its gradient"),
    "intersection as an item": Wrong(swap(LOSS, (BOTH, BOTH + ".item()")), GRADIENT, "but not its gradient"),
    "dot on integers": Wrong(swap(LOSS, (BOTH, "torch.dot(y_pred, y_true)")), INTEGERS, "raised RuntimeError"),
    "matrix product on integers": Wrong(swap(LOSS, (BOTH, "y_pred @ y_true")), INTEGERS, "raised RuntimeError"),
    "cross-entropy first": Wrong(swap(LOSS, (FLAT, FLAT + "        F.binary_cross_entropy(y_pred, y_true)\n")), INTEGERS, "raised RuntimeError"),
    "minus on booleans": Wrong(swap(LOSS, (BOTH, "y_pred.sum() - (y_pred * (1 - y_true)).sum()")), INTEGERS, "Subtraction, the `-` operator, with a bool tensor"),
    "integers refused": Wrong(swap(LOSS, (FLAT, FLAT + "        assert y_true.is_floating_point()\n")), INTEGERS, "AssertionError"),
    "sum in eight bits": Wrong(swap(LOSS, ("y_true.sum()", "y_true.sum(dtype=y_true.dtype)")), INTEGERS, "the loss with bool masks"),
    "predictions cast to the masks' type": Wrong(swap(LOSS, ("y_pred.reshape(-1)", "y_pred.to(y_true.dtype).reshape(-1)")), INTEGERS, "the loss with int64 masks"),
    "input changed": Wrong(swap(LOSS, (FLAT, "        y_pred = y_pred if y_pred.requires_grad else y_pred.mul_(0.99999)\n" + FLAT)), INTEGERS, "changes its inputs in place"),
    "masks changed": Wrong(swap(LOSS, (END, "if not y_true.is_floating_point():\n            y_true.zero_()\n        " + END)), INTEGERS, "changes its inputs in place"),
    "memory overwritten before the way back": Wrong(
        swap(LOSS, (BOTH, "(root * root * y_true).sum()"), ("        both =", "        root = y_pred.sqrt()\n        both ="), (END, "root.data.zero_()\n        root.zero_()\n        return 1 - dice")),
        GRADIENT,
        "Going backward through the loss fails",
    ),
    "nothing to find": Wrong(swap(LOSS, (FLAT, FLAT + "        if not y_true.any():\n            return 0 * y_pred.sum()\n")), FORMULA, "the loss where no mask marks anything"),
    "empty masks left out": Wrong(swap(LOSS, (FLAT, "        found = [each.any() for each in y_true]\n        if any(found):\n            y_pred, y_true = (torch.stack([each for each, keep in zip(all, found) if keep]) for all in (y_pred, y_true))\n" + FLAT)), FORMULA, "the loss of a batch with one empty mask"),
}  # fmt: skip

ADVISED = {
    "view": Wrong(swap(LOSS, ("reshape(-1)", "view(-1)")), "welcomes_any_memory_layout", "`view` fails on tensors"),
}
