"""Put figures into the notebook as data URIs: Colab shows neither attachments nor relative paths."""

import base64
import re
from pathlib import Path

from utils.course.cells import SourceCell
from utils.course.errors import Problem

__all__ = ["embed_figures", "figure_problems"]

IMAGE = re.compile(r"!\[(?P<alt>[^\]]*)\]\((?P<target>[^)\s]+)\)")
ABSOLUTE = ("https://", "http://", "data:")


def embed_figures(text: str, root: Path) -> str:
    """Replace each ``![alt](figs/name.png)`` of a markdown cell by the picture itself.

    Parameters
    ----------
    text : str
    root : Path
        The repository's folder.
    """

    def embed(match: re.Match) -> str:
        if match["target"].startswith(ABSOLUTE):
            return match[0]
        data = base64.b64encode((root / match["target"]).read_bytes()).decode("ascii")
        return f"![{match['alt']}](data:image/png;base64,{data})"

    return IMAGE.sub(embed, text)


def figure_problems(cell: SourceCell, root: Path) -> list[Problem]:
    """List a markdown cell's pictures that are missing, have no alternative text or would not show everywhere."""
    if cell.kind != "markdown":
        return []
    problems = []
    for row, line in enumerate(cell.lines, 1):
        if re.search(r"""src=["']?(?!https?:|data:)""", line):
            problems.append(cell.problem(row, "a relative src shows nowhere on Colab; write ![text](figs/name.png)."))
        for match in IMAGE.finditer(line):
            message = _message(match["alt"], match["target"], root)
            if message:
                problems.append(cell.problem(row, message))
    return problems


def _message(alt: str, target: str, root: Path) -> str | None:
    if not alt.strip():
        return f"{target} has no alternative text; write ![what it shows]({target})."
    if target.startswith(ABSOLUTE):
        return None
    if not re.fullmatch(r"figs/[\w.-]+\.png", target):
        return f"{target} cannot be embedded; pictures lie in figs/ and end in .png."
    if not (root / target).is_file():
        return f"{target} does not exist; draw it with `make build`."
    return None
