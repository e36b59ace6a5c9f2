"""A real Jupyter kernel with a person in front of it, or without one."""

import contextlib
import json
import os
from pathlib import Path

from jupyter_client.manager import start_new_kernel

__all__ = ["Kernel", "kernel"]

ROOT = Path(__file__).resolve().parents[1]


class Kernel:
    """Runs code as a front end does.

    Attributes
    ----------
    outputs : list of dict
        What the last run displayed: MIME type to content.
    updates : list of dict
        What the last run put in place of earlier outputs.
    stderr : str
        What all runs wrote there.
    """

    def __init__(self, client):
        self._client = client
        self.outputs, self.updates, self.stderr = [], [], ""

    def run(self, code: str, *, person: bool = True) -> str:
        """Run code and return what it printed; an exception fails the test.

        Parameters
        ----------
        code : str
        person : bool, default True
            Whether input could be asked for, as front ends say and programs that run notebooks deny.
        """
        self.outputs, self.updates, printed = [], [], []

        def take(message):
            content = message["content"]
            if message["msg_type"] == "stream" and content["name"] == "stderr":
                self.stderr += content["text"]
            elif message["msg_type"] == "stream":
                printed.append(content["text"])
            elif message["msg_type"] in ("display_data", "execute_result"):
                self.outputs.append(content["data"])
            elif message["msg_type"] == "update_display_data":
                self.updates.append(content["data"])
            elif message["msg_type"] == "error":
                raise AssertionError("\n".join(content["traceback"]))

        self._client.execute_interactive(code, allow_stdin=person, output_hook=take, timeout=120)
        return "".join(printed)

    def value(self, expression: str) -> object:
        """Return the value of an expression that JSON can hold."""
        return json.loads(self.run(f"import json; print(json.dumps({expression}))"))


@contextlib.contextmanager
def kernel(folder: Path, **settings: str):
    """Start a kernel in a folder, with the course's tools on its path."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "WORKSHOP_DATA": "sample", "WORKSHOP_FAST": "1", **settings}
    environment.pop("MPLBACKEND", None)
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(folder), env=environment)
    try:
        yield Kernel(client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
