"""Exercise 1: answers from the exercise text, by a third reader."""

from tests.checks.fresh import edit

HEAD = """
from torch.utils.data import DataLoader, Dataset
resize_transform = transforms.Compose([transforms.Resize((64, 64)), transforms.ToTensor()])
"""
TAIL = """
ds = ISICDataset(dataset_path, mask_path, resize_transform, resize_transform)
"""

VERBOSE = (
    HEAD
    + '''
import logging
import os
from typing import Callable, List, Optional, Tuple, Union

logger = logging.getLogger("isic")
logger.addHandler(logging.NullHandler())
PathLike = Union[str, os.PathLike]


class ISICDataset(Dataset):
    """Dermoscopic images with the masks of their lesions, paired by name.

    Args:
        image_dir: folder with the images.
        mask_dir: folder with the masks.
        img_transform: optional callable for the image.
        mask_transform: optional callable for the mask.
    """

    IMAGE_SUFFIX: str = ".jpg"
    MASK_ENDING: str = "_Segmentation.png"

    def __init__(
        self,
        image_dir: PathLike,
        mask_dir: PathLike,
        img_transform: Optional[Callable] = None,
        mask_transform: Optional[Callable] = None,
    ) -> None:
        super().__init__()
        self.image_dir = Path(image_dir)
        self.mask_dir = Path(mask_dir)
        if not self.image_dir.is_dir():
            raise FileNotFoundError(f"no folder {self.image_dir}")
        if not self.mask_dir.is_dir():
            raise FileNotFoundError(f"no folder {self.mask_dir}")
        self.img_transform = img_transform
        self.mask_transform = mask_transform
        self._image_files: List[Path] = self._collect_images(self.image_dir)
        logger.debug("found %d images", len(self._image_files))

    @classmethod
    def _collect_images(cls, folder: Path) -> List[Path]:
        """Return the sorted image files of a folder."""
        return sorted(
            (entry for entry in folder.iterdir() if entry.is_file() and entry.suffix == cls.IMAGE_SUFFIX),
            key=lambda entry: entry.name,
        )

    def _mask_path_for(self, image_file: Path) -> Path:
        """Return where the mask of an image is."""
        return self.mask_dir / (image_file.stem + self.MASK_ENDING)

    @staticmethod
    def _load(path: Path, mode: str) -> Image.Image:
        """Open a file in a mode and close it again."""
        with Image.open(path) as handle:
            return handle.convert(mode)

    @staticmethod
    def _apply(transform: Optional[Callable], picture):
        """Apply a transform if there is one."""
        return picture if transform is None else transform(picture)

    def __len__(self) -> int:
        return len(self._image_files)

    def __getitem__(self, index: int) -> Tuple:
        image_file = self._image_files[index]
        image = self._load(image_file, "RGB")
        mask = self._load(self._mask_path_for(image_file), "L")
        return self._apply(self.img_transform, image), self._apply(self.mask_transform, mask)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(n={len(self)})"
'''
    + TAIL
)

TERSE = (
    HEAD
    + """
class ISICDataset(Dataset):
    def __init__(s, image_dir, mask_dir, img_transform=None, mask_transform=None):
        s.d, s.m, s.t, s.u = image_dir, mask_dir, img_transform, mask_transform
        s.n = sorted(f for f in os.listdir(image_dir) if f.endswith(".jpg"))

    def __len__(s):
        return len(s.n)

    def __getitem__(s, i):
        x = Image.open(os.path.join(s.d, s.n[i])).convert("RGB")
        y = Image.open(os.path.join(s.m, s.n[i][:-4] + "_Segmentation.png")).convert("L")
        return s.t(x) if s.t else x, s.u(y) if s.u else y
"""
    + TAIL
).replace("\nclass", "\nimport os\nclass", 1)

DATACLASS = (
    HEAD
    + """
from dataclasses import dataclass, field
from typing import Any

@dataclass(eq=False)
class ISICDataset(Dataset):
    image_dir: Any
    mask_dir: Any
    img_transform: Any = None
    mask_transform: Any = None
    stems: list = field(init=False, repr=False)

    def __post_init__(self):
        self.image_dir, self.mask_dir = Path(self.image_dir), Path(self.mask_dir)
        self.stems = sorted({p.stem for p in self.image_dir.glob("*.jpg")})

    def __len__(self):
        return len(self.stems)

    def __getitem__(self, index):
        stem = self.stems[index]
        pair = []
        for path, mode, change in (
            (self.image_dir / f"{stem}.jpg", "RGB", self.img_transform),
            (self.mask_dir / f"{stem}_Segmentation.png", "L", self.mask_transform),
        ):
            picture = Image.open(path).convert(mode)
            pair.append(change(picture) if change is not None else picture)
        return tuple(pair)
"""
    + TAIL
)

NAMED = (
    HEAD
    + """
from typing import NamedTuple

class Sample(NamedTuple):
    picture: Path
    outline: Path

    def read(self):
        return Image.open(self.picture).convert("RGB"), Image.open(self.outline).convert("L")


def scan(image_dir, mask_dir):
    for picture in sorted(Path(image_dir).glob("*.jpg")):
        yield Sample(picture, Path(mask_dir, picture.stem + "_Segmentation.png"))


class ISICDataset(Dataset):
    def __init__(self, image_dir, mask_dir, img_transform=None, mask_transform=None):
        self.samples = tuple(scan(image_dir, mask_dir))
        self.changes = (img_transform, mask_transform)

    def __len__(self):
        return len(self.samples)

    def __getitem__(self, index):
        return tuple(
            picture if change is None else change(picture)
            for picture, change in zip(self.samples[index].read(), self.changes)
        )
"""
    + TAIL
)

PLAIN = (
    HEAD
    + """
import os
import glob

class ISICDataset(Dataset):
    def __init__(self, image_dir, mask_dir, img_transform=None, mask_transform=None):
        self.image_dir = str(image_dir)
        self.mask_dir = str(mask_dir)
        self.img_transform = img_transform
        self.mask_transform = mask_transform
        self.images = sorted(glob.glob(os.path.join(glob.escape(self.image_dir), "*.jpg")))

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        path = self.images[index]
        stem = os.path.splitext(os.path.basename(path))[0]
        image = Image.open(path).convert("RGB")
        mask = Image.open(os.path.join(self.mask_dir, stem + "_Segmentation.png")).convert("L")
        if self.img_transform is not None:
            image = self.img_transform(image)
        if self.mask_transform is not None:
            mask = self.mask_transform(mask)
        return image, mask
"""
    + TAIL
)

ANSWERS = [
    ("verbose-typed-logged", VERBOSE, True),
    ("terse-listdir", TERSE, True),
    ("dataclass-with-stems", DATACLASS, True),
    ("named-tuple-generator", NAMED, True),
    ("glob-module", PLAIN, True),
    (
        "scandir-dictionary-of-masks",
        edit(
            PLAIN,
            (
                'sorted(glob.glob(os.path.join(glob.escape(self.image_dir), "*.jpg")))',
                'sorted(e.path for e in os.scandir(self.image_dir) if e.name.endswith(".jpg"))\n'
                "        self.by_name = {e.name: e.path for e in os.scandir(self.mask_dir)}",
            ),
            ('os.path.join(self.mask_dir, stem + "_Segmentation.png")', 'self.by_name[stem + "_Segmentation.png"]'),
        ),
        True,
    ),
    (
        "numpy-array-of-names-and-extra-option",
        HEAD
        + """
class ISICDataset(Dataset):
    def __init__(self, image_dir, mask_dir, img_transform=None, mask_transform=None, *, suffix=".jpg"):
        self.root, self.mask_root = Path(image_dir), Path(mask_dir)
        self.names = np.sort(np.array([p.name for p in self.root.glob("*" + suffix)], dtype=str))
        identity = lambda picture: picture
        self.f = img_transform if img_transform is not None else identity
        self.g = mask_transform if mask_transform is not None else identity

    def __len__(self):
        return int(self.names.size)

    def __getitem__(self, index):
        name = str(self.names[index])
        image = Image.open(self.root / name).convert("RGB")
        mask = Image.open((self.mask_root / name).with_name(Path(name).stem + "_Segmentation.png")).convert("L")
        return self.f(image), self.g(mask)
"""
        + TAIL,
        True,
    ),
    (
        "lazy-cached-property-and-bytes-buffer",
        HEAD
        + """
import io
from functools import cached_property, partial

def _decode(path, *, mode):
    return Image.open(io.BytesIO(Path(path).read_bytes())).convert(mode)

_read_rgb, _read_grey = partial(_decode, mode="RGB"), partial(_decode, mode="L")

class ISICDataset(Dataset):
    def __init__(self, image_dir, mask_dir, img_transform=None, mask_transform=None):
        self._where = Path(image_dir), Path(mask_dir)
        self._how = img_transform, mask_transform

    @cached_property
    def _stems(self):
        return sorted(p.stem for p in self._where[0].iterdir() if p.match("*.jpg"))

    def __len__(self):
        return len(self._stems)

    def __getitem__(self, index):
        stem = self._stems[index]
        image = _read_rgb(self._where[0] / (stem + ".jpg"))
        mask = _read_grey(self._where[1] / (stem + "_Segmentation.png"))
        match self._how:
            case (None, None):
                return image, mask
            case (f, None):
                return f(image), mask
            case (None, g):
                return image, g(mask)
            case (f, g):
                return f(image), g(mask)
"""
        + TAIL,
        True,
    ),
    (
        "numpy-round-trip-keyword-made-ds",
        edit(
            PLAIN,
            ('Image.open(path).convert("RGB")', 'Image.fromarray(np.array(Image.open(path).convert("RGB")))'),
            (
                "ds = ISICDataset(dataset_path, mask_path, resize_transform, resize_transform)",
                "ds = ISICDataset(\n    mask_transform=resize_transform,\n    img_transform=resize_transform,\n"
                "    mask_dir=str(mask_path),\n    image_dir=str(dataset_path),\n)",
            ),
        ),
        True,
    ),
    (
        "base-class-with-hooks",
        HEAD
        + '''
class _PairDataset(Dataset):
    """Anything that has two files for a sample."""

    def __init__(self):
        self._pairs = []

    def __len__(self):
        return len(self._pairs)

    def _change(self, image, mask):
        return image, mask

    def __getitem__(self, index):
        first, second = self._pairs[index]
        return self._change(Image.open(first).convert("RGB"), Image.open(second).convert("L"))


class ISICDataset(_PairDataset):
    """Dermoscopic images with masks."""

    def __init__(self, image_dir, mask_dir, img_transform=None, mask_transform=None):
        super().__init__()
        self.img_transform, self.mask_transform = img_transform, mask_transform
        image_dir, mask_dir = Path(image_dir), Path(mask_dir)
        for file in sorted(image_dir.glob("*.jpg"), key=lambda f: f.name):
            self._pairs.append((file, mask_dir.joinpath(f"{file.stem}_Segmentation.png")))

    def _change(self, image, mask):
        if (change := self.img_transform) is not None:
            image = change(image)
        if (change := self.mask_transform) is not None:
            mask = change(mask)
        return image, mask
'''
        + TAIL,
        True,
    ),
    (
        "list-in-a-class-attribute",
        edit(
            PLAIN,
            ("class ISICDataset(Dataset):\n", "class ISICDataset(Dataset):\n    images = []\n\n"),
            ("self.images = sorted(", "self.images += sorted("),
        ),
        False,
    ),
    (
        "cache-of-pictures-as-default-argument",
        edit(
            PLAIN,
            ("def __getitem__(self, index):\n", "def __getitem__(self, index, _seen={}):\n"),
            (
                '        image = Image.open(path).convert("RGB")\n',
                "        if index not in _seen:\n"
                '            _seen[index] = Image.open(path).convert("RGB")\n        image = _seen[index].copy()\n',
            ),
        ),
        False,
    ),
    (
        "transforms-kept-on-the-class",
        edit(
            PLAIN,
            (
                "        self.img_transform = img_transform\n",
                "        type(self).img_transform = staticmethod(img_transform) if img_transform else None\n",
            ),
        ),
        False,
    ),
    ("jpg-anywhere-in-the-name", edit(TERSE, ('f.endswith(".jpg")', '".jpg" in f')), False),
    (
        "mask-found-by-prefix",
        edit(
            NAMED,
            (
                'Path(mask_dir, picture.stem + "_Segmentation.png")',
                "next(m for m in sorted(Path(mask_dir).iterdir()) if m.name.startswith(picture.stem))",
            ),
        ),
        False,
    ),
    (
        "transform-of-the-mask-as-fallback-for-the-image",
        edit(DATACLASS, ('"RGB", self.img_transform)', '"RGB", self.img_transform or self.mask_transform)')),
        False,
    ),
    (
        "cursor-instead-of-index",
        edit(
            PLAIN,
            (
                "        self.mask_dir = str(mask_dir)\n",
                "        self.mask_dir = str(mask_dir)\n        self.position = -1\n",
            ),
            (
                "        path = self.images[index]\n",
                "        self.position = (self.position + 1) % len(self)\n        path = self.images[self.position]\n",
            ),
        ),
        False,
    ),
    (
        "draft-mode-shrinks-the-image",
        edit(
            VERBOSE,
            (
                "        with Image.open(path) as handle:\n",
                "        with Image.open(path) as handle:\n            handle.draft(mode, (16, 16))\n",
            ),
        ),
        False,
    ),
    (
        "mask-made-binary-while-opening",
        edit(
            PLAIN,
            (
                '"_Segmentation.png")).convert("L")',
                '"_Segmentation.png")).convert("L").point(lambda v: 255 if v > 127 else 0)',
            ),
        ),
        False,
    ),
    ("mask-through-mode-one", edit(NAMED, ('.convert("L")', '.convert("1").convert("L")')), False),
    (
        "sorted-by-the-last-digits",
        edit(VERBOSE, ("key=lambda entry: entry.name,", "key=lambda entry: entry.stem[-2:],")),
        False,
    ),
    (
        "length-of-the-shorter-folder",
        edit(PLAIN, ("return len(self.images)", "return len(os.listdir(self.mask_dir))")),
        False,
    ),
    (
        "pairs-sorted-lists-after-dropping-other-files",
        edit(
            NAMED,
            (
                '    for picture in sorted(Path(image_dir).glob("*.jpg")):\n'
                '        yield Sample(picture, Path(mask_dir, picture.stem + "_Segmentation.png"))',
                '    pictures = sorted(Path(image_dir).glob("*.jpg"))\n'
                '    outlines = sorted(Path(mask_dir).glob("*_Segmentation.png"))\n'
                "    yield from map(Sample, pictures, outlines)",
            ),
        ),
        False,
    ),
    (
        "grey-picture-in-three-channels",
        edit(PLAIN, ('Image.open(path).convert("RGB")', 'Image.open(path).convert("L").convert("RGB")')),
        False,
    ),
    (
        "own-transform-for-ds-crops",
        edit(
            PLAIN,
            (
                "ds = ISICDataset(dataset_path, mask_path, resize_transform, resize_transform)",
                "square = transforms.Compose([transforms.Resize(64), transforms.CenterCrop(64), transforms.ToTensor()])\n"
                "ds = ISICDataset(dataset_path, mask_path, square, square)",
            ),
        ),
        False,
    ),
    (
        "default-transform-when-none-is-given",
        edit(
            PLAIN,
            (
                "        if self.mask_transform is not None:\n            mask = self.mask_transform(mask)\n",
                "        mask = (self.mask_transform or transforms.ToTensor())(mask)\n",
            ),
        ),
        False,
    ),
    (
        "mask-missing-becomes-black-by-wrong-ending",
        edit(
            PLAIN,
            (
                '        mask = Image.open(os.path.join(self.mask_dir, stem + "_Segmentation.png")).convert("L")\n',
                '        try:\n            mask = Image.open(os.path.join(self.mask_dir, stem + "_segmentation.png")).convert("L")\n'
                '        except FileNotFoundError:\n            mask = Image.new("L", image.size)\n',
            ),
        ),
        False,
    ),
]
