"""How jupyter_client starts a forked kernel: a provisioner that asks the zygote, and the manager that uses it."""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import socket
import tempfile
import time
from importlib.metadata import EntryPoint
from pathlib import Path
from queue import Empty
from typing import Any

import zmq
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import KernelProvisionerBase
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from traitlets import Instance

from utils.grading.isolation.sandbox import Limits

__all__ = ["ForkedProvisioner", "Place", "SandboxedKernelManager"]

NAME = "forked-in-a-sandbox"


class Place:
    """The folders of one kernel, and the sockets that lead to the zygote and to the warden.

    Parameters
    ----------
    zygote : Path
        The zygote's socket.
    limits : Limits
    """

    def __init__(self, zygote: Path, limits: Limits):
        self.zygote, self.limits = zygote, limits
        self.folder = Path(tempfile.mkdtemp(prefix="wg-"))  # short: a socket's path has 107 characters at most
        self.root, self.run, self.scratch = (self.folder / name for name in ("root", "run", "scratch"))
        for each in (self.root, self.run, self.scratch):
            each.mkdir()
        self.run.chmod(0o777)  # the kernel is nobody; whoever else is on this computer cannot come in here
        self.warden, self.wardens_end = socket.socketpair()
        self.warden.setblocking(False)

    def request(self, connection_file: str) -> dict[str, Any]:
        """Return what the zygote is to be told."""
        folders = {name: str(getattr(self, name)) for name in ("root", "run", "scratch")}
        return {**folders, "connection_file": connection_file, "limits": self.limits.as_dict()}

    def close(self) -> None:
        """Remove everything."""
        self.warden.close()
        self.wardens_end.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class SandboxedKernelManager(AsyncKernelManager):
    """A kernel manager whose kernel is forked and reached over socket files, because it has no network."""

    place = Instance(Place)

    def __init__(self, place: Place, **kwargs):
        run = place.run
        super().__init__(
            place=place,
            transport="ipc",
            ip=str(run / "k"),
            connection_file=str(run / "kernel.json"),
            client_factory=PromptClient,
            **kwargs,
        )
        # An entry point of the kind that an installed package declares; this course is not installed.
        group = KernelProvisionerFactory.GROUP_NAME
        entry = EntryPoint(NAME, f"{__name__}:{ForkedProvisioner.__name__}", group)
        KernelProvisionerFactory.instance().provisioners[NAME] = entry

    @property
    def kernel_spec(self) -> KernelSpec:
        """The kernel's specification, which no folder has to hold."""
        metadata = {"kernel_provisioner": {"provisioner_name": NAME}}
        return KernelSpec(argv=["forked"], language="python", interrupt_mode="message", metadata=metadata)

    async def interrupt_kernel(self) -> None:
        """Ask the kernel to stop its cell; a kernel that closed its sockets is not waited for."""
        self._connect_control_socket()
        self._control_socket.setsockopt(zmq.SNDTIMEO, 0)
        self._control_socket.setsockopt(zmq.LINGER, 0)
        with contextlib.suppress(zmq.Again):
            self.session.send(self._control_socket, "interrupt_request", content={})

    async def end_kernel(self) -> None:
        """Kill the kernel without a word: what it has to say at its end is of no use to anybody."""
        if self.provisioner is not None:
            await self.provisioner.kill()
            await self.provisioner.wait()
        self._close_control_socket()
        self.cleanup_connection_file()
        self.context.destroy(linger=0)


class PromptClient(AsyncKernelClient):
    """A client that begins as soon as the kernel has answered; jupyter_client's own waits 0.2 s for more to come."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel answers, and what it publishes arrives.

        Raises
        ------
        RuntimeError
            If it ended, or did not answer in time.
        """
        limit = time.monotonic() + (timeout or 60)
        while time.monotonic() < limit and await self.is_alive():
            self.kernel_info()
            with contextlib.suppress(Empty):
                reply = await self.get_shell_msg(timeout=1)
                if reply["msg_type"] == "kernel_info_reply":
                    await self.get_iopub_msg(timeout=0.2)  # or nobody listens yet
                    self._handle_kernel_info_reply(reply)
                    return
        raise RuntimeError("The kernel did not start.")


class ForkedProvisioner(KernelProvisionerBase):
    """Has the zygote fork a kernel, and watches over it through the connection that asked for it."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self._connection: socket.socket | None = None
        self._received = b""
        self.pid = self.status = None

    @property
    def has_process(self) -> bool:
        """Whether there is a kernel."""
        return self._connection is not None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Choose the socket files and write the connection file."""
        self.parent.write_connection_file()
        os.chmod(self.parent.connection_file, 0o644)  # its folder is closed to others
        self.connection_info = self.parent.get_connection_info()
        return await super().pre_launch(cmd=[], **kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> dict[str, Any]:
        """Ask the zygote for a kernel."""
        place = self.parent.place
        self._connection = socket.socket(socket.AF_UNIX)
        self._connection.setblocking(False)
        await asyncio.get_running_loop().sock_connect(self._connection, str(place.zygote))
        request = json.dumps(place.request(self.parent.connection_file)).encode()
        socket.send_fds(self._connection, [request], [place.wardens_end.fileno()])
        while self.pid is None:
            self._take(await asyncio.get_running_loop().sock_recv(self._connection, 4096))
        place.wardens_end.close()
        return self.connection_info

    async def poll(self) -> int | None:
        """Return the exit status, or None while the kernel runs."""
        if self._connection is None:
            return 0
        with contextlib.suppress(BlockingIOError):
            self._take(self._connection.recv(4096))
        return self.status

    async def wait(self) -> int | None:
        """Wait for the kernel's end."""
        while await self.poll() is None:
            await asyncio.sleep(0.02)
        self._hang_up()
        return self.status

    async def send_signal(self, signum: int) -> None:
        """Kill the kernel; it is interrupted by a message instead of a signal."""
        if signum in (signal.SIGKILL, signal.SIGTERM):
            await self.kill()

    async def kill(self, restart: bool = False) -> None:
        """Kill the kernel and all that it started."""
        if self.pid and self.status is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(self.pid, signal.SIGKILL)

    async def terminate(self, restart: bool = False) -> None:
        """Kill the kernel."""
        await self.kill()

    async def cleanup(self, restart: bool = False) -> None:
        """Hang up, which kills whatever is left."""
        self._hang_up()

    def _take(self, received: bytes) -> None:
        if not received and self.status is None:
            self.status = self.status if self.status is not None else 1
            self.pid = self.pid or 0
        self._received += received
        while b"\n" in self._received:
            line, _, self._received = self._received.partition(b"\n")
            told = json.loads(line)
            self.pid, self.status = told.get("pid", self.pid), told.get("status", self.status)

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
