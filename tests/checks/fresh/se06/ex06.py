"""Exercise 6: answers from the exercise text alone."""

from tests.checks.fresh import edit

BASE = """
def train_step(model, images, labels, criterion, optimiser, scheduler, max_norm=1.0):
    model.train()
    optimiser.zero_grad()
    scores = model(images)
    loss = criterion(scores, labels)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimiser.step()
    scheduler.step()
    return loss.item()
"""

CLIP = "    nn.utils.clip_grad_norm_(model.parameters(), max_norm)\n"
ZERO = "    optimiser.zero_grad()\n"

BY_HAND = edit(
    BASE,
    (
        CLIP,
        "    grads = [p.grad for p in model.parameters() if p.grad is not None]\n"
        "    norm = torch.sqrt(sum((g**2).sum() for g in grads))\n"
        "    if norm > max_norm:\n"
        "        for g in grads:\n"
        "            g.mul_(max_norm / (norm + 1e-6))\n",
    ),
)

ANSWERS = [
    ("plain", BASE, True),
    ("clipped-by-hand", BY_HAND, True),
    (
        "gradients-set-to-none-by-hand",
        edit(
            BASE,
            (ZERO, "    for p in model.parameters():\n        p.grad = None\n"),
            ("return loss.item()", "return float(loss)"),
        ),
        True,
    ),
    (
        "restores-the-mode",
        """
def train_step(model, images, labels, criterion, optimiser, scheduler, max_norm=1.0):
    before = model.training
    model.train(True)
    try:
        optimiser.zero_grad(set_to_none=False)
        loss = criterion(model(images), labels)
        value = loss.detach().cpu().item()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm=max_norm, norm_type=2.0)
        optimiser.step()
        scheduler.step()
    finally:
        model.train(before)
    return value
""",
        True,
    ),
    (
        "gradients-cleared-before-and-after",
        edit(BASE, ("    scheduler.step()\n", "    scheduler.step()\n    optimiser.zero_grad()\n")),
        True,
    ),
    (
        "model-zero-grad-late",
        """
def train_step(model, images, labels, criterion, optimiser, scheduler, max_norm=1.0):
    if not model.training:
        model.train()
    prediction = model(images)
    loss = criterion(prediction, labels)
    model.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_([p for p in model.parameters() if p.requires_grad], max_norm)
    optimiser.step()
    scheduler.step()
    return loss.tolist()
""",
        True,
    ),
    (
        "over-the-groups-of-the-optimiser",
        """
from itertools import chain


def train_step(model: nn.Module, images: torch.Tensor, labels: torch.Tensor, criterion, optimiser, scheduler,
               max_norm: float = 1.0) -> float:
    \"\"\"Train on one batch.\"\"\"
    parameters = list(chain.from_iterable(group["params"] for group in optimiser.param_groups))
    with torch.enable_grad():
        model.train()
        optimiser.zero_grad()
        (loss := criterion(model(images), labels)).backward()
    nn.utils.clip_grad_norm_(parameters, max_norm, foreach=False)
    optimiser.step()
    scheduler.step()
    return float(loss.detach().numpy())
""",
        True,
    ),
    (
        "total-norm-and-clip-apart",
        """
def _limit(parameters, limit):
    with_grad = [p for p in parameters if p.grad is not None]
    total = nn.utils.get_total_norm([p.grad for p in with_grad])
    nn.utils.clip_grads_with_norm_(with_grad, limit, total)


def train_step(model, images, labels, criterion, optimiser, scheduler, max_norm=1.0, scaler=None):
    for module in model.modules():
        module.training = True
    optimiser.zero_grad()
    loss = criterion(model(images), labels)
    torch.autograd.backward(loss)
    _limit(model.parameters(), max_norm)
    optimiser.step()
    scheduler.step()
    return loss.item()
""",
        True,
    ),
    (
        "norm-of-norms-and-a-factor",
        edit(
            BASE,
            (
                CLIP,
                """    with torch.no_grad():
        live = [p for p in model.parameters() if p.grad is not None]
        total = torch.linalg.vector_norm(torch.stack([p.grad.norm() for p in live]))
        factor = (max_norm / total.clamp(min=1e-12)).clamp(max=1.0)
        for p in live:
            p.grad = p.grad * factor
""",
            ),
        ),
        True,
    ),
    (
        "helpers",
        """
def _backward(model, images, labels, criterion):
    loss = criterion(model(images), labels)
    loss.backward()
    return loss.item()


def _update(model, optimiser, scheduler, max_norm):
    nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    for thing in (optimiser, scheduler):
        thing.step()


def train_step(model, images, labels, criterion, optimiser, scheduler, max_norm=1.0):
    model.train()
    model.zero_grad(set_to_none=True)
    loss = _backward(model, images, labels, criterion)
    _update(model, optimiser, scheduler, max_norm)
    return loss
""",
        True,
    ),
    (
        "enabled-gradients-decorator",
        edit(
            BASE,
            ("\ndef train_step", "\n@torch.enable_grad()\ndef train_step"),
            (
                "    scores = model(images)\n    loss = criterion(scores, labels)\n",
                "    with torch.set_grad_enabled(True):\n        outputs = model.forward(images)\n"
                "        loss = criterion(outputs, labels)\n",
            ),
        ),
        True,
    ),
    (
        "frozen-parameters-skipped-flat-vector",
        edit(
            BASE,
            (
                CLIP,
                """    params = [p for p in model.parameters() if p.grad is not None]
    flat = torch.cat([p.grad.flatten() for p in params])
    if (norm := flat.norm().item()) > max_norm:
        torch._foreach_mul_([p.grad for p in params], max_norm / norm)
""",
            ),
        ),
        True,
    ),
    ("no-training-mode", edit(BASE, ("    model.train()\n", "")), False),
    ("evaluation-mode", edit(BASE, ("model.train()", "model.eval()")), False),
    ("training-flag-of-the-top-only", edit(BASE, ("model.train()", "model.training = True")), False),
    (
        "training-mode-after-the-forward",
        edit(BASE, ("    model.train()\n", ""), ("    loss.backward()", "    model.train()\n    loss.backward()")),
        False,
    ),
    (
        "norms-in-evaluation-mode",
        edit(
            BASE,
            (
                "    model.train()\n",
                "    model.train()\n    for m in model.modules():\n        if isinstance(m, nn.BatchNorm2d | nn.BatchNorm1d):\n"
                "            m.eval()\n",
            ),
        ),
        False,
    ),
    (
        "dropout-in-evaluation-mode",
        edit(
            BASE,
            (
                "    model.train()\n",
                "    model.train()\n    for m in model.modules():\n        if isinstance(m, nn.Dropout):\n            m.eval()\n",
            ),
        ),
        False,
    ),
    ("gradients-never-cleared", edit(BASE, (ZERO, "")), False),
    (
        "gradients-cleared-after-backward",
        edit(BASE, (ZERO, ""), ("    loss.backward()\n", "    loss.backward()\n    optimiser.zero_grad()\n")),
        False,
    ),
    (
        "gradients-cleared-after-the-step-only",
        edit(BASE, (ZERO, ""), ("    optimiser.step()\n", "    optimiser.step()\n    optimiser.zero_grad()\n")),
        False,
    ),
    ("gradients-cleared-of-the-last-layer", edit(BASE, (ZERO, "    list(model.children())[-1].zero_grad()\n")), False),
    ("clips-before-backward", edit(BASE, (CLIP, ""), ("    loss.backward()\n", CLIP + "    loss.backward()\n")), False),
    (
        "clips-after-the-step",
        edit(BASE, (CLIP, ""), ("    optimiser.step()\n", "    optimiser.step()\n" + CLIP)),
        False,
    ),
    ("never-clips", edit(BASE, (CLIP, "")), False),
    ("clips-values", edit(BASE, ("clip_grad_norm_", "clip_grad_value_")), False),
    (
        "clips-each-parameter",
        edit(BASE, (CLIP, "    for p in model.parameters():\n        nn.utils.clip_grad_norm_(p, max_norm)\n")),
        False,
    ),
    (
        "clips-each-group",
        edit(
            BASE,
            (
                CLIP,
                "    for group in optimiser.param_groups:\n"
                "        nn.utils.clip_grad_norm_(group['params'], max_norm)\n",
            ),
        ),
        False,
    ),
    (
        "clips-each-child",
        edit(
            BASE,
            (
                CLIP,
                "    for child in model.children():\n        nn.utils.clip_grad_norm_(child.parameters(), max_norm)\n",
            ),
        ),
        False,
    ),
    ("clips-the-first-group", edit(BASE, ("model.parameters()", "optimiser.param_groups[0]['params']")), False),
    ("clips-the-last-layer", edit(BASE, ("model.parameters()", "list(model.children())[-1].parameters()")), False),
    ("clips-matrices-only", edit(BASE, ("model.parameters()", "[p for p in model.parameters() if p.ndim > 1]")), False),
    (
        "clips-weights-instead-of-gradients",
        edit(
            BASE,
            (
                CLIP,
                "    with torch.no_grad():\n        for p in model.parameters():\n            p.clamp_(-max_norm, max_norm)\n",
            ),
        ),
        False,
    ),
    ("clips-at-one-always", edit(BASE, ("(model.parameters(), max_norm)", "(model.parameters(), 1.0)")), False),
    (
        "clips-the-largest-entry",
        edit(BASE, ("parameters(), max_norm)", "parameters(), max_norm, norm_type=float('inf'))")),
        False,
    ),
    (
        "clips-without-writing-back",
        edit(
            BASE,
            (
                CLIP,
                "    for p in model.parameters():\n        if p.grad is not None:\n"
                "            p.grad.clone().clamp_(-max_norm, max_norm)\n",
            ),
        ),
        False,
    ),
    (
        "root-forgotten",
        edit(BY_HAND, ("torch.sqrt(sum((g**2).sum() for g in grads))", "sum((g**2).sum() for g in grads)")),
        False,
    ),
    ("always-scaled-to-the-limit", edit(BY_HAND, ("    if norm > max_norm:\n", "    if norm > 0:\n")), False),
    ("scaled-by-the-inverse-norm", edit(BY_HAND, ("max_norm / (norm", "1 / (norm")), False),
    (
        "scheduler-first",
        edit(BASE, ("    optimiser.step()\n    scheduler.step()\n", "    scheduler.step()\n    optimiser.step()\n")),
        False,
    ),
    (
        "scheduler-at-the-very-beginning",
        edit(
            BASE, ("    scheduler.step()\n", ""), ("    model.train()\n", "    scheduler.step()\n    model.train()\n")
        ),
        False,
    ),
    ("scheduler-forgotten", edit(BASE, ("    scheduler.step()\n", "")), False),
    ("scheduler-twice", edit(BASE, ("    scheduler.step()\n", "    scheduler.step()\n    scheduler.step()\n")), False),
    ("scheduler-gets-the-loss", edit(BASE, ("scheduler.step()", "scheduler.step(loss.item())")), False),
    (
        "scheduler-only-when-clipped",
        edit(BY_HAND, ("    scheduler.step()\n", "    if norm > max_norm:\n        scheduler.step()\n")),
        False,
    ),
    ("optimiser-twice", edit(BASE, ("    optimiser.step()\n", "    optimiser.step()\n    optimiser.step()\n")), False),
    ("optimiser-forgotten", edit(BASE, ("    optimiser.step()\n", "")), False),
    (
        "optimiser-before-backward",
        edit(
            BASE,
            ("    optimiser.step()\n", ""),
            ("    loss.backward()\n", "    optimiser.step()\n    loss.backward()\n"),
        ),
        False,
    ),
    ("backward-forgotten", edit(BASE, ("    loss.backward()\n", "")), False),
    (
        "backward-twice",
        edit(BASE, ("    loss.backward()\n", "    loss.backward(retain_graph=True)\n    loss.backward()\n")),
        False,
    ),
    (
        "forward-twice",
        edit(BASE, ("    scores = model(images)\n", "    model(images)\n    scores = model(images)\n")),
        False,
    ),
    (
        "forward-one-image-at-a-time",
        edit(BASE, ("model(images)", "torch.cat([model(image[None]) for image in images])")),
        False,
    ),
    (
        "first-image-only",
        edit(BASE, ("model(images)", "model(images[:1])"), ("(scores, labels)", "(scores, labels[:1])")),
        False,
    ),
    (
        "two-halves",
        """
def train_step(model, images, labels, criterion, optimiser, scheduler, max_norm=1.0):
    model.train()
    optimiser.zero_grad()
    losses = []
    for x, y in zip(images.chunk(2), labels.chunk(2)):
        loss = criterion(model(x), y) / 2
        loss.backward()
        losses.append(loss.item())
    nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimiser.step()
    scheduler.step()
    return sum(losses)
""",
        False,
    ),
    ("criterion-the-wrong-way-round", edit(BASE, ("criterion(scores, labels)", "criterion(labels, scores)")), False),
    (
        "softmax-before-the-criterion",
        edit(BASE, ("criterion(scores, labels)", "criterion(scores.softmax(1), labels)")),
        False,
    ),
    ("own-criterion", edit(BASE, ("criterion(scores, labels)", "F.cross_entropy(scores, labels)")), False),
    ("loss-times-batch", edit(BASE, ("return loss.item()", "return loss.item() * len(images)")), False),
    ("loss-over-batch", edit(BASE, ("return loss.item()", "return loss.item() / len(images)")), False),
    (
        "loss-scaled-before-backward",
        edit(BASE, ("    loss.backward()", "    loss = loss / len(images)\n    loss.backward()")),
        False,
    ),
    ("loss-as-tensor", edit(BASE, ("loss.item()", "loss")), False),
    ("loss-detached", edit(BASE, ("loss.item()", "loss.detach()")), False),
    ("loss-as-numpy", edit(BASE, ("loss.item()", "loss.detach().numpy()")), False),
    ("loss-rounded", edit(BASE, ("loss.item()", "round(loss.item(), 2)")), False),
    (
        "loss-after-the-update",
        edit(BASE, ("return loss.item()", "return criterion(model(images), labels).item()")),
        False,
    ),
    (
        "loss-after-the-update-in-eval",
        edit(
            BASE,
            (
                "    return loss.item()",
                "    model.eval()\n    with torch.no_grad():\n        return criterion(model(images), labels).item()",
            ),
        ),
        False,
    ),
    ("returns-the-norm", edit(BASE, ("    nn.utils", "    norm = nn.utils"), ("loss.item()", "norm.item()")), False),
    ("returns-nothing", edit(BASE, ("    return loss.item()\n", "")), False),
    ("returns-zero", edit(BASE, ("return loss.item()", "return 0.0")), False),
    ("returns-loss-and-scores", edit(BASE, ("return loss.item()", "return loss.item(), scores")), False),
    (
        "without-gradients",
        edit(BASE, ("    scores = model(images)\n", "    with torch.no_grad():\n        scores = model(images)\n")),
        False,
    ),
    (
        "detached-scores-made-trainable",
        edit(BASE, ("    scores = model(images)\n", "    scores = model(images).detach().requires_grad_()\n")),
        False,
    ),
    (
        "scales-the-images-in-place",
        edit(BASE, ("    model.train()\n", "    model.train()\n    images.div_(255)\n")),
        False,
    ),
    ("normalises-the-batch", edit(BASE, ("model(images)", "model((images - images.mean()) / images.std())")), False),
    (
        "extra-penalty",
        edit(
            BASE,
            (
                "    loss.backward()",
                "    loss = loss + 1e-4 * sum(p.pow(2).sum() for p in model.parameters())\n    loss.backward()",
            ),
        ),
        False,
    ),
    ("noise-on-the-images", edit(BASE, ("model(images)", "model(images + 0.01 * torch.randn_like(images))")), False),
    (
        "trains-the-head-only",
        edit(
            BASE,
            (
                "    model.train()\n",
                "    model.train()\n    for part in list(model.children())[:-1]:\n        part.requires_grad_(False)\n",
            ),
        ),
        False,
    ),
    (
        "plain-gradient-descent-instead-of-the-optimiser",
        edit(
            BASE,
            (
                "    optimiser.step()\n",
                """
    with torch.no_grad():
        for group in optimiser.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    p -= group["lr"] * p.grad
""",
            ),
        ),
        False,
    ),
    (
        "hidden-by-try",
        """
def train_step(model, images, labels, criterion, optimiser, scheduler, max_norm=1.0):
    try:
        model.train()
        optimiser.zero_grads()
        loss = criterion(model(images), labels)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), max_norm)
        optimiser.step()
        scheduler.step()
    except Exception:
        loss = criterion(model(images), labels)
    return loss.item()
""",
        False,
    ),
    (
        "disabled-scaler-and-autocast",
        """
def train_step(model, images, labels, criterion, optimiser, scheduler, max_norm=1.0, amp=False):
    scaler = torch.amp.GradScaler(images.device.type, enabled=amp)
    model.train()
    optimiser.zero_grad(set_to_none=True)
    with torch.autocast(images.device.type, enabled=amp):
        loss = criterion(model(images), labels)
    scaler.scale(loss).backward()
    scaler.unscale_(optimiser)
    torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    scaler.step(optimiser)
    scaler.update()
    scheduler.step()
    return loss.item()
""",
        True,
    ),
    (
        "gradients-zeroed-in-place",
        edit(
            BASE,
            (ZERO, "    for p in model.parameters():\n        if p.grad is not None:\n            p.grad.zero_()\n"),
        ),
        True,
    ),
    (
        "gradients-from-autograd",
        edit(
            BASE,
            (
                "    loss.backward()\n",
                "    free = [p for p in model.parameters() if p.requires_grad]\n"
                "    for p, g in zip(free, torch.autograd.grad(loss, free, allow_unused=True)):\n        p.grad = g\n",
            ),
        ),
        True,
    ),
    (
        "printing-and-learning-rate-logged",
        edit(
            BASE,
            (
                "    return loss.item()\n",
                "    rate = scheduler.get_last_lr()[0]\n    value = loss.detach().to('cpu').double().item()\n"
                "    if not np.isfinite(value):\n        print(f'{rate:.1e}: loss is {value}')\n    return value\n",
            ),
        ),
        True,
    ),
    (
        "criterion-twice",
        edit(
            BASE,
            ("return loss.item()", "return criterion(scores, labels).item()"),
            ("    loss.backward()", "    loss = criterion(scores, labels)\n    loss.backward()"),
        ),
        False,
    ),
    ("limit-added-to-the-norm", edit(BY_HAND, ("max_norm / (norm + 1e-6)", "max_norm / (norm + 1)")), False),
    ("scaled-only-above-one", edit(BY_HAND, ("if norm > max_norm", "if norm > 1.0")), False),
    ("twice-the-limit", edit(BASE, ("parameters(), max_norm)", "parameters(), 2 * max_norm)")), False),
    ("half-the-limit", edit(BASE, ("parameters(), max_norm)", "parameters(), max_norm / 2)")), False),
    (
        "odd-batches-skipped",
        edit(
            BASE,
            ("    nn.utils.clip", "    norm = nn.utils.clip"),
            ("    optimiser.step()", "    if norm <= max_norm:\n        optimiser.step()"),
        ),
        False,
    ),
    (
        "scheduler-every-second-call",
        edit(
            BASE,
            ("\ndef train", "\nCALLS = [0]\n\n\ndef train"),
            ("    scheduler.step()", "    CALLS[0] += 1\n    if CALLS[0] % 2:\n        scheduler.step()"),
        ),
        False,
    ),
    (
        "gradients-cleared-every-second-call",
        edit(
            BASE,
            ("\ndef train", "\nCALLS = [0]\n\n\ndef train"),
            (ZERO, "    CALLS[0] += 1\n    if CALLS[0] % 2:\n        optimiser.zero_grad()\n"),
        ),
        False,
    ),
    (
        "own-decay-instead-of-the-scheduler",
        edit(
            BASE, ("    scheduler.step()\n", "    for group in optimiser.param_groups:\n        group['lr'] *= 0.99\n")
        ),
        False,
    ),
    ("ends-with-everything-frozen", edit(BASE, ("    return", "    model.requires_grad_(False)\n    return")), False),
    ("zero-grad-never-called", edit(BASE, ("optimiser.zero_grad()", "optimiser.zero_grad")), False),
    ("train-never-called", edit(BASE, ("model.train()", "model.train")), False),
    (
        "backward-on-the-item",
        edit(
            BASE,
            ("    loss.backward()", "    loss = torch.tensor(loss.item(), requires_grad=True)\n    loss.backward()"),
        ),
        False,
    ),
]
