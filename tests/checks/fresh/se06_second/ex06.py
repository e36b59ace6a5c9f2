"""Exercise 6: answers from the exercise text, by a second reader."""

from tests.checks.fresh import edit

TERSE = """
def train_step(model, images, labels, criterion, optimiser, scheduler, max_norm=1.0):
    model.train().zero_grad()
    (loss := criterion(model(images), labels)).backward()
    nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimiser.step(), scheduler.step()
    return loss.item()
"""

VERBOSE = '''
import logging
from collections.abc import Callable

log = logging.getLogger("training")
log.addHandler(logging.NullHandler())


def _clear_gradients(model: nn.Module, optimiser: torch.optim.Optimizer) -> None:
    """Forget the gradients of earlier steps, the optimiser's and the model's."""
    optimiser.zero_grad(set_to_none=True)
    for parameter in model.parameters():
        parameter.grad = None


def _forward(model: nn.Module, images: torch.Tensor, labels: torch.Tensor, criterion: Callable) -> torch.Tensor:
    """Compute the batch's loss."""
    scores = model(images)
    loss = criterion(scores, labels)
    assert loss.dim() == 0, "the criterion has to reduce to one number"
    return loss


def _clip(model: nn.Module, max_norm: float) -> float:
    """Cut the gradients' norm over all parameters; return what it was."""
    with_gradient = [parameter for parameter in model.parameters() if parameter.grad is not None]
    norm = torch.nn.utils.clip_grad_norm_(with_gradient, max_norm=max_norm, norm_type=2.0)
    return float(norm)


def train_step(
    model: nn.Module,
    images: torch.Tensor,
    labels: torch.Tensor,
    criterion: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
    optimiser: torch.optim.Optimizer,
    scheduler: torch.optim.lr_scheduler.LRScheduler,
    max_norm: float = 1.0,
    *,
    verbose: bool = False,
) -> float:
    """Train on one batch.

    Args:
        model: the network, on the same device as the batch.
        images: the batch.
        labels: what the criterion compares the scores with.
        criterion: called with scores and labels.
        optimiser: makes one step.
        scheduler: makes one step after it.
        max_norm: limit of the gradients' norm.
        verbose: whether to log loss and norm.

    Returns:
        The loss before the update.
    """
    model.train()
    _clear_gradients(model, optimiser)
    loss = _forward(model, images, labels, criterion)
    value = float(loss.detach().cpu())
    loss.backward()
    norm = _clip(model, max_norm)
    optimiser.step()
    scheduler.step()
    if verbose:
        log.info("loss %.4f, norm %.3f", value, norm)
    return value
'''

BY_HAND = """
def train_step(model, images, labels, criterion, optimiser, scheduler, max_norm=1.0):
    model.train()
    for p in model.parameters():
        p.grad = None
    loss = criterion(model(images), labels)
    loss.backward()
    grads = [p.grad for p in model.parameters() if p.grad is not None]
    with torch.no_grad():
        total = torch.stack([g.norm() for g in grads]).norm()
        factor = max_norm / (total + 1e-6)
        if factor < 1:
            for g in grads:
                g *= factor
    optimiser.step()
    scheduler.step()
    return float(loss)
"""

CLOSURE = """
def train_step(model, images, labels, criterion, optimiser, scheduler, max_norm=1.0):
    def closure():
        optimiser.zero_grad()
        loss = criterion(model(images), labels)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(list(model.parameters()), max_norm)
        return loss

    model.train()
    loss = optimiser.step(closure)
    scheduler.step()
    return loss.item()
"""

CLASSY = '''
from contextlib import contextmanager
from dataclasses import dataclass, field


@contextmanager
def training(model):
    """Train in here; every module gets its own mode back afterwards."""
    modes = {module: module.training for module in model.modules()}
    model.train()
    try:
        yield model
    finally:
        for module, mode in modes.items():
            module.training = mode


@dataclass
class Step:
    """One step of training, taken apart."""

    model: nn.Module
    optimiser: torch.optim.Optimizer
    scheduler: object
    max_norm: float
    history: list = field(default_factory=list)

    def backward(self, images, labels, criterion):
        """Compute loss and gradients."""
        self.optimiser.zero_grad()
        loss = criterion(self.model(images), labels)
        loss.backward()
        self.history.append(loss.item())

    def update(self):
        """Clip, then step, then schedule."""
        nn.utils.clip_grad_norm_((p for p in self.model.parameters()), self.max_norm)
        self.optimiser.step()
        self.scheduler.step()


def train_step(model, images, labels, criterion, optimiser, scheduler, max_norm=1.0):
    with training(model):
        step = Step(model, optimiser, scheduler, max_norm)
        step.backward(images, labels, criterion)
        step.update()
    return step.history[-1]
'''

PARAMS = """
def train_step(model, images, labels, criterion, optimiser, scheduler, max_norm=1.0):
    params = list(model.parameters())
    model.train()
    for p in params:
        p.grad = None
    loss = criterion(model(images), labels)
    loss.backward()
    nn.utils.clip_grad_norm_(params, max_norm)
    optimiser.step()
    scheduler.step()
    return loss.item()
"""

ANSWERS = [
    ("walrus-and-chained", TERSE, True),
    ("verbose-helpers", VERBOSE, True),
    ("clipped-by-hand", BY_HAND, True),
    ("optimiser-with-a-closure", CLOSURE, True),
    ("context-manager-gives-the-modes-back", CLASSY, True),
    ("list-of-parameters", PARAMS, True),
    (
        "norm-of-one-long-vector",
        """
@torch.enable_grad()
def train_step(model, images, labels, criterion, optimiser, scheduler, max_norm=1.0):
    model.train(True)
    optimiser.zero_grad(set_to_none=False)
    scores = model(images)
    loss = criterion(scores, labels)
    result = loss.detach().clone()
    loss.backward()
    gradients = [p.grad for p in model.parameters() if p.grad is not None]
    norm = torch.cat([g.flatten() for g in gradients]).norm()
    torch._foreach_mul_(gradients, float((max_norm / norm.clamp(min=1e-12)).clamp(max=1)))
    optimiser.step()
    scheduler.step()
    return result.tolist()
""",
        True,
    ),
    (
        "table-of-actions-in-order",
        '''
from functools import partial


def train_step(model, images, labels, criterion, optimiser, scheduler, max_norm=1.0):
    """Go through the table of the notebook, line by line."""
    memory: dict[str, torch.Tensor] = {}

    def forward() -> None:
        memory["scores"] = model(images)
        memory["loss"] = criterion(memory["scores"], labels)

    def backward() -> None:
        memory["loss"].backward()

    table = (
        ("training mode", model.train),
        ("clear", optimiser.zero_grad),
        ("forward", forward),
        ("backward", backward),
        ("clip", partial(nn.utils.clip_grad_norm_, list(model.parameters()), max_norm)),
        ("optimiser", optimiser.step),
        ("scheduler", scheduler.step),
    )
    for description, action in table:
        action()
        assert description
    return float(memory["loss"].item())
''',
        True,
    ),
    (
        "total-norm-then-clip-with-it",
        """
def train_step(model, images, labels, criterion, optimiser, scheduler, max_norm=1.0):
    model.train()
    optimiser.zero_grad()
    loss = criterion(model(images), labels)
    loss.backward()
    ps = [p for p in model.parameters() if p.requires_grad]
    total = nn.utils.get_total_norm([p.grad for p in ps if p.grad is not None])
    nn.utils.clip_grads_with_norm_(ps, max_norm, total)
    optimiser.step()
    scheduler.step()
    return loss.item()
""",
        True,
    ),
    (
        "verbose-checks-and-a-norm-in-double-precision",
        '''
import math


def train_step(model, images, labels, criterion, optimiser, scheduler, max_norm=1.0):
    """One step; everything in the order of the table, with checks in between."""
    if max_norm <= 0:
        raise ValueError("max_norm must be positive")
    assert len(images) == len(labels), "as many labels as images"
    was_training = model.training
    if not was_training or any(not module.training for module in model.modules()):
        model.train()
    for group in optimiser.param_groups:
        for parameter in group["params"]:
            if parameter.grad is not None:
                parameter.grad.detach_()
                parameter.grad.zero_()
    loss = criterion(model(images), labels)
    before_update = loss.item()
    if not math.isfinite(before_update):
        raise FloatingPointError(f"the loss is {before_update}")
    loss.backward()
    total_squared = 0.0
    for parameter in model.parameters():
        if parameter.grad is not None:
            total_squared += parameter.grad.detach().double().pow(2).sum().item()
    total = math.sqrt(total_squared)
    if total > max_norm:
        scale = max_norm / total
        for parameter in model.parameters():
            if parameter.grad is not None:
                parameter.grad.mul_(scale)
    optimiser.step()
    scheduler.step()
    return before_update
''',
        True,
    ),
    # wrong
    ("generator-used-up-before-the-clipping", edit(PARAMS, ("list(model.parameters())", "model.parameters()")), False),
    ("flag-set-on-the-top-only", edit(PARAMS, ("    model.train()\n", "    model.training = True\n")), False),
    (
        "mode-set-on-the-children-only",
        edit(PARAMS, ("    model.train()\n", "    for part in model.children():\n        part.train()\n")),
        False,
    ),
    (
        "mode-set-in-the-first-step-only",
        edit(
            VERBOSE,
            (
                "    model.train()\n",
                '    if not hasattr(train_step, "begun"):\n        model.train()\n        train_step.begun = True\n',
            ),
        ),
        False,
    ),
    (
        "norms-kept-still",
        edit(
            VERBOSE,
            (
                "    model.train()\n",
                "    model.train()\n    for module in model.modules():\n        if isinstance(module, nn.modules.batchnorm._BatchNorm):\n            module.eval()\n",
            ),
        ),
        False,
    ),
    (
        "mode-given-back-before-the-forward",
        edit(
            CLASSY,
            (
                "        step.backward(images",
                "        pass\n    with torch.enable_grad():\n        step.backward(images",
            ),
        ),
        False,
    ),
    (
        "gradients-cleared-at-the-end",
        edit(
            BY_HAND,
            ("    for p in model.parameters():\n        p.grad = None\n    loss =", "    loss ="),
            ("    return float", "    optimiser.zero_grad()\n    return float"),
        ),
        False,
    ),
    (
        "cleared-for-weights-only",
        edit(
            BY_HAND,
            ("        p.grad = None", "        if p.grad is not None and p.dim() > 1:\n            p.grad = None"),
        ),
        False,
    ),
    (
        "each-group-clipped-by-itself",
        edit(
            CLOSURE,
            (
                "        torch.nn.utils.clip_grad_norm_(list(model.parameters()), max_norm)",
                "        for group in optimiser.param_groups:\n            torch.nn.utils.clip_grad_norm_(group['params'], max_norm)",
            ),
        ),
        False,
    ),
    (
        "first-group-clipped-only",
        edit(CLOSURE, ("list(model.parameters()), max_norm", "optimiser.param_groups[0]['params'], max_norm")),
        False,
    ),
    (
        "small-gradients-blown-up",
        edit(
            BY_HAND,
            (
                "        if factor < 1:\n            for g in grads:\n                g *= factor",
                "        for g in grads:\n            g *= factor",
            ),
        ),
        False,
    ),
    (
        "sum-of-norms",
        edit(BY_HAND, ("torch.stack([g.norm() for g in grads]).norm()", "sum(g.norm() for g in grads)")),
        False,
    ),
    (
        "square-root-forgotten",
        edit(BY_HAND, ("torch.stack([g.norm() for g in grads]).norm()", "sum(g.square().sum() for g in grads)")),
        False,
    ),
    ("largest-entry-for-norm", edit(VERBOSE, ("norm_type=2.0", 'norm_type=float("inf")')), False),
    (
        "weights-clipped-but-not-biases",
        edit(VERBOSE, ("if parameter.grad is not None]", "if parameter.grad is not None and parameter.dim() > 1]")),
        False,
    ),
    (
        "limit-fixed-behind-a-partial",
        edit(PARAMS, ("nn.utils.clip_grad_norm_(params, max_norm)", "nn.utils.clip_grad_norm_(params, 1.0)")),
        False,
    ),
    ("clipped-in-a-copy", edit(BY_HAND, ("grads = [p.grad for", "grads = [p.grad.clone() for")), False),
    (
        "large-gradients-thrown-away",
        edit(VERBOSE, ("    optimiser.step()\n", "    if norm <= max_norm:\n        optimiser.step()\n")),
        False,
    ),
    ("loss-rounded", edit(CLASSY, ("loss.item())", "round(loss.item(), 3))")), False),
    (
        "loss-summed-over-the-batch",
        edit(CLASSY, ("return step.history[-1]", "return step.history[-1] * len(images)")),
        False,
    ),
    (
        "history-shared-between-steps",
        edit(
            CLASSY,
            ("    history: list = field(default_factory=list)\n", ""),
            ("    model: nn.Module\n", "    history = []\n    model: nn.Module\n"),
            ("return step.history[-1]", "return sum(step.history) / len(step.history)"),
        ),
        False,
    ),
    ("loss-as-a-numpy-scalar", edit(TERSE, ("loss.item()", "loss.detach().numpy()[()]")), False),
    ("scores-squeezed", edit(PARAMS, ("model(images), labels", "model(images).squeeze(), labels")), False),
    (
        "cross-entropy-by-itself",
        edit(CLOSURE, ("criterion(model(images), labels)", "F.cross_entropy(model(images), labels)")),
        False,
    ),
    ("scheduler-given-the-loss", edit(PARAMS, ("scheduler.step()", "scheduler.step(loss.item())")), False),
    (
        "scheduler-inside-the-closure",
        edit(
            CLOSURE,
            ("        return loss\n", "        scheduler.step()\n        return loss\n"),
            ("    scheduler.step()\n    return loss.item()", "    return loss.item()"),
        ),
        False,
    ),
    (
        "scheduler-from-the-second-step-on",
        edit(
            VERBOSE,
            (
                "    scheduler.step()\n",
                "    if optimiser.__dict__.setdefault('begun', False):\n        scheduler.step()\n    optimiser.begun = True\n",
            ),
        ),
        False,
    ),
    (
        "gradients-before-and-in-the-closure",
        edit(CLOSURE, ("    model.train()\n", "    model.train()\n    closure()\n")),
        False,
    ),
    (
        "penalty-added-to-the-loss",
        edit(PARAMS, ("labels)\n", "labels) + 1e-3 * sum(p.square().sum() for p in params)\n")),
        False,
    ),
    (
        "images-standardised-in-place",
        edit(
            PARAMS,
            ("    model.train()\n", "    model.train()\n    images.sub_(images.mean()).div_(images.std() + 1e-6)\n"),
        ),
        False,
    ),
    ("limit-squared", edit(PARAMS, ("(params, max_norm)", "(params, max_norm**2)")), False),
    (
        "loss-measured-in-evaluation-first",
        edit(
            CLASSY,
            (
                "        loss.backward()\n        self.history.append(loss.item())",
                "        loss.backward()\n        with torch.no_grad():\n            self.history.append(criterion(self.model.eval()(images), labels).item())\n        self.model.train()",
            ),
        ),
        False,
    ),
    (
        "criterion-asked-twice",
        edit(
            PARAMS,
            (
                "    loss = criterion(model(images), labels)\n    loss.backward()\n",
                "    scores = model(images)\n    criterion(scores, labels).backward()\n    loss = criterion(scores.detach(), labels)\n",
            ),
        ),
        False,
    ),
    (
        "forward-called-by-its-name",
        """
def train_step(model, images, labels, criterion, optimiser, scheduler, max_norm=1.0):
    for module in model.modules():
        module.training = True
    optimiser.zero_grad()
    loss = criterion(model.forward(images), labels)
    torch.autograd.backward(loss)
    nn.utils.clip_grad_norm_(parameters=model.parameters(), max_norm=max_norm, foreach=False)
    optimiser.step()
    scheduler.step()
    optimiser.zero_grad()
    return loss.detach().item()
""",
        True,
    ),
    (
        "gradients-asked-for-and-put-in-place",
        """
def train_step(model, images, labels, criterion, optimiser, scheduler, max_norm=1.0):
    model.train()
    params = [p for p in model.parameters() if p.requires_grad]
    loss = criterion(model(images), labels)
    grads = torch.autograd.grad(loss, params, allow_unused=True)
    norm = sum(g.pow(2).sum() for g in grads if g is not None).sqrt()
    scale = min(1.0, max_norm / (norm.item() + 1e-12))
    for p, g in zip(params, grads):
        p.grad = None if g is None else g * scale
    optimiser.step()
    scheduler.step()
    return loss.item()
""",
        True,
    ),
    (
        "callable-instance-that-counts",
        """
class Stepper:
    def __init__(self):
        self.count = 0

    def __call__(self, model, images, labels, criterion, optimiser, scheduler, max_norm=1.0):
        self.count += 1
        with torch.set_grad_enabled(True):
            loss = self._loss(model.train(), images, labels, criterion, optimiser)
            loss.backward()
        nn.utils.clip_grad_norm_([*model.parameters()], max_norm)
        for worker in (optimiser, scheduler):
            worker.step()
        return float(loss.detach())

    @staticmethod
    def _loss(model, images, labels, criterion, optimiser):
        optimiser.zero_grad()
        return criterion(model(images), labels)


train_step = Stepper()
""",
        True,
    ),
]
