"""A notebook in JupyterLab or Notebook 7, used by mouse and keyboard.

Both draw only the cells near the screen. To find one, the application itself is asked to scroll there; it is started
with ``expose_app_in_browser`` for that. Everything else is done as a person does it. Nothing waits for a fixed time.
"""

import os
import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

__all__ = ["PATIENCE", "SHOTS", "NotebookPage"]

SHOTS = Path(os.environ.get("WORKSHOP_SCREENSHOTS", Path(__file__).resolve().parents[2] / "build" / "screenshots"))
PATIENCE = 300_000  # milliseconds; a kernel's first import of torch on a machine that is busy
AROUND_NOTEBOOK = 300  # pixels: menus, tabs and status bar
expect.set_options(timeout=PATIENCE)
SHOWN = ".jp-NotebookPanel:not(.lm-mod-hidden)"  # JupyterLab keeps the notebooks of other tabs on the page, hidden
NOTEBOOK = "window.jupyterapp.shell.currentWidget"


class NotebookPage:
    """The page of one notebook.

    Parameters
    ----------
    page : Page
    address : str
        Where the notebook opens, token included.
    label : str
        Begins the names of the screenshots.
    """

    def __init__(self, page: Page, address: str, label: str):
        self.page, self.label = page, label
        page.set_default_timeout(PATIENCE)
        page.goto(address, wait_until="domcontentloaded", timeout=PATIENCE)
        page.locator(f"{SHOWN} .jp-Cell").first.wait_for()
        page.wait_for_function(f"{NOTEBOOK}?.sessionContext?.session?.kernel?.connectionStatus === 'connected'")
        page.wait_for_function(f"{NOTEBOOK}.sessionContext.session.kernel.status === 'idle'")

    def cell(self, text: str) -> Locator:
        """Scroll to the first code cell that holds a text."""
        index = self.page.evaluate(
            f"""async text => {{
                const notebook = {NOTEBOOK}.content;
                const found = cell => cell.model.type === 'code' && cell.model.sharedModel.source.includes(text);
                const index = notebook.widgets.findIndex(found);
                if (index >= 0) {{ notebook.activeCellIndex = index; await notebook.scrollToItem(index, 'start'); }}
                return index;
            }}""",
            text,
        )
        assert index >= 0, f"No code cell holds {text!r}."
        cell = self.page.locator(f'{SHOWN} .jp-Cell[data-windowed-list-index="{index}"]')
        cell.locator(".jp-InputArea-editor").wait_for()
        return cell

    def start_at_the_top(self) -> None:
        """Click beside the first cell's text, as if to begin there."""
        self.page.evaluate(f"{NOTEBOOK}.content.scrollToItem(0)")
        self.page.locator(f'{SHOWN} .jp-Cell[data-windowed-list-index="0"] h1').click()

    def active_source(self) -> str:
        """Return the text of the cell that the next key press goes to."""
        return self.page.evaluate(f"{NOTEBOOK}.content.activeCell.model.sharedModel.source")

    def wait_until_idle(self) -> None:
        """Wait until no cell is running or waiting to run."""
        self.page.wait_for_function(
            f"{NOTEBOOK}.content.widgets.every(c => c.model.type !== 'code' || c.model.executionState !== 'running')"
        )

    def run(self, text: str) -> Locator:
        """Click into the first code cell that holds a text, run it, wait until it has finished."""
        cell = self.cell(text)
        prompt = cell.locator(".jp-InputArea .jp-InputPrompt")
        before = prompt.inner_text()
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+Enter")
        expect(prompt).not_to_have_text(before if re.search(r"\d", before) else "[*]:")
        expect(prompt).to_have_text(re.compile(r"\[\d+\]:"))
        return self.cell(text)

    def answer(self, text: str, code: str) -> None:
        """Replace a cell's content by typing, and run it."""
        cell = self.cell(text)
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(code)
        self.run(text)

    def restart_and_run_all(self) -> None:
        """Use the menu, as one does before handing in; wait until the last cell has run."""
        self.page.get_by_role("menuitem", name="Kernel", exact=True).click()
        self.page.get_by_role("menuitem", name=re.compile("Restart Kernel and Run All Cells")).click()
        self.page.locator(".jp-Dialog .jp-mod-accept").click()
        self.page.locator(".jp-Dialog").wait_for(state="detached")
        last = f"{NOTEBOOK}.content.widgets.filter(c => c.model.type === 'code' && c.model.sharedModel.source.trim()).at(-1)"
        self.page.wait_for_function(f"{last}.model.executionCount === null")
        self.page.wait_for_function(f"{last}.model.executionCount > 0 || {self._failure()}", timeout=4 * PATIENCE)

    def outputs(self) -> list[dict]:
        """Return what each code cell shows, in nbformat's form, with the cell's source."""
        return self.page.evaluate(
            f"""() => {NOTEBOOK}.content.widgets.filter(cell => cell.model.type === 'code').map(cell => (
                {{source: cell.model.sharedModel.source, outputs: cell.model.outputs.toJSON()}}))"""
        )

    def save(self) -> None:
        """Save by keyboard and wait until it is done."""
        self.page.keyboard.press("Escape")
        self.page.keyboard.press("Control+s")
        self.page.wait_for_function(f"!{NOTEBOOK}.context.model.dirty")

    def shoot(self, name: str, what: Locator | None = None) -> None:
        """Take a picture of the window, or of one thing in it, in the dark and in the light theme."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        window = self.page.viewport_size
        if what is not None:  # what sticks out of the window is cut off
            height = int(what.bounding_box()["height"]) + AROUND_NOTEBOOK
            self.page.set_viewport_size({**window, "height": max(window["height"], height)})
            what.scroll_into_view_if_needed()
        for theme in ("Dark", "Light"):
            self.page.evaluate(
                "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", f"JupyterLab {theme}"
            )
            self.page.locator(f'body[data-jp-theme-light="{str(theme == "Light").lower()}"]').wait_for(state="attached")
            (what or self.page).screenshot(
                path=SHOTS / f"{self.label}-{name}-{theme.lower()}.png", animations="disabled"
            )
        self.page.set_viewport_size(window)

    @staticmethod
    def _failure() -> str:
        return f"{NOTEBOOK}.content.widgets.some(c => c.model.type === 'code' && c.model.outputs.toJSON().some(o => o.output_type === 'error'))"
