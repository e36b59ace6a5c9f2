"""Right and wrong answers to exercise 1, a new head."""

from tests.checks.answers import Wrong
from tests.checks.rewriting import swap

HEAD = """
def replace_head(model, num_classes, hidden=None, dropout=0.5):
    features = model.fc.in_features
    if hidden is None:
        model.fc = nn.Linear(features, num_classes)
    else:
        model.fc = nn.Sequential(
            nn.Linear(features, hidden),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(hidden, num_classes),
        )
    return model
"""
CLASS = """
class Head(nn.Module):
    def __init__(self, features, hidden, num_classes, dropout):
        super().__init__()
        self.first, self.last, self.p = nn.Linear(features, hidden), nn.Linear(hidden, num_classes), dropout

    def forward(self, x):
        x = F.relu(self.first(x))
        x = F.dropout(x, self.p, training=self.training)
        return self.last(x)

def replace_head(model, num_classes, hidden=None, dropout=0.5):
    features = model.fc.in_features
    model.fc = nn.Linear(features, num_classes) if hidden is None else Head(features, hidden, num_classes, dropout)
    return model
"""
ASK, ONE = "features = model.fc.in_features", "model.fc = nn.Linear(features, num_classes)"
RELU, DROP, LAST = (
    "            nn.ReLU(),\n",
    "            nn.Dropout(dropout),\n",
    "            nn.Linear(hidden, num_classes),\n",
)
FIRST = "            nn.Linear(features, hidden),\n"
BACK = "    return model\n"

RIGHT = {
    "as in the text": HEAD,
    "a class with functional layers": CLASS,
    "features from the weight": swap(HEAD, (ASK, "features = model.fc.weight.shape[1]")),
    "dropout before the ReLU": swap(HEAD, (RELU + DROP, DROP + RELU)),
    "setattr": swap(HEAD, (ONE, "setattr(model, 'fc', nn.Linear(features, num_classes))")),
    "named layers": "from collections import OrderedDict\n" + swap(HEAD, ("nn.Sequential(\n" + FIRST + RELU + DROP + LAST + "        )", "nn.Sequential(OrderedDict(a=nn.Linear(features, hidden), b=nn.ReLU(), c=nn.Dropout(dropout), d=nn.Linear(hidden, num_classes)))")),
    "layers in a list": swap(HEAD, ("nn.Sequential(\n" + FIRST + RELU + DROP + LAST + "        )", "nn.Sequential(*[nn.Linear(features, hidden), nn.ReLU(inplace=True), nn.Dropout(p=dropout), nn.Linear(hidden, num_classes)])")),
    "one layer in a Sequential": swap(HEAD, (ONE, "model.fc = nn.Sequential(nn.Linear(features, num_classes))")),
    "other initialisation": swap(HEAD, (ONE, ONE + "\n        nn.init.normal_(model.fc.weight, std=0.01)\n        nn.init.zeros_(model.fc.bias)")),
    "annotated": swap(HEAD, ("model, num_classes, hidden=None, dropout=0.5)", "model: nn.Module, num_classes: int, hidden: int | None = None, dropout: float = 0.5) -> nn.Module")),
    "flatten in front": swap(HEAD, (FIRST, "            nn.Flatten(),\n" + FIRST)),
    "falsy means none": swap(HEAD, ("if hidden is None", "if not hidden")),
    "a clamp in place of the ReLU": swap(CLASS, ("F.relu(self.first(x))", "self.first(x).clamp(min=0)")),
    "weights the other way round": "class Affine(nn.Module):\n    def __init__(self, before, after):\n        super().__init__()\n        self.w, self.b = nn.Parameter(torch.randn(before, after) / before**0.5), nn.Parameter(torch.zeros(1, after))\n    def forward(self, x):\n        return x @ self.w + self.b\n" + swap(HEAD, ("nn.Linear(", "Affine(")),
    "zeros to begin with": swap(HEAD, (BACK, "    last = model.fc if hidden is None else model.fc[-1]\n    nn.init.zeros_(last.weight), nn.init.zeros_(last.bias)\n" + BACK)),
}  # fmt: skip

BODY, LINEAR, HIDDEN, DROPS, LEARNS = (
    "changes_only_the_head", "linear_head_fits", "hidden_head_computes", "hidden_head_drops_out", "head_can_learn",
)  # fmt: skip
WRONG = {
    "2048 features written in": Wrong(swap(HEAD, (ASK, "features = 2048")), LINEAR, "ask the old head"),
    "512 features for the hidden layer": Wrong(swap(HEAD, (FIRST, "            nn.Linear(512, hidden),\n")), HIDDEN, "ask the old head"),
    "2048 features for the hidden layer": Wrong(swap(HEAD, (FIRST, "            nn.Linear(2048, hidden),\n")), HIDDEN, "ask the old head"),
    "hidden and classes exchanged": Wrong(swap(HEAD, ("(features, hidden)", "(features, num_classes)"), ("(hidden, num_classes)", "(num_classes, hidden)")), HIDDEN, "puts out 200 numbers"),
    "a number instead of the hidden head": Wrong("def replace_head(model, num_classes, hidden=None, dropout=0.5):\n    features = model.fc.in_features\n    del model.fc\n    model.fc = nn.Linear(features, num_classes) if hidden is None else hidden\n    return model\n", HIDDEN, "not a module"),
    "dropout without scaling": Wrong(swap(CLASS, ("x = F.dropout(x, self.p, training=self.training)", "x = x * (torch.rand_like(x) >= self.p) if self.training else x")), DROPS, "dropout makes up for the others"),
    "two results": Wrong("class Both(nn.Linear):\n    def forward(self, x):\n        return super().forward(x), x\n" + swap(HEAD, (ONE, "model.fc = Both(features, num_classes)")), LINEAR, "not a tensor"),
    "scores in one row": Wrong(swap(HEAD, (ONE, "model.fc = nn.Sequential(nn.Linear(features, num_classes), nn.Flatten(0))")), LINEAR, "has shape (12,) for 4 images"),
    "nothing returned": Wrong(swap(HEAD, (BACK, "")), BODY, "is a `return` missing?"),
    "the head returned": Wrong(swap(HEAD, (BACK, "    return model.fc\n")), BODY, "returns another model"),
    "a copy": Wrong("import copy\n" + swap(HEAD, (ASK, "model = copy.deepcopy(model)\n    " + ASK)), BODY, "another model: a copy, or one built anew"),
    "wrapped in a Sequential": Wrong(swap(HEAD, (BACK, "    return nn.Sequential(model)\n")), BODY, "another model"),
    "another attribute": Wrong(swap(HEAD, ("model.fc = nn", "model.head = nn")), BODY, "a new part, `head`"),
    "the classifier of other networks": Wrong(swap(HEAD, (ONE, "model.classifier = nn.Linear(features, num_classes)")), BODY, "a new part, `classifier`"),
    "body frozen as well": Wrong(swap(HEAD, (ASK, "model.requires_grad_(False)\n    " + ASK)), BODY, "freezing is the next exercise"),
    "body thawed": Wrong(swap(HEAD, (ASK, "model.requires_grad_(True)\n    " + ASK)), BODY, "freezing is the next exercise"),
    "pooling replaced": Wrong(swap(HEAD, (ASK, ASK + "\n    model.avgpool = nn.AdaptiveMaxPool2d(1)")), BODY, "`model.avgpool` was replaced, too"),
    "last stage built anew": Wrong(swap(HEAD, (ASK, ASK + "\n    model.layer4 = nn.Sequential(*model.layer4)")), BODY, "`model.layer4` was replaced, too"),
    "statistics reset": Wrong(swap(HEAD, (ASK, ASK + "\n    nn.init.zeros_(model.bn1.weight)")), BODY, "`bn1.weight` has other values"),
    "label only": Wrong(swap(HEAD, (ONE, "model.fc.out_features = num_classes")), LINEAR, "only changes a label"),
    "nothing for one layer": Wrong(swap(HEAD, (ONE, "pass")), LINEAR, "puts out 10 numbers"),
    "2 classes written in": Wrong(swap(HEAD, (ONE, "model.fc = nn.Linear(features, 2)")), LINEAR, "puts out 2 numbers"),
    "512 features written in": Wrong(swap(HEAD, (ASK, "features = 512")), LINEAR, "ask the old head"),
    "without bias": Wrong(swap(HEAD, (ONE, "model.fc = nn.Linear(features, num_classes, bias=False)")), LINEAR, "has parameters of shapes"),
    "in front of the old head": Wrong(swap(HEAD, (ONE, "model.fc = nn.Sequential(model.fc, nn.Linear(model.fc.out_features, num_classes))")), LINEAR, "has parameters of shapes"),
    "a softmax at the end": Wrong(swap(HEAD, (ONE, "model.fc = nn.Sequential(nn.Linear(features, num_classes), nn.Softmax(dim=1))")), LINEAR, "a softmax comes last"),
    "a log-softmax at the end": Wrong(swap(HEAD, (ONE, "model.fc = nn.Sequential(nn.Linear(features, num_classes), nn.LogSoftmax(dim=1))")), LINEAR, "a log-softmax comes last"),
    "a sigmoid at the end": Wrong(swap(HEAD, (ONE, "model.fc = nn.Sequential(nn.Linear(features, num_classes), nn.Sigmoid())")), LINEAR, "a sigmoid comes last"),
    "a ReLU at the end": Wrong(swap(HEAD, (ONE, "model.fc = nn.Sequential(nn.Linear(features, num_classes), nn.ReLU())")), LINEAR, "a ReLU comes last"),
    "rows of the old head": Wrong(swap(HEAD, (ONE, "new = nn.Linear(features, num_classes)\n        new.weight.data = model.fc.weight.data[:num_classes].clone()\n        model.fc = new")), LINEAR, "those of the old head"),
    "a number instead of a layer": Wrong(swap(HEAD, (ONE, "del model.fc\n        model.fc = num_classes")), LINEAR, "not a layer"),
    "hidden ignored": Wrong("def replace_head(model, num_classes, hidden=None, dropout=0.5):\n    model.fc = nn.Linear(model.fc.in_features, num_classes)\n    return model\n", HIDDEN, "two linear layers have"),
    "256 written in": Wrong(swap(HEAD, ("(features, hidden)", "(features, 256)"), ("(hidden, num_classes)", "(256, num_classes)")), HIDDEN, "two linear layers have"),
    "no ReLU": Wrong(swap(HEAD, (RELU, "")), HIDDEN, "the ReLU between the two layers is missing"),
    "sigmoid in the middle": Wrong(swap(HEAD, ("nn.ReLU()", "nn.Sigmoid()")), HIDDEN, "another activation than ReLU stands between the two layers: a sigmoid"),
    "tanh in the middle": Wrong(swap(HEAD, ("nn.ReLU()", "nn.Tanh()")), HIDDEN, "tanh"),
    "GELU in the middle": Wrong(swap(HEAD, ("nn.ReLU()", "nn.GELU()")), HIDDEN, "Something else than the layers asked for"),
    "three layers": Wrong(swap(HEAD, (LAST, "            nn.Linear(hidden, hidden),\n" + LAST)), HIDDEN, "two linear layers have"),
    "a batch norm in between": Wrong(swap(HEAD, (RELU, "            nn.BatchNorm1d(hidden),\n" + RELU)), HIDDEN, "two linear layers have"),
    "ReLU after both": Wrong(swap(HEAD, (LAST, LAST + "            nn.ReLU(),\n")), HIDDEN, "a ReLU comes last"),
    "sizes do not meet": Wrong(swap(HEAD, ("(hidden, num_classes)", "(features, num_classes)")), HIDDEN, "mat1 and mat2"),
    "no dropout": Wrong(swap(HEAD, (DROP, "")), DROPS, "no hidden unit is dropped with dropout=0.4"),
    "dropout of a half always": Wrong(swap(HEAD, ("nn.Dropout(dropout)", "nn.Dropout(0.5)")), DROPS, "of the hidden units are dropped with dropout=0.4; expected 40%"),
    "share kept instead of dropped": Wrong(swap(HEAD, ("nn.Dropout(dropout)", "nn.Dropout(1 - dropout)")), DROPS, "of the hidden units are dropped with dropout=0.4"),
    "another default": Wrong(swap(HEAD, ("dropout=0.5", "dropout=0.2")), DROPS, "of the hidden units are dropped without a word about `dropout`"),
    "dropout after the last layer": Wrong(swap(HEAD, (DROP, ""), (LAST, LAST + DROP)), DROPS, "no hidden unit is dropped"),
    "dropout on the features": Wrong(swap(HEAD, (DROP, ""), (FIRST, DROP + FIRST)), DROPS, "no hidden unit is dropped"),
    "dropout in evaluation, too": Wrong(swap(CLASS, ("training=self.training", "training=True")), HIDDEN, "another result each time"),
    "new head frozen": Wrong(swap(HEAD, (BACK, "    for parameter in model.fc.parameters():\n        parameter.requires_grad = False\n" + BACK)), LEARNS, "parameters are frozen, so they would never learn"),
    "hidden head frozen": Wrong(swap(HEAD, ("        )\n", "        )\n        model.fc[0].requires_grad_(False)\n")), LEARNS, "2 of the new head's parameters are frozen"),
    "in evaluation mode": Wrong(swap(HEAD, (BACK, "    return model.eval()\n")), BODY, "was switched between training and evaluation mode"),
    "one head for all models": Wrong("from functools import lru_cache\n@lru_cache\ndef make(features, num_classes):\n    return nn.Linear(features, num_classes)\n" + swap(HEAD, (ONE, "model.fc = make(features, num_classes)")), LINEAR, "Two models get one and the same head"),
    "dropout in front of one layer": Wrong(swap(HEAD, (ONE, "model.fc = nn.Sequential(nn.Dropout(dropout), nn.Linear(features, num_classes))")), LINEAR, "something else is computed in training mode"),
    "one score for two classes": Wrong(swap(HEAD, (ASK, "num_classes = 1 if num_classes == 2 else num_classes\n    " + ASK)), LINEAR, "and 2 classes the head puts out 1 number"),
    "scores squeezed": Wrong("class Squeezed(nn.Linear):\n    def forward(self, x):\n        return super().forward(x).squeeze()\n" + swap(HEAD, (ONE, "model.fc = Squeezed(features, num_classes)")), LINEAR, "has shape (3,) for 1 image."),
    "layers in a plain list": Wrong(swap(CLASS, ("self.first, self.last, self.p = nn.Linear(features, hidden), nn.Linear(hidden, num_classes), dropout", "self.parts, self.p = [nn.Linear(features, hidden), nn.Linear(hidden, num_classes)], dropout"), ("self.first(x)", "self.parts[0](x)"), ("self.last(x)", "self.parts[1](x)")), HIDDEN, "layers in a plain list are not registered"),
    "ReLU6 in the middle": Wrong(swap(HEAD, ("nn.ReLU()", "nn.ReLU6()")), HIDDEN, "it stops growing at 6"),
    "one mask for the batch": Wrong(swap(CLASS, ("x = F.dropout(x, self.p, training=self.training)", "x = x * torch.empty(x.shape[1]).bernoulli_(1 - self.p) / (1 - self.p) if self.training else x")), DROPS, "the same units are dropped for every image"),
    "frozen as the old head was": Wrong(swap(HEAD, (ASK, "free = model.fc.weight.requires_grad\n    " + ASK), (BACK, "    model.fc.requires_grad_(free)\n" + BACK)), LEARNS, "2 of the new head's parameters are frozen if the model came in frozen"),
    "without gradients": Wrong(swap(CLASS, ("    def forward(self, x):\n", "    @torch.no_grad()\n    def forward(self, x):\n")), LEARNS, "No gradient reaches the new head's parameters"),
    "one parameter without a gradient": Wrong(swap(CLASS, ("self.last(x)", "F.linear(x, self.last.weight, self.last.bias.detach())")), LEARNS, "No gradient reaches the new head's parameters"),
    "cut off from the body": Wrong(swap(CLASS, ("self.first(x)", "self.first(x.detach())")), LEARNS, "The head cuts off the gradient"),
    "no hidden layer without dropout": Wrong(swap(HEAD, ("if hidden is None:", "if not (hidden and dropout):")), DROPS, "with hidden=200 and dropout=0 has parameters of shapes"),
    "no dropout taken for a half": Wrong(swap(HEAD, ("nn.Dropout(dropout)", "nn.Dropout(dropout or 0.5)")), DROPS, "with dropout=0; expected 0%"),
    "no dropout for a single image": Wrong(swap(CLASS, ("training=self.training", "training=self.training and len(x) > 1")), DROPS, "nothing is dropped for a batch of one image"),
    "hidden layers kept": Wrong("kept = {}\n" + swap(HEAD, (FIRST, "            kept.setdefault(features, nn.Linear(features, hidden)),\n")), HIDDEN, "one and the same head or layer"),
    "the old head rebuilt": Wrong(swap(HEAD, (ONE, "model.fc.weight = nn.Parameter(torch.randn(num_classes, features) / 20)\n        model.fc.bias = nn.Parameter(torch.zeros(num_classes))")), LINEAR, "The old head was rebuilt"),
    "a batch norm without parameters": Wrong(swap(HEAD, (RELU, "            nn.BatchNorm1d(hidden, affine=False),\n" + RELU)), DROPS, "it holds a batch norm, and none is asked for"),
    "noise instead of dropout": Wrong(swap(HEAD, ("nn.Dropout(dropout)", "nn.AlphaDropout(dropout)")), DROPS, "Something random is done to them, but dropout sets units to zero"),
}  # fmt: skip
