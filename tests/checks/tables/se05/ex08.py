"""Right and wrong answers to exercise 8, one step up the decoder."""

from tests.checks.answers import Wrong
from tests.checks.rewriting import swap

STEP = """
class Up(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.up = nn.ConvTranspose2d(in_channels, in_channels // 2, kernel_size=2, stride=2)
        self.conv = DoubleConv(in_channels, out_channels)

    def forward(self, x1, x2):
        x1 = self.up(x1)
        dy = x2.size(2) - x1.size(2)
        dx = x2.size(3) - x1.size(3)
        x1 = F.pad(x1, [dx // 2, dx - dx // 2, dy // 2, dy - dy // 2])
        x = torch.cat([x2, x1], dim=1)
        return self.conv(x)
"""
UP = "nn.ConvTranspose2d(in_channels, in_channels // 2, kernel_size=2, stride=2)"
PAD = "F.pad(x1, [dx // 2, dx - dx // 2, dy // 2, dy - dy // 2])"
CAT = "torch.cat([x2, x1], dim=1)"
CONV = "DoubleConv(in_channels, out_channels)"

RIGHT = {
    "padded around": STEP,
    "the other order": swap(STEP, (CAT, "torch.cat((x1, x2), 1)")),
    "padded right and below": swap(STEP, (PAD, "F.pad(x1, (0, dx, 0, dy))")),
    "padded left and above": swap(STEP, (PAD, "F.pad(x1, (dx, 0, dy, 0), mode='constant', value=0)")),
    "padded right and above": swap(STEP, (PAD, "F.pad(x1, (0, dx, dy, 0))")),
    "more on the left": swap(STEP, (PAD, "F.pad(x1, [dx - dx // 2, dx // 2, dy - dy // 2, dy // 2])")),
    "padded if needed": swap(STEP, ("x1 = " + PAD, "if dx != 0 or dy != 0:\n            x1 = " + PAD)),
    "padded if shapes differ": swap(STEP, ("x1 = " + PAD, "if x1.shape[-2:] != x2.shape[-2:]:\n            x1 = " + PAD)),
    "one side after the other": swap(STEP, (PAD, "F.pad(F.pad(x1, (0, dx)), (0, 0, 0, dy))")),
    "a padding module": swap(STEP, (PAD, "nn.ZeroPad2d((0, dx, 0, dy))(x1)")),
    "torch.nn.functional.pad": swap(STEP, ("F.pad", "torch.nn.functional.pad")),
    "differences as tensors": swap(STEP, ("x2.size(2) - x1.size(2)", "torch.tensor([x2.size()[2] - x1.size()[2]])"), ("x2.size(3) - x1.size(3)", "torch.tensor([x2.size()[3] - x1.size()[3]])"), (PAD, PAD.replace("dx", "int(dx)").replace("dy", "int(dy)"))),
    "copied into zeros": swap(STEP, ("x1 = " + PAD, "canvas = torch.zeros_like(x2)\n        canvas[:, :, : x1.size(2), : x1.size(3)] = x1\n        x1 = canvas")),
    "copied into a buffer of both": swap(STEP, ("x = " + CAT, "x = x2.new_zeros(x2.size(0), x1.size(1) + x2.size(1), *x2.shape[2:])\n        x[:, : x2.size(1)] = x2\n        x[:, x2.size(1) :] = x1")),
    "rows of zeros": swap(STEP, ("x1 = " + PAD, "x1 = torch.cat([x1, x1.new_zeros(*x1.shape[:2], dy, x1.shape[3])], dim=2)\n        x1 = torch.cat([x1, x1.new_zeros(*x1.shape[:3], dx)], dim=3)")),
    "a helper function": "def fit(x, like):\n    h, w = like.shape[-2:]\n    return F.pad(x, (0, w - x.shape[-1], 0, h - x.shape[-2]))\n" + swap(STEP, (PAD, "fit(x1, x2)")),
    "a helper method": swap(STEP, (PAD, "self.pad_to(x1, dx, dy)"), ("    def forward", "    def pad_to(self, x, dx, dy):\n        return F.pad(x, [0, dx, 0, dy])\n\n    def forward")),
    "no bias": swap(STEP, ("stride=2)", "stride=2, bias=False)")),
    "positional arguments": swap(STEP, (UP, "nn.ConvTranspose2d(in_channels, int(in_channels / 2), 2, 2)")),
    "a functional transposed convolution": swap(STEP, ("self.up(x1)", "F.conv_transpose2d(x1, self.up.weight, self.up.bias, stride=2)")),
    "a weight of its own": swap(STEP, ("self.up = " + UP, "self.weight = nn.Parameter(0.1 * torch.randn(in_channels, in_channels // 2, 2, 2))"), ("self.up(x1)", "torch.conv_transpose2d(x1, self.weight, stride=2)")),
    "a lazy transposed convolution": swap(STEP, (UP, "nn.LazyConvTranspose2d(in_channels // 2, kernel_size=2, stride=2)")),
    "a subclass of DoubleConv": """
        class Up(DoubleConv):
            def __init__(self, i, o):
                super().__init__(i, o)
                self.up = nn.ConvTranspose2d(i, i // 2, 2, stride=2)
            def forward(self, below, skip):
                below = self.up(below)
                (h, w), (H, W) = below.shape[2:], skip.shape[2:]
                return super().forward(torch.cat([skip, F.pad(below, (0, W - w, 0, H - h))], 1))
    """,
    "a chain with the relu in place": swap(STEP, (CONV, "nn.Sequential(nn.Conv2d(in_channels, out_channels, 3, padding=1), nn.BatchNorm2d(out_channels), nn.ReLU(True), nn.Conv2d(out_channels, out_channels, 3, padding=1), nn.BatchNorm2d(out_channels), nn.ReLU(True))")),
    "a module dict": swap(STEP, ("self.up = " + UP, "self.parts = nn.ModuleDict({'up': " + UP + "})"), ("self.up(x1)", "self.parts['up'](x1)")),
    "torch.concat": swap(STEP, (CAT, "torch.concat([x1, x2], axis=1)")),
    "hstack": swap(STEP, (CAT, "torch.hstack([x1, x2])")),
    "cat over dimension -3": swap(STEP, (CAT, "torch.cat([x2, x1], dim=-3)")),
    "padded by a mask": swap(STEP, (PAD, "F.pad(x1, (0, dx, 0, dy), value=7.0) * F.pad(torch.ones_like(x1), (0, dx, 0, dy))")),
    "output padding without a bias": swap(STEP, ("stride=2)", "stride=2, bias=False)"), ("x1 = self.up(x1)", "dy, dx = (min(s - 2 * b, 1) for s, b in zip(x2.shape[2:], x1.shape[2:]))\n        x1 = self.up(x1, output_size=(2 * x1.shape[2] + dy, 2 * x1.shape[3] + dx))")),
    "other parameter names": swap(STEP, ("x1", "below"), ("x2", "skip")),
}  # fmt: skip

JOIN, SKIP, FIT, BACK = "joins_both_maps", "uses_the_skip", "pads_to_the_skip", "lets_gradients_through"
WRONG = {
    "no upsampling": Wrong(swap(STEP, ("x1 = self.up(x1)\n", "pass\n")), JOIN, "A convolution made for 12 input channels received 18"),
    "channels not halved": Wrong(swap(STEP, ("in_channels // 2, kernel", "in_channels, kernel")), JOIN, "A convolution made for 12 input channels received 18"),
    "convolution of half the channels": Wrong(swap(STEP, (CONV, "DoubleConv(in_channels // 2, out_channels)")), JOIN, "A convolution made for 6 input channels received 12"),
    "no concatenation": Wrong(swap(STEP, (CAT, "x1")), JOIN, "A convolution made for 12 input channels received 6"),
    "added": Wrong(swap(STEP, (CAT, "x1 + x2")), JOIN, "A convolution made for 12 input channels received 6"),
    "concatenated along the batch": Wrong(swap(STEP, ("dim=1", "dim=0")), JOIN, "received 6"),
    "concatenated along the height": Wrong(swap(STEP, ("dim=1", "dim=2")), JOIN, "received 6"),
    "concatenated before upsampling": Wrong(swap(STEP, ("x1 = self.up(x1)", "x1 = self.up(torch.cat([x1, x2], 1))")), JOIN, "Sizes of tensors must match"),
    "a bare list": Wrong(swap(STEP, (CAT, "[x2, x1]")), JOIN, "raised TypeError"),
    "no return": Wrong(swap(STEP, ("return self.conv(x)", "self.conv(x)")), JOIN, "is a `return` missing?"),
    "no convolution": Wrong(swap(STEP, ("return self.conv(x)", "return x")), JOIN, "`out_channels` is 5 here"),
    "only one argument": Wrong(swap(STEP, ("def forward(self, x1, x2):", "def forward(self, x1):\n        x2 = x1[:, ::2]")), JOIN, "Compare the parameters in your `def` line"),
    "no super().__init__": Wrong(swap(STEP, ("super().__init__()", "pass")), JOIN, "`super().__init__()` has to come first"),
    "out_channels for in_channels": Wrong(swap(STEP, (CONV, "DoubleConv(in_channels, in_channels)")), JOIN, "`out_channels` is 5 here"),
    "channels written in": Wrong(swap(STEP, (UP, "nn.ConvTranspose2d(12, 6, kernel_size=2, stride=2)"), (CONV, "DoubleConv(12, out_channels)")), JOIN, "made for 12 input channels received 8"),
    "half with a true division": Wrong(swap(STEP, ("in_channels // 2", "in_channels / 2")), JOIN, "raised TypeError"),
    "maps swapped": Wrong(swap(STEP, ("def forward(self, x1, x2)", "def forward(self, x2, x1)")), JOIN, "A transposed convolution made for 12 input channels received 6"),
    "stride of one": Wrong(swap(STEP, ("stride=2)", "stride=1)")), SKIP, "has stride 1; expected 2"),
    "kernel of three": Wrong(swap(STEP, ("kernel_size=2, stride=2)", "kernel_size=3, stride=2, padding=1, output_padding=1)")), SKIP, "kernel 3x3; expected a transposed convolution 12 → 6, kernel 2x2"),
    "kernel of four": Wrong(swap(STEP, ("kernel_size=2, stride=2)", "kernel_size=4, stride=2, padding=1)")), SKIP, "kernel 4x4; expected a transposed convolution"),
    "added, with a convolution that fits": Wrong(swap(STEP, (CAT, "x1 + x2"), (CONV, "DoubleConv(in_channels // 2, out_channels)")), SKIP, "Upsampled map and skip, concatenated, have 12 channels"),
    "no skip, with a convolution that fits": Wrong(swap(STEP, (CAT, "x1"), (CONV, "DoubleConv(in_channels // 2, out_channels)")), SKIP, "Upsampled map and skip, concatenated, have 12 channels"),
    "upsampling by interpolation": Wrong(swap(STEP, (UP, "nn.Sequential(nn.Upsample(scale_factor=2, mode='bilinear'), nn.Conv2d(in_channels, in_channels // 2, 1))")), SKIP, "is a convolution 12 → 6, kernel 1x1; expected a transposed convolution"),
    "upsampling without weights": Wrong(swap(STEP, (UP, "nn.Upsample(scale_factor=2)"), (CONV, "DoubleConv(in_channels * 3 // 2, out_channels)")), SKIP, "expected a transposed convolution"),
    "skip replaced by zeros": Wrong(swap(STEP, (CAT, "torch.cat([torch.zeros_like(x2), x1], dim=1)")), SKIP, "zeros stand where the skip belongs"),
    "skip twice": Wrong(swap(STEP, (CAT, "torch.cat([x2, x2], dim=1)")), SKIP, "the skip is concatenated with itself"),
    "upsampled map twice": Wrong(swap(STEP, (CAT, "torch.cat([x1, x1], dim=1)")), SKIP, "the upsampled map stands there twice"),
    "upsampled map replaced by zeros": Wrong(swap(STEP, (CAT, "torch.cat([x2, torch.zeros_like(x1)], dim=1)")), SKIP, "zeros stand where the upsampled map belongs"),
    "upsampled map replaced by the interpolated one": Wrong(swap(STEP, ("x1 = self.up(x1)", "y = self.up(x1)\n        x1 = F.interpolate(x1, scale_factor=2)[:, : x2.size(1)]")), SKIP, "beside the skip stands something else than the upsampled map"),
    "skip scaled": Wrong(swap(STEP, (CAT, "torch.cat([x2 / 2, x1], dim=1)")), SKIP, "the skip does not arrive as it came in"),
    "skip activated": Wrong(swap(STEP, (CAT, "torch.cat([F.relu(x2), x1], dim=1)")), SKIP, "the skip does not arrive as it came in"),
    "skip turned round": Wrong(swap(STEP, (CAT, "torch.cat([x2.flip(3), x1], dim=1)")), SKIP, "the skip does not arrive as it came in"),
    "relu after upsampling": Wrong(swap(STEP, ("x1 = self.up(x1)", "x1 = F.relu(self.up(x1))")), SKIP, "beside the skip stands something else than the upsampled map"),
    "one convolution": Wrong(swap(STEP, (CONV, "nn.Conv2d(in_channels, out_channels, 3, padding=1)")), SKIP, "computes 2 convolutions (transposed ones counted in); expected 3"),
    "convolved twice": Wrong(swap(STEP, ("return self.conv(x)", "return self.conv(torch.cat([self.conv(x), self.conv(x), x], 1)[:, : x.size(1)])")), SKIP, "uses one convolution in two places"),
    "dropout": Wrong(swap(STEP, (CAT, "F.dropout(torch.cat([x2, x1], dim=1), 0.5, self.training)")), SKIP, "gets neither the upsampled map nor the skip as they are"),
    "layers made in forward": Wrong(swap(STEP, ("self.up = " + UP, "self.half = in_channels // 2"), ("self.up(x1)", "nn.ConvTranspose2d(2 * self.half, self.half, 2, stride=2)(x1)")), SKIP, "made anew inside `forward`"),
    "convolution in a plain list": Wrong(swap(STEP, (CONV, "[DoubleConv(in_channels, out_channels)]"), ("self.conv(x)", "self.conv[0](x)")), SKIP, "kept in a plain list"),
    "frozen": Wrong(swap(STEP, (UP, UP + ".requires_grad_(False)")), SKIP, "are frozen"),
    "output made up": Wrong(swap(STEP, ("return self.conv(x)", "return torch.zeros_like(self.conv(x))")), SKIP, "after the second convolution come other steps"),
    "height and width swapped": Wrong(swap(STEP, (PAD, "F.pad(x1, [dy // 2, dy - dy // 2, dx // 2, dx - dx // 2])")), FIT, "as if height and width were swapped"),
    "differences swapped": Wrong(swap(STEP, ("x2.size(2) - x1.size(2)", "x2.size(3) - x1.size(3)"), ("dx = x2.size(3) - x1.size(3)", "dx = x2.size(2) - x1.size(2)")), FIT, "as if height and width were swapped"),
    "no padding": Wrong(swap(STEP, ("x1 = " + PAD, "pass")), FIT, "nothing brings the upsampled map to the skip's size"),
    "height only": Wrong(swap(STEP, (PAD, "F.pad(x1, [0, 0, 0, dy])")), FIT, "becomes 11x8 pixels"),
    "width only": Wrong(swap(STEP, (PAD, "F.pad(x1, [0, dx])")), FIT, "nothing brings the upsampled map"),
    "half on each side": Wrong(swap(STEP, (PAD, "F.pad(x1, [dx // 2, dx // 2, dy // 2, dy // 2])")), FIT, "nothing brings the upsampled map"),
    "the whole difference on each side": Wrong(swap(STEP, (PAD, "F.pad(x1, [dx, dx, dy, dy])")), FIT, "becomes 12x8 pixels"),
    "one pixel always": Wrong(swap(STEP, (PAD, "F.pad(x1, [0, min(dx, 1), 0, min(dy, 1)])")), FIT, "becomes 11x9 pixels"),
    "negative differences": Wrong(swap(STEP, ("x2.size(2) - x1.size(2)", "x1.size(2) - x2.size(2)"), ("x2.size(3) - x1.size(3)", "x1.size(3) - x2.size(3)")), FIT, "becomes 9x8 pixels"),
    "stretched": Wrong(swap(STEP, (PAD, "F.interpolate(x1, size=x2.shape[2:], mode='bilinear')")), FIT, "the upsampled map does not arrive as asked for: zeros on its sides"),
    "border repeated": Wrong(swap(STEP, (PAD, "F.pad(x1, [dx // 2, dx - dx // 2, dy // 2, dy - dy // 2], mode='replicate')")), FIT, "filled up with other values"),
    "border reflected": Wrong(swap(STEP, (PAD, "F.pad(x1, [0, dx, 0, dy], mode='reflect')")), FIT, "filled up with other values"),
    "padded with ones": Wrong(swap(STEP, (PAD, "F.pad(x1, [0, dx, 0, dy], value=1)")), FIT, "filled up with other values"),
    "output padding with a bias": Wrong(swap(STEP, ("x1 = self.up(x1)", "x1 = self.up(x1, output_size=[min(s, 2 * b + 1) for s, b in zip(x2.shape[2:], x1.shape[2:])])")), FIT, "filled up with other values"),
    "the skip cropped": Wrong(swap(STEP, ("x1 = " + PAD, "x2 = x2[:, :, : x1.size(2), : x1.size(3)]")), FIT, "not brought to the skip's height and width"),
    "the skip resized": Wrong(swap(STEP, ("x1 = " + PAD, "x2 = F.interpolate(x2, size=x1.shape[2:])")), FIT, "not brought to the skip's height and width"),
    "the skip detached": Wrong(swap(STEP, (CAT, "torch.cat([x2.detach(), x1], dim=1)")), BACK, "`x2`, the skip"),
    "the upsampled map detached": Wrong(swap(STEP, (CAT, "torch.cat([x2, x1.detach()], dim=1)")), BACK, "`x1`, the map from below"),
    "no gradient": Wrong(swap(STEP, ("return self.conv(x)", "with torch.no_grad():\n            return self.conv(x)")), BACK, "is cut off"),
    "x1 through numpy": Wrong(swap(STEP, ("x1 = " + PAD, "import numpy as np\n        x1 = torch.from_numpy(np.pad(x1.detach().numpy(), ((0, 0), (0, 0), (0, dy), (0, dx))))")), BACK, "`x1`, the map from below"),
    "x1 copied by its data": Wrong(swap(STEP, ("x1 = " + PAD, "canvas = torch.zeros_like(x2)\n        canvas[:, :, : x1.size(2), : x1.size(3)] = x1.data\n        x1 = canvas")), BACK, "`x1`, the map from below"),
    "the padded map detached": Wrong(swap(STEP, ("x1 = " + PAD, "x1 = " + PAD + ".detach() if dx or dy else x1")), BACK, "`x1`, the map from below"),
    "skip halved and cut off": Wrong(swap(STEP, (CAT, "torch.cat([(x2 / 2).detach(), x1], dim=1)")), SKIP, "the skip does not arrive as it came in", also=(BACK,)),
    "everything halved and cut off": Wrong(
        swap(STEP, ("return self.conv(x)", "return self.conv(x / 2).detach()")), SKIP, "neither the upsampled map nor the skip", also=(BACK,)
    ),
    "skip added to the result where the shapes agree": Wrong(swap(STEP, ("return self.conv(x)", "y = self.conv(x)\n        return y + x2 if y.shape == x2.shape else y")), SKIP, "`Up(12, 6)`: after the second convolution come other steps"),
    "upsampling kept in the class": Wrong(swap(STEP, ("class Up(nn.Module):\n", "class Up(nn.Module):\n    kept = {}\n"), ("self.up = " + UP, "self.up = self.kept.setdefault(in_channels, " + UP + ")")), SKIP, "Two modules made by `Up(12, 5)` share parameters"),
    "skip changed in place": Wrong(swap(STEP, ("x = " + CAT, "x2 *= 0.5\n        x = " + CAT)), SKIP, "changes the tensor that it is given", also=(FIT,)),
    "a canvas kept for the next call": Wrong(swap(STEP, ("        self.up = ", "        self.kept = None\n        self.up = "), ("x1 = " + PAD, "n, c, h, w = x2.shape\n        if self.kept is None or self.kept.size(2) < h or self.kept.size(3) < w:\n            self.kept = x2.new_zeros(n, c, h, w)\n        canvas = self.kept[:n, :, :h, :w].clone()\n        canvas[:, :, : x1.size(2), : x1.size(3)] = x1\n        self.kept[:n, :, :h, :w] = canvas.detach()\n        x1 = canvas")), FIT, "filled up with other values"),
    "a skip for batches only": Wrong(swap(STEP, (CAT, "torch.cat([x2 if len(x2) > 1 else 0 * x2, x1], dim=1)")), SKIP, "zeros stand where the skip belongs"),
}  # fmt: skip
