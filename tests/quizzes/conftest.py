import copy
import json

import pytest

CONTENT = {
    "session": "SX01",
    "quizzes": [
        {
            "number": 1,
            "title": "Alone",
            "questions": [
                {
                    "id": "alone",
                    "prompt": "Is 1 < 2 & `a > b`?",
                    "options": [
                        {"text": "No <b>", "correct": False, "why": "Because of a."},
                        {"text": "Yes", "correct": True, "why": "Because of b."},
                        {"text": "Perhaps", "correct": False, "why": "Because of c."},
                    ],
                }
            ],
        },
        {
            "number": 2,
            "title": "A pair",
            "questions": [
                {
                    "id": f"pair-{n}",
                    "prompt": f"Prompt {n}",
                    "options": [
                        {"text": "Left", "correct": True, "why": "It is left."},
                        {"text": "Right", "correct": False, "why": "It is not right."},
                    ],
                }
                for n in (1, 2)
            ],
        },
    ],
}


@pytest.fixture
def content():
    return copy.deepcopy(CONTENT)


@pytest.fixture
def write(tmp_path):
    """Write content to a quiz file and return the file."""

    def _write(content, name="SX01.json"):
        path = tmp_path / name
        path.write_text(json.dumps(content), encoding="utf-8")
        return path

    return _write
