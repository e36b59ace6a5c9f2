"""What to tell a student whose code raised: their own line, the error in plain words, never a traceback of ours."""

import linecache
import re
import sysconfig
import traceback
from pathlib import Path

__all__ = ["describe_error", "is_stub", "stub_owner"]

_OURS = str(Path(__file__).resolve().parents[1])
_INSTALLED = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")})
_LONGEST = 400  # characters of an error message; torch's can fill a screen


def describe_error(error: BaseException) -> str:
    """Say which line of the student's raised what, in at most three sentences.

    Parameters
    ----------
    error : BaseException
        As caught, with its traceback.
    """
    where = _where(error)
    what = f"{type(error).__name__}: {_tidy(str(error))}" if str(error) else type(error).__name__
    plain = _plain_words(error)
    return "\n".join(part for part in (f"{where} {what}", plain) if part)


def is_stub(error: BaseException) -> bool:
    """Say whether the error is an untouched stub's ``raise NotImplementedError()``.

    torch raises the same type for a module without ``forward``; that one comes out of torch's own code.
    """
    frames = traceback.extract_tb(error.__traceback__)
    return type(error) is NotImplementedError and bool(frames) and _is_students(frames[-1].filename)


def stub_owner(error: BaseException) -> str:
    """Return the name of the function whose stub was met, such as ``DoubleConv.forward``."""
    innermost = list(traceback.walk_tb(error.__traceback__))[-1][0]
    return innermost.f_code.co_qualname.replace("<locals>.", "")


def _is_students(filename: str) -> bool:
    installed = "site-packages" in filename or "dist-packages" in filename
    return not installed and not filename.startswith((_OURS, "<frozen", *_INSTALLED))


def _where(error: BaseException) -> str:
    frames = [f for f in traceback.extract_tb(error.__traceback__) if _is_students(f.filename)]
    if isinstance(error, SyntaxError) or not frames:
        return "Your code raised"
    # The answer being judged is called first; what it calls from earlier cells has line numbers of its own. A cell,
    # unlike a module of the student's, is no file.
    cell = next((f.filename for f in frames if not Path(f.filename).is_file()), frames[-1].filename)
    frame = [f for f in frames if f.filename == cell][-1]
    line = linecache.getline(frame.filename, frame.lineno).strip()
    return f"Line {frame.lineno} of your code{f', `{line}`,' if line else ''} raised"


def _tidy(message: str) -> str:
    message = re.sub(r" at 0x[0-9a-fA-F]+", "", message).strip()
    message = message.split("\n\n")[0]
    return message if len(message) <= _LONGEST else message[:_LONGEST].rstrip() + " …"


_EXPLANATIONS = (
    (
        r"Given groups=\d+, weight of size \[(\d+), (\d+).*to have (\d+) channels, but got (\d+) channels",
        "A convolution made for {1} input channels received {3}: compare the channels it is built for with what reaches it.",
    ),
    (
        r"Given transposed=.*to have (\d+) channels, but got (\d+) channels",
        "A transposed convolution made for {0} input channels received {1}.",
    ),
    (
        r"Sizes of tensors must match except in dimension (\d)",
        "Tensors that are concatenated must agree in every other dimension: here height or width differ.",
    ),
    (
        r"The size of tensor a \((\d+)\) must match the size of tensor b \((\d+)\)",
        "Two tensors of different sizes ({0} and {1}) meet in one operation.",
    ),
    (r"running_mean should contain (\d+) elements not (\d+)", "A batch norm made for {1} channels received {0}."),
    (r"view size is not compatible", "`view` needs values that lie together in memory; `reshape` does not."),
    (
        r"No such file or directory",
        "The path that was opened does not exist: how is it put together from folder and name?",
    ),
    (r"does not require grad", "The result is cut off from the parameters, so no gradient can flow."),
    (
        r"missing the required \"forward\" function",
        "The class has no method named `forward` (is it spelt right, and indented into the class?).",
    ),
    (r"'NoneType' object", "Something is None here: is a `return` missing in a function or method above?"),
    (r"'ellipsis' object", "A placeholder `...` is still in use: an earlier exercise may not be done yet."),
    (
        r"cannot assign (module|parameter).* before Module.__init__",
        "`super().__init__()` has to come first in `__init__`.",
    ),
)


_EXPLANATIONS_OF_OUR_CALLS = (
    (r"missing \d+ required positional argument", "The check calls it with the arguments that the exercise names."),
    (r"takes .* positional argument.* but .* given", "Compare the parameters in your `def` line with the exercise's."),
    (r"got an unexpected keyword argument", "Compare the parameter names in your `def` line with the exercise's."),
)


def _plain_words(error: BaseException) -> str:
    if isinstance(error, RecursionError):
        return "A function or method calls itself without end."
    frames = traceback.extract_tb(error.__traceback__)
    in_their_line = bool(frames) and _is_students(frames[-1].filename)
    for pattern, explanation in _EXPLANATIONS if in_their_line else (*_EXPLANATIONS_OF_OUR_CALLS, *_EXPLANATIONS):
        found = re.search(pattern, str(error), flags=re.DOTALL)
        if found:
            return explanation.format(*found.groups())
    return ""
