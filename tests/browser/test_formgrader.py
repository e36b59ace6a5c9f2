"""nbgrader's Formgrader on what the grader leaves: an answer in words is marked, and the mark reaches every grade."""

import csv
import sys

import nbformat
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SERVER, TOKEN, free_port, running
from tests.browser.notebook_page import PATIENCE, SHOTS
from utils.core.exercise import load_session
from utils.course.identity import question_id
from utils.grading.course_folder import notebook_of
from utils.grading.demo_class import write_class
from utils.grading.run import grade_class

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

SESSION = load_session("SE06")
QUESTIONS = [question.number for question in SESSION.questions]
ANSWER = "With few images the pretrained network was ahead; with all of them it no longer was."
COMMENT = "Well read; name the numbers, too."


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory):
    """Two students: one answered everything, in words, too; one nothing."""
    folder = tmp_path_factory.mktemp("class")
    write_class(notebook_of("SE06"), folder)
    submitted = folder / "submitted"
    submitted.mkdir()
    for student, platform_name in {"perfect": "Ada Lovelace_11", "untouched": "Grace Hopper_12"}.items():
        notebook = nbformat.read(next((folder / student).rglob("*.ipynb")), as_version=4)
        for cell in notebook.cells:
            if student == "perfect" and cell.id in map(question_id, QUESTIONS):
                cell.source = cell.source.replace("YOUR ANSWER HERE", ANSWER)
        target = submitted / f"{platform_name}_assignsubmission_file_" / "classification.ipynb"
        target.parent.mkdir()
        nbformat.write(notebook, target)
    return submitted


@pytest.fixture(scope="module")
def out(handed_in, tmp_path_factory):
    return tmp_path_factory.mktemp("graded") / "out"


def grade(handed_in, out):
    return grade_class("SE06", submitted=handed_in, out=out, say=lambda text: None)


def table(path) -> dict[str, dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {row.get("full_name") or row["Full name"]: row for row in rows}


def test_an_answer_in_words_waits_for_a_person(handed_in, out):
    graded = grade(handed_in, out)
    assert len(graded.to_mark) == 1
    assert "To mark" in graded.summary()
    rows = table(out / "grades.csv")
    assert [rows["Ada Lovelace"][name] for name in ("score", "max_score", "q01", "q02")] == ["100", "120", "", ""]
    assert [rows["Grace Hopper"][name] for name in ("score", "max_score", "q01", "q02")] == ["0", "120", "0", "0"]
    assert list(table(out / "moodle.csv")) == ["Grace Hopper"]
    assert "waits to be marked" in graded.folder.feedback(graded.to_mark[0]).read_text(encoding="utf-8")


def test_marks_given_in_formgrader_reach_every_grade(handed_in, out, browser, tmp_path):
    command = [sys.executable, "-m", "jupyterlab", *SERVER, f"--port={(port := free_port())}"]
    with running(command, out, tmp_path, port) as address:
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.set_default_timeout(PATIENCE)
        page.goto(f"{address}/lab?token={TOKEN}", wait_until="domcontentloaded")
        page.get_by_role("menuitem", name="Nbgrader").click()
        page.get_by_role("menuitem", name="Formgrader", exact=True).click()
        formgrader = page.frame_locator("iframe")
        expect(formgrader.get_by_text("exchange directory")).to_have_count(0)
        formgrader.get_by_role("link", name="Manual Grading").click()
        formgrader.get_by_role("link", name="SE06").click()
        formgrader.get_by_role("link", name="classification").click()
        # The button is there before the rows are, and shows only the names that are there when it is pressed.
        expect(formgrader.get_by_role("link", name="Submission #2")).to_be_visible()
        formgrader.get_by_text("Show All Names").click()
        expect(formgrader.get_by_text("Lovelace, Ada")).to_be_visible()
        page.screenshot(path=SHOTS / "formgrader-1-submissions.png")
        page.goto(f"{address}/formgrader/gradebook/SE06/classification", wait_until="domcontentloaded")
        row = page.locator("tr", has_text="100 / 120")
        row.get_by_role("link").first.click()
        expect(page.get_by_text(ANSWER).first).to_be_visible()
        for number, points in zip(QUESTIONS, ("7", "9.5"), strict=True):
            cell = page.locator(".nbgrader_cell", has_text=f"Your answer to question {number}").last
            cell.locator("input.score").fill(points)
            cell.locator("input.score").press("Tab")
            cell.locator("textarea.comment").fill(COMMENT)
            cell.locator("textarea.comment").press("Tab")
            expect(cell.locator(".comment-saved")).to_be_attached()
        page.locator("input.score").last.scroll_into_view_if_needed()
        page.screenshot(path=SHOTS / "formgrader-2-marking.png")
        page.goto(f"{address}/formgrader/gradebook/SE06/classification", wait_until="domcontentloaded")
        expect(page.locator("tr", has_text="116.5 / 120")).to_be_visible()
        page.close()

    graded = grade(handed_in, out)
    assert graded.to_mark == ()
    row = table(out / "grades.csv")["Ada Lovelace"]
    assert [row[name] for name in ("score", "max_score", "q01", "q02", "flags")] == ["116.5", "120", "7", "9.5", ""]
    moodle = table(out / "moodle.csv")
    assert moodle["Ada Lovelace"]["Grade"] == "116.5"
    assert moodle["Ada Lovelace"]["Maximum Grade"] == "120"
    feedback = graded.folder.feedback(graded.results.students[0].student).read_text(encoding="utf-8")
    assert COMMENT in feedback
    assert ANSWER in feedback


def test_the_pages_show_the_marks(out, page):
    page.set_viewport_size({"width": 1100, "height": 900})
    page.goto((out / "report.html").as_uri())
    row = page.locator("#table tbody tr", has_text="Ada Lovelace")
    expect(row).to_contain_text("116.5")
    page.screenshot(path=SHOTS / "formgrader-3-report.png", full_page=True)
    row.get_by_role("link").click()
    expect(page.get_by_role("heading", name="Question 2: ")).to_be_visible()
    page.screenshot(path=SHOTS / "formgrader-4-feedback.png", full_page=True)
