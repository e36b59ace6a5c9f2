"""On the functions that judge."""

WRONG = "def add(first, second):\n    return None\n"

ON_THE_CHECKER = {
    "replaces check_exercise in the class": WRONG
    + "from utils.core.checker import ExerciseChecker\nExerciseChecker.check_exercise = lambda self, number, answers: 2.0\n",
    "replaces evaluate": WRONG
    + """
import utils.core.evaluation as evaluation, utils.core.checker as module
from utils.core.report import Outcome, Result
def evaluate(exercise, answers, seed=0):
    return tuple(Result(criterion, Outcome.PASSED) for criterion in exercise.criteria)
evaluation.evaluate = module.evaluate = evaluate
""",
    "replaces the judge of one criterion": WRONG
    + """
import utils.core.evaluation as evaluation
from utils.core.report import Outcome, Result
evaluation._judge = lambda criterion, supplies, seed: Result(criterion, Outcome.PASSED)
""",
    "replaces expect": WRONG + "import utils.core.expect as module\nmodule.expect = lambda *arguments: None\n",
    "replaces expect in the checks": WRONG
    + "import sys\nsys.modules['utils.checks.se99'].expect = lambda *arguments: None\n",
    "replaces the code inside expect": WRONG
    + "from utils.core.expect import expect\nexpect.__code__ = (lambda condition, message='': None).__code__\n",
    "has no mismatch caught": WRONG
    + """
import utils.core.evaluation as evaluation
from utils.core.report import Outcome
Outcome.FAILED._value_ = "passed"
evaluation.Mismatch = type("Never", (Exception,), {})
""",
    "calls every result passed": WRONG
    + """
from utils.core.report import Report, Result
Result.passed = property(lambda self: True)
Report.points = property(lambda self: 2.0)
""",
    "exchanges a criterion's check": WRONG
    + """
for criterion in checker.session.exercise(1).criteria:
    object.__setattr__(criterion, "check", lambda add: None)
""",
    "raises a criterion's points": "def add(first, second):\n    return first + second if isinstance(first, int) else None\n"
    + """
for criterion in checker.session.exercise(1).criteria:
    object.__setattr__(criterion, "points", 50.0)
""",
    "exchanges the session": WRONG
    + """
from dataclasses import replace
session = checker.session
easy = tuple(replace(each, criteria=each.criteria[:0] or each.criteria) for each in session.exercises)
object.__setattr__(session, "exercises", tuple(reversed(easy)))
""",
    "puts another module in utils' place": WRONG
    + """
import sys, types
fake = types.ModuleType("utils.core.evaluation")
fake.evaluate = lambda exercise, answers, seed=0: ()
sys.modules["utils.core.evaluation"] = fake
""",
    "reloads the checker with a bug": WRONG
    + """
import importlib, sys
from pathlib import Path
import utils.core.expect as module
Path("expect.py").write_text("class Mismatch(Exception): pass\\ndef expect(*arguments): pass\\n")
module.__spec__.origin = module.__file__ = "expect.py"
exec(compile(Path("expect.py").read_text(), "expect.py", "exec"), vars(module))
""",
    "replaces isinstance and all": WRONG
    + "import builtins\nbuiltins.isinstance = lambda value, kind: True\nbuiltins.all = lambda values: True\n",
    "shadows a builtin inside the checker": WRONG
    + "import utils.core.evaluation as evaluation\nevaluation.tuple = lambda values: ()\n",
    "replaces torch.equal": "def add(first, second):\n    return first\n"
    + "import torch, numpy\ntorch.equal = lambda first, second: True\nnumpy.allclose = lambda *arguments: True\n",
    "replaces Tensor's comparison": "def add(first, second):\n    return first\n"
    + """
import torch
torch.Tensor.__eq__ = lambda self, other: torch.ones(1, dtype=torch.bool)
torch.Tensor.equal = lambda self, other: True
""",
    "makes random numbers foreseeable": "def add(first, second):\n    return 3 if isinstance(first, int) else first * 2\n"
    + """
import torch
torch.randint = lambda low, high, size: torch.tensor([1, 2])
torch.rand = lambda *size: torch.zeros(*size)
""",
    "turns seeds off": "def add(first, second):\n    return None\nimport torch\ntorch.manual_seed = lambda seed: None\n",
    "pushes a mode under every torch call": WRONG
    + """
import torch
from torch.overrides import TorchFunctionMode
class Lie(TorchFunctionMode):
    def __torch_function__(self, function, types, arguments=(), options=None):
        if function is torch.equal:
            return True
        return function(*arguments, **(options or {}))
Lie().__enter__()
""",
}
