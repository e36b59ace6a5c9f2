"""Wrong answers that students typically hand in, for the demonstration: each runs, looks right and is not."""

__all__ = ["MISTAKES"]

MEAN_OF_BATCH_MEANS = """\
# The last batch is smaller, and a spread within batches is not the spread over all pixels.
dl = DataLoader(ds, batch_size=16, shuffle=False)
mean, std = torch.zeros(3), torch.zeros(3)
for images, _ in dl:
    mean += images.mean(dim=(0, 2, 3)) / len(dl)
    std += images.std(dim=(0, 2, 3)) / len(dl)
"""

AUGMENTED_VALIDATION = """\
# Both halves read through the dataset that augments.
full_ds = ISICDatasetAlbumentations(dataset_path, mask_path, transform=train_img_ts)
train_size = int(0.8 * len(full_ds))
valid_size = len(full_ds) - train_size
train_ds, valid_ds = torch.utils.data.random_split(full_ds, [train_size, valid_size])
train_dl = DataLoader(train_ds, batch_size=16, shuffle=True)
valid_dl = DataLoader(valid_ds, batch_size=16, shuffle=False)
"""

ONE_ACTIVATION = """\
class DoubleConv(torch.nn.Module):
    # The second activation is forgotten.
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.layers = torch.nn.Sequential(
            torch.nn.Conv2d(in_channels, out_channels, 3, padding=1),
            torch.nn.BatchNorm2d(out_channels),
            torch.nn.ReLU(),
            torch.nn.Conv2d(out_channels, out_channels, 3, padding=1),
            torch.nn.BatchNorm2d(out_channels),
        )

    def forward(self, x):
        return self.layers(x)
"""

NO_PADDING = """\
class Up(torch.nn.Module):
    # Works only while every size is divisible by 16.
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.up = torch.nn.ConvTranspose2d(in_channels, in_channels // 2, kernel_size=2, stride=2)
        self.conv = DoubleConv(in_channels, out_channels)

    def forward(self, x1, x2):
        return self.conv(torch.cat([x2, self.up(x1)], dim=1))
"""

FORGOTTEN_FACTOR = """\
class DiceLoss(torch.nn.Module):
    # The intersection counts once instead of twice: a perfect mask has loss 0.5.
    def __init__(self, smooth=1.0):
        super().__init__()
        self.smooth = smooth

    def forward(self, y_pred, y_true):
        y_pred, y_true = y_pred.reshape(-1), y_true.reshape(-1)
        intersection = (y_pred * y_true).sum()
        return 1 - (intersection + self.smooth) / (y_pred.sum() + y_true.sum() + self.smooth)
"""

RIGID_HEAD = """\
def replace_head(model, num_classes, hidden=None, dropout=0.5):
    # Made for ResNet-18 alone, and the hidden layer has no ReLU.
    model.fc = torch.nn.Linear(512, num_classes)
    if hidden is not None:
        model.fc = torch.nn.Sequential(
            torch.nn.Linear(512, hidden), torch.nn.Dropout(dropout), torch.nn.Linear(hidden, num_classes)
        )
    return model
"""

SUM_OF_COLOURS = """\
def grayscale_stem(model):
    # The sum over the colours, three times too loud, and ResNet-18's settings written in.
    new = torch.nn.Conv2d(1, 64, kernel_size=7, stride=2, padding=3, bias=False)
    new.weight = torch.nn.Parameter(model.conv1.weight.detach().sum(dim=1, keepdim=True))
    model.conv1 = new
    return model
"""

SLICE_OF_NONE = """\
def unfreeze_last(model, stages):
    # parts[-0:] is the whole list.
    freeze_body(model)
    parts = [model.layer1, model.layer2, model.layer3, model.layer4]
    for part in parts[-stages:]:
        part.requires_grad_(True)
    return model
"""

NEITHER_CLIPPED_NOR_IN_ORDER = """\
def train_step(model, images, labels, criterion, optimiser, scheduler, max_norm=1.0):
    # The gradient is cut before it is there, and the scheduler steps first.
    model.train()
    optimiser.zero_grad()
    torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    loss = criterion(model(images), labels)
    loss.backward()
    scheduler.step()
    optimiser.step()
    return loss.item()
"""

UPSIDE_DOWN = """\
# Patients on their heads.
valid_transform = v2.Compose(
    [v2.Resize((SIDE, SIDE)), v2.ToDtype(torch.float32, scale=True), v2.Normalize([mean], [std])]
)
train_transform = v2.Compose([v2.RandomVerticalFlip(), v2.RandomHorizontalFlip(), v2.RandomRotation(30), valid_transform])
"""

MISTAKES = {
    "SE05": {
        2: MEAN_OF_BATCH_MEANS,
        5: AUGMENTED_VALIDATION,
        6: ONE_ACTIVATION,
        8: NO_PADDING,
        10: FORGOTTEN_FACTOR,
    },
    "SE06": {
        1: RIGID_HEAD,
        3: SUM_OF_COLOURS,
        4: SLICE_OF_NONE,
        6: NEITHER_CLIPPED_NOR_IN_ORDER,
        7: UPSIDE_DOWN,
    },
}
"""By session and exercise: what stands in the exercise's cell below its first line."""
