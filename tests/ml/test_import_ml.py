import subprocess
import sys

import utils.ml

LIGHT = """
import sys
import utils.ml
assert "torch" not in sys.modules
utils.ml.train_model, utils.ml.evaluate_segmentation, utils.ml.prepare_weights
for heavy in ("torchvision", "matplotlib", "utils.plotting", "IPython", "utils.checks"):
    assert heavy not in sys.modules, heavy
"""


def test_all_names_exist():
    assert sorted(utils.ml.__all__) == utils.ml.__all__
    assert all(getattr(utils.ml, name).__module__.startswith("utils.ml.") for name in utils.ml.__all__)


def test_import_is_light_silent_and_knows_no_plotting():
    done = subprocess.run([sys.executable, "-W", "error", "-c", LIGHT], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
