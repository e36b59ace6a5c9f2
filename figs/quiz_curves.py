"""Loss curves of two trainings on the same few images; used in quizzes/SE06.json."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figs.blocks import Box, label, line, panel
from figs.style import FROZEN, MUTED, NEW, blank

__all__ = ["VALIDATION", "draw"]

EPOCHS = 10
TRAINING = {
    "A": (0.69, 0.58, 0.47, 0.36, 0.26, 0.18, 0.12, 0.08, 0.05, 0.03),
    "B": (0.69, 0.62, 0.57, 0.53, 0.50, 0.48, 0.46, 0.45, 0.44, 0.43),
}
VALIDATION = {
    "A": (0.69, 0.60, 0.54, 0.51, 0.53, 0.57, 0.62, 0.68, 0.74, 0.79),
    "B": (0.69, 0.63, 0.59, 0.55, 0.53, 0.51, 0.50, 0.49, 0.48, 0.48),
}
HIGHEST = 0.85


def draw() -> Figure:
    """Draw the two trainings side by side."""
    figure, axes = blank(300)
    for name, left in (("A", 62), ("B", 492)):
        box = Box(left, 44, left + 350, 244)
        panel(axes, box, radius=4)
        label(axes, (box.centre[0], 24), f"Training {name}", size="strong", bold=True)
        label(axes, (box.centre[0], 278), "epoch", size="small", colour=MUTED)
        label(axes, (left - 30, 144), "loss", size="small", colour=MUTED)
        _curve(axes, box, TRAINING[name], FROZEN.edge, dashed=False)
        _curve(axes, box, VALIDATION[name], NEW.edge, dashed=True)
        for epoch in (1, 5, 10):
            label(axes, (_across(box, epoch - 1), 258), str(epoch), size="small", colour=MUTED)
    for text, x, tone, dashed in (("training images", 330, FROZEN, False), ("validation images", 480, NEW, True)):
        line(axes, [(x, 278), (x + 26, 278)], colour=tone.edge, width=2.2, dashed=dashed)
        label(axes, (x + 34, 278), text, size="small", colour=tone.text, align="left")
    return figure


def _curve(axes: Axes, box: Box, losses: tuple[float, ...], colour: str, *, dashed: bool) -> None:
    """Draw one curve from epoch 1 to 10."""
    points = [
        (_across(box, epoch), box.bottom - loss / HIGHEST * (box.bottom - box.top)) for epoch, loss in enumerate(losses)
    ]
    line(axes, points, colour=colour, width=2.2, dashed=dashed)


def _across(box: Box, epoch: int) -> float:
    return box.left + 16 + epoch / (EPOCHS - 1) * (box.right - box.left - 32)
