"""How the quizzes of a session are read from their file.

Every rule is checked when the file is read, so that a fault in a quiz is found by its author and never by a student.
"""

import json
from pathlib import Path

from utils.core.quiz.kinds import Item, MultipleChoice, NumberQuestion, Option, OrderQuestion, SingleChoice
from utils.core.quiz.place import Place
from utils.core.quiz.question import Picture, Question, Quiz

__all__ = ["QUIZZES", "load_quizzes"]

QUIZZES = Path(__file__).resolve().parents[3] / "quizzes"
"""The course's own quiz files."""

LARGEST_PICTURE_BYTES = 100_000
COMMON = {"id": str, "kind": str, "prompt": str, "explanation": str}


def load_quizzes(path: Path) -> tuple[Quiz, ...]:
    """Read and validate the quizzes of one session.

    Parameters
    ----------
    path : Path
        A JSON file named after the session: ``{"session": ..., "quizzes": [{"number", "title", "questions": [...]}]}``.
        Every question has ``id, kind, prompt, explanation`` and may have a ``picture: {"file", "alt"}``, a PNG in the
        folder ``figs`` beside the quizzes' folder. By its kind it has, further,

        - ``single`` and ``multiple``: ``options: [{"text", "correct", "why"}]``
        - ``number``: ``answer, tolerance, mistakes: [{"value", "why"}], otherwise`` and perhaps a ``unit``
        - ``order``: ``items: [{"text", "why"}]``, in the right order

        No other keys are allowed.

    Returns
    -------
    tuple of Quiz
        In the file's order, numbered 1, 2, 3 and so on.

    Raises
    ------
    QuizFormatError
        If anything is missing, unknown, empty, of the wrong type, contradictory or there twice; the message names file
        and place.
    """
    place = Place(path.name)
    content = place.fields(_read_json(path), session=str, quizzes=list)
    if content["session"] != path.stem:
        raise place.error(f"the session is {content['session']!r}; expected {path.stem!r}, as the file's name")
    root = path.resolve().parents[1]
    quizzes = tuple(
        _quiz(Place(path.name, f"quiz {n}"), n, entry, root) for n, entry in enumerate(content["quizzes"], 1)
    )
    place.check_unique("question id", [question.id for quiz in quizzes for question in quiz.questions])
    return quizzes


def _read_json(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:  # not JSON, or not UTF-8
        raise Place(path.name).error(f"this is not valid JSON: {error}") from error


def _quiz(place: Place, number: int, entry: object, root: Path) -> Quiz:
    values = place.fields(entry, number=int, title=str, questions=list)
    if values["number"] != number:
        raise place.error(f"its number is {values['number']}; quizzes are numbered 1, 2, 3 ... in the file's order")
    if not values["questions"]:
        raise place.error("it has no questions")
    questions = tuple(_question(place.inside(n), item, root) for n, item in enumerate(values["questions"], 1))
    return Quiz(number, values["title"], questions)


def _question(place: Place, entry: object, root: Path) -> Question:
    label = entry.get("id") if isinstance(entry, dict) else None
    place = Place(f"{place} ({label})") if isinstance(label, str) else place
    kind = entry.get("kind") if isinstance(entry, dict) else None
    if not isinstance(kind, str) or kind not in READERS:
        raise place.error(f"its kind is {kind!r}; the kinds are {', '.join(READERS)}")
    return READERS[kind](place, entry, root)


def _common(place: Place, values: dict, root: Path) -> dict:
    common = {key: values[key] for key in ("id", "prompt", "explanation")}
    return {**common, "picture": _picture(place, values["picture"], root) if "picture" in values else None}


def _single(place: Place, entry: object, root: Path) -> SingleChoice:
    values = place.fields(entry, **COMMON, options=list, optional={"picture": dict})
    options = _options(place, values["options"], least=2)
    count = sum(option.correct for option in options)
    if count != 1:
        raise place.error(f"{count} options are marked correct; expected exactly one")
    return SingleChoice(**_common(place, values, root), options=options)


def _multiple(place: Place, entry: object, root: Path) -> MultipleChoice:
    values = place.fields(entry, **COMMON, options=list, optional={"picture": dict})
    options = _options(place, values["options"], least=3)
    if len({option.correct for option in options}) != 2:
        raise place.error("all options are marked alike; expected at least one that is correct and one that is not")
    return MultipleChoice(**_common(place, values, root), options=options)


def _options(place: Place, entries: list, *, least: int) -> tuple[Option, ...]:
    options = tuple(Option(**place.fields(entry, text=str, correct=bool, why=str)) for entry in entries)
    place.check_count("options", len(options), least)
    place.check_unique("option", [option.text for option in options])
    return options


def _number(place: Place, entry: object, root: Path) -> NumberQuestion:
    own = {"answer": float, "tolerance": float, "mistakes": list, "otherwise": str}
    values = place.fields(entry, **COMMON, **own, optional={"picture": dict, "unit": str})
    mistakes = [place.fields(mistake, value=float, why=str) for mistake in values["mistakes"]]
    if not mistakes:
        raise place.error("it has no mistakes; expected at least one typical wrong number, with feedback")
    if values["tolerance"] < 0:
        raise place.error(f"the tolerance is {values['tolerance']}; the least is 0")
    question = NumberQuestion(
        **_common(place, values, root),
        answer=values["answer"],
        tolerance=values["tolerance"],
        unit=values.get("unit", ""),
        mistakes=tuple((mistake["value"], mistake["why"]) for mistake in mistakes),
        otherwise=values["otherwise"],
    )
    for value, _ in question.mistakes:
        if question.judge(value).right:
            raise place.error(
                f"the mistake {value:g} counts as right: it is within {values['tolerance']:g} of the answer"
            )
    place.check_unique("mistake", [value for value, _ in question.mistakes])
    return question


def _order(place: Place, entry: object, root: Path) -> OrderQuestion:
    values = place.fields(entry, **COMMON, items=list, optional={"picture": dict})
    items = tuple(Item(**place.fields(item, text=str, why=str)) for item in values["items"])
    place.check_count("items", len(items), 3)
    place.check_unique("item", [item.text for item in items])
    return OrderQuestion(**_common(place, values, root), items=items)


READERS = {"single": _single, "multiple": _multiple, "number": _number, "order": _order}


def _picture(place: Place, entry: dict, root: Path) -> Picture:
    values = place.fields(entry, file=str, alt=str)
    name, path = values["file"], root / values["file"]
    if Path(name).parts[0] != "figs" or ".." in Path(name).parts or path.suffix != ".png":
        raise place.error(f"the picture is {name!r}; pictures are PNG files in figs/")
    if not path.is_file():
        raise place.error(f"the picture {name!r} does not exist")
    if path.stat().st_size > LARGEST_PICTURE_BYTES:
        raise place.error(f"the picture {name!r} has {path.stat().st_size} bytes; the most is {LARGEST_PICTURE_BYTES}")
    return Picture(path, values["alt"])
