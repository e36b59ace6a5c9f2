"""Exercise 1: 30 answers from the exercise text."""

from tests.checks.fresh import edit

DS = """
resize_transform = transforms.Compose([transforms.Resize((64, 64)), transforms.ToTensor()])
ds = ISICDataset(dataset_path, mask_path, resize_transform, resize_transform)
"""
BASE = (
    """
import os, glob
from torch.utils.data import Dataset, DataLoader

class ISICDataset(Dataset):
    def __init__(self, image_dir, mask_dir, img_transform=None, mask_transform=None):
        self.image_dir = Path(image_dir)
        self.mask_dir = Path(mask_dir)
        self.img_transform = img_transform
        self.mask_transform = mask_transform
        self.images = sorted(self.image_dir.glob("*.jpg"))

    def __len__(self):
        return len(self.images)

    def __getitem__(self, idx):
        path = self.images[idx]
        image = Image.open(path).convert("RGB")
        mask = Image.open(self.mask_dir / f"{path.stem}_Segmentation.png").convert("L")
        if self.img_transform:
            image = self.img_transform(image)
        if self.mask_transform:
            mask = self.mask_transform(mask)
        return image, mask
"""
    + DS
)
OS = (
    """
import os
from torch.utils.data import Dataset, DataLoader

class ISICDataset(Dataset):
    def __init__(self, image_dir, mask_dir, img_transform=None, mask_transform=None):
        self.image_dir = image_dir
        self.mask_dir = mask_dir
        self.img_transform = img_transform
        self.mask_transform = mask_transform
        self.images = sorted(f for f in os.listdir(image_dir) if f.endswith(".jpg"))

    def __len__(self):
        return len(self.images)

    def __getitem__(self, idx):
        name = self.images[idx]
        mask_name = name.replace(".jpg", "_Segmentation.png")
        image = Image.open(os.path.join(self.image_dir, name)).convert("RGB")
        mask = Image.open(os.path.join(self.mask_dir, mask_name)).convert("L")
        if self.img_transform is not None:
            image = self.img_transform(image)
        if self.mask_transform is not None:
            mask = self.mask_transform(mask)
        return image, mask
"""
    + DS
)
HELPERS = (
    """
from torch.utils.data import Dataset

class ISICDataset(Dataset):
    \"\"\"Dermoscopic images with their masks.\"\"\"

    def __init__(self, image_dir, mask_dir, img_transform=None, mask_transform=None):
        super().__init__()
        self._pairs = [
            (p, Path(mask_dir) / (p.stem + "_Segmentation.png"))
            for p in sorted(Path(image_dir).iterdir(), key=lambda p: p.name)
            if p.suffix == ".jpg"
        ]
        self._img_transform = img_transform or (lambda x: x)
        self._mask_transform = mask_transform or (lambda x: x)

    def __len__(self):
        return len(self._pairs)

    @staticmethod
    def _load(path, mode):
        with Image.open(path) as file:
            return file.convert(mode)

    def __getitem__(self, i):
        image_path, mask_path = self._pairs[i]
        image, mask = self._load(image_path, "RGB"), self._load(mask_path, "L")
        return self._img_transform(image), self._mask_transform(mask)
"""
    + DS
)
LISTING = 'sorted(self.image_dir.glob("*.jpg"))'
MASK = 'Image.open(self.mask_dir / f"{path.stem}_Segmentation.png").convert("L")'
IMAGE = 'Image.open(path).convert("RGB")'

RIGHT = [
    ("pathlib", BASE),
    ("os_listdir_names", OS),
    ("pairs_and_helper", HELPERS),
    (
        "glob_module",
        edit(BASE, (LISTING, '[Path(p) for p in sorted(glob.glob(os.path.join(str(image_dir), "*.jpg")))]')),
    ),
    (
        "stems_only",
        edit(
            BASE,
            (LISTING, 'sorted(p.stem for p in self.image_dir.glob("*.jpg"))'),
            ("path = self.images[idx]", 'path = self.image_dir / f"{self.images[idx]}.jpg"'),
        ),
    ),
    (
        "masks_in_a_dict",
        edit(
            BASE,
            (LISTING, LISTING + "\n        self.by_name = {m.name: m for m in self.mask_dir.iterdir()}"),
            (MASK, 'Image.open(self.by_name[path.stem + "_Segmentation.png"]).convert("L")'),
        ),
    ),
    (
        "scandir_splitext",
        edit(
            OS,
            (
                'sorted(f for f in os.listdir(image_dir) if f.endswith(".jpg"))',
                'sorted(e.name for e in os.scandir(image_dir) if os.path.splitext(e.name)[1] == ".jpg")',
            ),
            ('name.replace(".jpg", "_Segmentation.png")', 'os.path.splitext(name)[0] + "_Segmentation.png"'),
        ),
    ),
    (
        "sort_afterwards_keywords",
        edit(
            BASE,
            (LISTING, 'list(self.image_dir.glob("*.jpg"))\n        self.images.sort()'),
            (
                "(dataset_path, mask_path, resize_transform, resize_transform)",
                "(image_dir=dataset_path, mask_dir=mask_path, mask_transform=resize_transform, img_transform=resize_transform)",
            ),
        ),
    ),
    (
        "everything_in_memory",
        edit(
            BASE,
            (
                LISTING,
                LISTING
                + """
        self.loaded = [(Image.open(path).convert("RGB"),
                        Image.open(self.mask_dir / f"{path.stem}_Segmentation.png").convert("L")) for path in self.images]""",
            ),
            ("image = " + IMAGE, "image, mask = self.loaded[idx]"),
            ("        mask = " + MASK + "\n", ""),
        ),
    ),
    (
        "pil_loader",
        edit(
            BASE, (IMAGE, "pil_loader(path)"), ("import os, glob", "from torchvision.datasets.folder import pil_loader")
        ),
    ),
    ("through_numpy", edit(BASE, (IMAGE, 'Image.fromarray(np.array(Image.open(path).convert("RGB")))'))),
    (
        "transforms_v2",
        edit(
            BASE,
            (
                "transforms.Compose([transforms.Resize((64, 64)), transforms.ToTensor()])",
                "v2.Compose([v2.Resize((64, 64)), v2.ToImage(), v2.ToDtype(torch.float32, scale=True)])",
            ),
            ("import os, glob", "from torchvision.transforms import v2"),
        ),
    ),
    (
        "to_tensor_then_resize",
        edit(
            BASE,
            (
                "[transforms.Resize((64, 64)), transforms.ToTensor()]",
                "[transforms.ToTensor(), transforms.Resize([64, 64])]",
            ),
        ),
    ),
]
WRONG = [
    ("pairs_by_position", edit(BASE, (MASK, 'Image.open(sorted(self.mask_dir.glob("*.png"))[idx]).convert("L")'))),
    (
        "zip_of_two_lists",
        edit(
            OS,
            (
                'mask_name = name.replace(".jpg", "_Segmentation.png")',
                "mask_name = sorted(os.listdir(self.mask_dir))[idx]",
            ),
        ),
    ),
    ("not_sorted", edit(BASE, (LISTING, 'list(self.image_dir.glob("*.jpg"))'))),
    ("sorted_backwards", edit(BASE, (LISTING, 'sorted(self.image_dir.glob("*.jpg"), reverse=True)'))),
    ("every_file_of_the_folder", edit(BASE, (LISTING, "sorted(self.image_dir.iterdir())"))),
    ("image_not_converted", edit(BASE, (IMAGE, "Image.open(path)"))),
    ("mask_not_converted", edit(BASE, (MASK, MASK.replace('.convert("L")', "")))),
    ("mask_as_rgb", edit(BASE, (MASK, MASK.replace('"L"', '"RGB"')))),
    (
        "image_transform_on_the_mask",
        edit(BASE, ("mask = self.mask_transform(mask)", "mask = self.img_transform(mask)")),
    ),
    (
        "mask_transform_never_used",
        edit(BASE, ("        if self.mask_transform:\n            mask = self.mask_transform(mask)\n", "")),
    ),
    (
        "only_with_both_transforms",
        edit(BASE, ("if self.img_transform:", "if self.img_transform and self.mask_transform:")),
    ),
    ("length_of_the_masks", edit(BASE, ("return len(self.images)", "return len(list(self.mask_dir.iterdir()))"))),
    ("length_typed_in", edit(BASE, ("return len(self.images)", "return 100"))),
    ("mask_dir_ignored", edit(BASE, ("self.mask_dir = Path(mask_dir)", "self.mask_dir = mask_path"))),
    (
        "mask_folder_guessed",
        edit(
            BASE, ("self.mask_dir = Path(mask_dir)", 'self.mask_dir = Path(str(image_dir).replace("images", "masks"))')
        ),
    ),
    ("always_the_first", edit(BASE, ("self.images[idx]", "self.images[0]"))),
    ("mask_before_image", edit(BASE, ("return image, mask", "return mask, image"))),
    ("not_a_dataset", edit(BASE, ("class ISICDataset(Dataset)", "class ISICDataset"))),
    ("resizes_by_itself", edit(BASE, (IMAGE, IMAGE + ".resize((64, 64))"))),
    (
        "ds_without_mask_transform",
        edit(BASE, ("mask_path, resize_transform, resize_transform)", "mask_path, resize_transform)")),
    ),
    ("ds_at_128", edit(BASE, ("Resize((64, 64))", "Resize((128, 128))"))),
    ("shorter_side_only", edit(BASE, ("Resize((64, 64))", "Resize(64)"))),
    (
        "ds_of_other_folder",
        edit(BASE, ("ds = ISICDataset(dataset_path, mask_path", "ds = ISICDataset(mask_path, mask_path")),
    ),
]
ANSWERS = [(n, c, True) for n, c in RIGHT] + [(n, c, False) for n, c in WRONG]
