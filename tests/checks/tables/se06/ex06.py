"""Right and wrong answers to exercise 6, a training step."""

from tests.checks.answers import Wrong
from tests.checks.rewriting import swap

STEP = """
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
MODE, ZERO, BACKWARD = "    model.train()\n", "    optimiser.zero_grad()\n", "    loss.backward()\n"
CLIP = "    nn.utils.clip_grad_norm_(model.parameters(), max_norm)\n"
STEPS, SCHEDULE, BACK = "    optimiser.step()\n", "    scheduler.step()\n", "    return loss.item()\n"
FORWARD = "    scores = model(images)\n    loss = criterion(scores, labels)\n"

RIGHT = {
    "forward called by name": swap(STEP, ("model(images)", "model.forward(images)")),
    "as in the text": STEP,
    "zero_grad of the model": swap(STEP, ("optimiser.zero_grad()", "model.zero_grad()")),
    "zeros instead of None": swap(STEP, ("zero_grad()", "zero_grad(set_to_none=False)")),
    "cleared just before backward": swap(STEP, (ZERO + FORWARD, FORWARD + ZERO)),
    "cleared at the start and at the end": swap(STEP, (SCHEDULE, SCHEDULE + ZERO)),
    "float of the detached loss": swap(STEP, (BACK, "    return float(loss.detach())\n")),
    "tolist": swap(STEP, (BACK, "    return loss.tolist()\n")),
    "one line": swap(STEP, (FORWARD, "    loss = criterion(model(images), labels)\n")),
    "imported by name": "from torch.nn.utils import clip_grad_norm_\n" + swap(STEP, ("nn.utils.clip", "clip")),
    "parameters from the optimiser": swap(STEP, ("model.parameters(), max_norm", "[p for g in optimiser.param_groups for p in g['params']], max_norm")),
    "clipped by hand": swap(STEP, (CLIP, "    norm = torch.cat([p.grad.flatten() for p in model.parameters()]).norm()\n    if norm > max_norm:\n        for p in model.parameters():\n            p.grad.mul_(max_norm / norm)\n")),
    "mode given": swap(STEP, ("model.train()", "model.train(True)")),
    "gradients explicitly on": swap(STEP, (FORWARD, "    with torch.enable_grad():\n        loss = criterion(model(images), labels)\n")),
    "value before the update": swap(STEP, (BACKWARD, "    value = loss.item()\n" + BACKWARD), (BACK, "    return value\n")),
    "onto the model's device": swap(STEP, (FORWARD, "    where = next(model.parameters()).device\n    images, labels = images.to(where), labels.to(where)\n" + FORWARD)),
    "mode set after clearing": swap(STEP, (MODE + ZERO, ZERO + MODE)),
}  # fmt: skip

LOSS, MODES, UPDATES, CLIPS, SCHEDULES = (
    "returns_the_loss", "trains_in_training_mode", "updates_the_parameters", "clips_the_gradient", "steps_the_scheduler_last",
)  # fmt: skip
WRONG = {
    "no function": Wrong("train_step = None\n", LOSS, "not a function"),
    "nothing returned": Wrong(swap(STEP, (BACK, "")), LOSS, "is a `return` missing?"),
    "the tensor": Wrong(swap(STEP, ("loss.item()", "loss")), LOSS, "keeps the whole graph in memory"),
    "the detached tensor": Wrong(swap(STEP, ("loss.item()", "loss.detach()")), LOSS, "`.item()` makes a number"),
    "the loss after the update": Wrong(swap(STEP, (BACK, "    return criterion(model(images), labels).item()\n")), LOSS, "That is the loss after the update"),
    "summed over the batch": Wrong(swap(STEP, ("loss.item()", "loss.item() * len(images)")), LOSS, "the sum over the 8 images"),
    "a text": Wrong(swap(STEP, (BACK, "    return f'{loss.item():.3f}'\n")), LOSS, "not a float"),
    "a whole number": Wrong(swap(STEP, ("loss.item()", "int(loss)")), LOSS, "not a float"),
    "the loss of the labels twice": Wrong(swap(STEP, ("loss.item()", "loss.item() / len(images)")), LOSS, "the loss is"),
    "the model called on one image": Wrong(swap(STEP, (FORWARD, "    loss = criterion(model(images[:1]), labels[:1])\n")), LOSS, "the loss is"),
    "a softmax before the loss": Wrong(swap(STEP, ("criterion(scores, labels)", "criterion(scores.softmax(1), labels)")), LOSS, "the loss is"),
    "arguments exchanged": Wrong(swap(STEP, ("criterion(scores, labels)", "criterion(labels, scores)")), LOSS, "of your code"),
    "two epochs over the batch": Wrong(swap(STEP, (MODE, MODE + "    optimiser.zero_grad(); criterion(model(images), labels).backward(); optimiser.step()\n")), LOSS, "That is the loss after the update"),
    "without gradient": Wrong(swap(STEP, (FORWARD, "    with torch.no_grad():\n        loss = criterion(model(images), labels)\n")), LOSS, "does not require grad"),
    "evaluation mode": Wrong(swap(STEP, ("model.train()", "model.eval()")), MODES, "still is when it is called"),
    "mode not set": Wrong(swap(STEP, (MODE, "")), MODES, "still is when it is called"),
    "mode set too late": Wrong(swap(STEP, (MODE, ""), (BACK, MODE + BACK)), MODES, "still is when it is called"),
    "gradients add up": Wrong(swap(STEP, (ZERO, "")), UPDATES, "The gradients of earlier steps are still in them"),
    "cleared after backward": Wrong(swap(STEP, (ZERO, ""), (BACKWARD, BACKWARD + ZERO)), UPDATES, "They did not change at all"),
    "cleared before the step": Wrong(swap(STEP, (ZERO, ""), (STEPS, ZERO + STEPS)), UPDATES, "They did not change at all"),
    "no backward": Wrong(swap(STEP, (BACKWARD, "")), UPDATES, "They did not change at all"),
    "no step": Wrong(swap(STEP, (STEPS, "")), UPDATES, "They did not change at all"),
    "two steps": Wrong(swap(STEP, (STEPS, STEPS + STEPS)), UPDATES, "The optimiser stepped twice"),
    "backward twice": Wrong(swap(STEP, (BACKWARD, "    loss.backward(retain_graph=True)\n" + BACKWARD)), UPDATES, "computed twice and added up"),
    "uphill": Wrong(swap(STEP, (BACKWARD, "    (-loss).backward()\n")), UPDATES, "uphill"),
    "step before backward": Wrong(swap(STEP, (STEPS, ""), (BACKWARD, STEPS + BACKWARD)), UPDATES, "They did not change at all"),
    "always clipped to one": Wrong(swap(STEP, (", max_norm)\n", ", 1.0)\n")), UPDATES, "as if the gradient were cut"),
    "not clipped": Wrong(swap(STEP, (CLIP, "")), CLIPS, "The gradient was not cut at all"),
    "clipped before backward": Wrong(swap(STEP, (CLIP, ""), (BACKWARD, CLIP + BACKWARD)), CLIPS, "The gradient was not cut at all"),
    "clipped after the step": Wrong(swap(STEP, (CLIP, ""), (STEPS, STEPS + CLIP)), CLIPS, "The gradient was not cut at all"),
    "clipped by value": Wrong(swap(STEP, ("clip_grad_norm_", "clip_grad_value_")), CLIPS, "Every value was cut for itself"),
    "each parameter on its own": Wrong(swap(STEP, (CLIP, "    for p in model.parameters():\n        nn.utils.clip_grad_norm_(p, max_norm)\n")), CLIPS, "Each parameter was cut for itself"),
    "only the last layer": Wrong(swap(STEP, ("model.parameters(), max_norm", "list(model.parameters())[-2:], max_norm")), CLIPS, "Only the last layer's gradients"),
    "largest value instead of length": Wrong(swap(STEP, (", max_norm)\n", ", max_norm, norm_type=float('inf'))\n")), CLIPS, "Not the length but the largest value"),
    "another default": Wrong(swap(STEP, ("max_norm=1.0", "max_norm=5.0")), CLIPS, "not cut to a norm of 1"),
    "scheduler forgotten": Wrong(swap(STEP, (SCHEDULE, "")), SCHEDULES, "the scheduler has stepped 0 times; expected 1"),
    "scheduler twice": Wrong(swap(STEP, (SCHEDULE, SCHEDULE + SCHEDULE)), SCHEDULES, "the scheduler has stepped 2 times; expected 1"),
    "scheduler first": Wrong(swap(STEP, (SCHEDULE, ""), (MODE, MODE + SCHEDULE)), SCHEDULES, "The scheduler stepped before the optimiser"),
    "scheduler before the optimiser": Wrong(swap(STEP, (STEPS + SCHEDULE, SCHEDULE + STEPS)), SCHEDULES, "The scheduler stepped before the optimiser"),
    "batch norms left in evaluation mode": Wrong('def train_step(model, images, labels, criterion, optimiser, scheduler, max_norm=1.0):\n    model.train()\n    for part in model:\n        if isinstance(part, nn.BatchNorm1d):\n            part.eval()\n    optimiser.zero_grad()\n    loss = criterion(model(images), labels)\n    loss.backward()\n    nn.utils.clip_grad_norm_(model.parameters(), max_norm)\n    optimiser.step()\n    scheduler.step()\n    return loss.item()\n', "trains_in_training_mode", '`BatchNorm1d`, is in evaluation mode'),
    "cleared after the step only": Wrong('def train_step(model, images, labels, criterion, optimiser, scheduler, max_norm=1.0):\n    model.train()\n    loss = criterion(model(images), labels)\n    loss.backward()\n    nn.utils.clip_grad_norm_(model.parameters(), max_norm)\n    optimiser.step()\n    optimiser.zero_grad()\n    scheduler.step()\n    return loss.item()\n', "updates_the_parameters", 'The gradients of earlier steps are still in them'),
    "forward twice": Wrong('def train_step(model, images, labels, criterion, optimiser, scheduler, max_norm=1.0):\n    model.train()\n    optimiser.zero_grad()\n    model(images)\n    loss = criterion(model(images), labels)\n    loss.backward()\n    nn.utils.clip_grad_norm_(model.parameters(), max_norm)\n    optimiser.step()\n    scheduler.step()\n    return loss.item()\n', "updates_the_parameters", 'the model is called 2 times'),
    "criterion twice": Wrong('def train_step(model, images, labels, criterion, optimiser, scheduler, max_norm=1.0):\n    model.train()\n    optimiser.zero_grad()\n    scores = model(images)\n    criterion(scores, labels)\n    loss = criterion(scores, labels)\n    loss.backward()\n    nn.utils.clip_grad_norm_(model.parameters(), max_norm)\n    optimiser.step()\n    scheduler.step()\n    return loss.item()\n', "updates_the_parameters", '`criterion` is called 2 times'),
    "another criterion": Wrong('def train_step(model, images, labels, criterion, optimiser, scheduler, max_norm=1.0):\n    model.train()\n    optimiser.zero_grad()\n    loss = F.cross_entropy(model(images), labels)\n    loss.backward()\n    nn.utils.clip_grad_norm_(model.parameters(), max_norm)\n    optimiser.step()\n    scheduler.step()\n    return loss.item()\n', "returns_the_loss", 'That is the plain cross-entropy'),
    "another criterion for the gradient": Wrong('def train_step(model, images, labels, criterion, optimiser, scheduler, max_norm=1.0):\n    model.train()\n    optimiser.zero_grad()\n    loss = criterion(model(images), labels)\n    F.cross_entropy(model(images), labels).backward()\n    nn.utils.clip_grad_norm_(model.parameters(), max_norm)\n    optimiser.step()\n    scheduler.step()\n    return loss.item()\n', "updates_the_parameters", 'use the `criterion` that comes in'),
    "softmax first": Wrong('def train_step(model, images, labels, criterion, optimiser, scheduler, max_norm=1.0):\n    model.train()\n    optimiser.zero_grad()\n    loss = criterion(model(images).softmax(1), labels)\n    loss.backward()\n    nn.utils.clip_grad_norm_(model.parameters(), max_norm)\n    optimiser.step()\n    scheduler.step()\n    return loss.item()\n', "returns_the_loss", 'A softmax comes before the criterion'),
    "a mean of the mean": Wrong('def train_step(model, images, labels, criterion, optimiser, scheduler, max_norm=1.0):\n    model.train()\n    optimiser.zero_grad()\n    loss = criterion(model(images), labels)\n    loss.backward()\n    nn.utils.clip_grad_norm_(model.parameters(), max_norm)\n    optimiser.step()\n    scheduler.step()\n    return loss.item() / len(images)\n', "returns_the_loss", 'the loss is a mean already'),
    "rounded": Wrong('def train_step(model, images, labels, criterion, optimiser, scheduler, max_norm=1.0):\n    model.train()\n    optimiser.zero_grad()\n    loss = criterion(model(images), labels)\n    loss.backward()\n    nn.utils.clip_grad_norm_(model.parameters(), max_norm)\n    optimiser.step()\n    scheduler.step()\n    return round(loss.item(), 2)\n', "returns_the_loss", 'It is rounded'),
    "a step by hand": Wrong("def train_step(model, images, labels, criterion, optimiser, scheduler, max_norm=1.0):\n    model.train()\n    optimiser.zero_grad()\n    loss = criterion(model(images), labels)\n    loss.backward()\n    nn.utils.clip_grad_norm_(model.parameters(), max_norm)\n    for group in optimiser.param_groups:\n        for p in group['params']:\n            p.data -= group['lr'] * p.grad\n    scheduler.step()\n    return loss.item()\n", "updates_the_parameters", '`optimiser.step()` knows more'),
    "stretched to the limit": Wrong('def train_step(model, images, labels, criterion, optimiser, scheduler, max_norm=1.0):\n    model.train()\n    optimiser.zero_grad()\n    loss = criterion(model(images), labels)\n    loss.backward()\n    grads = [p.grad for p in model.parameters()]\n    norm = nn.utils.get_total_norm(grads)\n    for g in grads:\n        g *= max_norm / norm\n    optimiser.step()\n    scheduler.step()\n    return loss.item()\n', "updates_the_parameters", 'was stretched to `max_norm`'),
    "each group cut for itself": Wrong("def train_step(model, images, labels, criterion, optimiser, scheduler, max_norm=1.0):\n    model.train()\n    optimiser.zero_grad()\n    loss = criterion(model(images), labels)\n    loss.backward()\n    for group in optimiser.param_groups:\n        nn.utils.clip_grad_norm_(group['params'], max_norm)\n    optimiser.step()\n    scheduler.step()\n    return loss.item()\n", "clips_the_gradient", 'Each parameter group or layer was cut for itself'),
    "parts in training mode, the whole not": Wrong(swap(STEP, (MODE, "    for part in model.children():\n        part.train()\n")), MODES, "its own `training` is False"),
    "mean over all calls": Wrong("seen = []\n" + swap(STEP, (BACK, "    seen.append(loss.item())\n    return sum(seen) / len(seen)\n")), LOSS, "Is something kept between calls?"),
    "scores squeezed": Wrong(swap(STEP, ("model(images)", "model(images).squeeze()")), UPDATES, "size mismatch"),
}  # fmt: skip
