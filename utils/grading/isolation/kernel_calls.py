"""The few Linux calls that Python 3.11 does not offer: namespaces, mounts and privileges, through libc."""

import ctypes
import os

__all__ = [
    "BIND",
    "NEW_IPC",
    "NEW_NET",
    "NEW_NS",
    "NEW_PID",
    "NEW_USER",
    "NEW_UTS",
    "NOATIME",
    "NODEV",
    "NOEXEC",
    "NOSUID",
    "PRIVATE",
    "RDONLY",
    "RECURSIVE",
    "REMOUNT",
    "collapse_pages",
    "die_with_parent",
    "drop_privileges",
    "make_read_only",
    "mount",
    "pivot_root",
    "stay_visible_to_itself",
    "unmount",
    "unshare",
]

NEW_NS, NEW_UTS, NEW_IPC, NEW_USER, NEW_PID, NEW_NET = 0x20000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000
RDONLY, NOSUID, NODEV, NOEXEC, REMOUNT, NOATIME, BIND, RECURSIVE, PRIVATE = 1, 2, 4, 8, 32, 1024, 4096, 16384, 1 << 18
_PIVOT_ROOT, _MOUNT_SETATTR = {"x86_64": (155, 442), "aarch64": (41, 442)}.get(os.uname().machine, (None, None))
_AT_FDCWD, _AT_RECURSIVE = -100, 0x8000
_SET_DEATH_SIGNAL, _SET_DUMPABLE, _DROP_BOUNDING, _NO_NEW_PRIVILEGES, _AMBIENT, _CLEAR_ALL = 1, 4, 24, 38, 47, 4
_SIGKILL, _DETACH = 9, 2
_COLLAPSE, _LARGE_PAGE = 25, 2 << 20

_libc = ctypes.CDLL(None, use_errno=True)


def _call(what: str, result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def unshare(flags: int) -> None:
    """Give this process namespaces of its own."""
    _call("unshare", _libc.unshare(flags))


def mount(source: str | None, target: str, kind: str | None = None, flags: int = 0, options: str | None = None) -> None:
    """Mount as mount(2) does."""
    arguments = [None if each is None else os.fsencode(each) for each in (source, target, kind)]
    result = _libc.mount(*arguments, ctypes.c_ulong(flags), None if options is None else options.encode())
    _call(f"mount {target}", result)


def unmount(target: str) -> None:
    """Detach a mount."""
    _call(f"umount {target}", _libc.umount2(os.fsencode(target), _DETACH))


class _MountAttributes(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in ("set", "clear", "propagation", "userns")]


def make_read_only(target: str) -> None:
    """Make a mount and all mounts below it read-only, without set-uid programs and devices."""
    attributes = _MountAttributes(set=RDONLY | NOSUID | NODEV)
    size = ctypes.c_size_t(ctypes.sizeof(attributes))
    path = os.fsencode(target)
    result = _libc.syscall(_MOUNT_SETATTR, _AT_FDCWD, path, _AT_RECURSIVE, ctypes.byref(attributes), size)
    if result != 0:  # before Linux 5.12: this mount alone
        mount(None, target, flags=BIND | REMOUNT | RDONLY | NOSUID | NODEV)


def collapse_pages() -> None:
    """Put this process's private memory on large pages, where Linux can (from 6.1).

    A fork copies the table of pages: 500 MB on small ones take 30 ms, on large ones 6 (measured, two virtual processors).
    """
    with open("/proc/self/maps", encoding="utf-8", errors="replace") as maps:
        lines = [line.split() for line in maps]
    for line in lines:
        has_no_file = line[-1] in ("0", "[heap]")  # a mapping without a name ends with its inode, 0
        if line[1].startswith("rw-p") and has_no_file:
            begin, end = (int(each, 16) for each in line[0].split("-"))
            for place in range(-(-begin // _LARGE_PAGE) * _LARGE_PAGE, end - _LARGE_PAGE + 1, _LARGE_PAGE):
                _libc.madvise(ctypes.c_void_p(place), ctypes.c_size_t(_LARGE_PAGE), _COLLAPSE)  # or it stays as it is


def pivot_root(new: str, old: str) -> None:
    """Exchange the root folder."""
    _call("pivot_root", _libc.syscall(_PIVOT_ROOT, os.fsencode(new), os.fsencode(old)))


def die_with_parent() -> None:
    """Have this process killed when the one that forked it ends."""
    _call("prctl", _libc.prctl(_SET_DEATH_SIGNAL, _SIGKILL, 0, 0, 0))


def stay_visible_to_itself() -> None:
    """Keep ``/proc/self`` writable after a change of user."""
    _call("prctl", _libc.prctl(_SET_DUMPABLE, 1, 0, 0, 0))


class _Header(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


def drop_privileges() -> None:
    """Give up every capability, for this process and all that come from it."""
    for capability in range(64):
        if _libc.prctl(_DROP_BOUNDING, capability, 0, 0, 0) != 0:
            break
    _libc.prctl(_AMBIENT, _CLEAR_ALL, 0, 0, 0)
    _call("prctl", _libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0))
    nothing = (ctypes.c_uint32 * 6)()
    _call("capset", _libc.capset(ctypes.byref(_Header(0x20080522, 0)), ctypes.byref(nothing)))
