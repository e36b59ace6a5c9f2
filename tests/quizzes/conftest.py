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
                    "kind": "single",
                    "explanation": "It depends.",
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
                    "kind": "single",
                    "explanation": "Left is left.",
                    "prompt": f"Prompt {n}",
                    "options": [
                        {"text": "Left", "correct": True, "why": "It is left."},
                        {"text": "Right", "correct": False, "why": "It is not right."},
                    ],
                }
                for n in (1, 2)
            ],
        },
        {
            "number": 3,
            "title": "Other kinds",
            "questions": [
                {
                    "id": "several",
                    "kind": "multiple",
                    "prompt": "Which are even?",
                    "options": [
                        {"text": "One", "correct": False, "why": "One is odd."},
                        {"text": "Two", "correct": True, "why": "Two is even."},
                        {"text": "Four", "correct": True, "why": "Four is even."},
                    ],
                    "explanation": "Even numbers are multiples of two.",
                },
                {
                    "id": "number",
                    "kind": "number",
                    "prompt": "What is a quarter of three?",
                    "answer": 0.75,
                    "tolerance": 0.01,
                    "unit": "parts",
                    "mistakes": [{"value": 12, "why": "That is four times three."}],
                    "otherwise": "Divide three by four.",
                    "explanation": "3 / 4 = 0.75.",
                },
                {
                    "id": "order",
                    "kind": "order",
                    "prompt": "From small to large?",
                    "items": [
                        {"text": "Mouse", "why": "It is the smallest."},
                        {"text": "Dog", "why": "It is between them."},
                        {"text": "Horse", "why": "It is the largest."},
                    ],
                    "explanation": "Size grows.",
                },
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
