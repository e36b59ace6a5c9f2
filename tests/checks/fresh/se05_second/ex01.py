"""Exercise 1: answers from the exercise text, by a second reader."""

from tests.checks.fresh import edit

HEAD = """
from torch.utils.data import DataLoader, Dataset

resize_transform = transforms.Compose([transforms.Resize((64, 64)), transforms.ToTensor()])
"""
TAIL = """

ds = ISICDataset(dataset_path, mask_path, resize_transform, resize_transform)
"""

BASE = (
    HEAD
    + """

class ISICDataset(Dataset):
    def __init__(self, image_dir, mask_dir, img_transform=None, mask_transform=None):
        self.images = sorted(Path(image_dir).glob("*.jpg"))
        self.masks = Path(mask_dir)
        self.img_transform = img_transform
        self.mask_transform = mask_transform

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        path = self.images[index]
        image = Image.open(path).convert("RGB")
        mask = Image.open(self.masks / f"{path.stem}_Segmentation.png").convert("L")
        if self.img_transform:
            image = self.img_transform(image)
        if self.mask_transform:
            mask = self.mask_transform(mask)
        return image, mask
"""
    + TAIL
)

LOOKUP = (
    HEAD
    + """

class ISICDataset(Dataset):
    ENDING = "_Segmentation"

    def __init__(self, image_dir, mask_dir, img_transform=None, mask_transform=None):
        masks = {p.stem.removesuffix(self.ENDING): p for p in Path(mask_dir).iterdir()
                 if p.stem.endswith(self.ENDING) and p.suffix == ".png"}
        images = {p.stem: p for p in Path(image_dir).iterdir() if p.suffix == ".jpg"}
        self.pairs = [(images[name], masks[name]) for name in sorted(images, key=lambda name: name + ".jpg")]
        self.transforms = (img_transform, mask_transform)

    def __len__(self):
        return len(self.pairs)

    def __getitem__(self, index):
        opened = (Image.open(p).convert(mode) for p, mode in zip(self.pairs[index], ("RGB", "L")))
        return tuple(picture if t is None else t(picture) for picture, t in zip(opened, self.transforms))
"""
    + TAIL
)

SCANDIR = (
    HEAD
    + """
import fnmatch
import os


class ISICDataset(Dataset):
    def __init__(self, image_dir, mask_dir, img_transform=None, mask_transform=None):
        self.image_dir, self.mask_dir = image_dir, mask_dir
        with os.scandir(image_dir) as entries:
            self.names = sorted(fnmatch.filter((entry.name for entry in entries if entry.is_file()), "*.jpg"))
        self._img, self._mask = img_transform or self._same, mask_transform or self._same

    @staticmethod
    def _same(picture):
        return picture

    def __len__(self):
        return self.names.__len__()

    def __getitem__(self, index):
        name = self.names[index]
        stem, _ = os.path.splitext(name)
        with Image.open(os.path.join(self.image_dir, name)) as image:
            with Image.open(os.path.join(self.mask_dir, stem + "_Segmentation.png")) as mask:
                return self._img(image.convert("RGB")), self._mask(mask.convert("L"))
"""
    + TAIL
)

DATACLASS = (
    HEAD
    + """
from dataclasses import dataclass, field
from typing import Any, Callable


@dataclass(eq=False, repr=False)
class ISICDataset(Dataset):
    image_dir: Any
    mask_dir: Any
    img_transform: Callable | None = None
    mask_transform: Callable | None = None
    names: list = field(init=False)

    def __post_init__(self):
        self.names = sorted(p.name for p in Path(self.image_dir).glob("*.jpg"))

    def __len__(self):
        return len(self.names)

    def __getitem__(self, index):
        image_file = Path(self.image_dir, self.names[index])
        mask_file = Path(self.mask_dir, image_file.stem).with_name(image_file.stem + "_Segmentation.png")
        image, mask = Image.open(image_file).convert("RGB"), Image.open(mask_file).convert("L")
        match self.img_transform:
            case None:
                pass
            case apply:
                image = apply(image)
        match self.mask_transform:
            case None:
                pass
            case apply:
                mask = apply(mask)
        return image, mask
"""
    + TAIL
)

VISION = (
    HEAD
    + """
from glob import glob
from os.path import basename, join
from torchvision.datasets import VisionDataset


class ISICDataset(VisionDataset):
    def __init__(self, image_dir, mask_dir, img_transform=None, mask_transform=None):
        super().__init__(str(image_dir), transform=img_transform, target_transform=mask_transform)
        self.mask_root = str(mask_dir)
        self.files = np.sort(np.array([basename(f) for f in glob(join(str(image_dir), "*.jpg"))]))

    def __len__(self):
        return int(self.files.size)

    def __getitem__(self, index):
        name = str(self.files[index])
        image = Image.open(join(self.root, name)).convert("RGB")
        mask = Image.open(join(self.mask_root, name[: -len(".jpg")] + "_Segmentation.png")).convert("L")
        return self.transforms(image, mask) if self.transforms else (image, mask)
"""
    + TAIL
)

LAZY = (
    HEAD
    + """
from functools import cached_property
from typing import NamedTuple


class Sample(NamedTuple):
    image: object
    mask: object


class ISICDataset(Dataset):
    \"\"\"Looks into the folder when it is first asked.\"\"\"

    def __init__(self, image_dir, mask_dir, img_transform=None, mask_transform=None):
        vars(self).update(folder=Path(image_dir), masks=Path(mask_dir), ts=[img_transform, mask_transform])

    @cached_property
    def stems(self):
        return [p.stem for p in sorted(self.folder.iterdir(), key=lambda p: p.name) if p.match("*.jpg")]

    def __len__(self):
        return len(self.stems)

    def __getitem__(self, index):
        stem = self.stems[index]
        sample = Sample(Image.open(self.folder / f"{stem}.jpg").convert("RGB"),
                        Image.open(self.masks / f"{stem}_Segmentation.png").convert("L"))
        return Sample(*(t(part) if t is not None else part for t, part in zip(self.ts, sample)))
"""
    + TAIL
)

CACHED = (
    HEAD
    + """
from functools import lru_cache


@lru_cache(maxsize=64)
def load(path, mode):
    return Image.open(path).convert(mode)


class ISICDataset(Dataset):
    def __init__(self, image_dir, mask_dir, img_transform=None, mask_transform=None):
        super().__init__()
        image_dir, mask_dir = map(Path, (image_dir, mask_dir))
        self._image_files = list(image_dir.glob("*.jpg"))
        self._image_files.sort()
        self._mask_files = [mask_dir.joinpath(p.stem + "_Segmentation").with_suffix(".png") for p in self._image_files]
        self._transforms = {"RGB": img_transform, "L": mask_transform}

    def __len__(self):
        return len(self._image_files)

    def _get(self, files, index, mode):
        picture = load(files[index], mode).copy()
        return t(picture) if (t := self._transforms[mode]) else picture

    def __getitem__(self, index):
        return self._get(self._image_files, index, "RGB"), self._get(self._mask_files, index, "L")
"""
    + TAIL
)

PASTED = edit(
    BASE,
    ('Image.open(path).convert("RGB")', 'Image.fromarray(np.asarray(Image.open(path).convert("RGB")))'),
    (
        'Image.open(self.masks / f"{path.stem}_Segmentation.png").convert("L")',
        'ImageOps.grayscale(Image.open(self.masks / (path.stem + "_Segmentation.png")))',
    ),
    ("class ISICDataset", "from PIL import ImageOps\n\n\nclass ISICDataset"),
)

OPEN_MASK = 'mask = Image.open(self.masks / f"{path.stem}_Segmentation.png").convert("L")'
OPEN_IMAGE = 'image = Image.open(path).convert("RGB")'
GLOB = 'sorted(Path(image_dir).glob("*.jpg"))'
DS = "ISICDataset(dataset_path, mask_path, resize_transform, resize_transform)"
APPLY = """        if self.img_transform:
            image = self.img_transform(image)
        if self.mask_transform:
            mask = self.mask_transform(mask)
"""

ANSWERS = [
    ("masks-in-a-dictionary-by-stem", LOOKUP, True),
    ("scandir-and-fnmatch", SCANDIR, True),
    ("dataclass-and-match", DATACLASS, True),
    ("torchvision-visiondataset", VISION, True),
    ("folder-read-lazily-named-tuple", LAZY, True),
    ("files-opened-through-a-cache", CACHED, True),
    ("grayscale-by-imageops", PASTED, True),
    (
        "default-transform-torch-identity",
        edit(
            BASE,
            ("self.img_transform = img_transform", "self.img_transform = img_transform or torch.nn.Identity()"),
            ("self.mask_transform = mask_transform", "self.mask_transform = mask_transform or torch.nn.Identity()"),
            (
                APPLY + "        return image, mask",
                "        return self.img_transform(image), self.mask_transform(mask)",
            ),
        ),
        True,
    ),
    (
        "files-gathered-by-walk-first-level",
        edit(
            BASE,
            (
                GLOB,
                '[Path(image_dir) / f for f in sorted(next(os.walk(image_dir))[2]) if f.endswith(".jpg")]',
            ),
            ("class ISICDataset", "import os\n\n\nclass ISICDataset"),
        ),
        True,
    ),
    (
        "extra-options-with-defaults",
        edit(
            BASE,
            ("mask_transform=None):", 'mask_transform=None, *, ending="_Segmentation.png", image_ending=".jpg"):'),
            ('"*.jpg"', 'f"*{image_ending}"'),
            ("Path(mask_dir)", "Path(mask_dir)\n        self.ending = ending"),
            ('f"{path.stem}_Segmentation.png"', "(path.stem + self.ending)"),
        ),
        True,
    ),
    (
        "ds-by-keywords-from-text-paths",
        edit(
            BASE,
            (
                DS,
                "ISICDataset(mask_dir=str(mask_path), image_dir=str(dataset_path), mask_transform=resize_transform, "
                "img_transform=resize_transform)",
            ),
        ),
        True,
    ),
    (
        "ds-through-partial",
        edit(
            BASE,
            (
                "ds = " + DS,
                "from functools import partial\n\n"
                "both = dict.fromkeys(('img_transform', 'mask_transform'), resize_transform)\n"
                "ds = partial(ISICDataset, **both)(dataset_path, mask_path)",
            ),
        ),
        True,
    ),
    (
        "subclass-of-a-helper-class",
        edit(
            BASE,
            (
                "class ISICDataset(Dataset):",
                "class Files:\n"
                "    def __len__(self):\n"
                "        return len(self.images)\n\n\n"
                "class ISICDataset(Files, Dataset):",
            ),
            (
                "    def __len__(self):\n        return len(self.images)\n\n    def __getitem__",
                "    def __getitem__",
            ),
        ),
        True,
    ),
    # wrong: which files
    (
        "masks-by-position-in-a-sorted-list",
        edit(
            BASE,
            ("self.masks = Path(mask_dir)", 'self.masks = sorted(Path(mask_dir).glob("*_Segmentation.png"))'),
            (OPEN_MASK, 'mask = Image.open(self.masks[index]).convert("L")'),
        ),
        False,
    ),
    (
        "mask-by-number-of-the-sample",
        edit(BASE, ('f"{path.stem}_Segmentation.png"', 'f"ISIC_{index:07d}_Segmentation.png"')),
        False,
    ),
    (
        "everything-that-is-not-hidden",
        edit(BASE, (GLOB, 'sorted(p for p in Path(image_dir).iterdir() if not p.name.startswith("."))')),
        False,
    ),
    (
        "every-file-that-pillow-knows",
        edit(BASE, (GLOB, 'sorted(p for p in Path(image_dir).iterdir() if p.suffix in {".jpg", ".png", ".bmp"})')),
        False,
    ),
    (
        "samples-are-the-masks",
        edit(
            BASE,
            (GLOB, 'sorted(Path(mask_dir).glob("*_Segmentation.png"))'),
            (
                OPEN_IMAGE,
                'image = Image.open(self.folder / (path.stem.removesuffix("_Segmentation") + ".jpg")).convert("RGB")',
            ),
            ("self.masks = Path(mask_dir)", "self.masks, self.folder = Path(mask_dir), Path(image_dir)"),
            ('self.masks / f"{path.stem}_Segmentation.png"', "path"),
        ),
        False,
    ),
    (
        "sorted-by-size-of-the-file",
        edit(BASE, (GLOB, 'sorted(Path(image_dir).glob("*.jpg"), key=lambda p: p.stat().st_size)')),
        False,
    ),
    (
        "sorted-by-the-last-digit",
        edit(BASE, (GLOB, 'sorted(Path(image_dir).glob("*.jpg"), key=lambda p: p.stem[-1])')),
        False,
    ),
    ("sorted-backwards", edit(BASE, (GLOB, 'sorted(Path(image_dir).glob("*.jpg"), reverse=True)')), False),
    (
        "folders-of-the-notebook-instead-of-the-arguments",
        edit(BASE, ("Path(image_dir)", "Path(dataset_path)"), ("Path(mask_dir)", "Path(mask_path)")),
        False,
    ),
    (
        "only-the-mask-folder-from-the-notebook",
        edit(BASE, ("Path(mask_dir)", "Path(mask_path)")),
        False,
    ),
    ("length-of-the-official-collection", edit(BASE, ("return len(self.images)", "return 900")), False),
    (
        "length-counts-the-masks",
        edit(BASE, ("return len(self.images)", 'return len(list(self.masks.glob("*.png")))')),
        False,
    ),
    # wrong: how they are opened
    ("image-keeps-the-mode-of-its-file", edit(BASE, (OPEN_IMAGE, "image = Image.open(path)")), False),
    (
        "mask-keeps-the-mode-of-its-file",
        edit(BASE, ('_Segmentation.png").convert("L")', '_Segmentation.png")')),
        False,
    ),
    ("mask-opened-as-one-bit", edit(BASE, ('.convert("L")', '.convert("1")')), False),
    (
        "mask-is-the-alpha-channel",
        edit(BASE, ('.convert("L")', '.convert("RGBA").getchannel("A")')),
        False,
    ),
    ("image-opened-with-alpha", edit(BASE, ('.convert("RGB")', '.convert("RGBA")')), False),
    (
        "channels-left-in-opencv-order",
        edit(
            BASE,
            (OPEN_IMAGE, "image = Image.fromarray(cv2.imread(str(path)))"),
            ("class ISICDataset", "import cv2\n\n\nclass ISICDataset"),
        ),
        False,
    ),
    (
        "mask-made-binary-on-the-way",
        edit(BASE, ('.convert("L")', '.convert("L").point(lambda v: 255 * (v > 127))')),
        False,
    ),
    (
        "mask-shrunk-before-its-transform",
        edit(BASE, (OPEN_MASK, OPEN_MASK + "\n        mask = mask.resize((64, 64))")),
        False,
    ),
    # wrong: transforms
    (
        "transforms-only-if-both-are-given",
        edit(
            BASE,
            (
                APPLY,
                "        if self.img_transform and self.mask_transform:\n"
                "            image, mask = self.img_transform(image), self.mask_transform(mask)\n",
            ),
        ),
        False,
    ),
    (
        "mask-transform-only-inside-the-if-of-the-image",
        edit(
            BASE,
            (
                APPLY,
                "        if self.img_transform:\n"
                "            image = self.img_transform(image)\n"
                "            if self.mask_transform:\n"
                "                mask = self.mask_transform(mask)\n",
            ),
        ),
        False,
    ),
    (
        "mask-transform-falls-back-to-that-of-the-image",
        edit(BASE, ("self.mask_transform = mask_transform", "self.mask_transform = mask_transform or img_transform")),
        False,
    ),
    (
        "image-transform-for-both",
        edit(BASE, ("mask = self.mask_transform(mask)", "mask = self.img_transform(mask)")),
        False,
    ),
    (
        "transforms-crossed",
        edit(
            BASE,
            ("self.img_transform = img_transform", "self.img_transform = mask_transform"),
            ("self.mask_transform = mask_transform", "self.mask_transform = img_transform"),
        ),
        False,
    ),
    (
        "elif-so-only-one-is-transformed",
        edit(BASE, ("        if self.mask_transform:", "        elif self.mask_transform:")),
        False,
    ),
    (
        "resize-transform-as-default",
        edit(BASE, ("img_transform=None, mask_transform=None", "img_transform=resize_transform, mask_transform=None")),
        False,
    ),
    (
        "tensors-even-without-transforms",
        edit(
            BASE,
            (
                "        return image, mask",
                "        as_tensor = transforms.ToTensor()\n"
                "        image, mask = (x if torch.is_tensor(x) else as_tensor(x) for x in (image, mask))\n"
                "        return image, mask",
            ),
        ),
        False,
    ),
    (
        "image-transformed-before-it-is-rgb",
        edit(
            BASE,
            (OPEN_IMAGE, "image = Image.open(path)"),
            (APPLY, APPLY + '        if isinstance(image, Image.Image):\n            image = image.convert("RGB")\n'),
        ),
        False,
    ),
    # wrong: the class
    (
        "list-of-files-belongs-to-the-class",
        edit(BASE, ("self.images = ", "ISICDataset.images = ")),
        False,
    ),
    (
        "cache-shared-by-all-datasets",
        edit(
            BASE,
            (
                "def __getitem__(self, index):\n",
                "def __getitem__(self, index, _seen={}):\n"
                "        if index in _seen:\n            return _seen[index]\n",
            ),
            ("        return image, mask\n", "        _seen[index] = image, mask\n        return image, mask\n"),
        ),
        False,
    ),
    ("mask-comes-first", edit(BASE, ("return image, mask", "return mask, image")), False),
    (
        "returns-a-dictionary",
        edit(BASE, ("return image, mask", 'return {"image": image, "mask": mask}')),
        False,
    ),
    ("returns-the-name-too", edit(BASE, ("return image, mask", "return image, mask, path.name")), False),
    ("no-torch-dataset", edit(BASE, ("class ISICDataset(Dataset)", "class ISICDataset")), False),
    # wrong: ds
    (
        "ds-without-transform-of-the-mask",
        edit(BASE, (DS, "ISICDataset(dataset_path, mask_path, resize_transform)")),
        False,
    ),
    (
        "ds-keeps-the-proportions",
        edit(BASE, ("transforms.Resize((64, 64))", "transforms.Resize(64), transforms.CenterCrop(64)")),
        False,
    ),
    (
        "ds-is-its-first-half",
        edit(BASE, (DS, f"torch.utils.data.Subset({DS}, range(20))")),
        False,
    ),
    ("ds-is-a-list-of-samples-without-masks", edit(BASE, (DS, f"[image for image, _ in {DS}]")), False),
    ("ds-is-the-class", edit(BASE, (DS, "ISICDataset")), False),
]
