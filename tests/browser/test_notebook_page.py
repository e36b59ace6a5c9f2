"""The student notebook in a real browser: open it, run it, read the card; then answer and see the card turn."""

import os
from pathlib import Path

import pytest

from tests.browser.conftest import TOKEN
from tests.checks.harness import solution

pytestmark = pytest.mark.slow
SHOTS = Path(os.environ.get("WORKSHOP_SCREENSHOTS", Path(__file__).resolve().parents[2] / "build" / "screenshots"))
PATIENCE = 180_000  # milliseconds; a kernel's first import of torch on a busy machine


def open_notebook(page, server, theme="light"):
    page.emulate_media(color_scheme=theme)
    page.goto(f"{server}/notebooks/segmentation.ipynb?token={TOKEN}", wait_until="domcontentloaded")
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=PATIENCE)
    page.get_by_text("Python 3").first.wait_for(timeout=PATIENCE)


def cell_with(page, text):
    """Find the code cell that holds a text, scrolling until the notebook has drawn it."""
    cell = page.locator(".jp-CodeCell", has_text=text).first
    for _ in range(80):
        if cell.count():
            cell.scroll_into_view_if_needed()
            return cell
        page.mouse.move(500, 500)
        page.mouse.wheel(0, 900)
        page.wait_for_timeout(60)
    raise AssertionError(f"No code cell holds {text!r}.")


def run(page, cell):
    cell.locator(".jp-InputArea-editor").first.click()
    page.keyboard.press("Control+Enter")


def type_answer(page, cell, code):
    cell.locator(".cm-content").first.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(code)


def test_student_answers_an_exercise_and_sees_the_card_turn(page, notebook_server):
    SHOTS.mkdir(parents=True, exist_ok=True)
    open_notebook(page, notebook_server)
    page.screenshot(path=SHOTS / "1-opened.png")

    setup = cell_with(page, "def find_course():")
    run(page, setup)
    setup.get_by_text("Ready.").wait_for(timeout=PATIENCE)

    exercise = cell_with(page, "# Exercise 6:")
    run(page, exercise)
    check = cell_with(page, "checker.check_exercise(6,")
    run(page, check)
    check.get_by_text("not attempted").first.wait_for(timeout=PATIENCE)
    check.screenshot(path=SHOTS / "2-not-attempted.png")

    exercise = cell_with(page, "# Exercise 6:")
    type_answer(page, exercise, solution(6).replace("padding=1", "padding=0"))
    run(page, exercise)
    check = cell_with(page, "checker.check_exercise(6,")
    run(page, check)
    check.get_by_text("has shape (2, 8, 13, 19); expected (2, 8, 17, 23)").wait_for(timeout=PATIENCE)
    check.get_by_text("Hint", exact=True).click()
    check.get_by_text("Follow one image through").wait_for(timeout=PATIENCE)
    check.screenshot(path=SHOTS / "3-not-yet.png")

    exercise = cell_with(page, "# Exercise 6:")
    type_answer(page, exercise, solution(6))
    run(page, exercise)
    check = cell_with(page, "checker.check_exercise(6,")
    run(page, check)
    check.get_by_text("8 of 8 points").wait_for(timeout=PATIENCE)
    check.get_by_text("session: 8 of 100").wait_for(timeout=PATIENCE)
    check.screenshot(path=SHOTS / "4-passed.png")
