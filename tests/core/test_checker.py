"""What students call."""

import json
from pathlib import Path

import pytest

from utils.core import ExerciseChecker
from utils.core.errors import ExerciseNotFoundError, SessionNotFoundError, SettingsError, WorkshopError
from utils.core.exercise import SESSIONS, load_session

GOOD = "def forward"


@pytest.fixture
def checker():
    return ExerciseChecker("SE05")


@pytest.mark.parametrize("session", SESSIONS)
def test_session_earns_100_points(session):
    assert load_session(session).points == 100


def test_unknown_names_are_errors_that_list_what_there_is(checker):
    with pytest.raises(SessionNotFoundError, match="SE05"):
        ExerciseChecker("SE77")
    with pytest.raises(ExerciseNotFoundError, match="it has 1, 2, 3"):
        checker.check_exercise(13, {})
    with pytest.raises(ExerciseNotFoundError):
        checker.check_exercise(True, {})
    with pytest.raises(TypeError, match="pass a dict"):
        checker.check_exercise(6, [1])


def test_score_prints_as_a_report_and_represents_itself_as_a_float(checker, capsys):
    score = checker.check_exercise(6, {"DoubleConv": ...})
    assert repr(score) == "0.0"
    assert str(score).startswith("Exercise 6: Double convolution: not attempted (0 of 8 points)")
    assert str(score) in capsys.readouterr().out, "a terminal should see the report at once"


def test_ready_waits_for_an_attempt_and_says_for_which(checker, capsys):
    assert not checker.ready(6, 10)
    assert "exercises 6 and 10" in capsys.readouterr().out
    checker.check_exercise(10, {"DiceLoss": ...})
    assert not checker.ready(10), "an untouched stub is no attempt"
    checker.check_exercise(10, {"DiceLoss": list})
    assert checker.ready(10), "a wrong answer is one"


def test_hints_open_one_by_one(checker, capsys):
    criterion = checker.session.exercise(10).criteria[0]
    checker.hint(10)
    assert "Run the check" in capsys.readouterr().out
    first = checker.check_exercise(10, {"DiceLoss": list})
    assert criterion.hints[0] in str(first)
    assert criterion.hints[1] not in str(first)
    second = checker.check_exercise(10, {"DiceLoss": list})
    assert criterion.hints[1] in str(second), "running the cell again opens the next"
    other = ExerciseChecker("SE05")
    other.check_exercise(10, {"DiceLoss": list})
    capsys.readouterr()
    other.hint(10)
    assert criterion.hints[1] in capsys.readouterr().out


def test_progress_shows_every_exercise_and_the_sum(checker):
    checker.check_exercise(10, {"DiceLoss": list})
    progress = checker.progress()
    assert "of 100 points" in repr(progress)
    assert "10. Dice loss" in repr(progress)
    assert "not checked yet" in progress._repr_html_()


def test_attempts_are_recorded_without_code_and_can_be_switched_off(checker, tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.delenv("WORKSHOP_FAST")
    checker.check_exercise(10, {"DiceLoss": list})
    (file,) = tmp_path.rglob("*.jsonl")
    line = json.loads(file.read_text())
    assert set(line) == {"time", "session", "exercise", "points", "criteria"}
    assert line["criteria"]["is_one_number"] in ("failed", "crashed")
    monkeypatch.setenv("WORKSHOP_LOG", "off")
    checker.check_exercise(10, {"DiceLoss": list})
    assert len(file.read_text().splitlines()) == 1
    monkeypatch.setenv("WORKSHOP_LOG", "maybe")
    with pytest.raises(SettingsError, match="WORKSHOP_LOG"):
        checker.check_exercise(10, {"DiceLoss": list})


def test_every_criterion_has_a_claim_and_hints_that_do_not_repeat():
    for exercise in (each for session in SESSIONS for each in load_session(session).exercises):
        for criterion in exercise.criteria:
            assert criterion.claim.endswith("."), criterion.name
            assert len(set(criterion.hints)) == len(criterion.hints) >= 2, criterion.name


def test_errors_share_one_base():
    assert issubclass(ExerciseNotFoundError, WorkshopError)
    assert issubclass(ExerciseNotFoundError, LookupError)


def test_failure_points_to_the_unsolved_exercise_it_builds_on(checker):
    alone = checker.check_exercise(7, {"Down": list, "DoubleConv": list})
    assert "builds on" not in str(alone), "exercise 6 was not checked, so nothing is known about it"
    checker.check_exercise(6, {"DoubleConv": list})
    after = checker.check_exercise(7, {"Down": list, "DoubleConv": list})
    assert "This exercise builds on exercise 6, not passed yet" in " ".join(str(after).split())
    assert "builds on exercise 6" in after._repr_html_()


def test_exercises_build_on_earlier_ones():
    for exercise in (each for session in SESSIONS for each in load_session(session).exercises):
        assert all(number < exercise.number for number in exercise.builds_on)
