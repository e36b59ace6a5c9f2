"""Exercise 11: answers from the exercise text, by a second reader."""

from tests.checks.fresh import edit

SMART = """
from torchvision.models import EfficientNet_B0_Weights, efficientnet_b0


class SmartUp(nn.Module):
    def __init__(self, in_channels, skip_channels, out_channels):
        super().__init__()
        self.up = nn.ConvTranspose2d(in_channels, skip_channels, kernel_size=2, stride=2)
        self.conv = DoubleConv(2 * skip_channels, out_channels)

    def forward(self, x1, x2):
        x1 = self.up(x1)
        if x1.shape[2:] != x2.shape[2:]:
            x1 = F.interpolate(x1, size=x2.shape[2:], mode="bilinear", align_corners=False)
        return self.conv(torch.cat([x2, x1], dim=1))
"""
PLAIN = (
    SMART
    + """

class UNetEfficient(nn.Module):
    def __init__(self, in_channels=3, out_channels=1):
        super().__init__()
        features = efficientnet_b0(weights=EfficientNet_B0_Weights.DEFAULT).features
        self.inc = features[0:2]
        self.down1 = features[2]
        self.down2 = features[3]
        self.down3 = features[4]
        self.down4 = features[5:8]
        for parameter in self.parameters():
            parameter.requires_grad = False
        self.center = DoubleConv(320, 512)
        self.up1 = SmartUp(512, 80, 80)
        self.up2 = SmartUp(80, 40, 40)
        self.up3 = SmartUp(40, 24, 24)
        self.up4 = SmartUp(24, 16, 16)
        self.outc = nn.Conv2d(16, out_channels, 1)

    def forward(self, x):
        size = x.shape[2:]
        x1 = self.inc(x)
        x2 = self.down1(x1)
        x3 = self.down2(x2)
        x4 = self.down3(x3)
        x5 = self.center(self.down4(x4))
        x = self.up1(x5, x4)
        x = self.up2(x, x3)
        x = self.up3(x, x2)
        x = self.up4(x, x1)
        x = F.interpolate(self.outc(x), size=size, mode="bilinear", align_corners=False)
        return torch.sigmoid(x)
"""
)
FREEZE = "        for parameter in self.parameters():\n            parameter.requires_grad = False\n"
END = """\
        x = F.interpolate(self.outc(x), size=size, mode="bilinear", align_corners=False)
        return torch.sigmoid(x)
"""
RESIZE = """\
        if x1.shape[2:] != x2.shape[2:]:
            x1 = F.interpolate(x1, size=x2.shape[2:], mode="bilinear", align_corners=False)
"""
NETWORK = "efficientnet_b0(weights=EfficientNet_B0_Weights.DEFAULT).features"
LOOPS = (
    SMART
    + """

class UNetEfficient(nn.Module):
    def __init__(self, in_channels=3, out_channels=1):
        super().__init__()
        net = efficientnet_b0(weights=EfficientNet_B0_Weights.DEFAULT)
        net.requires_grad_(False)
        self.stages = nn.ModuleList(net.features[:8])
        self.centre = DoubleConv(320, 512)
        widths = [512, 80, 40, 24, 16]
        self.ups = nn.ModuleList(SmartUp(a, b, b) for a, b in zip(widths, widths[1:]))
        self.head = nn.Conv2d(16, out_channels, kernel_size=1)

    def train(self, mode=True):
        super().train(mode)
        self.stages.eval()
        return self

    def forward(self, x):
        height, width = x.shape[-2:]
        maps = []
        for number, stage in enumerate(self.stages):
            x = stage(x)
            if number in (1, 2, 3, 4, 7):
                maps.append(x)
        x = self.centre(maps.pop())
        for up in self.ups:
            x = up(x, maps.pop())
        return F.interpolate(torch.sigmoid(self.head(x)), (height, width))
"""
)


def frozen(new: str) -> str:
    """Return the plain answer with other lines that freeze."""
    return edit(PLAIN, (FREEZE, new))


def ended(new: str) -> str:
    """Return the plain answer with other last lines."""
    return edit(PLAIN, (END, new))


def resized(new: str) -> str:
    """Return the plain answer with other lines that fit the upsampled map to the skip."""
    return edit(PLAIN, (RESIZE, new))


ANSWERS = [
    ("stages-in-one-list-kept-in-evaluation", LOOPS, True),
    (
        "frozen-sequential-and-slices-by-name",
        edit(
            PLAIN,
            (
                "\n\nclass UNetEfficient(nn.Module)",
                "\n\nclass Frozen(nn.Sequential):\n"
                "    def __init__(self, *parts):\n"
                "        super().__init__(*parts)\n"
                "        self.requires_grad_(False)\n"
                "        super().train(False)\n\n"
                "    def train(self, mode=True):\n"
                "        return self\n\n\n"
                "class UNetEfficient(nn.Module)",
            ),
            ("features[0:2]", "Frozen(*features[:2])"),
            ("self.down1 = features[2]", "self.down1 = Frozen(features[2])"),
            ("self.down2 = features[3]", "self.down2 = Frozen(features[3])"),
            ("self.down3 = features[4]", "self.down3 = Frozen(features[4])"),
            ("features[5:8]", "Frozen(*features[5:-1])"),
            (FREEZE, ""),
        ),
        True,
    ),
    (
        "weights-by-name-and-whole-net-frozen-first",
        edit(
            PLAIN,
            (
                f"features = {NETWORK}",
                "features = efficientnet_b0(weights='IMAGENET1K_V1', progress=False).requires_grad_(False).features",
            ),
            (FREEZE, ""),
        ),
        True,
    ),
    (
        "state-dict-fetched-and-loaded",
        edit(
            PLAIN,
            (
                f"features = {NETWORK}",
                "net = efficientnet_b0()\n"
                "        net.load_state_dict(EfficientNet_B0_Weights.IMAGENET1K_V1.get_state_dict(progress=False))\n"
                "        features = net.features",
            ),
        ),
        True,
    ),
    (
        "get-model-by-name",
        edit(
            PLAIN,
            ("from torchvision.models import", "from torchvision import models\nfrom torchvision.models import"),
            (NETWORK, 'models.get_model("efficientnet_b0", weights="DEFAULT").features'),
        ),
        True,
    ),
    (
        "feature-extractor",
        SMART
        + """
from torchvision.models.feature_extraction import create_feature_extractor


class UNetEfficient(nn.Module):
    def __init__(self, in_channels=3, out_channels=1):
        super().__init__()
        nodes = {f"features.{stage}": f"map{stage}" for stage in (1, 2, 3, 4, 7)}
        network = efficientnet_b0(weights=EfficientNet_B0_Weights.DEFAULT)
        self.encoder = create_feature_extractor(network, return_nodes=nodes)
        self.encoder.requires_grad_(False)
        self.center = DoubleConv(320, 512)
        shapes = [(512, 80, 80), (80, 40, 40), (40, 24, 24), (24, 16, 16)]
        self.decoder = nn.ModuleList([SmartUp(*shape) for shape in shapes])
        self.outc = nn.Conv2d(16, out_channels, kernel_size=1)

    def forward(self, x):
        *skips, deep = self.encoder(x).values()
        y = self.center(deep)
        for up, skip in zip(self.decoder, reversed(skips)):
            y = up(y, skip)
        return self.outc(nn.functional.interpolate(y, x.shape[-2:], mode="bilinear")).sigmoid()
""",
        True,
    ),
    (
        "bicubic-before-the-sigmoid-and-align-corners",
        edit(
            PLAIN,
            ('size=size, mode="bilinear", align_corners=False', 'size=size, mode="bicubic", align_corners=True'),
            (RESIZE, '        x1 = F.interpolate(x1, size=tuple(x2.shape[-2:]), mode="area")\n'),
        ),
        True,
    ),
    (
        "torchvision-resize",
        edit(
            PLAIN,
            (
                "from torchvision.models import",
                "import torchvision.transforms.functional as TF\nfrom torchvision.models import",
            ),
            (END, "        return TF.resize(torch.sigmoid(self.outc(x)), list(size), antialias=True)\n"),
            (RESIZE, "        x1 = TF.resize(x1, list(x2.shape[-2:]), antialias=False)\n"),
        ),
        True,
    ),
    (
        "upsample-layers-made-on-the-way",
        edit(
            PLAIN,
            (RESIZE, "        x1 = nn.Upsample(size=x2.shape[-2:], mode='nearest-exact')(x1)\n"),
            (END, "        return nn.Sequential(self.outc, nn.Sigmoid(), nn.Upsample(size=tuple(size)))(x)\n"),
        ),
        True,
    ),
    (
        "smart-up-inherits-from-double-conv-and-interpolates-one-side-at-a-time",
        edit(
            PLAIN,
            (
                SMART.partition("class SmartUp")[2],
                """(DoubleConv):
    def __init__(self, in_channels: int, skip_channels: int, out_channels: int, mode: str = "nearest") -> None:
        super().__init__(skip_channels * 2, out_channels)
        self.mode = mode
        self.enlarge = nn.ConvTranspose2d(in_channels, skip_channels, 2, 2)

    def forward(self, x1: torch.Tensor, x2: torch.Tensor) -> torch.Tensor:
        y = self.enlarge(x1)
        if y.size(2) != x2.size(2):
            y = F.interpolate(y, (x2.size(2), y.size(3)), mode=self.mode)
        if y.size(3) != x2.size(3):
            y = F.interpolate(y, (y.size(2), x2.size(3)), mode=self.mode)
        return super().forward(torch.cat((y, x2), dim=1))
""",
            ),
        ),
        True,
    ),
    (
        "gradients-through-the-encoder-only-when-unfrozen",
        edit(
            LOOPS,
            (
                "        for number, stage in enumerate(self.stages):\n            x = stage(x)\n",
                "        asleep = not any(p.requires_grad for p in self.stages.parameters())\n"
                "        for number, stage in enumerate(self.stages):\n"
                "            with torch.set_grad_enabled(torch.is_grad_enabled() and not asleep):\n"
                "                x = stage(x)\n",
            ),
        ),
        True,
    ),
    (
        "first-convolution-replaced-for-other-inputs",
        edit(
            PLAIN,
            (
                "        self.inc = features[0:2]\n",
                "        if in_channels != 3:\n"
                "            features[0][0] = nn.Conv2d(in_channels, 32, 3, stride=2, padding=1, bias=False)\n"
                "        self.inc = nn.Sequential(features[0], features[1])\n",
            ),
            ("features[5:8]", "nn.Sequential(*(features[i] for i in range(5, 8)))"),
        ),
        True,
    ),
    (
        "pretrained-network-kept-and-copied",
        edit(
            PLAIN,
            (NETWORK, "deepcopy(pretrained())"),
            (
                "\n\nclass UNetEfficient(nn.Module)",
                "\n\nfrom copy import deepcopy\nfrom functools import cache\n\n\n"
                f"@cache\ndef pretrained():\n    return {NETWORK}.eval()\n\n\n"
                "class UNetEfficient(nn.Module)",
            ),
        ),
        True,
    ),
    (
        "norms-put-to-sleep-by-their-own-train-method",
        edit(
            PLAIN,
            (
                "\n\nclass UNetEfficient(nn.Module)",
                "\n\nclass Still(nn.Module):\n"
                "    def __init__(self, body):\n"
                "        super().__init__()\n"
                "        self.body = body.eval()\n\n"
                "    def train(self, mode=True):\n"
                "        self.training = mode\n"
                "        awake = any(p.requires_grad for p in self.body.parameters())\n"
                "        self.body.train(mode and awake)\n"
                "        return self\n\n"
                "    def forward(self, x):\n"
                "        return self.body(x)\n\n\n"
                "class UNetEfficient(nn.Module)",
            ),
            ("features[0:2]", "Still(features[0:2])"),
            ("features[2]", "Still(features[2])"),
            ("features[3]", "Still(features[3])"),
            ("features[4]", "Still(features[4])"),
            ("features[5:8]", "Still(features[5:8])"),
        ),
        True,
    ),
    (
        "intermediate-layer-getter",
        edit(
            LOOPS,
            (
                "\n\nclass UNetEfficient",
                "\n\nfrom torchvision.models._utils import IntermediateLayerGetter\n\n\nclass UNetEfficient",
            ),
            (
                "self.stages = nn.ModuleList(net.features[:8])",
                "self.stages = IntermediateLayerGetter(net.features, {str(i): f'level{i}' for i in (1, 2, 3, 4, 7)})",
            ),
            (
                "        maps = []\n        for number, stage in enumerate(self.stages):\n            x = stage(x)\n"
                "            if number in (1, 2, 3, 4, 7):\n                maps.append(x)\n",
                "        maps = list(self.stages(x).values())\n",
            ),
        ),
        True,
    ),
    (
        "encoder-known-by-two-names",
        edit(
            PLAIN,
            (
                FREEZE,
                "        self.encoder = nn.ModuleList([self.inc, self.down1, self.down2, self.down3, self.down4])\n"
                "        self.encoder.requires_grad_(False)\n",
            ),
            (
                "    def forward(self, x):\n        size",
                "    def train(self, mode=True):\n        super().train(mode)\n        self.encoder.eval()\n        return self\n\n"
                "    def forward(self, x):\n        size",
            ),
        ),
        True,
    ),
    (
        "whole-network-kept-with-its-end-taken-out",
        edit(
            LOOPS,
            (
                "        self.stages = nn.ModuleList(net.features[:8])\n",
                "        net.classifier, net.avgpool, net.features[8] = nn.Identity(), nn.Identity(), nn.Identity()\n"
                "        self.backbone = net\n",
            ),
            ("self.stages.eval()", "self.backbone.eval()"),
            ("enumerate(self.stages)", "enumerate(self.backbone.features)"),
        ),
        True,
    ),
    (
        "frozen-batch-norms-of-torchvision",
        edit(
            PLAIN,
            (
                "\n\nclass UNetEfficient(nn.Module)",
                "\n\nfrom torchvision.ops import FrozenBatchNorm2d\n\n\n"
                "def still(module):\n"
                "    for name, part in module.named_children():\n"
                "        if isinstance(part, nn.BatchNorm2d):\n"
                "            fixed = FrozenBatchNorm2d(part.num_features, eps=part.eps)\n"
                "            fixed.load_state_dict(part.state_dict())\n"
                "            setattr(module, name, fixed)\n"
                "        else:\n"
                "            still(part)\n"
                "    return module\n\n\n"
                "class UNetEfficient(nn.Module)",
            ),
            (NETWORK, f"still({NETWORK})"),
        ),
        True,
    ),
    # wrong from here on
    (
        "frozen-sequential-that-never-sees-evaluation-mode",
        edit(
            PLAIN,
            (
                "\n\nclass UNetEfficient(nn.Module)",
                "\n\nclass Frozen(nn.Sequential):\n"
                "    def __init__(self, *parts):\n"
                "        super().__init__(*parts)\n"
                "        self.requires_grad_(False).eval()\n\n"
                "    def train(self, mode=True):\n"
                "        return self\n\n\n"
                "class UNetEfficient(nn.Module)",
            ),
            ("features[0:2]", "Frozen(*features[:2])"),
            ("self.down1 = features[2]", "self.down1 = Frozen(features[2])"),
            ("self.down2 = features[3]", "self.down2 = Frozen(features[3])"),
            ("self.down3 = features[4]", "self.down3 = Frozen(features[4])"),
            ("features[5:8]", "Frozen(*features[5:-1])"),
            (FREEZE, ""),
        ),
        False,
    ),
    ("random-weights", edit(PLAIN, ("weights=EfficientNet_B0_Weights.DEFAULT", "weights=None")), False),
    (
        "last-stages-from-a-network-without-weights",
        edit(PLAIN, ("features[5:8]", "efficientnet_b0().features[5:8]")),
        False,
    ),
    (
        "last-stage-only-from-a-network-without-weights",
        edit(PLAIN, ("features[5:8]", "nn.Sequential(features[5], features[6], efficientnet_b0().features[7])")),
        False,
    ),
    (
        "weights-overwritten-by-initialisation",
        edit(
            PLAIN,
            (
                "    def forward(self, x):\n        size",
                "        for module in self.modules():\n"
                "            if isinstance(module, nn.Conv2d):\n"
                "                nn.init.kaiming_normal_(module.weight)\n\n"
                "    def forward(self, x):\n        size",
            ),
        ),
        False,
    ),
    (
        "statistics-of-the-encoder-reset",
        edit(
            PLAIN,
            (
                FREEZE,
                FREEZE
                + "        for m in self.modules():\n            if isinstance(m, nn.BatchNorm2d):\n                m.reset_running_stats()\n",
            ),
        ),
        False,
    ),
    (
        "loaded-into-another-network-and-not-used",
        edit(
            PLAIN,
            (
                f"features = {NETWORK}",
                "net = efficientnet_b0()\n"
                "        weights = EfficientNet_B0_Weights.DEFAULT.get_state_dict(progress=False)\n"
                "        net.load_state_dict({f'net.{key}': value for key, value in weights.items()}, strict=False)\n"
                "        features = net.features",
            ),
        ),
        False,
    ),
    ("not-frozen", frozen(""), False),
    ("frozen-by-a-misspelt-attribute", frozen(FREEZE.replace("requires_grad", "require_grad")), False),
    (
        "attribute-of-the-modules",
        frozen(
            "        for part in (self.inc, self.down1, self.down2, self.down3, self.down4):\n            part.requires_grad = False\n"
        ),
        False,
    ),
    ("evaluation-mode-only", frozen("        self.eval()\n"), False),
    (
        "last-part-not-frozen",
        frozen(
            "        for part in (self.inc, self.down1, self.down2, self.down3):\n            part.requires_grad_(False)\n"
        ),
        False,
    ),
    (
        "convolutions-frozen-norms-not",
        frozen(
            "        for part in self.modules():\n            if isinstance(part, nn.Conv2d):\n                part.requires_grad_(False)\n"
        ),
        False,
    ),
    (
        "norms-frozen-convolutions-not",
        frozen(
            "        for part in self.modules():\n            if isinstance(part, nn.BatchNorm2d):\n                part.eval().requires_grad_(False)\n"
        ),
        False,
    ),
    (
        "weights-frozen-biases-not",
        frozen(
            "        for name, p in self.named_parameters():\n            p.requires_grad = not name.endswith('weight')\n"
        ),
        False,
    ),
    (
        "encoder-run-without-gradient-and-not-frozen",
        edit(
            LOOPS,
            ("        net.requires_grad_(False)\n", ""),
            ("            x = stage(x)\n", "            with torch.no_grad():\n                x = stage(x)\n"),
        ),
        False,
    ),
    (
        "encoder-in-inference-mode",
        edit(
            LOOPS,
            ("            x = stage(x)\n", "            with torch.inference_mode():\n                x = stage(x)\n"),
        ),
        False,
    ),
    (
        "everything-frozen",
        edit(
            PLAIN,
            (FREEZE, ""),
            (
                "        self.outc = nn.Conv2d(16, out_channels, 1)\n",
                "        self.outc = nn.Conv2d(16, out_channels, 1)\n" + FREEZE,
            ),
        ),
        False,
    ),
    ("centre-frozen-too", edit(PLAIN, (FREEZE, ""), ("        self.up1 =", FREEZE + "        self.up1 =")), False),
    (
        "encoder-in-a-plain-list",
        edit(
            LOOPS,
            ("self.stages = nn.ModuleList(net.features[:8])", "self.stages = list(net.features[:8])"),
            ("        self.stages.eval()\n", "        [stage.eval() for stage in self.stages]\n"),
        ),
        False,
    ),
    (
        "first-block-only-of-the-sixth-stage",
        edit(PLAIN, ("features[5:8]", "nn.Sequential(features[5], features[6][0], features[7])")),
        False,
    ),
    ("always-in-evaluation", edit(LOOPS, ("super().train(mode)", "super().train(False)")), False),
    (
        "decoder-kept-in-evaluation-with-the-encoder",
        edit(LOOPS, ("self.stages.eval()\n", "self.stages.eval()\n        self.ups.eval()\n")),
        False,
    ),
    ("centre-is-one-by-one", edit(PLAIN, ("DoubleConv(320, 512)", "nn.Conv2d(320, 512, 1)")), False),
    (
        "centre-twice",
        edit(PLAIN, ("DoubleConv(320, 512)", "nn.Sequential(DoubleConv(320, 512), DoubleConv(512, 512))")),
        False,
    ),
    (
        "dropout-after-the-centre",
        edit(PLAIN, ("DoubleConv(320, 512)", "nn.Sequential(DoubleConv(320, 512), nn.Dropout2d(0.2))")),
        False,
    ),
    ("centre-not-heard", edit(PLAIN, ("self.up1(x5, x4)", "self.up1(torch.zeros_like(x5), x4)")), False),
    ("centre-detached", edit(PLAIN, ("self.up1(x5, x4)", "self.up1(x5.detach(), x4)")), False),
    ("first-skip-zeroed", edit(PLAIN, ("self.up4(x, x1)", "self.up4(x, torch.zeros_like(x1))")), False),
    (
        "deepest-skip-zeroed-in-training",
        edit(PLAIN, ("self.up1(x5, x4)", "self.up1(x5, x4 * (not self.training))")),
        False,
    ),
    ("skip-of-another-image", edit(PLAIN, ("self.up2(x, x3)", "self.up2(x, x3.flip(0))")), False),
    (
        "decoder-of-other-widths",
        edit(PLAIN, ("(512, 80, 80)", "(512, 80, 64)"), ("(80, 40, 40)", "(64, 40, 40)")),
        False,
    ),
    (
        "output-doubled-whatever-the-input",
        edit(PLAIN, ('size=size, mode="bilinear"', 'scale_factor=2, mode="bilinear"')),
        False,
    ),
    ("output-64-pixels-whatever-the-input", edit(PLAIN, ("size=size,", "size=(64, 64),")), False),
    ("output-square", edit(PLAIN, ("size=size,", "size=size[0],")), False),
    ("output-sides-exchanged", edit(PLAIN, ("size=size,", "size=size[::-1],")), False),
    (
        "output-enlarged-by-a-transposed-convolution",
        edit(
            PLAIN,
            (
                "nn.Conv2d(16, out_channels, 1)",
                "nn.Sequential(nn.ConvTranspose2d(16, 16, 2, stride=2), nn.Conv2d(16, out_channels, 1))",
            ),
        ),
        False,
    ),
    (
        "output-enlarged-around-zeros",
        ended(
            "        y = torch.sigmoid(self.outc(x))\n"
            "        out = y.new_zeros(*y.shape[:2], *size)\n"
            "        out[..., ::2, ::2] = y\n"
            "        return out\n"
        ),
        False,
    ),
    ("no-sigmoid", ended(END.replace("torch.sigmoid(x)", "x")), False),
    ("sigmoid-twice", ended(END.replace("self.outc(x)", "self.outc(x).sigmoid()")), False),
    (
        "sigmoid-in-evaluation-only",
        ended(END.replace("torch.sigmoid(x)", "x if self.training else torch.sigmoid(x)")),
        False,
    ),
    (
        "softmax-for-several-channels",
        ended(END.replace("torch.sigmoid(x)", "torch.sigmoid(x) if x.size(1) == 1 else x.softmax(1)")),
        False,
    ),
    ("out-channels-ignored", edit(PLAIN, ("nn.Conv2d(16, out_channels, 1)", "nn.Conv2d(16, 1, 1)")), False),
    (
        "three-by-three-head",
        edit(PLAIN, ("nn.Conv2d(16, out_channels, 1)", "nn.Conv2d(16, out_channels, 3, padding=1)")),
        False,
    ),
    (
        "image-enlarged-to-224-first",
        edit(PLAIN, ("self.inc(x)", "self.inc(F.interpolate(x, (224, 224), mode='bilinear'))")),
        False,
    ),
    ("image-normalised-once-more", edit(PLAIN, ("self.inc(x)", "self.inc((x - 0.45) / 0.225)")), False),
    ("image-made-grey", edit(PLAIN, ("self.inc(x)", "self.inc(x.mean(1, keepdim=True).expand(-1, 3, -1, -1))")), False),
    (
        "classification-network-b1-with-b0-weights-where-they-fit",
        edit(
            PLAIN,
            (
                f"features = {NETWORK}",
                "from torchvision.models import efficientnet_b1\n"
                "        net = efficientnet_b1()\n"
                "        net.load_state_dict(EfficientNet_B0_Weights.DEFAULT.get_state_dict(progress=False), strict=False)\n"
                "        features = net.features",
            ),
        ),
        False,
    ),
    (
        "smart-up-pads-and-crops",
        resized("        x1 = F.pad(x1, (0, x2.size(3) - x1.size(3), 0, x2.size(2) - x1.size(2)))\n"),
        False,
    ),
    (
        "smart-up-crops-what-is-too-large",
        resized(RESIZE.replace("        if", "        x1 = x1[..., : x2.size(2), : x2.size(3)]\n        if")),
        False,
    ),
    (
        "smart-up-resizes-the-skip",
        resized(RESIZE.replace("x1 = F.interpolate(x1, size=x2", "x2 = F.interpolate(x2, size=x1")),
        False,
    ),
    (
        "smart-up-compares-the-height-only",
        resized(RESIZE.replace("x1.shape[2:] != x2.shape[2:]", "x1.shape[2] != x2.shape[2]")),
        False,
    ),
    (
        "smart-up-only-enlarges",
        resized(
            RESIZE.replace("x1.shape[2:] != x2.shape[2:]", "x1.shape[2] < x2.shape[2] or x1.shape[3] < x2.shape[3]")
        ),
        False,
    ),
    ("smart-up-square-target", resized(RESIZE.replace("size=x2.shape[2:]", "size=x2.shape[-1]")), False),
    (
        "smart-up-interpolates-before-the-transposed-convolution",
        edit(
            PLAIN,
            (
                "        x1 = self.up(x1)\n",
                "        x1 = F.interpolate(x1, size=[(side + 1) // 2 for side in x2.shape[2:]])\n        x1 = self.up(x1)\n",
            ),
            (RESIZE, "        x1 = x1[..., : x2.size(2), : x2.size(3)]\n"),
        ),
        False,
    ),
    (
        "smart-up-without-transposed-convolution",
        edit(
            PLAIN,
            (
                "nn.ConvTranspose2d(in_channels, skip_channels, kernel_size=2, stride=2)",
                "nn.Conv2d(in_channels, skip_channels, 1)",
            ),
        ),
        False,
    ),
    (
        "smart-up-with-kernel-four",
        edit(PLAIN, ("kernel_size=2, stride=2)", "kernel_size=4, stride=2, padding=1)")),
        False,
    ),
    ("smart-up-with-stride-one", edit(PLAIN, ("kernel_size=2, stride=2)", "kernel_size=2, stride=1)")), False),
    ("smart-up-adds-the-skip", edit(PLAIN, ("torch.cat([x2, x1], dim=1)", "torch.cat([x1 + x2, x1], dim=1)")), False),
    ("smart-up-joins-twice-the-same", edit(PLAIN, ("torch.cat([x2, x1], dim=1)", "torch.cat([x1, x1], dim=1)")), False),
    ("smart-up-detaches-what-comes-from-below", edit(PLAIN, ("x1 = self.up(x1)", "x1 = self.up(x1.detach())")), False),
    (
        "smart-up-relu-after-the-transposed-convolution",
        edit(PLAIN, ("x1 = self.up(x1)", "x1 = F.relu(self.up(x1))")),
        False,
    ),
    (
        "smart-up-skip-counted-as-in-half",
        edit(
            PLAIN,
            ("nn.ConvTranspose2d(in_channels, skip_channels,", "nn.ConvTranspose2d(in_channels, in_channels // 2,"),
            ("DoubleConv(2 * skip_channels", "DoubleConv(in_channels // 2 + skip_channels"),
        ),
        False,
    ),
    (
        "smart-up-out-channels-are-the-skips",
        edit(PLAIN, ("DoubleConv(2 * skip_channels, out_channels)", "DoubleConv(2 * skip_channels, skip_channels)")),
        False,
    ),
]
