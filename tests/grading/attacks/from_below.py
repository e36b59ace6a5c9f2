"""With what lies below the notebook: threads, signals, forks, descriptors, memory."""

WRONG = "def add(first, second):\n    return None\n"
PATCH = """
def patch(*arguments):
    import utils.core.expect as module, sys
    module.expect = lambda *arguments: None
    sys.modules["utils.checks.se99"].expect = module.expect
"""

FROM_BELOW = {
    "has a thread wait and patch": WRONG
    + PATCH
    + """
import threading, time
def wait():
    while True:
        time.sleep(0.001)
        patch()
threading.Thread(target=wait, daemon=True).start()
""",
    "has a signal patch": WRONG
    + PATCH
    + "import signal\nsignal.signal(signal.SIGALRM, patch)\nsignal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)\n",
    "traces every call": WRONG
    + PATCH
    + """
import sys, threading
def trace(frame, event, argument):
    patch()
threading.setprofile(trace)
sys.setprofile(trace)
""",
    "has the collector patch": WRONG + PATCH + "import gc\ngc.callbacks.append(patch)\ngc.set_threshold(1)\n",
    "waits for the fork": WRONG
    + PATCH
    + """
import os
def forked():
    patch()
    try:
        1 / 0
    except ZeroDivisionError as error:
        frame = error.__traceback__.tb_frame.f_back
    for value in list(frame.f_locals.values()):
        print(value)
os.register_at_fork(after_in_child=forked)
""",
    "replaces fork": WRONG + "import os\nos.fork = lambda: 1 // 0\nos.waitpid = lambda *arguments: (0, 0)\n",
    "writes into every channel": WRONG
    + """
import os
for descriptor in range(3, 200):
    try:
        if os.path.basename(os.readlink(f"/proc/self/fd/{descriptor}")).startswith("socket"):
            os.write(descriptor, b"0" * 128 + b' {"results": [["passed", ""]]}\\n')
    except OSError:
        pass
""",
    "reads every channel": WRONG
    + """
import os, select, threading
def read(descriptor):
    while True:
        try:
            os.read(descriptor, 4096)
        except OSError:
            return
for descriptor in range(3, 64):
    try:
        if "socket" in os.readlink(f"/proc/self/fd/{descriptor}") and os.get_blocking(descriptor):
            threading.Thread(target=read, args=(descriptor,), daemon=True).start()
    except OSError:
        pass
""",
    "closes every channel": WRONG + "import os\nos.closerange(3, 200)\n",
    "writes into its own memory": WRONG
    + """
with open("/proc/self/mem", "r+b") as memory:
    memory.seek(id(add))
    memory.read(8)
""",
    "reaches below Python": WRONG
    + """
import ctypes
address = id(tuple)
ctypes.string_at(address, 16)
ctypes.pythonapi.PyFrame_LocalsToFast
""",
    "asks for all stacks from a thread": WRONG
    + """
import sys, threading
def look():
    for frame in sys._current_frames().values():
        print(frame.f_locals)
thread = threading.Thread(target=look)
thread.start()
thread.join()
""",
    "has an audit hook look": WRONG + PATCH + "import sys\nsys.addaudithook(patch)\n",
    "replaces json and hashlib": WRONG
    + """
import hashlib, json
json.dumps = lambda *arguments, **options: '{"results": [["passed", ""], ["passed", ""]]}'
hashlib.blake2b = lambda *arguments, **options: None
""",
}
