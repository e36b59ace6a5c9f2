# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# ![Transfer learning for classification: a chest X-ray, a network with a new head, and two probabilities](figs/banner_classification.png)
#
# # Transfer learning for image classification
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](@COLAB_URL@)
#
# Normal, or pneumonia? A radiologist looks at a chest X-ray for a minute and knows what to look for, after years of
# training. You have a few hundred or a few thousand such images, and a network that has looked at a million
# photographs and never at a patient. In this workshop you find out what that network is worth to you: you give it a new
# head, teach it to see in grey, decide which of its layers may learn and how fast. And then you do what is too seldom
# done: you measure whether any of it was better than starting from nothing.
#
# **You will learn to**
#
# - find pretrained models, and know what you take home with them;
# - replace a classifier's head, freeze its body, and count what is left to train;
# - feed grey images to a network that was made for colours;
# - choose between three strategies, from a frozen body to learning rates that grow with depth;
# - write a training step with clipping and a scheduler, and augment X-rays without inventing patients;
# - look at probabilities, mistakes, and where the network looked;
# - test in an experiment of your own *when* transfer learning helps, and say no more than it shows.
#
# **You need** Python, some PyTorch (tensors, modules, a training loop that you have seen once). Session SE05 is a good
# preparation, but not required. **Plan** about three hours. A GPU makes the trainings short; without one everything
# still runs.

# %% [markdown]
# ## 0. Setup
#
# ### How to work with this notebook
#
# | you see | you do |
# |---|---|
# | a text | read it; each one prepares the code below it |
# | a code cell | run it with <kbd>Shift</kbd> + <kbd>Enter</kbd>, from top to bottom; change a number and run it again |
# | `# Exercise 3: ...` | your turn: write code where it says `YOUR CODE HERE`, then run the cell |
# | `checker.check_exercise(3, ...)` | run it to see at once what is right and what is not yet; as often as you like |
# | *Hints* | try first, unfold when you are stuck; `checker.hint(3)` gives one that fits your last check |
# | `quizzer.run_quiz(1)` | a quiz: answer by clicking, or with `quizzer.run_quiz(1, question=1, answer="b")` |
# | *Your answer to question 1* | at the end: write a few sentences; a person reads and marks them |
#
# Type the code yourself rather than pasting it: fingers remember. And do not fear red output: a wrong answer breaks
# nothing here. `checker.progress()` shows where you stand. Cells that build on an exercise wait for it: they say which
# one they need and leave the rest of the notebook running.
#
# *On Colab, save your own copy first (File > Save a copy in Drive), or your answers are gone once you close the window.*
#
# ### The setup cell
#
# It finds the course's tools (or fetches them), fixes the random seeds so that you can repeat what you see, and looks
# for a GPU. You can run it as often as you like.

# %%
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

VERSION, REPOSITORY = "@VERSION@", "@REPOSITORY@"
FETCHED = Path(f"transfer-learning-workshop-{VERSION}").resolve()  # where the course's tools go if they are not here
SEED = 101


class FetchError(RuntimeError):
    """The course's tools are neither here nor to be had; shown as a sentence, without the code that led to it."""

    def _render_traceback_(self):
        return [str(self)]


def find_course():
    """Return the folder that holds the course's tools, or None."""
    here = Path.cwd()
    places = [*map(Path, filter(None, sys.path)), here, *here.parents, FETCHED]
    return next((place for place in places if os.path.isdir(place / "utils" / "checks")), None)


def fetch_course():
    """Fetch the course's tools into a folder beside this notebook: all of them or, if that fails, none."""
    print("Fetching the course's tools ...")
    unfinished = FETCHED.with_name(f"{FETCHED.name}.part")
    for leftover in (unfinished, FETCHED):  # what an interrupted run left behind
        shutil.rmtree(leftover, ignore_errors=True)
    clone = ["git", "clone", "--quiet", "--depth=1", f"--branch=v{VERSION}", REPOSITORY, str(unfinished)]
    try:
        settings = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}  # never wait for a password
        subprocess.run(clone, check=True, capture_output=True, text=True, timeout=300, env=settings)
    except (OSError, subprocess.SubprocessError) as error:
        reason = (getattr(error, "stderr", None) or str(error)).strip()
        raise FetchError(
            f"The course's tools (version {VERSION}) could not be fetched from {REPOSITORY}.\n"
            "Nothing is lost. Check your connection, then run this cell again. If it still fails, download\n"
            f"{REPOSITORY}/archive/refs/tags/v{VERSION}.zip, unpack it as {FETCHED}\n"
            f"and run this cell again.\n(git said: {reason})"
        ) from None
    return unfinished.rename(FETCHED)


course = str(find_course() or fetch_course())
if sys.path[0] != course:
    sys.path.insert(0, course)

import utils

utils.core.prepare_environment(VERSION)  # installs what is missing, upgrades nothing

import numpy as np
import torch
from IPython.display import display

random.seed(SEED)
np.random.seed(SEED)
torch.manual_seed(SEED)

device = utils.core.choose_device()
checker = utils.core.ExerciseChecker("SE06")
quizzer = utils.core.QuizManager("SE06")
print("Ready. Go on with the next cell: Shift + Enter runs it and moves on.")

# %%
import copy
from time import perf_counter

import matplotlib.pyplot as plt
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, Dataset
from torchvision.models import ResNet18_Weights, get_model_weights, resnet18
from torchvision.models.feature_extraction import create_feature_extractor
from torchvision.transforms import v2

from utils.settings import fast_mode

# %% [markdown]
# ## 1. Networks that others have trained
#
# ### 1.1 Where they come from
#
# | source | what you find there | how you get one |
# |---|---|---|
# | **torchvision** | classics for images, each with named sets of weights | `resnet18(weights=ResNet18_Weights.DEFAULT)` |
# | **timm** | over a thousand image models, many training recipes | `timm.create_model("resnet18", pretrained=True)` |
# | **Hugging Face Hub** | everything, from anybody | `from_pretrained("organisation/name")` |
# | **papers** | the weights behind a result, medical ones included | a link in the appendix, if you are lucky |
#
# In torchvision a set of weights is a member of an *enum*, and it travels with its data sheet: how well it does, which
# licence and recipe it has, and which transforms its images went through. So ask, rather than believe.

# %%
print(f"{'weights':<42}{'parameters':>12}{'ImageNet top-1':>17}{'file':>9}")
for name in ("resnet18", "resnet50", "densenet121", "efficientnet_b0"):
    for weights in get_model_weights(name):
        meta = weights.meta
        top1, size = meta["_metrics"]["ImageNet-1K"]["acc@1"], meta["_file_size"]
        print(f"{weights!s:<42}{meta['num_params']:>12,}{top1:>15.1f} %{size:>6.0f} MB")

# %% [markdown]
# The same architecture may have several sets of weights, and the newer one need not be larger to be better: the recipe
# is part of the result. We take **ResNet-18** (He et al. 2015). It is small enough to be trained on a laptop, and its
# parts have names that everybody knows: a *stem* (`conv1`, `bn1`), four *stages* (`layer1` to `layer4`), and a *head*
# (`fc`).
#
# ![ResNet-18 from the image to the classes: stem, four stages, pooling and the head, with their sizes and parameters](figs/resnet18.png)
#
# **What you take home with weights.** Four things to check before you build on somebody else's numbers:
#
# - **The licence.** Code, weights and the images behind them may have three different ones. ImageNet's images were
#   collected for research; whether a product may use weights trained on them is a question for a lawyer, not for this
#   notebook.
# - **The transforms.** A network expects inputs on the scale it was trained with.
# - **The form of the file.** A *state dict* holds tensors under names, nothing else, and loads into any version of the
#   code that still has these names. A whole pickled model holds references to the classes it was made of, so it breaks
#   when they change, and unpickling can run whatever code its author put in. `torch.load(..., weights_only=True)`
#   refuses that.
# - **The place.** torchvision keeps downloads in `$TORCH_HOME/hub/checkpoints` (`~/.cache/torch` unless you set it). A
#   file that lies there is not fetched again: handy in a clinic without internet.
#
# The next cell fetches ResNet-18's weights (about 45 MB). If that is not possible, stand-ins take their place, and the
# cell says so loudly: then everything runs, but nothing you measure below is about ImageNet.

# %%
weights_source = utils.ml.prepare_weights("resnet18")

# %%
pretrained = resnet18(weights=ResNet18_Weights.DEFAULT)
print("hub:", torch.hub.get_dir())
print("kind of weights:", weights_source.kind)
for name, part in pretrained.named_children():
    print(f"{name:<8}{type(part).__name__:<20}{sum(p.numel() for p in part.parameters()):>12,} parameters")

# %% [markdown]
# ### 1.2 What its layers have learnt
#
# Nobody told the network what to look for, but we can look at what it found. A filter of the first convolution is a
# tiny picture, 7 × 7 pixels in three colours: it answers where the image looks like itself.

# %%
filters = pretrained.conv1.weight.detach()
figure, axes = plt.subplots(4, 16, figsize=(12, 3.2))
for axis, kernel in zip(axes.flat, filters, strict=True):
    kernel = (kernel - kernel.min()) / (kernel.max() - kernel.min())
    axis.imshow(kernel.permute(1, 2, 0))
    axis.axis("off")

# %% [markdown]
# With ImageNet's weights you see edges in all directions, stripes, and blobs of colour. (With stand-ins you see what
# the cell above has announced: filters of another origin, or none at all.) Later layers combine these answers:
#
# | layers | what they answer to | how general |
# |---|---|---|
# | stem, `layer1` | edges, blobs of colour, gradients | fits nearly every image |
# | `layer2`, `layer3` | textures, corners, simple shapes | fits many kinds of image |
# | `layer4` | parts of things: eyes, wheels, letters | leans towards the source task |
# | `fc` | "Persian cat", "teapot" | the source task and nothing else |
#
# That early layers are general and late ones specific was measured by Yosinski et al. (2014). It is the reason for
# nearly every rule below: *keep what is general, replace what is specific.*
#
# ### Quiz 1: taking over a network

# %%
quizzer.run_quiz(1)

# %% [markdown]
# ## 2. A new head, a frozen body
#
# ### 2.1 The head
#
# ResNet-18's head is one linear layer: 512 features in, 1,000 scores out. Ours shall put out 2. The features are what
# we came for; the head is the part that must go.
#
# A head of one layer can draw a straight border between the classes in the space of features. If that is too stiff, a
# small network of two layers takes its place: linear, ReLU, *dropout*, linear. Dropout (Srivastava et al. 2014) sets a
# random share of the hidden units to zero in each step of training, so that none of them can be relied on alone; in
# evaluation all are there. Notice what comes *after* the last layer: nothing. `nn.CrossEntropyLoss` wants scores
# (*logits*) and does the softmax itself.

# %% [markdown]
# ### Exercise 1: A new head
#
# *(about 15 minutes)*
#
# Write `replace_head(model, num_classes, hidden=None, dropout=0.5)`. `model` is a ResNet of torchvision's (ResNet-18,
# ResNet-50, ...); its head is `model.fc`, an `nn.Linear`.
#
# - With `hidden=None`, `model.fc` becomes one **new** linear layer with bias, from as many features as the old head
#   takes to `num_classes`.
# - With a number for `hidden`, it becomes: linear layer to `hidden` units, ReLU, dropout with probability `dropout`,
#   linear layer to `num_classes`; both layers with bias.
# - Nothing comes after the last layer. Everything but `model.fc` stays as it is, whether it can be trained included;
#   the new head can be trained.
# - The function changes `model` and returns it: the same object, not a copy.
#
# Different ResNets have different numbers of features, so do not write 512. How you build the head (`nn.Sequential`, a
# class of your own) and how you initialise it is open.
#
# <details><summary>Hints</summary>
#
# 1. The old head knows how many features it takes; look at `help(nn.Linear)` for the attribute.
# 2. Assigning to `model.fc` replaces a part of the network.
# 3. `nn.Dropout` knows whether it is in training; `F.dropout` has to be told.
#
# </details>


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
checker.check_exercise(1, {"replace_head": replace_head})

# %% [markdown]
# ### 2.2 The body
#
# With a new head on top of an old body we can train in two ways. **Feature extraction** trains the head alone: the body
# is a fixed machine that turns an image into 512 numbers. **Fine-tuning** lets the body learn as well.
#
# | | feature extraction | fine-tuning |
# |---|---|---|
# | trainable | the head: a thousand numbers or so | everything: eleven million |
# | an epoch | fast: no gradients for the body | about three times the work |
# | data needed | little | more, or it learns them by heart |
# | can adapt its features | no | yes |
#
# A parameter is frozen with `requires_grad = False`: autograd computes no gradient for it, and an optimiser leaves
# alone what has none.

# %% [markdown]
# ### Exercise 2: Freezing
#
# *(about 10 minutes)*
#
# - `freeze_body(model)`: freezes every parameter of a ResNet except those of `model.fc`, which can be trained
#   afterwards, **whatever the state in which the model comes**. The head may be one layer or several. No parameter
#   changes its value. The function changes `model` and returns it.
# - `count_trainable(model)`: returns, as an `int`, how many **numbers** of any model can be trained, that is, the sum
#   of the sizes of all parameters that are not frozen.
#
# For a ResNet-18 with a frozen body and three classes it should say 1,539: three times 512 weights and three biases.
#
# <details><summary>Hints</summary>
#
# 1. `model.parameters()` walks through all parameters; `model.fc.parameters()` through the head's.
# 2. First bring everything into one state, then make the exception.
# 3. `parameter.numel()` is the number of its elements.
#
# </details>


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
checker.check_exercise(2, {"freeze_body": freeze_body, "count_trainable": count_trainable})

# %% [markdown]
# Count it in the open: two classes with nothing frozen, and three classes on a frozen body.

# %%
if checker.ready(1, 2):
    whole = replace_head(resnet18(weights=None), 2)
    frozen = freeze_body(replace_head(resnet18(weights=None), 3))
    for name, model in {"2 classes, nothing frozen": whole, "3 classes, frozen body": frozen}.items():
        every = sum(parameter.numel() for parameter in model.parameters())
        print(f"{name:<27}{every:>12,} parameters, of which {count_trainable(model):>12,} can be trained")

# %% [markdown]
# A network of eleven million numbers, and about one in seven thousand of them is yours to teach. (If you have
# *torchinfo*, `torchinfo.summary(model, (1, 3, 224, 224))` prints such a count layer by layer, together with the
# shapes. This notebook does not need it.)
#
# ### Quiz 2: heads and frozen bodies

# %%
quizzer.run_quiz(2)

# %% [markdown]
# ## 3. Grey images
#
# ### 3.1 Chest X-rays
#
# **PneumoniaMNIST** (Yang et al. 2023) holds 5,856 chest X-rays of children from a hospital in Guangzhou, collected
# and labelled by Kermany et al. (2018): normal, or pneumonia. It is split into 4,708 images for training, 524 for
# validation and 624 for the test, comes in four sizes, and may be used and shared under CC BY 4.0.
#
# The cell below downloads one file: images of 224 pixels a side if there is a GPU, else of 64. If nothing can be
# downloaded (no network, or you asked for it with `WORKSHOP_DATA=sample`), 580 images drawn by code take its place, and
# the cell says so. In the drawing, the "sick" lungs differ from the "healthy" ones in the *texture* of a patch, not in
# how bright they are; with it you can do every exercise, and its scores say nothing about real lungs.

# %%
SIDE = 224 if device.type == "cuda" else 64  # pixels
CLASSES = ("normal", "pneumonia")

xrays = np.load(utils.data.download_dataset(f"chest x-rays {SIDE}", dest_path="data"))
images = {split: xrays[f"{split}_images"] for split in ("train", "val", "test")}
labels = {split: xrays[f"{split}_labels"].reshape(-1).astype(int) for split in images}
for split, pictures in images.items():
    print(f"{split:<6}{pictures.shape} {pictures.dtype}, {np.mean(labels[split]):.0%} pneumonia")

# %% [markdown]
# Look before you compute. Which of these are sick?

# %%
chosen = np.random.default_rng(SEED).choice(len(images["train"]), 12, replace=False)
utils.plotting.show_grey_images(
    torch.from_numpy(images["train"][chosen]), [CLASSES[label] for label in labels["train"][chosen]]
)

# %% [markdown]
# Not easy, is it? Three remarks before we go on.
#
# - **The classes are not balanced.** Whoever always says "pneumonia" is right more often than not. So we shall look at
#   the *AUC*, too: how often does a sick image get a higher probability than a healthy one? Guessing gives 0.5,
#   whatever the balance.
# - **An image is not a patient.** Several images may show the same child. If such siblings stand on both sides of the
#   split, a high score may be the score of a good memory; these arrays do not tell who is who.
# - **Hospitals leave traces.** A letter in a corner, a certain contrast, a certain machine: if they go with the label, a
#   network finds them first (Zech et al. 2018). Hence section 6, where we look at where it looked.
#
# Grey images have one channel, and their statistics are two numbers.

# %%
mean = float(images["train"].mean() / 255)
std = float(images["train"].std() / 255)
print(f"mean {mean:.3f}, standard deviation {std:.3f}, on a scale from 0 (black) to 1 (white)")

# %% [markdown]
# ### 3.2 One channel for three
#
# ResNet-18 was trained on colours. Its first convolution has 64 filters, each with a sheet of weights for red, one for
# green and one for blue. There are two ways to bring a grey image to it:
#
# | | show the grey image three times | change the first convolution |
# |---|---|---|
# | the network | as it is | 1 channel, with weights made from the old ones |
# | first layer computes | three times the same | once |
# | costs | memory and time, in every step | a little thought, once |
#
# We do the second, with the **mean** of the three sheets. What does that mean for what comes out? If all three channels
# carry the same image $x$, the old layer computes $w_r * x + w_g * x + w_b * x = (w_r + w_g + w_b) * x$. The mean is a
# third of that sum, so the new layer gives **exactly a third** of the old response: every pattern is recognised as
# before, only more quietly. The batch norm that follows makes up for the volume, as soon as it has measured it
# (section 4.3).
#
# ![Three colour sheets of one filter are averaged into a single grey one; the response has the same pattern and a third of the strength](figs/grayscale_stem.png)

# %% [markdown]
# ### Exercise 3: A stem for grey images
#
# *(about 15 minutes)*
#
# Write `grayscale_stem(model)`. `model` is a ResNet whose first convolution, `model.conv1`, reads three channels.
#
# - `model.conv1` becomes a **new** `nn.Conv2d` that reads **one** channel. Each filter's weights are the mean of its
#   weights for red, green and blue.
# - Everything else about the layer stays what it was, *whatever it was*: number of filters, kernel size, stride,
#   padding, dilation, and the bias, if there is one (its values, too) or not.
# - The new weights are a parameter that can be trained. The old layer itself keeps its weights: somebody may still use
#   it. Nothing else in the model changes.
# - The function changes `model` and returns it.
#
# <details><summary>Hints</summary>
#
# 1. The weight of a convolution has shape (filters, channels, height, width). Over which of the four do you average,
#    and how do you keep all four?
# 2. `old.stride`, `old.padding` and so on can be handed to the new layer.
# 3. Write into a parameter under `torch.no_grad()`, with `copy_`; or make a new `nn.Parameter`.
#
# </details>


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
checker.check_exercise(3, {"grayscale_stem": grayscale_stem})

# %% [markdown]
# A third of the response? Measure it: the old network gets the image three times, the new one once.

# %%
if checker.ready(3):
    grey = grayscale_stem(copy.deepcopy(pretrained))
    x = torch.from_numpy(images["val"][:8]).float()[:, None] / 255
    with torch.no_grad():
        before, after = pretrained.conv1(x.expand(-1, 3, -1, -1)), grey.conv1(x)
    print(
        f"spread of the responses: {before.std():.4f} before, {after.std():.4f} after, ratio {before.std() / after.std():.4f}"
    )
    print(f"largest difference from a third: {(before / 3 - after).abs().max():.1e}")

# %% [markdown]
# And what does an X-ray look like from inside? The first eight maps of the stem and of two stages:

# %%
if checker.ready(3):
    parts = {"conv1": "stem", "layer1": "layer1", "layer2": "layer2"}
    with torch.no_grad():
        maps = create_feature_extractor(grey.eval(), parts)((x[:1] - mean) / std)
    figure, axes = plt.subplots(3, 8, figsize=(12, 4.8), layout="constrained")
    for row, (name, channels) in zip(axes, maps.items(), strict=True):
        for axis, channel in zip(row, channels[0], strict=False):
            axis.imshow(channel, cmap="gray")
            axis.set_xticks([]), axis.set_yticks([])
        row[0].set_ylabel(f"{name}\n{channels.shape[2]} × {channels.shape[3]}")

# %% [markdown]
# ### Quiz 3: grey images

# %%
quizzer.run_quiz(3)

# %% [markdown]
# ## 4. Three strategies
#
# ### 4.1 From one end to the other
#
# Between "nothing of the body learns" and "everything learns at full speed" there is a whole range. Three settings
# cover it:
#
# | | strategy | what learns | typical settings |
# |---|---|---|---|
# | 1 | **frozen body** | the head | head of two layers (256 hidden units, dropout 0.5), learning rate 1e-3 |
# | 2 | **partly unfrozen** | the head and the last stages | learning rate 1e-4 |
# | 3 | **everything, discriminatively** | all of it, deeper parts faster | AdamW, weight decay 1e-4; 1e-5, 1e-4 and 1e-3 |
#
# ![Three copies of ResNet-18: only the head learns; head and last stages learn; everything learns, with rates that grow from the stem to the head](figs/strategies.png)
#
# The order in which layers are given free is always the same, **from the end to the beginning**: late layers are
# specific to the source task and have most to gain, early ones fit anyway.

# %% [markdown]
# ### Exercise 4: Unfreezing the last stages
#
# *(about 15 minutes)*
#
# Write `unfreeze_last(model, stages)`. `model` is a ResNet, `stages` a whole number.
#
# - Afterwards exactly these parameters can be trained: those of the head `model.fc` (one layer or several) and those of
#   the **last `stages` stages**. The stages are `layer1`, `layer2`, `layer3` and `layer4`, in this order; with
#   `stages=2` the last two are `layer3` and `layer4`.
# - With `stages=0` only the head can be trained; with `stages=4` all four stages can, while the stem (`conv1` and
#   `bn1`) stays frozen.
# - The result does **not** depend on what was frozen before, and no parameter changes its value.
# - For numbers below 0 or above 4 the function raises a `ValueError` and leaves the model as it was.
# - It changes `model` and returns it. You may use `freeze_body`.
#
# <details><summary>Hints</summary>
#
# 1. Bring all parameters into one state first, then set the exceptions.
# 2. `getattr(model, "layer4")` is the same as `model.layer4`, and a name can be put together from a number.
# 3. What is `[1, 2, 3, 4][-0:]`? Try it before you rely on it.
#
# </details>


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
checker.check_exercise(4, {"unfreeze_last": unfreeze_last})

# %% [markdown]
# How much do the stages weigh?

# %%
if checker.ready(1, 4):
    model = replace_head(resnet18(weights=None), 2)
    for stages in range(5):
        trainable = sum(p.numel() for p in unfreeze_last(model, stages).parameters() if p.requires_grad)
        print(f"{stages} stages and the head: {trainable:>12,} trainable")

# %% [markdown]
# Three quarters of the network sit in its last stage. "Unfreeze a little" is a large step if you start at the end, and
# the steps after it are small.
#
# ### 4.2 How fast, for whom
#
# A learning rate that suits random weights destroys trained ones. So let the rate grow with depth, which is called
# **discriminative learning rates** (Howard and Ruder 2018): hardly any movement in the stem, a little in the middle,
# full speed in the new head. In PyTorch these are *parameter groups*: an optimiser gets a list of dictionaries, each
# with parameters and settings of its own.
#
# The optimiser is **AdamW** (Loshchilov and Hutter 2017). Its *weight decay* pulls every weight a little towards zero in
# each step, which keeps a large network on small data from growing extravagant weights.

# %% [markdown]
# ### Exercise 5: Discriminative learning rates
#
# *(about 15 minutes)*
#
# Write `discriminative_optimiser(model, early_lr=1e-5, late_lr=1e-4, head_lr=1e-3, weight_decay=1e-4)`. `model` is a
# ResNet of which everything can be trained.
#
# - It returns a `torch.optim.AdamW` with **exactly three parameter groups**, in any order:
#
#   | group | holds the parameters of | learning rate |
#   |---|---|---|
#   | early | `conv1`, `bn1`, `layer1`, `layer2` | `early_lr` |
#   | late | `layer3`, `layer4` | `late_lr` |
#   | head | `fc` | `head_lr` |
#
# - Every parameter of the model is in exactly one group, and every group decays its weights by `weight_decay`.
# - The model itself is not changed. AdamW's other settings are open.
#
# <details><summary>Hints</summary>
#
# 1. `torch.optim.AdamW([{"params": ..., "lr": ...}, {...}, {...}], weight_decay=...)`
# 2. Several parts' parameters make one list: `[p for part in (...) for p in part.parameters()]`.
# 3. Count: is anything left out that is neither a stage nor the head?
#
# </details>


# %%
# Exercise 5: Discriminative learning rates
def discriminative_optimiser(model, early_lr=1e-5, late_lr=1e-4, head_lr=1e-3, weight_decay=1e-4):
    """Return an AdamW with one learning rate for stem and stages 1-2, one for stages 3-4 and one for the head."""
    ### BEGIN SOLUTION
    parts = (
        (early_lr, (model.conv1, model.bn1, model.layer1, model.layer2)),
        (late_lr, (model.layer3, model.layer4)),
        (head_lr, (model.fc,)),
    )
    groups = [
        {"params": [parameter for part in modules for parameter in part.parameters()], "lr": rate}
        for rate, modules in parts
    ]
    return torch.optim.AdamW(groups, weight_decay=weight_decay)
    ### END SOLUTION


# %%
checker.check_exercise(5, {"discriminative_optimiser": discriminative_optimiser})

# %% [markdown]
# ### 4.3 Batch norm: whose statistics?
#
# A batch norm subtracts a running mean and divides by a running spread. Both are *buffers*, measured on the source's
# images, and both are changed by **every forward pass in training mode**, frozen or not. In SE05 we kept them still,
# since skin photographs are not so different from other photographs. Here the inputs changed thoroughly: grey instead
# of colours, X-rays instead of photographs, and a stem that answers with a third of the old strength. The old
# statistics are simply wrong now.
#
# The remedy takes one pass through the training images, without labels and without a single gradient: measure the
# statistics anew, *then* freeze (Li et al. 2016 call it adaptive batch normalisation). PyTorch has a function for it,
# `torch.optim.swa_utils.update_bn`. See what it changes, in the features that reach the head:


# %%
def normalised(split):
    """Return a split as tensors: images (N, 1, SIDE, SIDE), of mean 0 and spread 1, and labels (N,)."""
    pictures = torch.from_numpy(images[split]).float()[:, None] / 255
    return (pictures - mean) / std, torch.from_numpy(labels[split])


def features_of(model, pictures):
    """Return the features that reach a ResNet's head, in evaluation mode: (N, 512)."""
    body = copy.deepcopy(model).to(device).eval()
    body.fc = nn.Identity()
    with torch.no_grad():
        return torch.cat([body(some.to(device)).cpu() for some in pictures.split(64)])


if checker.ready(3):
    train_x, train_y = normalised("train")
    sample = train_x[:256]
    settled = copy.deepcopy(grey).to(device)
    torch.optim.swa_utils.update_bn(sample.split(64), settled, device=device)
    for name, model in {"old statistics": grey, "measured anew": settled}.items():
        features = features_of(model, sample)
        print(
            f"{name}: features spread over images by {features.std(dim=0).mean():.3f}, {(features.std(dim=0) < 1e-3).sum()} of 512 dead"
        )

# %% [markdown]
# The rule for batch norm is thus no law ("always still", "always free") but a question: **do the statistics still
# describe what comes in?** If yes, keep them still; if not, measure them before you freeze.
#
# ### Quiz 4: strategies and learning rates

# %%
quizzer.run_quiz(4)

# %% [markdown]
# ## 5. Training
#
# ### 5.1 One step, in the right order
#
# | | line | why here |
# |---|---|---|
# | 1 | training mode | dropout and batch norm have two ways of working |
# | 2 | clear the gradients | they add up from step to step otherwise |
# | 3 | forward, loss | |
# | 4 | backward | now the gradients are there |
# | 5 | **clip the gradients** | their norm over *all* parameters is cut to a limit: one odd batch cannot throw the network off |
# | 6 | optimiser step | uses the gradients, and the learning rate as it stands |
# | 7 | **scheduler step** | sets the learning rate for the *next* step |
#
# *Cosine annealing* (Loshchilov and Hutter 2016) is a scheduler that lets the rate fall from its start to nearly zero
# along half a cosine: large steps while there is much to learn, small ones to settle.

# %% [markdown]
# ### Exercise 6: A training step
#
# *(about 20 minutes)*
#
# Write `train_step(model, images, labels, criterion, optimiser, scheduler, max_norm=1.0)`, which trains on **one**
# batch and returns its loss.
#
# - The model is in training mode during the step, even if it was in evaluation mode before.
# - Gradients of earlier steps are cleared; then forward, `criterion(scores, labels)`, backward, each once.
# - The gradients are clipped so that their norm over all parameters together is at most `max_norm`.
# - Then the optimiser steps once, and **after it** the scheduler steps once. (It counts batches, not epochs.)
# - What is returned is the loss of this batch before the update, as a Python `float`.
#
# Model, images and labels are on one device already; nothing has to be moved.
#
# <details><summary>Hints</summary>
#
# 1. The table above is the order.
# 2. `nn.utils` has several functions whose name begins with `clip_grad`: one limits each value, another the norm.
# 3. `loss.item()` is a number without a graph behind it.
#
# </details>


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
checker.check_exercise(6, {"train_step": train_step})

# %% [markdown]
# ### 5.2 What may vary in an X-ray
#
# Augmentation says which changes do *not* change the answer. For a chest X-ray this is a medical question:
#
# | change | here? | why |
# |---|---|---|
# | left-right flip | yes | both lungs may be sick, and ours is no question about sides; the heart lands on the wrong side, which a network learns to live with |
# | rotation up to 10 degrees | yes | patients do not stand perfectly straight |
# | brightness and contrast, a little | yes | exposure and machines differ |
# | **upside down** | no | never happens; a stomach above the lungs teaches nothing |
# | **large rotations** | no | nobody is X-rayed at 45 degrees |
# | **strong contrast, strong brightness** | no | an infiltrate *is* a difference in brightness; drown it, and the label is wrong |
# | **crops that cut away lung** | no | the sick spot may be what was cut away |
#
# For images without masks we need no synchronisation, and torchvision's `transforms.v2` does the job on tensors.

# %% [markdown]
# ### Exercise 7: Augmentation for X-rays
#
# *(about 15 minutes)*
#
# Define two transforms that can be called with an image: a `uint8` tensor of shape (1, H, W), of any height and width,
# with values from 0 to 255.
#
# | | `train_transform` | `valid_transform` |
# |---|---|---|
# | size | `SIDE` × `SIDE` pixels, the whole image | the same |
# | flip | left-right, with probability 0.5; never upside down | – |
# | rotation | by a random angle within 10 degrees to either side; in every image or only in some (at least every tenth) | – |
# | tones | brightness and contrast each change by a random factor between 0.8 and 1.2 | – |
# | values | from 0 to 255 they come to 0 to 1, then normalised with `mean` and `std` from section 3 | the same |
# | result | float tensor of shape (1, `SIDE`, `SIDE`) | the same |
#
# Nothing is shifted, enlarged, cropped or erased. The range of the angle has to reach beyond 3 degrees, and brightness
# and contrast have to vary noticeably; how strongly within these limits, with which transforms, and in which order, is
# open. The result of `valid_transform` is never random.
#
# <details><summary>Hints</summary>
#
# 1. Look for `Resize`, `RandomHorizontalFlip`, `RandomRotation` and `ColorJitter` in `v2`; `v2.Compose` chains them.
# 2. `v2.ToDtype(torch.float32, scale=True)` brings 0 to 255 to 0 to 1.
# 3. `v2.Normalize` wants lists, one number for each channel.
#
# </details>

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
checker.check_exercise(
    7,
    {
        "train_transform": train_transform,
        "valid_transform": valid_transform,
        "mean": mean,
        "std": std,
        "SIDE": SIDE,
    },
)

# %% [markdown]
# See it at work: one child, six times.

# %%
if checker.ready(7):
    one = torch.from_numpy(images["train"][0])[None]
    display(utils.plotting.show_grey_images(torch.stack([train_transform(one) for _ in range(6)])))

# %% [markdown]
# ### 5.3 The whole pipeline
#
# A dataset of arrays is a short class. The training images are augmented; validation and test images are not.


# %%
class XRays(Dataset):
    """X-rays from arrays: (image (1, SIDE, SIDE), label)."""

    def __init__(self, split, transform):
        self.images, self.labels, self.transform = images[split], labels[split], transform

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        return self.transform(torch.from_numpy(self.images[index])[None]), int(self.labels[index])


if checker.ready(7):
    train_dl = DataLoader(XRays("train", train_transform), batch_size=16, shuffle=True, drop_last=True)
    valid_dl = DataLoader(XRays("val", valid_transform), batch_size=64)
    test_dl = DataLoader(XRays("test", valid_transform), batch_size=64)
    print(f"{len(train_dl)} batches of 16 for training")

# %% [markdown]
# Now everything comes together: pretrained weights, grey stem, statistics measured anew, new head, three learning
# rates. `utils.ml.train_model` runs your kind of step over the epochs, with a scheduler and clipping; after each epoch
# it looks at the validation images, and the weights of the best epoch are kept.

# %%
EPOCHS = 5

if checker.ready(1, 3, 5, 7):
    torch.manual_seed(SEED)
    classifier = replace_head(grayscale_stem(resnet18(weights=ResNet18_Weights.DEFAULT)), 2)
    torch.optim.swa_utils.update_bn(train_dl, classifier.to(device), device=device)
    optimiser = discriminative_optimiser(classifier)
    classifier = utils.ml.train_model(
        model=classifier,
        criterion=nn.CrossEntropyLoss(),
        optimiser=optimiser,
        scheduler=torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, T_max=EPOCHS),
        train_loader=train_dl,
        val_loader=valid_dl,
        num_epochs=EPOCHS,
        gradient_clip=1.0,
        metrics={"accuracy": utils.ml.accuracy},
    )

# %% [markdown]
# ### Quiz 5: training

# %%
quizzer.run_quiz(5)

# %% [markdown]
# ## 6. What it answers, and where it looks
#
# ### 6.1 Probabilities and mistakes
#
# The test images have not been touched until now. `evaluate_classification` computes each image's probability of
# pneumonia, and from all of them the AUC and, with a border at 0.5, the accuracy.

# %%
if checker.ready(1, 3, 5, 7):
    scores = utils.ml.evaluate_classification(classifier, test_dl)
    print(scores)
    print(f"Always the more frequent class: accuracy {max(np.mean(labels['test']), 1 - np.mean(labels['test'])):.3f}")
    display(utils.plotting.plot_confusion(scores.confusion, CLASSES))

# %% [markdown]
# Which of the two kinds of mistake is the worse one? That is no question for the network. Whoever screens for a
# dangerous disease moves the border below 0.5 and accepts false alarms; the AUC does not depend on the border at all,
# which is why experiments report it.
#
# Look at the surest mistakes, the ones to learn from. (On real data: would *you* have seen it?)

# %%
if checker.ready(1, 3, 5, 7):
    wrong = (scores.probabilities > 0.5).long() != scores.labels
    sureness = (scores.probabilities - 0.5).abs()
    ranked = torch.argsort(sureness * wrong + 1e-6 * sureness, descending=True)[:6]  # the surest, if none is wrong
    pictures = torch.from_numpy(images["test"])[ranked]
    titles = [f"{CLASSES[scores.labels[i]]}\npneumonia {scores.probabilities[i]:.0%}" for i in ranked]
    display(utils.plotting.show_grey_images(pictures, titles))

# %% [markdown]
# ### 6.2 Where it looked
#
# A number is easily right for the wrong reason. **Grad-CAM** (Selvaraju et al. 2017) asks a network which places of the
# image speak for a class: it takes the maps of a late stage, weighs each map by how much the class's score grows with
# it, adds them up, and keeps what is positive. Libraries such as *Captum* do this and much more; with torchvision's
# `create_feature_extractor`, which hands out what a network computes on its way, it is five lines, and nothing has to
# be installed. The stage has to have some resolution left: `layer4` of a 64-pixel image is 2 × 2, so we ask `layer3`.


# %%
def grad_cam(model, layer, pictures, label):
    """Return for each picture where a stage's maps speak for a class: (N, 1, h, w), at least 0."""
    found = create_feature_extractor(model.eval(), {layer: "maps", "fc": "scores"})(pictures)
    (gradient,) = torch.autograd.grad(found["scores"][:, label].sum(), found["maps"])
    weights = gradient.mean(dim=(2, 3), keepdim=True)  # one number for each map
    return F.relu((weights * found["maps"]).sum(dim=1, keepdim=True)).detach()


if checker.ready(1, 3, 5, 7):
    chosen = torch.argsort(scores.probabilities, descending=True)[:6]
    pictures = torch.stack([test_dl.dataset[int(i)][0] for i in chosen])
    place = next(classifier.parameters()).device
    heat = grad_cam(classifier, "layer4" if SIDE > 128 else "layer3", pictures.to(place), label=1)
    titles = [f"{CLASSES[scores.labels[i]]}\npneumonia {scores.probabilities[i]:.0%}" for i in chosen]
    display(utils.plotting.show_grey_images(pictures, titles, heat))

# %% [markdown]
# Does it look at the lungs? At a corner, at a letter, at the border of the picture? A map like this proves nothing (it
# is coarse, and several methods give several maps), but it can *refute*: if the network looks at a letter in the corner,
# its AUC is worth nothing.

# %% [markdown]
# ## 7. Which strategy when?
#
# Two questions decide: how much data have you got, and how close are they to the source? A rule of thumb, to start
# from:
#
# | training images | similar domain | different domain |
# |---|---|---|
# | under 1,000 | frozen body | partly unfrozen |
# | 1,000 to 50,000 | partly unfrozen | everything, discriminatively |
# | over 50,000 | everything, discriminatively | everything, discriminatively |
# | over 500,000 | everything, discriminatively | from scratch |
#
# Why "partly unfrozen" for a few images of a *different* domain, where even more would have to change? Because a few
# images cannot teach much. Keep the early layers, which fit everything; adapt the late ones with care; and look for a
# **closer source**: networks pretrained on chest X-rays (CheXpert, MIMIC-CXR), on X-rays with their reports (BioViL),
# on tissue or on retinas are there for the taking, under their own licences. What counts as "similar" is then a
# question of the source you choose.

# %% [markdown]
# ### Exercise 8: Which strategy when
#
# *(about 10 minutes)*
#
# Write `choose_strategy(images, similarity)`: the table as a function. `images` is the number of training images, a
# whole number; `similarity` is `"similar"` or `"different"`. It returns one of these four texts:
#
# | training images | `"similar"` | `"different"` |
# |---|---|---|
# | fewer than 1,000 | `"frozen"` | `"partial"` |
# | 1,000 to 50,000, both included | `"partial"` | `"full"` |
# | more than 50,000, up to and including 500,000 | `"full"` | `"full"` |
# | more than 500,000 | `"full"` | `"scratch"` |
#
# For any other `similarity`, and for fewer than 1 image, it raises a `ValueError`.
#
# <details><summary>Hints</summary>
#
# 1. Refuse first, decide afterwards.
# 2. In a chain of `if`s that return, each one may rely on what the ones before have excluded.
# 3. Test it at 999, 1,000, 50,000 and 50,001.
#
# </details>


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


# %%
checker.check_exercise(8, {"choose_strategy": choose_strategy})

# %%
if checker.ready(8):
    print(f"Our {len(images['train']):,} X-rays, from photographs:", choose_strategy(len(images["train"]), "different"))

# %% [markdown]
# ## 8. Does it help? The evidence
#
# ### 8.1 What others found
#
# Rules of thumb are opinions until somebody measures.
#
# **Raghu et al. (2019)** trained large standard networks and small simple ones on retinal photographs and on chest
# X-rays (CheXpert, about 200,000 images), from random weights and from ImageNet's. On these large data sets pretraining
# brought **little gain in performance**, and small networks did about as well as large ones. It sped up the training,
# though, and part of that came from nothing more than the right *scale* of the weights.
#
# **Matsoukas et al. (2022)** looked at smaller data sets, too, and at other architectures. Gains **grow as data shrink,
# as source and target come closer, and as the architecture assumes less** about images (vision transformers need
# pretraining more than convolutional networks do). Two rows of their table, for ResNet-50:
#
# | data set | training images | measure | random weights | ImageNet's weights | gain |
# |---|---|---|---|---|---|
# | APTOS2019 (retina) | 3,662 | quadratic kappa | 0.845 | 0.888 | 0.043 |
# | CheXpert (chest X-rays) | 224,316 | AUC | 0.796 | 0.800 | 0.004 |
#
# The two papers do not contradict each other. They looked at different ends of the same curve.
#
# ### 8.2 Your own experiment
#
# So draw the curve. Three ways of starting:
#
# | | weights | what learns | learning rates |
# |---|---|---|---|
# | **from scratch** | random | everything | 1e-3 |
# | **frozen** | pretrained | the head | 1e-3 |
# | **fine-tuned** | pretrained | everything, discriminatively | 1e-4, 3e-4, 1e-3 |
#
# at 5, 10, 25, 50 and 100 % of the training images, with three seeds. A seed decides *which* images are taken, the
# random weights, and the order of the batches. For a fair race, everybody gets the **same number of steps** with the
# same batch size, schedule and images, without augmentation, and whoever starts from pretrained weights measures the
# batch norm's statistics on **its own share** of the training images, not on more. The test images decide, once, at the
# end of each training: nothing is selected by them.
#
# The number of steps is small, so that all 45 trainings take less than ten minutes on two idle cores of a laptop. (The
# frozen body's features are computed once, and its head is trained on them.) That is a decision with a price, and you
# will be asked about it.

# %%
FRACTIONS, SEEDS, BATCH = (0.05, 0.10, 0.25, 0.50, 1.00), (0, 1, 2), 16
STEPS = 80 if len(images["train"]) < 1000 else 300
if fast_mode():  # tests and grading only want to see that it runs
    FRACTIONS, SEEDS, STEPS = (0.05, 1.00), (0,), 2

RATES = {"from scratch": (1e-3, 1e-3, 1e-3), "fine-tuned": (1e-4, 3e-4, 1e-3)}


# %%
def draw_subset(fraction, seed):
    """Return training images and labels: a random share of each class, at least four images of each."""
    generator, chosen = torch.Generator().manual_seed(seed), []
    for label in (0, 1):
        places = torch.nonzero(train_y == label).flatten()
        count = max(4, round(fraction * len(places)))
        chosen.append(places[torch.randperm(len(places), generator=generator)[:count]])
    chosen = torch.cat(chosen)
    return train_x[chosen], train_y[chosen]


def start(kind, x):
    """Return a network for grey images and two classes, as a strategy starts it."""
    model = resnet18(weights=None if kind == "from scratch" else ResNet18_Weights.DEFAULT)
    model = replace_head(grayscale_stem(model), 2).to(device)
    if kind != "from scratch":
        torch.optim.swa_utils.update_bn(x.split(64), model, device=device)
    return model


def fit(model, optimiser, x, y):
    """Train for STEPS batches, drawn with a new shuffle whenever the images are used up."""
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, T_max=STEPS)
    order = torch.cat([torch.randperm(len(x)) for _ in range(STEPS * BATCH // len(x) + 1)])
    for places in order[: STEPS * BATCH].split(BATCH):
        train_step(model, x[places].to(device), y[places].to(device), F.cross_entropy, optimiser, scheduler)
    return model


def run(kind, fraction, seed):
    """Train once and return the AUC on the test images."""
    x, y = draw_subset(fraction, seed)
    torch.manual_seed(seed)
    model = start(kind, x)
    tested = test_x
    if kind == "frozen":  # its features never change: compute them once, train the head alone
        x, tested, model = features_of(model, x), features_of(model, test_x), model.fc
        fit(model, torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=1e-4), x, y)
    else:
        fit(model, discriminative_optimiser(model, *RATES[kind]), x, y)
    return utils.ml.evaluate_classification(model, zip(tested.split(64), test_y.split(64), strict=True)).auc


# %% [markdown]
# The experiment itself. It prints a line for each strategy as it is done. Time for a coffee, and for a guess: which
# line will be on top on the left, which on the right?

# %%
results = {}
if checker.ready(1, 3, 5, 6):
    test_x, test_y = normalised("test")
    began = perf_counter()
    for kind in ("from scratch", "frozen", "fine-tuned"):
        results[kind] = {fraction: [run(kind, fraction, seed) for seed in SEEDS] for fraction in FRACTIONS}
        lines = [f"{f:.0%}: {np.mean(aucs):.3f} ± {np.std(aucs):.3f}" for f, aucs in results[kind].items()]
        print(f"{kind:<13}", "   ".join(lines))
    print(f"\n{perf_counter() - began:.0f} s; weights: {weights_source.kind}; {len(train_x):,} images are 100 %.")
    display(utils.plotting.plot_fractions(results))

# %% [markdown]
# Before you read the curve, let the numbers speak in the plainest way: how large is each difference, and is it larger
# than what the seeds alone make? With three seeds the spread itself is only roughly known, so take "clearly" with a
# grain of salt.


# %%
def compare(name, fraction):
    """Print how a strategy does against training from scratch, and whether the seeds alone could have made it."""
    ours, scratch = np.array(results[name][fraction]), np.array(results["from scratch"][fraction])
    gain, spread = np.mean(ours) - np.mean(scratch), np.hypot(np.std(ours), np.std(scratch))
    verdict = "clearly better" if gain > 0 else "clearly worse"
    if len(SEEDS) < 2:
        verdict = "one seed has no spread to compare with"
    elif abs(gain) <= 2 * spread:
        verdict = "within what the seeds make"
    print(f"{name:<11} against scratch at {fraction:>4.0%}: {gain:+.3f} AUC, spread {spread:.3f}: {verdict}")


if checker.ready(1, 3, 5, 6):
    for name in ("frozen", "fine-tuned"):
        for fraction in FRACTIONS:
            compare(name, fraction)

# %% [markdown]
# ### 8.3 Two questions
#
# These two are not checked by a program: a person reads and marks them, each with up to 10 points. Write in whole
# sentences; half a page is plenty.
#
# **Question 1: What your experiment shows.** Describe your curve: where do the three strategies differ by more than the
# seeds do, and where not? What does it say about the two papers above, and what can it *not* say about them? Name at
# least two decisions in the experiment that might have turned out otherwise and changed the result.
#
# Write below the line; double-click the cell to edit it.

# %% [markdown]
# **Your answer to question 1: What your experiment shows**
#
# ### BEGIN SOLUTION
# *Model answer.* My curve rises with the share of the data for all three strategies. At 5 and 10 % the seeds of one
# strategy lie far apart, because it matters which 20 or 40 images are drawn; I only call a difference one where it is
# larger than about twice the combined spread, and I quote the lines of the cell above for that. Matsoukas et al. say
# that the gain grows as data shrink: the differences at the small shares, compared with the one at 100 %, support that
# or do not, and I say which. The experiment cannot confirm or refute either paper: it has one architecture, one data
# set, 400 images at the most where theirs begin at thousands, and three seeds; with the drawn sample or with stand-in
# weights it says nothing about X-rays or about ImageNet at all. Decisions that might change it: 80 steps for everybody
# (a network from scratch would go on improving with more of them), the learning rates of each strategy (chosen by hand,
# not tuned for each share), no augmentation, 64 pixels, the batch norm's statistics measured anew.
#
# *Marking guide (10 points).* Judge the reasoning against the student's own numbers, which differ from run to run.
#
# - 3 points: describes the student's own curve correctly, with numbers, for both ends of the axis (1 if only in words).
# - 3 points: compares differences with the spread over seeds; no claim that the spread does not carry (0 if means alone
#   are compared).
# - 2 points: relates it to both papers and says what it cannot show (data size, one network, one data set, stand-in
#   weights or drawn images where they were used: 0 of these 2 if a student with stand-ins draws conclusions about ImageNet).
# - 2 points: two decisions that matter, each with the direction in which it might change the result (1 each).
# ### END SOLUTION

# %% [markdown]
# **Question 2: Advice to a hospital.** A hospital has 800 chest X-rays of adults, 200 of them with a collapsed lung, from
# one machine. It wants a network that warns the radiologist. Which weights would you start from, which strategy would
# you take, and why? How would you split the data and judge the result, what would you have to see before anybody relies
# on it, and what could go wrong although every number looks good?

# %% [markdown]
# **Your answer to question 2: Advice to a hospital**
#
# ### BEGIN SOLUTION
# *Model answer.* I would look for weights pretrained on chest X-rays first (CheXpert, MIMIC-CXR, BioViL), check their
# licence, and take ImageNet's only if none may be used: with 800 images the closeness of the source matters most. With a
# close source I start with a frozen body and a small head, since the table says "frozen" for under 1,000 similar
# images, then unfreeze the last stage and keep it only if the validation AUC rises by more than its spread over seeds.
# Grey stem, batch norm measured anew, mild augmentation (no vertical flips; a left-right flip only if the side is not
# reported). I split by patient, not by image, in a stratified way, with cross-validation because 200 positives are few,
# and hold back a test set once. I report AUC with a confidence interval, and sensitivity and specificity at a threshold
# that the radiologists choose, since accuracy of 75 % is reached by never warning. Before anybody relies on it, I want
# images from another machine or hospital, and a look at where the network looks: drains in treated patients are the
# classic shortcut for a collapsed lung. Things that go wrong with good numbers: patients in both parts, a shortcut such
# as drains or labels, a machine or a population that changes, a threshold tuned on the test set.
#
# *Marking guide (10 points).*
#
# - 2 points: a source of weights with a reason (closeness or licence; ImageNet is fine if argued).
# - 2 points: a strategy that fits 800 images, with a reason, and a way to tell whether to go further.
# - 2 points: split by patient and stratified or cross-validated; test set used once.
# - 2 points: a measure that fits the imbalance (AUC, sensitivity and specificity), and uncertainty or a chosen threshold
#   (accuracy alone: 0).
# - 2 points: at least one concrete way to be wrong with good numbers (shortcut, leak, shift), and what would reveal it.
# ### END SOLUTION

# %%
print(quizzer.score())
checker.progress()

# %% [markdown]
# ## In this notebook you ...
#
# - learnt where pretrained networks come from, and what to check before you take one home;
# - gave a network a new head, froze its body, counted what is left to train, and made it see in grey;
# - met three strategies and the order in which layers are set free, and built the optimiser that goes with the third;
# - wrote a training step in the right order, and an augmentation that invents no patients;
# - looked at probabilities, at the surest mistakes, and at where a network looked;
# - ran an experiment with a baseline, several sizes and several seeds, and said what it shows and what it does not.
#
# ## What is next
#
# - **Fairer:** tune the learning rate of each strategy on the validation images, for each share. Who gains most?
# - **Longer:** give everybody four times as many steps. Does "from scratch" catch up?
# - **Closer:** start from weights pretrained on chest X-rays, for instance from *torchxrayvision* or BioViL.
# - **Smaller:** Raghu et al. found that small networks do about as well. Build one with four convolutions and put it
#   into the experiment.
# - **Back:** in session SE05 the head is a whole decoder, and the answer a mask.
#
# ## References
#
# - Hanley, J. A., McNeil, B. J. (1982). The meaning and use of the area under a receiver operating characteristic (ROC)
#   curve. *Radiology* 143(1), 29–36.
# - He, K., Zhang, X., Ren, S., Sun, J. (2015). Deep residual learning for image recognition.
#   [arXiv:1512.03385](https://arxiv.org/abs/1512.03385)
# - Howard, J., Ruder, S. (2018). Universal language model fine-tuning for text classification.
#   [arXiv:1801.06146](https://arxiv.org/abs/1801.06146)
# - Kermany, D. S., et al. (2018). Identifying medical diagnoses and treatable diseases by image-based deep learning.
#   *Cell* 172(5), 1122–1131.
# - Li, Y., Wang, N., Shi, J., Liu, J., Hou, X. (2016). Revisiting batch normalization for practical domain adaptation.
#   [arXiv:1603.04779](https://arxiv.org/abs/1603.04779)
# - Loshchilov, I., Hutter, F. (2016). SGDR: stochastic gradient descent with warm restarts.
#   [arXiv:1608.03983](https://arxiv.org/abs/1608.03983)
# - Loshchilov, I., Hutter, F. (2017). Decoupled weight decay regularization.
#   [arXiv:1711.05101](https://arxiv.org/abs/1711.05101)
# - Matsoukas, C., Haslum, J. F., Sorkhei, M., Söderberg, M., Smith, K. (2022). What makes transfer learning work for
#   medical images: feature reuse & other factors. [arXiv:2203.01825](https://arxiv.org/abs/2203.01825)
# - Raghu, M., Zhang, C., Kleinberg, J., Bengio, S. (2019). Transfusion: understanding transfer learning for medical
#   imaging. [arXiv:1902.07208](https://arxiv.org/abs/1902.07208)
# - Selvaraju, R. R., et al. (2017). Grad-CAM: visual explanations from deep networks via gradient-based localization.
#   [arXiv:1610.02391](https://arxiv.org/abs/1610.02391)
# - Srivastava, N., Hinton, G., Krizhevsky, A., Sutskever, I., Salakhutdinov, R. (2014). Dropout: a simple way to prevent
#   neural networks from overfitting. *Journal of Machine Learning Research* 15, 1929–1958.
# - Yang, J., et al. (2023). MedMNIST v2: a large-scale lightweight benchmark for 2D and 3D biomedical image
#   classification. *Scientific Data* 10, 41. [doi:10.1038/s41597-022-01721-8](https://doi.org/10.1038/s41597-022-01721-8)
# - Yosinski, J., Clune, J., Bengio, Y., Lipson, H. (2014). How transferable are features in deep neural networks?
#   [arXiv:1411.1792](https://arxiv.org/abs/1411.1792)
# - Zech, J. R., et al. (2018). Variable generalization performance of a deep learning model to detect pneumonia in chest
#   radiographs. *PLOS Medicine* 15(11), e1002683.
