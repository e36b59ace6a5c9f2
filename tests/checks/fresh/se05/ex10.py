"""Exercise 10: 30 answers from the exercise text."""

from tests.checks.fresh import edit

BASE = """
class DiceLoss(nn.Module):
    def __init__(self, smooth=1.0):
        super().__init__()
        self.smooth = smooth

    def forward(self, y_pred, y_true):
        y_pred = y_pred.reshape(-1)
        y_true = y_true.reshape(-1).float()
        intersection = (y_pred * y_true).sum()
        dice = (2.0 * intersection + self.smooth) / (y_pred.sum() + y_true.sum() + self.smooth)
        return 1 - dice
"""
PRED = "y_pred.reshape(-1)"
TRUE = "y_true.reshape(-1).float()"
INTER = "(y_pred * y_true).sum()"
DICE = "(2.0 * intersection + self.smooth) / (y_pred.sum() + y_true.sum() + self.smooth)"

RIGHT = [
    ("reshape", BASE),
    (
        "contiguous_view",
        edit(BASE, (PRED, "y_pred.contiguous().view(-1)"), (TRUE, "y_true.contiguous().view(-1).type_as(y_pred)")),
    ),
    ("flatten", edit(BASE, (PRED, "torch.flatten(y_pred)"), (TRUE, "torch.flatten(y_true)"))),
    ("dot", edit(BASE, (PRED, "y_pred.flatten().float()"), (INTER, "torch.dot(y_pred, y_true)"))),
    (
        "view_as_prediction",
        edit(BASE, (f"        y_pred = {PRED}\n", ""), (TRUE, "y_true.reshape(y_pred.shape).to(y_pred.dtype)")),
    ),
    (
        "errors_counted",
        edit(
            BASE,
            (
                DICE,
                "(2 * intersection + self.smooth) / (\n"
                "            2 * intersection + (y_pred * (1 - y_true)).sum() + ((1 - y_pred) * y_true).sum() + self.smooth)",
            ),
        ),
    ),
    (
        "numerator_over_denominator",
        edit(
            BASE,
            ("return 1 - dice", "return 1.0 - dice"),
            (
                DICE,
                "torch.div(torch.add(2 * intersection, self.smooth),\n"
                "                         torch.add(torch.sum(y_pred) + torch.sum(y_true), self.smooth))",
            ),
        ),
    ),
    ("clamped", edit(BASE, (PRED, "y_pred.reshape(-1).clamp(1e-7, 1 - 1e-7)"))),
    (
        "helper",
        edit(
            BASE,
            (
                "    def forward",
                "    @staticmethod\n    def overlap(a, b):\n        return torch.einsum('i,i->', a, b)\n\n    def forward",
            ),
            (INTER, "self.overlap(y_pred.float(), y_true)"),
        ),
    ),
    (
        "one_fraction",
        edit(
            BASE,
            (
                f"        dice = {DICE}\n        return 1 - dice",
                "        total = y_pred.sum() + y_true.sum()\n        return (total - 2 * intersection) / (total + self.smooth)",
            ),
        ),
    ),
    ("buffer", edit(BASE, ("self.smooth = smooth", 'self.register_buffer("smooth", torch.tensor(float(smooth)))'))),
    (
        "super_old_and_ravel",
        edit(
            BASE,
            ("super()", "super(DiceLoss, self)"),
            (PRED, "y_pred.ravel()"),
            (TRUE, "y_true.ravel().to(torch.float32)"),
        ),
    ),
    # First labelled wrong, for `view` stops at non-contiguous inputs, which the exercise welcomes. But the text lists
    # `view` by name among what gets a yes.
    # First labelled wrong for want of a flatten; sums over tensors of equal shape are the same with and without it.
    ("not_flattened", edit(BASE, (f"        y_pred = {PRED}\n", ""), (TRUE, "y_true.float()"))),
    ("view", edit(BASE, (PRED, "y_pred.view(-1)"), (TRUE, "y_true.view(-1).float()"))),
]
WRONG = [
    (
        "averaged_over_images",
        edit(
            BASE,
            (PRED, "y_pred.flatten(1)"),
            (TRUE, "y_true.flatten(1).float()"),
            (".sum()", ".sum(1)"),
            ("1 - dice", "1 - dice.mean()"),
        ),
    ),
    (
        "one_number_per_image",
        edit(BASE, (PRED, "y_pred.flatten(1)"), (TRUE, "y_true.flatten(1).float()"), (".sum()", ".sum(1)")),
    ),
    ("score_instead_of_loss", edit(BASE, ("1 - dice", "dice"))),
    ("negative_score", edit(BASE, ("1 - dice", "-dice"))),
    ("two_forgotten", edit(BASE, ("2.0 * intersection", "intersection"))),
    (
        "jaccard",
        edit(BASE, (DICE, "(intersection + self.smooth) / (y_pred.sum() + y_true.sum() - intersection + self.smooth)")),
    ),
    (
        "squares_below",
        edit(
            BASE,
            (DICE, DICE.replace("y_pred.sum()", "(y_pred ** 2).sum()").replace("y_true.sum()", "(y_true ** 2).sum()")),
        ),
    ),
    ("no_smoothing", edit(BASE, (" + self.smooth", ""))),
    ("smooth_typed_in", edit(BASE, (" + self.smooth", " + 1.0"))),
    ("smooth_only_below", edit(BASE, ("(2.0 * intersection + self.smooth)", "(2.0 * intersection)"))),
    ("smooth_only_above", edit(BASE, ("y_true.sum() + self.smooth", "y_true.sum()"))),
    ("smooth_doubled_below", edit(BASE, ("y_true.sum() + self.smooth", "y_true.sum() + 2 * self.smooth"))),
    ("other_default", edit(BASE, ("smooth=1.0", "smooth=1e-6"))),
    ("thresholded", edit(BASE, (PRED, "(y_pred.reshape(-1) > 0.5).float()"))),
    (
        "thresholded_with_gradient_attached",
        edit(BASE, (PRED, "y_pred.reshape(-1)\n        y_pred = y_pred + ((y_pred > 0.5).float() - y_pred).detach()")),
    ),
    ("sigmoid_again", edit(BASE, (PRED, "torch.sigmoid(y_pred.reshape(-1))"))),
    ("detached", edit(BASE, (PRED, "y_pred.detach().reshape(-1)"))),
    ("plain_number", edit(BASE, ("1 - dice", "1 - dice.item()"))),
    ("fresh_tensor", edit(BASE, ("1 - dice", "torch.tensor(1 - dice.item(), requires_grad=True)"))),
    ("means_for_sums", edit(BASE, (".sum()", ".mean()"))),
    ("masks_forgotten_below", edit(BASE, ("y_pred.sum() + y_true.sum()", "2 * y_pred.sum()"))),
    ("with_cross_entropy", edit(BASE, ("1 - dice", "1 - dice + F.binary_cross_entropy(y_pred.clamp(0, 1), y_true)"))),
    ("logarithm", edit(BASE, ("1 - dice", "-torch.log(dice)"))),
    ("prediction_as_integer", edit(BASE, (PRED, "y_pred.reshape(-1).long()"))),
    ("absolute_error", edit(BASE, ("1 - dice", "(y_pred - y_true).abs().mean()"))),
]
ANSWERS = [(n, c, True) for n, c in RIGHT] + [(n, c, False) for n, c in WRONG]
