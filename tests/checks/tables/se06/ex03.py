"""Right and wrong answers to exercise 3, a stem for grey images."""

from tests.checks.answers import Wrong
from tests.checks.rewriting import swap

STEM = """
def grayscale_stem(model):
    old = model.conv1
    new = nn.Conv2d(1, old.out_channels, old.kernel_size, stride=old.stride, padding=old.padding, dilation=old.dilation, bias=old.bias is not None)
    with torch.no_grad():
        new.weight.copy_(old.weight.mean(dim=1, keepdim=True))
        if old.bias is not None:
            new.bias.copy_(old.bias)
    model.conv1 = new
    return model
"""
COPY = "new.weight.copy_(old.weight.mean(dim=1, keepdim=True))"
MEAN = "old.weight.mean(dim=1, keepdim=True)"
BIAS = "        if old.bias is not None:\n            new.bias.copy_(old.bias)\n"
BACK = "    return model\n"
SETTINGS = "stride=old.stride, padding=old.padding, dilation=old.dilation, bias=old.bias is not None"
PARAMETER = swap(
    STEM,
    (
        "    with torch.no_grad():\n        " + COPY + "\n" + BIAS,
        "    new.weight = nn.Parameter(" + MEAN + ".detach())\n    new.bias = old.bias\n",
    ),
)
SURGERY = """
import copy
def grayscale_stem(model):
    conv = copy.deepcopy(model.conv1)
    conv.weight = nn.Parameter(conv.weight.detach().mean(1, keepdim=True))
    conv.in_channels = 1
    model.conv1 = conv
    return model
"""

RIGHT = {
    "as in the text": STEM,
    "a new parameter": PARAMETER,
    "a copy of the layer": SURGERY,
    "sum over three": swap(STEM, (MEAN, "old.weight.sum(dim=1, keepdim=True) / 3")),
    "sum over the channels": swap(STEM, (MEAN, "old.weight.sum(1, keepdim=True) / old.in_channels")),
    "unsqueezed": swap(STEM, (MEAN, "old.weight.mean(1).unsqueeze(1)")),
    "indexed with None": swap(STEM, (MEAN, "old.weight.mean(1)[:, None]")),
    "thirds added": swap(STEM, (MEAN, "(old.weight[:, 0:1] + old.weight[:, 1:2] + old.weight[:, 2:3]) / 3")),
    "data": swap(STEM, ("    with torch.no_grad():\n        " + COPY, "    new.weight.data = old.weight.data.mean(dim=1, keepdim=True)\n    with torch.no_grad():\n        pass")),
    "a state dict": swap(STEM, ("    with torch.no_grad():\n        " + COPY + "\n" + BIAS, "    state = old.state_dict()\n    state['weight'] = state['weight'].mean(1, keepdim=True)\n    new.load_state_dict(state)\n")),
    "einops by hand": swap(STEM, (MEAN, "torch.einsum('ochw->ohw', old.weight)[:, None] / 3")),
    "numpy": swap(STEM, (MEAN, "torch.from_numpy(old.weight.numpy().mean(axis=1, keepdims=True))")),
    "settings one by one": swap(STEM, ("new = nn.Conv2d(1, old.out_channels, old.kernel_size, " + SETTINGS, "new = nn.Conv2d(in_channels=1, out_channels=old.weight.shape[0], kernel_size=tuple(old.weight.shape[2:]), " + SETTINGS)),
    "bias by assignment": swap(STEM, ("            new.bias.copy_(old.bias)", "            new.bias = nn.Parameter(old.bias.clone())")),
}  # fmt: skip

GREY, MEANS, KEEPS, LEARNS = (
    "takes_grey_images", "holds_the_mean_of_the_colours", "keeps_the_rest_of_the_layer", "can_go_on_learning",
)  # fmt: skip
PLAIN = "new = nn.Conv2d(1, old.out_channels, old.kernel_size, " + SETTINGS + ")"
WRONG = {
    "a function in its place": Wrong("def grayscale_stem(model):\n    old = model.conv1\n    del model.conv1\n    model.conv1 = lambda x: old(x.expand(-1, 3, -1, -1))\n    return model\n", GREY, "not a layer"),
    "nothing in its place": Wrong("def grayscale_stem(model):\n    model.conv1 = nn.Identity()\n    return model\n", GREY, "without a convolution's weight"),
    "nothing returned": Wrong(swap(STEM, (BACK, "")), GREY, "is a `return` missing?"),
    "the layer returned": Wrong(swap(STEM, (BACK, "    return new\n")), GREY, "another model"),
    "not assigned": Wrong(swap(STEM, ("    model.conv1 = new\n", "")), GREY, "so it reads 3 channels"),
    "label only": Wrong("def grayscale_stem(model):\n    model.conv1.in_channels = 1\n    return model\n", GREY, "only changes a label"),
    "without keepdim": Wrong("import copy\ndef grayscale_stem(model):\n    model.conv1 = copy.deepcopy(model.conv1)\n    model.conv1.weight = nn.Parameter(model.conv1.weight.detach().mean(dim=1))\n    return model\n", GREY, "Does `mean` need `keepdim=True`?"),
    "a layer in front": Wrong(swap(STEM, ("    model.conv1 = new", "    model.conv1 = nn.Sequential(nn.Conv2d(1, 3, 1), old)")), MEANS, "has shape (3, 1, 1, 1); expected (64, 1, 7, 7)"),
    "another part": Wrong(swap(STEM, ("model.conv1 = new", "model.stem = new")), GREY, "so it reads 3 channels"),
    "a linear layer": Wrong(swap(STEM, ("    model.conv1 = new", "    model.conv1 = nn.Linear(1, 64)")), GREY, "a convolution's has four dimensions"),
    "mean over the filters": Wrong(swap(STEM, (MEAN, "old.weight.mean(dim=(0, 1), keepdim=True)")), MEANS, "Every filter is the same now"),
    "the sum": Wrong(swap(STEM, (MEAN, "old.weight.sum(dim=1, keepdim=True)")), MEANS, "the sum over the colours, not the mean"),
    "red alone": Wrong(swap(STEM, (MEAN, "old.weight[:, :1]")), MEANS, "red alone"),
    "green alone": Wrong(swap(STEM, (MEAN, "old.weight[:, 1:2]")), MEANS, "green alone"),
    "blue alone": Wrong(swap(STEM, (MEAN, "old.weight[:, 2:]")), MEANS, "blue alone"),
    "luminance": Wrong(swap(STEM, (MEAN, "(old.weight * torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)).sum(1, keepdim=True)")), MEANS, "weighted by how bright they look"),
    "maximum": Wrong(swap(STEM, (MEAN, "old.weight.amax(1, keepdim=True)")), MEANS, "largest of the three"),
    "median": Wrong(swap(STEM, (MEAN, "old.weight.median(1, keepdim=True).values")), MEANS, "median of the three"),
    "divided by two": Wrong(swap(STEM, (MEAN, "old.weight.sum(1, keepdim=True) / 2")), MEANS, "divided by 2, not by 3"),
    "divided by the filters": Wrong(swap(STEM, (MEAN, "old.weight.sum(1, keepdim=True) / 64")), MEANS, "divided by 64"),
    "a fresh layer": Wrong(swap(STEM, ("    with torch.no_grad():\n        " + COPY + "\n" + BIAS, "")), MEANS, "a fresh initialisation"),
    "copied into a copy": Wrong(swap(STEM, (COPY, "new.weight.clone().copy_(" + MEAN + ")")), MEANS, "a fresh initialisation"),
    "rounded": Wrong(swap(STEM, (MEAN, "old.weight.mean(dim=1, keepdim=True).half().float()")), MEANS, "should be"),
    "a mean of everything": Wrong(swap(STEM, (MEAN, "old.weight.mean()")), MEANS, "Every filter is the same now"),
    "stride forgotten": Wrong(swap(STEM, ("stride=old.stride, ", "")), KEEPS, "Its `stride` is (1, 1); the old one's is (2, 2)"),
    "padding forgotten": Wrong(swap(STEM, ("padding=old.padding, ", "")), KEEPS, "Its `padding` is (0, 0); the old one's is (3, 3)"),
    "dilation forgotten": Wrong(swap(STEM, ("dilation=old.dilation, ", "")), KEEPS, "Its `dilation`"),
    "ResNet-18's numbers written in": Wrong(swap(STEM, (PLAIN, "new = nn.Conv2d(1, 64, kernel_size=7, stride=2, padding=3, bias=False)"), (COPY, "new.weight = nn.Parameter(" + MEAN + ")"), (BIAS, "")), KEEPS, "The old layer has a bias, the new one has none"),
    "bias always": Wrong(swap(STEM, ("bias=old.bias is not None", "bias=True")), KEEPS, "has a bias, the old one has none"),
    "bias never": Wrong(swap(STEM, ("bias=old.bias is not None", "bias=False"), (BIAS, "")), KEEPS, "The old layer has a bias, the new one has none"),
    "bias not copied": Wrong(swap(STEM, (BIAS, "")), KEEPS, "is not the old one"),
    "bias set to zero": Wrong(swap(STEM, ("new.bias.copy_(old.bias)", "new.bias.zero_()")), KEEPS, "is not the old one"),
    "bias divided": Wrong(swap(STEM, ("new.bias.copy_(old.bias)", "new.bias.copy_(old.bias / 3)")), KEEPS, "is not the old one"),
    "reflected borders": Wrong(swap(STEM, (SETTINGS, SETTINGS + ", padding_mode='reflect'")), KEEPS, "should be"),
    "frozen": Wrong(swap(STEM, (BACK, "    new.requires_grad_(False)\n" + BACK)), LEARNS, "is frozen"),
    "no parameter": Wrong(swap(STEM, ("    model.conv1 = new", "    weight = new.weight.detach()\n    del new.weight\n    new.weight = weight\n    model.conv1 = new")), LEARNS, "is no parameter"),
    "the old layer overwritten": Wrong("def grayscale_stem(model):\n    model.conv1.weight = nn.Parameter(model.conv1.weight.detach().mean(1, keepdim=True))\n    model.conv1.in_channels = 1\n    return model\n", LEARNS, "was changed instead of replaced"),
    "batch norm reset": Wrong(swap(STEM, (BACK, "    model.bn1.weight.data.fill_(3.0)\n" + BACK)), LEARNS, "`bn1.weight` has other values"),
    "everything frozen before": Wrong(swap(STEM, ("    old = model.conv1", "    model.requires_grad_(False)\n    old = model.conv1")), LEARNS, "was frozen or unfrozen on the way"),
    "half the kernel as padding": Wrong(swap(STEM, ("padding=old.padding", "padding=tuple(side // 2 for side in old.kernel_size)")), KEEPS, "Its `padding` is (2, 1); the old one's is (3, 0)"),
    "64 filters written in": Wrong(swap(STEM, ("old.out_channels", "64")), MEANS, "size of tensor"),
    "kernels turned": Wrong(swap(STEM, (MEAN, MEAN + ".flip(-1)")), MEANS, "stand in the wrong places"),
    "two of three colours": Wrong(swap(STEM, (MEAN, "old.weight[:, :2].mean(1, keepdim=True)")), MEANS, "but it is not their mean over the colours"),
    "frozen as the old one was": Wrong(swap(STEM, (BACK, "    new.weight.requires_grad = old.weight.requires_grad\n" + BACK)), LEARNS, "is frozen if the old layer was"),
    "the rest thawed": Wrong(swap(STEM, (BACK, "    model.requires_grad_(True)\n" + BACK)), LEARNS, "was frozen or unfrozen on the way"),
    "statistics forgotten": Wrong(swap(STEM, (BACK, "    model.bn1.reset_running_stats()\n" + BACK)), LEARNS, "`bn1.running_mean` has other values"),
    "in evaluation mode": Wrong(swap(STEM, (BACK, "    return model.eval()\n")), LEARNS, "was switched between training and evaluation mode"),
    "one layer for all models": Wrong("MADE = []\n" + swap(STEM, ("    model.conv1 = new", "    if tuple(new.weight.shape) == (64, 1, 7, 7):\n        MADE.append(new)\n        new = MADE[0]\n    model.conv1 = new")), LEARNS, "Two models get one and the same layer"),
    "built in inference mode": Wrong("@torch.inference_mode()" + STEM, LEARNS, "No gradient reaches the weight of `model.conv1`"),
    "autograd switched off": Wrong(swap(STEM, ("    with torch.no_grad():\n", "    torch.set_grad_enabled(False)\n    if True:\n")), GREY, "leaves autograd switched off"),
}  # fmt: skip
