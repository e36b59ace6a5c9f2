"""Every badge, link and picture of the README and the notebooks leads somewhere; without the network, as far as can be told."""

import re
from urllib.parse import unquote, urlsplit

import nbformat
import pytest

from utils.course.layout import REPOSITORY, find_notebooks
from utils.course.placeholders import load_placeholders

ADDRESS = load_placeholders(find_notebooks()[0])["@REPOSITORY@"]
OWNER_AND_NAME = ADDRESS.removeprefix("https://github.com/")
COLAB = f"https://colab.research.google.com/github/{OWNER_AND_NAME}/blob/main/"
OURS = (f"{ADDRESS}/blob/main/", f"{ADDRESS}/tree/main/", COLAB)
PAGES = ["README.md", *(files.relative(path) for files in find_notebooks() for path in (files.student, files.solution))]


def links_in(page):
    """Yield the links of a page's prose: markdown, HTML and bare addresses."""
    path = REPOSITORY / page
    texts = [path.read_text()]
    if path.suffix == ".ipynb":
        texts = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "markdown"]
    for text in texts:
        prose = re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)
        yield from re.findall(r"\]\(([^()\s]*(?:\([^()\s]*\)[^()\s]*)*)\)", prose)
        yield from re.findall(r"""(?:href|src)=["']([^"']*)["']""", prose)
        yield from re.findall(r"(?<![(\"'\w])https?://[^\s)>\"']+", prose)


def fault(link, page):
    """Say what is wrong with a link, or return None."""
    parts = urlsplit(link)
    if link.startswith("data:image/"):
        return None
    if not parts.scheme:
        if page.endswith(".ipynb"):
            return "a notebook on Colab has no files around it"
        there = (REPOSITORY / page).parent / unquote(parts.path)
        return None if there.exists() else "there is no such file"
    if parts.scheme != "https" or not re.fullmatch(r"(?:[a-z0-9-]+\.)+[a-z]{2,}", parts.netloc) or " " in link:
        return "not a well-formed https address"
    for start in OURS:
        if link.startswith(start):
            there = REPOSITORY / link.removeprefix(start)
            return None if there.is_file() or (start != COLAB and there.exists()) else "the repository has no such file"
    if OWNER_AND_NAME.split("/")[1] in link and link.rstrip("/") != ADDRESS:
        return f"another address of the repository than {ADDRESS}, or another branch than main"
    if parts.netloc == "colab.research.google.com" and parts.path.startswith("/github"):
        return "opens somebody else's notebook"
    return None


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page):
    links = set(links_in(page))
    assert links
    assert {link: fault(link, page) for link in links if fault(link, page)} == {}


@pytest.mark.parametrize("files", find_notebooks(), ids=lambda files: files.session)
def test_badges_of_readme_and_notebooks_open_the_student_notebook(files):
    badge = load_placeholders(files)["@COLAB_URL@"]
    assert badge == COLAB + files.relative(files.student)
    for page in ("README.md", files.relative(files.student), files.relative(files.solution)):
        assert badge in links_in(page), page


@pytest.mark.parametrize(
    "link",
    [
        "figs/nothing.png",
        "http://arxiv.org/abs/1605.01397",
        "https://nowhere/",
        f"{COLAB}notebooks/SE99/segmentation.ipynb",
        f"{COLAB}notebooks/SE05",
        COLAB.replace("/main/", "/master/") + "notebooks/SE05/segmentation.ipynb",
        "https://github.com/somebody/transfer-learning-workshop",
        "https://colab.research.google.com/github/somebody/course/blob/main/a.ipynb",
    ],
)
def test_wrong_links_are_noticed(link):
    assert fault(link, "README.md")


def test_links_to_files_beside_a_notebook_are_noticed():
    assert fault("figs/unet.png", "notebooks/SE05/segmentation.ipynb")
