"""A place for students' code: no network, a read-only system, a scratch folder, and limits.

Linux namespaces, which every user may have on most systems, need no program and no image: the process that will be the
kernel leaves the network, the process table and the file system, and keeps of the latter only what Python needs to run.
"""

import contextlib
import errno
import os
import resource
import signal
import sys
import sysconfig
from dataclasses import asdict, dataclass
from pathlib import Path

from utils.grading.isolation import kernel_calls as linux

__all__ = ["HIDDEN", "VISIBLE", "Limits", "enter_sandbox", "set_limits", "why_impossible"]

VISIBLE = (
    *(f"utils/{name}" for name in ("__init__.py", "settings.py", "core", "checks", "data", "ml", "plotting")),
    *("quizzes", "figs", "pyproject.toml", "requirements.txt"),
)
"""What a submission may read of the course: what students have on Colab. Grading, building and answers stay outside."""

HIDDEN = ("utils/grading", "utils/course", "solutions", "tests")
"""For messages and tests: what lies in the repository and is not there in the sandbox."""

_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_ETC = (
    "alternatives",
    "fonts",
    "group",
    "hosts",
    "ld.so.cache",
    "localtime",
    "mime.types",
    "nsswitch.conf",
    "passwd",
    "ssl",
)
_DEVICES = ("null", "zero", "full", "random", "urandom")
_NOBODY = 65534
SCRATCH = "/scratch"


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    Attributes
    ----------
    memory_bytes : int
        Private memory beyond what the libraries take, of each process and of all together.
    scratch_bytes : int
        All files together.
    file_bytes : int
        One file.
    processes : int
        Processes and threads together.
    cell_seconds, notebook_seconds : int
        Wall time.
    output_bytes : int
        What one cell may print and show.
    """

    memory_bytes: int = 4 << 30
    scratch_bytes: int = 1 << 30
    file_bytes: int = 512 << 20
    processes: int = 128
    cell_seconds: int = 300
    notebook_seconds: int = 1200
    output_bytes: int = 4 << 20

    def as_dict(self) -> dict[str, int]:
        """Return the limits as data."""
        return asdict(self)


def why_impossible() -> str | None:
    """Say why this computer cannot isolate submissions, or return None if it can."""
    if not sys.platform.startswith("linux"):
        return f"submissions are isolated by Linux namespaces, and this is {sys.platform}"
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        message = b""
        try:
            _leave()
            linux.mount(None, "/", flags=linux.RECURSIVE | linux.PRIVATE)
            linux.mount("none", "/tmp", "tmpfs", linux.NOSUID)
        except OSError as error:
            message = f"Linux refuses the namespaces ({error})".encode()
        os.write(write, message)
        os._exit(0)
    os.close(write)
    os.waitpid(child, 0)
    with os.fdopen(read, "rb") as pipe:
        return pipe.read().decode() or None


def enter_sandbox(root: Path, run: Path, repository: Path, limits: Limits) -> None:
    """Turn this process into the first one of a sandbox; it returns in the process that is to run the kernel.

    Parameters
    ----------
    root : Path
        An empty folder, the new root's place.
    run : Path
        The one folder shared with the outside, for the kernel's sockets.
    repository : Path
        The course; of it only `VISIBLE` stays.
    limits : Limits
    """
    linux.die_with_parent()
    root_outside = os.geteuid() == 0
    _leave()
    _wait_for(os.fork())  # only children are in the new process table
    linux.die_with_parent()
    _change_root(root, run, repository, limits)
    if root_outside:
        _become_nobody()
    set_limits(limits)
    linux.drop_privileges()
    linux.die_with_parent()  # again: a change of user undoes it
    _wait_for(os.fork())  # process 1 of a table ignores signals and has to collect orphans: nothing for a kernel
    os.setsid()
    os.chdir(SCRATCH)


def set_limits(limits: Limits) -> None:
    """Limit what this process and its children may use; namespaces or not."""
    data = _private_memory() + limits.memory_bytes
    for kind, value in (
        (resource.RLIMIT_DATA, data),
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_NPROC, limits.processes),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (value, value))


def _leave() -> None:
    """Take namespaces of our own; root needs no new user for it, everybody else does."""
    spaces = linux.NEW_NS | linux.NEW_NET | linux.NEW_PID | linux.NEW_IPC | linux.NEW_UTS
    user, group = os.getuid(), os.getgid()  # once in the new namespace, nobody until they are mapped
    if user == 0:
        with contextlib.suppress(PermissionError):  # root in a container may lack the privilege
            linux.unshare(spaces)
            return
    linux.unshare(spaces | linux.NEW_USER)
    _map_user(user, group)


def _become_nobody() -> None:
    """Give up root: its processes are not counted, and it reads everything."""
    with contextlib.suppress(OSError):  # not allowed in every container
        os.setgroups([])
    try:
        os.setresgid(_NOBODY, _NOBODY, _NOBODY)
        os.setresuid(_NOBODY, _NOBODY, _NOBODY)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        return  # root of a namespace with nobody else in it: outside an ordinary user, who is counted
    linux.stay_visible_to_itself()
    with contextlib.suppress(OSError):  # in a namespace of its own, its processes are counted apart from other kernels'
        linux.unshare(linux.NEW_USER)
        _map_user(_NOBODY, _NOBODY)


def _map_user(user: int, group: int) -> None:
    for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        Path(f"/proc/self/{name}").write_text(text)


def _wait_for(child: int) -> None:
    """In the parent, collect children until this one ends, and end like it; in the child, go on."""
    if child == 0:
        return
    for descriptor in range(3, 64):
        with contextlib.suppress(OSError):
            os.close(descriptor)
    while True:
        try:
            pid, status = os.wait()
        except ChildProcessError:
            os._exit(1)
        if pid == child:
            # Process 1 cannot die of a signal of its own; shells tell such an end by 128 and more, and so does this.
            os._exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))


def _change_root(root: Path, run: Path, repository: Path, limits: Limits) -> None:
    new = str(root)
    linux.mount(None, "/", flags=linux.RECURSIVE | linux.PRIVATE)
    linux.mount("none", new, "tmpfs", linux.NOSUID | linux.NODEV, "size=16m,mode=755")
    for name in ("tmp", "dev/shm", SCRATCH.lstrip("/")):
        os.makedirs(f"{new}/{name}", exist_ok=True)
        size = f"size={limits.scratch_bytes},mode=1777"
        linux.mount("none", f"{new}/{name}", "tmpfs", linux.NOSUID | linux.NODEV, size)
    for place in _read_only_places(repository):
        _show(place, new)
    for device in _DEVICES:
        _bind(f"/dev/{device}", f"{new}/dev/{device}")
    os.makedirs(f"{new}/proc")
    with contextlib.suppress(OSError):  # in some containers nobody may; nothing here needs it
        linux.mount("proc", f"{new}/proc", "proc", linux.NOSUID | linux.NODEV | linux.NOEXEC)
    _bind(str(run), f"{new}{run}")
    os.makedirs(f"{new}/.old")
    linux.pivot_root(new, f"{new}/.old")
    os.chdir("/")
    linux.unmount("/.old")
    os.rmdir("/.old")
    linux.mount(None, "/", flags=linux.BIND | linux.REMOUNT | linux.RDONLY | linux.NOSUID | linux.NODEV)


def _read_only_places(repository: Path) -> list[str]:
    """List what Python needs, and what students have of the course."""
    prefixes = {
        sys.prefix,
        sys.base_prefix,
        sys.exec_prefix,
        *(sysconfig.get_path(name) for name in ("stdlib", "purelib")),
    }
    prefixes |= {os.path.realpath(each) for each in (*prefixes, sys.executable)}
    pythons = sorted(each for each in prefixes if not each.startswith(_SYSTEM))
    ours = [str(repository / name) for name in VISIBLE]
    places = [*_SYSTEM, *(f"/etc/{name}" for name in _ETC), *pythons, *ours]
    return [place for place in places if os.path.lexists(place)]


def _show(place: str, new: str) -> None:
    target = new + place
    if os.path.lexists(target):  # inside a place that is shown already
        return
    if os.path.islink(place):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.symlink(os.readlink(place), target)
        return
    _bind(place, target)
    linux.make_read_only(target)


def _bind(place: str, target: str) -> None:
    if os.path.isdir(place):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        open(target, "w").close()
    linux.mount(place, target, flags=linux.BIND | linux.RECURSIVE)


def _private_memory() -> int:
    """Return the bytes that count against RLIMIT_DATA already."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[5]) * resource.getpagesize()


def restore_signals() -> None:
    """Give a forked kernel the signals of a fresh process."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD, signal.SIGPIPE):
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
