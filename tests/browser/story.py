"""What a student does in a session, as tests for each application: read, run, answer, see the card turn, hand in.

Classes
-------
Story
    The first exercise, a mistake and its card, a quiz; short.
WholeStory
    And the solution, run from top to bottom, with what only then can be seen; minutes.
"""

import json
import re

import nbformat
from playwright.sync_api import expect

from tests.browser.notebook_page import PATIENCE, SHOTS
from tests.checks.harness import solution
from utils.core.exercise import load_session
from utils.course.layout import REPOSITORY

READY = "Ready. Go on with the next cell: Shift + Enter runs it and moves on."


class Story:
    """The tests, in a student's order; a subclass names the application.

    Attributes
    ----------
    application : str
        ``lab`` or ``notebook``.
    session : str
    mistake : tuple of (int, str, str)
        An exercise, and what a student might write (second) where the solution has the first.
    told, hint : str
        Part of what the card says then, and the beginning of the hint that it offers.
    """

    application: str
    session = "SE05"
    mistake = (6, "padding=1", "padding=0")
    told = "has shape (2, 8, 13, 19); expected (2, 8, 17, 23)"
    hint = "Follow one image through"

    @classmethod
    def label(cls):
        """Begins the names of the screenshots."""
        return cls.application if cls.session == "SE05" else f"{cls.application}-{cls.session}"

    @property
    def exercises(self):
        return load_session(self.session).exercises

    def typed(self, number):
        """Return what a student would type: the solution without the build's marks."""
        marks = r"^\s*### (BEGIN|END) SOLUTION\n|  # SOLUTION:.*$"
        return re.sub(marks, "", solution(number, self.session), flags=re.M)

    def test_first_exercise_is_passed_by_following_the_screen(self, notebook):
        notebook.shoot("1-opened")
        page = notebook.page
        notebook.start_at_the_top()
        for _ in range(60):  # cells; the first exercise comes long before
            if notebook.active_source().startswith("# Exercise 1:"):
                break
            page.keyboard.press("Shift+Enter")
        else:
            raise AssertionError("No first exercise after 60 cells.")
        notebook.wait_until_idle()
        setup = notebook.cell("def fetch_course")
        expect(setup).to_contain_text(READY)
        expect(setup).to_contain_text("No GPU is on: everything runs, only slower.")
        notebook.shoot("2-setup", setup.locator(".jp-OutputArea").first)

        notebook.cell("# Exercise 1:")
        page.keyboard.press("Enter")  # from moving between cells to typing in one
        page.keyboard.press("Control+a")
        page.keyboard.insert_text(self.typed(1))
        page.keyboard.press("Shift+Enter")
        page.keyboard.press("Shift+Enter")
        notebook.wait_until_idle()
        check = notebook.cell("checker.check_exercise(1,")
        worth = self.exercises[0].points
        expect(check).to_contain_text(f"{worth:g} of {worth:g} points")
        notebook.shoot("3-first-passed")

    def test_card_turns_from_not_attempted_to_not_yet_to_passed(self, notebook):
        self._set_up(notebook)
        number, right, wrong = self.mistake
        check_cell, worth = f"checker.check_exercise({number},", self.exercises[number - 1].points
        notebook.run(f"# Exercise {number}:")
        check = notebook.run(check_cell)
        expect(check).to_contain_text("not attempted")
        notebook.shoot("4-not-attempted", check)

        assert right in self.typed(number)
        notebook.answer(f"# Exercise {number}:", self.typed(number).replace(right, wrong))
        check = notebook.run(check_cell)
        expect(check).to_contain_text(self.told)
        hint = check.get_by_text(self.hint)
        expect(hint).not_to_be_visible()
        check.locator("summary").click()
        expect(hint).to_be_visible()
        notebook.shoot("5-not-yet", check)

        notebook.answer(f"# Exercise {number}:", self.typed(number))
        check = notebook.run(check_cell)
        expect(check).to_contain_text(f"{worth:g} of {worth:g} points")
        notebook.shoot("6-passed", check)

    def test_quiz_is_answered_by_mouse(self, notebook):
        wrong, right = self._options(quiz=1)
        self._set_up(notebook)
        quiz = notebook.run("quizzer.run_quiz(1)")
        question = quiz.locator(".wq-question").first
        question.wait_for()
        notebook.shoot("7-quiz", quiz)
        self._choose(question, wrong)
        expect(question).to_contain_text("not quite")
        expect(question).to_contain_text("You have a second try.")
        notebook.shoot("8-quiz-second-try", quiz)
        self._choose(question, right)
        expect(question).to_contain_text("✓ right.")
        expect(quiz).to_contain_text(re.compile(r"1 of \d+ right"))
        expect(question.get_by_role("button", name="Answered")).to_be_disabled()
        notebook.shoot("9-quiz-right", quiz)
        again = notebook.run("quizzer.run_quiz(1)")
        expect(again.locator(".wq-question").first).to_contain_text("✓ right.")

    def _set_up(self, notebook):
        """Run the setup cell, unless an earlier test has done it."""
        setup = notebook.cell("def fetch_course")
        if READY not in setup.inner_text():
            expect(notebook.run("def fetch_course")).to_contain_text(READY)

    def _options(self, quiz):
        """Return a wrong and the right option of a quiz's first question."""
        options = self._quizzes()[quiz - 1]["questions"][0]["options"]
        return tuple(next(each["text"] for each in options if each["correct"] is correct) for correct in (False, True))

    def _quizzes(self):
        return json.loads((REPOSITORY / "quizzes" / f"{self.session}.json").read_text())["quizzes"]

    def _choose(self, question, text):
        question.get_by_text(text.replace("`", "")).click()
        question.get_by_role("button").filter(has_text="Answer").click()


class WholeStory(Story):
    """Goes on with the solution, restarted and run as before handing in."""

    def test_solution_earns_everything_after_restart_and_run_all(self, solved):
        scores = {}
        for cell in solved.outputs():
            assert not [output for output in cell["outputs"] if output["output_type"] == "error"], cell["source"][:80]
            found = re.search(r"checker\.check_exercise\(\s*(\d+)", cell["source"])
            if found:
                result = next(out for out in cell["outputs"] if out["output_type"] == "execute_result")
                scores[int(found[1])] = float("".join(result["data"]["text/plain"]))
        assert scores == {exercise.number: exercise.points for exercise in self.exercises}
        progress = solved.cell("checker.progress()")
        expect(progress).to_contain_text("100 of 100 points")
        solved.shoot("11-progress", progress)

    def test_explorer_follows_its_slider(self, solved):
        solved.shoot("10-explorer-of-augmentation", solved.cell("utils.plotting.explore_augmentation("))
        explorer = solved.cell("utils.plotting.explore_predictions(")
        expect(explorer).to_contain_text("Threshold 0.50: Dice")
        solved.shoot("10-explorer", explorer)
        slider = explorer.locator(".widget-slider", has_text="threshold:")
        handle, track = slider.locator(".noUi-handle"), slider.locator(".noUi-base").bounding_box()
        handle.hover()
        page = solved.page
        page.mouse.down()
        page.mouse.move(track["x"] + 0.9 * track["width"], track["y"] + track["height"] / 2, steps=5)
        page.mouse.up()
        expect(explorer).to_contain_text(re.compile(r"Threshold 0\.[89]\d: Dice"))
        solved.shoot("10-explorer-moved", explorer)
        slider.locator(".widget-readout").click()  # by keyboard, too: the number can be typed
        page.keyboard.press("Control+a")
        page.keyboard.insert_text("0.2")
        page.keyboard.press("Enter")
        expect(explorer).to_contain_text("Threshold 0.20: Dice")

    def test_saved_notebook_can_be_read_as_a_page(self, solved, server):
        solved.save()
        self._read_exported_page(solved, server[0] / "solution.ipynb")

    def _read_exported_page(self, solution_page, saved):
        """Cards and quizzes of the saved notebook can be read on the page that nbconvert makes of it."""
        from nbconvert import HTMLExporter

        html, _ = HTMLExporter(embed_images=True).from_notebook_node(nbformat.read(saved, as_version=4))
        exported = saved.with_suffix(".html")
        exported.write_text(html)
        page = solution_page.page.context.browser.new_page()
        page.route(re.compile("^https?://"), lambda route: route.abort())  # mathematics comes from the network
        page.goto(exported.as_uri(), wait_until="domcontentloaded", timeout=PATIENCE)
        cards = page.locator('[role="status"]', has_text=re.compile(r"Exercise \d+:"))
        expect(cards).to_have_count(len(self.exercises))
        expect(page.get_by_text(f"Exercise 6: {self.exercises[5].title}").last).to_be_visible()
        assert cards.nth(5).bounding_box()["height"] > 100
        expect(page.get_by_text(f"Quiz 1: {self._quizzes()[0]['title']}").first).to_be_visible()
        cards.nth(5).screenshot(path=SHOTS / f"{solution_page.label}-12-exported-card.png")
        page.close()
