import subprocess
import sys

import utils.plotting

LIGHT = """
import sys
import utils.plotting
assert "matplotlib" not in sys.modules
utils.plotting.plot_history, utils.plotting.show_binary_segmentation_batch
from utils.ml import History
assert utils.plotting.plot_history(History([1.0], [1.0], [1.0]))._repr_png_()
for heavy in ("matplotlib.pyplot", "torchvision", "IPython", "utils.checks"):
    assert heavy not in sys.modules, heavy
"""


def test_all_names_exist():
    assert sorted(utils.plotting.__all__) == utils.plotting.__all__
    assert all(callable(getattr(utils.plotting, name)) for name in utils.plotting.__all__)


def test_import_is_light_and_pyplot_is_never_loaded():
    done = subprocess.run([sys.executable, "-W", "error", "-c", LIGHT], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
