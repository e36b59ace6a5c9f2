"""Notice what honest answers have no use for: looking into the interpreter while it judges.

Python tells an audit hook (PEP 578) of such calls before they happen, and a hook cannot be taken away again.
"""

import os
import sys
import sysconfig
import threading

__all__ = ["Watch"]

_SNOOPING = frozenset({"gc.get_objects", "gc.get_referrers", "gc.get_referents"})
_STACKS = frozenset({"sys._current_frames", "sys._current_exceptions"})
_MEMORY = frozenset(
    {"ctypes.string_at", "ctypes.addressof", "ctypes.PyObj_FromPtr", "ctypes.dlopen", "ctypes.dlsym", "ctypes.cdata"}
)
_WATCHED = _SNOOPING | _STACKS | _MEMORY | {"sys._getframe", "sys.addaudithook", "open"}
_INSTALLED = tuple(
    {
        os.path.realpath(place)
        for name in ("stdlib", "platstdlib", "purelib", "platlib")
        for place in [sysconfig.get_path(name)]
    }
    | {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
)


class Watch:
    """What was noticed in this process.

    Attributes
    ----------
    notes : list of (str, bool, str)
        A short word for its kind, whether it can only be tampering, and a sentence.
    judging : bool
        Whether a check is running in this process.
    """

    def __init__(self):
        self.notes: list[tuple[str, bool, str]] = []
        self.judging = False
        self._trusted = ()

    def start(self, trusted) -> None:
        """Watch this process from now on; only `trusted` code objects may look at stacks."""
        self._trusted = tuple(trusted)
        self._guard_forks()
        sys.addaudithook(self._hook())

    def _note(self, kind: str, certain: bool, sentence: str) -> None:
        if (kind, certain, sentence) not in self.notes and len(self.notes) < 50:
            self.notes.append((kind, certain, sentence))

    def _hook(self):
        # Everything it needs is held here, where replacing a name elsewhere changes nothing.
        getframe, local, watched = sys._getframe, threading.local(), _WATCHED

        def hook(event, arguments):
            if event not in watched or getattr(local, "busy", False):
                return
            local.busy = True
            try:
                self._judge(event, arguments, getframe)
            finally:
                local.busy = False

        return hook

    def _judge(self, event, arguments, getframe) -> None:
        if event == "open":
            path = arguments[0]
            if isinstance(path, str) and path.startswith("/proc/") and path.endswith("/mem"):
                self._note("memory", True, f"The notebook opened {path}, the memory of the process that judges it.")
                raise PermissionError("not available while grading")
            return
        if event == "sys.addaudithook":
            self._note("audit hook", False, "The notebook tried to install an audit hook.")
            raise RuntimeError("not available while grading")
        callers = _callers(getframe)
        if event in _STACKS:
            if callers and callers[0].f_code in self._trusted:
                return
            self._note("stacks", True, f"The notebook asked for the stacks of all threads ({event}).")
            raise RuntimeError("not available while grading")
        if not any(_is_a_cells(frame) for frame in callers[:2]):
            return
        if event in _MEMORY:
            self._note("ctypes", self.judging, f"The notebook reaches below Python ({event}).")
        elif self.judging:
            self._note("introspection", True, f"The answer called {event} while it was judged.")
        elif event in _SNOOPING - {"gc.get_objects"}:  # people count tensors with that one
            self._note("introspection", False, f"The notebook searched the interpreter's objects ({event}).")

    def _guard_forks(self) -> None:
        """Refuse students' callbacks for forks: they would run inside the process that judges, before it begins."""
        register = os.register_at_fork

        def register_at_fork(**callbacks):
            if all(_file_of(each).startswith(_INSTALLED) for each in callbacks.values()):
                return register(**callbacks)
            self._note("fork", True, "The notebook asked to be called when its process is forked to be judged.")
            return None

        for module in ("os", "posix"):
            if hasattr(sys.modules.get(module), "register_at_fork"):
                sys.modules[module].register_at_fork = register_at_fork


def _callers(getframe) -> list:
    frame, found = getframe(3), []  # past this function, `_judge` and the hook
    while frame is not None and len(found) < 3:
        found.append(frame)
        frame = frame.f_back
    return found


def _is_a_cells(frame) -> bool:
    return "ipykernel_" in frame.f_code.co_filename


def _file_of(function) -> str:
    code = getattr(getattr(function, "__func__", function), "__code__", None)
    return getattr(code, "co_filename", "")
