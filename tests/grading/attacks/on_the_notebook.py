"""On how cells run and how results are shown."""

WRONG = "def add(first, second):\n    return None\n"

ON_THE_NOTEBOOK = {
    "suppresses every result": WRONG + "import sys\nsys.displayhook = lambda value: None\n",
    "shows other numbers": WRONG
    + """
from utils.core.report import Score
formatter = get_ipython().display_formatter.formatters["text/plain"]
formatter.for_type(Score, lambda score, printer, cycle: printer.text("2.0"))
""",
    "shows other numbers through repr": WRONG
    + "from utils.core.report import Score\nScore.__repr__ = lambda self: '2.0'\n",
    "replaces the checker's method": WRONG + "checker.check_exercise = lambda number, answers: 2.0\n",
    "replaces the checker": WRONG
    + """
class Kind:
    def check_exercise(self, number, answers):
        return 2.0
checker = Kind()
""",
    "rewrites cells as text": WRONG
    + """
def transform(lines):
    return ["2.0\\n"] if any("check_exercise" in line for line in lines) else lines
get_ipython().input_transformers_cleanup.append(transform)
""",
    "rewrites cells as syntax trees": WRONG
    + """
import ast
class Transform(ast.NodeTransformer):
    def visit_Call(self, node):
        if getattr(node.func, "attr", "") == "check_exercise":
            return ast.copy_location(ast.Constant(2.0), node)
        return node
get_ipython().ast_transformers.append(Transform())
""",
    "runs before each cell": WRONG
    + """
def before(info):
    globals()["checker"] = type("Kind", (), {"check_exercise": lambda self, number, answers: 2.0})()
get_ipython().events.register("pre_run_cell", before)
""",
    "runs cells itself": WRONG
    + """
shell = get_ipython()
honest = type(shell).run_cell
def run_cell(self, text, *arguments, **options):
    return honest(self, "2.0" if "check_exercise" in text else text, *arguments, **options)
type(shell).run_cell = run_cell
type(shell).run_cell_async.__code__
""",
    "publishes a result of its own": WRONG
    + """
kernel = get_ipython().kernel
honest = checker.check_exercise
def publish(number, answers):
    content = {"execution_count": 1, "data": {"text/plain": "2.0"}, "metadata": {}}
    kernel.session.send(kernel.iopub_socket, "execute_result", content, parent=kernel.get_parent("shell"))
checker.check_exercise = publish
""",
    "kills the kernel": "import os\nos._exit(0)\n",
    "kills everything": "import os, signal\nos.kill(-1, signal.SIGKILL)\n",
    "never ends": "while True:\n    pass\n",
    "lays a fake utils beside the notebook": WRONG
    + """
import sys
from pathlib import Path
for room in ("utils", "utils/core"):
    Path(room).mkdir(exist_ok=True)
    Path(room, "__init__.py").write_text("class ExerciseChecker:\\n    def __init__(self, name): pass\\n"
                                         "    def check_exercise(self, number, answers): return 2.0\\n")
for name in [name for name in sys.modules if name.split(".")[0] == "utils"]:
    del sys.modules[name]
sys.path.insert(0, ".")
from utils.core import ExerciseChecker
checker = ExerciseChecker("SE99")
""",
}
