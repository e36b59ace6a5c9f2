"""Right and wrong answers to exercise 7, augmentation for X-rays."""

from tests.checks.answers import Wrong
from tests.checks.rewriting import swap

BOTH = """
train_transform = v2.Compose([
    v2.Resize((64, 64)),
    v2.RandomHorizontalFlip(p=0.5),
    v2.RandomRotation(10),
    v2.ColorJitter(brightness=0.2, contrast=0.2),
    v2.ToDtype(torch.float32, scale=True),
    v2.Normalize([mean], [std]),
])
valid_transform = v2.Compose([
    v2.Resize((64, 64)),
    v2.ToDtype(torch.float32, scale=True),
    v2.Normalize(mean=[mean], std=[std]),
])
"""
CUT = BOTH.index("valid_transform")
TRAIN, VALID = BOTH[:CUT], BOTH[CUT:]
SIZE, FLIP, TURN = "    v2.Resize((64, 64)),\n", "    v2.RandomHorizontalFlip(p=0.5),\n", "    v2.RandomRotation(10),\n"
TONES, FLOATS = "    v2.ColorJitter(brightness=0.2, contrast=0.2),\n", "    v2.ToDtype(torch.float32, scale=True),\n"
NORMAL, NORMAL_V = "    v2.Normalize([mean], [std]),\n", "    v2.Normalize(mean=[mean], std=[std]),\n"


def train(*pairs):
    return swap(TRAIN, *pairs) + VALID


def valid(*pairs):
    return TRAIN + swap(VALID, *pairs)


RIGHT = {
    "as in the text": BOTH,
    "resized last": train((SIZE, ""), (FLOATS, SIZE + FLOATS)),
    "bilinear rotation": train(("RandomRotation(10)", "RandomRotation(10, interpolation=v2.InterpolationMode.BILINEAR)")),
    "the first version of transforms": train(("v2.", "transforms."), ("transforms.ToDtype(torch.float32, scale=True)", "transforms.ConvertImageDtype(torch.float32)")),
    "rotation in half of the images": train(("    v2.RandomRotation(10),", "    v2.RandomApply([v2.RandomRotation(10)], p=0.5),")),
    "five degrees": train(("RandomRotation(10)", "RandomRotation((-5, 5))")),
    "affine with degrees only": train(("RandomRotation(10)", "RandomAffine(degrees=10)")),
    "tones in most of the images": train(("    v2.ColorJitter(brightness=0.2, contrast=0.2),", "    v2.RandomApply([v2.ColorJitter(0.15, 0.15)], p=0.8),")),
    "ranges given": train(("brightness=0.2, contrast=0.2", "brightness=(0.85, 1.15), contrast=(0.9, 1.1)")),
    "floats first": train((FLOATS, ""), (SIZE, FLOATS + SIZE)),
    "a Sequential": train(("v2.Compose([", "nn.Sequential(*["),),
    "a function": valid((VALID, "def valid_transform(image):\n    image = F.interpolate(image[None].float(), size=(64, 64), mode='bilinear', antialias=True)[0]\n    return (image / 255 - mean) / std\n")),
    "a colour jitter of four": train(("contrast=0.2", "contrast=0.2, saturation=0, hue=0")),
    "two jitters": train((TONES, "    v2.ColorJitter(brightness=0.2),\n    v2.ColorJitter(contrast=0.2),\n")),
    "no antialias": valid(("v2.Resize((64, 64))", "v2.Resize((64, 64), antialias=False)")),
    "float64": valid(("torch.float32", "torch.float64")),
    "turned after it is normalised": train((TURN, ""), (NORMAL, NORMAL + TURN)),
    "only darker": train(("brightness=0.2", "brightness=(0.8, 1.0)")),
}  # fmt: skip

PUTS, FLIPS, TURNS, VARIES, PLAIN = (
    "train_puts_out_normalised_tensors", "train_flips_sideways_only", "train_rotates_a_little",
    "train_varies_brightness_and_contrast", "valid_only_resizes_and_normalises",
)  # fmt: skip
WRONG = {
    "infinite": Wrong(train((NORMAL, NORMAL + "    lambda image: image / 0,\n")), PUTS, "NaN or infinite"),
    "another mean": Wrong(BOTH + "mean = 112.0\n", PUTS, "lie between 0 and 1"),
    "quarter turns": Wrong(train((TURN, "    lambda image: torch.rot90(image, 1, (1, 2)),\n" + TURN)), FLIPS, "turned by a quarter"),
    "not resized": Wrong(train((SIZE, "")), PUTS, "expected (1, 64, 64)"),
    "the short side only": Wrong(train(("Resize((64, 64))", "Resize(64)")), PUTS, "expected (1, 64, 64)"),
    "another size": Wrong(train(("Resize((64, 64))", "Resize((128, 128))")), PUTS, "has shape (1, 128, 128)"),
    "three channels": Wrong(train((SIZE, SIZE + "    v2.Grayscale(3),\n"), (NORMAL, "    v2.Normalize([mean] * 3, [std] * 3),\n")), PUTS, "expected (1, 64, 64)"),
    "still whole numbers": Wrong(train((FLOATS + NORMAL, "")), PUTS, "normalised values are floats"),
    "not normalised": Wrong(train((NORMAL, "")), PUTS, "It is not normalised, only divided by 255"),
    "not scaled": Wrong(train(("scale=True", "scale=False")), PUTS, "It is not divided by 255 before it is normalised"),
    "statistics swapped": Wrong(train((NORMAL, "    v2.Normalize([std], [mean]),\n")), PUTS, "`mean` and `std` are swapped"),
    "normalised with a half": Wrong(train((NORMAL, "    v2.Normalize([0.5], [0.5]),\n")), PUTS, "0.5 and 0.5"),
    "normalised twice": Wrong(train((NORMAL, NORMAL + NORMAL)), PUTS, "It is normalised twice"),
    "inverted": Wrong(train((FLOATS, "    v2.RandomInvert(p=1.0),\n" + FLOATS)), PUTS, "does not bring the grey levels back"),
    "no tensor": Wrong(train((NORMAL, NORMAL + "    lambda image: image.numpy(),\n")), PUTS, "not a tensor"),
    "a pipeline for PIL images": Wrong(train(("v2.", "transforms."), ("transforms.ToDtype(torch.float32, scale=True)", "transforms.ToTensor()")), PUTS, "pic should be PIL Image"),
    "a list": Wrong(train(("v2.Compose([", "(["),), PUTS, "cannot be called"),
    "no flip": Wrong(train((FLIP, "")), FLIPS, "none was flipped left to right"),
    "always flipped": Wrong(train(("p=0.5", "p=1.0")), FLIPS, "100% of 250 draws were flipped left to right"),
    "seldom flipped": Wrong(train(("p=0.5", "p=0.2")), FLIPS, "with probability 0.5 it is about half"),
    "vertical instead": Wrong(train(("RandomHorizontalFlip", "RandomVerticalFlip")), FLIPS, "are upside down"),
    "both flips": Wrong(train((FLIP, FLIP + "    v2.RandomVerticalFlip(),\n")), FLIPS, "no patient's stomach lies above the lungs"),
    "half turns": Wrong(train(("RandomRotation(10)", "RandomRotation(180)")), FLIPS, "upside down"),
    "random crops": Wrong(train((SIZE, "    v2.RandomResizedCrop((64, 64), scale=(0.3, 0.6)),\n")), FLIPS, "cut off, covered, deformed or inverted"),
    "parts erased": Wrong(train((NORMAL, NORMAL + "    v2.RandomErasing(p=0.9, scale=(0.2, 0.4)),\n")), FLIPS, "cut off, covered, deformed or inverted"),
    "elastic": Wrong(train((TURN, TURN + "    v2.ElasticTransform(alpha=300.0),\n")), FLIPS, "deformed"),
    "no rotation": Wrong(train((TURN, "")), TURNS, "none was rotated"),
    "thirty degrees": Wrong(train(("RandomRotation(10)", "RandomRotation(30)")), TURNS, "at most 10 are asked for"),
    "one degree": Wrong(train(("RandomRotation(10)", "RandomRotation(2.5)")), TURNS, "it should reach beyond 3 degrees"),
    "one way round": Wrong(train(("RandomRotation(10)", "RandomRotation((0, 10))")), TURNS, "goes the same way round"),
    "a fixed angle": Wrong(train(("RandomRotation(10)", "RandomRotation((8, 8))")), TURNS, "by the same angle, 8 degrees"),
    "hardly ever rotated": Wrong(train(("    v2.RandomRotation(10),", "    v2.RandomApply([v2.RandomRotation(10)], p=0.02),")), TURNS, "rotated"),
    "shifted": Wrong(train(("RandomRotation(10)", "RandomAffine(10, translate=(0.2, 0.2))")), TURNS, "The picture is shifted"),
    "enlarged": Wrong(train(("RandomRotation(10)", "RandomAffine(10, scale=(1.15, 1.2))")), TURNS, "times as large"),
    "no tones": Wrong(train((TONES, "")), VARIES, "the brightness does not vary"),
    "brightness alone": Wrong(train(("brightness=0.2, contrast=0.2", "brightness=0.2")), VARIES, "the contrast does not vary"),
    "contrast alone": Wrong(train(("brightness=0.2, contrast=0.2", "contrast=0.2")), VARIES, "the brightness does not vary"),
    "strong contrast": Wrong(train(("contrast=0.2", "contrast=0.6")), VARIES, "The contrast changes by factors from"),
    "strong brightness": Wrong(train(("brightness=0.2", "brightness=0.5")), VARIES, "The brightness changes by factors from"),
    "validation augmented": Wrong(TRAIN + "valid_transform = train_transform\n", PLAIN, "another result each time"),
    "validation flipped sometimes": Wrong(valid((SIZE, SIZE + FLIP)), PLAIN, "validation must not be random"),
    "validation always flipped": Wrong(valid((SIZE, SIZE + "    v2.RandomHorizontalFlip(p=1.0),\n")), PLAIN, "It is flipped or turned"),
    "validation not normalised": Wrong(valid((NORMAL_V, "")), PLAIN, "only divided by 255"),
    "validation not scaled": Wrong(valid(("scale=True", "scale=False")), PLAIN, "It is not divided by 255"),
    "validation with ImageNet's statistics": Wrong(valid((NORMAL_V, "    v2.Normalize([0.485], [0.229]),\n")), PLAIN, "ImageNet's statistics"),
    "validation divided twice": Wrong(valid((NORMAL_V, "    lambda image: image / 255,\n" + NORMAL_V)), PLAIN, "divided by 255 twice"),
    "validation cropped": Wrong(valid((SIZE, "    v2.Resize(64),\n    v2.CenterCrop(64),\n")), PLAIN, "it is cut or padded, not resized"),
    "validation not resized": Wrong(valid((SIZE, "")), PLAIN, "expected (1, 64, 64)"),
    "validation divided by the variance": Wrong(valid((NORMAL_V, "    v2.Normalize([mean], [std**2]),\n")), PLAIN, "variance instead of the standard deviation"),
    "validation only centred": Wrong(valid((NORMAL_V, "    v2.Normalize([mean], [1.0]),\n")), PLAIN, "nothing is divided by `std`"),
    "scaled up and down": Wrong(train(("RandomRotation(10)", "RandomAffine(10, scale=(0.85, 1.15))")), TURNS, "times as large"),
    "brightness that begins again at zero": Wrong(train((TONES, "    v2.ColorJitter(contrast=0.2),\n    lambda image: (image.float() * float(np.random.uniform(0.8, 1.2))).to(torch.int64).remainder(256).to(torch.uint8),\n")), VARIES, "what gets brighter than 255 has to stay white"),
    "written into the image": Wrong(train((SIZE, "    lambda image: image.copy_(image.flip(-1)),\n" + SIZE)), PUTS, "`train_transform` writes into the image"),
    "validation writes into the image": Wrong(valid((SIZE, "    lambda image: image.clamp_(5, 250),\n" + SIZE)), PLAIN, "`valid_transform` writes into the image"),
    "validation remembers": Wrong(BOTH + "first, plain = [], valid_transform\ndef valid_transform(image):\n    first.append(plain(image))\n    return first[0]\n", PLAIN, "the same of two different images"),
    "training with ImageNet's statistics": Wrong(train((NORMAL, "    v2.Normalize([0.485], [0.229]),\n")), PUTS, "ImageNet's statistics"),
    "flipped in turn": Wrong(train((FLIP, "    lambda image, turn=__import__('itertools').cycle((0, 1)): image.flip(-1) if next(turn) else image,\n")), FLIPS, "The flips come in turn, the same again after every 2 draws"),
    "sheared": Wrong(train((TURN, "    v2.RandomAffine(0, shear=(-9, 9)),\n")), TURNS, "The picture is sheared, not rotated"),
    "validation divided only where it looks necessary": Wrong(valid((FLOATS, "    v2.ToDtype(torch.float32),\n    lambda image: image / 255 if image.max() > 1 else image,\n")), PLAIN, "of levels 1 and 255 come out with levels 255 and 255"),
    "validation divided by 256": Wrong(valid((FLOATS, "    v2.ToDtype(torch.float32),\n    lambda image: image / 256,\n")), PLAIN, "come out with levels 0.9961 and 254"),
}  # fmt: skip
