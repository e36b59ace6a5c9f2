# %%
import torch
import torch.nn.functional as F
from torch import nn
from torchvision.models import ResNet18_Weights, resnet18
from torchvision.transforms import v2

# %%
# Exercise 1: A new head
def replace_head(model, num_classes, hidden=None, dropout=0.5):
    """Give a ResNet a new head for `num_classes` classes, with `hidden` units in between if wanted; return the model."""
    ### BEGIN SOLUTION
    features = model.fc.in_features
    if hidden is None:
        model.fc = nn.Linear(features, num_classes)
    else:
        model.fc = nn.Sequential(
            nn.Linear(features, hidden), nn.ReLU(), nn.Dropout(dropout), nn.Linear(hidden, num_classes)
        )
    return model
    ### END SOLUTION


# %%
# Exercise 2: Freezing
def freeze_body(model):
    """Freeze all parameters but those of the head; return the model."""
    ### BEGIN SOLUTION
    for parameter in model.parameters():
        parameter.requires_grad = False
    for parameter in model.fc.parameters():
        parameter.requires_grad = True
    return model
    ### END SOLUTION


def count_trainable(model):
    """Return how many numbers can be trained."""
    ### BEGIN SOLUTION
    return sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)
    ### END SOLUTION


# %%
# Exercise 3: A stem for grey images
def grayscale_stem(model):
    """Give a ResNet a first convolution for grey images, with the mean of the old weights; return the model."""
    ### BEGIN SOLUTION
    old = model.conv1
    new = nn.Conv2d(
        1,
        old.out_channels,
        old.kernel_size,
        stride=old.stride,
        padding=old.padding,
        dilation=old.dilation,
        bias=old.bias is not None,
    )
    with torch.no_grad():
        new.weight.copy_(old.weight.mean(dim=1, keepdim=True))
        if old.bias is not None:
            new.bias.copy_(old.bias)
    model.conv1 = new
    return model
    ### END SOLUTION


# %%
# Exercise 4: Unfreezing the last stages
def unfreeze_last(model, stages):
    """Let the head and the last `stages` stages learn, and nothing else; return the model."""
    ### BEGIN SOLUTION
    if not 0 <= stages <= 4:
        raise ValueError(f"A ResNet has 4 stages; got {stages}.")
    freeze_body(model)
    for number in range(5 - stages, 5):
        model.get_submodule(f"layer{number}").requires_grad_(True)
    return model
    ### END SOLUTION


# %%
# Exercise 5: Discriminative learning rates
def discriminative_optimiser(model, early_lr=1e-5, late_lr=1e-4, head_lr=1e-3, weight_decay=1e-4):
    """Return an AdamW with one learning rate for stem and stages 1-2, one for stages 3-4 and one for the head."""
    ### BEGIN SOLUTION
    parts = {
        early_lr: (model.conv1, model.bn1, model.layer1, model.layer2),
        late_lr: (model.layer3, model.layer4),
        head_lr: (model.fc,),
    }
    groups = [
        {"params": [parameter for part in modules for parameter in part.parameters()], "lr": rate}
        for rate, modules in parts.items()
    ]
    return torch.optim.AdamW(groups, weight_decay=weight_decay)
    ### END SOLUTION


# %%
# Exercise 6: A training step
def train_step(model, images, labels, criterion, optimiser, scheduler, max_norm=1.0):
    """Do one step of training on one batch; return its loss as a float."""
    ### BEGIN SOLUTION
    model.train()
    optimiser.zero_grad()
    loss = criterion(model(images), labels)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimiser.step()
    scheduler.step()
    return loss.item()
    ### END SOLUTION


# %%
# Exercise 7: Augmentation for X-rays
train_transform = v2.Compose(  # SOLUTION: size, flip, rotation, brightness and contrast, floats, normalisation
    [
        v2.Resize((SIDE, SIDE), antialias=True),
        v2.RandomHorizontalFlip(p=0.5),
        v2.RandomRotation(10, interpolation=v2.InterpolationMode.BILINEAR),
        v2.ColorJitter(brightness=0.2, contrast=0.2),
        v2.ToDtype(torch.float32, scale=True),
        v2.Normalize([mean], [std]),
    ]
)
valid_transform = v2.Compose(  # SOLUTION: size, floats, normalisation; nothing random
    [
        v2.Resize((SIDE, SIDE), antialias=True),
        v2.ToDtype(torch.float32, scale=True),
        v2.Normalize([mean], [std]),
    ]
)

# %%
# Exercise 8: Which strategy when
def choose_strategy(images, similarity):
    """Return "frozen", "partial", "full" or "scratch" for so many images of a similar or different domain."""
    ### BEGIN SOLUTION
    if similarity not in ("similar", "different") or images < 1:
        raise ValueError(f"There is no rule for {images} images and the similarity {similarity!r}.")
    similar = similarity == "similar"
    if images < 1_000:
        return "frozen" if similar else "partial"
    if images <= 50_000:
        return "partial" if similar else "full"
    if images <= 500_000:
        return "full"
    return "full" if similar else "scratch"
    ### END SOLUTION
