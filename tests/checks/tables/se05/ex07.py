"""Right and wrong answers to exercise 7, one step down the encoder."""

from tests.checks.answers import Wrong
from tests.checks.rewriting import swap

STEP = """
class Down(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.pool = nn.MaxPool2d(2)
        self.conv = DoubleConv(in_channels, out_channels)

    def forward(self, x):
        return self.conv(self.pool(x))
"""
CALL, POOL, CONV = "self.conv(self.pool(x))", "nn.MaxPool2d(2)", "DoubleConv(in_channels, out_channels)"

LONG = """
class Down(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.pool = nn.MaxPool2d(2)
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, padding=1)
        self.norm1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1)
        self.norm2 = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        x = self.pool(x)
        x = F.relu(self.norm1(self.conv1(x)))
        return F.relu(self.norm2(self.conv2(x)))
"""

RIGHT = {
    "attributes": STEP,
    "stride written out": swap(STEP, (POOL, "nn.MaxPool2d(kernel_size=2, stride=2)")),
    "pairs": swap(STEP, (POOL, "nn.MaxPool2d((2, 2), (2, 2), padding=0, ceil_mode=False)")),
    "functional pooling": swap(STEP, ("self.pool(x)", "F.max_pool2d(x, 2)")),
    "torch.max_pool2d": swap(STEP, ("self.pool(x)", "torch.max_pool2d(x, kernel_size=2)")),
    "with indices": swap(STEP, (POOL, "nn.MaxPool2d(2, return_indices=True)"), ("self.pool(x)", "self.pool(x)[0]")),
    "one chain": """
        class Down(nn.Module):
            def __init__(self, in_channels, out_channels):
                super().__init__()
                self.maxpool_conv = nn.Sequential(nn.MaxPool2d(2), DoubleConv(in_channels, out_channels))
            def forward(self, x):
                return self.maxpool_conv(x)
    """,
    "a sequential itself": """
        class Down(nn.Sequential):
            def __init__(self, in_channels, out_channels):
                super().__init__(nn.MaxPool2d(2), DoubleConv(in_channels, out_channels))
    """,
    "a subclass of DoubleConv": """
        class Down(DoubleConv):
            def forward(self, x):
                return super().forward(F.max_pool2d(x, 2))
    """,
    "a function that returns a chain": "def Down(i, o):\n    return nn.Sequential(nn.MaxPool2d(2), DoubleConv(i, o))",
    "a module list": """
        class Down(nn.Module):
            def __init__(self, i, o):
                super().__init__()
                self.steps = nn.ModuleList([nn.MaxPool2d(2), DoubleConv(i, o)])
            def forward(self, x):
                for step in self.steps:
                    x = step(x)
                return x
    """,
    "everything written out": LONG,
    "convolutions with functional weights": swap(LONG, ("self.conv1(x)", "F.conv2d(x, self.conv1.weight, self.conv1.bias, padding='same')")),
    "lazy convolution": swap(LONG, ("nn.Conv2d(in_channels, out", "nn.LazyConv2d(out")),
    "largest of a window by unfolding": swap(STEP, ("self.pool(x)", "x.unfold(2, 2, 2).unfold(3, 2, 2).amax((-1, -2))")),
    "largest of four slices": swap(STEP, ("return " + CALL, "h, w = x.shape[2] // 2 * 2, x.shape[3] // 2 * 2\n        x = x[..., :h, :w]\n        x = torch.maximum(x[..., ::2, :], x[..., 1::2, :])\n        return self.conv(torch.maximum(x[..., ::2], x[..., 1::2]))")),
    "largest of a reshaped map": swap(STEP, ("return " + CALL, "n, c, h, w = x.shape\n        x = x[:, :, : h // 2 * 2, : w // 2 * 2].reshape(n, c, h // 2, 2, w // 2, 2)\n        return self.conv(x.amax(dim=(3, 5)))")),
    "a helper method": swap(STEP, ("return " + CALL, "return self.conv(self.shrink(x))\n\n    def shrink(self, x):\n        return self.pool(x)")),
    "steps with prints": swap(STEP, ("return " + CALL, "print(x.shape)\n        x = self.pool(x)\n        print(x.shape, x.mean().item())\n        x = self.conv(x)\n        return x")),
    "the smallest of the negative": swap(STEP, ("self.pool(x)", "-((-x).unfold(2, 2, 2).unfold(3, 2, 2).amin((-1, -2)))")),
    "own double convolution": swap(STEP, (CONV, "nn.Sequential(Round(in_channels, out_channels), Round(out_channels, out_channels))")) + "\nclass Round(nn.Sequential):\n    def __init__(self, i, o):\n        super().__init__(nn.Conv2d(i, o, 3, padding=1, bias=False), nn.BatchNorm2d(o), nn.ReLU(inplace=True))\n",
}  # fmt: skip

SIZE, STEPS = "halves_height_and_width", "pools_then_convolves"
WRONG = {
    "no pooling": Wrong(swap(STEP, ("self.pool(x)", "x")), SIZE, "Nothing makes the map smaller"),
    "pooled twice": Wrong(swap(STEP, ("self.pool(x)", "self.pool(self.pool(x))")), SIZE, "It is made smaller more than once, or by more than 2"),
    "pool of three": Wrong(swap(STEP, (POOL, "nn.MaxPool2d(3)")), SIZE, "more than once, or by more than 2"),
    "pool of four": Wrong(swap(STEP, (POOL, "nn.MaxPool2d(4)")), SIZE, "more than once, or by more than 2"),
    "stride of one": Wrong(swap(STEP, (POOL, "nn.MaxPool2d(2, stride=1)")), SIZE, "the window has to move by 2"),
    "rounded up": Wrong(swap(STEP, (POOL, "nn.MaxPool2d(2, ceil_mode=True)")), SIZE, "An odd side is rounded down"),
    "padded pool": Wrong(swap(STEP, (POOL, "nn.MaxPool2d(2, padding=1)")), SIZE, "expected (2, 6, 9, 6)"),
    "upsampled": Wrong(swap(STEP, (POOL, "nn.Upsample(scale_factor=2)")), SIZE, "larger, not smaller"),
    "pooled in one direction": Wrong(swap(STEP, (POOL, "nn.MaxPool2d((2, 1))")), SIZE, "expected (2, 6, 9, 6)"),
    "size written in": Wrong(swap(STEP, (POOL, "nn.AdaptiveMaxPool2d((9, 7))")), SIZE, "expected (2, 6, 9, 6)"),
    "channels swapped": Wrong(swap(STEP, (CONV, "DoubleConv(out_channels, in_channels)")), SIZE, "A convolution made for 6 input channels received 4"),
    "channels stay": Wrong(swap(STEP, (CONV, "DoubleConv(in_channels, in_channels)")), SIZE, "`out_channels` is 6 here"),
    "channels doubled instead of out_channels": Wrong(swap(STEP, (CONV, "DoubleConv(in_channels, in_channels * 2)")), SIZE, "`out_channels` is 6 here"),
    "channels written in": Wrong(swap(STEP, (CONV, "DoubleConv(64, 128)")), SIZE, "A convolution made for 64 input channels received 4"),
    "no return": Wrong(swap(STEP, ("return " + CALL, CALL)), SIZE, "is a `return` missing?"),
    "pool returned": Wrong(swap(STEP, (CALL, "self.pool(x)")), SIZE, "`out_channels` is 6 here"),
    "both maps returned": Wrong(swap(STEP, ("return " + CALL, "x = self.pool(x)\n        return self.conv(x), x")), SIZE, "a tuple of 2 items"),
    "no super().__init__": Wrong(swap(STEP, ("super().__init__()", "pass")), SIZE, "`super().__init__()` has to come first"),
    "forward misspelt": Wrong(swap(STEP, ("def forward", "def forwad")), SIZE, "The class has no method named `forward`"),
    "not a module": Wrong(swap(STEP, ("(nn.Module)", ""), ("super().__init__()", "pass")), SIZE, "it should be a `torch.nn.Module`"),
    "DoubleConv not built": Wrong(swap(STEP, (CONV, "DoubleConv")), SIZE, "raised"),
    "self forgotten": Wrong(swap(STEP, (CALL, "conv(self.pool(x))")), SIZE, "name 'conv' is not defined"),
    "no parameters in __init__": Wrong(swap(STEP, ("(self, in_channels, out_channels):", "(self):")), SIZE, "Compare the parameters in your `def` line"),
    "values made up": Wrong(swap(STEP, (CALL, "torch.rand(x.shape[0], self.conv.layers[0].out_channels, x.shape[2] // 2, x.shape[3] // 2)")), STEPS, "computes 0 convolutions"),
    "average pooling": Wrong(swap(STEP, (POOL, "nn.AvgPool2d(2)")), STEPS, "gets the average of each window"),
    "average of an interpolation": Wrong(swap(STEP, ("self.pool(x)", "F.interpolate(x, size=(x.shape[2] // 2, x.shape[3] // 2), mode='bilinear')")), STEPS, "gets an interpolated map"),
    "every second pixel": Wrong(swap(STEP, ("self.pool(x)", "x[:, :, : x.shape[2] // 2 * 2 : 2, : x.shape[3] // 2 * 2 : 2]")), STEPS, "gets every second pixel"),
    "interpolated to the nearest pixel": Wrong(swap(STEP, ("self.pool(x)", "F.interpolate(x, scale_factor=0.5)")), STEPS, "gets every second pixel"),
    "smallest value": Wrong(swap(STEP, ("self.pool(x)", "-self.pool(-x)")), STEPS, "gets the smallest value of each window"),
    "convolution, then pooling": Wrong(swap(STEP, (CALL, "self.pool(self.conv(x))")), STEPS, "pooling comes first"),
    "cropped": Wrong(swap(STEP, ("self.pool(x)", "x[:, :, : x.shape[2] // 2, : x.shape[3] // 2]")), STEPS, "gets a corner of the map"),
    "window of three": Wrong(swap(STEP, (POOL, "nn.MaxPool2d(3, stride=2, padding=1)"), ("self.pool(x)", "self.pool(x)[:, :, : x.shape[2] // 2, : x.shape[3] // 2]")), STEPS, "windows of 3x3 pixels"),
    "adaptive pooling": Wrong(swap(STEP, ("self.pool(x)", "F.adaptive_max_pool2d(x, (x.shape[2] // 2, x.shape[3] // 2))")), STEPS, "windows that overlap"),
    "pooling by norm": Wrong(swap(STEP, (POOL, "nn.LPPool2d(2, 2)")), STEPS, "does not get the largest value of each 2x2 window"),
    "pooling across channels": Wrong(swap(STEP, ("self.pool(x)", "self.pool(x).amax(1, keepdim=True).expand(-1, x.shape[1], -1, -1)")), STEPS, "does not get the largest value"),
    "dropout after pooling": Wrong(swap(STEP, ("self.pool(x)", "F.dropout(self.pool(x), 0.5, self.training)")), STEPS, "Before it comes max pooling, then dropout"),
    "relu before pooling": Wrong(swap(STEP, ("self.pool(x)", "self.pool(F.relu(x))")), STEPS, "no negative values: a ReLU, or zeros, came before it"),
    "a strided convolution": Wrong(swap(LONG, ("in_channels, out_channels, 3, padding=1", "in_channels, out_channels, 3, padding=1, stride=2"), ("x = self.pool(x)", "x = x[:, :, :, : x.shape[3] // 2 * 2]")), STEPS, "has stride 2; expected 1"),
    "one convolution": Wrong(swap(STEP, (CONV, "nn.Sequential(nn.Conv2d(in_channels, out_channels, 3, padding=1), nn.BatchNorm2d(out_channels), nn.ReLU())")), STEPS, "computes 1 convolution; expected 2"),
    "two blocks": Wrong(swap(STEP, (CONV, "nn.Sequential(DoubleConv(in_channels, out_channels), DoubleConv(out_channels, out_channels))")), STEPS, "computes 4 convolutions; expected 2"),
    "the block twice": Wrong(swap(STEP, (CONV, "DoubleConv(in_channels, out_channels)\n        self.again = DoubleConv(out_channels, out_channels)"), (CALL, "self.again(self.again(self.conv(self.pool(x))))")), STEPS, "uses one convolution in two places"),
    "no batch norm": Wrong(swap(LONG, ("self.norm1(self.conv1(x))", "self.conv1(x)"), ("self.norm2(self.conv2(x))", "self.conv2(x)")), STEPS, "computes 0 batch norms"),
    "no relu": Wrong(swap(LONG, ("return F.relu(self.norm2(self.conv2(x)))", "return self.norm2(self.conv2(x))")), STEPS, "after the second convolution it goes on without the ReLU"),
    "block made in forward": Wrong(swap(STEP, ("self.conv = DoubleConv(in_channels, out_channels)", "self.sizes = in_channels, out_channels"), (CALL, "DoubleConv(*self.sizes)(self.pool(x))")), STEPS, "made anew inside `forward`"),
    "block in a plain list": Wrong(swap(STEP, ("self.conv = DoubleConv(in_channels, out_channels)", "self.conv = [DoubleConv(in_channels, out_channels)]"), ("self.conv(", "self.conv[0](")), STEPS, "kept in a plain list"),
    "block shared by all": Wrong("shared = {}\n" + swap(STEP, ("self.conv = DoubleConv(in_channels, out_channels)", "self.key = in_channels, out_channels"), (CALL, "shared.setdefault(self.key, DoubleConv(*self.key))(self.pool(x))")), STEPS, "is not among its `parameters()`"),
    "gradient cut": Wrong(swap(STEP, ("self.pool(x)", "self.pool(x).detach()")), STEPS, "lets no gradient through"),
    "no gradient": Wrong(swap(STEP, ("return " + CALL, "with torch.no_grad():\n            return " + CALL)), STEPS, "is cut off"),
    "through numpy": Wrong(swap(STEP, ("self.pool(x)", "torch.from_numpy(self.pool(x).detach().numpy())")), STEPS, "lets no gradient through"),
    "frozen": Wrong(swap(STEP, (CONV, "DoubleConv(in_channels, out_channels).requires_grad_(False)")), STEPS, "are frozen"),
    "block stays in evaluation mode": Wrong(swap(STEP, ("return " + CALL, "self.conv.eval()\n        return " + CALL)), STEPS, "uses its running statistics in training mode"),
    "a tensor that lies": Wrong("class Agreeable(torch.Tensor):\n    def __sub__(self, other):\n        return torch.zeros(1)\n    def __rsub__(self, other):\n        return torch.zeros(1)\n" + swap(STEP, (CALL, "(2 * self.conv(self.pool(x))).as_subclass(Agreeable)")), STEPS, "after the second convolution come other steps"),
    "double convolution twice where the widths agree": Wrong(swap(STEP, ("return " + CALL, "y = " + CALL + "\n        return self.conv(y) if y.shape[1] == x.shape[1] else y")), STEPS, "`Down(5, 5)` uses one convolution in two places"),
    "small maps not pooled": Wrong(swap(STEP, ("self.pool(x)", "self.pool(x) if min(x.shape[2:]) > 4 else x")), STEPS, "It has shape (3, 4, 2, 5); expected (3, 4, 1, 2)"),
    "largest absolute value": Wrong(swap(STEP, ("self.pool(x)", "self.pool(x.abs())")), STEPS, "the largest value of each 2x2 window without its sign"),
    "a cache of double convolutions": Wrong("from functools import cache\nmake = cache(DoubleConv)\n" + swap(STEP, (CONV, "make(in_channels, out_channels)")), STEPS, "Two modules made by `Down(4, 6)` share parameters"),
}  # fmt: skip
