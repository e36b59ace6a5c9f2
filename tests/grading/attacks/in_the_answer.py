"""From inside the answer, while it is judged."""

IN_THE_ANSWER = {
    "is equal to everything": """
class Equal:
    def __eq__(self, other): return True
    def __bool__(self): return True
def add(first, second):
    return Equal()
""",
    "walks up the frames and replaces the judge": """
def add(first, second):
    try:
        1 / 0
    except ZeroDivisionError as error:
        frame = error.__traceback__.tb_frame
    while frame is not None:
        space = frame.f_globals
        for name in ("expect", "Mismatch", "Result"):
            if name in space:
                space[name] = lambda *arguments, **options: None
        frame = frame.f_back
""",
    "walks up the frames and fills the box": """
def add(first, second):
    import sys
    frame = sys._getframe()
    while frame is not None:
        for value in list(frame.f_locals.values()):
            if isinstance(value, list):
                value[:] = [("passed", ""), ("passed", "")]
        frame = frame.f_back
    raise KeyboardInterrupt
""",
    "reads what is expected from the check's variables": """
def add(first, second):
    try:
        raise ValueError
    except ValueError as error:
        caller = error.__traceback__.tb_frame.f_back
    values = [value for value in caller.f_locals.values() if hasattr(value, "sum") or isinstance(value, int)]
    return values[0] + values[1]
""",
    "ends the process": "import os\ndef add(first, second):\n    os._exit(0)\n",
    "raises SystemExit": "def add(first, second):\n    raise SystemExit(0)\n",
    "raises KeyboardInterrupt": "def add(first, second):\n    raise KeyboardInterrupt\n",
    "writes a verdict into every channel and ends the process": """
import json, os
def add(first, second):
    body = {"nonce": "0" * 32, "number": 1, "results": [["passed", ""]] * 2, "missing": [], "before": [], "after": []}
    line = ("0" * 128 + " " + json.dumps(body) + "\\n").encode()
    for descriptor in range(3, 200):
        try:
            os.write(descriptor, line)
        except OSError:
            pass
    os._exit(0)
""",
    "searches memory for results": """
import gc
def add(first, second):
    for each in gc.get_objects():
        if type(each).__name__ == "Criterion":
            object.__setattr__(each, "check", lambda add: None)
""",
    "asks for the stacks of all threads": """
import sys
def add(first, second):
    for frame in sys._current_frames().values():
        for value in frame.f_locals.values():
            if isinstance(value, list):
                value.append("passed")
""",
    "leaves a thread behind": """
import threading, time
def add(first, second):
    def later():
        time.sleep(0.05)
        import utils.core.report as report
        report.Result.outcome = report.Outcome.PASSED
    threading.Thread(target=later).start()
    time.sleep(0.2)
""",
    "never ends while judged": "def add(first, second):\n    while True:\n        pass\n",
    "catches the time limit": """
def add(first, second):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
""",
}
