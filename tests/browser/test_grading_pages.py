"""The class's page and a feedback page in a real browser: they work, fit a phone, and run nothing but ours."""

import pytest

from tests.grading.graded_class import MORE, STUDENTS, make_class
from utils.grading.report import write_outputs

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder, results, files = make_class(tmp_path_factory.mktemp("graded"))
    write_outputs(folder, results, files)
    return folder


@pytest.fixture
def opened(page, folder):
    """Open a page at the width of a phone or a desk; collect what goes wrong."""
    problems = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("dialog", lambda dialog: (problems.append("a dialog"), dialog.dismiss()))

    def open_at(path, width=1100):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(path.as_uri())
        return page

    yield open_at
    assert problems == []


@pytest.mark.parametrize("width", [390, 1100])
@pytest.mark.parametrize("name", ["report.html", "bob", "carol", "gus"])
def test_nothing_runs_over_the_edge(opened, folder, name, width):
    path = folder.root / name if name.endswith(".html") else folder.feedback(name)
    page = opened(path, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_headings_sort_and_the_field_finds(opened, folder):
    page = opened(folder.root / "report.html")

    def first():
        return page.locator("#table tbody tr:visible").first.inner_text().split("\n")[0].split("\t")[0]

    assert page.locator("#table tbody tr").count() == len(STUDENTS) + MORE
    page.get_by_role("button", name="Score").click()
    assert page.locator("#table th[aria-sort=descending]").inner_text().startswith("Score")
    page.get_by_role("button", name="Score").click()
    assert first() == "Gus"
    page.locator("#find").fill("lovelace")
    assert first() == "Ada Lovelace"
    assert page.locator("#shown").inner_text() == f"1 of {len(STUDENTS) + MORE} shown"


def test_a_name_leads_to_the_feedback(opened, folder):
    page = opened(folder.root / "report.html")
    page.locator("#table").get_by_role("link", name="Ada Lovelace").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Ada Lovelace"


def test_a_script_that_got_into_a_page_would_not_run(page, folder, tmp_path):
    html = folder.feedback("ada").read_text(encoding="utf-8")
    smuggled = tmp_path / "smuggled.html"
    smuggled.write_text(
        html.replace(
            "</main>", "<script>document.title = 'run'</script><img src=x onerror=\"document.title='run'\"></main>"
        )
    )
    page.goto(smuggled.as_uri())
    assert "run" not in page.title()
