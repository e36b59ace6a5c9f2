"""Where a notebook's source and what is generated from it lie."""

from dataclasses import dataclass
from pathlib import Path

from utils.course.errors import CourseError

__all__ = ["REPOSITORY", "NotebookFiles", "find_notebooks"]

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class NotebookFiles:
    """The three files of one notebook.

    Attributes
    ----------
    root : Path
        The repository's folder.
    session : str
        Such as ``"SE05"``; a folder of ``solutions`` and of ``notebooks``.
    name : str
        Such as ``"segmentation"``.
    """

    root: Path
    session: str
    name: str

    @property
    def source(self) -> Path:
        """The py:percent file, the only one that is edited."""
        return self.root / "solutions" / self.session / f"{self.name}.py"

    @property
    def solution(self) -> Path:
        """The notebook with answers, generated."""
        return self.source.with_suffix(".ipynb")

    @property
    def student(self) -> Path:
        """The notebook with stubs, generated."""
        return self.root / "notebooks" / self.session / f"{self.name}.ipynb"

    def relative(self, path: Path) -> str:
        """Return a path as messages name it: relative to the repository, with forward slashes."""
        return path.relative_to(self.root).as_posix()


def find_notebooks(root: Path = REPOSITORY) -> list[NotebookFiles]:
    """List every notebook that has a source, in order of session and name.

    Parameters
    ----------
    root : Path
        The repository's folder.

    Raises
    ------
    CourseError
        If there is no source at all, or a generated notebook without a source.
    """
    sources = sorted((root / "solutions").glob("*/*.py"))
    if not sources:
        raise CourseError(f"There is no solutions/<session>/<notebook>.py under {root}; nothing was built.")
    found = [NotebookFiles(root, path.parent.name, path.stem) for path in sources]
    _refuse_orphans(root, found)
    return found


def _refuse_orphans(root: Path, found: list[NotebookFiles]) -> None:
    generated = {path for files in found for path in (files.solution, files.student)}
    present = [*(root / "solutions").glob("*/*.ipynb"), *(root / "notebooks").glob("*/*.ipynb")]
    orphans = sorted(path.relative_to(root).as_posix() for path in present if path not in generated)
    if orphans:
        raise CourseError(f"No source gives {', '.join(orphans)}: write one under solutions/, or delete the notebook.")
