"""Odd things that honest students do, with the points that exercise 1 of the toy session earns by it."""

RIGHT = "def add(first, second):\n    return first + second\n"

HONEST = {
    "silences warnings for good": (RIGHT + "import warnings\nwarnings.warn = lambda *a, **k: None\n", 2),
    "brings old names back to numpy": (RIGHT + "import numpy as np\nnp.int = int\nnp.bool = bool\n", 2),
    "turns certificates off": (
        RIGHT + "import ssl\nssl._create_default_https_context = ssl._create_unverified_context\n",
        2,
    ),
    "calls variables like builtins": ("sum = 3\nlist = [1]\nmax = min = 5\nall = True\n" + RIGHT, 2),
    "seeds everything": (
        RIGHT + "import random, numpy as np, torch\nrandom.seed(1)\nnp.random.seed(1)\ntorch.manual_seed(1)\n"
        "torch.backends.cudnn.deterministic = True\ntorch.set_num_threads(1)\n",
        2,
    ),
    "changes defaults of torch": (
        RIGHT + "import torch\ntorch.set_default_dtype(torch.float64)\ntorch.set_grad_enabled(False)\n"
        "torch.set_printoptions(precision=2)\ntorch.set_default_device('cpu')\n",
        2,
    ),
    "imports much": (
        RIGHT
        + "import asyncio, multiprocessing, concurrent.futures, unittest.mock, sqlite3, http.server, csv, logging\n"
        "import torch.nn as nn, torch.nn.functional as F, torchvision.models, torch.utils.data, matplotlib.pyplot as plt\n",
        2,
    ),
    "writes to stderr": (
        "import sys, warnings\n"
        + RIGHT.replace("    return", "    warnings.warn('!')\n    print('?', file=sys.stderr)\n    return"),
        2,
    ),
    "prints much": (RIGHT + "print('x' * 100_000)\n", 2),
    "uses a bar": (RIGHT + "from tqdm.auto import tqdm\nfor step in tqdm(range(3)):\n    pass\n", 2),
    "checks twice": (RIGHT + "checker.check_exercise(1, {'add': add})\nchecker.check_exercise(1, {'add': add})\n", 2),
    "asks for hints": (
        "def add(first, second):\n    return first\nchecker.check_exercise(1, {'add': add})\nchecker.hint(1)\n",
        0,
    ),
    "is half right": ("def add(first, second):\n    return first + second if isinstance(first, int) else first\n", 1),
    "raises": ("def add(first, second):\n    raise ValueError('not yet')\n", 0),
    "fails in the cell": ("raise RuntimeError('no')\n", 0),
    "makes a mistake in syntax": ("def add(first, second:\n    return\n", 0),
    "starts threads that end": (
        RIGHT
        + "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(2) as pool:\n    print(list(pool.map(abs, [1])))\n",
        2,
    ),
    "loads with workers": (
        RIGHT
        + "from torch.utils.data import DataLoader\nprint(len(list(DataLoader(list(range(8)), batch_size=2, num_workers=2))))\n",
        2,
    ),
    "cleans up": (
        RIGHT + "import gc, torch\ngc.collect()\ncount = sum(torch.is_tensor(o) for o in gc.get_objects())\n",
        2,
    ),
    "uses magics": (RIGHT + "%time add(1, 2)\n%matplotlib inline\n!echo hello\n", 2),
    "times with a decorator": (
        "import functools, time\ndef timed(function):\n    @functools.wraps(function)\n    def inner(*arguments):\n"
        "        time.perf_counter()\n        return function(*arguments)\n    return inner\n@timed\n" + RIGHT,
        2,
    ),
    "draws": (RIGHT + "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\n", 2),
    "profiles": (RIGHT + "import cProfile\ncProfile.run('add(1, 2)')\n", 2),
}
