# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# ![Transfer learning for segmentation: a photograph of a skin lesion, a network, and the outline it finds](figs/banner.png)
#
# # Transfer learning for image segmentation
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](@COLAB_URL@)
#
# A network that has seen a million photographs of dogs, teapots and bridges can help to outline a mole on human skin.
# In this workshop you find out why, and you build it: first a U-Net that learns everything from scratch, then a
# second one that stands on the shoulders of a pretrained EfficientNet. At the end you put both before the same test
# images and see for yourself what the shoulders were worth.
#
# **You will learn to**
#
# - tell when transfer learning is worth a try, and which form of it;
# - prepare images and masks for training without the classic mistakes;
# - build a U-Net block by block, and a loss that fits the task;
# - turn a pretrained classifier into the encoder of a U-Net, freeze it, train on top of it and fine-tune it;
# - compare models fairly, in pictures and in numbers.
#
# **You need** Python, some PyTorch (tensors, modules, a training loop that you have seen once) and an idea of what a
# convolution does. **Plan** about three hours. A GPU makes the trainings short; without one everything still runs.
#
# **To begin**, click here and press <kbd>Shift</kbd> + <kbd>Enter</kbd>, again and again: it runs the cell that you are
# in and moves on to the next.

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
# | `quizzer.run_quiz(1)` | run it, choose, press *Answer*; you have two tries. Where nothing can be clicked: `quizzer.run_quiz(1, question=1, answer="b")` |
# | a picture with sliders | run it, move them, watch what changes; nothing can break |
#
# Type the code yourself rather than pasting it: fingers remember. And do not fear red output. Everyone who works with
# neural networks reads error messages all day, and a wrong answer breaks nothing here. `checker.progress()` shows
# where you stand.
#
# Cells that build on an exercise wait for it: they say which one they need and leave the rest of the notebook
# running.
#
# *On Colab, save your own copy first (File > Save a copy in Drive), or your answers are gone once you close the window.*
#
# ### The setup cell
#
# It finds the course's tools (or fetches them), fixes the random seeds so that you can repeat what you see, looks for a
# GPU and fetches the pretrained weights of section 5, so that trouble with them shows now. You can run it as often as
# you like.

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
from PIL import Image
from torchvision import transforms

random.seed(SEED)
np.random.seed(SEED)
torch.manual_seed(SEED)

device = utils.core.choose_device()
checker = utils.core.ExerciseChecker("SE05")
quizzer = utils.core.QuizManager("SE05")
weights_source = utils.ml.prepare_weights("efficientnet_b0")
print("Ready. Go on with the next cell: Shift + Enter runs it and moves on.")

# %% [markdown]
# ## 1. Introduction to transfer learning
#
# ### 1.1 The idea
#
# Somebody who plays the piano does not learn the accordion from zero. Scales, rhythm and reading music are there
# already; only the bellows are new. **Transfer learning** gives a network the same head start: what it learnt on a
# *source task* with plenty of data is reused on a *target task* with little.
#
# ![Knowledge learnt on a large source task flows into a model for a small target task](figs/transfer_concept.png)
#
# Put more exactly, after Pan and Yang (2010): a *domain* $\mathcal{D}$ is a space of inputs $\mathcal{X}$ together
# with a distribution $P(X)$ over it, and a *task* $\mathcal{T}$ is a space of labels $\mathcal{Y}$ together with the
# function $f:\mathcal{X}\to\mathcal{Y}$ that is to be learnt. Transfer learning improves the target function $f_T$
# with the help of $\mathcal{D}_S$ and $\mathcal{T}_S$, where
#
# $$\mathcal{D}_S \neq \mathcal{D}_T \quad\text{or}\quad \mathcal{T}_S \neq \mathcal{T}_T .$$
#
# In this workshop both differ: from photographs of everyday things to close-ups of skin, and from naming a whole
# image to marking single pixels.

# %% [markdown]
# ### 1.2 What training from scratch costs
#
# A network with random weights knows nothing. It has to discover that there are edges, that edges form textures and
# textures form shapes, before it can even begin with your question. That discovery is paid for in three currencies:
#
# - **Data.** The best-known collection for it, ImageNet-1K, holds 1.28 million labelled training images (Russakovsky
#   et al. 2015). A hospital that has a thousand images with expert annotations is proud of them.
# - **Compute.** Those images are shown again and again: torchvision's recipes for ResNet-50 run through all of them
#   90 times in the classic version and 600 times in the newer one, on several GPUs at once.
# - **Time.** Yours, and the experts' who label.
#
# The good news: the discovery does not depend much on your question. The filters of the first layers come out nearly
# the same whichever photographs a network is trained on, and only towards the end do they become specific (Yosinski
# et al. 2014). So somebody can pay once, and everybody can reuse it.
#
# ### 1.3 How people do it, how networks do it
#
# | | a human learner | a network |
# |---|---|---|
# | earlier experience | years of seeing things, long before medical school | pretraining on a large image collection |
# | what carries over | recognising edges, colours, surfaces, symmetry | the filters of the early and middle layers |
# | the new lesson | "this border is irregular, that pigment network is typical" | training on a few hundred labelled examples |
# | who teaches | an experienced dermatologist | masks drawn by experts |
# | refining | changing a habit that does not fit the new field | fine-tuning with small steps |
# | what can go wrong | a habit gets in the way | *negative transfer*: the source misleads more than it helps |

# %% [markdown]
# ### 1.4 When to use it
#
# | your situation | how transfer learning helps |
# |---|---|
# | **limited data**: hundreds or a few thousand labelled examples | most weights arrive trained; only a small part has to be learnt from your data |
# | **similar domains**: your images resemble those of the source | features fit with little or no change |
# | **little time** | a good starting point needs fewer epochs |
# | **modest hardware** | frozen layers need no gradients, so less memory and less computation |
# | **overfitting** | fewer free parameters, and features that were tested on a million images |
#
# How well it works depends above all on **how similar source and target are**, and on how much target data there is:
#
# | | similar domain | different domain |
# |---|---|---|
# | **little data** | keep the features, train a new end | keep only early, general features; adapt with care |
# | **much data** | adapt all layers gently | adapt everything, or start from scratch and compare |
#
# Similarity is not about subjects. A mole is no dog, yet both are colour photographs in which edges, textures and
# patches of colour matter. A sound recording drawn as a spectrogram *looks* like a picture, but up and down mean
# something else in it. If in doubt, try it and measure; that is what we shall do.

# %% [markdown]
# ### Quiz 1: applications
#
# You have two tries for each question, and every option has its own explanation. Run the cell again whenever you like:
# your answers stay.

# %%
quizzer.run_quiz(1)

# %% [markdown]
# ## 2. Case study: medical image segmentation
#
# ### 2.1 What segmentation is
#
# A *classifier* answers one question for a whole image: is this a melanoma? A *detector* draws a box around it.
# **Segmentation** answers for every single pixel: does this point belong to the lesion, or to healthy skin?
#
# | task | input | output | for a 64 × 64 image |
# |---|---|---|---|
# | classification | image | one label | 1 answer |
# | detection | image | boxes with labels | a few times 4 coordinates |
# | segmentation | image | a *mask* as large as the image | 64 · 64 = 4,096 answers |
#
# From a mask, a doctor gets what a label cannot give: area, diameter, asymmetry, the course of the border, and how
# all that has changed since the last visit. Our masks are *binary*: 1 is lesion, 0 is everything else.
#
# ### 2.2 The data: ISIC 2016
#
# The International Skin Imaging Collaboration (ISIC) runs challenges on *dermoscopic* images, taken through a
# magnifier that takes away the skin's glare. We use part 1 of the challenge of 2016 (Gutman et al. 2016): **900
# training images and 379 test images, each with a mask by an expert**. It is in the public domain (CC-0).
#
# The next cell downloads four archives, about 840 MB in all. If nothing can be downloaded (no network, or you asked
# for it with `WORKSHOP_DATA=sample`), a small sample drawn by code takes their place and the cell says so. With the
# sample you can do every exercise; only its scores say nothing about real skin.
#
# A download that breaks off goes on where it stopped when you run the cell again. If your connection is slow, add
# `limit=200` to each of the four lines: then only the first 200 images and masks are fetched.

# %%
dataset_path = utils.data.download_dataset("skin lesions", dest_path="data")
mask_path = utils.data.download_dataset("skin lesions masks", dest_path="data")
test_path = utils.data.download_dataset("skin lesions test", dest_path="data")
test_mask_path = utils.data.download_dataset("skin lesions test masks", dest_path="data")

# %% [markdown]
# Before any code, look at the data. What differs between these four?

# %%
import matplotlib.pyplot as plt

image_files = sorted(dataset_path.glob("*.jpg"))
print(f"{len(image_files)} training images, {len(list(test_path.glob('*.jpg')))} test images")

figure, axes = plt.subplots(1, 4, figsize=(12, 3), layout="constrained")
for axis, path in zip(axes, random.sample(image_files, 4), strict=True):
    image = Image.open(path)
    axis.imshow(image)
    axis.set_title(f"{image.width} × {image.height} pixels")
    axis.axis("off")

# %% [markdown]
# Size, colour of the skin, lighting, hairs, dark corners, and of course the lesions themselves: everything varies.
#
# ### 2.3 What makes it hard
#
# | challenge | what it means here | what we do about it |
# |---|---|---|
# | **limited data** | 900 images, each mask drawn by a specialist | transfer learning, augmentation |
# | **class imbalance** | most pixels show healthy skin | a loss and a metric that look at the overlap |
# | **ambiguous boundaries** | pigment fades out; there is no line to find | probabilities instead of hard decisions |
# | **inter-observer variability** | two experts draw two masks, and both have reasons | no score of 1.0 to be expected, from anybody |
# | **high stakes** | an overlooked melanoma can cost a life | honest evaluation on images never used before |
#
# How strong is the imbalance? Masks can tell us.

# %%
mask_files = sorted(mask_path.glob("*.png"))[:100]
shares = [np.mean(np.array(Image.open(path).convert("L")) > 128) for path in mask_files]

average = np.mean(shares)
print(f"Lesion pixels in {len(shares)} masks: {average:.1%} on average, from {min(shares):.1%} to {max(shares):.1%}.")
print(f"A model that never finds anything would be right on {1 - average:.1%} of the pixels.")

# %% [markdown]
# Read the second line twice. *Pixel accuracy* praises a model that overlooks every single lesion. Keep that in mind
# for section 4, where we choose how to judge our models.

# %% [markdown]
# ## 3. Preparing the dataset
#
# ### 3.1 A common size, and its price
#
# Networks are trained on batches, and a batch is one tensor, so all its images need the same size. We take **64 × 64
# pixels**: small enough to train within minutes. That is a decision with a price:
#
# - **Detail.** An image 4,288 pixels wide shrinks 67 times; whatever was thinner than that, a hair or a notch in the
#   border, is averaged away.
# - **Shape.** A rectangle becomes a square, so a round mole becomes an oval.
# - **An upper limit.** Even a perfect mask of 64 × 64 pixels, enlarged again, does not hit the original border
#   exactly.
#
# The last point can be measured. Shrink the experts' own masks, enlarge them again, and see how much of the original
# they still overlap (1 is complete, 0 is nothing; section 4 gives this measure its name).


# %%
def shrink_and_enlarge(mask, side):
    return mask.resize((side, side)).resize(mask.size)


def overlap(mask, other):
    first, second = (np.array(each) > 128 for each in (mask, other))
    return 2 * np.sum(first & second) / (np.sum(first) + np.sum(second))


masks = [Image.open(path).convert("L") for path in mask_files[:10]]
for side in (8, 16, 32, 64, 128):
    overlaps = [overlap(mask, shrink_and_enlarge(mask, side)) for mask in masks]
    print(f"{side:>4} × {side:<4} mean overlap {np.mean(overlaps):.3f}, worst {min(overlaps):.3f}")

# %% [markdown]
# So the outline itself survives shrinking quite well; what suffers more is the fine texture *inside* the picture that
# tells a model where the outline runs. Once the notebook works, come back and try 128.
#
# There is one more price, and it is paid in time: a photograph 4,288 pixels wide has to be opened as a whole, and a
# training opens every photograph anew **in every epoch**, only to keep 64 × 64 pixels of it. So we open each of them
# once. The next cell writes small copies, at most 256 pixels wide or high, beside the originals, with the same names,
# and goes on with those. (The small pictures of the sample are used as they are.) That takes less time than a single
# epoch from the originals, and every epoch from the copies is more than ten times as fast.
#
# What does it cost in accuracy? Images are averaged down, and averaging in two steps comes to nearly the same as in
# one. Masks are *sampled*, which keeps them at 0 and 255 and moves the outline by half a pixel of the copy at most.
# Measured on drawn pictures 2,048 pixels wide, what a network sees at 64 × 64 changes by half a grey level of 255, and
# 3 mask pixels of 1,000 change sides; enlarged again, masks from the copies overlap the originals by 0.993, and
# masks of 64 × 64 pixels by 0.976. So 64 × 64 remains the price that counts.

# %%
dataset_path, mask_path = utils.data.prepare_images(dataset_path, mask_path)
test_path, test_mask_path = utils.data.prepare_images(test_path, test_mask_path)

# %% [markdown]
# ### 3.2 A dataset of one's own
#
# PyTorch does not care where data come from, as long as an object can answer two questions:
#
# | method | question | answer |
# |---|---|---|
# | `__init__(...)` | (where is everything?) | remembers folders, file names and transforms; opens no image yet |
# | `__len__()` | how many samples are there? | a whole number |
# | `__getitem__(index)` | what is sample number `index`? | the image and its mask |
#
# A `DataLoader` then does the rest: it asks for samples, shuffles them if told, and stacks them into batches. Images
# are opened one at a time, when they are asked for. All 900 at once would fill the memory of many a laptop.

# %% [markdown]
# ### Exercise 1: A dataset of images and masks
#
# *(about 15 minutes)*
#
# Write `ISICDataset(image_dir, mask_dir, img_transform=None, mask_transform=None)`:
#
# - The samples are the files `*.jpg` of `image_dir`, **sorted by name**. Other files in the folders are ignored.
# - `len(dataset)` is the number of images.
# - `dataset[index]` is a pair `(image, mask)`: the image opened as RGB, its mask opened in single-channel mode `"L"`.
# - The mask of `ISIC_0000000.jpg` is `ISIC_0000000_Segmentation.png` in `mask_dir`. **Pair by name**, not by position
#   in a list: there may be masks without an image, and they must not shift the rest.
# - If `img_transform` is given, it is applied to the image; if `mask_transform` is given, to the mask. Without them
#   you return the PIL images as they are.
#
# Both folders come as `Path` or as text. What you name your attributes and whether you keep paths or names is up to
# you.
#
# Then make `ds`: all training images with their masks, and `resize_transform` as transform for both.
#
# <details><summary>Hints</summary>
#
# 1. `Path(folder).glob("*.jpg")` finds files in no particular order.
# 2. A path's `stem` is its name without folder and ending.
# 3. `Image.open(path).convert(mode)` opens a file in the mode you want.
#
# </details>

# %%
# Exercise 1: A dataset of images and masks
from torch.utils.data import DataLoader, Dataset

resize_transform = transforms.Compose([transforms.Resize((64, 64)), transforms.ToTensor()])


class ISICDataset(Dataset):
    """Dermoscopic images with the masks of their lesions, paired by name."""

    def __init__(self, image_dir, mask_dir, img_transform=None, mask_transform=None):
        """Remember what is needed to find and transform the images and masks."""
        ### BEGIN SOLUTION
        self.image_paths = sorted(Path(image_dir).glob("*.jpg"))
        self.mask_dir = Path(mask_dir)
        self.img_transform = img_transform
        self.mask_transform = mask_transform
        ### END SOLUTION

    def __len__(self):
        """Return the number of images."""
        ### BEGIN SOLUTION
        return len(self.image_paths)
        ### END SOLUTION

    def __getitem__(self, index):
        """Return image (RGB) and mask (L) number `index`, each through its own transform if there is one."""
        ### BEGIN SOLUTION
        image_path = self.image_paths[index]
        image = Image.open(image_path).convert("RGB")
        mask = Image.open(self.mask_dir / f"{image_path.stem}_Segmentation.png").convert("L")
        if self.img_transform is not None:
            image = self.img_transform(image)
        if self.mask_transform is not None:
            mask = self.mask_transform(mask)
        return image, mask
        ### END SOLUTION


ds = ISICDataset(  # SOLUTION: the training images and masks, both through resize_transform
    dataset_path, mask_path, img_transform=resize_transform, mask_transform=resize_transform
)

# %%
checker.check_exercise(1, {"ISICDataset": ISICDataset, "ds": ds, "dataset_path": dataset_path, "mask_path": mask_path})

# %%
if checker.ready(1):
    image, mask = ds[0]
    for name, tensor in {"image": image, "mask": mask}.items():
        print(f"{name}: shape {tuple(tensor.shape)}, values from {tensor.min():.2f} to {tensor.max():.2f}")

# %% [markdown]
# `ToTensor` put the channels first and divided by 255: three colour channels for the image, a single one for the
# mask, all between 0 and 1.

# %% [markdown]
# ### 3.3 Normalisation
#
# Networks learn best when their inputs are centred at zero and about one wide: then no channel drowns out another,
# and gradients have a sensible size from the first step on. The usual recipe is the **z-score**, channel by channel:
#
# $$z = \frac{x - \mu_c}{\sigma_c}$$
#
# where $\mu_c$ is the mean and $\sigma_c$ the standard deviation of channel $c$. But the mean of *what*?
#
# | statistics of | good if | mind |
# |---|---|---|
# | **your data set** | you train from scratch, or your images look unlike photographs | has to be computed, on training images only |
# | **ImageNet**: mean (0.485, 0.456, 0.406), std (0.229, 0.224, 0.225) | a pretrained network is used as it is | it expects inputs on the scale that it was trained with |
#
# Skin is redder and brighter than the average photograph, so the two differ. We compute our own and use them for
# *both* models: in this way the comparison at the end is about the networks and not about their inputs. (At the end
# you may try ImageNet's for the pretrained one.)
#
# For $n$ pixels in one channel, over *all* images,
#
# $$\mu = \frac{1}{n}\sum_{i=1}^{n} x_i, \qquad
# \sigma^2 = \frac{1}{n}\sum_{i=1}^{n}(x_i-\mu)^2 = \frac{1}{n}\sum_{i=1}^{n} x_i^2 - \mu^2 .$$
#
# The right-hand form is a gift: it needs the pixels only once, batch after batch, and never all of them in memory.
#
# **A trap.** It is tempting to compute a mean for each batch and then the mean of those. A small example shows why
# that is wrong: three children are 100 cm tall, one is 140 cm. The mean is 110 cm. But split them into a batch of
# three and a batch of one: the batch means are 100 and 140, and *their* mean is 120. The last batch is smaller and
# counted as if it were full. With standard deviations it is worse still: averaging them forgets how much the batches
# differ from each other.

# %% [markdown]
# ### Exercise 2: Mean and standard deviation
#
# *(about 15 minutes)*
#
# - `dl`: a `DataLoader` over `ds` with batches of 16, **not** shuffled, with every sample in it, the smaller last
#   batch included.
# - `mean` and `std`: tensors of 3 numbers, one for each channel, over every pixel of every image in `dl`. `std` is
#   the population's standard deviation (divide by $n$, not by $n-1$). Either `float32` or `float64`.
#
# Accumulate over the batches, then finish the computation after the loop. Only `dl`, `mean` and `std` are judged;
# other names are your own affair. Every image is opened once, which takes a while on the full data set.
#
# <details><summary>Hints</summary>
#
# 1. A batch of images has shape (N, 3, H, W). `tensor.sum(dim=(...))` sums over several dimensions at once: which of
#    the four should disappear?
# 2. Which three quantities do the formulas above need, if you want to add them up batch by batch?
# 3. Sums of millions of numbers lose digits in `float32`; `images.double()` is on the safe side.
#
# </details>

# %%
# Exercise 2: Mean and standard deviation
dl = DataLoader(ds, batch_size=16, shuffle=False)  # SOLUTION: a DataLoader over ds, 16 images a batch, not shuffled
mean = ...
std = ...
### BEGIN SOLUTION
pixel_count = 0
channel_sums = torch.zeros(3, dtype=torch.float64)
channel_square_sums = torch.zeros(3, dtype=torch.float64)
for images, _ in dl:
    images = images.double()
    pixel_count += images.numel() // 3  # pixels of one channel: N * H * W
    channel_sums += images.sum(dim=(0, 2, 3))
    channel_square_sums += images.square().sum(dim=(0, 2, 3))
mean = channel_sums / pixel_count
std = (channel_square_sums / pixel_count - mean.square()).sqrt()
### END SOLUTION
print(f"mean: {mean}")
print(f"std:  {std}")

# %%
checker.check_exercise(2, {"dl": dl, "mean": mean, "std": std, "ds": ds})

# %% [markdown]
# Compare your red channel with ImageNet's 0.485: that is what skin looks like to a camera.
#
# *A point for the careful:* some of these 900 images will serve for validation later, and strictly speaking
# statistics belong to the training part alone. Six numbers averaged over millions of pixels hardly give anything
# away; still, in a study, split first. The test images stay untouched in any case.

# %% [markdown]
# ### 3.4 Augmentation
#
# 900 images are few, but a lesion photographed upside down is still the same lesion. **Augmentation** shows the
# network a slightly different version of each image in every epoch, so that it learns what does *not* matter. What
# may vary is a question about the world, not about Python:
#
# | change | here? | why |
# |---|---|---|
# | horizontal and vertical flip | yes | skin has no up and no left |
# | rotation by a few degrees | yes | nobody holds a camera perfectly straight |
# | brightness, contrast, saturation, hue, a little | yes | lamps and cameras differ |
# | strong changes of colour | no | colour is evidence: doctors look at it as well |
# | large distortions | no | asymmetry and border are evidence, too |
# | flipping a chest X-ray upside down | (not here) | never happens in a clinic, and the heart would be on the wrong side of the diaphragm |
#
# With masks there is one more rule. Whatever *moves* pixels has to move them in image and mask **alike**; whatever
# only changes *colours* belongs to the image alone.
#
# ![A flip applied to image and mask together keeps them aligned; flipped apart, they contradict each other](figs/sync_augmentation.png)
#
# If the coin is tossed once for the image and once more for the mask, the network is taught that the lesion lies
# where it does not. It raises no error: the training just goes badly, and you may search for days. The library
# *albumentations* (Buslaev et al. 2020) avoids it by design: one call gets both, tosses once, and leaves the mask out
# of anything that concerns colour.
#
# Two traps to know before you start:
#
# - **Validation is a measurement.** A validation image that is flipped and recoloured at random gives another score
#   tomorrow for the same model, and it asks about pictures that nobody will ever take. So validation and test images
#   are resized and normalised, like the training images, and nothing else.
# - **Both need the same normalisation**, or the network sees another world in the exam than in class.

# %% [markdown]
# ### Exercise 3: Augmentation
#
# *(about 15 minutes)*
#
# Define two pipelines, each an `A.Compose`:
#
# | | `train_img_ts` | `valid_img_ts` |
# |---|---|---|
# | size | 64 × 64 | 64 × 64 |
# | flips | horizontal and vertical, each with probability 0.5 | – |
# | rotation | within 10 degrees either way, with probability 0.5 | – |
# | colours | brightness, contrast, saturation and hue vary a little | – |
# | values | normalised with **your** `mean` and `std` | the same |
# | result | tensor, channels first | the same |
#
# The pipelines get images as arrays of whole numbers from 0 to 255. Which of several equivalent transforms you take,
# how strong and how frequent the colour changes are, and whether you resize first or later, is open.
#
# Two tips, both optional. When a picture is shrunk a lot, OpenCV's default looks at a few pixels and skips the rest;
# with `interpolation=cv2.INTER_AREA` it averages over all of them. And albumentations keeps a random generator of its
# own: `A.Compose(..., seed=101)` makes its choices repeatable.
#
# <details><summary>Hints</summary>
#
# 1. Look for `Resize`, `HorizontalFlip`, `VerticalFlip`, `Rotate`, `ColorJitter` and `Normalize` in `A`;
#    `help(A.Rotate)` shows what each of them takes.
# 2. `A.Normalize` wants lists of numbers; a tensor has `.tolist()`. It divides by 255 by itself.
# 3. `ToTensorV2()` comes last: the others work on arrays.
#
# </details>

# %%
# Exercise 3: Augmentation
import albumentations as A
import cv2
from albumentations.pytorch import ToTensorV2

train_img_ts = A.Compose(  # SOLUTION: resize, flips, rotation, colours, normalisation, tensor
    [
        A.Resize(64, 64, interpolation=cv2.INTER_AREA),
        A.HorizontalFlip(p=0.5),
        A.VerticalFlip(p=0.5),
        A.Rotate(limit=10, p=0.5),
        A.ColorJitter(brightness=(0.8, 1.2), contrast=(0.8, 1.2), saturation=(0.8, 1.2), hue=(-0.05, 0.05), p=0.5),
        A.Normalize(mean=mean.tolist(), std=std.tolist()),
        ToTensorV2(),
    ],
    seed=SEED,
)
valid_img_ts = A.Compose(  # SOLUTION: resize, normalisation, tensor; nothing random
    [
        A.Resize(64, 64, interpolation=cv2.INTER_AREA),
        A.Normalize(mean=mean.tolist(), std=std.tolist()),
        ToTensorV2(),
    ]
)

# %%
checker.check_exercise(3, {"train_img_ts": train_img_ts, "valid_img_ts": valid_img_ts, "mean": mean, "std": std})

# %% [markdown]
# ### 3.5 Image and mask together
#
# Your `ISICDataset` has one transform for the image and another for the mask, and neither knows of the other. So we
# need a second dataset, which finds its files in the same way but transforms **both in one call**. This is what
# inheritance is for: take over what is right, change what is not.
#
# One more thing is worth a thought. A mask says yes or no, but files say it in different ways: some with 0 and 1,
# others with 0 and 255, and some were resized once and have grey values along the border. A dataset is the right
# place to settle this once and for all: **what comes out is 0 or 1**.

# %% [markdown]
# ### Exercise 4: Image and mask together
#
# *(about 20 minutes)*
#
# Write `ISICDatasetAlbumentations(image_dir, mask_dir, transform=None)`, a subclass of `ISICDataset`:
#
# - `dataset[index]` is a pair `(image, mask)`; both went through **one** call of `transform`, an albumentations
#   pipeline that ends in `ToTensorV2`.
# - The image is a float tensor of shape (3, H, W).
# - The mask is a tensor of shape (H, W) or (1, H, W), of any dtype, that holds **exactly 0 and 1**, whether its file
#   uses 0 and 1 or 0 and 255. Grey values become 0 below half of the file's scale and 1 above.
#
# What happens without a `transform` is up to you.
#
# <details><summary>Hints</summary>
#
# 1. albumentations works on arrays: `np.array(pil_image)`. It is called as `transform(image=..., mask=...)` and
#    returns a dictionary.
# 2. What does `ISICDataset.__getitem__` return if it was given no transforms?
# 3. How can you tell from a mask's largest value which scale its file uses?
#
# </details>


# %%
# Exercise 4: Image and mask together
class ISICDatasetAlbumentations(ISICDataset):
    """Dermoscopic images with binary masks, transformed together."""

    def __init__(self, image_dir, mask_dir, transform=None):
        """Remember the folders, as `ISICDataset` does, and the one transform for both."""
        ### BEGIN SOLUTION
        super().__init__(image_dir, mask_dir)
        self.transform = transform or A.Compose([A.ToFloat(max_value=255), ToTensorV2()])
        ### END SOLUTION

    def __getitem__(self, index):
        """Return image, float (3, H, W), and mask, 0 or 1, (H, W) or (1, H, W)."""
        ### BEGIN SOLUTION
        image, mask = map(np.array, super().__getitem__(index))
        half = 0.5 if mask.max() <= 1 else 127.5
        mask = (mask > half).astype(np.uint8)
        transformed = self.transform(image=image, mask=mask)
        return transformed["image"].float(), transformed["mask"]
        ### END SOLUTION


# %%
checker.check_exercise(4, {"ISICDatasetAlbumentations": ISICDatasetAlbumentations, "ISICDataset": ISICDataset})

# %% [markdown]
# Does the mask follow its lesion? Here is the same image, asked for eight times.

# %%
if checker.ready(2, 3, 4):
    augmented = ISICDatasetAlbumentations(dataset_path, mask_path, train_img_ts)
    same_image = DataLoader([augmented[0] for _ in range(8)], batch_size=8)
    display(utils.plotting.show_binary_segmentation_batch(same_image, n_images=8, mean=mean, std=std))

# %% [markdown]
# The lesion turns and flips, its colours shift, and the mask goes along. If you ever see a mask beside its lesion,
# stop and look for the mistake before you train anything.
#
# How that would look? Switch to *apart* and toss the coins a few times.

# %%
if checker.ready(1, 2, 3):
    utils.plotting.explore_augmentation(ISICDataset(dataset_path, mask_path), train_img_ts, mean=mean, std=std)

# %% [markdown]
# ### 3.6 Training and validation
#
# A network is trained on one part of the data and judged on another, because anybody can recite what they have learnt
# by heart:
#
# | part | used for | how often looked at |
# |---|---|---|
# | **training**, 80 % of the 900 | computing gradients | in every epoch |
# | **validation**, 20 % of the 900 | keeping the best weights, noticing overfitting, choosing settings | after every epoch |
# | **test**, 379 images of their own | the final verdict | as rarely as possible |
#
# Splitting at random is one line. But which transform do the two parts get? In section 3.4 we agreed that validation
# images are *not* augmented. And here lies a trap that has found its way into many a published notebook:
#
# > The two parts of a random split are only *views* of one and the same dataset, and that dataset has one transform.
# > Either both parts are augmented, or neither is. And whoever replaces the transform "of the validation part"
# > afterwards replaces it for the training part as well.
#
# What would it mean to validate on augmented images? The validation loss would jump from epoch to epoch for no other
# reason than chance; the "best" weights would be those that were lucky; and the curve would sit too high, since
# distorted images are harder. So the two parts need two datasets, over the same files, and each image has to belong
# to one part only.

# %% [markdown]
# ### Exercise 5: Training and validation
#
# *(about 20 minutes)*
#
# - `full_ds`: an `ISICDatasetAlbumentations` of all training images with `train_img_ts`.
# - `train_size`, `valid_size`: whole numbers, 80 % and 20 % of the images (round either way); together they are all
#   images.
# - `train_ds`, `valid_ds`: a **random** split of these sizes. No image is in both, none is lost. Training images come
#   augmented, through `train_img_ts`; validation images come through `valid_img_ts`.
# - `train_dl`: a `DataLoader` over `train_ds`, batches of 16, shuffled.
# - `valid_dl`: a `DataLoader` over `valid_ds`, batches of 16, not shuffled, with every sample.
#
# Other names, and further options of the `DataLoader`, are open.
#
# <details><summary>Hints</summary>
#
# 1. `random_split(dataset, [a, b])` gives two `Subset`s, and a `Subset` knows its `indices`.
# 2. `Subset(some_dataset, indices)` is made from *any* dataset. Index 17 is the same file in each dataset over the
#    same folder: why?
# 3. Draw the split once. A second draw would give other indices, and images in both parts.
#
# </details>

# %%
# Exercise 5: Training and validation
from torch.utils.data import Subset, random_split

full_ds = ISICDatasetAlbumentations(  # SOLUTION: all training images, with train_img_ts
    dataset_path, mask_path, transform=train_img_ts
)
train_size = round(0.8 * len(full_ds))  # SOLUTION: 80 % of the images
valid_size = len(full_ds) - train_size  # SOLUTION: the others
train_ds = ...
valid_ds = ...
### BEGIN SOLUTION
train_ds, augmented_rest = random_split(full_ds, [train_size, valid_size])
plain_ds = ISICDatasetAlbumentations(dataset_path, mask_path, valid_img_ts)
valid_ds = Subset(plain_ds, augmented_rest.indices)
### END SOLUTION
train_dl = DataLoader(train_ds, batch_size=16, shuffle=True)  # SOLUTION: batches of 16, shuffled
valid_dl = DataLoader(valid_ds, batch_size=16, shuffle=False)  # SOLUTION: batches of 16, not shuffled, every sample

# %%
checker.check_exercise(
    5,
    {
        "full_ds": full_ds,
        "train_size": train_size,
        "valid_size": valid_size,
        "train_ds": train_ds,
        "valid_ds": valid_ds,
        "train_dl": train_dl,
        "valid_dl": valid_dl,
        "valid_img_ts": valid_img_ts,
    },
)

# %% [markdown]
# Here is a batch, as the network will get it. For the eyes, the plot undoes the normalisation with your `mean` and
# `std`.

# %%
if checker.ready(2, 3, 4, 5):
    display(utils.plotting.show_binary_segmentation_batch(train_dl, n_images=4, mean=mean, std=std))

# %% [markdown]
# The test images get a dataset and a loader, too. They are read like the validation images.

# %%
if checker.ready(3, 4):
    test_ds = ISICDatasetAlbumentations(test_path, test_mask_path, valid_img_ts)
    test_dl = DataLoader(test_ds, batch_size=16)
    print(f"{len(test_ds)} test images in {len(test_dl)} batches")

# %% [markdown]
# ## 4. The baseline: a U-Net from scratch
#
# Whether transfer learning helps can only be told against something without it. Our *baseline* is the classic of
# medical segmentation, the **U-Net** (Ronneberger et al. 2015). You will build it from four blocks, each of them
# small.
#
# ![The U-Net: an encoder on the left, a decoder on the right, a bottleneck between them, and skip connections across](figs/unet.png)
#
# | part | what it does | what it knows |
# |---|---|---|
# | **encoder** (left) | halves the resolution level by level, doubles the channels | more and more *what*, less and less *where* |
# | **bottleneck** (bottom) | works on the coarsest map, in which each point sees most of the image | the context |
# | **decoder** (right) | doubles the resolution, halves the channels | brings the *what* back to the pixels |
# | **skip connections** (across) | hand the encoder's maps to the decoder at the same level | *where* exactly |
#
# Why the skips? Having gone down to a map of 4 × 4 points, a network knows that there is a lesion on the left, but
# not on which pixel it ends. No upsampling can invent that. The encoder's early maps do know; the skips carry them
# across.
#
# For our images of 64 × 64 pixels the levels look like this:
#
# | level | channels | height × width |
# |---|---|---|
# | first double convolution | 64 | 64 × 64 |
# | Down 1 | 128 | 32 × 32 |
# | Down 2 | 256 | 16 × 16 |
# | Down 3 | 512 | 8 × 8 |
# | Down 4, the bottleneck | 1024 | 4 × 4 |
#
# Two things are done differently today than in 2015: convolutions are padded, so that maps keep their size, and batch
# normalisation follows each of them, so that training is faster and more stable.

# %% [markdown]
# ### Exercise 6: Double convolution
#
# *(about 10 minutes)*
#
# The block that appears on every level. Write `DoubleConv(in_channels, out_channels)`, a module that does this
# **twice**:
#
# 1. a 3 × 3 convolution with padding 1,
# 2. batch normalisation,
# 3. ReLU.
#
# The first convolution leads from `in_channels` to `out_channels`, the second stays at `out_channels`. Height and
# width stay the same. Whether the convolutions have a bias, and what your attributes are called, is open.
#
# <details><summary>Hints</summary>
#
# 1. `nn.Conv2d`, `nn.BatchNorm2d` and `nn.ReLU` are the three layers.
# 2. `nn.Sequential` chains layers, so that `forward` is a single call.
# 3. Each batch normalisation has weights and statistics of its own: you need two of them.
#
# </details>

# %%
# Exercise 6: Double convolution
import torch.nn.functional as F
from torch import nn


class DoubleConv(nn.Module):
    """(3 x 3 convolution, batch normalisation, ReLU) twice: (N, in_channels, H, W) -> (N, out_channels, H, W)."""

    def __init__(self, in_channels, out_channels):
        super().__init__()
        ### BEGIN SOLUTION
        self.layers = nn.Sequential(
            # No bias: batch normalisation subtracts it again and adds a shift of its own.
            nn.Conv2d(in_channels, out_channels, kernel_size=3, padding=1, bias=False),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(inplace=True),
            nn.Conv2d(out_channels, out_channels, kernel_size=3, padding=1, bias=False),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(inplace=True),
        )
        ### END SOLUTION

    def forward(self, x):
        ### BEGIN SOLUTION
        return self.layers(x)
        ### END SOLUTION


# %%
checker.check_exercise(6, {"DoubleConv": DoubleConv})

# %% [markdown]
# ### Exercise 7: Down: one step of the encoder
#
# *(about 5 minutes)*
#
# Write `Down(in_channels, out_channels)`: **max pooling** over 2 × 2 pixels, then a `DoubleConv` from `in_channels`
# to `out_channels`. Pooling keeps the strongest response of each 2 × 2 square. Height and width are halved, and where
# a side is odd, rounded down.
#
# <details><summary>Hints</summary>
#
# 1. `nn.MaxPool2d(2)` or `F.max_pool2d(x, 2)`: it has no weights, so either will do.
# 2. You have just written the other half of the block.
#
# </details>


# %%
# Exercise 7: Down: one step of the encoder
class Down(nn.Module):
    """Max pooling, then a double convolution: (N, in_channels, H, W) -> (N, out_channels, H // 2, W // 2)."""

    def __init__(self, in_channels, out_channels):
        super().__init__()
        ### BEGIN SOLUTION
        self.layers = nn.Sequential(nn.MaxPool2d(2), DoubleConv(in_channels, out_channels))
        ### END SOLUTION

    def forward(self, x):
        ### BEGIN SOLUTION
        return self.layers(x)
        ### END SOLUTION


# %%
checker.check_exercise(7, {"Down": Down, "DoubleConv": DoubleConv})

# %% [markdown]
# ### 4.1 The way up: transposed convolution
#
# To get back to full resolution we need the opposite of pooling. A **transposed convolution** takes each value of the
# small map, multiplies a small kernel with it and stamps the result onto a larger map. The kernel is learnt, so the
# network finds out by itself how to enlarge. For an input of height $H_{in}$ its output has the height
#
# $$H_{out} = (H_{in} - 1)\cdot s - 2p + d\,(k - 1) + o + 1$$
#
# with stride $s$, padding $p$, dilation $d$, kernel size $k$ and output padding $o$; the width follows likewise. With
# $k = 2$, $s = 2$, and the defaults $p = 0$, $d = 1$, $o = 0$ this is
#
# $$H_{out} = 2\,(H_{in} - 1) + 1 + 1 = 2\,H_{in}.$$
#
# Exactly twice the size; and the stamps touch without overlapping, since the kernel is as large as the stride.
#
# **When twice is not right.** Pooling rounds down. A map 25 pixels high becomes 12, and twice 12 is 24: one row less
# than the skip connection that it is to be joined with. We fill up with zeros until the sizes agree.

# %%
heights = [50]
while heights[-1] > 3:
    heights.append(heights[-1] // 2)

print("down:   ", " -> ".join(map(str, heights)))
for small, skip in zip(heights[:0:-1], heights[-2::-1], strict=True):
    print(f"up:      2 · {small} = {2 * small}, the skip has {skip}, missing: {skip - 2 * small}")

# %% [markdown]
# ### Exercise 8: Up: one step of the decoder
#
# *(about 20 minutes)*
#
# Write `Up(in_channels, out_channels)`. Its `forward(x1, x2)` gets two maps: `x1` from below, with `in_channels`
# channels, and `x2`, the skip connection, with `in_channels // 2` channels.
#
# 1. Upsample `x1` with a transposed convolution: from `in_channels` to `in_channels // 2` channels, kernel 2, stride
#    2.
# 2. If the result is smaller than `x2` in height or width, **pad it with zeros** to the size of `x2`, with
#    `torch.nn.functional.pad`. On which sides is up to you. Larger than `x2` does not occur.
# 3. Concatenate the two along the channels, in either order: again `in_channels` channels.
# 4. A `DoubleConv` from `in_channels` to `out_channels`.
#
# The result has shape (N, `out_channels`, height of `x2`, width of `x2`).
#
# <details><summary>Hints</summary>
#
# 1. `nn.ConvTranspose2d(in, out, kernel_size, stride)` and `torch.cat([...], dim=...)`: which dimension holds the
#    channels?
# 2. `F.pad(x, [left, right, top, bottom])` starts with the **last** dimension, the width.
# 3. Padding by 0 changes nothing, so you need no `if`.
#
# </details>


# %%
# Exercise 8: Up: one step of the decoder
class Up(nn.Module):
    """Upsample, join with the skip connection, double convolution.

    x1 (N, in_channels, h, w) and x2 (N, in_channels // 2, H, W) -> (N, out_channels, H, W).
    """

    def __init__(self, in_channels, out_channels):
        super().__init__()
        ### BEGIN SOLUTION
        self.upsample = nn.ConvTranspose2d(in_channels, in_channels // 2, kernel_size=2, stride=2)
        self.conv = DoubleConv(in_channels, out_channels)
        ### END SOLUTION

    def forward(self, x1, x2):
        ### BEGIN SOLUTION
        x1 = self.upsample(x1)
        missing_rows = x2.shape[2] - x1.shape[2]
        missing_columns = x2.shape[3] - x1.shape[3]
        left, top = missing_columns // 2, missing_rows // 2
        x1 = F.pad(x1, [left, missing_columns - left, top, missing_rows - top])
        return self.conv(torch.cat([x2, x1], dim=1))
        ### END SOLUTION


# %%
checker.check_exercise(8, {"Up": Up, "DoubleConv": DoubleConv})

# %% [markdown]
# ### Exercise 9: The U-Net
#
# *(about 20 minutes)*
#
# All parts are there. Write `UNet(in_channels=3, out_channels=1)`:
#
# - a `DoubleConv` from `in_channels` to 64;
# - four `Down`s: 64 → 128 → 256 → 512 → 1024;
# - four `Up`s: 1024 → 512 → 256 → 128 → 64, each joined with the encoder's map of the same level;
# - a 1 × 1 convolution from 64 to `out_channels`;
# - a **sigmoid**, so that each pixel gets a probability between 0 and 1.
#
# The output has shape (N, `out_channels`, H, W), for any height and width of at least 16, multiples of 16 or not.
#
# <details><summary>Hints</summary>
#
# 1. Follow the figure with a pencil: which four maps does `forward` have to keep for later?
# 2. The last map of the encoder is the first to be used by the decoder: the skips are taken in reverse order.
# 3. A 1 × 1 convolution is an `nn.Conv2d` with `kernel_size=1`: it weighs the 64 channels of each pixel.
#
# </details>


# %%
# Exercise 9: The U-Net
class UNet(nn.Module):
    """U-Net: images (N, in_channels, H, W) -> probabilities (N, out_channels, H, W)."""

    def __init__(self, in_channels=3, out_channels=1):
        super().__init__()
        ### BEGIN SOLUTION
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
        ### END SOLUTION

    def forward(self, x):
        ### BEGIN SOLUTION
        level1 = self.inc(x)
        level2 = self.down1(level1)
        level3 = self.down2(level2)
        level4 = self.down3(level3)
        x = self.down4(level4)
        x = self.up1(x, level4)
        x = self.up2(x, level3)
        x = self.up3(x, level2)
        x = self.up4(x, level1)
        return torch.sigmoid(self.outc(x))
        ### END SOLUTION


# %%
checker.check_exercise(9, {"UNet": UNet})

# %% [markdown]
# How large has it become, and what does it say before it has learnt anything?


# %%
def count_parameters(model):
    """Return how many parameters a model has, and how many of them can be trained."""
    every = sum(parameter.numel() for parameter in model.parameters())
    trainable = sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)
    return every, trainable


if checker.ready(6, 7, 8, 9):
    untrained = UNet()
    with torch.no_grad():
        probabilities = untrained(torch.rand(2, 3, 64, 64))
    print(f"{count_parameters(untrained)[0]:,} parameters")
    print(f"output {tuple(probabilities.shape)}, from {probabilities.min():.2f} to {probabilities.max():.2f}")

# %% [markdown]
# Tens of millions of parameters, to be learnt from a few hundred images. And an opinion of "perhaps, perhaps not" on
# each pixel: that is what training has to change.

# %% [markdown]
# ### 4.2 What to train for: losses for segmentation
#
# Let $p_i$ be the predicted probability at pixel $i$, $y_i \in \{0, 1\}$ the expert's answer, and $s$ a small
# constant.
#
# | loss | formula | strength | weakness |
# |---|---|---|---|
# | **BCE** (binary cross-entropy) | $-\frac{1}{n}\sum_i \left[y_i\log p_i + (1-y_i)\log(1-p_i)\right]$ | smooth, well understood | every pixel counts alike, so background dominates |
# | **Dice** (Milletari et al. 2016) | $1-\frac{2\sum_i p_i y_i + s}{\sum_i p_i + \sum_i y_i + s}$ | looks at the overlap; copes with imbalance | unsteady for tiny objects |
# | **focal** (Lin et al. 2017) | $-\frac{1}{n}\sum_i (1-q_i)^\gamma \log q_i$ | turns to the pixels that are still wrong | $\gamma$ has to be chosen; noisy labels get much weight |
# | **IoU** or Jaccard (Rahman and Wang 2016) | $1-\frac{\sum_i p_i y_i + s}{\sum_i p_i + \sum_i y_i - \sum_i p_i y_i + s}$ | is nearly the metric itself | like Dice, with a harsher view of small overlaps |
# | **combo** (Taghanaki et al. 2019) | $\alpha\cdot\text{BCE} + (1-\alpha)\cdot\text{Dice}$ | steady *and* overlap-aware | $\alpha$ has to be chosen |
#
# ($q_i$ is the probability given to the right answer: $p_i$ where $y_i = 1$, else $1 - p_i$.)
#
# Remember the model that never finds anything and is right on most pixels? BCE is fairly content with it. An overlap
# is not:
#
# ![Two overlapping regions, truth A and prediction B; Dice is twice their common area over the sum of both areas](figs/dice_overlap.png)
#
# $$\text{Dice}(A, B) = \frac{2\,|A \cap B|}{|A| + |B|}$$
#
# It is 1 if truth $A$ and prediction $B$ are equal and 0 if they do not touch. The large, easy background appears
# nowhere in it. Its sibling is the **Jaccard index** or IoU, $J = \frac{|A \cap B|}{|A \cup B|}$; each follows from
# the other, $J = \frac{D}{2 - D}$, so they rank two masks alike, but Jaccard is the stricter one.
#
# **Why probabilities, and not yes or no?** Counting the pixels of a predicted mask needs a threshold, and a threshold
# has no slope: whether $p$ is 0.1 or 0.4, the answer is "no", and the gradient is zero. If we put the probabilities
# themselves in place of the counts, $|A \cap B|$ becomes $\sum_i p_i y_i$ and $|B|$ becomes $\sum_i p_i$. This *soft*
# Dice changes with every small change of every $p_i$, so the network can learn from it. The threshold comes later,
# when a mask is wanted.
#
# **Why $s$?** If neither prediction nor truth holds any lesion, Dice is $0/0$. With $s$ in numerator and denominator
# it becomes $s/s = 1$, as it should: finding nothing where nothing is, is perfect.

# %% [markdown]
# ### Exercise 10: Dice loss
#
# *(about 15 minutes)*
#
# Write `DiceLoss(smooth=1.0)`. Its `forward(y_pred, y_true)` gets probabilities and masks of equal shape and returns
#
# $$1 - \frac{2\sum_i p_i\, y_i + \text{smooth}}{\sum_i p_i + \sum_i y_i + \text{smooth}}$$
#
# where the sums run over **all pixels of the whole batch** together. The result is a tensor with a single number, and
# gradients flow from it back to `y_pred`. Masks may come as integers or booleans, and tensors may lie in memory in
# any order. Whether you keep the result within bounds by clamping is open.
#
# <details><summary>Hints</summary>
#
# 1. Three sums are all you need.
# 2. `.view(-1)` insists on a certain order in memory; `.reshape(-1)` and `.flatten()` do not.
# 3. `.item()`, `.detach()` and anything that rounds cut the gradient.
#
# </details>


# %%
# Exercise 10: Dice loss
class DiceLoss(nn.Module):
    """1 - soft Dice over a whole batch; 0 is a perfect prediction.

    y_pred: probabilities, float, any shape; y_true: masks of 0 and 1, the same shape, any dtype.
    """

    def __init__(self, smooth=1.0):
        super().__init__()
        self.smooth = smooth

    def forward(self, y_pred, y_true):
        ### BEGIN SOLUTION
        intersection = (y_pred * y_true).sum()
        total = y_pred.sum() + y_true.sum()
        return 1 - (2 * intersection + self.smooth) / (total + self.smooth)
        ### END SOLUTION


# %%
checker.check_exercise(10, {"DiceLoss": DiceLoss})

# %% [markdown]
# Watch it at work: a square of 32 pixels a side is the truth, and the prediction is the same square, shifted to the
# right.

# %%
if checker.ready(10):
    truth = torch.zeros(1, 1, 64, 64)
    truth[:, :, 16:48, 16:48] = 1
    for shift in (0, 4, 8, 16, 32):
        print(f"shifted by {shift:>2} pixels: loss {DiceLoss()(truth.roll(shift, dims=3), truth):.3f}")

# %% [markdown]
# The loss grows steadily with the distance and ends where the squares no longer touch. From there on it is flat: no
# overlap, no sense of direction. That is one reason to start from probabilities that are a little above zero
# everywhere.
#
# ### 4.3 Training the baseline
#
# `utils.ml.train_model` holds the loop that you know: forward, loss, backward, step; after each epoch a look at the
# validation images. It keeps the weights of the best epoch and hands them back. (The loop is short, and yours to read:
# `utils/ml/epochs.py`.) Two epochs are not much. They are enough to see that it learns.
#
# Longer trainings deserve a `save_path`. On Colab, mount your Drive and add
# `save_path="/content/drive/MyDrive/unet.pt", resume=True`: if the connection breaks, run the notebook again, and the
# training goes on with the epoch after the last one it finished, as if nothing had happened.

# %%
if checker.ready(*range(3, 11)):
    unet = UNet()
    unet = utils.ml.train_model(
        model=unet,
        criterion=DiceLoss(),
        optimiser=torch.optim.AdamW(unet.parameters(), lr=1e-3),
        train_loader=train_dl,
        val_loader=valid_dl,
        num_epochs=2,
    )

# %% [markdown]
# Now the test images, which the network has never seen. First the eyes, then the numbers. `evaluate_segmentation`
# computes the challenge's metric: each probability becomes yes or no at 0.5, Dice and Jaccard are computed **image by
# image** and then averaged. (Not over the whole batch as in our loss: there, one large lesion could hide ten small
# ones.)

# %%
if checker.ready(*range(3, 11)):
    display(utils.plotting.show_binary_segmentation_predictions(unet, test_dl, n_images=4, mean=mean, std=std))
    print("U-Net from scratch:", utils.ml.evaluate_segmentation(unet, test_dl))

# %% [markdown]
# Look at where it errs, not only how much. Does it take hairs or dark corners for lesions? Does it find the middle
# but miss the border? We shall ask the same of its rival.
#
# And is 0.5 the right threshold? Move it and watch both scores: what does a lower one find, and at what price?

# %%
if checker.ready(*range(3, 11)):
    utils.plotting.explore_predictions(unet, test_dl, mean=mean, std=std)

# %% [markdown]
# (To *choose* a threshold, do this with the validation images. The test images are for looking only.)

# %% [markdown]
# ## 5. Transfer learning
#
# ### 5.1 Whose shoulders? Pretrained models
#
# Many networks are there for the taking, trained on ImageNet by people with more GPUs than we have. The best-known
# families, with the idea that made each of them famous:
#
# | family | idea |
# |---|---|
# | **VGG** (Simonyan and Zisserman 2014) | depth from nothing but 3 × 3 convolutions; simple, large, slow |
# | **Inception** (Szegedy et al. 2015) | several kernel sizes side by side in one block |
# | **ResNet** (He et al. 2015) | shortcuts around blocks, so that very deep networks can be trained |
# | **DenseNet** (Huang et al. 2016) | each layer sees the maps of all layers before it; few parameters |
# | **MobileNet** (Sandler et al. 2018) | depthwise convolutions; made for phones |
# | **EfficientNet** (Tan and Le 2019) | depth, width and resolution grow together, by one rule |
#
# Weights in torchvision travel with their own data sheet. So we need not believe any table; we can ask.

# %%
from torchvision.models import get_model_weights

YEARS = {
    "vgg16": 2014,
    "inception_v3": 2015,
    "resnet50": 2015,
    "densenet121": 2016,
    "mobilenet_v2": 2018,
    "efficientnet_b0": 2019,
}

print(f"{'model':<17}{'year':>4}{'parameters':>14}{'multiply-adds':>16}{'input size':>13}{'ImageNet top-1':>17}")
for name, year in YEARS.items():
    weights = get_model_weights(name).DEFAULT
    side = weights.transforms().crop_size[0]
    millions = f"{weights.meta['num_params'] / 1e6:.1f} million"
    top1 = weights.meta["_metrics"]["ImageNet-1K"]["acc@1"]
    print(f"{name:<17}{year}{millions:>14}{weights.meta['_ops']:>11.2f} · 10⁹{side:>7} × {side}{top1:>15.1f} %")

# %% [markdown]
# *Year* is that of the first publication; *top-1* is the share of ImageNet's validation images whose first guess is
# right; *multiply-adds* are for one image of the size given.
#
# Three things to notice. Parameters and arithmetic are two different costs: compare DenseNet with EfficientNet. A
# large model need not be a good one: compare VGG with any other. And the numbers belong to *weights*, not to
# architectures: torchvision's first weights for ResNet-50 reached 76.1 %, and the newer ones owe the rest to a better
# training recipe.
#
# How to choose? Ask in this order: **What must it run on? How much data do I have? Which maps do I need from it?**
# And only then: which is the most accurate? We take **EfficientNet-B0**: small, quick, accurate for its size, and it
# halves its resolution in five neat steps, which is what a U-Net needs.

# %% [markdown]
# ### 5.2 The process
#
# ![A pretrained network keeps its common layers and gets a new head for the new task](figs/custom_head.png)
#
# 1. **Choose** a pretrained network whose source task has something to say about yours.
# 2. **Strip the head.** The last layers answer the old question (which of 1,000 classes?). Nobody asks it any more.
# 3. **Freeze** what you keep, so that training does not change it.
# 4. **Add** a new head for the new question, and **train** it on your data.
# 5. **Fine-tune**: unfreeze some or all layers and go on with a small learning rate. Optional, and often worth it.
#
# For classification the new head can be a single layer. For segmentation it is a whole decoder.
#
# ### 5.3 Kinds of transfer learning
#
# | kind | what happens | typical for |
# |---|---|---|
# | **feature extraction** | pretrained layers stay frozen; only the new part learns | little data, similar domain, little time |
# | **fine-tuning** | pretrained layers learn on, with small steps | more data, or a domain further away |
# | **one-shot and few-shot learning** | compares new examples with one or a few known ones in a learnt feature space | face recognition, rare diseases |
# | **domain adaptation** | same task, other distribution; features are made alike across domains | a scanner of another make, drawings instead of photographs |
# | **multi-task learning** | one network learns several tasks at once and shares its features among them | segmenting a lesion *and* naming it |
#
# We go through the first two, in this order: extract features first, fine-tune afterwards.

# %% [markdown]
# ### Quiz 2: feature extraction or fine-tuning

# %%
quizzer.run_quiz(2)

# %% [markdown]
# ### Quiz 3: selecting a pretrained model

# %%
quizzer.run_quiz(3)

# %% [markdown]
# ### 5.4 EfficientNet-B0 as an encoder
#
# ![The blocks of EfficientNet-B0, from the stem to the head, with their resolutions and channels](figs/efficientnet_b0.png)
#
# In torchvision, everything below the classification head is called `features`: a sequence of nine stages. Stage 0 is
# an ordinary convolution, stages 1 to 7 are made of *MBConv* blocks (widen the channels, look at each one separately,
# weigh them, narrow again), and stage 8 prepares for the classification head. We do not need stage 8; the others
# become our encoder:
#
# | part | stages | channels | height × width, for a 64 × 64 image |
# |---|---|---|---|
# | `inc` | `features[0:2]` | 16 | 32 × 32 |
# | `down1` | `features[2]` | 24 | 16 × 16 |
# | `down2` | `features[3]` | 40 | 8 × 8 |
# | `down3` | `features[4]` | 80 | 4 × 4 |
# | `down4` | `features[5]` to `features[7]` | 320 | 2 × 2 |
#
# ![A U-Net whose encoder is EfficientNet-B0: five levels of features on the left, a new decoder on the right](figs/unet_efficientnet.png)
#
# **Why the sizes do not match.** Our first U-Net was symmetric: each level of the decoder met one of the encoder of
# twice its size. Here two things are different:
#
# - The very first stage already halves the resolution. The finest skip has 32 × 32 points, the decoder ends there,
#   and its answer has to be enlarged to 64 × 64 afterwards.
# - Halving is done by convolutions with stride 2, and these round **up**: a side of 75 becomes 38, 19, 10, 5, 3. On
#   the way up, twice 3 is 6, and the skip has 5. This time the upsampled map is *too large*, and adding zeros does
#   not help.
#
# **Interpolation** settles both cases: it computes a map of any size wanted, larger or smaller, from the one there
# is.

# %% [markdown]
# ### 5.5 Why freeze?
#
# The encoder is experienced; the decoder starts from random numbers. What if we simply trained both together?
#
# In the first steps the decoder's output is nonsense, so the loss is large, and so are the gradients. They flow
# through the decoder *into the encoder*, and tell it to change so that a random decoder may be content with it. After
# a few hundred such steps the features that took a million images to learn may be damaged, and the head start is
# gone.
#
# ![All at once, a random decoder overwrites the encoder; first frozen, then fine-tuned with small steps, the encoder keeps what it knows](figs/freezing.png)
#
# So the encoder is **frozen** at first: `requires_grad = False` for each of its parameters. No gradient is computed
# for them, no optimiser moves them, and training gets faster and needs less memory, too.
#
# **A trap: frozen is not quite still.** EfficientNet is full of batch normalisation. Such a layer holds two sorts of
# numbers:
#
# | numbers | kind | changed by |
# |---|---|---|
# | scale and shift | parameters | the optimiser; *not* if `requires_grad` is False |
# | running mean and variance | buffers | **every forward pass in training mode**, frozen or not |
#
# So in a frozen encoder the statistics still drift towards your batches as soon as `model.train()` has been called,
# and every training loop calls it at the start of each epoch. In evaluation mode the encoder then is another one than
# that which was pretrained, though not a single parameter has changed. The remedy: a frozen part stays in *evaluation
# mode*, whatever mode the rest of the model is in. (In evaluation mode, EfficientNet also keeps all its blocks; in
# training mode it leaves out some at random.) The check below reports on this as advice, without points.

# %% [markdown]
# Now the weights. The setup cell has fetched the ImageNet checkpoint of EfficientNet-B0 (about 20 MB). If that was not
# possible, this cell tries again. Without a connection, stand-ins take its place, and the cell says so loudly: weights
# that were pretrained not on photographs but on pictures drawn by code, of textured shapes in changing light. They know
# something about outlines and surfaces, much less than the real ones.

# %%
weights_source = utils.ml.prepare_weights("efficientnet_b0")

# %% [markdown]
# What do these stages respond to? Go from the first to the last: what becomes of edges and colours, and of *where*?

# %%
from torchvision.models import get_model

if checker.ready(1):
    stages = get_model("efficientnet_b0", weights="DEFAULT").features
    utils.plotting.explore_encoder(stages, ISICDataset(test_path, test_mask_path))

# %% [markdown]
# ### Exercise 11: U-Net on a pretrained EfficientNet-B0
#
# *(about 40 minutes; the longest one)*
#
# **`SmartUp(in_channels, skip_channels, out_channels)`**, a more flexible `Up`. Its `forward(x1, x2)` gets `x1` from
# below, with `in_channels` channels, and the skip `x2`, with `skip_channels` channels:
#
# 1. a transposed convolution from `in_channels` to `skip_channels`, kernel 2, stride 2;
# 2. if the result differs from `x2` in height or width, larger or smaller, it is **interpolated** to the size of `x2`
#    (bilinear is a good choice; any mode is accepted);
# 3. concatenation with `x2` along the channels, in either order: `2 * skip_channels` channels;
# 4. a `DoubleConv` to `out_channels`.
#
# **`UNetEfficient(in_channels=3, out_channels=1)`**:
#
# - **Encoder:** torchvision's EfficientNet-B0 with ImageNet weights,
#   `efficientnet_b0(weights=EfficientNet_B0_Weights.DEFAULT)`, cut into `inc` and `down1` to `down4` as in the table
#   of section 5.4, **all of it frozen**.
# - **Centre:** a `DoubleConv` from 320 to 512 channels on the map of `down4`.
# - **Decoder:** four `SmartUp`s, with in, skip and out channels (512, 80, 80), (80, 40, 40), (40, 24, 24), (24, 16,
#   16), joined with `down3`, `down2`, `down1` and `inc`, and a 1 × 1 convolution from 16 to `out_channels`.
# - The output is **resized to the height and width of the input** and goes through a **sigmoid**, before or after
#   resizing.
#
# Everything but the encoder can be trained. Attribute names are suggestions. What happens with `in_channels` other
# than 3 is not judged. Where the stub leaves room before the class, you may define what you need to keep the frozen
# batch normalisation still.
#
# <details><summary>Hints</summary>
#
# 1. `F.interpolate(x, size=(height, width), mode="bilinear", align_corners=False)` makes any size of any other.
# 2. `efficientnet_b0(...).features` can be indexed and sliced like a list, and a slice is again a module. Mind that
#    the end of a slice is not included.
# 3. Freeze before you create the decoder, or walk only through the encoder's parts: which parameters does
#    `self.parameters()` hold at that point?
# 4. For the advice: `model.train()` calls `train()` of every part. A subclass of `nn.Sequential` may have its own
#    idea of what to do then.
#
# </details>

# %%
# Exercise 11: U-Net on a pretrained EfficientNet-B0
from torchvision.models import EfficientNet_B0_Weights, efficientnet_b0


class SmartUp(nn.Module):
    """Upsample to the skip connection's size, join, double convolution.

    x1 (N, in_channels, h, w) and x2 (N, skip_channels, H, W) -> (N, out_channels, H, W).
    """

    def __init__(self, in_channels, skip_channels, out_channels):
        super().__init__()
        ### BEGIN SOLUTION
        self.upsample = nn.ConvTranspose2d(in_channels, skip_channels, kernel_size=2, stride=2)
        self.conv = DoubleConv(2 * skip_channels, out_channels)
        ### END SOLUTION

    def forward(self, x1, x2):
        ### BEGIN SOLUTION
        x1 = self.upsample(x1)
        if x1.shape[2:] != x2.shape[2:]:
            x1 = F.interpolate(x1, size=x2.shape[2:], mode="bilinear", align_corners=False)
        return self.conv(torch.cat([x2, x1], dim=1))
        ### END SOLUTION


# Room for what keeps a frozen encoder still; you may leave it empty.
### BEGIN SOLUTION
class PretrainedBlock(nn.Sequential):
    """Layers that stay in evaluation mode as long as all their parameters are frozen."""

    def train(self, mode=True):
        frozen = not any(parameter.requires_grad for parameter in self.parameters())
        return super().train(mode and not frozen)


### END SOLUTION


class UNetEfficient(nn.Module):
    """U-Net on a frozen EfficientNet-B0: images (N, 3, H, W) -> probabilities (N, out_channels, H, W)."""

    def __init__(self, in_channels=3, out_channels=1):
        super().__init__()
        ### BEGIN SOLUTION
        if in_channels != 3:
            raise ValueError(f"The pretrained encoder takes images of 3 channels, not {in_channels}.")
        features = efficientnet_b0(weights=EfficientNet_B0_Weights.DEFAULT).features
        self.inc = PretrainedBlock(*features[0:2])
        self.down1 = PretrainedBlock(features[2])
        self.down2 = PretrainedBlock(features[3])
        self.down3 = PretrainedBlock(features[4])
        self.down4 = PretrainedBlock(*features[5:8])
        for parameter in self.parameters():  # nothing but the encoder is there yet
            parameter.requires_grad = False
        self.center = DoubleConv(320, 512)
        self.up1 = SmartUp(512, 80, 80)
        self.up2 = SmartUp(80, 40, 40)
        self.up3 = SmartUp(40, 24, 24)
        self.up4 = SmartUp(24, 16, 16)
        self.outc = nn.Conv2d(16, out_channels, kernel_size=1)
        self.train()  # a new module is in training mode; this stills the frozen encoder
        ### END SOLUTION

    def forward(self, x):
        ### BEGIN SOLUTION
        size = x.shape[2:]
        level1 = self.inc(x)
        level2 = self.down1(level1)
        level3 = self.down2(level2)
        level4 = self.down3(level3)
        x = self.center(self.down4(level4))
        x = self.up1(x, level4)
        x = self.up2(x, level3)
        x = self.up3(x, level2)
        x = self.up4(x, level1)
        x = F.interpolate(self.outc(x), size=size, mode="bilinear", align_corners=False)
        return torch.sigmoid(x)
        ### END SOLUTION


# %%
checker.check_exercise(11, {"SmartUp": SmartUp, "UNetEfficient": UNetEfficient})

# %% [markdown]
# ### 5.6 Training on frozen features
#
# How much of the new model can be trained at all?

# %%
if checker.ready(11):
    every, trainable = count_parameters(UNetEfficient())
    print(f"{every:,} parameters, of which {trainable:,} are trained: {trainable / every:.0%}")

# %% [markdown]
# Compare that with the first U-Net. The optimiser gets only what may change, and five epochs will do.

# %%
if checker.ready(3, 4, 5, 10, 11):
    unet_efficient = UNetEfficient()
    decoder_parameters = [parameter for parameter in unet_efficient.parameters() if parameter.requires_grad]
    unet_efficient = utils.ml.train_model(
        model=unet_efficient,
        criterion=DiceLoss(),
        optimiser=torch.optim.AdamW(decoder_parameters, lr=1e-3),
        train_loader=train_dl,
        val_loader=valid_dl,
        num_epochs=5,
    )

# %% [markdown]
# ### 5.7 The comparison
#
# The same test images for both: first side by side, then in the challenge's metric.

# %%
if checker.ready(*range(3, 12)):
    compare = utils.plotting.compare_binary_segmentation_models
    display(compare(unet, unet_efficient, test_dl, n_images=4, mean=mean, std=std))

# %%
if checker.ready(*range(3, 12)):
    for name, model in {"U-Net from scratch": unet, "U-Net on EfficientNet-B0": unet_efficient}.items():
        print(f"{name:<26}{utils.ml.evaluate_segmentation(model, test_dl)}")
    print(f"(encoder weights: {weights_source.kind})")

# %% [markdown]
# Before you read too much into the two lines, be your own strictest reviewer:
#
# - **Epochs.** One model had two, the other five. For a fair race, train the baseline for five epochs as well: is the
#   difference still there? Compare time, too, not only epochs.
# - **Chance.** One training is one throw of the dice. With other seeds each number moves a little; a difference
#   smaller than that is none.
# - **Resolution.** We score masks of 64 × 64 pixels; the challenge scored full-size ones. The winner of 2016 had a
#   Jaccard of 0.843 and a Dice of 0.910 there, which gives an order of magnitude and no ranking for us.
# - **Weights and data.** With stand-in weights, the numbers are about transfer from drawn pictures and not from
#   ImageNet; with the drawn sample, they are not about real skin.
# - **Pictures.** Equal scores can hide different mistakes. Which model errs at the border, and which one misses whole
#   parts?

# %% [markdown]
# ### 5.8 Fine-tuning
#
# The decoder has learnt its trade and now sends sensible gradients. It is time to let the encoder learn as well:
# dermoscopy is not ImageNet, and its features may be improved. Two rules keep what is good:
#
# **From the end to the beginning.** Early layers hold edges and colours that fit everywhere; late ones hold what is
# specific to the source task and has most to gain. Whoever has patience unfreezes in stages, from the decoder
# downwards. With a learning rate small enough one can also unfreeze everything at once, as we do.
#
# **Small steps.** A learning rate says how far one step goes. A good one for random weights is far too large for
# weights that are nearly right already:
#
# | part | state | typical learning rate |
# |---|---|---|
# | new decoder, first training | random | 1e-3 |
# | the same decoder, fine-tuning | trained on your data | 1e-4 |
# | pretrained encoder, fine-tuning | trained on a million images | 1e-5 |
#
# Different rates for different parts are called **discriminative learning rates**. In PyTorch they are *parameter
# groups*: the optimiser gets a list of dictionaries instead of a list of parameters, and each dictionary has
# parameters and a learning rate of its own.
#
# If fine-tuning goes wrong, it shows at once: the training loss leaps up in the first epoch and never quite recovers.
# The network has forgotten (*catastrophic forgetting*). Then: back to the saved weights, and a smaller rate.
#
# (Once the encoder may learn again, its batch normalisation may follow your images, too. With very small batches it
# is wiser to keep it still even now.)

# %% [markdown]
# ### Quiz 4: the order of unfreezing

# %%
quizzer.run_quiz(4)

# %% [markdown]
# ### Exercise 12: Fine-tuning with two learning rates
#
# *(about 15 minutes)*
#
# Write `fine_tuning_optimiser(model, encoder_lr=1e-5, decoder_lr=1e-4)`:
#
# - `model` is a `UNetEfficient` whose encoder is frozen; when the function is called, its frozen parameters *are* the
#   encoder.
# - Afterwards **every** parameter of the model can be trained again.
# - It returns a torch optimiser with **exactly two parameter groups**: the encoder's parameters with the learning
#   rate `encoder_lr`, all others with `decoder_lr`. Each parameter of the model is in exactly one of them; their
#   order is open.
# - The class of the optimiser is open (AdamW is a good choice), and so are its other settings. The default of
#   `encoder_lr` is at least 10 times smaller than that of `decoder_lr`.
#
# <details><summary>Hints</summary>
#
# 1. You can tell the two groups apart by `requires_grad`, as long as you have not changed it: mind the order of your
#    steps.
# 2. `torch.optim.AdamW([{"params": ..., "lr": ...}, {...}])`
# 3. A generator is used up after one pass; make lists.
#
# </details>


# %%
# Exercise 12: Fine-tuning with two learning rates
def fine_tuning_optimiser(model, encoder_lr=1e-5, decoder_lr=1e-4):
    """Unfreeze the encoder; return an optimiser with one learning rate for it and another for the rest."""
    ### BEGIN SOLUTION
    encoder = [parameter for parameter in model.parameters() if not parameter.requires_grad]
    others = [parameter for parameter in model.parameters() if parameter.requires_grad]
    for parameter in encoder:
        parameter.requires_grad = True
    return torch.optim.AdamW([{"params": encoder, "lr": encoder_lr}, {"params": others, "lr": decoder_lr}])
    ### END SOLUTION


# %%
checker.check_exercise(12, {"fine_tuning_optimiser": fine_tuning_optimiser, "UNetEfficient": UNetEfficient})

# %% [markdown]
# We fine-tune a *copy*, so that the model on frozen features stays as it is and you can run this cell again.

# %%
import copy

if checker.ready(3, 4, 5, 10, 11, 12):
    fine_tuned = copy.deepcopy(unet_efficient)
    fine_tuned = utils.ml.train_model(
        model=fine_tuned,
        criterion=DiceLoss(),
        optimiser=fine_tuning_optimiser(fine_tuned),
        train_loader=train_dl,
        val_loader=valid_dl,
        num_epochs=3,
    )

# %%
if checker.ready(*range(3, 13)):
    models = {"U-Net from scratch": unet, "frozen EfficientNet-B0": unet_efficient, "fine-tuned": fine_tuned}
    for name, model in models.items():
        print(f"{name:<24}{utils.ml.evaluate_segmentation(model, test_dl)}")
    display(compare(unet_efficient, fine_tuned, test_dl, n_images=4, mean=mean, std=std))

# %% [markdown]
# Did it help, and was it worth the additional epochs? Fine-tuning often brings a little, now and then much, and with
# little data or too large a rate it can do harm. Whatever your lines say: that is a result. (If you start to try out
# rates now, judge them on the *validation* images. Whoever chooses by the test score has turned the test into
# training.)

# %% [markdown]
# ### Quiz 5: learning rates

# %%
quizzer.run_quiz(5)

# %% [markdown]
# ### 5.9 What transfer learning gives, and what it does not
#
# | advantage | where you met it |
# |---|---|
# | **needs less data** | the encoder came with its features; 900 images had to teach only the rest |
# | **learns faster** | fewer parameters to train, from a good starting point |
# | **runs on modest hardware** | no gradients for frozen layers |
# | **overfits less** | most of the weights cannot memorise your images |
# | **often is more accurate** | when source and target have enough in common; measure it |
#
# It is no free lunch. The encoder dictates the input (three channels, a certain scale) and its architecture; the
# biases of its source data come along, whether you know them or not; and where domains are far apart or data are
# plentiful, the gain can shrink to nothing (Raghu et al. 2019). Hence the baseline: without it, nobody knows.

# %% [markdown]
# ### Quiz 6: looking back
#
# Eight questions over the whole way, from the mask to the score. Paper and pencil are allowed.

# %%
quizzer.run_quiz(6)

# %%
print(quizzer.score())
checker.progress()

# %% [markdown]
# ## In this notebook you ...
#
# - learnt what transfer learning is, when it pays, and which kinds there are;
# - built a dataset that pairs images and masks by name, computed its statistics without the classic mistake, and
#   augmented images and masks together, but never those used for validation;
# - built a U-Net from double convolutions, downs, ups and skip connections, and the Dice loss to train it with;
# - put a decoder on a frozen, pretrained EfficientNet-B0, and know why it has to be frozen, batch normalisation
#   included;
# - fine-tuned everything with two learning rates;
# - compared three models on images that none of them had seen, in pictures and in the challenge's metric, and know
#   what such a comparison can and cannot tell.
#
# ## What is next
#
# - **Fairer:** give the baseline as many epochs as its rival; repeat both with three seeds and compare the spread
#   with the difference.
# - **Larger:** go from 64 to 128 or 256 pixels. Which of the two models gains more?
# - **Otherwise:** ImageNet's statistics for the pretrained model; BCE plus Dice as a loss; unfreezing in stages;
#   another encoder, such as ResNet-34. What has to change in the decoder?
# - **Further:** in session SE06 you use transfer learning for classification: chest X-rays, grey images for a network
#   that expects colours, and an honest experiment on when transfer helps at all.
#
# ## References
#
# - Buslaev, A., Iglovikov, V. I., Khvedchenya, E., Parinov, A., Druzhinin, M., Kalinin, A. A. (2020). Albumentations:
#   fast and flexible image augmentations. *Information* 11(2), 125.
#   [doi:10.3390/info11020125](https://doi.org/10.3390/info11020125)
# - Gutman, D., Codella, N. C. F., Celebi, E., Helba, B., Marchetti, M., Mishra, N., Halpern, A. (2016). Skin lesion
#   analysis toward melanoma detection: a challenge at ISBI 2016, hosted by ISIC.
#   [arXiv:1605.01397](https://arxiv.org/abs/1605.01397)
# - He, K., Zhang, X., Ren, S., Sun, J. (2015). Deep residual learning for image recognition.
#   [arXiv:1512.03385](https://arxiv.org/abs/1512.03385)
# - Huang, G., Liu, Z., van der Maaten, L., Weinberger, K. Q. (2016). Densely connected convolutional networks.
#   [arXiv:1608.06993](https://arxiv.org/abs/1608.06993)
# - Lin, T.-Y., Goyal, P., Girshick, R., He, K., Dollár, P. (2017). Focal loss for dense object detection.
#   [arXiv:1708.02002](https://arxiv.org/abs/1708.02002)
# - Milletari, F., Navab, N., Ahmadi, S.-A. (2016). V-Net: fully convolutional neural networks for volumetric medical
#   image segmentation. [arXiv:1606.04797](https://arxiv.org/abs/1606.04797)
# - Pan, S. J., Yang, Q. (2010). A survey on transfer learning. *IEEE Transactions on Knowledge and Data Engineering*
#   22(10), 1345–1359.
# - Raghu, M., Zhang, C., Kleinberg, J., Bengio, S. (2019). Transfusion: understanding transfer learning for medical
#   imaging. [arXiv:1902.07208](https://arxiv.org/abs/1902.07208)
# - Rahman, M. A., Wang, Y. (2016). Optimizing intersection-over-union in deep neural networks for image segmentation.
#   *International Symposium on Visual Computing*, 234–244.
# - Ronneberger, O., Fischer, P., Brox, T. (2015). U-Net: convolutional networks for biomedical image segmentation.
#   [arXiv:1505.04597](https://arxiv.org/abs/1505.04597)
# - Russakovsky, O., et al. (2015). ImageNet large scale visual recognition challenge.
#   [arXiv:1409.0575](https://arxiv.org/abs/1409.0575)
# - Sandler, M., Howard, A., Zhu, M., Zhmoginov, A., Chen, L.-C. (2018). MobileNetV2: inverted residuals and linear
#   bottlenecks. [arXiv:1801.04381](https://arxiv.org/abs/1801.04381)
# - Simonyan, K., Zisserman, A. (2014). Very deep convolutional networks for large-scale image recognition.
#   [arXiv:1409.1556](https://arxiv.org/abs/1409.1556)
# - Szegedy, C., Vanhoucke, V., Ioffe, S., Shlens, J., Wojna, Z. (2015). Rethinking the inception architecture for
#   computer vision. [arXiv:1512.00567](https://arxiv.org/abs/1512.00567)
# - Taghanaki, S. A., et al. (2019). Combo loss: handling input and output imbalance in multi-organ segmentation.
#   [arXiv:1805.02798](https://arxiv.org/abs/1805.02798)
# - Tan, M., Le, Q. V. (2019). EfficientNet: rethinking model scaling for convolutional neural networks.
#   [arXiv:1905.11946](https://arxiv.org/abs/1905.11946)
# - Yosinski, J., Clune, J., Bengio, Y., Lipson, H. (2014). How transferable are features in deep neural networks?
#   [arXiv:1411.1792](https://arxiv.org/abs/1411.1792)
