"""Right and wrong answers to exercise 9, the U-Net."""

from tests.checks.answers import Wrong
from tests.checks.rewriting import swap

NET = """
class UNet(nn.Module):
    def __init__(self, in_channels=3, out_channels=1):
        super().__init__()
        self.inc = DoubleConv(in_channels, 64)
        self.down1 = Down(64, 128)
        self.down2 = Down(128, 256)
        self.down3 = Down(256, 512)
        self.down4 = Down(512, 1024)
        self.up1 = Up(1024, 512)
        self.up2 = Up(512, 256)
        self.up3 = Up(256, 128)
        self.up4 = Up(128, 64)
        self.outc = nn.Conv2d(64, out_channels, kernel_size=1)

    def forward(self, x):
        x1 = self.inc(x)
        x2 = self.down1(x1)
        x3 = self.down2(x2)
        x4 = self.down3(x3)
        x5 = self.down4(x4)
        y = self.up1(x5, x4)
        y = self.up2(y, x3)
        y = self.up3(y, x2)
        y = self.up4(y, x1)
        return torch.sigmoid(self.outc(y))
"""
END = "torch.sigmoid(self.outc(y))"
OUTC = "nn.Conv2d(64, out_channels, kernel_size=1)"
INIT = NET[NET.index("        self.inc") : NET.index("\n    def forward")]
FORWARD = NET[NET.index("        x1 = ") :]

LOOPS = """
class UNet(nn.Module):
    def __init__(self, in_channels=3, out_channels=1):
        super().__init__()
        widths = [64, 128, 256, 512, 1024]
        self.first = DoubleConv(in_channels, widths[0])
        self.downs = nn.ModuleList(Down(a, b) for a, b in zip(widths, widths[1:]))
        self.ups = nn.ModuleList(Up(b, a) for a, b in reversed(list(zip(widths, widths[1:]))))
        self.last = nn.Sequential(nn.Conv2d(widths[0], out_channels, 1), nn.Sigmoid())

    def forward(self, x):
        skips = [self.first(x)]
        for down in self.downs:
            skips.append(down(skips[-1]))
        x = skips.pop()
        for up in self.ups:
            x = up(x, skips.pop())
        return self.last(x)
"""

ONE_CLASS = """
class UNet(nn.Module):
    def __init__(self, in_channels=3, out_channels=1):
        super().__init__()
        def rounds(i, o):
            return nn.Sequential(nn.Conv2d(i, o, 3, padding=1, bias=False), nn.BatchNorm2d(o), nn.ReLU(inplace=True),
                                 nn.Conv2d(o, o, 3, padding=1, bias=False), nn.BatchNorm2d(o), nn.ReLU(inplace=True))
        w = [in_channels, 64, 128, 256, 512, 1024]
        self.encoder = nn.ModuleList([rounds(w[k], w[k + 1]) for k in range(5)])
        self.enlarge = nn.ModuleList([nn.ConvTranspose2d(w[k], w[k] // 2, 2, 2) for k in (5, 4, 3, 2)])
        self.decoder = nn.ModuleList([rounds(w[k], w[k] // 2) for k in (5, 4, 3, 2)])
        self.head = nn.Conv2d(64, out_channels, 1)

    def forward(self, x):
        maps = []
        for block in self.encoder:
            x = block(F.max_pool2d(maps[-1], 2) if maps else x)
            maps.append(x)
        for enlarge, block, skip in zip(self.enlarge, self.decoder, maps[-2::-1]):
            x = enlarge(x)
            x = F.pad(x, (0, skip.shape[3] - x.shape[3], 0, skip.shape[2] - x.shape[2]))
            x = block(torch.cat([x, skip], 1))
        return self.head(x).sigmoid()
"""

RIGHT = {
    "attributes": NET,
    "loops": LOOPS,
    "everything in one class": ONE_CLASS,
    "sigmoid module": swap(NET, (END, "self.act(self.outc(y))"), ("self.outc = " + OUTC, "self.outc = " + OUTC + "\n        self.act = nn.Sigmoid()")),
    "F.sigmoid": swap(NET, ("torch.sigmoid", "F.sigmoid")),
    "expit": swap(NET, ("torch.sigmoid", "torch.special.expit")),
    "sigmoid method in place": swap(NET, (END, "self.outc(y).sigmoid_()")),
    "sigmoid by its formula": swap(NET, (END, "1 / (1 + torch.exp(-self.outc(y)))")),
    "sigmoid by tanh": swap(NET, (END, "(torch.tanh(self.outc(y) / 2) + 1) / 2")),
    "clamped": swap(NET, (END, END + ".clamp(1e-6, 1 - 1e-6)")),
    "no bias at the end": swap(NET, (OUTC, "nn.Conv2d(64, out_channels, 1, bias=False)")),
    "kernel pair": swap(NET, (OUTC, "nn.Conv2d(64, out_channels, (1, 1), (1, 1), (0, 0))")),
    "lazy last layer": swap(NET, (OUTC, "nn.LazyConv2d(out_channels, 1)")),
    "keyword arguments": swap(NET, ("self.down1 = Down(64, 128)", "self.down1 = Down(in_channels=64, out_channels=128)"), ("self.up1(x5, x4)", "self.up1(x1=x5, x2=x4)")),
    "parts in a dict": """
        class UNet(nn.Module):
            def __init__(self, in_channels=3, out_channels=1, base=64):
                super().__init__()
                self.parts = nn.ModuleDict({"inc": DoubleConv(in_channels, base), "outc": nn.Conv2d(base, out_channels, 1)})
                for k in range(4):
                    self.parts[f"down{k}"] = Down(base * 2**k, base * 2 ** (k + 1))
                    self.parts[f"up{k}"] = Up(base * 2 ** (k + 1), base * 2**k)
            def descend(self, x, level):
                if level == 4:
                    return x
                return self.parts[f"up{level}"](self.descend(self.parts[f"down{level}"](x), level + 1), x)
            def forward(self, x):
                return torch.sigmoid(self.parts["outc"](self.descend(self.parts["inc"](x), 0)))
    """,
    "encode and decode": swap(NET, (FORWARD, "        skips = self.encode(x)\n        return torch.sigmoid(self.outc(self.decode(*skips)))\n\n    def encode(self, x):\n        x1 = self.inc(x)\n        x2 = self.down1(x1)\n        x3 = self.down2(x2)\n        x4 = self.down3(x3)\n        return x1, x2, x3, x4, self.down4(x4)\n\n    def decode(self, x1, x2, x3, x4, x5):\n        return self.up4(self.up3(self.up2(self.up1(x5, x4), x3), x2), x1)\n")),
    "encoder and decoder as modules": """
        class Encoder(nn.Module):
            def __init__(self, i):
                super().__init__()
                self.blocks = nn.ModuleList([DoubleConv(i, 64), Down(64, 128), Down(128, 256), Down(256, 512), Down(512, 1024)])
            def forward(self, x):
                maps = []
                for block in self.blocks:
                    x = block(x)
                    maps.append(x)
                return maps
        class Decoder(nn.Module):
            def __init__(self):
                super().__init__()
                self.blocks = nn.ModuleList([Up(1024, 512), Up(512, 256), Up(256, 128), Up(128, 64)])
            def forward(self, maps):
                x = maps[-1]
                for block, skip in zip(self.blocks, reversed(maps[:-1])):
                    x = block(x, skip)
                return x
        class UNet(nn.Module):
            def __init__(self, in_channels=3, out_channels=1):
                super().__init__()
                self.encoder, self.decoder = Encoder(in_channels), Decoder()
                self.head = nn.Sequential(nn.Conv2d(64, out_channels, 1), nn.Sigmoid())
            def forward(self, x):
                return self.head(self.decoder(self.encoder(x)))
    """,
    "own Up that joins the other way round": "class Up(nn.Module):\n    def __init__(self, i, o):\n        super().__init__()\n        self.up, self.conv = nn.ConvTranspose2d(i, i // 2, 2, 2), DoubleConv(i, o)\n"
    "    def forward(self, a, b):\n        a = self.up(a)\n        a = F.pad(a, (b.shape[3] - a.shape[3], 0, b.shape[2] - a.shape[2], 0))\n        return self.conv(torch.cat([a, b], 1))\n" + NET,
    "a level computed twice": swap(NET, ("self.up4(y, x1)", "self.up4(y, self.inc(x))")),
    "own initialisation": swap(NET, (INIT, INIT + "        for m in self.modules():\n            if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d)):\n                nn.init.kaiming_uniform_(m.weight)\n")),
    "channels last": swap(NET, ("x1 = self.inc(x)", "x1 = self.inc(x.to(memory_format=torch.channels_last))")),
    "padded to a multiple of 16, then cropped": swap(NET, ("x1 = self.inc(x)", "h, w = x.shape[2:]\n        x1 = self.inc(F.pad(x, (0, -w % 16, 0, -h % 16), mode='replicate'))"), (END, END + "[:, :, :h, :w]")),
    "padded with zeros around, then cropped": swap(NET, ("x1 = self.inc(x)", "h, w = x.shape[2:]\n        top, left = -h % 16 // 2, -w % 16 // 2\n        x1 = self.inc(F.pad(x, (left, -w % 16 - left, top, -h % 16 - top)))"), (END, END + "[:, :, top : top + h, left : left + w]")),
    "resized to a multiple of 16 and back": swap(NET, ("x1 = self.inc(x)", "h, w = x.shape[2:]\n        x1 = self.inc(F.interpolate(x, size=(h // 16 * 16, w // 16 * 16), mode='bilinear'))"), (END, "F.interpolate(" + END + ", size=(h, w), mode='bilinear')")),
    "compiled": swap(NET, ("    def forward", "    @torch.compile\n    def forward")),
    "compiled parts": swap(NET, ("self.inc = DoubleConv(in_channels, 64)", "self.inc = torch.compile(DoubleConv(in_channels, 64))")),
    "a factory of compiled networks": NET + "\nBasicNet = UNet\ndef UNet(*args):\n    return torch.compile(BasicNet(*args))\n",
    "checks its input": swap(NET, ("x1 = self.inc(x)", "if x.ndim != 4:\n            raise ValueError(x.shape)\n        x1 = self.inc(x)")),
}  # fmt: skip

RANGE, LEVELS, JOIN, ANY, CHANNELS = (
    "puts_out_probabilities",
    "has_all_levels",
    "joins_the_levels",
    "takes_any_size",
    "takes_other_channels",
)
UP_WITHOUT_PADDING = "class Up(nn.Module):\n    def __init__(self, i, o):\n        super().__init__()\n        self.up, self.conv = nn.ConvTranspose2d(i, i // 2, 2, 2), DoubleConv(i, o)\n    def forward(self, a, b):\n        a = self.up(a)\n        return self.conv(torch.cat([b, a], 1))\n"
WRONG = {
    "no sigmoid": Wrong(swap(NET, (END, "self.outc(y)")), RANGE, "Is the sigmoid missing?"),
    "sigmoid defined, never called": Wrong(swap(NET, (END, "self.outc(y)"), ("self.outc = " + OUTC, "self.outc = " + OUTC + "\n        self.sigmoid = nn.Sigmoid()")), RANGE, "Is the sigmoid missing?"),
    "tanh": Wrong(swap(NET, ("torch.sigmoid", "torch.tanh")), RANGE, "probabilities lie between 0 and 1"),
    "relu at the end": Wrong(swap(NET, ("torch.sigmoid", "torch.relu")), RANGE, "probabilities lie between 0 and 1"),
    "no last convolution": Wrong(swap(NET, (END, "torch.sigmoid(y)")), RANGE, "Is the last, 1x1 convolution missing?"),
    "channels and out_channels swapped at the end": Wrong(swap(NET, (OUTC, "nn.Conv2d(out_channels, 64, kernel_size=1)")), RANGE, "A convolution made for 1 input channels received 64"),
    "no padding in a 3x3 at the end": Wrong(swap(NET, (OUTC, "nn.Conv2d(64, out_channels, kernel_size=3)")), RANGE, "has shape (2, 1, 30, 14)"),
    "no return": Wrong(swap(NET, ("return " + END, END)), RANGE, "is a `return` missing?"),
    "logits, too": Wrong(swap(NET, ("return " + END, "return self.outc(y), " + END)), RANGE, "a tuple of 2 items"),
    "squeezed": Wrong(swap(NET, (END, END + ".squeeze(1)")), RANGE, "is something squeezed or flattened?"),
    "wrong skip in the first up": Wrong(swap(NET, ("self.up1(x5, x4)", "self.up1(x5, x3)")), RANGE, "A convolution made for 1024 input channels received 768"),
    "skips in the encoder's order": Wrong(swap(NET, ("self.up1(x5, x4)", "self.up1(x5, x1)"), ("self.up2(y, x3)", "self.up2(y, x2)"), ("self.up3(y, x2)", "self.up3(y, x3)"), ("self.up4(y, x1)", "self.up4(y, x4)")), RANGE, "received"),
    "arguments of up swapped": Wrong(swap(NET, ("self.up1(x5, x4)", "self.up1(x4, x5)")), RANGE, "A transposed convolution made for 1024 input channels received 512"),
    "down from the wrong map": Wrong(swap(NET, ("self.down2(x2)", "self.down2(x1)")), RANGE, "A convolution made for 128 input channels received 64"),
    "forgotten up": Wrong(swap(NET, ("y = self.up2(y, x3)\n", "pass\n")), RANGE, "received"),
    "no super().__init__": Wrong(swap(NET, ("super().__init__()", "pass")), RANGE, "`super().__init__()` has to come first"),
    "no defaults": Wrong(swap(NET, ("in_channels=3, out_channels=1", "in_channels, out_channels")), RANGE, "missing 2 required positional arguments"),
    "an instance": Wrong(NET + "\nUNet = UNet()", RANGE, "is a finished module, not a class"),
    "forward misspelt": Wrong(swap(NET, ("def forward", "def foward")), RANGE, "The class has no method named `forward`"),
    "output of a fixed size": Wrong(swap(NET, (END, "F.interpolate(torch.sigmoid(self.outc(y)), size=(64, 64))")), RANGE, "has shape (2, 1, 64, 64)"),
    "not a number": Wrong(swap(NET, (END, END + " * float('nan')")), RANGE, "NaN"),
    "two sigmoids": Wrong(swap(NET, (END, "torch.sigmoid(torch.sigmoid(self.outc(y)))")), JOIN, "the sigmoid is applied twice"),
    "softmax over one channel": Wrong(swap(NET, (END, "torch.softmax(self.outc(y), dim=1)")), JOIN, "a softmax; over a single channel it is 1 everywhere"),
    "softmax over the batch": Wrong(swap(NET, (END, "torch.softmax(self.outc(y), dim=0)")), JOIN, "come other steps than one sigmoid"),
    "hard sigmoid": Wrong(swap(NET, ("torch.sigmoid", "F.hardsigmoid")), JOIN, "a hard sigmoid"),
    "cut off at 0 and 1": Wrong(swap(NET, (END, "self.outc(y).clamp(0, 1)")), JOIN, "cut off at 0 and 1"),
    "rounded": Wrong(swap(NET, (END, END + ".round()")), JOIN, "rounded to 0 and 1"),
    "a threshold": Wrong(swap(NET, (END, "(" + END + " > 0.5).float()")), JOIN, "rounded to 0 and 1"),
    "relu, then sigmoid": Wrong(swap(NET, (END, "torch.sigmoid(F.relu(self.outc(y)))")), JOIN, "a ReLU comes before the sigmoid"),
    "one minus": Wrong(swap(NET, (END, "1 - " + END)), JOIN, "come other steps than one sigmoid"),
    "stretched to 0 and 1": Wrong(swap(NET, ("return " + END, "y = self.outc(y)\n        return (y - y.min()) / (y.max() - y.min())")), JOIN, "come other steps than one sigmoid"),
    "constant of the right shape": Wrong(swap(NET, ("return " + END, "return torch.full((x.shape[0], 1, *x.shape[2:]), 0.5)")), LEVELS, "computes 22 convolutions"),
    "nothing computed": Wrong(swap(NET, (FORWARD, "        return torch.sigmoid(x.mean(1, keepdim=True))\n")), LEVELS, "computes 0 convolutions"),
    "three levels": Wrong(swap(NET, ("self.down4 = Down(512, 1024)", "pass"), ("self.up1 = Up(1024, 512)", "pass"), ("x5 = self.down4(x4)", "pass"), ("y = self.up1(x5, x4)", "y = x4")), LEVELS, "expected a convolution 512 → 1024, kernel 3x3, in Down 4"),
    "one level more": Wrong(swap(NET, ("self.up1 = Up(1024, 512)", "self.up1 = Up(1024, 512)\n        self.more = DoubleConv(1024, 1024)"), ("self.down4(x4)", "self.more(self.down4(x4))")), LEVELS, "layer 11 that is computed is a convolution 1024 → 1024"),
    "half the width": Wrong(NET.replace("64", "32").replace("128", "64").replace("256", "128").replace("Down(512, 1024)", "Down(256, 512)").replace("Down(128, 512)", "Down(128, 256)").replace("Up(1024, 512)", "Up(512, 256)").replace("Up(512, 128)", "Up(256, 128)"), LEVELS, "layer 1 that is computed is a convolution 3 → 32"),
    "bottom not doubled": Wrong(swap(NET, ("Down(512, 1024)", "Down(512, 512)"), ("self.up1 = Up(1024, 512)", "self.up1 = Up(512, 512)"), ("self.up1(x5, x4)", "self.up1(x5, x4[:, :256])")), LEVELS, "expected a convolution 512 → 1024"),
    "one up for all": Wrong(swap(NET, ("y = self.up1(x5, x4)", "y = self.up1(x5, x4)\n        self.up1(x5, x4 + 1)")), LEVELS, "uses one convolution in two places"),
    "a 3x3 convolution at the end": Wrong(swap(NET, (OUTC, "nn.Conv2d(64, out_channels, 3, padding=1)")), LEVELS, "layer 23 that is computed is a convolution 64 → 1, kernel 3x3"),
    "no batch norm": Wrong("class DoubleConv(nn.Module):\n    def __init__(self, i, o):\n        super().__init__()\n        self.a, self.b = nn.Conv2d(i, o, 3, padding=1), nn.Conv2d(o, o, 3, padding=1)\n    def forward(self, x):\n        return F.relu(self.b(F.relu(self.a(x))))\n" + NET, LEVELS, "batch norms; expected 18"),
    "downs in a plain list": Wrong(swap(LOOPS, ("nn.ModuleList(Down(a, b) for a, b in zip(widths, widths[1:]))", "[Down(a, b) for a, b in zip(widths, widths[1:])]")), LEVELS, "kept in a plain list or dict"),
    "ups in a plain dict": Wrong(swap(NET, ("self.up1 = Up(1024, 512)", "self.ups = {1: Up(1024, 512)}"), ("self.up1(x5", "self.ups[1](x5")), LEVELS, "kept in a plain list or dict"),
    "last layer made in forward": Wrong(swap(NET, ("self.outc = " + OUTC, "self.out = out_channels"), ("self.outc(y)", "nn.Conv2d(64, self.out, 1)(y)")), LEVELS, "made anew inside `forward`"),
    "frozen": Wrong(swap(NET, (INIT, INIT + "        for p in self.inc.parameters():\n            p.requires_grad = False\n")), LEVELS, "are frozen"),
    "no pooling": Wrong("class Down(DoubleConv):\n    pass\nclass Up(Up):\n    def forward(self, a, b):\n        return self.conv(torch.cat([b, self.upsample(a)[:, :, : b.shape[2], : b.shape[3]]], 1))\n" + NET, JOIN, "Down 1: its input is not the max-pooled map of the level above"),
    "average pooling": Wrong("class Down(nn.Module):\n    def __init__(self, i, o):\n        super().__init__()\n        self.conv = DoubleConv(i, o)\n    def forward(self, x):\n        return self.conv(F.avg_pool2d(x, 2))\n" + NET, JOIN, "Down 1: its input is not the max-pooled map"),
    "a skip replaced by zeros": Wrong(swap(NET, ("self.up3(y, x2)", "self.up3(y, torch.zeros_like(x2))")), JOIN, "Up 3: zeros stand where the skip belongs"),
    "a deep skip replaced by zeros": Wrong(swap(NET, ("self.up1(x5, x4)", "self.up1(x5, x4 * 0)")), JOIN, "Up 1: zeros stand where the skip belongs"),
    "no skips": Wrong(swap(NET, ("self.up1(x5, x4)", "self.up1(x5, torch.zeros_like(x4))"), ("self.up2(y, x3)", "self.up2(y, torch.zeros_like(x3))"), ("self.up3(y, x2)", "self.up3(y, torch.zeros_like(x2))"), ("self.up4(y, x1)", "self.up4(y, torch.zeros_like(x1))")), JOIN, "Up 1: zeros stand where the skip belongs"),
    "a skip of the input's mean": Wrong(swap(NET, ("self.up4(y, x1)", "self.up4(y, x1.mean((2, 3), keepdim=True).expand_as(x1))")), JOIN, "the skip does not arrive as it came in"),
    "last up joined with noise": Wrong(swap(NET, ("self.up4(y, x1)", "self.up4(y, torch.randn_like(x1))")), JOIN, "Up 4: beside the upsampled map the skip does not arrive as it came in"),
    "skip of another level, resized": Wrong(swap(NET, ("self.up4(y, x1)", "self.up4(y, F.interpolate(x2[:, :64], scale_factor=2))")), JOIN, "comes from the same level of the encoder"),
    "bottom skipped": Wrong(swap(NET, ("self.up1(x5, x4)", "self.up1(torch.zeros_like(x5), x4)")), JOIN, "Up 1: what it upsamples is not what the level below puts out"),
    "an up's result unused": Wrong(swap(NET, ("y = self.up1(x5, x4)\n        y = self.up2(y, x3)", "self.up1(x5, x4)\n        y = self.up2(x4, x3)")), JOIN, "Up 2: what it upsamples is not what the level below puts out"),
    "dropout at the bottom": Wrong(swap(NET, ("x5 = self.down4(x4)", "x5 = F.dropout(self.down4(x4), 0.5, self.training)")), JOIN, "Up 1: what it upsamples is not what the level below puts out. A dropout comes before it"),
    "input normalised": Wrong(swap(NET, ("self.inc(x)", "self.inc((x - x.mean()) / x.std())")), JOIN, "The first DoubleConv: its input is not the image"),
    "a residual around the last up": Wrong(swap(NET, ("self.outc(y)", "self.outc(y + x1)")), JOIN, "The last convolution: its input is not what the last Up puts out"),
    "a skip detached": Wrong(swap(NET, ("self.up4(y, x1)", "self.up4(y, x1.detach())")), JOIN, "maps of 64 and 64 channels are concatenated, only one of them has a gradient"),
    "a deep skip detached": Wrong(swap(NET, ("self.up1(x5, x4)", "self.up1(x5, x4.detach())")), JOIN, "maps of 512 and 512 channels are concatenated, only one"),
    "the bottom detached": Wrong(swap(NET, ("self.up1(x5, x4)", "self.up1(x5.detach(), x4)")), JOIN, "but not its gradient"),
    "the encoder without gradients": Wrong(swap(NET, ("        x1 = self.inc(x)\n        x2 = self.down1(x1)\n        x3 = self.down2(x2)\n        x4 = self.down3(x3)\n        x5 = self.down4(x4)\n", "        with torch.no_grad():\n            x1 = self.inc(x)\n            x2 = self.down1(x1)\n            x3 = self.down2(x2)\n            x4 = self.down3(x3)\n            x5 = self.down4(x4)\n")), JOIN, "lets no gradient through"),
    "no gradient": Wrong(swap(NET, ("    def forward", "    @torch.no_grad()\n    def forward")), JOIN, "is cut off"),
    "no padding in Up": Wrong(UP_WITHOUT_PADDING + NET, ANY, "an upsampled map and its skip differ in size"),
    "padded to a multiple of 16, cropped at the wrong corner": Wrong(swap(NET, ("x1 = self.inc(x)", "h, w = x.shape[2:]\n        x1 = self.inc(F.pad(x, (0, -w % 16, 0, -h % 16)))"), (END, END + "[:, :, -h:, -w:]")), ANY, "come other steps than one sigmoid"),
    "padded to a multiple of 16, then squeezed": Wrong(swap(NET, ("x1 = self.inc(x)", "h, w = x.shape[2:]\n        x1 = self.inc(F.pad(x, (0, -w % 16, 0, -h % 16)))"), (END, "F.interpolate(" + END + ", size=(h, w))")), ANY, "come other steps than one sigmoid"),
    "resized to a multiple of 16 inside": Wrong(UP_WITHOUT_PADDING + swap(NET, ("x1 = self.inc(x)", "h, w = (s // 16 * 16 for s in x.shape[2:])\n        x1 = self.inc(x[:, :, :h, :w])")), ANY, "has shape (2, 1, 16, 32); expected (2, 1, 22, 37)"),
    "stretched in Up": Wrong(swap(UP_WITHOUT_PADDING, ("a = self.up(a)", "a = F.interpolate(self.up(a), size=b.shape[2:], mode='bilinear')")) + NET, ANY, "does not arrive as asked for: zeros on its sides"),
    "height and width swapped in Up": Wrong(swap(UP_WITHOUT_PADDING, ("a = self.up(a)", "a = self.up(a)\n        a = F.pad(a, (0, b.shape[2] - a.shape[2], 0, b.shape[3] - a.shape[3]))")) + NET, ANY, "an upsampled map and its skip differ in size"),
    "refuses other sizes": Wrong(swap(NET, ("x1 = self.inc(x)", "assert x.shape[2] % 16 == 0 and x.shape[3] % 16 == 0, 'wrong size'\n        x1 = self.inc(x)")), ANY, "AssertionError: wrong size"),
    "another result in evaluation": Wrong(swap(NET, ("return " + END, "return " + END + " if self.training else torch.sigmoid(torch.sigmoid(self.outc(y)))")), ANY, "the sigmoid is applied twice"),
    "in_channels written in": Wrong(swap(NET, ("DoubleConv(in_channels, 64)", "DoubleConv(3, 64)")), CHANNELS, "A convolution made for 3 input channels received 5"),
    "out_channels written in": Wrong(swap(NET, (OUTC, "nn.Conv2d(64, 1, kernel_size=1)")), CHANNELS, "has shape (2, 1, 16, 16); expected (2, 4, 16, 16)"),
    "first channel only": Wrong(swap(NET, (END, END + "[:, :1]")), CHANNELS, "has shape (2, 1, 16, 16); expected (2, 4, 16, 16)"),
    "a tensor that lies": Wrong("class Agreeable(torch.Tensor):\n    def __sub__(self, other):\n        return torch.zeros(1)\n    def __rsub__(self, other):\n        return torch.zeros(1)\n" + swap(NET, (END, "(" + END + " / 2).as_subclass(Agreeable)")), JOIN, "come other steps than one sigmoid"),
    "silent in evaluation mode": Wrong(swap(NET, ("return " + END, "y = " + END + "\n        return y if self.training else None")), ANY, "is None, not a tensor"),
    "a list for several channels": Wrong(
        swap(NET, ("return " + END, "y = " + END + "\n        return y if y.shape[1] == 1 else list(y.split(1, dim=1))")), CHANNELS, "a list of 4 items, not a tensor"
    ),
    "narrower for other channels": Wrong(
        swap(NET, ("self.inc = DoubleConv(in_channels, 64)", "self.inc = DoubleConv(in_channels, 64) if in_channels == 3 else nn.Sequential(DoubleConv(in_channels, 32), DoubleConv(32, 64))")),
        CHANNELS,
        "`UNet(5, 4)`: layer 1",
    ),
    "wide images turned": Wrong(swap(NET, ("        x1 = self.inc(x)", "        x1 = self.inc(x.mT if x.size(3) > x.size(2) else x)")), ANY, "expected (2, 1, 22, 37)"),
    "softmax for several channels": Wrong(swap(NET, (END, END + " if self.outc.out_channels == 1 else self.outc(y).softmax(1)")), CHANNELS, "With several channels a softmax ends the network"),
    "an answer kept for each shape": Wrong(swap(NET, ("        self.inc", "        self.kept = {}\n        self.inc"), ("        x1 = self.inc(x)", "        if x.shape in self.kept:\n            return self.kept[x.shape]\n        x1 = self.inc(x)"), ("return " + END, "return self.kept.setdefault(x.shape, " + END + ")")), LEVELS, "computes 0 convolutions"),
    "one decoder for every network": Wrong(swap(LOOPS, ("class UNet(nn.Module):\n", "class UNet(nn.Module):\n    kept = []\n"), ("self.ups = nn.ModuleList(", "ups = ("), ("        self.last", "        self.kept += [] if self.kept else ups\n        self.ups = nn.ModuleList(self.kept)\n        self.last")), LEVELS, "Two modules made by `UNet()` share parameters"),
    "one image without its batch": Wrong(swap(NET, ("return " + END, "return " + END + ".squeeze(0)")), ANY, "expected (1, 1, 16, 16). This is a batch of one image"),
    "a skip kept for each size": Wrong(swap(NET, ("        y = self.up4(y, x1)", "        kept = self.__dict__.setdefault('kept', {})\n        x1 = x1 if self.training else kept.setdefault(x1.shape, x1)\n        y = self.up4(y, x1)")), ANY, "the skip does not arrive as it came in"),
    "the first channel for all": Wrong(swap(NET, ("return " + END, "return " + END + "[:, :1].expand(-1, self.outc.out_channels, -1, -1)")), CHANNELS, "the four channels are not the sigmoids"),
    "gradients as the mode is": Wrong(swap(NET, ("        x1 = self.inc(x)", "        torch.set_grad_enabled(self.training)\n        x1 = self.inc(x)")), ANY, "`forward` switches gradients off"),
}  # fmt: skip
