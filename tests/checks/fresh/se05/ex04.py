"""Exercise 4: 30 answers from the exercise text."""

from tests.checks.fresh import edit

BASE = """
class ISICDatasetAlbumentations(ISICDataset):
    def __init__(self, image_dir, mask_dir, transform=None):
        super().__init__(image_dir, mask_dir)
        self.transform = transform

    def __getitem__(self, idx):
        image, mask = super().__getitem__(idx)
        image, mask = np.array(image), np.array(mask)
        mask = (mask > (127 if mask.max() > 1 else 0)).astype(np.uint8)
        if self.transform is None:
            return torch.from_numpy(image).permute(2, 0, 1).float() / 255, torch.from_numpy(mask)
        out = self.transform(image=image, mask=mask)
        return out["image"], out["mask"]
"""
OWN = """
class ISICDataset(Dataset):
    def __init__(self, image_dir, mask_dir, img_transform=None, mask_transform=None):
        self.mask_dir = Path(mask_dir)
        self.paths = sorted(Path(image_dir).glob("*.jpg"))
        self.img_transform, self.mask_transform = img_transform, mask_transform

    def __len__(self):
        return len(self.paths)

    def load(self, idx):
        path = self.paths[idx]
        image = Image.open(path).convert("RGB")
        mask = Image.open(self.mask_dir / f"{path.stem}_Segmentation.png").convert("L")
        return image, mask

    def __getitem__(self, idx):
        image, mask = self.load(idx)
        image = self.img_transform(image) if self.img_transform else image
        return image, self.mask_transform(mask) if self.mask_transform else mask

class ISICDatasetAlbumentations(ISICDataset):
    def __init__(self, image_dir, mask_dir, transform=None):
        super().__init__(image_dir, mask_dir, None, None)
        self.transform = transform if transform is not None else A.Compose([A.ToFloat(max_value=255), ToTensorV2()])

    def __getitem__(self, idx):
        image, mask = map(np.asarray, self.load(idx))
        both = self.transform(image=image, mask=mask)
        mask = both["mask"].float()
        if mask.max() > 1:
            mask = mask / 255
        mask = (mask >= 0.5).float().unsqueeze(0)
        return both["image"].float(), mask
"""
CV2 = """
import cv2

class ISICDataset(Dataset):
    def __init__(self, image_dir, mask_dir, img_transform=None, mask_transform=None):
        self.mask_dir = Path(mask_dir)
        self.paths = sorted(Path(image_dir).glob("*.jpg"))

    def __len__(self):
        return len(self.paths)

class ISICDatasetAlbumentations(ISICDataset):
    def __init__(self, image_dir, mask_dir, transform=None):
        super().__init__(image_dir, mask_dir)
        self.transform = transform

    def __getitem__(self, idx):
        path = self.paths[idx]
        image = cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)
        mask = cv2.imread(str(self.mask_dir / f"{path.stem}_Segmentation.png"), cv2.IMREAD_GRAYSCALE)
        mask = (mask > mask.max() / 2).astype("float32")
        transform = self.transform or A.Compose([A.ToFloat(), ToTensorV2()])
        out = transform(image=image, mask=mask)
        return out["image"], out["mask"]
"""
CUT = "(mask > (127 if mask.max() > 1 else 0)).astype(np.uint8)"
CALL = "out = self.transform(image=image, mask=mask)"
RETURN = 'return out["image"], out["mask"]'

RIGHT = [
    ("super_item_then_arrays", BASE),
    ("own_loader_cut_afterwards", OWN),
    ("opencv", CV2),
    ("half_of_the_maximum", edit(BASE, (CUT, "(mask > mask.max() / 2).astype(np.float32)"))),
    (
        "scaled_then_rounded",
        edit(BASE, (CUT, "np.round(mask / (255.0 if mask.max() > 1 else 1.0)).astype(np.float32)")),
    ),
    ("where", edit(BASE, (CUT, "np.where(mask >= 128, 1, 0).astype('uint8') if mask.max() > 1 else mask"))),
    ("long", edit(BASE, (RETURN, 'return out["image"], out["mask"].long()'))),
    ("bool", edit(BASE, (RETURN, 'return out["image"], out["mask"].bool()'))),
    ("float_with_channel", edit(BASE, (RETURN, 'return out["image"].float(), out["mask"][None].float()'))),
    (
        "list_of_masks",
        edit(
            BASE,
            (CALL, "out = self.transform(image=image, masks=[mask])"),
            (RETURN, 'return out["image"], out["masks"][0]'),
        ),
    ),
    (
        "channel_axis_going_in",
        edit(
            BASE,
            (CALL, "out = self.transform(image=image, mask=mask[..., None])"),
            (RETURN, 'return out["image"], out["mask"].squeeze().unsqueeze(0)'),
        ),
    ),
    (
        "pil_point",
        edit(
            BASE,
            (
                "image, mask = np.array(image), np.array(mask)",
                "top = mask.getextrema()[1]\n"
                "        mask = mask.point(lambda v: int(v > top / 2))\n"
                "        image, mask = np.asarray(image), np.asarray(mask)",
            ),
            (f"        mask = {CUT}\n", ""),
        ),
    ),
]
WRONG = [
    (
        "two_calls",
        edit(
            BASE,
            (
                CALL,
                "out = {'image': self.transform(image=image)['image'],\n"
                "               'mask': self.transform(image=image, mask=mask)['mask']}",
            ),
        ),
    ),
    (
        "mask_only_resized",
        edit(
            BASE,
            (
                CALL,
                "out = {'image': self.transform(image=image)['image'],\n"
                "               'mask': A.Compose([A.Resize(64, 64), ToTensorV2()])(image=image, mask=mask)['mask']}",
            ),
        ),
    ),
    ("mask_in_file_values", edit(BASE, (f"        mask = {CUT}\n", ""))),
    ("divided_by_255", edit(BASE, (CUT, "mask.astype(np.float32) / 255"))),
    ("divided_by_maximum", edit(BASE, (CUT, "mask.astype(np.float32) / max(mask.max(), 1)"))),
    ("cut_at_127_always", edit(BASE, (CUT, "(mask > 127).astype(np.uint8)"))),
    ("everything_above_zero", edit(BASE, (CUT, "(mask > 0).astype(np.uint8)"))),
    ("cut_at_the_mean", edit(BASE, (CUT, "(mask > mask.mean()).astype(np.uint8)"))),
    ("inverted", edit(BASE, (CUT, "1 - " + CUT))),
    ("classes_one_and_two", edit(BASE, (CUT, "1 + " + CUT))),
    (
        "not_a_subclass",
        edit(
            BASE,
            ("(ISICDataset):", "(Dataset):"),
            (
                "super().__init__(image_dir, mask_dir)",
                "self.base = ISICDataset(image_dir, mask_dir)\n        self.n = len(self.base)",
            ),
            ("super().__getitem__(idx)", "self.base[idx]"),
            ("    def __getitem__", "    def __len__(self):\n        return self.n\n\n    def __getitem__"),
        ),
    ),
    ("arrays_out", edit(BASE, (RETURN, 'return out["image"].numpy(), out["mask"].numpy()'))),
    ("dictionary_out", edit(BASE, (RETURN, "return out"))),
    ("mask_first", edit(BASE, (RETURN, 'return out["mask"], out["image"]'))),
    ("image_as_bytes", edit(BASE, (RETURN, 'return out["image"].byte(), out["mask"]'))),
    ("channel_last_mask", edit(BASE, (RETURN, 'return out["image"], out["mask"][..., None]'))),
    ("mask_in_three_channels", edit(BASE, (RETURN, 'return out["image"], out["mask"].expand(3, -1, -1)'))),
    ("blue_first", edit(CV2, ("cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)", "cv2.imread(str(path))"))),
    ("global_transform", edit(BASE, (CALL, "out = train_img_ts(image=image, mask=mask)"))),
    ("mask_flipped_afterwards", edit(BASE, (RETURN, 'return out["image"], out["mask"].flip(0)'))),
    (
        "pairs_by_position",
        edit(OWN, ('self.mask_dir / f"{path.stem}_Segmentation.png"', 'sorted(self.mask_dir.glob("*.png"))[idx]')),
    ),
    ("mask_of_zeros", edit(BASE, (RETURN, 'return out["image"], torch.zeros_like(out["mask"])'))),
]
ANSWERS = [(n, c, True) for n, c in RIGHT] + [(n, c, False) for n, c in WRONG]
