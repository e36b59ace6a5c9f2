"""A session of two exercises, small enough to be read at a glance."""

import struct
import zlib
from pathlib import Path

from utils.core.exercise import Exercise, Session, criterion
from utils.course.layout import NotebookFiles

SOURCE = '''\
# %% [markdown]
# # A toy session
#
# From @REPOSITORY@, version @VERSION@. [Open](@COLAB_URL@)
#
# ![A grey dot](figs/dot.png)

# %%
# %matplotlib inline
from utils.core import ExerciseChecker

checker = ExerciseChecker("SE99")

# %% [markdown]
# Add two numbers.

# %%
# Exercise 1: Add two numbers
def add(first, second):
    """Return the sum."""
    ### BEGIN SOLUTION
    total_of_both_numbers = first + second
    return total_of_both_numbers
    ### END SOLUTION

# %%
add(1, 2)  # scribble here

# %%
checker.check_exercise(1, {"add": add})

# %% [markdown]
# Add two numbers.

# %%
# Exercise 2: Name the numbers
answer = sum(  # SOLUTION: the sum of 40 and 2
    [40, 2],
    start=0,
)
low, high = min(1, 2), max(1, 2)  # SOLUTION: the smaller and the larger
### BEGIN SOLUTION
doubled_answer_of_mine = 2 * answer
### END SOLUTION

# %%
checker.check_exercise(2, {"answer": answer, "high": high})
'''


@criterion(points=2, hints=("Use a plus sign.", "first + second"))
def adds(add):
    """The sum of 2 and 3 is 5."""
    assert add(2, 3) == 5


@criterion(points=1.5, hints=("Look it up.", "40 + 2"))
def is_right(answer, high):
    """The answer is 42 and the higher number is 2."""
    assert (answer, high) == (42, 2)


SESSION = Session(
    name="SE99",
    title="Toy",
    exercises=(
        Exercise(number=1, title="Add two numbers", answers=("add",), criteria=(adds,)),
        Exercise(number=2, title="Name the numbers", answers=("answer", "high"), criteria=(is_right,)),
    ),
)


def load(name: str) -> Session:
    assert name == "SE99"
    return SESSION


def make_course(root: Path, source: str = SOURCE) -> NotebookFiles:
    """Write a repository that holds nothing but the toy session."""
    files = NotebookFiles(root, "SE99", "toy")
    files.source.parent.mkdir(parents=True)
    files.source.write_text(source, encoding="utf-8")
    (root / "figs").mkdir()
    (root / "figs" / "dot.png").write_bytes(grey_dot())
    (root / "pyproject.toml").write_text(
        '[project]\nversion = "1.2.3"\n[project.urls]\nRepository = "https://github.com/someone/course"\n'
    )
    return files


def grey_dot() -> bytes:
    """Return a PNG of one grey pixel."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    data = zlib.compress(b"\0\x80")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
