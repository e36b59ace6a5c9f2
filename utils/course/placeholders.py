"""Fill ``@REPOSITORY@``, ``@VERSION@`` and ``@COLAB_URL@`` from pyproject.toml, the one place that names them."""

import re
import tomllib

from utils.course.cells import SourceCell
from utils.course.errors import CourseError, Problem
from utils.course.layout import NotebookFiles

__all__ = ["fill_placeholders", "load_placeholders", "placeholder_problems"]

PLACEHOLDER = re.compile(r"@[A-Z_]{4,}@")
GITHUB = "https://github.com/"


def load_placeholders(files: NotebookFiles) -> dict[str, str]:
    """Read what the placeholders of one notebook stand for.

    Parameters
    ----------
    files : NotebookFiles
        ``pyproject.toml`` is read from its root.

    Raises
    ------
    CourseError
        If pyproject.toml lacks the version or a GitHub address.
    """
    settings = tomllib.loads((files.root / "pyproject.toml").read_text(encoding="utf-8"))
    project = settings.get("project", {})
    repository = project.get("urls", {}).get("Repository", "").rstrip("/")
    if "version" not in project or not repository.startswith(GITHUB):
        raise CourseError(f"pyproject.toml needs [project] version and, under urls, a Repository at {GITHUB}.")
    notebook = files.relative(files.student)
    colab = f"https://colab.research.google.com/github/{repository.removeprefix(GITHUB)}/blob/main/{notebook}"
    return {"@REPOSITORY@": repository, "@VERSION@": project["version"], "@COLAB_URL@": colab}


def fill_placeholders(text: str, values: dict[str, str]) -> str:
    """Replace every placeholder in a cell's text; unknown ones stay (see `placeholder_problems`)."""
    return PLACEHOLDER.sub(lambda match: values.get(match[0], match[0]), text)


def placeholder_problems(cell: SourceCell, values: dict[str, str]) -> list[Problem]:
    """List a cell's unknown placeholders."""
    unknown = ((row, name) for row, line in enumerate(cell.lines, 1) for name in PLACEHOLDER.findall(line))
    known = ", ".join(values)
    return [cell.problem(row, f"{name} is unknown; there are {known}.") for row, name in unknown if name not in values]
