"""Answers written from the exercise text alone get the verdict that the text gives them."""

import importlib
from pathlib import Path

import pytest

from tests.checks.harness import judge

FOLDER = Path(__file__).parent / "fresh"
ANSWERS = {
    (path.parent.name, int(path.stem.removeprefix("ex"))): importlib.import_module(
        f"tests.checks.fresh.{path.parent.name}.{path.stem}"
    ).ANSWERS
    for path in sorted(FOLDER.glob("*/ex*.py"))
}
"""By reader and exercise; a reader's folder is the session's name, and what tells readers of one session apart."""
CASES = [
    pytest.param(
        reader.partition("_")[0].upper(),
        number,
        code,
        right,
        id=f"{reader.upper()}-ex{number:02}-{'right' if right else 'wrong'}-{name}",
    )
    for (reader, number), answers in ANSWERS.items()
    for name, code, right in answers
]


@pytest.mark.parametrize(("session", "number", "code", "right"), CASES)
def test_verdict(session, number, code, right):
    score = judge(number, code, session=session)
    assert bool(score.passed) is right, str(score)


@pytest.mark.parametrize("place", ANSWERS, ids=lambda place: f"{place[0]}-ex{place[1]:02}")
def test_names_are_unique_and_both_kinds_are_there(place):
    answers = ANSWERS[place]
    names = [name for name, _, _ in answers]
    assert len(set(names)) == len(names)
    assert len({code for _, code, _ in answers}) == len(names)
    assert {right for _, _, right in answers} == {True, False}
