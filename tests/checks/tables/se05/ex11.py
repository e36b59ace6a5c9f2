"""Right and wrong answers to exercise 11, the U-Net on a pretrained EfficientNet-B0."""

from tests.checks.answers import Wrong
from tests.checks.rewriting import swap

STEP = """
class SmartUp(nn.Module):
    def __init__(self, in_channels, skip_channels, out_channels):
        super().__init__()
        self.up = nn.ConvTranspose2d(in_channels, skip_channels, kernel_size=2, stride=2)
        self.conv = DoubleConv(skip_channels * 2, out_channels)

    def forward(self, x1, x2):
        x1 = self.up(x1)
        if x1.shape[2:] != x2.shape[2:]:
            x1 = F.interpolate(x1, size=x2.shape[2:], mode="bilinear", align_corners=False)
        x = torch.cat([x2, x1], dim=1)
        return self.conv(x)
"""
UP = "nn.ConvTranspose2d(in_channels, skip_channels, kernel_size=2, stride=2)"
FIT = 'F.interpolate(x1, size=x2.shape[2:], mode="bilinear", align_corners=False)'
CAT = "torch.cat([x2, x1], dim=1)"
JOINED = "DoubleConv(skip_channels * 2, out_channels)"

NET = """
class UNetEfficient(nn.Module):
    def __init__(self, in_channels=3, out_channels=1):
        super().__init__()
        encoder = efficientnet_b0(weights=EfficientNet_B0_Weights.DEFAULT)
        features = encoder.features
        self.inc = features[0:2]
        self.down1 = features[2]
        self.down2 = features[3]
        self.down3 = features[4]
        self.down4 = features[5:8]
        for part in (self.inc, self.down1, self.down2, self.down3, self.down4):
            for p in part.parameters():
                p.requires_grad = False
        self.center = DoubleConv(320, 512)
        self.up1 = SmartUp(512, 80, 80)
        self.up2 = SmartUp(80, 40, 40)
        self.up3 = SmartUp(40, 24, 24)
        self.up4 = SmartUp(24, 16, 16)
        self.outc = nn.Conv2d(16, out_channels, kernel_size=1)

    def forward(self, x):
        x1 = self.inc(x)
        x2 = self.down1(x1)
        x3 = self.down2(x2)
        x4 = self.down3(x3)
        x5 = self.down4(x4)
        y = self.center(x5)
        y = self.up1(y, x4)
        y = self.up2(y, x3)
        y = self.up3(y, x2)
        y = self.up4(y, x1)
        y = self.outc(y)
        y = F.interpolate(y, size=x.shape[2:], mode="bilinear", align_corners=False)
        return torch.sigmoid(y)
"""
LOAD = "efficientnet_b0(weights=EfficientNet_B0_Weights.DEFAULT)"
FREEZE = NET[NET.index("        for part") : NET.index("        self.center")]
ENCODER = NET[NET.index("        encoder = ") : NET.index("        self.center")]
DECODER = NET[NET.index("        self.center") : NET.index("\n    def forward")]
RUN = NET[NET.index("        x1 = ") : NET.index("        y = self.center")]
LAST = NET[NET.index("        y = self.outc(y)") :]
SIZED = 'F.interpolate(y, size=x.shape[2:], mode="bilinear", align_corners=False)'
SET = "p.requires_grad = False"

WHOLE = swap(
    NET,
    (ENCODER, f"        self.encoder = {LOAD}\n        self.encoder.requires_grad_(False)\n"),
    (RUN, "        maps, z = {}, x\n        for k, stage in enumerate(self.encoder.features[:8]):\n            z = stage(z)\n            maps[k] = z\n        x1, x2, x3, x4, x5 = (maps[k] for k in (1, 2, 3, 4, 7))\n"),
)  # fmt: skip
EXTRACTOR = swap(
    NET,
    (ENCODER, f"        nodes = {{'features.1': 'a', 'features.2': 'b', 'features.3': 'c', 'features.4': 'd', 'features.7': 'e'}}\n        self.encoder = create_feature_extractor({LOAD}, return_nodes=nodes)\n        for p in self.encoder.parameters():\n            {SET}\n"),
    (RUN, "        x1, x2, x3, x4, x5 = self.encoder(x).values()\n"),
)  # fmt: skip
STILL = "\n    def train(self, mode=True):\n        super().train(mode)\n        for part in (self.inc, self.down1, self.down2, self.down3, self.down4):\n            part.eval()\n        return self\n"
IMPORT = "from torchvision.models.feature_extraction import create_feature_extractor\n"

RIGHT = {
    "attributes": STEP + NET,
    "network only": NET,
    "step only": STEP,
    "encoder kept in evaluation mode": NET + STILL,
    "always interpolated": swap(STEP, ("        if x1.shape[2:] != x2.shape[2:]:\n            x1", "        x1")),
    "the other order": swap(STEP, (CAT, "torch.cat((x1, x2), 1)")),
    "nearest": swap(STEP, (FIT, "F.interpolate(x1, size=x2.shape[2:])")),
    "nearest-exact": swap(STEP, (FIT, "F.interpolate(x1, size=x2.shape[-2:], mode='nearest-exact')")),
    "bicubic": swap(STEP, (FIT, "F.interpolate(x1, x2.shape[2:], mode='bicubic')")),
    "corners aligned": swap(STEP, ("align_corners=False", "align_corners=True")),
    "area": swap(STEP, (FIT, "F.interpolate(x1, size=x2.shape[2:], mode='area')")),
    "antialiased": swap(STEP, (FIT, "F.interpolate(x1, size=x2.shape[2:], mode='bilinear', antialias=True)")),
    "an upsampling module": swap(STEP, (FIT, "nn.Upsample(size=x2.shape[2:], mode='bilinear')(x1)")),
    "torchvision's resize": "from torchvision.transforms.functional import resize\n" + swap(STEP, (FIT, "resize(x1, list(x2.shape[2:]))")),
    "torchvision's resize, nearest": "import torchvision\n" + swap(STEP, (FIT, "torchvision.transforms.functional.resize(x1, x2.shape[2:], torchvision.transforms.InterpolationMode.NEAREST)")),
    "scale factors": swap(STEP, (FIT, "F.interpolate(x1, scale_factor=[s / b for s, b in zip(x2.shape[2:], x1.shape[2:])], mode='bilinear')")),
    "adaptive pooling": swap(STEP, (FIT, "F.adaptive_avg_pool2d(x1, x2.shape[2:])")),
    "a subclass of Up": "class SmartUp(Up):\n    def __init__(self, i, s, o):\n        super().__init__(2 * s, o)\n        self.upsample = nn.ConvTranspose2d(i, s, 2, stride=2, bias=False)\n    def forward(self, below, skip):\n        below = F.interpolate(self.upsample(below), size=tuple(skip.shape[2:]), mode='bilinear')\n        return self.conv(torch.concat([below, skip], 1))\n",
    "ImageNet's version 1": swap(NET, (".DEFAULT", ".IMAGENET1K_V1")),
    "weights as a string": swap(NET, (LOAD, "efficientnet_b0(weights='DEFAULT')")),
    "version as a string": swap(NET, (LOAD, "efficientnet_b0(weights='IMAGENET1K_V1')")),
    "pretrained=True": "import torchvision\n" + swap(NET, (LOAD, "torchvision.models.efficientnet_b0(pretrained=True)")),
    "get_model": "from torchvision.models import get_model\n" + swap(NET, (LOAD, "get_model('efficientnet_b0', weights='DEFAULT')")),
    "weights loaded by hand": swap(NET, (LOAD, "efficientnet_b0()\n        encoder.load_state_dict(EfficientNet_B0_Weights.DEFAULT.get_state_dict(progress=False, check_hash=True))")),
    "weights from their address": swap(NET, (LOAD, "efficientnet_b0()\n        encoder.load_state_dict(torch.hub.load_state_dict_from_url(EfficientNet_B0_Weights.DEFAULT.url))")),
    "weights by a name imported earlier": "from torch.hub import load_state_dict_from_url\n" + swap(NET, (LOAD, "efficientnet_b0()\n        encoder.load_state_dict(load_state_dict_from_url(EfficientNet_B0_Weights.DEFAULT.url, progress=False))")),
    "deepcopy": "import copy\n" + swap(NET, ("features = encoder.features", "features = copy.deepcopy(encoder.features)")),
    "slices wrapped again": swap(NET, ("features[2]\n", "nn.Sequential(features[2])\n"), ("features[5:8]", "nn.Sequential(features[5], features[6], features[7])"), ("features[0:2]", "nn.Sequential(*features[:2])")),
    "slices of one": swap(NET, ("features[2]\n", "features[2:3]\n"), ("features[5:8]", "features[5:-1]")),
    "named children": swap(NET, ("features = encoder.features", "features = list(encoder.children())[0]")),
    "frozen before it is cut": swap(NET, (FREEZE, ""), ("        features =", "        for p in encoder.parameters():\n            p.requires_grad = False\n        features =")),
    "frozen while nothing else is there": swap(NET, (FREEZE, "        for p in self.parameters():\n            p.requires_grad_(False)\n")),
    "frozen by name": swap(NET, (FREEZE, ""), (DECODER, DECODER + "        for name, p in self.named_parameters():\n            if name.split('.')[0] in {'inc', 'down1', 'down2', 'down3', 'down4'}:\n                p.requires_grad = False\n")),
    "frozen by setattr": swap(NET, (SET, "setattr(p, 'requires_grad', False)")),
    "frozen by requires_grad_": swap(NET, (FREEZE, "        encoder.requires_grad_(requires_grad=False)\n")),
    "a method freezes": swap(NET, (FREEZE, ""), (DECODER, DECODER + "        self.freeze()\n\n    def freeze(self, frozen=True):\n        for part in (self.inc, self.down1, self.down2, self.down3, self.down4):\n            part.requires_grad_(not frozen)\n")),
    "the whole backbone": WHOLE,
    "the whole backbone, still": WHOLE + "\n    def train(self, mode=True):\n        super().train(mode)\n        self.encoder.eval()\n        return self\n",
    "only the used half of the backbone frozen": swap(WHOLE, ("self.encoder.requires_grad_(False)", "self.encoder.features[:8].requires_grad_(False)")),
    "a feature extractor": IMPORT + EXTRACTOR,
    "a feature extractor, still": IMPORT + EXTRACTOR + "\n    def train(self, mode=True):\n        super().train(mode)\n        self.encoder.train(False)\n        return self\n",
    "a layer getter": "from torchvision.models._utils import IntermediateLayerGetter\n" + swap(NET, (ENCODER, f"        self.encoder = IntermediateLayerGetter({LOAD}.features, {{'1': 'a', '2': 'b', '3': 'c', '4': 'd', '7': 'e'}}).requires_grad_(False)\n"), (RUN, "        x1, x2, x3, x4, x5 = self.encoder(x).values()\n")),
    "hooks": swap(WHOLE, ("for k, stage in enumerate(self.encoder.features[:8]):\n            z = stage(z)\n            maps[k] = z\n", "handles = [stage.register_forward_hook(lambda m, i, o, k=k: maps.update({k: o})) for k, stage in enumerate(self.encoder.features)]\n        self.encoder.features[:8](z)\n        for handle in handles:\n            handle.remove()\n")),
    "stages from the start each time": swap(WHOLE, ("for k, stage in enumerate(self.encoder.features[:8]):\n            z = stage(z)\n            maps[k] = z\n", "for k in (1, 2, 3, 4, 7):\n            maps[k] = self.encoder.features[: k + 1](x)\n")),
    "a module list": swap(NET, (ENCODER, f"        f = {LOAD}.features.requires_grad_(False)\n        self.stages = nn.ModuleList([f[:2], f[2], f[3], f[4], f[5:8]])\n"), (RUN, "        maps = [x]\n        for stage in self.stages:\n            maps.append(stage(maps[-1]))\n        _, x1, x2, x3, x4, x5 = maps\n")),
    "an encoder class": "class Encoder(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.net = efficientnet_b0(weights=EfficientNet_B0_Weights.IMAGENET1K_V1).features\n        self.requires_grad_(False)\n    def train(self, mode=True):\n        return super().train(False)\n    def forward(self, x):\n        out = []\n        for k in range(8):\n            x = self.net[k](x)\n            if k in (1, 2, 3, 4, 7):\n                out.append(x)\n        return out\n"
    + swap(NET, (ENCODER, "        self.encoder = Encoder()\n"), (RUN, "        x1, x2, x3, x4, x5 = self.encoder(x)\n")),
    "decoder in a loop": swap(NET, (DECODER, "        self.center = DoubleConv(320, 512)\n        self.ups = nn.ModuleList(SmartUp(*c) for c in ((512, 80, 80), (80, 40, 40), (40, 24, 24), (24, 16, 16)))\n        self.outc = nn.Conv2d(16, out_channels, 1)\n"), (NET[NET.index("        y = self.up1") : NET.index("        y = self.outc")], "        for up, skip in zip(self.ups, (x4, x3, x2, x1)):\n            y = up(y, skip)\n")),
    "encoder without gradients": swap(NET, (RUN, "        with torch.no_grad():\n" + "".join("    " + line + "\n" for line in RUN.splitlines()))),
    "skips detached": swap(NET, ("        y = self.center(x5)\n", "        x1, x2, x3, x4, x5 = (m.detach() for m in (x1, x2, x3, x4, x5))\n        y = self.center(x5)\n")),
    "sigmoid before resizing": swap(NET, (LAST, "        y = torch.sigmoid(self.outc(y))\n        return F.interpolate(y, size=x.shape[2:], mode='bilinear', align_corners=False)\n")),
    "resized by the nearest": swap(NET, (SIZED, "F.interpolate(y, size=x.shape[-2:])")),
    "resized by bicubic": swap(NET, (LAST, "        y = torch.sigmoid(self.outc(y))\n        return F.interpolate(y, size=x.shape[2:], mode='bicubic')\n")),
    "resized with corners aligned": swap(NET, (SIZED, "F.interpolate(y, size=(x.size(2), x.size(3)), mode='bilinear', align_corners=True)")),
    "resized by torchvision": "from torchvision.transforms import functional as TF\n" + swap(NET, (SIZED, "TF.resize(y, [x.shape[2], x.shape[3]], antialias=True)")),
    "resized by a module": swap(NET, (SIZED, "nn.Upsample(size=x.shape[2:], mode='bilinear')(y)")),
    "resized before the last convolution": swap(NET, (LAST, "        y = F.interpolate(y, size=x.shape[2:], mode='bilinear', align_corners=False)\n        return self.outc(y).sigmoid()\n")),
    "resized if needed": swap(NET, ("y = " + SIZED, "if y.shape[2:] != x.shape[2:]:\n            y = " + SIZED)),
    "sigmoid module": swap(NET, ("torch.sigmoid(y)", "nn.Sigmoid()(y)")),
    "a head of its own": swap(NET, ("self.outc = nn.Conv2d(16, out_channels, kernel_size=1)", "self.outc = nn.Sequential(nn.Conv2d(16, out_channels, 1), nn.Sigmoid())"), ("return torch.sigmoid(y)", "return y")),
    "frozen batch norms": "from torchvision.ops import FrozenBatchNorm2d\ndef freeze_norms(module):\n    for name, child in module.named_children():\n        if isinstance(child, nn.BatchNorm2d):\n            frozen = FrozenBatchNorm2d(child.num_features, child.eps)\n            frozen.load_state_dict({k: v for k, v in child.state_dict().items() if 'num' not in k})\n            setattr(module, name, frozen)\n        else:\n            freeze_norms(child)\n" + swap(NET, ("        features =", "        freeze_norms(encoder)\n        features =")),
    "channels found by a dry run": swap(NET, (DECODER, "        with torch.no_grad():\n            z, sizes = torch.zeros(1, 3, 64, 64), []\n            for part in (self.inc, self.down1, self.down2, self.down3, self.down4):\n                z = part(z)\n                sizes.append(z.shape[1])\n" + DECODER.replace("DoubleConv(320,", "DoubleConv(sizes[4],").replace("SmartUp(512, 80, 80)", "SmartUp(512, sizes[3], sizes[3])"))),
    "lazy last layer": swap(NET, ("nn.Conv2d(16, out_channels, kernel_size=1)", "nn.LazyConv2d(out_channels, 1)")),
    "refuses other channels": swap(NET, ("        encoder =", "        assert in_channels == 3, 'RGB only'\n        encoder =")),
    "gray images by a mean": swap(NET, ("x1 = self.inc(x)", "x1 = self.inc(x if x.shape[1] == 3 else x.expand(-1, 3, -1, -1))")),
    "decoder initialised": swap(NET, (DECODER, DECODER + "        for part in (self.center, self.up1, self.up2, self.up3, self.up4):\n            for m in part.modules():\n                if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d)):\n                    nn.init.kaiming_normal_(m.weight)\n")),
    "steps written out": swap(NET, (DECODER, DECODER + "        self.final = self.outc\n"), ("y = self.outc(y)", "y = self.final(y)")),
}  # fmt: skip

JOINS, RESIZES, RANGE, HOLDS, FREEZES, LEVELS = (
    "smart_up_joins", "smart_up_resizes", "puts_out_probabilities", "holds_pretrained_weights", "freezes_the_encoder_only", "joins_the_levels",
)  # fmt: skip
INIT = "        for m in self.modules():\n            if isinstance(m, nn.Conv2d):\n                nn.init.kaiming_normal_(m.weight)\n"
WRONG = {
    "Up's channels": Wrong(swap(STEP, (UP, "nn.ConvTranspose2d(in_channels, in_channels // 2, 2, stride=2)"), (JOINED, "DoubleConv(in_channels, out_channels)")), JOINS, "A convolution made for 10 input channels received 11"),
    "double convolution of in and skip": Wrong(swap(STEP, (JOINED, "DoubleConv(in_channels + skip_channels, out_channels)")), JOINS, "A convolution made for 16 input channels received 12"),
    "channels of in kept": Wrong(swap(STEP, (UP, "nn.ConvTranspose2d(in_channels, in_channels, 2, stride=2)"), (JOINED, "DoubleConv(in_channels + skip_channels, out_channels)")), JOINS, "is a transposed convolution 10 → 10, kernel 2x2; expected a transposed convolution 10 → 6"),
    "no skip": Wrong(swap(STEP, (CAT, "x1"), (JOINED, "DoubleConv(skip_channels, out_channels)")), JOINS, "Upsampled map and skip, concatenated, have 12 channels"),
    "skip added": Wrong(swap(STEP, (CAT, "x1 + x2"), (JOINED, "DoubleConv(skip_channels, out_channels)")), JOINS, "Upsampled map and skip, concatenated, have 12 channels"),
    "skip of zeros": Wrong(swap(STEP, (CAT, "torch.cat([torch.zeros_like(x2), x1], dim=1)")), JOINS, "zeros stand where the skip belongs"),
    "skip twice": Wrong(swap(STEP, (CAT, "torch.cat([x2, x2], dim=1)")), JOINS, "the skip is concatenated with itself"),
    "upsampled map twice": Wrong(swap(STEP, (CAT, "torch.cat([x1, x1], dim=1)")), JOINS, "the upsampled map stands there twice"),
    "upsampling without weights": Wrong(swap(STEP, (UP, "nn.Upsample(scale_factor=2)"), (JOINED, "DoubleConv(in_channels + skip_channels, out_channels)")), JOINS, "expected a transposed convolution 10 → 6"),
    "kernel of four": Wrong(swap(STEP, ("kernel_size=2, stride=2", "kernel_size=4, stride=2, padding=1")), JOINS, "kernel 4x4; expected a transposed convolution"),
    "stride of one": Wrong(swap(STEP, ("kernel_size=2, stride=2", "kernel_size=2")), JOINS, "has stride 1; expected 2"),
    "one convolution": Wrong(swap(STEP, (JOINED, "nn.Conv2d(skip_channels * 2, out_channels, 3, padding=1)")), JOINS, "computes 2 convolutions"),
    "no return in SmartUp": Wrong(swap(STEP, ("return self.conv(x)", "self.conv(x)")), JOINS, "is a `return` missing?"),
    "SmartUp with two parameters": Wrong(swap(STEP, ("skip_channels, out_channels):", "out_channels):\n        skip_channels = in_channels // 2")), JOINS, "Compare the parameters in your `def` line"),
    "SmartUp without super().__init__": Wrong(swap(STEP, ("super().__init__()", "pass")), JOINS, "`super().__init__()` has to come first"),
    "skip detached": Wrong(swap(STEP, (CAT, "torch.cat([x2.detach(), x1], dim=1)")), JOINS, "`x2`, the skip"),
    "upsampled map detached": Wrong(swap(STEP, (CAT, "torch.cat([x2, x1.detach()], dim=1)")), JOINS, "`x1`, the map from below"),
    "no resizing in SmartUp": Wrong(swap(STEP, ("        if x1.shape[2:] != x2.shape[2:]:\n            x1 = " + FIT + "\n", "")), RESIZES, "nothing brings the upsampled map to the skip's size"),
    "resized by a fixed factor": Wrong(swap(STEP, (FIT, "F.interpolate(x1, scale_factor=1.1)")), RESIZES, "the upsampled map becomes 11x8 pixels"),
    "resized with height and width swapped": Wrong(swap(STEP, (FIT, "F.interpolate(x1, size=(x2.shape[3], x2.shape[2]))")), RESIZES, "the upsampled map becomes 7x11 pixels"),
    "padded instead of resized": Wrong(swap(STEP, (FIT, "F.pad(x1, [0, x2.size(3) - x1.size(3), 0, x2.size(2) - x1.size(2)])")), RESIZES, "does not arrive as asked for: interpolated to the skip's size"),
    "skip resized": Wrong(swap(STEP, ("x1 = " + FIT, "x2 = F.interpolate(x2, size=x1.shape[2:])")), RESIZES, "not brought to the skip's height and width"),
    "skip cropped": Wrong(swap(STEP, ("x1 = " + FIT, "h, w = (min(a, b) for a, b in zip(x1.shape[2:], x2.shape[2:]))\n            x1, x2 = x1[:, :, :h, :w], x2[:, :, :h, :w]")), RESIZES, "not brought to the skip's height and width"),
    "resized to zeros": Wrong(swap(STEP, (FIT, "torch.zeros_like(x2)")), RESIZES, "zeros stand where the upsampled map belongs"),
    "resized map detached": Wrong(swap(STEP, (FIT, FIT + ".detach()")), RESIZES, "`x1`, the map from below"),
    "no resizing at the end": Wrong(swap(NET, ("        y = " + SIZED + "\n", "")), RANGE, "has shape (2, 1, 32, 48); expected (2, 1, 64, 96)"),
    "output doubled": Wrong(swap(NET, (SIZED, "F.interpolate(y, scale_factor=2, mode='bilinear')")), RANGE, "has shape (2, 1, 52, 70); expected (2, 1, 51, 69)"),
    "output of a fixed size": Wrong(swap(NET, (SIZED, "F.interpolate(y, size=(64, 64))")), RANGE, "has shape (2, 1, 64, 64); expected (2, 1, 64, 96)"),
    "output with height and width swapped": Wrong(swap(NET, (SIZED, "F.interpolate(y, size=(x.shape[3], x.shape[2]))")), RANGE, "has shape (2, 1, 96, 64)"),
    "no sigmoid": Wrong(swap(NET, ("return torch.sigmoid(y)", "return y")), RANGE, "Is the sigmoid missing?"),
    "tanh": Wrong(swap(NET, ("torch.sigmoid", "torch.tanh")), RANGE, "Is the sigmoid missing?"),
    "no last convolution": Wrong(swap(NET, ("        y = self.outc(y)\n", "")), RANGE, "has shape (2, 16, 64, 96)"),
    "out_channels written in": Wrong(swap(NET, ("nn.Conv2d(16, out_channels,", "nn.Conv2d(16, 1,")), RANGE, "the output of `UNetEfficient(3, 2)` has shape (2, 1, 32, 32)"),
    "no return": Wrong(swap(NET, ("return torch.sigmoid(y)", "torch.sigmoid(y)")), RANGE, "is a `return` missing?"),
    "a stage too few": Wrong(swap(NET, ("features[5:8]", "features[5:7]")), RANGE, "A convolution made for 320 input channels received 192"),
    "a stage too many": Wrong(swap(NET, ("features[5:8]", "features[5:9]")), RANGE, "A convolution made for 320 input channels received 1280"),
    "stages one off": Wrong(swap(NET, ("features[0:2]", "features[0:1]")), RANGE, "received"),
    "wrong skip": Wrong(swap(NET, ("self.up1(y, x4)", "self.up1(y, x3)")), RANGE, "received"),
    "center forgotten": Wrong(swap(NET, ("y = self.center(x5)", "y = x5")), RANGE, "A transposed convolution made for 512 input channels received 320"),
    "network without super().__init__": Wrong(swap(NET, ("super().__init__()", "pass")), RANGE, "`super().__init__()` has to come first"),
    "another network's weights": Wrong(swap(NET, (LOAD, "efficientnet_b1(weights='DEFAULT')")), RANGE, "name 'efficientnet_b1' is not defined"),
    "EfficientNet-B1": Wrong("from torchvision.models import efficientnet_b1\n" + swap(NET, (LOAD, "efficientnet_b1(weights='DEFAULT')")), RANGE, "serves the weights of EfficientNet-B0 only"),
    "B1 without weights": Wrong("from torchvision.models import efficientnet_b1\n" + swap(NET, (LOAD, "efficientnet_b1()")), HOLDS, "The encoder ends with `features[1]`"),
    "no weights": Wrong(swap(NET, (LOAD, "efficientnet_b0(weights=None)")), HOLDS, "no pretrained weights were asked for"),
    "weights left out": Wrong(swap(NET, (LOAD, "efficientnet_b0()")), HOLDS, "no pretrained weights were asked for"),
    "pretrained=False": Wrong(swap(NET, (LOAD, "efficientnet_b0(pretrained=False)")), HOLDS, "no pretrained weights were asked for"),
    "weights of another copy": Wrong(swap(NET, (LOAD, f"{LOAD}\n        encoder = efficientnet_b0()")), HOLDS, "it belongs to another network"),
    "weights loaded, not taken over": Wrong(swap(NET, (LOAD, "efficientnet_b0()\n        weights = EfficientNet_B0_Weights.DEFAULT.get_state_dict()")), HOLDS, "it belongs to another network"),
    "everything initialised again": Wrong(swap(NET, (DECODER, DECODER + INIT)), HOLDS, "something replaced parameters afterwards, in every stage"),
    "initialised by apply": Wrong("def initialise(m):\n    if isinstance(m, nn.Conv2d):\n        nn.init.xavier_uniform_(m.weight)\n" + swap(NET, (DECODER, DECODER + "        self.apply(initialise)\n")), HOLDS, "something replaced parameters afterwards, in every stage"),
    "initialised by reset_parameters": Wrong(swap(NET, (DECODER, DECODER + "        for m in self.modules():\n            if hasattr(m, 'reset_parameters'):\n                m.reset_parameters()\n")), HOLDS, "everything in it was initialised again"),
    "first convolution replaced": Wrong(swap(NET, ("        features =", "        encoder.features[0][0] = nn.Conv2d(in_channels, 32, 3, stride=2, padding=1, bias=False)\n        features =")), HOLDS, "something replaced parameters afterwards, in `features[0]`"),
    "last stage not pretrained": Wrong(swap(NET, ("features[5:8]", "nn.Sequential(features[5], features[6], efficientnet_b0().features[7])")), HOLDS, "something replaced parameters afterwards, in `features[7]`"),
    "statistics reset": Wrong(swap(NET, (DECODER, DECODER + "        for m in self.inc.modules():\n            if isinstance(m, nn.BatchNorm2d):\n                m.reset_running_stats()\n")), HOLDS, "the running statistics of batch norms were reset afterwards, in `features[0]`, `features[1]`"),
    "batch norms replaced": Wrong(swap(NET, ("        features =", "        encoder.features[3][0].block[0][1] = nn.BatchNorm2d(144)\n        features =")), HOLDS, "something replaced parameters afterwards, in `features[3]`"),
    "weights halved": Wrong(swap(NET, (FREEZE, FREEZE + "        with torch.no_grad():\n            self.down1[0].block[0][0].weight.mul_(0.5)\n")), HOLDS, "something replaced parameters afterwards, in `features[2]`"),
    "a stage too few, and a decoder that fits": Wrong(swap(NET, ("features[5:8]", "features[5:7]"), ("DoubleConv(320, 512)", "DoubleConv(192, 512)")), HOLDS, "The encoder ends with `features[6]`; `features[7]` is missing"),
    "a stage too many, and a decoder that fits": Wrong(swap(NET, ("features[5:8]", "features[5:]"), ("DoubleConv(320, 512)", "DoubleConv(1280, 512)")), HOLDS, "`features[8]` is computed, too"),
    "only one stage at the bottom": Wrong(swap(NET, ("features[5:8]", "features[5]"), ("DoubleConv(320, 512)", "DoubleConv(112, 512)")), HOLDS, "`features[6]` is missing"),
    "layers of its own": Wrong("class SmallStage(nn.Sequential):\n    def __init__(self, i, o):\n        super().__init__(nn.Conv2d(i, o, 3, stride=2, padding=1), nn.BatchNorm2d(o), nn.ReLU())\n" + swap(NET, (ENCODER[ENCODER.index("        features") :], "        sizes = (3, 16, 24, 40, 80, 320)\n        self.inc, self.down1, self.down2, self.down3, self.down4 = (SmallStage(i, o).requires_grad_(False) for i, o in zip(sizes, sizes[1:]))\n")), HOLDS, "does not begin with the first convolution of EfficientNet-B0"),
    "encoder in a plain list": Wrong(swap(NET, (ENCODER, f"        f = {LOAD}.features.requires_grad_(False).eval()\n        self.stages = [f[:2], f[2], f[3], f[4], f[5:8]]\n"), (RUN, "        maps = [x]\n        for stage in self.stages:\n            maps.append(stage(maps[-1]))\n        _, x1, x2, x3, x4, x5 = maps\n")), HOLDS, "kept in a plain list"),
    "encoder made in forward": Wrong(swap(NET, (ENCODER, ""), (RUN, f"        f = {LOAD}.features.eval()\n        x1 = f[:2](x)\n        x2 = f[2](x1)\n        x3 = f[3](x2)\n        x4 = f[4](x3)\n        x5 = f[5:8](x4)\n")), HOLDS, "not one of its parts"),
    "nothing frozen": Wrong(swap(NET, (FREEZE, "")), FREEZES, "All of the encoder's parameters are still trainable"),
    "a comparison": Wrong(swap(NET, (SET, "p.requires_grad == False")), FREEZES, "A comparison changes no attribute"),
    "require_grad": Wrong(swap(NET, (SET, "p.require_grad = False")), FREEZES, "a new attribute, `require_grad`, which nobody reads: look at the spelling"),
    "requires_gradient": Wrong(swap(NET, (SET, "p.requires_gradient = False")), FREEZES, "a new attribute, `requires_gradient`"),
    "attribute of the module": Wrong(swap(NET, (FREEZE, "        for part in (self.inc, self.down1, self.down2, self.down3, self.down4):\n            part.requires_grad = False\n")), FREEZES, "was set on a module"),
    "method overwritten": Wrong(swap(NET, (SET, "p.requires_grad_ = False")), FREEZES, "was overwritten with a value"),
    "set to True": Wrong(swap(NET, (SET, "p.requires_grad = True")), FREEZES, "All of the encoder's parameters are still trainable"),
    "evaluation mode only": Wrong(swap(NET, (FREEZE, "        encoder.eval()\n")) + STILL, FREEZES, "`eval()` or `no_grad` do not freeze"),
    "no_grad in __init__": Wrong(swap(NET, (FREEZE, "        with torch.no_grad():\n            self.inc, self.down4 = self.inc, self.down4\n")), FREEZES, "All of the encoder's parameters are still trainable"),
    "detached copies frozen": Wrong(swap(NET, (SET, "p.detach().requires_grad = False")), FREEZES, "All of the encoder's parameters are still trainable"),
    "the first parameter of each part": Wrong(swap(NET, (SET, SET + "\n                break")), FREEZES, "of the encoder's"),
    "one part forgotten": Wrong(swap(NET, ("self.down3, self.down4):\n            for", "self.down3):\n            for")), FREEZES, "are still trainable, in `features[5]`, `features[6]`, `features[7]`"),
    "only the last part": Wrong(swap(NET, ("(self.inc, self.down1, self.down2, self.down3, self.down4):\n            for", "(self.down4,):\n            for")), FREEZES, "are still trainable, in `features[0]`"),
    "weights only": Wrong(swap(NET, ("for p in part.parameters():\n                p.requires_grad = False", "for name, p in part.named_parameters():\n                p.requires_grad = not name.endswith('weight')")), FREEZES, "are still trainable, in"),
    "convolutions only": Wrong(swap(NET, ("for p in part.parameters():\n                p.requires_grad = False", "for m in part.modules():\n                if isinstance(m, nn.Conv2d):\n                    m.requires_grad_(False)")), FREEZES, "are still trainable, in"),
    "the whole network": Wrong(swap(NET, (FREEZE, ""), (DECODER, DECODER + "        for p in self.parameters():\n            p.requires_grad = False\n")), FREEZES, "the decoder starts at random and has to learn"),
    "center frozen, too": Wrong(swap(NET, (FREEZE, ""), ("        self.up1 = SmartUp", "        for p in self.parameters():\n            p.requires_grad = False\n        self.up1 = SmartUp")), FREEZES, "4 of the decoder's"),
    "frozen, then thawed": Wrong(swap(NET, (DECODER, DECODER + "        for p in self.parameters():\n            p.requires_grad = True\n")), FREEZES, "All of the encoder's parameters are still trainable"),
    "frozen by a gradient hook that forgets": Wrong(swap(NET, (SET, "p.grad = None")), FREEZES, "All of the encoder's parameters are still trainable"),
    "parameters that hide": Wrong(swap(NET, (FREEZE, "")) + "\n    def parameters(self, recurse=True):\n        return (p for name, p in self.named_parameters() if not name.startswith(('inc', 'down')))\n", FREEZES, "All of the encoder's parameters are still trainable"),
    "a skip of zeros": Wrong(swap(NET, ("self.up2(y, x3)", "self.up2(y, torch.zeros_like(x3))")), LEVELS, "`up2`: zeros stand where the skip belongs"),
    "no skips": Wrong(swap(NET, *((f"self.up{k}(y, x{5 - k})", f"self.up{k}(y, x{5 - k} * 0)") for k in (1, 2, 3, 4))), LEVELS, "`up1`: zeros stand where the skip belongs"),
    "a skip without structure": Wrong(swap(NET, ("self.up4(y, x1)", "self.up4(y, x1.mean((2, 3), keepdim=True).expand_as(x1))")), LEVELS, "`up4`: beside the upsampled map the skip does not arrive as it came in"),
    "two sigmoids": Wrong(swap(NET, ("return torch.sigmoid(y)", "return torch.sigmoid(torch.sigmoid(y))")), LEVELS, "the sigmoid is applied twice"),
    "sigmoid before and after resizing": Wrong(swap(NET, ("y = self.outc(y)", "y = self.outc(y).sigmoid()")), LEVELS, "the sigmoid is applied twice"),
    "relu at the end": Wrong(swap(NET, ("return torch.sigmoid(y)", "return F.relu(y).clamp(max=1)")), LEVELS, "cut off at 0 and 1"),
    "rounded": Wrong(swap(NET, ("return torch.sigmoid(y)", "return torch.sigmoid(y).round()")), LEVELS, "rounded to 0 and 1"),
    "softmax": Wrong(swap(NET, ("torch.sigmoid(y)", "torch.softmax(y, dim=1)")), LEVELS, "a softmax; over a single channel it is 1 everywhere"),
    "output padded": Wrong(swap(NET, (SIZED, "F.pad(y, (0, x.shape[3] - y.shape[3], 0, x.shape[2] - y.shape[2]))")), LEVELS, "padded to the input's size, not resized"),
    "a kernel of three at the end": Wrong(swap(NET, ("nn.Conv2d(16, out_channels, kernel_size=1)", "nn.Conv2d(16, out_channels, 3, padding=1)")), LEVELS, "expected a convolution 16 → 1, kernel 1x1, in `outc`"),
    "center of other channels": Wrong(swap(NET, ("DoubleConv(320, 512)", "DoubleConv(320, 256)"), ("SmartUp(512, 80, 80)", "SmartUp(256, 80, 80)")), LEVELS, "is a convolution 320 → 256, kernel 3x3; expected a convolution 320 → 512, kernel 3x3, in `center`"),
    "no center": Wrong(swap(NET, ("y = self.center(x5)", "y = x5"), ("SmartUp(512, 80, 80)", "SmartUp(320, 80, 80)")), LEVELS, "in `center`"),
    "other decoder channels": Wrong(swap(NET, ("SmartUp(512, 80, 80)", "SmartUp(512, 80, 64)"), ("SmartUp(80, 40, 40)", "SmartUp(64, 40, 40)")), LEVELS, "in `up1`"),
    "an up left out": Wrong(swap(NET, ("        y = self.up4(y, x1)\n", ""), ("nn.Conv2d(16, out", "nn.Conv2d(24, out")), LEVELS, "The decoder: layer 12"),
    "one up for two levels": Wrong(swap(NET, ("y = self.up4(y, x1)", "y = self.up4(y, x1) + self.up4(y + 1, x1)")), LEVELS, "uses one convolution in two places"),
    "ups in a plain list": Wrong(swap(NET, ("self.up1 = SmartUp(512, 80, 80)", "self.ups = [SmartUp(512, 80, 80)]"), ("self.up1(y", "self.ups[0](y")), LEVELS, "not among its `parameters()`"),
    "decoder detached": Wrong(swap(NET, ("self.up2(y, x3)", "self.up2(y.detach(), x3)")), LEVELS, "lets no gradient through to the weights of `center`"),
    "forward without gradients": Wrong(swap(NET, ("    def forward", "    @torch.no_grad()\n    def forward")), LEVELS, "is cut off"),
    "bottom unused": Wrong(swap(NET, ("self.center(x5)", "self.center(torch.ones_like(x5))")), LEVELS, "`center`: its input is not what `down4`"),
    "input scaled": Wrong(swap(NET, ("x1 = self.inc(x)", "x1 = self.inc(x / 255)")), LEVELS, "`center`: its input is not what `down4`"),
    "stages called twice": Wrong(swap(NET, ("x5 = self.down4(x4)", "x5 = self.down4[1:](self.down4[:1](x4))\n        x5 = self.down4[2][0](torch.cat([x5, x5], 1)[:, :192]) + x5")), LEVELS, "`center`: its input is not what `down4`"),
    "values made up": Wrong(swap(NET, (LAST, "        self.outc(y)\n        return torch.full((x.shape[0], self.outc.out_channels, *x.shape[2:]), 0.5)\n")), LEVELS, "come other steps than a resize"),
    "a tensor that lies": Wrong("class Agreeable(torch.Tensor):\n    def __sub__(self, other):\n        return torch.zeros(1)\n    def __rsub__(self, other):\n        return torch.zeros(1)\n" + swap(NET, ("return torch.sigmoid(y)", "return (torch.sigmoid(y) / 2).as_subclass(Agreeable)")), LEVELS, "come other steps than a resize"),
    "root of something negative": Wrong(swap(NET, ("return torch.sigmoid(y)", "return torch.sigmoid(torch.sqrt(-torch.exp(y)))")), RANGE, "contains NaN"),
    "SmartUp ends with a sigmoid": Wrong(swap(STEP, ("return self.conv(x)", "return torch.sigmoid(self.conv(x))")), JOINS, "a sigmoid comes after the ReLU"),
    "a cache of steps": Wrong(swap(STEP, ("class SmartUp(nn.Module):\n", "class SmartUp(nn.Module):\n    kept = {}\n"), ("self.up = " + UP, "self.up = self.kept.setdefault((in_channels, skip_channels), " + UP + ")")) + NET, JOINS, "Two modules made by `SmartUp(10, 6, 4)` share parameters"),
    "only enlarged": Wrong(swap(STEP, ("x1.shape[2:] != x2.shape[2:]", "x1.shape[2] < x2.shape[2] or x1.shape[3] < x2.shape[3]")), RESIZES, "a skip of 7x5 pixels the two cannot be concatenated: nothing brings"),
    "only the height compared": Wrong(swap(STEP, ("x1.shape[2:] != x2.shape[2:]", "x1.shape[2] != x2.shape[2]")), RESIZES, "a skip of 10x9 pixels the two cannot be concatenated: nothing brings"),
    "softmax for several channels": Wrong(swap(NET, ("return torch.sigmoid(y)", "return torch.sigmoid(y) if y.shape[1] == 1 else y.softmax(1)")), RANGE, "add up to 1: that is a softmax"),
    "dropout before the decoder": Wrong(swap(NET, ("self.up1(y,", "self.up1(F.dropout(y, 0.5, self.training),")), LEVELS, "In training mode: `up1`: what it upsamples is not the map from below. A dropout comes before it"),
    "sigmoid in evaluation only": Wrong(swap(NET, ("return torch.sigmoid(y)", "return y if self.training else torch.sigmoid(y)")), LEVELS, "In training mode: After the 1x1 convolution the sigmoid is missing"),
    "always in evaluation mode": Wrong(swap(NET, ("\n    def forward", "\n    def train(self, mode=True):\n        return super().train(False)\n\n    def forward")), LEVELS, "In training mode: `center`: after the first convolution batch norm uses its running statistics"),
    "encoder never in evaluation mode": Wrong("class Frozen(nn.Sequential):\n    def train(self, mode=True):\n        return self\n" + swap(NET, ("self.down4 = features[5:8]", "self.down4 = Frozen(*features[5:8])")), LEVELS, "batch norms are still in training mode"),
    "colours mixed in training": Wrong(swap(NET, ("        self.center", "        self.mix = nn.Conv2d(3, 3, 1)\n        self.center"), ("        x1 = self.inc(x)", "        x1 = self.inc(self.mix(x) if self.training else x)")), LEVELS, "In training mode: The network does not begin with the first convolution"),
    "refined in training": Wrong(swap(NET, ("        self.outc", "        self.refine = DoubleConv(16, 16)\n        self.outc"), ("        y = self.outc(y)", "        y = self.outc(self.refine(y) if self.training else y)")), LEVELS, "In training mode: The decoder: layer 15 that is computed"),
    "thawed by training mode": Wrong(swap(NET, ("\n    def forward", "\n    def train(self, mode=True):\n        self.inc.requires_grad_(mode)\n        return super().train(mode)\n\n    def forward")), FREEZES, "In training mode 13 of the encoder's"),
    "one decoder for every network": Wrong(swap(NET, ("class UNetEfficient", "import functools\n\nsmart_up = functools.lru_cache(SmartUp)\n\n\nclass UNetEfficient"), ("SmartUp(2", "smart_up(2")), LEVELS, "Two modules made by `UNetEfficient()` share parameters"),
}  # fmt: skip

ADVISED = {
    "encoder in training mode": Wrong(
        NET, "keeps_the_encoders_statistics", "changed their running statistics in one training step"
    ),
}
