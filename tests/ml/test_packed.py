"""The files of `utils/ml/pretrained` are what their manifest says, and a damaged one is refused in clear words."""

import json
import shutil

import pytest
import torch
from torch.nn.functional import interpolate
from torchvision.models import get_model

from utils.ml import WeightsFileError, packed
from utils.ml.checkpoints import find_fault
from utils.ml.packed import FOLDER, pack, read_packed, unpack

LARGEST = {"efficientnet_b0": 10e6, "resnet18": 12e6}  # bytes
CLASSES = {"efficientnet_b0": "classifier.1", "resnet18": "fc"}
MANIFEST = json.loads((FOLDER / "manifest.json").read_text())

every_network = pytest.mark.parametrize("name", LARGEST)


def test_the_manifest_tells_of_every_file_and_nothing_else():
    assert {entry["file"] for entry in MANIFEST.values()} == {path.name for path in FOLDER.glob("*.pt")}
    assert set(MANIFEST) == set(LARGEST)


@every_network
def test_the_file_is_small_enough_and_as_long_as_stated(name):
    size = (FOLDER / MANIFEST[name]["file"]).stat().st_size
    assert size == MANIFEST[name]["bytes"] <= LARGEST[name]


@every_network
def test_the_record_says_how_to_make_it_and_under_which_licence(name):
    entry = MANIFEST[name]
    assert entry["command"].startswith(f"python -m utils.ml.pretraining {name} --steps ")
    assert entry["pictures"] > 0
    assert {"seed", "licence", "made on", "scores"} <= set(entry)


@every_network
def test_the_weights_fit_the_network_and_leave_its_classes_blank(name, tmp_path):
    weights = read_packed(name)
    torch.save(weights, tmp_path / "weights.pth")
    assert find_fault(name, tmp_path / "weights.pth") is None
    assert all(not weights[f"{CLASSES[name]}.{kind}"].any() for kind in ("weight", "bias"))


@every_network
@pytest.mark.parametrize("side", [64, 224])
def test_the_features_are_alive_in_evaluation_mode(name, side):
    network = get_model(name, weights=None)
    network.load_state_dict(read_packed(name))
    norms = []
    for module in network.eval().modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.register_forward_hook(lambda module, images, output: norms.append(output.std(0).mean().item()))
    coarse = torch.randn(4, 3, 8, 8, generator=torch.Generator().manual_seed(5))
    with torch.no_grad():
        network(interpolate(coarse, size=(side, side), mode="bilinear"))
    assert min(norms) > 1e-5  # between images: an untrained network's sinks to 1e-13
    assert max(norms) < 100


def test_packing_moves_no_weight_by_more_than_half_a_step_of_its_channel():
    torch.manual_seed(0)
    weights = {"conv.weight": torch.randn(6, 4, 3, 3) * torch.logspace(-4, 2, 6).view(-1, 1, 1, 1)}
    back = unpack(pack(weights))["conv.weight"]
    steps = weights["conv.weight"].abs().amax(dim=(1, 2, 3)) / 127
    assert ((back - weights["conv.weight"]).abs().amax(dim=(1, 2, 3)) <= 0.501 * steps).all()


def test_what_is_not_packed_comes_back_exactly(tmp_path):
    weights = {
        "norm.running_var": torch.rand(7),
        "norm.num_batches_tracked": torch.tensor(32),
        "fc.weight": torch.zeros(1000, 50),
        "silent.weight": torch.cat([torch.zeros(1, 3), torch.ones(1, 3)]),  # a channel of zeros among others
    }
    torch.save(pack(weights), tmp_path / "weights.pt")
    back = unpack(torch.load(tmp_path / "weights.pt", weights_only=True))
    assert back.keys() == weights.keys()
    for key in weights:
        assert back[key].dtype == weights[key].dtype
        torch.testing.assert_close(back[key], weights[key])
    assert (tmp_path / "weights.pt").stat().st_size < 5000


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A copy of the folder of weights that a test may damage."""
    copy = shutil.copytree(FOLDER, tmp_path / "pretrained")
    monkeypatch.setattr(packed, "FOLDER", copy)
    monkeypatch.setattr(packed, "MANIFEST", copy / "manifest.json")
    return copy


def flip_a_bit(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


DAMAGES = {
    "cut off": (lambda path: path.write_bytes(path.read_bytes()[:1000]), "1,000 bytes"),
    "one bit flipped": (flip_a_bit, "is not the one that was published"),
    "a pointer of Git LFS": (lambda path: path.write_text("version https://git-lfs"), "23 bytes"),
    "not there": (lambda path: path.unlink(), "cannot be read"),
}


@pytest.mark.parametrize(("damage", "words"), DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_file_is_refused_with_what_to_do(folder, damage, words):
    path = folder / "resnet18.pt"
    damage(path)
    with pytest.raises(WeightsFileError, match=words) as caught:
        read_packed("resnet18")
    assert str(path) in str(caught.value)
    assert "Fetch the course again" in str(caught.value)
    read_packed("efficientnet_b0")  # the other one is as good as before


def test_without_a_manifest_nothing_is_trusted(folder):
    (folder / "manifest.json").unlink()
    with pytest.raises(WeightsFileError, match=r"manifest\.json does not tell of resnet18"):
        read_packed("resnet18")
