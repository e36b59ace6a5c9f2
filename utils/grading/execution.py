"""Run one notebook in a kernel of its own, cell by cell, and have each answer judged when its check cell is reached."""

import asyncio
import contextlib
import hashlib
import re
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_output

from utils.core.exercise import Session
from utils.grading.demonstrations import SKIPPED, demonstrations
from utils.grading.isolation.appetite import private_bytes
from utils.grading.isolation.link import WardenLink
from utils.grading.isolation.nursery import last_words
from utils.grading.isolation.provisioner import Place, SandboxedKernelManager
from utils.grading.isolation.sandbox import Limits
from utils.grading.results import Flag
from utils.grading.suspicion import suspicions
from utils.grading.verdict import Verdict, judge

__all__ = ["Execution", "Plan", "execute"]

CHECK_ID = re.compile(r"ex(?P<number>\d+)-check")
PAUSE = 1.0
"""Seconds between two looks at the memory that a submission takes."""

CLASS_SEED = 0
"""What checks draw their inputs with in class; `utils.core.evaluation.evaluate`'s default."""


@dataclass(frozen=True)
class Plan:
    """How notebooks are run.

    Attributes
    ----------
    zygote : Path
        The zygote's socket.
    session : Session
        Its exercises, described.
    limits : Limits
    check_seconds : float
        After which an answer that is being judged is interrupted.
    release : frozenset of str
        The texts of the release's cells; its demonstrations are not run. Without them, everything is.
    """

    zygote: Path
    session: Session
    limits: Limits = field(default_factory=Limits)
    check_seconds: float = 60.0
    release: frozenset[str] = frozenset()


@dataclass
class Execution:
    """What running a notebook gave.

    Attributes
    ----------
    notebook : NotebookNode
        With outputs; each check cell shows the grader's card and number.
    verdicts : dict of int to Verdict
    flags : list of Flag
        About the whole submission.
    seconds : dict of str to float
    error : dict or None
        Why it ended early.
    """

    notebook: NotebookNode
    verdicts: dict[int, Verdict]
    flags: list[Flag]
    seconds: dict[str, float]
    error: dict[str, str] | None = None


def execute(notebook: NotebookNode, plan: Plan) -> Execution:
    """Run a notebook; whatever its code does, this returns what was judged until then.

    Parameters
    ----------
    notebook : NotebookNode
        The release's, with the student's answers; outputs are written into it.
    plan : Plan

    Raises
    ------
    OSError, RuntimeError
        If no kernel can be started, which is no fault of the notebook's.
    """
    return asyncio.run(_Run(notebook, plan).to_the_end())


class _Run:
    def __init__(self, notebook: NotebookNode, plan: Plan):
        self.plan, self.notebook = plan, notebook
        self.verdicts: dict[int, Verdict] = {}
        self.seconds = {"start": 0.0, "cells": 0.0, "checks": 0.0}
        self.flags = suspicions(notebook)
        self._takes_too_much = False
        self._watch: asyncio.Task | None = None
        self.error: dict[str, str] | None = None
        self._seed = _seed_of(notebook, plan.session)
        self._skipped = demonstrations(notebook, plan.release)

    async def to_the_end(self) -> Execution:
        began = time.monotonic()
        place = Place(self.plan.zygote, self.plan.limits)
        manager = SandboxedKernelManager(place)
        self.client = _Client(self.notebook, manager, self.plan.limits)
        self.link = WardenLink(place.warden)
        limit = None
        try:
            await self._start(began)
            self._watch = asyncio.create_task(self._watch_memory(manager))
            async with asyncio.timeout(self.plan.limits.notebook_seconds) as limit:
                await self._run_cells()
                self._add_notes(await self.link.notes())
        except (DeadKernelError, ConnectionError, TimeoutError):
            if self._takes_too_much:
                most = self.plan.limits.memory_bytes / (1 << 30)
                self._stop("memory", f"The notebook's processes took more than {most:g} GB of memory together")
            elif limit is not None and limit.expired():  # for nbclient, whoever cancels it says that the kernel is dead
                self._stop("timeout", f"The notebook ran longer than {self.plan.limits.notebook_seconds} seconds")
            else:
                self._stop("dead kernel", "The notebook's process ended before its last cell")
        except Exception as error:
            if limit is None:
                raise
            sentence = "The notebook's process sent messages that nobody can read."
            self.flags.append(Flag(None, "messages", False, sentence, (f"{type(error).__name__}: {error}"[:200],)))
            self._stop("messages", sentence.rstrip("."))
        finally:
            await self._close(manager, place)
        self.seconds["total"] = time.monotonic() - began
        return Execution(self.notebook, self.verdicts, self.flags, self.seconds, self.error)

    async def _start(self, began: float) -> None:
        await self.link.hand_over_key()
        try:
            await self.client.async_start_new_kernel()
            await self.client.async_start_new_kernel_client()
        except RuntimeError as error:
            raise RuntimeError(f"{error} {last_words(self.plan.zygote)}".strip()) from error
        self.seconds["start"] = time.monotonic() - began

    async def _watch_memory(self, manager: SandboxedKernelManager) -> None:
        """End a kernel whose processes together take more than one may."""
        while not self._takes_too_much:
            await asyncio.sleep(PAUSE)
            taken = await asyncio.to_thread(private_bytes, manager.provisioner.pid)
            self._takes_too_much = taken > self.plan.limits.memory_bytes
        await manager.provisioner.kill()

    async def _run_cells(self) -> None:
        for index, cell in enumerate(self.notebook.cells):
            if index in self._skipped:
                cell.outputs = [new_output("stream", name="stdout", text=SKIPPED)]
                continue
            number = number_of(cell)
            if number is not None:
                began = time.monotonic()
                await self._judge(number)
                self.seconds["checks"] += time.monotonic() - began
            began = time.monotonic()
            with contextlib.suppress(CellTimeoutError):
                await self.client.async_execute_cell(cell, index, execution_count=None)
            self.seconds["cells"] += time.monotonic() - began
            if number is not None:
                self._compare(cell, self.verdicts[number])

    async def _judge(self, number: int) -> None:
        exercise = self.plan.session.exercise(number)
        seconds = self.plan.check_seconds
        answer = await self.link.judge(number, seed=self._seed, class_seed=CLASS_SEED, seconds=seconds)
        verdict = judge(exercise, answer)
        self.verdicts[number] = verdict
        shown = verdict.outcomes if not verdict.is_void else [("not attempted", "")] * len(exercise.criteria)
        await self.link.tell(number, shown)

    def _compare(self, cell: NotebookNode, verdict: Verdict) -> None:
        """Compare what the cell shows with the verdict, and have it show the verdict."""
        shown, error = _shown(cell)
        earned = verdict.result().score
        possible = verdict.exercise.points
        if verdict.is_void:
            pass
        elif shown is not None and abs(shown - earned) > 1e-9:
            sentence = "The cell shows another number than the checker gave."
            verdict.flag("forged", sentence, f"shown {shown:g}, given {earned:g}", certain=True)
        elif shown is None and earned:
            why = f"The check stopped with {error}" if error else "The check left no number"
            verdict.outcomes = [("not attempted", "The check cell did not run as it was handed out.")] * len(
                verdict.outcomes
            )
            verdict.flag("no number", f"{why}: 0 points.", f"the checker gave {earned:g} of {possible:g}")
        verdict.void()
        total = sum(each.result().score for each in self.verdicts.values())
        data = {
            "text/plain": repr(float(verdict.result().score)),
            "text/html": verdict.card(total, self.plan.session.points),
        }
        keep = [output for output in cell.outputs if output.output_type == "error"] if shown is None else []
        result = new_output("execute_result", data=data, execution_count=cell.execution_count)
        cell.outputs = [result, *map(_as_text, keep)]

    def _add_notes(self, notes) -> None:
        known = {flag.sentence for verdict in self.verdicts.values() for flag in verdict.flags}
        for kind, certain, sentence in notes:
            if sentence not in known:
                self.flags.append(Flag(None, kind, certain, sentence, (sentence,)))

    def _stop(self, kind: str, sentence: str) -> None:
        judged = ", ".join(map(str, self.verdicts)) or "none"
        self.error = {"kind": kind, "sentence": f"{sentence}; judged until then: exercises {judged}."}
        for cell in self.notebook.cells:
            number = number_of(cell)
            if number is not None and (number not in self.verdicts or not cell.outputs):
                self.verdicts.setdefault(number, _not_judged(self.plan.session.exercise(number)))
                self._compare(cell, self.verdicts[number])

    async def _close(self, manager: SandboxedKernelManager, place: Place) -> None:
        if self._watch is not None:
            self._watch.cancel()
        if self.client.kc is not None:
            self.client.kc.stop_channels()
        await manager.end_kernel()
        place.close()


class _Client(NotebookClient):
    """nbclient's, for a manager that is there already, and with a limit to what a cell may put out."""

    def __init__(self, notebook: NotebookNode, manager: SandboxedKernelManager, limits: Limits):
        super().__init__(
            notebook,
            km=manager,
            timeout=limits.cell_seconds,
            startup_timeout=120,
            allow_errors=True,
            interrupt_on_timeout=True,
            error_on_timeout={
                "ename": "CellTimeoutError",
                "evalue": f"this cell ran longer than {limits.cell_seconds} seconds",
                "traceback": [f"CellTimeoutError: this cell ran longer than {limits.cell_seconds} seconds"],
            },
            raise_on_iopub_timeout=False,
            iopub_timeout=10,
            store_widget_state=False,
        )
        self._room, self._left = limits.output_bytes, {}

    def process_message(self, msg, cell, cell_index):
        """Take an output, as long as the cell's room lasts."""
        if msg["msg_type"] in ("stream", "display_data", "execute_result", "error"):
            left = self._left.setdefault(cell_index, self._room) - len(repr(msg["content"]))
            if left < 0 <= self._left[cell_index]:
                notice = f"\n[This cell put out more than {self._room >> 20} MB; the rest was dropped.]\n"
                cell.outputs.append(new_output("stream", name="stdout", text=notice))
            self._left[cell_index] = left
            if left < 0:
                return None
        return super().process_message(msg, cell, cell_index)


def number_of(cell: NotebookNode) -> int | None:
    """Return the number of the exercise that a cell checks, or None."""
    found = CHECK_ID.fullmatch(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
    return int(found["number"]) if found and cell.cell_type == "code" else None


def _shown(cell: NotebookNode) -> tuple[float | None, str | None]:
    """Return the number that a cell's result shows, and the name of the error it stopped with."""
    error = next((output.ename for output in cell.outputs if output.output_type == "error"), None)
    texts = [output.data.get("text/plain", "") for output in cell.outputs if output.output_type == "execute_result"]
    try:
        return float(texts[-1]), error
    except (IndexError, ValueError):
        return None, error


def _as_text(error: NotebookNode) -> NotebookNode:
    """Return an error as printed text: nbgrader takes any error in a check cell for a verdict of its own."""
    return new_output("stream", name="stdout", text="\n".join(error.traceback))


def _not_judged(exercise) -> Verdict:
    return replace_outcomes(Verdict(exercise, []), "not attempted", "The notebook's process had ended by then.")


def replace_outcomes(verdict: Verdict, outcome: str, message: str) -> Verdict:
    """Return a verdict with one outcome for all criteria."""
    return replace(verdict, outcomes=[(outcome, message)] * len(verdict.exercise.criteria))


def _seed_of(notebook: NotebookNode, session: Session) -> int:
    """Draw a seed from the answers themselves: nobody can fit an answer to numbers that its own text decides."""
    digest = hashlib.blake2b(session.name.encode(), digest_size=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            digest.update(cell.source.encode(errors="replace"))
    return int.from_bytes(digest.digest(), "big") % (2**31 - 1) + 1
