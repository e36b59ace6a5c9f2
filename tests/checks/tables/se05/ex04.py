"""Exercise 4: the dataset that transforms image and mask together, right and wrong."""

from tests.checks.answers import Wrong

BASE = """
import cv2
import albumentations as A
from albumentations.pytorch import ToTensorV2

class ISICDatasetAlbumentations(ISICDataset):
    def __init__(self, image_dir, mask_dir, transform=None):
        super().__init__(image_dir, mask_dir)
        self.transform = transform

    def __getitem__(self, idx):
        image, mask = super().__getitem__(idx)
        image, mask = np.array(image), np.array(mask)
        mask = (mask > (127 if mask.max() > 1 else 0)).astype(np.float32)
        if self.transform is not None:
            augmented = self.transform(image=image, mask=mask)
            image, mask = augmented["image"], augmented["mask"]
        return image, mask
"""

PARTS = {
    "parent": "(ISICDataset)",
    "signature": "image_dir, mask_dir, transform=None",
    "init": "super().__init__(image_dir, mask_dir)",
    "keep": "self.transform = transform",
    "read": "image, mask = super().__getitem__(idx)",
    "arrays": "image, mask = np.array(image), np.array(mask)",
    "binary": "mask = (mask > (127 if mask.max() > 1 else 0)).astype(np.float32)",
    "if": "if self.transform is not None:",
    "call": "augmented = self.transform(image=image, mask=mask)",
    "unpack": 'image, mask = augmented["image"], augmented["mask"]',
    "returned": "return image, mask",
}


def base(**changes: str) -> str:
    """Return the base answer with parts replaced, each named by a key of `PARTS`."""
    code = BASE
    for part, new in changes.items():
        assert code.count(PARTS[part]) == 1, part
        code = code.replace(PARTS[part], new)
    return code


def binary(step: str) -> str:
    return base(binary=f"mask = {step}")


def after(step: str) -> str:
    """Return an answer that makes the mask binary after the transform."""
    return base(binary="pass", returned=f"{step}\n        return image, mask")


OWN_READING = """import os
        name = sorted(f for f in os.listdir(self.images_at) if f.endswith(".jpg"))[idx]
        image = Image.open(os.path.join(self.images_at, name)).convert("RGB")
        mask = Image.open(os.path.join(self.masks_at, name[:-4] + "_Segmentation.png")).convert("L")"""
OWN_FOLDERS = "super().__init__(image_dir, mask_dir)\n        self.images_at, self.masks_at = image_dir, mask_dir"


def own(**changes: str) -> str:
    """Return an answer that reads the files itself, with parts of the reading replaced."""
    reading = OWN_READING
    for old, new in changes.values():
        assert reading.count(old) == 1, old
        reading = reading.replace(old, new)
    return base(init=OWN_FOLDERS, read=reading)


RIGHT = {
    "floats": BASE,
    "whole numbers": binary("(mask > (127 if mask.max() > 1 else 0)).astype(np.uint8)"),
    "relative to the largest value": binary("(mask / max(mask.max(), 1) > 0.5).astype('float32')"),
    "scaled, then rounded": binary("np.round(mask / 255.0 if mask.max() > 1 else mask).astype('float32')"),
    "stretched to 0/255 first": binary(
        "np.where(mask * (255 if mask.max() <= 1 else 1) >= 128, 1, 0).astype(np.int32)"
    ),
    "cv2.threshold": binary("cv2.threshold(mask * (255 if mask.max() == 1 else 1), 127, 1, cv2.THRESH_BINARY)[1]"),
    "a helper": base(
        binary="mask = self.binarise(mask)",
        keep="self.transform = transform\n\n    @staticmethod\n    def binarise(mask):\n"
        "        top = mask.max()\n        return (mask > top / 2).astype(np.uint8) if top else mask",
    ),
    "after the transform": after("mask = (mask > (0.5 if mask.max() <= 1 else 127.5)).float()"),
    "boolean": after("mask = mask > (0.5 if mask.max() <= 1 else 127.5)"),
    "long": after("mask = (mask > (0.5 if mask.max() <= 1 else 127.5)).long()"),
    "with a channel": base(returned="return image, mask.unsqueeze(0)"),
    "with a channel from the start": base(
        binary="mask = (mask > (127 if mask.max() > 1 else 0)).astype(np.float32)[:, :, None]",
        unpack='image, mask = augmented["image"], augmented["mask"].permute(2, 0, 1)',
    ),
    "with a channel, boolean": base(returned="return image.float(), mask[None].bool()"),
    "reads the files itself": own(),
    "cv2": base(
        init=OWN_FOLDERS,
        read="name = sorted(Path(self.images_at).glob('*.jpg'))[idx].stem\n"
        "        image = cv2.cvtColor(cv2.imread(f'{self.images_at}/{name}.jpg'), cv2.COLOR_BGR2RGB)\n"
        "        mask = cv2.imread(f'{self.masks_at}/{name}_Segmentation.png', cv2.IMREAD_GRAYSCALE)",
        arrays="pass",
    ),
    "reads through a dataset inside": base(
        init="super().__init__(image_dir, mask_dir)\n        self.files = ISICDataset(image_dir, mask_dir)",
        read="image, mask = self.files[idx]",
    ),
    "reads through the parent by name": base(read="image, mask = ISICDataset.__getitem__(self, idx)"),
    "arrays from the parent's transforms": base(
        init="super().__init__(image_dir, mask_dir, img_transform=np.array, mask_transform=np.array)", arrays="pass"
    ),
    "several masks": base(
        call="augmented = self.transform(image=image, masks=[mask])",
        unpack='image, mask = augmented["image"], augmented["masks"][0]',
    ),
    "data as a dict": base(call='augmented = self.transform(**{"image": image, "mask": mask})'),
    "a default transform": base(keep="self.transform = transform or A.Compose([A.Resize(64, 64), ToTensorV2()])"),
    "tensors without a transform": base(
        returned="if not torch.is_tensor(image):\n            image = torch.from_numpy(image).permute(2, 0, 1).float() / 255\n"
        "            mask = torch.from_numpy(mask)\n        return image, mask"
    ),
    "a list": base(returned="return [image, mask]"),
    "keyword only": base(signature="image_dir, mask_dir, *, transform=None"),
    "more parameters": base(signature="image_dir, mask_dir, transform=None, threshold=0.5"),
    "all arguments passed on": base(
        signature="*args, transform=None, **kwargs", init="super().__init__(*args, **kwargs)"
    ),
    "float64": binary("(mask > (127 if mask.max() > 1 else 0)).astype(float)"),
    "masks kept in memory": base(
        init="super().__init__(image_dir, mask_dir)\n"
        "        self.kept = [ISICDataset.__getitem__(self, i) for i in range(ISICDataset.__len__(self))]",
        read="image, mask = self.kept[idx]",
    ),
}

TENSORS, FILES, BINARY, TOGETHER = (
    "puts_out_tensors",
    "reads_the_right_files",
    "makes_masks_binary",
    "transforms_both_together",
)

WRONG = {
    # What comes out
    "not a subclass": Wrong(
        base(
            parent="(torch.utils.data.Dataset)",
            init="self.d = ISICDataset(image_dir, mask_dir)",
            read="image, mask = self.d[idx]",
        ),
        TENSORS,
        "should be a subclass of `ISICDataset`; it inherits from `Dataset`",
    ),
    "an older parent": Wrong(
        BASE + "\nclass ISICDataset(ISICDataset.__base__):\n    pass\n", TENSORS, "run the cell of exercise 4 again"
    ),
    "an object": Wrong(
        BASE + "\nISICDatasetAlbumentations = ISICDatasetAlbumentations(dataset_path, mask_path)\n",
        TENSORS,
        "not a class",
    ),
    "no super().__init__": Wrong(base(init="pass"), TENSORS, "has no attribute"),
    "other parameter name": Wrong(
        base(signature="image_dir, mask_dir, transforms=None", keep="self.transform = transforms"),
        TENSORS,
        "Compare the parameter names",
    ),
    "no return": Wrong(base(returned="pass"), TENSORS, "is a `return` missing in `__getitem__`?"),
    "the dict itself": Wrong(base(returned="return augmented"), TENSORS, "is a dict, not (image, mask)"),
    "dict for the image": Wrong(base(unpack="image = augmented"), TENSORS, "the dict that the transform returns"),
    "image only": Wrong(base(returned="return image"), TENSORS, "not (image, mask)"),
    "mask first": Wrong(base(returned="return mask, image"), TENSORS, "Are image and mask exchanged?"),
    "arrays": Wrong(base(returned="return image.numpy(), mask.numpy()"), TENSORS, "is a numpy array, not a tensor"),
    "channels last": Wrong(
        base(returned="return image.permute(1, 2, 0), mask"), TENSORS, "has shape (44, 60, 3); expected (3, 44, 60)"
    ),
    "the untransformed mask": Wrong(base(unpack='image = augmented["image"]'), TENSORS, "the mask is a numpy array"),
    "PIL goes in": Wrong(base(arrays="pass", binary="pass"), TENSORS, "Line "),
    "by position": Wrong(base(call="augmented = self.transform(image, mask)"), TENSORS, "named arguments"),
    "image as whole numbers": Wrong(
        base(returned="return (image * 255).byte(), mask"), TENSORS, "The image has dtype uint8"
    ),
    "mask as RGB": Wrong(
        own(mode=('"_Segmentation.png")).convert("L")', '"_Segmentation.png")).convert("RGB")')),
        TENSORS,
        "The mask of sample 0 has shape",
    ),
    "mask with two channels": Wrong(
        base(returned="return image, torch.stack([1 - mask, mask])"),
        TENSORS,
        "The mask of sample 0 has shape (2, 44, 60)",
    ),
    "mask flattened": Wrong(
        base(returned="return image, mask.flatten()"), TENSORS, "The mask of sample 0 has shape (2640,)"
    ),
    "masks paired by position": Wrong(
        own(
            name=(
                'os.path.join(self.masks_at, name[:-4] + "_Segmentation.png")',
                'sorted(Path(self.masks_at).glob("*.png"))[idx]',
            )
        ),
        TENSORS,
        "It looks like ISIC_0000001_Segmentation.png",
    ),
    "counts all files": Wrong(
        base(keep="self.transform = transform\n\n    def __len__(self):\n        return 900"),
        TENSORS,
        "a dataset of length 900; expected 10",
    ),
    "still a stub": Wrong(base(read="raise NotImplementedError()"), TENSORS, "is still the stub"),
    "class still a stub": Wrong("ISICDatasetAlbumentations = ...", TENSORS, "still the stub's"),
    # The files
    "blue, green, red": Wrong(
        base(arrays="image, mask = np.array(image)[..., ::-1], np.array(mask)"), FILES, "blue, green, red"
    ),
    "read with cv2, not converted": Wrong(
        base(
            init=OWN_FOLDERS,
            read="name = sorted(Path(self.images_at).glob('*.jpg'))[idx].stem\n"
            "        image = cv2.imread(f'{self.images_at}/{name}.jpg')\n"
            "        mask = cv2.imread(f'{self.masks_at}/{name}_Segmentation.png', 0)",
            arrays="pass",
        ),
        FILES,
        "blue, green, red",
    ),
    "divided by 255 as well": Wrong(base(returned="return image / 255, mask"), FILES, "transformed once"),
    "transformed twice": Wrong(
        base(
            unpack='image, mask = augmented["image"], augmented["mask"]\n            image = self.transform(image=image.permute(1, 2, 0).numpy())["image"]'
        ),
        FILES,
        "transformed once",
    ),
    "grey": Wrong(
        base(arrays='image, mask = np.array(image.convert("L").convert("RGB")), np.array(mask)'),
        FILES,
        "is not ISIC_0000003.jpg",
    ),
    "always the first image": Wrong(
        base(read="image, mask = super().__getitem__(0)"), TENSORS, "the image of sample 1 has shape"
    ),
    "mask inside out": Wrong(
        binary("(mask <= (127 if mask.max() > 1 else 0)).astype(np.float32)"), FILES, "is inside out"
    ),
    "empty mask": Wrong(binary("np.zeros_like(mask)"), FILES, "does not mark what ISIC_0000003_Segmentation.png marks"),
    "mask from the image": Wrong(binary("(image.mean(-1) > 100).astype(np.float32)"), FILES, "does not mark what"),
    "turned for the screen": Wrong(base(returned="return image, mask.flip(0)"), FILES, "does not mark what"),
    "black image": Wrong(base(returned="return torch.zeros_like(image), mask"), FILES, "it has 0 to 0"),
    # The mask's values
    "mask as stored": Wrong(base(binary="pass"), BINARY, "the values 0, 255; expected 0 and 1"),
    "divided by 255": Wrong(
        binary("(mask / 255.0).astype(np.float32)"), BINARY, "with soft edges comes a mask with the values"
    ),
    "divided by its largest value": Wrong(
        binary("(mask / mask.max()).astype(np.float32)"), BINARY, "with soft edges comes a mask with the values"
    ),
    "whole division": Wrong(binary("mask // 255"), BINARY, "cut at half there are"),
    "larger than 0": Wrong(binary("(mask > 0).astype(np.float32)"), BINARY, "cut at half there are"),
    "equal to 255": Wrong(binary("(mask == 255).astype(np.float32)"), BINARY, "cut at half there are"),
    "equal to the largest value": Wrong(
        binary("(mask == mask.max()).astype(np.float32)"), BINARY, "cut at half there are"
    ),
    "larger than 127 only": Wrong(
        binary("(mask > 127).astype(np.float32)"), BINARY, "From a file that holds 0 and 1 come 0 lesion pixels"
    ),
    "larger than one half only": Wrong(binary("(mask > 0.5).astype(np.float32)"), BINARY, "cut at half there are"),
    "larger than the mean": Wrong(binary("(mask > mask.mean()).astype(np.float32)"), BINARY, "with soft edges come"),
    "0 and 255 out": Wrong(
        binary("np.where(mask > (127 if mask.max() > 1 else 0), 255, 0).astype(np.float32)"),
        BINARY,
        "the values 0, 255",
    ),
    "cut at a tenth": Wrong(binary("(mask > mask.max() / 10).astype(np.float32)"), BINARY, "cut at half there are"),
    "minus one and one": Wrong(
        binary("np.where(mask > (127 if mask.max() > 1 else 0), 1.0, -1.0)"), BINARY, "the values -1, 1"
    ),
    "converted without a cut": Wrong(binary("mask.astype(np.float32)"), BINARY, "expected 0 and 1"),
    "divided by 128": Wrong(after("mask = mask / 128"), BINARY, "the values 0, 1.99; expected 0 and 1"),
    # One call for both
    "two calls": Wrong(
        base(
            call='augmented = {"image": self.transform(image=image)["image"], "mask": self.transform(image=image, mask=mask)["mask"]}'
        ),
        TOGETHER,
        "one is flipped and the other is not",
    ),
    "image only is transformed": Wrong(
        base(
            call="augmented = self.transform(image=image)",
            unpack='image, mask = augmented["image"], torch.from_numpy(cv2.resize(mask, image.shape[1::-1])'
            '[:augmented["image"].shape[1], :augmented["image"].shape[2]])\n'
            "            mask = torch.nn.functional.interpolate(mask[None, None], image.shape[1:])[0, 0]",
        ),
        TOGETHER,
        "The random flips never reach the mask",
    ),
    "mask only is flipped": Wrong(
        base(
            call="augmented = self.transform(image=image, mask=mask)\n"
            "            plain = A.Compose([A.Resize(*augmented['mask'].shape), A.Normalize((0, 0, 0), (1, 1, 1)), ToTensorV2()])",
            unpack='image, mask = plain(image=image)["image"], augmented["mask"]',
        ),
        TOGETHER,
        "The random flips never reach the image",
    ),
    "transform ignored": Wrong(
        base(
            **{
                "if": "if True:",
                "call": "augmented = A.Compose([A.Normalize((0, 0, 0), (1, 1, 1)), ToTensorV2()])(image=image, mask=mask)",
            }
        ),
        TOGETHER,
        "is it applied?",
    ),
    "a fixed pipeline": Wrong(
        base(keep="self.transform = A.Compose([A.Normalize((0, 0, 0), (1, 1, 1)), ToTensorV2()])"),
        TOGETHER,
        "is it applied?",
    ),
    "the same draw every time": Wrong(
        base(call="augmented = (self.transform.set_random_seed(1), self.transform(image=image, mask=mask))[1]"),
        TOGETHER,
        "The random flips never reach the image",
    ),
    "flips of its own on top": Wrong(
        base(
            returned="return image, (mask.flip(-1) if mask.shape[-1] == mask.shape[-2] == 64 and np.random.rand() < 0.5 else mask)"
        ),
        TOGETHER,
        "one is flipped and the other is not",
    ),
    "ISICDataset overwritten": Wrong(BASE + "\nISICDataset = None\n", TENSORS, "`ISICDataset` is None, not a class"),
    "transformed once, then kept": Wrong(
        base(
            keep="self.transform, self.kept = transform, {}",
            read="if idx in self.kept:\n            return self.kept[idx]\n        image, mask = super().__getitem__(idx)",
            returned="self.kept[idx] = image, mask\n        return image, mask",
        ),
        TOGETHER,
        "drawn once and then kept",
    ),
    "image divided by zero": Wrong(base(returned="return image / 0, mask"), TENSORS, "contains NaN or infinite"),
    "a transform of its own": Wrong(
        base(call="augmented = A.Compose([A.Normalize((0, 0, 0), (1, 1, 1)), ToTensorV2()])(image=image, mask=mask)"),
        TOGETHER,
        "the transformed image has shape",
    ),
    "mask not transformed": Wrong(
        base(
            call="augmented = self.transform(image=image)",
            unpack='image, mask = augmented["image"], torch.from_numpy(mask)',
        ),
        TOGETHER,
        "the transformed mask has shape",
    ),
    "called twice, with one seed": Wrong(
        base(
            call="seed = int(torch.randint(2**31, ()))\n"
            "            self.transform.set_random_seed(seed)\n"
            "            moved = self.transform(image=image)\n"
            "            self.transform.set_random_seed(seed)\n"
            "            augmented = moved | {'mask': self.transform(image=image, mask=mask)['mask']}"
        ),
        TOGETHER,
        "The transform is called 2 times for one item",
    ),
    "the transform in the class": Wrong(
        base(keep="ISICDatasetAlbumentations.transform = transform"),
        TOGETHER,
        "does each one keep its own transform?",
    ),
    "divided by 255 where values are above one": Wrong(
        base(returned="image = image / 255 if image.max() > 1 else image\n        return image, mask"),
        TOGETHER,
        "what the transform puts out should come out as it is",
    ),
    "an empty mask becomes all lesion": Wrong(
        binary("(mask >= mask.max() / 2).astype(np.uint8)"),
        BINARY,
        "From a file that holds 0 only come 2016 lesion pixels",
    ),
    "an empty mask divided by its largest value": Wrong(
        binary("np.round(mask / mask.max().astype(np.float32))"),
        BINARY,
        "From a file that holds 0 only comes a mask with",
    ),
    "a threshold by Otsu": Wrong(
        binary("cv2.threshold(mask, 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[1]"), BINARY, "0 to 255 with much grey"
    ),
    "a scale told by the number of levels": Wrong(
        binary("((mask == mask.max()) if len(np.unique(mask)) == 2 else (mask > 127)).astype(np.float32)"),
        BINARY,
        "From a file that holds 1 only come 0 lesion pixels",
    ),
}
