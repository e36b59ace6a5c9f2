import http.server
import os
import shutil
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path

import pytest
import torch
from torchvision.models import get_model

from utils.ml import OptionError, WeightsFileError, packed, prepare_weights, weights
from utils.ml import hub as hub_module
from utils.ml.checkpoints import find_fault
from utils.ml.packed import read_packed

ROOT = Path(__file__).parents[2]
FILE_NAME = "efficientnet_b0_rwightman-7f5810bc.pth"
RESNET_FILE = "resnet18-f37072fd.pth"
FILES = {"efficientnet_b0": FILE_NAME, "resnet18": RESNET_FILE}
NOWHERE = f"http://127.0.0.1:9/{FILE_NAME}"  # the discard port: refused at once

CUT_NETWORK = """
import socket
def no_network(*args, **kwargs):
    raise AssertionError("the network was used")
socket.socket.connect = no_network
"""

LOAD_THROUGH_TORCHVISION = f"""
{CUT_NETWORK}
from torchvision.models import EfficientNet_B0_Weights, efficientnet_b0
model = efficientnet_b0(weights=EfficientNet_B0_Weights.DEFAULT).eval()
"""


def run(code, tmp_path, **environment):
    """Run Python code in a fresh process whose caches and temporary files lie under `tmp_path`; return its stdout."""
    (tmp_path / "tmp").mkdir(exist_ok=True)
    folders = {"TORCH_HOME": str(tmp_path / "torch"), "TMPDIR": str(tmp_path / "tmp"), "PYTHONPATH": str(ROOT)}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("WORKSHOP_")}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env=inherited | folders | {"OMP_NUM_THREADS": "1", "no_proxy": "127.0.0.1"} | environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def files_under(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def temporary_folder(tmp_path_factory):
    """Holds the unpacked stand-in between tests."""
    return tmp_path_factory.mktemp("temporary")


@pytest.fixture
def hub(tmp_path, monkeypatch, temporary_folder):
    """A user's hub folder that lasts for one test of this process."""
    monkeypatch.delenv("WORKSHOP_DATA", raising=False)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(hub_module, "_folders", {})
    monkeypatch.setattr(hub_module, "_stand_ins", {})
    monkeypatch.setattr("tempfile.tempdir", str(temporary_folder))
    before = torch.hub.get_dir()
    torch.hub.set_dir(tmp_path / "hub")
    yield tmp_path / "hub"
    torch.hub.set_dir(before)


def prepare(url):
    return weights._prepare("efficientnet_b0", url)


@pytest.fixture(scope="module")
def shipped():
    return read_packed("efficientnet_b0")


@pytest.fixture
def checkpoint(tmp_path, shipped):
    """The bytes of a checkpoint told apart from the stand-in by one value."""
    path = tmp_path / "marked.pth"
    torch.save(shipped | {"classifier.1.bias": torch.full((1000,), 7.0)}, path)
    return path.read_bytes()


@pytest.fixture
def serve(tmp_path):
    """Serve a folder on this machine; yields a function that puts content at the checkpoint's address."""
    folder = tmp_path / "served"
    folder.mkdir()

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()

        def put(content):
            if content is not None:
                (folder / FILE_NAME).write_bytes(content)
            return f"http://127.0.0.1:{server.server_port}/{FILE_NAME}"

        yield put
        server.shutdown()


def test_offline_a_stand_in_loads_through_torchvision_and_the_cache_stays_untouched(tmp_path):
    code = f"from utils.ml.weights import _prepare\nsource = _prepare('efficientnet_b0', {NOWHERE!r})\n"
    output = run(code + LOAD_THROUGH_TORCHVISION + "print(source.kind, source.path)", tmp_path)
    assert "STAND-IN WEIGHTS, NOT IMAGENET" in output
    assert f"{NOWHERE} was not reached" in output
    assert str(tmp_path / "torch" / "hub" / "checkpoints" / FILE_NAME) in output  # where the real ones belong
    assert "weaker results than with the real weights" in " ".join(output.replace("┃", "").split())
    assert output.splitlines()[-1].startswith(f"stand-in {tmp_path / 'tmp'}")
    assert not (tmp_path / "torch").exists()
    assert files_under(tmp_path / "tmp") == [FILE_NAME]


def test_a_file_in_the_cache_is_used_without_network(tmp_path, checkpoint):
    cached = tmp_path / "torch" / "hub" / "checkpoints" / FILE_NAME
    cached.parent.mkdir(parents=True)
    cached.write_bytes(checkpoint)
    code = CUT_NETWORK + "from utils.ml import prepare_weights\nsource = prepare_weights()\n"
    code += LOAD_THROUGH_TORCHVISION + "print(source.kind, source.path, model.classifier[1].bias[0].item())"
    assert run(code, tmp_path).endswith(f"imagenet {cached} 7.0\n")
    assert cached.read_bytes() == checkpoint
    assert files_under(tmp_path / "tmp") == []


def test_sample_mode_tries_no_download(hub, monkeypatch, serve, checkpoint):
    monkeypatch.setenv("WORKSHOP_DATA", "sample")
    assert prepare(serve(checkpoint)).kind == "stand-in"
    assert not hub.exists()


def test_a_stand_in_is_unpacked_once_and_a_damaged_copy_again(hub):
    path = prepare(NOWHERE).path
    first = path.stat()
    assert prepare(NOWHERE).path == path
    assert path.stat().st_mtime_ns == first.st_mtime_ns
    path.write_bytes(b"half a file")
    prepare(NOWHERE)
    assert path.stat().st_size == first.st_size


def test_a_stand_in_is_never_taken_for_the_real_one_on_a_second_call(hub, capsys):
    assert [prepare(NOWHERE).kind for _ in range(2)] == ["stand-in"] * 2
    assert capsys.readouterr().out.count(str(hub / "checkpoints" / FILE_NAME)) == 2


def test_a_fetched_checkpoint_lands_in_the_cache(hub, serve, checkpoint, capfd):
    source = prepare(serve(checkpoint))
    assert (source.kind, source.path) == ("imagenet", hub / "checkpoints" / FILE_NAME)
    assert source.path.read_bytes() == checkpoint
    assert [entry.name for entry in source.path.parent.iterdir()] == [FILE_NAME]
    output = capfd.readouterr()
    assert "not 7f5810bc" in output.out  # a wrong hash is told, and stops nobody
    assert output.err == ""


def test_the_real_weights_take_over_once_they_can_be_had(hub, serve, checkpoint):
    assert prepare(NOWHERE).kind == "stand-in"
    assert torch.hub.get_dir() != str(hub)
    assert prepare(serve(checkpoint)).kind == "imagenet"
    assert torch.hub.get_dir() == str(hub)


BAD_ANSWERS = {
    "nothing there": (None, "answered 404"),
    "a login page": (b"<html>Welcome to our hotel</html>", "is no checkpoint, or a damaged one"),
    "an empty file": (b"", "is no checkpoint, or a damaged one"),
}


@pytest.mark.parametrize(("content", "reason"), BAD_ANSWERS.values(), ids=BAD_ANSWERS)
def test_what_is_no_checkpoint_never_enters_the_cache(hub, serve, capfd, content, reason):
    assert prepare(serve(content)).kind == "stand-in"
    output = capfd.readouterr()
    assert reason in " ".join(output.out.replace("┃", "").split())
    assert output.err == ""
    assert files_under(hub) == []


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="needs POSIX permissions")
def test_a_folder_that_others_can_write_is_not_trusted(hub, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    planted = tmp_path / "tmp" / f"workshop-stand-in-{os.getuid()}"
    planted.mkdir(parents=True)
    planted.chmod(0o777)
    assert planted not in prepare(NOWHERE).path.parents
    assert files_under(planted) == []


FAULTS = {
    "cut off": (lambda weights: weights, 1000, "damaged"),
    "another model's": (lambda weights: {"layer.weight": torch.zeros(3)}, None, "does not fit"),
    "another shape": (lambda weights: weights | {"classifier.1.bias": torch.zeros(2)}, None, "does not fit"),
    "a whole model": (lambda weights: [1, 2], None, "no state dict"),
    "a NaN": (lambda weights: weights | {"classifier.1.bias": torch.full((1000,), torch.nan)}, None, "not finite"),
}


@pytest.mark.parametrize(("change", "length", "fault"), FAULTS.values(), ids=FAULTS)
def test_faults_of_a_checkpoint_are_found(tmp_path, shipped, change, length, fault):
    path = tmp_path / "weights.pth"
    torch.save(change(shipped), path)
    path.write_bytes(path.read_bytes()[:length])
    assert fault in find_fault("efficientnet_b0", path)


def test_a_checkpoint_that_would_run_code_is_refused(tmp_path):
    class Evil:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "ran"),)

    torch.save({"x": Evil()}, tmp_path / "weights.pth")
    assert find_fault("efficientnet_b0", tmp_path / "weights.pth") is not None
    assert not (tmp_path / "ran").exists()


@pytest.fixture
def real_resnet(hub):
    """A checkpoint of ResNet-18 in the user's cache, told apart from the stand-in by one value."""
    path = hub / "checkpoints" / RESNET_FILE
    path.parent.mkdir(parents=True)
    torch.save(get_model("resnet18", weights=None).state_dict() | {"fc.bias": torch.full((1000,), 9.0)}, path)
    return path


@pytest.mark.parametrize("order", [("efficientnet_b0", "resnet18"), ("resnet18", "efficientnet_b0")])
def test_a_stand_in_for_one_network_lies_beside_the_real_other(real_resnet, order):
    kinds = {name: weights._prepare(name, f"http://127.0.0.1:9/{FILES[name]}").kind for name in order}
    assert kinds == {"efficientnet_b0": "stand-in", "resnet18": "imagenet"}
    assert get_model("resnet18", weights="DEFAULT").fc.bias[0] == 9
    assert get_model("efficientnet_b0", weights="DEFAULT").classifier[1].bias[0] == 0
    assert files_under(real_resnet.parent) == [RESNET_FILE]


def test_the_hub_goes_back_to_the_users_only_when_no_stand_in_is_needed(hub, serve, checkpoint):
    for name, file in FILES.items():
        assert weights._prepare(name, f"http://127.0.0.1:9/{file}").kind == "stand-in"
    assert prepare(serve(checkpoint)).kind == "imagenet"
    assert get_model("efficientnet_b0", weights="DEFAULT").classifier[1].bias[0] == 7
    assert get_model("resnet18", weights="DEFAULT").fc.bias[0] == 0
    assert files_under(hub) == [FILE_NAME]


def test_a_cache_that_the_user_chooses_later_is_used(hub, tmp_path, checkpoint):
    assert prepare(NOWHERE).kind == "stand-in"
    chosen = tmp_path / "chosen"
    (chosen / "checkpoints").mkdir(parents=True)
    (chosen / "checkpoints" / FILE_NAME).write_bytes(checkpoint)
    torch.hub.set_dir(chosen)
    assert prepare(NOWHERE).kind == "imagenet"
    assert torch.hub.get_dir() == str(chosen)


def test_a_damaged_stand_in_stops_with_what_to_do(hub, monkeypatch, tmp_path):
    copy = shutil.copytree(packed.FOLDER, tmp_path / "pretrained")
    (copy / "efficientnet_b0.pt").write_bytes(b"half a file")
    monkeypatch.setattr(packed, "FOLDER", copy)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(WeightsFileError, match="is not the one that was published"):
        prepare(NOWHERE)
    assert torch.hub.get_dir() == str(hub)


def test_an_unknown_name_lists_what_there_is():
    with pytest.raises(OptionError, match=r"'efficientnet_b9'.*'efficientnet_b0'"):
        prepare_weights("efficientnet_b9")


FORK = f"""
import os, warnings, torch
from pathlib import Path
from utils.ml.weights import _prepare
_prepare("efficientnet_b0", {NOWHERE!r})
served = Path(torch.hub.get_dir()) / "checkpoints" / {FILE_NAME!r}
before = served.lstat().st_ino
warnings.simplefilter("ignore")  # newer Pythons warn of any fork
if (child := os.fork()) == 0:
    _prepare("efficientnet_b0", {NOWHERE!r})
    os._exit(int(torch.hub.get_dir() == str(served.parents[1])))
assert os.waitpid(child, 0)[1] == 0
assert served.lstat().st_ino == before
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_process_leaves_its_parents_folder_alone(tmp_path):
    run(FORK, tmp_path)
