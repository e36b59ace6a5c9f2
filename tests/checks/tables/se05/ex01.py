"""Exercise 1: ways to write the dataset, right and wrong."""

from tests.checks.answers import Wrong

BASE = """
import os, glob
from torch.utils.data import Dataset, DataLoader
resize_transform = transforms.Compose([transforms.Resize((64, 64)), transforms.ToTensor()])

class ISICDataset(Dataset):
    def __init__(self, image_dir, mask_dir, img_transform=None, mask_transform=None):
        self.image_dir, self.mask_dir = image_dir, mask_dir
        self.img_transform, self.mask_transform = img_transform, mask_transform
        self.images = sorted(f for f in os.listdir(image_dir) if f.endswith(".jpg"))

    def __len__(self):
        return len(self.images)

    def __getitem__(self, idx):
        name = self.images[idx]
        mask_name = name.replace(".jpg", "_Segmentation.png")
        image = Image.open(os.path.join(self.image_dir, name)).convert("RGB")
        mask = Image.open(os.path.join(self.mask_dir, mask_name)).convert("L")
        if self.img_transform:
            image = self.img_transform(image)
        if self.mask_transform:
            mask = self.mask_transform(mask)
        return image, mask

ds = ISICDataset(dataset_path, mask_path, img_transform=resize_transform, mask_transform=resize_transform)
"""


def base(**changes: str) -> str:
    """Return the base answer with parts replaced, each named by a keyword of `PARTS`."""
    code = BASE
    for part, new in changes.items():
        assert code.count(PARTS[part]) == 1, part
        code = code.replace(PARTS[part], new)
    return code


PARTS = {
    "listing": 'sorted(f for f in os.listdir(image_dir) if f.endswith(".jpg"))',
    "init": "self.image_dir, self.mask_dir = image_dir, mask_dir",
    "signature": "image_dir, mask_dir, img_transform=None, mask_transform=None",
    "parent": "(Dataset)",
    "length": "return len(self.images)",
    "len": "def __len__(self):",
    "name": "name = self.images[idx]",
    "mask_name": 'mask_name = name.replace(".jpg", "_Segmentation.png")',
    "image": 'Image.open(os.path.join(self.image_dir, name)).convert("RGB")',
    "mask": 'Image.open(os.path.join(self.mask_dir, mask_name)).convert("L")',
    "image_transform": "image = self.img_transform(image)",
    "mask_transform": "mask = self.mask_transform(mask)",
    "if_image": "if self.img_transform:",
    "if_mask": "if self.mask_transform:",
    "returned": "return image, mask",
    "ds": "ISICDataset(dataset_path, mask_path, img_transform=resize_transform, mask_transform=resize_transform)",
    "resize": "transforms.Compose([transforms.Resize((64, 64)), transforms.ToTensor()])",
}

RIGHT = {
    "os, names in a list": BASE,
    "pathlib, paths in a list": base(
        listing='sorted(Path(image_dir).glob("*.jpg"))',
        mask_name='mask_name = name.stem + "_Segmentation.png"',
        image='Image.open(name).convert("RGB")',
    ),
    "glob with text paths": base(
        listing='sorted(glob.glob(os.path.join(str(image_dir), "*.jpg")))',
        mask_name='mask_name = os.path.splitext(os.path.basename(name))[0] + "_Segmentation.png"',
        image='Image.open(name).convert("RGB")',
    ),
    "sorted after the loop": base(
        listing='[]\n        for entry in os.scandir(image_dir):\n            if entry.is_file() and entry.name.endswith(".jpg"):'
        "\n                self.images.append(entry.name)\n        self.images.sort()"
    ),
    "stems in a list": base(
        listing='sorted(p.stem for p in Path(image_dir).iterdir() if p.suffix == ".jpg")',
        mask_name="pass",
        image='Image.open(Path(self.image_dir) / f"{name}.jpg").convert("RGB")',
        mask='Image.open(Path(self.mask_dir) / f"{name}_Segmentation.png").convert("L")',
    ),
    "pairs worked out at the start": base(
        listing='[(p, Path(mask_dir) / (p.stem + "_Segmentation.png")) for p in sorted(Path(image_dir).glob("*.jpg"))]',
        name="name, mask_name = self.images[idx]",
        mask_name="pass",
        image='Image.open(name).convert("RGB")',
        mask='Image.open(mask_name).convert("L")',
    ),
    "masks in a dictionary by stem": base(
        listing='sorted(Path(image_dir).glob("*.jpg"))\n'
        '        self.masks = {p.stem.removesuffix("_Segmentation"): p for p in Path(mask_dir).glob("*_Segmentation.png")}',
        mask_name="mask_name = self.masks[name.stem]",
        image='Image.open(name).convert("RGB")',
        mask='Image.open(mask_name).convert("L")',
    ),
    "only images whose mask exists": base(
        listing='sorted(f for f in os.listdir(image_dir) if f.endswith(".jpg")'
        ' and os.path.exists(os.path.join(mask_dir, f[:-4] + "_Segmentation.png")))'
    ),
    "with statements": base(
        image='None\n        with Image.open(os.path.join(self.image_dir, name)) as file:\n            image = file.convert("RGB")',
        mask='None\n        with Image.open(os.path.join(self.mask_dir, mask_name)) as file:\n            mask = file.convert("L")',
    ),
    "text paths only": base(
        init='self.image_dir, self.mask_dir = image_dir + "/", mask_dir + "/"',
        image='Image.open(self.image_dir + name).convert("RGB")',
        mask='Image.open(self.mask_dir + mask_name).convert("L")',
        ds="ISICDataset(str(dataset_path), str(mask_path), resize_transform, resize_transform)",
    ),
    "paths only": base(
        listing='sorted(image_dir.glob("*.jpg"))',
        mask_name='mask_name = f"{name.stem}_Segmentation.png"',
        image='Image.open(name).convert("RGB")',
        mask='Image.open(self.mask_dir / mask_name).convert("L")',
    ),
    "a dataclass": BASE.replace(
        "class ISICDataset(Dataset):", "from dataclasses import dataclass\n\n@dataclass\nclass ISICDataset(Dataset):"
    )
    .replace(
        "    def __init__(self, image_dir, mask_dir, img_transform=None, mask_transform=None):\n"
        "        self.image_dir, self.mask_dir = image_dir, mask_dir\n"
        "        self.img_transform, self.mask_transform = img_transform, mask_transform\n",
        "    image_dir: Path\n    mask_dir: Path\n    img_transform: object = None\n    mask_transform: object = None\n\n"
        "    def __post_init__(self):\n",
    )
    .replace("listdir(image_dir)", "listdir(self.image_dir)"),
    "cv2, back to PIL": base(
        image="Image.fromarray(cv2.cvtColor(cv2.imread(os.path.join(self.image_dir, name)), cv2.COLOR_BGR2RGB))",
        mask="Image.fromarray(cv2.imread(os.path.join(self.mask_dir, mask_name), cv2.IMREAD_GRAYSCALE))",
    ).replace("import os", "import cv2, os"),
    "cv2 arrays": base(
        image="cv2.cvtColor(cv2.imread(os.path.join(self.image_dir, name)), cv2.COLOR_BGR2RGB)",
        mask="cv2.imread(os.path.join(self.mask_dir, mask_name), cv2.IMREAD_GRAYSCALE)",
        resize="transforms.Compose([transforms.ToPILImage(), transforms.Resize((64, 64)), transforms.ToTensor()])",
    ).replace("import os", "import cv2, os"),
    "torchvision.io, back to PIL": base(
        image="to_pil_image(read_image(os.path.join(self.image_dir, name), ImageReadMode.RGB))",
        mask="to_pil_image(read_image(os.path.join(self.mask_dir, mask_name), ImageReadMode.GRAY))",
    ).replace(
        "import os",
        "from torchvision.io import ImageReadMode, read_image\nfrom torchvision.transforms.functional import to_pil_image\nimport os",
    ),
    "helper methods": base(
        image='self._open(os.path.join(self.image_dir, name), "RGB")',
        mask='self._open(os.path.join(self.mask_dir, mask_name), "L")',
        len="def _open(self, path, mode):\n        return Image.open(path).convert(mode)\n\n    def __len__(self):",
    ),
    "applied in the return statement": base(
        image_transform="pass",
        mask_transform="pass",
        returned="return (\n            self.img_transform(image) if self.img_transform is not None else image,\n"
        "            self.mask_transform(mask) if self.mask_transform is not None else mask,\n        )",
    ),
    "identity where there is no transform": base(
        init="self.image_dir, self.mask_dir = image_dir, mask_dir\n        same = lambda picture: picture\n"
        "        img_transform, mask_transform = img_transform or same, mask_transform or same"
    ),
    "a list comes back": base(returned="return [image, mask]"),
    "everything in memory": base(
        listing='sorted(f for f in os.listdir(image_dir) if f.endswith(".jpg"))\n'
        '        self.opened = [Image.open(os.path.join(image_dir, f)).convert("RGB") for f in self.images]',
        image="self.opened[idx]",
    ),
    "generic Dataset, typed": base(
        parent="(Dataset[tuple])",
        signature="image_dir: str | Path, mask_dir: str | Path, img_transform=None, mask_transform=None",
        length="return int(len(self.images))",
    ),
    "a base class of one's own": base(parent="(Folder)").replace(
        "class ISICDataset", "class Folder(Dataset):\n    pass\n\nclass ISICDataset"
    ),
    "mask transform returns its own type": base(mask_transform="mask = self.mask_transform(mask).float()"),
    "nearest neighbour for masks, transforms by position": base(
        ds="ISICDataset(str(dataset_path), str(mask_path), resize_transform, transforms.Compose([transforms.Resize("
        "(64, 64), interpolation=transforms.InterpolationMode.NEAREST), transforms.ToTensor()]))"
    ),
    "tensor first, then resized": base(
        resize="transforms.Compose([transforms.ToTensor(), transforms.Resize((64, 64), antialias=True)])"
    ),
    "numpy for the tensor": base(
        resize="lambda p: torch.from_numpy(np.array(p.resize((64, 64)), dtype=np.float32).reshape(64, 64, -1) / 255)"
        ".permute(2, 0, 1)"
    ),
}

LISTS, RGB, PAIRS, APPLIES, DS = (
    "lists_the_images_by_name",
    "opens_images_as_rgb",
    "pairs_masks_by_name",
    "applies_each_transform",
    "makes_ds",
)

WRONG = {
    # The samples
    "every file is a sample": Wrong(
        base(listing="sorted(os.listdir(image_dir))"), LISTS, "All files of the folder count as samples"
    ),
    "png files, too": Wrong(
        base(listing='sorted(f for f in os.listdir(image_dir) if f.endswith((".jpg", ".png")))'),
        LISTS,
        "A .png, or a name with `.jpg` in its middle, is counted",
    ),
    "not sorted": Wrong(
        base(listing='[f for f in os.listdir(image_dir) if f.endswith(".jpg")]'), LISTS, "no particular order"
    ),
    "a set": Wrong(
        base(listing='list({p.name for p in Path(image_dir).glob("*.jpg")})[::-1]'), LISTS, "sorted by name it is"
    ),
    "sorted backwards": Wrong(
        base(listing='sorted((f for f in os.listdir(image_dir) if f.endswith(".jpg")), reverse=True)'),
        LISTS,
        "Sample 0 shows ISIC_0000042.jpg; sorted by name it is ISIC_0000003.jpg",
    ),
    "counts the masks": Wrong(base(length="return len(os.listdir(self.mask_dir)) - 1"), LISTS, "The masks are counted"),
    "length fixed at 900": Wrong(base(length="return 900"), LISTS, "gives a dataset of length 900; expected 7"),
    "length one short": Wrong(base(length="return len(self.images) - 1"), LISTS, "of length 6; expected 7"),
    "no __len__": Wrong(base(len="def length(self):"), LISTS, "without `__len__`"),
    "length is not returned": Wrong(base(length="len(self.images)"), LISTS, "cannot be interpreted as an integer"),
    "index not used": Wrong(base(name="name = self.images[0]"), LISTS, "is the index used?"),
    "index off by one": Wrong(base(name="name = self.images[idx - 1]"), LISTS, "Sample 0 shows ISIC_0000042.jpg"),
    "reads the global folder": Wrong(
        base(
            listing='sorted(f for f in os.listdir(dataset_path) if f.endswith(".jpg"))',
            image='Image.open(os.path.join(dataset_path, name)).convert("RGB")',
        ),
        LISTS,
        "does the class use `image_dir`?",
    ),
    "knows the sample": Wrong(
        base(listing='sorted(f for f in os.listdir(image_dir) if f.startswith("ISIC_9") and f.endswith(".jpg"))'),
        LISTS,
        "of length 0; expected 7",
    ),
    "looks for jpeg": Wrong(
        base(listing='sorted(f for f in os.listdir(image_dir) if f.endswith(".jpeg"))'), LISTS, "length 0"
    ),
    "no Dataset": Wrong(base(parent=""), LISTS, "should be a subclass of `Dataset`"),
    "an object, not a class": Wrong(BASE + "\nISICDataset = ds", LISTS, "`ISICDataset` is a ISICDataset, not a class"),
    "mask first": Wrong(base(returned="return mask, image"), LISTS, "Image and mask are exchanged"),
    "no return": Wrong(base(returned="pass") + "\n", LISTS, "is a `return` missing in `__getitem__`?"),
    "image only": Wrong(base(returned="return image"), LISTS, "not (image, mask)"),
    "three things": Wrong(base(returned="return image, mask, name"), LISTS, "a tuple of 3 items, not (image, mask)"),
    "a dict": Wrong(base(returned='return {"image": image, "mask": mask}'), LISTS, "is a dict, not (image, mask)"),
    "paths instead of images": Wrong(
        base(image="os.path.join(self.image_dir, name)", if_image="if False:"), LISTS, "is a str, not an image"
    ),
    "closed before it is read": Wrong(
        base(image="None\n        with Image.open(os.path.join(self.image_dir, name)) as image:\n            pass"),
        LISTS,
        "an image whose file was closed before it was read",
    ),
    "other parameter names": Wrong(
        base(signature="images, masks, transform=None, target_transform=None")
        .replace("= image_dir, mask_dir", "= images, masks")
        .replace("= img_transform, mask_transform", "= transform, target_transform")
        .replace("listdir(image_dir)", "listdir(images)")
        .replace(
            "img_transform=resize_transform, mask_transform=resize_transform", "resize_transform, resize_transform"
        ),
        APPLIES,
        "Compare the parameter names",
    ),
    "tensor without being asked": Wrong(
        base(
            returned="to_tensor = transforms.ToTensor()\n        if not torch.is_tensor(image):\n"
            "            image, mask = to_tensor(image), to_tensor(mask)\n        return image, mask"
        ),
        LISTS,
        "comes out as it was opened",
    ),
    # The image
    "not converted": Wrong(
        base(image="Image.open(os.path.join(self.image_dir, name))"),
        RGB,
        "ISIC_0000007.jpg is opened with mode L; expected RGB",
    ),
    "as grey": Wrong(
        base(image='Image.open(os.path.join(self.image_dir, name)).convert("L")'), RGB, "mode L; expected RGB"
    ),
    "as RGBA": Wrong(base(image='Image.open(os.path.join(self.image_dir, name)).convert("RGBA")'), RGB, "mode RGBA"),
    "as HSV": Wrong(base(image='Image.open(os.path.join(self.image_dir, name)).convert("HSV")'), RGB, "mode HSV"),
    "blue, green, red": Wrong(
        base(
            image="cv2.imread(os.path.join(self.image_dir, name))",
            resize=(
                "transforms.Compose([transforms.ToPILImage(), transforms.Resize((64, 64)), transforms.ToTensor()])"
            ),
        )
        .replace("import os", "import cv2, os")
        .replace('mask_name)).convert("L")', 'mask_name)).convert("L")'),
        RGB,
        "blue, green, red",
    ),
    "divided by 255": Wrong(
        base(
            image='np.array(Image.open(os.path.join(self.image_dir, name)).convert("RGB")) / 255',
            image_transform="image = self.img_transform(Image.fromarray((image * 255).astype(np.uint8)))",
        ),
        RGB,
        "and without a transform they come out as they are",
    ),
    # The mask
    "paired by position": Wrong(
        base(
            listing='sorted(f for f in os.listdir(image_dir) if f.endswith(".jpg"))\n'
            '        self.masks = sorted(f for f in os.listdir(mask_dir) if f.endswith(".png"))',
            mask_name="mask_name = self.masks[idx]",
        ),
        PAIRS,
        "ISIC_0000003.jpg comes with ISIC_0000001_Segmentation.png",
    ),
    "paired by position, cut to the same length": Wrong(
        base(
            listing='sorted(f for f in os.listdir(image_dir) if f.endswith(".jpg"))\n'
            '        self.masks = sorted(f for f in os.listdir(mask_dir) if f.endswith(".png"))[-len(self.images):]',
            mask_name="mask_name = self.masks[idx]",
        ),
        PAIRS,
        "position does not tell which belong together",
    ),
    "mask not converted": Wrong(
        base(mask="Image.open(os.path.join(self.mask_dir, mask_name))"), PAIRS, "is opened with mode RGB; expected L"
    ),
    "mask as RGB": Wrong(
        base(mask='Image.open(os.path.join(self.mask_dir, mask_name)).convert("RGB")'), PAIRS, "mode RGB; expected L"
    ),
    "mask as 1 bit": Wrong(
        base(mask='Image.open(os.path.join(self.mask_dir, mask_name)).convert("1")'), PAIRS, "mode 1; expected L"
    ),
    "mask as float": Wrong(
        base(mask='Image.open(os.path.join(self.mask_dir, mask_name)).convert("F")'), PAIRS, "mode F; expected L"
    ),
    "mask read in colour by cv2": Wrong(
        base(mask="Image.fromarray(cv2.imread(os.path.join(self.mask_dir, mask_name)))").replace(
            "import os", "import cv2, os"
        ),
        PAIRS,
        "mode RGB; expected L",
    ),
    "mask cut at 127 already": Wrong(
        base(
            mask='Image.fromarray(np.uint8(255 * (np.array(Image.open(os.path.join(self.mask_dir, mask_name)).convert("L")) > 127)))'
        ),
        PAIRS,
        "the file holds the values",
    ),
    "mask times 255": Wrong(
        base(
            mask='Image.fromarray(255 * (np.array(Image.open(os.path.join(self.mask_dir, mask_name)).convert("L")) > 0).astype(np.uint8))'
        ),
        PAIRS,
        "comes out with the values 0, 255",
    ),
    "mask looked for beside the image": Wrong(
        base(mask='Image.open(os.path.join(self.image_dir, mask_name)).convert("L")', ds="None"),
        LISTS,
        "does not exist",
    ),
    "mask folder guessed from the image's": Wrong(
        base(mask='Image.open(os.path.join(self.image_dir, mask_name).replace("/images/", "/masks/")).convert("L")'),
        LISTS,
        "FileNotFoundError",
    ),
    "wrong ending": Wrong(
        base(mask_name='mask_name = name.replace(".jpg", "_segmentation.png")', ds="None"), LISTS, "does not exist"
    ),
    "image opened twice": Wrong(
        base(mask='Image.open(os.path.join(self.image_dir, name)).convert("L")'), PAIRS, "comes out with the values"
    ),
    # The transforms
    "image transform for both": Wrong(
        base(mask_transform="mask = self.img_transform(mask)"), APPLIES, "`img_transform` is applied to the mask"
    ),
    "transforms crossed": Wrong(
        base(image_transform="image = self.mask_transform(image)", mask_transform="mask = self.img_transform(mask)"),
        APPLIES,
        "`img_transform` is applied to the mask",
    ),
    "results crossed": Wrong(
        base(returned="return (mask, image) if self.img_transform and self.mask_transform else (image, mask)"),
        APPLIES,
        "what the other transform returned",
    ),
    "mask never transformed": Wrong(base(mask_transform="pass"), APPLIES, "`mask_transform` is never applied"),
    "image never transformed": Wrong(base(if_image="if False:"), APPLIES, "`img_transform` is never applied"),
    "result thrown away": Wrong(
        base(image_transform="self.img_transform(image)"),
        APPLIES,
        "The image that comes out is not what `img_transform` returned",
    ),
    "mask only if the image": Wrong(
        base(if_mask="if self.img_transform and self.mask_transform:"), APPLIES, "`mask_transform` is never applied"
    ),
    "transform demanded": Wrong(base(if_image="if True:"), LISTS, "'NoneType' object is not callable"),
    "image transform twice": Wrong(
        base(image_transform="image = self.img_transform(self.img_transform(image))", ds="None"),
        APPLIES,
        "is applied to something else",
    ),
    "mask cut after its transform": Wrong(
        base(mask_transform="mask = (self.mask_transform(mask) > 0.5).float()"),
        APPLIES,
        "is not what `mask_transform` returned",
    ),
    "parameters in another order": Wrong(
        base(signature="image_dir, mask_dir, mask_transform=None, img_transform=None"),
        APPLIES,
        "`img_transform` is applied to the mask",
    ),
    # ds
    "ds without transforms": Wrong(base(ds="ISICDataset(dataset_path, mask_path)"), DS, "the image of ds[0] is a"),
    "ds with one transform": Wrong(
        base(ds="ISICDataset(dataset_path, mask_path, img_transform=resize_transform)"), DS, "the mask of ds[0] is a"
    ),
    "ds of another size": Wrong(
        base(resize="transforms.Compose([transforms.Resize((128, 128)), transforms.ToTensor()])"), DS, "(3, 128, 128)"
    ),
    "shorter side only": Wrong(
        base(resize="transforms.Compose([transforms.Resize(64), transforms.ToTensor()])"), DS, "expected (3, 64, 64)"
    ),
    "cropped": Wrong(
        base(resize="transforms.Compose([transforms.CenterCrop((64, 64)), transforms.ToTensor()])"),
        DS,
        "resized to 64x64",
    ),
    "not scaled": Wrong(
        base(resize="transforms.Compose([transforms.Resize((64, 64)), transforms.PILToTensor()])"),
        DS,
        "values between 0 and 1",
    ),
    "normalised": Wrong(
        base(
            ds="ISICDataset(dataset_path, mask_path, transforms.Compose([resize_transform, transforms.Normalize([0.5] * 3, "
            "[0.5] * 3)]), resize_transform)"
        ),
        DS,
        "values between 0 and 1",
    ),
    "ds with folders swapped": Wrong(
        base(
            ds="ISICDataset(mask_path, dataset_path, img_transform=resize_transform, mask_transform=resize_transform)"
        ),
        DS,
        "Are the two folders swapped?",
    ),
    "ds of the first images only": Wrong(
        BASE + "\nds.images = ds.images[:10]", DS, "`ds` has 10 samples; the folder holds 100 images"
    ),
    "ds is the class": Wrong(base(ds="ISICDataset"), DS, "`ds` is the class ISICDataset"),
    "ds is another Dataset": Wrong(
        BASE + "\nds = torch.utils.data.Subset(ds, range(len(ds)))", DS, "`ds` is a Subset, not an `ISICDataset`"
    ),
    "ds is a stub": Wrong(base(ds="..."), DS, "still the stub"),
    "image lost": Wrong(base(returned="return None, mask"), LISTS, "is None; is a `return` missing?"),
    "a grey array": Wrong(
        base(
            image='np.array(Image.open(os.path.join(self.image_dir, name)).convert("L"))',
            resize="transforms.Compose([transforms.ToPILImage(), transforms.Resize((64, 64)), transforms.ToTensor()])",
        ),
        RGB,
        "comes out as an array of shape",
    ),
    "mask as an array of three channels": Wrong(
        base(mask='np.array(Image.open(os.path.join(self.mask_dir, mask_name)).convert("RGB"))', ds="None"),
        PAIRS,
        "opened with mode L it is",
    ),
    "image changed where only the mask has a transform": Wrong(
        base(
            if_mask="if self.mask_transform and not self.img_transform:\n            image = image.rotate(180)\n        if self.mask_transform:"
        ),
        APPLIES,
        "With `img_transform=None`",
    ),
    "ds with broken numbers": Wrong(
        base(
            resize="transforms.Compose([transforms.Resize((64, 64)), transforms.ToTensor(), lambda t: t * float('nan')])"
        ),
        DS,
        "contains NaN",
    ),
    "ds with masks of another size": Wrong(
        base(
            ds="ISICDataset(dataset_path, mask_path, resize_transform, transforms.Compose([transforms.Resize((32, 32)), transforms.ToTensor()]))"
        ),
        DS,
        "the mask of ds[0] has shape (1, 32, 32)",
    ),
    "ds with masks cropped": Wrong(
        base(
            ds="ISICDataset(dataset_path, mask_path, resize_transform, transforms.Compose([transforms.CenterCrop((64, 64)), transforms.ToTensor()]))"
        ),
        DS,
        "the mask of ds[",
    ),
    "image transformed before it is RGB": Wrong(
        base(
            image="Image.open(os.path.join(self.image_dir, name))",
            if_mask='if isinstance(image, Image.Image):\n            image = image.convert("RGB")\n        if self.mask_transform:',
        ),
        APPLIES,
        "Is it transformed before `convert`?",
    ),
    "mask resized without being asked": Wrong(
        base(mask='Image.open(os.path.join(self.mask_dir, mask_name)).convert("L").resize((64, 64))'),
        PAIRS,
        "it comes out with shape (64, 64)",
    ),
    "the list of files in the class": Wrong(
        BASE.replace("self.images =", "ISICDataset.images ="), DS, "does each one keep its own files, in `self`?"
    ),
    "jpg in the middle": Wrong(
        base(listing='sorted(f for f in os.listdir(image_dir) if ".jpg" in f)'),
        LISTS,
        "a name with `.jpg` in its middle",
    ),
    "one list for all datasets": Wrong(
        BASE.replace("class ISICDataset(Dataset):\n", "class ISICDataset(Dataset):\n    images = []\n").replace(
            "self.images = ", "self.images += "
        ),
        LISTS,
        "does each dataset keep a list of its own",
    ),
    "an index of its own": Wrong(
        base(
            init="self.image_dir, self.mask_dir, self.at = image_dir, mask_dir, -1",
            name="self.at = (self.at + 1) % len(self)\n        name = self.images[self.at]",
        ),
        LISTS,
        "Read again, it shows",
    ),
    "one transform for all datasets": Wrong(
        BASE.replace("self.img_transform, self", "ISICDataset.img_transform, self").replace(
            "image = self.img", "image = type(self).img"
        ),
        APPLIES,
        "applies those of one that was made later",
    ),
}
